package demo_test

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"alveary"
	"alveary/demo"
)

// What the organisation names is there: folders, groups, logins, and a folder
// of documents for each person who has one.
func TestOrganisationHoldsTogether(t *testing.T) {
	org, files := demo.HiveAndSons(), demo.FS()
	roles := []string{string(alveary.RootGroupRole)}
	groups := []string{"/"}
	for _, g := range org.Groups {
		if !slices.Contains(groups, path.Dir(g.Path)) {
			t.Errorf("%s comes before the group above it", g.Path)
		}
		groups = append(groups, g.Path)
		roles = append(roles, "group:"+g.Path)
	}
	standard := 0
	for _, u := range org.Users {
		if !u.Profile.Valid() || !slices.Contains(groups, u.Group) {
			t.Errorf("%+v: no such profile or group", u)
		}
		if !strings.HasSuffix(u.Email, ".example") {
			t.Errorf("%s could be the address of somebody", u.Email)
		}
		if u.Profile == alveary.ProfileStandard {
			standard++
		}
		roles = append(roles, u.Login)
	}
	if standard != 4 {
		t.Errorf("%d people, want 4", standard)
	}
	for _, e := range org.Entries {
		if !slices.Contains(roles, e.Role) {
			t.Errorf("%+v: nobody has this role", e)
		}
		if info, err := fs.Stat(files, e.Folder); err != nil || !info.IsDir() {
			t.Errorf("%+v: no such folder: %v", e, err)
		}
		if e.Rights&^alveary.Givable != 0 {
			t.Errorf("%+v: only read and write can be given", e)
		}
	}
	homes, err := fs.ReadDir(files, alveary.WorkspaceMyFiles)
	if err != nil {
		t.Fatal(err)
	}
	for _, home := range homes {
		if !slices.Contains(roles, home.Name()) {
			t.Errorf("nobody is called %s", home.Name())
		}
	}
}

// There are documents of many kinds, none empty, under names that a node can
// have, and together they are small enough to ship.
func TestDocumentsAreManyAndSmall(t *testing.T) {
	count, total, kinds := 0, int64(0), map[string]int{}
	err := fs.WalkDir(demo.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if err := alveary.CheckName(d.Name()); err != nil {
			t.Error(err)
		}
		if d.IsDir() {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Size() == 0 {
			t.Errorf("%s is empty", name)
		}
		count, total = count+1, total+info.Size()
		kinds[path.Ext(name)]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count < 40 || total > 3<<19 {
		t.Errorf("%d documents of %d bytes, want 40 or more of at most 1.5 MiB", count, total)
	}
	for _, kind := range []string{".md", ".txt", ".csv", ".svg", ".png", ".jpg", ".pdf", ".wav", ".ics", ".json", ".html", ".py"} {
		if kinds[kind] == 0 {
			t.Errorf("no document of kind %s", kind)
		}
	}
}
