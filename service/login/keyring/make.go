package keyring

import (
	"encoding/json"
	"strings"

	"alveary"
	"alveary/qr"
	"alveary/service/login/credential"
	"alveary/service/login/factor"
	"alveary/store"
)

// The bounds of an account's factors.
const (
	mostLabel   = 100 // characters
	mostFactors = 50  // recovery codes included
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

// Kept is what has to be kept until an offer is confirmed.
type Kept struct {
	Challenge []byte `json:"challenge,omitempty"` // that a passkey answers
	Seed      string `json:"seed,omitempty"`      // of an authenticator app, sealed
}

// Answer is what someone shows for who he is: one of password, code and
// passkey.
type Answer struct {
	Password string
	Code     string          // of the authenticator app, or a recovery code
	Passkey  json.RawMessage // what navigator.credentials gave
	Pending  string          // of the challenge that the passkey answers, where that is not the sign-in's
	Label    string          // of a factor that is made
}

// Offerable are the kinds of factors that can be set up at a place.
func (k *Keyring) Offerable(tx *store.Tx, at Place) ([]alveary.FactorKind, error) {
	_, ok, err := k.Site(tx, at)
	if ok {
		return []alveary.FactorKind{alveary.FactorTOTP, alveary.FactorPasskey}, err
	}
	return []alveary.FactorKind{alveary.FactorTOTP}, err
}

// Offer makes what a factor begins with, and what its confirmation is compared
// with.
func (k *Keyring) Offer(tx *store.Tx, o *Owner, kind alveary.FactorKind, at Place) (e Enrolment, keep Kept, err error) {
	switch kind {
	case alveary.FactorTOTP:
		return k.offerApp(tx, o)
	case alveary.FactorPasskey:
		site, ok, err := k.Site(tx, at)
		if err != nil {
			return e, keep, err
		}
		if !ok {
			return e, keep, NoPasskeys("make a passkey")
		}
		if keep.Challenge, err = factor.NewChallenge(k.random); err != nil {
			return e, keep, err
		}
		e.Passkey, err = site.BeginMake(keep.Challenge, o.person())
		return e, keep, err
	default:
		return e, keep, invalid("set up a second factor", "a second factor is an authenticator app (totp) or a passkey")
	}
}

func (k *Keyring) offerApp(tx *store.Tx, o *Owner) (e Enrolment, keep Kept, err error) {
	if len(o.Of(alveary.FactorTOTP)) > 0 {
		return e, keep, oneApp()
	}
	name, err := organisation(tx)
	if err != nil {
		return e, keep, err
	}
	if e.Secret, err = factor.NewSeed(k.random); err != nil {
		return e, keep, err
	}
	keep.Seed = k.box.Seal(sealFor(o.User.ID), []byte(e.Secret))
	e.URI = factor.URI(name, o.User.Login, e.Secret)
	e.QR, err = qr.Rows(e.URI)
	return e, keep, err
}

func oneApp() error {
	return &alveary.Error{
		Kind: alveary.KindConflict, Op: "set up the app", Code: "factor-exists",
		Message: "there is an authenticator app already: take it away first",
	}
}

// Label is a label as it can be kept.
func Label(label string) (string, error) {
	label = strings.TrimSpace(label)
	return label, alveary.CheckLine("the label", label, mostLabel)
}

// Confirm checks the confirmation of an offer and gives the factor to add:
// ErrMisfit where it does not fit.
func (k *Keyring) Confirm(tx *store.Tx, o *Owner, keep Kept, a Answer, at Place) (f alveary.Factor, err error) {
	label, err := Label(a.Label)
	if err != nil {
		return f, err
	}
	switch {
	case keep.Seed != "":
		f, err = k.confirmApp(tx, o, keep, a.Code)
	case len(keep.Challenge) > 0:
		f, err = k.confirmPasskey(tx, o, keep, a.Passkey, at)
	default: // nothing was offered yet
		return f, ErrMisfit
	}
	if label != "" {
		f.Label = label
	}
	return f, err
}

func (k *Keyring) confirmApp(tx *store.Tx, o *Owner, keep Kept, code string) (f alveary.Factor, err error) {
	seed, err := k.box.Open(sealFor(o.User.ID), keep.Seed)
	if err != nil {
		return f, err
	}
	step, ok := factor.CodeStep(string(seed), code, tx.Now())
	if !ok {
		return f, ErrMisfit
	}
	id, _, err := credential.New(k.random)
	return alveary.Factor{
		ID: alveary.FactorID(id), User: o.User.ID, Kind: alveary.FactorTOTP, Label: "Authenticator", Secret: keep.Seed, Step: step,
	}, err
}

func (k *Keyring) confirmPasskey(tx *store.Tx, o *Owner, keep Kept, answer []byte, at Place) (f alveary.Factor, err error) {
	site, ok, err := k.Site(tx, at)
	if err != nil {
		return f, err
	}
	if !ok {
		return f, ErrMisfit
	}
	f, err = site.FinishMake(keep.Challenge, o.person(), answer)
	f.Label = "Passkey"
	return f, misfit(err)
}

// Add keeps a factor. With the first one come recovery codes.
func (k *Keyring) Add(tx *store.Tx, o *Owner, f alveary.Factor) (recovery []string, err error) {
	if f.Kind == alveary.FactorTOTP && len(o.Of(alveary.FactorTOTP)) > 0 {
		return nil, oneApp()
	}
	if len(o.Factors) >= mostFactors {
		return nil, invalid("add a factor", "there are so many factors already: take one away that is not needed any more")
	}
	if _, err := tx.InsertFactor(f); err != nil || o.Second() {
		return nil, err
	}
	return k.RenewRecovery(tx, o.User.ID)
}

// RenewRecovery makes a set of recovery codes in place of the one before.
func (k *Keyring) RenewRecovery(tx *store.Tx, user alveary.UserID) ([]string, error) {
	if _, err := tx.DeleteFactors(user, alveary.FactorRecovery); err != nil {
		return nil, err
	}
	codes, err := factor.NewRecovery(k.random)
	if err != nil {
		return nil, err
	}
	for _, code := range codes {
		id, _, err := credential.New(k.random)
		if err != nil {
			return nil, err
		}
		f := alveary.Factor{ID: alveary.FactorID(id), User: user, Kind: alveary.FactorRecovery, Secret: factor.HashRecovery(code)}
		if _, err := tx.InsertFactor(f); err != nil {
			return nil, err
		}
	}
	return codes, nil
}

func invalid(op, message string) error {
	return &alveary.Error{Kind: alveary.KindInvalid, Op: op, Code: "invalid", Message: message}
}
