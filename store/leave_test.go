package store

import (
	"fmt"
	"slices"
	"testing"

	"alveary"
	"alveary/store/sqldb"
)

// everywhere counts the rows that name a user.
func everywhere(t *testing.T, s *Store, id alveary.UserID, role alveary.RoleID) (rows []string) {
	t.Helper()
	read(t, s, func(tx *Tx) error {
		for _, where := range []string{
			`users WHERE id = $1`, `user_roles WHERE user_id = $1`, `team_members WHERE user_id = $1`, `user_words WHERE user_id = $1`,
			`homes WHERE user_id = $1`, `sessions WHERE user_id = $1`, `tokens WHERE user_id = $1`, `factors WHERE user_id = $1`,
			`pending WHERE user_id = $1`, `letters WHERE user_id = $1`, `failures WHERE user_id = $1`, `uploads WHERE user_id = $1`,
			`nodes WHERE owner_id = $1`, `users WHERE created_by = $1`,
		} {
			var n int
			if err := tx.row(`SELECT COUNT(*) FROM `+where, id).Scan(&n); err != nil {
				return err
			}
			if n > 0 {
				rows = append(rows, where)
			}
		}
		for _, where := range []string{`roles WHERE id = $1`, `entries WHERE role_id = $1`} {
			var n int
			if err := tx.row(`SELECT COUNT(*) FROM `+where, role).Scan(&n); err != nil {
				return err
			}
			if n > 0 {
				rows = append(rows, where)
			}
		}
		return nil
	})
	return rows
}

// A leaver's files are handed over with versions and bin, and no row names him
// any more.
func TestLeaving(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ann := insertUser(t, s, alveary.User{Login: "ann", Group: alveary.RootGroup, Roles: []alveary.RoleID{"x"}})
		ben := insertUser(t, s, alveary.User{Login: "ben", Group: alveary.RootGroup})
		guest := insertUser(t, s, alveary.User{Login: "guest@example.org", Group: alveary.RootGroup, CreatedBy: ann.ID})
		var home alveary.Lineage
		var subject alveary.Subject
		write(t, s, func(tx *Tx) (err error) {
			if home, err = tx.MakeHome(ann, alveary.TemplateMyFiles); err != nil {
				return err
			}
			if subject, err = tx.Subject(ann.ID); err != nil {
				return err
			}
			if _, err := tx.InsertEntry(alveary.Entry{Role: subject.Role, Node: commonFolder, Rights: alveary.RightRead}); err != nil {
				return err
			}
			if err := tx.InsertRole(alveary.Role{ID: "team", Team: true}); err != nil {
				return err
			}
			if err := tx.PutMember("team", alveary.Member{User: ann.ID, Manager: true}); err != nil {
				return err
			}
			if err := tx.InsertUpload(Upload{ID: "u", User: ann.ID, Parent: commonFolder, Name: "x", Blob: "partial"}); err != nil {
				return err
			}
			if _, err := tx.InsertSession(alveary.Session{ID: "s", User: ann.ID}, ""); err != nil {
				return err
			}
			if _, err := tx.InsertToken(alveary.Token{ID: "t", User: ann.ID}, ""); err != nil {
				return err
			}
			if _, err := tx.InsertFactor(alveary.Factor{ID: "f", User: ann.ID}); err != nil {
				return err
			}
			if err := tx.InsertPending(alveary.Pending{ID: "p", User: ann.ID}); err != nil {
				return err
			}
			if err := tx.InsertLetter(alveary.Letter{ID: "l", User: ann.ID}); err != nil {
				return err
			}
			_, err = tx.exec(`INSERT INTO failures (id, kind, user_id, address, failed, first_at, last_at) VALUES ('a', 'account', $1, '', 1, 1, 1)`, ann.ID)
			return err
		})
		if subject.Homes[alveary.TemplateMyFiles] != home.Node().ID || home.Node().Name != "ann" || home.Node().Owner != ann.ID {
			t.Errorf("%+v, %+v", subject, home)
		}
		own := fileNamed("mine")
		own.Owner = ann.ID
		file := insert(t, s, home.Node().ID, own)[0]
		folder := insert(t, s, home.Node().ID, folderNamed("old"))[0]
		inside := insert(t, s, folder.ID, fileNamed("inside"))[0]
		on(t, s, folder.ID, bin)
		on(t, s, file.ID, func(tx *Tx, line alveary.Lineage) error {
			_, err := tx.Replace(line, Content{Blob: "second", Size: 5, SHA256: "s"}, 0, ann.ID)
			return err
		})
		read(t, s, func(tx *Tx) error {
			l, err := tx.Leftover(ann.ID)
			if want := (Leftover{Files: 2, Folders: 1, Bytes: 5 + inside.Size, Binned: 2, Entries: 1, Tokens: 1, Sessions: 1, Uploads: 1}); l != want {
				t.Errorf("%+v, want %+v", l, want)
			}
			return err
		})
		err := s.Write(t.Context(), func(tx *Tx) error { _, err := tx.HandOver(ann, alveary.User{}); return err })
		wantKind(t, err, alveary.KindConflict, "heir-needed")
		// The name that it would have in the heir's home is taken.
		write(t, s, func(tx *Tx) error {
			line, err := tx.MakeHome(ben, alveary.TemplateMyFiles)
			if err != nil {
				return err
			}
			_, err = tx.Insert(line, folderNamed("Files of ann"))
			return err
		})
		var handed []alveary.Lineage
		before := counters(t, s)
		write(t, s, func(tx *Tx) (err error) {
			if handed, err = tx.HandOver(ann, ben); err != nil {
				return err
			}
			return tx.RemoveUser(ann.ID, ben.ID)
		})
		if after := counters(t, s); after.People == before.People || after.Access == before.Access || after.Revision == before.Revision {
			t.Errorf("%+v after %+v", after, before)
		}
		if len(handed) != 1 || handed[0].Path() != "main/users/ben/Files of ann (2)" && handed[0].Path() != "/main/users/ben/Files of ann (2)" {
			t.Errorf("handed over: %+v", handed)
		}
		if rows := everywhere(t, s, ann.ID, subject.Role); len(rows) > 0 {
			t.Errorf("he is still named in %q", rows)
		}
		read(t, s, func(tx *Tx) error {
			versions, err := tx.Versions(file.ID)
			if len(versions) != 2 {
				t.Errorf("%+v, %v", versions, err)
			}
			n, err := tx.Node(file.ID)
			if n.Owner != ben.ID {
				t.Errorf("%+v, %v", n, err)
			}
			if n, err := tx.Node(folder.ID); n.Binned.IsZero() || err != nil {
				t.Errorf("%+v, %v", n, err)
			}
			u, err := tx.User(guest.ID)
			if u.CreatedBy != ben.ID {
				t.Errorf("%+v", u)
			}
			return err
		})
		wantNames(t, namesIn(t, s, Listing{Folder: usersFolder}), "ben")
		// An empty home goes with its user.
		write(t, s, func(tx *Tx) error {
			if _, err := tx.MakeHome(guest, alveary.TemplateMyFiles); err != nil {
				return err
			}
			if handed, err := tx.HandOver(guest, alveary.User{}); err != nil || len(handed) > 0 {
				t.Errorf("%v, %v", handed, err)
			}
			return tx.RemoveUser(guest.ID, 0)
		})
		wantNames(t, namesIn(t, s, Listing{Folder: usersFolder}), "ben")
		wantKind(t, s.Write(t.Context(), func(tx *Tx) error { return tx.RemoveUser(guest.ID, 0) }), alveary.KindNotFound, "not-found")
	})
}

