package share_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/service/share"
	"alveary/store"
)

// A link from its making to its end. Its token is told once and kept as a hash;
// neither it nor the password is in the audit log.
func TestLink(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		v, token := link(t, w, "ann", share.NewLink{
			Node: w.plans, Mode: alveary.LinkRead, Slug: "our-plans-2026", Password: "open sesame", Downloads: 3, Watermark: true,
			Until: w.now().AddDate(0, 1, 0), People: []share.Ref{{User: w.id("bob")}, {Email: "new@example.net"}},
		})
		if v.Label != "plans" || !v.Password || v.Left != 3 || v.Downloads != 3 || v.Mine != "owner" || v.Node.Name != "plans" || len(v.People) != 2 ||
			len(v.Invited) != 1 || !v.Link.Watermark || !v.Ends.Equal(v.Until) || !slices.Equal(v.Flags, []string{"external"}) {
			t.Errorf("%+v", v)
		}
		if len(token) != 32 || strings.Trim(token, "abcdefghijklmnopqrstuvwxyz234567") != "" {
			t.Errorf("the token is %q", token)
		}
		secret := w.secretOf(v.ID)
		if secret.Token != alveary.HashToken(token) || secret.Password != "hash of open sesame" {
			t.Errorf("kept: %+v", secret)
		}
		if !slices.Equal(w.notices("bob"), []alveary.NoticeKind{alveary.NoticeShared}) {
			t.Errorf("bob was told %v", w.notices("bob"))
		}
		// Bob sees that it is for him, and changes nothing.
		seen := must[share.LinkView](t)(w.Share.Link(ctx, w.as("bob"), v.ID))
		if seen.Mine != "member" || seen.Abilities["change"].Allowed || seen.Abilities["end"].Allowed || seen.Abilities["leave"].Allowed {
			t.Errorf("%+v", seen)
		}
		for _, err := range []error{
			second(w.Share.ChangeLink(ctx, w.as("bob"), v.ID, share.LinkChange{Label: ptr("x")})), second(w.Share.NewAddress(ctx, w.as("bob"), v.ID)),
			second(w.Share.NewAddress(ctx, w.as("root"), v.ID)), second(w.Share.ChangeLink(ctx, w.as("root"), v.ID, share.LinkChange{Password: ptr("")})),
		} {
			want(t, err, alveary.KindDenied, "not-yours")
		}
		want(t, second(w.Share.Link(ctx, w.as("eve"), v.ID)), alveary.KindNotFound, "not-found")
		want(t, second(w.Share.Cell(ctx, w.as("ann"), v.ID)), alveary.KindNotFound, "not-found")
		want(t, w.Share.Leave(ctx, w.as("bob"), v.ID), alveary.KindConflict, "link")

		// Another address, and another password: the old ones are gone.
		next := must[string](t)(w.Share.NewAddress(ctx, w.as("ann"), v.ID))
		changed := must[share.LinkView](t)(w.Share.ChangeLink(ctx, w.as("ann"), v.ID, share.LinkChange{
			Password: ptr("another one"), Label: ptr("the plans"), Slug: ptr(""), Mode: ptr(alveary.LinkEdit), Downloads: ptr(int64(0)), Until: &time.Time{},
		}))
		if secret = w.secretOf(v.ID); next == token || secret.Token != alveary.HashToken(next) || secret.Password != "hash of another one" {
			t.Errorf("kept: %+v", secret)
		}
		if changed.Label != "the plans" || changed.Slug != "" || changed.Left != -1 || !changed.Ends.IsZero() || changed.Link.Mode != alveary.LinkEdit || len(changed.People) != 2 {
			t.Errorf("%+v", changed)
		}
		changed = must[share.LinkView](t)(w.Share.ChangeLink(ctx, w.as("ann"), v.ID, share.LinkChange{Password: ptr(""), People: &[]share.Ref{}}))
		if changed.Password || len(changed.People) != 0 || w.rightsOf(w.visitor(changed), w.file) != alveary.Givable || !slices.Contains(changed.Flags, "no-password") {
			t.Errorf("%+v", changed)
		}
		// An administrator may let it end, earlier.
		if _, err := w.Share.ChangeLink(ctx, w.as("root"), v.ID, share.LinkChange{Until: ptr(w.now().Add(time.Hour))}); err != nil {
			t.Error(err)
		}
		if err := w.Share.End(ctx, w.as("ann"), v.ID); err != nil || w.rightsOf(w.visitor(changed), w.file) != 0 {
			t.Errorf("ended: %v", err)
		}
		for _, line := range w.audit(1000) {
			for _, secret := range []string{token, next, "sesame", "another one", alveary.HashToken(token)} {
				if strings.Contains(fmt.Sprint(line), secret) {
					t.Errorf("a secret is on record: %+v", line)
				}
			}
		}
	})
}

