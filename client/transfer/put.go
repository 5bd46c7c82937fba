package transfer

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"alveary"
	"alveary/client"
)

// Put sends files and folders. Where target is a folder they go into it; where
// there is nothing by that name, a single source takes it. Folders are merged
// with those that are there.
func Put(ctx context.Context, o Options, sources []string, target string) (Outcome, error) {
	return start(ctx, o, func(ctx context.Context, r *run) error {
		return (&putting{run: r}).walk(ctx, sources, target)
	})
}

type putting struct{ *run }

// place is a folder on the server and what is in it by now.
type place struct {
	node     client.Node
	children map[string]client.Node // by name in NFC, as the server compares
}

func (p *putting) walk(ctx context.Context, sources []string, target string) error {
	into, name, err := p.target(ctx, sources, target)
	if err != nil {
		return err
	}
	for _, source := range sources {
		as := name
		if as == "" {
			abs, err := filepath.Abs(source)
			if err != nil {
				return inLocal("upload", source, err)
			}
			as = filepath.Base(abs)
		}
		if err := p.source(ctx, source, into, as); err != nil {
			return err
		}
	}
	return nil
}

// target finds the folder that everything goes into, and the name that the one
// source takes there; an empty name stands for its own.
func (p *putting) target(ctx context.Context, sources []string, target string) (*place, string, error) {
	clean := strings.TrimRight(target, "/")
	n, err := p.o.Client.Stat(ctx, clean)
	if err == nil && n.IsFolder() {
		at, err := p.open(ctx, n, false)
		return at, "", err
	}
	if err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
		return nil, "", err
	}
	above, name := splitRemote(clean)
	if len(sources) > 1 || clean != target || above == "" {
		return nil, "", &alveary.Error{
			Kind: alveary.KindNotFound, Op: "upload into", Subject: clean,
			Message: "there is no folder by that name, or you may not see it: make it with alveary mkdir -p",
		}
	}
	folder, err := p.o.Client.Stat(ctx, above)
	if err != nil {
		return nil, "", err
	}
	at, err := p.open(ctx, folder, false)
	return at, name, err
}

// open lists a folder, but not one that was just made.
func (p *putting) open(ctx context.Context, folder client.Node, fresh bool) (*place, error) {
	at := &place{folder, map[string]client.Node{}}
	if fresh {
		return at, nil
	}
	for n, err := range p.o.Client.List(ctx, folder) {
		switch {
		case alveary.IsKind(err, alveary.KindDenied) || alveary.IsKind(err, alveary.KindNotFound):
			return at, nil // may be written and not read: the server tells of names that are taken
		case err != nil:
			return nil, err
		}
		at.children[norm.NFC.String(n.Name)] = n
	}
	return at, nil
}

func (p *putting) source(ctx context.Context, source string, into *place, name string) error {
	// A link that is named itself is followed; one within a folder is not.
	info, err := os.Stat(source)
	if err != nil {
		p.report(Event{Result: Failed, Local: source, Err: inLocal("upload", source, err)})
		return nil
	}
	if !info.IsDir() {
		p.plan(ctx, into, name, source, info, func() (*os.File, error) { return os.Open(source) })
		return nil
	}
	root, err := os.OpenRoot(source)
	if err != nil {
		p.report(Event{Result: Failed, Local: source, Err: inLocal("upload", source, err)})
		return nil
	}
	// Files are opened by tasks that outlive this walk, so the folder is left
	// to be closed by the end of the context.
	context.AfterFunc(ctx, func() { _ = root.Close() })
	return p.folder(ctx, root, source, into, name)
}

// folder sends a folder under a name.
func (p *putting) folder(ctx context.Context, root *os.Root, source string, into *place, name string) error {
	places := map[string]*place{} // of the folders by their path in root
	return fs.WalkDir(root.FS(), ".", func(rel string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		local := filepath.Join(source, filepath.FromSlash(rel))
		if err != nil {
			p.report(Event{Result: Failed, Local: local, Err: inLocal("upload", local, err)})
			return nil
		}
		at, as := places[path.Dir(rel)], d.Name()
		if rel == "." {
			at, as = into, name
		}
		if why := p.cannotGo(as, d); why != "" {
			p.report(Event{Result: LeftOut, Local: local, Err: leaveOut(local, why)})
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			made, err := p.mkdir(ctx, at, as, local)
			if made == nil && err == nil {
				return fs.SkipDir
			}
			places[rel] = made
			return err
		}
		p.entry(ctx, root, rel, at, as, local, d)
		return nil
	})
}

// cannotGo says why an entry of a folder cannot be sent; empty if it can.
func (p *putting) cannotGo(name string, d fs.DirEntry) string {
	switch {
	case d.Type()&fs.ModeSymlink != 0:
		return "it is a link, and links are not followed"
	case !d.IsDir() && !d.Type().IsRegular():
		return "it is neither a file nor a folder"
	}
	if err := alveary.CheckName(name); err != nil {
		var e *alveary.Error
		if errors.As(err, &e) {
			return e.Message
		}
		return err.Error()
	}
	return ""
}

