package login

import (
	"context"
	"encoding/json"
	"errors"

	"alveary"
	"alveary/service/login/keyring"
	"alveary/store"
)

// Enrolment is what setting up a factor begins with.
type Enrolment = keyring.Enrolment

// askEnrol begins to wait for a second factor that has yet to be set up.
func (s *Service) askEnrol(tx *store.Tx, st *standing, c Client) (step Step, err error) {
	step.Need = NeedEnrol
	if step.Factors, err = s.keyring.Offerable(tx, c.place()); err != nil {
		return step, err
	}
	step.Pending, err = s.wait(tx, waitsEnrol, st, waiting{})
	return step, err
}

// BeginEnrol begins to set up the second factor that a sign-in needs.
// KindNotFound where nothing waits any more.
func (s *Service) BeginEnrol(ctx context.Context, pending string, kind alveary.FactorKind, c Client) (e Enrolment, err error) {
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		p, w, st, err := s.resume(ctx, tx, pending, waitsEnrol, c)
		if err != nil {
			return err
		}
		if e, w.Kept, err = s.keyring.Offer(tx, &st.Owner, kind, c.place()); err != nil {
			return err
		}
		e.Pending = pending
		data, err := json.Marshal(w)
		if err != nil {
			return err
		}
		return tx.SetPendingData(p.ID, string(data))
	})
	return e, err
}

// ConfirmEnrol sets up the second factor and ends the sign-in; the step has
// recovery codes to keep. Errors are those of SecondStep.
func (s *Service) ConfirmEnrol(ctx context.Context, pending string, a Answer, c Client) (step Step, err error) {
	attempt, err := s.attemptOf(ctx, pending, waitsEnrol, c)
	if err != nil {
		return step, err
	}
	outcome, err := s.try(ctx, pending, waitsEnrol, c, func(tx *store.Tx, w waiting, st *standing) error {
		f, err := s.keyring.Confirm(tx, &st.Owner, w.Kept, a, c.place())
		if err != nil {
			return err
		}
		recovery, err := s.add(tx, signedIn(st.User, "", c), st, f)
		if err != nil {
			return err
		}
		step, err = s.grant(tx, st, entrance{methodPassword, alveary.LevelSecond, "with a password and a new second factor"}, c)
		step.Recovery = recovery
		return err
	})
	switch {
	case err != nil:
		return Step{}, err
	case errors.Is(outcome, errWrong): // of a secret that he was just told there is nothing to guess
		return Step{}, wrongCode("set up a second factor")
	case outcome != nil:
		return Step{}, s.notAdmitted(ctx, alveary.User{ID: attempt.User, Login: attempt.Login}, c, outcome)
	}
	return step, s.limits.Succeeded(ctx, attempt)
}

// add takes a factor in, with the recovery codes that come with the first one.
// All signings-in but the one that asks end, since they did without it.
func (s *Service) add(tx *store.Tx, by alveary.Subject, st *standing, f alveary.Factor) (recovery []string, err error) {
	if recovery, err = s.keyring.Add(tx, &st.Owner, f); err != nil {
		return nil, err
	}
	return recovery, s.factorsChanged(tx, by, st.User, "add-factor", string(f.Kind)+" "+f.Label, by.Session)
}
