package rest_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"alveary"
	"alveary/service/login/limit"
	"alveary/store"
	"alveary/testkit/world"
)

type body = map[string]any

// role makes a role that the user is given by hand.
func (g *garden) role(id alveary.RoleID, user string, set func(*alveary.Role)) {
	g.t.Helper()
	g.Write(func(tx *store.Tx) error {
		r := alveary.Role{ID: id, Label: string(id)}
		set(&r)
		if err := tx.InsertRole(r); err != nil {
			return err
		}
		u := g.As(user).User
		return tx.SetUserRoles(u.ID, append(u.Roles, id))
	})
}

// After three wrong passwords a proof of work is asked for, then one must wait,
// then the account is locked, from wherever one tries; an administrator sees
// the lock and lifts it.
func TestGuessingPasswords(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		g.User("root", alveary.ProfileAdmin)
		root := g.Browser("root")
		far := g.Nobody()
		try := func(password string, proved bool) world.Answer {
			far.From = fmt.Sprintf("198.51.100.%d", 1+(g.Now().Unix()/60)%200)
			b := body{"login": "ann", "password": password}
			if proved {
				b["captcha"] = far.Proof()
			}
			return far.Step("/session", b)
		}
		for range 3 {
			want(t, try("wrong", false), http.StatusUnauthorized, "wrong-credentials")
		}
		want(t, try(world.Password, false), http.StatusUnauthorized, "captcha")
		proof := far.Proof()
		spent := body{"login": "ann", "password": "wrong", "captcha": proof}
		want(t, far.Step("/session", spent), http.StatusUnauthorized, "wrong-credentials")
		want(t, far.Step("/session", spent), http.StatusUnauthorized, "captcha") // it serves once
		for _, forged := range []string{"x", proof[:len(proof)-4], strings.Repeat("A", 4000), "e30="} {
			want(t, far.Step("/session", body{"login": "ann", "password": world.Password, "captcha": forged}), http.StatusUnauthorized, "captcha")
		}
		want(t, try("wrong", true), http.StatusUnauthorized, "wrong-credentials")
		slowed := want(t, try(world.Password, true), http.StatusTooManyRequests, "limited")
		if slowed.Header.Get("Retry-After") == "" {
			t.Error("it does not say for how long to wait")
		}
		g.Wait(time.Minute)
		for range 4 {
			if _, err := g.Limits.Failed(t.Context(), attempt(g, "ann")); err != nil {
				t.Fatal(err)
			}
		}
		g.Wait(time.Minute)
		want(t, try("wrong", true), http.StatusUnauthorized, "wrong-credentials")
		want(t, try(world.Password, true), http.StatusTooManyRequests, "locked")
		want(t, g.ann.Do("GET", "/session", nil), http.StatusOK) // who is in stays in
		var locks struct {
			Items []struct{ ID, Kind, Login, Until string }
		}
		want(t, root.Do("GET", "/locks", nil), http.StatusOK).Into(t, &locks)
		at := slices.IndexFunc(locks.Items, func(l struct{ ID, Kind, Login, Until string }) bool { return l.Login == "ann" })
		if at < 0 || locks.Items[at].Until == "" {
			t.Fatalf("the locks are %+v", locks)
		}
		want(t, root.Do("DELETE", "/locks/"+locks.Items[at].ID, nil), http.StatusNoContent)
		want(t, root.Do("DELETE", "/locks/"+locks.Items[at].ID, nil), http.StatusNotFound, "not-found")
		want(t, try(world.Password, false), http.StatusOK)
	})
}

