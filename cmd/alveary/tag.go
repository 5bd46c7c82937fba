package main

import (
	"context"
	"errors"
	"strings"

	"alveary/client"
	"alveary/config"
)

type tagCmd struct {
	Path      string   `arg:"" help:"WORKSPACE/path."`
	Values    []string `arg:"" optional:"" name:"value" help:"The tags it is to have, in place of those before. Without any, those it has are shown."`
	Namespace string   `name:"namespace" default:"usermeta-tags" placeholder:"NAME" help:"The namespace of metadata."`
	Clear     bool     `name:"clear" help:"Take all away."`

	config.Client `embed:""`
}

// Run shows or replaces.
func (c *tagCmd) Run(ctx context.Context, w *world) error {
	if c.Clear && len(c.Values) > 0 {
		return usage(errors.New("give either tags or --clear"))
	}
	return w.Over(c.Client, func(server *client.Client) error {
		n, err := server.Stat(ctx, trim(c.Path))
		if err == nil && (c.Clear || len(c.Values) > 0) {
			n, err = server.SetMetadata(ctx, n, c.Namespace, c.Values)
		}
		if err == nil && (w.json || len(n.Metadata[c.Namespace]) > 0) {
			w.print(n, printable(strings.Join(n.Metadata[c.Namespace], ", ")))
		}
		return err
	})
}

type userSetCmd struct {
	Login   string   `arg:"" help:"Whose account it is."`
	Group   string   `name:"group" placeholder:"PATH" help:"Move him to this group, such as /sales/north."`
	Role    []string `name:"role" placeholder:"ID" help:"The roles assigned to him, in order and in place of those before; may be given again."`
	NoRoles bool     `name:"no-roles" help:"Take all assigned roles away."`
	Profile string   `name:"profile" enum:",admin,standard,shared" default:"" placeholder:"PROFILE" help:"admin, standard or shared (external people)."`
	Disable bool     `name:"disable" xor:"able" help:"Let him in no more."`
	Enable  bool     `name:"enable" xor:"able" help:"Let him in again."`

	config.Client `embed:""`
}

// Run changes the account.
func (c *userSetCmd) Run(ctx context.Context, w *world) error {
	var p client.UserPatch
	if c.Group != "" {
		path := "/" + strings.Trim(c.Group, "/")
		p.Group = &path
	}
	if c.Profile != "" {
		p.Profile = &c.Profile
	}
	if c.NoRoles || len(c.Role) > 0 {
		if c.NoRoles && len(c.Role) > 0 {
			return usage(errors.New("give either --role or --no-roles"))
		}
		p.Roles = &c.Role
		if c.NoRoles {
			p.Roles = &[]string{}
		}
	}
	if c.Disable || c.Enable {
		p.Disabled = &c.Disable
	}
	if p == (client.UserPatch{}) {
		return usage(errors.New("say what is to change: --group, --role, --no-roles, --profile, --disable or --enable"))
	}
	return w.Over(c.Client, func(server *client.Client) error {
		u, err := server.ChangeUser(ctx, c.Login, p)
		if err == nil {
			w.print(u, "changed "+printable(u.Login))
		}
		return err
	})
}
