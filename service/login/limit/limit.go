// Package limit stands between those who guess passwords and the passwords.
//
// It exists so that guessing is slow wherever it is tried: failed sign-ins are
// counted by account and by address in the store, so that all servers of an
// installation count as one and a restart forgets nothing. After three
// failures a proof of work is asked for, later the account and the address are
// slowed, and then locked for a while; rule.go has the figures.
//
// Promises: a login that nobody has is counted exactly like one that somebody
// has. Of a login only a hash is kept: people type passwords in its place. A
// failure counts even where whoever made it has hung up. What is known to be
// refused is refused without the database for a second; what is not refused is
// always looked up. What cannot be looked up is an error, and nobody goes on.
// Refusals are added up and come to the audit log at most once a minute for
// each account and address. A *Limits is safe for concurrent use.
//
// Read this file first, then rule.go.
package limit

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"alveary"
	"alveary/store"
)

// Attempt is one attempt to sign in.
type Attempt struct {
	Login   string         // as it was typed; empty where the account is not known yet: the address alone counts then
	Address string         // without port; empty where there is none
	User    alveary.UserID // whose login it is; 0 for nobody's
	Link    bool           // Login names a link, not an account: both are counted apart from sign-ins
}

// Limits counts failed sign-ins and says who must wait.
type Limits struct {
	store  *store.Store
	now    func() time.Time
	secret atomic.Pointer[string] // what the hashes are keyed with
	reads  singleflight.Group

	mu     sync.Mutex // of memory and tally
	memory memory
	tally  tally
}

// New makes limits over a store, with the clock of the store.
func New(s *store.Store, now func() time.Time) *Limits {
	return &Limits{store: s, now: now, memory: newMemory(), tally: newTally()}
}

// Check says whether an attempt may go on; proved says that it brought a proof
// of work. KindUnauthenticated with the code "captcha" where one is needed,
// KindLimited with the code "limited" or "locked" where one must wait; the
// cause then has RetryAfter() time.Duration. Asked again when a turn has come,
// it knows what failed meanwhile.
func (l *Limits) Check(ctx context.Context, a Attempt, proved bool) error {
	keys, err := l.keysOf(ctx, a)
	if err != nil {
		return err
	}
	now := l.now()
	if refusal := l.known(keys, a, now, proved); refusal != nil {
		return refusal
	}
	counts, err := l.read(ctx, keys)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tallied(counts, a, now, proved)
}

// known refuses by what is in memory alone, or gives nil.
func (l *Limits) known(keys keys, a Attempt, now time.Time, proved bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var counts counts
	for i, k := range keys {
		if c, ok := l.memory.fresh(k, now); ok {
			counts[i] = c
		}
	}
	return l.tallied(counts, a, now, proved)
}

// tallied words the refusal that counts ask for and adds it up.
func (l *Limits) tallied(counts counts, a Attempt, now time.Time, proved bool) error {
	by, refusal := refuse(counts, now, proved)
	if refusal == nil {
		return nil
	}
	l.tally.add(counts[by], a, refusal.Code)
	return refusal
}

// read looks counts up. Those who ask for the same at once read once. It does
// not end with the one who asked first.
func (l *Limits) read(ctx context.Context, keys keys) (counts, error) {
	found := l.reads.DoChan(string(keys[0])+"/"+string(keys[1]), func() (any, error) {
		l.mu.Lock()
		began := l.memory.changes
		l.mu.Unlock()
		ctx, done := context.WithTimeout(context.WithoutCancel(ctx), readTime)
		defer done()
		var counts counts
		err := l.store.Read(ctx, func(tx *store.Tx) (err error) {
			for i, k := range keys {
				if k != "" && err == nil {
					counts[i], err = tx.Failures(string(k))
				}
			}
			return err
		})
		if err != nil {
			return counts, err
		}
		now := l.now()
		l.mu.Lock()
		defer l.mu.Unlock()
		for i, k := range keys {
			if k != "" {
				counts[i] = l.memory.seen(k, counts[i], began, now)
			}
		}
		return counts, nil
	})
	select {
	case r := <-found:
		if r.Err != nil {
			return counts{}, r.Err
		}
		return r.Val.(counts), nil
	case <-ctx.Done():
		return counts{}, &alveary.Error{
			Kind: alveary.KindUnavailable, Op: "sign in", Cause: ctx.Err(), Message: "the request was given up before it was answered",
		}
	}
}

// Failed counts a failure of the account and of the address. locked says that
// it is the one by which the account was locked; those after it, which lock it
// again, do not say so.
func (l *Limits) Failed(ctx context.Context, a Attempt) (locked bool, err error) {
	ctx = context.WithoutCancel(ctx) // hanging up does not take a failure back
	keys, err := l.keysOf(ctx, a)
	if err != nil {
		return false, err
	}
	var counts counts
	err = l.store.Write(ctx, func(tx *store.Tx) error {
		locked = false
		for i, k := range keys {
			if k == "" {
				continue
			}
			f, err := tx.Failures(string(k))
			if err != nil {
				return err
			}
			f = next(f, kinds[i], tx.Now())
			f.ID, f.Kind, f.User, f.Address = string(k), kinds[i].name, a.User, a.Address
			if i == byAddress {
				f.User, f.Address = 0, Household(a.Address)
			}
			if err := tx.SetFailures(f); err != nil {
				return err
			}
			counts[i] = f
			if f.Count == kinds[i].locked {
				locked = locked || i == byAccount
				if err := recordLock(tx, f); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, k := range keys {
		if k != "" {
			l.memory.changed(k, counts[i], now)
		}
	}
	return locked, nil
}

// Succeeded forgets the failures of the account. Those of the address stay:
// whoever has one account of his own could guess at others for ever otherwise.
func (l *Limits) Succeeded(ctx context.Context, a Attempt) error {
	ctx = context.WithoutCancel(ctx)
	keys, err := l.keysOf(ctx, a)
	if err != nil || keys[byAccount] == "" {
		return err
	}
	now := l.now()
	l.mu.Lock()
	f, ok := l.memory.fresh(keys[byAccount], now)
	l.mu.Unlock()
	if ok && f.Count == 0 {
		return nil // most sign-ins: nothing is counted, so nothing is written
	}
	return l.forget(ctx, keys[byAccount])
}

func (l *Limits) forget(ctx context.Context, k key) error {
	err := l.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Forgive(string(k))
		return err
	})
	if err == nil {
		l.forgotten(k)
	}
	return err
}

func (l *Limits) forgotten(k key) {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.memory.changed(k, alveary.Failures{ID: string(k)}, now)
}
