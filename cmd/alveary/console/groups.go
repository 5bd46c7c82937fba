package console

import (
	"context"
	"fmt"
	"path"
	"strings"

	"alveary/client"
	"alveary/client/people"
	"alveary/config"
)

// Group keeps groups.
type Group struct {
	Ls     groupLsCmd     `cmd:"" help:"List the groups: users, role and path."`
	Add    groupAddCmd    `cmd:"" help:"Make groups."`
	Rename groupRenameCmd `cmd:"" help:"Give a group another name."`
	Move   groupMoveCmd   `cmd:"" aliases:"mv" help:"Put a group, with those beneath it, under another."`
	Rm     groupRmCmd     `cmd:"" aliases:"delete" help:"Delete a group, those beneath it and the entries of their roles; their people move."`
}

type groupLsCmd struct {
	config.Client `embed:""`
}

// Run lists.
func (c *groupLsCmd) Run(ctx context.Context, w Prompt) error {
	return list(ctx, w, c.Client, people.People.Groups, func(g people.Group) string {
		return fmt.Sprintf("%4d users  %-28s %s", g.Users, g.Role, g.Path)
	})
}

type groupAddCmd struct {
	Path []string `arg:"" help:"Path of the new group, such as /sales/north."`

	config.Client `embed:""`
}

// Run makes groups.
func (c *groupAddCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		for _, p := range c.Path {
			above, name := path.Split("/" + strings.Trim(p, "/"))
			made, err := people.At(server).AddGroup(ctx, above[:max(1, len(above)-1)], name)
			if err != nil {
				return err
			}
			w.Line(made, fmt.Sprintf("made the group %s with the role %s", made.Path, made.Role))
		}
		return nil
	})
}

// onGroups does something with groups that are named by their paths.
func onGroups(ctx context.Context, w Prompt, o config.Client, op string, paths []string, do func(people.People, []people.Group) error) error {
	return w.Over(o, func(server *client.Client) error {
		p := people.At(server)
		all, err := p.Groups(ctx)
		if err != nil {
			return err
		}
		named := make([]people.Group, len(paths))
		for i, path := range paths {
			if named[i], err = people.FindGroup(all, op, path); err != nil {
				return err
			}
		}
		return do(p, named)
	})
}

type groupRenameCmd struct {
	Path string `arg:"" help:"Path of the group, such as /sales/north."`
	Name string `arg:"" help:"Its new name, such as south."`

	config.Client `embed:""`
}

// Run renames.
func (c *groupRenameCmd) Run(ctx context.Context, w Prompt) error {
	return onGroups(ctx, w, c.Client, "rename the group", []string{c.Path}, func(p people.People, g []people.Group) error {
		is, err := p.RenameGroup(ctx, g[0], c.Name)
		if err == nil {
			w.Line(is, g[0].Path+" is now "+is.Path)
		}
		return err
	})
}

type groupMoveCmd struct {
	Path string `arg:"" help:"Path of the group, such as /sales/north."`
	To   string `arg:"" name:"under" help:"Path of the group under which it is to stand, such as /europe."`

	config.Client `embed:""`
}

// Run moves.
func (c *groupMoveCmd) Run(ctx context.Context, w Prompt) error {
	return onGroups(ctx, w, c.Client, "move the group", []string{c.Path, c.To}, func(p people.People, g []people.Group) error {
		is, err := p.MoveGroup(ctx, g[0], g[1])
		if err == nil {
			w.Line(is, g[0].Path+" is now "+is.Path)
		}
		return err
	})
}

type groupRmCmd struct {
	Path []string `arg:"" help:"Path of a group, such as /sales/north."`
	To   string   `name:"to" placeholder:"PATH" help:"The group that takes their people; the one above if not given."`
	Yes  bool     `name:"yes" help:"Do not ask."`

	config.Client `embed:""`
}

// Run deletes groups, and asks first where something goes with one.
func (c *groupRmCmd) Run(ctx context.Context, w Prompt) error {
	paths := c.Path
	if c.To != "" {
		paths = append([]string{c.To}, paths...)
	}
	return onGroups(ctx, w, c.Client, "delete the group", paths, func(p people.People, named []people.Group) error {
		to, groups := "", named
		if c.To != "" {
			to, groups = named[0].ID, named[1:]
		}
		for _, g := range groups {
			if err := c.confirm(ctx, w, p, g); err != nil {
				return err
			}
		}
		return Freshly(ctx, w, p.Client, func(server *client.Client) error {
			for _, g := range groups {
				if err := people.At(server).DeleteGroup(ctx, g, to); err != nil {
					return err
				}
				w.Line(map[string]string{"deleted": g.Path}, "deleted "+g.Path)
			}
			return nil
		})
	})
}

// confirm asks where something goes with the group.
func (c *groupRmCmd) confirm(ctx context.Context, w Prompt, p people.People, g people.Group) error {
	goes, err := p.LeavingGroup(ctx, g)
	if err != nil {
		return err
	}
	if goes.Groups+goes.Users+goes.Entries == 0 && len(goes.Policies) == 0 {
		return nil
	}
	question := fmt.Sprintf("Delete %s with %s beneath it and %s? %s.", g.Path, Count(goes.Groups, "group", "groups"),
		Count(goes.Entries, "entry", "entries"), Count(goes.Users, "user moves", "users move"))
	if len(goes.Policies) > 0 {
		question += " These policies name it: " + strings.Join(goes.Policies, ", ") + "."
	}
	return Confirm(ctx, w, c.Yes, question)
}
