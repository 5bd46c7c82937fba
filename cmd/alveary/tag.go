package main

import (
	"context"
	"errors"
	"strings"

	"alveary/client"
	"alveary/cmd/alveary/terminal"
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
			w.print(n, terminal.Printable(strings.Join(n.Metadata[c.Namespace], ", ")))
		}
		return err
	})
}
