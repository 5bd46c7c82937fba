package visit

import (
	"context"
	"slices"
	"sync"
	"time"

	"alveary"
)

// Bounds of who waits until his password is compared: of all, and of those who
// come from one address or to one link, who leave room for others.
const (
	mostWaiting = 256
	mostOfOne   = 64
)

// retryAfter is the private cause of a refusal; doors read the time from it.
type retryAfter time.Duration

func (r retryAfter) Error() string { return "try again in " + time.Duration(r).String() }

// RetryAfter is how long to wait.
func (r retryAfter) RetryAfter() time.Duration { return time.Duration(r) }

// turn waits until a password may be compared, and gives what ends the turn.
// Of is where he who waits comes from, and what he wants.
func (s *Service) turn(ctx context.Context, of ...string) (done func(), err error) {
	if !s.waiting.enter(of) {
		return nil, &alveary.Error{
			Kind: alveary.KindLimited, Op: opened, Code: "busy", Cause: retryAfter(2 * time.Second),
			Message: "too many people are opening links at this moment: try again in a few seconds",
		}
	}
	defer s.waiting.leave(of)
	select {
	case s.turns <- struct{}{}:
		return func() { <-s.turns }, nil
	case <-ctx.Done():
		return nil, &alveary.Error{
			Kind: alveary.KindUnavailable, Op: opened, Cause: ctx.Err(), Message: "the request was given up before its turn came",
		}
	}
}

// queue counts who waits: all, and by what they have in common.
type queue struct {
	mu  sync.Mutex
	all int
	of  map[string]int
}

// enter says whether there is room for one more.
func (q *queue) enter(of []string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.all >= mostWaiting || slices.ContainsFunc(of, func(what string) bool { return q.of[what] >= mostOfOne }) {
		return false
	}
	if q.of == nil {
		q.of = map[string]int{}
	}
	q.all++
	for _, what := range of {
		q.of[what]++
	}
	return true
}

func (q *queue) leave(of []string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.all--
	for _, what := range of {
		if q.of[what]--; q.of[what] <= 0 {
			delete(q.of, what)
		}
	}
}