// mkdir finds or makes a folder; nil without an error where that failed for
// this folder alone.
func (p *putting) mkdir(ctx context.Context, at *place, name, local string) (*place, error) {
	remote := at.node.Path + "/" + name
	there, known := at.children[norm.NFC.String(name)]
	if known && there.IsFolder() {
		return p.open(ctx, there, false)
	}
	n, made, err := p.o.Client.Mkdir(ctx, at.node.ID, name, client.Existing)
	if err == nil && !n.IsFolder() {
		err = taken("make the folder", remote, "there is a file by that name")
	}
	if err != nil {
		p.report(Event{Result: Failed, Local: local, Remote: remote, Err: err})
		if hopeless(err) {
			return nil, err
		}
		return nil, nil // reported; the caller passes over what is beneath
	}
	if made {
		p.report(Event{Result: Made, Local: local, Remote: remote})
	}
	n.Path = remote
	return p.open(ctx, n, made)
}

func (p *putting) entry(ctx context.Context, root *os.Root, rel string, at *place, name, local string, d fs.DirEntry) {
	seen, err := d.Info()
	if err != nil {
		p.report(Event{Result: Failed, Local: local, Err: inLocal("upload", local, err)})
		return
	}
	p.plan(ctx, at, name, local, seen, func() (*os.File, error) {
		f, err := root.Open(filepath.FromSlash(rel))
		if err != nil {
			return nil, err
		}
		// Between the look and the opening a link may have taken its place.
		if info, err := f.Stat(); err != nil || !os.SameFile(seen, info) {
			return nil, errors.Join(errors.New("it was replaced by something else meanwhile"), f.Close())
		}
		return f, nil
	})
}

func (p *putting) plan(ctx context.Context, at *place, name, local string, seen fs.FileInfo, open func() (*os.File, error)) {
	remote := at.node.Path + "/" + name
	event := Event{Local: local, Remote: remote}
	if !seen.Mode().IsRegular() {
		event.Result, event.Err = LeftOut, leaveOut(local, "it is neither a file nor a folder")
		p.report(event)
		return
	}
	there, known := at.children[norm.NFC.String(name)]
	p.file(ctx, event, seen.Size(), func(moved func(int64)) (Result, error) {
		f, err := open()
		if err != nil {
			return Failed, inLocal("upload", local, err)
		}
		defer func() { _ = f.Close() }()
		if known {
			if result, err := p.settle(f, seen, there, remote); result != "" {
				return result, err
			}
		}
		return p.send(ctx, f, local, client.Upload{
			Parent: at.node.ID, Name: name, Content: f, Size: seen.Size(), MTime: seen.ModTime(), Conflict: p.o.Conflict, Moved: moved,
		})
	})
}

// settle decides about a file whose name is taken; an empty result means to send it.
func (p *putting) settle(f *os.File, seen fs.FileInfo, there client.Node, remote string) (Result, error) {
	same := func() bool { return equal(io.NewSectionReader(f, 0, seen.Size()), seen.Size(), there) }
	switch {
	case p.o.Conflict == Skip:
		return Skipped, nil
	case there.IsFolder() && p.o.Conflict != client.Rename:
		return Failed, taken("upload", remote, "there is a folder by that name")
	case p.o.Conflict == client.Rename:
		return "", nil
	case same():
		return Unchanged, nil
	case p.o.Conflict == client.Replace:
		return "", nil
	}
	return Failed, taken("upload", remote, "there is another file by that name: choose with --conflict replace, rename or skip")
}

func (p *putting) send(ctx context.Context, f *os.File, local string, u client.Upload) (Result, error) {
	if u.Conflict == Skip {
		u.Conflict = client.Fail
	}
	abs, err := filepath.Abs(local)
	if err != nil {
		return Failed, inLocal("upload", local, err)
	}
	key := []string{p.o.Client.URL(), u.Parent.String(), u.Name, abs, strconv.FormatInt(u.Size, 10), strconv.FormatInt(u.MTime.UnixNano(), 10)}
	u.Resume = p.o.Memory.recall(key)
	u.Started = func(address string) { p.o.Memory.keep(key, local, address) }
	_, err = p.o.Client.Put(ctx, u)
	if p.o.Conflict == Skip && alveary.IsKind(err, alveary.KindConflict) {
		return Skipped, nil
	}
	if err != nil {
		return Failed, err
	}
	p.o.Memory.forget(key)
	if now, err := f.Stat(); err != nil || now.Size() != u.Size || !now.ModTime().Equal(u.MTime) {
		return Failed, inLocal("upload", local, errors.New("it changed while it was sent: upload it again with --conflict replace"))
	}
	return Done, nil
}
