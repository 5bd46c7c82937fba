package main

import (
	"context"

	"alveary/app"
	"alveary/config"
)

type serveCmd struct{ config.Serve }

// Run serves until the process is told to stop.
func (c *serveCmd) Run(ctx context.Context, w *world) error {
	if err := c.Complete(w.around()); err != nil {
		return usage(err)
	}
	return app.Serve(ctx, c.Serve, w.stdout, w.stderr, version)
}

type demoCmd struct{ config.Place }

// Run fills a new installation with a small organisation.
func (c *demoCmd) Run(ctx context.Context, w *world) error {
	if err := c.Complete(w.around()); err != nil {
		return usage(err)
	}
	return app.Demo(ctx, c.Place, w.stdout)
}
