package share_test

import (
	"slices"
	"testing"
	"time"

	"alveary"
	"alveary/service/share"
	"alveary/store"
)

// stops are the shares that the rule for everybody would stop with these terms,
// with the term of each, and those that it would free.
func (w *stage) stops(terms alveary.Terms) (stopped map[alveary.CellID]string, freed []alveary.CellID) {
	w.t.Helper()
	rule := alveary.HouseRule{Role: alveary.RootGroupRole, Terms: terms}
	for _, v := range must[[]share.RuleView](w.t)(w.Share.Rules(w.t.Context(), w.as("root"))) {
		if v.Role == rule.Role {
			rule.ID = v.ID
		}
	}
	before, after, err := w.Share.CheckRule(w.t.Context(), w.as("root"), rule)
	if err != nil {
		w.t.Fatal(err)
	}
	stopped = map[alveary.CellID]string{}
	for _, row := range before {
		if stopped[row.ID] = row.Void.Term; row.Void.Text == "" {
			w.t.Errorf("%d would be stopped without a word", row.ID)
		}
	}
	for _, row := range after {
		freed = append(freed, row.ID)
	}
	slices.Sort(freed)
	return stopped, freed
}

// Before a rule shuts external people out it is told whom that meets: whoever
// shares with one of them, by name, in a team or by a role of their profile, in
// a Cell or by a link.
func TestRuleOnExternalPeopleIsTried(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		guest := "guest@example.org"
		w.write(func(tx *store.Tx) error {
			for _, r := range []alveary.Role{
				{ID: "team", Label: "partners", Team: true}, {ID: "own team", Label: "us", Team: true}, {ID: "outside", Label: "outside", Profiles: []alveary.Profile{alveary.ProfileShared}},
			} {
				if err := tx.InsertRole(r); err != nil {
					return err
				}
			}
			if err := tx.PutMember("own team", alveary.Member{User: w.id("bob")}); err != nil {
				return err
			}
			return tx.PutMember("team", alveary.Member{User: w.id(guest)})
		})
		toRole := func(id alveary.RoleID) alveary.CellID {
			c := w.cell("ann")
			w.write(func(tx *store.Tx) error {
				_, err := tx.SetCellEntries(c.ID, []alveary.Entry{{Role: id, Node: w.plans, Rights: alveary.RightRead}})
				return err
			})
			return c.ID
		}
		met := map[alveary.CellID]string{w.cell("ann", guest, "bob").ID: "external", toRole("team"): "external", toRole("outside"): "external"}
		invited, _ := link(t, w, "ann", share.NewLink{Node: w.file, Mode: alveary.LinkRead, People: []share.Ref{{User: w.id(guest)}}})
		met[invited.ID] = "external"
		own, all := w.cell("ann", "bob"), []alveary.CellID{}
		toRole("own team")
		toRole(alveary.RootGroupRole)
		_, _ = link(t, w, "ann", share.NewLink{Node: w.file, Mode: alveary.LinkRead})
		gone := w.cell("ann")
		w.write(func(tx *store.Tx) error {
			_, err := tx.SetCellEntries(gone.ID, []alveary.Entry{{Role: w.role(guest), Node: w.plans, Rights: alveary.RightRead, Expires: w.now().Add(-time.Second)}})
			return err
		})
		stopped, freed := w.stops(alveary.Terms{External: ptr(false)})
		if len(freed) > 0 || len(stopped) != len(met) {
			t.Errorf("stopped %v, freed %v, want %v", stopped, freed, met)
		}
		for id, term := range met {
			if all = append(all, id); stopped[id] != term {
				t.Errorf("%d: %q, want %q", id, stopped[id], term)
			}
		}
		if got := w.rights(guest, w.file); got != alveary.RightRead {
			t.Errorf("what was only tried counts: %q", got)
		}
		w.rule(alveary.Terms{External: ptr(false)})
		if w.rights(guest, w.file) != 0 || w.rights("bob", w.file) != alveary.RightRead {
			t.Errorf("the guest has %q, bob %q", w.rights(guest, w.file), w.rights("bob", w.file))
		}
		if stopped, freed := w.stops(alveary.Terms{External: ptr(false)}); len(stopped)+len(freed) > 0 {
			t.Errorf("the same once more stops %v and frees %v", stopped, freed)
		}
		// What shuts everybody out is told of those as well.
		if stopped, freed := w.stops(alveary.Terms{External: ptr(true), Cells: ptr(false)}); stopped[own.ID] != "cells" || len(stopped) != 7 || !slices.Equal(freed, []alveary.CellID{invited.ID}) {
			t.Errorf("without Cells it stops %v and frees %v", stopped, freed)
		}
		slices.Sort(all)
		if stopped, freed := w.stops(alveary.Terms{External: ptr(true)}); len(stopped) > 0 || !slices.Equal(freed, all) {
			t.Errorf("taken back it stops %v and frees %v, want %v", stopped, freed, all)
		}
	})
}

