package mail

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"alveary"
	"alveary/store"
	"alveary/vault"
)

const (
	pollTime   = 2 * time.Second  // how long a new mail may lie unseen
	restTime   = 30 * time.Second // after the database did not answer
	firstDelay = time.Minute
	longDelay  = 6 * time.Hour
	giveUpTime = 3 * 24 * time.Hour
)

// LeaseTime is for how long a mail that is being sent is no other server's. It
// is longer than sending can take.
const LeaseTime = 2 * sendTime

// Run sends what is due until the context ends; what is under way then is
// sent or put back first.
func (s *Service) Run(ctx context.Context) {
	for ctx.Err() == nil {
		rest := pollTime
		if more, err := s.Next(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "mail cannot be sent", "error", err.Error())
			rest = restTime
		} else if more {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(rest):
		}
	}
}

// Next sends one mail that is due, or puts it back; false where none is due.
func (s *Service) Next(ctx context.Context) (bool, error) {
	due := false
	if err := s.store.Read(ctx, func(tx *store.Tx) (err error) {
		due, err = tx.MessageDue() // most of the time there is nothing, and nobody need wait for the writer
		return err
	}); err != nil || !due {
		return false, err
	}
	var m alveary.Message
	var server alveary.MailServer
	var house alveary.Organisation
	err := s.store.Write(ctx, func(tx *store.Tx) (err error) {
		if m, err = tx.TakeMessage(tx.Now().Add(LeaseTime)); err != nil {
			return err
		}
		if house, err = tx.Organisation(); err == nil {
			server, err = tx.MailServer()
		}
		return err
	})
	if alveary.IsKind(err, alveary.KindNotFound) { // another server was quicker
		return true, nil
	}
	if err != nil {
		return false, err
	}
	// From here on the server's stopping no longer counts: a mail that is sent
	// is to be noted as such.
	ctx = context.WithoutCancel(ctx)
	return true, s.done(ctx, m, s.try(ctx, m, server, house))
}

// try sends a mail that was taken.
func (s *Service) try(ctx context.Context, m alveary.Message, server alveary.MailServer, house alveary.Organisation) *failure {
	if server.Host == "" {
		return &failure{text: "no mail server is set"}
	}
	plain, err := s.box.Open(vault.PurposeMail, m.Data)
	if err != nil {
		return &failure{text: "what it was to say cannot be opened any more", final: true}
	}
	var head alveary.Letterhead
	if err := json.Unmarshal(plain, &head); err != nil {
		return &failure{text: "what it was to say cannot be read", final: true}
	}
	if head.Lang == "" {
		head.Lang = house.Language
	}
	l, err := compose(m.Kind, house.Name, s.publicURL(), head)
	if err != nil {
		return &failure{text: "it cannot be put into words", final: true}
	}
	if server.Password, err = s.password(server); err != nil {
		return &failure{text: "the password of the mail server cannot be opened any more: set it again"}
	}
	return s.send(ctx, server, l, fmt.Sprintf("%x.%x", m.ID, m.Created.UnixMicro()), m.To, m.Created)
}

// done notes what became of a mail that was taken.
func (s *Service) done(ctx context.Context, m alveary.Message, f *failure) error {
	return s.store.Write(ctx, func(tx *store.Tx) error {
		switch {
		case f == nil:
			return tx.DeleteMessage(m.ID)
		case f.final || tx.Now().Sub(m.Created) >= giveUpTime:
			s.log.WarnContext(ctx, "a mail was given up", "kind", m.Kind, "tries", m.Tries, "failure", f.text)
			if err := tx.DeleteMessage(m.ID); err != nil {
				return err
			}
			return tx.Record(record(alveary.Subject{}, "mail", alveary.VerdictFailed,
				fmt.Sprintf("%s to %s was given up after %d tries: %s", m.Kind, oneLine(m.To, mostAddress), m.Tries, f.text)))
		}
		return tx.DelayMessage(m.ID, tx.Now().Add(delay(m.Tries)), f.text)
	})
}

// delay is how long to wait after so many tries: 1, 2, 4, … minutes.
func delay(tries int64) time.Duration {
	if tries < 1 || tries > 9 {
		return longDelay
	}
	return min(firstDelay<<(tries-1), longDelay)
}
