package mail

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alveary"
	"alveary/store"
	"alveary/testkit/smtpsink"
	"alveary/vault"
)

var invitation = alveary.Letterhead{Name: "Ann Berger", Login: "ann", Link: link, What: "Ada", Until: noon.Add(72 * time.Hour)}

// What is posted within a transaction is sent after it, once; what is rolled
// back is not.
func TestOutboxIsSent(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		sink := smtpsink.Start(t, smtpsink.Options{})
		h.through(sink, nil)
		h.set(alveary.SettingOrganisation, alveary.Organisation{Name: "Müller & Söhne"})
		h.post("ann@example.org", "invitation", invitation)
		if err := h.store.Write(t.Context(), func(tx *store.Tx) error {
			if err := tx.Post("bob@example.org", "invitation", "whatever"); err != nil {
				t.Fatal(err)
			}
			return errNoWords
		}); err == nil {
			t.Fatal("not rolled back")
		}
		if n := h.all(); n != 1 {
			t.Errorf("%d tries", n)
		}
		mails := sink.Mails()
		if len(mails) != 1 || mails[0].To != "ann@example.org" || mails[0].From != "noreply@example.org" {
			t.Fatalf("%+v", mails)
		}
		headers := mails[0].Parsed(t).Header
		if got := decoded(t, headers.Get("From")); got != `Müller & Söhne <noreply@example.org>` {
			t.Errorf("From: %s", got)
		}
		if got := decoded(t, headers.Get("Subject")); got != "Your account at Müller & Söhne" {
			t.Errorf("Subject: %s", got)
		}
		if got := headers.Get("Auto-Submitted"); got != "auto-generated" {
			t.Errorf("Auto-Submitted: %s", got)
		}
		text, page := parts(t, mails[0])
		for _, want := range []string{"Hello Ann Berger,", "by Ada", "login is ann", link, "until 4 March 2026, 12:00 UTC"} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
		if !strings.Contains(page, `href="`+link+`"`) || !strings.Contains(page, "Müller &amp; Söhne") {
			t.Errorf("%s", page)
		}
		if n, _ := h.outbox(); n != 0 {
			t.Errorf("%d still wait", n)
		}
	})
}

// Two servers, each with several senders, send each mail once.
func TestThreatF11_EveryMailIsSentOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		sink := smtpsink.Start(t, smtpsink.Options{})
		h.through(sink, nil)
		const most = 20
		for range most {
			h.post("ann@example.org", "invitation", invitation)
		}
		var wait sync.WaitGroup
		for i := range 6 {
			s := h.Service
			if i%2 == 1 {
				s = h.second
			}
			wait.Go(func() {
				for {
					if more, err := s.Next(t.Context()); err != nil || !more {
						if err != nil {
							t.Error(err)
						}
						return
					}
				}
			})
		}
		wait.Wait()
		seen := map[string]bool{}
		for _, m := range sink.Mails() {
			seen[m.Parsed(t).Header.Get("Message-Id")] = true
		}
		if len(sink.Mails()) != most || len(seen) != most {
			t.Errorf("%d mails, %d different, want %d", len(sink.Mails()), len(seen), most)
		}
	})
}

// What cannot be sent waits longer and longer, then is given up on record.
func TestTriesGrowApartAndEnd(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		broken := atomic.Bool{}
		broken.Store(true)
		sink := smtpsink.Start(t, smtpsink.Options{Answer: func(command string) string {
			if broken.Load() && strings.HasPrefix(command, "RCPT") {
				return "451 4.3.0 the queue is full"
			}
			return ""
		}})
		h.through(sink, nil)
		h.post("ann@example.org", "invitation", invitation)
		var waits []time.Duration
		for passed := time.Duration(0); passed < giveUpTime+longDelay; {
			if h.all() == 0 {
				step := time.Minute
				if passed > 9*time.Hour {
					step = time.Hour
				}
				h.wait(step)
				passed += step
				continue
			}
			waits = append(waits, passed)
			if n, failure := h.outbox(); n == 1 && !strings.Contains(failure, "the queue is full") {
				t.Fatalf("%d wait, %q", n, failure)
			}
		}
		if len(waits) < 15 || waits[1] != time.Minute || waits[2] != 3*time.Minute || waits[12]-waits[11] != longDelay {
			t.Errorf("tried at %v", waits)
		}
		if n, _ := h.outbox(); n != 0 {
			t.Errorf("%d still wait", n)
		}
		line := h.audit()[0]
		if line.Action != "mail" || line.Verdict != alveary.VerdictFailed || !strings.Contains(line.Detail, "ann@example.org") || strings.Contains(line.Detail, link) {
			t.Errorf("%+v", line)
		}
		broken.Store(false)
		h.post("ann@example.org", "invitation", invitation)
		h.all()
		if len(sink.Mails()) != 1 {
			t.Errorf("%d mails", len(sink.Mails()))
		}
	})
}

