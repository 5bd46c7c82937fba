package settings

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/store"
	"alveary/testkit/pgtest"
	"alveary/vault"
)

type house struct {
	*Service
	store *store.Store
}

func onEach(t *testing.T, test func(*testing.T, house)) {
	t.Helper()
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) {
			cfg := store.Config{Now: time.Now}
			if database == "postgres" {
				cfg.Postgres = pgtest.DSN(t)
			} else {
				cfg.Path = filepath.Join(t.TempDir(), "alveary.db")
			}
			s, err := store.Open(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			check := func(m alveary.MailServer) error { // package mail has more to say
				if m.Port > 65535 {
					return invalid("check", "the port is too large")
				}
				return nil
			}
			test(t, house{New(s, vault.New([vault.KeyBytes]byte{7}), check), s})
		})
	}
}

var (
	root = alveary.Subject{User: alveary.User{ID: 7, Login: "root", Profile: alveary.ProfileAdmin}}
	help = alveary.Subject{User: alveary.User{ID: 8, Login: "help", Profile: alveary.ProfileStandard}}
)

func (h house) record(t *testing.T) string {
	t.Helper()
	var lines []string
	if err := h.store.Read(t.Context(), func(tx *store.Tx) error {
		all, err := tx.Audit(1000)
		for _, a := range all {
			if a.Action == "change-settings" {
				lines = append(lines, string(a.Verdict)+" "+a.Login+" "+a.Detail)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

func TestOrganisationAndRules(t *testing.T) {
	onEach(t, func(t *testing.T, h house) {
		p, err := h.Public(t.Context())
		if err != nil || p.SignIn != alveary.DefaultSignIn() || p.Organisation.Name != "" || p.Mail {
			t.Fatalf("a new house has %+v, %v", p, err)
		}
		if o, err := h.SetOrganisation(t.Context(), help, alveary.Organisation{Name: " Bees & Co ", Accent: "#B45309"}); err != nil || o.Name != "Bees & Co" || o.Accent != "#b45309" {
			t.Fatalf("%+v, %v", o, err)
		}
		for _, bad := range []alveary.Organisation{
			{Accent: "red"}, {Accent: "#12345"}, {Accent: "#1234567"}, {Accent: "url(x)"}, {Name: strings.Repeat("x", 81)}, {Name: "a\nb"}, {Language: "de"}, {Name: "a\u202eb"},
		} {
			if _, err := h.SetOrganisation(t.Context(), root, bad); !alveary.IsKind(err, alveary.KindInvalid) {
				t.Errorf("%q was taken: %v", bad, err)
			}
		}
		rules := alveary.SignInRules{MinPassword: 16, Strength: 4}
		if _, err := h.SetSignIn(t.Context(), help, rules); !alveary.IsKind(err, alveary.KindDenied) {
			t.Errorf("who is no administrator: %v", err)
		}
		if _, err := h.SetSignIn(t.Context(), root, rules); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []alveary.SignInRules{{MinPassword: 7, Strength: 3}, {MinPassword: 65, Strength: 3}, {MinPassword: 12, Strength: 1}, {MinPassword: 12, Strength: 5}} {
			if _, err := h.SetSignIn(t.Context(), root, bad); !alveary.IsKind(err, alveary.KindInvalid) {
				t.Errorf("%+v was taken: %v", bad, err)
			}
		}
		if p, err := h.Public(t.Context()); err != nil || p.SignIn != rules || p.Organisation.Name != "Bees & Co" {
			t.Errorf("the house has %+v, %v", p, err)
		}
		if got := h.record(t); !strings.Contains(got, "done help organisation") || !strings.Contains(got, "denied help") || !strings.Contains(got, "done root sign-in") {
			t.Errorf("on record is\n%s", got)
		}
	})
}

// The password goes with the server that it was given for, comes out nowhere,
// and lies nowhere in clear.
func TestMailServer(t *testing.T) {
	onEach(t, func(t *testing.T, h house) {
		secret := "a secret of the server"
		server := alveary.MailServer{Host: "smtp.example.org", User: "files", From: "files@example.org"}
		if err := h.SetMail(t.Context(), help, server, &secret); !alveary.IsKind(err, alveary.KindDenied) {
			t.Fatalf("who is no administrator: %v", err)
		}
		if _, err := h.Mail(t.Context(), help); !alveary.IsKind(err, alveary.KindDenied) {
			t.Fatalf("who is no administrator: %v", err)
		}
		if err := h.SetMail(t.Context(), root, server, &secret); err != nil {
			t.Fatal(err)
		}
		m, err := h.Mail(t.Context(), root)
		if err != nil || m.Password != "" || !m.PasswordSet || m.Port != 587 || m.Security != "starttls" {
			t.Fatalf("the server is %+v, %v", m, err)
		}
		stored := func() string {
			var got alveary.MailServer
			if err := h.store.Read(t.Context(), func(tx *store.Tx) error {
				text, err := tx.Setting(alveary.SettingMail)
				if err == nil && strings.Contains(text, secret) {
					t.Errorf("the password lies in clear: %s", text)
				}
				if err == nil {
					got, err = h.Stored(tx)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return got.Password
		}
		if stored() != secret {
			t.Error("the password is another one")
		}
		same := m.MailServer
		same.From = "other@example.org"
		if err := h.SetMail(t.Context(), root, same, nil); err != nil || stored() != secret {
			t.Errorf("another sender lost the password: %v", err)
		}
		for what, change := range map[string]func(*alveary.MailServer){
			"host": func(m *alveary.MailServer) { m.Host = "evil.example.org" }, "port": func(m *alveary.MailServer) { m.Port = 26 },
			"security": func(m *alveary.MailServer) { m.Security = "none" }, "user": func(m *alveary.MailServer) { m.User = "other" },
		} {
			other := same
			change(&other)
			if err := h.SetMail(t.Context(), root, other, nil); err != nil || stored() != "" {
				t.Errorf("the password went along to another %s: %v", what, err)
			}
			if err := h.SetMail(t.Context(), root, same, &secret); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.SetMail(t.Context(), root, alveary.MailServer{Host: "smtp.example.org", From: "x@example.org", Port: 70000}, nil); !alveary.IsKind(err, alveary.KindInvalid) {
			t.Errorf("what cannot be a mail server was taken: %v", err)
		}
		if err := h.SetMail(t.Context(), root, alveary.MailServer{}, nil); err != nil || stored() != "" {
			t.Errorf("no server: %v", err)
		}
		if got := h.record(t); strings.Contains(got, secret) || strings.Count(got, "done root mail") != 11 {
			t.Errorf("on record is\n%s", got)
		}
	})
}

// What the last server refused is tried anew as soon as another one is named.
func TestAnotherMailServerHastensWhatWaits(t *testing.T) {
	onEach(t, func(t *testing.T, h house) {
		due := func() (due bool) {
			if err := h.store.Read(t.Context(), func(tx *store.Tx) (err error) {
				due, err = tx.MessageDue()
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return due
		}
		for range 2 { // one that waits for its next try, and one that is being sent
			if err := h.store.Write(t.Context(), func(tx *store.Tx) error { return tx.Post("ann@example.org", "reset", "sealed") }); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.store.Write(t.Context(), func(tx *store.Tx) error {
			m, err := tx.TakeMessage(tx.Now().Add(time.Minute))
			if err == nil {
				err = tx.DelayMessage(m.ID, tx.Now().Add(6*time.Hour), "no")
			}
			if err == nil {
				_, err = tx.TakeMessage(tx.Now().Add(time.Minute))
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if due() {
			t.Fatal("due before")
		}
		if err := h.SetMail(t.Context(), root, alveary.MailServer{Host: "smtp.example.org", From: "files@example.org"}, nil); err != nil {
			t.Fatal(err)
		}
		if !due() {
			t.Error("not due after")
		}
		if err := h.store.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.TakeMessage(tx.Now().Add(time.Minute))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if due() {
			t.Error("what is being sent is due as well")
		}
	})
}
