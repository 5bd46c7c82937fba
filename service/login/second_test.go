package login

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alveary"
	"alveary/store"
	"alveary/testkit/passkey"

	"github.com/pquerna/otp/totp"
)

// site is where the people of the house sign in.
const site = "https://files.example.org"

// code is what an authenticator app shows now.
func (h *house) code(seed string) string {
	h.t.Helper()
	code, err := totp.GenerateCode(seed, h.Now())
	if err != nil {
		h.t.Fatal(err)
	}
	return code
}

// withApp gives somebody an authenticator app, and says what its seed is and
// which recovery codes came with it. The clock goes on, so that the next code
// is a new one.
func (h *house) withApp(by alveary.Subject) (seed string, recovery []string) {
	h.t.Helper()
	e, err := h.BeginTOTP(h.t.Context(), by)
	if err != nil {
		h.t.Fatal(err)
	}
	recovery, err = h.ConfirmTOTP(h.t.Context(), by, e.Pending, h.code(e.Secret))
	if err != nil {
		h.t.Fatal(err)
	}
	h.wait(30 * time.Second)
	return e.Secret, recovery
}

// withPasskey gives somebody a passkey.
func (h *house) withPasskey(by alveary.Subject) *passkey.Device {
	h.t.Helper()
	d := passkey.New(h.t, int64(by.User.ID))
	e, err := h.BeginAddPasskey(h.t.Context(), by, desk)
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.ConfirmPasskey(h.t.Context(), by, Answer{Pending: e.Pending, Passkey: d.Makes(site, e.Passkey), Label: "key"}, desk); err != nil {
		h.t.Fatal(err)
	}
	return d
}

// pending begins a sign-in that needs a second factor.
func (h *house) pending(login, password string) Step {
	h.t.Helper()
	step, err := h.SignIn(h.t.Context(), login, password, "", desk)
	if err != nil || step.Need != NeedSecond || step.Pending == "" || step.Secret != "" {
		h.t.Fatalf("%+v, %v", step, err)
	}
	return step
}

// needSecond makes a role that needs a second factor and gives it to somebody.
func (h *house) needSecond(user alveary.UserID) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		if err := tx.InsertRole(alveary.Role{ID: "careful", Label: "Careful", SecondFactor: true}); err != nil {
			return err
		}
		return tx.SetUserRoles(user, []alveary.RoleID{"careful"})
	})
}

func (h *house) write(fn func(*store.Tx) error) {
	h.t.Helper()
	if err := h.store.Write(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

func TestSecondFactor(t *testing.T) {
	h := newHouse(t)
	h.people()
	_, ann := h.signIn("ann", annPassword)
	seed, recovery := h.withApp(ann)
	if len(recovery) != 10 {
		t.Fatalf("%d recovery codes", len(recovery))
	}
	step := h.pending("ann", annPassword)
	if want := []alveary.FactorKind{alveary.FactorTOTP, alveary.FactorRecovery}; !slices.Equal(step.Factors, want) || step.Passkey != nil {
		t.Errorf("one may go on with %v", step.Factors)
	}
	_, err := h.SecondStep(t.Context(), step.Pending, Answer{Code: "000000"}, desk)
	assertKind(t, err, alveary.KindUnauthenticated, "wrong-code")
	done, err := h.SecondStep(t.Context(), step.Pending, Answer{Code: h.code(seed)}, desk)
	if err != nil {
		t.Fatal(err)
	}
	by := h.subject(done.Secret)
	if done.Session.Level != alveary.LevelSecond || done.Session.Method != "password" || by.Context.AuthLevel != 2 || by.Context.AuthBy != "password" {
		t.Errorf("the session is %+v, %+v", done.Session, by.Context)
	}
	if line := h.lastAudit(); line.Action != "sign-in" || line.Verdict != alveary.VerdictDone || line.Detail != "with a password and a code" {
		t.Errorf("the audit says %+v", line)
	}
	_, err = h.SecondStep(t.Context(), step.Pending, Answer{Code: h.code(seed)}, desk)
	assertKind(t, err, alveary.KindNotFound, "not-found")
	if f, err := h.Factors(t.Context(), by); err != nil || len(f.Factors) != 11 || f.Factors[0].Secret != "" || f.NeededBy != "" {
		t.Errorf("ann has %+v, %v", f, err)
	}
}

func TestPasskeyInPlaceOfThePassword(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.people()
		_, ann := h.signIn("ann", annPassword)
		d := h.withPasskey(ann)
		begun, err := h.BeginPasskey(t.Context(), desk)
		if err != nil || len(begun.Pending) > 200 {
			t.Fatal(begun, err)
		}
		answer := Answer{Passkey: d.Answers(site, begun.Passkey)}
		done, err := h.SecondStep(t.Context(), begun.Pending, answer, desk)
		if err != nil {
			t.Fatal(err)
		}
		if by := h.subject(done.Secret); by.User.Login != "ann" || by.Context.AuthBy != "passkey" || by.Context.AuthLevel != 2 {
			t.Errorf("signed in as %s by %s", by.User.Login, by.Context.AuthBy)
		}
		_, err = h.SecondStep(t.Context(), begun.Pending, answer, desk)
		assertKind(t, err, alveary.KindNotFound, "not-found") // replayed
		late, err := h.BeginPasskey(t.Context(), desk)
		if err != nil {
			t.Fatal(err)
		}
		answer.Passkey = d.Answers(site, late.Passkey)
		h.wait(waitsFor)
		_, err = h.SecondStep(t.Context(), late.Pending, answer, desk)
		assertKind(t, err, alveary.KindNotFound, "not-found")
		h.disable(ann.User.ID, true)
		late, err = h.BeginPasskey(t.Context(), desk)
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.SecondStep(t.Context(), late.Pending, Answer{Passkey: d.Answers(site, late.Passkey)}, desk)
		assertKind(t, err, alveary.KindUnauthenticated, "wrong-code")
	})
}

