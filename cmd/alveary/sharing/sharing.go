// Package sharing is the commands on sharing: Cells, links, the list of all that
// is shared, house rules, requests and notices, over the REST API; and opening a
// link as a visitor does, without an account.
//
// It exists beside package console, which is about people, because these have a
// side that no other command has: the visitor's. What is around the commands they
// are given as a Prompt. Passwords come from the person at the prompt or a file,
// and never from the words of a command, which every user of a machine can read.
//
// Read this file first, then share.go; open.go is the visitor's side.
package sharing

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"alveary"
	"alveary/client"
	"alveary/client/people"
	"alveary/client/share"
	"alveary/cmd/alveary/console"
	"alveary/config"
)

// Prompt is what a command meets outside.
type Prompt interface {
	console.Prompt
	// Visit makes a client that is nobody's, and lets it go when the work is done.
	Visit(o Stranger, server string, work func(*client.Client) error) error
}

// Stranger says whom a client that is nobody's trusts, and how results are
// printed.
type Stranger struct {
	CACert      string `name:"cacert" placeholder:"FILE" help:"Certificates in PEM to trust for the server."`
	Fingerprint string `name:"trust-fingerprint" placeholder:"SHA256" help:"Trust the certificate with this fingerprint."`
	JSON        bool   `name:"json" help:"Print results as JSON, one object a line, and errors as JSON on standard error."`
}

// over does something with the sharing of a server.
func over(w Prompt, o config.Client, work func(share.Sharing) error) error {
	return w.Over(o, func(server *client.Client) error { return work(share.At(server)) })
}

// Date is an instant as people write it: a day, or a time.
type Date struct {
	time.Time
	day bool
}

// UnmarshalText reads it. A time without a zone is one of this machine's.
func (d *Date) UnmarshalText(text []byte) error {
	for _, layout := range []string{time.DateOnly, time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if at, err := time.ParseInLocation(layout, string(text), time.Local); err == nil {
			d.Time, d.day = at, layout == time.DateOnly
			return nil
		}
	}
	return errors.New("a date is written as 2027-01-31, or as 2027-01-31T18:00:00Z")
}

// begins is the instant from which something is to be; nil where none is given.
func (d Date) begins() *time.Time {
	if d.IsZero() {
		return nil
	}
	return &d.Time
}

// ends is the instant up to which something is to be: of a day, its last second,
// so that it is that day wherever it is shown.
func (d Date) ends() *time.Time {
	if d.IsZero() {
		return nil
	}
	at := d.Time
	if d.day {
		at = at.AddDate(0, 0, 1).Add(-time.Second)
	}
	return &at
}

// none is what takes a date, slug or password away.
const none = "none"

// dateText words a date that is to be changed, as the server reads it: nil where
// it is not, empty where there is to be none.
func dateText(text *string, at func(Date) *time.Time) (*string, error) {
	if text == nil {
		return nil, nil
	}
	out := ""
	if *text != none {
		var d Date
		if err := d.UnmarshalText([]byte(*text)); err != nil {
			return nil, err
		}
		out = at(d).UTC().Format(time.RFC3339)
	}
	return &out, nil
}

// orNothing reads a word that takes something away where it says so.
func orNothing(text *string) *string {
	if text != nil && *text == none {
		return new(string)
	}
	return text
}

