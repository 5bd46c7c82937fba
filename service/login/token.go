package login

import (
	"context"
	"fmt"
	"strings"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/login/credential"
	"alveary/store"
)

// tokenPrefix tells a token from other text, for people and for scanners.
const tokenPrefix = "alv_"

// mostTokens bounds the tokens of one user.
const mostTokens = 100

// mostLabel bounds a token's label, in characters.
const mostLabel = 100

// ByToken says who a token `alv_…` belongs to, as he is now.
// KindUnauthenticated where it is no token, or one that was revoked or expired.
func (s *Service) ByToken(ctx context.Context, token string, c Client) (subject alveary.Subject, err error) {
	const op = "know the token"
	rest, prefixed := strings.CutPrefix(token, tokenPrefix)
	id, secret, ok := credential.Cut(rest)
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
		if !credential.Same(secret, hash) || expired(found, tx.Now()) {
			return signedOut(op)
		}
		due = tx.Now().Sub(found.LastUsed) >= seenEvery
		if subject, err = asker(tx, op, found.User, c); err != nil {
			return err
		}
		subject.Token, subject.Scope, subject.Context = found.ID, found.Scope, c.context(methodToken, alveary.LevelPassword)
		return s.reached(ctx, tx, subject, found.Level)
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

// CreateToken makes a token of the asker's own, confined to a scope. The secret
// `alv_…` cannot be had again. A token makes no tokens (KindDenied), or one
// that leaked would outlive its own end.
func (s *Service) CreateToken(ctx context.Context, by alveary.Subject, label string, expires time.Time, scope alveary.Scope) (token alveary.Token, secret string, err error) {
	const op = "make a token"
	if err := s.fresh(by, op); err != nil {
		return token, "", err
	}
	if scope, err = scope.Checked(); err != nil {
		return token, "", err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		if _, err := s.gate.SignIn(ctx, tx, by, authz.ActionIssue); err != nil {
			return err
		}
		if scope.Node != 0 {
			switch ok, err := s.reads(ctx, tx, by, scope.Node); {
			case err != nil:
				return err
			case !ok:
				return alveary.Withheld(op)
			}
		}
		session, _, err := tx.Session(by.Session)
		if err != nil {
			return signedOut(op)
		}
		token, secret, err = s.issue(tx, by, alveary.Token{User: by.User.ID, Label: label, Expires: expires, Level: session.Level, Scope: scope})
		return err
	})
	return token, secret, err
}

// reads says whether somebody may read a node that is there.
func (s *Service) reads(ctx context.Context, tx *store.Tx, by alveary.Subject, node alveary.NodeID) (bool, error) {
	access, err := s.gate.Bind(ctx, tx, by)
	if err != nil {
		return false, err
	}
	line, err := tx.Lineage(node)
	if alveary.IsKind(err, alveary.KindNotFound) {
		return false, nil
	}
	return err == nil && !line.InBin() && access.Rights(line).Has(alveary.ActionRead), err
}

// CreateTokenFor makes a token of the named user, for someone at the machine
// itself: who can do that needs no second factor.
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
		token, secret, err = s.issue(tx, alveary.Subject{User: user}, alveary.Token{User: user.ID, Label: label, Expires: expires, Level: alveary.LevelSecond})
		return err
	})
	return token, secret, err
}

func (s *Service) issue(tx *store.Tx, by alveary.Subject, t alveary.Token) (token alveary.Token, secret string, err error) {
	t.Label = strings.TrimSpace(t.Label)
	if err := checkToken(t.Label, t.Expires, tx.Now()); err != nil {
		return token, "", err
	}
	own, err := tx.Tokens(t.User)
	if err != nil {
		return token, "", err
	}
	if len(own) >= mostTokens {
		return token, "", invalid("make a token", "there are 100 tokens already: revoke one that is not needed any more")
	}
	id, secret, err := credential.New(s.random)
	if err != nil {
		return token, "", err
	}
	t.ID = alveary.TokenID(id)
	if token, err = tx.InsertToken(t, credential.Hash(secret)); err != nil {
		return token, "", err
	}
	detail := "token " + id + " for ever"
	if !t.Expires.IsZero() {
		detail = "token " + id + " until " + t.Expires.UTC().Format(time.RFC3339)
	}
	if t.Scope != (alveary.Scope{}) {
		detail += fmt.Sprintf(", confined to %q, node %d, gateways %q", t.Scope.Reach, t.Scope.Node, t.Scope.Gateways)
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
	if !credential.IsID(string(id)) {
		return alveary.Withheld("revoke the token")
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteToken(by.User.ID, id); err != nil {
			return err
		}
		return tx.Record(record(by, "revoke-token", alveary.VerdictDone, "token "+string(id)))
	})
}
