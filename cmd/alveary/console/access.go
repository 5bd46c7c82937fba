package console

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"alveary/client"
	"alveary/config"
)

// Entry keeps ACL entries.
type Entry struct {
	Ls  entryLsCmd  `cmd:"" help:"List the entries: id, role, what it holds, and where."`
	Add entryAddCmd `cmd:"" help:"Make an entry."`
	Rm  entryRmCmd  `cmd:"" help:"Delete entries."`
}

type entryLsCmd struct {
	Role   string `name:"role" placeholder:"ID" help:"Of this role alone."`
	Policy string `name:"policy" placeholder:"ID" help:"Naming this policy alone."`

	config.Client `embed:""`
}

// Run lists.
func (c *entryLsCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		entries, err := server.Entries(ctx, c.Role, c.Policy)
		return PrintEach(w, entries, err, entryLine)
	})
}

func entryLine(e client.Entry) string {
	holds, where := strings.Join(e.Rights, ","), e.Path
	switch {
	case e.Deny:
		holds = "deny"
	case len(e.Policies) > 0:
		holds = "policies " + strings.Join(e.Policies, ",")
	case holds == "":
		holds = "nothing"
	}
	if e.Template != "" {
		where = "template path " + e.Template
	}
	if e.Expires != nil {
		where += " until " + e.Expires.Local().Format(time.RFC3339)
	}
	return fmt.Sprintf("%s  %-28s %-12s %s", e.ID, e.Role, holds, where)
}

type entryAddCmd struct {
	Role    string    `arg:"" help:"Id of the role that is to hold it."`
	Path    string    `arg:"" optional:"" help:"WORKSPACE/path, or a path from the root of the tree."`
	Right   []string  `name:"right" enum:"read,write" help:"read or write; may be given again. Without any, the entry takes away what is held above."`
	Deny    bool      `name:"deny" help:"Deny everything, for good."`
	Policy  []string  `name:"policy" placeholder:"ID" help:"A policy in place of rights; may be given again."`
	Temp    string    `name:"template" placeholder:"ID" help:"In place of a path: each one's own folder, such as my-files."`
	Expires time.Time `name:"expires" format:"2006-01-02T15:04:05Z07:00" placeholder:"TIME" help:"When it ends, such as 2027-01-31T18:00:00Z."`

	config.Client `embed:""`
}

// Run makes an entry.
func (c *entryAddCmd) Run(ctx context.Context, w Prompt) error {
	if (c.Path == "") == (c.Temp == "") {
		return w.Usage(errors.New("give either a path or --template"))
	}
	e := client.Entry{Role: c.Role, Path: c.Path, Template: c.Temp, Rights: c.Right, Deny: c.Deny, Policies: c.Policy}
	if len(c.Path) > 1 { // "/" is the root of the tree
		e.Path = strings.TrimRight(c.Path, "/")
	}
	if !c.Expires.IsZero() {
		e.Expires = &c.Expires
	}
	return w.Over(c.Client, func(server *client.Client) error {
		made, err := server.AddEntry(ctx, e)
		return PrintOne(w, made, err, entryLine)
	})
}

type entryRmCmd struct {
	ID []string `arg:"" help:"Id of an entry, as ls shows it."`

	config.Client `embed:""`
}

// Run deletes entries.
func (c *entryRmCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		return removeEach(w, c.ID, func(id string) error { return server.DeleteEntry(ctx, id) })
	})
}
