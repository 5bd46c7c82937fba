package share_test

import (
	"slices"
	"testing"
	"time"

	"alveary"
	"alveary/service/share"
	"alveary/store"
)

// visitor is whoever comes by a link.
func (w *stage) visitor(v share.LinkView) alveary.Subject {
	return alveary.Visiting(v.ID, v.Cell.Owner)
}

// Threat 10: when the grantor loses a right, what he gave is lost with the same
// commit: by his entry, his group, his account, a policy, a house rule.
func TestThreat10_GrantorLosesRight(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		w.entry("bob", w.mixed, alveary.Givable) // something else of his own
		cell := w.cell("ann", "bob")
		open, _ := link(t, w, "ann", share.NewLink{Node: w.plans, Mode: alveary.LinkRead})
		inner := must[share.CellView](t)(two(w.Share.MakeCell(ctx, w.as("bob"), share.NewCell{
			Label: "on", Nodes: []alveary.NodeID{w.file}, Gives: []share.Give{w.give("eve", alveary.RightRead)},
		})))
		all := func(what string, want alveary.Rights) {
			t.Helper()
			for who, got := range map[string]alveary.Rights{
				"the member": w.rights("bob", w.file), "the visitor": w.rightsOf(w.visitor(open), w.file), "who is at the end of the chain": w.rights("eve", w.file),
			} {
				if got != want {
					t.Errorf("%s: %s may %q, want %q", what, who, got, want)
				}
			}
		}
		all("at first", alveary.RightRead)
		ann := w.as("ann")

		w.write(func(tx *store.Tx) error { return tx.SetDisabled(ann.User.ID, true) })
		all("disabled", 0)
		if v := must[share.CellView](t)(w.Share.Cell(ctx, w.as("bob"), cell.ID)); !slices.Contains(v.Flags, "owner-gone") {
			t.Errorf("flags: %v", v.Flags)
		}
		w.write(func(tx *store.Tx) error { return tx.SetDisabled(ann.User.ID, false) })
		all("enabled", alveary.RightRead)

		var deny alveary.Entry
		w.write(func(tx *store.Tx) (err error) {
			deny, err = tx.InsertEntry(alveary.Entry{Role: ann.Role, Node: w.plans, Deny: true})
			return err
		})
		all("denied", 0)
		if v := must[share.LinkView](t)(w.Share.Link(ctx, w.as("ann"), open.ID)); !slices.Contains(v.Flags, "weaker") || v.Node.Name != "" || v.Node.Missing == 0 {
			t.Errorf("her link, of what she may not see: %+v", v)
		}
		w.write(func(tx *store.Tx) error { return tx.DeleteEntry(deny.ID) })
		all("no longer denied", alveary.RightRead)

		w.write(func(tx *store.Tx) error {
			entries, err := tx.EntriesOf(ann.Role)
			if err != nil {
				return err
			}
			for _, e := range entries {
				if e.Node == w.plans {
					err = tx.DeleteEntry(e.ID)
				}
			}
			return err
		})
		all("taken away", 0)
		var sales alveary.Group
		w.write(func(tx *store.Tx) (err error) {
			if sales, err = tx.InsertGroup(alveary.RootGroup, "sales"); err != nil {
				return err
			}
			if _, err = tx.InsertEntry(alveary.Entry{Role: sales.Role, Node: w.plans, Rights: alveary.RightRead}); err != nil {
				return err
			}
			u := ann.User
			u.Group = sales.ID
			return tx.UpdateUser(u)
		})
		all("by her group", alveary.RightRead)
		w.write(func(tx *store.Tx) error { return tx.UpdateUser(ann.User) })
		all("out of her group", 0)
		w.entry("ann", w.plans, alveary.RightRead)
		all("given again", alveary.RightRead)

		policy := alveary.Policy{ID: "closed", Type: alveary.PolicyACL, Mode: alveary.ModeOff, Rules: []alveary.Rule{{Effect: alveary.EffectDeny, Actions: []string{"read"}}}}
		save := func(mode alveary.PolicyMode) {
			policy.Mode = mode
			w.write(func(tx *store.Tx) error { _, err := tx.PutPolicy(policy, "root", ""); return err })
		}
		save(alveary.ModeOff)
		w.write(func(tx *store.Tx) error {
			_, err := tx.InsertEntry(alveary.Entry{Role: ann.Role, Node: w.common, Policies: []alveary.PolicyID{"closed"}})
			return err
		})
		all("under a policy that is off", alveary.RightRead)
		save(alveary.ModeEnforced)
		all("closed by a policy", 0)
		save(alveary.ModeObserved)
		all("under a policy that is observed", alveary.RightRead)

		id := w.rule(alveary.Terms{Cells: ptr(false), FolderLinks: ptr(false)})
		all("stopped by a rule", 0)
		if v := must[share.LinkView](t)(w.Share.Link(ctx, w.as("ann"), open.ID)); v.Void.Term != "folderLinks" || v.Void.Text == "" || !slices.Contains(v.Flags, "stopped") {
			t.Errorf("why: %+v", v.Void)
		}
		if err := w.Share.DeleteRule(ctx, w.as("root"), id); err != nil {
			t.Fatal(err)
		}
		all("freed", alveary.RightRead)
		if err := w.Share.End(ctx, w.as("bob"), inner.ID); err != nil || w.rights("eve", w.file) != 0 {
			t.Errorf("ended: %v", err)
		}
	})
}

