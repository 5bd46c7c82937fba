package credential

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

// MostWaiting bounds those who wait for their turn to hash: more come only
// where someone floods the server.
const MostWaiting = 64

// AtOnce bounds the memory and the cores that signing in may take: each
// takes 19 MiB and about 26 ms. Half the cores are left to those who are
// signed in already.
func AtOnce() int { return max(1, runtime.GOMAXPROCS(0)/2) }

// Hasher turns passwords into hashes and compares them.
type Hasher struct {
	params  *argon2id.Params
	Dummy   string // a hash that no password has, at the price of any other
	turns   chan struct{}
	waiting atomic.Int64
	Check   func(password, hash string) (bool, error) // tests count by it
}

// Price is what a hash costs, as OWASP recommends it first for argon2id,
// memory in KiB.
func Price() argon2id.Params {
	return argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// NewHasher makes a hasher of so many hashes at once: AtOnce, outside tests.
func NewHasher(params argon2id.Params, atOnce int) *Hasher {
	zeros := make([]byte, params.KeyLength)
	return &Hasher{
		params: &params,
		Dummy: fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", params.Memory, params.Iterations, params.Parallelism,
			base64.RawStdEncoding.EncodeToString(zeros[:params.SaltLength]), base64.RawStdEncoding.EncodeToString(zeros)),
		turns: make(chan struct{}, atOnce),
		Check: argon2id.ComparePasswordAndHash,
	}
}

// Turn waits until a hash may be computed and returns what ends the turn.
// KindLimited where too many wait already.
func (h *Hasher) Turn(ctx context.Context) (done func(), err error) {
	defer h.waiting.Add(-1)
	if h.waiting.Add(1) > MostWaiting {
		return nil, &alveary.Error{
			Kind: alveary.KindLimited, Op: "check the password", Code: "busy", Cause: RetryAfter(2 * time.Second),
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

// RetryAfter is the private cause of a refusal; doors read the time from it.
type RetryAfter time.Duration

func (r RetryAfter) Error() string { return "try again in " + time.Duration(r).String() }

// RetryAfter is how long to wait.
func (r RetryAfter) RetryAfter() time.Duration { return time.Duration(r) }

// Hash makes the hash of a new password.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	done, err := h.Turn(ctx)
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

// Matches compares within a turn. An empty hash, of an account that is unknown,
// disabled or without a password, matches nothing at the same price.
func (h *Hasher) Matches(password, hash string) (bool, error) {
	none := hash == ""
	if none {
		hash = h.Dummy
	}
	same, err := h.Check(norm.NFC.String(password), hash)
	if err != nil {
		return false, fmt.Errorf("compare the password: %w", err)
	}
	return same && !none, nil
}
