package rest_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/testkit/smtpsink"
	"alveary/testkit/world"
)

// told is all of an answer by which whoever asks could learn something.
func told(a world.Answer) string {
	names := []string{}
	for name := range a.Header {
		if name != "Date" && name != "X-Request-Id" {
			names = append(names, name+": "+a.Header.Get(name))
		}
	}
	slices.Sort(names)
	text := string(a.Body)
	if id := a.Header.Get("X-Request-Id"); id != "" {
		text = strings.ReplaceAll(text, id, "ID")
	}
	return fmt.Sprintf("%d %s %s", a.Status, names, text)
}

// same wants one answer to all.
func same(t *testing.T, what string, answers map[string]world.Answer) {
	t.Helper()
	first, of := "", ""
	for name, a := range answers {
		if text := told(a); first == "" {
			first, of = text, name
		} else if text != first {
			t.Errorf("%s tells %s from %s:\n%s\n%s", what, name, of, text, first)
		}
	}
}

// Threat 23: a wrong password, an unknown or disabled user, a login that cannot
// be one, and an account without a password are answered alike, in status,
// words and headers, at each count of failures: also where a proof of work is
// asked for, and where one must wait.
func TestThreat23_SignInTellsNothing(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		g.User("root", alveary.ProfileAdmin)
		g.User("out")
		root := g.Browser("root")
		patched(t, root, g.number("out"), `{"disabled":true}`)
		want(t, root.Do("POST", "/users", world.Reader(`{"login":"bare"}`)), http.StatusCreated)
		logins := []string{"ann", "nobody", "out", "bare", "a/b", strings.Repeat("x", 256)}
		for round := range 11 {
			answers := map[string]world.Answer{}
			for i, login := range logins {
				c := g.Nobody()
				c.From = fmt.Sprintf("2001:db8:%x::1", round*10+i+1)
				answers[login] = c.Step("/session", body{"login": login, "password": "wrong"})
			}
			same(t, fmt.Sprintf("try %d", round+1), answers)
			if round == 2 { // those that a proof would let through, past the door
				for _, login := range logins {
					a := attempt(g, "ann")
					if a.Login = login; login != "ann" {
						a.User = 0
					}
					for range 3 {
						if _, err := g.Limits.Failed(t.Context(), a); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
		}
		// No pending sign-in, link or code tells anything either.
		nobody := g.Nobody()
		for _, path := range []string{"/session/factor", "/session/enrol/confirm"} {
			same(t, path, map[string]world.Answer{
				"nonsense": nobody.Step(path, body{"pending": "x", "code": "123456"}),
				"none":     nobody.Step(path, body{"pending": strings.Repeat("a", 16) + "_" + strings.Repeat("a", 52), "code": "123456"}),
			})
		}
	})
}

// Asking for a new password is answered alike whoever is named, and takes about
// as long; a mail goes to whom there is.
func TestThreat23_ResetTellsNothing(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		g.User("root", alveary.ProfileAdmin)
		g.User("out")
		root, sink := g.Browser("root"), smtpsink.Start(t, smtpsink.Options{})
		g.mailServer(root, sink)
		patched(t, root, g.number("ann"), `{"email":"ann@example.net"}`)
		patched(t, root, g.number("out"), `{"disabled":true,"email":"out@example.net"}`)
		answers, took := map[string]world.Answer{}, map[string]time.Duration{}
		for round := range 6 {
			for i, login := range []string{"ann", "nobody", "out", "root", "a/b", ""} {
				c := g.Nobody()
				c.From = fmt.Sprintf("2001:db8:%x::1", round*10+i+1)
				began := time.Now()
				answers[login] = want(t, c.Step("/password/reset", body{"login": login}), http.StatusNoContent)
				if d := time.Since(began); round == 0 || d < took[login] {
					took[login] = d
				}
			}
			same(t, "asking for a link", answers)
			g.Wait(6 * time.Minute)
		}
		if took["nobody"]*20 < took["ann"] || took["ann"]*20 < took["nobody"] {
			t.Errorf("it takes %v", took)
		}
		g.post()
		for _, m := range sink.Mails() {
			if m.To != "ann@example.net" {
				t.Errorf("a mail to %s", m.To)
			}
		}
		if len(sink.Mails()) == 0 {
			t.Error("ann was sent nothing")
		}
		same(t, "a link", map[string]world.Answer{
			"nonsense": g.Nobody().Step("/password/letter", body{"token": "x"}),
			"none":     g.Nobody().Step("/password/letter", body{"token": strings.Repeat("a", 16) + "_" + strings.Repeat("a", 52)}),
		})
	})
}

// Whoever looks for colleagues finds them by two letters at least, a few at a
// time, without their addresses; who is disabled or of another house is as good
// as none.
func TestThreat23_PeoplePickerTellsLittle(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		g.User("root", alveary.ProfileAdmin)
		g.User("guest-anna", alveary.ProfileShared)
		root := g.Browser("root")
		for i := range 30 {
			g.User(fmt.Sprintf("anna-%02d", i))
		}
		patched(t, root, g.number("anna-00"), `{"disabled":true,"email":"anna@example.net"}`)
		patched(t, root, g.number("anna-01"), `{"email":"anna1@example.net"}`)
		var found struct{ Items []map[string]any }
		answer := want(t, g.ann.Do("GET", "/people?q=anna", nil), http.StatusOK)
		answer.Into(t, &found)
		if len(found.Items) != 20 || strings.Contains(string(answer.Body), "anna-00") || strings.Contains(string(answer.Body), "guest") || strings.Contains(string(answer.Body), "example.net") {
			t.Errorf("%d: %s", len(found.Items), answer.Body)
		}
		for _, item := range found.Items {
			if len(item) != 3 {
				t.Fatalf("it tells %v", item)
			}
		}
		for _, query := range []string{"", "?q=", "?q=a", "?q=%25", "?q=_"} {
			if a := g.ann.Do("GET", "/people"+query, nil); a.Status != http.StatusBadRequest {
				t.Errorf("%s: %d %.200s", query, a.Status, a.Body)
			}
		}
		same(t, "the picker", map[string]world.Answer{
			"disabled": g.ann.Do("GET", "/people?q=anna-00", nil), "shared": g.ann.Do("GET", "/people?q=guest", nil),
			"nobody": g.ann.Do("GET", "/people?q=nobody", nil), "an address": g.ann.Do("GET", "/people?q=anna1@example.net", nil), "wildcards": g.ann.Do("GET", "/people?q=%25%25", nil),
		})
	})
}
