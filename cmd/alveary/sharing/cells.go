package sharing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"alveary/client/share"
	"alveary/cmd/alveary/console"
	"alveary/config"
)

// Cell keeps Cells.
type Cell struct {
	Ls       cellLsCmd       `cmd:"" help:"List the Cells that you own, manage or are in: id, slug, owner, members, name."`
	Show     cellShowCmd     `cmd:"" help:"Show a Cell: what is in it, who, and what stops it."`
	Add      cellAddCmd      `cmd:"" help:"Take people, groups and teams into a Cell, or change what they have."`
	Rm       cellRmCmd       `cmd:"" help:"Take members out of a Cell."`
	Set      cellSetCmd      `cmd:"" help:"Change the name, slug, dates and visibility of a Cell."`
	Managers cellManagersCmd `cmd:"" help:"Show who manages a Cell, or change it."`
	Leave    cellLeaveCmd    `cmd:"" help:"Leave Cells."`
	HandOver cellHandOverCmd `cmd:"" help:"Give a Cell another owner."`
	End      cellEndCmd      `cmd:"" help:"End Cells. What they are bound to stays."`
}

type cellLsCmd struct {
	config.Client `embed:""`
}

// Run lists.
func (c *cellLsCmd) Run(ctx context.Context, w Prompt) error {
	return over(w, c.Client, func(s share.Sharing) error {
		cells, err := s.Cells(ctx)
		return console.PrintEach(w, cells, err, cellLine)
	})
}

func cellLine(c share.Cell) string {
	text := fmt.Sprintf("%s  %-20s %-10s of %-14s %s", c.ID, c.Slug, console.Or(c.Mine), called(c.Owner), c.Label)
	return text + marks(c.Flags)
}

func marks(flags []string) string {
	if len(flags) == 0 {
		return ""
	}
	return " (" + strings.Join(flags, ", ") + ")"
}

// onCell does something with a Cell that is named by its id, slug or label.
func onCell(ctx context.Context, w Prompt, o config.Client, op, name string, do func(share.Sharing, share.Cell) error) error {
	return over(w, o, func(s share.Sharing) error {
		cell, err := s.FindCell(ctx, op, name)
		if err != nil {
			return err
		}
		return do(s, cell)
	})
}

type cellShowCmd struct {
	Cell string `arg:"" help:"Id, slug or name of the Cell."`

	config.Client `embed:""`
}

// Run shows.
func (c *cellShowCmd) Run(ctx context.Context, w Prompt) error {
	return onCell(ctx, w, c.Client, "look at the Cell", c.Cell, func(_ share.Sharing, cell share.Cell) error {
		w.Text(cell, cellText(cell))
		return nil
	})
}

func cellText(c share.Cell) string {
	var out lines
	out.add("cell", c.ID)
	out.add("slug", c.Slug)
	out.add("name", c.Label)
	out.add("for", c.Description)
	out.add("owner", called(c.Owner))
	out.add("you are", c.Mine)
	out.addTime("from", c.From)
	out.addTime("until", c.Until)
	if c.Discreet {
		out.add("members", "do not see each other")
	}
	for _, n := range c.Nodes {
		out.add("bound to", where(n))
	}
	for _, m := range c.Members {
		out.add("member", memberText(c, m))
	}
	used := useText(c.Use)
	if c.Discreet && c.Mine == "member" && c.Use.Last == nil {
		used = "" // he is not told what the others do
	}
	standing(&out, c.Flags, c.Void, used, c.Review)
	return out.String()
}

func memberText(c share.Cell, m share.Member) string {
	text := fmt.Sprintf("%s: %s", m.Label, holds(m.Rights, m.Policies))
	if at := slices.IndexFunc(c.Nodes, func(n share.Node) bool { return n.ID == m.Node }); at >= 0 {
		text += " on " + c.Nodes[at].Name
	}
	if m.Expires != nil {
		text += " until " + console.When(m.Expires)
	}
	for _, mark := range []struct {
		is   bool
		text string
	}{{m.Kind != "user", m.Kind}, {m.External, "external"}, {m.Manager, "manager"}} {
		if mark.is {
			text += " (" + mark.text + ")"
		}
	}
	return text
}

// standing says how a Cell or link stands.
func standing(out *lines, flags []string, v *share.Void, used string, r *share.ReviewDue) {
	out.add("flags", strings.Join(flags, ", "))
	if v != nil {
		name := "stopped"
		if v.Partly {
			name = "stopped in part"
		}
		out.add(name, v.Text)
	}
	out.add("used", used)
	if r != nil {
		out.add("review", strings.TrimSuffix(fmt.Sprintf("by %s: %s", console.When(&r.Due), r.Note), ": "))
	}
}

