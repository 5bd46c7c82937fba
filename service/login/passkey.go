package login

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"alveary"
	"alveary/service/login/credential"
	"alveary/service/login/factor"
	"alveary/service/login/limit"
	"alveary/store"
)

// challengePrefix tells a sealed challenge from what is kept in the store. A
// sign-in page asks for one whenever it is shown, so nothing is written for
// it: the challenge goes with whoever asked, sealed, and is noted when used.
const challengePrefix = "k."

// The purposes of sealed challenges.
const (
	challengeSignIn = "passkey"
	challengeProve  = "prove:" // with the session
)

// sealChallenge gives a new challenge and its sealed form, which serves once.
func (s *Service) sealChallenge(purpose string) (challenge []byte, sealed string, err error) {
	if challenge, err = factor.NewChallenge(s.random); err != nil {
		return nil, "", err
	}
	ends := s.now().Add(waitsFor)
	text := binary.BigEndian.AppendUint64(nil, uint64(ends.Unix()))
	return challenge, challengePrefix + s.box.Seal(purpose, append(text, challenge...)), nil
}

// openChallenge gives back what sealChallenge sealed, unless its time has
// passed.
func (s *Service) openChallenge(purpose, sealed string) (challenge []byte, ends time.Time, ok bool) {
	text, prefixed := strings.CutPrefix(sealed, challengePrefix)
	if !prefixed || len(text) > 200 {
		return nil, ends, false
	}
	raw, err := s.box.Open(purpose, text)
	if err != nil || len(raw) <= 8 {
		return nil, ends, false
	}
	ends = time.Unix(int64(binary.BigEndian.Uint64(raw)), 0)
	return raw[8:], ends, s.now().Before(ends)
}

// spendChallenge sees to it that a challenge serves once; KindNotFound where
// it has.
func spendChallenge(tx *store.Tx, challenge []byte, ends time.Time) error {
	ok, err := tx.Spend("challenge "+credential.Hash(string(challenge)), ends)
	if err == nil && !ok {
		err = overdue()
	}
	return err
}

// site is where passkeys are made and used for this request; not ok where
// there can be none.
func (s *Service) site(tx *store.Tx, c Client) (site factor.Site, ok bool, err error) {
	name, err := organisation(tx)
	if err != nil {
		return site, false, err
	}
	scheme, host := "", ""
	if c.Context != nil {
		scheme, host = c.Context.Protocol, c.Context.Host
	}
	site, ok = factor.SiteOf(s.public, scheme, host, name)
	return site, ok, nil
}

// organisation is the name under which an authenticator shows the account.
func organisation(tx *store.Tx) (string, error) {
	text, err := tx.Setting(alveary.SettingOrganisation)
	if err != nil {
		return "", err
	}
	var o alveary.Organisation
	if text != "" {
		if err := json.Unmarshal([]byte(text), &o); err != nil {
			return "", err
		}
	}
	if o.Name == "" {
		o.Name = "Alveary"
	}
	return o.Name, nil
}

// noPasskeys is the answer where a passkey cannot be made or used.
func noPasskeys(op string) error {
	return &alveary.Error{
		Kind: alveary.KindDenied, Op: op, Code: "no-passkeys",
		Message: "passkeys do not work at this address: they need a name such as files.example.org in place of a bare IP address",
	}
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
	challenge, pending, err := s.sealChallenge(challengeSignIn)
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
		if site, ok, err = s.site(tx, c); err == nil && !ok {
			err = noPasskeys(op)
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
	challenge, ends, ok := s.openChallenge(challengeSignIn, pending)
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
		if !slices.ContainsFunc(st.factors, func(f alveary.Factor) bool { return f.ID == used.ID }) { // it was taken away meanwhile
			return errWrong
		}
		if err := usePasskey(tx, used); err != nil {
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
		return Step{}, s.notAdmitted(ctx, st.user, c, refused)
	}
	return step, nil
}
