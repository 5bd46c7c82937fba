// Package mail sends what waits in the outbox.
//
// It exists so that a service that has something to tell puts it there within
// the transaction of what it tells of, and neither waits for a mail server nor
// knows of one: what is rolled back is never sent, and what is committed is
// sent as soon as there is a server that takes it. What a mail says lies in
// words/, one file for each language; the services give the facts alone.
//
// Promises: of several servers of one installation one sends a mail; it is
// sent twice only where a server broke off between the mail server's yes and
// its own note of it, and then under the same Message-ID. What cannot be sent
// is tried again, after a minute at first and every six hours at last, and
// given up after three days, on record. A connection that was to be encrypted
// is, to the server that was named, or nothing is sent. Nothing that people
// type becomes a header or a link. No failure tells the password of the mail
// server or what a mail said. A *Service is safe for concurrent use.
//
// Read this file first, then outbox.go, send.go and compose.go.
package mail

import (
	"context"
	"crypto/x509"
	"fmt"
	"log/slog"
	"time"

	"alveary"
	"alveary/store"
	"alveary/vault"
)

// Service sends the mail of one installation.
type Service struct {
	store     *store.Store
	box       *vault.Box
	now       func() time.Time
	publicURL func() string
	log       *slog.Logger
	roots     *x509.CertPool // nil: those of the system
}

// New makes the service. publicURL is where people find the server; empty
// where that is not known.
func New(s *store.Store, box *vault.Box, now func() time.Time, publicURL func() string, log *slog.Logger) *Service {
	return &Service{store: s, box: box, now: now, publicURL: publicURL, log: log}
}

// Test sends a mail to an address now, for administrators: through the server
// given, or through the one that is set where it is nil. Where it is the one
// that is set but for its password, that password is used. KindUnavailable
// with the code "mail-failed" says what the mail server said.
func (s *Service) Test(ctx context.Context, who alveary.Subject, server *alveary.MailServer, to string) error {
	const op = "send a mail to try"
	if !who.Known() || who.User.Profile != alveary.ProfileAdmin {
		return &alveary.Error{Kind: alveary.KindDenied, Op: op, Code: "not-held", Message: "only administrators may try the mail server"}
	}
	if err := CheckAddress(to); err != nil {
		return err
	}
	var set alveary.MailServer
	var house alveary.Organisation
	if err := s.store.Read(ctx, func(tx *store.Tx) (err error) {
		if house, err = tx.Organisation(); err == nil {
			set, err = tx.MailServer()
		}
		return err
	}); err != nil {
		return err
	}
	use := set
	if server != nil {
		use = usual(*server)
	}
	if use.Host == "" {
		return &alveary.Error{Kind: alveary.KindConflict, Op: op, Code: "no-mail", Message: "no mail server is set: name one first"}
	}
	if err := CheckServer(use); err != nil {
		return err
	}
	if server == nil || (server.Password == "" && use.SameDoor(set)) {
		var err error
		if use.Password, err = s.password(set); err != nil {
			return err
		}
	}
	l, err := compose(kindTest, house.Name, s.publicURL(), alveary.Letterhead{Lang: house.Language, Name: who.User.DisplayName()})
	if err != nil {
		return fmt.Errorf("write a mail to try: %w", err)
	}
	id := fmt.Sprintf("test.%d", s.now().UnixNano())
	failure := s.send(ctx, use, l, id, to, s.now())
	verdict, detail := alveary.VerdictDone, "through "+use.Host
	if failure != nil {
		verdict, detail = alveary.VerdictFailed, detail+": "+failure.text
	}
	if err := s.store.Record(context.WithoutCancel(ctx), record(who, "test-mail", verdict, detail)); err != nil {
		return err
	}
	if failure != nil {
		return &alveary.Error{Kind: alveary.KindUnavailable, Op: op, Subject: use.Host, Code: "mail-failed", Message: failure.text}
	}
	return nil
}

// password opens the password of the server that is set.
func (s *Service) password(set alveary.MailServer) (string, error) {
	if set.Password == "" {
		return "", nil
	}
	plain, err := s.box.Open(vault.PurposeMailServer, set.Password)
	return string(plain), err
}

// record is an audit line about what a subject does.
func record(by alveary.Subject, action string, verdict alveary.Verdict, detail string) alveary.AuditRecord {
	return alveary.AuditRecord{
		User: by.User.ID, Login: by.User.Login, Action: action, Verdict: verdict, Detail: detail,
		Address: by.Address, Request: by.Request,
	}
}
