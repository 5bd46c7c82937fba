package login

import (
	"strings"
	"testing"

	"alveary"
	"alveary/store"
)

func TestAddUser(t *testing.T) {
	h := newHouse(t)
	h.people()
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
			u, err := h.AddUserHere(t.Context(), c.n)
			if err != nil {
				t.Fatal(err)
			}
			if u.Login != c.login || u.Profile != c.profile || u.Group != c.group || u.Disabled || len(u.Roles) != 0 || u.Name != strings.TrimSpace(c.n.Name) {
				t.Errorf("made %+v", u)
			}
			if line := h.lastAudit(); line.Action != "add-user" || !strings.Contains(line.Detail, c.login) || strings.Contains(line.Detail, password) {
				t.Errorf("the audit says %+v", line)
			}
			_, subject := h.signIn(c.login, password)
			if subject.User.ID != u.ID {
				t.Errorf("signed in as %d, want %d", subject.User.ID, u.ID)
			}
		})
	}
}

func TestAddUserRefused(t *testing.T) {
	h := newHouse(t)
	h.people()
	const password = "a password of his own"
	for _, c := range []struct {
		name string
		n    NewUser
		kind alveary.Kind
		code string
	}{
		{"taken", NewUser{Login: "ann", Password: password}, alveary.KindConflict, "login-exists"},
		{"taken but for the case", NewUser{Login: "ANN", Password: password}, alveary.KindConflict, "login-exists"},
		{"taken but for the spelling", NewUser{Login: "ａｎｎ", Password: password}, alveary.KindConflict, "login-exists"},
		{"no password", NewUser{Login: "ben"}, alveary.KindInvalid, "weak-password"},
		{"password is login", NewUser{Login: "a-rather-long-login", Password: "A-rather-long-login"}, alveary.KindInvalid, "weak-password"},
		{"bad login", NewUser{Login: "a/b", Password: password}, alveary.KindInvalid, "invalid"},
		{"unknown profile", NewUser{Login: "ben", Password: password, Profile: "root"}, alveary.KindInvalid, "invalid"},
		{"profile of links", NewUser{Login: "ben", Password: password, Profile: alveary.ProfileAnon}, alveary.KindInvalid, "invalid"},
		{"no such group", NewUser{Login: "ben", Password: password, Group: "/nowhere"}, alveary.KindInvalid, "invalid"},
		{"bad address", NewUser{Login: "ben", Password: password, Email: "Ben <ben@example.org>"}, alveary.KindInvalid, "invalid"},
		{"bad name", NewUser{Login: "ben", Password: password, Name: "Ben\u202e"}, alveary.KindInvalid, "invalid"},
		{"long name", NewUser{Login: "ben", Password: password, Name: strings.Repeat("x", MaxName+1)}, alveary.KindInvalid, "invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := h.AddUserHere(t.Context(), c.n)
			assertKind(t, err, c.kind, c.code)
		})
	}
	h.write(func(tx *store.Tx) error {
		if n, err := tx.CountUsers(); err != nil || n != 2 {
			t.Errorf("a refused user is there all the same: %d, %v", n, err)
		}
		return nil
	})
}

func TestCheckLogin(t *testing.T) {
	// External people are called by their mail address.
	longAddress := strings.Repeat("a", 60) + "@" + strings.Repeat("b", 60) + ".example.org"
	for login, want := range map[string]string{
		"ann":                   "ann",
		"ann@example.org":       "ann@example.org",
		longAddress:             longAddress,
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
