package main

import (
	"context"
	"errors"
	"path"

	"alveary"
	"alveary/client"
	"alveary/cmd/alveary/terminal"
	"alveary/config"
)

type mkdirCmd struct {
	Path    []string `arg:"" help:"WORKSPACE/path of the new folder."`
	Parents bool     `short:"p" help:"Make the folders above it too, and be content with one that is there."`

	config.Client `embed:""`
}

// Run makes folders.
func (c *mkdirCmd) Run(ctx context.Context, w *world) error {
	server, err := w.connect(c.Client)
	if err != nil {
		return err
	}
	defer server.Close()
	for _, remote := range c.Path {
		n, err := c.make(ctx, server, trim(remote))
		if err != nil {
			return err
		}
		w.print(n, "made "+terminal.Printable(n.Path))
	}
	return nil
}

func (c *mkdirCmd) make(ctx context.Context, server *client.Client, remote string) (client.Node, error) {
	if c.Parents {
		return server.MkdirAll(ctx, remote)
	}
	above, name := path.Split(remote)
	if above == "" {
		return client.Node{}, usage(errors.New("workspaces are made by administrators: name a folder as WORKSPACE/name"))
	}
	parent, err := server.Stat(ctx, trim(above))
	if alveary.IsKind(err, alveary.KindNotFound) {
		return client.Node{}, &alveary.Error{
			Kind: alveary.KindNotFound, Op: "make the folder", Subject: remote, Code: "not-found",
			Message: "there is no folder " + trim(above) + ", or you may not see it: mkdir -p makes it too",
		}
	}
	if err != nil {
		return client.Node{}, err
	}
	n, _, err := server.Mkdir(ctx, parent.ID, name, client.Fail)
	return n, err
}
