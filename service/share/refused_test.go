package share_test

import (
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/service/share"
	"alveary/store"
)

// What cannot be shared is refused with its reason, and nothing is left behind.
func TestCellsRefused(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		w.user("gone", alveary.ProfileStandard)
		binned := w.node(w.plans, "binned", "ann", alveary.Leaf)
		deleted := w.node(w.plans, "deleted", "ann", alveary.Leaf)
		w.write(func(tx *store.Tx) error {
			line, err := tx.Lineage(binned)
			if err != nil {
				return err
			}
			if _, err := tx.Bin(line, w.id("ann")); err != nil {
				return err
			}
			if line, err = tx.Lineage(deleted); err != nil {
				return err
			}
			_, _, err = tx.Delete(line)
			return err
		})
		w.write(func(tx *store.Tx) error { return tx.SetDisabled(w.id("gone"), true) })
		past, later := w.now(), w.now().Add(time.Hour)
		read := func(login string) share.Give { return w.give(login, alveary.RightRead) }
		plans := []alveary.NodeID{w.plans}
		for what, c := range map[string]struct {
			n       share.NewCell
			kind    alveary.Kind
			code    string
			field   string
			missing alveary.Rights
		}{
			"no name":                {share.NewCell{Nodes: plans}, alveary.KindInvalid, "invalid", "label", 0},
			"a name of two lines":    {share.NewCell{Label: "a\nb", Nodes: plans}, alveary.KindInvalid, "invalid", "label", 0},
			"a name too long":        {share.NewCell{Label: strings.Repeat("a", 201), Nodes: plans}, alveary.KindInvalid, "invalid", "label", 0},
			"an end in the past":     {share.NewCell{Label: "x", Nodes: plans, Until: past}, alveary.KindInvalid, "past", "until", 0},
			"an end before it":       {share.NewCell{Label: "x", Nodes: plans, From: later.Add(1), Until: later}, alveary.KindInvalid, "invalid", "until", 0},
			"what was deleted":       {share.NewCell{Label: "x", Nodes: []alveary.NodeID{w.plans, deleted}}, alveary.KindNotFound, "gone", "nodes[1]", 0},
			"what is in the bin":     {share.NewCell{Label: "x", Nodes: []alveary.NodeID{binned}}, alveary.KindNotFound, "gone", "nodes[0]", 0},
			"what she may not see":   {share.NewCell{Label: "x", Nodes: []alveary.NodeID{w.common}}, alveary.KindNotFound, "gone", "nodes[0]", 0},
			"a node twice":           {share.NewCell{Label: "x", Nodes: []alveary.NodeID{w.plans, w.plans}}, alveary.KindConflict, "twice", "nodes[1]", 0},
			"more than she has":      {share.NewCell{Label: "x", Nodes: []alveary.NodeID{w.mixed}, Gives: []share.Give{w.give("bob", alveary.Givable)}}, alveary.KindDenied, "not-held", "members[0]", alveary.RightWrite},
			"a member twice":         {share.NewCell{Label: "x", Nodes: plans, Gives: []share.Give{read("bob"), read("bob")}}, alveary.KindConflict, "twice", "members[1]", 0},
			"a member by address":    {share.NewCell{Label: "x", Nodes: plans, Gives: []share.Give{read("guest@example.org"), {To: share.Ref{Email: "Guest@Example.org"}, Rights: alveary.RightRead}}}, alveary.KindConflict, "twice", "members[1]", 0},
			"an invitation twice":    {share.NewCell{Label: "x", Nodes: plans, Gives: []share.Give{{To: share.Ref{Email: "n@example.net"}, Rights: alveary.RightRead}, {To: share.Ref{Email: "n@example.net"}, Rights: alveary.RightRead}}}, alveary.KindConflict, "twice", "members[1]", 0},
			"herself":                {share.NewCell{Label: "x", Nodes: plans, Gives: []share.Give{read("ann")}}, alveary.KindConflict, "twice", "members[0]", 0},
			"nothing":                {share.NewCell{Label: "x", Nodes: plans, Gives: []share.Give{w.give("bob", 0)}}, alveary.KindInvalid, "invalid", "members[0]", 0},
			"download":               {share.NewCell{Label: "x", Nodes: plans, Gives: []share.Give{w.give("bob", alveary.Rights(0).With(alveary.ActionDownload))}}, alveary.KindInvalid, "invalid", "members[0]", 0},
			"a policy and rights":    {share.NewCell{Label: "x", Nodes: plans, Gives: []share.Give{{To: share.Ref{User: w.id("bob")}, Rights: alveary.RightRead, Policies: []alveary.PolicyID{"p"}}}}, alveary.KindInvalid, "invalid", "members[0]", 0},
			"a policy not offered":   {share.NewCell{Label: "x", Nodes: plans, Gives: []share.Give{{To: share.Ref{User: w.id("bob")}, Policies: []alveary.PolicyID{"p"}}}}, alveary.KindDenied, "policy-not-offered", "members[0]", 0},
			"what has expired":       {share.NewCell{Label: "x", Nodes: plans, Gives: []share.Give{{To: share.Ref{User: w.id("bob")}, Rights: alveary.RightRead, Expires: past}}}, alveary.KindInvalid, "past", "members[0]", 0},
			"nobody":                 {share.NewCell{Label: "x", Nodes: plans, Gives: []share.Give{{Rights: alveary.RightRead}}}, alveary.KindInvalid, "invalid", "members[0]", 0},
			"two at once":            {share.NewCell{Label: "x", Nodes: plans, Gives: []share.Give{{To: share.Ref{User: 1, Group: 1}, Rights: alveary.RightRead}}}, alveary.KindInvalid, "invalid", "members[0]", 0},
			"somebody unknown":       {share.NewCell{Label: "x", Nodes: plans, Gives: []share.Give{{To: share.Ref{User: 4711}, Rights: alveary.RightRead}}}, alveary.KindInvalid, "nobody", "members[0]", 0},
			"somebody disabled":      {share.NewCell{Label: "x", Nodes: plans, Gives: []share.Give{read("gone")}}, alveary.KindInvalid, "nobody", "members[0]", 0},
			"a team of others":       {share.NewCell{Label: "x", Nodes: plans, Gives: []share.Give{{To: share.Ref{Team: "team-x"}, Rights: alveary.RightRead}}}, alveary.KindInvalid, "nobody", "members[0]", 0},
			"a role she has not":     {share.NewCell{Label: "x", Nodes: plans, Gives: []share.Give{{To: share.Ref{Role: "ADMINISTRATORS"}, Rights: alveary.RightRead}}}, alveary.KindInvalid, "nobody", "members[0]", 0},
			"somebody's own role":    {share.NewCell{Label: "x", Nodes: plans, Gives: []share.Give{{To: share.Ref{Role: w.role("bob")}, Rights: alveary.RightRead}}}, alveary.KindInvalid, "nobody", "members[0]", 0},
			"no address":             {share.NewCell{Label: "x", Nodes: plans, Gives: []share.Give{{To: share.Ref{Email: "nobody"}, Rights: alveary.RightRead}}}, alveary.KindInvalid, "invalid", "members[0]", 0},
			"a node that is not its": {share.NewCell{Label: "x", Nodes: plans, Gives: []share.Give{{To: share.Ref{User: w.id("bob")}, Rights: alveary.RightRead, Node: w.mixed}}}, alveary.KindNotFound, "gone", "members[0]", 0},
		} {
			t.Run(what, func(t *testing.T) {
				_, _, err := w.Share.MakeCell(ctx, w.as("ann"), c.n)
				want(t, err, c.kind, c.code)
				wantAt(t, err, c.field, c.missing)
				effect := must[share.Effect](t)(w.Share.CheckCell(ctx, w.as("ann"), 0, c.n))
				if len(effect.Problems) == 0 || effect.Problems[0].Code != c.code || effect.Problems[0].Field != c.field {
					t.Errorf("tried beforehand: %+v", effect)
				}
			})
		}
		w.read(func(tx *store.Tx) error {
			if all, err := tx.Cells(); err != nil || len(all) > 0 {
				t.Errorf("left behind: %+v, %v", all, err)
			}
			if _, _, err := tx.UserByLogin("n@example.net"); !alveary.IsKind(err, alveary.KindNotFound) {
				t.Errorf("an account was left behind: %v", err)
			}
			return nil
		})
		// What was not held is on record.
		_, _, err := w.Share.MakeCell(ctx, w.as("ann"), share.NewCell{Label: "x", Nodes: []alveary.NodeID{w.mixed}, Gives: []share.Give{w.give("bob", alveary.Givable)}})
		want(t, err, alveary.KindDenied, "not-held")
		if line := w.audit(1)[0]; line.Action != "share" || line.Verdict != alveary.VerdictDenied || line.Login != "ann" {
			t.Errorf("on record: %+v", line)
		}
		_, _, err = w.Share.MakeCell(ctx, alveary.Visiting(1, w.id("ann")), share.NewCell{Label: "x"})
		want(t, err, alveary.KindUnauthenticated, "sign-in")
		_, _, err = w.Share.MakeCell(ctx, w.as("guest@example.org"), share.NewCell{Label: "x", Nodes: plans})
		want(t, err, alveary.KindNotFound, "gone")
	})
}

