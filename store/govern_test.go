package store

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"alveary"
)

func insertGroup(t testing.TB, s *Store, parent alveary.GroupID, name string) (g alveary.Group) {
	t.Helper()
	write(t, s, func(tx *Tx) (err error) { g, err = tx.InsertGroup(parent, name); return err })
	return g
}

func refuse(t testing.TB, s *Store, kind alveary.Kind, code string, fn func(*Tx) error) {
	t.Helper()
	wantKind(t, s.Write(t.Context(), fn), kind, code)
}

func TestUpdateEntry(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		var e alveary.Entry
		write(t, s, func(tx *Tx) (err error) {
			e, err = tx.InsertEntry(alveary.Entry{Role: RoleAdministrators, Node: usersFolder, Rights: alveary.RightRead})
			return err
		})
		for _, next := range []alveary.Entry{
			{Role: alveary.RootGroupRole, Node: commonFolder, Deny: true},
			{Role: alveary.RootGroupRole, Template: alveary.TemplateMyFiles, Policies: []alveary.PolicyID{"a", "b"}},
			{Role: RoleAdministrators, Node: usersFolder, Rights: alveary.Givable, Expires: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)},
		} {
			next.ID = e.ID
			write(t, s, func(tx *Tx) error { _, err := tx.UpdateEntry(next); return err })
			read(t, s, func(tx *Tx) error {
				got, err := tx.Entry(e.ID)
				if !reflect.DeepEqual(got, next) {
					t.Errorf("%+v, want %+v", got, next)
				}
				return err
			})
		}
		write(t, s, func(tx *Tx) error {
			got, err := tx.UpdateEntry(alveary.Entry{ID: e.ID, Role: RoleAdministrators, Node: usersFolder, Rights: alveary.AllRights})
			if got.Rights != alveary.Givable { // MODEL.md 3.8
				t.Errorf("%+v", got)
			}
			return err
		})
		read(t, s, func(tx *Tx) error {
			on, err := tx.EntriesOn(usersFolder)
			of, err2 := tx.EntriesOf(RoleAdministrators)
			none, err3 := tx.EntriesOn(0) // an entry on a template path is on no node
			if len(on) != 1 || on[0].ID != e.ID || len(of) != 2 || len(none) != 0 || err2 != nil || err3 != nil {
				t.Errorf("%+v, %+v, %+v", on, of, none)
			}
			return err
		})
		refuse(t, s, alveary.KindNotFound, "not-found", func(tx *Tx) error { _, err := tx.UpdateEntry(alveary.Entry{ID: 99}); return err })
		refuse(t, s, alveary.KindNotFound, "not-found", func(tx *Tx) error { _, err := tx.Entry(99); return err })
		refuse(t, s, alveary.KindNotFound, "not-found", func(tx *Tx) error { return tx.DeleteEntry(99) })
		err := s.Write(t.Context(), func(tx *Tx) error {
			_, err := tx.UpdateEntry(alveary.Entry{ID: e.ID, Role: RoleAdministrators, Node: usersFolder, Policies: []alveary.PolicyID{"a\nb"}})
			return err
		})
		if !alveary.IsKind(err, alveary.KindInvalid) {
			t.Errorf("%v", err)
		}
	})
}

