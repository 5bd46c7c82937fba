package share

import (
	"context"
	"encoding/base32"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"alveary"
	"alveary/service/share/hall"
	"alveary/store"
)

// NewLink is a link to be made.
type NewLink struct {
	Node        alveary.NodeID
	Mode        alveary.LinkMode
	Label       string // empty: the name of the node, but for a drop box
	Slug        string // empty: none of its own
	Password    string // empty: none is asked for
	From, Until time.Time
	Downloads   int64 // at most; 0: no bound
	Upload      int64 // bytes of a file at most; 0: no bound
	People      []Ref // who may open it; empty: anyone
	Watermark   bool
	Policies    []alveary.PolicyID // in place of the rights of the mode
}

// LinkChange changes a link; what is nil stays as it is.
type LinkChange struct {
	Mode        *alveary.LinkMode
	Label, Slug *string
	Password    *string    // empty: none is asked for any more
	From, Until *time.Time // zero: not bounded
	Downloads   *int64
	Upload      *int64
	People      *[]Ref
	Watermark   *bool
	Policies    *[]alveary.PolicyID
}

const (
	tokenBytes = 20  // 160 bits
	mostSecret = 256 // characters of a link's password
	mostPeople = 200 // named for a link
)

// letters spell tokens: without capitals, so that an address can be read out.
var letters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func (s *Service) newToken() (string, error) {
	raw := make([]byte, tokenBytes)
	if _, err := io.ReadFull(s.Random, raw); err != nil {
		return "", fmt.Errorf("make the address of a link: %w", err)
	}
	return letters.EncodeToString(raw), nil
}

// hash hashes the password of a link. It takes a moment, so it is done before
// the transaction.
func (s *Service) hash(ctx context.Context, op, password string) (string, error) {
	switch {
	case password == "":
		return "", nil
	case utf8.RuneCountInString(password) > mostSecret:
		return "", hall.At("password", &alveary.Error{Kind: alveary.KindInvalid, Op: op, Code: "weak-password", Message: "the password is too long: it can have at most 256 characters"})
	}
	return s.Hash(ctx, password)
}

// MakeLink makes a public link. The token of its address is told this once.
func (s *Service) MakeLink(ctx context.Context, by alveary.Subject, n NewLink) (out LinkView, token string, err error) {
	const op = "make the link"
	secret := store.CellSecret{}
	if secret.Password, err = s.hash(ctx, op, n.Password); err != nil {
		return out, "", err
	}
	if token, err = s.newToken(); err != nil {
		return out, "", err
	}
	secret.Token = alveary.HashToken(token)
	var c alveary.Cell
	var invited []Invited
	err = s.change(ctx, by, op, func(r *room) error {
		c, invited, err = r.makeLink(&n, secret)
		return err
	})
	if err != nil {
		return out, "", err
	}
	out, err = s.Link(ctx, by, c.ID)
	out.Invited = invited
	return out, token, err
}

func (r *room) makeLink(n *NewLink, secret store.CellSecret) (c alveary.Cell, invited []Invited, err error) {
	line, err := r.Node("node", n.Node)
	if err != nil {
		return c, nil, err
	}
	if err := r.room4(); err != nil {
		return c, nil, err
	}
	c = alveary.Cell{
		Owner: r.By.User.ID, Label: strings.TrimSpace(n.Label), From: n.From, Until: n.Until, Created: r.Now(),
		Slug: n.Slug, Entries: []alveary.Entry{{Node: n.Node, Policies: n.Policies}},
		Link: &alveary.Link{Mode: n.Mode, Password: n.Password != "", MostDownloads: n.Downloads, Watermark: n.Watermark, MostUpload: n.Upload},
	}
	if c.Label == "" {
		c.Label = hall.NameOf(line)
		if n.Mode == alveary.LinkDrop { // its visitors see the label, and nothing of the folder
			c.Label = "Drop box"
		}
	}
	house, err := r.House(line)
	if err != nil {
		return c, nil, err
	}
	t := terms{mode: true, password: n.Password, secret: true, until: true, bounds: true}
	if c.Link.People, invited, err = r.named(&c, &house, n.People); err != nil {
		return c, nil, err
	}
	if err := r.checkLink(&c, line, &house, t); err != nil {
		return c, nil, err
	}
	if c, err = r.Tx.InsertCell(c, secret); err != nil {
		return c, nil, hall.At("slug", err)
	}
	if err := r.OnRecord("share", &c, r.linkInWords(&c)); err != nil {
		return c, nil, err
	}
	return c, invited, r.tellNamed(&c, nil)
}

