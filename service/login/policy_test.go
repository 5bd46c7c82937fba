package login

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/service/login/credential"
	"alveary/store"

	"alveary/testkit/passkey"
)

// deny adds a rule that denies signing in where the condition holds.
func (h *house) deny(actions []string, attribute string, c alveary.Condition) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		_, err := tx.PutPolicy(alveary.Policy{ID: "deny", Type: alveary.PolicyOIDC, Rules: []alveary.Rule{{
			Effect: alveary.EffectDeny, Actions: actions, Conditions: alveary.Conditions{{Attribute: attribute, Condition: c}},
		}}}, "", "")
		return err
	})
}

func from(cidr string) alveary.Condition {
	return alveary.Condition{Type: "CIDRCondition", Options: map[string]any{"cidr": cidr}}
}

// A policy's refusal is the same for a right and a wrong password: in words, in
// work, on record, and in what is counted.
func TestThreat23_PolicyRefusalTellsNothingOfThePassword(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.deny([]string{"login"}, "RemoteAddress", from("192.0.2.0/24"))
	var seen []string
	for i, c := range []struct{ login, password string }{{"ann", annPassword}, {"ann", "not the password"}, {"nobody", annPassword}} {
		there := desk
		there.Address = []string{"192.0.2.20", "192.0.2.21", "192.0.2.22"}[i]
		h.comparisons()
		lines := h.countAudit()
		_, err := h.SignIn(t.Context(), c.login, c.password, "", there)
		assertKind(t, err, alveary.KindDenied, "policy")
		line := h.lastAudit()
		if n := h.countAudit() - lines; n != 1 || len(h.comparisons()) != 1 {
			t.Errorf("%v: %d lines of audit", c, n)
		}
		var count int64
		h.write(func(tx *store.Tx) error {
			all, err := tx.FailuresFrom(1, 100)
			for _, f := range all {
				if f.Kind == "address" && f.Address == there.Address {
					count = f.Count
				}
			}
			return err
		})
		if count != 1 {
			t.Errorf("%v counts %d", c, count)
		}
		seen = append(seen, err.Error()+" "+string(line.Verdict)+" "+line.Detail)
	}
	if len(slices.Compact(seen)) != 1 {
		t.Errorf("the refusals differ: %q", seen)
	}
	elsewhere := desk
	elsewhere.Address = "198.51.100.1"
	if _, err := h.SignIn(t.Context(), "ann", annPassword, h.proof(), elsewhere); err != nil {
		t.Error(err)
	}
}

// Policies that let nobody in by password alone send to set a second factor
// up; they are asked again at the last step, whatever is answered.
func TestPoliciesAskForASecondFactor(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.deny([]string{"login"}, "AuthLevel", alveary.Condition{Type: "CompareCondition", Options: map[string]any{"op": "<", "value": 2}})
	_, err := h.SignIn(t.Context(), "ann", "not the password", "", desk)
	assertKind(t, err, alveary.KindUnauthenticated, "wrong-credentials")
	step, err := h.SignIn(t.Context(), "ann", annPassword, "", desk)
	if err != nil || step.Need != NeedEnrol {
		t.Fatalf("%+v, %v", step, err)
	}
	e, err := h.BeginEnrol(t.Context(), step.Pending, alveary.FactorTOTP, desk)
	if err != nil {
		t.Fatal(err)
	}
	done, err := h.ConfirmEnrol(t.Context(), step.Pending, Answer{Code: h.code(e.Secret)}, desk)
	if err != nil {
		t.Fatal(err)
	}
	d := h.withPasskey(h.subject(done.Secret))
	h.wait(30 * time.Second)
	step = h.pending("ann", annPassword)
	first, err := h.BeginPasskey(t.Context(), desk)
	if err != nil {
		t.Fatal(err)
	}
	h.deny([]string{"login"}, "RemoteAddress", from("192.0.2.0/24"))
	for _, code := range []string{"000000", h.code(e.Secret)} {
		_, err = h.SecondStep(t.Context(), step.Pending, Answer{Code: code}, desk)
		assertKind(t, err, alveary.KindDenied, "policy")
	}
	_, err = h.SecondStep(t.Context(), first.Pending, Answer{Passkey: d.Answers(site, first.Passkey)}, desk)
	assertKind(t, err, alveary.KindDenied, "policy")
}