func (w *stage) secretOf(id alveary.CellID) (s store.CellSecret) {
	w.t.Helper()
	w.read(func(tx *store.Tx) (err error) { s, err = tx.CellSecret(id); return err })
	return s
}

// A rule that is tightened later keeps nobody from changing something else, and
// is told with its reason.
func TestLinkUnderLaterRules(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		v, _ := link(t, w, "ann", share.NewLink{Node: w.file, Mode: alveary.LinkRead, Downloads: 100})
		w.write(func(tx *store.Tx) error {
			return tx.AddUse(map[alveary.CellID]alveary.CellUse{v.ID: {Downloads: 4, Last: w.now()}})
		})
		stopped, freed, err := w.Share.CheckRule(ctx, w.as("root"), alveary.HouseRule{Role: alveary.RootGroupRole, Terms: alveary.Terms{Password: ptr(true)}})
		if err != nil || len(stopped) != 1 || len(freed) != 0 || stopped[0].ID != v.ID || stopped[0].Void.Term != "password" {
			t.Fatalf("would stop %+v, free %+v, %v", stopped, freed, err)
		}
		if got := w.rightsOf(w.visitor(v), w.file); got != alveary.RightRead {
			t.Errorf("what was only tried counts: %q", got)
		}
		id := w.rule(alveary.Terms{Password: ptr(true), Days: ptr(int64(5)), Downloads: ptr(int64(10))})
		seen := must[share.LinkView](t)(w.Share.Link(ctx, w.as("ann"), v.ID))
		if seen.Void.Term != "password" || seen.Left != 6 || !seen.Ends.Equal(v.Created.AddDate(0, 0, 5)) || slices.Contains(seen.Flags, "no-end") {
			t.Errorf("%+v", seen)
		}
		if _, err := w.Share.ChangeLink(ctx, w.as("ann"), v.ID, share.LinkChange{Label: ptr("named")}); err != nil {
			t.Error(err)
		}
		want(t, second(w.Share.ChangeLink(ctx, w.as("ann"), v.ID, share.LinkChange{Slug: ptr("an-address")})), alveary.KindInvalid, "password-needed")
		if seen, err = w.Share.ChangeLink(ctx, w.as("ann"), v.ID, share.LinkChange{Password: ptr("long enough")}); err != nil || seen.Void.Term != "" {
			t.Errorf("%+v, %v", seen.Void, err)
		}
		_, freed, err = w.Share.CheckRule(ctx, w.as("root"), alveary.HouseRule{ID: id, Role: alveary.RootGroupRole, Terms: alveary.Terms{Days: ptr(int64(0))}})
		if err != nil || len(freed) != 0 {
			t.Errorf("would free %+v, %v", freed, err)
		}
		w.wait(5 * 24 * time.Hour)
		if seen = must[share.LinkView](t)(w.Share.Link(ctx, w.as("ann"), v.ID)); seen.Void.Term != "days" || !slices.Contains(seen.Flags, "ended") {
			t.Errorf("%+v", seen)
		}
		_, freed, err = w.Share.CheckRule(ctx, w.as("root"), alveary.HouseRule{ID: id, Role: alveary.RootGroupRole, Terms: alveary.Terms{Days: ptr(int64(0))}})
		if err != nil || len(freed) != 1 {
			t.Errorf("would free %+v, %v", freed, err)
		}
	})
}

