package notice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"alveary"
	"alveary/store"
)

const (
	day      = 24 * time.Hour
	early    = 7 * day // before an end, owner and managers are reminded,
	late     = day     // and once more, of a Cell its members too
	lookTime = 10 * time.Minute
	perWrite = 100
	mostTold = 200 // members of one role who are told of an end
)

// looked is what the service knows between two rounds. It saves looking again
// at what has not changed; what must not be done twice is in the database.
type looked struct {
	forgot  time.Time
	version int64 // of the access data, when Cells were looked at
	at      time.Time
	ends    []ending
	done    map[string]bool // keys of reminders that were given
	stopped map[stop]bool   // what owners were told of
}

// stop is a Cell or link with the term of the house rules that stops it.
type stop struct {
	cell alveary.CellID
	term string
}

// ending is a Cell or link that ends.
type ending struct {
	cell    alveary.CellID
	created time.Time
	end     time.Time
	own     bool // the end that it was given; else one by house rules
}

// reminder is one that is due.
type reminder struct {
	ending
	late bool
}

// key names the reminder for good.
func (r *reminder) key() string {
	return fmt.Sprintf("reminder of %s %d %t", r.cell, r.end.UnixMicro(), r.late)
}

// remind tells of ends that come near and of what house rules stop.
func (s *Service) remind(ctx context.Context) error {
	now := s.Now()
	version, err := s.Store.AccessVersion(ctx)
	if err != nil {
		return err
	}
	var failed error
	if l := &s.looked; l.version != version || l.at.IsZero() || !now.Before(l.at.Add(lookTime)) || now.Before(l.at) {
		// Times count as well as what was changed: house rules bound lives.
		var void []stop
		if l.ends, void, err = s.look(ctx, now); err != nil {
			return err
		}
		if failed = s.tellStopped(ctx, void, now); failed == nil {
			l.version, l.at = version, now
		}
	}
	return errors.Join(failed, s.tellEndings(ctx, now))
}

// look finds what ends and what house rules stop.
func (s *Service) look(ctx context.Context, now time.Time) (ends []ending, void []stop, err error) {
	err = s.Store.Read(ctx, func(tx *store.Tx) error {
		cells, owners, err := tx.Shared(ctx)
		if err != nil {
			return err
		}
		rules, err := tx.HouseRules()
		if err != nil {
			return err
		}
		bounded := slices.ContainsFunc(rules, func(r alveary.HouseRule) bool { return r.Terms.Days != nil && *r.Terms.Days > 0 })
		var asked []alveary.CellID
		var nodes []alveary.NodeID
		for i := range cells {
			c := &cells[i]
			if !c.Until.IsZero() && !now.Before(c.Until) {
				continue
			}
			// Without any rule only addresses of one's own choosing are bounded.
			if len(rules) > 0 || c.Link != nil && c.Slug != "" {
				asked = append(asked, c.ID)
				nodes = append(nodes, c.Nodes()...)
			}
			if !c.Until.IsZero() {
				ends = append(ends, ending{c.ID, c.Created, c.Until, true})
			}
		}
		lines, err := tx.Lineages(nodes)
		if err != nil {
			return err
		}
		states, err := s.Gate.LiveAll(ctx, tx, asked, lineIn(lines))
		if err != nil {
			return err
		}
		for _, id := range asked {
			if is := states[id]; is.Void != "" && is.Owner == "" {
				void = append(void, stop{id, is.Void})
			}
		}
		if bounded {
			ends, err = s.houseEnds(ctx, tx, cells, owners, lines, now)
		}
		return err
	})
	return ends, void, err
}

// lineIn finds ways among those that were looked up.
func lineIn(lines map[alveary.NodeID]alveary.Lineage) func(alveary.NodeID) (alveary.Lineage, error) {
	return func(id alveary.NodeID) (alveary.Lineage, error) {
		if line := lines[id]; line != nil {
			return line, nil
		}
		return nil, &alveary.Error{Kind: alveary.KindNotFound, Op: "find the node", Code: "not-found", Message: "there is no such node"}
	}
}

