package people_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"alveary"
	"alveary/service/people"
	"alveary/store"
)

func TestAddUser(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		ctx := t.Context()
		must[people.Group](t)(w.People.AddGroup(ctx, root, people.NewGroup{Parent: "/", Name: "sales"}))
		must[people.Role](t)(w.People.AddRole(ctx, root, people.NewRole{ID: "crew"}))
		got, err := w.People.AddUser(ctx, root, people.NewUser{
			Login: "mia", Name: " Mia ", Email: "mia@example.org", Profile: alveary.ProfileShared, Group: "/sales", Roles: []alveary.RoleID{"crew"},
			Attributes: map[string]string{"site": "Lyon"}, Password: "long enough",
		})
		u := got.User
		if err != nil || u.Name != "Mia" || u.Group.Path != "/sales" || u.Profile != alveary.ProfileShared || !slices.Equal(u.Roles, []alveary.RoleID{"crew"}) ||
			u.Attributes["site"] != "Lyon" || u.CreatedBy != "root" || u.SignedIn != nil || u.SecondFactor || got.Link != "" || got.Mailed.Mailed {
			t.Errorf("%+v, %v", got, err)
		}
		w.Read(func(tx *store.Tx) error {
			_, hash, err := tx.UserByLogin("MIA")
			if hash != "hash of long enough" {
				t.Errorf("%q", hash)
			}
			return err
		})
		invited, err := w.People.AddUser(ctx, root, people.NewUser{Login: "tom", Invite: true})
		if err != nil || invited.Link != "invitation for tom" || invited.Mailed.Mailed || invited.User.Profile != alveary.ProfileStandard || invited.User.Group.Path != "/" {
			t.Errorf("%+v, %v", invited, err)
		}
		before := len(w.Audit())
		for what, c := range map[string]struct {
			n    people.NewUser
			kind alveary.Kind
			code string
		}{
			"a login that is taken":     {people.NewUser{Login: "ＭＩＡ"}, alveary.KindConflict, "login-exists"},
			"no login":                  {people.NewUser{}, alveary.KindInvalid, "invalid"},
			"a slash":                   {people.NewUser{Login: "a/b"}, alveary.KindInvalid, "invalid"},
			"a blank in front":          {people.NewUser{Login: " a"}, alveary.KindInvalid, "invalid"},
			"what nobody sees":          {people.NewUser{Login: "a\u200bb"}, alveary.KindInvalid, "invalid"},
			"a long login":              {people.NewUser{Login: strings.Repeat("a", 65)}, alveary.KindInvalid, "invalid"},
			"the profile of links":      {people.NewUser{Login: "a", Profile: alveary.ProfileAnon}, alveary.KindInvalid, "invalid"},
			"no group":                  {people.NewUser{Login: "a", Group: "/none"}, alveary.KindInvalid, "invalid"},
			"no role":                   {people.NewUser{Login: "a", Roles: []alveary.RoleID{"none"}}, alveary.KindInvalid, "invalid"},
			"a weak password":           {people.NewUser{Login: "a", Password: "x"}, alveary.KindInvalid, "weak-password"},
			"a password and a letter":   {people.NewUser{Login: "a", Password: "long enough", Invite: true}, alveary.KindInvalid, "invalid"},
			"an attribute without name": {people.NewUser{Login: "a", Attributes: map[string]string{"": "x"}}, alveary.KindInvalid, "invalid"},
		} {
			t.Run(what, func(t *testing.T) {
				_, err := w.People.AddUser(ctx, root, c.n)
				wantKind(t, err, c.kind, c.code)
			})
		}
		if lines := w.Since(before); len(lines) > 0 {
			t.Errorf("on record: %v", lines)
		}
	})
}

