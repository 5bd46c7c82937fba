package login

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alveary"
)

func TestSignIn(t *testing.T) {
	h := newHouse(t)
	h.people()
	secret, session, err := h.SignIn(t.Context(), "ANN", annPassword, desk)
	if err != nil {
		t.Fatal(err)
	}
	subject, err := h.BySession(t.Context(), secret, Client{Address: "192.0.2.8", Request: "r2"})
	if err != nil {
		t.Fatal(err)
	}
	if subject.User.Login != "ann" || subject.Session != session.ID || subject.Role == "" || subject.Token != "" {
		t.Errorf("the subject is %+v", subject)
	}
	if subject.Address != "192.0.2.8" || subject.Request != "r2" {
		t.Errorf("the subject comes from %s with %s", subject.Address, subject.Request)
	}
	if want := h.Now().Add(12 * time.Hour); !session.Expires.Equal(want) || session.Address != desk.Address || session.UserAgent != "Firefox" {
		t.Errorf("the session is %+v", session)
	}
	line := h.lastAudit()
	if line.Action != "sign-in" || line.Verdict != alveary.VerdictDone || line.Login != "ann" || line.Address != desk.Address || line.Request != "r1" {
		t.Errorf("the audit says %+v", line)
	}
}

// Whoever is refused hears the same, and the audit log knows why.
func TestSignInRefused(t *testing.T) {
	h := newHouse(t)
	h.people()
	ben := h.addUser("ben", "another long sentence")
	h.disable(ben.ID, true)
	for _, c := range []struct {
		name, login, password string
		audited, because      string
	}{
		{"wrong password", "ann", "not the password", "ann", "the password is wrong"},
		{"no password", "ann", "", "ann", "the password is wrong"},
		{"unknown user", "nobody", annPassword, "", "there is no such user"},
		{"a login nobody can have", "a\x00/b", annPassword, "", "there is no such user"},
		{"a very long login", strings.Repeat("x", 100_000), annPassword, "", "there is no such user"},
		{"no login", "", annPassword, "", "there is no such user"},
		{"disabled", "ben", "another long sentence", "ben", "the account is disabled"},
	} {
		t.Run(c.name, func(t *testing.T) {
			secret, session, err := h.SignIn(t.Context(), c.login, c.password, desk)
			assertKind(t, err, alveary.KindUnauthenticated, "wrong-credentials")
			if secret != "" || session.ID != "" {
				t.Errorf("a refused sign-in gave %q, %+v", secret, session)
			}
			if want := "sign in: login or password is wrong"; err.Error() != want {
				t.Errorf("the words are %q, want %q", err, want)
			}
			line := h.lastAudit()
			if line.Action != "sign-in" || line.Verdict != alveary.VerdictFailed || line.Login != c.audited || line.Detail != c.because {
				t.Errorf("the audit says %+v", line)
			}
		})
	}
}

// A password is the same however the keyboard composed its accents.
func TestPasswordIsNormalised(t *testing.T) {
	h := newHouse(t)
	h.addUser("zoë", "crème brûlée à la carte")
	if _, _, err := h.SignIn(t.Context(), "Zoe\u0308", "cre\u0300me bru\u0302le\u0301e a\u0300 la carte", desk); err != nil {
		t.Error(err)
	}
}

// Ten failures from one address slow that address down for that login, and
// nobody else.
func TestSlowdown(t *testing.T) {
	h := newHouse(t)
	h.people()
	fail := func(c Client) error {
		_, _, err := h.SignIn(t.Context(), "Ann", "not the password", c)
		return err
	}
	for range mostFailures {
		assertKind(t, fail(desk), alveary.KindUnauthenticated, "wrong-credentials")
		h.wait(10 * time.Second)
	}
	h.comparisons()
	lines := h.countAudit()
	_, _, err := h.SignIn(t.Context(), "ann", annPassword, desk)
	assertKind(t, err, alveary.KindLimited, "limited")
	var later interface{ RetryAfter() time.Duration }
	if !asRetry(err, &later) || later.RetryAfter() != failureWindow-100*time.Second+time.Second {
		t.Errorf("the time to wait is not told: %v", err)
	}
	if n := len(h.comparisons()); n != 0 {
		t.Errorf("%d passwords were compared for one who has to wait", n)
	}
	if h.countAudit() != lines {
		t.Error("a flood of refused attempts fills the audit log")
	}
	elsewhere := desk
	elsewhere.Address = "198.51.100.1"
	if _, _, err := h.SignIn(t.Context(), "ann", annPassword, elsewhere); err != nil {
		t.Errorf("another address has to wait too: %v", err)
	}
	if _, _, err := h.SignIn(t.Context(), "admin", adminPassword, desk); err != nil {
		t.Errorf("another login has to wait too: %v", err)
	}
	h.wait(failureWindow - 100*time.Second)
	if _, _, err := h.SignIn(t.Context(), "ann", annPassword, desk); err != nil {
		t.Errorf("still refused after the time: %v", err)
	}
	// A success forgets what was before.
	for range mostFailures {
		assertKind(t, fail(desk), alveary.KindUnauthenticated, "wrong-credentials")
	}
}

