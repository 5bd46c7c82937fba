package files_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"alveary"
	"alveary/service/files"
	"alveary/store"
	"alveary/store/share"
	"alveary/testkit/world"
)

// link makes a link of a user on a node, and gives who comes by it.
func link(w *world.World, owner string, mode alveary.LinkMode, node alveary.NodeID) (alveary.Cell, alveary.Subject) {
	c := alveary.Cell{
		Owner: w.As(owner).User.ID, Link: &alveary.Link{Mode: mode}, Entries: []alveary.Entry{{Node: node, Rights: mode.Gives()}},
	}
	w.Write(func(tx *store.Tx) (err error) {
		c, err = tx.InsertCell(c, share.CellSecret{Token: fmt.Sprint(node, mode)})
		return err
	})
	return c, visitor(c)
}

// visitor is who comes by a link.
func visitor(c alveary.Cell) alveary.Subject {
	s := alveary.Visiting(c.ID, c.Owner)
	s.Address, s.Request, s.Context = "203.0.113.9", "request of a visitor", &alveary.Context{Address: "203.0.113.9", Gateway: "link"}
	return s
}

// zipped are the names in an archive, in its order.
func zipped(t *testing.T, w *world.World, s alveary.Subject, ids ...alveary.NodeID) (names []string) {
	t.Helper()
	a, err := w.Files.Content.Archive(t.Context(), s, ids)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := a.WriteTo(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	return names
}

// parcel is a folder of ann in a place of which nobody else may know.
func parcel(w *world.World) (at func(string) alveary.NodeID) {
	w.User("ann")
	w.File("SECRET/parcel/a.txt", "a")
	w.File("SECRET/parcel/sub/b.txt", "b")
	w.File("SECRET/beside.txt", "beside")
	w.Allow("ann", w.At("SECRET"), "read,write")
	return func(path string) alveary.NodeID { return w.At("SECRET/" + path) }
}

// A visitor sees the one node of his link and what is in it, as if nothing were
// above it.
func TestVisitorSeesHisLinkAlone(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		at := parcel(w)
		c, v := link(w, "ann", alveary.LinkRead, at("parcel"))
		tree := w.Files.Tree
		spaces, err := tree.Workspaces(t.Context(), v)
		if err != nil || len(spaces) != 1 || spaces[0].Slug != "" || spaces[0].Cell != c.ID || spaces[0].Root == nil || spaces[0].Root.ID != at("parcel") {
			t.Fatalf("a visitor sees %+v, %v", spaces, err)
		}
		for path, id := range map[string]alveary.NodeID{
			"": at("parcel"), "a.txt": at("parcel/a.txt"), "sub": at("parcel/sub"), "sub/b.txt": at("parcel/sub/b.txt"),
		} {
			it, err := tree.Lookup(t.Context(), v, path)
			if err != nil || it.ID != id || it.Path != path {
				t.Errorf("%q is %v at %q, %v", path, it.ID, it.Path, err)
				continue
			}
			alone, err := tree.Stat(t.Context(), v, id)
			if told := fmt.Sprintf("%s %+v", alone.Path, alone.Crumbs); err != nil || strings.Contains(told, "SECRET") || alone.Crumbs[0].ID != at("parcel") {
				t.Errorf("%q tells %s, %v", path, told, err)
			}
		}
		page, err := tree.List(t.Context(), v, files.Listing{Folder: at("parcel"), Limit: 10})
		if err != nil || page.Total != 2 || page.Folder.Parent != 0 || page.Items[0].Path != "sub" || page.Items[1].Path != "a.txt" {
			t.Errorf("listed %+v, %v", page, err)
		}
		page, err = tree.List(t.Context(), v, files.Listing{Folder: at("parcel/sub"), Limit: 10})
		if err != nil || page.Items[0].Path != "sub/b.txt" {
			t.Errorf("listed %+v, %v", page, err)
		}
		if got := strings.Join(zipped(t, w, v, at("parcel")), " "); got != "parcel/ parcel/a.txt parcel/sub/ parcel/sub/b.txt" {
			t.Errorf("zipped %s", got)
		}
		for _, path := range []string{"SECRET", "common-files", "my-files", "beside.txt", "parcel"} {
			if _, err := tree.Lookup(t.Context(), v, path); words(err) != words(alveary.Withheld("")) {
				t.Errorf("%s: %v", path, err)
			}
		}
		w.Write(func(tx *store.Tx) error { return tx.DeleteCell(c.ID) })
		if spaces, err := tree.Workspaces(t.Context(), v); err != nil || len(spaces) != 0 {
			t.Errorf("after its end: %+v, %v", spaces, err)
		}
		if _, err := tree.Stat(t.Context(), v, at("parcel")); words(err) != words(alveary.Withheld("")) {
			t.Errorf("after its end: %v", err)
		}
	})
}