// Tokens are issued, and sessions renewed, only as the policies let.
func TestPoliciesOfIssueAndRenewal(t *testing.T) {
	h := newHouse(t)
	h.people()
	secret, ann := h.signIn("ann", annPassword)
	h.deny([]string{"issue", "refresh"}, "RemoteAddress", from("192.0.2.0/24"))
	_, _, err := h.CreateToken(t.Context(), ann, "x", time.Time{}, alveary.Scope{})
	assertKind(t, err, alveary.KindDenied, "policy")
	assertIn(t, h.BySession, secret)
	h.wait(time.Minute)
	_, err = h.BySession(t.Context(), secret, desk)
	assertKind(t, err, alveary.KindDenied, "policy")
	assertOut(t, h.BySession, secret)
}

// An administrator sees and ends what others are signed in by; nobody else.
func TestAccountsOfOthers(t *testing.T) {
	h := newHouse(t)
	h.people()
	_, admin := h.signIn("admin", adminPassword)
	secret, ann := h.signIn("ann", annPassword)
	token, tokenSecret := h.token(ann, time.Time{})
	for _, err := range []error{
		third(h.SessionsOf(t.Context(), ann, admin.User.ID)), third(h.TokensOf(t.Context(), ann, admin.User.ID)), third(h.FactorsOf(t.Context(), ann, admin.User.ID)),
		h.EndSessionOf(t.Context(), ann, admin.User.ID, admin.Session), h.EndSessionsOf(t.Context(), ann, admin.User.ID),
		h.RevokeTokenOf(t.Context(), ann, ann.User.ID, token.ID), h.ResetFactors(t.Context(), ann, ann.User.ID),
	} {
		assertKind(t, err, alveary.KindDenied, "denied")
	}
	if sessions, err := h.SessionsOf(t.Context(), admin, ann.User.ID); err != nil || len(sessions) != 1 || sessions[0].ID != ann.Session {
		t.Errorf("%v, %v", sessions, err)
	}
	if tokens, err := h.TokensOf(t.Context(), admin, ann.User.ID); err != nil || len(tokens) != 1 {
		t.Errorf("%v, %v", tokens, err)
	}
	assertKind(t, third(h.SessionsOf(t.Context(), admin, 99)), alveary.KindNotFound, "not-found")
	assertKind(t, h.EndSessionOf(t.Context(), admin, ann.User.ID, admin.Session), alveary.KindNotFound, "not-found")
	if err := h.RevokeTokenOf(t.Context(), admin, ann.User.ID, token.ID); err != nil {
		t.Fatal(err)
	}
	assertOut(t, h.ByToken, tokenSecret)
	if err := h.EndSessionsOf(t.Context(), admin, ann.User.ID); err != nil {
		t.Fatal(err)
	}
	assertOut(t, h.BySession, secret)
	if line := h.lastAudit(); line.Login != "admin" || !strings.Contains(line.Detail, "ann") {
		t.Errorf("the audit says %+v", line)
	}
}

func third[T any](_ T, err error) error { return err }

