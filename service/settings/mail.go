package settings

import (
	"context"
	"fmt"
	"net"
	"net/mail"
	"strings"
	"time"

	"alveary"
	"alveary/store"
)

// MailPurpose is for what the password of the mail server is sealed.
const MailPurpose = "mail-server"

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
		if m.MailServer, err = read[alveary.MailServer](tx, alveary.SettingMail); err != nil {
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
	server, err := read[alveary.MailServer](tx, alveary.SettingMail)
	if err != nil || server.Password == "" {
		return server, err
	}
	password, err := s.box.Open(MailPurpose, server.Password)
	server.Password = string(password)
	return server, err
}

// SetMail names the mail server, for administrators. Without a password (nil)
// the stored one stays, where nothing changes about the server and whose it is.
// An empty host names none: links are then shown to administrators.
func (s *Service) SetMail(ctx context.Context, by alveary.Subject, server alveary.MailServer, password *string) error {
	const op = "change the mail server"
	server, err := checkMail(server)
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
			server.Password = s.box.Seal(MailPurpose, []byte(server.Password))
		}
		if err := write(tx, alveary.SettingMail, server); err != nil {
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
	case was.Host == is.Host && was.Port == is.Port && was.Security == is.Security && was.User == is.User:
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

// checkMail refuses what cannot be a mail server and fills in the usual port.
func checkMail(m alveary.MailServer) (alveary.MailServer, error) {
	const op = "name the mail server"
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
	for what, text := range map[string]string{"the host": m.Host, "the user": m.User, "the address": m.From} {
		if err := alveary.CheckLine(what, text, 254); err != nil {
			return m, err
		}
	}
	switch {
	case strings.ContainsAny(m.Host, " /@:[]") && net.ParseIP(m.Host) == nil:
		return m, invalid(op, "the host is a name such as smtp.example.org, or an address, without port")
	case m.Port < 1 || m.Port > 65535:
		return m, invalid(op, "the port is a number from 1 to 65535; 587 is usual")
	case m.Security != "tls" && m.Security != "starttls" && m.Security != "none":
		return m, invalid(op, "the security is one of tls, starttls and none")
	}
	if address, err := mail.ParseAddress(m.From); err != nil || address.Address != m.From {
		return m, invalid(op, "the address from which mail comes looks like files@example.org")
	}
	return m, nil
}
