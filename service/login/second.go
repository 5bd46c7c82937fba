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
	"alveary/service/login/keyring"
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
type Answer = keyring.Answer

// waiting is kept with what waits, as JSON.
type waiting struct {
	keyring.Kept
	Session alveary.SessionID `json:"session,omitempty"` // that began it
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
		ID: id, User: st.User.ID, Secret: credential.Hash(secret), Kind: kind, Stamp: st.stamp(), Data: string(data), Expires: tx.Now().Add(waitsFor),
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
	if alveary.IsKind(err, alveary.KindNotFound) || (err == nil && (st.User.ID != user || st.User.Disabled)) {
		return standing{}, errWrong
	}
	return st, err
}

// askSecond begins to wait for a second factor.
func (s *Service) askSecond(tx *store.Tx, st *standing, c Client) (step Step, err error) {
	step.Need = NeedSecond
	w := waiting{}
	step.Factors, step.Passkey, err = s.keyring.Ask(tx, &st.Owner, c.place(), func() (_ []byte, err error) {
		w.Challenge, err = s.keyring.NewChallenge()
		return w.Challenge, err
	})
	if err == nil {
		step.Pending, err = s.wait(tx, waitsSecond, st, w)
	}
	return step, err
}

// SecondStep ends a sign-in that waits for a second factor, or one that began
// with a passkey. KindUnauthenticated ("wrong-code") where the answer does not
// fit, five times at most; KindNotFound where nothing waits any more: begin
// again. KindDenied ("policy") does not depend on the answer.
func (s *Service) SecondStep(ctx context.Context, pending string, a Answer, c Client) (step Step, err error) {
	if strings.HasPrefix(pending, keyring.ChallengePrefix) {
		return s.finishPasskey(ctx, pending, a, c)
	}
	attempt, err := s.attemptOf(ctx, pending, waitsSecond, c)
	if err != nil {
		return step, err
	}
	done, err := s.turn(ctx, attempt, true)
	if err != nil {
		return step, err
	}
	defer done()
	outcome, err := s.try(ctx, pending, waitsSecond, c, func(tx *store.Tx, w waiting, st *standing) error {
		how, err := s.keyring.Answered(tx, &st.Owner, w.Challenge, a, c.place())
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
		a = limit.Attempt{Login: st.User.Login, Address: c.Address, User: st.User.ID}
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
