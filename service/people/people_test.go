package people_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"alveary"
	"alveary/service/people"
	"alveary/store"
)

func policy(w *stage, p alveary.Policy) {
	w.Write(func(tx *store.Tx) error { _, err := tx.PutPolicy(p, "", ""); return err })
}

func TestRoles(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		ctx := t.Context()
		made, err := w.People.AddRole(ctx, root, people.NewRole{ID: "night.shift-1", Profiles: []alveary.Profile{"shared", "admin", "shared"}, Force: true})
		if err != nil || made.Label != "night.shift-1" || !slices.Equal(made.Profiles, []alveary.Profile{"admin", "shared"}) || !made.Force {
			t.Fatalf("%+v, %v", made, err)
		}
		_, err = w.People.AddRole(ctx, root, people.NewRole{ID: "night.shift-1"})
		wantKind(t, err, alveary.KindConflict, "role-exists")
		for _, id := range []string{
			"", "ROOT_GROUP", "root_group", "user-", "user-12", "User-12", "group-x", "GROUP-1", "a b", "a/b", "<.*>", "é", "a\n", strings.Repeat("a", 65),
		} {
			_, err := w.People.AddRole(ctx, root, people.NewRole{ID: alveary.RoleID(id), Label: "x"})
			wantKind(t, err, alveary.KindInvalid, "invalid")
		}
		for _, n := range []people.NewRole{
			{ID: "x", Profiles: []alveary.Profile{"root"}}, {ID: "x", Label: "a\nb"}, {ID: "x", Label: strings.Repeat("a", 201)}, {ID: "x", Label: " "},
		} {
			_, err := w.People.AddRole(ctx, root, n)
			wantKind(t, err, alveary.KindInvalid, "invalid")
		}
		changed, err := w.People.ChangeRole(ctx, root, "night.shift-1", people.RolePatch{Label: ptr("Nights"), Profiles: &[]alveary.Profile{}})
		if err != nil || changed.Label != "Nights" || len(changed.Profiles) != 0 || !changed.Force {
			t.Fatalf("%+v, %v", changed, err)
		}
		before := len(w.Audit())
		if _, err := w.People.ChangeRole(ctx, root, "night.shift-1", people.RolePatch{Label: ptr("Nights")}); err != nil || len(w.Audit()) != before {
			t.Errorf("nothing was changed: %v, %v", err, w.Since(before))
		}
		_, err = w.People.ChangeRole(ctx, root, "none", people.RolePatch{})
		wantKind(t, err, alveary.KindNotFound, "not-found")
		for _, owned := range []alveary.RoleID{alveary.RootGroupRole, w.As("ann").Role} {
			_, err := w.People.ChangeRole(ctx, root, owned, people.RolePatch{Profiles: &[]alveary.Profile{"anon"}})
			wantKind(t, err, alveary.KindInvalid, "owned")
			marked, err := w.People.ChangeRole(ctx, root, owned, people.RolePatch{SecondFactor: ptr(true)})
			if err != nil || !marked.SecondFactor {
				t.Errorf("%+v, %v", marked, err)
			}
			wantKind(t, w.People.DeleteRole(ctx, root, owned), alveary.KindInvalid, "owned")
		}
		if _, err := w.People.ChangeUser(ctx, root, w.ID("ann"), people.UserPatch{Roles: &[]alveary.RoleID{"night.shift-1"}}); err != nil {
			t.Fatal(err)
		}
		wantKind(t, w.People.DeleteRole(ctx, root, "night.shift-1"), alveary.KindConflict, "in-use")
		list, err := w.People.Roles(ctx, root)
		at := slices.IndexFunc(list, func(r people.Role) bool { return r.ID == "night.shift-1" })
		if err != nil || at < 0 || list[at].Users != 1 || list[at].Entries != 0 {
			t.Fatalf("%+v, %v", list, err)
		}
		own, err := w.People.Role(ctx, root, w.As("ann").Role) // it holds nothing, so it is not in the list
		if err != nil || own.OwnerUser != "ann" || own.Label != "ann" {
			t.Errorf("%+v, %v", own, err)
		}
		all := slices.IndexFunc(list, func(r people.Role) bool { return r.OwnerGroup == "/" })
		if all < 0 || list[all].ID != alveary.RootGroupRole || list[all].Entries != 2 {
			t.Errorf("%+v", list)
		}
		if _, err := w.People.ChangeUser(ctx, root, w.ID("ann"), people.UserPatch{Roles: &[]alveary.RoleID{}}); err != nil {
			t.Fatal(err)
		}
		if err := w.People.DeleteRole(ctx, root, "night.shift-1"); err != nil {
			t.Fatal(err)
		}
		wantKind(t, w.People.DeleteRole(ctx, root, "night.shift-1"), alveary.KindNotFound, "not-found")
		var actions []string
		for _, line := range w.Audit() {
			actions = append(actions, line.Action+" "+string(line.Verdict))
		}
		if want := []string{"add-role done", "change-role done", "change-role done", "change-role done", "change-user done", "change-user done", "delete-role done"}; !slices.Equal(actions, want) {
			t.Errorf("on record: %q", actions)
		}
	})
}

