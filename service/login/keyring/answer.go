package keyring

import (
	"encoding/json"
	"errors"
	"fmt"

	"alveary"
	"alveary/service/login/factor"
	"alveary/store"
)

// Ask says with what an owner can answer at a place, with options where a
// passkey is among it, whose challenge is made by the way that is given.
func (k *Keyring) Ask(tx *store.Tx, o *Owner, at Place, challenge func() ([]byte, error)) (kinds []alveary.FactorKind, options json.RawMessage, err error) {
	site, ok, err := k.Site(tx, at)
	if err != nil {
		return nil, nil, err
	}
	if ok = ok && site.Has(o.Of(alveary.FactorPasskey)); ok {
		made, err := challenge()
		if err != nil {
			return nil, nil, err
		}
		person := o.person()
		if options, err = site.BeginAsk(made, &person); err != nil {
			return nil, nil, err
		}
	}
	return o.kinds(ok), options, nil
}

// NewChallenge makes a challenge that the caller keeps.
func (k *Keyring) NewChallenge() ([]byte, error) { return factor.NewChallenge(k.random) }

// Answered checks an answer by one of the owner's factors and uses it up:
// ErrMisfit where it does not fit. It says how he answered.
func (k *Keyring) Answered(tx *store.Tx, o *Owner, challenge []byte, a Answer, at Place) (how string, err error) {
	switch {
	case !o.Second(): // recovery codes alone open nothing
		return "", ErrMisfit
	case len(a.Passkey) > 0:
		return "a passkey", k.byPasskey(tx, o, challenge, a, at)
	case factor.IsRecovery(a.Code):
		return "a recovery code", byRecovery(tx, o, a.Code)
	}
	return "a code", k.byCode(tx, o, a.Code)
}

func (k *Keyring) byPasskey(tx *store.Tx, o *Owner, challenge []byte, a Answer, at Place) error {
	site, ok, err := k.Site(tx, at)
	if err != nil {
		return err
	}
	if !ok || len(challenge) == 0 {
		return ErrMisfit
	}
	used, err := site.FinishAsk(challenge, o.person(), a.Passkey)
	if err != nil {
		return misfit(err)
	}
	return UsePasskey(tx, used)
}

// UsePasskey keeps the counter of a passkey that answered. Many devices do not
// count: there the challenge alone sees to it that an answer serves once.
func UsePasskey(tx *store.Tx, used alveary.Factor) error {
	if used.Step == 0 {
		return tx.SetFactor(used)
	}
	return once(tx.UseFactor(used.ID, used.Step))
}

// once is ErrMisfit where something was used before.
func once(ok bool, err error) error {
	if err == nil && !ok {
		err = ErrMisfit
	}
	return err
}

func (k *Keyring) byCode(tx *store.Tx, o *Owner, code string) error {
	for _, f := range o.Of(alveary.FactorTOTP) {
		seed, err := k.box.Open(sealFor(o.User.ID), f.Secret)
		if err != nil {
			return err
		}
		if step, ok := factor.CodeStep(string(seed), code, tx.Now()); ok {
			return once(tx.UseFactor(f.ID, step))
		}
	}
	return ErrMisfit
}

func byRecovery(tx *store.Tx, o *Owner, code string) error {
	for _, f := range o.Of(alveary.FactorRecovery) {
		if !factor.SameRecovery(code, f.Secret) {
			continue
		}
		err := tx.DeleteFactor(o.User.ID, f.ID)
		if alveary.IsKind(err, alveary.KindNotFound) {
			return ErrMisfit
		}
		return err
	}
	return ErrMisfit
}

// sealFor is the purpose for which a user's seeds are sealed: none serves
// another user.
func sealFor(user alveary.UserID) string { return fmt.Sprintf("totp:%d", user) }

// misfit is ErrMisfit for what does not fit; other faults stay what they are.
func misfit(err error) error {
	if errors.Is(err, factor.ErrRefused) {
		return ErrMisfit
	}
	return err
}
