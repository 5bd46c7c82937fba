package mail

import (
	"encoding/base64"
	"strings"
	"testing"

	"alveary"
	"alveary/testkit/smtpsink"
)

const secret = "s3cret-of-the-server"

// The ways to a mail server, and what is refused: where encryption was asked
// for, nothing is said without it.
func TestThreatF26_WaysToAMailServer(t *testing.T) {
	signIn := func(m *alveary.MailServer) { m.User, m.Password = "sender", secret }
	for _, c := range []struct {
		name     string
		sink     smtpsink.Options
		security string
		trusted  bool
		change   func(*alveary.MailServer)
		fails    string // a part of the failure; empty: it is sent
	}{
		{"plain", smtpsink.Options{}, SecurityNone, true, nil, ""},
		{"tls", smtpsink.Options{TLS: true}, SecurityTLS, true, nil, ""},
		{"starttls", smtpsink.Options{StartTLS: true}, SecurityStartTLS, true, nil, ""},
		{"tls, not trusted", smtpsink.Options{TLS: true}, SecurityTLS, false, nil, "certificate"},
		{"starttls, not trusted", smtpsink.Options{StartTLS: true}, SecurityStartTLS, false, nil, "certificate"},
		{"tls, of another", smtpsink.Options{TLS: true, Name: "mail.example.org"}, SecurityTLS, true, nil, "certificate"},
		{"starttls, of another", smtpsink.Options{StartTLS: true, Name: "mail.example.org"}, SecurityStartTLS, true, nil, "certificate"},
		{"starttls, not offered", smtpsink.Options{User: "sender", Password: secret}, SecurityStartTLS, true, signIn, "STARTTLS"},
		{"tls with PLAIN", smtpsink.Options{TLS: true, User: "sender", Password: secret, Mechanisms: "PLAIN"}, SecurityTLS, true, signIn, ""},
		{"starttls with LOGIN", smtpsink.Options{StartTLS: true, User: "sender", Password: secret, Mechanisms: "LOGIN"}, SecurityStartTLS, true, signIn, ""},
		{"plain with PLAIN", smtpsink.Options{User: "sender", Password: secret}, SecurityNone, true, signIn, ""},
		{"plain with LOGIN", smtpsink.Options{User: "sender", Password: secret, Mechanisms: "LOGIN"}, SecurityNone, true, signIn, ""},
		{"wrong password", smtpsink.Options{TLS: true, User: "sender", Password: "another"}, SecurityTLS, true, signIn, "535"},
		{"wrong password by LOGIN", smtpsink.Options{TLS: true, User: "sender", Password: "another", Mechanisms: "LOGIN"}, SecurityTLS, true, signIn, "535"},
		{"no way in common", smtpsink.Options{TLS: true, User: "sender", Password: secret, Mechanisms: "GSSAPI"}, SecurityTLS, true, signIn, "mechanism"},
		{"no server", smtpsink.Options{}, SecurityNone, true, func(m *alveary.MailServer) { m.Port = 1 }, "refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			sink := smtpsink.Start(t, c.sink)
			server := h.through(sink, func(m *alveary.MailServer) {
				m.Security = c.security
				if c.change != nil {
					c.change(m)
				}
			})
			if !c.trusted {
				h.roots = nil
			}
			err := h.Test(t.Context(), admin, nil, "ann@example.org")
			if c.fails == "" {
				if err != nil {
					t.Fatal(err)
				}
				m := sink.Mails()[0]
				if m.User != server.User || m.Encrypted != (c.security != SecurityNone) {
					t.Errorf("%+v", m)
				}
				return
			}
			message := wantCode(t, err, alveary.KindUnavailable, "mail-failed")
			if !strings.Contains(message, c.fails) {
				t.Errorf("%q, want %q in it", message, c.fails)
			}
			for _, hidden := range []string{secret, base64.StdEncoding.EncodeToString([]byte(secret))} {
				if strings.Contains(message, hidden) || strings.Contains(h.audit()[0].Detail, hidden) {
					t.Errorf("%q tells the password", message)
				}
			}
			if len(sink.Mails()) != 0 {
				t.Error("sent all the same")
			}
		})
	}
}