// houseEnds finds what ends where house rules bound the life of links.
func (s *Service) houseEnds(ctx context.Context, tx *store.Tx, cells []alveary.Cell, owners []alveary.Subject, lines map[alveary.NodeID]alveary.Lineage, now time.Time) (ends []ending, err error) {
	byID := make(map[alveary.UserID]*alveary.Subject, len(owners))
	for i := range owners {
		byID[owners[i].User.ID] = &owners[i]
	}
	for i := range cells {
		c := &cells[i]
		end := c.Until
		owner, nodes := byID[c.Owner], c.Nodes()
		if c.Link != nil && owner != nil && len(nodes) > 0 && lines[nodes[0]] != nil {
			house, err := s.Gate.House(ctx, tx, *owner, lines[nodes[0]])
			if err != nil {
				return nil, err
			}
			end = house.Ends(c)
		}
		if now.Before(end) {
			ends = append(ends, ending{c.ID, c.Created, end, end.Equal(c.Until)})
		}
	}
	return ends, nil
}

// tellEndings reminds of what ends soon.
func (s *Service) tellEndings(ctx context.Context, now time.Time) error {
	var due []reminder
	done := map[string]bool{}
	for _, e := range s.looked.ends {
		r := reminder{e, !now.Before(e.end.Add(-late))}
		begins := e.end.Add(-early)
		if r.late {
			begins = e.end.Add(-late)
		}
		// Who makes what lasts less than that knows when it ends.
		if now.Before(begins) || !now.Before(e.end) || e.created.After(begins) {
			continue
		}
		if s.looked.done[r.key()] {
			done[r.key()] = true
			continue
		}
		due = append(due, r)
	}
	s.looked.done = done
	for part := range slices.Chunk(due, perWrite) {
		if err := s.Store.Write(ctx, func(tx *store.Tx) error {
			for i := range part {
				if err := s.tellEnding(tx, &part[i], now); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
		for i := range part {
			done[part[i].key()] = true
		}
	}
	return nil
}

// tellEnding reminds of one end, once.
func (s *Service) tellEnding(tx *store.Tx, r *reminder, now time.Time) error {
	c, err := tx.Cell(r.cell)
	if alveary.IsKind(err, alveary.KindNotFound) || err == nil && r.own && !c.Until.Equal(r.end) {
		return nil // it ended or was changed meanwhile
	}
	if err != nil {
		return err
	}
	if first, err := tx.Spend(r.key(), r.end.Add(day)); err != nil || !first {
		return err
	}
	people := append([]alveary.UserID{c.Owner}, c.Managers...)
	if r.late && c.Link == nil {
		for i := range c.Entries {
			e := &c.Entries[i]
			if !gives(e, now) {
				continue
			}
			members, err := tx.Holders(e.Role, mostTold)
			if err != nil {
				return err
			}
			people = append(people, members...)
		}
	}
	slices.Sort(people)
	for _, user := range slices.Compact(people) {
		n := alveary.Notice{User: user, Kind: alveary.NoticeEnding, Cell: c.ID, Text: r.end.UTC().Format(time.RFC3339)}
		if _, err := tx.Notify(n); err != nil {
			return err
		}
	}
	return nil
}

// tellStopped tells the owners of what house rules stop, of each term once.
func (s *Service) tellStopped(ctx context.Context, void []stop, now time.Time) error {
	told := make(map[stop]bool, len(void))
	var due []alveary.CellID
	for _, v := range void {
		if s.looked.stopped[v] {
			told[v] = true
		} else {
			due = append(due, v.cell)
		}
	}
	s.looked.stopped = told
	for part := range slices.Chunk(due, perWrite) {
		var did []stop
		if err := s.Store.Write(ctx, func(tx *store.Tx) (err error) {
			did, err = s.tellVoid(ctx, tx, part, now)
			return err
		}); err != nil {
			return err
		}
		for _, v := range did {
			told[v] = true
		}
	}
	return nil
}

// tellVoid tells the owners of those of some Cells that are stopped at this
// very moment.
func (s *Service) tellVoid(ctx context.Context, tx *store.Tx, cells []alveary.CellID, now time.Time) (did []stop, err error) {
	states, err := s.Gate.LiveAll(ctx, tx, cells, tx.Lineage)
	if err != nil {
		return nil, err
	}
	for _, id := range cells {
		is, there := states[id]
		if !there || is.Void == "" || is.Owner != "" {
			continue
		}
		did = append(did, stop{id, is.Void})
		first, err := tx.Spend(fmt.Sprintf("stopped %s by %s", id, is.Void), now.AddDate(100, 0, 0))
		if err != nil {
			return nil, err
		}
		if !first {
			continue
		}
		c, err := tx.Cell(id)
		if err != nil {
			return nil, err
		}
		if _, err := tx.Notify(alveary.Notice{User: c.Owner, Kind: alveary.NoticeStopped, Cell: id, Text: is.Void}); err != nil {
			return nil, err
		}
	}
	return did, nil
}
