package main

import (
	"context"
	"fmt"

	"alveary/app"
	"alveary/cmd/alveary/terminal"
	"alveary/config"
)

type doctorCmd struct {
	config.Place
	Deep bool `name:"deep" help:"Read every content and compare its digest. Takes as long as reading all of them."`
	JSON bool `name:"json" help:"Print the report as JSON."`
}

// Run examines the installation and ends with 1 where something is wrong.
func (c *doctorCmd) Run(ctx context.Context, w *world) error {
	w.json = c.JSON
	if err := c.Complete(w.around()); err != nil {
		return usage(err)
	}
	report, err := app.Doctor(ctx, c.Place, app.Examination{Deep: c.Deep})
	if err != nil {
		return err
	}
	text := ""
	for _, finding := range report.Findings {
		text += terminal.Printable(finding) + "\n"
	}
	text += fmt.Sprintf("%d contents examined, %d findings", report.Contents, len(report.Findings))
	w.print(report, text)
	if len(report.Findings) > 0 {
		return &exitError{code: exitFailed}
	}
	return nil
}