// An administrator takes the factors of others away, never those of another
// administrator: that needs the machine itself.
func TestThreat20_PeersDoNotResetEachOther(t *testing.T) {
	h := newHouse(t)
	h.people()
	_, admin := h.signIn("admin", adminPassword)
	if _, err := h.AddUserHere(t.Context(), NewUser{Login: "eve", Password: "another long sentence", Profile: alveary.ProfileAdmin}); err != nil {
		t.Fatal(err)
	}
	for _, login := range []string{"ann", "eve"} {
		password := map[string]string{"ann": annPassword, "eve": "another long sentence"}[login]
		secret, by := h.signIn(login, password)
		h.withApp(by)
		err := h.ResetFactors(t.Context(), admin, by.User.ID)
		if login == "eve" {
			assertKind(t, err, alveary.KindDenied, "administrator")
			assertKind(t, h.ResetFactors(t.Context(), h.subject(secret), by.User.ID), alveary.KindDenied, "administrator")
			h.pending(login, password)
			err = h.ResetFactorsHere(t.Context(), login)
		}
		if err != nil {
			t.Fatal(err)
		}
		assertOut(t, h.BySession, secret)
		h.signIn(login, password)
	}
	h.wait(FreshFor + time.Second)
	assertKind(t, h.ResetFactors(t.Context(), admin, h.subjectOf("ann").ID), alveary.KindDenied, "not-fresh")
}

// What a change of the factors ends: all but the session that makes it.
func TestThreat19_ChangeOfFactorsEndsTheRest(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.people()
		here, ann := h.signIn("ann", annPassword)
		there, _ := h.signIn("ann", annPassword)
		_, token := h.token(ann, time.Time{})
		h.mail(ann.User)
		h.withApp(ann)
		assertIn(t, h.BySession, here)
		assertOut(t, h.BySession, there)
		assertOut(t, h.ByToken, token)
		if kinds, _ := h.mails(); len(kinds) != 1 || kinds[0] != "ann@example.org factor-changed" {
			t.Errorf("told by %v", kinds)
		}
		if s, err := h.Session(t.Context(), ann); err != nil || s.Level != alveary.LevelSecond {
			t.Errorf("the session is %+v, %v", s, err)
		}
	})
}

// A session proves again who it is, by what its user has: with a second factor
// the password alone does not do.
func TestProve(t *testing.T) {
	h := newHouse(t)
	h.people()
	secret, ann := h.signIn("ann", annPassword)
	if w, err := h.BeginProve(t.Context(), ann, desk); err != nil || !w.Password || len(w.Factors) != 0 {
		t.Errorf("%+v, %v", w, err)
	}
	seed, recovery := h.withApp(ann)
	d := h.withPasskey(ann)
	h.wait(time.Hour / 2)
	ann = h.subject(secret)
	w, err := h.BeginProve(t.Context(), ann, desk)
	if err != nil || w.Password || len(w.Factors) != 3 || len(w.Pending) > 200 {
		t.Fatalf("%+v, %v", w, err)
	}
	assertKind(t, h.Prove(t.Context(), ann, Answer{Password: annPassword}, desk), alveary.KindDenied, "wrong-code")
	stranger := passkey.New(t, int64(ann.User.ID))
	assertKind(t, h.Prove(t.Context(), ann, Answer{Passkey: stranger.Answers(site, w.Passkey), Pending: w.Pending}, desk), alveary.KindDenied, "wrong-code")
	for _, a := range []Answer{{Passkey: d.Answers(site, w.Passkey), Pending: w.Pending}, {Code: h.code(seed)}, {Code: recovery[0]}} {
		h.wait(time.Minute)
		if a.Code != "" && a.Code != recovery[0] {
			a.Code = h.code(seed)
		}
		if err := h.Prove(t.Context(), ann, a, desk); err != nil {
			t.Fatal(err)
		}
		if s, err := h.Session(t.Context(), ann); err != nil || !s.Proved.Equal(h.Now()) {
			t.Errorf("%+v, %v", s, err)
		}
		if err := h.Prove(t.Context(), ann, a, desk); err == nil {
			t.Errorf("%+v proves twice", a)
		}
	}
	// What another session was asked proves nothing here.
	other, err := h.SignIn(t.Context(), "ann", annPassword, h.proof(), desk)
	if err != nil {
		t.Fatal(err)
	}
	h.wait(time.Minute)
	done, err := h.SecondStep(t.Context(), other.Pending, Answer{Code: h.code(seed)}, desk)
	if err != nil {
		t.Fatal(err)
	}
	w, err = h.BeginProve(t.Context(), h.subject(done.Secret), desk)
	if err != nil {
		t.Fatal(err)
	}
	assertKind(t, h.Prove(t.Context(), ann, Answer{Passkey: d.Answers(site, w.Passkey), Pending: w.Pending}, desk), alveary.KindDenied, "wrong-code")
}

