package main

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"alveary"
	"alveary/client"
	"alveary/cmd/alveary/terminal"
	"alveary/config"
)

// placing is what mv and cp have in common.
type placing struct {
	Paths    []string `arg:"" name:"path" help:"What to take, and last where to put it: a folder, or a new name for a single one."`
	Conflict string   `enum:"fail,replace,rename" default:"fail" placeholder:"WHAT" help:"Where the name is taken: fail, replace what is there, or rename (keep both)."`

	config.Client `embed:""`
}

type mvCmd struct {
	placing `embed:""`
}

// Run moves.
func (c *mvCmd) Run(ctx context.Context, w *world) error {
	return c.each(ctx, w, func(server *client.Client, n client.Node, parent alveary.NodeID, name string) error {
		moved, err := server.Move(ctx, n, parent, name, client.Conflict(c.Conflict))
		if err == nil {
			w.print(moved, "moved "+terminal.Printable(n.Path)+" to "+terminal.Printable(moved.Path))
		}
		return err
	})
}

type cpCmd struct {
	placing `embed:""`
}

// Run copies. A copy that left something out for lack of rights is told and
// counts as done in part.
func (c *cpCmd) Run(ctx context.Context, w *world) error {
	leftOut := 0
	err := c.each(ctx, w, func(server *client.Client, n client.Node, parent alveary.NodeID, name string) error {
		copied, err := server.Copy(ctx, n, parent, name, client.Conflict(c.Conflict))
		if err == nil {
			leftOut += copied.LeftOut
			w.print(copied, "copied "+terminal.Printable(n.Path)+" to "+terminal.Printable(copied.Node.Path))
		}
		return err
	})
	if err == nil && leftOut > 0 {
		return &exitError{exitFailed, fmt.Errorf("left out what you may not copy: %d", leftOut)}
	}
	return err
}

func (c *placing) each(ctx context.Context, w *world, do func(server *client.Client, n client.Node, parent alveary.NodeID, name string) error) error {
	if len(c.Paths) < 2 {
		return usage(errors.New("name what to take, and last where to put it; see alveary mv --help"))
	}
	sources, target := c.Paths[:len(c.Paths)-1], c.Paths[len(c.Paths)-1]
	server, err := w.connect(c.Client)
	if err != nil {
		return err
	}
	defer server.Close()
	parent, name, err := targetOf(ctx, server, len(sources), target)
	if err != nil {
		return err
	}
	for _, source := range sources {
		n, err := server.Stat(ctx, trim(source))
		if err != nil {
			return err
		}
		as := name
		if as == "" {
			as = n.Name
		}
		if err := do(server, n, parent, as); err != nil {
			return err
		}
	}
	return nil
}

// targetOf finds the folder that things go into, and the name that a single
// one takes there; an empty name stands for its own.
func targetOf(ctx context.Context, server *client.Client, sources int, target string) (alveary.NodeID, string, error) {
	clean := trim(target)
	n, err := server.Stat(ctx, clean)
	if err == nil && n.IsFolder() {
		return n.ID, "", nil
	}
	if err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
		return 0, "", err
	}
	above, name := path.Split(clean)
	if sources > 1 || strings.HasSuffix(target, "/") || above == "" {
		return 0, "", &alveary.Error{
			Kind: alveary.KindNotFound, Op: "put into", Subject: clean, Code: "not-found",
			Message: "there is no folder by that name, or you may not see it: make it with alveary mkdir -p",
		}
	}
	folder, err := server.Stat(ctx, trim(above))
	return folder.ID, name, err
}