// Threat 11: a share is of a node, never of a path: what is deleted and made
// again is not shared, nor what takes its place; what moves goes on being.
func TestThreat11_SameAgain(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		v, _ := link(t, w, "ann", share.NewLink{Node: w.file, Mode: alveary.LinkRead})
		cell := must[share.CellView](t)(two(w.Share.MakeCell(ctx, w.as("ann"), share.NewCell{
			Label: "x", Nodes: []alveary.NodeID{w.file, w.secret}, Gives: []share.Give{w.give("bob", alveary.RightRead)},
		})))
		change := func(fn func(*store.Tx, alveary.Lineage) error) {
			t.Helper()
			w.write(func(tx *store.Tx) error {
				line, err := tx.Lineage(w.file)
				if err != nil {
					return err
				}
				return fn(tx, line)
			})
		}
		// It is renamed and moved, and another takes its name.
		change(func(tx *store.Tx, line alveary.Lineage) error {
			folder, err := tx.Lineage(w.secret)
			if err != nil {
				return err
			}
			_, err = tx.Place(line, folder, "other.txt")
			return err
		})
		twin := w.node(w.plans, "plan.txt", "ann", alveary.Leaf)
		if w.rights("bob", w.file) != alveary.RightRead || w.rightsOf(w.visitor(v), w.file) != alveary.RightRead {
			t.Error("what was moved is no longer shared")
		}
		if w.rights("bob", twin) != 0 || w.rightsOf(w.visitor(v), twin) != 0 {
			t.Error("what took its name is shared")
		}
		change(func(tx *store.Tx, line alveary.Lineage) error { _, err := tx.Bin(line, w.id("ann")); return err })
		if seen := must[share.LinkView](t)(w.Share.Link(ctx, w.as("ann"), v.ID)); !slices.Contains(seen.Flags, "binned") || !seen.Node.Binned {
			t.Errorf("in the bin: %+v", seen)
		}
		change(func(tx *store.Tx, line alveary.Lineage) error { _, _, err := tx.Delete(line); return err })
		again := w.node(w.secret, "other.txt", "ann", alveary.Leaf)
		if w.rightsOf(w.visitor(v), again) != 0 {
			t.Error("what was made again is shared")
		}
		_, err := w.Share.Link(ctx, w.as("ann"), v.ID)
		want(t, err, alveary.KindNotFound, "not-found")
		if seen := must[share.CellView](t)(w.Share.Cell(ctx, w.as("ann"), cell.ID)); len(seen.Nodes) != 1 || len(seen.Members) != 1 {
			t.Errorf("of the Cell is left %+v", seen)
		}
		// Nothing is shared that is not there, under whatever id.
		_, _, err = w.Share.MakeLink(ctx, w.as("ann"), share.NewLink{Node: w.file, Mode: alveary.LinkRead})
		want(t, err, alveary.KindNotFound, "gone")
	})
}