// THREATS.md 15: a link opens what is beneath its node and nothing else, by any
// operation of the service.
func TestThreat15_ALinkOpensItsOwnNodeAlone(t *testing.T) {
	s := newStage(t)
	w := s.World
	w.Allow("ann", s.parent, "read,write")
	apart := w.Folder("apart")
	w.Allow("ann", apart, "read,write")
	for _, mode := range []alveary.LinkMode{alveary.LinkRead, alveary.LinkPreview, alveary.LinkDownload, alveary.LinkDrop, alveary.LinkEdit} {
		_, v := link(w, "ann", mode, apart)
		v.Address, v.Request = "192.0.2.7", "request of ann"
		for _, op := range operations {
			if op.on == onUpload {
				continue // it is another's: see TestUploadsThroughLinks
			}
			before := w.Picture()
			visiting := *s
			visiting.ann = v
			if _, err := op.try(&visiting, s.subjectOf(op.on)); words(err) != words(alveary.Withheld("")) {
				t.Errorf("%s by a link to %s elsewhere: %v", op.name, mode, err)
			}
			if w.Picture() != before {
				t.Fatalf("%s by a link to %s changed the tree", op.name, mode)
			}
		}
		if items, _, err := w.Files.Bin.List(t.Context(), v, "", 10); err != nil || len(items) != 0 {
			t.Errorf("a link to %s shows of the bin %+v, %v", mode, items, err)
		}
	}
}

// What a visitor may do is what the mode of his link keeps; whatever is tried
// beyond it is refused and changes nothing.
func TestModesOfLinks(t *testing.T) {
	s := newStage(t)
	w := s.World
	w.Allow("ann", s.whole, "read,write")
	for _, mode := range []alveary.LinkMode{alveary.LinkRead, alveary.LinkPreview, alveary.LinkDownload, alveary.LinkDrop, alveary.LinkEdit} {
		_, v := link(w, "ann", mode, s.whole)
		have := mode.Keeps()
		for _, op := range operations {
			if op.on == onUpload {
				continue
			}
			needs := op.needs
			refusedAll := mode == alveary.LinkDrop || op.on == onBinned && !have.Has(alveary.ActionWrite)
			if needs&^have == 0 && !refusedAll {
				continue // tried in the stories
			}
			before := w.Picture()
			visiting := *s
			visiting.ann = v
			it, err := op.try(&visiting, s.subjectOf(op.on))
			if refusedAll && words(err) != words(alveary.Withheld("")) || !refusedAll && !alveary.IsKind(err, alveary.KindDenied) || it.ID != 0 || it.Name != "" {
				t.Errorf("%s by a link to %s: %+v, %s", op.name, mode, it, words(err))
			}
			if w.Picture() != before {
				t.Fatalf("%s by a link to %s changed the tree", op.name, mode)
			}
		}
	}
}

