package people_test

import (
	"testing"

	"alveary"
	"alveary/service/people"
	"alveary/store"
)

const commonFolder alveary.NodeID = 3

// Whoever was left a part of the console by a rest policy changes nobody into
// more than he is himself, and learns no way into another's account (MODEL.md
// 7.7); each refusal is on record.
func TestNotHeld(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		ctx := t.Context()
		for _, id := range []alveary.RoleID{"writers", "plain", "marked"} {
			must[people.Role](t)(w.People.AddRole(ctx, root, people.NewRole{ID: id, Invites: id == "marked"}))
		}
		full := must[people.Group](t)(w.People.AddGroup(ctx, root, people.NewGroup{Parent: "/", Name: "full"}))
		empty := must[people.Group](t)(w.People.AddGroup(ctx, root, people.NewGroup{Parent: "/", Name: "empty"}))
		w.User("ben")
		w.User("mighty")
		w.User("carl")
		must[people.UserDocument](t)(w.People.ChangeUser(ctx, root, w.ID("carl"), people.UserPatch{Group: ptr("/full")}))
		w.Write(func(tx *store.Tx) error {
			for _, role := range []alveary.RoleID{"writers", w.As("mighty").Role} {
				if _, err := tx.InsertEntry(alveary.Entry{Role: role, Node: commonFolder, Rights: alveary.Givable}); err != nil {
					return err
				}
			}
			return nil
		})
		ann := w.As("ann")
		change := func(login string, c people.UserPatch) error {
			return second(w.People.ChangeUser(ctx, ann, w.ID(login), c))
		}
		add := func(n people.NewUser) error { return second(w.People.AddUser(ctx, ann, n)) }
		for what, c := range map[string]struct {
			err  error
			code string // empty: it is let through
		}{
			"a name of her own":             {change("ann", people.UserPatch{Name: ptr("Ann")}), ""},
			"a name of her like":            {change("ben", people.UserPatch{Name: ptr("Ben")}), ""},
			"a role that gives nothing":     {change("ben", people.UserPatch{Roles: &[]alveary.RoleID{"plain"}}), ""},
			"a user as she is":              {add(people.NewUser{Login: "dora", Roles: []alveary.RoleID{"plain"}, Password: "long enough"}), ""},
			"a user as an administrator is": {add(people.NewUser{Login: "eve", Profile: alveary.ProfileAdmin}), "not-held"},
			"a user who holds more":         {add(people.NewUser{Login: "eve", Roles: []alveary.RoleID{"writers"}}), "not-held"},
			"a user who invites":            {add(people.NewUser{Login: "eve", Roles: []alveary.RoleID{"marked"}}), "not-held"},
			"her own profile":               {change("ann", people.UserPatch{Profile: ptr(alveary.ProfileAdmin)}), "yourself"},
			"her own roles":                 {change("ann", people.UserPatch{Roles: &[]alveary.RoleID{"writers"}}), "not-held"},
			"another's profile":             {change("ben", people.UserPatch{Profile: ptr(alveary.ProfileAdmin)}), "not-held"},
			"another's roles":               {change("ben", people.UserPatch{Roles: &[]alveary.RoleID{"writers"}}), "not-held"},
			"one who holds more":            {change("mighty", people.UserPatch{Name: ptr("x")}), "not-held"},
			"one who holds more, disabled":  {change("mighty", people.UserPatch{Disabled: ptr(true)}), "not-held"},
			"an administrator":              {change("root", people.UserPatch{Name: ptr("x")}), "not-held"},
			"a mail address":                {change("ben", people.UserPatch{Email: ptr("ann@example.org")}), "not-held"},
			"an administrator, deleted":     {w.People.DeleteUser(ctx, ann, w.ID("root"), "", "root"), "not-held"},
			"one who holds more, deleted":   {w.People.DeleteUser(ctx, ann, w.ID("mighty"), "", "mighty"), "not-held"},
			"a plain role":                  {second(w.People.AddRole(ctx, ann, people.NewRole{ID: "mine"})), ""},
			"a role of a profile":           {second(w.People.AddRole(ctx, ann, people.NewRole{ID: "mine2", Profiles: []alveary.Profile{"standard"}})), "not-held"},
			"a role that overrides":         {second(w.People.AddRole(ctx, ann, people.NewRole{ID: "mine2", Force: true})), "not-held"},
			"a role with a mark":            {second(w.People.AddRole(ctx, ann, people.NewRole{ID: "mine2", Invites: true})), "not-held"},
			"a mark on a role":              {second(w.People.ChangeRole(ctx, ann, "plain", people.RolePatch{SecondFactor: ptr(true)})), "not-held"},
			"a mark off a role":             {second(w.People.ChangeRole(ctx, ann, "marked", people.RolePatch{Invites: ptr(false)})), "not-held"},
			"profiles of a role":            {second(w.People.ChangeRole(ctx, ann, "ADMINISTRATORS", people.RolePatch{Profiles: &[]alveary.Profile{"standard"}})), "not-held"},
			"a label":                       {second(w.People.ChangeRole(ctx, ann, "plain", people.RolePatch{Label: ptr("Plain")})), ""},
			"a marked role, deleted":        {w.People.DeleteRole(ctx, ann, "marked"), "not-held"},
			"a group":                       {second(w.People.AddGroup(ctx, ann, people.NewGroup{Parent: "/", Name: "mine"})), ""},
			"a group that is empty":         {second(w.People.ChangeGroup(ctx, ann, empty.ID, people.GroupPatch{Name: ptr("void")})), ""},
			"a group with people":           {second(w.People.ChangeGroup(ctx, ann, full.ID, people.GroupPatch{Name: ptr("x")})), "not-held"},
			"a group with people, deleted":  {w.People.DeleteGroup(ctx, ann, full.ID, ""), "not-held"},
		} {
			t.Run(what, func(t *testing.T) {
				if c.code == "" {
					if c.err != nil {
						t.Errorf("refused: %v", c.err)
					}
					return
				}
				kind := alveary.KindDenied
				if c.code == "yourself" {
					kind = alveary.KindConflict
				}
				wantKind(t, c.err, kind, c.code)
			})
		}
		if u := w.As("ben").User; u.Name != "Ben" || u.Email != "" || u.Profile != alveary.ProfileStandard || len(u.Roles) != 1 {
			t.Errorf("%+v", u)
		}
		before := len(w.Audit())
		_ = change("ben", people.UserPatch{Profile: ptr(alveary.ProfileAdmin)})
		if lines := w.Since(before); len(lines) != 1 || lines[0].Action != "console" || lines[0].Verdict != alveary.VerdictDenied || lines[0].Login != "ann" {
			t.Errorf("on record: %+v", lines)
		}
		if err := w.People.DeleteUser(ctx, ann, w.ID("dora"), "", "dora"); err != nil {
			t.Error(err)
		}
		// Nor does she put somebody into a team that gives what she does not hold.
		team := must[people.Team](t)(w.People.AddTeam(ctx, ann, people.NewTeam{Label: "team"}))
		w.Write(func(tx *store.Tx) error {
			if _, err := tx.InsertEntry(alveary.Entry{Role: team.ID, Node: commonFolder, Rights: alveary.Givable}); err != nil {
				return err
			}
			return nil
		})
		if err := w.People.SetMember(ctx, w.As("ann"), team.ID, w.ID("ben"), false); err != nil {
			t.Error(err)
		}
		w.Write(func(tx *store.Tx) error {
			_, err := tx.InsertEntry(alveary.Entry{Role: w.As("ann").Role, Node: commonFolder, Rights: alveary.RightRead})
			return err
		})
		wantKind(t, w.People.SetMember(ctx, w.As("ann"), team.ID, w.ID("carl"), false), alveary.KindDenied, "not-held")
	})
}