// House rules are administrators', one for a role and node, and on record.
func TestRules(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		rule := alveary.HouseRule{Role: alveary.RootGroupRole, Terms: alveary.Terms{Cells: ptr(false)}}
		for _, err := range []error{
			second(w.Share.PutRule(ctx, w.as("ann"), rule)), second(w.Share.Rules(ctx, w.as("ann"))), w.Share.DeleteRule(ctx, w.as("ann"), 1),
			third(w.Share.CheckRule(ctx, w.as("ann"), rule)), second(w.Share.AskReview(ctx, w.as("ann"), []alveary.CellID{1}, w.now().Add(time.Hour), "")), second(w.Share.Reviews(ctx, w.as("ann"))),
		} {
			want(t, err, alveary.KindDenied, "not-held")
		}
		made := must[share.RuleView](t)(w.Share.PutRule(ctx, w.as("root"), rule))
		if made.Node != alveary.RootID || made.Kind != "group" || made.Label != "/" || made.Path != "" {
			t.Errorf("%+v", made)
		}
		if line := w.audit(1)[0]; line.Action != "set-house-rule" || !strings.Contains(line.Detail, "group /: cells false") {
			t.Errorf("on record: %+v", line)
		}
		want(t, second(w.Share.PutRule(ctx, w.as("root"), rule)), alveary.KindConflict, "taken")
		for what, terms := range map[string]alveary.Terms{
			"nothing": {}, "days": {Days: ptr(int64(-1))}, "characters": {Characters: ptr(int64(7))}, "a policy": {Policies: &[]alveary.PolicyID{"none"}}, "a group": {Groups: &[]alveary.GroupID{4711}},
		} {
			t.Run(what, func(t *testing.T) {
				want(t, second(w.Share.PutRule(ctx, w.as("root"), alveary.HouseRule{Role: alveary.RootGroupRole, Node: w.plans, Terms: terms})), alveary.KindInvalid, "invalid")
			})
		}
		want(t, second(w.Share.PutRule(ctx, w.as("root"), alveary.HouseRule{Role: "none", Terms: rule.Terms})), alveary.KindInvalid, "invalid")
		want(t, second(w.Share.PutRule(ctx, w.as("root"), alveary.HouseRule{Role: alveary.RootGroupRole, Node: 4711, Terms: rule.Terms})), alveary.KindNotFound, "gone")
		want(t, second(w.Share.PutRule(ctx, w.as("root"), alveary.HouseRule{ID: 4711, Role: alveary.RootGroupRole, Node: w.plans, Terms: rule.Terms})), alveary.KindNotFound, "not-found")
		// On a folder beneath, another one counts.
		rule.Node, rule.Terms.Cells = w.plans, ptr(true)
		must[share.RuleView](t)(w.Share.PutRule(ctx, w.as("root"), rule))
		if rules := must[[]share.RuleView](t)(w.Share.Rules(ctx, w.as("root"))); len(rules) != 2 || !strings.HasSuffix(rules[1].Path, "plans") {
			t.Errorf("%+v", rules)
		}
		w.cell("ann", "bob")
		if err := w.Share.DeleteRule(ctx, w.as("root"), made.ID); err != nil {
			t.Error(err)
		}
		want(t, w.Share.DeleteRule(ctx, w.as("root"), made.ID), alveary.KindNotFound, "not-found")
	})
}

// An administrator asks owners to look at what they share, and sees who did:
// keeping, changing and ending are all answers.
func TestReviews(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		kept, changed, ended, left := w.cell("ann", "bob"), w.cell("ann", "eve"), w.cell("ann"), w.cell("ann")
		ids, due := []alveary.CellID{kept.ID, changed.ID, ended.ID, left.ID, left.ID}, w.now().AddDate(0, 0, 7)
		want(t, second(w.Share.AskReview(ctx, w.as("root"), ids, w.now(), "")), alveary.KindInvalid, "past")
		want(t, second(w.Share.AskReview(ctx, w.as("root"), nil, due, "")), alveary.KindInvalid, "invalid")
		want(t, second(w.Share.AskReview(ctx, w.as("root"), []alveary.CellID{4711}, due, "")), alveary.KindNotFound, "gone")
		made := must[share.ReviewView](t)(w.Share.AskReview(ctx, w.as("root"), ids, due, " please look "))
		if made.By.Login != "root" || made.Note != "please look" || len(made.Cells) != 4 || made.Cells[0].Owner.Login != "ann" {
			t.Errorf("%+v", made)
		}
		if told := w.notices("ann"); len(told) != 4 || told[0] != alveary.NoticeReview {
			t.Errorf("told: %v", told)
		}
		if v := must[share.CellView](t)(w.Share.Cell(ctx, w.as("ann"), kept.ID)); v.Review == nil || !v.Review.Due.Equal(due) || v.Review.Note != "please look" {
			t.Errorf("%+v", v.Review)
		}
		if v := must[share.CellView](t)(w.Share.Cell(ctx, w.as("bob"), kept.ID)); v.Review != nil {
			t.Error("a member is told of the review")
		}
		want(t, w.Share.AnswerReview(ctx, w.as("bob"), kept.ID, "kept"), alveary.KindDenied, "not-yours")
		want(t, w.Share.AnswerReview(ctx, w.as("ann"), kept.ID, "no"), alveary.KindInvalid, "invalid")
		if err := w.Share.AnswerReview(ctx, w.as("ann"), kept.ID, "kept"); err != nil {
			t.Error(err)
		}
		want(t, w.Share.AnswerReview(ctx, w.as("ann"), kept.ID, "kept"), alveary.KindNotFound, "not-found")
		if _, err := w.Share.RemoveMember(ctx, w.as("ann"), changed.ID, w.role("eve")); err != nil {
			t.Error(err)
		}
		if err := w.Share.End(ctx, w.as("ann"), ended.ID); err != nil {
			t.Error(err)
		}
		all := must[[]share.ReviewView](t)(w.Share.Reviews(ctx, w.as("root")))
		var answers []string
		for _, c := range all[0].Cells {
			answers = append(answers, c.Answer)
		}
		if !slices.Equal(answers, []string{"kept", "changed", "ended", ""}) {
			t.Errorf("%v", answers)
		}
		// What an administrator changes is no answer of the owner.
		if _, err := w.Share.ChangeCell(ctx, w.as("root"), left.ID, share.CellChange{Until: ptr(w.now().Add(time.Hour))}); err != nil {
			t.Error(err)
		}
		if all = must[[]share.ReviewView](t)(w.Share.Reviews(ctx, w.as("root"))); all[0].Cells[3].Answer != "" {
			t.Errorf("%+v", all[0].Cells[3])
		}
	})
}