func TestChangeRoles(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		role := alveary.Role{ID: "r", Label: "R"}
		write(t, s, func(tx *Tx) error { return tx.InsertRole(role) })
		mia := insertUser(t, s, alveary.User{Login: "mia", Profile: alveary.ProfileStandard, Group: alveary.RootGroup, Roles: []alveary.RoleID{"r"}})
		want := alveary.Role{ID: "r", Label: "Other", Profiles: []alveary.Profile{alveary.ProfileShared, alveary.ProfileAdmin}, ForceOverride: true}
		write(t, s, func(tx *Tx) error {
			changed := want
			changed.OwnerUser = 99 // who owns a role never changes
			return tx.UpdateRole(changed)
		})
		var e alveary.Entry
		write(t, s, func(tx *Tx) (err error) {
			e, err = tx.InsertEntry(alveary.Entry{Role: "r", Node: commonFolder, Deny: true})
			return err
		})
		read(t, s, func(tx *Tx) error {
			got, err := tx.Role("r")
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%+v, want %+v", got, want)
			}
			users, entries, err2 := tx.RoleUses()
			if users["r"] != 1 || entries["r"] != 1 || entries[alveary.RootGroupRole] != 2 || users[RoleAdministrators] != 0 || err2 != nil {
				t.Errorf("%v, %v, %v", users, entries, err2)
			}
			return err
		})
		remove := func(tx *Tx) error { return tx.DeleteRole("r") }
		refuse(t, s, alveary.KindConflict, "in-use", remove)
		write(t, s, func(tx *Tx) error { return tx.SetUserRoles(mia.ID, nil) })
		refuse(t, s, alveary.KindConflict, "in-use", remove)
		write(t, s, func(tx *Tx) error { return tx.DeleteEntry(e.ID) })
		write(t, s, remove)
		refuse(t, s, alveary.KindNotFound, "not-found", remove)
		refuse(t, s, alveary.KindNotFound, "not-found", func(tx *Tx) error { return tx.UpdateRole(want) })
		refuse(t, s, alveary.KindInvalid, "owned", func(tx *Tx) error { return tx.DeleteRole(alveary.RootGroupRole) })
		var own alveary.RoleID
		read(t, s, func(tx *Tx) error { subject, err := tx.Subject(mia.ID); own = subject.Role; return err })
		refuse(t, s, alveary.KindInvalid, "owned", func(tx *Tx) error { return tx.DeleteRole(own) })
	})
}

func TestDeleteGroup(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		sales := insertGroup(t, s, alveary.RootGroup, "sales")
		north := insertGroup(t, s, sales.ID, "north")
		mia := insertUser(t, s, alveary.User{Login: "mia", Profile: alveary.ProfileStandard, Group: north.ID})
		tom := insertUser(t, s, alveary.User{Login: "tom", Profile: alveary.ProfileStandard, Group: alveary.RootGroup, Roles: []alveary.RoleID{north.Role}})
		write(t, s, func(tx *Tx) error {
			_, err := tx.InsertEntry(alveary.Entry{Role: north.Role, Node: commonFolder, Deny: true})
			return err
		})
		read(t, s, func(tx *Tx) error {
			got, err := tx.Group(north.ID)
			counts, err2 := tx.UsersByGroup()
			if got != north || !reflect.DeepEqual(counts, map[alveary.GroupID]int64{alveary.RootGroup: 1, north.ID: 1}) || err2 != nil {
				t.Errorf("%+v, %v, %v", got, counts, err2)
			}
			return err
		})
		remove := func(g alveary.GroupID) func(*Tx) error { return func(tx *Tx) error { return tx.DeleteGroup(g) } }
		refuse(t, s, alveary.KindConflict, "not-empty", remove(sales.ID))
		refuse(t, s, alveary.KindConflict, "not-empty", remove(north.ID))
		mia.Group = sales.ID
		write(t, s, func(tx *Tx) error { return tx.UpdateUser(mia) })
		refuse(t, s, alveary.KindConflict, "in-use", remove(north.ID))
		write(t, s, func(tx *Tx) error { return tx.SetUserRoles(tom.ID, nil) })
		write(t, s, remove(north.ID))
		refuse(t, s, alveary.KindNotFound, "not-found", remove(north.ID))
		refuse(t, s, alveary.KindInvalid, "root-group", remove(alveary.RootGroup))
		data, err := s.Access(t.Context())
		if err != nil || len(data.Groups) != 2 || len(data.Entries) != 3 || slices.ContainsFunc(data.Roles, func(r alveary.Role) bool { return r.ID == north.Role }) {
			t.Errorf("%+v, %v", data, err)
		}
		insertGroup(t, s, sales.ID, "north") // the name is free again
	})
}

