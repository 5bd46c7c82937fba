package main

import "alveary/config"

type configCmd struct {
	JSON bool `name:"json" help:"Print the table as JSON, one option a line."`
}

// Run prints the reference of every option.
func (c *configCmd) Run(w *world) error {
	if !c.JSON {
		return config.Reference(w.stdout)
	}
	w.json = true
	for _, option := range config.Options() {
		w.print(option, "")
	}
	return nil
}
