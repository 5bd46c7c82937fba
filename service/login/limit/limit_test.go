package limit

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alveary"
	"alveary/store"
	"alveary/testkit/pgtest"
)

// house is two servers of one installation, with a clock that tests move. On
// SQLite, which has one server, both stand on the same store.
type house struct {
	t      testing.TB
	ann    alveary.UserID
	first  *Limits
	second *Limits
	clock  atomic.Int64
}

func (h *house) Now() time.Time { return time.Unix(0, h.clock.Load()).UTC() }

func (h *house) wait(d time.Duration) { h.clock.Add(int64(d)) }

func onBoth(t *testing.T, test func(*testing.T, *house)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		test(t, newHouse(t, store.Config{Path: filepath.Join(t.TempDir(), "alveary.db")}))
	})
	t.Run("postgres", func(t *testing.T) { test(t, newHouse(t, store.Config{Postgres: pgtest.DSN(t)})) })
}

func newHouse(t testing.TB, cfg store.Config) *house {
	t.Helper()
	h := &house{t: t}
	h.clock.Store(noon.UnixNano())
	cfg.Now = h.Now
	here := h.open(cfg)
	there := here
	if cfg.Postgres != "" {
		there = h.open(cfg)
	}
	h.first, h.second = New(here, h.Now), New(there, h.Now)
	if err := here.Write(t.Context(), func(tx *store.Tx) error {
		ann, err := tx.InsertUser(alveary.User{Login: "ann", Profile: alveary.ProfileStandard, Group: alveary.RootGroup}, "")
		h.ann = ann.ID
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) open(cfg store.Config) *store.Store {
	h.t.Helper()
	s, err := store.Open(h.t.Context(), cfg)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		if err := s.Close(); err != nil {
			h.t.Error(err)
		}
	})
	return s
}

func (h *house) ofAnn(address string) Attempt {
	return Attempt{Login: "ann", Address: address, User: h.ann}
}

func (h *house) fail(l *Limits, a Attempt, times int) (locked int) {
	h.t.Helper()
	for range times {
		now, err := l.Failed(h.t.Context(), a)
		if err != nil {
			h.t.Fatal(err)
		}
		if now {
			locked++
		}
	}
	return locked
}

func (h *house) want(l *Limits, a Attempt, proved bool, code string) {
	h.t.Helper()
	err := l.Check(h.t.Context(), a, proved)
	got := ""
	var e *alveary.Error
	if errors.As(err, &e) {
		got = e.Code
	}
	if got != code || (code == "") != (err == nil) {
		h.t.Fatalf("got %v, want %q", err, code)
	}
}

func (h *house) audit() (lines []alveary.AuditRecord) {
	h.t.Helper()
	if err := h.first.store.Read(h.t.Context(), func(tx *store.Tx) (err error) {
		lines, err = tx.Audit(1000)
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return lines
}

// What fails on one server counts on the other one at once.
func TestLimitsAreSharedByServers(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		a := h.ofAnn("192.0.2.7")
		h.want(h.second, a, false, "")
		h.fail(h.first, a, 3)
		h.want(h.first, a, false, "captcha")
		h.want(h.second, a, false, "captcha")
		h.want(h.second, a, true, "")
		h.fail(h.second, a, 2)
		h.want(h.second, a, true, "limited")
		h.wait(memoryTime)
		h.want(h.first, a, true, "limited")
		h.wait(time.Second)
		h.want(h.first, a, true, "")
		if n := h.fail(h.first, a, 5); n != 1 {
			t.Errorf("locked by %d failures, want by one", n)
		}
		if n := h.fail(h.first, a, 1); n != 0 {
			t.Error("a later failure says that it locked")
		}
		h.want(h.second, a, true, "locked")
		h.want(h.second, h.ofAnn("198.51.100.1"), true, "locked")
		h.want(h.second, Attempt{Address: "192.0.2.7"}, true, "") // with a passkey there is nothing to guess
		h.wait(lockTime)
		h.want(h.second, a, false, "captcha")
		h.want(h.second, a, true, "")
	})
}