func TestTeams(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ann := insertUser(t, s, alveary.User{Login: "ann", Group: alveary.RootGroup})
		ben := insertUser(t, s, alveary.User{Login: "ben", Group: alveary.RootGroup})
		write(t, s, func(tx *Tx) error {
			if err := tx.InsertRole(alveary.Role{ID: "team", Label: "Team", Team: true}); err != nil {
				return err
			}
			for _, m := range []alveary.Member{{User: ann.ID, Manager: true}, {User: ben.ID, Manager: true}, {User: ben.ID}} {
				if err := tx.PutMember("team", m); err != nil {
					return err
				}
			}
			_, err := tx.InsertEntry(alveary.Entry{Role: "team", Node: commonFolder, Rights: alveary.RightRead})
			return err
		})
		read(t, s, func(tx *Tx) error {
			members, err := tx.Members("team")
			if !slices.Equal(members, []alveary.Member{{User: ann.ID, Manager: true}, {User: ben.ID}}) {
				t.Errorf("%+v, %v", members, err)
			}
			teams, err := tx.TeamsOf(ann.ID)
			if len(teams) != 1 || !teams["team"] {
				t.Errorf("%+v, %v", teams, err)
			}
			want := []alveary.RoleID{"team"}
			u, err := tx.User(ben.ID)
			byLogin, _, err2 := tx.UserByLogin("ben")
			subject, err3 := tx.Subject(ben.ID)
			many, err4 := tx.Subjects([]alveary.UserID{ben.ID})
			all, err5 := tx.Users()
			if err != nil || err2 != nil || err3 != nil || err4 != nil || err5 != nil || !slices.Equal(u.Teams, want) || !slices.Equal(byLogin.Teams, want) ||
				!slices.Equal(subject.User.Teams, want) || !slices.Equal(many[ben.ID].User.Teams, want) || !slices.Equal(all[1].Teams, want) {
				t.Errorf("%+v %+v %+v %+v %+v", u, byLogin, subject, many, all)
			}
			return nil
		})
		wantKind(t, s.Write(t.Context(), func(tx *Tx) error { return tx.DeleteRole("team") }), alveary.KindConflict, "in-use")
		before := counters(t, s)
		write(t, s, func(tx *Tx) error {
			if was, err := tx.DeleteMember("team", ben.ID); !was || err != nil {
				t.Errorf("%t, %v", was, err)
			}
			if was, err := tx.DeleteMember("team", ben.ID); was || err != nil {
				t.Errorf("%t, %v", was, err)
			}
			return tx.DeleteTeam("team")
		})
		if after := counters(t, s); after.People == before.People || after.Access == before.Access {
			t.Errorf("%+v after %+v", after, before)
		}
		wantKind(t, s.Read(t.Context(), func(tx *Tx) error { _, err := tx.Role("team"); return err }), alveary.KindNotFound, "not-found")
	})
}

