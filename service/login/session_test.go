package login

import (
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/service/login/credential"
	"alveary/store"
)

// A session ends by itself at the end of its life, or when it was idle so long.
func TestSessionExpires(t *testing.T) {
	t.Run("idle", func(t *testing.T) {
		h := newHouse(t)
		h.people()
		secret, _ := h.signIn("ann", annPassword)
		for range 5 {
			h.wait(59 * time.Minute)
			assertIn(t, h.BySession, secret)
		}
		h.wait(time.Hour)
		assertOut(t, h.BySession, secret)
	})
	t.Run("life", func(t *testing.T) {
		h := newHouse(t)
		h.people()
		secret, _ := h.signIn("ann", annPassword)
		for range 23 {
			h.wait(30 * time.Minute)
			assertIn(t, h.BySession, secret)
		}
		h.wait(30*time.Minute - time.Second)
		assertIn(t, h.BySession, secret)
		h.wait(time.Second)
		assertOut(t, h.BySession, secret)
	})
}

// "Last seen" is written at most once a minute: most requests only read.
func TestLastSeenIsWrittenSeldom(t *testing.T) {
	h := newHouse(t)
	h.people()
	secret, subject := h.signIn("ann", annPassword)
	begun := h.Now()
	for _, c := range []struct {
		after, seen time.Duration
	}{{59 * time.Second, 0}, {60 * time.Second, 60 * time.Second}, {100 * time.Second, 60 * time.Second}, {120 * time.Second, 120 * time.Second}} {
		h.wait(begun.Add(c.after).Sub(h.Now()))
		assertIn(t, h.BySession, secret)
		session, err := h.Session(t.Context(), subject)
		if err != nil || !session.LastSeen.Equal(begun.Add(c.seen)) {
			t.Errorf("after %s last seen %s, want %s (%v)", c.after, session.LastSeen.Sub(begun), c.seen, err)
		}
	}
}

func TestMadeUpSessions(t *testing.T) {
	h := newHouse(t)
	h.people()
	secret, subject := h.signIn("ann", annPassword)
	other, _ := h.signIn("admin", adminPassword)
	id, own, _ := strings.Cut(secret, "_")
	_, foreign, _ := strings.Cut(other, "_")
	for name, made := range map[string]string{
		"empty": "", "id alone": id, "no secret": id + "_", "no id": "_" + own, "secret of another": id + "_" + foreign,
		"upper case": strings.ToUpper(secret), "longer": secret + "a", "shorter": secret[:len(secret)-1], "NUL": id + "_\x00",
		"the hash": id + "_" + credential.Hash(own), "a token": tokenPrefix + secret, "unknown": foreign[:16] + "_" + own, "only the name": string(subject.Session),
	} {
		t.Run(name, func(t *testing.T) { assertOut(t, h.BySession, made) })
	}
	assertIn(t, h.BySession, secret)
}

// The owner sees his own sessions and ends them; nobody else's.
func TestSessionsOfOnesOwn(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.people()
		desktop, ann := h.signIn("ann", annPassword)
		h.wait(time.Minute)
		phone, annPhone := h.signIn("ann", annPassword)
		h.wait(time.Minute)
		tablet, _ := h.signIn("ann", annPassword)
		_, admin := h.signIn("admin", adminPassword)

		sessions, err := h.Sessions(t.Context(), ann)
		if err != nil || len(sessions) != 3 {
			t.Fatalf("ann has %d sessions, want 3 (%v)", len(sessions), err)
		}

		assertKind(t, h.RevokeSession(t.Context(), admin, ann.Session), alveary.KindNotFound, "not-found")
		assertKind(t, h.RevokeSession(t.Context(), ann, "aaaaaaaaaaaaaaaa"), alveary.KindNotFound, "not-found")
		assertKind(t, h.RevokeSession(t.Context(), ann, "\x00"), alveary.KindNotFound, "not-found")
		assertIn(t, h.BySession, desktop)

		if err := h.RevokeSession(t.Context(), ann, annPhone.Session); err != nil {
			t.Fatal(err)
		}
		assertOut(t, h.BySession, phone)
		if line := h.lastAudit(); line.Action != "revoke-session" || line.Login != "ann" {
			t.Errorf("the audit says %+v", line)
		}
		if err := h.RevokeOtherSessions(t.Context(), ann); err != nil {
			t.Fatal(err)
		}
		assertOut(t, h.BySession, tablet)
		assertIn(t, h.BySession, desktop)

		if err := h.SignOut(t.Context(), ann); err != nil {
			t.Fatal(err)
		}
		assertOut(t, h.BySession, desktop)
		if line := h.lastAudit(); line.Action != "sign-out" || line.Verdict != alveary.VerdictDone {
			t.Errorf("the audit says %+v", line)
		}
		if sessions, err := h.Sessions(t.Context(), ann); err != nil || len(sessions) != 0 {
			t.Errorf("ann still has %d sessions (%v)", len(sessions), err)
		}
	})
}

// What has passed is not listed, and is swept.
func TestPassedSessionsGo(t *testing.T) {
	h := newHouse(t)
	h.people()
	_, ann := h.signIn("ann", annPassword)
	h.wait(2 * time.Hour)
	if sessions, err := h.Sessions(t.Context(), ann); err != nil || len(sessions) != 0 {
		t.Errorf("a passed session is listed: %v, %v", sessions, err)
	}
	if err := h.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := h.store.Read(t.Context(), func(tx *store.Tx) error {
		left, err := tx.Sessions(ann.User.ID)
		if len(left) != 0 {
			t.Errorf("%d passed sessions are kept", len(left))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What a browser says of itself is kept only as far as it can be shown.
func TestUserAgentIsCleaned(t *testing.T) {
	for agent, want := range map[string]string{
		"Firefox/150":                  "Firefox/150",
		"a\x00b\nc\xffd\u202ee":        "abcde",
		strings.Repeat("é", 200):       strings.Repeat("é", 128),
		"x" + strings.Repeat("é", 200): "x" + strings.Repeat("é", 127),
	} {
		if got := (Client{UserAgent: agent}).agent(); got != want {
			t.Errorf("%.20q is kept as %.20q (%d bytes), want %.20q", agent, got, len(got), want)
		}
	}
}
