package login

import (
	"sync"
	"testing"
	"time"

	"alveary"
)

// Set-up makes an administrator of the root group whatever else was asked for.
func TestThreat17_SetupTakesNoPrivilegeFromTheRequest(t *testing.T) {
	h := newHouse(t)
	n := root
	n.Profile, n.Group = alveary.ProfileShared, "/sales"
	secret, _, err := h.Setup(t.Context(), h.link(), n, desk)
	if err != nil {
		t.Fatal(err)
	}
	subject, err := h.BySession(t.Context(), secret, desk)
	if err != nil || subject.User.Profile != alveary.ProfileAdmin || subject.User.Group != alveary.RootGroup {
		t.Errorf("made %+v (%v)", subject.User, err)
	}
}

// Two that come at once for logins that are one after folding: one is made.
func TestThreat18_LoginsThatFoldToOneCollide(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.people()
		var wg sync.WaitGroup
		var mu sync.Mutex
		made := 0
		for _, login := range []string{"Straße", "STRASSE", "strasse", "ｓｔｒａｓｓｅ", "Strasse"} {
			wg.Go(func() {
				_, err := h.AddUserHere(t.Context(), NewUser{Login: login, Password: "a password of its own"})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					made++
				} else if !alveary.IsKind(err, alveary.KindConflict) {
					t.Errorf("%s: %v", login, err)
				}
			})
		}
		wg.Wait()
		if made != 1 {
			t.Errorf("%d users were made of one login", made)
		}
	})
}

// A user that is made without words of a profile gets the least.
func TestThreat18_NewUsersGetLeastRights(t *testing.T) {
	h := newHouse(t)
	h.people()
	u := h.addUser("ben", "a password of his own")
	if u.Profile != alveary.ProfileStandard || u.Group != alveary.RootGroup || len(u.Roles) != 0 {
		t.Errorf("made %+v", u)
	}
}

// With a new password, all that was opened with the old one ends; the next
// request is refused.
func TestThreat19_PasswordChangeEndsSessionsAndTokens(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.people()
		here, ann := h.signIn("ann", annPassword)
		there, _ := h.signIn("ann", annPassword)
		_, token := h.token(ann, time.Time{})
		admin, _ := h.signIn("admin", adminPassword)
		if err := h.ChangePassword(t.Context(), ann, annPassword, "quite another sentence"); err != nil {
			t.Fatal(err)
		}
		assertIn(t, h.BySession, here)
		assertOut(t, h.BySession, there)
		assertOut(t, h.ByToken, token)
		assertIn(t, h.BySession, admin)
	})
}

// A token that changes the password ends with the others, and every session.
func TestThreat19_PasswordChangeByTokenEndsItToo(t *testing.T) {
	h := newHouse(t)
	h.people()
	session, ann := h.signIn("ann", annPassword)
	_, token := h.token(ann, time.Time{})
	by, err := h.ByToken(t.Context(), token, desk)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.ChangePassword(t.Context(), by, annPassword, "quite another sentence"); err != nil {
		t.Fatal(err)
	}
	assertOut(t, h.BySession, session)
	assertOut(t, h.ByToken, token)
}

// A sign-in that was under way with the old password does not survive the
// change.
func TestThreat19_PasswordChangeStopsPendingSignIn(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.people()
		_, ann := h.signIn("ann", annPassword)
		plain, changed := h.hasher.Check, false
		h.hasher.Check = func(password, hash string) (bool, error) {
			same, err := plain(password, hash)
			if !changed { // the first comparison is the sign-in's
				changed = true
				if err := h.ChangePassword(t.Context(), ann, annPassword, "quite another sentence"); err != nil {
					t.Error(err)
				}
			}
			return same, err
		}
		_, err := h.SignIn(t.Context(), "ann", annPassword, "", desk)
		assertKind(t, err, alveary.KindUnauthenticated, "wrong-credentials")
		if sessions, err := h.Sessions(t.Context(), ann); err != nil || len(sessions) != 1 {
			t.Errorf("%d sessions, want the one that changed the password (%v)", len(sessions), err)
		}
	})
}