func TestLetters(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		ctx := t.Context()
		got, err := w.People.Invite(ctx, root, w.ID("ann"))
		if err != nil || got != (people.Mailed{Link: "invitation for ann"}) {
			t.Errorf("%+v, %v", got, err)
		}
		if got, err := w.People.Reset(ctx, root, w.ID("ann")); err != nil || got.Link != "reset for ann" {
			t.Errorf("%+v, %v", got, err)
		}
		w.Write(func(tx *store.Tx) error { return tx.NoteSignIn(w.As("ann").User.ID) })
		_, err = w.People.Invite(ctx, root, w.ID("ann"))
		wantKind(t, err, alveary.KindConflict, "signed-in")
		// Others are not given the link by which an account is opened.
		w.User("ben")
		_, err = w.People.Reset(ctx, w.As("ben"), w.ID("ann"))
		wantKind(t, err, alveary.KindConflict, "no-mail")
		_, err = w.People.Reset(ctx, w.As("ben"), w.ID("root"))
		wantKind(t, err, alveary.KindDenied, "not-held")
		w.Read(func(tx *store.Tx) error {
			_, err := tx.Letter("resetroot")
			wantKind(t, err, alveary.KindNotFound, "not-found")
			return nil
		})
		must[people.UserDocument](t)(w.People.ChangeUser(ctx, root, w.ID("ann"), people.UserPatch{Email: ptr("ann@example.net")}))
		if got, err := w.People.Reset(ctx, w.As("ben"), w.ID("ann")); err != nil || got != (people.Mailed{Mailed: true}) {
			t.Errorf("by mail: %+v, %v", got, err)
		}
		must[people.UserDocument](t)(w.People.ChangeUser(ctx, root, w.ID("ann"), people.UserPatch{Disabled: ptr(true)}))
		_, err = w.People.Reset(ctx, root, w.ID("ann"))
		wantKind(t, err, alveary.KindConflict, "disabled")
	})
}

// A link that went to another mailbox, or was written for an account of
// another kind, opens nothing any more.
func TestLinksEnd(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		ctx := t.Context()
		change := func(c people.UserPatch) func() {
			return func() { must[people.UserDocument](t)(w.People.ChangeUser(ctx, root, w.ID("ann"), c)) }
		}
		csv := func(text string) func() {
			return func() {
				must[people.Imported](t)(w.People.Import(ctx, root, []byte(text), people.ImportOptions{}))
			}
		}
		for _, c := range []struct {
			what   string
			change func()
			ends   bool
		}{
			{"a name", change(people.UserPatch{Name: ptr("Ann B")}), false},
			{"a mail address", change(people.UserPatch{Email: ptr("new@example.org")}), true},
			{"a profile", change(people.UserPatch{Profile: ptr(alveary.ProfileAdmin)}), true},
			{"a name in a file", csv("login,name\nann,Ann C\n"), false},
			{"a mail address in a file", csv("login,email\nann,newer@example.org\n"), true},
			{"an account that is shut and opened again", func() {
				change(people.UserPatch{Disabled: ptr(true)})()
				change(people.UserPatch{Disabled: ptr(false)})()
			}, true},
		} {
			must[people.Mailed](t)(w.People.Reset(ctx, root, w.ID("ann")))
			c.change()
			w.Read(func(tx *store.Tx) error {
				if _, err := tx.Letter("resetann"); alveary.IsKind(err, alveary.KindNotFound) != c.ends {
					t.Errorf("%s: %v", c.what, err)
				}
				return nil
			})
		}
	})
}

// Threat 18: who is invited gets the least there is, and no name, in whatever
// spelling and however many ask at once, makes a second account of one.
func TestThreat18_External(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		ctx := t.Context()
		pat := people.External{Email: "Pat@example.net", Name: "Pat"}
		_, err := w.People.AddExternal(ctx, w.As("ann"), pat)
		wantKind(t, err, alveary.KindDenied, "not-held")
		must[people.Role](t)(w.People.AddRole(ctx, root, people.NewRole{ID: "hosts", Invites: true, Profiles: []alveary.Profile{"standard", "shared"}}))
		got, err := w.People.AddExternal(ctx, w.As("ann"), pat)
		u := got.User
		if err != nil || u.Login != "pat@example.net" || u.Profile != alveary.ProfileShared || u.Group.Path != "/" || len(u.Roles)+len(u.Attributes) > 0 || u.CreatedBy != "ann" || got.Link != "" || !got.Mailed.Mailed {
			t.Errorf("%+v, %v", got, err)
		}
		for _, step := range u.Stack {
			if step.Role == alveary.RootGroupRole {
				t.Errorf("he holds the role of a group: %+v", u.Stack)
			}
		}
		// Whom an external person invites would be nobody's guest.
		_, err = w.People.AddExternal(ctx, w.As("pat@example.net"), people.External{Email: "other@example.net"})
		wantKind(t, err, alveary.KindDenied, "not-held")
		for _, twin := range []string{"pat@example.net", "PAT@example.net", " pat@example.net "} {
			_, err := w.People.AddExternal(ctx, w.As("ann"), people.External{Email: twin})
			wantKind(t, err, alveary.KindConflict, "login-exists")
		}
		for _, bad := range []string{"", "pat", "Pat <pat2@example.net>", "a\n@example.net", "a/b@example.net"} {
			_, err := w.People.AddExternal(ctx, w.As("ann"), people.External{Email: bad})
			wantKind(t, err, alveary.KindInvalid, "invalid")
		}
		var group sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			group.Go(func() {
				spelled := []byte("many@example.net")
				spelled[i%4] -= 'a' - 'A'
				_, errs[i] = w.People.AddExternal(ctx, w.As("ann"), people.External{Email: string(spelled)})
			})
		}
		group.Wait()
		made := 0
		for _, err := range errs {
			if err == nil {
				made++
				continue
			}
			wantKind(t, err, alveary.KindConflict, "login-exists")
		}
		if made != 1 {
			t.Errorf("%d accounts of one address", made)
		}
	})
}

