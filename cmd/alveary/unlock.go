package main

import (
	"context"
	"fmt"
	"strings"

	"alveary/app"
	"alveary/cmd/alveary/terminal"
	"alveary/config"
)

type unlockCmd struct {
	config.Place
	NewKey bool `name:"new-key" help:"Begin with a new secret key where the old one is lost for good. Authenticator apps and the password of the mail server are then set up anew."`
	JSON   bool `name:"json" help:"Print the result as JSON."`
}

// Help tells what the flags cannot.
func (*unlockCmd) Help() string {
	return `For the day on which policies keep every administrator out. Policies of the types
rest and oidc that people made are switched off, and those that came with Alveary
are as they came. Everything else stays, and so does the history of each policy.
It is put on record in the audit log.

With --new-key nothing of that is done: the server begins anew with another secret
key, for the day on which the file of the key is lost for good.`
}

// Run unlocks: through the running server, or in the data folder.
func (c *unlockCmd) Run(ctx context.Context, w *world) error {
	w.json = c.JSON
	if err := c.Complete(w.around()); err != nil {
		return usage(err)
	}
	if c.NewKey {
		done, err := app.RenewKey(ctx, c.Place)
		if err != nil {
			return err
		}
		w.print(done, fmt.Sprintf("the next start makes a new secret key; %d authenticator apps must be set up anew", done.Seeds))
		return nil
	}
	done, err := app.Unlock(ctx, c.Place)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, p := range done.Policies {
		fmt.Fprintf(&b, "%s %s\n", terminal.Printable(named(string(p.Policy), p.Label)), p.Did)
	}
	fmt.Fprintf(&b, "%d policies changed", len(done.Policies))
	w.print(done, b.String())
	return nil
}
