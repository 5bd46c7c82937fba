package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"alveary/client"
	"alveary/cmd/alveary/terminal"
	"alveary/config"
)

type explainCmd struct {
	User    string   `name:"user" placeholder:"LOGIN" help:"Who asks. Nobody in particular if not given."`
	Path    string   `name:"path" placeholder:"PATH" help:"The file or folder: WORKSPACE/path, or from the root of the tree."`
	Action  string   `name:"action" enum:"read,write,delete,download,upload,sync" default:"read" help:"With --path: read, write, delete, download, upload or sync."`
	Call    string   `name:"call" placeholder:"'METHOD PATH'" help:"An API call, such as 'GET /policies'."`
	SignIn  string   `name:"signin" enum:",login,issue,refresh" default:"" placeholder:"WHAT" help:"A sign-in: login, issue or refresh."`
	Context []string `name:"context" sep:"none" placeholder:"ATTRIBUTE=VALUE" help:"What is known of the request, such as RemoteAddress=10.0.0.7; may be given again."`

	config.Client `embed:""`
}

// Help tells what the flags cannot.
func (*explainCmd) Help() string {
	return `For administrators. Give one of --path, --call and --signin. Without --context the
clock alone is known; ServerTime=2026-06-01T20:00+0200 imagines another time. The
numbers are the clauses of the access model. It ends with 0 whether it is allowed
or not.`
}

// Run asks and tells the story.
func (c *explainCmd) Run(ctx context.Context, w *world) error {
	q, err := c.question()
	if err != nil {
		return usage(err)
	}
	server, err := w.connect(c.Client)
	if err != nil {
		return err
	}
	defer server.Close()
	e, err := server.Explain(ctx, q)
	if err != nil {
		return err
	}
	w.print(e.Whole, story(e))
	return nil
}

func (c *explainCmd) question() (q client.Question, err error) {
	q = client.Question{User: c.User, Path: c.Path, SignIn: c.SignIn, Context: map[string]string{}}
	given := 0
	for _, text := range []string{c.Path, c.Call, c.SignIn} {
		if text != "" {
			given++
		}
	}
	if given != 1 {
		return q, errors.New("give one of --path, --call and --signin")
	}
	if c.Path != "" {
		q.Action = c.Action
	}
	if c.Call != "" {
		method, path, ok := strings.Cut(strings.TrimSpace(c.Call), " ")
		if path = strings.TrimSpace(path); !ok || path == "" {
			return q, errors.New("a call is a method and a path, such as 'GET /policies'")
		}
		q.Call = &client.Call{Method: strings.ToUpper(method), Path: path}
	}
	for _, pair := range c.Context {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return q, fmt.Errorf("%q is no attribute with a value, such as RemoteAddress=10.0.0.7", pair)
		}
		q.Context[name] = value
	}
	return q, nil
}

// story tells an explanation in words.
func story(e client.Explanation) string {
	var b strings.Builder
	line := func(indent int, format string, args ...any) {
		fmt.Fprintf(&b, "%s%s\n", strings.Repeat("  ", indent), terminal.Printable(fmt.Sprintf(format, args...)))
	}
	line(0, "%s (%s)", e.Verdict, e.Decided.Clause)
	if e.ValidUntil != nil {
		line(0, "until %s at the longest", e.ValidUntil.Local().Format(time.RFC3339))
	}
	title := func(text string) {
		b.WriteByte('\n')
		line(0, "%s", text)
	}
	if len(e.Roles) > 0 {
		title("roles, the last one wins:")
	}
	for _, r := range e.Roles {
		line(1, "%s: %s", named(r.Role, r.Label), r.Why)
		for _, x := range r.Entries {
			line(2, "%s: %s, %s", x.Path, x.Holds, x.State)
		}
	}
	if len(e.Policies) > 0 {
		title("policies:")
	}
	tellPolicies(e, line)
	if len(e.Ways) > 0 {
		title("Cells and links that lead here:")
	}
	for _, w := range e.Ways {
		line(1+w.Depth, "%s", w.Text)
	}
	if len(e.Residual) > 0 {
		title("what is left to know of a node here:")
	}
	for _, text := range e.Residual {
		line(1, "%s", text)
	}
	if len(e.Flips) > 0 {
		title("what would turn it:")
	}
	for _, f := range e.Flips {
		line(1, "%s", f.Text)
	}
	return strings.TrimRight(b.String(), "\n")
}

func tellPolicies(e client.Explanation, line func(int, string, ...any)) {
	for _, p := range e.Policies {
		about := named(p.Policy, p.Label)
		if p.At != nil {
			about += " on " + p.At.Path
		}
		if p.OnPath {
			about += ", a folder above"
		}
		if p.Mode != "enforced" {
			about += ", " + p.Mode
		}
		line(1, "%s: %s", about, p.Verdict)
		for _, r := range p.Rules {
			label := r.Label
			if label == "" {
				label = fmt.Sprintf("rule %d", r.Rule+1)
			}
			line(2, "%s, %s: %s", label, r.Effect, r.Why)
			for _, c := range r.Conditions {
				line(3, "%s: %s, it is %s", c.Words, c.Result, c.Value)
			}
		}
	}
}

func named(id, label string) string {
	if label == "" || label == id {
		return id
	}
	return label + " (" + id + ")"
}
