package login

import (
	"context"
	"slices"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/login/credential"
	"alveary/store"
)

// BySession says who a session's secret belongs to, as he is now.
// KindUnauthenticated where it is no session, or one that has ended.
func (s *Service) BySession(ctx context.Context, secret string, c Client) (subject alveary.Subject, err error) {
	const op = "know the session"
	id, secret, ok := credential.Cut(secret)
	if !ok {
		return alveary.Subject{}, signedOut(op)
	}
	due := false
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		session, hash, err := tx.Session(alveary.SessionID(id))
		if alveary.IsKind(err, alveary.KindNotFound) {
			return signedOut(op)
		}
		if err != nil {
			return err
		}
		if !credential.Same(secret, hash) || s.passed(session, tx.Now()) {
			return signedOut(op)
		}
		due = tx.Now().Sub(session.LastSeen) >= seenEvery
		if subject, err = asker(tx, op, session.User, c); err != nil {
			return err
		}
		subject.Session, subject.Proved, subject.Context = session.ID, session.Proved, c.context(session.Method, session.Level)
		return s.reached(ctx, tx, subject, session.Level)
	})
	if err != nil {
		return alveary.Subject{}, err
	}
	if due {
		err = s.renew(ctx, subject)
	}
	return subject, err
}

// reached signs out whoever has a role that needs a second factor now, and
// signed in without one.
func (s *Service) reached(ctx context.Context, tx *store.Tx, subject alveary.Subject, level int) error {
	if level >= alveary.LevelSecond {
		return nil
	}
	flags, err := s.gate.Holds(ctx, tx, subject)
	if err != nil || !flags.SecondFactor {
		return err
	}
	return &alveary.Error{
		Kind: alveary.KindUnauthenticated, Op: "know who asks", Code: "second-factor",
		Message: "your account needs a second factor now: sign in again and set one up",
	}
}

// renew keeps a session from ending of disuse, where the oidc policies let it;
// otherwise it ends now.
func (s *Service) renew(ctx context.Context, subject alveary.Subject) error {
	_, err := s.gate.SignIn(ctx, s.store, subject, authz.ActionRefresh)
	if err == nil {
		return s.note(ctx, func(tx *store.Tx) error { return tx.SeeSession(subject.Session) })
	}
	if !alveary.IsKind(err, alveary.KindDenied) {
		return err
	}
	if ended := s.endSession(ctx, subject, subject.Session, "sign-out", "a policy does not let the session be renewed"); ended != nil && !alveary.IsKind(ended, alveary.KindNotFound) {
		return ended
	}
	return err
}

// passed says whether a session is over by the clock.
func (s *Service) passed(session alveary.Session, now time.Time) bool {
	return !now.Before(session.Expires) || now.Sub(session.LastSeen) >= s.idle
}

// asker loads a user as the subject of a request; a disabled or deleted one is
// signed out.
func asker(tx *store.Tx, op string, user alveary.UserID, c Client) (alveary.Subject, error) {
	subject, err := tx.Subject(user)
	if alveary.IsKind(err, alveary.KindNotFound) || (err == nil && !subject.Known()) {
		return alveary.Subject{}, signedOut(op)
	}
	subject.Address, subject.Request = c.Address, c.Request
	return subject, err
}

// note writes when something was last used. On a full disk it is left out:
// whoever comes to make room must be let in, and the only harm is that the
// session ends too early.
func (s *Service) note(ctx context.Context, change func(*store.Tx) error) error {
	err := s.store.Write(ctx, change)
	if alveary.IsKind(err, alveary.KindNoSpace) {
		return nil
	}
	return err
}

// Session is the browser session that asks; the zero value where a token asks.
func (s *Service) Session(ctx context.Context, by alveary.Subject) (session alveary.Session, err error) {
	if by.Session == "" {
		return session, nil
	}
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		session, _, err = tx.Session(by.Session)
		if alveary.IsKind(err, alveary.KindNotFound) {
			return signedOut("find the session")
		}
		return err
	})
	return session, err
}

// Sessions lists the asker's own sessions that are still good, the last seen
// first.
func (s *Service) Sessions(ctx context.Context, by alveary.Subject) (sessions []alveary.Session, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		sessions, err = s.good(tx, by.User.ID)
		return err
	})
	return sessions, err
}

// good are a user's sessions that are not over.
func (s *Service) good(tx *store.Tx, user alveary.UserID) ([]alveary.Session, error) {
	all, err := tx.Sessions(user)
	return slices.DeleteFunc(all, func(session alveary.Session) bool { return s.passed(session, tx.Now()) }), err
}

// SignOut ends the session that asks. A token has none to end: KindInvalid.
func (s *Service) SignOut(ctx context.Context, by alveary.Subject) error {
	if by.Session == "" {
		return &alveary.Error{
			Kind: alveary.KindInvalid, Op: "sign out", Code: "invalid",
			Message: "a token has no session to end; revoke the token instead",
		}
	}
	return s.endSession(ctx, by, by.Session, "sign-out", "")
}

// RevokeSession ends one of the asker's own sessions. One that is not his is
// withheld like one that does not exist.
func (s *Service) RevokeSession(ctx context.Context, by alveary.Subject, id alveary.SessionID) error {
	if !credential.IsID(string(id)) {
		return alveary.Withheld("end the session")
	}
	return s.endSession(ctx, by, id, "revoke-session", "session "+string(id))
}

func (s *Service) endSession(ctx context.Context, by alveary.Subject, id alveary.SessionID, action, detail string) error {
	return s.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteSession(by.User.ID, id); err != nil {
			return err
		}
		return tx.Record(record(by, action, alveary.VerdictDone, detail))
	})
}

// RevokeOtherSessions ends all of the asker's sessions but the one that asks.
func (s *Service) RevokeOtherSessions(ctx context.Context, by alveary.Subject) error {
	return s.store.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.DeleteOtherSessions(by.User.ID, by.Session); err != nil {
			return err
		}
		return tx.Record(record(by, "revoke-session", alveary.VerdictDone, "all other sessions"))
	})
}

// Sweep removes the sessions that are over, and all else whose time has
// passed. A sign-in does it too; app calls it at the start.
func (s *Service) Sweep(ctx context.Context) error {
	return s.store.Write(ctx, s.sweep)
}

func (s *Service) sweep(tx *store.Tx) error {
	if _, err := tx.DeletePassedSessions(tx.Now().Add(-s.idle)); err != nil {
		return err
	}
	return tx.Sweep(time.Time{}) // failures are for those who count them to forget
}
