package store

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"alveary"
	"alveary/store/names"
	"alveary/store/sqldb"
)

func insertUser(t testing.TB, s *Store, u alveary.User) (made alveary.User) {
	t.Helper()
	write(t, s, func(tx *Tx) (err error) { made, err = tx.InsertUser(u, "hash of "+u.Login); return err })
	return made
}

func TestUsers(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		mia := insertUser(t, s, alveary.User{
			Login: "Mia", Name: "Mia Berg", Email: "mia@example.org", Profile: alveary.ProfileStandard, Group: alveary.RootGroup,
			Roles: []alveary.RoleID{"y", "x", RoleAdministrators},
		})
		tom := insertUser(t, s, alveary.User{Login: "tom", Profile: alveary.ProfileShared, Group: alveary.RootGroup, Disabled: true})
		read(t, s, func(tx *Tx) error {
			for _, want := range []alveary.User{mia, tom} {
				want.Created = sqldb.Time(sqldb.Micros(want.Created))
				got, err := tx.User(want.ID)
				if err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("%+v, want %+v, %v", got, want, err)
				}
				byLogin, hash, err := tx.UserByLogin(want.Login)
				if err != nil || !reflect.DeepEqual(byLogin, want) || hash != "hash of "+want.Login {
					t.Errorf("by login: %+v, %q, %v", byLogin, hash, err)
				}
				subject, err := tx.Subject(want.ID)
				if err != nil || !reflect.DeepEqual(subject.User, want) || subject.Role == "" || len(subject.Homes) != 0 {
					t.Errorf("as a subject: %+v, %v", subject, err)
				}
				role, err := tx.Role(subject.Role)
				if err != nil || role.OwnerUser != want.ID || role.Label != want.Login {
					t.Errorf("the role of his own: %+v, %v", role, err)
				}
				login, name, err := tx.Named(want.ID)
				if err != nil || login != want.Login || name != want.DisplayName() {
					t.Errorf("called %q, %q, %v", login, name, err)
				}
			}
			users, err := tx.Users()
			if len(users) != 2 || users[0].Login != "Mia" || users[1].Login != "tom" {
				t.Errorf("%+v", users)
			}
			if n, err := tx.CountUsers(); n != 2 || err != nil {
				t.Errorf("%d users, %v", n, err)
			}
			return err
		})
		write(t, s, func(tx *Tx) error {
			if err := tx.SetPasswordHash(mia.ID, "new"); err != nil {
				return err
			}
			return tx.SetDisabled(mia.ID, true)
		})
		read(t, s, func(tx *Tx) error {
			u, hash, err := tx.UserByLogin("mia")
			if !u.Disabled || hash != "new" {
				t.Errorf("%+v, %q", u, hash)
			}
			for label, find := range map[string]func() error{
				"id":      func() error { _, err := tx.User(99); return err },
				"subject": func() error { _, err := tx.Subject(99); return err },
				"login":   func() error { _, _, err := tx.UserByLogin("nobody"); return err },
				"name":    func() error { _, _, err := tx.Named(99); return err },
				"empty":   func() error { _, _, err := tx.UserByLogin(""); return err },
			} {
				if err := find(); !alveary.IsKind(err, alveary.KindNotFound) {
					t.Errorf("%s: %v", label, err)
				}
			}
			return err
		})
	})
}

// Neither a capital nor a look-alike spelling makes a second account.
func TestLoginsThatLookAlike(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		insertUser(t, s, alveary.User{Login: "Zoë", Profile: alveary.ProfileStandard, Group: alveary.RootGroup})
		insertUser(t, s, alveary.User{Login: "strasse", Profile: alveary.ProfileStandard, Group: alveary.RootGroup})
		for _, twin := range []string{"Zoë", "zoë", "ZOË", "Zoe\u0308", "Ｚｏë", "zo\u00eb", "STRASSE", "Straße", "ſtrasse", "ＳＴＲＡＳＳＥ"} {
			err := s.Write(t.Context(), func(tx *Tx) error {
				_, err := tx.InsertUser(alveary.User{Login: twin, Profile: alveary.ProfileStandard, Group: alveary.RootGroup}, "")
				return err
			})
			if alveary.KindOf(err) != alveary.KindConflict {
				t.Errorf("%q makes a second account: %v", twin, err)
			}
			read(t, s, func(tx *Tx) error { _, _, err := tx.UserByLogin(twin); return err })
		}
		insertUser(t, s, alveary.User{Login: "zoe", Profile: alveary.ProfileStandard, Group: alveary.RootGroup})
	})
}

