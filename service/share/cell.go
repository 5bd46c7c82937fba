package share

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"alveary"
	"alveary/authz"
	"alveary/service/share/hall"
)

// NewCell is a Cell to be made.
type NewCell struct {
	Label       string
	Description string
	Nodes       []alveary.NodeID
	Folder      string // where Nodes is empty: of the folder to make in My files; empty: the label
	Gives       []Give
	From, Until time.Time
	Discreet    bool // members do not see who else is in it
}

// CellChange changes a Cell; what is nil stays as it is.
type CellChange struct {
	Label, Description, Slug *string
	From, Until              *time.Time // zero: not bounded
	Discreet                 *bool
	Nodes                    *[]alveary.NodeID
}

// The bounds of what one may share.
const (
	mostLabel       = 200  // characters
	mostDescription = 4000 // characters
	mostNodes       = 200
	mostMembers     = 1000
	mostEntries     = 10_000 // of a Cell: each is looked at alone, and nobody else writes meanwhile
	mostShares      = 5000   // Cells and links of one user
)

// MakeCell shares nodes in a Cell. Whom it names by an address without an
// account is invited.
func (s *Service) MakeCell(ctx context.Context, by alveary.Subject, n NewCell) (out CellView, invited []Invited, err error) {
	var c alveary.Cell
	err = s.change(ctx, by, "share this", func(r *room) error {
		c, invited, err = r.makeCell(&n)
		by = r.By // with his own folder, where it was made
		return err
	})
	if err != nil {
		return out, nil, err
	}
	out, err = s.Cell(ctx, by, c.ID)
	return out, invited, err
}

func (r *room) makeCell(n *NewCell) (c alveary.Cell, invited []Invited, err error) {
	c = alveary.Cell{
		Owner: r.By.User.ID, Label: strings.TrimSpace(n.Label), Description: strings.TrimSpace(n.Description), From: n.From, Until: n.Until, Discreet: n.Discreet,
	}
	if err := r.checkCell(&c); err != nil {
		return c, nil, err
	}
	if err := r.room4(); err != nil {
		return c, nil, err
	}
	nodes := n.Nodes
	if len(nodes) == 0 {
		line, err := r.makeFolder(n.Folder, c.Label)
		if err != nil {
			return c, nil, err
		}
		nodes = []alveary.NodeID{line.Node().ID}
	}
	if err := r.setNodes(&c, nodes); err != nil {
		return c, nil, err
	}
	if invited, err = r.add(&c, "members", n.Gives); err != nil {
		return c, nil, err
	}
	if c.Slug, err = r.freeSlug(c.Label); err != nil {
		return c, nil, err
	}
	if c, err = r.Tx.InsertCell(c, noSecret); err != nil {
		return c, nil, err
	}
	if err := r.OnRecord("share", &c, r.InWords(c.Entries)); err != nil {
		return c, nil, err
	}
	return c, invited, r.tellMembers(&c, c.Entries)
}

// checkCell refuses what a Cell or link cannot be called, and dates that make
// no sense.
func (r *room) checkCell(c *alveary.Cell) error {
	switch {
	case c.Label == "" && c.Link == nil:
		return r.Invalid("label", "invalid", "a name is what people read: give one")
	case !c.Until.IsZero() && !c.Until.After(r.Now()):
		return r.Invalid("until", "past", "this end has passed already")
	case !c.Until.IsZero() && !c.From.Before(c.Until):
		return r.Invalid("until", "invalid", "the end comes before the beginning")
	}
	if err := alveary.CheckLine("the name", c.Label, mostLabel); err != nil {
		return r.Invalid("label", "invalid", hall.MessageOf(err))
	}
	for line := range strings.SplitSeq(c.Description, "\n") {
		if err := alveary.CheckLine("the description", strings.TrimSuffix(line, "\r"), mostDescription); err != nil {
			return r.Invalid("description", "invalid", hall.MessageOf(err))
		}
	}
	if len(c.Description) > 4*mostDescription {
		return r.Invalid("description", "invalid", "the description is too long: it can have at most 4,000 characters")
	}
	return nil
}

