package files_test

import (
	"fmt"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/files"
	"alveary/store"
	"alveary/testkit/world"
)

// standings are the ways to stand towards a node, and the rights on it that
// follow by chapter 3 of the model.
var standings = []struct {
	name string
	set  func(w *world.World, parent, node, child alveary.NodeID)
	have alveary.Rights
}{
	{"no right", func(*world.World, alveary.NodeID, alveary.NodeID, alveary.NodeID) {}, 0},
	{"read", func(w *world.World, _, n, _ alveary.NodeID) { w.Allow("ann", n, "read") }, alveary.RightRead},
	{"write only", func(w *world.World, _, n, _ alveary.NodeID) { w.Allow("ann", n, "write") }, alveary.RightWrite},
	{"read and write", func(w *world.World, _, n, _ alveary.NodeID) { w.Allow("ann", n, "read,write") }, alveary.Givable},
	{"inherited", func(w *world.World, p, _, _ alveary.NodeID) { w.Allow("ann", p, "read,write") }, alveary.Givable},
	{"lowered beneath", func(w *world.World, p, n, _ alveary.NodeID) {
		w.Allow("ann", p, "read,write")
		w.Allow("ann", n, "read")
	}, alveary.RightRead},
	{"taken away beneath", func(w *world.World, p, n, _ alveary.NodeID) {
		w.Allow("ann", p, "read,write")
		w.Allow("ann", n, "")
	}, 0},
	{"denied beneath", func(w *world.World, p, n, _ alveary.NodeID) {
		w.Allow("ann", p, "read,write")
		w.Deny("ann", n)
	}, 0},
	{"denied above", func(w *world.World, p, n, _ alveary.NodeID) {
		w.Deny("ann", p)
		w.Allow("ann", n, "read,write")
	}, 0},
	{"expired now", func(w *world.World, _, n, _ alveary.NodeID) {
		w.Entry("ann", n, alveary.Entry{Rights: alveary.Givable, Expires: w.Now()})
	}, 0},
	{"expires in a moment", func(w *world.World, _, n, _ alveary.NodeID) {
		w.Entry("ann", n, alveary.Entry{Rights: alveary.Givable, Expires: w.Now().Add(time.Microsecond)})
	}, alveary.Givable},
	{"denial expired", func(w *world.World, p, n, _ alveary.NodeID) {
		w.Allow("ann", p, "read,write")
		w.Entry("ann", n, alveary.Entry{Deny: true, Expires: w.Now()})
	}, alveary.Givable},
	{"on a child alone", func(w *world.World, _, _, c alveary.NodeID) { w.Allow("ann", c, "read,write") }, 0},
	{"a policy that cannot be found", func(w *world.World, p, n, _ alveary.NodeID) {
		w.Allow("ann", p, "read,write")
		w.Entry("ann", n, alveary.Entry{Policies: []alveary.PolicyID{"gone"}})
	}, 0},
}

// stage is the world of one question: everything about it is allowed except
// what the standing says of the one node.
type stage struct {
	*world.World
	t       *testing.T
	ann     alveary.Subject
	number  int            // of the stages of the world
	whole   alveary.NodeID // holds everything below
	parent  alveary.NodeID // holds the nodes below
	file    alveary.NodeID // with two versions
	folder  alveary.NodeID
	child   alveary.NodeID // in the folder
	binned  alveary.NodeID // a file in the bin
	target  alveary.NodeID // a folder elsewhere with all rights
	other   alveary.NodeID // a file elsewhere with all rights
	upload  string         // into the folder, all bytes but one are there
	missing alveary.NodeID
}

func newStage(t *testing.T) *stage {
	w := world.New(t, world.Options{})
	w.User("ann")
	return (&stage{World: w, t: t}).next()
}

// next is another stage in the same world, which nobody has trodden yet.
func (s *stage) next() *stage {
	w := s.World
	s = &stage{World: w, t: s.t, number: s.number + 1}
	whole := fmt.Sprintf("stage %d", s.number)
	s.whole = w.Folder(whole)
	s.parent = w.Folder(whole + "/area/parent")
	s.file = w.File(whole+"/area/parent/file.txt", "old content")
	s.folder = w.Folder(whole + "/area/parent/folder")
	s.child = w.File(whole+"/area/parent/folder/child.txt", "a child")
	s.binned = w.File(whole+"/area/parent/binned.txt", "in the bin")
	s.target = w.Folder(whole + "/elsewhere/target")
	s.other = w.File(whole+"/elsewhere/other.txt", "another")
	s.missing = 4_000_000_000
	w.On(s.file, func(tx *store.Tx, line alveary.Lineage) error {
		info := w.Object("new content")
		_, err := tx.Replace(line, store.Content{Blob: info.Blob, Size: info.Size, SHA256: info.SHA256, MIME: info.MIME}, 0, 0)
		return err
	})
	w.Bin(s.binned)
	w.Allow("ann", w.At(whole+"/elsewhere"), "read,write")
	s.ann = w.As("ann")
	return s
}

