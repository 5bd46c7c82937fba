package visit_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"alveary"
	"alveary/service/share/visit"
	"alveary/store"
)

func TestOpenAndEnter(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		link := w.link(w.file, func(c *alveary.Cell, _ *store.CellSecret) {
			c.Until, c.Link.MostDownloads = w.now().Add(48*time.Hour), 5
		})
		v, cookie := w.open()
		if v.Cell.ID != link.ID || v.Node != w.file || v.Left != 5 || !v.Ends.Equal(link.Until) {
			t.Errorf("opened %+v", v)
		}
		if s := v.Subject; s.Link != link.ID || s.Maker != w.ann || s.User.ID != 0 || s.Role != alveary.LinkRole(link.ID) || s.Guest != nil || s.Address == "" {
			t.Errorf("who asks is %+v", s)
		}
		again, err := w.Visit.Enter(t.Context(), link.ID, cookie, w.client())
		if err != nil || again.Cell.ID != link.ID || again.Subject.Link != link.ID {
			t.Errorf("entered %+v, %v", again, err)
		}
		for what, try := range map[string]func() error{
			"another link": func() error { _, err := w.Visit.Enter(t.Context(), link.ID+1, cookie, w.client()); return err },
			"no cookie":    func() error { _, err := w.Visit.Enter(t.Context(), link.ID, "", w.client()); return err },
			"an altered one": func() error {
				_, err := w.Visit.Enter(t.Context(), link.ID, "A"+cookie[1:]+"A", w.client())
				return err
			},
			"one of another":  func() error { _, err := w.serveOther().Enter(t.Context(), link.ID, cookie, w.client()); return err },
			"the token":       func() error { _, err := w.Visit.Enter(t.Context(), link.ID, token, w.client()); return err },
			"none of no link": func() error { _, err := w.Visit.Enter(t.Context(), 1, "", w.client()); return err },
		} {
			want(t, what, try(), "visit")
		}
		w.wait(12 * time.Hour)
		_, err = w.Visit.Enter(t.Context(), link.ID, cookie, w.client())
		want(t, "after twelve hours", err, "visit")
	})
}

// Whatever it is for which a link cannot be opened, the answer is the same, to
// the visitor at the door and to the one within.
func TestThreat13_LinksThatGiveNothingAreAlike(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		_, _, err := w.Visit.Open(t.Context(), visit.Attempt{Address: strings.Repeat("x", 32)}, w.client())
		unknown := fmt.Sprint(err)
		no, days := false, int64(1)
		for what, end := range map[string]func(c alveary.Cell) (back func()){
			"is over": func(c alveary.Cell) func() {
				c.Until = w.now()
				w.write(func(tx *store.Tx) error { return tx.UpdateCell(c) })
				return nil
			},
			"is to come": func(c alveary.Cell) func() {
				c.From = w.now().Add(time.Second)
				w.write(func(tx *store.Tx) error { return tx.UpdateCell(c) })
				return nil
			},
			"was ended": func(c alveary.Cell) func() {
				w.write(func(tx *store.Tx) error { return tx.DeleteCell(c.ID) })
				return nil
			},
			"is stopped by a house rule": func(alveary.Cell) func() {
				w.rule(alveary.Terms{FileLinks: &no})
				return w.freeHouse
			},
			"is older than the house allows": func(alveary.Cell) func() {
				w.rule(alveary.Terms{Days: &days})
				w.wait(time.Hour)
				return w.freeHouse
			},
			"has an owner who is disabled": func(alveary.Cell) func() {
				w.write(func(tx *store.Tx) error { return tx.SetDisabled(w.ann, true) })
				return func() { w.write(func(tx *store.Tx) error { return tx.SetDisabled(w.ann, false) }) }
			},
			"has its file in the bin": func(alveary.Cell) func() {
				w.write(func(tx *store.Tx) error {
					line, err := tx.Lineage(w.file)
					if err == nil {
						_, err = tx.Bin(line, w.ann)
					}
					return err
				})
				w.wait(time.Second) // of what the tree alone changes, a visitor within learns from whoever serves him
				return func() {
					w.write(func(tx *store.Tx) error {
						line, err := tx.Lineage(w.file)
						if err == nil {
							_, err = tx.Unbin(line)
						}
						return err
					})
				}
			},
		} {
			c := w.link(w.file, nil)
			w.wait(23 * time.Hour)
			_, cookie := w.open()
			back := end(c)
			_, _, err := w.Visit.Open(t.Context(), visit.Attempt{Address: token}, w.client())
			if fmt.Sprint(err) != unknown || !alveary.IsKind(err, alveary.KindNotFound) {
				t.Errorf("opening a link that %s: %v, want %s", what, err, unknown)
			}
			_, err = w.Visit.Enter(t.Context(), c.ID, cookie, w.client())
			if fmt.Sprint(err) != unknown {
				t.Errorf("entering a link that %s: %v, want %s", what, err, unknown)
			}
			if back != nil {
				back()
			}
			w.endAll()
		}
	})
}