// Whoever invites external people may be handed the link, so he makes nobody
// who holds more than he does: not by what is applied to their profile, and not
// by a name that a policy gives rights to (MODEL.md 7.7).
func TestExternalNotHeld(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		ctx := t.Context()
		must[people.Role](t)(w.People.AddRole(ctx, root, people.NewRole{ID: "hosts", Invites: true, Profiles: []alveary.Profile{"standard"}}))
		must[people.Role](t)(w.People.AddRole(ctx, root, people.NewRole{ID: "guests", Profiles: []alveary.Profile{"shared"}}))
		w.Write(func(tx *store.Tx) error {
			_, err := tx.PutPolicy(alveary.Policy{ID: "partner", Type: alveary.PolicyREST, Mode: alveary.ModeEnforced, Rules: []alveary.Rule{{
				Effect: alveary.EffectAllow, Actions: []string{"GET"}, Subjects: []string{"user:boss@example.net"}, Resources: []string{"rest:/users"},
			}}}, "", "")
			return err
		})
		invite := func(who alveary.Subject, address string) error {
			return second(w.People.AddExternal(ctx, who, people.External{Email: address}))
		}
		wantKind(t, invite(w.As("ann"), "boss@example.net"), alveary.KindDenied, "not-held")
		if err := invite(w.As("ann"), "pat@example.net"); err != nil {
			t.Errorf("one who holds nothing: %v", err)
		}
		w.Write(func(tx *store.Tx) error {
			_, err := tx.InsertEntry(alveary.Entry{Role: "guests", Node: commonFolder, Rights: alveary.Givable})
			return err
		})
		wantKind(t, invite(w.As("ann"), "quinn@example.net"), alveary.KindDenied, "not-held")
		if err := invite(root, "quinn@example.net"); err != nil {
			t.Errorf("an administrator: %v", err)
		}
	})
}

// Threat 23: who looks for people learns of colleagues what they are called,
// from two letters on, and nothing of anybody else.
func TestThreat23_People(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, _ alveary.Subject) {
		ctx := t.Context()
		for _, u := range []alveary.User{
			{Login: "anton", Name: "Anton Berg", Email: "secret@partner.example", Profile: alveary.ProfileStandard},
			{Login: "anja", Profile: alveary.ProfileShared},
			{Login: "andy", Profile: alveary.ProfileStandard, Disabled: true},
			{Login: "andrea", Profile: alveary.ProfileAdmin},
		} {
			u.Group = alveary.RootGroup
			w.Write(func(tx *store.Tx) error { _, err := tx.InsertUser(u, ""); return err })
		}
		for query, want := range map[string]string{"an": "andrea ann anton", "berg": "anton", "secret": "", "partner": "", "zz": ""} {
			found, err := w.People.People(ctx, w.As("ann"), query)
			var logins []string
			for _, p := range found {
				logins = append(logins, p.Login)
			}
			if err != nil || strings.Join(logins, " ") != want {
				t.Errorf("%q finds %q, want %q, %v", query, logins, want, err)
			}
		}
		for _, query := range []string{"", "a", " a "} {
			_, err := w.People.People(ctx, w.As("ann"), query)
			wantKind(t, err, alveary.KindInvalid, "invalid")
		}
		_, err := w.People.People(ctx, w.As("anja"), "ann")
		wantKind(t, err, alveary.KindDenied, "not-held")
	})
}