// began starts an upload while it is allowed, for operations on it.
func (s *stage) began() {
	e := s.Allow("ann", s.folder, "read,write")
	s.upload = begin(s.t, s.World, s.ann, files.Begin{Parent: s.folder, Name: "up.txt", Length: 4})
	if _, _, err := feed(s.t, s.World, s.ann, s.upload, 0, "abc"); err != nil {
		s.t.Fatal(err)
	}
	s.Drop(e)
}

const (
	onFile = iota
	onFolder
	onBinned
	onUpload // stands for its folder
)

// operations is chapter 5 of the model: what is done, on what, and the rights
// it needs there. Every method of the service is in it.
var operations = []struct {
	name  string
	on    int
	needs alveary.Rights
	try   func(s *stage, id alveary.NodeID) (files.Item, error)
}{
	{"stat a file", onFile, authz.See.Needs(), stat},
	{"stat a folder", onFolder, authz.See.Needs(), stat},
	{"stat in the bin", onBinned, authz.See.Needs(), stat},
	{"list", onFolder, authz.See.Needs(), func(s *stage, id alveary.NodeID) (files.Item, error) {
		page, err := s.Files.Tree.List(s.t.Context(), s.ann, files.Listing{Folder: id, Limit: 10})
		return page.Folder, err
	}},
	{"list versions", onFile, authz.See.Needs(), func(s *stage, id alveary.NodeID) (it files.Item, err error) {
		_, err = s.Files.Content.Versions(s.t.Context(), s.ann, id)
		return it, err
	}},
	{"open", onFile, authz.ReadBytes.Needs(), open(0, files.ForDownload)},
	{"open to preview", onFile, authz.ReadBytes.Needs(), open(0, files.ForPreview)},
	{"probe", onFile, authz.ReadBytes.Needs(), open(0, files.ForProbing)},
	{"open an old version", onFile, authz.ReadBytes.Needs(), open(1, files.ForDownload)},
	{"open from the bin", onBinned, authz.ReadBytes.Needs(), open(0, files.ForDownload)},
	{"zip a file", onFile, authz.ReadBytes.Needs(), archive},
	{"zip a folder", onFolder, authz.ReadBytes.Needs(), archive},
	{"upload", onFolder, authz.Create.Needs(), func(s *stage, id alveary.NodeID) (files.Item, error) {
		it, _, err := s.Files.Content.Write(s.t.Context(), s.ann, id, text("fresh"))
		return it, err
	}},
	{"begin an upload", onFolder, authz.Create.Needs(), func(s *stage, id alveary.NodeID) (it files.Item, err error) {
		_, err = s.Files.Uploads.Begin(s.t.Context(), s.ann, files.Begin{Parent: id, Name: "x", Length: 1})
		return it, err
	}},
	{"begin an upload into a new folder", onFolder, authz.Create.Needs(), func(s *stage, id alveary.NodeID) (it files.Item, err error) {
		_, err = s.Files.Uploads.Begin(s.t.Context(), s.ann, files.Begin{Parent: id, Relative: "a/b/x", Length: 1})
		return it, err
	}},
	{"look at an upload", onUpload, authz.Create.Needs(), func(s *stage, _ alveary.NodeID) (it files.Item, err error) {
		_, err = s.Files.Uploads.Status(s.t.Context(), s.ann, s.upload)
		return it, err
	}},
	{"go on with an upload", onUpload, authz.Create.Needs(), func(s *stage, _ alveary.NodeID) (files.Item, error) {
		_, done, err := feed(s.t, s.World, s.ann, s.upload, 3, "d")
		if done == nil {
			done = &files.Item{}
		}
		return *done, err
	}},
	{"give an upload up", onUpload, authz.Create.Needs(), func(s *stage, _ alveary.NodeID) (it files.Item, err error) {
		return it, s.Files.Uploads.End(s.t.Context(), s.ann, s.upload)
	}},
	{"overwrite", onFile, authz.Change.Needs(), func(s *stage, id alveary.NodeID) (files.Item, error) {
		return s.Files.Content.Overwrite(s.t.Context(), s.ann, id, text("fresh"))
	}},
	{"restore a version", onFile, authz.Change.Needs() | authz.ReadBytes.Needs(), func(s *stage, id alveary.NodeID) (files.Item, error) {
		return s.Files.Content.RestoreVersion(s.t.Context(), s.ann, id, 1)
	}},
	{"make a folder", onFolder, authz.Edit.Needs(), func(s *stage, id alveary.NodeID) (files.Item, error) {
		it, _, err := s.Files.Tree.MakeFolder(s.t.Context(), s.ann, id, "made", files.Fail)
		return it, err
	}},
	{"rename a file", onFile, authz.Edit.Needs(), rename},
	{"rename a folder", onFolder, authz.Edit.Needs(), rename},
	{"declare a time", onFile, authz.Edit.Needs(), func(s *stage, id alveary.NodeID) (files.Item, error) {
		then := s.Now().Add(-time.Hour)
		return s.Files.Tree.Edit(s.t.Context(), s.ann, id, files.Edit{MTime: &then})
	}},
	{"move a file", onFile, authz.Take.Needs(), func(s *stage, id alveary.NodeID) (files.Item, error) { return move(s, id, s.target) }},
	{"move a folder", onFolder, authz.Take.Needs(), func(s *stage, id alveary.NodeID) (files.Item, error) { return move(s, id, s.target) }},
	{"move into", onFolder, authz.Put.Needs(), func(s *stage, id alveary.NodeID) (files.Item, error) { return move(s, s.other, id) }},
	{"copy a file", onFile, authz.ReadBytes.Needs(), func(s *stage, id alveary.NodeID) (files.Item, error) { return duplicate(s, id, s.target) }},
	{"copy a folder", onFolder, authz.ReadBytes.Needs(), func(s *stage, id alveary.NodeID) (files.Item, error) { return duplicate(s, id, s.target) }},
	{"copy a file into", onFolder, authz.Create.Needs(), func(s *stage, id alveary.NodeID) (files.Item, error) { return duplicate(s, s.other, id) }},
	{"copy a folder into", onFolder, authz.Create.Needs(), func(s *stage, id alveary.NodeID) (files.Item, error) { return duplicate(s, s.target, id) }},
	{"move to the bin", onFile, authz.Bin.Needs(), toBin},
	{"move a folder to the bin", onFolder, authz.Bin.Needs(), toBin},
	{"restore", onBinned, authz.Restore.Needs(), func(s *stage, id alveary.NodeID) (files.Item, error) {
		return s.Files.Bin.Restore(s.t.Context(), s.ann, id, 0, files.Fail)
	}},
	{"restore elsewhere", onBinned, authz.Take.Needs(), func(s *stage, id alveary.NodeID) (files.Item, error) {
		return s.Files.Bin.Restore(s.t.Context(), s.ann, id, s.target, files.Fail)
	}},
	{"delete for good", onFile, authz.Delete.Needs(), remove},
	{"delete a folder for good", onFolder, authz.Delete.Needs(), remove},
	{"delete for good from the bin", onBinned, authz.Delete.Needs(), remove},
}