// All servers over one store count as one, and a proof of work serves once.
func TestLimitsOfACluster(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.people()
		other := h.again(h.options())
		for i, s := range []*Service{h.Service, other, h.Service} {
			_, err := s.SignIn(t.Context(), "ann", "not the password", "", desk)
			if i == 2 {
				h.wait(time.Second) // a server believes for a second what it read
			}
			assertKind(t, err, alveary.KindUnauthenticated, "wrong-credentials")
		}
		for _, s := range []*Service{h.Service, other} {
			_, err := s.SignIn(t.Context(), "ann", annPassword, "", desk)
			assertKind(t, err, alveary.KindUnauthenticated, "captcha")
			_, err = s.SignIn(t.Context(), "ann", annPassword, "made up", desk)
			assertKind(t, err, alveary.KindUnauthenticated, "captcha")
		}
		proof := h.proof()
		_, err := h.SignIn(t.Context(), "ann", "not the password", proof, desk)
		assertKind(t, err, alveary.KindUnauthenticated, "wrong-credentials")
		h.wait(time.Second)
		_, err = other.SignIn(t.Context(), "ann", annPassword, proof, desk)
		assertKind(t, err, alveary.KindUnauthenticated, "captcha")
		if _, err = other.SignIn(t.Context(), "ann", annPassword, h.proof(), desk); err != nil {
			t.Error(err)
		}
	})
}

// With hashes at their true price, an unknown login takes as long as a known
// one: the shortest times, which a busy machine disturbs least, come together.
func TestThreat23_UnknownUsersTakeAsLong(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.hasher = credential.NewHasher(credential.Price(), 1)
	hash, err := h.hasher.Hash(t.Context(), annPassword)
	if err != nil {
		t.Fatal(err)
	}
	ann := h.subjectOf("ann")
	h.write(func(tx *store.Tx) error { return tx.SetPasswordHash(ann.ID, hash) })
	shortest := map[string]float64{"ann": math.Inf(1), "nobody": math.Inf(1)}
	for round := range 60 {
		for login := range shortest {
			h.write(func(tx *store.Tx) error { return tx.ForgetFailures(h.Now().Add(time.Hour)) })
			h.wait(2 * time.Second)
			begun := time.Now()
			_, err := h.SignIn(t.Context(), login, "not the password", "", desk)
			shortest[login] = min(shortest[login], time.Since(begun).Seconds())
			assertKind(t, err, alveary.KindUnauthenticated, "wrong-credentials")
		}
		known, unknown := shortest["ann"], shortest["nobody"]
		if round >= 5 && math.Abs(known-unknown) < max(known, unknown)/5 {
			return
		}
	}
	t.Errorf("a known login takes %.1f ms at least, an unknown one %.1f ms", shortest["ann"]*1000, shortest["nobody"]*1000)
}

// Seeds and links are sealed or hashed where they lie.
func TestThreat20_SecretsOfFactorsAreSealed(t *testing.T) {
	h := newHouse(t)
	h.people()
	_, ann := h.signIn("ann", annPassword)
	seed, recovery := h.withApp(ann)
	h.write(func(tx *store.Tx) error {
		factors, err := tx.Factors(ann.User.ID)
		for _, f := range factors {
			if strings.Contains(f.Secret, seed) || strings.Contains(f.Secret, strings.ReplaceAll(recovery[0], "-", "")) {
				t.Errorf("%s is kept as %s", f.Kind, f.Secret)
			}
		}
		lines, err2 := tx.Audit(1000)
		for _, line := range lines {
			if strings.Contains(line.Detail, seed) || strings.Contains(line.Detail, recovery[0]) {
				t.Errorf("the audit says %s", line.Detail)
			}
		}
		if err == nil {
			err = err2
		}
		return err
	})
}