func TestGroupsChange(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		g := map[string]alveary.Group{}
		write(t, s, func(tx *Tx) error {
			for _, one := range []struct{ name, above string }{{"a", ""}, {"b", ""}, {"a1", "a"}, {"a2", "a1"}} {
				above := alveary.RootGroup
				if one.above != "" {
					above = g[one.above].ID
				}
				made, err := tx.InsertGroup(above, one.name)
				if err != nil {
					return err
				}
				g[one.name] = made
			}
			return nil
		})
		mia := insertUser(t, s, alveary.User{Login: "mia", Group: g["a2"].ID})
		change := func(name string, parent alveary.GroupID, to string) error {
			return s.Write(t.Context(), func(tx *Tx) error {
				one := g[name]
				one.Parent, one.Name = parent, to
				return tx.UpdateGroup(one)
			})
		}
		wantKind(t, change("a", g["a2"].ID, "a"), alveary.KindInvalid, "into-itself")
		wantKind(t, change("a", g["a"].ID, "a"), alveary.KindInvalid, "into-itself")
		wantKind(t, change("a", alveary.RootGroup, "B"), alveary.KindConflict, "group-exists")
		wantKind(t, change("a", 99, "a"), alveary.KindNotFound, "not-found")
		if err := change("a", alveary.RootGroup, "x/y"); !alveary.IsKind(err, alveary.KindInvalid) {
			t.Error(err)
		}
		wantKind(t, s.Write(t.Context(), func(tx *Tx) error { return tx.UpdateGroup(alveary.Group{ID: alveary.RootGroup, Name: "x"}) }), alveary.KindInvalid, "root-group")
		// An older group beneath a younger one comes after it.
		if err := change("a", g["b"].ID, "Alpha"); err != nil {
			t.Fatal(err)
		}
		read(t, s, func(tx *Tx) error {
			groups, err := tx.Groups()
			at := map[alveary.GroupID]int{0: -1}
			for i, one := range groups {
				if above, ok := at[one.Parent]; !ok || above >= i {
					t.Errorf("%+v comes before the group above it", one)
				}
				at[one.ID] = i
			}
			if len(groups) != 5 {
				t.Errorf("%+v", groups)
			}
			beneath, err2 := tx.GroupsBeneath(g["b"].ID)
			if len(beneath) != 4 || beneath[0] != g["b"].ID || err2 != nil {
				t.Errorf("%v, %v", beneath, err2)
			}
			return err
		})
		write(t, s, func(tx *Tx) error {
			_, err := tx.InsertEntry(alveary.Entry{Role: g["a1"].Role, Node: commonFolder, Deny: true})
			return err
		})
		subtree := []alveary.GroupID{g["a"].ID, g["a1"].ID, g["a2"].ID}
		wantKind(t, s.Write(t.Context(), func(tx *Tx) error { return tx.DeleteGroups(subtree) }), alveary.KindConflict, "not-empty")
		wantKind(t, s.Write(t.Context(), func(tx *Tx) error { return tx.DeleteGroup(g["a1"].ID) }), alveary.KindConflict, "not-empty")
		wantKind(t, s.Write(t.Context(), func(tx *Tx) error { return tx.DeleteGroup(alveary.RootGroup) }), alveary.KindInvalid, "root-group")
		write(t, s, func(tx *Tx) error {
			if n, err := tx.GroupEntries(subtree); n != 1 || err != nil {
				t.Errorf("%d entries, %v", n, err)
			}
			moved, err := tx.MoveUsers(subtree, g["b"].ID)
			if err != nil || !slices.Equal(moved, []alveary.UserID{mia.ID}) {
				t.Errorf("%v, %v", moved, err)
			}
			return tx.DeleteGroups(subtree)
		})
		read(t, s, func(tx *Tx) error {
			groups, err := tx.Groups()
			u, err2 := tx.User(mia.ID)
			entries, err3 := tx.Entries()
			if len(groups) != 2 || u.Group != g["b"].ID || len(entries) != 3 || err2 != nil || err3 != nil {
				t.Errorf("%+v %+v %+v", groups, u, entries)
			}
			return err
		})
	})
}

