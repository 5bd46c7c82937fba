package files_test

import (
	"errors"
	"maps"
	"testing"

	"alveary"
	"alveary/blob"
	"alveary/service/files"
	"alveary/store"
	"alveary/testkit/world"
)

// Each change and each download is on record, once, with who, what, where and
// from where; looking around is not.
func TestEachActIsOnRecordOnce(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		area := w.Folder("area")
		w.Allow("ann", area, "read,write")
		ann := w.As("ann")
		x, y := w.File("area/x", "x"), w.File("area/y", "y")
		other := w.Folder("area/other")
		name, then := "renamed", w.Now()
		var binned alveary.NodeID
		for _, step := range []struct {
			what string
			do   func() error
			want map[string]int
		}{
			{"stat", func() error { _, err := w.Files.Tree.Stat(t.Context(), ann, x); return err }, nil},
			{"list", func() error {
				_, err := w.Files.Tree.List(t.Context(), ann, files.Listing{Folder: area, Limit: 1})
				return err
			}, nil},
			{"versions", func() error { _, err := w.Files.Content.Versions(t.Context(), ann, x); return err }, nil},
			{"probe", func() error {
				f, err := w.Files.Content.Open(t.Context(), ann, x, 0, files.ForProbing)
				if err == nil {
					err = f.Close()
				}
				return err
			}, nil},
			{"download", func() error { _, err := readAll(t, w, ann, x, 0); return err }, map[string]int{"download done": 1}},
			{"its other ranges", func() error { _, err := readAll(t, w, ann, x, 0); return err }, nil},
			{"zip", func() error { unzip(t, w, area); return nil }, map[string]int{"archive done": 2}},
			{"make a folder", func() error {
				_, _, err := w.Files.Tree.MakeFolder(t.Context(), ann, area, "f", files.Fail)
				return err
			}, map[string]int{"make-folder done": 1}},
			{"the folder that is there", func() error {
				_, _, err := w.Files.Tree.MakeFolder(t.Context(), ann, area, "f", files.Existing)
				return err
			}, nil},
			{"upload", func() error { _, _, err := w.Files.Content.Write(t.Context(), ann, area, text("u")); return err }, map[string]int{"upload done": 1}},
			{"change", func() error { _, err := w.Files.Content.Overwrite(t.Context(), ann, x, text("u")); return err }, map[string]int{"change done": 1}},
			{"restore a version", func() error { _, err := w.Files.Content.RestoreVersion(t.Context(), ann, x, 1); return err }, map[string]int{"restore-version done": 1}},
			{"rename", func() error {
				_, err := w.Files.Tree.Edit(t.Context(), ann, x, files.Edit{Name: &name, MTime: &then})
				return err
			}, map[string]int{"rename done": 1, "edit done": 1}},
			{"move", func() error { _, err := w.Files.Tree.Move(t.Context(), ann, x, other, "", files.Fail); return err }, map[string]int{"move done": 1}},
			{"move nowhere", func() error { _, err := w.Files.Tree.Move(t.Context(), ann, x, other, "", files.Fail); return err }, nil},
			{"copy", func() error {
				_, _, err := w.Files.Tree.Copy(t.Context(), ann, other, area, "c", files.Fail)
				return err
			}, map[string]int{"copy done": 1}},
			{"move over another", func() error {
				_, err := w.Files.Tree.Move(t.Context(), ann, y, other, "renamed", files.Replace)
				return err
			}, map[string]int{"move done": 1, "bin done": 1}},
			{"bin", func() error {
				it, err := w.Files.Bin.Put(t.Context(), ann, y)
				binned = it.ID
				return err
			}, map[string]int{"bin done": 1}},
			{"restore", func() error { _, err := w.Files.Bin.Restore(t.Context(), ann, binned, 0, files.Fail); return err }, map[string]int{"restore done": 1}},
			{"delete", func() error { return w.Files.Bin.Delete(t.Context(), ann, other) }, map[string]int{"delete done": 1}},
			{"resumable", func() error {
				id := begin(t, w, ann, files.Begin{Parent: area, Relative: "new/up", Length: 2})
				for i, piece := range []string{"a", "b"} {
					if _, _, err := feed(t, w, ann, id, int64(i), piece); err != nil {
						return err
					}
				}
				return nil
			}, map[string]int{"make-folder done": 1, "upload done": 1}},
			{"what is not there", func() error {
				if _, err := w.Files.Tree.Stat(t.Context(), ann, 4_000_000_000); err == nil {
					return errors.New("found")
				}
				return nil
			}, nil},
		} {
			before := len(w.Audit())
			if err := step.do(); err != nil {
				t.Fatalf("%s: %v", step.what, err)
			}
			lines := w.Since(before)
			if got := verdicts(lines); !maps.Equal(got, step.want) && len(got)+len(step.want) > 0 {
				t.Errorf("%s: on record %v, want %v", step.what, got, step.want)
			}
			for _, line := range lines {
				if line.User != ann.User.ID || line.Login != "ann" || line.Address != ann.Address || line.Request != ann.Request ||
					line.Node == 0 || line.Path == "" {
					t.Errorf("%s: on record %+v", step.what, line)
				}
			}
		}
	})
}