// A rule that no longer offers a policy stops what names it, as soon as it is
// there, with the reason, and no manager gives what would stop the owner's Cell.
func TestPoliciesUnderLaterRules(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		w.write(func(tx *store.Tx) error {
			for _, id := range []alveary.PolicyID{"by-day", "at-home"} {
				if _, err := tx.PutPolicy(alveary.Policy{ID: id, Type: alveary.PolicyACL, Rules: []alveary.Rule{{Effect: alveary.EffectAllow, Actions: []string{"read", "write"}}}}, "", ""); err != nil {
					return err
				}
			}
			return nil
		})
		id := w.rule(alveary.Terms{Policies: &[]alveary.PolicyID{"by-day", "at-home"}})
		offer := func(ids ...alveary.PolicyID) {
			t.Helper()
			rule := alveary.HouseRule{ID: id, Role: alveary.RootGroupRole, Terms: alveary.Terms{Policies: &ids}}
			if _, err := w.Share.PutRule(ctx, w.as("root"), rule); err != nil {
				t.Fatal(err)
			}
		}
		by := func(login string, id alveary.PolicyID) []share.Give {
			return []share.Give{{To: share.Ref{User: w.id(login)}, Policies: []alveary.PolicyID{id}}}
		}
		v := must[share.CellView](t)(two(w.Share.MakeCell(ctx, w.as("ann"), share.NewCell{Label: "x", Nodes: []alveary.NodeID{w.plans}, Gives: by("bob", "by-day")})))
		seen, _ := link(t, w, "ann", share.NewLink{Node: w.file, Mode: alveary.LinkRead, Policies: []alveary.PolicyID{"by-day"}})
		plain := w.cell("ann", "eve")
		visitor := w.visitor(seen)

		stopped, _ := w.stops(alveary.Terms{Policies: &[]alveary.PolicyID{"at-home"}})
		if len(stopped) != 2 || stopped[v.ID] != "policies" || stopped[seen.ID] != "policies" {
			t.Errorf("would stop %v", stopped)
		}
		offer("at-home")
		if w.rights("bob", w.file) != 0 || w.rightsOf(visitor, w.file) != 0 || w.rights("eve", w.file) != alveary.RightRead {
			t.Errorf("bob has %q, the visitor %q, eve %q", w.rights("bob", w.file), w.rightsOf(visitor, w.file), w.rights("eve", w.file))
		}
		told := must[share.CellView](t)(w.Share.Cell(ctx, w.as("ann"), v.ID))
		if told.Void.Term != "policies" || told.Void.Text == "" || !slices.Contains(told.Flags, "stopped") {
			t.Errorf("its owner is told %+v, %v", told.Void, told.Flags)
		}
		if told := must[share.CellView](t)(w.Share.Cell(ctx, w.as("ann"), plain.ID)); told.Void.Term != "" {
			t.Errorf("a Cell without policies: %+v", told.Void)
		}
		// The owner mends it; something else may be changed meanwhile.
		if _, err := w.Share.ChangeLink(ctx, w.as("ann"), seen.ID, share.LinkChange{Label: ptr("named")}); err != nil {
			t.Error(err)
		}
		if _, err := w.Share.ChangeLink(ctx, w.as("ann"), seen.ID, share.LinkChange{Policies: &[]alveary.PolicyID{"at-home"}}); err != nil {
			t.Error(err)
		}
		if _, err := w.Share.ChangeMember(ctx, w.as("ann"), v.ID, w.role("bob"), w.give("bob", alveary.RightRead)); err != nil {
			t.Error(err)
		}
		if w.rights("bob", w.file) != alveary.RightRead || w.rightsOf(visitor, w.file) != alveary.RightRead {
			t.Errorf("mended: bob has %q, the visitor %q", w.rights("bob", w.file), w.rightsOf(visitor, w.file))
		}
		// A manager is offered what the owner is not.
		w.entry("bob", w.plans, alveary.Givable)
		if _, err := w.Share.SetManager(ctx, w.as("ann"), v.ID, w.id("bob"), true); err != nil {
			t.Fatal(err)
		}
		must[share.RuleView](t)(w.Share.PutRule(ctx, w.as("root"), alveary.HouseRule{Role: w.role("bob"), Terms: alveary.Terms{Policies: &[]alveary.PolicyID{"by-day"}}}))
		_, _, err := w.Share.AddMembers(ctx, w.as("bob"), v.ID, by("mia", "by-day"))
		want(t, err, alveary.KindDenied, "policy-not-offered")
		// Without any rule no policy can be given, and none stops anything.
		if err := w.Share.DeleteRule(ctx, w.as("root"), id); err != nil {
			t.Fatal(err)
		}
		if got := w.rightsOf(visitor, w.file); got != alveary.RightRead {
			t.Errorf("without a rule the visitor has %q", got)
		}
	})
}

