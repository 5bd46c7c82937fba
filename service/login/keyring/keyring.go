// Package keyring keeps the second factors of accounts: it offers them, takes
// them in, and checks and uses up what somebody answers with.
//
// It exists so that what a sign-in, an enrolment and a proof have in common is
// written once: of each factor one sees to it here that an answer counts once.
// Who may do so, and what ends by it, the sign-in knows.
//
// Promises: what does not fit, or was used, is ErrMisfit and nothing was
// changed by it. Seeds are sealed for their user and recovery codes hashed. A
// *Keyring never changes and is safe for concurrent use; a transaction belongs
// to whoever brought it.
//
// Read this file first, then make.go and answer.go.
package keyring

import (
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"alveary"
	"alveary/service/login/credential"
	"alveary/service/login/factor"
	"alveary/store"
	"alveary/vault"
)

// ErrMisfit is the one answer to what does not fit, or does not any more.
var ErrMisfit = errors.New("wrong credentials")

// Keyring makes and checks factors.
type Keyring struct {
	box    *vault.Box
	random io.Reader
	public string
}

// New makes a keyring. The public address of the server, where it is known,
// says for which site passkeys are.
func New(box *vault.Box, random io.Reader, publicURL string) *Keyring {
	return &Keyring{box, random, publicURL}
}

// Owner is whose factors are spoken of, with all of them.
type Owner struct {
	User    alveary.User
	Factors []alveary.Factor
}

// Second says whether he has a second factor; recovery codes alone are none.
func (o *Owner) Second() bool {
	return slices.ContainsFunc(o.Factors, func(f alveary.Factor) bool { return !IsRecovery(f) })
}

// IsRecovery says whether a factor is a recovery code.
func IsRecovery(f alveary.Factor) bool { return f.Kind == alveary.FactorRecovery }

// Of are his factors of a kind.
func (o *Owner) Of(kind alveary.FactorKind) (factors []alveary.Factor) {
	for _, f := range o.Factors {
		if f.Kind == kind {
			factors = append(factors, f)
		}
	}
	return factors
}

// kinds are those with which he can answer, each once.
func (o *Owner) kinds(passkeys bool) (kinds []alveary.FactorKind) {
	for _, kind := range []alveary.FactorKind{alveary.FactorPasskey, alveary.FactorTOTP, alveary.FactorRecovery} {
		if len(o.Of(kind)) > 0 && (kind != alveary.FactorPasskey || passkeys) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// person is he as passkeys need him.
func (o *Owner) person() factor.Person {
	return factor.Person{User: o.User.ID, Login: o.User.Login, Name: o.User.Name, Passkeys: o.Of(alveary.FactorPasskey)}
}

// Place is where a request came to, as its client says.
type Place struct{ Scheme, Host string }

// Site is where passkeys are made and used for a request; not ok where there
// can be none.
func (k *Keyring) Site(tx *store.Tx, at Place) (site factor.Site, ok bool, err error) {
	name, err := organisation(tx)
	if err != nil {
		return site, false, err
	}
	site, ok = factor.SiteOf(k.public, at.Scheme, at.Host, name)
	return site, ok, nil
}

// organisation is the name under which an authenticator shows the account.
func organisation(tx *store.Tx) (string, error) {
	o, err := tx.Organisation()
	if o.Name == "" {
		o.Name = "Alveary"
	}
	return o.Name, err
}

// NoPasskeys is the answer where a passkey cannot be made or used.
func NoPasskeys(op string) error {
	return &alveary.Error{
		Kind: alveary.KindDenied, Op: op, Code: "no-passkeys",
		Message: "passkeys do not work at this address: they need a name such as files.example.org in place of a bare IP address",
	}
}

// ChallengePrefix tells a sealed challenge from what is kept in the store. A
// sign-in page asks for one whenever it is shown, so nothing is written for
// it: the challenge goes with whoever asked, sealed, and is noted when used.
const ChallengePrefix = "k."

// longestChallenge is longer than any that is sealed here.
const longestChallenge = 200

// SealChallenge gives a new challenge and its sealed form.
func (k *Keyring) SealChallenge(purpose string, ends time.Time) (challenge []byte, sealed string, err error) {
	if challenge, err = factor.NewChallenge(k.random); err != nil {
		return nil, "", err
	}
	text := binary.BigEndian.AppendUint64(nil, uint64(ends.Unix()))
	return challenge, ChallengePrefix + k.box.Seal(purpose, append(text, challenge...)), nil
}

// OpenChallenge gives back what SealChallenge sealed for the purpose, unless
// its time has passed.
func (k *Keyring) OpenChallenge(purpose, sealed string, now time.Time) (challenge []byte, ends time.Time, ok bool) {
	text, prefixed := strings.CutPrefix(sealed, ChallengePrefix)
	if !prefixed || len(text) > longestChallenge {
		return nil, ends, false
	}
	raw, err := k.box.Open(purpose, text)
	if err != nil || len(raw) <= 8 {
		return nil, ends, false
	}
	ends = time.Unix(int64(binary.BigEndian.Uint64(raw)), 0)
	return raw[8:], ends, now.Before(ends)
}

// SpendChallenge notes that a challenge was used; false where it was before.
func SpendChallenge(tx *store.Tx, challenge []byte, ends time.Time) (bool, error) {
	return tx.Spend("challenge "+credential.Hash(string(challenge)), ends)
}