func stat(s *stage, id alveary.NodeID) (files.Item, error) {
	return s.Files.Tree.Stat(s.t.Context(), s.ann, id)
}

func open(version int64, why files.Why) func(s *stage, id alveary.NodeID) (files.Item, error) {
	return func(s *stage, id alveary.NodeID) (files.Item, error) {
		f, err := s.Files.Content.Open(s.t.Context(), s.ann, id, version, why)
		if err != nil {
			return files.Item{}, err
		}
		return f.Item, f.Close()
	}
}

func archive(s *stage, id alveary.NodeID) (it files.Item, err error) {
	_, err = s.Files.Content.Archive(s.t.Context(), s.ann, []alveary.NodeID{id})
	return it, err
}

func rename(s *stage, id alveary.NodeID) (files.Item, error) {
	name := "renamed"
	return s.Files.Tree.Edit(s.t.Context(), s.ann, id, files.Edit{Name: &name})
}

func move(s *stage, id, to alveary.NodeID) (files.Item, error) {
	return s.Files.Tree.Move(s.t.Context(), s.ann, id, to, "", files.Fail)
}

func duplicate(s *stage, id, to alveary.NodeID) (files.Item, error) {
	it, _, err := s.Files.Tree.Copy(s.t.Context(), s.ann, id, to, "", files.Fail)
	return it, err
}

