package ask_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/service/share/ask"
	"alveary/store"
)

// The whole story: asked, shown, answered, told.
func TestAskAndGrant(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		w.ask(w.bob, alveary.RightRead)
		if n := len(w.notices(w.ann, alveary.NoticeAsked)) + len(w.notices(w.ben, alveary.NoticeAsked)); n != 2 {
			t.Errorf("%d were told, want Ann and Ben", n)
		}
		if n := w.notices(w.root, alveary.NoticeAsked); len(n) != 0 {
			t.Errorf("the administrator was told: %+v", n)
		}
		mine, forMe := w.list(w.bob)
		if len(mine) != 1 || len(forMe) != 0 || mine[0].Name != "" || mine[0].Path != "" || mine[0].Node != w.file || mine[0].Answerer != nil {
			t.Errorf("Bob sees %+v and %+v", mine, forMe)
		}
		q := w.waiting(w.ann)
		if q.Person.Login != "bob" || q.Person.ID != w.bob || q.Name != "plan.txt" || q.Message != "please" || !q.May["grant"].Allowed || !q.May["answer"].Allowed {
			t.Errorf("Ann sees %+v", q)
		}
		would, err := w.Ask.Would(t.Context(), w.as(w.ann), q.ID)
		if err != nil || would.Now != 0 || !would.After.Has(alveary.ActionRead) || !would.Explanation.Allowed ||
			would.Text != "the bob may do nothing with it now; granted, the bob may also read, download and sync it" {
			t.Errorf("it would %+v, %v", would, err)
		}
		if r := w.rights(w.bob); r != 0 {
			t.Errorf("the draft gave %v", r)
		}
		until := w.now().Add(time.Hour)
		want(t, "granting", w.Ask.Answer(t.Context(), w.as(w.ann), q.ID, ask.Answer{Grant: true, Until: until, Message: "welcome"}), "")
		if r := w.rights(w.bob); r != would.After {
			t.Errorf("Bob has %v, want %v", r, would.After)
		}
		mine, _ = w.list(w.bob)
		if m := mine[0]; m.Answer != "granted" || m.Name != "plan.txt" || m.Answerer == nil || m.Answerer.Login != "ann" || m.May["withdraw"].Allowed {
			t.Errorf("Bob sees %+v", m)
		}
		if n := w.notices(w.bob, alveary.NoticeAnswered); len(n) != 1 || n[0].By != w.ann || n[0].Text != "welcome" || n[0].Cell == 0 {
			t.Errorf("Bob was told %+v", n)
		}
		want(t, "answering again", w.Ask.Answer(t.Context(), w.as(w.ben), q.ID, ask.Answer{}), "answered")
		w.wait(time.Hour)
		if r := w.rights(w.bob); r != 0 {
			t.Errorf("after its end Bob has %v", r)
		}
		actions := w.actions()
		if !slices.Contains(actions, "bob ask-right read") || !slices.Contains(actions, "ann answer-request granted: read") {
			t.Errorf("on record is %q", actions)
		}
	})
}

// Whoever asks learns nothing of what he may not see, neither by the answer
// nor by what he is shown of his requests.
func TestAskingTellsNothing(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		var binned alveary.NodeID
		w.write(func(tx *store.Tx) error {
			line, err := tx.Lineage(w.folder)
			if err != nil {
				return err
			}
			n, err := tx.Insert(line, alveary.Node{Name: "old.txt", Type: alveary.Leaf, Owner: w.ann, Blob: "o"})
			if err == nil {
				_, err = tx.Bin(line.Child(n), w.ann)
			}
			binned = n.ID
			return err
		})
		for _, node := range []alveary.NodeID{w.file, 12345, binned, 0, -1, w.folder} {
			for range 2 {
				want(t, "asking", w.Ask.Ask(t.Context(), w.as(w.bob), node, alveary.Givable, "x"), "")
			}
		}
		mine, _ := w.list(w.bob)
		if len(mine) != 6 {
			t.Fatalf("%d are listed, want 6", len(mine))
		}
		for _, m := range mine {
			if m.Name != "" || m.Path != "" || m.Answer != "" || !m.May["withdraw"].Allowed {
				t.Errorf("Bob sees %+v", m)
			}
		}
		if n := len(w.notices(w.ann, alveary.NoticeAsked)); n != 2 {
			t.Errorf("Ann was told %d times, want twice", n)
		}
	})
}