func useText(u share.Use) string {
	if u.Last == nil {
		return "never"
	}
	return fmt.Sprintf("%s, %s, %s, last %s", console.Count(u.Opened, "opening", "openings"), console.Count(u.Downloads, "download", "downloads"),
		console.Count(u.Uploads, "upload", "uploads"), console.When(u.Last))
}

type cellAddCmd struct {
	Cell   string   `arg:"" help:"Id, slug or name of the Cell."`
	Who    []string `arg:"" help:"Login, mail address, group:/PATH, team:NAME or role:ID."`
	giving `embed:""`
	Until  Date   `name:"until" placeholder:"DATE" help:"When it ends for them."`
	On     string `name:"on" placeholder:"NAME" help:"Name or id of one file or folder of the Cell, for that alone."`

	config.Client `embed:""`
}

// Run takes people in. Who is in it already gets what is given in place of what
// he had.
func (c *cellAddCmd) Run(ctx context.Context, w Prompt) error {
	if err := c.check(w); err != nil {
		return err
	}
	return onCell(ctx, w, c.Client, "share", c.Cell, func(s share.Sharing, cell share.Cell) error {
		node, err := nodeIn(w, cell, c.On)
		if err != nil {
			return err
		}
		who, err := refs(ctx, s, "share", c.Who)
		if err != nil {
			return err
		}
		made := share.MadeCell{Cell: cell, Invited: []share.Invited{}}
		var gives []share.Give
		for i, ref := range who {
			give := c.give(ref)
			give.Expires, give.Node = c.Until.ends(), node
			m, in := memberOf(cell, ref, c.Who[i])
			if !in {
				gives = append(gives, give)
				continue
			}
			if made.Cell, err = s.ChangeMember(ctx, cell, m, give); err != nil {
				return err
			}
		}
		if len(gives) > 0 {
			if made, err = s.AddMembers(ctx, cell, gives); err != nil {
				return err
			}
		}
		w.Text(made, fmt.Sprintf("the Cell %s has %s%s", made.Cell.Slug, membersText(made.Cell), invitations(made.Invited)))
		return nil
	})
}

// nodeIn finds one of the nodes of a Cell; empty for all of them.
func nodeIn(w Prompt, c share.Cell, name string) (string, error) {
	if name == "" {
		return "", nil
	}
	for _, n := range c.Nodes {
		if n.ID == name || n.Name == name || n.Path == name {
			return n.ID, nil
		}
	}
	return "", w.Usage(fmt.Errorf("%s is not in the Cell %s; cell show tells what is", name, c.Label))
}

// memberOf finds a member by who is meant, or by the name or role that cell show
// tells.
func memberOf(c share.Cell, ref share.Ref, name string) (share.Member, bool) {
	at := slices.IndexFunc(c.Members, func(m share.Member) bool {
		return ref.User != "" && m.User == ref.User || m.Role == ref.Team+ref.Role && m.Role != "" ||
			m.Role == name || strings.EqualFold(m.Label, name) || m.Kind == "group" && name == "group:"+m.Label
	})
	if at < 0 {
		return share.Member{}, false
	}
	return c.Members[at], true
}

type cellRmCmd struct {
	Cell string   `arg:"" help:"Id, slug or name of the Cell."`
	Who  []string `arg:"" help:"Members, named as with add, or as show names them."`

	config.Client `embed:""`
}

// Run takes members out.
func (c *cellRmCmd) Run(ctx context.Context, w Prompt) error {
	return onCell(ctx, w, c.Client, "change the Cell", c.Cell, func(s share.Sharing, cell share.Cell) error {
		for _, name := range c.Who {
			m, err := member(ctx, s, cell, name)
			if err != nil {
				return err
			}
			if cell, err = s.RemoveMember(ctx, cell, m); err != nil {
				return err
			}
			w.Line(map[string]string{"cell": cell.ID, "removed": m.Role}, m.Label+" is no longer in "+cell.Label)
		}
		return nil
	})
}

// member finds a member by his name in the Cell first, for those who are in it
// and cannot be found elsewhere any more.
func member(ctx context.Context, s share.Sharing, c share.Cell, name string) (share.Member, error) {
	if m, in := memberOf(c, share.Ref{}, name); in {
		return m, nil
	}
	found, err := refs(ctx, s, "change the Cell", []string{name})
	if err != nil {
		return share.Member{}, err
	}
	m, in := memberOf(c, found[0], name)
	if !in {
		return m, nobody("change the Cell", c.Label, name+" is not in it")
	}
	return m, nil
}

type cellSetCmd struct {
	Cell        string  `arg:"" help:"Id, slug or name of the Cell."`
	Label       *string `name:"label" help:"What people read."`
	Description *string `name:"description" help:"What it is for; empty to take it away."`
	Slug        *string `name:"slug" help:"Where remote paths into it begin."`
	From        *string `name:"from" placeholder:"DATE" help:"When it begins, or none."`
	Until       *string `name:"until" placeholder:"DATE" help:"When it ends, or none."`
	Discreet    *bool   `name:"discreet" negatable:"" help:"Whether members are kept from seeing who else is in it."`

	config.Client `embed:""`
}

