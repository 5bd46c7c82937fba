package share_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/service/share"
	"alveary/store"
)

// A Cell from its making to its end, with what everybody sees of it.
func TestCell(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		made, invited, err := w.Share.MakeCell(ctx, w.as("ann"), share.NewCell{
			Label: " Übersicht: Pläne! ", Description: "what we do\nnext", Nodes: []alveary.NodeID{w.plans},
			Gives: []share.Give{
				w.give("bob", alveary.RightRead),
				{To: share.Ref{Email: "new@example.net", Name: "New"}, Rights: alveary.Givable},
				{To: share.Ref{Email: "guest@example.org"}, Rights: alveary.RightRead, Expires: w.now().Add(time.Hour)},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(invited) != 1 || invited[0].Email != "new@example.net" || invited[0].Link != "link for new@example.net" {
			t.Errorf("invited: %+v", invited)
		}
		if made.Label != "Übersicht: Pläne!" || made.Slug != "ubersicht-plane" || made.Mine != "owner" || made.Owner.Login != "ann" || len(made.Members) != 3 ||
			len(made.Nodes) != 1 || made.Nodes[0].Name != "plans" || made.Nodes[0].Missing != 0 {
			t.Errorf("made: %+v", made)
		}
		if !slices.Contains(made.Flags, "external") || !slices.Contains(made.Flags, "no-end") || slices.Contains(made.Flags, "unused") {
			t.Errorf("flags: %v", made.Flags)
		}
		for login, want := range map[string]alveary.Rights{
			"bob": alveary.RightRead, "new@example.net": alveary.Givable, "guest@example.org": alveary.RightRead, "eve": 0, "ann": alveary.Givable,
		} {
			if got := w.rights(login, w.file); got != want {
				t.Errorf("%s may %q, want %q", login, got, want)
			}
		}
		if got := w.notices("bob"); !slices.Equal(got, []alveary.NoticeKind{alveary.NoticeShared}) || len(w.notices("ann")) > 0 {
			t.Errorf("bob was told %v, ann %v", got, w.notices("ann"))
		}
		line := w.audit(1)[0]
		if line.Action != "share" || line.Node != w.plans || !strings.Contains(line.Detail, "user bob: read on") || line.Login != "ann" {
			t.Errorf("on record: %+v", line)
		}
		w.wait(time.Hour)
		if got := w.rights("guest@example.org", w.file); got != 0 {
			t.Errorf("what has expired gives %q", got)
		}
		_, err = w.Share.Cell(ctx, w.as("guest@example.org"), made.ID)
		want(t, err, alveary.KindNotFound, "not-found") // his part has expired
		seen := must[share.CellView](t)(w.Share.Cell(ctx, w.as("bob"), made.ID))
		if seen.Mine != "member" || len(seen.Members) != 3 || seen.Entries != nil || seen.Abilities["change"].Allowed || !seen.Abilities["leave"].Allowed || seen.Abilities["end"].Allowed {
			t.Errorf("a member sees %+v", seen)
		}
		_, err = w.Share.Cell(ctx, w.as("eve"), made.ID)
		want(t, err, alveary.KindNotFound, "not-found")
		if v := must[share.CellView](t)(w.Share.Cell(ctx, w.as("root"), made.ID)); v.Mine != "administrator" || v.Nodes[0].Name != "plans" || !v.Abilities["end"].Allowed || v.Abilities["share"].Allowed {
			t.Errorf("an administrator sees %+v", v)
		}
		_, err = w.Share.ChangeCell(ctx, w.as("ann"), made.ID, share.CellChange{Nodes: &[]alveary.NodeID{w.plans, w.mixed}})
		want(t, err, alveary.KindDenied, "not-held") // new@example.net may write on all of it, and she may not on this
		w.entry("ann", w.mixed, alveary.Givable)
		changed := must[share.CellView](t)(w.Share.ChangeCell(ctx, w.as("ann"), made.ID, share.CellChange{
			Label: ptr("Plans"), Discreet: ptr(true), Until: ptr(w.now().Add(time.Hour)), Slug: ptr("the-plans"), Nodes: &[]alveary.NodeID{w.plans, w.mixed},
		}))
		if changed.Label != "Plans" || changed.Slug != "the-plans" || len(changed.Nodes) != 2 || w.rights("new@example.net", w.mixed) != alveary.Givable {
			t.Errorf("changed: %+v", changed)
		}
		if seen = must[share.CellView](t)(w.Share.Cell(ctx, w.as("bob"), made.ID)); len(seen.Members) != 1 || seen.Members[0].Login != "bob" {
			t.Errorf("of a discreet Cell a member sees %+v", seen.Members)
		}
		only := must[share.CellView](t)(two(w.Share.AddMembers(ctx, w.as("ann"), made.ID, []share.Give{{To: share.Ref{User: w.id("eve")}, Rights: alveary.RightRead, Node: w.plans}})))
		if seen = must[share.CellView](t)(w.Share.Cell(ctx, w.as("eve"), made.ID)); len(only.Nodes) != 2 || len(seen.Nodes) != 1 || seen.Nodes[0].ID != w.plans {
			t.Errorf("of what is not given to her a member sees %+v", seen.Nodes)
		}
		rows := must[share.Page](t)(w.Share.Shares(ctx, w.as("eve"), share.Filter{Scope: share.ScopeWithMe})).Items
		if len(rows) != 1 || len(rows[0].Nodes) != 1 {
			t.Errorf("in a list she sees %+v", rows)
		}
		want(t, w.Share.End(ctx, w.as("bob"), made.ID), alveary.KindDenied, "not-yours")
		if err := w.Share.Leave(ctx, w.as("bob"), made.ID); err != nil || w.rights("bob", w.file) != 0 {
			t.Errorf("left: %v, and may %q", err, w.rights("bob", w.file))
		}
		if lines := w.audit(2); lines[1].Action != "leave-share" || lines[0].Action != "leave-share" || lines[1].Login != "bob" {
			t.Errorf("on record: %+v", lines)
		}
		told := len(w.notices("new@example.net"))
		if err := w.Share.End(ctx, w.as("ann"), made.ID); err != nil || w.rights("new@example.net", w.file) != 0 || len(w.notices("new@example.net")) != told {
			t.Errorf("ended: %v", err)
		}
		if line := w.audit(1)[0]; line.Action != "end-share" || !strings.Contains(line.Detail, "new@example.net") {
			t.Errorf("on record: %+v", line)
		}
	})
}

// A Cell that starts empty gets a folder in My files, which is made as well.
func TestCellStartsEmpty(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		made := must[share.CellView](t)(two(w.Share.MakeCell(t.Context(), w.as("bob"), share.NewCell{
			Label: "a/b", Gives: []share.Give{w.give("eve", alveary.Givable)},
		})))
		if len(made.Nodes) != 1 || made.Nodes[0].Name != "a-b" || made.Nodes[0].Path != "my-files/a-b" {
			t.Errorf("%+v", made.Nodes)
		}
		if got := w.rights("eve", made.Nodes[0].ID); got != alveary.Givable {
			t.Errorf("eve may %q", got)
		}
		alone := must[share.CellView](t)(two(w.Share.MakeCell(t.Context(), w.as("bob"), share.NewCell{Label: "nobody yet", Folder: "b"})))
		if len(alone.Members) != 0 || len(alone.Nodes) != 1 || alone.Nodes[0].Path != "my-files/b" {
			t.Errorf("%+v", alone)
		}
		w.write(func(tx *store.Tx) error { _, err := tx.SetCellEntries(alone.ID, nil); return err })
		if v := must[share.CellView](t)(w.Share.Cell(t.Context(), w.as("bob"), alone.ID)); !slices.Contains(v.Flags, "empty") {
			t.Errorf("%v", v.Flags)
		}
	})
}