func TestGroups(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		ctx := t.Context()
		sales, err := w.People.AddGroup(ctx, root, people.NewGroup{Parent: "/", Name: "sales"})
		if err != nil || sales.Path != "/sales" {
			t.Fatalf("%+v, %v", sales, err)
		}
		north, err := w.People.AddGroup(ctx, root, people.NewGroup{Parent: sales.ID, Name: "north"})
		if err != nil || north.Path != "/sales/north" || north.Parent != sales.ID {
			t.Fatalf("%+v, %v", north, err)
		}
		_, err = w.People.AddGroup(ctx, root, people.NewGroup{Parent: "/SALES", Name: "North"})
		wantKind(t, err, alveary.KindConflict, "group-exists")
		for _, parent := range []string{"", "x", "/none", "0", "-1", sales.ID + "0", "sales"} {
			_, err := w.People.AddGroup(ctx, root, people.NewGroup{Parent: parent, Name: "x"})
			wantKind(t, err, alveary.KindInvalid, "invalid")
		}
		if _, err := w.People.AddGroup(ctx, root, people.NewGroup{Parent: "/", Name: "a/b"}); !alveary.IsKind(err, alveary.KindInvalid) {
			t.Errorf("a slash in a name: %v", err)
		}
		if _, err := w.People.ChangeUser(ctx, root, w.ID("ann"), people.UserPatch{Group: ptr("/sales/north")}); err != nil {
			t.Fatal(err)
		}
		wantKind(t, w.People.DeleteGroup(ctx, root, "1", ""), alveary.KindInvalid, "root-group")
		wantKind(t, w.People.DeleteGroup(ctx, root, "99", ""), alveary.KindNotFound, "not-found")
		wantKind(t, w.People.DeleteGroup(ctx, root, sales.ID, north.ID), alveary.KindInvalid, "invalid")
		list, err := w.People.Groups(ctx, root)
		if err != nil || len(list) != 3 || list[0].Path != "/" || list[0].Parent != "" || list[2].Users != 1 {
			t.Fatalf("%+v, %v", list, err)
		}
		other := must[people.Group](t)(w.People.AddGroup(ctx, root, people.NewGroup{Parent: "/", Name: "other"}))
		_, err = w.People.ChangeGroup(ctx, root, other.ID, people.GroupPatch{Name: ptr("Sales")})
		wantKind(t, err, alveary.KindConflict, "group-exists")
		_, err = w.People.ChangeGroup(ctx, root, sales.ID, people.GroupPatch{Parent: ptr("/sales/north")})
		wantKind(t, err, alveary.KindInvalid, "into-itself")
		_, err = w.People.ChangeGroup(ctx, root, "1", people.GroupPatch{Name: ptr("x")})
		wantKind(t, err, alveary.KindInvalid, "root-group")
		// A group that moves takes its people along, who are asked by its new place.
		moved, err := w.People.ChangeGroup(ctx, root, sales.ID, people.GroupPatch{Name: ptr("Selling"), Parent: ptr(other.ID)})
		if err != nil || moved.Path != "/other/Selling" || moved.ID != sales.ID {
			t.Fatalf("%+v, %v", moved, err)
		}
		ann := must[people.UserDocument](t)(w.People.User(ctx, root, w.ID("ann")))
		if ann.Group.Path != "/other/Selling/north" || len(ann.Stack) != 5 || ann.Stack[2].Role != sales.Role {
			t.Errorf("%+v", ann)
		}
		w.Write(func(tx *store.Tx) error {
			_, err := tx.InsertEntry(alveary.Entry{Role: north.Role, Node: 3, Rights: alveary.RightRead})
			return err
		})
		policy(w, alveary.Policy{ID: "names-it", Type: alveary.PolicyREST, Rules: []alveary.Rule{{Effect: alveary.EffectDeny, Actions: []string{"GET"}, Subjects: []string{"group:/other/Selling"}}}})
		leaving, err := w.People.LeavingGroup(ctx, root, sales.ID)
		if want := (people.LeavingGroup{Groups: 1, Users: 1, Entries: 1, Policies: []alveary.PolicyID{"names-it"}}); err != nil || !reflect.DeepEqual(leaving, want) {
			t.Errorf("%+v, %v", leaving, err)
		}
		w.SignIn("ann")
		before := len(w.Audit())
		if err := w.People.DeleteGroup(ctx, root, sales.ID, "/"); err != nil {
			t.Fatal(err)
		}
		if n := w.SignIns("ann"); n != 0 {
			t.Errorf("%d sessions and tokens are left", n)
		}
		if ann := w.As("ann").User; ann.Group != alveary.RootGroup {
			t.Errorf("%+v", ann)
		}
		if lines := w.Since(before); len(lines) != 1 || lines[0].Action != "delete-group" || lines[0].Detail != "/other/Selling with 1 groups beneath it; 1 users are now of /" {
			t.Errorf("on record: %+v", lines)
		}
	})
}

