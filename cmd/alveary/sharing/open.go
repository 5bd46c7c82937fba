package sharing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/dustin/go-humanize"

	"alveary"
	"alveary/client"
	"alveary/client/share"
	"alveary/cmd/alveary/console"
)

// opening is what opening a link needs.
type opening struct {
	PasswordFile string `name:"password-file" placeholder:"FILE" help:"Read the link's password from the first line of a file; else it is asked for where there is one."`
	User         string `name:"user" placeholder:"LOGIN" help:"Sign in as this user, for a link that is for named people."`

	Stranger `embed:""`
}

const openingHelp = `The address is the secret of a link: with - in its place it is read as the first
line of standard input, where no other user of this machine sees it. No account is
needed, and none that you are signed in to is used. Without a terminal, a password of
--user and then that of the link are the next lines.`

// visit opens a link and does something with it.
func (o opening) visit(ctx context.Context, w Prompt, address string, do func(*share.Visit) error) error {
	if address == "-" {
		var err error
		if address, err = w.Ask(ctx, "Address of the link: "); err != nil {
			return w.Usage(fmt.Errorf("read the address of the link: %w", err))
		}
	}
	server, token, err := share.ParseLink(strings.TrimSpace(address))
	if err != nil {
		return w.Usage(err)
	}
	secret, err := password(ctx, w, o.PasswordFile, false, "")
	if err != nil {
		return err
	}
	return w.Visit(o.Stranger, server, func(as *client.Client) (err error) {
		if o.User != "" {
			session, err := o.signIn(ctx, w, as)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, session.End(ctx)) }()
			as = session
		}
		v, err := o.open(ctx, w, as, token, secret)
		if err != nil {
			return err
		}
		return do(v)
	})
}

func (o opening) signIn(ctx context.Context, w Prompt, server *client.Client) (*client.Client, error) {
	text, err := w.Secret(ctx, "Password of "+o.User+": ")
	if errors.Is(err, io.EOF) {
		return nil, w.Usage(errors.New("no password came: give it as the next line of standard input"))
	}
	if err != nil {
		return nil, err
	}
	session, _, err := server.Begin(ctx, o.User, console.Answers(w, text))
	return session, err
}

func (o opening) open(ctx context.Context, w Prompt, as *client.Client, token string, secret *string) (*share.Visit, error) {
	if secret == nil {
		secret = new(string)
	}
	v, err := share.Open(ctx, as, token, *secret)
	if share.NeedsPassword(err) && *secret == "" {
		text, failed := w.Secret(ctx, "Password of the link: ")
		if failed != nil {
			if errors.Is(failed, io.EOF) {
				failed = err // the server's own sentence
			}
			return nil, failed
		}
		v, err = share.Open(ctx, as, token, text)
	}
	if share.NeedsSignIn(err) {
		return nil, &alveary.Error{
			Kind: alveary.KindUnauthenticated, Op: "open the link", Code: "sign-in",
			Message: "this link is for people who sign in: give --user LOGIN",
		}
	}
	return v, err
}

// OpenLink downloads what a link leads to.
type OpenLink struct {
	Address string `arg:"" name:"url" help:"Address of the link, or - to read it from standard input."`
	Into    string `short:"o" name:"output" placeholder:"DIR" default:"." help:"Folder to put it into."`
	Replace bool   `name:"replace" help:"Replace files of the same name."`
	Zip     bool   `name:"zip" help:"Fetch a folder as one zip, which is one download where those are bounded."`
	Show    bool   `name:"show" help:"Only tell what it is."`

	opening `embed:""`
}

// Help tells what the flags cannot.
func (*OpenLink) Help() string { return openingHelp }

// Run downloads.
func (c *OpenLink) Run(ctx context.Context, w Prompt) error {
	return c.visit(ctx, w, c.Address, func(v *share.Visit) error {
		switch {
		case c.Show:
			w.Text(v, visitText(v))
			return nil
		case v.Mode == string(alveary.LinkDrop):
			return &alveary.Error{Kind: alveary.KindDenied, Op: "download", Subject: v.Label, Code: "drop", Message: "this link is for putting files in: alveary drop does that"}
		}
		into, err := os.OpenRoot(c.Into)
		if err != nil {
			return w.Usage(err)
		}
		f := &fetch{w: w, visit: v, into: into, at: c.Into, replace: c.Replace}
		if c.Zip && v.Node.IsFolder() {
			err = f.zip(ctx)
		} else {
			err = f.node(ctx, v.Node, "", 0)
		}
		return errors.Join(err, into.Close())
	})
}

