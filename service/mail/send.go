package mail

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"net/mail"
	"net/url"
	"strings"
	"time"

	smtp "github.com/wneessen/go-mail"

	"alveary"
)

const (
	stepTime = 20 * time.Second // the mail server has so long to be reached, to greet, and to take a mail
	sendTime = time.Minute      // and so long for all of these
	longText = 300              // characters of a failure that are kept
)

// failure is why a mail was not sent.
type failure struct {
	text  string // for administrators, without secrets
	final bool   // another try would fail as well
}

// send hands a mail to the mail server; nil where it took it. The server's
// password is in plain here.
func (s *Service) send(ctx context.Context, server alveary.MailServer, l letter, id, to string, at time.Time) *failure {
	m, err := s.message(server, l, id, to, at)
	if err != nil {
		return &failure{text: oneLine(err.Error(), longText), final: true}
	}
	client, err := smtp.NewClient(server.Host, s.options(server)...)
	if err != nil {
		return &failure{text: safe(err, server, l)}
	}
	ctx, done := context.WithTimeout(ctx, sendTime)
	defer done()
	err = client.DialAndSendWithContext(ctx, m)
	if err == nil || m.IsDelivered() { // what failed after the server's yes does not matter
		return nil
	}
	return &failure{text: safe(err, server, l), final: isFinal(err)}
}

// message puts a letter into an envelope. The text alone holds secrets.
func (s *Service) message(server alveary.MailServer, l letter, id, to string, at time.Time) (*smtp.Msg, error) {
	if err := CheckAddress(to); err != nil {
		return nil, err
	}
	m := smtp.NewMsg(smtp.WithNoDefaultUserAgent())
	page, err := l.html()
	if err != nil {
		return nil, err
	}
	m.FromMailAddress(&mail.Address{Name: l.House, Address: server.From})
	m.ToMailAddress(&mail.Address{Address: to})
	_, domain, _ := strings.Cut(server.From, "@")
	m.Subject(l.Subject)
	m.SetDateWithValue(at)
	m.SetMessageIDWithValue(id + "@" + domain)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("X-Auto-Response-Suppress", "All") // no answers by holiday programs
	m.SetGenHeader("Content-Language", l.Lang)
	m.SetBodyString(smtp.TypeTextPlain, l.plain())
	m.AddAlternativeString(smtp.TypeTextHTML, page)
	return m, nil
}

// options are how a mail server is spoken to.
func (s *Service) options(server alveary.MailServer) []smtp.Option {
	options := []smtp.Option{
		smtp.WithPort(server.Port), smtp.WithTimeout(stepTime),
		smtp.WithTLSConfig(&tls.Config{ServerName: server.Host, RootCAs: s.roots, MinVersion: tls.VersionTLS12}),
	}
	if u, err := url.Parse(s.publicURL()); err == nil && isHost(u.Hostname()) {
		options = append(options, smtp.WithHELO(u.Hostname()))
	}
	ways := []smtp.SMTPAuthType{smtp.SMTPAuthSCRAMSHA256, smtp.SMTPAuthSCRAMSHA1, smtp.SMTPAuthPlain, smtp.SMTPAuthLogin, smtp.SMTPAuthCramMD5}
	switch server.Security {
	case SecurityTLS:
		options = append(options, smtp.WithSSL())
	case SecurityStartTLS:
		options = append(options, smtp.WithTLSPolicy(smtp.TLSMandatory))
	default:
		// The administrator wanted it so, and was warned.
		options = append(options, smtp.WithTLSPolicy(smtp.NoTLS))
		ways = []smtp.SMTPAuthType{
			smtp.SMTPAuthSCRAMSHA256, smtp.SMTPAuthSCRAMSHA1, smtp.SMTPAuthCramMD5, smtp.SMTPAuthPlainNoEnc, smtp.SMTPAuthLoginNoEnc,
		}
	}
	if server.User != "" {
		options = append(options, smtp.WithUsername(server.User), smtp.WithPassword(server.Password), smtp.WithOpportunisticSMTPAuth(ways...))
	}
	return options
}

// isFinal says whether the server refused this very mail for good: its
// recipient or its content. What it says of us (wrong password, no relaying
// from here) an administrator can mend.
func isFinal(err error) bool {
	var refused *smtp.SendError
	if !errors.As(err, &refused) || refused.IsTemp() || refused.ErrorCode() < 500 {
		return false
	}
	return refused.Reason == smtp.ErrSMTPRcptTo || refused.Reason == smtp.ErrSMTPDataClose
}

// safe words an error without the secrets that a server may throw back at us.
func safe(err error, server alveary.MailServer, l letter) string {
	text := err.Error()
	var refused *smtp.SendError
	if errors.As(err, &refused) {
		text, _, _ = strings.Cut(text, ", affected ")
	}
	secrets := []string{server.Password}
	for _, p := range l.Paragraphs {
		if p.Link != "" {
			_, secret, _ := strings.Cut(string(p.Link), "#")
			secrets = append(secrets, string(p.Link), secret)
		}
	}
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		for _, form := range []string{
			secret, base64.StdEncoding.EncodeToString([]byte(secret)),
			base64.StdEncoding.EncodeToString([]byte("\x00" + server.User + "\x00" + secret)),
		} {
			text = strings.ReplaceAll(text, form, "…")
		}
	}
	return oneLine(text, longText)
}
