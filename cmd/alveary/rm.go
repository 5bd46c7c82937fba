package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"alveary/client"
	"alveary/cmd/alveary/console"
	"alveary/cmd/alveary/terminal"
	"alveary/config"
)

type rmCmd struct {
	Path    []string `arg:"" help:"WORKSPACE/path."`
	Forever bool     `help:"Delete for good, past the recycle bin. Asks first."`
	Yes     bool     `short:"y" help:"Do not ask."`

	config.Client `embed:""`
}

// Run moves to the bin or deletes. Everything is found before anything is
// touched, so that a misspelt path stops it in time.
func (c *rmCmd) Run(ctx context.Context, w *world) error {
	server, err := w.connect(c.Client)
	if err != nil {
		return err
	}
	defer server.Close()
	nodes := make([]client.Node, len(c.Path))
	for i, remote := range c.Path {
		if nodes[i], err = server.Stat(ctx, trim(remote)); err != nil {
			return err
		}
	}
	if c.Forever && !c.Yes {
		if err := w.confirm(ctx, question(nodes)); err != nil {
			return err
		}
	}
	for _, n := range nodes {
		did, remove := "moved to the bin: ", server.Bin
		if c.Forever {
			did, remove = "deleted for good: ", server.Delete
		}
		if err := remove(ctx, n); err != nil {
			return err
		}
		w.print(n, did+terminal.Printable(n.Path))
	}
	return nil
}

func question(nodes []client.Node) string {
	if len(nodes) == 1 {
		what := ""
		if nodes[0].IsFolder() {
			what = " and all that is in it"
		}
		return fmt.Sprintf("Delete %s%s for good?", terminal.Printable(nodes[0].Path), what)
	}
	return fmt.Sprintf("Delete %d things, and all that is in them, for good?", len(nodes))
}

// confirm asks before something that cannot be undone.
func (w *world) confirm(ctx context.Context, question string) error {
	if !w.Interactive() {
		return usage(errors.New("this cannot be undone and there is no terminal to ask on: give --yes if it is meant"))
	}
	answer, err := w.Ask(ctx, question+" [y/N] ")
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if !console.Yes(answer) {
		return &exitError{exitFailed, errors.New("nothing was deleted")}
	}
	return nil
}