// A link whose owner lost what it gives opens no more.
func TestOwnerLosesTheRight(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		w.link(w.file, nil)
		w.open()
		w.write(func(tx *store.Tx) error {
			entries, err := tx.EntriesOn(w.folder)
			if err != nil {
				return err
			}
			return tx.DeleteEntry(entries[0].ID)
		})
		_, _, err := w.Visit.Open(t.Context(), visit.Attempt{Address: token}, w.client())
		want(t, "opening it", err, "not-found")
	})
}

func TestThreat13_EndsAtTheVerySecond(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		c := w.link(w.file, func(c *alveary.Cell, _ *store.CellSecret) {
			c.From, c.Until = w.now().Add(time.Minute), w.now().Add(time.Hour)
		})
		w.wait(time.Minute - time.Nanosecond)
		_, _, err := w.Visit.Open(t.Context(), visit.Attempt{Address: token}, w.client())
		want(t, "before it begins", err, "not-found")
		w.wait(time.Nanosecond)
		v, pass, err := w.Visit.Open(t.Context(), visit.Attempt{Address: token}, w.client())
		want(t, "when it begins", err, "")
		if !pass.Expires.Equal(c.Until) {
			t.Errorf("the visit ends at %v, want %v", pass.Expires, c.Until)
		}
		w.wait(59*time.Minute - time.Nanosecond)
		_, err = w.Visit.Enter(t.Context(), c.ID, pass.Cookie, w.client())
		want(t, "before it ends", err, "")
		_, err = w.Visit.Claim(t.Context(), v, visit.Part{Node: w.file, Version: 1, Size: size, To: size})
		want(t, "a download before it ends", err, "")
		w.wait(time.Nanosecond)
		if _, err = w.Visit.Enter(t.Context(), c.ID, pass.Cookie, w.client()); err == nil {
			t.Error("entered when it ended")
		}
		_, err = w.Visit.Claim(t.Context(), v, visit.Part{Node: w.file, Version: 1, Size: size, To: size})
		want(t, "a download when it ended", err, "not-found")
		_, _, err = w.Visit.Open(t.Context(), visit.Attempt{Address: token}, w.client())
		want(t, "when it ended", err, "not-found")
	})
}

func TestPassword(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		yes := true
		w.rule(alveary.Terms{Slugs: &yes})
		c := w.link(w.file, func(c *alveary.Cell, s *store.CellSecret) { c.Slug, s.Password = "our-plans", "hash of tulips" })
		open := func(a visit.Attempt) (visit.Pass, error) {
			_, pass, err := w.Visit.Open(t.Context(), a, w.client())
			return pass, err
		}
		_, err := open(visit.Attempt{Address: token})
		want(t, "without one", err, "password")
		_, err = open(visit.Attempt{Address: token, Password: "roses"})
		want(t, "a wrong one", err, "wrong-password")
		if strings.Contains(fmt.Sprint(err), "roses") || strings.Contains(fmt.Sprint(err), token) {
			t.Errorf("the error tells a secret: %v", err)
		}
		pass, err := open(visit.Attempt{Address: "our-plans", Password: "tulips"})
		want(t, "the right one", err, "")
		enter := func() error {
			_, err := w.Visit.Enter(t.Context(), c.ID, pass.Cookie, w.client())
			return err
		}
		want(t, "entering", enter(), "")
		for what, change := range map[string]store.CellSecret{
			"a new password": {Token: alveary.HashToken(token), Password: "hash of lilies"},
			"a new address":  {Token: alveary.HashToken("other"), Password: "hash of tulips"},
			"no password":    {Token: alveary.HashToken(token)},
		} {
			w.write(func(tx *store.Tx) error { return tx.SetCellSecret(c.ID, change) })
			want(t, "entering after "+what, enter(), "visit")
		}
		w.write(func(tx *store.Tx) error {
			return tx.SetCellSecret(c.ID, store.CellSecret{Token: alveary.HashToken(token), Password: "hash of tulips"})
		})
		want(t, "entering with all as it was", enter(), "")
		var lines []alveary.AuditRecord
		w.write(func(tx *store.Tx) (err error) { lines, err = tx.Audit(100); return err })
		failed := 0
		for _, l := range lines {
			if l.Action == "open-link" && l.Verdict == alveary.VerdictFailed && l.Node == w.file {
				failed++
			}
			if text := fmt.Sprint(l); strings.Contains(text, token) || strings.Contains(text, "roses") || strings.Contains(text, "tulips") {
				t.Errorf("a secret is on record: %s", text)
			}
		}
		if failed != 1 {
			t.Errorf("%d wrong passwords are on record, want 1", failed)
		}
	})
}