// A login that nobody has cannot be told from one that somebody has.
func TestThreat23_UnknownLoginsAreLimitedAlike(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for i := range 12 {
			known, unknown := h.ofAnn("192.0.2.1"), Attempt{Login: "nobody", Address: "192.0.2.2"}
			for _, proved := range []bool{false, true} {
				one, other := h.first.Check(t.Context(), known, proved), h.first.Check(t.Context(), unknown, proved)
				if fmt.Sprint(one) != fmt.Sprint(other) {
					t.Errorf("after %d failures: %v and %v", i, one, other)
				}
			}
			if one, other := h.fail(h.first, known, 1), h.fail(h.first, unknown, 1); one != other {
				t.Errorf("after %d failures: %d and %d are locked", i, one, other)
			}
		}
		locks, err := h.first.Locks(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range locks {
			if l.Kind == "account" && l.User != h.ann {
				t.Errorf("listed: %+v", l)
			}
		}
	})
}

// However a login is spelled, it is one account.
func TestSpellingsCountAsOne(t *testing.T) {
	h := newHouse(t, store.Config{Path: filepath.Join(t.TempDir(), "alveary.db")})
	for i, login := range []string{"ann", "ANN", "Ａｎｎ"} {
		h.fail(h.first, Attempt{Login: login, Address: fmt.Sprintf("192.0.2.%d", i), User: h.ann}, 1)
	}
	h.want(h.first, Attempt{Login: "Ann", Address: "198.51.100.1"}, false, "captcha")
	long := strings.Repeat("ﷺ", 1<<20)
	h.fail(h.first, Attempt{Login: long, Address: "198.51.100.2"}, 1)
}

// Success forgets the account's failures and leaves the address's.
// Whoever tries links keeps nobody from signing in, and the other way round.
func TestLinksAreCountedApart(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		link := Attempt{Login: "link 7", Address: "192.0.2.7", Link: true}
		for range 60 {
			if _, err := h.first.Failed(t.Context(), link); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.second.Check(t.Context(), link, true); !alveary.IsKind(err, alveary.KindLimited) {
			t.Errorf("the link is not limited: %v", err)
		}
		for _, login := range []string{"ann", "link 7"} {
			if err := h.second.Check(t.Context(), Attempt{Login: login, Address: "192.0.2.7"}, false); err != nil {
				t.Errorf("%s may not sign in: %v", login, err)
			}
		}
	})
}

func TestSuccessForgetsTheAccountAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.fail(h.first, h.ofAnn("192.0.2.7"), 4)
		h.wait(time.Minute)
		if err := h.second.Succeeded(t.Context(), h.ofAnn("192.0.2.7")); err != nil {
			t.Fatal(err)
		}
		h.wait(memoryTime)
		h.want(h.first, h.ofAnn("198.51.100.1"), false, "")
		h.want(h.first, Attempt{Login: "bob", Address: "192.0.2.7"}, false, "captcha")
	})
}

// A household of IPv6 is one address; so are the two spellings of IPv4.
func TestAddressIsLocked(t *testing.T) {
	h := newHouse(t, store.Config{Path: filepath.Join(t.TempDir(), "alveary.db")})
	for i := range 50 {
		h.fail(h.first, Attempt{Login: fmt.Sprintf("u%d", i), Address: fmt.Sprintf("2001:db8::%x", i)}, 1)
	}
	h.want(h.first, Attempt{Login: "other", Address: "2001:db8::ffff:1"}, true, "locked")
	h.want(h.first, Attempt{Address: "2001:db8::ffff:1"}, true, "locked")
	h.want(h.first, Attempt{Login: "other", Address: "2001:db8:0:1::1"}, true, "")
	locks, err := h.first.Locks(t.Context())
	if err != nil || len(locks) != 1 || locks[0].Address != "2001:db8::/64" || locks[0].Failures != 50 {
		t.Fatalf("%+v, %v", locks, err)
	}
}