func TestWhoIsAsked(t *testing.T) {
	no, yes := false, true
	for what, c := range map[string]struct {
		before func(w *stage)
		want   func(w *stage) []alveary.UserID
	}{
		"the owners that may share": {
			func(*stage) {},
			func(w *stage) []alveary.UserID { return []alveary.UserID{w.ann, w.ben} },
		},
		"not who may not see it any more": {
			func(w *stage) { w.without(w.ben) },
			func(w *stage) []alveary.UserID { return []alveary.UserID{w.ann} },
		},
		"not who is disabled": {
			func(w *stage) { w.write(func(tx *store.Tx) error { return tx.SetDisabled(w.ann, true) }) },
			func(w *stage) []alveary.UserID { return []alveary.UserID{w.ben} },
		},
		"not whom the house rules do not let share": {
			func(w *stage) { w.rule(w.as(w.ann).Role, alveary.Terms{Cells: &no}) },
			func(w *stage) []alveary.UserID { return []alveary.UserID{w.ben} },
		},
		"not somebody from outside": {
			func(w *stage) { w.profile(w.ann, alveary.ProfileShared) },
			func(w *stage) []alveary.UserID { return []alveary.UserID{w.ben} },
		},
		"somebody from outside whom a house rule lets share": {
			func(w *stage) {
				w.profile(w.ann, alveary.ProfileShared)
				w.rule(w.as(w.ann).Role, alveary.Terms{Cells: &yes})
			},
			func(w *stage) []alveary.UserID { return []alveary.UserID{w.ann, w.ben} },
		},
		"the administrators where nobody may": {
			func(w *stage) { w.without(w.ann); w.without(w.ben) },
			func(w *stage) []alveary.UserID { return []alveary.UserID{w.root} },
		},
		"owners and managers of Cells that reach it, not members": {
			func(w *stage) {
				cell := alveary.Cell{Slug: "cell", Owner: w.ann, Managers: []alveary.UserID{w.eve}, Entries: []alveary.Entry{
					{Role: w.as(w.eve).Role, Node: w.folder, Rights: alveary.RightRead},
					{Role: w.as(w.root).Role, Node: w.folder, Rights: alveary.RightRead},
				}}
				w.write(func(tx *store.Tx) error { _, err := tx.InsertCell(cell, store.CellSecret{}); return err })
				w.write(func(tx *store.Tx) error { return tx.SetDisabled(w.ben, true) })
			},
			func(w *stage) []alveary.UserID { return []alveary.UserID{w.ann, w.eve} },
		},
	} {
		t.Run(what, func(t *testing.T) {
			onEach(t, func(t *testing.T, w *stage) {
				c.before(w)
				w.ask(w.bob, alveary.RightRead)
				var got []alveary.UserID
				w.write(func(tx *store.Tx) error {
					list, err := tx.RequestsOf(w.bob)
					if err == nil {
						_, got, err = tx.Request(list[0].ID)
					}
					return err
				})
				if !slices.Equal(got, c.want(w)) {
					t.Errorf("asked %v, want %v", got, c.want(w))
				}
			})
		})
	}
}

func (w *stage) profile(id alveary.UserID, p alveary.Profile) {
	w.t.Helper()
	u := w.as(id).User
	u.Profile = p
	w.write(func(tx *store.Tx) error { return tx.UpdateUser(u) })
}