// What a rule stops of a Cell on one of its nodes, or for external people, is told
// before it is there, and to the owner once it is.
func TestStoppedInPart(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		c := w.cell("ann", "bob")
		w.write(func(tx *store.Tx) error {
			_, err := tx.SetCellEntries(c.ID, []alveary.Entry{
				{Role: w.role("bob"), Node: w.secret, Rights: alveary.RightRead}, {Role: w.role("bob"), Node: w.file, Rights: alveary.RightRead},
			})
			return err
		})
		outside := w.cell("ann", "guest@example.org", "bob")
		whole := w.cell("ann", "bob")
		expect := func(what string, id alveary.CellID, term string, partly bool) {
			t.Helper()
			v := must[share.CellView](t)(w.Share.Cell(ctx, w.as("ann"), id))
			if v.Void.Term != term || v.Void.Partly != partly || (v.Void.Text == "") != (term == "") ||
				slices.Contains(v.Flags, "partly") != partly || slices.Contains(v.Flags, "stopped") != (term != "" && !partly) {
				t.Errorf("%s: %+v, %q", what, v.Void, v.Flags)
			}
		}
		expect("before", c.ID, "", false)
		rule := alveary.HouseRule{Role: alveary.RootGroupRole, Node: w.secret, Terms: alveary.Terms{Cells: ptr(false)}}
		stopped, freed, err := w.Share.CheckRule(ctx, w.as("root"), rule)
		if err != nil || len(freed) > 0 || len(stopped) != 1 || stopped[0].ID != c.ID || stopped[0].Void.Term != "cells" || !stopped[0].Void.Partly {
			t.Fatalf("stopped %+v, freed %+v, %v", stopped, freed, err)
		}
		v := must[share.RuleView](t)(w.Share.PutRule(ctx, w.as("root"), rule))
		expect("on one of two nodes", c.ID, "cells", true)
		expect("of a folder above", whole.ID, "", false)
		if w.rights("bob", w.file) != alveary.RightRead {
			t.Error("the other node is stopped too")
		}
		rule.ID, rule.Terms.Cells = v.ID, ptr(true)
		if stopped, freed, err = w.Share.CheckRule(ctx, w.as("root"), rule); err != nil || len(stopped) > 0 || len(freed) != 1 || freed[0].ID != c.ID {
			t.Errorf("taken back it stops %+v, frees %+v, %v", stopped, freed, err)
		}
		everywhere := alveary.HouseRule{ID: w.rule(alveary.Terms{External: ptr(false)}), Role: alveary.RootGroupRole, Terms: alveary.Terms{Cells: ptr(false)}}
		expect("with somebody from outside", outside.ID, "external", true)
		expect("without", whole.ID, "", false)
		must[share.RuleView](t)(w.Share.PutRule(ctx, w.as("root"), everywhere))
		expect("altogether", outside.ID, "cells", false)
		expect("on all nodes", c.ID, "cells", false)
	})
}
