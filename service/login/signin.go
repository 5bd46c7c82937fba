package login

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"alveary"
	"alveary/captcha"
	"alveary/service/login/credential"
	"alveary/service/login/letter"
	"alveary/service/login/limit"
	"alveary/store"
)

// What a sign-in that has begun still needs.
const (
	NeedSecond = "second-factor" // an answer by one of the factors: SecondStep
	NeedEnrol  = "enrol"         // a second factor, which is not there yet: BeginEnrol
)

// Step is how far a sign-in has come.
type Step struct {
	Secret  string          // for the browser's cookie, where the sign-in is done; it cannot be had again
	Session alveary.Session // likewise
	Pending string          // brings the next step, where there is one; it is a secret
	Need    string          // what that is
	Factors []alveary.FactorKind
	Passkey json.RawMessage // options for the browser, where a passkey may answer

	Recovery []string // codes to keep, where the sign-in made a second factor
}

// SignIn begins a session, or says what it needs besides. KindUnauthenticated
// where login or password is wrong or the account is disabled ("wrong-credentials")
// or where a proof of work is needed ("captcha"), KindLimited after too many
// failures, KindDenied ("policy") where the oidc policies do not let whoever
// has this login in from there, whatever the password.
//
// The order is the same whoever is meant: limits, account, policies, password,
// and only then anything of the answer.
func (s *Service) SignIn(ctx context.Context, login, password, proof string, c Client) (step Step, err error) {
	attempt := limit.Attempt{Login: login, Address: c.Address}
	proved, err := s.mayTry(ctx, attempt, proof)
	if err != nil {
		return step, err
	}
	st, err := s.standing(ctx, login, methodPassword, c)
	if err != nil {
		return step, err
	}
	attempt.User = st.User.ID
	refused := st.refusal()
	err = s.compare(ctx, attempt, proved, password, st.hash, refused != nil)
	if refused != nil && (err == nil || errors.Is(err, errWrong)) {
		return step, s.notAdmitted(ctx, st.User, c, refused)
	}
	if err == nil {
		err = s.store.Write(ctx, func(tx *store.Tx) error {
			now, err := s.standingIn(ctx, tx, login, methodPassword, c)
			if err != nil {
				return err
			}
			if now.hash == "" || now.stamp() != st.stamp() { // it changed meanwhile
				return errWrong
			}
			if refused = now.refusal(); refused != nil {
				return refused
			}
			step, err = s.advance(tx, &now, c)
			return err
		})
	}
	switch {
	case errors.Is(err, errWrong):
		return Step{}, s.refuse(ctx, st.User, c)
	case err != nil:
		return Step{}, err
	case step.Secret != "":
		err = s.limits.Succeeded(ctx, attempt)
	}
	return step, err
}

// mayTry asks the limits before any work. A proof of work that was brought
// counts once.
func (s *Service) mayTry(ctx context.Context, a limit.Attempt, proof string) (proved bool, err error) {
	if err := s.limits.Check(ctx, a, proof != ""); err != nil || proof == "" {
		return false, err
	}
	if proved, err = s.Proved(ctx, proof); err != nil {
		return false, err
	}
	return proved, s.limits.Check(ctx, a, proved)
}

// Proved says whether a proof of work is right and counts, which it does once.
func (s *Service) Proved(ctx context.Context, proof string) (ok bool, err error) {
	spend, expires, err := s.captcha.Verify(proof, s.now())
	if err == nil {
		err = s.store.Write(ctx, func(tx *store.Tx) error {
			ok, err = tx.Spend("proof "+spend, expires)
			return err
		})
	}
	if alveary.IsKind(err, alveary.KindUnauthenticated) {
		return false, nil
	}
	return ok, err
}

// Challenge makes a proof of work to be done.
func (s *Service) Challenge() (captcha.Challenge, error) { return s.captcha.Challenge(s.now()) }

// compare gives errWrong where the password is wrong, which counts as a failed
// attempt. It does the same work whether or not there is such an account.
// Within the turn it asks the limits again, so that many that come at once are
// not all tried. Where a policy refuses the sign-in, a right password counts
// like a wrong one, or the count would tell them apart.
func (s *Service) compare(ctx context.Context, a limit.Attempt, proved bool, password, hash string, refused bool) error {
	done, err := s.turn(ctx, a, proved)
	if err != nil {
		return err
	}
	defer done()
	same, err := s.hasher.Matches(password, hash)
	if err != nil {
		return err
	}
	if !same || refused {
		if err := s.failed(ctx, a); err != nil {
			return err
		}
	}
	if !same {
		return errWrong
	}
	return nil
}