// fewEnough refuses more entries than one Cell can have.
func (r *room) fewEnough(field string, c *alveary.Cell, more int) error {
	if len(c.Entries)+more <= mostEntries {
		return nil
	}
	return r.Invalid(field, "too-many", "a Cell has room for 10,000 places of a member in a file or folder: make a group or a team, or share the folder above")
}

// room4 refuses whoever has shared too much already.
func (r *room) room4() error {
	cells, links, err := r.Tx.CountCells(r.By.User.ID)
	if err == nil && cells+links >= mostShares {
		err = r.Conflict("", "too-many", "you have 5,000 shares already: end one first")
	}
	return err
}

// makeFolder makes the folder of a Cell that starts empty, in My files.
func (r *room) makeFolder(name, otherwise string) (alveary.Lineage, error) {
	if name = strings.TrimSpace(name); name == "" {
		name = strings.Map(func(c rune) rune {
			if c == '/' || c == '\\' {
				return '-'
			}
			return c
		}, otherwise)
	}
	if err := alveary.CheckName(name); err != nil {
		return nil, r.Invalid("folder", "invalid", hall.MessageOf(err))
	}
	home, err := r.home()
	if err != nil {
		return nil, err
	}
	if err := r.AdmitFolder(home, authz.Edit); err != nil {
		return nil, err
	}
	if _, err := r.Tx.Child(home.Node().ID, name); err == nil {
		if name, err = r.Tx.FreeName(home.Node().ID, name); err != nil {
			return nil, err
		}
	} else if !alveary.IsKind(err, alveary.KindNotFound) {
		return nil, err
	}
	made := alveary.Node{Name: name, Type: alveary.Collection, Owner: r.By.Makes()}
	if err := r.CheckNew(authz.Edit, home, made); err != nil {
		return nil, err
	}
	if made, err = r.Tx.Insert(home, made); err != nil {
		return nil, err
	}
	line := home.Child(made)
	return line, r.record("make-folder", line, "")
}

// home is the asker's own folder, which is made on first use.
func (r *room) home() (alveary.Lineage, error) {
	if id := r.By.Homes[alveary.TemplateMyFiles]; id != 0 {
		return r.Tx.Lineage(id)
	}
	if !r.Access.HoldsTemplate(alveary.TemplateMyFiles) {
		return nil, r.Denied("folder", "not-held", "you have no folder of your own to begin with: choose something that is there")
	}
	line, err := r.Tx.MakeHome(r.By.User, alveary.TemplateMyFiles)
	if err != nil {
		return nil, err
	}
	if err := r.record("make-home", line, ""); err != nil {
		return nil, err
	}
	r.By.Homes = map[alveary.TemplateID]alveary.NodeID{alveary.TemplateMyFiles: line.Node().ID}
	r.Access, err = r.Gate.Bind(r.Ctx, r.Tx, r.By)
	return line, err
}

// ownRole is the role by whose entries a Cell keeps its nodes.
func (r *room) ownRole(c *alveary.Cell) (alveary.RoleID, error) {
	if c.Owner == r.By.User.ID {
		return r.By.Role, nil
	}
	owner, err := r.Tx.Subject(c.Owner)
	return owner.Role, err
}

