package vigil

import (
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"alveary"
	"alveary/authz"
	"alveary/store"
)

// within is how long a cut may take; a crowded machine gets more than the
// second of MODEL.md 7.5.
const within = 15*time.Second + unsure

func onEach(t *testing.T, test func(*testing.T, *house)) {
	t.Helper()
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) { test(t, newHouse(t, database)) })
	}
}

// reader is a user with a session who may read the file.
func (h *house) reader(t *testing.T) (s alveary.Subject, file alveary.Lineage, entry alveary.Entry) {
	t.Helper()
	h.write(t, func(tx *store.Tx) error {
		file = h.child(t, tx, h.area(t, tx), leaf("file"))
		u, err := tx.InsertUser(alveary.User{Login: "ann", Profile: alveary.ProfileStandard, Group: alveary.RootGroup}, "")
		if err != nil {
			return err
		}
		session, err := tx.InsertSession(alveary.Session{ID: "s", User: u.ID, Expires: tx.Now().Add(time.Hour)}, "")
		if err != nil {
			return err
		}
		if s, err = tx.Subject(u.ID); err != nil {
			return err
		}
		s.Session, s.Address, s.Request = session.ID, "192.0.2.7", "r"
		entry, err = tx.InsertEntry(alveary.Entry{Role: s.Role, Node: file.Node().ID, Rights: alveary.RightRead})
		return err
	})
	return s, file, entry
}

func (h *house) watch(s alveary.Subject, line alveary.Lineage) *Stream {
	return h.vigil.Watch(Question{Subject: s, Action: "cut-download", Operation: authz.ReadBytes, Line: line})
}

// cutSoon waits until the stream is cut and says why.
func cutSoon(t *testing.T, s *Stream) error {
	t.Helper()
	for end := time.Now().Add(within); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if err := s.Err(); err != nil {
			return err
		}
	}
	t.Fatal("the stream was not cut")
	return nil
}

// A stream is cut soon after its right is gone, wakes who waits, and gives the
// reason in place of bytes.
func TestCut(t *testing.T) {
	onEach(t, func(t *testing.T, h *house) {
		s, file, entry := h.reader(t)
		stream := h.watch(s, file)
		defer stream.End()
		woken := make(chan struct{})
		stream.OnCut(func() { close(woken) })
		body := stream.Reader(strings.NewReader("all of it"))
		if _, err := io.ReadFull(body, make([]byte, 3)); err != nil {
			t.Fatal(err)
		}
		h.write(t, func(tx *store.Tx) error { return tx.DeleteEntry(entry.ID) })
		if err := cutSoon(t, stream); !alveary.IsKind(err, alveary.KindNotFound) {
			t.Errorf("cut with %v", err)
		}
		<-woken
		if n, err := body.Read(make([]byte, 3)); n > 0 || !errors.Is(err, stream.Err()) {
			t.Errorf("read %d more and %v", n, err)
		}
		late := false
		stream.OnCut(func() { late = true })
		if !late {
			t.Error("who comes after the cut is not told")
		}
	})
}

// Between a decision and the watch anything may have changed.
func TestWhatChangedBeforeTheWatchCounts(t *testing.T) {
	onEach(t, func(t *testing.T, h *house) {
		s, file, entry := h.reader(t)
		before := h.watch(s, file)
		defer before.End()
		h.write(t, func(tx *store.Tx) error { return tx.DeleteEntry(entry.ID) })
		_ = cutSoon(t, before) // and has seen that change
		stream := h.watch(s, file)
		defer stream.End()
		_ = cutSoon(t, stream)
	})
}

// An archive goes from file to file: what counts is the one it is at.
func TestTurn(t *testing.T) {
	onEach(t, func(t *testing.T, h *house) {
		s, file, _ := h.reader(t)
		stream := h.watch(s, nil)
		defer stream.End()
		stream.Turn(file)
		h.await(t, stream)
		h.write(t, func(tx *store.Tx) error {
			_, err := tx.InsertEntry(alveary.Entry{Role: s.Role, Node: 3, Deny: true})
			return err
		})
		h.await(t, stream)
		var hidden alveary.Lineage
		h.write(t, func(tx *store.Tx) (err error) { hidden, err = tx.Lineage(3); return err })
		stream.Turn(hidden)
		_ = cutSoon(t, stream)
	})
}