// named finds whom a link is for.
func (r *room) named(c *alveary.Cell, house *alveary.House, refs []Ref) (roles []alveary.RoleID, invited []Invited, err error) {
	if len(refs) > mostPeople {
		return nil, nil, r.Invalid("people", "too-many", "a link is for at most 200 people, groups and teams")
	}
	for i, ref := range refs {
		field := fmt.Sprintf("people[%d]", i)
		w, err := r.resolve(field, ref)
		if err != nil {
			return nil, nil, err
		}
		if w.label.External && !house.External {
			return nil, nil, r.Denied(field, "house-rule", hall.TermText("external"))
		}
		one, err := r.invite(field, &w)
		if err != nil {
			return nil, nil, err
		}
		if one != nil {
			invited = append(invited, *one)
		}
		if slices.Contains(roles, w.role) || w.label.User != 0 && w.label.User == c.Owner {
			return nil, nil, r.Conflict(field, "twice", w.label.Text+" is named twice, or owns the link")
		}
		roles = append(roles, w.role)
	}
	return roles, invited, nil
}

// terms are the parts of a link that are new and so are to be checked. What was
// good when it was made is not asked about again when something else changes.
type terms struct {
	mode     bool   // what it gives
	password string // the new one
	secret   bool   // password, slug or people
	until    bool
	bounds   bool
}

// checkLink refuses what a link cannot be, by itself and under the house rules,
// and what its maker does not hold.
func (r *room) checkLink(c *alveary.Cell, line alveary.Lineage, house *alveary.House, t terms) error {
	if err := r.checkDates(c, house, t); err != nil {
		return err
	}
	if t.mode {
		if err := r.checkMode(c, line, house); err != nil {
			return err
		}
	}
	if t.secret {
		if err := r.checkSecret(c, house, t.password); err != nil {
			return err
		}
	}
	if t.bounds {
		l := c.Link
		switch {
		case l.MostDownloads < 0 || l.MostUpload < 0:
			return r.Invalid("downloads", "invalid", "a bound is a number of 1 or more; leave it out for none")
		case house.Downloads > 0 && l.MostDownloads > house.Downloads:
			return r.Invalid("downloads", "too-many", fmt.Sprintf("%s: at most %d", hall.TermText("downloads"), house.Downloads))
		case house.Upload > 0 && l.MostUpload > house.Upload:
			return r.Invalid("upload", "too-large", fmt.Sprintf("%s: at most %d bytes for a file", hall.TermText("upload"), house.Upload))
		}
	}
	return nil
}

func (r *room) checkDates(c *alveary.Cell, house *alveary.House, t terms) error {
	dated := *c
	if !t.until {
		dated.Until = time.Time{}
	}
	if err := r.checkCell(&dated); err != nil {
		return err
	}
	if house.Days > 0 && dated.Until.After(c.Created.AddDate(0, 0, int(house.Days))) {
		return r.Invalid("until", "too-long", fmt.Sprintf("%s: at most %d days from when it is made", hall.TermText("days"), house.Days))
	}
	return nil
}

// needs are the rights without which a link of the mode would be for nothing.
func needs(mode alveary.LinkMode) alveary.Rights {
	switch mode {
	case alveary.LinkRead, alveary.LinkPreview, alveary.LinkDownload:
		return mode.Gives().With(alveary.ActionDownload)
	case alveary.LinkDrop:
		return mode.Gives().With(alveary.ActionUpload)
	case alveary.LinkEdit:
	}
	return mode.Gives()
}

