package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"alveary"
	"alveary/app"
	"alveary/config"
)

type userCmd struct {
	Add userAddCmd `cmd:"" help:"Make a user."`
	Set userSetCmd `cmd:"" help:"Change group, roles or profile of a user over the server, or disable him."`
}

type userAddCmd struct {
	config.Place
	Login   string `arg:"" help:"What the user signs in with."`
	Name    string `name:"name" help:"Name to show."`
	Email   string `name:"email" help:"Address for mail."`
	Profile string `name:"profile" enum:"admin,standard,shared" default:"standard" help:"admin, standard or shared (external people)."`
	Group   string `name:"group" placeholder:"PATH" help:"Group, such as /sales/north. The root group if not given."`
	JSON    bool   `name:"json" help:"Print the result as JSON."`
}

// Help says where the password comes from.
func (c *userAddCmd) Help() string {
	return "The password is asked for. Without a terminal it is the first line of standard input."
}

// Run makes the user: through the running server, or in the data folder.
func (c *userAddCmd) Run(ctx context.Context, w *world) error {
	w.json = c.JSON
	if err := c.Complete(w.around()); err != nil {
		return usage(err)
	}
	password, err := w.askSecret(ctx, "Password for "+c.Login+": ")
	if err != nil {
		return usage(errors.New("no password came: give it as the first line of standard input"))
	}
	made, err := app.AddUser(ctx, c.Place, app.NewUser{
		Login: c.Login, Name: c.Name, Email: c.Email, Password: password, Profile: alveary.Profile(c.Profile), Group: c.Group,
	})
	if err != nil {
		return err
	}
	w.print(made, fmt.Sprintf("made the user %s", printable(made.Login)))
	return nil
}

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Make an access token for a user. It is printed once."`
}

type tokenCreateCmd struct {
	config.Place
	User  string        `name:"user" required:"" placeholder:"LOGIN" help:"Whose token it is."`
	Label string        `name:"label" default:"made on the machine" help:"What it is for, as its owner sees it."`
	Life  time.Duration `name:"life" placeholder:"TIME" help:"How long it lasts, such as 720h. For ever if not given."`
	JSON  bool          `name:"json" help:"Print the result as JSON."`
}

// Run makes the token: through the running server, or in the data folder.
func (c *tokenCreateCmd) Run(ctx context.Context, w *world) error {
	w.json = c.JSON
	if err := c.Complete(w.around()); err != nil {
		return usage(err)
	}
	if c.Life < 0 {
		return usage(errors.New("--life must be a time ahead, such as 720h"))
	}
	n := app.NewToken{Login: c.User, Label: c.Label}
	if c.Life > 0 {
		n.Expires = w.now().Add(c.Life)
	}
	made, err := app.CreateToken(ctx, c.Place, n)
	if err != nil {
		return err
	}
	w.print(made, made.Secret)
	return nil
}