// What comes to nothing in the end leaves no line: neither a change whose
// transaction fails nor one that a later step refuses.
func TestUndoneIsNotOnRecord(t *testing.T) {
	w, area, ann := garden(t)
	x := w.File("area/x", "x")
	w.Folder("area/taken")
	lines := len(w.Audit())
	name, bad := "renamed", w.Now().AddDate(20000, 0, 0)
	// Renamed first, then refused for its time.
	if _, err := w.Files.Tree.Edit(t.Context(), ann, x, files.Edit{Name: &name, MTime: &bad}); err == nil {
		t.Fatal("a time that cannot be")
	}
	// The folders are made first, then the name is found to be taken.
	id := begin(t, w, ann, files.Begin{Parent: area, Relative: "made/x", Length: 1, IfMatch: `"no such"`})
	if _, _, err := feed(t, w, ann, id, 0, "y"); !alveary.IsKind(err, alveary.KindPrecondition) {
		t.Fatal(err)
	}
	if w.At("area/made") != 0 || w.At("area/renamed") != 0 {
		t.Errorf("left behind:\n%s", w.Picture())
	}
	if got := w.Since(lines); len(got) != 0 {
		t.Errorf("on record: %+v", got)
	}
	// The disk is full for the audit line alone: then the change is not either.
	full := errors.New("the line cannot be written")
	err := w.Store.Write(t.Context(), func(tx *store.Tx) error {
		line, err := tx.Lineage(x)
		if err == nil {
			_, err = tx.Place(line, line[:len(line)-1], "moved")
		}
		return errors.Join(err, full)
	})
	if !errors.Is(err, full) || w.At("area/moved") != 0 {
		t.Errorf("%v", err)
	}
}

// A content that cannot be put on record is not given away.
func TestDownloadNeedsItsRecord(t *testing.T) {
	w, _, ann := garden(t)
	x := w.File("area/x", "x")
	w.Once(func() {
		if err := w.Store.Close(); err != nil {
			t.Error(err)
		}
	})
	if f, err := w.Files.Content.Open(t.Context(), ann, x, 0, files.ForDownload); err == nil {
		t.Errorf("opened %+v", f)
	}
	w.Reopen()
}

// The sweep takes what nobody names, and nothing that somebody names or may be
// about to.
func TestSweep(t *testing.T) {
	w, area, ann := garden(t)
	kept := w.File("area/x", "x")
	orphan := w.Object("nobody's").Blob
	live := begin(t, w, ann, files.Begin{Parent: area, Name: "live", Length: 4})
	if _, _, err := feed(t, w, ann, live, 0, "ab"); err != nil {
		t.Fatal(err)
	}
	if removed, err := w.Files.Sweep(t.Context(), world.UploadExpiry); err != nil || removed != 0 {
		t.Errorf("too young: %d, %v", removed, err)
	}
	if removed, err := w.Files.Sweep(t.Context(), 0); err != nil || removed != 1 {
		t.Errorf("removed %d, %v", removed, err)
	}
	if _, err := w.Driver.Open(orphan); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("the orphan: %v", err)
	}
	if _, _, err := feed(t, w, ann, live, 2, "cd"); err != nil || w.Content(w.At("area/live")) != "abcd" {
		t.Errorf("the upload under way: %v", err)
	}
	// What expired goes; what became a file stays.
	dead := begin(t, w, ann, files.Begin{Parent: area, Name: "dead", Length: 4})
	if _, _, err := feed(t, w, ann, dead, 0, "ab"); err != nil {
		t.Fatal(err)
	}
	w.Wait(world.UploadExpiry)
	_, err := w.Files.Uploads.Status(t.Context(), ann, dead)
	wantKind(t, err, alveary.KindGone, "")
	if _, err := w.Files.Sweep(t.Context(), 1<<62); err != nil {
		t.Fatal(err)
	}
	_, err = w.Files.Uploads.Status(t.Context(), ann, dead)
	wantKind(t, err, alveary.KindNotFound, "not-found")
	if got := w.Objects(); len(got) != 2 || w.Content(kept) != "x" || w.Content(w.At("area/live")) != "abcd" {
		t.Errorf("left: %v", got)
	}
}
