package people_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"alveary"
	"alveary/service/people"
	"alveary/store"
	"alveary/testkit/world"
)

func wantKind(t *testing.T, err error, kind alveary.Kind, code string) {
	t.Helper()
	var e *alveary.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Code != code {
		t.Fatalf("got %v, want kind %d with code %q", err, kind, code)
	}
}

// onEach runs a test on each database, with an administrator.
func onEach(t *testing.T, test func(t *testing.T, w *world.World, root alveary.Subject)) {
	t.Helper()
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("root", alveary.ProfileAdmin)
		w.User("ann")
		test(t, w, w.As("root"))
	})
}

func idOf(w *world.World, login string) string {
	return alveary.NodeID(w.As(login).User.ID).String()
}

func ptr[T any](v T) *T { return &v }

func policy(w *world.World, p alveary.Policy) {
	w.Write(func(tx *store.Tx) error { _, err := tx.PutPolicy(p, "", ""); return err })
}

func TestRoles(t *testing.T) {
	onEach(t, func(t *testing.T, w *world.World, root alveary.Subject) {
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
		for _, owned := range []alveary.RoleID{alveary.RootGroupRole, w.Role("ann")} {
			_, err := w.People.ChangeRole(ctx, root, owned, people.RolePatch{Profiles: &[]alveary.Profile{"anon"}})
			wantKind(t, err, alveary.KindInvalid, "owned")
			wantKind(t, w.People.DeleteRole(ctx, root, owned), alveary.KindInvalid, "owned")
		}
		if _, err := w.People.ChangeUser(ctx, root, idOf(w, "ann"), people.UserPatch{Roles: &[]alveary.RoleID{"night.shift-1"}}); err != nil {
			t.Fatal(err)
		}
		wantKind(t, w.People.DeleteRole(ctx, root, "night.shift-1"), alveary.KindConflict, "in-use")
		list, err := w.People.Roles(ctx, root)
		at := slices.IndexFunc(list, func(r people.Role) bool { return r.ID == "night.shift-1" })
		if err != nil || at < 0 || list[at].Users != 1 || list[at].Entries != 0 {
			t.Fatalf("%+v, %v", list, err)
		}
		own := slices.IndexFunc(list, func(r people.Role) bool { return r.OwnerUser == "ann" })
		all := slices.IndexFunc(list, func(r people.Role) bool { return r.OwnerGroup == "/" })
		if own < 0 || all < 0 || list[all].ID != alveary.RootGroupRole || list[all].Entries != 2 {
			t.Errorf("%+v", list)
		}
		if _, err := w.People.ChangeUser(ctx, root, idOf(w, "ann"), people.UserPatch{Roles: &[]alveary.RoleID{}}); err != nil {
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
		if want := []string{"add-role done", "change-role done", "change-user done", "change-user done", "delete-role done"}; !slices.Equal(actions, want) {
			t.Errorf("on record: %q", actions)
		}
	})
}

func TestGroups(t *testing.T) {
	onEach(t, func(t *testing.T, w *world.World, root alveary.Subject) {
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
		if _, err := w.People.ChangeUser(ctx, root, idOf(w, "ann"), people.UserPatch{Group: ptr("/sales/north")}); err != nil {
			t.Fatal(err)
		}
		wantKind(t, w.People.DeleteGroup(ctx, root, sales.ID), alveary.KindConflict, "in-use")
		wantKind(t, w.People.DeleteGroup(ctx, root, north.ID), alveary.KindConflict, "in-use")
		wantKind(t, w.People.DeleteGroup(ctx, root, "1"), alveary.KindInvalid, "root-group")
		wantKind(t, w.People.DeleteGroup(ctx, root, "99"), alveary.KindNotFound, "not-found")
		list, err := w.People.Groups(ctx, root)
		if err != nil || len(list) != 3 || list[0].Path != "/" || list[0].Parent != "" || list[2].Users != 1 {
			t.Fatalf("%+v, %v", list, err)
		}
		if _, err := w.People.ChangeUser(ctx, root, idOf(w, "ann"), people.UserPatch{Group: ptr("1")}); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{north.ID, sales.ID} {
			if err := w.People.DeleteGroup(ctx, root, id); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestUsers(t *testing.T) {
	onEach(t, func(t *testing.T, w *world.World, root alveary.Subject) {
		ctx, ann := t.Context(), idOf(w, "ann")
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
		own := string(w.Role("ann"))
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
			"another's own role":       {Roles: &[]alveary.RoleID{w.Role("root")}},
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

// A disabled account is out at once, and a session that it had does not come
// back with it.
func TestDisabled(t *testing.T) {
	onEach(t, func(t *testing.T, w *world.World, root alveary.Subject) {
		browser, program, ann := w.Browser("ann"), w.Client("ann"), idOf(w, "ann")
		got, err := w.People.ChangeUser(t.Context(), root, ann, people.UserPatch{Disabled: ptr(true)})
		if err != nil || !got.Disabled || len(got.Stack) != 0 {
			t.Fatalf("%+v, %v", got, err)
		}
		for _, c := range []*world.Client{browser, program} {
			if a := c.Do("GET", "/session", nil); a.Status != 401 {
				t.Errorf("answered %d", a.Status)
			}
		}
		if _, err := w.People.ChangeUser(t.Context(), root, ann, people.UserPatch{Disabled: ptr(false)}); err != nil {
			t.Fatal(err)
		}
		if a := browser.Do("GET", "/session", nil); a.Status != 401 {
			t.Errorf("the old session: %d", a.Status)
		}
		if a := program.Do("GET", "/session", nil); a.Status != 200 {
			t.Errorf("the token: %d", a.Status)
		}
	})
}

// Nobody shuts himself out, and no change leaves nobody who could undo it.
func TestLockOut(t *testing.T) {
	onEach(t, func(t *testing.T, w *world.World, root alveary.Subject) {
		ctx := t.Context()
		w.User("second", alveary.ProfileAdmin)
		second := w.As("second")
		for _, patch := range []people.UserPatch{{Disabled: ptr(true)}, {Profile: ptr(alveary.ProfileStandard)}, {Profile: ptr(alveary.ProfileShared)}} {
			_, err := w.People.ChangeUser(ctx, root, idOf(w, "root"), patch)
			wantKind(t, err, alveary.KindConflict, "yourself")
		}
		if _, err := w.People.ChangeUser(ctx, root, idOf(w, "root"), people.UserPatch{Name: ptr("Root"), Profile: ptr(alveary.ProfileAdmin), Disabled: ptr(false)}); err != nil {
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
		id := idOf(w, "root")
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

// Whoever is no administrator changes and learns nothing here, even where a
// rest policy lets him call (MODEL.md 7.7); and it is on record.
func TestNotHeld(t *testing.T) {
	onEach(t, func(t *testing.T, w *world.World, root alveary.Subject) {
		policy(w, alveary.Policy{ID: "open", Type: alveary.PolicyREST, Rules: []alveary.Rule{{
			Effect: alveary.EffectAllow, Actions: []string{"<.*>"}, Resources: []string{"<.*>"},
		}}})
		if _, err := w.People.AddRole(t.Context(), root, people.NewRole{ID: "crew"}); err != nil {
			t.Fatal(err)
		}
		ann, self := w.Client("ann"), "/users/"+idOf(w, "ann")
		for _, ask := range []struct{ method, path, body string }{
			{"GET", "/roles", ""},
			{"POST", "/roles", `{"id":"mine","profiles":["standard"]}`},
			{"PATCH", "/roles/ADMINISTRATORS", `{"profiles":["standard"]}`},
			{"DELETE", "/roles/crew", ""},
			{"GET", "/groups", ""},
			{"POST", "/groups", `{"parent":"/","name":"mine"}`},
			{"DELETE", "/groups/1", ""},
			{"GET", self, ""},
			{"PATCH", self, `{"profile":"admin"}`},
			{"PATCH", self, `{"roles":["ADMINISTRATORS"]}`},
			{"PATCH", self, `{"name":"Ann"}`},
			{"PATCH", "/users/99", `{}`},
			{"PUT", "/metadata-namespaces/mine", `{"editors":"writers"}`},
			{"DELETE", "/metadata-namespaces/usermeta-tags", ""},
		} {
			before := len(w.Audit())
			a := ann.Do(ask.method, ask.path, world.Reader(ask.body))
			if a.Status != 403 || a.Problem(t).Code != "not-held" {
				t.Errorf("%s %s: %d %s", ask.method, ask.path, a.Status, a.Body)
			}
			if lines := w.Since(before); len(lines) != 1 || lines[0].Action != "console" || lines[0].Verdict != alveary.VerdictDenied || lines[0].Login != "ann" {
				t.Errorf("%s %s on record: %v", ask.method, ask.path, lines)
			}
		}
		if u := w.As("ann").User; u.Profile != alveary.ProfileStandard || len(u.Roles) > 0 || u.Name != "" {
			t.Errorf("%+v", u)
		}
	})
}

// Threat 17: fields that decide who someone is, sent where they do not belong,
// refuse the request by name, and nothing is done.
func TestThreat17_MassAssignment(t *testing.T) {
	w := world.New(t, world.Options{})
	w.User("root", alveary.ProfileAdmin)
	w.User("ann")
	root, ann := w.Client("root"), w.Client("ann")
	id := w.As("ann").User.ID
	w.Write(func(tx *store.Tx) error { return tx.InsertRole(alveary.Role{ID: "crew", Label: "Crew"}) })
	picture := func() string {
		var out string
		w.Read(func(tx *store.Tx) error {
			users, err := tx.Users()
			if err != nil {
				return err
			}
			data, err := tx.Access(t.Context())
			out = fmt.Sprintf("%+v %+v %+v %+v", users, data.Groups, data.Roles, data.Entries)
			return err
		})
		return out
	}
	before := picture()
	for _, ask := range []struct {
		c                    *world.Client
		method, path, inside string
		fields               []string
	}{
		{root, "POST", "/users", `"login":"eve","password":"a long enough password"`, []string{"roles", "disabled", "id", "role", "attributes", "home", "quota", "groupId"}},
		{root, "PATCH", fmt.Sprintf("/users/%d", id), `"name":"Ann"`, []string{"id", "login", "password", "passwordHash", "role", "created", "stack", "home", "quota", "groupPath"}},
		{root, "POST", "/roles", `"id":"new"`, []string{"ownerUser", "ownerGroup", "entries", "users", "owner", "forceOverride"}},
		{root, "PATCH", "/roles/crew", `"label":"New"`, []string{"id", "ownerUser", "ownerGroup", "entries", "users"}},
		{root, "POST", "/groups", `"parent":"/","name":"new"`, []string{"id", "role", "path", "users", "owner"}},
		{root, "PUT", "/metadata-namespaces/new", `"editors":"writers"`, []string{"name", "writers", "id"}},
		{ann, "POST", "/tokens", `"label":"x"`, []string{"user", "profile", "roles", "login", "id"}},
		{ann, "POST", "/account/password", `"current":"x","next":"y"`, []string{"login", "user", "profile"}},
	} {
		for _, field := range ask.fields {
			for _, value := range []string{`"1"`, `["ADMINISTRATORS"]`, `true`, `{"id":"1"}`} {
				a := ask.c.Do(ask.method, ask.path, world.Reader("{"+ask.inside+`,"`+field+`":`+value+"}"))
				if a.Status != 400 || a.Problem(t).Code != "unknown-fields" {
					t.Errorf("%s %s with %s = %s: %d %.300s", ask.method, ask.path, field, value, a.Status, a.Body)
				}
			}
		}
	}
	if after := picture(); after != before {
		t.Errorf("changed to\n%s\nfrom\n%s", after, before)
	}
}