// A role that needs a second factor has it set up while one signs in, and asked
// for ever after; a recovery code takes its place once.
func TestThreat20_SecondFactorByRole(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		before := g.Browser("ann")
		g.role("careful", "ann", func(r *alveary.Role) { r.SecondFactor = true })
		want(t, before.Do("GET", "/session", nil), http.StatusUnauthorized)
		c := g.Nobody()
		s := c.Step("/session", body{"login": "ann", "password": world.Password}).Stepped(c)
		if s.State != "enrol" || s.Pending == "" || c.Cookie != nil || !slices.Contains(s.Factors, "totp") {
			t.Fatalf("%+v", s)
		}
		// What waits to be set up opens nothing else.
		want(t, c.Step("/session/factor", body{"pending": s.Pending, "code": "123456"}), http.StatusNotFound, "not-found")
		var e world.Enrolment
		want(t, c.Step("/session/enrol", body{"pending": s.Pending, "kind": "totp"}), http.StatusOK).Into(t, &e)
		if e.TOTP.Secret == "" || len(e.TOTP.QR) < 20 || !strings.HasPrefix(e.TOTP.URI, "otpauth://totp/") {
			t.Errorf("%+v", e)
		}
		want(t, c.Step("/session/enrol/confirm", body{"pending": s.Pending, "code": "000000"}), http.StatusUnauthorized, "wrong-code")
		used := g.Code(e.TOTP.Secret)
		done := c.Step("/session/enrol/confirm", body{"pending": s.Pending, "code": used}).Stepped(c)
		if done.State != "signed-in" || done.Session.Level != 2 || len(done.Recovery) != 10 {
			t.Fatalf("%+v", done)
		}
		want(t, c.Do("GET", "/session", nil), http.StatusOK)
		want(t, g.Nobody().Step("/session/enrol/confirm", body{"pending": s.Pending, "code": used}), http.StatusNotFound, "not-found")

		second := func() (*world.Client, world.Step) {
			c := g.Nobody()
			s := c.Step("/session", body{"login": "ann", "password": world.Password}).Stepped(c)
			if s.State != "second-factor" || c.Cookie != nil {
				t.Fatalf("%+v", s)
			}
			return c, s
		}
		c, s = second()
		want(t, c.Step("/session/factor", body{"pending": s.Pending, "code": used}), http.StatusUnauthorized, "wrong-code") // used already
		g.Wait(30 * time.Second)
		code := g.Code(e.TOTP.Secret)
		// Of many that bring the same code at once, one gets in.
		var all sync.WaitGroup
		var mu sync.Mutex
		in := 0
		type one struct {
			*world.Client
			world.Step
		}
		var many []one
		for range 8 {
			c, s := second()
			many = append(many, one{c, s})
		}
		for _, o := range many {
			all.Go(func() {
				c, s := o.Client, o.Step
				if c.Step("/session/factor", body{"pending": s.Pending, "code": code}).Status == http.StatusOK {
					mu.Lock()
					in++
					mu.Unlock()
				}
			})
		}
		all.Wait()
		if in != 1 {
			t.Fatalf("a code let %d in", in)
		}
		g.lift()
		c, s = second()
		want(t, c.Step("/session/factor", body{"pending": s.Pending, "code": done.Recovery[3]}), http.StatusOK)
		c, s = second()
		want(t, c.Step("/session/factor", body{"pending": s.Pending, "code": done.Recovery[3]}), http.StatusUnauthorized, "wrong-code")
		want(t, c.Step("/session/factor", body{"pending": s.Pending, "code": done.Recovery[4]}), http.StatusOK)
	})
}

// attempt is one of a user, from far away.
func attempt(g *garden, login string) limit.Attempt {
	return limit.Attempt{Login: login, User: g.As(login).User.ID, Address: "192.0.2.99"}
}

// lift forgets all failures.
func (g *garden) lift() {
	g.t.Helper()
	locks, err := g.Limits.Locks(g.t.Context())
	for _, l := range locks {
		if err == nil {
			_, err = g.Limits.Lift(g.t.Context(), g.As("ann"), l.ID)
		}
	}
	if err != nil {
		g.t.Fatal(err)
	}
}