func TestUsers(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		ctx, ann := t.Context(), w.ID("ann")
		for _, id := range []alveary.RoleID{"first", "second"} {
			if _, err := w.People.AddRole(ctx, root, people.NewRole{ID: id, Force: id == "first"}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.People.AddGroup(ctx, root, people.NewGroup{Parent: "/", Name: "sales"}); err != nil {
			t.Fatal(err)
		}
		got, err := w.People.ChangeUser(ctx, root, ann, people.UserPatch{
			Name: ptr(" Ann "), Email: ptr("ann@example.org"), Group: ptr("/sales"), Roles: &[]alveary.RoleID{"first", "second"}, Attributes: &map[string]string{"site": "Lyon"},
		})
		if err != nil {
			t.Fatal(err)
		}
		var stack []string
		for _, one := range got.Stack {
			stack = append(stack, string(one.Role)+": "+one.Why)
		}
		own := string(w.As("ann").Role)
		group := string(got.Stack[1].Role)
		want := []string{"ROOT_GROUP: the role of the group /", group + ": the role of the group /sales", "second: assigned to him", "first: assigned to him, overriding", own + ": his own role"}
		if !slices.Equal(stack, want) {
			t.Errorf("the stack is %q", stack)
		}
		again, err := w.People.User(ctx, root, ann)
		if err != nil || !reflect.DeepEqual(again, got) || got.Name != "Ann" || got.Group.Path != "/sales" || got.Attributes["site"] != "Lyon" {
			t.Errorf("%+v\n%+v, %v", got, again, err)
		}
		many := make([]alveary.RoleID, 101)
		for what, patch := range map[string]people.UserPatch{
			"an unknown role":          {Roles: &[]alveary.RoleID{"first", "third"}},
			"another's own role":       {Roles: &[]alveary.RoleID{w.As("root").Role}},
			"his own role":             {Roles: &[]alveary.RoleID{alveary.RoleID(own)}},
			"a group's role":           {Roles: &[]alveary.RoleID{alveary.RoleID(group)}},
			"the root group's role":    {Roles: &[]alveary.RoleID{alveary.RootGroupRole}},
			"a role twice":             {Roles: &[]alveary.RoleID{"first", "first"}},
			"too many roles":           {Roles: &many},
			"an unknown profile":       {Profile: ptr(alveary.Profile("root"))},
			"the profile of links":     {Profile: ptr(alveary.ProfileAnon)},
			"no profile":               {Profile: ptr(alveary.Profile(""))},
			"an unknown group":         {Group: ptr("/none")},
			"no group":                 {Group: ptr("")},
			"two lines of name":        {Name: ptr("a\nb")},
			"a long name":              {Name: ptr(strings.Repeat("a", 129))},
			"no address":               {Email: ptr("ann")},
			"an address with a name":   {Email: ptr("Ann <ann@example.org>")},
			"an attribute without one": {Attributes: &map[string]string{"": "x"}},
			"two lines of attribute":   {Attributes: &map[string]string{"a": "x\ny"}},
			"a blank in front":         {Attributes: &map[string]string{" a": "x"}},
		} {
			if _, err := w.People.ChangeUser(ctx, root, ann, patch); !alveary.IsKind(err, alveary.KindInvalid) {
				t.Errorf("%s: %v", what, err)
			}
		}
		_, err = w.People.User(ctx, root, "99")
		wantKind(t, err, alveary.KindNotFound, "not-found")
		_, err = w.People.User(ctx, root, "ann")
		wantKind(t, err, alveary.KindInvalid, "invalid")
		if after, err := w.People.User(ctx, root, ann); err != nil || !reflect.DeepEqual(after, got) {
			t.Errorf("%+v, %v", after, err)
		}
	})
}