// await waits until the vigil has asked about the stream as things are.
func (h *house) await(t *testing.T, s *Stream) {
	t.Helper()
	for end := time.Now().Add(within); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if err := s.Err(); err != nil {
			t.Fatalf("cut: %v", err)
		}
		s.mu.Lock()
		asked := s.asked
		s.mu.Unlock()
		if asked {
			time.Sleep(2 * every) // and once more, for what was changed last
			return
		}
	}
	t.Fatal("the stream was not asked about")
}

// What is neither a yes nor a no of the gate leaves the stream alone.
func TestConflictsAreForTheEnd(t *testing.T) {
	onEach(t, func(t *testing.T, h *house) {
		s, _, _ := h.reader(t)
		asked := make(chan struct{}, 100)
		stream := h.vigil.Watch(Question{Subject: s, Action: "cut-upload", Ask: func(*store.Tx, *authz.Access) (alveary.Lineage, error) {
			asked <- struct{}{}
			return nil, store.NameExists("taken")
		}})
		defer stream.End()
		<-asked
		time.Sleep(2 * every)
		if err := stream.Err(); err != nil {
			t.Errorf("cut with %v", err)
		}
	})
}

// A server that cannot be sure refuses (MODEL.md 7.5).
func TestSilentDatabaseCuts(t *testing.T) {
	onEach(t, func(t *testing.T, h *house) {
		t.Parallel() // it waits
		s, file, _ := h.reader(t)
		stream := h.watch(s, file)
		defer stream.End()
		h.await(t, stream)
		if err := h.store.Close(); err != nil {
			t.Fatal(err)
		}
		if err := cutSoon(t, stream); !alveary.IsKind(err, alveary.KindUnavailable) {
			t.Errorf("cut with %v", err)
		}
	})
}

// Nothing runs where there is nothing to watch, nor after Close.
func TestNobodyLooksForNothing(t *testing.T) {
	onEach(t, func(t *testing.T, h *house) {
		s, file, _ := h.reader(t)
		before := goleak.IgnoreCurrent()
		h.vigil.Close() // of nothing
		h.vigil = New(h.store, h.vigil.gate, h.vigil.now)
		first := h.watch(s, file)
		h.await(t, first)
		first.End()
		first.End()
		goleak.VerifyNone(t, before)
		second := h.watch(s, file)
		woken := false
		second.OnCut(func() { woken = true })
		h.vigil.Close()
		goleak.VerifyNone(t, before)
		if !woken || !alveary.IsKind(second.Err(), alveary.KindUnavailable) {
			t.Errorf("after the end: woken %v, %v", woken, second.Err())
		}
		third := h.watch(s, file)
		if third.Err() == nil || h.vigil.Streams() != 1 {
			t.Errorf("watched after the end: %v, %d", third.Err(), h.vigil.Streams())
		}
		second.End()
	})
}

// A long download in a session is a use of it.
func TestSessionsAreUsedByWhatIsUnderWay(t *testing.T) {
	onEach(t, func(t *testing.T, h *house) {
		s, file, _ := h.reader(t)
		h.vigil.memory = newMemory()
		stream := &Stream{vigil: h.vigil, question: Question{Subject: s, Operation: authz.ReadBytes, Line: file}}
		h.vigil.streams[stream] = struct{}{}
		for range 5 { // of a session of an hour
			h.now = h.now.Add(seenEvery)
			h.look(t)
		}
		seen := func() (at time.Time) {
			h.write(t, func(tx *store.Tx) error {
				session, _, err := tx.Session("s")
				at = session.LastSeen
				return err
			})
			return at
		}
		if at := seen(); !at.Equal(h.now) || stream.Err() != nil {
			t.Errorf("last seen %v at %v; %v", at, h.now, stream.Err())
		}
		h.now = h.now.Add(seenEvery)
		h.look(t)
		if err := stream.Err(); !alveary.IsKind(err, alveary.KindUnauthenticated) {
			t.Errorf("after its end: %v", err)
		}
	})
}

