package share_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"alveary"
	"alveary/service/share"
	"alveary/store"
)

// MODEL.md 4.5: a manager gives what he holds himself, always, from everywhere
// and in all of a folder, and takes away what leaves nobody more.
func TestManagers(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		made := w.cell("ann", "bob")
		add := func(by, to string, rights alveary.Rights) error {
			return third(w.Share.AddMembers(ctx, w.as(by), made.ID, []share.Give{w.give(to, rights)}))
		}
		want(t, add("bob", "eve", alveary.RightRead), alveary.KindDenied, "not-yours")
		v := must[share.CellView](t)(w.Share.SetManager(ctx, w.as("ann"), made.ID, w.id("bob"), true))
		if len(v.Members) != 1 || !v.Members[0].Manager || !slices.Equal(v.Managers, []alveary.UserID{w.id("bob")}) {
			t.Errorf("%+v", v)
		}
		want(t, second(w.Share.SetManager(ctx, w.as("bob"), made.ID, w.id("mia"), true)), alveary.KindDenied, "not-yours")
		want(t, second(w.Share.SetManager(ctx, w.as("root"), made.ID, w.id("mia"), true)), alveary.KindDenied, "not-yours")
		want(t, second(w.Share.SetManager(ctx, w.as("ann"), made.ID, w.id("ann"), true)), alveary.KindConflict, "twice")
		want(t, second(w.Share.SetManager(ctx, w.as("ann"), made.ID, w.id("guest@example.org"), true)), alveary.KindInvalid, "nobody")

		// He has it by this very Cell, read and no more.
		if err := add("bob", "eve", alveary.RightRead); err != nil || w.rights("eve", w.secret) != alveary.RightRead {
			t.Errorf("%v, and eve may %q", err, w.rights("eve", w.secret))
		}
		want(t, add("bob", "mia", alveary.Givable), alveary.KindDenied, "not-held")
		want(t, add("bob", "eve", alveary.RightRead), alveary.KindConflict, "twice")
		want(t, w.Share.End(ctx, w.as("bob"), made.ID), alveary.KindDenied, "not-yours")
		want(t, second(w.Share.HandOver(ctx, w.as("bob"), made.ID, w.id("bob"))), alveary.KindDenied, "not-yours")

		// Not where something beneath is kept from him.
		w.deny("bob", w.secret)
		want(t, add("bob", "mia", alveary.RightRead), alveary.KindDenied, "not-held")
		w.deny("ann", w.secret) // whom nobody can get it from any more
		if err := add("bob", "mia", alveary.RightRead); err != nil {
			t.Error(err)
		}
		if _, err := w.Share.RemoveMember(ctx, w.as("bob"), made.ID, w.role("eve")); err != nil || w.rights("eve", w.file) != 0 {
			t.Errorf("taken out: %v", err)
		}
		want(t, second(w.Share.RemoveMember(ctx, w.as("bob"), made.ID, w.role("eve"))), alveary.KindNotFound, "not-found")

		// Nor longer than he has it.
		if _, err := w.Share.ChangeMember(ctx, w.as("ann"), made.ID, w.role("bob"), share.Give{Rights: alveary.RightRead, Expires: w.now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		want(t, add("bob", "eve", alveary.RightRead), alveary.KindDenied, "not-held")
		give := w.give("eve", alveary.RightRead)
		give.Expires = w.now().Add(time.Hour)
		if _, _, err := w.Share.AddMembers(ctx, w.as("bob"), made.ID, []share.Give{give}); err != nil {
			t.Error(err)
		}
		// Nor does he let the Cell last longer.
		until := w.now().Add(30 * time.Minute)
		if _, err := w.Share.ChangeCell(ctx, w.as("bob"), made.ID, share.CellChange{Until: &until}); err != nil {
			t.Error(err)
		}
		want(t, second(w.Share.ChangeCell(ctx, w.as("bob"), made.ID, share.CellChange{Until: &time.Time{}})), alveary.KindDenied, "not-held")
		want(t, second(w.Share.ChangeCell(ctx, w.as("root"), made.ID, share.CellChange{Until: &time.Time{}})), alveary.KindDenied, "not-held")
		want(t, second(w.Share.ChangeCell(ctx, w.as("root"), made.ID, share.CellChange{Label: ptr("x")})), alveary.KindDenied, "not-yours")
		if err := w.Share.Leave(ctx, w.as("bob"), made.ID); err != nil {
			t.Error(err)
		}
		want(t, second(w.Share.Cell(ctx, w.as("bob"), made.ID)), alveary.KindNotFound, "not-found")
	})
}

