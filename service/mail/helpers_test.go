package mail

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"alveary"
	"alveary/store"
	"alveary/testkit/pgtest"
	"alveary/testkit/smtpsink"
	"alveary/vault"
)

var (
	noon  = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	admin = alveary.Subject{User: alveary.User{ID: 9, Login: "admin", Name: "Ada", Profile: alveary.ProfileAdmin}, Address: "192.0.2.9"}
)

const link = "https://files.example.org/welcome#k7_Zm9vYmFyYmF6"

// house is one or two servers of an installation, with a clock that tests move.
type house struct {
	*Service
	t      *testing.T
	store  *store.Store
	second *Service // of another server, where the database can be shared
	box    *vault.Box
	clock  atomic.Int64
}

func (h *house) Now() time.Time { return time.Unix(0, h.clock.Load()).UTC() }

func (h *house) wait(d time.Duration) { h.clock.Add(int64(d)) }

func onBoth(t *testing.T, test func(*testing.T, *house)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, newHouse(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, newHouseOn(t, store.Config{Postgres: pgtest.DSN(t)})) })
}

func newHouse(t *testing.T) *house {
	t.Helper()
	return newHouseOn(t, store.Config{Path: filepath.Join(t.TempDir(), "alveary.db")})
}

func newHouseOn(t *testing.T, cfg store.Config) *house {
	t.Helper()
	h := &house{t: t, box: vault.New([32]byte{1, 2, 3})}
	h.clock.Store(noon.UnixNano())
	cfg.Now = h.Now
	open := func() *store.Store {
		s, err := store.Open(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return s
	}
	h.store = open()
	other := h.store
	if cfg.Postgres != "" {
		other = open()
	}
	place := func() string { return "https://files.example.org" }
	h.Service = New(h.store, h.box, h.Now, place, slog.New(slog.DiscardHandler))
	h.second = New(other, h.box, h.Now, place, slog.New(slog.DiscardHandler))
	return h
}

// through names a sink as the mail server; the change is made first.
func (h *house) through(sink *smtpsink.Sink, change func(*alveary.MailServer)) alveary.MailServer {
	h.t.Helper()
	server := alveary.MailServer{Host: sink.Host(), Port: sink.Port(), Security: SecurityNone, From: "noreply@example.org"}
	if change != nil {
		change(&server)
	}
	h.roots, h.second.roots = sink.Roots, sink.Roots
	kept := server
	if kept.Password != "" {
		kept.Password = h.box.Seal(vault.PurposeMailServer, []byte(kept.Password))
	}
	h.set(alveary.SettingMail, kept)
	return server
}

func (h *house) set(name string, value any) {
	h.t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		h.t.Fatal(err)
	}
	h.write(func(tx *store.Tx) error { return tx.SetSetting(name, string(text)) })
}

func (h *house) write(fn func(*store.Tx) error) {
	h.t.Helper()
	if err := h.store.Write(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) post(to, kind string, head alveary.Letterhead) {
	h.t.Helper()
	text, err := json.Marshal(head)
	if err != nil {
		h.t.Fatal(err)
	}
	h.write(func(tx *store.Tx) error { return tx.Post(to, kind, h.box.Seal(vault.PurposeMail, text)) })
}

// all sends what is due.
func (h *house) all() (tries int) {
	h.t.Helper()
	for ; ; tries++ {
		more, err := h.Next(h.t.Context())
		if err != nil {
			h.t.Fatal(err)
		}
		if !more {
			return tries
		}
	}
}

func (h *house) outbox() (waiting int64, failure string) {
	h.t.Helper()
	if err := h.store.Read(h.t.Context(), func(tx *store.Tx) (err error) {
		waiting, failure, err = tx.Outbox()
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return waiting, failure
}

func (h *house) audit() (lines []alveary.AuditRecord) {
	h.t.Helper()
	if err := h.store.Read(context.Background(), func(tx *store.Tx) (err error) {
		lines, err = tx.Audit(100)
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return lines
}

func wantCode(t *testing.T, err error, kind alveary.Kind, code string) string {
	t.Helper()
	var e *alveary.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Code != code {
		t.Fatalf("%v, want kind %d %q", err, kind, code)
	}
	return e.Message
}

// parts reads the text and the page of a mail.
func parts(t *testing.T, m smtpsink.Mail) (text, page string) {
	t.Helper()
	parsed := m.Parsed(t)
	kind, params, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s, %v", kind, err)
	}
	for r := multipart.NewReader(parsed.Body, params["boundary"]); ; {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return text, page
		}
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			page = string(raw)
		} else {
			text = string(raw)
		}
	}
}

func decoded(t *testing.T, header string) string {
	t.Helper()
	text, err := new(mime.WordDecoder).DecodeHeader(header)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
