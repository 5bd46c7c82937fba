package visit

import (
	"context"
	"time"

	"alveary"
	"alveary/store"
)

// known is a link as it was read at one version of the access data. It never
// changes. What the tree has to do with it is believed for a second; what
// rests on it beyond that, a claim, reads it anew.
type known struct {
	version         int64
	at              time.Time // when the tree was read
	state           int64     // of the store before that; below zero: not known
	cell            alveary.Cell
	token, password string // hashes
	owner           alveary.Subject
	stamp           alveary.Stamp // what a pass is made for
	line            alveary.Lineage
	house           alveary.House
	downloads       int64 // counted so far, where they are bounded
}

// believed is for how long what was read of the tree is.
const believed = time.Second

// find gives a link from memory where nothing changed since it was read; version
// is that of the access data as of now.
func (s *Service) find(ctx context.Context, id alveary.CellID, version int64) (*known, error) {
	have, ok := s.links.Get(id)
	now := s.now()
	if ok && have.version == version && !now.Before(have.at) && now.Sub(have.at) < believed {
		return have, nil
	}
	return s.read(ctx, id)
}

// current says whether nothing whatever was changed since a link was read.
func (s *Service) current(k *known) bool {
	state, settled := s.store.State()
	return settled && state == k.state
}

// read reads a link, whatever is known.
func (s *Service) read(ctx context.Context, id alveary.CellID) (k *known, err error) {
	state, settled := s.store.State()
	if err := s.store.Read(ctx, func(tx *store.Tx) error {
		k, err = s.load(ctx, tx, id)
		return err
	}); err != nil {
		return nil, err
	}
	if settled {
		k.state = state
	}
	s.links.Add(id, k)
	return k, nil
}

// load reads a link as a transaction sees it: gone where it gives nothing to
// anybody, but for what the time says, which alive does.
func (s *Service) load(ctx context.Context, tx *store.Tx, id alveary.CellID) (*known, error) {
	version, err := tx.AccessVersion(ctx)
	if err != nil {
		return nil, err
	}
	k := &known{version: version}
	if have, ok := s.links.Get(id); ok && have.version == version {
		*k = *have
	} else if err := k.loadLink(tx, id); err != nil {
		return nil, orGone(err)
	}
	k.at, k.state = s.now(), -1
	if k.line, err = tx.Lineage(k.cell.Entries[0].Node); err != nil {
		return nil, orGone(err)
	}
	if k.line.InBin() {
		return nil, gone()
	}
	if k.house, err = s.gate.House(ctx, tx, k.owner, k.line); err != nil {
		return nil, err
	}
	if k.most() > 0 {
		uses, err := tx.CellUses([]alveary.CellID{id})
		if err != nil {
			return nil, err
		}
		k.downloads = uses[id].Downloads
	}
	return k, nil
}

// loadLink reads what changes with the version of the access data alone.
func (k *known) loadLink(tx *store.Tx, id alveary.CellID) (err error) {
	if k.cell, err = tx.Cell(id); err != nil {
		return err
	}
	if k.cell.Link == nil || len(k.cell.Entries) == 0 {
		return gone()
	}
	secret, err := tx.CellSecret(id)
	if err != nil {
		return err
	}
	k.token, k.password = secret.Token, secret.Password
	k.stamp = k.cell.Stamp(secret.Token, secret.Password)
	if k.owner, err = tx.Subject(k.cell.Owner); err == nil && !k.owner.Known() {
		return gone()
	}
	return err
}

func orGone(err error) error {
	if alveary.IsKind(err, alveary.KindNotFound) {
		return gone()
	}
	return err
}

// alive says whether the link gives something at an instant, as far as its own
// dates and the house rules tell.
func (k *known) alive(now time.Time) bool {
	return k.cell.In(now) && k.house.Void(&k.cell, k.cell.Entries[0].Node, k.line.Node().IsFolder(), now) == ""
}

// most is the bound of its downloads; 0: none.
func (k *known) most() int64 { return k.house.MostDownloads(k.cell.Link) }

// left is how many downloads are left; -1: they are not bounded.
func (k *known) left() int64 {
	if most := k.most(); most > 0 {
		return max(0, most-k.downloads)
	}
	return -1
}

// name is what an address says: the hash of a token, or a slug.
type name struct{ token, slug string }

// address is where a name leads, at one version of the access data.
type address struct {
	version int64
	link    alveary.CellID
}

// lookUp finds the link that an address names.
func (s *Service) lookUp(ctx context.Context, text string) (*known, error) {
	version, err := s.store.AccessVersion(ctx)
	if err != nil {
		return nil, err
	}
	for _, n := range []name{{token: alveary.HashToken(text)}, {slug: text}} {
		if at, ok := s.names.Get(n); ok && at.version == version {
			return s.find(ctx, at.link, version)
		}
	}
	var n name
	var at address
	if err := s.store.Read(ctx, func(tx *store.Tx) error {
		if at.version, err = tx.AccessVersion(ctx); err != nil {
			return err
		}
		n = name{token: alveary.HashToken(text)}
		if at.link, err = tx.LinkByToken(n.token); alveary.IsKind(err, alveary.KindNotFound) && isSlug(text) {
			n = name{slug: text}
			at.link, err = tx.LinkBySlug(text)
		}
		return orGone(err)
	}); err != nil {
		return nil, err
	}
	s.names.Add(n, at)
	return s.find(ctx, at.link, at.version)
}
