package login

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"alveary"
	"alveary/service/login/credential"
	"alveary/service/login/factor"
	"alveary/service/login/limit"
	"alveary/store"
)

// The kinds of what waits for its next step.
const (
	waitsSecond  = "second-factor"
	waitsEnrol   = "enrol"
	waitsTOTP    = "add-totp"
	waitsPasskey = "add-passkey"
)

const (
	waitsFor  = 10 * time.Minute
	mostTries = 5 // of codes, for each sign-in that waits
)

// Answer is what someone shows for who he is: one of password, code and
// passkey.
type Answer struct {
	Password string
	Code     string          // of the authenticator app, or a recovery code
	Passkey  json.RawMessage // what navigator.credentials gave
	Pending  string          // of the challenge that the passkey answers, where that is not the sign-in's
	Label    string          // of a factor that is made
}

// waiting is kept with what waits, as JSON.
type waiting struct {
	Challenge []byte            `json:"challenge,omitempty"` // that a passkey answers
	Seed      string            `json:"seed,omitempty"`      // of an authenticator app, sealed
	Session   alveary.SessionID `json:"session,omitempty"`   // that began it
}

// overdue is the one answer to what does not wait, or not any more.
func overdue() error {
	return &alveary.Error{
		Kind: alveary.KindNotFound, Op: "go on with the sign-in", Code: "not-found",
		Message: "this sign-in has taken too long, or is over: begin again",
	}
}

// wait keeps what waits for its next step and gives the secret that brings it.
func (s *Service) wait(tx *store.Tx, kind string, st *standing, w waiting) (pending string, err error) {
	id, secret, err := credential.New(s.random)
	if err != nil {
		return "", err
	}
	data, err := json.Marshal(w)
	if err != nil {
		return "", err
	}
	return id + "_" + secret, tx.InsertPending(alveary.Pending{
		ID: id, User: st.user.ID, Secret: credential.Hash(secret), Kind: kind, Stamp: st.stamp(), Data: string(data), Expires: tx.Now().Add(waitsFor),
	})
}

// resume finds what waits, with how its user stands now: KindNotFound where his
// password or factors changed meanwhile, or he was disabled.
func (s *Service) resume(ctx context.Context, tx *store.Tx, pending, kind string, c Client) (p alveary.Pending, w waiting, st standing, err error) {
	id, secret, ok := credential.Cut(pending)
	if !ok {
		return p, w, st, overdue()
	}
	p, err = tx.Pending(id)
	if alveary.IsKind(err, alveary.KindNotFound) || (err == nil && (p.Kind != kind || !credential.Same(secret, p.Secret))) {
		return p, w, st, overdue()
	}
	if err != nil {
		return p, w, st, err
	}
	if err := json.Unmarshal([]byte(p.Data), &w); err != nil {
		return p, w, st, fmt.Errorf("read what waits: %w", err)
	}
	st, err = s.standingOf(ctx, tx, p.User, methodPassword, c)
	if errors.Is(err, errWrong) || (err == nil && st.stamp() != p.Stamp) {
		err = overdue()
	}
	return p, w, st, err
}

// standingOf is how a user stands who is known by his id; errWrong where he is
// gone or disabled.
func (s *Service) standingOf(ctx context.Context, tx *store.Tx, user alveary.UserID, method string, c Client) (st standing, err error) {
	known, _, err := tx.Named(user)
	if err == nil {
		st, err = s.standingIn(ctx, tx, known, method, c)
	}
	if alveary.IsKind(err, alveary.KindNotFound) || (err == nil && (st.user.ID != user || st.user.Disabled)) {
		return standing{}, errWrong
	}
	return st, err
}

// askSecond begins to wait for a second factor.
func (s *Service) askSecond(_ context.Context, tx *store.Tx, st *standing, c Client) (step Step, err error) {
	w := waiting{}
	site, ok, err := s.site(tx, c)
	if err != nil {
		return step, err
	}
	if ok && site.Has(st.of(alveary.FactorPasskey)) {
		if w.Challenge, err = factor.NewChallenge(s.random); err != nil {
			return step, err
		}
		person := st.person()
		if step.Passkey, err = site.BeginAsk(w.Challenge, &person); err != nil {
			return step, err
		}
	}
	step.Need, step.Factors = NeedSecond, st.kinds(func([]alveary.Factor) bool { return step.Passkey != nil })
	step.Pending, err = s.wait(tx, waitsSecond, st, w)
	return step, err
}

// SecondStep ends a sign-in that waits for a second factor, or one that began
// with a passkey. KindUnauthenticated ("wrong-code") where the answer does not
// fit, five times at most; KindNotFound where nothing waits any more: begin
// again. KindDenied ("policy") does not depend on the answer.
func (s *Service) SecondStep(ctx context.Context, pending string, a Answer, c Client) (step Step, err error) {
	if strings.HasPrefix(pending, challengePrefix) {
		return s.finishPasskey(ctx, pending, a, c)
	}
	attempt, err := s.attemptOf(ctx, pending, waitsSecond, c)
	if err != nil {
		return step, err
	}
	outcome, err := s.try(ctx, pending, waitsSecond, c, func(tx *store.Tx, w waiting, st *standing) error {
		how, err := s.answered(tx, st, w.Challenge, a, c)
		if err == nil {
			step, err = s.grant(tx, st, entrance{methodPassword, alveary.LevelSecond, "with a password and " + how}, c)
		}
		return err
	})
	if err != nil {
		return Step{}, err
	}
	if outcome != nil {
		return Step{}, s.failedStep(ctx, attempt, c, outcome)
	}
	return step, s.limits.Succeeded(ctx, attempt)
}

