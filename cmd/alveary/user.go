package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"alveary"
	"alveary/app"
	"alveary/client/people"
	"alveary/cmd/alveary/console"
	"alveary/cmd/alveary/terminal"
	"alveary/config"
)

type userCmd struct {
	Add          userAddCmd     `cmd:"" help:"Make a user."`
	ResetFactors resetFactorCmd `cmd:"" help:"Take the second factors of a user away, so that he can set up new ones."`

	console.Users
}

type userAddCmd struct {
	Login     string            `arg:"" help:"What the user signs in with."`
	Name      string            `name:"name" help:"Name to show."`
	Email     string            `name:"email" aliases:"mail" help:"Address for mail."`
	Profile   string            `name:"profile" enum:"admin,standard,shared" default:"standard" help:"admin, standard or shared (external people)."`
	Group     string            `name:"group" placeholder:"PATH" help:"Group, such as /sales/north. The root group if not given."`
	Role      []string          `name:"role" placeholder:"ID" help:"A role to assign, over the server; may be given again, in order."`
	Attribute map[string]string `name:"attribute" placeholder:"NAME=VALUE" help:"What policies read as User:NAME, over the server; may be given again."`
	Invite    bool              `name:"invite" help:"Let the user choose a password by a link, over the server: by mail, or printed."`
	FromStdin bool              `name:"password-stdin" help:"Read the password from standard input without asking."`

	config.Place
	config.Client `embed:""`
}

// Help says where the password comes from, and where the user is made.
func (c *userAddCmd) Help() string {
	return `With --data, or its variable or setting, the user is made on the machine itself:
through the running server, or in the data folder. Else he is made over the server
that you are signed in to; if there is none, in the default data folder.
The password is asked for. Without a terminal it is the first line of standard
input. With --invite there is none.`
}

// Run makes the user, there or here.
func (c *userAddCmd) Run(ctx context.Context, w *world) error {
	ask := func() (string, error) { return c.password(ctx, w) }
	if !w.here(&c.Place, c.Client) {
		return console.AddUser(ctx, w, c.Client, people.NewUser{
			Login: c.Login, Name: c.Name, Email: c.Email, Profile: c.Profile, Group: c.Group, Roles: c.Role, Attributes: c.Attribute, Invite: c.Invite,
		}, ask)
	}
	w.json = c.JSON
	if c.Invite || len(c.Role)+len(c.Attribute) > 0 {
		return usage(errors.New("--invite, --role and --attribute need a server that you are signed in to: leave --data out"))
	}
	if err := c.Place.Complete(w.around()); err != nil {
		return usage(err)
	}
	password, err := ask()
	if err != nil {
		return err
	}
	made, err := app.AddUser(ctx, c.Place, app.NewUser{
		Login: c.Login, Name: c.Name, Email: c.Email, Password: password, Profile: alveary.Profile(c.Profile), Group: c.Group,
	})
	if err != nil {
		return err
	}
	w.print(made, fmt.Sprintf("made the user %s", terminal.Printable(made.Login)))
	return nil
}

func (c *userAddCmd) password(ctx context.Context, w *world) (password string, err error) {
	if c.FromStdin {
		password, err = w.ReadLine(ctx)
	} else {
		password, err = w.Secret(ctx, "Password for "+c.Login+": ")
	}
	if err != nil {
		err = usage(errors.New("no password came: give it as the first line of standard input"))
	}
	return password, err
}

// here says whether a command that can work on the machine itself is to: where
// a data folder is named, or no server is known.
func (w *world) here(p *config.Place, o config.Client) bool {
	if p.Data != "" {
		return true
	}
	o.Complete(w.around())
	_, _, err := w.key(o)
	return err != nil && o.URL == ""
}

type resetFactorCmd struct {
	Login string `arg:"" help:"Whose factors they are."`

	config.Place
	config.Client `embed:""`
}

// Help says where it is done.
func (*resetFactorCmd) Help() string {
	return `With --data, or its variable or setting, it is done on the machine itself, which is
the only way for the factors of an administrator. Else it is done over the server
that you are signed in to. The user is signed out everywhere.`
}

// Run resets, there or here.
func (c *resetFactorCmd) Run(ctx context.Context, w *world) error {
	if !w.here(&c.Place, c.Client) {
		return console.ResetFactors(ctx, w, c.Client, c.Login)
	}
	w.json = c.JSON
	if err := c.Place.Complete(w.around()); err != nil {
		return usage(err)
	}
	done, err := app.ResetFactors(ctx, c.Place, app.Account{Login: c.Login})
	if err != nil {
		return err
	}
	w.print(done, terminal.Printable(console.FactorsGone(done.Login)))
	return nil
}

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Make an access token. It is printed once."`

	console.Tokens
}

type tokenCreateCmd struct {
	User    string        `name:"user" placeholder:"LOGIN" help:"Whose token it is: on the machine itself. Without it, it is yours."`
	Label   string        `name:"label" help:"What it is for, as its owner sees it."`
	Life    time.Duration `name:"life" placeholder:"TIME" xor:"end" help:"How long it lasts, such as 720h. For ever if not given."`
	Expires time.Time     `name:"expires" format:"2006-01-02T15:04:05Z07:00" placeholder:"TIME" xor:"end" help:"When it ends, such as 2027-01-31T18:00:00Z."`
	Reach   string        `name:"reach" enum:",all,write,read" default:"" placeholder:"REACH" help:"all (everything you may do), write (files: reading and changing) or read (files: reading)."`
	Folder  string        `name:"folder" placeholder:"WORKSPACE/path" help:"This folder and everything beneath it alone."`
	Gateway []string      `name:"gateway" placeholder:"NAME" help:"This gateway alone, such as rest; may be given again."`

	config.Place
	config.Client `embed:""`
}

// Help tells what the flags cannot.
func (*tokenCreateCmd) Help() string {
	return `A token of your own takes your password, and a code where you have a second factor:
they are asked for, or are the first lines of standard input. --reach, --folder and
--gateway confine it. With --user it is made on the machine itself: through the
running server, or in the data folder.`
}

// Run makes the token: over the server for oneself, or here for anybody.
func (c *tokenCreateCmd) Run(ctx context.Context, w *world) error {
	w.json = c.JSON
	if c.Life < 0 {
		return usage(errors.New("--life must be a time ahead, such as 720h"))
	}
	if c.Life > 0 {
		c.Expires = w.now().Add(c.Life)
	}
	if c.User == "" {
		return c.own(ctx, w)
	}
	if c.Reach != "" || c.Folder != "" || len(c.Gateway) > 0 {
		return usage(errors.New("--reach, --folder and --gateway are for a token of your own: leave --user out"))
	}
	if err := c.Place.Complete(w.around()); err != nil {
		return usage(err)
	}
	if c.Label == "" {
		c.Label = "made on the machine"
	}
	made, err := app.CreateToken(ctx, c.Place, app.NewToken{Login: c.User, Label: c.Label, Expires: c.Expires})
	if err != nil {
		return err
	}
	w.print(made, made.Secret)
	return nil
}

func (c *tokenCreateCmd) own(ctx context.Context, w *world) error {
	if c.Label == "" {
		return usage(errors.New("say with --label what the token is for; on the machine itself, say with --user whose it is"))
	}
	return console.AddToken(ctx, w, c.Client, console.TokenWish{
		Label: c.Label, Expires: c.Expires, Reach: c.Reach, Folder: c.Folder, Gateways: c.Gateway,
	})
}