// wantAt looks at which part of what was given is refused, and what is missing.
func wantAt(t *testing.T, err error, field string, missing alveary.Rights) {
	t.Helper()
	got := ""
	var placed interface {
		Places(yield func(location, message string) bool)
	}
	if asAny(err, &placed) {
		for location := range placed.Places {
			got = location
		}
	}
	var e *alveary.Error
	if got != field || asAny(err, &e) && e.Missing != missing {
		t.Errorf("refused at %q, missing %q, want %q and %q", got, e.Missing, field, missing)
	}
}

func TestLinksRefused(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		w.rule(alveary.Terms{Days: ptr(int64(7)), Downloads: ptr(int64(10)), Upload: ptr(int64(1 << 20)), Characters: ptr(int64(10)), Policies: &[]alveary.PolicyID{}})
		link(t, w, "ann", share.NewLink{Node: w.plans, Mode: alveary.LinkRead, Slug: "taken-already", Password: "long enough"})
		past := w.now()
		for what, c := range map[string]struct {
			n       share.NewLink
			kind    alveary.Kind
			code    string
			field   string
			missing alveary.Rights
		}{
			"no mode":                    {share.NewLink{Node: w.plans}, alveary.KindInvalid, "invalid", "mode", 0},
			"a drop box on a file":       {share.NewLink{Node: w.file, Mode: alveary.LinkDrop}, alveary.KindInvalid, "invalid", "mode", 0},
			"what she may not see":       {share.NewLink{Node: w.common, Mode: alveary.LinkRead}, alveary.KindNotFound, "gone", "node", 0},
			"what is not there":          {share.NewLink{Node: 4711, Mode: alveary.LinkRead}, alveary.KindNotFound, "gone", "node", 0},
			"more than she has":          {share.NewLink{Node: w.mixed, Mode: alveary.LinkEdit}, alveary.KindDenied, "not-held", "mode", alveary.RightWrite},
			"a drop box she cannot fill": {share.NewLink{Node: w.mixed, Mode: alveary.LinkDrop}, alveary.KindDenied, "not-held", "mode", alveary.RightWrite.With(alveary.ActionUpload)},
			"a slug too short":           {share.NewLink{Node: w.plans, Mode: alveary.LinkRead, Slug: "plans", Password: "long enough"}, alveary.KindInvalid, "slug", "slug", 0},
			"a slug of other letters":    {share.NewLink{Node: w.plans, Mode: alveary.LinkRead, Slug: "Plans für", Password: "long enough"}, alveary.KindInvalid, "slug", "slug", 0},
			"a slug taken":               {share.NewLink{Node: w.plans, Mode: alveary.LinkRead, Slug: "taken-already", Password: "long enough"}, alveary.KindConflict, "taken", "slug", 0},
			"a slug open to all":         {share.NewLink{Node: w.plans, Mode: alveary.LinkRead, Slug: "open-to-all"}, alveary.KindInvalid, "password-needed", "password", 0},
			"an end in the past":         {share.NewLink{Node: w.plans, Mode: alveary.LinkRead, Until: past}, alveary.KindInvalid, "past", "until", 0},
			"an end too far":             {share.NewLink{Node: w.plans, Mode: alveary.LinkRead, Until: past.AddDate(0, 0, 8)}, alveary.KindInvalid, "too-long", "until", 0},
			"a short password":           {share.NewLink{Node: w.plans, Mode: alveary.LinkRead, Password: "abcdefghi"}, alveary.KindInvalid, "weak-password", "password", 0},
			"a weak password":            {share.NewLink{Node: w.plans, Mode: alveary.LinkRead, Password: "password1"}, alveary.KindInvalid, "weak-password", "password", 0},
			"a very long password":       {share.NewLink{Node: w.plans, Mode: alveary.LinkRead, Password: strings.Repeat("a", 257)}, alveary.KindInvalid, "weak-password", "password", 0},
			"too many downloads":         {share.NewLink{Node: w.plans, Mode: alveary.LinkRead, Downloads: 11}, alveary.KindInvalid, "too-many", "downloads", 0},
			"less than none":             {share.NewLink{Node: w.plans, Mode: alveary.LinkRead, Downloads: -1}, alveary.KindInvalid, "invalid", "downloads", 0},
			"uploads too large":          {share.NewLink{Node: w.plans, Mode: alveary.LinkDrop, Upload: 1<<20 + 1}, alveary.KindInvalid, "too-large", "upload", 0},
			"a policy not offered":       {share.NewLink{Node: w.plans, Mode: alveary.LinkRead, Policies: []alveary.PolicyID{"p"}}, alveary.KindDenied, "policy-not-offered", "mode", 0},
			"a person twice":             {share.NewLink{Node: w.plans, Mode: alveary.LinkRead, People: []share.Ref{{User: w.id("bob")}, {User: w.id("bob")}}}, alveary.KindConflict, "twice", "people[1]", 0},
			"a person unknown":           {share.NewLink{Node: w.plans, Mode: alveary.LinkRead, People: []share.Ref{{User: 4711}}}, alveary.KindInvalid, "nobody", "people[0]", 0},
		} {
			t.Run(what, func(t *testing.T) {
				_, _, err := w.Share.MakeLink(ctx, w.as("ann"), c.n)
				want(t, err, c.kind, c.code)
				wantAt(t, err, c.field, c.missing)
			})
		}
		w.read(func(tx *store.Tx) error {
			if all, err := tx.Cells(); err != nil || len(all) != 1 {
				t.Errorf("left behind: %+v, %v", all, err)
			}
			return nil
		})
	})
}

