package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"alveary"
	"alveary/client"
	"alveary/client/people"
	"alveary/config"
)

// Settings keeps the settings of the house.
type Settings struct {
	Show     settingsShowCmd `cmd:"" help:"Show the settings."`
	Set      settingsSetCmd  `cmd:"" help:"Change settings."`
	TestMail settingsTestCmd `cmd:"" help:"Send a mail to see whether the settings of mail are right."`
}

// parts of the settings, and what of them a server tells and does not take.
var (
	parts = []string{"organisation", "sign-in", "mail"}
	told  = []string{"passwordSet", "waiting", "failure", "links"}
)

const mailPassword = "mail.password"

type settingsShowCmd struct {
	Part []string `arg:"" optional:"" enum:"organisation,sign-in,mail" help:"organisation, sign-in or mail; all if not given."`

	config.Client `embed:""`
}

// Run shows, a line for each setting as set takes it.
func (c *settingsShowCmd) Run(ctx context.Context, w Prompt) error {
	wanted := c.Part
	if len(wanted) == 0 {
		wanted = parts
	}
	return w.Over(c.Client, func(server *client.Client) error {
		for _, part := range wanted {
			s, err := people.At(server).Settings(ctx, part)
			if err != nil {
				return err
			}
			var lines []string
			for _, name := range slices.Sorted(maps.Keys(s)) {
				if name != "$schema" {
					lines = append(lines, fmt.Sprintf("%s.%s=%v", part, name, s[name]))
				}
			}
			w.Text(map[string]any{part: s}, strings.Join(lines, "\n"))
		}
		return nil
	})
}

type settingsSetCmd struct {
	Value []string `arg:"" help:"NAME=VALUE, such as sign-in.minPassword=14; mail.password alone."`

	config.Client `embed:""`
}

// Help tells what the flags cannot.
func (*settingsSetCmd) Help() string {
	return `The names are those that settings show prints. The password of the mail server is
not given on the command line, which every user of a machine can read: write
mail.password alone, and it is taken from ALVEARY_MAIL_PASSWORD, or asked for, or
the first line of standard input.`
}

