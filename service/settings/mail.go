package settings

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"alveary"
	"alveary/store"
	"alveary/vault"
)

// underWay is how far ahead a mail may be put off by its being sent just now.
const underWay = 5 * time.Minute

// Mail is the mail server as administrators see it: without its password.
type Mail struct {
	alveary.MailServer
	PasswordSet bool
	Waiting     int64  // mails that were not sent yet
	Failure     string // of the one that waits longest
}

// Mail is the mail server, for administrators.
func (s *Service) Mail(ctx context.Context, by alveary.Subject) (m Mail, err error) {
	if !by.Known() || by.User.Profile != alveary.ProfileAdmin {
		return m, &alveary.Error{Kind: alveary.KindDenied, Op: "look at the mail server", Code: "not-held", Message: "only administrators may look at the mail server"}
	}
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		if m.MailServer, err = tx.MailServer(); err != nil {
			return err
		}
		m.PasswordSet, m.Password = m.Password != "", ""
		m.Waiting, m.Failure, err = tx.Outbox()
		return err
	})
	return m, err
}

// Stored is the mail server with its password, for whoever sends mail; without
// a host where none is named.
func (s *Service) Stored(tx *store.Tx) (alveary.MailServer, error) {
	server, err := tx.MailServer()
	if err != nil || server.Password == "" {
		return server, err
	}
	password, err := s.box.Open(vault.PurposeMailServer, server.Password)
	server.Password = string(password)
	return server, err
}

// SetMail names the mail server, for administrators. Without a password (nil)
// the stored one stays, where nothing changes about the server and whose it is.
// An empty host names none: links are then shown to administrators.
func (s *Service) SetMail(ctx context.Context, by alveary.Subject, server alveary.MailServer, password *string) error {
	const op = "change the mail server"
	server, err := s.complete(server)
	if err != nil {
		return err
	}
	return s.change(ctx, by, op, true, func(tx *store.Tx) (string, error) {
		was, err := s.Stored(tx)
		if err != nil {
			return "", err
		}
		server.Password = kept(was, server, password)
		if was == server {
			return "", nil
		}
		did := fmt.Sprintf("mail: %s → %s", shown(was), shown(server))
		if was.Password != server.Password {
			did += ", another password"
		}
		if server.Password != "" {
			server.Password = s.box.Seal(vault.PurposeMailServer, []byte(server.Password))
		}
		if err := tx.SetMailServer(server); err != nil {
			return "", err
		}
		return did, tx.HastenMessages(tx.Now().Add(underWay)) // what the last server refused is tried with this one
	})
}

// kept is the password to use. One that was given for another server is not
// sent to this one.
func kept(was, is alveary.MailServer, password *string) string {
	switch {
	case password != nil:
		return *password
	case was.SameDoor(is):
		return was.Password
	}
	return ""
}

func shown(m alveary.MailServer) string {
	if m.Host == "" {
		return "none"
	}
	text := net.JoinHostPort(m.Host, fmt.Sprint(m.Port)) + " (" + m.Security + ") from " + m.From
	if m.User != "" {
		text += " as " + m.User
	}
	return text
}

// complete fills in what is usual and refuses what cannot be a mail server.
func (s *Service) complete(m alveary.MailServer) (alveary.MailServer, error) {
	m.Host, m.From = strings.TrimSpace(m.Host), strings.TrimSpace(m.From)
	if m.Host == "" {
		return alveary.MailServer{}, nil
	}
	if m.Security == "" {
		m.Security = "starttls"
	}
	if m.Port == 0 {
		m.Port = map[string]int{"tls": 465, "starttls": 587, "none": 25}[m.Security]
	}
	return m, s.check(m)
}