// An address that the mail server refuses for good is not tried again; a
// refusal of ourselves is.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name, verb, answer string
		final              bool
	}{
		{"no such mailbox", "RCPT", "550 5.1.1 no such mailbox", true},
		{"mailbox full", "RCPT", "452 4.2.2 full", false},
		{"sender refused", "MAIL", "550 5.7.1 not from you", false},
		{"not now", "EHLO HELO", "421 4.3.2 not now", false},
		{"gone", "DATA", "hang up", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			h.through(smtpsink.Start(t, smtpsink.Options{Answer: func(command string) string {
				if strings.Contains(c.verb, command[:4]) {
					return c.answer
				}
				return ""
			}}), nil)
			h.post("ann@example.org", "reset", alveary.Letterhead{Link: link})
			h.all()
			if n, failure := h.outbox(); (n == 0) != c.final || (n == 1 && failure == "") {
				t.Errorf("%d wait, %q", n, failure)
			}
		})
	}
}

// A server that breaks off after the mail was taken sends it again, under the
// same Message-ID; one whose goodbye fails does not.
func TestBrokenOffAfterTheMail(t *testing.T) {
	h := newHouse(t)
	sink := smtpsink.Start(t, smtpsink.Options{Answer: func(command string) string {
		if command == "QUIT" {
			return "hang up"
		}
		return ""
	}})
	h.through(sink, nil)
	h.post("ann@example.org", "reset", alveary.Letterhead{Link: link})
	h.all()
	if n, failure := h.outbox(); n != 0 {
		t.Fatalf("%d wait, %q", n, failure)
	}
	h.post("ann@example.org", "reset", alveary.Letterhead{Link: link})
	h.write(func(tx *store.Tx) error { // as a server that is killed leaves it
		_, err := tx.TakeMessage(tx.Now().Add(LeaseTime))
		return err
	})
	if n := h.all(); n != 0 {
		t.Fatal("sent while it is another server's")
	}
	h.wait(LeaseTime)
	if n := h.all(); n != 1 || len(sink.Mails()) != 2 {
		t.Fatalf("%d tries, %d mails", n, len(sink.Mails()))
	}
}

// Mail that cannot be read is given up, and nothing of it is told.
func TestBrokenMailIsGivenUp(t *testing.T) {
	h := newHouse(t)
	sink := smtpsink.Start(t, smtpsink.Options{})
	h.through(sink, nil)
	h.write(func(tx *store.Tx) error {
		for to, data := range map[string]string{
			"a@example.org": "nonsense", "b@example.org": h.box.Seal("another purpose", []byte("{}")),
			"c@example.org": h.box.Seal(vault.PurposeMail, []byte("no json")), "not an address": h.box.Seal(vault.PurposeMail, []byte(`{"link":"`+link+`"}`)),
			"d@example.org\r\nRCPT TO:<e@example.org>": h.box.Seal(vault.PurposeMail, []byte(`{"link":"`+link+`"}`)),
			"f@example.org": h.box.Seal(vault.PurposeMail, []byte(`{"link":"javascript:alert(1)"}`)),
		} {
			if err := tx.Post(to, "reset", data); err != nil {
				return err
			}
		}
		return tx.Post("g@example.org", "unknown", h.box.Seal(vault.PurposeMail, []byte("{}")))
	})
	h.all()
	if n, _ := h.outbox(); n != 0 || len(sink.Mails()) != 0 {
		t.Errorf("%d wait, %d were sent", n, len(sink.Mails()))
	}
	if lines := h.audit(); len(lines) != 7 {
		t.Errorf("%d lines", len(lines))
	}
}

// Without a mail server mail waits, and goes as soon as there is one.
func TestMailWaitsForItsServer(t *testing.T) {
	h := newHouse(t)
	h.post("ann@example.org", "reset", alveary.Letterhead{Link: link})
	for range 5 {
		h.all()
		h.wait(time.Hour)
	}
	if n, failure := h.outbox(); n != 1 || failure != "no mail server is set" {
		t.Errorf("%d wait, %q", n, failure)
	}
	sink := smtpsink.Start(t, smtpsink.Options{})
	h.through(sink, nil)
	h.write(func(tx *store.Tx) error { return tx.HastenMessages(tx.Now().Add(LeaseTime)) })
	ctx, cancel := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	wait.Go(func() { h.Run(ctx) })
	sink.Wait(t, 1)
	cancel()
	wait.Wait()
	if n, _ := h.outbox(); n != 0 {
		t.Errorf("%d still wait", n)
	}
}