// Folded twice is folded once, for every character alone and with an accent
// before or after it.
func TestFoldNameIsSettled(t *testing.T) {
	bad := 0
	for r := rune(1); r <= utf8.MaxRune && bad < 10; r++ {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r) && !unicode.IsSymbol(r) || unicode.In(r, unicode.Han, unicode.Hangul, unicode.Tangut) {
			continue
		}
		for _, name := range []string{string(r), "a" + string(r), string(r) + "\u0345", "\u0345" + string(r), string(r) + "\u0301"} {
			if once := names.Fold(name); names.Fold(once) != once {
				t.Errorf("%q (%U): folded %q (%U), again %q", name, []rune(name), once, []rune(once), names.Fold(once))
				bad++
			}
		}
	}
}

func TestGroups(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		var sales, north alveary.Group
		write(t, s, func(tx *Tx) (err error) {
			if sales, err = tx.InsertGroup(alveary.RootGroup, "Sales"); err != nil {
				return err
			}
			north, err = tx.InsertGroup(sales.ID, "north")
			return err
		})
		for _, name := range []string{"Sales", "sales", "SALES"} {
			err := s.Write(t.Context(), func(tx *Tx) error { _, err := tx.InsertGroup(alveary.RootGroup, name); return err })
			wantKind(t, err, alveary.KindConflict, "group-exists")
		}
		for _, name := range []string{"", ".", "a/b", "a\x00"} {
			err := s.Write(t.Context(), func(tx *Tx) error { _, err := tx.InsertGroup(alveary.RootGroup, name); return err })
			if !alveary.IsKind(err, alveary.KindInvalid) {
				t.Errorf("%q: %v", name, err)
			}
		}
		write(t, s, func(tx *Tx) error { _, err := tx.InsertGroup(sales.ID, "Sales"); return err })
		read(t, s, func(tx *Tx) error {
			groups, err := tx.Groups()
			if len(groups) != 4 || groups[0] != (alveary.Group{ID: alveary.RootGroup, Role: alveary.RootGroupRole}) || groups[1] != sales || groups[2] != north {
				t.Errorf("%+v", groups)
			}
			for _, g := range []alveary.Group{sales, north} {
				if role, err := tx.Role(g.Role); err != nil || role.OwnerGroup != g.ID || role.Label != g.Name {
					t.Errorf("the role of %s: %+v, %v", g.Name, role, err)
				}
			}
			return err
		})
	})
}

// What users and groups own is there without a row, and has one as soon as it
// holds something.
func TestOwnedRolesAreMadeLazily(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		mia := insertUser(t, s, alveary.User{Login: "mia", Profile: alveary.ProfileStandard, Group: alveary.RootGroup})
		var group alveary.Group
		write(t, s, func(tx *Tx) (err error) { group, err = tx.InsertGroup(alveary.RootGroup, "sales"); return err })
		listed := func(want int) {
			t.Helper()
			read(t, s, func(tx *Tx) error {
				roles, err := tx.Roles()
				if len(roles) != want {
					t.Errorf("%d roles, want %d: %+v", len(roles), want, roles)
				}
				return err
			})
		}
		listed(2)
		var own alveary.RoleID
		write(t, s, func(tx *Tx) error {
			subject, err := tx.Subject(mia.ID)
			if err != nil {
				return err
			}
			own = subject.Role
			_, err = tx.InsertEntry(alveary.Entry{Role: own, Node: commonFolder, Rights: alveary.RightRead})
			return err
		})
		listed(3)
		write(t, s, func(tx *Tx) error {
			return tx.UpdateRole(alveary.Role{ID: group.Role, Label: "sales", SecondFactor: true})
		})
		listed(4)
		read(t, s, func(tx *Tx) error {
			role, err := tx.Role(group.Role)
			if err != nil || !role.SecondFactor || role.OwnerGroup != group.ID {
				t.Errorf("%+v, %v", role, err)
			}
			role, err = tx.Role(own)
			if err != nil || role.OwnerUser != mia.ID || role.Label != "mia" {
				t.Errorf("%+v, %v", role, err)
			}
			for _, none := range []alveary.RoleID{"user-1", "user-", "user-x", "group-1", "group-99999", "user--1"} {
				if _, err := tx.Role(none); !alveary.IsKind(err, alveary.KindNotFound) {
					t.Errorf("%s: %v", none, err)
				}
			}
			return nil
		})
	})
}