// A disabled account is out at once, and what it was signed in with does not
// come back with it.
func TestDisabled(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		w.SignIn("ann")
		got, err := w.People.ChangeUser(t.Context(), root, w.ID("ann"), people.UserPatch{Disabled: ptr(true)})
		if err != nil || !got.Disabled || len(got.Stack) != 0 {
			t.Fatalf("%+v, %v", got, err)
		}
		if n := w.SignIns("ann"); n != 0 {
			t.Errorf("%d sessions and tokens are left", n)
		}
		if _, err := w.People.ChangeUser(t.Context(), root, w.ID("ann"), people.UserPatch{Disabled: ptr(false)}); err != nil {
			t.Fatal(err)
		}
	})
}

// What makes somebody another than he signed in as signs him out, and nothing
// else does; whoever changes himself keeps the session that asks.
func TestSignedOut(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		ctx := t.Context()
		must[people.Role](t)(w.People.AddRole(ctx, root, people.NewRole{ID: "crew"}))
		must[people.Group](t)(w.People.AddGroup(ctx, root, people.NewGroup{Parent: "/", Name: "sales"}))
		for _, c := range []struct {
			what  string
			patch people.UserPatch
			stays bool
		}{
			{"a name", people.UserPatch{Name: ptr("Ann"), Attributes: &map[string]string{"a": "b"}, Email: ptr("a@example.org")}, true},
			{"nothing", people.UserPatch{Profile: ptr(alveary.ProfileStandard), Group: ptr("/")}, true},
			{"roles", people.UserPatch{Roles: &[]alveary.RoleID{"crew"}}, false},
			{"a group", people.UserPatch{Group: ptr("/sales")}, false},
			{"a profile", people.UserPatch{Profile: ptr(alveary.ProfileShared)}, false},
		} {
			w.SignIn("ann")
			must[people.UserDocument](t)(w.People.ChangeUser(ctx, root, w.ID("ann"), c.patch))
			if n := w.SignIns("ann"); n != map[bool]int{true: 2}[c.stays] {
				t.Errorf("%s: %d sessions and tokens are left", c.what, n)
			}
		}
		w.SignIn("root")
		must[people.UserDocument](t)(w.People.ChangeUser(ctx, root, w.ID("root"), people.UserPatch{Roles: &[]alveary.RoleID{"crew"}}))
		if n := w.SignIns("root"); n != 1 {
			t.Errorf("%d sessions and tokens of root are left, want the session that asks", n)
		}
	})
}