// What the house rules forbid is refused with the rule's reason.
func TestHouseRulesRefuse(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		id := w.rule(alveary.Terms{Cells: ptr(false), FileLinks: ptr(false), FolderLinks: ptr(false)})
		_, _, err := w.Share.MakeCell(ctx, w.as("ann"), share.NewCell{Label: "x", Nodes: []alveary.NodeID{w.plans}})
		want(t, err, alveary.KindDenied, "house-rule")
		for _, node := range []alveary.NodeID{w.plans, w.file} {
			_, _, err = w.Share.MakeLink(ctx, w.as("ann"), share.NewLink{Node: node, Mode: alveary.LinkRead})
			want(t, err, alveary.KindDenied, "house-rule")
		}
		how := must[share.Sharing](t)(w.Share.Sharing(ctx, w.as("ann"), w.plans))
		if how.Cells || how.FileLinks || how.FolderLinks || how.MayGive != alveary.Givable || how.Why["cells"] == "" || how.Why["folderLinks"] == "" {
			t.Errorf("%+v", how)
		}
		if err := w.Share.DeleteRule(ctx, w.as("root"), id); err != nil {
			t.Fatal(err)
		}
		w.rule(alveary.Terms{External: ptr(false), Password: ptr(true)})
		_, _, err = w.Share.MakeCell(ctx, w.as("ann"), share.NewCell{Label: "x", Nodes: []alveary.NodeID{w.plans}, Gives: []share.Give{w.give("guest@example.org", alveary.RightRead)}})
		want(t, err, alveary.KindDenied, "house-rule")
		_, _, err = w.Share.MakeCell(ctx, w.as("ann"), share.NewCell{Label: "x", Nodes: []alveary.NodeID{w.plans}, Gives: []share.Give{{To: share.Ref{Email: "x@example.net"}, Rights: alveary.RightRead}}})
		want(t, err, alveary.KindDenied, "house-rule")
		_, _, err = w.Share.MakeLink(ctx, w.as("ann"), share.NewLink{Node: w.plans, Mode: alveary.LinkRead, People: []share.Ref{{Email: "x@example.net"}}})
		want(t, err, alveary.KindDenied, "house-rule")
		_, _, err = w.Share.MakeLink(ctx, w.as("ann"), share.NewLink{Node: w.plans, Mode: alveary.LinkRead})
		want(t, err, alveary.KindInvalid, "password-needed")
		link(t, w, "ann", share.NewLink{Node: w.plans, Mode: alveary.LinkRead, People: []share.Ref{{User: w.id("bob")}}})
		link(t, w, "ann", share.NewLink{Node: w.plans, Mode: alveary.LinkRead, Password: "long enough"})

		// External people share nothing until a rule says so.
		w.entry("guest@example.org", w.plans, alveary.RightRead)
		guest := share.NewCell{Label: "x", Nodes: []alveary.NodeID{w.plans}, Gives: []share.Give{w.give("bob", alveary.RightRead)}}
		_, _, err = w.Share.MakeCell(ctx, w.as("guest@example.org"), guest)
		want(t, err, alveary.KindDenied, "house-rule")
		if _, err := w.Share.PutRule(ctx, w.as("root"), alveary.HouseRule{Role: w.role("guest@example.org"), Terms: alveary.Terms{Cells: ptr(true)}}); err != nil {
			t.Fatal(err)
		}
		if _, _, err = w.Share.MakeCell(ctx, w.as("guest@example.org"), guest); err != nil {
			t.Error(err)
		}
	})
}

