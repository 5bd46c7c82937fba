package login

import (
	"context"
	"errors"
	"slices"

	"alveary"
	"alveary/service/login/keyring"
	"alveary/service/login/letter"
	"alveary/store"
)

// Factors are someone's second factors, without their secrets.
type Factors struct {
	Factors  []alveary.Factor // the oldest first; recovery codes one by one, at the end
	NeededBy alveary.RoleID   // the role that wants one; empty: none does
}

// Factors are the asker's own.
func (s *Service) Factors(ctx context.Context, by alveary.Subject) (f Factors, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		f, err = s.factorsIn(ctx, tx, by)
		return err
	})
	return f, err
}

func (s *Service) factorsIn(ctx context.Context, tx *store.Tx, of alveary.Subject) (f Factors, err error) {
	if f.Factors, err = tx.Factors(of.User.ID); err != nil {
		return f, err
	}
	for i := range f.Factors {
		f.Factors[i].Secret, f.Factors[i].Step = "", 0
	}
	all := keyring.Owner{Factors: f.Factors}
	f.Factors = append(slices.DeleteFunc(slices.Clone(f.Factors), keyring.IsRecovery), all.Of(alveary.FactorRecovery)...)
	flags, err := s.gate.Holds(ctx, tx, of)
	f.NeededBy = flags.SecondFactorBy
	return f, err
}

// BeginTOTP begins to set up an authenticator app for the asker.
func (s *Service) BeginTOTP(ctx context.Context, by alveary.Subject) (Enrolment, error) {
	return s.beginAdd(ctx, by, alveary.FactorTOTP, waitsTOTP, clientOf(by))
}

// ConfirmTOTP keeps the app with its first code, and gives recovery codes
// where it is the first factor. KindUnauthenticated ("wrong-code") where the
// code does not fit.
func (s *Service) ConfirmTOTP(ctx context.Context, by alveary.Subject, pending, code string) (recovery []string, err error) {
	return s.confirmAdd(ctx, by, waitsTOTP, Answer{Pending: pending, Code: code}, clientOf(by))
}

// BeginAddPasskey begins to make a passkey of the asker's.
func (s *Service) BeginAddPasskey(ctx context.Context, by alveary.Subject, c Client) (Enrolment, error) {
	return s.beginAdd(ctx, by, alveary.FactorPasskey, waitsPasskey, c)
}

// ConfirmPasskey keeps the passkey that was made, and gives recovery codes
// where it is the first factor.
func (s *Service) ConfirmPasskey(ctx context.Context, by alveary.Subject, a Answer, c Client) (recovery []string, err error) {
	return s.confirmAdd(ctx, by, waitsPasskey, a, c)
}

// clientOf is the request of a subject.
func clientOf(by alveary.Subject) Client {
	return Client{Address: by.Address, Request: by.Request, Context: by.Context}
}

// own is how the asker himself stands; signed out where he is gone meanwhile.
func (s *Service) own(ctx context.Context, tx *store.Tx, by alveary.Subject, c Client) (standing, error) {
	st, err := s.standingOf(ctx, tx, by.User.ID, methodPassword, c)
	if errors.Is(err, errWrong) {
		err = signedOut("change the account")
	}
	return st, err
}

func (s *Service) beginAdd(ctx context.Context, by alveary.Subject, kind alveary.FactorKind, waits string, c Client) (e Enrolment, err error) {
	if err := s.fresh(by, "set up a second factor"); err != nil {
		return e, err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		st, err := s.own(ctx, tx, by, c)
		if err != nil {
			return err
		}
		w := waiting{Session: by.Session}
		if e, w.Kept, err = s.keyring.Offer(tx, &st.Owner, kind, c.place()); err != nil {
			return err
		}
		e.Pending, err = s.wait(tx, waits, &st, w)
		return err
	})
	return e, err
}