func visitText(v *share.Visit) string {
	var out lines
	out.add("name", v.Label)
	out.add("mode", v.Mode)
	out.add("shared by", v.Owner)
	what := "file"
	if v.Node.IsFolder() {
		what = "folder"
	}
	if v.Mode != string(alveary.LinkDrop) {
		out.add(what, v.Node.Name)
	}
	out.addTime("until", v.Until)
	if v.Left != nil {
		out.add("downloads", fmt.Sprintf("%d left", *v.Left))
	}
	if v.Upload > 0 {
		out.add("files up to", humanize.IBytes(uint64(v.Upload)))
	}
	return out.String()
}

// fetch is the download of what a link leads to.
type fetch struct {
	w       Prompt
	visit   *share.Visit
	into    *os.Root
	at      string // as people know it
	replace bool
}

// node fetches a file, or a folder with all that is in it.
func (f *fetch) node(ctx context.Context, n share.Visited, above string, depth int) error {
	name := path.Join(above, n.Name)
	if !filepath.IsLocal(n.Name) || strings.ContainsAny(n.Name, `/\`) || depth > alveary.MaxDepth {
		return f.fail(n.Name, "this name cannot be kept here", nil)
	}
	if !n.IsFolder() {
		if err := f.visit.Get(ctx, n, f.into, name, f.replace); err != nil {
			return err
		}
		f.tell(name, n.Size)
		return nil
	}
	if err := f.into.Mkdir(name, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return f.fail(name, "the folder cannot be made", err)
	}
	for child, err := range f.visit.Children(ctx, n) {
		if err == nil {
			err = f.node(ctx, child, name, depth+1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *fetch) tell(name string, size int64) {
	f.w.Line(map[string]any{"local": filepath.Join(f.at, name), "bytes": size},
		fmt.Sprintf("fetched %s (%s)", filepath.Join(f.at, name), humanize.IBytes(uint64(max(0, size)))))
}

func (*fetch) fail(name, message string, cause error) error {
	kind := alveary.KindInvalid
	if errors.Is(cause, fs.ErrExist) {
		kind, message = alveary.KindConflict, "there is already something here by that name: --replace replaces it"
	}
	return &alveary.Error{Kind: kind, Op: "download", Subject: name, Message: message, Cause: cause}
}

// zip fetches a folder in one file, which takes its name when all of it is there.
func (f *fetch) zip(ctx context.Context) error {
	name := f.visit.Node.Name + ".zip"
	if !filepath.IsLocal(name) || strings.ContainsAny(name, `/\`) {
		name = "files.zip"
	}
	if _, err := f.into.Lstat(name); err == nil && !f.replace {
		return f.fail(name, "", fs.ErrExist)
	}
	part := ".alveary-" + f.visit.ID + ".part"
	to, err := f.into.Create(part)
	if err != nil {
		return f.fail(name, "it cannot be written here", err)
	}
	err = f.visit.Archive(ctx, f.visit.Node, to)
	at, sized := to.Seek(0, io.SeekCurrent)
	if err = errors.Join(err, sized, to.Close()); err != nil {
		return errors.Join(err, f.into.Remove(part))
	}
	if err := f.into.Rename(part, name); err != nil {
		return f.fail(name, "it cannot be written here", err)
	}
	f.tell(name, at)
	return nil
}

// Drop puts files in where a link leads.
type Drop struct {
	Address string   `arg:"" name:"url" help:"Address of the link, or - to read it from standard input."`
	File    []string `arg:"" help:"Files of this machine."`

	opening `embed:""`
}

// Help tells what the flags cannot.
func (*Drop) Help() string { return openingHelp }

// Run puts in.
func (c *Drop) Run(ctx context.Context, w Prompt) error {
	return c.visit(ctx, w, c.Address, func(v *share.Visit) error {
		for _, file := range c.File {
			if err := drop(ctx, w, v, file); err != nil {
				return err
			}
		}
		return nil
	})
}

func drop(ctx context.Context, w Prompt, v *share.Visit, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return w.Usage(err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return w.Usage(fmt.Errorf("%s is no file: folders are put in with a browser", file))
	}
	did, err := v.Drop(ctx, filepath.Base(file), f, info.Size())
	return console.PrintOne(w, did, err, func(d share.Dropped) string {
		return fmt.Sprintf("put in %s (%s)", d.Name, humanize.IBytes(uint64(max(0, d.Size))))
	})
}