// The test button: for administrators, on record, with the password that is
// set only where it goes to the server for which it is set.
func TestTheTestButton(t *testing.T) {
	h := newHouse(t)
	wantCode(t, h.Test(t.Context(), admin, nil, "ann@example.org"), alveary.KindConflict, "no-mail")
	sink := smtpsink.Start(t, smtpsink.Options{User: "sender", Password: secret})
	server := h.through(sink, func(m *alveary.MailServer) { m.User, m.Password = "sender", secret })
	if err := h.Test(t.Context(), admin, nil, "ann@example.org"); err != nil {
		t.Fatal(err)
	}
	if text, _ := parts(t, sink.Mails()[0]); !strings.Contains(text, "Hello Ada,") || !strings.Contains(text, "arrives") {
		t.Errorf("%s", text)
	}
	if line := h.audit()[0]; line.Action != "test-mail" || line.Login != "admin" || line.Verdict != alveary.VerdictDone {
		t.Errorf("%+v", line)
	}
	server.Password = ""
	if err := h.Test(t.Context(), admin, &server, "ann@example.org"); err != nil {
		t.Errorf("the server that is set, without its password: %v", err)
	}
	elsewhere := smtpsink.Start(t, smtpsink.Options{User: "sender", Password: secret})
	other := server
	other.Port = elsewhere.Port()
	wantCode(t, h.Test(t.Context(), admin, &other, "ann@example.org"), alveary.KindUnavailable, "mail-failed")
	if len(elsewhere.Mails()) != 0 {
		t.Error("another server got the password")
	}
	shared := admin
	shared.User.Profile = alveary.ProfileStandard
	wantCode(t, h.Test(t.Context(), shared, nil, "ann@example.org"), alveary.KindDenied, "not-held")
	for _, to := range []string{"", "ann", "Ann <ann@example.org>", "ann@example.org\r\nBcc: bob@example.org", "a@b, c@d", "<ann@example.org>", strings.Repeat("a", 250) + "@b.ch"} {
		wantCode(t, h.Test(t.Context(), admin, nil, to), alveary.KindInvalid, "invalid")
	}
}

func TestServersAreChecked(t *testing.T) {
	good := alveary.MailServer{Host: "mail.example.org", Port: 587, Security: SecurityStartTLS, From: "noreply@example.org"}
	for name, change := range map[string]func(*alveary.MailServer){
		"a scheme":       func(m *alveary.MailServer) { m.Host = "smtp://mail.example.org" },
		"a socket":       func(m *alveary.MailServer) { m.Host = "unix:///run/mail" },
		"a port":         func(m *alveary.MailServer) { m.Host = "mail.example.org:25" },
		"two lines":      func(m *alveary.MailServer) { m.Host = "mail\r\nexample.org" },
		"no port":        func(m *alveary.MailServer) { m.Port = 0 },
		"a large port":   func(m *alveary.MailServer) { m.Port = 65536 },
		"no security":    func(m *alveary.MailServer) { m.Security = "" },
		"no sender":      func(m *alveary.MailServer) { m.From = "" },
		"a named sender": func(m *alveary.MailServer) { m.From = "House <noreply@example.org>" },
		"a header":       func(m *alveary.MailServer) { m.From = "noreply@example.org\r\nBcc: all@example.org" },
		"lines in user":  func(m *alveary.MailServer) { m.User = "a\r\nb" },
		"NUL":            func(m *alveary.MailServer) { m.User, m.Password = "a", "b\x00c" },
		"password alone": func(m *alveary.MailServer) { m.Password = "b" },
	} {
		server := good
		change(&server)
		if err := CheckServer(server); err == nil {
			t.Errorf("%s is let through: %+v", name, server)
		}
	}
	for _, host := range []string{"mail.example.org", "localhost", "127.0.0.1", "::1", "10.0.0.7", "mail_1.example.org."} {
		server := good
		server.Host = host
		if err := CheckServer(server); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestWarnings(t *testing.T) {
	for _, c := range []struct {
		host, security string
		warned         bool
	}{
		{"mail.example.org", SecurityNone, true},
		{"10.0.0.7", SecurityNone, true},
		{"localhost.example.org", SecurityNone, true},
		{"127.0.0.1", SecurityNone, false},
		{"::1", SecurityNone, false},
		{"localhost", SecurityNone, false},
		{"mail.example.org", SecurityTLS, false},
		{"mail.example.org", SecurityStartTLS, false},
		{"", SecurityNone, false},
	} {
		if got := Warning(alveary.MailServer{Host: c.host, Security: c.security}); (got != "") != c.warned {
			t.Errorf("%s, %s: %q", c.host, c.security, got)
		}
	}
}
