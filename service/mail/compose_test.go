package mail

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/testkit/smtpsink"
)

// Every kind has words in every language, with everything that it is to say.
func TestEveryKindHasWords(t *testing.T) {
	head := alveary.Letterhead{
		Name: "Zoë Müller", Login: "zoe", Link: link, What: "somebody", Address: "192.0.2.7", At: noon, Until: noon.Add(48 * time.Hour),
		Lines: []string{"one thing", "another"},
	}
	for kind, withLink := range kinds {
		seen := map[string]bool{}
		for lang := range words {
			head.Lang = lang
			l, err := compose(kind, "Hive", "https://files.example.org", head)
			if err != nil {
				t.Fatalf("%s, %s: %v", kind, lang, err)
			}
			page, err := l.html()
			if err != nil {
				t.Fatal(err)
			}
			text := l.plain()
			if l.Subject == "" || seen[l.Subject] || strings.Contains(l.Subject, link) {
				t.Errorf("%s, %s: the subject is %q", kind, lang, l.Subject)
			}
			seen[l.Subject] = true
			for _, whole := range []string{text, page} {
				if !strings.Contains(whole, "Zoë Müller,") || !strings.Contains(whole, "Hive") {
					t.Errorf("%s, %s: %s", kind, lang, whole)
				}
				if strings.Contains(whole, link) != withLink || strings.Contains(whole, "=>") || strings.Contains(whole, "<no value>") {
					t.Errorf("%s, %s: %s", kind, lang, whole)
				}
			}
			if strings.Contains(page, "<img") || regexp.MustCompile(`(src|url)\s*[=(]`).MatchString(page) {
				t.Errorf("%s, %s loads something: %s", kind, lang, page)
			}
			if strings.Contains(text, "!") {
				t.Errorf("%s, %s shouts: %s", kind, lang, text)
			}
		}
	}
	if l, err := compose("reset", "", "", alveary.Letterhead{Lang: "xx", Link: link}); err != nil || l.Lang != "en" || !strings.Contains(l.Subject, "Alveary") {
		t.Errorf("%+v, %v", l, err)
	}
	if _, err := compose("whatever", "Hive", "", head); err == nil {
		t.Error("words for what is not known")
	}
}

func TestFactorsAreNamed(t *testing.T) {
	for what, want := range map[string]string{
		"add-factor": "A second factor was added", "remove-factor": "A second factor was removed",
		"reset-factors": "Your second factors were reset", "renew-recovery": "Your recovery codes were made anew", "other": "Your second factors were changed",
	} {
		l, err := compose("factor-changed", "Hive", "", alveary.Letterhead{What: what})
		if err != nil || l.Subject != want || !strings.Contains(l.plain(), want) {
			t.Errorf("%s: %q, %v", what, l.Subject, err)
		}
	}
}

// Whatever people call themselves or the house, no header and no link is made
// of it.
func TestNamesMakeNoHeadersAndNoLinks(t *testing.T) {
	for _, name := range []string{
		"Ann\r\nBcc: all@example.org", "Ann\nX-Evil: 1\n\n<script>alert(1)</script>", "=> https://evil.example\n\n", "visit www.evil.example", "evil.example/x",
		`"><img src=x>`, "=?utf-8?q?=0D=0ABcc:_x@example.org?=", "Ann\u2028\u202eBcc: x", "{{.Link}}", strings.Repeat("x", 1<<16),
	} {
		h := newHouse(t)
		sink := smtpsink.Start(t, smtpsink.Options{})
		h.through(sink, nil)
		h.set(alveary.SettingOrganisation, alveary.Organisation{Name: name})
		h.post("ann@example.org", "invitation", alveary.Letterhead{Name: name, Login: name, What: name, Address: name, Link: link})
		h.all()
		mails := sink.Mails()
		if len(mails) != 1 {
			t.Fatalf("%q: %d mails", name, len(mails))
		}
		headers := mails[0].Parsed(t).Header
		for key := range headers {
			if !strings.Contains(" Auto-Submitted Content-Language Content-Type Date From Message-Id Mime-Version Subject To X-Auto-Response-Suppress ", " "+key+" ") {
				t.Errorf("%.60q makes the header %s: %q", name, key, headers[key])
			}
		}
		if strings.Contains(headers.Get("To"), "all@") || len(headers["Subject"]) != 1 || len(headers["From"]) != 1 {
			t.Errorf("%.60q: %v", name, headers)
		}
		text, page := parts(t, mails[0])
		if strings.Contains(page, "<script") || strings.Contains(page, "<img") || strings.Count(page, "<a ") != 1 {
			t.Errorf("%.60q: %s", name, page)
		}
		if strings.Contains(text, "Hello visit") || strings.Contains(text, "Hello evil.example") {
			t.Errorf("%.60q: %s", name, text)
		}
	}
}

