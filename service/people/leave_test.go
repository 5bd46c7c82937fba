package people_test

import (
	"reflect"
	"slices"
	"testing"

	"alveary"
	"alveary/service/people"
	"alveary/store"
)

func TestDeleteUser(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		ctx := t.Context()
		w.User("ben")
		w.User("guest", alveary.ProfileShared)
		ann := w.As("ann")
		team := must[people.Team](t)(w.People.AddTeam(ctx, ann, people.NewTeam{Label: "Fair", Members: []string{w.ID("ben")}}))
		alone := must[people.Team](t)(w.People.AddTeam(ctx, ann, people.NewTeam{Label: "Alone"}))
		policy(w, alveary.Policy{ID: "names-her", Type: alveary.PolicyREST, Rules: []alveary.Rule{{Effect: alveary.EffectAllow, Actions: []string{"GET"}, Subjects: []string{"user:ann"}}}})
		w.SignIn("ann")
		var file alveary.Node
		w.Write(func(tx *store.Tx) error {
			home, err := tx.MakeHome(ann.User, alveary.TemplateMyFiles)
			if err != nil {
				return err
			}
			if file, err = tx.Insert(home, alveary.Node{Name: "plan.txt", Type: alveary.Leaf, Size: 7, Blob: "b", Owner: ann.User.ID}); err != nil {
				return err
			}
			for _, link := range []*alveary.Link{nil, {Mode: alveary.LinkRead}, {Mode: alveary.LinkRead}} {
				if _, err := tx.InsertCell(alveary.Cell{Owner: ann.User.ID, Link: link}, store.CellSecret{}); err != nil {
					return err
				}
			}
			return nil
		})
		leaving, err := w.People.Leaving(ctx, root, w.ID("ann"))
		if want := (people.Leaving{
			Files: 1, Bytes: 7, Policies: []alveary.PolicyID{"names-her"}, Tokens: 1, Sessions: 1, Teams: []string{"Alone", "Fair"}, Homes: leaving.Homes,
			Cells: 1, Links: 2,
		}); err != nil || !reflect.DeepEqual(leaving, want) || len(leaving.Homes) != 1 {
			t.Errorf("%+v, %v", leaving, err)
		}
		id := w.ID("ann")
		for what, c := range map[string]struct {
			who          alveary.Subject
			heir, expect string
			kind         alveary.Kind
			code         string
		}{
			"no heir":              {root, "", "ann", alveary.KindConflict, "heir-needed"},
			"another login":        {root, w.ID("ben"), "ben", alveary.KindConflict, "changed"},
			"herself as heir":      {root, id, "ann", alveary.KindInvalid, "invalid"},
			"a guest as heir":      {root, w.ID("guest"), "ann", alveary.KindInvalid, "invalid"},
			"nobody as heir":       {root, "99", "ann", alveary.KindInvalid, "invalid"},
			"herself":              {w.As("ann"), "", "ann", alveary.KindConflict, "yourself"},
			"by somebody, for him": {w.As("ben"), w.ID("ben"), "ann", alveary.KindDenied, "not-held"},
		} {
			t.Run(what, func(t *testing.T) { wantKind(t, w.People.DeleteUser(ctx, c.who, id, c.heir, c.expect), c.kind, c.code) })
		}
		wantKind(t, w.People.DeleteUser(ctx, root, w.ID("root"), "", "root"), alveary.KindConflict, "yourself")
		before := len(w.Audit())
		if err := w.People.DeleteUser(ctx, root, id, w.ID("ben"), "ann"); err != nil {
			t.Fatal(err)
		}
		var actions []string
		for _, line := range w.Since(before) {
			actions = append(actions, line.Action)
		}
		if !slices.Equal(actions, []string{"hand-over", "delete-user"}) {
			t.Errorf("on record: %q", actions)
		}
		w.Read(func(tx *store.Tx) error {
			line, err := tx.Lineage(file.ID)
			ben := w.As("ben")
			if err != nil || !line.Contains(ben.Homes[alveary.TemplateMyFiles]) || line.Node().Owner != ben.User.ID || line[len(line)-2].Name != "Files of ann" {
				t.Errorf("%+v, %v", line, err)
			}
			cells, links, err := tx.CountCells(ben.User.ID)
			if cells != 1 || links != 0 {
				t.Errorf("the heir has %d Cells and %d links", cells, links)
			}
			return err
		})
		mine, err := w.People.Teams(ctx, w.As("ben"))
		if err != nil || len(mine) != 1 || mine[0].ID != team.ID || !mine[0].Manager || len(mine[0].Members) != 1 {
			t.Errorf("%+v, %v", mine, err)
		}
		_, err = w.People.Team(ctx, root, alone.ID)
		wantKind(t, err, alveary.KindNotFound, "not-found")
		_, err = w.People.Leaving(ctx, root, id)
		wantKind(t, err, alveary.KindNotFound, "not-found")
	})
}