func asRetry(err error, target *interface{ RetryAfter() time.Duration }) bool {
	e, ok := err.(*alveary.Error)
	if ok {
		*target, ok = e.Cause.(interface{ RetryAfter() time.Duration })
	}
	return ok
}

// Attempts that come at once cannot outrun the slowdown.
func TestSlowdownUnderParallelAttempts(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.comparisons()
	var wg sync.WaitGroup
	var limited atomic.Int64
	for range 60 {
		wg.Go(func() {
			_, _, err := h.SignIn(t.Context(), "ann", "not the password", desk)
			if alveary.IsKind(err, alveary.KindLimited) {
				limited.Add(1)
			}
		})
	}
	wg.Wait()
	if n := len(h.comparisons()); n < mostFailures || n >= mostFailures+hashesAtOnce {
		t.Errorf("%d passwords were tried, want about %d", n, mostFailures)
	}
	if limited.Load() < 60-mostFailures-hashesAtOnce {
		t.Errorf("only %d of 60 were limited", limited.Load())
	}
}

// The memory of failures is bounded, and what is quiet longest goes first.
func TestSlowdownForgets(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s := newSlowdown(func() time.Time { return now })
	for i := range mostPairs {
		now = now.Add(time.Millisecond)
		s.failed(fmt.Sprint("user", i), "192.0.2.1")
	}
	for range mostFailures {
		s.failed("user0", "192.0.2.1")
	}
	s.failed("one more", "192.0.2.1")
	if len(s.pairs) != mostPairs {
		t.Errorf("%d pairs are remembered, want %d", len(s.pairs), mostPairs)
	}
	if s.check("user0", "192.0.2.1") == nil {
		t.Error("the pair that failed last was forgotten")
	}
	now = now.Add(failureWindow)
	s.failed("later", "192.0.2.1")
	if len(s.pairs) != 1 {
		t.Errorf("%d pairs are remembered though all but one have passed", len(s.pairs))
	}
}

func TestSlowdownTakesAnIPv6NetworkAsOne(t *testing.T) {
	for _, c := range []struct {
		one, other string
		same       bool
	}{
		{"2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true},
		{"2001:db8:1:2::1", "2001:db8:1:3::1", false},
		{"192.0.2.1", "192.0.2.2", false},
		{"", "192.0.2.2", false},
	} {
		if got := pairOf("ann", c.one) == pairOf("ann", c.other); got != c.same {
			t.Errorf("%s and %s count as one: %v, want %v", c.one, c.other, got, c.same)
		}
	}
	if pairOf("ANN", "192.0.2.1") != pairOf("ann", "192.0.2.1") {
		t.Error("a capital makes another pair")
	}
}

// Whoever gives up does not wait for his turn.
func TestHashingHeedsTheContext(t *testing.T) {
	h := newHouse(t)
	h.people()
	for range hashesAtOnce {
		done, err := h.hasher.turn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer done()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, _, err := h.SignIn(ctx, "ann", annPassword, desk)
	assertKind(t, err, alveary.KindUnavailable, "")
}

// The shipped price is the one that was asked for.
func TestPriceOfAHash(t *testing.T) {
	dear := newHasher(price())
	hash, err := dear.hash(t.Context(), annPassword)
	if err != nil {
		t.Fatal(err)
	}
	const want = "$argon2id$v=19$m=19456,t=2,p=1$"
	if !strings.HasPrefix(hash, want) || !strings.HasPrefix(dear.dummy, want) || len(hash) != len(dear.dummy) {
		t.Errorf("a hash is %s and the dummy %s, want both to begin with %s", hash, dear.dummy, want)
	}
	for password, match := range map[string]bool{annPassword: true, "something else": false} {
		if same, err := dear.matches(password, hash); err != nil || same != match {
			t.Errorf("%q matches: %v, %v", password, same, err)
		}
	}
	if same, err := dear.matches(annPassword, ""); err != nil || same {
		t.Errorf("no hash matches: %v, %v", same, err)
	}
}

func TestCheckPassword(t *testing.T) {
	for _, c := range []struct {
		login, password string
		good            bool
	}{
		{"ann", "twelve chars", true},
		{"ann", "eleven char", false},
		{"ann", "", false},
		{"ann", strings.Repeat("é", 12), true},
		{"ann", strings.Repeat("e\u0301", 11), false}, // eleven characters, however composed
		{"ann", strings.Repeat("x", MaxPassword), true},
		{"ann", strings.Repeat("x", MaxPassword+1), false},
		{"ann", "valid but for \xff this", false},
		{"long.login.name", "Long.Login.Name", false},
		{"long.login.name", "Long.Login.Name!", true},
	} {
		err := CheckPassword(c.login, c.password)
		if (err == nil) != c.good {
			t.Errorf("%.30q of %s: %v", c.password, c.login, err)
		}
		if err != nil && strings.Contains(err.Error(), c.password) && c.password != "" {
			t.Errorf("the error repeats the password: %v", err)
		}
	}
}
