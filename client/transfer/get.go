package transfer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"alveary"
	"alveary/client"
)

// Get fetches files and folders. Where target is a folder of this machine they
// go into it; where there is nothing by that name, a single source takes it.
func Get(ctx context.Context, o Options, sources []string, target string) (Outcome, error) {
	into, name, err := openTarget(sources, target)
	if err != nil {
		return Outcome{}, err
	}
	defer func() { _ = into.Close() }()
	return start(ctx, o, func(ctx context.Context, r *run) error {
		g := &getting{run: r, into: into, shown: into.Name()}
		for _, source := range sources {
			if err := g.source(ctx, source, name); err != nil {
				return err
			}
		}
		return nil
	})
}

// openTarget opens the folder beneath which everything is written, and gives
// the name that the one source takes there; an empty name stands for its own.
func openTarget(sources []string, target string) (*os.Root, string, error) {
	info, err := os.Stat(target)
	if err == nil && info.IsDir() {
		root, err := os.OpenRoot(target)
		if err != nil {
			return nil, "", inLocal("download into", target, err)
		}
		return root, "", nil
	}
	if len(sources) > 1 || strings.HasSuffix(target, string(filepath.Separator)) {
		return nil, "", &alveary.Error{Kind: alveary.KindNotFound, Op: "download into", Subject: target, Message: "there is no folder by that name here"}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, "", inLocal("download into", target, err)
	}
	root, err := os.OpenRoot(filepath.Dir(target))
	if err != nil {
		return nil, "", inLocal("download into", filepath.Dir(target), err)
	}
	return root, filepath.Base(target), nil
}

type getting struct {
	*run
	into  *os.Root
	shown string // name of the target folder, for people
}

func (g *getting) local(name string) string { return filepath.Join(g.shown, filepath.FromSlash(name)) }

func (g *getting) source(ctx context.Context, source, name string) error {
	n, err := g.o.Client.Stat(ctx, strings.TrimRight(source, "/"))
	if err != nil {
		g.report(Event{Result: Failed, Remote: source, Err: err})
		if hopeless(err) {
			return err
		}
		return nil
	}
	if name == "" {
		_, name = splitRemote(strings.TrimRight(source, "/"))
	}
	return g.node(ctx, n, name, 0)
}

// node fetches a file or folder under a path in the target folder.
func (g *getting) node(ctx context.Context, n client.Node, name string, depth int) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	event := Event{Remote: n.Path, Local: g.local(name)}
	if why := cannotCome(path.Base(name)); why != "" {
		event.Result, event.Err = LeftOut, leaveOut(n.Path, why)
		g.report(event)
		return nil
	}
	if n.IsFolder() {
		return g.folder(ctx, n, name, depth)
	}
	g.file(ctx, event, n.Size, func(moved func(int64)) (Result, error) { return g.fetch(ctx, n, name, moved) })
	return nil
}

// cannotCome says why a name of the server cannot be one here; empty if it can.
func cannotCome(name string) string {
	switch {
	case alveary.CheckName(name) != nil:
		return "its name is none that a file can have"
	case !filepath.IsLocal(name) || strings.ContainsRune(name, filepath.Separator):
		return "its name cannot be that of a file on this system"
	}
	return ""
}

func (g *getting) folder(ctx context.Context, n client.Node, name string, depth int) error {
	if depth > alveary.MaxDepth {
		g.report(Event{Result: Failed, Remote: n.Path, Err: leaveOut(n.Path, "folders lie too deep within one another")})
		return nil
	}
	if err := g.mkdir(n, name); err != nil {
		g.report(Event{Result: Failed, Remote: n.Path, Local: g.local(name), Err: err})
		return nil
	}
	for child, err := range g.o.Client.List(ctx, n) {
		if err != nil {
			g.report(Event{Result: Failed, Remote: n.Path, Local: g.local(name), Err: err})
			if hopeless(err) {
				return err
			}
			return nil
		}
		// Checked before it is joined to a path, so that it is one name and
		// stays one.
		if why := cannotCome(child.Name); why != "" {
			g.report(Event{Result: LeftOut, Remote: n.Path + "/" + child.Name, Err: leaveOut(n.Path+"/"+child.Name, why)})
			continue
		}
		if err := g.node(ctx, child, path.Join(name, child.Name), depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (g *getting) mkdir(n client.Node, name string) error {
	err := g.into.Mkdir(name, 0o777)
	if err == nil {
		g.report(Event{Result: Made, Remote: n.Path, Local: g.local(name)})
		return nil
	}
	if info, statErr := g.into.Lstat(name); statErr == nil {
		if info.IsDir() {
			return nil
		}
		return taken("download", n.Path, g.local(name)+" is here already and is no folder")
	}
	return inLocal("download", n.Path, err)
}

func (g *getting) fetch(ctx context.Context, n client.Node, name string, moved func(int64)) (Result, error) {
	d := client.Download{Node: n, Into: g.into, Name: name, Moved: moved}
	if info, err := g.into.Lstat(name); err == nil {
		switch {
		case g.o.Conflict == Skip:
			return Skipped, nil
		case g.o.Conflict == client.Rename:
			if d.Name, err = g.free(name); err != nil {
				return Failed, err
			}
		case info.IsDir():
			return Failed, taken("download", n.Path, g.local(name)+" is here already and is a folder")
		case g.same(name, info, n):
			return Unchanged, nil
		case g.o.Conflict == client.Replace:
			d.Replace = true
		default:
			return Failed, taken("download", n.Path, g.local(name)+" is here already and is another: choose with --conflict replace, rename or skip")
		}
	}
	if err := g.o.Client.Get(ctx, d); err != nil {
		if g.o.Conflict == Skip && alveary.IsKind(err, alveary.KindConflict) {
			return Skipped, nil
		}
		return Failed, err
	}
	return Done, nil
}

func (g *getting) same(name string, info fs.FileInfo, n client.Node) bool {
	if !info.Mode().IsRegular() || info.Size() != n.Size {
		return false
	}
	f, err := g.into.Open(name)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	return equal(f, info.Size(), n)
}

// free finds a name beside one that is taken: "a (2).txt".
func (g *getting) free(name string) (string, error) {
	ext := path.Ext(name)
	if path.Base(name) == ext {
		ext = "" // .profile has no extension
	}
	for i := 2; i < 10000; i++ {
		next := fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ext), i, ext)
		if _, err := g.into.Lstat(next); errors.Is(err, fs.ErrNotExist) {
			return next, nil
		}
	}
	return "", taken("download", name, "there are too many of that name here already")
}
