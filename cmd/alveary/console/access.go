package console

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"alveary"
	"alveary/client"
	"alveary/config"
)

// printEach prints a list, a line for each of it.
func printEach[T any](w Prompt, items []T, err error, text func(T) string) error {
	for _, one := range items {
		w.Line(one, text(one))
	}
	return err
}

// removeEach removes one after another and says so.
func removeEach(w Prompt, names []string, remove func(string) error) error {
	for _, name := range names {
		if err := remove(name); err != nil {
			return err
		}
		w.Line(map[string]string{"deleted": name}, "deleted "+name)
	}
	return nil
}

// Role keeps roles.
type Role struct {
	Ls  roleLsCmd  `cmd:"" help:"List the roles: id, entries, users, label, and whose it is."`
	Add roleAddCmd `cmd:"" help:"Make a role."`
	Rm  roleRmCmd  `cmd:"" help:"Delete roles that are not in use."`
}

type roleLsCmd struct {
	config.Client `embed:""`
}

// Run lists.
func (c *roleLsCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		roles, err := server.Roles(ctx)
		return printEach(w, roles, err, func(r client.Role) string {
			text := fmt.Sprintf("%-28s %4d entries %4d users  %s", r.ID, r.Entries, r.Users, r.Label)
			switch {
			case r.OwnerUser != "":
				text += " (of the user " + r.OwnerUser + ")"
			case r.OwnerGroup != "":
				text += " (of the group " + r.OwnerGroup + ")"
			case len(r.Profiles) > 0:
				text += " (applied to " + strings.Join(r.Profiles, ", ") + ")"
			}
			return text
		})
	})
}

type roleAddCmd struct {
	ID      string   `arg:"" help:"1 to 64 letters, digits, -, _ and ."`
	Label   string   `name:"label" help:"What people read. The id if not given."`
	Profile []string `name:"profile" enum:"admin,standard,shared,anon" help:"A profile to which it applies by itself; may be given again."`
	Force   bool     `name:"force" help:"Let it come after the roles that are not marked so."`

	config.Client `embed:""`
}

// Run makes a role.
func (c *roleAddCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		made, err := server.AddRole(ctx, client.Role{ID: c.ID, Label: c.Label, Profiles: c.Profile, Force: c.Force})
		if err == nil {
			w.Line(made, "made the role "+made.ID)
		}
		return err
	})
}

type roleRmCmd struct {
	ID []string `arg:"" help:"Id of a role."`

	config.Client `embed:""`
}

// Run deletes roles.
func (c *roleRmCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		return removeEach(w, c.ID, func(id string) error { return server.DeleteRole(ctx, id) })
	})
}

// Group keeps groups.
type Group struct {
	Ls  groupLsCmd  `cmd:"" help:"List the groups: users, role and path."`
	Add groupAddCmd `cmd:"" help:"Make groups."`
	Rm  groupRmCmd  `cmd:"" help:"Delete empty groups, with the entries of their roles."`
}

type groupLsCmd struct {
	config.Client `embed:""`
}

// Run lists.
func (c *groupLsCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		groups, err := server.Groups(ctx)
		return printEach(w, groups, err, func(g client.Group) string { return fmt.Sprintf("%4d users  %-28s %s", g.Users, g.Role, g.Path) })
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
			made, err := server.AddGroup(ctx, above[:max(1, len(above)-1)], name)
			if err != nil {
				return err
			}
			w.Line(made, fmt.Sprintf("made the group %s with the role %s", made.Path, made.Role))
		}
		return nil
	})
}

type groupRmCmd struct {
	Path []string `arg:"" help:"Path of a group, such as /sales/north."`

	config.Client `embed:""`
}

// Run deletes groups.
func (c *groupRmCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		groups, err := server.Groups(ctx)
		if err != nil {
			return err
		}
		return removeEach(w, c.Path, func(p string) error {
			for _, g := range groups {
				if g.Path == "/"+strings.Trim(p, "/") {
					return server.DeleteGroup(ctx, g)
				}
			}
			return &alveary.Error{Kind: alveary.KindNotFound, Op: "delete the group", Subject: p, Code: "not-found", Message: "there is no such group"}
		})
	})
}

// Entry keeps ACL entries.
type Entry struct {
	Ls  entryLsCmd  `cmd:"" help:"List the entries: id, role, what it holds, and where."`
	Add entryAddCmd `cmd:"" help:"Make an entry."`
	Rm  entryRmCmd  `cmd:"" help:"Delete entries."`
}

type entryLsCmd struct {
	Role   string `name:"role" placeholder:"ID" help:"Of this role alone."`
	Policy string `name:"policy" placeholder:"ID" help:"Naming this policy alone."`

	config.Client `embed:""`
}

// Run lists.
func (c *entryLsCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		entries, err := server.Entries(ctx, c.Role, c.Policy)
		return printEach(w, entries, err, entryLine)
	})
}

func entryLine(e client.Entry) string {
	holds, where := strings.Join(e.Rights, ","), e.Path
	switch {
	case e.Deny:
		holds = "deny"
	case len(e.Policies) > 0:
		holds = "policies " + strings.Join(e.Policies, ",")
	case holds == "":
		holds = "nothing"
	}
	if e.Template != "" {
		where = "template path " + e.Template
	}
	if e.Expires != nil {
		where += " until " + e.Expires.Local().Format(time.RFC3339)
	}
	return fmt.Sprintf("%s  %-28s %-12s %s", e.ID, e.Role, holds, where)
}

type entryAddCmd struct {
	Role    string    `arg:"" help:"Id of the role that is to hold it."`
	Path    string    `arg:"" optional:"" help:"WORKSPACE/path, or a path from the root of the tree."`
	Right   []string  `name:"right" enum:"read,write" help:"read or write; may be given again. Without any, the entry takes away what is held above."`
	Deny    bool      `name:"deny" help:"Deny everything, for good."`
	Policy  []string  `name:"policy" placeholder:"ID" help:"A policy in place of rights; may be given again."`
	Temp    string    `name:"template" placeholder:"ID" help:"In place of a path: each one's own folder, such as my-files."`
	Expires time.Time `name:"expires" format:"2006-01-02T15:04:05Z07:00" placeholder:"TIME" help:"When it ends, such as 2027-01-31T18:00:00Z."`

	config.Client `embed:""`
}

// Run makes an entry.
func (c *entryAddCmd) Run(ctx context.Context, w Prompt) error {
	if (c.Path == "") == (c.Temp == "") {
		return w.Usage(errors.New("give either a path or --template"))
	}
	e := client.Entry{Role: c.Role, Path: c.Path, Template: c.Temp, Rights: c.Right, Deny: c.Deny, Policies: c.Policy}
	if len(c.Path) > 1 { // "/" is the root of the tree
		e.Path = strings.TrimRight(c.Path, "/")
	}
	if !c.Expires.IsZero() {
		e.Expires = &c.Expires
	}
	return w.Over(c.Client, func(server *client.Client) error {
		made, err := server.AddEntry(ctx, e)
		if err == nil {
			w.Line(made, entryLine(made))
		}
		return err
	})
}

type entryRmCmd struct {
	ID []string `arg:"" help:"Id of an entry, as ls shows it."`

	config.Client `embed:""`
}

// Run deletes entries.
func (c *entryRmCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		return removeEach(w, c.ID, func(id string) error { return server.DeleteEntry(ctx, id) })
	})
}