// What is given to someone himself may hold back what a group of his is given:
// a manager who lacks that does not take it away.
func TestManagersLiftNothing(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		var sales alveary.Group
		w.write(func(tx *store.Tx) (err error) {
			if sales, err = tx.InsertGroup(alveary.RootGroup, "sales"); err != nil {
				return err
			}
			u, _, err := tx.UserByLogin("eve")
			if err != nil {
				return err
			}
			u.Group = sales.ID
			return tx.UpdateUser(u)
		})
		made := w.cell("ann", "eve", "bob")
		if _, _, err := w.Share.AddMembers(ctx, w.as("ann"), made.ID, []share.Give{{To: share.Ref{Group: sales.ID}, Rights: alveary.Givable}}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Share.SetManager(ctx, w.as("ann"), made.ID, w.id("bob"), true); err != nil {
			t.Fatal(err)
		}
		want(t, second(w.Share.RemoveMember(ctx, w.as("bob"), made.ID, w.role("eve"))), alveary.KindDenied, "not-held")
		want(t, second(w.Share.ChangeMember(ctx, w.as("bob"), made.ID, w.role("eve"), share.Give{Rights: alveary.RightRead, Expires: w.now().Add(time.Hour)})), alveary.KindDenied, "not-held")
		want(t, second(w.Share.ChangeCell(ctx, w.as("bob"), made.ID, share.CellChange{Nodes: &[]alveary.NodeID{w.file, w.plans}})), alveary.KindDenied, "not-held")
		if _, err := w.Share.RemoveMember(ctx, w.as("bob"), made.ID, sales.Role); err != nil {
			t.Error(err)
		}
		if _, err := w.Share.RemoveMember(ctx, w.as("bob"), made.ID, w.role("eve")); err != nil {
			t.Error(err)
		}
	})
}

