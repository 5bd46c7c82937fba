package login

import (
	"crypto/sha256"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"alveary"
	"alveary/store"
)

// A login that failed so often from one address within the window is refused
// there until the oldest of those failures is so long ago. It slows guessing
// down; it never locks an account for its owner elsewhere.
const (
	mostFailures  = 10
	failureWindow = 10 * time.Minute
	mostPairs     = 10_000 // pairs remembered at once
)

// slowdown remembers failed attempts by login and address, in this process.
type slowdown struct {
	now   func() time.Time
	mu    sync.Mutex
	pairs map[[sha256.Size]byte][]time.Time // failures, oldest first
}

func newSlowdown(now func() time.Time) *slowdown {
	return &slowdown{now: now, pairs: map[[sha256.Size]byte][]time.Time{}}
}

// retryAfter is the private cause of a refusal; doors read the time from it.
type retryAfter time.Duration

func (r retryAfter) Error() string { return "try again in " + time.Duration(r).String() }

// RetryAfter is how long to wait.
func (r retryAfter) RetryAfter() time.Duration { return time.Duration(r) }

// check refuses a pair that has failed too often.
func (s *slowdown) check(login, address string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	failures := recent(s.pairs[pairOf(login, address)], now)
	if len(failures) < mostFailures {
		return nil
	}
	wait := failures[len(failures)-mostFailures].Add(failureWindow).Sub(now).Truncate(time.Second) + time.Second
	return &alveary.Error{
		Kind: alveary.KindLimited, Op: "sign in", Code: "limited", Cause: retryAfter(wait),
		Message: fmt.Sprintf("too many failed attempts: try again in %s", wait),
	}
}

// failed notes a failed attempt.
func (s *slowdown) failed(login, address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, pair := s.now(), pairOf(login, address)
	if _, known := s.pairs[pair]; !known && len(s.pairs) >= mostPairs {
		s.makeRoom(now)
	}
	s.pairs[pair] = append(recent(s.pairs[pair], now), now)
}

// succeeded forgets the pair.
func (s *slowdown) succeeded(login, address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.pairs, pairOf(login, address))
}

// makeRoom forgets what has passed, or else the pair that was quiet longest.
func (s *slowdown) makeRoom(now time.Time) {
	var quietest [sha256.Size]byte
	var last time.Time
	for pair, failures := range s.pairs {
		latest := failures[len(failures)-1]
		if now.Sub(latest) >= failureWindow {
			delete(s.pairs, pair)
			continue
		}
		if last.IsZero() || latest.Before(last) {
			quietest, last = pair, latest
		}
	}
	if len(s.pairs) >= mostPairs {
		delete(s.pairs, quietest)
	}
}

func recent(failures []time.Time, now time.Time) []time.Time {
	for len(failures) > 0 && now.Sub(failures[0]) >= failureWindow {
		failures = failures[1:]
	}
	return failures
}

// pairOf is the key of a pair. A household of IPv6 has 2^64 addresses, so they
// count as one. The hash keeps the key small whatever was typed.
func pairOf(login, address string) [sha256.Size]byte {
	if addr, err := netip.ParseAddr(address); err == nil && addr.Is6() && !addr.Is4In6() {
		if prefix, err := addr.WithZone("").Prefix(64); err == nil {
			address = prefix.String()
		}
	}
	return sha256.Sum256([]byte(address + "\x00" + store.FoldName(login)))
}
