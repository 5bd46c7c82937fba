package files_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"alveary"
	"alveary/service/files"
	"alveary/store"
	"alveary/testkit/world"
)

const tags = alveary.NamespaceTags

func setTags(t *testing.T, w *world.World, s alveary.Subject, id alveary.NodeID, values ...string) (files.Item, error) {
	t.Helper()
	return w.Files.Tree.SetMetadata(t.Context(), s, id, tags, values)
}

func TestSetMetadata(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		area := w.Folder("area")
		file := w.File("area/x.txt", "x")
		w.Allow("ann", area, "read,write")
		ann := w.As("ann")
		before, above := w.Node(file), w.Node(area).ETag()
		mark := len(w.Audit())
		it, err := setTags(t, w, ann, file, "draft", "2026", "draft")
		ok(t, err)
		if got := it.Meta.Get(tags); !slices.Equal(got, []string{"draft", "2026"}) {
			t.Errorf("the node has %q", got)
		}
		if n := w.Node(file); n.Version != before.Version || n.SHA256 != before.SHA256 || !n.MTime.Equal(before.MTime) || !slices.Equal(n.Meta.Get(tags), it.Meta.Get(tags)) {
			t.Errorf("it is %+v, was %+v", n, before)
		}
		if w.Node(area).ETag() == above {
			t.Error("the folder has its old entity tag")
		}
		// The same again is no change.
		above = w.Node(area).ETag()
		_, err = setTags(t, w, ann, file, "draft", "2026")
		ok(t, err)
		if w.Node(area).ETag() != above {
			t.Error("what is the same changed the folder")
		}
		it, err = setTags(t, w, ann, file)
		ok(t, err)
		if it.Meta != nil {
			t.Errorf("the node has %v", it.Meta)
		}
		lines := w.Since(mark)
		if len(lines) != 2 || lines[0].Action != "set-metadata" || lines[0].Node != file || lines[0].Detail != `usermeta-tags: ["draft" "2026"]` {
			t.Errorf("on record: %v", lines)
		}
		for what, c := range map[string]struct {
			namespace string
			values    []string
			code      string
		}{
			"an unknown namespace": {"colour", []string{"red"}, "no-namespace"},
			"no namespace":         {"", nil, "invalid"},
			"upper case":           {"Usermeta-Tags", nil, "invalid"},
			"an empty value":       {tags, []string{"a", ""}, "invalid"},
			"two lines":            {tags, []string{"a\nb"}, "invalid"},
			"a long value":         {tags, []string{strings.Repeat("a", 257)}, "invalid"},
			"too many":             {tags, many(65), "invalid"},
		} {
			_, err := w.Files.Tree.SetMetadata(t.Context(), ann, file, c.namespace, c.values)
			t.Run(what, func(t *testing.T) { wantKind(t, err, alveary.KindInvalid, c.code) })
		}
		w.Bin(file)
		_, err = setTags(t, w, ann, file, "late")
		wantKind(t, err, alveary.KindConflict, "in-bin")
	})
}

func many(n int) (values []string) {
	for i := range n {
		values = append(values, fmt.Sprint(i))
	}
	return values
}

