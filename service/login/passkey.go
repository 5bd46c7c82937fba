package login

import (
	"context"
	"errors"
	"slices"
	"time"

	"alveary"
	"alveary/service/login/factor"
	"alveary/service/login/keyring"
	"alveary/service/login/limit"
	"alveary/store"
)

// The purposes of sealed challenges.
const (
	challengeSignIn = "passkey"
	challengeProve  = "prove:" // with the session
)

// spendChallenge sees to it that a challenge serves once; KindNotFound where
// it has.
func spendChallenge(tx *store.Tx, challenge []byte, ends time.Time) error {
	ok, err := keyring.SpendChallenge(tx, challenge, ends)
	if err == nil && !ok {
		err = overdue()
	}
	return err
}

// BeginPasskey begins a sign-in with a passkey in place of login and password;
// SecondStep ends it. KindDenied where the rules do not allow it.
func (s *Service) BeginPasskey(ctx context.Context, c Client) (step Step, err error) {
	const op = "sign in with a passkey"
	if err := s.limits.Check(ctx, limit.Attempt{Address: c.Address}, true); err != nil {
		return step, err
	}
	site, err := s.passkeySite(ctx, op, c)
	if err != nil {
		return step, err
	}
	challenge, pending, err := s.keyring.SealChallenge(challengeSignIn, s.now().Add(waitsFor))
	if err != nil {
		return step, err
	}
	step.Pending, step.Need, step.Factors = pending, NeedSecond, []alveary.FactorKind{alveary.FactorPasskey}
	step.Passkey, err = site.BeginAsk(challenge, nil)
	return step, err
}

// passkeySite is the site, where a passkey may take the place of a password.
func (s *Service) passkeySite(ctx context.Context, op string, c Client) (site factor.Site, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		rules, err := tx.SignInRules()
		if err != nil {
			return err
		}
		if !rules.Passkeys {
			return &alveary.Error{
				Kind: alveary.KindDenied, Op: op, Code: "passkeys-off", Message: "on this server one signs in with login and password first",
			}
		}
		ok := false
		if site, ok, err = s.keyring.Site(tx, c.place()); err == nil && !ok {
			err = keyring.NoPasskeys(op)
		}
		return err
	})
	return site, err
}

// finishPasskey ends what BeginPasskey began. Who it is stands in the answer;
// there is nothing to guess, so no account is locked against it, but an
// address is.
func (s *Service) finishPasskey(ctx context.Context, pending string, a Answer, c Client) (step Step, err error) {
	attempt := limit.Attempt{Address: c.Address}
	if err := s.limits.Check(ctx, attempt, true); err != nil {
		return step, err
	}
	challenge, ends, ok := s.keyring.OpenChallenge(challengeSignIn, pending, s.now())
	if !ok {
		return step, overdue()
	}
	site, err := s.passkeySite(ctx, "sign in with a passkey", c)
	if err != nil {
		return step, err
	}
	var used alveary.Factor
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		used, err = site.FinishAskAnyone(challenge, a.Passkey, tx.Factor)
		return err
	})
	if alveary.IsKind(err, alveary.KindNotFound) || errors.Is(err, factor.ErrRefused) {
		return step, s.failedStep(ctx, attempt, c, errWrong)
	}
	if err != nil {
		return step, err
	}
	var st standing
	var refused error
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		if err := spendChallenge(tx, challenge, ends); err != nil {
			return err
		}
		if st, err = s.standingOf(ctx, tx, used.User, methodPasskey, c); err != nil {
			return err
		}
		if refused = st.answers[alveary.LevelSecond].refused; refused != nil {
			return nil //nolint:nilerr // the challenge is spent all the same
		}
		if !slices.ContainsFunc(st.Factors, func(f alveary.Factor) bool { return f.ID == used.ID }) { // it was taken away meanwhile
			return errWrong
		}
		if err := keyring.UsePasskey(tx, used); err != nil {
			return err
		}
		step, err = s.grant(tx, &st, entrance{methodPasskey, alveary.LevelSecond, "with a passkey"}, c)
		return err
	})
	switch {
	case errors.Is(err, errWrong):
		return Step{}, s.failedStep(ctx, attempt, c, errWrong)
	case err != nil:
		return Step{}, err
	case refused != nil:
		return Step{}, s.notAdmitted(ctx, st.User, c, refused)
	}
	return step, nil
}