func TestTeams(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		ctx := t.Context()
		w.User("ben")
		w.User("carl")
		w.User("guest", alveary.ProfileShared)
		team, err := w.People.AddTeam(ctx, w.As("ann"), people.NewTeam{Label: " Fair ", Members: []string{w.ID("ben"), w.ID("ann")}})
		want := people.Team{ID: team.ID, Label: "Fair", Manager: true, Members: []people.TeamMember{
			{ID: w.ID("ann"), Login: "ann", Name: "ann", Manager: true}, {ID: w.ID("ben"), Login: "ben", Name: "ben"},
		}}
		if err != nil || !reflect.DeepEqual(team, want) {
			t.Fatalf("%+v, %v", team, err)
		}
		// It stands in the stack of its members.
		doc := must[people.UserDocument](t)(w.People.User(ctx, root, w.ID("ben")))
		if !slices.ContainsFunc(doc.Stack, func(s people.StackedRole) bool { return s.Role == team.ID && s.Label == "Fair" }) {
			t.Errorf("%+v", doc.Stack)
		}
		ann, ben, carl := w.As("ann"), w.As("ben"), w.As("carl")
		for what, c := range map[string]struct {
			err  error
			kind alveary.Kind
			code string
		}{
			"a guest's team":    {second(w.People.AddTeam(ctx, w.As("guest"), people.NewTeam{Label: "x"})), alveary.KindDenied, "not-held"},
			"no label":          {second(w.People.AddTeam(ctx, ann, people.NewTeam{Label: " "})), alveary.KindInvalid, "invalid"},
			"a guest within":    {w.People.SetMember(ctx, ann, team.ID, w.ID("guest"), false), alveary.KindInvalid, "invalid"},
			"nobody within":     {w.People.SetMember(ctx, ann, team.ID, "99", false), alveary.KindInvalid, "invalid"},
			"by a member":       {w.People.SetMember(ctx, ben, team.ID, w.ID("carl"), false), alveary.KindDenied, "not-held"},
			"himself a manager": {w.People.SetMember(ctx, ben, team.ID, w.ID("ben"), true), alveary.KindDenied, "not-held"},
			"by somebody":       {w.People.SetMember(ctx, carl, team.ID, w.ID("carl"), false), alveary.KindNotFound, "not-found"},
			"seen by somebody":  {second(w.People.Team(ctx, carl, team.ID)), alveary.KindNotFound, "not-found"},
			"renamed by one":    {second(w.People.RenameTeam(ctx, ben, team.ID, "x")), alveary.KindDenied, "not-held"},
			"deleted by one":    {w.People.DeleteTeam(ctx, ben, team.ID), alveary.KindDenied, "not-held"},
			"out by one":        {w.People.RemoveMember(ctx, ben, team.ID, w.ID("ann")), alveary.KindDenied, "not-held"},
			"the last manager":  {w.People.RemoveMember(ctx, ann, team.ID, w.ID("ann")), alveary.KindConflict, "last-manager"},
			"no manager":        {w.People.SetMember(ctx, ann, team.ID, w.ID("ann"), false), alveary.KindConflict, "last-manager"},
			"no member":         {w.People.RemoveMember(ctx, ann, team.ID, w.ID("carl")), alveary.KindNotFound, "not-found"},
			"no team":           {w.People.DeleteTeam(ctx, ann, alveary.RootGroupRole), alveary.KindNotFound, "not-found"},
			"assigned by hand":  {second(w.People.ChangeUser(ctx, root, w.ID("carl"), people.UserPatch{Roles: &[]alveary.RoleID{team.ID}})), alveary.KindInvalid, "invalid"},
			"another's label":   {second(w.People.ChangeRole(ctx, root, team.ID, people.RolePatch{Label: ptr("x")})), alveary.KindInvalid, "owned"},
		} {
			t.Run(what, func(t *testing.T) { wantKind(t, c.err, c.kind, c.code) })
		}
		if got, err := w.People.RenameTeam(ctx, ann, team.ID, "Fair 2027"); err != nil || got.Label != "Fair 2027" {
			t.Errorf("%+v, %v", got, err)
		}
		if err := w.People.SetMember(ctx, ann, team.ID, w.ID("ben"), true); err != nil {
			t.Error(err)
		}
		if err := w.People.RemoveMember(ctx, w.As("ann"), team.ID, w.ID("ann")); err != nil {
			t.Error(err)
		}
		if teams := w.As("ann").User.Teams; len(teams) != 0 {
			t.Errorf("%q", teams)
		}
		// Nobody leaves what takes something away from him.
		var entry alveary.Entry
		w.Write(func(tx *store.Tx) (err error) {
			entry, err = tx.InsertEntry(alveary.Entry{Role: team.ID, Node: 3, Deny: true})
			return err
		})
		if err := w.People.SetMember(ctx, root, team.ID, w.ID("carl"), false); err != nil {
			t.Error(err)
		}
		wantKind(t, w.People.RemoveMember(ctx, w.As("carl"), team.ID, w.ID("carl")), alveary.KindDenied, "not-held")
		wantKind(t, w.People.DeleteTeam(ctx, w.As("ben"), team.ID), alveary.KindDenied, "not-held")
		w.Write(func(tx *store.Tx) error { return tx.DeleteEntry(entry.ID) })
		if err := w.People.RemoveMember(ctx, w.As("carl"), team.ID, w.ID("carl")); err != nil {
			t.Error(err)
		}
		if err := w.People.DeleteTeam(ctx, w.As("ben"), team.ID); err != nil {
			t.Error(err)
		}
	})
}