// A disabled account is out with the next request, and its sessions do not
// serve to sign in again.
func TestThreat19_DisabledUserIsOutAtOnce(t *testing.T) {
	h := newHouse(t)
	h.people()
	secret, ann := h.signIn("ann", annPassword)
	_, token := h.token(ann, time.Time{})
	h.disable(ann.User.ID, true)
	assertOut(t, h.BySession, secret)
	assertOut(t, h.ByToken, token)
	_, err := h.SignIn(t.Context(), "ann", annPassword, "", desk)
	assertKind(t, err, alveary.KindUnauthenticated, "wrong-credentials")
}

// The set-up link, the one code of this layer, works once and dies with the
// next.
func TestThreat20_SetupLinkIsSingleUse(t *testing.T) {
	h := newHouse(t)
	older := h.link()
	token := h.link()
	_, _, err := h.Setup(t.Context(), older, root, desk)
	assertKind(t, err, alveary.KindDenied, "wrong-credentials")
	if _, _, err := h.Setup(t.Context(), token, root, desk); err != nil {
		t.Fatal(err)
	}
	_, _, err = h.Setup(t.Context(), token, NewUser{Login: "second", Password: adminPassword}, desk)
	assertKind(t, err, alveary.KindGone, "setup-done")
}

// An unknown login, a disabled account and a wrong password cost one
// comparison each, with a hash of the same price, and one line of the audit.
func TestThreat23_UnknownUsersCostTheSame(t *testing.T) {
	h := newHouse(t)
	h.people()
	ben := h.addUser("ben", "another long sentence")
	h.disable(ben.ID, true)
	var answers []string
	for _, c := range []struct {
		name, login string
		dummy       bool
	}{{"wrong password", "ann", false}, {"unknown", "nobody", true}, {"disabled", "ben", true}, {"impossible", "a/b", true}} {
		h.comparisons()
		lines := h.countAudit()
		_, err := h.SignIn(t.Context(), c.login, "another long sentence", h.proof(), desk)
		tried := h.comparisons()
		if len(tried) != 1 {
			t.Fatalf("%s: %d comparisons, want 1", c.name, len(tried))
		}
		if (tried[0] == h.hasher.Dummy) != c.dummy || len(tried[0]) != len(h.hasher.Dummy) {
			t.Errorf("%s was compared with %s", c.name, tried[0])
		}
		if n := h.countAudit() - lines; n != 1 {
			t.Errorf("%s: %d lines of audit, want 1", c.name, n)
		}
		answers = append(answers, err.Error())
	}
	for _, a := range answers[1:] {
		if a != answers[0] {
			t.Errorf("the answers differ: %q and %q", answers[0], a)
		}
	}
}

// Unknown logins are counted like known ones, or the limit would tell them
// apart.
func TestThreat23_UnknownUsersAreSlowedDownToo(t *testing.T) {
	h := newHouse(t)
	h.people()
	elsewhere := desk
	for i, login := range []string{"ann", "nobody"} {
		elsewhere.Address = []string{"192.0.2.10", "192.0.2.11"}[i]
		for range 3 {
			_, err := h.SignIn(t.Context(), login, "not the password", "", elsewhere)
			assertKind(t, err, alveary.KindUnauthenticated, "wrong-credentials")
		}
		_, err := h.SignIn(t.Context(), login, "not the password", "", elsewhere)
		assertKind(t, err, alveary.KindUnauthenticated, "captcha")
	}
}

// Sessions and tokens outlive a restart.
func TestRestart(t *testing.T) {
	h := newHouse(t)
	h.people()
	secret, ann := h.signIn("ann", annPassword)
	_, token := h.token(ann, time.Time{})
	next := h.again(h.options())
	assertIn(t, next.BySession, secret)
	assertIn(t, next.ByToken, token)
}

func TestNewRefusesAnIncompleteHouse(t *testing.T) {
	h := newHouse(t)
	whole := h.options()
	for name, spoil := range map[string]func(*Options){
		"clock":      func(o *Options) { o.Now = nil },
		"randomness": func(o *Options) { o.Random = nil },
		"life":       func(o *Options) { o.SessionLife = 0 },
		"box":        func(o *Options) { o.Box = nil },
		"idle":       func(o *Options) { o.SessionIdle = -1 },
	} {
		o := whole
		spoil(&o)
		if _, err := New(h.store, h.gate, o); err == nil {
			t.Errorf("made without %s", name)
		}
	}
}
