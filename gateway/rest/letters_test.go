package rest_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alveary"
	"alveary/testkit/smtpsink"
	"alveary/testkit/world"
)

const chosen = "an otter sleeps on the north pier"

// mailServer names the sink as the house's mail server, over the API.
func (g *garden) mailServer(root *world.Client, sink *smtpsink.Sink) {
	g.t.Helper()
	want(g.t, root.Do("PUT", "/settings/mail", world.JSON(body{"host": sink.Host(), "port": sink.Port(), "security": "none", "from": "house@example.org"})), http.StatusOK)
}

// post sends what waits.
func (g *garden) post() {
	g.t.Helper()
	for more := true; more; {
		var err error
		if more, err = g.Mail.Next(g.t.Context()); err != nil {
			g.t.Fatal(err)
		}
	}
}

var linkIn = regexp.MustCompile(`https://files\.example\.org/welcome#(\S+?)[\s"<]`)

// linked is the token of the link in a mail, and its text.
func linked(t *testing.T, m smtpsink.Mail) (token, text string) {
	t.Helper()
	parsed := m.Parsed(t)
	kind, of, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	decode := func(encoding string, r io.Reader) string {
		switch strings.ToLower(encoding) {
		case "quoted-printable":
			r = quotedprintable.NewReader(r)
		case "base64":
			r = base64.NewDecoder(base64.StdEncoding, r)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(parsed.Body, of["boundary"])
		for part, err := parts.NextRawPart(); err == nil; part, err = parts.NextRawPart() {
			text += decode(part.Header.Get("Content-Transfer-Encoding"), part) + "\n"
		}
	} else {
		text = decode(parsed.Header.Get("Content-Transfer-Encoding"), parsed.Body)
	}
	if found := linkIn.FindStringSubmatch(text + "\n"); found != nil {
		token = found[1]
	}
	return token, text
}

// An invitation goes from the administrator's page to the mail server to the
// page that chooses the password, and is good once, for one of many.
func TestInvitationByMail(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		g.User("root", alveary.ProfileAdmin)
		root, sink := g.Browser("root"), smtpsink.Start(t, smtpsink.Options{})
		g.mailServer(root, sink)
		var made struct {
			User   struct{ ID string }
			Link   string
			Mailed bool
		}
		want(t, root.Do("POST", "/users", world.JSON(body{"login": "zoe", "name": "Zoe", "email": "zoe@example.net", "invite": true})), http.StatusCreated).Into(t, &made)
		if made.Link != "" || !made.Mailed {
			t.Errorf("a mailed link is shown too: %+v", made)
		}
		g.post()
		mails := sink.Wait(t, 1)
		token, text := linked(t, mails[0])
		if mails[0].To != "zoe@example.net" || token == "" {
			t.Fatalf("to %s: %s", mails[0].To, text)
		}
		nobody := g.Nobody()
		want(t, nobody.Step("/session", body{"login": "zoe", "password": ""}), http.StatusUnauthorized, "wrong-credentials")
		var letter struct{ Kind, Login, Name string }
		want(t, nobody.Step("/password/letter", body{"token": token}), http.StatusOK).Into(t, &letter)
		if letter.Kind != "invitation" || letter.Login != "zoe" || letter.Name != "Zoe" {
			t.Errorf("%+v", letter)
		}
		for _, forged := range []string{"", token[:len(token)-1], token + "a", altered(token), strings.Split(token, "_")[0]} {
			want(t, nobody.Step("/password/letter", body{"token": forged}), http.StatusNotFound, "not-found")
			want(t, nobody.Step("/password/choose", body{"token": forged, "password": chosen}), http.StatusNotFound, "not-found")
		}
		want(t, nobody.Step("/password/choose", body{"token": token, "password": "password1234"}), http.StatusBadRequest, "weak-password")
		var all sync.WaitGroup
		var good atomic.Int64
		for i := range 6 {
			c := g.Nobody()
			all.Go(func() {
				if c.Step("/password/choose", body{"token": token, "password": fmt.Sprint(chosen, " ", i)}).Status == http.StatusNoContent {
					good.Add(1)
				}
			})
		}
		all.Wait()
		if good.Load() != 1 {
			t.Errorf("the link was good %d times", good.Load())
		}
		want(t, nobody.Step("/password/choose", body{"token": token, "password": chosen}), http.StatusNotFound, "not-found")
		want(t, nobody.Step("/password/letter", body{"token": token}), http.StatusNotFound, "not-found")
		if strings.Contains(g.Log(), token) || strings.Contains(fmt.Sprint(g.Audit()), token) {
			t.Error("the link's secret is in the log")
		}
	})
}