// By a link to edit a visitor makes, changes and bins; all is the owner's, and
// the record names the link.
func TestWorkingThroughALink(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		at := parcel(w)
		c, v := link(w, "ann", alveary.LinkEdit, at("parcel"))
		tree, content, bin := w.Files.Tree, w.Files.Content, w.Files.Bin
		lines := len(w.Audit())
		folder, _, err := tree.MakeFolder(t.Context(), v, at("parcel"), "made", files.Fail)
		ok(t, err)
		it, _, err := content.Write(t.Context(), v, folder.ID, text("by a visitor"))
		ok(t, err)
		copied, _, err := tree.Copy(t.Context(), v, at("parcel/a.txt"), folder.ID, "", files.Fail)
		ok(t, err)
		up := begin(t, w, v, files.Begin{Parent: folder.ID, Relative: "by/tus.txt", Length: 3})
		_, done, err := feed(t, w, v, up, 0, "tus")
		if err != nil || done == nil || done.Path != "made/by/tus.txt" {
			t.Fatalf("uploaded %+v, %v", done, err)
		}
		for _, one := range []alveary.NodeID{folder.ID, it.ID, copied.ID, done.ID, done.Parent} {
			if got := w.Node(one).Owner; got != c.Owner {
				t.Errorf("%s is of the user %v, want the link's owner %v", w.Node(one).Name, got, c.Owner)
			}
		}
		_, err = content.Overwrite(t.Context(), v, it.ID, text("again"))
		ok(t, err)
		name := "renamed"
		_, err = tree.Edit(t.Context(), v, it.ID, files.Edit{Name: &name})
		ok(t, err)
		_, err = tree.Move(t.Context(), v, it.ID, at("parcel/sub"), "", files.Fail)
		ok(t, err)
		_, err = bin.Put(t.Context(), v, it.ID)
		ok(t, err)
		for _, s := range []alveary.Subject{v, w.As("ann")} {
			if items, _, err := bin.List(t.Context(), s, "", 10); err != nil || len(items) != 1 || items[0].ID != it.ID || items[0].BinnedBy != nil {
				t.Errorf("in the bin %+v, %v", items, err)
			}
		}
		_, err = bin.Restore(t.Context(), v, it.ID, 0, files.Fail)
		ok(t, err)
		for _, line := range w.Since(lines) {
			if line.User != 0 || line.Login != "link "+c.ID.String() || line.Address != v.Address || line.Request != v.Request || line.Verdict != alveary.VerdictDone {
				t.Errorf("on record %+v", line)
			}
		}
		// Two readers behind one link are two on record, one is one.
		lines = len(w.Audit())
		another := v
		another.Address = "203.0.113.10"
		for _, s := range []alveary.Subject{v, v, another} {
			_, err := readAll(t, w, s, copied.ID, 0)
			ok(t, err)
		}
		if got := verdicts(w.Since(lines))["download done"]; got != 2 {
			t.Errorf("%d downloads on record", got)
		}
		// Who signed in for the link is the one who wrote; visitors are told no names.
		w.User("bob")
		bob := w.As("bob")
		v.Guest = &bob
		_, err = content.Overwrite(t.Context(), v, it.ID, text("third"))
		ok(t, err)
		versions, err := content.Versions(t.Context(), v, it.ID)
		if last := w.Since(lines); err != nil || versions[0].Version.By != bob.User.ID || versions[0].By != nil || last[len(last)-1].User != bob.User.ID {
			t.Errorf("%+v, %v, on record %+v", versions[0], err, last[len(last)-1])
		}
	})
}