// A team, too, can be what a policy keeps out; and who asks from where no
// administrator could sign in anyway locks nobody out.
func TestTeamsLockNobodyOut(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		ctx := t.Context()
		team := must[people.Team](t)(w.People.AddTeam(ctx, w.As("ann"), people.NewTeam{Label: "out"}))
		policy(w, alveary.Policy{ID: "out", Type: alveary.PolicyOIDC, Rules: []alveary.Rule{
			{Effect: alveary.EffectDeny, Actions: []string{"login"}, Subjects: []string{"role:" + string(team.ID)}},
			{Effect: alveary.EffectDeny, Actions: []string{"login"}, Subjects: []string{"profile:admin"}, Conditions: alveary.Conditions{
				{Attribute: "RemoteAddress", Condition: alveary.Condition{Type: "CIDRCondition", Options: map[string]any{"cidr": "198.51.100.0/24"}}},
			}},
		}})
		wantKind(t, w.People.SetMember(ctx, w.As("ann"), team.ID, w.ID("root"), false), alveary.KindDenied, "not-held")
		wantKind(t, w.People.DeleteTeam(ctx, w.As("ann"), team.ID), alveary.KindDenied, "not-held")
		wantKind(t, w.People.SetMember(ctx, root, team.ID, w.ID("root"), false), alveary.KindConflict, "lock-out")
		away := w.As("ann")
		away.Address = "198.51.100.7"
		if _, err := w.People.RenameSelf(ctx, away, "Ann"); err != nil {
			t.Error(err)
		}
		rootAway := root
		rootAway.Address = away.Address
		_, err := w.People.RenameSelf(ctx, rootAway, "Root")
		wantKind(t, err, alveary.KindConflict, "lock-out")
	})
}

func second[T any](_ T, err error) error { return err }
