// Package templates holds the policies that Alveary ships, each with the
// scenario that shows what it does.
//
// It exists so that an administrator begins with a policy that is right and
// edits the hours, networks or sizes in it, instead of with an empty page. The
// policies are data, read by whoever compiles them; nothing is decided here.
//
// Every one refuses by an explicit deny, not by allowing less: a right given on
// a folder beneath would reopen what is merely not allowed (MODEL.md 3.4, 3.6).
//
// Values are made anew by each call and may be changed by the caller. Read this
// file, then any two files of one name in the folder shipped.
package templates

import (
	"bytes"
	"embed"
	"encoding/json"

	"alveary"
)

//go:embed shipped
var shipped embed.FS

// Template is a policy to begin with.
type Template struct {
	ID          string // of the template, and of its policy until the administrator gives another
	Label       string
	Description string // what it does and what to change in it, in plain sentences
	Policy      alveary.Policy
	Scenario    string // a scenario file that names the policy and holds no copy of it (MODEL.md 8)
}

// All are the templates in the order in which a screen lists them.
func All() []Template {
	ids := []string{
		"business-hours", "limited-period", "no-access-after", "only-from-networks", "second-factor-outside",
		"read-no-download", "write-no-delete", "no-large-uploads", "no-sync", "drop-box",
		"hide-by-extension", "confidential-no-download",
	}
	all := make([]Template, len(ids))
	for i, id := range ids {
		all[i] = read(id)
	}
	return all
}

// read panics where a file that is part of the program is broken; a test reads
// them all.
func read(id string) Template {
	t := Template{ID: id, Scenario: string(content(id + ".yaml"))}
	d := json.NewDecoder(bytes.NewReader(content(id + ".json")))
	d.DisallowUnknownFields()
	if err := d.Decode(&t.Policy); err != nil {
		panic(id + ": " + err.Error())
	}
	t.Label, t.Description = t.Policy.Label, t.Policy.Description
	return t
}

func content(name string) []byte {
	text, err := shipped.ReadFile("shipped/" + name)
	if err != nil {
		panic(err)
	}
	return text
}