func (r *room) checkMode(c *alveary.Cell, line alveary.Lineage, house *alveary.House) error {
	mode := c.Link.Mode
	if !mode.Valid() {
		return r.Invalid("mode", "invalid", "a link is for read, preview, download, drop or edit")
	}
	folder := line.Node().IsFolder()
	term, allowed := "fileLinks", house.FileLinks
	if folder {
		term, allowed = "folderLinks", house.FolderLinks
	} else if mode == alveary.LinkDrop {
		return r.Invalid("mode", "invalid", "files are dropped into a folder, and this is a file")
	}
	if err := r.MayShare("node", line, house, term, allowed); err != nil {
		return err
	}
	e := &c.Entries[0]
	for i, id := range e.Policies {
		if slices.Contains(e.Policies[:i], id) || len(e.Policies) > mostPolicies {
			return r.Invalid("policies", "twice", "at most 20 policies, each once")
		}
	}
	if e.Rights = mode.Gives(); len(e.Policies) > 0 {
		e.Rights = 0
	}
	return r.mayHand("mode", c, line, needs(mode), e.Policies, time.Time{}, house)
}

func (r *room) checkSecret(c *alveary.Cell, house *alveary.House, password string) error {
	open := !c.Link.Password && len(c.Link.People) == 0
	switch {
	case c.Slug != "" && !isSlug(c.Slug, 8):
		return r.Invalid("slug", "slug", "an address of your own has 8 to 64 small letters a to z, digits and -")
	case open && house.Password:
		return r.Invalid("password", "password-needed", hall.TermText("password"))
	case open && c.Slug != "" && !house.Slugs:
		return r.Invalid("password", "password-needed", "an address that can be guessed needs a password, or named people")
	case password == "":
		return nil
	case int64(utf8.RuneCountInString(password)) < house.Characters:
		return r.Invalid("password", "weak-password", fmt.Sprintf("the password is too short: it needs at least %d characters", house.Characters))
	}
	rules, err := r.Tx.SignInRules()
	if err != nil {
		return err
	}
	rules.MinPassword = int(house.Characters)
	return hall.At("password", r.service.Strength(rules, password, c.Label, c.Slug, r.By.User.Login, r.By.User.Name, r.By.User.Email))
}

// ChangeLink changes a link. An administrator may only let it end earlier.
func (s *Service) ChangeLink(ctx context.Context, by alveary.Subject, id alveary.CellID, ch LinkChange) (out LinkView, err error) {
	const op = "change the link"
	hash := ""
	if ch.Password != nil {
		if hash, err = s.hash(ctx, op, *ch.Password); err != nil {
			return out, err
		}
	}
	var invited []Invited
	err = s.change(ctx, by, op, func(r *room) error {
		c, err := r.FindLink(id)
		if err != nil {
			return err
		}
		only := LinkChange{Until: ch.Until}
		if err := r.Manages(c, ch.Until != nil && ch == only); err != nil {
			return err
		}
		invited, err = r.changeLink(c, &ch, hash)
		return err
	})
	if err != nil {
		return out, err
	}
	out, err = s.Link(ctx, by, id)
	out.Invited = invited
	return out, err
}