// Nobody gives by an answer what he does not hold, and gets no click for it.
func TestAnswersGiveNoMoreThanIsHeld(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		no := false
		w.ask(w.bob, alveary.Givable)
		id := w.waiting(w.ann).ID
		grant := func(by alveary.UserID, r alveary.Rights) error {
			return w.Ask.Answer(t.Context(), w.as(by), id, ask.Answer{Grant: true, Rights: r})
		}
		w.without(w.ann)
		w.entry(w.ann, w.folder, alveary.RightRead)
		q := w.waiting(w.ann)
		if a := q.May["grant"]; a.Allowed || !strings.Contains(a.Reason, "write") || !q.May["answer"].Allowed {
			t.Errorf("Ann may %+v", q.May)
		}
		want(t, "what she lacks", grant(w.ann, 0), "not-held")
		_, err := w.Ask.Would(t.Context(), w.as(w.ann), id)
		want(t, "what it would do", err, "not-held")
		want(t, "a right that cannot be given", grant(w.ann, alveary.AllRights), "invalid")
		w.profile(w.bob, alveary.ProfileShared)
		w.rule(w.as(w.ann).Role, alveary.Terms{External: &no})
		if a := w.waiting(w.ann).May["grant"]; a.Allowed || !strings.Contains(a.Reason, "outside") {
			t.Errorf("Ann may %+v", a)
		}
		want(t, "to somebody from outside", grant(w.ann, alveary.RightRead), "not-held")
		w.profile(w.bob, alveary.ProfileStandard)
		w.rule(alveary.RootGroupRole, alveary.Terms{Cells: &no})
		if a := w.waiting(w.ann).May["grant"]; a.Allowed || a.Reason == "" {
			t.Errorf("Ann may %+v", a)
		}
		want(t, "against the house rules", grant(w.ann, alveary.RightRead), "not-held")
		w.without(w.ann)
		if _, forMe := w.list(w.ann); len(forMe) != 0 {
			t.Errorf("who may not see it any more is shown %+v", forMe)
		}
		want(t, "who may not see it any more", grant(w.ann, alveary.RightRead), "not-found")
		want(t, "somebody else", grant(w.eve, alveary.RightRead), "not-found")
		want(t, "who asked", grant(w.bob, alveary.RightRead), "not-found")
		want(t, "an administrator who was not asked", grant(w.root, alveary.RightRead), "not-found")
		if r := w.rights(w.bob); r != 0 {
			t.Errorf("Bob has %v", r)
		}
	})
}

// An administrator is asked where nobody else can be. He sees what it is about,
// and can refuse; to give he needs the rights like anybody.
func TestAdministratorsAreAsked(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		w.without(w.ann)
		w.without(w.ben)
		w.ask(w.bob, alveary.RightRead)
		q := w.waiting(w.root)
		if q.Name != "" || q.May["grant"].Allowed || q.May["grant"].Reason == "" || !q.May["answer"].Allowed {
			t.Errorf("the administrator sees %+v", q)
		}
		want(t, "giving", w.Ask.Answer(t.Context(), w.as(w.root), q.ID, ask.Answer{Grant: true}), "not-held")
		w.entry(w.root, w.folder, alveary.RightRead)
		if q = w.waiting(w.root); q.Name != "plan.txt" || !q.May["grant"].Allowed {
			t.Errorf("the administrator sees %+v", q)
		}
		want(t, "refusing", w.Ask.Answer(t.Context(), w.as(w.root), q.ID, ask.Answer{Message: "no"}), "")
		mine, _ := w.list(w.bob)
		if mine[0].Answer != "refused" || w.rights(w.bob) != 0 {
			t.Errorf("Bob sees %+v", mine)
		}
	})
}