// Many are mended at once: what can be done is done, the rest says why not.
func TestFix(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ctx := t.Context()
		one, two := w.cell("ann", "bob", "guest@example.org"), w.cell("ann", "bob")
		people, _ := link(t, w, "ann", share.NewLink{Node: w.file, Mode: alveary.LinkRead, People: []share.Ref{{Email: "guest@example.org"}}})
		both, _ := link(t, w, "ann", share.NewLink{Node: w.file, Mode: alveary.LinkRead, People: []share.Ref{{Email: "guest@example.org"}, {User: w.id("bob")}}})
		ids := []alveary.CellID{one.ID, two.ID, people.ID, both.ID, 4711}
		until := w.now().Add(time.Hour)
		done, failed, err := w.Share.Fix(ctx, w.as("root"), ids, share.Fix{Action: "set-end", Until: until})
		if err != nil || len(done) != 4 || len(failed) != 1 || failed[0].ID != 4711 || failed[0].Message == "" {
			t.Errorf("%v, %+v, %v", done, failed, err)
		}
		done, failed, err = w.Share.Fix(ctx, w.as("root"), []alveary.CellID{one.ID}, share.Fix{Action: "set-end", Until: until.Add(time.Hour)})
		if err != nil || len(done) != 0 || len(failed) != 1 { // he may only take away
			t.Errorf("%v, %+v, %v", done, failed, err)
		}
		if done, failed, err = w.Share.Fix(ctx, w.as("root"), ids[:4], share.Fix{Action: "remove-external"}); err != nil || len(done) != 4 || len(failed) != 0 {
			t.Errorf("%v, %+v, %v", done, failed, err)
		}
		if w.rights("guest@example.org", w.file) != 0 || w.rights("bob", w.file) != alveary.RightRead {
			t.Error("others were taken out")
		}
		// Without the names it would have been open to anyone.
		want(t, second(w.Share.Link(ctx, w.as("ann"), people.ID)), alveary.KindNotFound, "not-found")
		if v := must[share.LinkView](t)(w.Share.Link(ctx, w.as("ann"), both.ID)); len(v.People) != 1 || v.People[0].Login != "bob" {
			t.Errorf("%+v", v.People)
		}
		done, failed, err = w.Share.Fix(ctx, w.as("bob"), []alveary.CellID{one.ID, two.ID}, share.Fix{Action: "end"})
		if err != nil || len(done) != 0 || len(failed) != 2 {
			t.Errorf("%v, %+v, %v", done, failed, err)
		}
		done, _, err = w.Share.Fix(ctx, w.as("ann"), []alveary.CellID{one.ID, two.ID}, share.Fix{Action: "end"})
		if err != nil || len(done) != 2 {
			t.Errorf("%v, %v", done, err)
		}
		for _, f := range []share.Fix{{Action: "else"}, {Action: "set-end", Until: w.now()}} {
			if _, _, err := w.Share.Fix(ctx, w.as("ann"), ids, f); !alveary.IsKind(err, alveary.KindInvalid) {
				t.Errorf("%+v: %v", f, err)
			}
		}
	})
}