// To a visitor who may not write, what went to the bin is gone; what was shared
// itself is gone for all of them.
func TestBinEndsALink(t *testing.T) {
	w := world.New(t, world.Options{})
	at := parcel(w)
	parcel, file := at("parcel"), at("parcel/a.txt")
	_, reads := link(w, "ann", alveary.LinkRead, parcel)
	_, edits := link(w, "ann", alveary.LinkEdit, parcel)
	_, drops := link(w, "ann", alveary.LinkDrop, parcel)
	f, err := w.Files.Content.Open(t.Context(), reads, file, 0, files.ForDownload)
	ok(t, err)
	defer f.Close()
	w.Bin(file)
	for _, try := range []func(alveary.Subject) error{
		func(s alveary.Subject) error { _, err := w.Files.Tree.Stat(t.Context(), s, file); return err },
		func(s alveary.Subject) error { _, err := readAll(t, w, s, file, 0); return err },
		func(s alveary.Subject) error { _, err := w.Files.Content.Versions(t.Context(), s, file); return err },
	} {
		if err := try(reads); words(err) != words(alveary.Withheld("")) {
			t.Errorf("who may read finds it in the bin: %v", err)
		}
		ok(t, try(edits))
	}
	if items, _, err := w.Files.Bin.List(t.Context(), reads, "", 10); err != nil || len(items) != 0 {
		t.Errorf("who may read sees of the bin %+v, %v", items, err)
	}
	for end := time.Now().Add(20 * time.Second); f.Refused() == nil && time.Now().Before(end); time.Sleep(time.Millisecond) {
	}
	if f.Refused() == nil {
		t.Error("the download goes on")
	}
	w.Bin(parcel)
	for _, s := range []alveary.Subject{reads, edits} {
		if _, err := w.Files.Tree.Stat(t.Context(), s, parcel); words(err) != words(alveary.Withheld("")) {
			t.Errorf("the node of the link: %v", err)
		}
		if spaces, err := w.Files.Tree.Workspaces(t.Context(), s); err != nil || len(spaces) != 0 {
			t.Errorf("the node of the link: %+v, %v", spaces, err)
		}
	}
	for _, s := range []alveary.Subject{edits, drops} {
		if _, _, err := w.Files.Content.Write(t.Context(), s, parcel, text("x")); words(err) != words(alveary.Withheld("")) {
			t.Errorf("put into the bin: %v", err)
		}
	}
	_, err = w.Files.Bin.Restore(t.Context(), edits, parcel, 0, files.Fail)
	wantKind(t, err, alveary.KindNotFound, "")
}

// A bound on what is put in holds for what is declared and for what comes.
func TestMostOfAnUpload(t *testing.T) {
	w := world.New(t, world.Options{})
	at := parcel(w)
	_, v := link(w, "ann", alveary.LinkDrop, at("parcel"))
	before := w.Picture()
	for name, u := range map[string]files.Upload{
		"declared": {Name: "x", Size: 4, Most: 3, Body: world.Reader("abcd")},
		"lied":     {Name: "x", Size: 2, Most: 3, Body: world.Reader("abcd")},
		"not said": {Name: "x", Size: -1, Most: 3, Body: world.Reader("abcd")},
		"endless":  {Name: "x", Size: -1, Most: 3, Body: endless{}},
	} {
		_, _, err := w.Files.Content.Write(t.Context(), v, at("parcel"), u)
		wantKind(t, err, alveary.KindTooLarge, "too-large")
		if w.Picture() != before {
			t.Errorf("%s: something was left of it", name)
		}
	}
	_, err := w.Files.Uploads.Begin(t.Context(), v, files.Begin{Parent: at("parcel"), Name: "x", Length: 4, Most: 3})
	wantKind(t, err, alveary.KindTooLarge, "too-large")
	for _, size := range []int64{3, -1} {
		_, _, err = w.Files.Content.Write(t.Context(), v, at("parcel"), files.Upload{Name: "fits", Size: size, Most: 3, Body: world.Reader("abc")})
		ok(t, err)
	}
}

type endless struct{}

// Read always fills the buffer.
func (endless) Read(p []byte) (int, error) { return len(p), nil }

var _ io.Reader = endless{}

