package console

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"alveary/client"
	"alveary/client/people"
	"alveary/config"
)

// Role keeps roles.
type Role struct {
	Ls  roleLsCmd  `cmd:"" help:"List the roles: id, entries, users, label, and whose it is."`
	Add roleAddCmd `cmd:"" help:"Make a role."`
	Set roleSetCmd `cmd:"" help:"Change a role that nobody owns."`
	Rm  roleRmCmd  `cmd:"" aliases:"delete" help:"Delete roles that are not in use."`
}

type roleLsCmd struct {
	config.Client `embed:""`
}

// Run lists.
func (c *roleLsCmd) Run(ctx context.Context, w Prompt) error {
	return list(ctx, w, c.Client, people.People.Roles, roleLine)
}

func roleLine(r people.Role) string {
	text := fmt.Sprintf("%-28s %4d entries %4d users  %s", r.ID, r.Entries, r.Users, r.Label)
	switch {
	case r.OwnerUser != "":
		text += " (of the user " + r.OwnerUser + ")"
	case r.OwnerGroup != "":
		text += " (of the group " + r.OwnerGroup + ")"
	case r.Team:
		text += " (a team)"
	case len(r.Profiles) > 0:
		text += " (applied to " + strings.Join(r.Profiles, ", ") + ")"
	}
	for _, flag := range []struct {
		set  bool
		word string
	}{{r.Force, "force override"}, {r.SecondFactor, "second factor"}, {r.Invites, "invites"}} {
		if flag.set {
			text += ", " + flag.word
		}
	}
	return text
}

type roleAddCmd struct {
	ID           string   `arg:"" help:"1 to 64 letters, digits, -, _ and ."`
	Label        string   `name:"label" help:"What people read. The id if not given."`
	Profile      []string `name:"profile" enum:"admin,standard,shared,anon" help:"A profile to which it applies by itself; may be given again."`
	Force        bool     `name:"force" help:"Let it come after the roles that are not marked so."`
	SecondFactor bool     `name:"second-factor" help:"Whoever holds it signs in with a second factor."`
	Invites      bool     `name:"invites" help:"Whoever holds it may invite external people."`

	config.Client `embed:""`
}

// Run makes a role.
func (c *roleAddCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		made, err := people.At(server).AddRole(ctx, people.NewRole{
			ID: c.ID, Label: c.Label, Profiles: c.Profile, Force: c.Force, SecondFactor: c.SecondFactor, Invites: c.Invites,
		})
		return PrintOne(w, made, err, func(r people.Role) string { return "made the role " + r.ID })
	})
}

type roleSetCmd struct {
	ID           string   `arg:"" help:"Id of the role."`
	Label        *string  `name:"label" help:"What people read."`
	Profile      []string `name:"profile" enum:"admin,standard,shared,anon" help:"The profiles to which it applies by itself, in place of those before; may be given again."`
	NoProfiles   bool     `name:"no-profiles" help:"Let it apply to nobody by itself."`
	Force        *bool    `name:"force" negatable:"" help:"Let it come after the roles that are not marked so."`
	SecondFactor *bool    `name:"second-factor" negatable:"" help:"Whoever holds it signs in with a second factor."`
	Invites      *bool    `name:"invites" negatable:"" help:"Whoever holds it may invite external people."`

	config.Client `embed:""`
}

// Run changes a role.
func (c *roleSetCmd) Run(ctx context.Context, w Prompt) error {
	p := people.RolePatch{Label: c.Label, Force: c.Force, SecondFactor: c.SecondFactor, Invites: c.Invites}
	switch {
	case c.NoProfiles && len(c.Profile) > 0:
		return w.Usage(errors.New("give either --profile or --no-profiles"))
	case c.NoProfiles:
		p.Profiles = &[]string{}
	case len(c.Profile) > 0:
		p.Profiles = &c.Profile
	}
	if p == (people.RolePatch{}) {
		return w.Usage(errors.New("say what is to change: --label, --profile, --no-profiles, --force, --second-factor or --invites; --no-force and the like take away"))
	}
	return w.Over(c.Client, func(server *client.Client) error {
		r, err := people.At(server).ChangeRole(ctx, c.ID, p)
		return PrintOne(w, r, err, roleLine)
	})
}

type roleRmCmd struct {
	ID []string `arg:"" help:"Id of a role."`

	config.Client `embed:""`
}

// Run deletes roles.
func (c *roleRmCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		return removeEach(w, c.ID, func(id string) error { return people.At(server).DeleteRole(ctx, id) })
	})
}