// Run changes: a part of the settings at a time, as a whole.
func (c *settingsSetCmd) Run(ctx context.Context, w Prompt) error {
	wanted := map[string]map[string]string{}
	for _, text := range c.Value {
		name, value, given := strings.Cut(text, "=")
		part, key, ok := strings.Cut(name, ".")
		switch {
		case !ok || !slices.Contains(parts, part):
			return w.Usage(fmt.Errorf("%s is no setting: run alveary settings show to see them", name))
		case name == mailPassword && given && value != "":
			return w.Usage(errors.New("write mail.password alone: every user of this machine can read a command line"))
		case name == mailPassword && !given:
			password, err := c.password(ctx, w)
			if err != nil {
				return err
			}
			value = password
		case !given:
			return w.Usage(fmt.Errorf("give %s a value: %s=VALUE", name, name))
		}
		if wanted[part] == nil {
			wanted[part] = map[string]string{}
		}
		wanted[part][key] = value
	}
	return w.Over(c.Client, func(server *client.Client) error {
		return Freshly(ctx, w, server, func(server *client.Client) error {
			for _, part := range parts {
				if len(wanted[part]) == 0 {
					continue
				}
				if err := change(ctx, w, server, part, wanted[part]); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func (*settingsSetCmd) password(ctx context.Context, w Prompt) (string, error) {
	if password := w.Getenv("ALVEARY_MAIL_PASSWORD"); password != "" {
		return password, nil
	}
	password, err := w.Secret(ctx, "Password at the mail server: ")
	if errors.Is(err, io.EOF) {
		err = w.Usage(errors.New("no password came: set ALVEARY_MAIL_PASSWORD, or give it as the first line of standard input"))
	}
	return password, err
}

func change(ctx context.Context, w Prompt, server *client.Client, part string, wanted map[string]string) error {
	s, err := people.At(server).Settings(ctx, part)
	if err != nil {
		return err
	}
	maps.DeleteFunc(s, func(name string, _ any) bool { return name == "$schema" || slices.Contains(told, name) })
	for name, text := range wanted {
		was, known := s[name]
		if part+"."+name == mailPassword {
			was, known = "", true
		}
		if !known {
			return w.Usage(fmt.Errorf("%s.%s is no setting; there are %s", part, name, strings.Join(slices.Sorted(maps.Keys(s)), ", ")))
		}
		if s[name], err = typed(was, text); err != nil {
			return w.Usage(fmt.Errorf("%s.%s: %w", part, name, err))
		}
	}
	if s["security"] == "" { // of mail that was never set up
		delete(s, "security")
	}
	if err = people.At(server).SetSettings(ctx, part, s); err == nil {
		delete(s, "password")
		w.Line(map[string]any{part: s}, "changed "+part)
	}
	return err
}

// typed reads a value as what the setting is now.
func typed(was any, text string) (any, error) {
	switch was.(type) {
	case bool:
		value, err := strconv.ParseBool(text)
		if err != nil {
			return nil, errors.New("is true or false")
		}
		return value, nil
	case float64:
		value, err := strconv.Atoi(text)
		if err != nil {
			return nil, errors.New("is a number")
		}
		return value, nil
	}
	return text, nil
}

type settingsTestCmd struct {
	To string `arg:"" help:"Address to send it to."`

	config.Client `embed:""`
}

// Run tries.
func (c *settingsTestCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		return Freshly(ctx, w, server, func(server *client.Client) error {
			failure, err := people.At(server).TestMail(ctx, c.To)
			if err != nil {
				return err
			}
			if failure != "" {
				return &alveary.Error{Kind: alveary.KindUnavailable, Op: "send a test mail to", Subject: c.To, Code: "mail", Message: failure}
			}
			w.Line(map[string]any{"sent": c.To}, "sent a mail to "+c.To)
			return nil
		})
	})
}

// Lock shows and lifts what failed sign-ins have brought about.
type Lock struct {
	Ls   lockLsCmd   `cmd:"" help:"List accounts and addresses with failed sign-ins."`
	Lift lockLiftCmd `cmd:"" help:"Forget failed sign-ins of an account or from an address."`
}

type lockLsCmd struct {
	config.Client `embed:""`
}

// Run lists.
func (c *lockLsCmd) Run(ctx context.Context, w Prompt) error {
	return list(ctx, w, c.Client, people.People.Locks, func(l people.Lock) string {
		state := "counted"
		switch {
		case l.Until != nil:
			state = "shut until " + l.Until.Local().Format("15:04:05")
		case l.Captcha:
			state = "proof of work wanted"
		}
		return fmt.Sprintf("%-8s %-28s %5d failures, last %s  %s", l.Kind, lockName(l), l.Failures, When(&l.Last), state)
	})
}

// lockName is what people know a lock by.
func lockName(l people.Lock) string {
	switch {
	case l.Kind == "address":
		return l.Address
	case l.Login != "":
		return l.Login
	}
	return l.ID
}

type lockLiftCmd struct {
	Name []string `arg:"" name:"login-or-address" help:"As ls shows it."`

	config.Client `embed:""`
}

// Run lifts.
func (c *lockLiftCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		p := people.At(server)
		locks, err := p.Locks(ctx)
		if err != nil {
			return err
		}
		for _, name := range c.Name {
			at := slices.IndexFunc(locks, func(l people.Lock) bool { return strings.EqualFold(lockName(l), name) || l.ID == name })
			if at < 0 {
				return &alveary.Error{Kind: alveary.KindNotFound, Op: "lift the lock", Subject: name, Code: "not-found", Message: "there are no failed sign-ins of it"}
			}
			err := Freshly(ctx, w, server, func(server *client.Client) error { return people.At(server).LiftLock(ctx, locks[at]) })
			if err != nil {
				return err
			}
			w.Line(map[string]string{"lifted": name}, "forgot the failed sign-ins of "+name)
		}
		return nil
	})
}
