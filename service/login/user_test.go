package login

import (
	"slices"
	"strings"
	"testing"

	"alveary"
	"alveary/store"
)

func TestAddUser(t *testing.T) {
	h := newHouse(t)
	h.people()
	_, admin := h.signIn("admin", adminPassword)
	var north alveary.Group
	err := h.store.Write(t.Context(), func(tx *store.Tx) error {
		sales, err := tx.InsertGroup(alveary.RootGroup, "Sales")
		if err != nil {
			return err
		}
		north, err = tx.InsertGroup(sales.ID, "North")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	const password = "a password of his own"
	for _, c := range []struct {
		name    string
		n       NewUser
		login   string
		profile alveary.Profile
		group   alveary.GroupID
	}{
		{"least", NewUser{Login: "ben", Password: password}, "ben", alveary.ProfileStandard, alveary.RootGroup},
		{"whole", NewUser{Login: "Zoe\u0308", Name: " Zoë Q. ", Email: "zoe@example.org", Password: password, Profile: alveary.ProfileShared, Group: "/sales/NORTH"}, "Zoë", alveary.ProfileShared, north.ID},
		{"another administrator", NewUser{Login: "eve", Password: password, Profile: alveary.ProfileAdmin, Group: "/"}, "eve", alveary.ProfileAdmin, alveary.RootGroup},
	} {
		t.Run(c.name, func(t *testing.T) {
			u, err := h.AddUser(t.Context(), admin, c.n)
			if err != nil {
				t.Fatal(err)
			}
			if u.Login != c.login || u.Profile != c.profile || u.Group != c.group || u.Disabled || len(u.Roles) != 0 || u.Name != strings.TrimSpace(c.n.Name) {
				t.Errorf("made %+v", u)
			}
			if line := h.lastAudit(); line.Action != "add-user" || line.Login != "admin" || !strings.Contains(line.Detail, c.login) || strings.Contains(line.Detail, password) {
				t.Errorf("the audit says %+v", line)
			}
			_, subject := h.signIn(c.login, password)
			if subject.User.ID != u.ID {
				t.Errorf("signed in as %d, want %d", subject.User.ID, u.ID)
			}
		})
	}
	users, err := h.Users(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	var logins []string
	for _, u := range users {
		logins = append(logins, u.Login)
	}
	if want := []string{"admin", "ann", "ben", "eve", "Zoë"}; !slices.Equal(logins, want) {
		t.Errorf("the users are %v, want %v", logins, want)
	}
}

func TestAddUserRefused(t *testing.T) {
	h := newHouse(t)
	h.people()
	_, admin := h.signIn("admin", adminPassword)
	_, ann := h.signIn("ann", annPassword)
	const password = "a password of his own"
	good := NewUser{Login: "ben", Password: password}
	gone := admin
	gone.User.Disabled = true
	for _, c := range []struct {
		name string
		by   alveary.Subject
		n    NewUser
		kind alveary.Kind
		code string
	}{
		{"by a user", ann, good, alveary.KindDenied, "denied"},
		{"by nobody", alveary.Subject{}, good, alveary.KindDenied, "denied"},
		{"by a disabled administrator", gone, good, alveary.KindDenied, "denied"},
		{"taken", admin, NewUser{Login: "ann", Password: password}, alveary.KindConflict, "login-exists"},
		{"taken but for the case", admin, NewUser{Login: "ANN", Password: password}, alveary.KindConflict, "login-exists"},
		{"taken but for the spelling", admin, NewUser{Login: "ａｎｎ", Password: password}, alveary.KindConflict, "login-exists"},
		{"no password", admin, NewUser{Login: "ben"}, alveary.KindInvalid, "weak-password"},
		{"password is login", admin, NewUser{Login: "a-rather-long-login", Password: "A-rather-long-login"}, alveary.KindInvalid, "weak-password"},
		{"bad login", admin, NewUser{Login: "a/b", Password: password}, alveary.KindInvalid, "invalid"},
		{"unknown profile", admin, NewUser{Login: "ben", Password: password, Profile: "root"}, alveary.KindInvalid, "invalid"},
		{"profile of links", admin, NewUser{Login: "ben", Password: password, Profile: alveary.ProfileAnon}, alveary.KindInvalid, "invalid"},
		{"no such group", admin, NewUser{Login: "ben", Password: password, Group: "/nowhere"}, alveary.KindInvalid, "invalid"},
		{"bad address", admin, NewUser{Login: "ben", Password: password, Email: "Ben <ben@example.org>"}, alveary.KindInvalid, "invalid"},
		{"bad name", admin, NewUser{Login: "ben", Password: password, Name: "Ben\u202e"}, alveary.KindInvalid, "invalid"},
		{"long name", admin, NewUser{Login: "ben", Password: password, Name: strings.Repeat("x", MaxName+1)}, alveary.KindInvalid, "invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := h.AddUser(t.Context(), c.by, c.n)
			assertKind(t, err, c.kind, c.code)
			if c.kind == alveary.KindDenied {
				if line := h.lastAudit(); line.Action != "add-user" || line.Verdict != alveary.VerdictDenied {
					t.Errorf("the audit says %+v", line)
				}
			}
		})
	}
	_, err := h.Users(t.Context(), ann)
	assertKind(t, err, alveary.KindDenied, "denied")
	if users, err := h.Users(t.Context(), admin); err != nil || len(users) != 2 {
		t.Errorf("a refused user is there all the same: %v, %v", users, err)
	}
}

func TestCheckLogin(t *testing.T) {
	for login, want := range map[string]string{
		"ann":                   "ann",
		"ann@example.org":       "ann@example.org",
		"Ann Müller":            "Ann Müller",
		"Mu\u0308ller":          "Müller",
		"王小明":                   "王小明",
		strings.Repeat("é", 64): strings.Repeat("é", 64),
		strings.Repeat("é", 65): "",
		"":                      "",
		" ann":                  "",
		"ann ":                  "",
		"ann\u00a0":             "",
		"a/b":                   "",
		"a\nb":                  "",
		"a\x00b":                "",
		"a\u200bb":              "",
		"a\u202eb":              "",
		"a\xffb":                "",
	} {
		got, err := CheckLogin(login)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q becomes %q, %v; want %q", login, got, err, want)
		}
	}
}