func TestWithdraw(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		w.ask(w.bob, alveary.RightRead)
		id := w.waiting(w.ann).ID
		want(t, "somebody else", w.Ask.Withdraw(t.Context(), w.as(w.ann), id), "not-found")
		want(t, "what is not there", w.Ask.Withdraw(t.Context(), w.as(w.bob), id+1), "not-found")
		want(t, "who asked", w.Ask.Withdraw(t.Context(), w.as(w.bob), id), "")
		want(t, "who asked, again", w.Ask.Withdraw(t.Context(), w.as(w.bob), id), "answered")
		want(t, "granting it", w.Ask.Answer(t.Context(), w.as(w.ann), id, ask.Answer{Grant: true}), "answered")
		if q := w.waiting(w.ann); q.Answer != "withdrawn" || q.May["grant"].Allowed || q.May["answer"].Allowed {
			t.Errorf("Ann sees %+v", q)
		}
		w.ask(w.bob, alveary.RightRead) // another may be made
	})
}

func TestBadRequests(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		bob := w.as(w.bob)
		try := func(by alveary.Subject, node alveary.NodeID, r alveary.Rights, message string) error {
			return w.Ask.Ask(t.Context(), by, node, r, message)
		}
		want(t, "no right", try(bob, w.file, 0, ""), "invalid")
		want(t, "a right that cannot be given", try(bob, w.file, alveary.RightRead.With(alveary.ActionDelete), ""), "invalid")
		want(t, "a long message", try(bob, w.file, alveary.RightRead, strings.Repeat("ä", 501)), "invalid")
		want(t, "a message as long as may be", try(bob, 1000, alveary.RightRead, strings.Repeat("ä", 500)), "")
		want(t, "what cannot be kept", try(bob, w.file, alveary.RightRead, "\x00"), "invalid")
		want(t, "nobody", try(alveary.Subject{}, w.file, alveary.RightRead, ""), "denied")
		want(t, "a visitor", try(alveary.Visiting(7, w.ann), w.file, alveary.RightRead, ""), "denied")
		want(t, "what one has", try(w.as(w.ann), w.file, alveary.Givable, ""), "held")
		for n := range alveary.NodeID(19) {
			want(t, "many", try(bob, 2000+n, alveary.RightRead, ""), "")
		}
		want(t, "too many", try(bob, w.file, alveary.RightRead, ""), "too-many")
		q, _ := w.list(w.bob)
		past := ask.Answer{Grant: true, Until: w.now()}
		want(t, "an end in the past", w.Ask.Answer(t.Context(), w.as(w.ann), q[0].ID, past), "past")
		for range 30 {
			list, _ := w.list(w.bob)
			want(t, "withdrawing", w.Ask.Withdraw(t.Context(), bob, list[0].ID), "")
			want(t, "asking again", try(bob, list[0].Node, alveary.RightRead, ""), "")
		}
		list, _ := w.list(w.bob)
		want(t, "withdrawing", w.Ask.Withdraw(t.Context(), bob, list[0].ID), "")
		want(t, "more than in a day", try(bob, list[0].Node, alveary.RightRead, ""), "too-many")
		w.wait(24 * time.Hour)
		want(t, "a day later", try(bob, list[0].Node, alveary.RightRead, ""), "")
	})
}

// What is asked about can go before it is answered.
func TestNodeGoes(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		w.ask(w.bob, alveary.RightRead)
		id := w.waiting(w.ann).ID
		w.write(func(tx *store.Tx) error {
			line, err := tx.Lineage(w.file)
			if err == nil {
				_, _, err = tx.Delete(line)
			}
			return err
		})
		if _, forMe := w.list(w.ann); len(forMe) != 0 {
			t.Errorf("Ann is shown %+v", forMe)
		}
		want(t, "granting", w.Ask.Answer(t.Context(), w.as(w.ann), id, ask.Answer{Grant: true}), "not-found")
		mine, _ := w.list(w.bob)
		if len(mine) != 1 || mine[0].Answer != "" || mine[0].Name != "" {
			t.Errorf("Bob sees %+v", mine)
		}
	})
}
