package login

import (
	"context"
	"encoding/base64"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"alveary"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"
)

// mostWaiting bounds those who wait for their turn to hash: more come only
// where someone floods the server.
const mostWaiting = 64

// hashesAtOnce bounds the memory and the cores that signing in may take: each
// takes 19 MiB and about 26 ms. Half the cores are left to those who are
// signed in already.
func hashesAtOnce() int { return max(1, runtime.GOMAXPROCS(0)/2) }

// hasher turns passwords into hashes and compares them.
type hasher struct {
	params  *argon2id.Params
	dummy   string // a hash that no password has, at the price of any other
	turns   chan struct{}
	waiting atomic.Int64
	check   func(password, hash string) (bool, error)
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
		turns: make(chan struct{}, hashesAtOnce()),
		check: argon2id.ComparePasswordAndHash,
	}
}

// turn waits until a hash may be computed and returns what ends the turn.
// KindLimited where too many wait already.
func (h *hasher) turn(ctx context.Context) (done func(), err error) {
	defer h.waiting.Add(-1)
	if h.waiting.Add(1) > mostWaiting {
		return nil, &alveary.Error{
			Kind: alveary.KindLimited, Op: "check the password", Code: "busy", Cause: retryAfter(2 * time.Second),
			Message: "too many people are signing in at this moment: try again in a few seconds",
		}
	}
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

// retryAfter is the private cause of a refusal; doors read the time from it.
type retryAfter time.Duration

func (r retryAfter) Error() string { return "try again in " + time.Duration(r).String() }

// RetryAfter is how long to wait.
func (r retryAfter) RetryAfter() time.Duration { return time.Duration(r) }

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