// A lock is seen and lifted, on record, and the other server knows within a
// second.
func TestLockIsLifted(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		a := h.ofAnn("192.0.2.7")
		h.fail(h.first, a, 10)
		h.want(h.second, a, true, "locked")
		locks, err := h.second.Locks(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var lock Lock
		for _, l := range locks {
			if l.Kind == "account" {
				lock = l
			}
		}
		want := Lock{ID: lock.ID, Kind: "account", User: h.ann, Login: "ann", Address: "192.0.2.7", Failures: 10, Until: noon.Add(lockTime), Last: noon, Captcha: true}
		if lock != want || len(locks) != 2 {
			t.Fatalf("%+v, want %+v", locks, want)
		}
		by := alveary.Subject{User: alveary.User{ID: 9, Login: "admin"}, Address: "192.0.2.9"}
		if _, err := h.first.Lift(t.Context(), by, lock.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := h.first.Lift(t.Context(), by, lock.ID); !alveary.IsKind(err, alveary.KindNotFound) {
			t.Errorf("lifted twice: %v", err)
		}
		h.want(h.first, h.ofAnn("198.51.100.1"), false, "")
		h.wait(memoryTime)
		h.want(h.second, h.ofAnn("198.51.100.1"), false, "")
		lines := h.audit()
		if lines[0].Action != "lift-lock" || lines[0].Login != "admin" || !strings.Contains(lines[0].Detail, "ann") {
			t.Errorf("%+v", lines[0])
		}
		if lines[1].Action != "lock" || lines[1].User != h.ann || lines[1].Address != "192.0.2.7" {
			t.Errorf("%+v", lines[1])
		}
	})
}

// Refusals are added up: one line a minute and key.
func TestRefusalsAreAddedUp(t *testing.T) {
	h := newHouse(t, store.Config{Path: filepath.Join(t.TempDir(), "alveary.db")})
	a := h.ofAnn("192.0.2.7")
	h.fail(h.first, a, 10)
	before := len(h.audit())
	flush := func(run func(context.Context) error, want int) {
		t.Helper()
		if err := run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := len(h.audit()) - before; got != want {
			t.Fatalf("%d lines, want %d", got, want)
		}
	}
	flush(h.first.Flush, 0)
	for range 4512 {
		h.want(h.first, a, true, "locked")
	}
	flush(h.first.Flush, 1)
	if line := h.audit()[0]; line.Detail != "refused 4,512 times: locked after too many failed attempts by this account" ||
		line.Verdict != alveary.VerdictDenied || line.User != h.ann || line.Login != "ann" || line.Action != "sign-in" {
		t.Errorf("%+v", line)
	}
	h.want(h.first, a, true, "locked")
	flush(h.first.Flush, 1)
	h.wait(30 * time.Second)
	h.want(h.first, a, true, "locked")
	flush(h.first.Flush, 1)
	h.wait(30 * time.Second)
	flush(h.first.Flush, 2)
	if line := h.audit()[0]; !strings.Contains(line.Detail, "refused 2 times") {
		t.Errorf("%+v", line)
	}
	h.want(h.first, a, true, "locked")
	flush(h.first.Close, 3)
}

