package limit

import (
	"strconv"
	"time"

	"alveary"
)

// kind is what failures are counted by, with the number of failures from which
// something is asked of the next attempt.
type kind struct {
	name   string
	proof  int64 // a proof of work
	slowed int64 // a wait that doubles: 2, 4, 8, 16, 32 seconds after the last failure
	locked int64 // lockTime after the last failure
	begins bool  // the count ends an hour after it began, and not after an hour without a failure
}

// The places of the two counts of an attempt.
const (
	byAccount = 0
	byAddress = 1
)

// kinds are the figures. An address may stand for a whole company, so it may
// fail more often, and what its people mistype in a week is not added up.
var kinds = [2]kind{
	byAccount: {name: "account", proof: 3, slowed: 5, locked: 10},
	byAddress: {name: "address", proof: 3, slowed: 20, locked: 50, begins: true},
}

const (
	forgetTime = time.Hour        // for so long a count stands
	lockTime   = 15 * time.Minute // for so long a lock stands
	firstWait  = 2 * time.Second
	longWait   = 32 * time.Second
)

// counts are what is counted of the account and of the address; the zero count
// where nothing is.
type counts [2]alveary.Failures

// standing says whether a count still counts.
func (k kind) standing(f alveary.Failures, now time.Time) bool {
	switch {
	case f.Count == 0 || now.Sub(f.Last) >= forgetTime:
		return false
	case f.Last.Sub(now) >= forgetTime: // the clock was wrong then
		return false
	case k.begins && now.Sub(f.First) >= forgetTime:
		return f.Count >= k.locked && now.Before(f.Last.Add(lockTime)) // a lock is served to its end
	}
	return true
}

// until is when the next attempt may be made; zero where at once.
func (k kind) until(f alveary.Failures, now time.Time) (until time.Time, locked bool) {
	if f.Count < k.slowed || !k.standing(f, now) {
		return time.Time{}, false
	}
	locked = f.Count >= k.locked
	wait := lockTime
	if !locked {
		wait = longWait
		if more := f.Count - k.slowed; more < 4 {
			wait = firstWait << more
		}
	}
	if until = f.Last.Add(wait); !now.Before(until) {
		return time.Time{}, false
	}
	return until, locked
}

// next is the count after one failure more.
func next(f alveary.Failures, k kind, now time.Time) alveary.Failures {
	if !k.standing(f, now) {
		f.Count, f.First = 0, now
	}
	f.Count, f.Last = f.Count+1, now
	return f
}

// refuse says what the counts ask of the next attempt, and which of them asks
// for it; nil where nothing.
func refuse(counts counts, now time.Time, proved bool) (by int, refusal *alveary.Error) {
	var until time.Time
	locked := false
	for i, k := range kinds {
		if u, l := k.until(counts[i], now); u.After(until) {
			by, until, locked = i, u, l
		}
	}
	if !until.IsZero() {
		return by, wait(until.Sub(now), locked)
	}
	for i, k := range kinds {
		if !proved && counts[i].Count >= k.proof && k.standing(counts[i], now) {
			return i, &alveary.Error{
				Kind: alveary.KindUnauthenticated, Op: "sign in", Code: "captcha",
				Message: "after several failed attempts a proof is needed that no program is guessing: wait until it is made and try again",
			}
		}
	}
	return 0, nil
}

// wait words how long to wait.
func wait(d time.Duration, locked bool) *alveary.Error {
	d = d.Truncate(time.Second) + time.Second
	e := &alveary.Error{Kind: alveary.KindLimited, Op: "sign in", Code: "limited", Cause: retryAfter(d)}
	if locked {
		e.Code = "locked"
	}
	const message = "too many failed attempts: try again in "
	if d < 2*time.Minute {
		e.Message = message + strconv.Itoa(int(d/time.Second)) + " seconds"
	} else {
		e.Message = message + strconv.Itoa(int((d+time.Minute-1)/time.Minute)) + " minutes"
	}
	return e
}

// retryAfter is the private cause of a refusal; doors read the time from it.
type retryAfter time.Duration

func (r retryAfter) Error() string { return "try again in " + time.Duration(r).String() }

// RetryAfter is how long to wait.
func (r retryAfter) RetryAfter() time.Duration { return time.Duration(r) }