func TestRoles(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		want := []alveary.Role{
			{ID: "a-role"},
			{ID: "aRole", Label: "it's", Profiles: []alveary.Profile{alveary.ProfileStandard, alveary.ProfileShared}},
			{ID: "A_role", ForceOverride: true},
			{ID: "Ärole"},
			{ID: "b"},
		}
		write(t, s, func(tx *Tx) error {
			for _, r := range want {
				if err := tx.InsertRole(r); err != nil {
					return err
				}
			}
			return nil
		})
		wantKind(t, s.Write(t.Context(), func(tx *Tx) error { return tx.InsertRole(alveary.Role{ID: "b"}) }), alveary.KindConflict, "role-exists")
		read(t, s, func(tx *Tx) error {
			roles, err := tx.Roles()
			if len(roles) != len(want)+2 || !slices.IsSortedFunc(roles, func(a, b alveary.Role) int {
				if a.ID < b.ID {
					return -1
				}
				return 1
			}) {
				t.Errorf("not by id: %+v", roles)
			}
			for _, r := range want {
				if !slices.ContainsFunc(roles, func(got alveary.Role) bool { return reflect.DeepEqual(got, r) }) {
					t.Errorf("%+v is not in %+v", r, roles)
				}
			}
			return err
		})
	})
}

func TestEntries(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		expires := time.Date(2030, 1, 2, 3, 4, 5, 6000, time.UTC)
		want := []alveary.Entry{
			{Role: "r", Node: commonFolder, Rights: alveary.Givable},
			{Role: "r", Node: commonFolder, Rights: alveary.RightRead, Expires: expires},
			{Role: "r", Node: commonFolder, Deny: true},
			{Role: "r", Template: alveary.TemplateMyFiles, Rights: alveary.RightWrite},
			{Role: "r", Node: commonFolder, Policies: []alveary.PolicyID{"p1", "p, 2", "p3"}},
			{Role: "r", Node: commonFolder},
		}
		write(t, s, func(tx *Tx) error {
			if err := tx.InsertRole(alveary.Role{ID: "r"}); err != nil {
				return err
			}
			for i := range want {
				made, err := tx.InsertEntry(want[i])
				if err != nil {
					return err
				}
				want[i].ID = made.ID
			}
			return nil
		})
		read(t, s, func(tx *Tx) error {
			got, err := tx.Entries()
			if !reflect.DeepEqual(got[3:], want) {
				t.Errorf("%+v, want %+v", got[3:], want)
			}
			return err
		})
		// 3.8: what can only be denied is not stored as given.
		write(t, s, func(tx *Tx) error {
			_, err := tx.InsertEntry(alveary.Entry{Role: "r", Node: commonFolder, Rights: alveary.AllRights})
			return err
		})
		// A policy that would be lost on the way back would leave rights behind.
		for _, bad := range []alveary.PolicyID{"", "a\nb"} {
			err := s.Write(t.Context(), func(tx *Tx) error {
				_, err := tx.InsertEntry(alveary.Entry{Role: "r", Node: commonFolder, Rights: alveary.Givable, Policies: []alveary.PolicyID{bad}})
				return err
			})
			if !alveary.IsKind(err, alveary.KindInvalid) {
				t.Errorf("a policy %q: %v", bad, err)
			}
		}
		write(t, s, func(tx *Tx) error { return tx.DeleteEntry(want[2].ID) })
		wantKind(t, s.Write(t.Context(), func(tx *Tx) error { return tx.DeleteEntry(want[2].ID) }), alveary.KindNotFound, "not-found")
		read(t, s, func(tx *Tx) error {
			got, err := tx.Entries()
			if len(got) != 3+len(want) || got[len(got)-1].Rights != alveary.Givable {
				t.Errorf("%+v", got)
			}
			for _, e := range got {
				if e.ID == want[2].ID {
					t.Error("the entry is still there")
				}
			}
			return err
		})
		// Rights that cannot be read give nothing.
		write(t, s, func(tx *Tx) error {
			_, err := tx.exec(`UPDATE entries SET rights = 'read,everything' WHERE id = $1`, want[0].ID)
			return err
		})
		read(t, s, func(tx *Tx) error {
			got, err := tx.Entries()
			if got[3].Rights != 0 {
				t.Errorf("%+v", got[3])
			}
			return err
		})
	})
}

