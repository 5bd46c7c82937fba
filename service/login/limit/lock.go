package limit

import (
	"context"
	"time"

	"alveary"
	"alveary/store"
)

// Lock is an account or an address of which more than a password is asked, as
// administrators see it.
type Lock struct {
	ID       string
	Kind     string         // account or address
	User     alveary.UserID // of an account
	Login    string         // of that user
	Address  string         // of an address; of an account, from where it last failed
	Failures int64
	Until    time.Time // nobody gets in before; zero where one need not wait
	Last     time.Time // failure
	Captcha  bool      // a proof of work is asked for
}

// mostLocks bounds a list: whoever attacks from a whole network makes more
// than anybody reads.
const mostLocks = 1000

// Locks lists what is slowed, locked or asked for a proof of work, the last
// failure first. A login that nobody has is not listed: what was typed there
// may be a password.
func (l *Limits) Locks(ctx context.Context) (locks []Lock, err error) {
	now := l.now()
	err = l.store.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.FailuresFrom(least(), mostLocks)
		if err != nil {
			return err
		}
		for _, f := range all {
			lock, stands := lockOf(f, now)
			if !stands {
				continue
			}
			if lock.Login, err = loginOf(tx, f.User); err != nil {
				return err
			}
			locks = append(locks, lock)
		}
		return nil
	})
	return locks, err
}

// Lift forgets the failures by which an account or an address is locked and
// puts it on record. KindNotFound where nothing is counted under the id. Other
// servers let it in within a second. Who may do so is the caller's to know.
func (l *Limits) Lift(ctx context.Context, by alveary.Subject, id string) (lock Lock, err error) {
	err = l.store.Write(ctx, func(tx *store.Tx) error {
		f, err := tx.Failures(id)
		if err != nil {
			return err
		}
		found, err := tx.Forgive(id)
		if err != nil {
			return err
		}
		if !found {
			return alveary.Withheld("lift the lock")
		}
		lock, _ = lockOf(f, tx.Now())
		what, err := nameOf(tx, f)
		if err != nil {
			return err
		}
		return tx.Record(record(by, "lift-lock", alveary.VerdictDone, what))
	})
	if err == nil {
		l.forgotten(key(id))
	}
	return lock, err
}

// lockOf is what administrators see of a count, and whether it still stands.
func lockOf(f alveary.Failures, now time.Time) (lock Lock, stands bool) {
	for _, k := range kinds {
		if k.name == f.Kind {
			until, _ := k.until(f, now)
			stands = k.standing(f, now) && f.Count >= k.proof
			return Lock{
				ID: f.ID, Kind: f.Kind, User: f.User, Address: f.Address, Failures: f.Count, Until: until, Last: f.Last, Captcha: stands,
			}, stands
		}
	}
	return lock, false
}

// least is the smallest count that asks for anything.
func least() int64 { return min(kinds[byAccount].proof, kinds[byAddress].proof) }

// recordLock puts on record that an account or an address was locked. Of a
// login that nobody has there is nothing to say.
func recordLock(tx *store.Tx, f alveary.Failures) error {
	if f.Kind == kinds[byAccount].name && f.User == 0 {
		return nil
	}
	what, err := nameOf(tx, f)
	if err != nil {
		return err
	}
	line := alveary.Subject{User: alveary.User{ID: f.User}, Address: f.Address}
	if line.User.Login, err = loginOf(tx, f.User); err != nil {
		return err
	}
	return tx.Record(record(line, "lock", alveary.VerdictDone, what+" for 15 minutes, and again with each further failure"))
}

// nameOf words what is counted.
func nameOf(tx *store.Tx, f alveary.Failures) (string, error) {
	if f.Kind == kinds[byAddress].name {
		return "the address " + f.Address + " after " + times(f.Count, "failed sign-in"), nil
	}
	login, err := loginOf(tx, f.User)
	if login == "" {
		login = "that nobody has"
	}
	return "the account " + login + " after " + times(f.Count, "failed sign-in"), err
}

// loginOf is the login of a user; empty where there is none.
func loginOf(tx *store.Tx, id alveary.UserID) (string, error) {
	if id == 0 {
		return "", nil
	}
	user, err := tx.User(id)
	if alveary.IsKind(err, alveary.KindNotFound) {
		return "", nil
	}
	return user.Login, err
}

// record is an audit line about what a subject does.
func record(by alveary.Subject, action string, verdict alveary.Verdict, detail string) alveary.AuditRecord {
	return alveary.AuditRecord{
		User: by.User.ID, Login: by.User.Login, Action: action, Verdict: verdict, Detail: detail,
		Address: by.Address, Request: by.Request,
	}
}