func TestPasskeysCanBeOff(t *testing.T) {
	h := newHouse(t)
	h.write(func(tx *store.Tx) error { return tx.SetSetting(alveary.SettingSignIn, `{"passkeys":false}`) })
	_, err := h.BeginPasskey(t.Context(), desk)
	assertKind(t, err, alveary.KindDenied, "passkeys-off")
}

// A role that needs a second factor sends to set one up; what was signed in
// before is out.
func TestEnrolment(t *testing.T) {
	for _, kind := range []alveary.FactorKind{alveary.FactorTOTP, alveary.FactorPasskey} {
		t.Run(string(kind), func(t *testing.T) {
			h := newHouse(t)
			h.people()
			secret, ann := h.signIn("ann", annPassword)
			_, token := h.token(ann, time.Time{})
			h.needSecond(ann.User.ID)
			for _, by := range []struct{ _, err error }{{err: second(h.BySession(t.Context(), secret, desk))}, {err: second(h.ByToken(t.Context(), token, desk))}} {
				assertKind(t, by.err, alveary.KindUnauthenticated, "second-factor")
			}
			step, err := h.SignIn(t.Context(), "ann", annPassword, "", desk)
			if err != nil || step.Need != NeedEnrol || len(step.Factors) != 2 || step.Secret != "" {
				t.Fatalf("%+v, %v", step, err)
			}
			_, err = h.ConfirmEnrol(t.Context(), step.Pending, Answer{Code: "000000"}, desk)
			assertKind(t, err, alveary.KindUnauthenticated, "wrong-code") // nothing was begun
			_, err = h.SecondStep(t.Context(), step.Pending, Answer{Code: "000000"}, desk)
			assertKind(t, err, alveary.KindNotFound, "not-found")
			e, err := h.BeginEnrol(t.Context(), step.Pending, kind, desk)
			if err != nil {
				t.Fatal(err)
			}
			answer := Answer{Label: "mine"}
			if kind == alveary.FactorTOTP {
				answer.Code = h.code(e.Secret)
			} else {
				answer.Passkey = passkey.New(t, int64(ann.User.ID)).Makes(site, e.Passkey)
			}
			done, err := h.ConfirmEnrol(t.Context(), step.Pending, answer, desk)
			if err != nil || len(done.Recovery) != 10 || done.Session.Level != alveary.LevelSecond {
				t.Fatalf("%+v, %v", done, err)
			}
			by := h.subject(done.Secret)
			f, err := h.Factors(t.Context(), by)
			if err != nil || f.NeededBy != "careful" || f.Factors[0].Kind != kind || f.Factors[0].Label != "mine" {
				t.Errorf("%+v, %v", f, err)
			}
			assertKind(t, h.RemoveFactor(t.Context(), by, f.Factors[0].ID), alveary.KindConflict, "factor-needed")
			h.pending("ann", annPassword)
		})
	}
}