// setNodes makes the nodes of a Cell those given. Members that have the same on
// all of its nodes have it on those that come to it.
func (r *room) setNodes(c *alveary.Cell, nodes []alveary.NodeID) error {
	if len(nodes) == 0 || len(nodes) > mostNodes {
		return r.Invalid("nodes", "invalid", "choose 1 to 200 files and folders")
	}
	own, err := r.ownRole(c)
	if err != nil {
		return err
	}
	was := c.Nodes()
	members := r.Members(c)
	for _, gone := range was {
		if slices.Contains(nodes, gone) {
			continue
		}
		taken := hall.EntriesWhere(c, func(e *alveary.Entry) bool { return e.Node == gone })
		if err := r.mayTake("nodes", c, taken); err != nil {
			return err
		}
		c.Entries = slices.DeleteFunc(c.Entries, func(e alveary.Entry) bool { return e.Node == gone })
	}
	for i, id := range nodes {
		field := fmt.Sprintf("nodes[%d]", i)
		if slices.Contains(nodes[:i], id) {
			return r.Conflict(field, "twice", "the same file or folder is there twice")
		}
		if slices.Contains(was, id) {
			continue
		}
		line, err := r.node(field, id)
		if err != nil {
			return err
		}
		house, err := r.houseAt(line)
		if err != nil {
			return err
		}
		if err := r.MayShare(field, line, house, "cells", house.Cells); err != nil {
			return err
		}
		if err := r.fewEnough(field, c, 1+len(members)); err != nil {
			return err
		}
		c.Entries = append(c.Entries, alveary.Entry{Role: own, Node: id})
		for _, m := range members {
			if m.Node != 0 {
				continue
			}
			one, err := r.LabelOf(m.Role)
			if err != nil {
				return err
			}
			g := Give{Rights: m.Rights, Policies: m.Policies, Expires: m.Expires}
			if err := r.mayGive(field, c, line, &g, &who{role: m.Role, label: one}); err != nil {
				return err
			}
			c.Entries = append(c.Entries, alveary.Entry{Role: m.Role, Node: id, Rights: m.Rights, Policies: m.Policies, Expires: m.Expires})
		}
	}
	return nil
}

// ChangeCell changes what a Cell is called, how long it lasts, what is in it.
// An administrator who has no part in it may only let it end earlier.
func (s *Service) ChangeCell(ctx context.Context, by alveary.Subject, id alveary.CellID, ch CellChange) (out CellView, err error) {
	err = s.change(ctx, by, "change the Cell", func(r *room) error {
		c, err := r.FindCell(id)
		if err != nil {
			return err
		}
		if err := r.Manages(c, ch.Until != nil && ch.onlyUntil()); err != nil {
			return err
		}
		return r.changeCell(c, &ch)
	})
	if err != nil {
		return out, err
	}
	return s.Cell(ctx, by, id)
}

func (ch *CellChange) onlyUntil() bool {
	return ch.Label == nil && ch.Description == nil && ch.Slug == nil && ch.From == nil && ch.Discreet == nil && ch.Nodes == nil
}

func (r *room) changeCell(c *alveary.Cell, ch *CellChange) error {
	was := *c
	var did changed
	set(&did, "name", &c.Label, ch.Label)
	set(&did, "description", &c.Description, ch.Description)
	set(&did, "slug", &c.Slug, ch.Slug)
	set(&did, "from", &c.From, ch.From)
	set(&did, "until", &c.Until, ch.Until)
	set(&did, "discreet", &c.Discreet, ch.Discreet)
	if ch.Until == nil {
		c.Until = time.Time{} // one that has passed is no reason to refuse another name
	}
	if err := r.checkCell(c); err != nil {
		return err
	}
	if ch.Until == nil {
		c.Until = was.Until
	}
	if ch.Slug != nil && !isSlug(c.Slug, 2) {
		return r.Invalid("slug", "slug", "an address has 2 to 64 small letters a to z, digits and -")
	}
	if err := r.mayProlong(&was, c); err != nil {
		return err
	}
	if err := r.Tx.UpdateCell(*c); err != nil {
		return hall.At("slug", err)
	}
	if ch.Nodes != nil {
		if err := r.setNodes(c, *ch.Nodes); err != nil {
			return err
		}
		did = append(did, "nodes: "+r.InWords(c.Entries))
		if err := r.putEntries(c); err != nil {
			return err
		}
	}
	return r.changedCell(c, did)
}