// What happened is listed; of the names in it no mail program makes a link.
func TestDigestsAreTame(t *testing.T) {
	head := alveary.Letterhead{Name: "Ann", Link: "https://files.example.org/notices", Lines: []string{
		"Mia shared the Cell Plans 2026/27 with you", "Your link Report.pdf: opened", "Your link a.docx was opened", "See https://evil.example now",
		"The Cell evil.example ends", "www.evil and bob@evil and a.pdf.example too", "x\r\nBcc: y", " \u202e ", "<b>bold</b>", "evil.example.pdf came",
	}}
	l, err := compose(kindDigest, "Hive", "", head)
	if err != nil {
		t.Fatal(err)
	}
	text := l.plain()
	want := "- Mia shared the Cell Plans 2026/27 with you\n- Your link Report.pdf: opened\n- Your link a.docx was opened\n- See … now\n" +
		"- The Cell … ends\n- … and … and … too\n- x Bcc: y\n- …\n- … came\n\n"
	if !strings.Contains(text, want) || strings.Contains(text, "evil") {
		t.Errorf("%s", text)
	}
	page, err := l.html()
	if err != nil || strings.Count(page, "<li ") != 9 || strings.Count(page, "<a ") != 1 || strings.Contains(page, "<b>") {
		t.Errorf("%s, %v", page, err)
	}
	for _, lang := range []string{"en", "fr"} {
		head.Lang, head.Link = lang, ""
		l, err := compose(kindDigest, "Hive", "", head)
		if err != nil || strings.Contains(l.plain(), "=>") || strings.Contains(l.plain(), "http") {
			t.Errorf("%s, %v", l.plain(), err)
		}
	}
	head.Link = "javascript:alert(1)"
	if _, err := compose(kindDigest, "Hive", "", head); err == nil {
		t.Error("a digest leads to what is no page")
	}
}

func TestHarmlessNames(t *testing.T) {
	for name, want := range map[string]string{
		"Ann Berger": "Ann Berger", "J.R.R. Tolkien": "J.R.R. Tolkien", "O’Neil, P.": "O’Neil, P.", "Zoë": "Zoë", "Anne-Marie d.": "Anne-Marie d.",
		"ann@example.org": "", "example.org": "", "see evil.example now": "", "http://x": "", "a\\b": "", "WWW.x": "",
	} {
		if got := harmless(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// The secret of a link is in the body alone, and never in a failure.
func TestLinksStayInTheBody(t *testing.T) {
	h := newHouse(t)
	refuse := "554 5.6.0 I do not like " + link + " nor Zm9vYmFyYmF6 nor k7_Zm9vYmFyYmF6"
	sink := smtpsink.Start(t, smtpsink.Options{Received: func(string, string) string { return refuse }})
	h.through(sink, nil)
	h.post("ann@example.org", "reset", alveary.Letterhead{Login: "ann", Link: link})
	h.all()
	if detail := h.audit()[0].Detail; strings.Contains(detail, "k7_Zm9v") || !strings.Contains(detail, "554") {
		t.Errorf("%q", detail)
	}
	refuse = ""
	h.post("ann@example.org", "reset", alveary.Letterhead{Login: "ann", Link: link})
	h.all()
	for key, values := range sink.Mails()[0].Parsed(t).Header {
		if strings.Contains(strings.Join(values, ""), "k7_") {
			t.Errorf("%s: %q", key, values)
		}
	}
}
