package login

import (
	"testing"
	"time"

	"alveary"
)

func TestChangePassword(t *testing.T) {
	h := newHouse(t)
	h.people()
	here, ann := h.signIn("ann", annPassword)
	if err := h.ChangePassword(t.Context(), ann, annPassword, "quite another sentence"); err != nil {
		t.Fatal(err)
	}
	assertIn(t, h.BySession, here)
	if line := h.lastAudit(); line.Action != "change-password" || line.Verdict != alveary.VerdictDone || line.Login != "ann" {
		t.Errorf("the audit says %+v", line)
	}
	_, err := h.SignIn(t.Context(), "ann", annPassword, "", desk)
	assertKind(t, err, alveary.KindUnauthenticated, "wrong-credentials")
	h.signIn("ann", "quite another sentence")
}

func TestChangePasswordRefused(t *testing.T) {
	h := newHouse(t)
	h.people()
	secret, ann := h.signIn("ann", annPassword)
	_, token := h.token(ann, time.Time{})
	for _, c := range []struct {
		name, current, next string
		kind                alveary.Kind
		code                string
	}{
		{"wrong", "not the password", "quite another sentence", alveary.KindDenied, "wrong-credentials"},
		{"none", "", "quite another sentence", alveary.KindDenied, "wrong-credentials"},
		{"too short", annPassword, "short", alveary.KindInvalid, "weak-password"},
		{"the same", annPassword, annPassword, alveary.KindInvalid, "invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			assertKind(t, h.ChangePassword(t.Context(), ann, c.current, c.next), c.kind, c.code)
			if c.kind == alveary.KindDenied {
				if line := h.lastAudit(); line.Action != "change-password" || line.Verdict != alveary.VerdictDenied {
					t.Errorf("the audit says %+v", line)
				}
			}
			assertIn(t, h.BySession, secret)
			assertIn(t, h.ByToken, token)
		})
	}
	// A stolen session does not serve to guess the password.
	for range 5 {
		_ = h.ChangePassword(t.Context(), ann, "guessed password", "quite another sentence")
	}
	assertKind(t, h.ChangePassword(t.Context(), ann, annPassword, "quite another sentence"), alveary.KindLimited, "limited")
}
