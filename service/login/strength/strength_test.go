package strength

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"alveary"
)

func refusal(t testing.TB, rules alveary.SignInRules, password string, about ...string) string {
	t.Helper()
	err := Check(rules, password, about...)
	if err == nil {
		return ""
	}
	var e *alveary.Error
	if !errors.As(err, &e) || e.Kind != alveary.KindInvalid || e.Code != "weak-password" || e.Message == "" {
		t.Fatalf("%q: %v", password, err)
	}
	if utf8.RuneCountInString(password) > 9 && strings.Contains(err.Error(), password) {
		t.Errorf("%q is repeated in %q", password, err)
	}
	return e.Message
}

// What is refused, and for what reason.
func TestPasswords(t *testing.T) {
	about := []string{"ann.berger", "Ann Berger", "ann.berger@example.org"}
	for _, c := range []struct{ password, reason string }{
		{"", "too short"},
		{"kurz", "too short"},
		{"zx8Kq2mWp4L", "too short"},
		{"ääääääääääa", "too short"}, // characters are counted, not bytes
		{"zx8Kq2mWp4Lr", ""},
		{"correct horse battery staple", ""},
		{"a sentence of ann's own", ""},
		{"vier Wörter ohne Zusammenhang", ""},
		{"паро́ль із кількох слів", ""},
		{"一二三四五六七八九十百千万", ""},
		{"passwordpassword", "too easy"},
		{"P@ssw0rd1234", "too easy"},
		{"123456789012", "too easy"},
		{"1234567890987654321", "too easy"},
		{"qwertyuiop[]", "too easy"},
		{"azertyuiop1!", "too easy"},
		{"Motdepasse2026", "too easy"},
		{"Passwort123!", "too easy"},
		{"Willkommen1!", "too easy"},
		{"alvearyalveary", "too easy"},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "too easy"},
		{"abcabcabcabcabcabc", "too easy"},
		{"ann.berger@example.org", "too easy"},
		{"Berger2026Ann", ""}, // three parts are a hundred million guesses: enough for 3, not for 4
		{"AnnBerger2026", "too easy"},
		{"Ｐａｓｓｗｏｒｔ１２３！", "too easy"},
		{"\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff", "UTF-8"},
		{strings.Repeat("zx8Kq2mWp4Lr", 90), "too long"},
		{strings.Repeat("x", 1<<22), "too long"},
	} {
		got := refusal(t, alveary.DefaultSignIn(), c.password, about...)
		if (got == "") != (c.reason == "") || !strings.Contains(got, c.reason) {
			t.Errorf("%.40q: %q, want %q", c.password, got, c.reason)
		}
	}
}

// The most usual passwords are refused however low the rules are set, and
// whatever they are made of is called by its name.
func TestThreat32_CommonPasswordsAreRefused(t *testing.T) {
	low := alveary.SignInRules{MinPassword: 1}
	for _, password := range []string{"password", "12345678", "qwertyuiop", "baseball", "football", "superman", "1qaz2wsx", "trustno1", "iloveyou", "princess", "sunshine", "password1"} {
		if got := refusal(t, low, password); !strings.Contains(got, "tried first") {
			t.Errorf("%q: %q", password, got)
		}
	}
	for _, password := range []string{"Passwort", "PASSWORD", "p4ssw0rd", "drowssap", "motdepasse", "azertyuiop", "Kennwort1", "Sommer2019"} {
		if got := refusal(t, low, password); got == "" {
			t.Errorf("%q is let through", password)
		}
	}
}

// The rules count, within bounds that no rule goes beyond.
func TestRules(t *testing.T) {
	for _, c := range []struct {
		rules    alveary.SignInRules
		password string
		good     bool
	}{
		{alveary.SignInRules{MinPassword: 8, Strength: 2}, "zx8Kq2mW", true},
		{alveary.SignInRules{MinPassword: 8, Strength: 4}, "zx8Kq2mW", false},
		{alveary.SignInRules{MinPassword: 0, Strength: 0}, "zx8Kq2m", false},
		{alveary.SignInRules{MinPassword: 0, Strength: 0}, "zx8Kq2mW", true},
		{alveary.SignInRules{MinPassword: 8, Strength: 3}, "Berger2026Ann", true},
		{alveary.SignInRules{MinPassword: 8, Strength: 4}, "Berger2026Ann", false},
		{alveary.SignInRules{MinPassword: 20, Strength: 2}, "zx8Kq2mWp4Lrs7Hgd4k", false},
		{alveary.SignInRules{MinPassword: 20, Strength: 2}, "zx8Kq2mWp4Lrs7Hgd4kd", true},
		{alveary.SignInRules{MinPassword: 8, Strength: 99}, "zx8Kq2mWp4Lrs7Hgd4kd", true},
	} {
		if got := refusal(t, c.rules, c.password, "Ann Berger"); (got == "") != c.good {
			t.Errorf("%+v, %q: %q", c.rules, c.password, got)
		}
	}
}

// hostile are the longest passwords that cost most.
func hostile() []string {
	of := func(text string) string { return string([]rune(strings.Repeat(text, Most))[:Most]) }
	return []string{
		of("4@8({[<369&#!1/|0$5+7%2"), of("a4@s$5o0l1!7t+e3|i69g8b2z%x({[<c"), of("a"), of("0"), of("1990"), of("01.02.2003"),
		of("p4ssw0rd"), of("aab"), of("ß"), of("\u0344"), of("ﷺ"), of("\U0001F9D1\u200D"), of("qwerty"), of("$5"),
	}
}

// A password of the greatest length costs no more than another.
func TestThreat25_HostilePasswordsTakeNoTime(t *testing.T) {
	about := []string{strings.Repeat("4@8({[<369 ", 1<<16), strings.Repeat("a", 1<<20), "\xff\xfe"}
	for _, password := range hostile() {
		best := time.Hour // of three: the machine may be at something else
		for range 3 {
			began := time.Now()
			_ = Check(alveary.DefaultSignIn(), password, about...)
			best = min(best, time.Since(began))
		}
		if best > time.Second {
			t.Errorf("%.20q… takes %s", password, best)
		}
	}
}

// Whatever is typed, there is an answer.
func TestAnyTextHasAnAnswer(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		password, about := rapid.String().Draw(r, "password"), rapid.SliceOf(rapid.String()).Draw(r, "about")
		one, other := Check(alveary.DefaultSignIn(), password, about...), Check(alveary.DefaultSignIn(), password, about...)
		if (one == nil) != (other == nil) {
			r.Fatalf("%v, then %v", one, other)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	for b.Loop() {
		_ = Check(alveary.DefaultSignIn(), "correct horse battery staple", "ann", "Ann Berger", "ann@example.org")
	}
}

func BenchmarkHostile(b *testing.B) {
	password := hostile()[0]
	for b.Loop() {
		_ = Check(alveary.DefaultSignIn(), password)
	}
}