func (s *Service) confirmAdd(ctx context.Context, by alveary.Subject, waits string, a Answer, c Client) (recovery []string, err error) {
	const op = "set up a second factor"
	if err := s.fresh(by, op); err != nil {
		return nil, err
	}
	misfit := false
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		p, w, st, err := s.resume(ctx, tx, a.Pending, waits, c)
		if err != nil {
			return err
		}
		if st.User.ID != by.User.ID || w.Session != by.Session {
			return overdue()
		}
		if err := tried(tx, p); err != nil {
			return err
		}
		f, err := s.keyring.Confirm(tx, &st.Owner, w.Kept, a, c.place())
		if errors.Is(err, errWrong) {
			misfit = true
			return nil
		}
		if err != nil {
			return err
		}
		if recovery, err = s.add(tx, by, &st, f); err != nil { // ends what waits, too
			return err
		}
		return tx.ProveSession(by.Session, alveary.LevelSecond)
	})
	if err == nil && misfit {
		err = wrongCode(op)
	}
	return recovery, err
}

// LabelFactor names one of the asker's factors anew; withheld where he has none
// of that id.
func (s *Service) LabelFactor(ctx context.Context, by alveary.Subject, id alveary.FactorID, label string) error {
	label, err := keyring.Label(label)
	if err != nil {
		return err
	}
	if label == "" {
		return invalid("name the factor", "a factor needs a name, so that it can be told from the others")
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LabelFactor(by.User.ID, id, label); err != nil {
			return err
		}
		return tx.Record(record(by, "label-factor", alveary.VerdictDone, "to "+label))
	})
}

// RemoveFactor takes one of the asker's factors away. KindConflict where it is
// the last and a role needs one.
func (s *Service) RemoveFactor(ctx context.Context, by alveary.Subject, id alveary.FactorID) error {
	const op = "take the factor away"
	if err := s.fresh(by, op); err != nil {
		return err
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		st, err := s.own(ctx, tx, by, clientOf(by))
		if err != nil {
			return err
		}
		what, others := "", 0
		for _, f := range st.Factors {
			switch {
			case f.Kind == alveary.FactorRecovery: // they go with the last, or by new ones
			case f.ID == id:
				what = string(f.Kind) + " " + f.Label
			default:
				others++
			}
		}
		switch {
		case what == "":
			return alveary.Withheld(op)
		case others == 0 && st.needed:
			return &alveary.Error{
				Kind: alveary.KindConflict, Op: op, Code: "factor-needed",
				Message: "one of your roles needs a second factor, and this is the last: add another one first",
			}
		case others == 0: // recovery codes count only beside another factor
			_, err = tx.DeleteFactors(by.User.ID, "")
		default:
			err = tx.DeleteFactor(by.User.ID, id)
		}
		if err != nil {
			return err
		}
		return s.factorsChanged(tx, by, st.User, "remove-factor", what, by.Session)
	})
}

// NewRecovery makes recovery codes in place of those the asker had. KindConflict
// where he has no second factor that they could stand in for.
func (s *Service) NewRecovery(ctx context.Context, by alveary.Subject) (codes []string, err error) {
	const op = "make recovery codes"
	if err := s.fresh(by, op); err != nil {
		return nil, err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		st, err := s.own(ctx, tx, by, clientOf(by))
		if err != nil {
			return err
		}
		if !st.Second() {
			return &alveary.Error{
				Kind: alveary.KindConflict, Op: op, Code: "no-factor",
				Message: "recovery codes stand in for a second factor: set up an authenticator app or a passkey first",
			}
		}
		if codes, err = s.keyring.RenewRecovery(tx, by.User.ID); err != nil {
			return err
		}
		return s.factorsChanged(tx, by, st.User, "renew-recovery", "", by.Session)
	})
	return codes, err
}

// factorsChanged ends what was signed in before, tells the owner and writes it
// down.
func (s *Service) factorsChanged(tx *store.Tx, by alveary.Subject, user alveary.User, action, detail string, keep alveary.SessionID) error {
	if _, err := tx.EndSignIns(user.ID, keep); err != nil {
		return err
	}
	if err := s.letters.Tell(tx, user, letter.Notice{Kind: letter.Factors, What: action, Address: by.Address}); err != nil {
		return err
	}
	return tx.Record(record(by, action, alveary.VerdictDone, detail))
}
