package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"alveary"
	"alveary/client"
	"alveary/client/transfer"
	"alveary/cmd/alveary/terminal"
	"alveary/config"
)

// transferring is what put and get have in common.
type transferring struct {
	Conflict string `enum:"fail,replace,rename,skip" default:"fail" placeholder:"WHAT" help:"Where the name is taken by another file: fail, replace it, rename (keep both), or skip. Files that are equal at both ends are left alone, but for rename."`
	Quiet    bool   `short:"q" help:"Say only what went wrong."`

	config.Transfer `embed:""`
	config.Client   `embed:""`
	Recursive       bool `name:"recursive" short:"r" hidden:"" help:"Folders always go whole; this is for fingers that are used to it."`
}

type putCmd struct {
	Paths []string `arg:"" name:"path" help:"Files and folders of this machine, and last the target WORKSPACE/path: a folder, or a new name for a single one."`

	transferring `embed:""`
}

// Help tells what the flags cannot.
func (*putCmd) Help() string {
	return `Large files are sent in pieces. When the connection breaks it is tried again;
after that, the same command goes on where it stopped. Links within folders are
not followed; they and names that cannot be kept are reported and make the exit
code 1.`
}

// Run sends.
func (c *putCmd) Run(ctx context.Context, w *world) error {
	return c.transfer(ctx, w, c.Paths, "sent", transfer.Put)
}

type getCmd struct {
	Paths []string `arg:"" name:"path" help:"WORKSPACE/paths, and last the target here: a folder, or a new name for a single one. With one path alone, the target is the current folder."`

	transferring `embed:""`
}

// Help tells what the flags cannot.
func (*getCmd) Help() string {
	return `A file takes its name when all of it is there and its digest is right. What
came before a break is kept in a hidden .part file, and the same command goes
on there. Nothing is written outside the target folder.`
}

// Run fetches.
func (c *getCmd) Run(ctx context.Context, w *world) error {
	paths := c.Paths
	if len(paths) == 1 {
		paths = append(paths, ".")
	}
	return c.transfer(ctx, w, paths, "fetched", transfer.Get)
}

type mover func(context.Context, transfer.Options, []string, string) (transfer.Outcome, error)

func (c *transferring) transfer(ctx context.Context, w *world, paths []string, verb string, move mover) error {
	if len(paths) < 2 {
		return usage(errors.New("name what to take, and last where to put it; see alveary put --help"))
	}
	if c.Parallel < 1 || c.Parallel > 64 {
		return usage(fmt.Errorf("--parallel is between 1 and 64, not %d", c.Parallel))
	}
	server, err := w.connect(c.Client)
	if err != nil {
		return err
	}
	defer server.Close()
	told := &teller{w: w, verb: verb, quiet: c.Quiet}
	if width := w.width(); width > 0 && !c.JSON && !c.Quiet {
		told.bar = terminal.NewBar(w.stderr, w.width, w.now)
		defer told.bar.Stop()
	}
	outcome, err := move(ctx, transfer.Options{
		Client: server, Parallel: c.Parallel, Conflict: client.Conflict(c.Conflict),
		Memory: w.memory(), Report: told.hear,
	}, paths[:len(paths)-1], paths[len(paths)-1])
	if told.bar != nil {
		told.bar.Stop()
	}
	if errors.Is(err, context.Canceled) {
		return &exitError{exitFailed, errors.New("interrupted: the same command goes on where it stopped")}
	}
	if err != nil {
		return err
	}
	told.sum(outcome)
	return verdict(outcome)
}

// memory is where unfinished uploads are remembered; none if there is no place.
func (w *world) memory() *transfer.Memory {
	if w.cacheDir == "" {
		return nil
	}
	return transfer.NewMemory(filepath.Join(w.cacheDir, "alveary", "uploads"), w.now())
}

// verdict is the exit code of a transfer: that of the failures where all are
// of one kind.
func verdict(o transfer.Outcome) error {
	if o.Failed == 0 && o.LeftOut == 0 {
		return nil
	}
	code := exitFailed
	if len(o.Kinds) == 1 && o.LeftOut == 0 {
		for kind := range o.Kinds {
			code = codeOf(kind)
		}
	}
	return &exitError{code, nil} // each was told when it happened
}

// teller says what happens, on the right stream in the right form.
type teller struct {
	w     *world
	verb  string
	quiet bool
	bar   *terminal.Bar // nil where no person watches
}

// hear is called with one event at a time.
func (t *teller) hear(e transfer.Event) {
	switch e.Result {
	case transfer.Planned, transfer.Moved:
		t.count(e)
		return
	case transfer.Failed, transfer.LeftOut:
		t.wrong(e)
		return
	}
	if t.bar != nil && e.Result != transfer.Made {
		t.bar.Finish()
	}
	if t.w.json {
		t.w.print(line(t.w, e), "")
	} else if t.bar == nil && !t.quiet {
		t.w.print(nil, t.sentence(e))
	}
}

// count shows what was planned and what moved.
func (t *teller) count(e transfer.Event) {
	switch {
	case t.bar == nil:
	case e.Result == transfer.Planned:
		t.bar.Plan(e.Bytes)
	default:
		t.bar.Move(e.Bytes)
	}
}

func (t *teller) sentence(e transfer.Event) string {
	from, to := e.Local, e.Remote
	if t.verb == "fetched" {
		from, to = to, from
	}
	switch e.Result {
	case transfer.Done:
		return fmt.Sprintf("%s %s to %s (%s)", t.verb, terminal.Printable(from), terminal.Printable(to), terminal.Size(e.Bytes))
	case transfer.Made:
		return "made " + terminal.Printable(to)
	case transfer.Unchanged:
		return "unchanged " + terminal.Printable(to)
	}
	return string(e.Result) + " " + terminal.Printable(to)
}

// wrong tells of a file that did not make it, at once and on standard error.
func (t *teller) wrong(e transfer.Event) {
	if t.bar != nil {
		t.bar.Finish()
		t.bar.Clear()
	}
	if t.w.json {
		t.w.print(line(t.w, e), "")
		return
	}
	message := t.w.sentence(e.Err)
	if e.Result == transfer.LeftOut {
		message = "left out " + message
	}
	fmt.Fprintln(t.w.stderr, "alveary: "+terminal.Printable(message))
}

func line(w *world, e transfer.Event) map[string]any {
	out := map[string]any{"result": e.Result, "local": e.Local, "remote": e.Remote}
	if e.Result == transfer.Done {
		out["bytes"] = e.Bytes
	}
	if e.Err != nil {
		out["error"] = w.sentence(e.Err)
		out["exit"] = codeOf(alveary.KindOf(e.Err))
	}
	return out
}

func (t *teller) sum(o transfer.Outcome) {
	if t.w.json {
		t.w.print(map[string]any{"summary": map[string]any{
			"files": o.Files, "bytes": o.Bytes, "folders": o.Folders, "unchanged": o.Unchanged,
			"skipped": o.Skipped, "leftOut": o.LeftOut, "failed": o.Failed,
		}}, "")
		return
	}
	if t.quiet {
		return
	}
	parts := []string{fmt.Sprintf("%s %s (%s)", t.verb, number(o.Files, "file"), terminal.Size(o.Bytes))}
	for _, p := range []struct {
		count int
		words string
	}{{o.Unchanged, "unchanged"}, {o.Skipped, "skipped"}, {o.LeftOut, "left out"}, {o.Failed, "failed"}} {
		if p.count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.count, p.words))
		}
	}
	fmt.Fprintln(t.w.stdout, strings.Join(parts, ", "))
}

func number(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
