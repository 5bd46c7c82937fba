package console

import (
	"context"
	"fmt"
	"strings"

	"alveary/client"
	"alveary/client/people"
	"alveary/config"
)

// Users is what is done with accounts over the server; it is embedded beside
// what can also be done on the machine itself.
type Users struct {
	Ls       userLsCmd       `cmd:"" help:"List or search users: login, profile, group, last sign-in, name."`
	Show     userShowCmd     `cmd:"" help:"Tell all about a user, with his roles in the order in which they count."`
	Set      userSetCmd      `cmd:"" help:"Change a user: name, mail, group, roles, profile, attributes; disable him."`
	Rm       userRmCmd       `cmd:"" aliases:"delete" help:"Delete a user for good; an heir takes his files."`
	Invite   userInviteCmd   `cmd:"" help:"Make a new invitation for somebody who has not chosen a password."`
	Reset    userResetCmd    `cmd:"" help:"Make a link by which a user chooses a new password."`
	Sessions userSessionsCmd `cmd:"" help:"List the sessions of a user."`
	Tokens   userTokensCmd   `cmd:"" help:"List the tokens of a user."`
	Factors  userFactorsCmd  `cmd:"" help:"Show what a user signs in with beside his password."`
	End      userEndCmd      `cmd:"" help:"Sign a user out everywhere: end all his sessions and tokens."`
	Import   userImportCmd   `cmd:"" help:"Make and change users from a CSV file."`
	Export   userExportCmd   `cmd:"" help:"Write all users as CSV."`
}

// onUser does something with the account of a login.
func onUser(ctx context.Context, w Prompt, o config.Client, op, login string, do func(people.People, people.User) error) error {
	return w.Over(o, func(server *client.Client) error {
		p := people.At(server)
		u, err := p.Find(ctx, op, login)
		if err != nil {
			return err
		}
		return do(p, u)
	})
}

// onUserFreshly is onUser for what may take a fresh sign-in.
func onUserFreshly(ctx context.Context, w Prompt, o config.Client, op, login string, do func(people.People, people.User) error) error {
	return onUser(ctx, w, o, op, login, func(p people.People, u people.User) error {
		return Freshly(ctx, w, p.Client, func(server *client.Client) error { return do(people.At(server), u) })
	})
}

type userLsCmd struct {
	Query   string `arg:"" optional:"" help:"Part of a login, name or address."`
	Group   string `name:"group" placeholder:"PATH" help:"Of this group, such as /sales."`
	Beneath bool   `name:"beneath" help:"Of the groups beneath it too."`
	Profile string `name:"profile" enum:",admin,standard,shared" default:"" placeholder:"PROFILE" help:"admin, standard or shared."`
	State   string `name:"state" enum:",active,disabled,never" default:"" placeholder:"STATE" help:"active, disabled, or never (signed in)."`
	Role    string `name:"role" placeholder:"ID" help:"To whom this role is assigned."`

	config.Client `embed:""`
}

// Run lists, page after page.
func (c *userLsCmd) Run(ctx context.Context, w Prompt) error {
	f := people.Filter{Query: c.Query, Group: c.Group, Beneath: c.Beneath, Profile: c.Profile, State: c.State, Role: c.Role}
	if c.Group != "" {
		f.Group = "/" + strings.Trim(c.Group, "/")
	}
	return w.Over(c.Client, func(server *client.Client) error {
		for u, err := range people.At(server).Users(ctx, f) {
			if err != nil {
				return err
			}
			w.Line(u, fmt.Sprintf("%-20s %-8s %-20s %-16s  %s", u.Login, profileOf(u), u.Group.Path, When(u.SignedIn), u.Name))
		}
		return nil
	})
}

func profileOf(u people.User) string {
	if u.Disabled {
		return "disabled"
	}
	return u.Profile
}

type userShowCmd struct {
	Login string `arg:"" help:"Whose account it is."`

	config.Client `embed:""`
}

// Run shows.
func (c *userShowCmd) Run(ctx context.Context, w Prompt) error {
	return onUser(ctx, w, c.Client, "look at the user", c.Login, func(p people.People, row people.User) error {
		u, err := p.User(ctx, row.ID)
		if err != nil {
			return err
		}
		// What only a list tells.
		u.SignedIn, u.SecondFactor = row.SignedIn, row.SecondFactor
		var b strings.Builder
		line := func(name, text string) { fmt.Fprintf(&b, "%-10s %s\n", name, text) }
		line("login", u.Login)
		line("name", Or(u.Name))
		line("mail", Or(u.Email))
		line("profile", u.Profile)
		line("group", u.Group.Path)
		line("created", When(&u.Created))
		line("signed in", When(u.SignedIn))
		state := "password"
		if u.SecondFactor {
			state = "password and second factor"
		}
		if u.Disabled {
			state = "disabled"
		}
		line("sign-in", state)
		for _, name := range sortedKeys(u.Attributes) {
			line("attribute", name+" = "+u.Attributes[name])
		}
		b.WriteString(stack(u.Stack))
		w.Text(u, strings.TrimRight(b.String(), "\n"))
		return nil
	})
}