// What is under way for a token keeps to what the token is for: it is cut when
// the file leaves the folder, although its user may read it there too.
func TestScopeIsKept(t *testing.T) {
	onEach(t, func(t *testing.T, h *house) {
		s, file, _ := h.reader(t)
		s.Session, s.Token = "", "t"
		var folder, moved, beside alveary.Lineage
		h.write(t, func(tx *store.Tx) error {
			area := h.area(t, tx)
			folder = h.child(t, tx, area, alveary.Node{Name: "folder", Type: alveary.Collection})
			moved, beside = h.child(t, tx, folder, leaf("moved")), h.child(t, tx, area, leaf("beside"))
			token, err := tx.InsertToken(alveary.Token{ID: s.Token, User: s.User.ID, Scope: alveary.Scope{Reach: alveary.ReachRead, Node: folder.Node().ID}}, "")
			if err != nil {
				return err
			}
			s.Scope = token.Scope
			for _, line := range []alveary.Lineage{moved, beside} {
				if _, err := tx.InsertEntry(alveary.Entry{Role: s.Role, Node: line.Node().ID, Rights: alveary.Givable}); err != nil {
					return err
				}
			}
			for _, scope := range []alveary.Scope{s.Scope, {}} { // what the token says now, whatever it was
				asked := s
				asked.Scope = scope
				if now, _, err := Renew(tx, asked); err != nil || now.Scope != token.Scope {
					t.Errorf("renewed to a token for %+v: %v", now.Scope, err)
				}
			}
			return nil
		})
		free := s
		free.Session, free.Token, free.Scope = "s", "", alveary.Scope{}
		in, out, other, own := h.watch(s, moved), h.watch(s, beside), h.watch(s, file), h.watch(free, moved)
		write := h.vigil.Watch(Question{Subject: s, Action: "cut-upload", Operation: authz.Change, Line: moved})
		for _, stream := range []*Stream{in, out, other, own, write} {
			defer stream.End()
		}
		for _, stream := range []*Stream{out, other, write} {
			_ = cutSoon(t, stream)
		}
		if in.Err() != nil || own.Err() != nil { // looked at with those
			t.Fatalf("cut at once: %v, %v", in.Err(), own.Err())
		}
		h.write(t, func(tx *store.Tx) error {
			_, err := tx.Place(moved, h.area(t, tx), "moved")
			return err
		})
		if err := cutSoon(t, in); !alveary.IsKind(err, alveary.KindNotFound) {
			t.Errorf("cut with %v", err)
		}
		if own.Err() != nil {
			t.Errorf("the user's own was cut: %v", own.Err())
		}
	})
}

// Each field of a subject is either of the user as he is, and renewed, or of
// the request that he made, and kept. A new one belongs to one of the two.
func TestRenewKnowsEveryField(t *testing.T) {
	person, request := []string{"User", "Role", "Homes", "Maker", "Guest"}, []string{"Link", "Stamp", "Session", "Token", "Scope", "Proved", "Address", "Request", "Context"}
	of := reflect.TypeFor[alveary.Subject]()
	for field := range of.Fields() {
		if !slices.Contains(person, field.Name) && !slices.Contains(request, field.Name) {
			t.Errorf("is %s of the user or of the request? Renew must know", field.Name)
		}
	}
	onEach(t, func(t *testing.T, h *house) {
		s, _, _ := h.reader(t)
		s.Context = &alveary.Context{Now: h.now.In(time.FixedZone("", 7200)), Client: "web"}
		s.Proved = h.now
		stale := s
		stale.User.Name, stale.Role, stale.Homes = "another", "another", nil
		h.now = h.now.Add(time.Minute)
		h.write(t, func(tx *store.Tx) error {
			now, until, err := Renew(tx, stale)
			if err != nil {
				return err
			}
			if now.Context.Now.String() != "2026-06-01 14:01:00 +0200 +0200" || !until.After(h.now) {
				t.Errorf("renewed at %v until %v", now.Context.Now, until)
			}
			s.Context.Now = now.Context.Now
			if !reflect.DeepEqual(now, s) {
				t.Errorf("renewed to %+v, want %+v", now, s)
			}
			return nil
		})
	})
}
