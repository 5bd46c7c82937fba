// Package notice tells people what happened with what is shared: in the page,
// by mail, and as a feed.
//
// It exists because those who make something happen do not know how it is told.
// They leave a notice of ids in the transaction of what they do; here it is put
// into words for whoever reads it, and what time alone brings about is noticed:
// an end that comes near, house rules that stop a share.
//
// Promises: a notice names nothing that its reader may not see at the moment he
// reads it (MODEL.md 5.2), in the mail and the feed as well. What is mailed is
// marked in the transaction that puts the mail into the outbox, so that nothing
// is mailed twice, whatever breaks off; of several servers of one installation
// the one that comes first does it. Nobody is reminded twice of one end. A
// *Service is safe for concurrent use.
//
// Read this file first, then reader.go, remind.go and digest.go.
package notice

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/files/desk"
	"alveary/store"
	"alveary/vault"
)

// Config are the parts the service is made of.
type Config struct {
	Store     *store.Store
	Gate      *authz.Gate
	Now       func() time.Time // its location is that of the server
	Box       *vault.Box       // seals what waits to be mailed
	PublicURL string           // where people find the server; empty: mails lead nowhere
	Log       *slog.Logger
}

// Service tells the people of one installation.
type Service struct {
	Config
	desk *desk.Desk

	mu     sync.Mutex
	looked looked
}

// New makes the service.
func New(c Config) *Service { return &Service{Config: c, desk: desk.New(c.Store, c.Gate)} }

const (
	roundTime  = time.Minute
	keepTime   = 90 * 24 * time.Hour
	forgetTime = time.Hour // between two times of forgetting
)

// Run does what time asks for until the context ends.
func (s *Service) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := s.Round(ctx); err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "notices cannot be looked after", "error", err.Error())
		}
		select {
		case <-ctx.Done():
		case <-time.After(roundTime):
		}
	}
}

// Round does once what is due: reminders, what house rules stopped, mails, and
// forgetting. One that fails keeps none of the others from being done.
func (s *Service) Round(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.remind(ctx), s.mail(ctx), s.forget(ctx))
}

// forget deletes what was told long ago.
func (s *Service) forget(ctx context.Context) error {
	now := s.Now()
	if now.Before(s.looked.forgot.Add(forgetTime)) {
		return nil
	}
	err := s.Store.Write(ctx, func(tx *store.Tx) error { return tx.ForgetNotices(now.Add(-keepTime)) })
	if err == nil {
		s.looked.forgot = now
	}
	return err
}

// nobody refuses those who are told nothing.
func nobody(by alveary.Subject) error {
	if by.Link == 0 && by.Known() {
		return nil
	}
	return &alveary.Error{Kind: alveary.KindDenied, Op: "read the notices", Code: "denied", Message: "only users of the house are told what happens: sign in first"}
}
