package login

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"alveary"
	"alveary/service/login/credential"
)

var root = NewUser{Login: "Root", Name: "The Administrator", Password: adminPassword}

func (h *house) link() string {
	h.t.Helper()
	token, needed, err := h.EnsureSetup(h.t.Context())
	if err != nil || !needed || len(token) < 50 {
		h.t.Fatalf("the link is %q, needed %v (%v)", token, needed, err)
	}
	return token
}

func TestSetup(t *testing.T) {
	h := newHouse(t)
	token := h.link()
	secret, session, err := h.Setup(t.Context(), token, root, desk)
	if err != nil {
		t.Fatal(err)
	}
	subject, err := h.BySession(t.Context(), secret, desk)
	if err != nil || subject.Session != session.ID {
		t.Fatalf("the set-up did not sign in: %+v, %v", subject, err)
	}
	u := subject.User
	if u.Login != "Root" || u.Name != "The Administrator" || u.Profile != alveary.ProfileAdmin || u.Group != alveary.RootGroup {
		t.Errorf("made %+v", u)
	}
	if line := h.lastAudit(); line.Action != "set-up" || line.Login != "Root" || line.Address != desk.Address {
		t.Errorf("the audit says %+v", line)
	}
	_, _, err = h.Setup(t.Context(), token, root, desk)
	assertKind(t, err, alveary.KindGone, "setup-done")
	if token, needed, err := h.EnsureSetup(t.Context()); token != "" || needed || err != nil {
		t.Errorf("a next start wants to be set up again: %q, %v, %v", token, needed, err)
	}
	if needed, err := h.SetupNeeded(t.Context()); needed || err != nil {
		t.Errorf("set-up is still needed: %v, %v", needed, err)
	}
}

func TestSetupRefused(t *testing.T) {
	h := newHouse(t)
	older := h.link()
	token := h.link() // the server was started again
	for name, made := range map[string]string{"older": older, "empty": "", "made up": strings.Repeat("a", len(token)), "hash": credential.Hash(token)} {
		t.Run(name, func(t *testing.T) {
			_, _, err := h.Setup(t.Context(), made, root, desk)
			assertKind(t, err, alveary.KindDenied, "wrong-credentials")
		})
	}
	for name, n := range map[string]NewUser{
		"short password": {Login: "root", Password: "short"},
		"bad login":      {Login: "", Password: adminPassword},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := h.Setup(t.Context(), token, n, desk)
			if !alveary.IsKind(err, alveary.KindInvalid) {
				t.Error(err)
			}
		})
	}
	// A mistake does not use the link up.
	if _, _, err := h.Setup(t.Context(), token, root, desk); err != nil {
		t.Error(err)
	}
}

// Before the first start made a link, no text opens the set-up.
func TestSetupWithoutLink(t *testing.T) {
	h := newHouse(t)
	_, _, err := h.Setup(t.Context(), "", root, desk)
	assertKind(t, err, alveary.KindDenied, "wrong-credentials")
}

// The link makes one administrator however many use it at once.
func TestSetupRace(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		token := h.link()
		var wg sync.WaitGroup
		var won, late atomic.Int64
		for i := range 20 {
			wg.Go(func() {
				n := root
				n.Login += strings.Repeat("x", i)
				_, _, err := h.Setup(t.Context(), token, n, desk)
				switch {
				case err == nil:
					won.Add(1)
				case alveary.IsKind(err, alveary.KindGone):
					late.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 || late.Load() != 19 {
			t.Errorf("%d won and %d came too late, want 1 and 19", won.Load(), late.Load())
		}
	})
}

func TestUnattendedStart(t *testing.T) {
	h := newHouse(t)
	token := h.link()
	if _, err := h.CreateAdmin(t.Context(), "admin", "short"); !alveary.IsKind(err, alveary.KindInvalid) {
		t.Errorf("a short password: %v", err)
	}
	if created, err := h.CreateAdmin(t.Context(), "admin", adminPassword); !created || err != nil {
		t.Fatal(created, err)
	}
	if line := h.lastAudit(); line.Action != "set-up" || line.Login != "admin" {
		t.Errorf("the audit says %+v", line)
	}
	// Later starts ignore the variable, and the link is dead.
	if created, err := h.CreateAdmin(t.Context(), "admin", "another password"); created || err != nil {
		t.Error(created, err)
	}
	_, _, err := h.Setup(t.Context(), token, root, desk)
	assertKind(t, err, alveary.KindGone, "setup-done")
	_, subject := h.signIn("admin", adminPassword)
	if subject.User.Profile != alveary.ProfileAdmin {
		t.Errorf("made %+v", subject.User)
	}
}