// THREATS.md 14: who puts files into a drop box sees nothing, reads nothing,
// replaces nothing, removes nothing, and learns from no answer which names or
// ids there are.
func TestThreat14_DropBoxOfALink(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		at := parcel(w)
		c, v := link(w, "ann", alveary.LinkDrop, at("parcel"))
		box, taken := at("parcel"), at("parcel/a.txt")
		content, tree := w.Files.Content, w.Files.Tree
		if spaces, err := tree.Workspaces(t.Context(), v); err != nil || len(spaces) != 0 {
			t.Errorf("shown %+v, %v", spaces, err)
		}
		// Every operation on what is there is that on what is not.
		name := "mine now"
		for what, try := range map[string]func(id alveary.NodeID) error{
			"stat": func(id alveary.NodeID) error { _, err := tree.Stat(t.Context(), v, id); return err },
			"list": func(id alveary.NodeID) error {
				_, err := tree.List(t.Context(), v, files.Listing{Folder: id, Limit: 9})
				return err
			},
			"open": func(id alveary.NodeID) error {
				_, err := content.Open(t.Context(), v, id, 0, files.ForDownload)
				return err
			},
			"thumbnail": func(id alveary.NodeID) error { _, _, err := content.Thumbnail(t.Context(), v, id, 64); return err },
			"zip": func(id alveary.NodeID) error {
				_, err := content.Archive(t.Context(), v, []alveary.NodeID{id})
				return err
			},
			"versions":    func(id alveary.NodeID) error { _, err := content.Versions(t.Context(), v, id); return err },
			"overwrite":   func(id alveary.NodeID) error { _, err := content.Overwrite(t.Context(), v, id, text("x")); return err },
			"old version": func(id alveary.NodeID) error { _, err := content.RestoreVersion(t.Context(), v, id, 1); return err },
			"rename": func(id alveary.NodeID) error {
				_, err := tree.Edit(t.Context(), v, id, files.Edit{Name: &name})
				return err
			},
			"tag": func(id alveary.NodeID) error {
				_, err := tree.SetMetadata(t.Context(), v, id, "usermeta-tags", []string{"x"})
				return err
			},
			"move": func(id alveary.NodeID) error {
				_, err := tree.Move(t.Context(), v, id, box, "x", files.KeepBoth)
				return err
			},
			"copy": func(id alveary.NodeID) error {
				_, _, err := tree.Copy(t.Context(), v, id, box, "x", files.KeepBoth)
				return err
			},
			"bin": func(id alveary.NodeID) error { _, err := w.Files.Bin.Put(t.Context(), v, id); return err },
			"restore": func(id alveary.NodeID) error {
				_, err := w.Files.Bin.Restore(t.Context(), v, id, 0, files.Fail)
				return err
			},
			"delete": func(id alveary.NodeID) error { return w.Files.Bin.Delete(t.Context(), v, id) },
			"make a folder": func(id alveary.NodeID) error {
				_, _, err := tree.MakeFolder(t.Context(), v, id, "f", files.Existing)
				return err
			},
			"upload into it": func(id alveary.NodeID) error { _, _, err := content.Write(t.Context(), v, id, text("x")); return err },
			"begin beneath": func(id alveary.NodeID) error {
				_, err := w.Files.Uploads.Begin(t.Context(), v, files.Begin{Parent: id, Relative: "f/x", Length: 1})
				return err
			},
			"begin an upload": func(id alveary.NodeID) error {
				_, err := w.Files.Uploads.Begin(t.Context(), v, files.Begin{Parent: id, Name: "x", Length: 1})
				return err
			},
		} {
			before := w.Picture()
			gone := words(try(4_000_000_000))
			for _, id := range []alveary.NodeID{taken, at("parcel/sub"), at("parcel/sub/b.txt"), box} {
				if id == box && slices.Contains([]string{"upload into it", "begin an upload"}, what) {
					continue // what the box is for
				}
				if got := words(try(id)); got != gone || got != words(alveary.Withheld("")) {
					t.Errorf("%s of %q: %s, of nothing: %s", what, w.Node(id).Name, got, gone)
				}
			}
			if w.Picture() != before {
				t.Fatalf("%s changed the tree", what)
			}
		}
		// The answer for a name that is taken, by a file or a folder, is that of
		// one that is free, whatever is asked for; zero bytes and the resumable way
		// too. What was there stays.
		was := w.Node(taken)
		for _, how := range []files.Conflict{files.Fail, files.Replace, files.KeepBoth, files.Existing} {
			for _, body := range []string{"", "x"} {
				var answers []files.Item
				for _, name := range []string{"free " + string(how) + body, "a.txt", "sub"} {
					it, made, err := content.Write(t.Context(), v, box, named(name, body, how))
					if err != nil || !made || it.Name != name {
						t.Errorf("%s, %s: %+v, %v", name, how, it, err)
					}
					it.Name = ""
					answers = append(answers, it)
					id := begin(t, w, v, files.Begin{Parent: box, Name: name, Length: int64(len(body)), Conflict: how})
					p, done, err := feed(t, w, v, id, 0, body)
					if err != nil || p.Node != 0 || done == nil || done.Name != name {
						t.Errorf("resumable %s, %s: %+v, %+v, %v", name, how, p, done, err)
						continue
					}
					done.Name = ""
					answers = append(answers, *done)
				}
				for _, one := range answers {
					if fmt.Sprintf("%+v", one) != fmt.Sprintf("%+v", answers[0]) || one.ID != 0 || one.Path != "" || one.Owner != nil || one.Abilities != nil {
						t.Errorf("told %+v and %+v", one, answers[0])
					}
				}
			}
		}
		if now := w.Node(taken); now != was || w.Content(taken) != "a" {
			t.Errorf("what was there is %+v, was %+v", now, was)
		}
		// An entity tag tells nothing either.
		for _, name := range []string{"a.txt", "free with a tag"} {
			u := named(name, "x", files.Replace)
			u.IfMatch = []string{was.ETag()}
			_, _, err := content.Write(t.Context(), v, box, u)
			wantKind(t, err, alveary.KindPrecondition, "")
			if strings.Contains(words(err), "a.txt") {
				t.Errorf("told %s", words(err))
			}
		}
		// Many at once under one name: each is kept.
		lines := len(w.Audit())
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() {
				if it, _, err := content.Write(t.Context(), v, box, named("same.txt", "s", files.Fail)); err != nil || it.Name != "same.txt" {
					t.Errorf("at once: %+v, %v", it, err)
				}
			})
		}
		all.Wait()
		for i := 1; i <= 12; i++ {
			name := "parcel/same.txt"
			if i > 1 {
				name = fmt.Sprintf("parcel/same (%d).txt", i)
			}
			if id := at(name); id == 0 || w.Node(id).Owner != c.Owner {
				t.Errorf("%s is %+v", name, w.Node(id))
			}
		}
		if got := verdicts(w.Since(lines))["upload done"]; got != 12 {
			t.Errorf("%d uploads on record", got)
		}
	})
}

