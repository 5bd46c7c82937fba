package console

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"alveary"
	"alveary/client"
	"alveary/client/people"
	"alveary/config"
)

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// AddUser makes an account over the server. The ask gives the password, and is
// not called where the user is invited.
func AddUser(ctx context.Context, w Prompt, o config.Client, n people.NewUser, ask func() (string, error)) error {
	return w.Over(o, func(server *client.Client) (err error) {
		if !n.Invite {
			if n.Password, err = ask(); err != nil {
				return err
			}
		}
		return Freshly(ctx, w, server, func(server *client.Client) error {
			made, err := people.At(server).AddUser(ctx, n)
			if err != nil {
				return err
			}
			w.Text(made, "made the user "+made.User.Login+where(made.Letter))
			return nil
		})
	})
}

type userSetCmd struct {
	Login     string            `arg:"" help:"Whose account it is."`
	Name      *string           `name:"name" help:"Name to show; empty to take it away."`
	Email     *string           `name:"email" help:"Address for mail; empty to take it away."`
	Group     string            `name:"group" placeholder:"PATH" help:"Move him to this group, such as /sales/north."`
	Role      []string          `name:"role" placeholder:"ID" help:"The roles assigned to him, in order and in place of those before; may be given again."`
	NoRoles   bool              `name:"no-roles" help:"Take all assigned roles away."`
	Profile   string            `name:"profile" enum:",admin,standard,shared" default:"" placeholder:"PROFILE" help:"admin, standard or shared (external people)."`
	Attribute map[string]string `name:"attribute" placeholder:"NAME=VALUE" help:"What policies read as User:NAME; empty to take it away. May be given again; others stay."`
	Disable   bool              `name:"disable" xor:"able" help:"Let him in no more."`
	Enable    bool              `name:"enable" xor:"able" help:"Let him in again."`

	config.Client `embed:""`
}

// Run changes the account.
func (c *userSetCmd) Run(ctx context.Context, w Prompt) error {
	p := people.UserPatch{Name: c.Name, Email: c.Email}
	if c.Group != "" {
		path := "/" + strings.Trim(c.Group, "/")
		p.Group = &path
	}
	if c.Profile != "" {
		p.Profile = &c.Profile
	}
	switch {
	case c.NoRoles && len(c.Role) > 0:
		return w.Usage(errors.New("give either --role or --no-roles"))
	case c.NoRoles:
		p.Roles = &[]string{}
	case len(c.Role) > 0:
		p.Roles = &c.Role
	}
	if c.Disable || c.Enable {
		p.Disabled = &c.Disable
	}
	if p == (people.UserPatch{}) && len(c.Attribute) == 0 {
		return w.Usage(errors.New("say what is to change: --name, --email, --group, --role, --no-roles, --profile, --attribute, --disable or --enable"))
	}
	return onUser(ctx, w, c.Client, "change the user", c.Login, func(at people.People, u people.User) error {
		if err := c.attributes(ctx, at, u, &p); err != nil {
			return err
		}
		return Freshly(ctx, w, at.Client, func(server *client.Client) error {
			is, err := people.At(server).ChangeUser(ctx, u, p)
			if err == nil {
				w.Line(is, "changed "+is.Login)
			}
			return err
		})
	})
}

// attributes puts those that were given among those that there are, since the
// server takes them all at once.
func (c *userSetCmd) attributes(ctx context.Context, at people.People, u people.User, p *people.UserPatch) error {
	if len(c.Attribute) == 0 {
		return nil
	}
	now, err := at.User(ctx, u.ID)
	if err != nil {
		return err
	}
	all := map[string]string{}
	maps.Copy(all, now.Attributes)
	for name, value := range c.Attribute {
		if all[name] = value; value == "" {
			delete(all, name)
		}
	}
	p.Attributes = &all
	return nil
}

type userRmCmd struct {
	Login string `arg:"" help:"Whose account it is."`
	Heir  string `name:"heir" placeholder:"LOGIN" help:"Who takes his files; needed where he has any."`
	Yes   bool   `name:"yes" help:"Do not ask."`

	config.Client `embed:""`
}

// Help tells what the flags cannot.
func (*userRmCmd) Help() string {
	return `What goes with the user is shown first. His files move to a folder of the heir;
nothing of them is lost. His sessions, tokens and unfinished uploads end, and so do
the entries of his own role. Teams that nobody else manages go to another member. To keep somebody out and
keep all this, disable him: alveary user set LOGIN --disable.`
}

// Run deletes the account, after it was shown what goes with it.
func (c *userRmCmd) Run(ctx context.Context, w Prompt) error {
	return onUser(ctx, w, c.Client, "delete the user", c.Login, func(p people.People, u people.User) error {
		goes, err := p.Leaving(ctx, u)
		if err != nil {
			return err
		}
		if goes.HasFiles() && c.Heir == "" {
			return &alveary.Error{
				Kind: alveary.KindConflict, Op: "delete the user", Subject: u.Login, Code: "heir-needed",
				Message: leavingText(goes) + "; say with --heir who takes the files",
			}
		}
		heir, question := people.User{}, "Delete "+u.Login+" for good? "+leavingText(goes)+"."
		if c.Heir != "" {
			if heir, err = p.Find(ctx, "delete the user", c.Heir); err != nil {
				return err
			}
			question += " " + heir.Login + " takes the files."
		}
		if err := Confirm(ctx, w, c.Yes, question); err != nil {
			return err
		}
		return Freshly(ctx, w, p.Client, func(server *client.Client) error {
			if err := people.At(server).DeleteUser(ctx, u, heir.ID); err != nil {
				return err
			}
			w.Line(map[string]any{"deleted": u.Login, "heir": heir.Login, "went": goes}, "deleted "+u.Login+": "+leavingText(goes))
			return nil
		})
	})
}

// leavingText says what goes with an account.
func leavingText(l people.Leaving) string {
	var parts []string
	add := func(n int64, one, many string) {
		if n > 0 {
			parts = append(parts, Count(n, one, many))
		}
	}
	add(l.Files, "file", "files")
	add(l.Folders, "folder", "folders")
	if l.Binned > 0 && len(parts) > 0 {
		parts[len(parts)-1] += fmt.Sprintf(" (%d of all in the bin)", l.Binned)
	}
	add(l.Entries, "entry", "entries")
	add(l.Tokens, "token", "tokens")
	add(l.Sessions, "session", "sessions")
	add(l.Uploads, "unfinished upload", "unfinished uploads")
	add(int64(len(l.Teams)), "team", "teams")
	add(l.Cells, "Cell", "Cells")
	add(l.Links, "link", "links")
	if len(parts) == 0 {
		parts = append(parts, "nothing")
	}
	text := strings.Join(parts, ", ") + " " + map[bool]string{true: "goes", false: "go"}[len(parts) == 1 && (parts[0] == "nothing" || strings.HasPrefix(parts[0], "1 "))] + " with the account"
	if len(l.Policies) > 0 {
		text += fmt.Sprintf("; these policies name it: %s", strings.Join(l.Policies, ", "))
	}
	return text
}