// What waits for its second step is lost with a change of the password, of
// factors or of the account, after five wrong codes and after ten minutes, and
// cannot be guessed, cut or taken for another kind.
func TestThreat20_PendingSignInsEnd(t *testing.T) {
	g := newGarden(t, world.Options{Public: world.Site, Proxy: true})
	g.User("root", alveary.ProfileAdmin)
	browser := g.Browser("ann")
	seed, _ := g.App(browser)
	begin := func() (*world.Client, string) {
		c := g.Nobody()
		return c, c.Step("/session", body{"login": "ann", "password": world.Password}).Stepped(c).Pending
	}
	over := func(what string, c *world.Client, pending string) {
		t.Helper()
		g.Wait(30 * time.Second)
		if a := c.Step("/session/factor", body{"pending": pending, "code": g.Code(seed)}); a.Status != http.StatusNotFound || a.Problem(t).Code != "not-found" {
			t.Errorf("%s: %d %s", what, a.Status, a.Body)
		}
	}
	c, pending := begin()
	for _, forged := range []string{"", "x", pending[:len(pending)-1], pending + "a", strings.ToLower(pending) + "_", strings.Split(pending, "_")[0], "k." + pending, browser.Cookie.Value, strings.Repeat("a", 200)} {
		over("the pending "+forged, c, forged)
	}
	cookie := *browser.Cookie // what waits is no session, and a session is nothing that waits
	for what, value := range map[string]string{"what waits": pending, "a cut cookie": cookie.Value[:len(cookie.Value)-1], "a long cookie": cookie.Value + "a", "an altered cookie": altered(cookie.Value)} {
		forger := g.Nobody()
		forger.Cookie = &http.Cookie{Name: cookie.Name, Value: value}
		if a := forger.Do("GET", "/session", nil); a.Status != http.StatusUnauthorized || a.Problem(t).Code != "signed-out" {
			t.Errorf("%s as a cookie: %d", what, a.Status)
		}
	}
	for range 5 {
		want(t, c.Step("/session/factor", body{"pending": pending, "code": "abcdef"}), http.StatusUnauthorized, "wrong-code")
		g.lift()
	}
	over("after five tries", c, pending)
	g.lift()
	c, pending = begin()
	g.Wait(10 * time.Minute)
	over("after ten minutes", c, pending)
	want(t, browser.Step("/session/prove", body{"code": g.Code(seed)}), http.StatusNoContent)

	c, pending = begin()
	want(t, browser.Do("DELETE", "/session", nil), http.StatusNoContent)
	want(t, browser.Do("GET", "/session", nil), http.StatusUnauthorized, "signed-out") // replayed
	root := g.Browser("root")
	want(t, root.Do("PATCH", fmt.Sprintf("/users/%d", g.As("ann").User.ID), world.JSON(body{"disabled": true})), http.StatusOK)
	over("after disabling", c, pending)
	want(t, root.Do("PATCH", fmt.Sprintf("/users/%d", g.As("ann").User.ID), world.JSON(body{"disabled": false})), http.StatusOK)
	c, pending = begin()
	want(t, root.Do("DELETE", fmt.Sprintf("/users/%d/factors", g.As("ann").User.ID), nil), http.StatusNoContent)
	over("after the factors were reset", c, pending)
	// A peer is not reset by a peer: who could would be everybody.
	g.User("chief", alveary.ProfileAdmin)
	want(t, root.Do("DELETE", fmt.Sprintf("/users/%d/factors", g.As("chief").User.ID), nil), http.StatusForbidden, "administrator")
}

func altered(text string) string {
	last := text[len(text)-1]
	if last == 'a' {
		return text[:len(text)-1] + "b"
	}
	return text[:len(text)-1] + "a"
}