// Nobody shuts himself out, and no change leaves nobody who could undo it.
func TestLockOut(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		ctx := t.Context()
		w.User("second", alveary.ProfileAdmin)
		second := w.As("second")
		for _, patch := range []people.UserPatch{{Disabled: ptr(true)}, {Profile: ptr(alveary.ProfileStandard)}, {Profile: ptr(alveary.ProfileShared)}} {
			_, err := w.People.ChangeUser(ctx, root, w.ID("root"), patch)
			wantKind(t, err, alveary.KindConflict, "yourself")
		}
		if _, err := w.People.ChangeUser(ctx, root, w.ID("root"), people.UserPatch{Name: ptr("Root"), Profile: ptr(alveary.ProfileAdmin), Disabled: ptr(false)}); err != nil {
			t.Errorf("what is as it was: %v", err)
		}
		// From here on whoever has the role, the group or the attribute is kept out.
		policy(w, alveary.Policy{ID: "out", Type: alveary.PolicyOIDC, Rules: []alveary.Rule{
			{Effect: alveary.EffectDeny, Actions: []string{"login"}, Subjects: []string{"role:out", "group:/out"}},
			{Effect: alveary.EffectDeny, Actions: []string{"login"}, Conditions: alveary.Conditions{
				{Attribute: "User:out", Condition: alveary.Condition{Type: "StringEqualCondition", Options: map[string]any{"equals": "yes"}}},
			}},
			{Effect: alveary.EffectDeny, Actions: []string{"login"}, Subjects: []string{"user:second"}},
		}})
		if _, err := w.People.AddRole(ctx, root, people.NewRole{ID: "out"}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.People.AddGroup(ctx, root, people.NewGroup{Parent: "/", Name: "out"}); err != nil {
			t.Fatal(err)
		}
		before := len(w.Audit())
		id := w.ID("root")
		for what, change := range map[string]func() error{
			"the role": func() error {
				_, err := w.People.ChangeUser(ctx, root, id, people.UserPatch{Roles: &[]alveary.RoleID{"out"}})
				return err
			},
			"the group": func() error {
				_, err := w.People.ChangeUser(ctx, root, id, people.UserPatch{Group: ptr("/out")})
				return err
			},
			"the attribute": func() error {
				_, err := w.People.ChangeUser(ctx, root, id, people.UserPatch{Attributes: &map[string]string{"out": "yes"}})
				return err
			},
			"the profile": func() error {
				_, err := w.People.ChangeUser(ctx, second, id, people.UserPatch{Profile: ptr(alveary.ProfileStandard)})
				return err
			},
			"the account": func() error {
				_, err := w.People.ChangeUser(ctx, second, id, people.UserPatch{Disabled: ptr(true)})
				return err
			},
			"a role of a profile": func() error {
				_, err := w.People.ChangeRole(ctx, root, "out", people.RolePatch{Profiles: &[]alveary.Profile{"admin"}})
				return err
			},
		} {
			t.Run(what, func(t *testing.T) { wantKind(t, change(), alveary.KindConflict, "lock-out") })
		}
		if lines := w.Since(before); len(lines) > 0 {
			t.Errorf("on record: %v", lines)
		}
		if got, err := w.People.User(ctx, root, id); err != nil || got.Disabled || got.Profile != alveary.ProfileAdmin || len(got.Roles)+len(got.Attributes) > 0 || got.Group.Path != "/" {
			t.Errorf("%+v, %v", got, err)
		}
	})
}