// Policies are given from those that the house rules offer; a manager needs
// both rights, for what a policy lets through may change.
func TestPoliciesAreGiven(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		w.write(func(tx *store.Tx) error {
			for _, p := range []alveary.Policy{
				{ID: "by-day", Label: "By day", Type: alveary.PolicyACL, Mode: alveary.ModeEnforced, Rules: []alveary.Rule{{Effect: alveary.EffectAllow, Actions: []string{"read", "write"}}}},
				{ID: "calls", Label: "Calls", Type: alveary.PolicyREST, Mode: alveary.ModeOff},
			} {
				if _, err := tx.PutPolicy(p, "root", ""); err != nil {
					return err
				}
			}
			return nil
		})
		_, err := w.Share.PutRule(ctx, w.as("root"), alveary.HouseRule{Role: alveary.RootGroupRole, Terms: alveary.Terms{Policies: &[]alveary.PolicyID{"calls"}}})
		want(t, err, alveary.KindInvalid, "invalid")
		w.rule(alveary.Terms{Policies: &[]alveary.PolicyID{"by-day"}})
		how := must[share.Sharing](t)(w.Share.Sharing(ctx, w.as("ann"), w.plans))
		if len(how.Policies) != 1 || how.Policies[0].Label != "By day" {
			t.Errorf("%+v", how.Policies)
		}
		made := w.cell("ann", "mia")
		give := func(login string) []share.Give {
			return []share.Give{{To: share.Ref{User: w.id(login)}, Policies: []alveary.PolicyID{"by-day"}}}
		}
		v := must[share.CellView](t)(two(w.Share.AddMembers(ctx, w.as("ann"), made.ID, give("bob"))))
		if got := w.rights("bob", w.file); got != alveary.Givable || !slices.Equal(v.Members[1].Policies, []alveary.PolicyID{"by-day"}) {
			t.Errorf("bob may %q, %+v", got, v.Members)
		}
		for _, login := range []string{"bob", "mia"} {
			if _, err := w.Share.SetManager(ctx, w.as("ann"), made.ID, w.id(login), true); err != nil {
				t.Fatal(err)
			}
			want(t, third(w.Share.AddMembers(ctx, w.as(login), made.ID, give("eve"))), alveary.KindDenied, "not-held")
			// A policy that lets him through today gives him nothing to give.
			if login == "bob" {
				want(t, third(w.Share.AddMembers(ctx, w.as(login), made.ID, []share.Give{w.give("eve", alveary.RightRead)})), alveary.KindDenied, "not-held")
			}
		}
		// Nor does Mia take away a policy that may hold something back: there is a
		// role that Bob has beside his own.
		if _, _, err := w.Share.AddMembers(ctx, w.as("ann"), made.ID, []share.Give{{To: share.Ref{Group: alveary.RootGroup}, Rights: alveary.Givable}}); err != nil {
			t.Fatal(err)
		}
		want(t, second(w.Share.RemoveMember(ctx, w.as("mia"), made.ID, w.role("bob"))), alveary.KindDenied, "not-held")
		open, _ := link(t, w, "ann", share.NewLink{Node: w.plans, Mode: alveary.LinkRead, Policies: []alveary.PolicyID{"by-day"}})
		if got := w.rightsOf(w.visitor(open), w.file); got != alveary.RightRead {
			t.Errorf("a visitor may %q", got)
		}
	})
}

// A Cell that is handed over gives what its new owner has: so nobody hands one
// over by which its members would get what he lacks.
func TestHandOver(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		made := must[share.CellView](t)(two(w.Share.MakeCell(ctx, w.as("ann"), share.NewCell{
			Label: "x", Nodes: []alveary.NodeID{w.plans}, Gives: []share.Give{w.give("eve", alveary.RightRead), w.give("bob", alveary.RightRead)},
		})))
		w.deny("ann", w.secret)
		w.entry("bob", w.common, alveary.Givable)
		_, err := w.Share.HandOver(ctx, w.as("ann"), made.ID, w.id("bob"))
		want(t, err, alveary.KindDenied, "not-held") // Eve would see what is secret
		w.deny("bob", w.secret)
		for user, code := range map[string]string{"ann": "twice", "guest@example.org": "nobody"} {
			_, err := w.Share.HandOver(ctx, w.as("ann"), made.ID, w.id(user))
			kind := alveary.KindInvalid
			if code == "twice" {
				kind = alveary.KindConflict
			}
			want(t, err, kind, code)
		}
		v := must[share.CellView](t)(w.Share.HandOver(ctx, w.as("ann"), made.ID, w.id("bob")))
		if v.Owner.Login != "bob" || v.Mine != "manager" || len(v.Nodes) != 1 || len(v.Members) != 2 || v.Members[0].Login != "eve" {
			t.Errorf("%+v", v)
		}
		if told := w.notices("bob"); told[0] != alveary.NoticeHanded {
			t.Errorf("told: %v", told)
		}
		if line := w.audit(1)[0]; line.Action != "hand-over-share" || line.Node != w.plans {
			t.Errorf("on record: %+v", line)
		}
		// It gives what Bob has.
		w.write(func(tx *store.Tx) error { return tx.SetDisabled(w.id("ann"), true) })
		if got := w.rights("eve", w.file); got != alveary.RightRead {
			t.Errorf("eve may %q", got)
		}
		w.deny("bob", w.plans)
		if got := w.rights("eve", w.file); got != 0 {
			t.Errorf("eve may %q", got)
		}
		// An administrator may, of one whose owner is gone.
		if v = must[share.CellView](t)(w.Share.HandOver(ctx, w.as("root"), made.ID, w.id("mia"))); v.Owner.Login != "mia" || v.Mine != "administrator" {
			t.Errorf("%+v", v)
		}
	})
}