// Threat 12: every share is seen by its owner, by administrators and on the
// node by whoever owns it; to others there is none.
func TestThreat12_NothingHidden(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		w.entry("eve", w.plans, alveary.RightRead)
		mine := w.cell("ann", "bob")
		hers := must[share.CellView](t)(two(w.Share.MakeCell(ctx, w.as("eve"), share.NewCell{
			Label: "hers", Nodes: []alveary.NodeID{w.file}, Gives: []share.Give{w.give("bob", alveary.RightRead)}, Discreet: true,
		})))
		open, _ := link(t, w, "ann", share.NewLink{Node: w.plans, Mode: alveary.LinkRead})
		for _, c := range []struct {
			login  string
			filter share.Filter
			want   []alveary.CellID
		}{
			{"ann", share.Filter{Scope: share.ScopeByMe}, []alveary.CellID{open.ID, mine.ID}},
			{"ann", share.Filter{Scope: share.ScopeByMe, Kind: share.KindLink}, []alveary.CellID{open.ID}},
			{"ann", share.Filter{Scope: share.ScopeByMe, Flag: "no-password"}, []alveary.CellID{open.ID}},
			{"ann", share.Filter{Scope: share.ScopeByMe, Query: "OUR"}, []alveary.CellID{mine.ID}},
			{"ann", share.Filter{Scope: share.ScopeByMe, Limit: 1}, []alveary.CellID{open.ID}},
			{"ann", share.Filter{Scope: share.ScopeByMe, After: open.ID}, []alveary.CellID{mine.ID}},
			{"ann", share.Filter{Scope: share.ScopeWithMe}, nil},
			{"bob", share.Filter{Scope: share.ScopeWithMe}, []alveary.CellID{hers.ID, mine.ID}},
			{"bob", share.Filter{Scope: share.ScopeByMe}, nil},
			{"mia", share.Filter{Scope: share.ScopeWithMe}, nil},
			{"root", share.Filter{Scope: share.ScopeAll}, []alveary.CellID{open.ID, hers.ID, mine.ID}},
			{"root", share.Filter{Scope: share.ScopeAll, Owner: w.id("eve")}, []alveary.CellID{hers.ID}},
			{"root", share.Filter{Scope: share.ScopeAll, Node: w.plans}, []alveary.CellID{open.ID, mine.ID}},
		} {
			page := must[share.Page](t)(w.Share.Shares(ctx, w.as(c.login), c.filter))
			var got []alveary.CellID
			for _, row := range page.Items {
				got = append(got, row.ID)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s, %+v: %v, want %v", c.login, c.filter, got, c.want)
			}
		}
		_, err := w.Share.Shares(ctx, w.as("ann"), share.Filter{Scope: share.ScopeAll})
		want(t, err, alveary.KindDenied, "not-held")
		// On the file: Ann owns it, so she sees Eve's Cell, and not what else is in it.
		rows := must[[]share.Row](t)(w.Share.SharesOf(ctx, w.as("ann"), w.file))
		if len(rows) != 3 || rows[0].ID != hers.ID || rows[0].Mine != "" || rows[0].Above || !rows[1].Above || rows[0].Members != 0 {
			t.Errorf("on the file: %+v", rows)
		}
		if rows = must[[]share.Row](t)(w.Share.SharesOf(ctx, w.as("eve"), w.file)); len(rows) != 1 || rows[0].People[0] != "bob" {
			t.Errorf("Eve sees %+v", rows)
		}
		_, err = w.Share.SharesOf(ctx, w.as("mia"), w.file)
		want(t, err, alveary.KindNotFound, "not-found")
		counts := must[share.Page](t)(w.Share.Shares(ctx, w.as("root"), share.Filter{Scope: share.ScopeAll, Limit: 1}))
		if counts.Counts["no-password"] != 1 || counts.Counts["no-end"] != 3 || counts.Next != open.ID {
			t.Errorf("%+v", counts)
		}
		w.wait(91 * 24 * time.Hour)
		unused := func(count int) {
			t.Helper()
			if counts = must[share.Page](t)(w.Share.Shares(ctx, w.as("root"), share.Filter{Scope: share.ScopeAll, Flag: "unused"})); len(counts.Items) != count {
				t.Errorf("unused, want %d: %+v", count, counts)
			}
		}
		unused(3)
		w.write(func(tx *store.Tx) error {
			return tx.AddUse(map[alveary.CellID]alveary.CellUse{mine.ID: {Opened: 1, Last: w.now()}, open.ID: {Opened: 1, Last: w.now()}})
		})
		unused(1)
	})
}

// Threat 16: nobody shares on more than he has, also when the one he has it
// from gives less by now; a chain that comes back to itself gives nothing.
func TestThreat16_ReShare(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		first := w.cell("ann", "bob")
		_, _, err := w.Share.MakeCell(ctx, w.as("bob"), share.NewCell{Label: "x", Nodes: []alveary.NodeID{w.file}, Gives: []share.Give{w.give("eve", alveary.Givable)}})
		want(t, err, alveary.KindDenied, "not-held")
		_, _, err = w.Share.MakeLink(ctx, w.as("bob"), share.NewLink{Node: w.plans, Mode: alveary.LinkEdit})
		want(t, err, alveary.KindDenied, "not-held")
		must[share.CellView](t)(w.Share.ChangeMember(ctx, w.as("ann"), first.ID, w.role("bob"), share.Give{Rights: alveary.Givable}))
		second := must[share.CellView](t)(two(w.Share.MakeCell(ctx, w.as("bob"), share.NewCell{
			Label: "x", Nodes: []alveary.NodeID{w.file}, Gives: []share.Give{w.give("eve", alveary.Givable), w.give("ann", alveary.Givable)},
		})))
		if got := w.rights("eve", w.file); got != alveary.Givable {
			t.Errorf("eve may %q", got)
		}
		must[share.CellView](t)(w.Share.ChangeMember(ctx, w.as("ann"), first.ID, w.role("bob"), share.Give{Rights: alveary.RightRead}))
		if got := w.rights("eve", w.file); got != alveary.RightRead {
			t.Errorf("after less was given, eve may %q", got)
		}
		if v := must[share.CellView](t)(w.Share.Cell(ctx, w.as("bob"), second.ID)); !slices.Contains(v.Flags, "weaker") || v.Nodes[0].Missing&alveary.Givable != alveary.RightWrite {
			t.Errorf("%+v", v)
		}
		// Ann loses all; what came back to her through Bob is nothing.
		w.deny("ann", w.common)
		for _, login := range []string{"ann", "bob", "eve"} {
			if got := w.rights(login, w.file); got != 0 {
				t.Errorf("%s may %q", login, got)
			}
		}
	})
}
