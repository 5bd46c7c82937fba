package main

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"alveary"
	"alveary/client"
	"alveary/cmd/alveary/terminal"
	"alveary/config"
)

type lsCmd struct {
	Path      []string `arg:"" optional:"" help:"WORKSPACE/path; without one, the workspaces."`
	Long      bool     `short:"l" help:"Show type, size, time and owner too."`
	Recursive bool     `short:"R" help:"List what lies beneath, too."`

	config.Client `embed:""`
}

// Run lists.
func (c *lsCmd) Run(ctx context.Context, w *world) error {
	server, err := w.connect(c.Client)
	if err != nil {
		return err
	}
	defer server.Close()
	if len(c.Path) == 0 {
		return c.workspaces(ctx, w, server)
	}
	for _, remote := range c.Path {
		remote = trim(remote)
		if err := c.path(ctx, w, server, remote); err != nil {
			return err
		}
	}
	return nil
}

func (c *lsCmd) workspaces(ctx context.Context, w *world, server *client.Client) error {
	spaces, err := server.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, space := range spaces {
		line := terminal.Printable(space.Slug)
		if c.Long {
			line = fmt.Sprintf("%-20s %s", line, terminal.Printable(space.Label))
		}
		w.print(space, line)
		if c.Recursive {
			if err := c.path(ctx, w, server, space.Slug); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *lsCmd) path(ctx context.Context, w *world, server *client.Client, remote string) error {
	n, err := server.Stat(ctx, remote)
	if alveary.IsKind(err, alveary.KindNotFound) && !strings.Contains(remote, "/") {
		return c.parts(ctx, w, server, remote, err)
	}
	if err != nil {
		return err
	}
	if !n.IsFolder() {
		c.show(w, n, n.Path)
		return nil
	}
	return c.children(ctx, w, server, server.List(ctx, n), c.prefix(n), 0)
}

// prefix is what names are shown beneath: with several paths, or with all that
// lies beneath, a bare name would not say where it is.
func (c *lsCmd) prefix(n client.Node) string {
	if c.Recursive || len(c.Path) > 1 {
		return n.Path + "/"
	}
	return ""
}

// parts lists a workspace whose root may not be read: what of it may be seen.
func (c *lsCmd) parts(ctx context.Context, w *world, server *client.Client, slug string, missing error) error {
	spaces, err := server.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, space := range spaces {
		if space.Slug != slug || len(space.Roots) == 0 {
			continue
		}
		roots := func(yield func(client.Node, error) bool) {
			for _, n := range space.Roots {
				if !yield(n, nil) {
					return
				}
			}
		}
		return c.children(ctx, w, server, roots, c.prefix(client.Node{Path: slug}), 0)
	}
	return missing
}

func (c *lsCmd) children(ctx context.Context, w *world, server *client.Client, nodes iter.Seq2[client.Node, error], prefix string, depth int) error {
	for n, err := range nodes {
		if err != nil {
			return err
		}
		c.show(w, n, prefix+n.Name)
		if c.Recursive && n.IsFolder() && depth < alveary.MaxDepth {
			if err := c.children(ctx, w, server, server.List(ctx, n), prefix+n.Name+"/", depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *lsCmd) show(w *world, n client.Node, name string) {
	line := terminal.Printable(name)
	if n.IsFolder() {
		line += "/"
	}
	if c.Long {
		size, owner := humanize.IBytes(uint64(max(0, n.Size))), "-"
		if n.IsFolder() {
			size = "-"
		}
		if n.Owner != nil {
			owner = terminal.Printable(n.Owner.Login)
		}
		line = fmt.Sprintf("%10s  %s  %-12s %s", size, when(n.MTime), owner, line)
	}
	w.print(n, line)
}

func when(t time.Time) string {
	if t.IsZero() {
		return "-               "
	}
	return t.Local().Format("2006-01-02 15:04")
}

// trim takes off the slash that a folder may be written with.
func trim(remote string) string {
	if cut := strings.TrimRight(remote, "/"); cut != "" {
		return cut
	}
	return remote
}