// A resumable upload through a link is that link's: no other link, nor any
// account, goes on with it, and it dies with the link.
func TestUploadsThroughLinks(t *testing.T) {
	w := world.New(t, world.Options{})
	at := parcel(w)
	c, v := link(w, "ann", alveary.LinkEdit, at("parcel"))
	_, other := link(w, "ann", alveary.LinkEdit, at("parcel/sub"))
	w.User("bob")
	up := begin(t, w, v, files.Begin{Parent: at("parcel"), Name: "up.txt", Length: 3})
	_, _, err := feed(t, w, v, up, 0, "ab")
	ok(t, err)
	own := begin(t, w, w.As("ann"), files.Begin{Parent: at("parcel"), Name: "own.txt", Length: 3})
	for _, s := range []alveary.Subject{other, w.As("ann"), w.As("bob"), {}} {
		if _, err := w.Files.Uploads.Status(t.Context(), s, up); !alveary.IsKind(err, alveary.KindNotFound) {
			t.Errorf("%+v finds the upload: %v", s.User.Login, err)
		}
	}
	if _, err := w.Files.Uploads.Status(t.Context(), v, own); !alveary.IsKind(err, alveary.KindNotFound) {
		t.Errorf("a visitor finds the owner's upload: %v", err)
	}
	// Whose the link is when the upload ends, his is the file.
	w.Allow("bob", at("parcel"), "read,write")
	change(w, &c, func(c *alveary.Cell) { c.Owner = w.As("bob").User.ID })
	_, done, err := feed(t, w, v, up, 2, "c")
	if err != nil || done == nil || w.Node(done.ID).Owner != w.As("bob").User.ID {
		t.Fatalf("after the link was handed over: %+v, %v", done, err)
	}
	up = begin(t, w, v, files.Begin{Parent: at("parcel"), Name: "late.txt", Length: 1})
	w.Write(func(tx *store.Tx) error { return tx.DeleteCell(c.ID) })
	if _, _, err := feed(t, w, v, up, 0, "x"); words(err) != words(alveary.Withheld("")) {
		t.Errorf("after the end of the link: %v", err)
	}
}
