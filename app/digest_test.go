package app

import (
	"crypto/rand"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/mail"
	"alveary/service/notice"
	"alveary/store"
	"alveary/testkit/pgtest"
	"alveary/testkit/smtpsink"
	"alveary/vault"
)

// TestDigestArrives goes from what happens to the mail that a mail server
// gets: it comes once, says what its reader may know, and leads to the page.
func TestDigestArrives(t *testing.T) {
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) {
			for _, lang := range []string{"en", "fr"} {
				cfg := store.Config{}
				if database == "postgres" {
					cfg.Postgres = pgtest.DSN(t)
				} else {
					cfg.Path = filepath.Join(t.TempDir(), "alveary.db")
				}
				testDigestArrives(t, cfg, lang)
			}
		})
	}
}

func testDigestArrives(t *testing.T, cfg store.Config, lang string) {
	t.Helper()
	clock := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	now := func() time.Time { return clock }
	cfg.Now = now
	s, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	sealer, _, err := alveary.NewSeal(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sink, box := smtpsink.Start(t, smtpsink.Options{}), vault.New([32]byte{7})
	const place = "https://files.example.org"
	notices := notice.New(notice.Config{Store: s, Gate: authz.New(sealer, now), Now: now, Box: box, PublicURL: place, Log: slog.New(slog.DiscardHandler)})
	sender := mail.New(s, box, now, func() string { return place }, slog.New(slog.DiscardHandler))
	if err := s.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.SetOrganisation(alveary.Organisation{Name: "Hive", Language: lang}); err != nil {
			return err
		}
		if err := tx.SetMailServer(alveary.MailServer{Host: sink.Host(), Port: sink.Port(), Security: mail.SecurityNone, From: "noreply@example.org"}); err != nil {
			return err
		}
		ann, err := tx.InsertUser(alveary.User{Login: "ann", Name: "Ann Berger", Email: "ann@example.org", Profile: alveary.ProfileStandard, Group: alveary.RootGroup}, "")
		if err != nil {
			return err
		}
		c, err := tx.InsertCell(alveary.Cell{
			Slug: "plans", Label: "Plans at evil.example", Owner: ann.ID, Until: clock.AddDate(0, 0, 8),
			Entries: []alveary.Entry{{Role: alveary.RootGroupRole, Node: alveary.RootID, Rights: alveary.RightRead}},
		}, store.CellSecret{})
		if err != nil {
			return err
		}
		_, err = tx.Notify(alveary.Notice{User: ann.ID, Kind: alveary.NoticeHanded, Cell: c.ID, Text: c.Label})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	clock = clock.AddDate(0, 0, 2)
	for range 3 {
		if err := notices.Round(t.Context()); err != nil {
			t.Fatal(err)
		}
		for more := true; more; {
			if more, err = sender.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	mails := sink.Mails()
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	parsed := mails[0].Parsed(t)
	subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	part, err := multipart.NewReader(parsed.Body, params["boundary"]).NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(quotedprintable.NewReader(part))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(raw), "\r\n", "\n")
	want := map[string][]string{
		"en": {"What happened at Hive", "Hello Ann Berger,", "- The Cell Plans at … was handed over to you\n"},
		"fr": {"Ce qui s’est passé chez Hive", "Bonjour Ann Berger,", "- On vous a remis la cellule Plans at …\n"},
	}[lang]
	if subject != want[0] || !strings.Contains(text, want[1]) || !strings.Contains(text, want[2]) ||
		!strings.Contains(text, place+"/notices") || strings.Contains(text, "evil") {
		t.Errorf("%s: %s\n%s", lang, subject, text)
	}
}
