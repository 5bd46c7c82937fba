package login

import (
	"context"
	"strings"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/store"
)

// mostTokens bounds the tokens of one user.
const mostTokens = 100

// mostLabel bounds a token's label, in characters.
const mostLabel = 100

// ByToken says who a token `alv_…` belongs to, as he is now.
// KindUnauthenticated where it is no token, or one that was revoked or expired.
func (s *Service) ByToken(ctx context.Context, token string, c Client) (subject alveary.Subject, err error) {
	const op = "know the token"
	rest, prefixed := strings.CutPrefix(token, tokenPrefix)
	id, secret, ok := cutSecret(rest)
	if !prefixed || !ok {
		return alveary.Subject{}, signedOut(op)
	}
	due := false
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		found, hash, err := tx.Token(alveary.TokenID(id))
		if alveary.IsKind(err, alveary.KindNotFound) {
			return signedOut(op)
		}
		if err != nil {
			return err
		}
		if !sameSecret(secret, hash) || expired(found, tx.Now()) {
			return signedOut(op)
		}
		due = tx.Now().Sub(found.LastUsed) >= seenEvery
		subject, err = asker(tx, op, found.User, c)
		subject.Token, subject.Context = found.ID, c.context(methodToken)
		return err
	})
	if err != nil {
		return alveary.Subject{}, err
	}
	if due {
		err = s.note(ctx, func(tx *store.Tx) error { return tx.UseToken(subject.Token) })
	}
	return subject, err
}

func expired(t alveary.Token, now time.Time) bool {
	return !t.Expires.IsZero() && !now.Before(t.Expires)
}

// Tokens lists the asker's own tokens, expired ones included, the newest first.
func (s *Service) Tokens(ctx context.Context, by alveary.Subject) (tokens []alveary.Token, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		tokens, err = tx.Tokens(by.User.ID)
		return err
	})
	return tokens, err
}

// CreateToken makes a token of the asker's own. The secret `alv_…` cannot be
// had again. A token makes no tokens (KindDenied), or one that leaked would
// outlive its own end.
func (s *Service) CreateToken(ctx context.Context, by alveary.Subject, label string, expires time.Time) (token alveary.Token, secret string, err error) {
	if by.Session == "" {
		return token, "", &alveary.Error{
			Kind: alveary.KindDenied, Op: "make a token", Code: "denied",
			Message: "a token cannot make another one; sign in with your password to make it",
		}
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		if _, err := s.gate.SignIn(ctx, tx, by, authz.ActionIssue); err != nil {
			return err
		}
		token, secret, err = s.issue(tx, by, by.User, label, expires)
		return err
	})
	return token, secret, err
}

// CreateTokenFor makes a token of the named user, for someone at the machine
// itself.
func (s *Service) CreateTokenFor(ctx context.Context, login, label string, expires time.Time) (token alveary.Token, secret string, err error) {
	if login, err = CheckLogin(login); err != nil {
		return token, "", err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		user, _, err := tx.UserByLogin(login)
		if err != nil {
			return err
		}
		if user.Disabled {
			return &alveary.Error{
				Kind: alveary.KindInvalid, Op: "make a token", Subject: user.Login,
				Message: "the account is disabled; a token would not work",
			}
		}
		token, secret, err = s.issue(tx, alveary.Subject{User: user}, user, label, expires)
		return err
	})
	return token, secret, err
}

func (s *Service) issue(tx *store.Tx, by alveary.Subject, user alveary.User, label string, expires time.Time) (token alveary.Token, secret string, err error) {
	label = strings.TrimSpace(label)
	if err := checkToken(label, expires, tx.Now()); err != nil {
		return token, "", err
	}
	own, err := tx.Tokens(user.ID)
	if err != nil {
		return token, "", err
	}
	if len(own) >= mostTokens {
		return token, "", &alveary.Error{
			Kind: alveary.KindInvalid, Op: "make a token", Code: "invalid",
			Message: "there are 100 tokens already: revoke one that is not needed any more",
		}
	}
	id, secret, err := newSecret(s.random)
	if err != nil {
		return token, "", err
	}
	token, err = tx.InsertToken(alveary.Token{ID: alveary.TokenID(id), User: user.ID, Label: label, Expires: expires}, hashOf(secret))
	if err != nil {
		return token, "", err
	}
	detail := "token " + id + " for ever"
	if !expires.IsZero() {
		detail = "token " + id + " until " + expires.UTC().Format(time.RFC3339)
	}
	if by.Session == "" {
		detail += ", on the machine itself"
	}
	return token, tokenPrefix + id + "_" + secret, tx.Record(record(by, "create-token", alveary.VerdictDone, detail))
}

func checkToken(label string, expires, now time.Time) error {
	err := alveary.CheckLine("the label", label, mostLabel)
	if err == nil && label == "" {
		err = invalid("make a token", "a token needs a label, so that it can be told from the others")
	}
	if err == nil && !expires.IsZero() && !now.Before(expires) {
		err = invalid("make a token", "the time at which the token expires has passed")
	}
	if err == nil && expires.UTC().Year() > 9999 { // which no answer can spell
		err = invalid("make a token", "a token expires in the year 9999 at the latest; leave the time out for one that does not expire")
	}
	return err
}

// RevokeToken ends one of the asker's own tokens. One that is not his is
// withheld like one that does not exist.
func (s *Service) RevokeToken(ctx context.Context, by alveary.Subject, id alveary.TokenID) error {
	if !isLetters(string(id), idBytes) {
		return alveary.Withheld("revoke the token")
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteToken(by.User.ID, id); err != nil {
			return err
		}
		return tx.Record(record(by, "revoke-token", alveary.VerdictDone, "token "+string(id)))
	})
}
