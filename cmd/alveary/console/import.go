package console

import (
	"context"
	"fmt"
	"io"
	"os"

	"alveary"
	"alveary/client"
	"alveary/client/people"
	"alveary/config"
)

type userImportCmd struct {
	File       string `arg:"" help:"CSV file in UTF-8 with the names of the columns in its first line."`
	DryRun     bool   `name:"dry-run" help:"Only tell what would become of each row."`
	MakeGroups bool   `name:"make-groups" help:"Make groups that are not there yet."`

	config.Client `embed:""`
}

// Help tells what the flags cannot.
func (*userImportCmd) Help() string {
	return `The columns are login, name, email, profile, group, roles, disabled, invite and
attr:NAME for attributes; only login is needed, and what has no column stays as it
is. Roles are separated by semicolons. A login that exists is changed, others are
made. All rows are imported or, where one is refused, none.`
}

// Run imports: all or nothing.
func (c *userImportCmd) Run(ctx context.Context, w Prompt) error {
	csv, err := os.ReadFile(c.File)
	if err != nil {
		return w.Usage(fmt.Errorf("read the file: %w", err))
	}
	return w.Over(c.Client, func(server *client.Client) error {
		return Freshly(ctx, w, server, func(server *client.Client) error {
			done, err := people.At(server).Import(ctx, csv, c.DryRun, c.MakeGroups)
			if err != nil {
				return err
			}
			for _, row := range done.Rows {
				w.Line(row, fmt.Sprintf("%6d  %-8s %-20s %s", row.Row, row.Fate, row.Login, row.Text))
			}
			for _, login := range sortedKeys(done.Links) {
				w.Line(map[string]string{"login": login, "link": done.Links[login]}, login+"  "+done.Links[login])
			}
			return c.sum(w, done)
		})
	})
}

func (c *userImportCmd) sum(w Prompt, done people.Imported) error {
	made, changed := "made", "changed"
	if c.DryRun || done.Refused > 0 {
		made, changed = "to make", "to change"
	}
	totals := map[string]int{"create": done.Create, "change": done.Change, "same": done.Same, "refused": done.Refused}
	w.Line(totals, fmt.Sprintf("%d %s, %d %s, %d the same, %d refused", done.Create, made, done.Change, changed, done.Same, done.Refused))
	if done.Refused == 0 {
		return nil
	}
	for _, row := range done.Rows {
		if row.Fate == "refused" {
			return &alveary.Error{
				Kind: alveary.KindInvalid, Op: "import people", Code: "row-refused",
				Message: fmt.Sprintf("row %d (%s) is refused, so nothing is imported: %s", row.Row, row.Login, row.Text),
			}
		}
	}
	return nil
}

type userExportCmd struct {
	File string `arg:"" optional:"" help:"Where to; standard output if not given."`

	config.Client `embed:""`
}

// Run exports. The table is CSV with and without --json.
func (c *userExportCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		if c.File == "" {
			return people.At(server).Export(ctx, w.Output())
		}
		f, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return err
		}
		return closed(f, people.At(server).Export(ctx, f))
	})
}

// closed closes a file that was written and gives the first error.
func closed(f io.Closer, err error) error {
	if end := f.Close(); err == nil {
		return end
	}
	return err
}
