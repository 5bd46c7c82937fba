package sharing

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"alveary/client"
	"alveary/client/share"
	"alveary/cmd/alveary/console"
	"alveary/config"
)

// giving is what somebody is to have.
type giving struct {
	Write  bool     `name:"write" help:"Give write beside read."`
	Policy []string `name:"policy" placeholder:"ID" help:"A policy in place of rights, of those that the house offers; may be given again."`
}

func (g giving) to(refs []share.Ref) []share.Give {
	gives := make([]share.Give, len(refs))
	for i, ref := range refs {
		gives[i] = g.give(ref)
	}
	return gives
}

func (g giving) give(ref share.Ref) share.Give {
	one := share.Give{Ref: ref, Policies: g.Policy}
	if len(g.Policy) == 0 {
		one.Rights = []string{"read"}
		if g.Write {
			one.Rights = append(one.Rights, "write")
		}
	}
	return one
}

func (g giving) check(w Prompt) error {
	if g.Write && len(g.Policy) > 0 {
		return w.Usage(errors.New("give either --write or --policy"))
	}
	return nil
}

// Share shares files and folders in a Cell.
type Share struct {
	Path        []string `arg:"" optional:"" help:"WORKSPACE/paths of the files and folders."`
	With        []string `name:"with" placeholder:"WHO" help:"Login, mail address, group:/PATH, team:NAME or role:ID; may be given again."`
	giving      `embed:""`
	Until       Date   `name:"until" placeholder:"DATE" help:"When it ends, such as 2027-01-31, which counts whole."`
	From        Date   `name:"from" placeholder:"DATE" help:"When it begins."`
	Label       string `name:"label" help:"What people read; the name of what is shared if not given."`
	Description string `name:"description" help:"What it is for."`
	Folder      string `name:"folder" placeholder:"NAME" help:"In place of paths: make a folder of this name in your own files, and share it."`
	Discreet    bool   `name:"discreet" help:"Members do not see who else is in it."`
	Cell        string `name:"cell" placeholder:"CELL" help:"Add to this Cell of yours in place of making one: what is named, and who. The end is theirs then."`
	DryRun      bool   `name:"dry-run" help:"Only say who would gain and lose, and what speaks against it."`

	config.Client `embed:""`
}

// Help tells what the flags cannot.
func (*Share) Help() string {
	return `A Cell gives nobody more than you have yourself, at any time. Who is named by a
mail address and has no account is invited, where your roles let you. Members find
the Cell beside their workspaces; its slug, which is printed, is where remote paths
into it begin.`
}

// Run shares.
func (c *Share) Run(ctx context.Context, w Prompt) error {
	if err := c.check(w); err != nil {
		return err
	}
	switch {
	case c.Folder != "" && (len(c.Path) > 0 || c.Cell != ""):
		return w.Usage(errors.New("give either paths or --folder, and --folder for a new Cell alone"))
	case len(c.Path) == 0 && c.Folder == "" && c.Cell == "":
		return w.Usage(errors.New("say what to share: paths, or --folder NAME for a new folder"))
	case c.Cell != "" && (c.DryRun || c.Label != "" || c.Description != "" || c.Discreet || !c.From.IsZero()):
		return w.Usage(errors.New("with --cell go paths, --with, --write, --policy and --until; the rest is changed with alveary cell set"))
	}
	return over(w, c.Client, func(s share.Sharing) error {
		found, err := nodes(ctx, s, c.Path)
		if err != nil {
			return err
		}
		who, err := refs(ctx, s, "share", c.With)
		if err != nil {
			return err
		}
		if c.Cell != "" {
			return c.add(ctx, w, s, found, who)
		}
		return c.make(ctx, w, s, found, who)
	})
}

func (c *Share) make(ctx context.Context, w Prompt, s share.Sharing, found []client.Node, who []share.Ref) error {
	n := share.NewCell{
		Label: c.Label, Description: c.Description, Nodes: idsOf(found), Folder: c.Folder, Members: c.to(who),
		From: c.From.begins(), Until: c.Until.ends(), Discreet: c.Discreet,
	}
	if n.Label == "" {
		n.Label = c.Folder
		if len(found) > 0 {
			n.Label = found[0].Name
		}
	}
	if c.DryRun {
		would, err := s.CheckCell(ctx, n)
		if err == nil {
			w.Text(would, effectText(would))
		}
		return err
	}
	made, err := s.AddCell(ctx, n)
	if err == nil {
		w.Text(made, fmt.Sprintf("made the Cell %s: %s, with %s%s", made.Cell.Slug, made.Cell.Label, membersText(made.Cell), invitations(made.Invited)))
	}
	return err
}

func membersText(c share.Cell) string {
	return console.Count(int64(len(c.Members)), "member", "members")
}

func effectText(e share.Effect) string {
	var out lines
	for _, name := range e.Gain {
		out.add("gains", name)
	}
	for _, name := range e.Lose {
		out.add("loses", name)
	}
	for _, p := range e.Problems {
		text := p.Message
		if len(p.Missing) > 0 {
			text += " (you lack: " + strings.Join(p.Missing, ", ") + ")"
		}
		out.add("against it", text)
	}
	if len(out) == 0 {
		return "nobody would gain or lose anything"
	}
	return out.String()
}

// add binds a Cell to more, and takes more people into it.
func (c *Share) add(ctx context.Context, w Prompt, s share.Sharing, found []client.Node, who []share.Ref) error {
	cell, err := s.FindCell(ctx, "share", c.Cell)
	if err != nil {
		return err
	}
	made := share.MadeCell{Cell: cell}
	if len(found) > 0 {
		var all []string
		for _, n := range cell.Nodes {
			all = append(all, n.ID)
		}
		all = append(all, idsOf(found)...)
		if made.Cell, err = s.ChangeCell(ctx, cell, share.CellPatch{Nodes: &all}); err != nil {
			return err
		}
	}
	if len(who) > 0 {
		gives := c.to(who)
		for i := range gives {
			gives[i].Expires = c.Until.ends()
		}
		if made, err = s.AddMembers(ctx, cell, gives); err != nil {
			return err
		}
	}
	w.Text(made, fmt.Sprintf("the Cell %s has %s and %s%s", made.Cell.Slug,
		console.Count(int64(len(made.Cell.Nodes)), "file or folder", "files and folders"), membersText(made.Cell), invitations(made.Invited)))
	return nil
}
