package limit

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"alveary"
	"alveary/store"
)

const (
	tallyTime = time.Minute // at most one record of an account or address in so long
	tallySize = 10_000      // accounts and addresses that are told apart
	mostRows  = 200         // of them that get a record of their own at once; the rest share one
)

// tally adds refusals up. An attacker makes thousands in a second, each of
// which would be a durable line otherwise.
type tally struct {
	sums   map[key]sum
	others sum               // of what is not told apart any more
	told   map[key]time.Time // when a key was last on record
}

// sum is what was refused by one count since it was last on record.
type sum struct {
	times   int64
	code    string // of the last refusal
	count   alveary.Failures
	address string // of the last attempt
	user    alveary.UserID
}

func newTally() tally { return tally{sums: map[key]sum{}, told: map[key]time.Time{}} }

func (t *tally) add(f alveary.Failures, a Attempt, code string) {
	k := key(f.ID)
	s, known := t.sums[k]
	if !known && len(t.sums) >= tallySize {
		t.others.times++
		return
	}
	s.times, s.code, s.count, s.address, s.user = s.times+1, code, f, a.Address, a.User
	t.sums[k] = s
}

// due takes out what may go on record now.
func (t *tally) due(now time.Time, all bool) (due []sum, others sum) {
	for k, at := range t.told {
		if now.Sub(at) >= tallyTime || at.After(now) {
			delete(t.told, k)
		}
	}
	for k, s := range t.sums {
		if _, lately := t.told[k]; lately && !all {
			continue
		}
		due = append(due, s)
		delete(t.sums, k)
		t.told[k] = now
	}
	others, t.others = t.others, sum{}
	return due, others
}

// back puts what could not be written back to where it was.
func (t *tally) back(due []sum, others sum) {
	for _, s := range due {
		k := key(s.count.ID)
		delete(t.told, k)
		if later, ok := t.sums[k]; ok {
			later.times += s.times
			s = later
		}
		t.sums[k] = s
	}
	t.others.times += others.times
}

// Flush puts on record what the limits refused, and forgets counts that have
// passed. The app calls it every few seconds; an account or address is on
// record at most once a minute.
func (l *Limits) Flush(ctx context.Context) error { return l.flush(ctx, false) }

// Close puts the rest on record.
func (l *Limits) Close(ctx context.Context) error { return l.flush(ctx, true) }

func (l *Limits) flush(ctx context.Context, all bool) error {
	now := l.now()
	l.mu.Lock()
	due, others := l.tally.due(now, all)
	sweep := l.memory.sweepDue(now)
	l.mu.Unlock()
	if len(due) == 0 && others.times == 0 && !sweep {
		return nil
	}
	err := l.store.Write(ctx, func(tx *store.Tx) error {
		if sweep {
			if err := tx.ForgetFailures(now.Add(-forgetTime)); err != nil {
				return err
			}
		}
		return tellAll(tx, due, others)
	})
	if err != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.tally.back(due, others)
	}
	return err
}

// tellAll puts sums on record, those first that were refused most often.
func tellAll(tx *store.Tx, due []sum, others sum) error {
	slices.SortFunc(due, func(a, b sum) int {
		return cmp.Or(cmp.Compare(b.times, a.times), cmp.Compare(a.count.ID, b.count.ID))
	})
	for i, s := range due {
		if i >= mostRows {
			others.times += s.times
			continue
		}
		if err := tell(tx, s); err != nil {
			return err
		}
	}
	if others.times == 0 {
		return nil
	}
	return tx.Record(record(alveary.Subject{}, "sign-in", alveary.VerdictDenied,
		"refused "+times(others.times, "time")+" from many addresses: too many failed attempts"))
}

func tell(tx *store.Tx, s sum) error {
	by := alveary.Subject{Address: s.address}
	if s.count.Kind == kinds[byAccount].name {
		by.User.ID = cmp.Or(s.count.User, s.user)
	}
	login, err := loginOf(tx, by.User.ID)
	if err != nil {
		return err
	}
	by.User.Login = login
	return tx.Record(record(by, "sign-in", alveary.VerdictDenied, "refused "+times(s.times, "time")+": "+reasons[s.code]+" by this "+s.count.Kind))
}

// reasons word the codes of refusals.
var reasons = map[string]string{
	"captcha": "a proof of work was missing after failed attempts",
	"limited": "slowed after too many failed attempts",
	"locked":  "locked after too many failed attempts",
}

// times words a number with its noun: "1 time", "4,512 times".
func times(n int64, noun string) string {
	text := strconv.FormatInt(n, 10)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	if n != 1 {
		noun += "s"
	}
	return text + " " + noun
}