// House rules say whose people the picker finds, groups beneath included.
func TestPeopleOfSomeGroups(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, _ alveary.Subject) {
		var sales, none alveary.Group
		w.Write(func(tx *store.Tx) (err error) {
			if sales, err = tx.InsertGroup(alveary.RootGroup, "sales"); err != nil {
				return err
			}
			north, err := tx.InsertGroup(sales.ID, "north")
			if err != nil {
				return err
			}
			if none, err = tx.InsertGroup(alveary.RootGroup, "none"); err != nil {
				return err
			}
			for login, group := range map[string]alveary.GroupID{"anton": north.ID, "andrea": sales.ID, "anders": alveary.RootGroup} {
				if _, err := tx.InsertUser(alveary.User{Login: login, Profile: alveary.ProfileStandard, Group: group}, ""); err != nil {
					return err
				}
			}
			return nil
		})
		for _, c := range []struct {
			groups *[]alveary.GroupID
			want   string
			paths  string
		}{
			{nil, "anders andrea ann anton", "/none /sales /sales/north"},
			{&[]alveary.GroupID{sales.ID}, "andrea anton", "/sales /sales/north"},
			{&[]alveary.GroupID{none.ID, sales.ID}, "andrea anton", "/none /sales /sales/north"},
			{&[]alveary.GroupID{none.ID}, "", "/none"},
			{&[]alveary.GroupID{}, "", ""},
		} {
			w.Write(func(tx *store.Tx) error {
				rules, err := tx.HouseRules()
				if err != nil {
					return err
				}
				for _, rule := range rules {
					if err := tx.DeleteHouseRule(rule.ID); err != nil {
						return err
					}
				}
				if c.groups == nil {
					return nil
				}
				_, err = tx.PutHouseRule(alveary.HouseRule{Role: alveary.RootGroupRole, Node: alveary.RootID, Terms: alveary.Terms{Groups: c.groups}})
				return err
			})
			found := must[[]people.Colleague](t)(w.People.People(t.Context(), w.As("ann"), "an"))
			var logins []string
			for _, p := range found {
				logins = append(logins, p.Login)
			}
			if got := strings.Join(logins, " "); got != c.want {
				t.Errorf("of %v: %q, want %q", c.groups, got, c.want)
			}
			var paths []string
			for _, name := range []string{"NONE", "ales", "xyz"} {
				for _, g := range must[[]people.GroupName](t)(w.People.FindGroups(t.Context(), w.As("ann"), name)) {
					paths = append(paths, g.Path)
				}
			}
			if got := strings.Join(paths, " "); got != c.paths {
				t.Errorf("groups of %v: %q, want %q", c.groups, got, c.paths)
			}
		}
	})
}

func TestList(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		ctx := t.Context()
		for _, login := range []string{"carl", "ben", "dora"} {
			w.User(login)
		}
		w.Write(func(tx *store.Tx) error {
			_, err := tx.InsertFactor(alveary.Factor{ID: "f", User: w.As("ben").User.ID, Kind: alveary.FactorTOTP})
			return err
		})
		var logins []string
		q := people.Query{Limit: 2}
		for pages := 0; ; pages++ {
			page, err := w.People.Users(ctx, root, q)
			if err != nil || pages > 3 || *page.Total != 5 {
				t.Fatalf("%+v, %v", page, err)
			}
			for _, row := range page.Items {
				logins = append(logins, row.Login)
				if row.SecondFactor != (row.Login == "ben") || row.Group.Path != "/" {
					t.Errorf("%+v", row)
				}
			}
			if q.After = page.Next; q.After == "" {
				break
			}
		}
		if !slices.Equal(logins, []string{"ann", "ben", "carl", "dora", "root"}) {
			t.Errorf("%q", logins)
		}
		for _, bad := range []people.Query{{Limit: 201}, {Limit: -1}, {State: "x"}, {Group: "/none"}} {
			_, err := w.People.Users(ctx, root, bad)
			wantKind(t, err, alveary.KindInvalid, "invalid")
		}
		_, err := w.People.Users(ctx, alveary.Subject{}, people.Query{})
		wantKind(t, err, alveary.KindDenied, "not-held")
		self, err := w.People.Self(ctx, w.As("ann"))
		if err != nil || len(self.Stack) != 2 || self.Group != "/" || self.Invites {
			t.Errorf("%+v, %v", self, err)
		}
		renamed, err := w.People.RenameSelf(ctx, w.As("ann"), " Ann B ")
		if err != nil || renamed.Name != "Ann B" || w.As("ann").User.Name != "Ann B" {
			t.Errorf("%+v, %v", renamed, err)
		}
	})
}