func (r *room) changeLink(c *alveary.Cell, ch *LinkChange, hash string) (invited []Invited, err error) {
	was, before := *c, slices.Clone(c.Link.People)
	l := c.Link
	var did changed
	set(&did, "name", &c.Label, ch.Label)
	set(&did, "address", &c.Slug, ch.Slug)
	set(&did, "from", &c.From, ch.From)
	set(&did, "until", &c.Until, ch.Until)
	set(&did, "mode", &l.Mode, ch.Mode)
	set(&did, "downloads", &l.MostDownloads, ch.Downloads)
	set(&did, "upload", &l.MostUpload, ch.Upload)
	set(&did, "watermark", &l.Watermark, ch.Watermark)
	t := terms{
		mode: ch.Mode != nil || ch.Policies != nil, secret: ch.Slug != nil || ch.Password != nil || ch.People != nil,
		until: ch.Until != nil, bounds: ch.Downloads != nil || ch.Upload != nil,
	}
	if err := r.mayProlong(&was, c); err != nil {
		return nil, err
	}
	if len(c.Entries) == 0 {
		return nil, r.NoCell()
	}
	if c.Owner != r.By.User.ID { // an administrator, who lets it end
		t = terms{until: true}
	}
	line, err := r.Tx.Lineage(c.Entries[0].Node)
	if err != nil {
		return nil, err
	}
	if t.mode {
		if line, err = r.Node("node", c.Entries[0].Node); err != nil {
			return nil, err
		}
	}
	house, err := r.House(line)
	if err != nil {
		return nil, err
	}
	if ch.Policies != nil {
		c.Entries[0].Policies = *ch.Policies
		did = append(did, fmt.Sprintf("policies %v", *ch.Policies))
	}
	if ch.People != nil {
		if l.People, invited, err = r.named(c, &house, *ch.People); err != nil {
			return nil, err
		}
		did = append(did, "people: "+r.PeopleInWords(l.People))
	}
	if ch.Password != nil {
		l.Password, t.password = *ch.Password != "", *ch.Password
		did = append(did, fmt.Sprintf("password: %t", l.Password))
	}
	if err := r.checkLink(c, line, &house, t); err != nil {
		return nil, err
	}
	if err := r.putLink(c, ch, hash, t, c.Slug != "" && c.Slug != was.Slug); err != nil {
		return nil, err
	}
	if err := r.changedCell(c, did); err != nil {
		return nil, err
	}
	return invited, r.tellNamed(c, before)
}

// putLink keeps a link. One that is chosen an address for has no other from then
// on: a secret one that went astray would open it for ever, and nobody would
// think of it.
func (r *room) putLink(c *alveary.Cell, ch *LinkChange, hash string, t terms, chosen bool) error {
	if err := r.Tx.UpdateCell(*c); err != nil {
		return hall.At("slug", err)
	}
	if t.mode {
		if err := r.putEntries(c); err != nil {
			return err
		}
	}
	if ch.Password == nil && !chosen {
		return nil
	}
	secret, err := r.Tx.CellSecret(c.ID)
	if err != nil {
		return err
	}
	if ch.Password != nil {
		secret.Password = hash
	}
	if chosen {
		token, err := r.service.newToken()
		if err != nil {
			return err
		}
		secret.Token = alveary.HashToken(token)
	}
	return r.Tx.SetCellSecret(c.ID, secret)
}

// NewAddress gives a link another token; the old one opens nothing any more, nor
// does what was opened with it. An address that was chosen stays.
func (s *Service) NewAddress(ctx context.Context, by alveary.Subject, id alveary.CellID) (token string, err error) {
	if token, err = s.newToken(); err != nil {
		return "", err
	}
	return token, s.change(ctx, by, "give the link a new address", func(r *room) error {
		c, err := r.FindLink(id)
		if err != nil {
			return err
		}
		if err := r.Manages(c, false); err != nil {
			return err
		}
		secret, err := r.Tx.CellSecret(id)
		if err != nil {
			return err
		}
		secret.Token = alveary.HashToken(token)
		if err := r.Tx.SetCellSecret(id, secret); err != nil {
			return err
		}
		if _, err := r.Tx.AnswerReview(id, "changed", s.Now()); err != nil {
			return err
		}
		return r.OnRecord("new-address", c, "")
	})
}

// linkInWords is a link for the audit log.
func (r *room) linkInWords(c *alveary.Cell) string {
	l := c.Link
	words := changed{"mode " + string(l.Mode), r.InWords(c.Entries), fmt.Sprintf("password: %t", l.Password)}
	if len(l.People) > 0 {
		words = append(words, "for "+r.PeopleInWords(l.People))
	}
	if c.Slug != "" {
		words = append(words, "address "+c.Slug)
	}
	if !c.Until.IsZero() {
		words = append(words, fmt.Sprintf("until %v", hall.Worded(c.Until)))
	}
	if l.MostDownloads > 0 {
		words = append(words, fmt.Sprintf("at most %d downloads", l.MostDownloads))
	}
	return words.String()
}