// Run changes a Cell.
func (c *cellSetCmd) Run(ctx context.Context, w Prompt) error {
	p := share.CellPatch{Label: c.Label, Description: c.Description, Slug: c.Slug, Discreet: c.Discreet}
	var errs [2]error
	p.From, errs[0] = dateText(c.From, Date.begins)
	p.Until, errs[1] = dateText(c.Until, Date.ends)
	if err := errors.Join(errs[:]...); err != nil {
		return w.Usage(err)
	}
	if p == (share.CellPatch{}) {
		return w.Usage(errors.New("say what is to change: --label, --description, --slug, --from, --until or --discreet"))
	}
	return onCell(ctx, w, c.Client, "change the Cell", c.Cell, func(s share.Sharing, cell share.Cell) error {
		is, err := s.ChangeCell(ctx, cell, p)
		return console.PrintOne(w, is, err, func(is share.Cell) string { return "changed the Cell " + is.Slug })
	})
}

type cellManagersCmd struct {
	Cell   string   `arg:"" help:"Id, slug or name of the Cell."`
	Add    []string `name:"add" placeholder:"LOGIN" help:"Let this member manage it; may be given again."`
	Remove []string `name:"remove" placeholder:"LOGIN" help:"Let him manage it no longer; may be given again."`

	config.Client `embed:""`
}

// Run shows or changes who manages.
func (c *cellManagersCmd) Run(ctx context.Context, w Prompt) error {
	return onCell(ctx, w, c.Client, "change the Cell", c.Cell, func(s share.Sharing, cell share.Cell) error {
		for i, logins := range [][]string{c.Add, c.Remove} {
			for _, login := range logins {
				m, err := member(ctx, s, cell, login)
				if err != nil {
					return err
				}
				if m.User == "" {
					return w.Usage(fmt.Errorf("%s is a %s: people manage Cells", m.Label, m.Kind))
				}
				if cell, err = s.SetManager(ctx, cell, m.User, i == 0); err != nil {
					return err
				}
			}
		}
		w.Line(cell.Owner, called(cell.Owner)+" (owner)")
		for _, m := range cell.Members {
			if m.Manager {
				w.Line(m, m.Label)
			}
		}
		return nil
	})
}

// eachCell does something with each of several Cells, and says so.
func eachCell(ctx context.Context, w Prompt, o config.Client, op string, names []string, do func(share.Sharing, share.Cell) (did string, err error)) error {
	for _, name := range names {
		err := onCell(ctx, w, o, op, name, func(s share.Sharing, cell share.Cell) error {
			did, err := do(s, cell)
			if err == nil {
				w.Line(map[string]string{did: cell.ID}, did+" "+cell.Label)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

type cellLeaveCmd struct {
	Cell []string `arg:"" help:"Id, slug or name of a Cell."`

	config.Client `embed:""`
}

// Run leaves.
func (c *cellLeaveCmd) Run(ctx context.Context, w Prompt) error {
	return eachCell(ctx, w, c.Client, "leave the Cell", c.Cell, func(s share.Sharing, cell share.Cell) (string, error) {
		return "left", s.LeaveCell(ctx, cell)
	})
}

type cellHandOverCmd struct {
	Cell  string `arg:"" help:"Id, slug or name of the Cell."`
	Login string `arg:"" help:"Its new owner. It gives what he has from then on."`

	config.Client `embed:""`
}

// Run hands over.
func (c *cellHandOverCmd) Run(ctx context.Context, w Prompt) error {
	return onCell(ctx, w, c.Client, "hand over the Cell", c.Cell, func(s share.Sharing, cell share.Cell) error {
		heir, err := user(ctx, s, "hand over the Cell", c.Login)
		if err != nil {
			return err
		}
		is, err := s.HandOver(ctx, cell, heir)
		return console.PrintOne(w, is, err, func(is share.Cell) string { return "the Cell " + is.Slug + " is " + called(is.Owner) + "'s now" })
	})
}

type cellEndCmd struct {
	Cell []string `arg:"" help:"Id, slug or name of a Cell."`
	Yes  bool     `name:"yes" help:"Do not ask."`

	config.Client `embed:""`
}

// Run ends Cells.
func (c *cellEndCmd) Run(ctx context.Context, w Prompt) error {
	return eachCell(ctx, w, c.Client, "end the Cell", c.Cell, func(s share.Sharing, cell share.Cell) (string, error) {
		if err := console.Confirm(ctx, w, c.Yes, fmt.Sprintf("End the Cell %s of %s? What it is bound to stays.", cell.Label, membersText(cell))); err != nil {
			return "", err
		}
		return "ended", s.EndCell(ctx, cell)
	})
}