// Many addresses share a line, and nothing is lost from the sum; nor by a
// database that does not answer.
func TestTalliesAreBounded(t *testing.T) {
	h := newHouse(t, store.Config{Path: filepath.Join(t.TempDir(), "alveary.db")})
	for i := range tallySize + 500 {
		h.first.tally.add(alveary.Failures{ID: fmt.Sprint(i), Kind: "address"}, Attempt{Address: "192.0.2.1"}, "locked")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := h.first.Flush(gone); err == nil {
		t.Fatal("written without a database")
	}
	before := len(h.audit())
	if err := h.first.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	lines := h.audit()
	if len(lines)-before != mostRows+1 {
		t.Fatalf("%d lines", len(lines)-before)
	}
	if want := fmt.Sprintf("refused %s from many addresses", times(tallySize+500-mostRows, "time")); !strings.Contains(lines[0].Detail, want) {
		t.Errorf("%q, want %q", lines[0].Detail, want)
	}
}

// What has passed is forgotten.
func TestPassedCountsAreForgotten(t *testing.T) {
	h := newHouse(t, store.Config{Path: filepath.Join(t.TempDir(), "alveary.db")})
	h.fail(h.first, h.ofAnn("192.0.2.7"), 12)
	h.wait(forgetTime + time.Second)
	if err := h.first.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := h.first.store.Read(t.Context(), func(tx *store.Tx) error {
		left, err := tx.FailuresFrom(1, 10)
		if len(left) > 0 {
			t.Errorf("%+v", left)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// Many at once on two servers: none of the failures is lost, and one of them
// says that it locked.
func TestThreatF11_FailuresAtOnceAreAllCounted(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		var wait sync.WaitGroup
		var locked atomic.Int64
		for i := range 40 {
			l := h.first
			if i%2 == 1 {
				l = h.second
			}
			wait.Go(func() {
				_ = l.Check(t.Context(), h.ofAnn("192.0.2.7"), true)
				now, err := l.Failed(t.Context(), h.ofAnn("192.0.2.7"))
				if err != nil {
					t.Error(err)
				}
				if now {
					locked.Add(1)
				}
				_ = l.Check(t.Context(), h.ofAnn("192.0.2.7"), true)
				_ = l.Flush(t.Context())
			})
		}
		wait.Wait()
		locks, err := h.first.Locks(t.Context())
		if err != nil || len(locks) != 2 || locks[0].Failures != 40 || locks[1].Failures != 40 || locked.Load() != 1 {
			t.Errorf("%+v, %d times locked, %v", locks, locked.Load(), err)
		}
		h.want(h.first, h.ofAnn("192.0.2.7"), true, "locked")
	})
}

// Who hangs up has failed all the same.
func TestHangingUpCounts(t *testing.T) {
	h := newHouse(t, store.Config{Path: filepath.Join(t.TempDir(), "alveary.db")})
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 3 {
		if _, err := h.first.Failed(gone, h.ofAnn("192.0.2.7")); err != nil {
			t.Fatal(err)
		}
	}
	h.want(h.first, h.ofAnn("192.0.2.7"), false, "captcha")
}

// Without its database nobody is let through, but who is known to be refused
// is refused.
func TestThreatF22_NoLimitsNoSignIn(t *testing.T) {
	h := newHouse(t, store.Config{Path: filepath.Join(t.TempDir(), "alveary.db")})
	h.fail(h.first, h.ofAnn("192.0.2.7"), 10)
	h.want(h.first, Attempt{Login: "bob", Address: "198.51.100.1"}, true, "")
	if err := h.first.store.Close(); err != nil {
		t.Fatal(err)
	}
	h.want(h.first, h.ofAnn("192.0.2.7"), true, "locked")
	if err := h.first.Check(t.Context(), Attempt{Login: "bob", Address: "198.51.100.1"}, true); err == nil {
		t.Error("let through without a look at the counts")
	}
	h.wait(memoryTime)
	if err := h.first.Check(t.Context(), h.ofAnn("192.0.2.7"), true); err == nil {
		t.Error("let through")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	m := newMemory()
	for i := range 3 * memorySize {
		m.changed(key(fmt.Sprint(i)), alveary.Failures{}, noon)
	}
	if n := m.entries.Len(); n != memorySize {
		t.Errorf("%d keys", n)
	}
}

// What was read does not replace what was changed since the reading began.
func TestOldReadingDoesNotCount(t *testing.T) {
	m := newMemory()
	began := m.changes
	m.changed("k", alveary.Failures{Count: 10}, noon)
	if f := m.seen("k", alveary.Failures{Count: 9}, began, noon); f.Count != 10 {
		t.Errorf("%d", f.Count)
	}
	if f := m.seen("k", alveary.Failures{Count: 11}, m.changes, noon); f.Count != 11 {
		t.Errorf("%d", f.Count)
	}
}

// BenchmarkRefused is an attempt that is known to be refused.
func BenchmarkRefused(b *testing.B) {
	h := newHouse(b, store.Config{Path: filepath.Join(b.TempDir(), "alveary.db")})
	a := h.ofAnn("192.0.2.7")
	h.fail(h.first, a, 10)
	b.ReportAllocs()
	for b.Loop() {
		if err := h.first.Check(b.Context(), a, true); err == nil {
			b.Fatal("let through")
		}
	}
}

// BenchmarkAllowed is one that nothing is known against.
func BenchmarkAllowed(b *testing.B) {
	h := newHouse(b, store.Config{Path: filepath.Join(b.TempDir(), "alveary.db")})
	a := h.ofAnn("192.0.2.7")
	b.ReportAllocs()
	for b.Loop() {
		if err := h.first.Check(b.Context(), a, false); err != nil {
			b.Fatal(err)
		}
	}
}