// failedStep counts and writes down a second step that failed; a policy that
// refuses counts like a wrong code.
func (s *Service) failedStep(ctx context.Context, a limit.Attempt, c Client, outcome error) error {
	if err := s.failed(ctx, a); err != nil {
		return err
	}
	user := alveary.User{ID: a.User, Login: a.Login}
	if !errors.Is(outcome, errWrong) {
		return s.notAdmitted(ctx, user, c, outcome)
	}
	if err := s.store.Record(ctx, record(signedIn(user, "", c), "sign-in", alveary.VerdictFailed, "the second factor does not fit")); err != nil {
		return err
	}
	return wrongCode("sign in")
}

func wrongCode(op string) error {
	return &alveary.Error{
		Kind: alveary.KindUnauthenticated, Op: op, Code: "wrong-code",
		Message: "this does not fit, or was used already: try again with a new code, or another way",
	}
}

// attemptOf looks whether something waits, before anything is written, and
// asks the limits.
func (s *Service) attemptOf(ctx context.Context, pending, kind string, c Client) (a limit.Attempt, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		_, _, st, err := s.resume(ctx, tx, pending, kind, c)
		a = limit.Attempt{Login: st.user.Login, Address: c.Address, User: st.user.ID}
		return err
	})
	if err != nil {
		return a, err
	}
	return a, s.limits.Check(ctx, a, true)
}

// try counts a try of what waits and ends it where fn succeeds. The outcome is
// errWrong or a refusal by a policy: the try is counted all the same.
func (s *Service) try(ctx context.Context, pending, kind string, c Client, fn func(*store.Tx, waiting, *standing) error) (outcome, err error) {
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		p, w, st, err := s.resume(ctx, tx, pending, kind, c)
		if err != nil {
			return err
		}
		if err := tried(tx, p); err != nil {
			return err
		}
		if outcome = st.answers[alveary.LevelSecond].refused; outcome != nil {
			return nil //nolint:nilerr // the try counts all the same
		}
		err = fn(tx, w, &st)
		if err == nil {
			_, err = tx.DeletePending(p.ID)
		}
		if errors.Is(err, errWrong) {
			outcome, err = errWrong, nil
		}
		return err
	})
	return outcome, err
}

// tried counts a try.
func tried(tx *store.Tx, p alveary.Pending) error {
	ok, err := tx.TryPending(p.ID, mostTries)
	if err == nil && !ok {
		err = overdue()
	}
	return err
}

// answered checks an answer by one of the user's factors and uses it up:
// errWrong where it does not fit. It says how he answered.
func (s *Service) answered(tx *store.Tx, st *standing, challenge []byte, a Answer, c Client) (how string, err error) {
	switch {
	case !st.second(): // recovery codes alone open nothing
		return "", errWrong
	case len(a.Passkey) > 0:
		return "a passkey", s.answeredByPasskey(tx, st, challenge, a, c)
	case factor.IsRecovery(a.Code):
		return "a recovery code", s.answeredByRecovery(tx, st, a.Code)
	}
	return "a code", s.answeredByCode(tx, st, a.Code)
}

func (s *Service) answeredByPasskey(tx *store.Tx, st *standing, challenge []byte, a Answer, c Client) error {
	site, ok, err := s.site(tx, c)
	if err != nil {
		return err
	}
	if !ok || len(challenge) == 0 {
		return errWrong
	}
	used, err := site.FinishAsk(challenge, st.person(), a.Passkey)
	if err != nil {
		return wrong(err)
	}
	return usePasskey(tx, used)
}

// usePasskey keeps the counter of a passkey. Many devices do not count: there
// the challenge alone sees to it that an answer serves once.
func usePasskey(tx *store.Tx, used alveary.Factor) error {
	if used.Step == 0 {
		return tx.SetFactor(used)
	}
	return counted(tx.UseFactor(used.ID, used.Step))
}

// counted is errWrong where something was used before.
func counted(ok bool, err error) error {
	if err == nil && !ok {
		err = errWrong
	}
	return err
}

func (s *Service) answeredByCode(tx *store.Tx, st *standing, code string) error {
	for _, f := range st.of(alveary.FactorTOTP) {
		seed, err := s.box.Open(sealFor(st.user.ID), f.Secret)
		if err != nil {
			return err
		}
		if step, ok := factor.CodeStep(string(seed), code, tx.Now()); ok {
			return counted(tx.UseFactor(f.ID, step))
		}
	}
	return errWrong
}

func (s *Service) answeredByRecovery(tx *store.Tx, st *standing, code string) error {
	for _, f := range st.of(alveary.FactorRecovery) {
		if !factor.SameRecovery(code, f.Secret) {
			continue
		}
		err := tx.DeleteFactor(st.user.ID, f.ID)
		if alveary.IsKind(err, alveary.KindNotFound) {
			return errWrong
		}
		return err
	}
	return errWrong
}

// sealFor is the purpose for which a user's seeds are sealed: none serves
// another user.
func sealFor(user alveary.UserID) string { return fmt.Sprintf("totp:%d", user) }

// wrong is errWrong for what does not fit; other faults stay what they are.
func wrong(err error) error {
	if errors.Is(err, factor.ErrRefused) {
		return errWrong
	}
	return err
}

// person is he as the passkeys need him.
func (st *standing) person() factor.Person {
	return factor.Person{User: st.user.ID, Login: st.user.Login, Name: st.user.Name, Passkeys: st.of(alveary.FactorPasskey)}
}