// mayProlong refuses whoever manages what is another's to let it last longer
// than he holds it himself, and administrators to let it last longer at all.
func (r *room) mayProlong(was, c *alveary.Cell) error {
	later := !was.Until.IsZero() && (c.Until.IsZero() || c.Until.After(was.Until))
	if c.Owner == r.By.User.ID || !later && !c.From.Before(was.From) {
		return nil
	}
	if !c.Manages(r.By.User.ID) {
		return r.Denied("until", "not-held", "only its owner and its managers may let it last longer")
	}
	for i := range c.Entries {
		e := &c.Entries[i]
		rights := e.Rights
		if len(e.Policies) > 0 {
			rights = alveary.Givable
		}
		line, err := r.Tx.Lineage(e.Node)
		if alveary.IsKind(err, alveary.KindNotFound) || hall.IsAnchor(e) {
			continue
		}
		if err != nil {
			return err
		}
		if err := r.surely("until", c, line, rights, e.Expires); err != nil {
			return err
		}
	}
	return nil
}

// changedCell puts a change on record; it answers a review as well.
func (r *room) changedCell(c *alveary.Cell, did changed) error {
	if len(did) == 0 {
		return nil
	}
	if c.Manages(r.By.User.ID) {
		if _, err := r.Tx.AnswerReview(c.ID, "changed", r.Now()); err != nil {
			return err
		}
	}
	return r.OnRecord("change-share", c, did.String())
}

func (r *room) putEntries(c *alveary.Cell) (err error) {
	c.Entries, err = r.Tx.SetCellEntries(c.ID, c.Entries)
	return err
}

// End ends a Cell or link. What is done with it is forgotten; what is on record
// stays.
func (s *Service) End(ctx context.Context, by alveary.Subject, id alveary.CellID) error {
	return s.change(ctx, by, "end the share", func(r *room) error {
		c, err := r.FindCell(id)
		if err != nil {
			return err
		}
		return r.end(c)
	})
}

func (r *room) end(c *alveary.Cell) error {
	if c.Owner != r.By.User.ID && !r.Administers() {
		return r.Denied("", "not-yours", "only its owner may end it; you can leave it")
	}
	if err := r.Tx.DeleteCell(c.ID); err != nil {
		return err
	}
	return r.OnRecord("end-share", c, r.InWords(c.Entries))
}

// isSlug says whether a text can be an address of one's own choosing.
func isSlug(text string, least int) bool {
	return len(text) >= least && len(text) <= 64 && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && strings.Trim(text, "-") == text
}

// freeSlug makes a slug of a label.
func (r *room) freeSlug(label string) (string, error) {
	plain := strings.Map(func(c rune) rune {
		switch {
		case unicode.Is(unicode.Mn, c):
			return -1
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			return c
		}
		return '-'
	}, norm.NFKD.String(strings.ToLower(label)))
	words := strings.FieldsFunc(plain, func(c rune) bool { return c == '-' })
	base := strings.Join(words, "-")
	base = strings.Trim(base[:min(len(base), 48)], "-")
	if len(base) < 2 {
		base = "cell"
	}
	for n := 1; ; n++ {
		slug := base
		if n > 1 {
			slug += "-" + strconv.Itoa(n)
		}
		free, err := r.isFree(slug)
		if free || err != nil {
			return slug, err
		}
		if n == 50 { // somebody calls everything the same
			return base + "-" + strconv.FormatInt(r.Tx.NewID(), 36), nil
		}
	}
}

func (r *room) isFree(slug string) (bool, error) {
	if _, err := r.Tx.CellBySlug(slug); !alveary.IsKind(err, alveary.KindNotFound) {
		return false, err
	}
	_, err := r.Tx.Workspace(slug)
	if alveary.IsKind(err, alveary.KindNotFound) {
		return true, nil
	}
	return false, err
}