// Policies may ask for the second factor too: who has none sets one up.
func TestSecondFactorByPolicy(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		g.rule("two", alveary.PolicyOIDC, alveary.Rule{Effect: alveary.EffectDeny, Actions: []string{"login"}, Conditions: alveary.Conditions{
			{Attribute: "AuthLevel", Condition: alveary.Condition{Type: "CompareCondition", Options: map[string]any{"op": "<", "value": 2}}},
		}})
		c := g.Nobody()
		want(t, c.Step("/session", body{"login": "ann", "password": "wrong"}), http.StatusUnauthorized, "wrong-credentials")
		s := c.Step("/session", body{"login": "ann", "password": world.Password}).Stepped(c)
		if s.State != "enrol" {
			t.Fatalf("%+v", s)
		}
		d := g.device("ann")
		var e world.Enrolment
		want(t, c.Step("/session/enrol", body{"pending": s.Pending, "kind": "passkey"}), http.StatusOK).Into(t, &e)
		made := fmt.Sprintf(`{"pending":%q,"label":"Key","passkey":%s}`, s.Pending, d.Makes(world.Site, e.Passkey))
		answer := c.Do("POST", "/session/enrol/confirm", world.Reader(made))
		if done := answer.Stepped(c); done.State != "signed-in" || done.Session.Level != 2 {
			t.Fatalf("%+v", done)
		}
	})
}

// A passkey is a second factor, and a first: with user verification, at the
// site for which it was made, and each answer once.
func TestThreat20_Passkeys(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		browser := g.Browser("ann")
		d := g.device("ann")
		want(t, browser.Do("POST", "/account/passkeys/confirm", world.Reader(string(g.makes(browser, d)))), http.StatusOK)

		c := g.Nobody()
		s := c.Step("/session", body{"login": "ann", "password": world.Password}).Stepped(c)
		if s.State != "second-factor" || !slices.Contains(s.Factors, "passkey") || len(s.Passkey) == 0 {
			t.Fatalf("%+v", s)
		}
		second := func(c *world.Client, pending string, answer []byte) world.Answer {
			return c.Do("POST", "/session/factor", world.Reader(fmt.Sprintf(`{"pending":%q,"passkey":%s}`, pending, answer)))
		}
		want(t, second(c, s.Pending, d.Answers("https://evil.example", s.Passkey)), http.StatusUnauthorized, "wrong-code")
		d.Options.UserNotVerified = true
		want(t, second(c, s.Pending, d.Answers(world.Site, s.Passkey)), http.StatusUnauthorized, "wrong-code")
		d.Options.UserNotVerified = false
		d.Counter++
		good := d.Answers(world.Site, s.Passkey)
		want(t, second(c, s.Pending, good), http.StatusOK)
		want(t, second(g.Nobody(), s.Pending, good), http.StatusNotFound, "not-found")

		g.lift()
		c = g.Nobody()
		step := want(t, c.Do("POST", "/session/passkey", nil), http.StatusOK).Stepped(c)
		d.Counter++
		good = d.Answers(world.Site, step.Passkey)
		answer := want(t, second(c, step.Pending, good), http.StatusOK)
		if done := answer.Stepped(c); done.State != "signed-in" || done.Session.Method != "passkey" || done.Session.Level != 2 || done.User.Login != "ann" {
			t.Errorf("%+v", done)
		}
		want(t, second(g.Nobody(), step.Pending, good), http.StatusUnauthorized, "wrong-code") // replayed
		for range 12 {                                                                         // a lock of the account does not keep a passkey out, which cannot be guessed
			if _, err := g.Limits.Failed(t.Context(), attempt(g, "ann")); err != nil {
				t.Fatal(err)
			}
		}
		step = want(t, c.Do("POST", "/session/passkey", nil), http.StatusOK).Stepped(c)
		d.Counter++
		want(t, second(c, step.Pending, d.Answers(world.Site, step.Passkey)), http.StatusOK)
		stranger := g.device("ann") // of the same user, but never made known
		step = want(t, c.Do("POST", "/session/passkey", nil), http.StatusOK).Stepped(c)
		want(t, second(c, step.Pending, stranger.Answers(world.Site, step.Passkey)), http.StatusUnauthorized, "wrong-code")
	})
}
