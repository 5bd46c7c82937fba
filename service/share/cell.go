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
	mostShares      = 5000 // Cells and links of one user
)

// MakeCell shares nodes in a Cell. Whom it names by an address without an
// account is invited.
func (s *Service) MakeCell(ctx context.Context, by alveary.Subject, n NewCell) (out CellView, invited []Invited, err error) {
	var c alveary.Cell
	err = s.change(ctx, by, "share this", func(r *room) error {
		c, invited, err = r.makeCell(&n)
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
		Owner: r.by.User.ID, Label: strings.TrimSpace(n.Label), Description: strings.TrimSpace(n.Description), From: n.From, Until: n.Until, Discreet: n.Discreet,
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
	if err := r.onRecord("share", &c, r.inWords(c.Entries)); err != nil {
		return c, nil, err
	}
	return c, invited, r.tellMembers(&c, c.Entries)
}

// checkCell refuses what a Cell or link cannot be called, and dates that make
// no sense.
func (r *room) checkCell(c *alveary.Cell) error {
	switch {
	case c.Label == "" && c.Link == nil:
		return r.invalid("label", "invalid", "a name is what people read: give one")
	case !c.Until.IsZero() && !c.Until.After(r.service.Now()):
		return r.invalid("until", "past", "this end has passed already")
	case !c.Until.IsZero() && !c.From.Before(c.Until):
		return r.invalid("until", "invalid", "the end comes before the beginning")
	}
	if err := alveary.CheckLine("the name", c.Label, mostLabel); err != nil {
		return r.invalid("label", "invalid", messageOf(err))
	}
	for line := range strings.SplitSeq(c.Description, "\n") {
		if err := alveary.CheckLine("the description", strings.TrimSuffix(line, "\r"), mostDescription); err != nil {
			return r.invalid("description", "invalid", messageOf(err))
		}
	}
	if len(c.Description) > 4*mostDescription {
		return r.invalid("description", "invalid", "the description is too long: it can have at most 4,000 characters")
	}
	return nil
}

// room4 refuses whoever has shared too much already.
func (r *room) room4() error {
	cells, links, err := r.Tx.CountCells(r.by.User.ID)
	if err == nil && cells+links >= mostShares {
		err = r.conflict("", "too-many", "you have 5,000 shares already: end one first")
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
		return nil, r.invalid("folder", "invalid", messageOf(err))
	}
	home, err := r.home()
	if err != nil {
		return nil, err
	}
	if err := r.AdmitFolder(home, authz.Edit); err != nil {
		return nil, err
	}
	free, err := r.Tx.FreeName(home.Node().ID, name)
	if err != nil {
		return nil, err
	}
	made := alveary.Node{Name: free, Type: alveary.Collection, Owner: r.by.Makes()}
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
	if id := r.by.Homes[alveary.TemplateMyFiles]; id != 0 {
		return r.Tx.Lineage(id)
	}
	if !r.Access.HoldsTemplate(alveary.TemplateMyFiles) {
		return nil, r.denied("folder", "not-held", "you have no folder of your own to begin with: choose something that is there")
	}
	line, err := r.Tx.MakeHome(r.by.User, alveary.TemplateMyFiles)
	if err != nil {
		return nil, err
	}
	if err := r.record("make-home", line, ""); err != nil {
		return nil, err
	}
	r.by.Homes = map[alveary.TemplateID]alveary.NodeID{alveary.TemplateMyFiles: line.Node().ID}
	r.Access, err = r.service.Gate.Bind(r.ctx, r.Tx, r.by)
	return line, err
}

// ownRole is the role by whose entries a Cell keeps its nodes.
func (r *room) ownRole(c *alveary.Cell) (alveary.RoleID, error) {
	if c.Owner == r.by.User.ID {
		return r.by.Role, nil
	}
	owner, err := r.Tx.Subject(c.Owner)
	return owner.Role, err
}

// isAnchor says whether an entry is one by which a Cell keeps a node: it gives
// nothing to anybody.
func isAnchor(e *alveary.Entry) bool { return e.Rights == 0 && len(e.Policies) == 0 }

// setNodes makes the nodes of a Cell those given. Members that have the same on
// all of its nodes have it on those that come to it.
func (r *room) setNodes(c *alveary.Cell, nodes []alveary.NodeID) error {
	if len(nodes) == 0 || len(nodes) > mostNodes {
		return r.invalid("nodes", "invalid", "choose 1 to 200 files and folders")
	}
	own, err := r.ownRole(c)
	if err != nil {
		return err
	}
	was := c.Nodes()
	members := r.members(c)
	for _, gone := range was {
		if slices.Contains(nodes, gone) {
			continue
		}
		taken := entriesWhere(c, func(e *alveary.Entry) bool { return e.Node == gone })
		if err := r.mayTake("nodes", c, taken); err != nil {
			return err
		}
		c.Entries = slices.DeleteFunc(c.Entries, func(e alveary.Entry) bool { return e.Node == gone })
	}
	for i, id := range nodes {
		field := fmt.Sprintf("nodes[%d]", i)
		if slices.Contains(nodes[:i], id) {
			return r.conflict(field, "twice", "the same file or folder is there twice")
		}
		if slices.Contains(was, id) {
			continue
		}
		line, err := r.node(field, id)
		if err != nil {
			return err
		}
		house, err := r.house(line)
		if err != nil {
			return err
		}
		if err := r.mayShare(field, line, &house, "cells", house.Cells); err != nil {
			return err
		}
		c.Entries = append(c.Entries, alveary.Entry{Role: own, Node: id})
		for _, m := range members {
			if m.Node != 0 {
				continue
			}
			one, err := r.label(m.Role)
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

func entriesWhere(c *alveary.Cell, is func(*alveary.Entry) bool) (entries []alveary.Entry) {
	for i := range c.Entries {
		if is(&c.Entries[i]) {
			entries = append(entries, c.Entries[i])
		}
	}
	return entries
}

// ChangeCell changes what a Cell is called, how long it lasts, what is in it.
// An administrator who has no part in it may only let it end earlier.
func (s *Service) ChangeCell(ctx context.Context, by alveary.Subject, id alveary.CellID, ch CellChange) (out CellView, err error) {
	err = s.change(ctx, by, "change the Cell", func(r *room) error {
		c, err := r.cell(id)
		if err != nil {
			return err
		}
		if err := r.manages(c, ch.Until != nil && ch.onlyUntil()); err != nil {
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
		return r.invalid("slug", "slug", "an address has 2 to 64 small letters a to z, digits and -")
	}
	if err := r.mayProlong(&was, c); err != nil {
		return err
	}
	if err := r.Tx.UpdateCell(*c); err != nil {
		return at("slug", err)
	}
	if ch.Nodes != nil {
		if err := r.setNodes(c, *ch.Nodes); err != nil {
			return err
		}
		did = append(did, "nodes: "+r.inWords(c.Entries))
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
	if c.Owner == r.by.User.ID || !later && !c.From.Before(was.From) {
		return nil
	}
	if !c.Manages(r.by.User.ID) {
		return r.denied("until", "not-held", "only its owner and its managers may let it last longer")
	}
	for i := range c.Entries {
		e := &c.Entries[i]
		rights := e.Rights
		if len(e.Policies) > 0 {
			rights = alveary.Givable
		}
		line, err := r.Tx.Lineage(e.Node)
		if alveary.IsKind(err, alveary.KindNotFound) || isAnchor(e) {
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
	if c.Manages(r.by.User.ID) {
		if _, err := r.Tx.AnswerReview(c.ID, "changed", r.service.Now()); err != nil {
			return err
		}
	}
	return r.onRecord("change-share", c, did.String())
}

func (r *room) putEntries(c *alveary.Cell) (err error) {
	c.Entries, err = r.Tx.SetCellEntries(c.ID, c.Entries)
	return err
}

// End ends a Cell or link. What is done with it is forgotten; what is on record
// stays.
func (s *Service) End(ctx context.Context, by alveary.Subject, id alveary.CellID) error {
	return s.change(ctx, by, "end the share", func(r *room) error {
		c, err := r.cell(id)
		if err != nil {
			return err
		}
		return r.end(c)
	})
}

func (r *room) end(c *alveary.Cell) error {
	if c.Owner != r.by.User.ID && !r.administers() {
		return r.denied("", "not-yours", "only its owner may end it; you can leave it")
	}
	if err := r.Tx.DeleteCell(c.ID); err != nil {
		return err
	}
	return r.onRecord("end-share", c, r.inWords(c.Entries))
}

// cell finds a Cell or link that whoever asks may see.
func (r *room) cell(id alveary.CellID) (*alveary.Cell, error) {
	c, err := r.Tx.Cell(id)
	if alveary.IsKind(err, alveary.KindNotFound) {
		return nil, r.noCell()
	}
	if err != nil {
		return nil, err
	}
	mine, err := r.part(&c)
	if err == nil && mine == "" {
		return nil, r.noCell()
	}
	return &c, err
}

// The parts that somebody has in a Cell or link.
const (
	partOwner         = "owner"
	partManager       = "manager"
	partMember        = "member"
	partAdministrator = "administrator"
)

// part is what whoever asks has to do with a Cell or link; empty: nothing.
func (r *room) part(c *alveary.Cell) (string, error) {
	switch {
	case c.Owner == r.by.User.ID:
		return partOwner, nil
	case c.Manages(r.by.User.ID):
		return partManager, nil
	}
	if ok, err := r.isMember(c); ok || err != nil {
		return partMember, err
	}
	if r.administers() {
		return partAdministrator, nil
	}
	return "", nil
}

// isMember says whether whoever asks gets something by a Cell, or may open a
// link as one of those it names.
func (r *room) isMember(c *alveary.Cell) (bool, error) {
	if c.Link != nil {
		return r.holdsAny(&r.by, c.Link.People)
	}
	for i := range c.Entries {
		if e := &c.Entries[i]; !isAnchor(e) && !e.Expired(r.service.Now()) {
			if ok, err := r.holds(&r.by, e.Role); ok || err != nil {
				return ok, err
			}
		}
	}
	return false, nil
}

// manages refuses whoever may not change a Cell; an administrator may where
// what he changes only takes away.
func (r *room) manages(c *alveary.Cell, takes bool) error {
	switch {
	case c.Manages(r.by.User.ID), takes && r.administers():
		return nil
	case r.administers():
		return r.denied("", "not-yours", "an administrator may end it, or take people out of it; what it gives is its owner's to say")
	}
	return r.denied("", "not-yours", "only its owner and its managers may change it")
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