// The picker's groups bound whom one may name, too.
func TestWhoMayBeNamed(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		var sales, other alveary.Group
		w.write(func(tx *store.Tx) (err error) {
			if sales, err = tx.InsertGroup(alveary.RootGroup, "sales"); err != nil {
				return err
			}
			if other, err = tx.InsertGroup(alveary.RootGroup, "other"); err != nil {
				return err
			}
			north, err := tx.InsertGroup(sales.ID, "north")
			if err != nil {
				return err
			}
			for login, group := range map[string]alveary.GroupID{"bob": north.ID, "eve": other.ID} {
				u, _, err := tx.UserByLogin(login)
				if err != nil {
					return err
				}
				u.Group = group
				if err := tx.UpdateUser(u); err != nil {
					return err
				}
			}
			return nil
		})
		w.rule(alveary.Terms{Groups: &[]alveary.GroupID{sales.ID}})
		made := w.cell("ann", "bob", "guest@example.org")
		for _, ref := range []share.Ref{{User: w.id("eve")}, {Group: other.ID}, {Group: alveary.RootGroup}} {
			_, _, err := w.Share.AddMembers(ctx, w.as("ann"), made.ID, []share.Give{{To: ref, Rights: alveary.RightRead}})
			want(t, err, alveary.KindInvalid, "nobody")
		}
		if _, _, err := w.Share.AddMembers(ctx, w.as("ann"), made.ID, []share.Give{{To: share.Ref{Group: sales.ID}, Rights: alveary.Givable}}); err != nil {
			t.Error(err)
		}
		if got := w.rights("bob", w.file); got != alveary.RightRead { // his own role comes last
			t.Errorf("bob may %q", got)
		}
		// Leaving would give him more than he was given himself.
		want(t, w.Share.Leave(ctx, w.as("bob"), made.ID), alveary.KindConflict, "by-group")
		_, err := w.Share.SetManager(ctx, w.as("ann"), made.ID, w.id("eve"), true)
		want(t, err, alveary.KindInvalid, "nobody")
	})
}