// turn waits until something may be guessed at and asks the limits then: what
// failed of those that came before is counted, so many that come at once are
// not all tried. Whoever calls counts his failure before it is done.
func (s *Service) turn(ctx context.Context, a limit.Attempt, proved bool) (done func(), err error) {
	if done, err = s.hasher.Turn(ctx); err != nil {
		return nil, err
	}
	if err := s.limits.Check(ctx, a, proved); err != nil {
		done()
		return nil, err
	}
	return done, nil
}

// failed counts a failure, and tells the owner of an account that it locked.
func (s *Service) failed(ctx context.Context, a limit.Attempt) error {
	locked, err := s.limits.Failed(ctx, a)
	if err != nil || !locked {
		return err
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		user, err := tx.User(a.User)
		if err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
			return err
		}
		return s.letters.Tell(tx, user, letter.Notice{Kind: letter.Locked, Address: a.Address})
	})
}

// advance begins the session of someone whose password was right, or what is
// to come before it.
func (s *Service) advance(tx *store.Tx, st *standing, c Client) (Step, error) {
	if st.level() == alveary.LevelPassword {
		return s.grant(tx, st, entrance{methodPassword, alveary.LevelPassword, "with a password"}, c)
	}
	if st.Second() {
		return s.askSecond(tx, st, c)
	}
	return s.askEnrol(tx, st, c)
}

// entrance is how a sign-in came to its end.
type entrance struct {
	method string
	level  int
	words  string // for the audit log
}

// grant begins the session, which ends at the latest when the decision that
// lets him in does.
func (s *Service) grant(tx *store.Tx, st *standing, e entrance, c Client) (step Step, err error) {
	session := alveary.Session{User: st.User.ID, Method: e.method, Level: e.level}
	if step.Secret, step.Session, err = s.begin(tx, session, c, st.answers[e.level].until); err != nil {
		return Step{}, err
	}
	return step, tx.Record(record(signedIn(st.User, step.Session.ID, c), "sign-in", alveary.VerdictDone, e.words))
}

// notAdmitted writes a sign-in down that a policy refused.
func (s *Service) notAdmitted(ctx context.Context, user alveary.User, c Client, refused error) error {
	err := s.store.Record(ctx, record(signedIn(user, "", c), "sign-in", alveary.VerdictDenied, "a policy does not allow it"))
	if err != nil {
		return err
	}
	return refused
}

// refuse writes the failed sign-in down and words the refusal.
func (s *Service) refuse(ctx context.Context, user alveary.User, c Client) error {
	detail := "the password is wrong"
	switch {
	case user.ID == 0:
		detail = "there is no such user"
	case user.Disabled:
		detail = "the account is disabled"
	}
	if err := s.store.Record(ctx, record(signedIn(user, "", c), "sign-in", alveary.VerdictFailed, detail)); err != nil {
		return err
	}
	return &alveary.Error{
		Kind: alveary.KindUnauthenticated, Op: "sign in", Code: "wrong-credentials",
		Message: "login or password is wrong",
	}
}

// signedIn is the subject as the audit log needs it.
func signedIn(user alveary.User, session alveary.SessionID, c Client) alveary.Subject {
	return alveary.Subject{User: user, Session: session, Address: c.Address, Request: c.Request}
}

// begin makes a session within a transaction; until is when it ends at the
// latest (MODEL.md 7.4); zero: that is not bound by the clock.
func (s *Service) begin(tx *store.Tx, session alveary.Session, c Client, until time.Time) (secret string, begun alveary.Session, err error) {
	session.Expires = tx.Now().Add(s.life)
	if !until.IsZero() && until.Before(session.Expires) {
		session.Expires = until
	}
	id, secret, err := credential.New(s.random)
	if err != nil {
		return "", begun, err
	}
	if err := s.sweep(tx); err != nil {
		return "", begun, err
	}
	session.ID, session.Address, session.UserAgent = alveary.SessionID(id), c.Address, c.agent()
	if begun, err = tx.InsertSession(session, credential.Hash(secret)); err != nil {
		return "", begun, err
	}
	return id + "_" + secret, begun, tx.NoteSignIn(session.User)
}