// Who guesses is stopped for the link and the address, however many guesses
// come at once.
func TestThreat13_GuessingIsStopped(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		w.link(w.file, func(_ *alveary.Cell, s *store.CellSecret) { s.Password = "hash of tulips" })
		try := func(n int, password string) error {
			c := w.client()
			c.Address = fmt.Sprintf("198.51.100.%d", n)
			_, _, err := w.Visit.Open(t.Context(), visit.Attempt{Address: token, Password: password, Proof: "worked"}, c)
			return err
		}
		var wg sync.WaitGroup
		for n := range 50 {
			wg.Go(func() { want(t, "guessing", skip(try(n, "roses"), "wrong-password"), "limited") })
		}
		wg.Wait()
		if w.tries != 10 {
			t.Errorf("%d passwords were compared, want 10", w.tries)
		}
		want(t, "the right one then", try(99, "tulips"), "limited")
		if w.tries != 10 {
			t.Error("a password was compared without leave")
		}
	})
}

// skip gives the last word to another code where an error has this one.
func skip(err error, code string) error {
	if codeOf(err) == code {
		return &alveary.Error{Code: "limited"}
	}
	return err
}

func TestProofOfWork(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		w.link(w.file, func(_ *alveary.Cell, s *store.CellSecret) { s.Password = "hash of tulips" })
		try := func(password, proof string) error {
			_, _, err := w.Visit.Open(t.Context(), visit.Attempt{Address: token, Password: password, Proof: proof}, w.client())
			return err
		}
		for range 3 {
			want(t, "a wrong password", try("roses", ""), "wrong-password")
		}
		want(t, "without a proof", try("tulips", ""), "captcha")
		want(t, "with a wrong one", try("tulips", "pretended"), "captcha")
		want(t, "with a right one", try("tulips", "worked"), "")
		if w.tries != 4 {
			t.Errorf("%d passwords were compared, want 4", w.tries)
		}
	})
}

// A slug can be guessed, a token cannot.
func TestUnknownSlugsCount(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		yes := true
		w.rule(alveary.Terms{Slugs: &yes})
		w.link(w.file, func(c *alveary.Cell, _ *store.CellSecret) { c.Slug = "our-plans" })
		try := func(address string) error {
			_, _, err := w.Visit.Open(t.Context(), visit.Attempt{Address: address}, w.client())
			return err
		}
		for range 12 {
			want(t, "an unknown token", try(strings.Repeat("x", 32)), "not-found")
			want(t, "an impossible one", try("A\x00b"), "not-found")
			want(t, "none", try(""), "not-found")
		}
		want(t, "the slug", try("our-plans"), "")
		for range 3 {
			want(t, "an unknown slug", try("your-plans"), "not-found")
		}
		want(t, "one more", try("your-plans"), "captcha")
		want(t, "the slug then", try("our-plans"), "captcha")
		want(t, "the token then", try(token), "")
	})
}

func TestNamedPeople(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		bob := w.as(w.bob)
		c := w.link(w.file, func(c *alveary.Cell, _ *store.CellSecret) { c.Link.People = []alveary.RoleID{bob.Role} })
		open := func(c visit.Client) (visit.Visit, visit.Pass, error) {
			return w.Visit.Open(t.Context(), visit.Attempt{Address: token}, c)
		}
		_, _, err := open(w.client())
		want(t, "nobody", err, "sign-in")
		_, _, err = open(w.guest(w.eve))
		want(t, "another", err, "not-for-you")
		v, pass, err := open(w.guest(w.bob))
		want(t, "who is meant", err, "")
		if v.Subject.Guest == nil || v.Subject.Guest.User.ID != w.bob || v.Subject.User.ID != 0 {
			t.Errorf("who asks is %+v", v.Subject)
		}
		enter := func(client visit.Client) error {
			_, err := w.Visit.Enter(t.Context(), c.ID, pass.Cookie, client)
			return err
		}
		want(t, "entering", enter(w.guest(w.bob)), "")
		want(t, "entering signed out", enter(w.client()), "sign-in")
		want(t, "entering as another", enter(w.guest(w.eve)), "sign-in")
		w.write(func(tx *store.Tx) error { return tx.SetDisabled(w.bob, true) })
		want(t, "entering disabled", enter(w.guest(w.bob)), "sign-in")
		_, _, err = open(w.guest(w.bob))
		want(t, "disabled", err, "sign-in")
	})
}