// A reset is asked for by whoever forgot, mailed, and ends all that was signed
// in; factors stay.
func TestResetByMail(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		g.User("root", alveary.ProfileAdmin)
		root, sink := g.Browser("root"), smtpsink.Start(t, smtpsink.Options{})
		nobody := g.Nobody()
		want(t, nobody.Step("/password/reset", body{"login": "ann"}), http.StatusForbidden, "reset-off") // there is no mail yet
		g.mailServer(root, sink)
		want(t, root.Do("PATCH", fmt.Sprintf("/users/%d", g.As("ann").User.ID), world.JSON(body{"email": "ann@example.net"})), http.StatusOK)
		ann := g.Browser("ann")
		g.App(ann)
		g.post()
		before := len(sink.Mails())
		want(t, nobody.Step("/password/reset", body{"login": "ANN"}), http.StatusNoContent)
		g.post()
		mails := sink.Wait(t, before+1)
		token, text := linked(t, mails[before])
		if token == "" {
			t.Fatal(text)
		}
		late := token
		want(t, nobody.Step("/password/choose", body{"token": token, "password": chosen}), http.StatusNoContent)
		want(t, ann.Do("GET", "/session", nil), http.StatusUnauthorized, "signed-out")
		want(t, g.ann.Do("GET", "/session", nil), http.StatusUnauthorized, "signed-out")
		want(t, nobody.Step("/session", body{"login": "ann", "password": world.Password}), http.StatusUnauthorized, "wrong-credentials")
		if s := nobody.Step("/session", body{"login": "ann", "password": chosen}).Stepped(nobody); s.State != "second-factor" {
			t.Errorf("a mail takes the second factor away: %+v", s)
		}
		want(t, nobody.Step("/password/choose", body{"token": late, "password": chosen}), http.StatusNotFound, "not-found")

		// A link is good for an hour.
		g.Wait(10 * time.Minute)
		want(t, nobody.Step("/password/reset", body{"login": "ann"}), http.StatusNoContent)
		g.post()
		mails = sink.Mails()
		token, _ = linked(t, mails[len(mails)-1])
		want(t, nobody.Step("/password/letter", body{"token": token}), http.StatusOK)
		g.Wait(time.Hour)
		want(t, nobody.Step("/password/letter", body{"token": token}), http.StatusNotFound, "not-found")
		want(t, nobody.Step("/password/choose", body{"token": token, "password": chosen + "!"}), http.StatusNotFound, "not-found")
	})
}

// Without mail the administrator is shown the link; another one ends it.
func TestLinksWithoutMail(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		g.User("root", alveary.ProfileAdmin)
		root := g.Browser("root")
		var made struct {
			User   struct{ ID string }
			Link   string
			Mailed bool
		}
		want(t, root.Do("POST", "/users", world.JSON(body{"login": "zoe", "invite": true})), http.StatusCreated).Into(t, &made)
		token := func() string {
			_, token, _ := strings.Cut(made.Link, "#")
			if made.Mailed || !strings.HasPrefix(made.Link, world.Site+"/welcome#") {
				t.Fatalf("%+v", made)
			}
			return token
		}
		first, user := token(), made.User.ID
		want(t, root.Do("POST", "/users/"+user+"/invitation", nil), http.StatusOK).Into(t, &made)
		second := token()
		nobody := g.Nobody()
		want(t, nobody.Step("/password/letter", body{"token": first}), http.StatusNotFound, "not-found")
		want(t, nobody.Step("/password/choose", body{"token": second, "password": chosen}), http.StatusNoContent)
		want(t, nobody.Step("/session", body{"login": "zoe", "password": chosen}), http.StatusOK)
		want(t, root.Do("POST", "/users/"+user+"/invitation", nil), http.StatusConflict, "signed-in")
		want(t, root.Do("POST", "/users/"+user+"/reset", nil), http.StatusOK).Into(t, &made)
		third := token()
		want(t, root.Do("PATCH", "/users/"+user, world.JSON(body{"disabled": true})), http.StatusOK)
		want(t, nobody.Step("/password/letter", body{"token": third}), http.StatusNotFound, "not-found")
	})
}

// The mail server is tried from the page, and says why it does not work; its
// password never comes back.
func TestMailServer(t *testing.T) {
	g := newGarden(t, world.Options{Public: world.Site})
	g.User("root", alveary.ProfileAdmin)
	root := g.Browser("root")
	sink := smtpsink.Start(t, smtpsink.Options{User: "house", Password: "the secret of the mail"})
	server := body{"host": sink.Host(), "port": sink.Port(), "security": "none", "from": "house@example.org", "user": "house", "password": "the secret of the mail"}
	want(t, root.Do("PUT", "/settings/mail", world.JSON(server)), http.StatusOK)
	shown := want(t, root.Do("GET", "/settings/mail", nil), http.StatusOK)
	if strings.Contains(string(shown.Body), "the secret") || !strings.Contains(string(shown.Body), `"passwordSet":true`) {
		t.Errorf("%s", shown.Body)
	}
	var tested struct {
		OK      bool
		Failure string
	}
	want(t, root.Do("POST", "/settings/mail/test", world.JSON(body{"to": "root@example.net"})), http.StatusOK).Into(t, &tested)
	if !tested.OK || len(sink.Mails()) != 1 {
		t.Errorf("%+v, %d mails", tested, len(sink.Mails()))
	}
	server["password"] = "another"
	want(t, root.Do("POST", "/settings/mail/test", world.JSON(body{"to": "root@example.net", "server": server})), http.StatusOK).Into(t, &tested)
	if tested.OK || tested.Failure == "" || strings.Contains(tested.Failure, "another") {
		t.Errorf("%+v", tested)
	}
	// What was set for one server is never told another.
	thief := smtpsink.Start(t, smtpsink.Options{User: "house", Password: "the secret of the mail"})
	delete(server, "password")
	server["port"] = thief.Port()
	want(t, root.Do("POST", "/settings/mail/test", world.JSON(body{"to": "root@example.net", "server": server})), http.StatusOK).Into(t, &tested)
	if tested.OK || len(thief.Mails()) != 0 {
		t.Errorf("another server was told the password: %+v", tested)
	}
	if strings.Contains(g.Log(), "the secret") || strings.Contains(fmt.Sprint(g.Audit()), "the secret") {
		t.Error("the password is in the log")
	}
}
