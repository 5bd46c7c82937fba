package login

import (
	"context"
	"encoding/json"
	"errors"

	"alveary"
	"alveary/service/login/limit"
	"alveary/store"
)

const proveOp = "prove who you are"

// Ways are those by which someone may prove again that he is himself.
type Ways struct {
	Password bool // where he has no second factor
	Factors  []alveary.FactorKind
	Pending  string          // to be sent with a passkey
	Passkey  json.RawMessage // options
}

// BeginProve says how the asker's session may prove anew who he is. Where he
// has a second factor the password alone does not do.
func (s *Service) BeginProve(ctx context.Context, by alveary.Subject, c Client) (w Ways, err error) {
	if err := ofSession(by, proveOp); err != nil {
		return w, err
	}
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		st, err := s.own(ctx, tx, by, c)
		if err != nil {
			return err
		}
		if w.Password = !st.Second(); w.Password {
			return nil
		}
		w.Factors, w.Passkey, err = s.keyring.Ask(tx, &st.Owner, c.place(), func() (challenge []byte, err error) {
			challenge, w.Pending, err = s.keyring.SealChallenge(challengeProve+string(by.Session), s.now().Add(waitsFor))
			return challenge, err
		})
		return err
	})
	return w, err
}

// Prove makes the asker's session a fresh one. KindDenied ("wrong-credentials"
// or "wrong-code") where the answer does not fit, which counts as a failed
// attempt: a stolen session does not serve to guess.
func (s *Service) Prove(ctx context.Context, by alveary.Subject, a Answer, c Client) error {
	if err := ofSession(by, proveOp); err != nil {
		return err
	}
	attempt := limit.Attempt{Login: by.User.Login, Address: c.Address, User: by.User.ID}
	if err := s.limits.Check(ctx, attempt, true); err != nil {
		return err
	}
	var st standing
	err := s.store.Read(ctx, func(tx *store.Tx) (err error) {
		st, err = s.own(ctx, tx, by, c)
		return err
	})
	if err != nil {
		return err
	}
	if st.Second() {
		err = s.proveByFactor(ctx, by, attempt, a, c)
	} else {
		err = s.proveByPassword(ctx, by, attempt, &st, a.Password)
	}
	if errors.Is(err, errWrong) {
		code, message := "wrong-credentials", "the password is wrong"
		if st.Second() {
			code, message = "wrong-code", "this does not fit, or was used already: try again with a new code, or another way"
		}
		return s.denied(ctx, by, "prove", &alveary.Error{Kind: alveary.KindDenied, Op: proveOp, Code: code, Message: message})
	}
	return err
}

func (s *Service) proveByPassword(ctx context.Context, by alveary.Subject, attempt limit.Attempt, st *standing, password string) error {
	if err := s.compare(ctx, attempt, true, password, st.hash, false); err != nil {
		return err
	}
	return s.proved(ctx, by, st.stamp(), func(*store.Tx, *standing) (int, error) { return alveary.LevelPassword, nil })
}

func (s *Service) proveByFactor(ctx context.Context, by alveary.Subject, attempt limit.Attempt, a Answer, c Client) error {
	done, err := s.turn(ctx, attempt, true)
	if err != nil {
		return err
	}
	defer done()
	challenge, ends, fits := s.keyring.OpenChallenge(challengeProve+string(by.Session), a.Pending, s.now())
	err = s.proved(ctx, by, "", func(tx *store.Tx, st *standing) (int, error) {
		if fits && len(a.Passkey) > 0 {
			if err := spendChallenge(tx, challenge, ends); err != nil {
				return 0, err
			}
		}
		_, err := s.keyring.Answered(tx, &st.Owner, challenge, a, c.place())
		return alveary.LevelSecond, err
	})
	if errors.Is(err, errWrong) {
		if err := s.failed(ctx, attempt); err != nil {
			return err
		}
	}
	return err
}

// proved notes that the session is fresh, at the level that fn says was shown.
// A stamp that is given is that of what was shown.
func (s *Service) proved(ctx context.Context, by alveary.Subject, stamp string, fn func(*store.Tx, *standing) (int, error)) error {
	return s.store.Write(ctx, func(tx *store.Tx) error {
		st, err := s.own(ctx, tx, by, clientOf(by))
		if err != nil {
			return err
		}
		if stamp != "" && st.stamp() != stamp {
			return errWrong
		}
		if session, _, err := tx.Session(by.Session); err != nil || session.User != by.User.ID {
			return signedOut(proveOp)
		}
		level, err := fn(tx, &st)
		if err != nil {
			return err
		}
		if err := tx.ProveSession(by.Session, level); err != nil {
			return err
		}
		return tx.Record(record(by, "prove", alveary.VerdictDone, ""))
	})
}