// A link for everybody does not look at who is signed in.
func TestGuestsOfOpenLinksAreNobody(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		w.link(w.file, nil)
		v, _, err := w.Visit.Open(t.Context(), visit.Attempt{Address: token}, w.guest(w.bob))
		want(t, "opening", err, "")
		if v.Subject.Guest != nil {
			t.Errorf("who asks is %+v", v.Subject)
		}
	})
}

// Nothing is read where nothing changed: with SQLite a request that was given up
// already is still let in, and with none of that it is not.
func TestEnterReadsNothing(t *testing.T) {
	w := newStage(t, "sqlite")
	c := w.link(w.folder, nil)
	_, cookie := w.open()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := w.Visit.Enter(ctx, c.ID, cookie, w.client())
	want(t, "entering", err, "")
	_, _, err = w.Visit.Open(ctx, visit.Attempt{Address: token}, w.client())
	want(t, "opening", err, "")
	w.entry(w.bob, w.folder, alveary.RightRead)
	if _, err = w.Visit.Enter(ctx, c.ID, cookie, w.client()); !alveary.IsKind(err, alveary.KindUnavailable) {
		t.Errorf("entered on what is no longer known to hold: %v", err)
	}
}

// Here is what the link is on as it is at this very moment: with SQLite from
// memory while nobody writes; with PostgreSQL, where others write too, never.
func TestHere(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		c := w.link(w.file, nil)
		v, cookie := w.open()
		it, known := w.Visit.Here(t.Context(), &v)
		if known != (w.Dialect() == "sqlite") {
			t.Fatalf("known: %v", known)
		}
		if !known {
			return
		}
		if it.ID != w.file || it.Name != "plan 0.txt" || it.Size != size || !it.Abilities["download"].Allowed || it.Abilities["rename"].Allowed || it.Owner != nil {
			t.Errorf("it is %+v", it)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, known = w.Visit.Here(ctx, &v); !known {
			t.Error("the database was asked although nothing changed")
		}
		change := func(fn func(tx *store.Tx, file, folder alveary.Lineage) error) {
			t.Helper()
			w.write(func(tx *store.Tx) error {
				file, err := tx.Lineage(w.file)
				if err != nil {
					return err
				}
				return fn(tx, file, file[:len(file)-1])
			})
		}
		// Within the second for which the tree is believed otherwise.
		change(func(tx *store.Tx, file, folder alveary.Lineage) error {
			_, err := tx.Place(file, folder, "renamed")
			return err
		})
		if it, known = w.Visit.Here(t.Context(), &v); !known || it.Name != "renamed" {
			t.Errorf("renamed, it is %q, %v", it.Name, known)
		}
		change(func(tx *store.Tx, file, folder alveary.Lineage) error {
			_, err := tx.Place(file, folder[:len(folder)-1], "renamed")
			return err
		})
		if it, known = w.Visit.Here(t.Context(), &v); known {
			t.Errorf("moved to where its owner may nothing it is %+v", it)
		}
		change(func(tx *store.Tx, file, _ alveary.Lineage) error {
			plans, err := tx.Lineage(w.folder)
			if err == nil {
				_, err = tx.Place(file, plans, "renamed")
			}
			return err
		})
		if v, err := w.Visit.Enter(t.Context(), c.ID, cookie, w.client()); err != nil {
			t.Fatal(err)
		} else if _, known = w.Visit.Here(t.Context(), &v); !known {
			t.Error("it is not known where it came back to")
		}
		w.endAll()
		if _, known = w.Visit.Here(t.Context(), &v); known {
			t.Error("an ended link is described")
		}
		if _, known = w.Visit.Here(ctx, &v); known {
			t.Error("an ended link is described to who gave up")
		}
	})
}
