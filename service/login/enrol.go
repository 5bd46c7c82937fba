package login

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"alveary"
	"alveary/service/login/credential"
	"alveary/service/login/factor"
	"alveary/store"
)

// Enrolment is what setting up a factor begins with: an authenticator app's
// secret in three spellings, or options for a browser that makes a passkey.
type Enrolment struct {
	Pending string          // brings the next step; it is a secret
	Secret  string          // to type into the app
	URI     string          // for the app
	QR      []string        // the URI as a picture: rows of 0 and 1
	Passkey json.RawMessage // options
}

// askEnrol begins to wait for a second factor that has yet to be set up.
func (s *Service) askEnrol(_ context.Context, tx *store.Tx, st *standing, c Client) (step Step, err error) {
	step.Need, step.Factors = NeedEnrol, []alveary.FactorKind{alveary.FactorTOTP}
	_, ok, err := s.site(tx, c)
	if err != nil {
		return step, err
	}
	if ok {
		step.Factors = append(step.Factors, alveary.FactorPasskey)
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
		if e, err = s.offer(tx, &w, &st, kind, c); err != nil {
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

// offer makes what a factor begins with, and keeps in w what its confirmation
// is compared with.
func (s *Service) offer(tx *store.Tx, w *waiting, st *standing, kind alveary.FactorKind, c Client) (e Enrolment, err error) {
	switch kind {
	case alveary.FactorTOTP:
		return s.offerApp(tx, w, st)
	case alveary.FactorPasskey:
		site, ok, err := s.site(tx, c)
		if err != nil {
			return e, err
		}
		if !ok {
			return e, noPasskeys("make a passkey")
		}
		if w.Challenge, err = factor.NewChallenge(s.random); err != nil {
			return e, err
		}
		e.Passkey, err = site.BeginMake(w.Challenge, st.person())
		return e, err
	default:
		return e, invalid("set up a second factor", "a second factor is an authenticator app (totp) or a passkey")
	}
}

func (s *Service) offerApp(tx *store.Tx, w *waiting, st *standing) (e Enrolment, err error) {
	if len(st.of(alveary.FactorTOTP)) > 0 {
		return e, &alveary.Error{
			Kind: alveary.KindConflict, Op: "set up the app", Code: "factor-exists",
			Message: "there is an authenticator app already: take it away first",
		}
	}
	name, err := organisation(tx)
	if err != nil {
		return e, err
	}
	if e.Secret, err = factor.NewSeed(s.random); err != nil {
		return e, err
	}
	w.Seed = s.box.Seal(sealFor(st.user.ID), []byte(e.Secret))
	e.URI = factor.URI(name, st.user.Login, e.Secret)
	e.QR, err = factor.QR(e.URI)
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
		f, err := s.made(tx, w, st, a, c)
		if err != nil {
			return err
		}
		recovery, err := s.keep(tx, signedIn(st.user, "", c), st, f)
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

// made checks the confirmation of an offer and gives the factor to keep:
// errWrong where it does not fit.
func (s *Service) made(tx *store.Tx, w waiting, st *standing, a Answer, c Client) (f alveary.Factor, err error) {
	label, err := factorLabel(a.Label)
	if err != nil {
		return f, err
	}
	switch {
	case w.Seed != "":
		seed, err := s.box.Open(sealFor(st.user.ID), w.Seed)
		if err != nil {
			return f, err
		}
		step, ok := factor.CodeStep(string(seed), a.Code, tx.Now())
		if !ok {
			return f, errWrong
		}
		id, _, err := credential.New(s.random)
		if label == "" {
			label = "Authenticator"
		}
		return alveary.Factor{ID: alveary.FactorID(id), User: st.user.ID, Kind: alveary.FactorTOTP, Label: label, Secret: w.Seed, Step: step}, err
	case len(w.Challenge) > 0:
		site, ok, err := s.site(tx, c)
		if err != nil {
			return f, err
		}
		if !ok {
			return f, errWrong
		}
		f, err = site.FinishMake(w.Challenge, st.person(), a.Passkey)
		if f.Label = label; label == "" {
			f.Label = "Passkey"
		}
		return f, wrong(err)
	}
	return f, errWrong // nothing was offered yet
}

// keep adds a factor to an account. With the first one come recovery codes.
// All other signings-in end, since they did without it.
func (s *Service) keep(tx *store.Tx, by alveary.Subject, st *standing, f alveary.Factor) (recovery []string, err error) {
	if f.Kind == alveary.FactorTOTP && len(st.of(alveary.FactorTOTP)) > 0 {
		return nil, &alveary.Error{
			Kind: alveary.KindConflict, Op: "set up the app", Code: "factor-exists", Message: "there is an authenticator app already: take it away first",
		}
	}
	if len(st.factors) >= mostFactors {
		return nil, invalid("add a factor", "there are so many factors already: take one away that is not needed any more")
	}
	if _, err := tx.InsertFactor(f); err != nil {
		return nil, err
	}
	if !st.second() {
		if recovery, err = s.renewRecovery(tx, st.user.ID); err != nil {
			return nil, err
		}
	}
	return recovery, s.factorsChanged(tx, by, st.user, "add-factor", string(f.Kind)+" "+f.Label, by.Session)
}

// mostFactors bounds the factors of one user, recovery codes included.
const mostFactors = 50

// renewRecovery makes a set of recovery codes in place of the one before.
func (s *Service) renewRecovery(tx *store.Tx, user alveary.UserID) ([]string, error) {
	if _, err := tx.DeleteFactors(user, alveary.FactorRecovery); err != nil {
		return nil, err
	}
	codes, err := factor.NewRecovery(s.random)
	if err != nil {
		return nil, err
	}
	for _, code := range codes {
		id, _, err := credential.New(s.random)
		if err != nil {
			return nil, err
		}
		f := alveary.Factor{ID: alveary.FactorID(id), User: user, Kind: alveary.FactorRecovery, Secret: factor.HashRecovery(code)}
		if _, err := tx.InsertFactor(f); err != nil {
			return nil, err
		}
	}
	return slices.Clip(codes), nil
}