// Many at once are as they would be one by one.
func TestManyUsers(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		var made []NewUser
		for i := range 700 {
			made = append(made, NewUser{User: alveary.User{
				Login: fmt.Sprintf("User%d", i), Name: fmt.Sprint("Name ", i), Profile: alveary.ProfileStandard, Group: alveary.RootGroup,
				Roles: []alveary.RoleID{"b", alveary.RoleID(fmt.Sprint("r", i)), "a"}, Attributes: map[string]string{"n": fmt.Sprint(i)},
			}, PasswordHash: fmt.Sprint("hash ", i)})
		}
		before := counters(t, s)
		write(t, s, func(tx *Tx) error { return tx.InsertUsers(made) })
		if after := counters(t, s); after.People == before.People || after.Access != before.Access {
			t.Errorf("%+v after %+v", after, before)
		}
		same := func(want alveary.User, hash string) {
			t.Helper()
			read(t, s, func(tx *Tx) error {
				got, have, err := tx.UserByLogin(want.Login)
				if got.ID != want.ID || got.Name != want.Name || !slices.Equal(got.Roles, want.Roles) || got.Attributes["n"] != want.Attributes["n"] ||
					have != hash || got.Created != sqldb.Time(sqldb.Micros(want.Created)) || got.Group != want.Group || got.Disabled != want.Disabled {
					t.Errorf("%+v %q, want %+v %q", got, have, want, hash)
				}
				return err
			})
		}
		same(made[0].User, "hash 0")
		same(made[699].User, "hash 699")
		changed := make([]alveary.User, 600)
		for i := range changed {
			changed[i] = made[i].User
			changed[i].Name, changed[i].Roles, changed[i].Disabled = "Changed", []alveary.RoleID{"z"}, true
		}
		write(t, s, func(tx *Tx) error { return tx.UpdateUsers(changed) })
		same(changed[599], "hash 599")
		same(made[600].User, "hash 600")
		if got := findUsers(t, s, UserFilter{Query: "changed"}); got.Total != 600 {
			t.Errorf("%d are found", got.Total)
		}
		err := s.Write(t.Context(), func(tx *Tx) error {
			return tx.InsertUsers([]NewUser{{User: alveary.User{Login: "new"}}, {User: alveary.User{Login: "USER5"}}})
		})
		wantKind(t, err, alveary.KindConflict, "login-exists")
		write(t, s, func(tx *Tx) error {
			ids, err := tx.Administrators()
			if len(ids) != 0 || err != nil {
				t.Errorf("%v, %v", ids, err)
			}
			for _, u := range []alveary.User{{Login: "root"}, {Login: "off", Disabled: true}} {
				u.Profile, u.Group = alveary.ProfileAdmin, alveary.RootGroup
				if u, err = tx.InsertUser(u, ""); err != nil {
					return err
				}
				ids = append(ids, u.ID)
			}
			have, err := tx.Administrators()
			if !slices.Equal(have, ids[:1]) {
				t.Errorf("%v, want %v", have, ids[:1])
			}
			logins, err2 := tx.Logins(ids)
			if len(logins) != 2 || logins[ids[1]] != "off" || err2 != nil {
				t.Errorf("%v, %v", logins, err2)
			}
			return err
		})
	})
}

// A policy that was shipped and left alone follows the program; one that
// people changed does not.
func TestShippedPoliciesFollow(t *testing.T) {
	eachConfig(t, func(t *testing.T, cfg Config) {
		s := open(t, cfg)
		shipped, err := ShippedPolicies()
		if err != nil || len(shipped) < 4 {
			t.Fatal(shipped, err)
		}
		write(t, s, func(tx *Tx) error {
			for i, by := range []struct{ author, note string }{{"", noteShipped}, {"ann", ""}, {"", "unlocked"}, {"ann", noteShipped}} {
				old := shipped[i]
				old.Label = "as it was"
				if _, err := tx.PutPolicy(old, by.author, by.note); err != nil {
					return err
				}
			}
			return nil
		})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open(t, cfg)
		read(t, s, func(tx *Tx) error {
			for i, want := range []int64{3, 2, 2, 2} {
				v, err := tx.Policy(shipped[i].ID)
				if err != nil || v.Version != want || (v.Policy.Label == shipped[i].Label) != (i == 0) || i == 0 && (v.Note != noteShipped || !v.Policy.Equal(shipped[i])) {
					t.Errorf("%s: version %d %q %q, %v", shipped[i].ID, v.Version, v.Note, v.Policy.Label, err)
				}
			}
			return nil
		})
		wantSound(t, s)
	})
}
