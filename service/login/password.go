package login

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"alveary"
	"alveary/store"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"
)

// The bounds of a password, in characters.
const (
	MinPassword = 12
	MaxPassword = 1024
)

// hashesAtOnce bounds the memory and the cores that signing in may take: each
// takes 19 MiB and about 26 ms. Those who come meanwhile wait their turn.
const hashesAtOnce = 2

// hasher turns passwords into hashes and compares them.
type hasher struct {
	params *argon2id.Params
	dummy  string // a hash that no password has, at the price of any other
	turns  chan struct{}
	check  func(password, hash string) (bool, error)
}

// price is what a hash costs, as OWASP recommends it first for argon2id,
// memory in KiB.
func price() argon2id.Params {
	return argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

func newHasher(params argon2id.Params) *hasher {
	zeros := make([]byte, params.KeyLength)
	return &hasher{
		params: &params,
		dummy: fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", params.Memory, params.Iterations, params.Parallelism,
			base64.RawStdEncoding.EncodeToString(zeros[:params.SaltLength]), base64.RawStdEncoding.EncodeToString(zeros)),
		turns: make(chan struct{}, hashesAtOnce),
		check: argon2id.ComparePasswordAndHash,
	}
}

// turn waits until a hash may be computed and returns what ends the turn.
func (h *hasher) turn(ctx context.Context) (done func(), err error) {
	select {
	case h.turns <- struct{}{}:
		return func() { <-h.turns }, nil
	case <-ctx.Done():
		return nil, &alveary.Error{
			Kind: alveary.KindUnavailable, Op: "check the password", Cause: ctx.Err(),
			Message: "the request was given up before its turn came",
		}
	}
}

// hash makes the hash of a new password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	done, err := h.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	hash, err := argon2id.CreateHash(norm.NFC.String(password), h.params)
	if err != nil {
		return "", fmt.Errorf("hash the password: %w", err)
	}
	return hash, nil
}

// matches compares within a turn. An empty hash, of an account that is unknown,
// disabled or without a password, matches nothing at the same price.
func (h *hasher) matches(password, hash string) (bool, error) {
	none := hash == ""
	if none {
		hash = h.dummy
	}
	same, err := h.check(norm.NFC.String(password), hash)
	if err != nil {
		return false, fmt.Errorf("compare the password: %w", err)
	}
	return same && !none, nil
}

// CheckPassword says why a password cannot be the user's, or nil.
func CheckPassword(login, password string) error {
	password = norm.NFC.String(password)
	reason := ""
	switch n := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password):
		reason = "the password is not valid UTF-8"
	case n < MinPassword:
		reason = fmt.Sprintf("the password is too short: it needs at least %d characters", MinPassword)
	case n > MaxPassword:
		reason = fmt.Sprintf("the password is too long: it can have at most %d characters", MaxPassword)
	case store.FoldName(strings.TrimSpace(password)) == store.FoldName(login):
		reason = "the password cannot be the login"
	default:
		return nil
	}
	return &alveary.Error{Kind: alveary.KindInvalid, Op: "check the password", Code: "invalid", Message: reason}
}