func TestWorkspacesAndHomes(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		home := insert(t, s, usersFolder, folderNamed("mia"))[0].ID
		write(t, s, func(tx *Tx) error {
			if err := tx.InsertWorkspace(alveary.Workspace{Slug: "a-first-by-name", Label: "Third", Root: mainDatasource}); err != nil {
				return err
			}
			return tx.InsertHome(7, alveary.TemplateMyFiles, home)
		})
		wantKind(t, s.Write(t.Context(), func(tx *Tx) error { return tx.InsertWorkspace(alveary.Workspace{Slug: "my-files"}) }), alveary.KindConflict, "workspace-exists")
		if err := s.Write(t.Context(), func(tx *Tx) error { return tx.InsertHome(7, alveary.TemplateMyFiles, commonFolder) }); err == nil {
			t.Error("a home was fixed twice")
		}
		read(t, s, func(tx *Tx) error {
			spaces, err := tx.Workspaces()
			if len(spaces) != 3 || spaces[2].Slug != "a-first-by-name" || spaces[2].Root != mainDatasource {
				t.Errorf("%+v", spaces)
			}
			homes, err2 := tx.Homes(7)
			if err2 != nil || len(homes) != 1 || homes[alveary.TemplateMyFiles] != home {
				t.Errorf("%v, %v", homes, err2)
			}
			if is, err := tx.IsHome(home); !is || err != nil {
				t.Errorf("%v, %v", is, err)
			}
			if is, err := tx.IsHome(commonFolder); is || err != nil {
				t.Errorf("%v, %v", is, err)
			}
			anchors, err3 := tx.Anchors()
			slices.Sort(anchors)
			if err3 != nil || !slices.Equal(anchors, []alveary.NodeID{mainDatasource, commonFolder, usersFolder}) {
				t.Errorf("%v, %v", anchors, err3)
			}
			return err
		})
	})
}

// A role is held by its owner, by the people of a group and those beneath, or
// by whom it was given.
func TestHolders(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		var sales, north alveary.Group
		write(t, s, func(tx *Tx) (err error) {
			if sales, err = tx.InsertGroup(alveary.RootGroup, "Sales"); err == nil {
				north, err = tx.InsertGroup(sales.ID, "north")
			}
			return errors.Join(err, tx.InsertRole(alveary.Role{ID: "r", Label: "readers"}))
		})
		person := func(login string, group alveary.GroupID, profile alveary.Profile, disabled bool) alveary.User {
			return insertUser(t, s, alveary.User{Login: login, Group: group, Profile: profile, Disabled: disabled, Roles: []alveary.RoleID{"r"}})
		}
		ann := person("ann", sales.ID, alveary.ProfileStandard, false)
		person("bob", north.ID, alveary.ProfileStandard, false)
		person("cas", north.ID, alveary.ProfileShared, false)
		person("dan", sales.ID, alveary.ProfileStandard, true)
		person("eve", alveary.RootGroup, alveary.ProfileAdmin, false)
		read(t, s, func(tx *Tx) error {
			own, err := tx.Subject(ann.ID)
			if err != nil {
				return err
			}
			for _, one := range []struct {
				role alveary.RoleID
				most int
				want string
			}{
				{own.Role, 10, "ann"},
				{sales.Role, 10, "ann bob"},
				{north.Role, 10, "bob"},
				{alveary.RootGroupRole, 10, "ann bob eve"},
				{"r", 10, "ann bob cas eve"},
				{"r", 2, "ann bob"},
				{"none", 10, ""},
			} {
				ids, err := tx.Holders(one.role, one.most)
				if err != nil {
					return err
				}
				var logins []string
				for _, id := range ids {
					login, _, err := tx.Named(id)
					if err != nil {
						return err
					}
					logins = append(logins, login)
				}
				if got := strings.Join(logins, " "); got != one.want {
					t.Errorf("%s is held by %q, want %q", one.role, got, one.want)
				}
			}
			return nil
		})
	})
}