// Who may edit a namespace is its own setting, beside the right to write the
// node (MODEL.md 5.0).
func TestNamespaces(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		w.User("root", alveary.ProfileAdmin)
		file := w.File("area/x.txt", "x")
		w.Allow("ann", file, "read,write")
		ann, root, ctx := w.As("ann"), w.As("root"), t.Context()
		rating := files.Namespace{Name: "rating", Editors: store.EditorsAdmins}
		_, err := w.Files.Namespaces.Put(ctx, ann, rating)
		wantKind(t, err, alveary.KindDenied, "not-held")
		wantKind(t, w.Files.Namespaces.Delete(ctx, ann, tags), alveary.KindDenied, "not-held")
		made, err := w.Files.Namespaces.Put(ctx, root, rating)
		ok(t, err)
		if made.Label != "rating" {
			t.Errorf("made %+v", made)
		}
		_, err = w.Files.Tree.SetMetadata(ctx, ann, file, "rating", []string{"5"})
		wantKind(t, err, alveary.KindDenied, "not-editor")
		// An administrator still needs the right to write.
		_, err = w.Files.Tree.SetMetadata(ctx, root, file, "rating", []string{"5"})
		wantKind(t, err, alveary.KindNotFound, "not-found")
		w.Allow("root", file, "read")
		_, err = w.Files.Tree.SetMetadata(ctx, root, file, "rating", []string{"5"})
		wantKind(t, err, alveary.KindDenied, "denied")
		w.Allow("root", file, "read,write")
		_, err = w.Files.Tree.SetMetadata(ctx, root, file, "rating", []string{"5"})
		ok(t, err)
		_, err = w.Files.Namespaces.Put(ctx, root, files.Namespace{Name: "rating", Label: "Stars", Editors: store.EditorsWriters})
		ok(t, err)
		_, err = w.Files.Tree.SetMetadata(ctx, ann, file, "rating", []string{"1"})
		ok(t, err)
		list, err := w.Files.Namespaces.List(ctx)
		ok(t, err)
		if len(list) != 2 || list[0] != (files.Namespace{Name: "rating", Label: "Stars", Editors: "writers"}) || list[1].Name != tags {
			t.Errorf("there are %+v", list)
		}
		ok(t, w.Files.Namespaces.Delete(ctx, root, "rating"))
		wantKind(t, w.Files.Namespaces.Delete(ctx, root, "rating"), alveary.KindNotFound, "not-found")
		if _, err = w.Files.Tree.SetMetadata(ctx, root, file, "rating", nil); err == nil || !slices.Equal(w.Node(file).Meta.Get("rating"), []string{"1"}) {
			t.Errorf("in a namespace that is gone: %v, %v", err, w.Node(file).Meta)
		}
		for _, bad := range []files.Namespace{{Name: "a b", Editors: "admins"}, {Name: "x", Editors: "all"}, {Name: "x", Label: "a\nb", Editors: "admins"}, {}} {
			_, err := w.Files.Namespaces.Put(ctx, root, bad)
			wantKind(t, err, alveary.KindInvalid, "invalid")
		}
		for i := range 63 {
			_, err = w.Files.Namespaces.Put(ctx, root, files.Namespace{Name: fmt.Sprint("n", i), Editors: "admins"})
			ok(t, err)
		}
		_, err = w.Files.Namespaces.Put(ctx, root, files.Namespace{Name: "more", Editors: "admins"})
		wantKind(t, err, alveary.KindInvalid, "invalid")
	})
}

// Tags decide, so changing them is decided on the node as it is and as it will
// be: nobody tags himself a right, nor a denial away, of a node or of anything
// beneath the folder that he tags.
func TestMetadataIsDecidedAsItWillBe(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		area := estate(w)
		ann := w.As("ann")
		enforce(w, area, "tags", deny("read write", tagged("secret")), deny("write", tagged("final")), deny("download", tagged("view")), deny("delete", tagged("keep")))
		file := w.File("area/x.txt", "x")
		folder := w.Folder("area/folder")
		w.File("area/folder/in.txt", "in")

		_, err := setTags(t, w, ann, file, "draft")
		ok(t, err)
		// What would take his own right to write is refused too: as it will be.
		for _, tag := range []string{"final", "secret"} {
			_, err = setTags(t, w, ann, file, tag)
			if !alveary.IsKind(err, alveary.KindDenied) {
				t.Errorf("%s: %v", tag, err)
			}
		}
		// A denial that he may set he may not take away again.
		for _, tag := range []string{"view", "keep"} {
			_, err = setTags(t, w, ann, file, "draft", tag)
			ok(t, err)
			for _, less := range [][]string{nil, {"draft"}, {"other"}} {
				_, err = setTags(t, w, ann, file, less...)
				wantKind(t, err, alveary.KindDenied, "lifted")
			}
			_, err = setTags(t, w, ann, file, tag)
			ok(t, err)
			label(w, file)
		}
		label(w, file, "final")
		_, err = setTags(t, w, ann, file, "draft")
		wantKind(t, err, alveary.KindDenied, "denied")
		label(w, file, "secret")
		_, err = setTags(t, w, ann, file, "draft")
		wantKind(t, err, alveary.KindNotFound, "not-found")

		// A folder's tag counts for what is in it.
		_, err = setTags(t, w, ann, folder, "view")
		ok(t, err)
		_, err = setTags(t, w, ann, folder)
		wantKind(t, err, alveary.KindDenied, "lifted")
		if got := w.Node(folder).Meta.Get(tags); !slices.Equal(got, []string{"view"}) {
			t.Errorf("the folder has %q", got)
		}

		// An administrator takes it away, although it binds him too.
		w.User("boss", alveary.ProfileAdmin)
		w.Entry("boss", area, alveary.Entry{Policies: []alveary.PolicyID{"tags"}})
		_, err = setTags(t, w, w.As("boss"), folder)
		ok(t, err)
	})
}

// Who may write and not read is told no more than what he said himself.
func TestMetadataOfADropBox(t *testing.T) {
	w := world.New(t, world.Options{})
	w.User("ann")
	file := w.File("area/x.txt", "x")
	label(w, file, "hidden")
	w.Allow("ann", file, "write")
	it, err := setTags(t, w, w.As("ann"), file, "mine")
	ok(t, err)
	if it.ID != 0 || it.Name != "" || it.Meta != nil || it.Path != "" {
		t.Errorf("told %+v", it)
	}
}