func toBin(s *stage, id alveary.NodeID) (files.Item, error) {
	return s.Files.Bin.Put(s.t.Context(), s.ann, id)
}

func remove(s *stage, id alveary.NodeID) (it files.Item, err error) {
	return it, s.Files.Bin.Delete(s.t.Context(), s.ann, id)
}

// Every operation, from every standing, is allowed exactly where the table of
// the model says so; else it is withheld from who may not read, in the words
// for a node that does not exist, and denied by name to who may. Refused, it
// changes nothing and leaves one line in the audit log. Allowed to who may not
// read, it tells nothing.
func TestModel5(t *testing.T) {
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) {
			s := newStage(t)
			if op.on == onUpload {
				s.began()
			}
			for _, st := range standings {
				if st.name == "on a child alone" && op.on != onFolder && op.on != onUpload {
					continue
				}
				if have := st.have.Implied(); op.needs&^have != 0 { // nothing changes, so one stage does for all
					s.refused(t, op.name, op.on, op.needs, st.name, have, st.set, op.try)
				}
			}
			for _, st := range standings {
				if have := st.have.Implied(); op.needs&^have == 0 {
					s = s.next()
					if op.on == onUpload {
						s.began()
					}
					s.allowed(t, op.on, st.name, have, st.set, op.try)
				}
			}
		})
	}
}

func (s *stage) subjectOf(on int) alveary.NodeID {
	return map[int]alveary.NodeID{onFile: s.file, onFolder: s.folder, onBinned: s.binned, onUpload: s.folder}[on]
}

type (
	setting = func(*world.World, alveary.NodeID, alveary.NodeID, alveary.NodeID)
	attempt = func(*stage, alveary.NodeID) (files.Item, error)
)

func (s *stage) refused(t *testing.T, op string, on int, needs alveary.Rights, name string, have alveary.Rights, set setting, try attempt) {
	t.Helper()
	id := s.subjectOf(on)
	s.Forget(s.parent, s.file, s.folder, s.child, s.binned)
	set(s.World, s.parent, id, s.child)
	before, lines := s.Picture(), len(s.Audit())
	it, err := try(s, id)
	switch {
	case err == nil:
		t.Errorf("%s with %s: allowed", op, name)
		return
	case have.Has(alveary.ActionRead):
		want := alveary.Denied("", "", (needs &^ have).Actions()...)
		if words(err) != words(want) {
			t.Errorf("%s with %s:\n got %s\nwant %s", op, name, words(err), words(want))
		}
	default:
		if want := words(alveary.Withheld("")); words(err) != want {
			t.Errorf("%s with %s:\n got %s\nwant %s", op, name, words(err), want)
		}
		if on != onUpload {
			if _, gone := try(s, s.missing); words(gone) != words(err) {
				t.Errorf("%s with %s: %s\nbut of what does not exist: %s", op, name, words(err), words(gone))
			}
		}
	}
	if it.ID != 0 || it.Name != "" || it.Path != "" {
		t.Errorf("%s with %s: refused, and yet %+v", op, name, it)
	}
	if after := s.Picture(); after != before {
		t.Errorf("%s with %s changed the tree:\n%s\nbefore:\n%s", op, name, after, before)
	}
	if got := s.Since(lines); len(got) != 1 || got[0].Verdict != alveary.VerdictDenied || got[0].Login != "ann" || got[0].Node != id ||
		got[0].Address != "192.0.2.7" || got[0].Request != "request of ann" {
		t.Errorf("%s with %s: the audit log says %+v", op, name, got)
	}
}

func (s *stage) allowed(t *testing.T, on int, name string, have alveary.Rights, set setting, try attempt) {
	t.Helper()
	id := s.subjectOf(on)
	set(s.World, s.parent, id, s.child)
	lines := len(s.Audit())
	it, err := try(s, id)
	if err != nil {
		t.Errorf("with %s: refused: %s", name, words(err))
		return
	}
	for _, line := range s.Since(lines) {
		if line.Verdict != alveary.VerdictDone {
			t.Errorf("with %s: done, and yet the audit log says %+v", name, line)
		}
	}
	// What was moved out stands where all rights are.
	if stands := s.Node(id); !have.Has(alveary.ActionRead) && (stands.Parent == s.parent || stands.ID == 0) {
		if it.ID != 0 || it.Path != "" || it.SHA256 != "" || it.Owner != nil || it.Crumbs != nil || it.Abilities != nil || it.Parent != 0 ||
			!it.Created.IsZero() || it.BinnedBy != nil {
			t.Errorf("with %s: the answer tells %+v", name, it)
		}
	}
}