func second(_ alveary.Subject, err error) error { return err }

// The owner looks after his factors.
func TestFactorsOfOnesOwn(t *testing.T) {
	h := newHouse(t)
	h.people()
	_, ann := h.signIn("ann", annPassword)
	_, err := h.NewRecovery(t.Context(), ann)
	assertKind(t, err, alveary.KindConflict, "no-factor")
	_, recovery := h.withApp(ann)
	_, err = h.BeginTOTP(t.Context(), ann)
	assertKind(t, err, alveary.KindConflict, "factor-exists")
	h.withPasskey(ann)
	f, err := h.Factors(t.Context(), ann)
	if err != nil || len(f.Factors) != 12 {
		t.Fatalf("%+v, %v", f, err)
	}
	app := f.Factors[slices.IndexFunc(f.Factors, func(f alveary.Factor) bool { return f.Kind == alveary.FactorTOTP })]
	key := f.Factors[slices.IndexFunc(f.Factors, func(f alveary.Factor) bool { return f.Kind == alveary.FactorPasskey })]
	if err := h.LabelFactor(t.Context(), ann, key.ID, " at home "); err != nil {
		t.Fatal(err)
	}
	assertKind(t, h.LabelFactor(t.Context(), ann, "no such", "x"), alveary.KindNotFound, "not-found")
	assertKind(t, h.LabelFactor(t.Context(), ann, key.ID, " "), alveary.KindInvalid, "invalid")
	_, admin := h.signIn("admin", adminPassword)
	assertKind(t, h.LabelFactor(t.Context(), admin, key.ID, "mine"), alveary.KindNotFound, "not-found")
	assertKind(t, h.RemoveFactor(t.Context(), admin, key.ID), alveary.KindNotFound, "not-found")
	again, err := h.NewRecovery(t.Context(), ann)
	if err != nil || len(again) != 10 || slices.Contains(again, recovery[0]) {
		t.Fatal(again, err)
	}
	if err := h.RemoveFactor(t.Context(), ann, app.ID); err != nil {
		t.Fatal(err)
	}
	if err := h.RemoveFactor(t.Context(), ann, key.ID); err != nil {
		t.Fatal(err)
	}
	if f, err = h.Factors(t.Context(), ann); err != nil || len(f.Factors) != 0 {
		t.Errorf("recovery codes are left: %+v, %v", f, err)
	}
	h.signIn("ann", annPassword)
}

// Of many that show one code at once, one is signed in.
func TestThreat20_CodeIsSingleUse(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.people()
		_, ann := h.signIn("ann", annPassword)
		seed, recovery := h.withApp(ann)
		for name, code := range map[string]string{"app": h.code(seed), "recovery": recovery[3]} {
			var steps []Step
			for range 20 {
				steps = append(steps, h.pending("ann", annPassword))
			}
			var wg sync.WaitGroup
			var in atomic.Int64
			for _, step := range steps {
				wg.Go(func() {
					done, err := h.SecondStep(t.Context(), step.Pending, Answer{Code: code}, desk)
					if err == nil && done.Secret != "" {
						in.Add(1)
					} else if k := alveary.KindOf(err); k != alveary.KindUnauthenticated && k != alveary.KindLimited {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if in.Load() != 1 {
				t.Errorf("%s: %d were signed in by one code", name, in.Load())
			}
			h.write(func(tx *store.Tx) error { return tx.ForgetFailures(h.Now().Add(time.Hour)) })
			h.wait(2 * time.Second)
		}
	})
}

// Five codes may be tried for one sign-in, however many come at once, and all
// failures count with the limits.
func TestThreat20_FewTriesForASecondFactor(t *testing.T) {
	h := newHouse(t)
	h.people()
	_, ann := h.signIn("ann", annPassword)
	seed, _ := h.withApp(ann)
	step := h.pending("ann", annPassword)
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			if _, err := h.SecondStep(t.Context(), step.Pending, Answer{Code: "000000"}, desk); err == nil {
				t.Error("a wrong code signs in")
			}
		})
	}
	wg.Wait()
	h.write(func(tx *store.Tx) error { return tx.ForgetFailures(h.Now().Add(time.Hour)) })
	h.wait(2 * time.Second)
	_, err := h.SecondStep(t.Context(), step.Pending, Answer{Code: h.code(seed)}, desk)
	assertKind(t, err, alveary.KindNotFound, "not-found")

	step = h.pending("ann", annPassword)
	for range 3 {
		_, err = h.SecondStep(t.Context(), step.Pending, Answer{Code: "000000"}, desk)
		assertKind(t, err, alveary.KindUnauthenticated, "wrong-code")
	}
	_, err = h.SignIn(t.Context(), "ann", annPassword, "", desk)
	assertKind(t, err, alveary.KindUnauthenticated, "captcha")
}