func TestUpdateUser(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		sales := insertGroup(t, s, alveary.RootGroup, "sales")
		mia := insertUser(t, s, alveary.User{
			Login: "mia", Profile: alveary.ProfileStandard, Group: alveary.RootGroup, Roles: []alveary.RoleID{"a"},
			Attributes: map[string]string{"city": "Zürich", "e": ""},
		})
		insertUser(t, s, alveary.User{Login: "ben", Profile: alveary.ProfileStandard, Group: alveary.RootGroup})
		same := func(want alveary.User) {
			t.Helper()
			want.Created = want.Created.Truncate(time.Microsecond)
			read(t, s, func(tx *Tx) error {
				one, err := tx.User(mia.ID)
				login, _, err2 := tx.UserByLogin("MIA")
				subject, err3 := tx.Subject(mia.ID)
				all, err4 := tx.Users()
				if err != nil || err2 != nil || err3 != nil || err4 != nil || len(all) != 2 {
					t.Fatal(err, err2, err3, err4)
				}
				for _, got := range []alveary.User{one, login, subject.User, all[1]} {
					if !reflect.DeepEqual(got, want) {
						t.Errorf("%+v, want %+v", got, want)
					}
				}
				return nil
			})
		}
		same(mia)
		next := mia
		next.Name, next.Email, next.Profile, next.Group, next.Disabled = "Mia", "m@example.org", alveary.ProfileShared, sales.ID, true
		next.Attributes = map[string]string{"level": "3"}
		changed := next
		changed.Login, changed.Roles, changed.Created = "other", nil, time.Time{} // never changed by this
		write(t, s, func(tx *Tx) error { return tx.UpdateUser(changed) })
		same(next)
		next.Roles, next.Attributes = []alveary.RoleID{"c", "a", "b"}, nil
		write(t, s, func(tx *Tx) error {
			if err := tx.SetUserRoles(mia.ID, next.Roles); err != nil {
				return err
			}
			return tx.UpdateUser(next)
		})
		same(next)
		refuse(t, s, alveary.KindNotFound, "not-found", func(tx *Tx) error { return tx.UpdateUser(alveary.User{ID: 99}) })
		for name, value := range map[string]string{"": "x", "a\xff": "x", "a": "\xff"} {
			next.Attributes = map[string]string{name: value}
			refuse(t, s, alveary.KindInvalid, "invalid", func(tx *Tx) error { return tx.UpdateUser(next) })
		}
	})
}

func TestChangeWorkspaces(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		write(t, s, func(tx *Tx) error {
			if err := tx.DeleteWorkspace("my-files"); err != nil {
				return err
			}
			if err := tx.UpdateWorkspace(alveary.Workspace{Slug: "common-files", Label: "Ours", Root: 99}); err != nil {
				return err
			}
			return tx.InsertWorkspace(alveary.Workspace{Slug: "a", Label: "A", Root: mainDatasource})
		})
		read(t, s, func(tx *Tx) error {
			want := []alveary.Workspace{{Slug: "common-files", Label: "Ours", Root: commonFolder}, {Slug: "a", Label: "A", Root: mainDatasource}}
			got, err := tx.Workspaces()
			one, err2 := tx.Workspace("a")
			if !slices.Equal(got, want) || one != want[1] || err2 != nil {
				t.Errorf("%+v, %+v, %v", got, one, err2)
			}
			return err
		})
		for _, fn := range []func(*Tx) error{
			func(tx *Tx) error { return tx.DeleteWorkspace("my-files") },
			func(tx *Tx) error { return tx.UpdateWorkspace(alveary.Workspace{Slug: "my-files"}) },
			func(tx *Tx) error { _, err := tx.Workspace("my-files"); return err },
		} {
			refuse(t, s, alveary.KindNotFound, "not-found", fn)
		}
	})
}

func TestNamespaces(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		want := []Namespace{{Name: "a-b", Label: "É", Editors: EditorsAdmins}, {Name: alveary.NamespaceTags, Label: "Tags", Editors: EditorsWriters}}
		write(t, s, func(tx *Tx) error {
			for _, n := range []Namespace{{Name: "x", Label: "x", Editors: EditorsWriters}, {Name: "a-b", Label: "first", Editors: EditorsWriters}, want[0]} {
				if err := tx.PutNamespace(n); err != nil {
					return err
				}
			}
			return tx.DeleteNamespace("x")
		})
		read(t, s, func(tx *Tx) error {
			got, err := tx.Namespaces()
			if !slices.Equal(got, want) {
				t.Errorf("%+v, want %+v", got, want)
			}
			return err
		})
		refuse(t, s, alveary.KindNotFound, "not-found", func(tx *Tx) error { return tx.DeleteNamespace("x") })
		for _, bad := range []Namespace{{Name: "", Label: "", Editors: EditorsAdmins}, {Name: "A", Label: "", Editors: EditorsAdmins}, {Name: "a", Label: "", Editors: ""}, {Name: "a", Label: "\x00", Editors: EditorsAdmins}} {
			refuse(t, s, alveary.KindInvalid, "invalid", func(tx *Tx) error { return tx.PutNamespace(bad) })
		}
	})
}
