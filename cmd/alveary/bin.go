package main

import (
	"context"
	"fmt"

	"alveary"
	"alveary/client"
	"alveary/cmd/alveary/terminal"
	"alveary/config"
)

type binCmd struct {
	Ls      binLsCmd      `cmd:"" help:"List what is in the recycle bin: id, time, and where it was."`
	Restore binRestoreCmd `cmd:"" help:"Put things back to where they were."`
	Empty   binEmptyCmd   `cmd:"" help:"Delete all that is in the bin for good."`
}

type binLsCmd struct {
	config.Client `embed:""`
}

// Run lists the bin.
func (c *binLsCmd) Run(ctx context.Context, w *world) error {
	server, err := w.connect(c.Client)
	if err != nil {
		return err
	}
	defer server.Close()
	for n, err := range server.Binned(ctx) {
		if err != nil {
			return err
		}
		at := when(n.Changed)
		if n.Binned != nil {
			at = when(*n.Binned)
		}
		w.print(n, fmt.Sprintf("%s  %s  %s", n.ID, at, terminal.Printable(n.Path)))
	}
	return nil
}

type binRestoreCmd struct {
	What     []string `arg:"" help:"Id, or path where it was."`
	Conflict string   `enum:"fail,rename" default:"fail" placeholder:"WHAT" help:"Where the name is taken again: fail, or rename (keep both)."`

	config.Client `embed:""`
}

// Run restores. Of several things that were at the same path, the one binned
// last is meant.
func (c *binRestoreCmd) Run(ctx context.Context, w *world) error {
	server, err := w.connect(c.Client)
	if err != nil {
		return err
	}
	defer server.Close()
	for _, what := range c.What {
		n, err := findBinned(ctx, server, trim(what))
		if err != nil {
			return err
		}
		restored, err := server.Restore(ctx, n, client.Conflict(c.Conflict))
		if err != nil {
			return err
		}
		w.print(restored, "restored "+terminal.Printable(restored.Path))
	}
	return nil
}

func findBinned(ctx context.Context, server *client.Client, what string) (found client.Node, err error) {
	for n, err := range server.Binned(ctx) {
		switch {
		case err != nil:
			return found, err
		case n.ID.String() == what:
			return n, nil
		case n.Path == what && (found.ID == 0 || n.Binned != nil && found.Binned != nil && n.Binned.After(*found.Binned)):
			found = n
		}
	}
	if found.ID == 0 {
		return found, &alveary.Error{Kind: alveary.KindNotFound, Op: "restore", Subject: what, Code: "not-found", Message: "there is nothing by that id or path in the bin: alveary bin ls shows what is"}
	}
	return found, nil
}

type binEmptyCmd struct {
	Yes bool `short:"y" help:"Do not ask."`

	config.Client `embed:""`
}

// Run empties the bin.
func (c *binEmptyCmd) Run(ctx context.Context, w *world) error {
	server, err := w.connect(c.Client)
	if err != nil {
		return err
	}
	defer server.Close()
	if !c.Yes {
		if err := w.confirm(ctx, "Delete all that is in the bin for good?"); err != nil {
			return err
		}
	}
	out, err := server.EmptyBin(ctx)
	if err != nil {
		return err
	}
	w.print(out, fmt.Sprintf("deleted for good: %d; kept, because you may not delete it: %d", out.Deleted, out.Kept))
	return nil
}