// However many sign-ins wait, and however many come at once, few codes are
// tried before the limits stand in the way; so it is with a session that is
// to be proved.
func TestThreat20_CodesThatComeAtOnceCannotOutrunTheLimits(t *testing.T) {
	h := newHouse(t)
	h.people()
	_, ann := h.signIn("ann", annPassword)
	h.withApp(ann)
	const slowedAfter, most = 5, 5 + atOnce
	var pending []string
	for range 10 {
		pending = append(pending, h.pending("ann", annPassword).Pending)
	}
	atonce := func(try func(int) error) (tried int64) {
		var wg sync.WaitGroup
		var n atomic.Int64
		for i := range 50 {
			wg.Go(func() {
				var e *alveary.Error
				if err := try(i); errors.As(err, &e) && e.Code == "wrong-code" {
					n.Add(1)
				}
			})
		}
		wg.Wait()
		return n.Load()
	}
	if n := atonce(func(i int) error {
		_, err := h.SecondStep(t.Context(), pending[i%10], Answer{Code: "000000"}, desk)
		return err
	}); n < slowedAfter || n > most {
		t.Errorf("%d codes were tried at once, want about %d", n, slowedAfter)
	}
	h.write(func(tx *store.Tx) error { return tx.ForgetFailures(h.Now().Add(time.Hour)) })
	h.wait(2 * time.Second)
	if n := atonce(func(int) error { return h.Prove(t.Context(), ann, Answer{Code: "000000"}, desk) }); n < slowedAfter || n > most {
		t.Errorf("%d codes were tried at once to prove a session, want about %d", n, slowedAfter)
	}
}