// refs finds out who is meant.
func refs(ctx context.Context, s share.Sharing, op string, names []string) ([]share.Ref, error) {
	out := make([]share.Ref, len(names))
	for i, name := range names {
		var err error
		if out[i], err = ref(ctx, people.At(s.Client), op, name); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func ref(ctx context.Context, p people.People, op, name string) (share.Ref, error) {
	kind, rest, found := strings.Cut(strings.TrimPrefix(name, "@"), ":")
	switch {
	case found && kind == "group":
		g, err := p.GroupAt(ctx, op, rest)
		return share.Ref{Group: g.ID}, err
	case found && kind == "team":
		t, err := p.FindTeam(ctx, op, rest)
		return share.Ref{Team: t.ID}, err
	case found && kind == "role":
		return share.Ref{Role: rest}, nil
	case strings.Contains(name, "@"):
		return share.Ref{Email: name}, nil
	}
	who, err := p.Colleague(ctx, op, name)
	return share.Ref{User: who.ID}, err
}

func nobody(op, name, message string) error {
	return &alveary.Error{Kind: alveary.KindNotFound, Op: op, Subject: name, Code: "not-found", Message: message}
}

// user gives the id of someone who is named by his login.
func user(ctx context.Context, s share.Sharing, op, login string) (string, error) {
	who, err := people.At(s.Client).Colleague(ctx, op, login)
	return who.ID, err
}

// nodes finds files and folders by their remote paths.
func nodes(ctx context.Context, s share.Sharing, paths []string) ([]client.Node, error) {
	out := make([]client.Node, len(paths))
	for i, path := range paths {
		n, err := s.Stat(ctx, strings.TrimRight(path, "/"))
		if err != nil {
			return nil, err
		}
		out[i] = n
	}
	return out, nil
}

func idsOf(nodes []client.Node) []string {
	var ids []string
	for _, n := range nodes {
		ids = append(ids, n.ID.String())
	}
	return ids
}

// password reads the one that a link is to have, or that it is opened with: from
// a file, whose first line it is, or from the person; nil where neither is asked.
func password(ctx context.Context, w Prompt, file string, ask bool, question string) (*string, error) {
	if file != "" && ask {
		return nil, w.Usage(errors.New("give either --password-prompt or --password-file"))
	}
	if file != "" {
		text, err := firstLine(file)
		if err != nil {
			return nil, w.Usage(fmt.Errorf("read the password: %w", err))
		}
		return &text, nil
	}
	if !ask {
		return nil, nil
	}
	text, err := w.Secret(ctx, question)
	if errors.Is(err, io.EOF) {
		return nil, w.Usage(errors.New("no password came: give it as the next line of standard input"))
	}
	if err == nil && text == "" {
		err = w.Usage(errors.New("the password is empty"))
	}
	return &text, err
}

func firstLine(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	line, err := bufio.NewReader(io.LimitReader(f, 1<<16)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", fmt.Errorf("the first line of %s is empty", file)
	}
	return line, nil
}

// lines joins what there is, a line each.
type lines []string

func (l *lines) add(name, text string) {
	if text != "" {
		*l = append(*l, fmt.Sprintf("%-11s %s", name, text))
	}
}

func (l *lines) addTime(name string, at *time.Time) {
	if at != nil {
		l.add(name, console.When(at))
	}
}

func (l *lines) String() string { return strings.Join(*l, "\n") }

// holds words what somebody has.
func holds(rights, policies []string) string {
	if len(policies) > 0 {
		return "policies " + strings.Join(policies, ",")
	}
	return console.Or(strings.Join(rights, ","))
}

func where(n share.Node) string {
	text := n.Path
	if text == "" {
		text = n.Name
	}
	if n.Binned {
		text += " (in the bin)"
	}
	if len(n.Missing) > 0 {
		text += " (its owner lacks: " + strings.Join(n.Missing, ", ") + ")"
	}
	return text
}

func called(p share.Person) string {
	if p.Login != "" {
		return p.Login
	}
	return console.Or(p.Name)
}

// invitations words what is to be passed on to those who got an account.
func invitations(invited []share.Invited) string {
	var b strings.Builder
	for _, one := range invited {
		if one.Mailed {
			fmt.Fprintf(&b, "\ninvited %s by mail", one.Email)
		} else {
			fmt.Fprintf(&b, "\ninvited %s; pass this link on, it works once:\n%s", one.Email, one.Link)
		}
	}
	return b.String()
}