// A Cell that gives nothing, since its owner has nothing any more, is not handed
// over to one who may have it again.
func TestHandOverOfWhatIsNotHeld(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		made := w.cell("ann", "eve")
		w.deny("ann", w.plans)
		_, err := w.Share.HandOver(t.Context(), w.as("ann"), made.ID, w.id("bob"))
		want(t, err, alveary.KindDenied, "not-held")
		w.entry("bob", w.plans, alveary.Givable)
		if got := w.rights("eve", w.file); got != 0 {
			t.Errorf("eve may %q", got)
		}
	})
}

// What would change is told beforehand.
func TestCheckCell(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		made := w.cell("ann", "bob", "eve")
		lines := len(w.audit(1000))
		e := must[share.Effect](t)(w.Share.CheckCell(ctx, w.as("ann"), made.ID, share.NewCell{
			Label: "Our plans", Nodes: []alveary.NodeID{w.plans, w.mixed}, Gives: []share.Give{w.give("bob", alveary.Givable), w.give("mia", alveary.RightRead), {To: share.Ref{Email: "x@example.net"}, Rights: alveary.RightRead}},
		}))
		if !slices.Equal(e.Gain, []string{"eve", "mia", "x@example.net"}) && !slices.Contains(e.Gain, "mia") {
			t.Errorf("%+v", e)
		}
		if len(e.Problems) != 1 || e.Problems[0].Field != "members[0]" || e.Problems[0].Missing != alveary.RightWrite {
			t.Errorf("%+v", e.Problems)
		}
		if v := must[share.CellView](t)(w.Share.Cell(ctx, w.as("ann"), made.ID)); len(v.Nodes) != 1 || len(v.Members) != 2 || len(w.audit(1000)) != lines {
			t.Errorf("something was changed: %+v", v)
		}
		want(t, second(w.Share.CheckCell(ctx, w.as("bob"), made.ID, share.NewCell{Label: "x"})), alveary.KindDenied, "not-yours")
	})
}

// A Cell has no more entries than can be looked at while others wait.
func TestManyMembersOfManyNodes(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		n := share.NewCell{Label: "x"}
		for i := range 125 {
			n.Nodes = append(n.Nodes, w.folder(w.plans, fmt.Sprint("folder ", i), "ann"))
		}
		for i := range 80 { // and one entry for each node
			n.Gives = append(n.Gives, share.Give{To: share.Ref{Email: fmt.Sprintf("n%d@example.net", i)}, Rights: alveary.RightRead})
		}
		e := must[share.Effect](t)(w.Share.CheckCell(t.Context(), w.as("ann"), 0, n))
		if len(e.Problems) != 1 || e.Problems[0].Code != "too-many" || e.Problems[0].Field != "members[79]" {
			t.Errorf("%+v", e.Problems)
		}
	})
}

// A request that is granted makes a Cell, within the transaction of the answer.
func TestGrant(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ann, bob, until := w.as("ann"), w.id("bob"), w.now().Add(time.Hour)
		var id alveary.CellID
		w.write(func(tx *store.Tx) (err error) {
			id, err = w.Share.Grant(t.Context(), tx, ann, w.file, bob, alveary.RightRead, until)
			return err
		})
		v := must[share.CellView](t)(w.Share.Cell(t.Context(), ann, id))
		if v.Label != "plan.txt" || w.rights("bob", w.file) != alveary.RightRead || !v.Members[0].Expires.Equal(until) {
			t.Errorf("%+v", v)
		}
		err := w.Write(t.Context(), func(tx *store.Tx) error {
			_, err := w.Share.Grant(t.Context(), tx, ann, w.mixed, bob, alveary.RightWrite, until)
			return err
		})
		want(t, err, alveary.KindDenied, "not-held")
	})
}