// Recovery codes open nothing once the other factors are gone, and a clock
// that is five minutes off hears no more than a wrong code does.
func TestThreat20_CodesGiveNoHint(t *testing.T) {
	h := newHouse(t)
	h.people()
	_, ann := h.signIn("ann", annPassword)
	seed, recovery := h.withApp(ann)
	step := h.pending("ann", annPassword)
	var answers []string
	late, err := totp.GenerateCode(seed, h.Now().Add(5*time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{late, "000000", "zzzzz-zzzzz-zzzzz", ""} {
		_, err := h.SecondStep(t.Context(), step.Pending, Answer{Code: code}, desk)
		assertKind(t, err, alveary.KindUnauthenticated, "wrong-code")
		answers = append(answers, err.Error())
	}
	if len(slices.Compact(answers)) != 1 {
		t.Errorf("the answers differ: %q", answers)
	}
	h.write(func(tx *store.Tx) error { // as if somebody had taken the app alone away
		_, err := tx.DeleteFactors(ann.User.ID, alveary.FactorTOTP)
		return err
	})
	if step, err := h.SignIn(t.Context(), "ann", annPassword, h.proof(), desk); err != nil || step.Secret == "" {
		t.Errorf("recovery codes alone are asked for: %+v, %v", step, err)
	}
	err = h.Prove(t.Context(), ann, Answer{Code: recovery[0]}, desk)
	assertKind(t, err, alveary.KindDenied, "wrong-credentials")
}

// What waits for a second factor ends with a new password, with a change of
// the factors, and when the account is disabled.
func TestThreat20_PendingSignInEnds(t *testing.T) {
	for name, change := range map[string]func(h *house, ann alveary.Subject){
		"password": func(h *house, ann alveary.Subject) {
			if err := h.ChangePassword(h.t.Context(), ann, annPassword, "quite another sentence"); err != nil {
				h.t.Fatal(err)
			}
		},
		"password, behind its back": func(h *house, ann alveary.Subject) {
			h.write(func(tx *store.Tx) error { return tx.SetPasswordHash(ann.User.ID, "another") })
		},
		"a factor more": func(h *house, ann alveary.Subject) { h.withPasskey(ann) },
		"disabled":      func(h *house, ann alveary.Subject) { h.disable(ann.User.ID, true) },
		"all ended": func(h *house, ann alveary.Subject) {
			h.write(func(tx *store.Tx) error { _, err := tx.EndSignIns(ann.User.ID, ""); return err })
		},
		"the time is over": func(h *house, _ alveary.Subject) { h.wait(waitsFor) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.people()
			_, ann := h.signIn("ann", annPassword)
			seed, _ := h.withApp(ann)
			step := h.pending("ann", annPassword)
			change(h, ann)
			_, err := h.SecondStep(t.Context(), step.Pending, Answer{Code: h.code(seed)}, desk)
			assertKind(t, err, alveary.KindNotFound, "not-found")
		})
	}
}

// Setting a factor up needs a session that was proved lately.
func TestThreat20_EnrolmentNeedsRecentProof(t *testing.T) {
	h := newHouse(t)
	h.people()
	secret, ann := h.signIn("ann", annPassword)
	_, token := h.token(ann, time.Time{})
	byToken, err := h.ByToken(t.Context(), token, desk)
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.BeginTOTP(t.Context(), byToken)
	assertKind(t, err, alveary.KindDenied, "session-needed")
	h.wait(FreshFor + time.Second)
	_, err = h.BeginTOTP(t.Context(), ann)
	assertKind(t, err, alveary.KindDenied, "not-fresh")
	_, err = h.BeginAddPasskey(t.Context(), ann, desk)
	assertKind(t, err, alveary.KindDenied, "not-fresh")
	_, _, err = h.CreateToken(t.Context(), ann, "x", time.Time{}, alveary.Scope{})
	assertKind(t, err, alveary.KindDenied, "not-fresh")
	assertKind(t, h.Prove(t.Context(), ann, Answer{Password: "not the password"}, desk), alveary.KindDenied, "wrong-credentials")
	if err := h.Prove(t.Context(), ann, Answer{Password: annPassword}, desk); err != nil {
		t.Fatal(err)
	}
	h.withApp(h.subject(secret))
}

// A device that does not know who holds it is not enough, as first factor or
// as second; nor is an answer from another site.
func TestThreat20_PasskeysVerifyTheirUser(t *testing.T) {
	h := newHouse(t)
	h.people()
	_, ann := h.signIn("ann", annPassword)
	d := h.withPasskey(ann)
	for name, begin := range map[string]func() Step{
		"first": func() Step {
			step, err := h.BeginPasskey(t.Context(), desk)
			if err != nil {
				t.Fatal(err)
			}
			return step
		},
		"second": func() Step { return h.pending("ann", annPassword) },
	} {
		step := begin()
		d.Options.UserNotVerified = true
		_, err := h.SecondStep(t.Context(), step.Pending, Answer{Passkey: d.Answers(site, step.Passkey)}, desk)
		assertKind(t, err, alveary.KindUnauthenticated, "wrong-code")
		d.Options.UserNotVerified = false
		_, err = h.SecondStep(t.Context(), step.Pending, Answer{Passkey: d.Answers("https://evil.example", step.Passkey)}, desk)
		assertKind(t, err, alveary.KindUnauthenticated, "wrong-code")
		if _, err := h.SecondStep(t.Context(), step.Pending, Answer{Passkey: d.Answers(site, step.Passkey)}, desk); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		h.write(func(tx *store.Tx) error { return tx.ForgetFailures(h.Now().Add(time.Hour)) })
		h.wait(2 * time.Second)
	}
}