// stack shows roles in the order in which they count.
func stack(roles []people.Stacked) string {
	var b strings.Builder
	b.WriteString("roles, the last one wins:\n")
	for i, r := range roles {
		fmt.Fprintf(&b, "  %2d  %-28s %s: %s\n", i+1, r.Role, r.Label, r.Why)
	}
	return b.String()
}

type userInviteCmd struct {
	Login string `arg:"" help:"Whom to invite."`

	config.Client `embed:""`
}

// Run invites.
func (c *userInviteCmd) Run(ctx context.Context, w Prompt) error {
	return onUserFreshly(ctx, w, c.Client, "invite", c.Login, func(p people.People, u people.User) error {
		letter, err := p.Invite(ctx, u)
		if err == nil {
			w.Text(letter, "invited "+u.Login+where(letter))
		}
		return err
	})
}

type userResetCmd struct {
	Login string `arg:"" help:"Whose password it is."`

	config.Client `embed:""`
}

// Run makes the link.
func (c *userResetCmd) Run(ctx context.Context, w Prompt) error {
	return onUserFreshly(ctx, w, c.Client, "reset the password of", c.Login, func(p people.People, u people.User) error {
		letter, err := p.Reset(ctx, u)
		if err == nil {
			w.Text(letter, u.Login+" can choose a new password"+where(letter))
		}
		return err
	})
}

// where says how a link reaches whom it is for.
func where(l people.Letter) string {
	switch {
	case l.Link != "":
		return "; pass this link on, it works once:\n" + l.Link
	case l.Mailed:
		return ": a mail is on its way"
	}
	return ""
}

type userSessionsCmd struct {
	Login string `arg:"" help:"Whose sessions they are."`

	config.Client `embed:""`
}

// Run lists.
func (c *userSessionsCmd) Run(ctx context.Context, w Prompt) error {
	return onUser(ctx, w, c.Client, "list the sessions of", c.Login, func(p people.People, u people.User) error {
		sessions, err := p.SessionsOf(ctx, u)
		return PrintEach(w, sessions, err, sessionLine)
	})
}

type userTokensCmd struct {
	Login string `arg:"" help:"Whose tokens they are."`

	config.Client `embed:""`
}

// Run lists.
func (c *userTokensCmd) Run(ctx context.Context, w Prompt) error {
	return onUser(ctx, w, c.Client, "list the tokens of", c.Login, func(p people.People, u people.User) error {
		tokens, err := p.TokensOf(ctx, u)
		return PrintEach(w, tokens, err, tokenLine)
	})
}

type userFactorsCmd struct {
	Login string `arg:"" help:"Whose factors they are."`

	config.Client `embed:""`
}

// Run shows.
func (c *userFactorsCmd) Run(ctx context.Context, w Prompt) error {
	return onUser(ctx, w, c.Client, "look at the factors of", c.Login, func(p people.People, u people.User) error {
		f, err := p.FactorsOf(ctx, u)
		if err == nil {
			w.Text(f, factorLines(f))
		}
		return err
	})
}

type userEndCmd struct {
	Login string `arg:"" help:"Who is to be signed out everywhere."`

	config.Client `embed:""`
}

// Run ends what there is.
func (c *userEndCmd) Run(ctx context.Context, w Prompt) error {
	return onUserFreshly(ctx, w, c.Client, "end the sign-ins of", c.Login, func(p people.People, u people.User) error {
		if err := p.EndSignInsOf(ctx, u); err != nil {
			return err
		}
		w.Line(map[string]string{"login": u.Login}, u.Login+" is signed out everywhere, and his tokens have ended")
		return nil
	})
}

// ResetFactors takes the factors of a user away, over the server.
func ResetFactors(ctx context.Context, w Prompt, o config.Client, login string) error {
	return onUserFreshly(ctx, w, o, "reset the factors of", login, func(p people.People, u people.User) error {
		if err := p.ResetFactorsOf(ctx, u); err != nil {
			return err
		}
		w.Line(map[string]string{"login": u.Login}, FactorsGone(u.Login))
		return nil
	})
}

// FactorsGone says what became of the factors of a user.
func FactorsGone(login string) string {
	return login + " has no second factor any more, and is signed out everywhere"
}
