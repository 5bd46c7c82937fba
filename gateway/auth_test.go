package gateway

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/service/login"
)

func TestAuthenticate(t *testing.T) {
	h := newHouse(t, nil)
	both := func(change func(*http.Request)) func(*http.Request) {
		return func(r *http.Request) { h.signedIn(r); change(r) }
	}
	for _, c := range []struct {
		name   string
		path   string
		change func(*http.Request)
		status int
	}{
		{"nobody", "/things/1", func(*http.Request) {}, 401},
		{"cookie", "/things/1", h.signedIn, 200},
		{"token", "/things/1", h.withToken, 200},
		{"scheme in other case", "/things/1", header("Authorization", "bEARER "+h.token), 200},
		{"both", "/things/1", both(h.withToken), 200},
		{"bad token beside a good cookie", "/things/1", both(header("Authorization", "Bearer alv_x_y")), 401},
		{"empty token beside a good cookie", "/things/1", both(header("Authorization", "Bearer")), 401},
		{"bad token on an open route", "/open", header("Authorization", "Bearer nonsense"), 401},
		{"another scheme beside a good cookie", "/things/1", both(header("Authorization", "Basic YTpi")), 200},
		{"another scheme alone", "/things/1", header("Authorization", "Basic YTpi"), 401},
		{"the cookie's secret as a token", "/things/1", header("Authorization", "Bearer "+h.cookie.Value), 401},
		{"the token as a cookie", "/things/1", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: h.cookie.Name, Value: h.token}) }, 401},
		{"the cookie's name without prefix", "/things/1", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "alveary", Value: h.cookie.Value}) }, 401},
		{"token in the query", "/things/1?access_token=" + h.token, func(*http.Request) {}, 401},
		{"nobody on an open route", "/open", func(*http.Request) {}, 200},
		{"bad cookie on an open route", "/open", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: h.cookie.Name, Value: "x"}) }, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := h.ask("GET", c.path, "", c.change)
			if c.status == http.StatusUnauthorized {
				problem(t, w, 401, "signed-out")
				if got := w.Header().Get("WWW-Authenticate"); !strings.HasPrefix(got, "Bearer") {
					t.Errorf("WWW-Authenticate is %q", got)
				}
				return
			}
			if w.Code != c.status {
				t.Fatalf("%d: %s", w.Code, w.Body)
			}
			if known := strings.Contains(w.Body.String(), `"login":"ann"`); known != (c.path != "/open") {
				t.Errorf("the handler saw %s", w.Body)
			}
		})
	}
}

// With plain HTTP the cookie has a name that needs no TLS.
func TestCookies(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Config)
		cookie string
		secure bool
	}{
		{"TLS", func(*Config) {}, "__Host-alveary", true},
		{"plain HTTP", func(c *Config) { c.InsecureHTTP = true }, "alveary", false},
		{"plain HTTP behind a proxy with TLS", func(c *Config) { c.InsecureHTTP, c.PublicURL = true, "https://files.example.org" }, "__Host-alveary", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t, c.change)
			for _, cookie := range []*http.Cookie{h.cookie, h.NoCookie()} {
				if cookie.Name != c.cookie || cookie.Secure != c.secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" {
					t.Errorf("the cookie is %s", cookie)
				}
			}
			if h.cookie.MaxAge < 3590 || h.cookie.MaxAge > 3600 || h.NoCookie().MaxAge >= 0 || h.NoCookie().Value != "" {
				t.Errorf("the cookies last %d and %d", h.cookie.MaxAge, h.NoCookie().MaxAge)
			}
			if w := h.ask("GET", "/things/1", "", h.signedIn); w.Code != http.StatusOK {
				t.Errorf("the cookie is not taken back: %d", w.Code)
			}
			if hsts := h.ask("GET", "/open", "").Header().Get("Strict-Transport-Security"); (hsts != "") != c.secure {
				t.Errorf("HSTS is %q", hsts)
			}
		})
	}
}

// What was revoked, or whose password changed, is out with the next request.
func TestThreat19_RevokedIsOutWithTheNextRequest(t *testing.T) {
	t.Run("session", func(t *testing.T) {
		h := newHouse(t, nil)
		if w := h.ask("GET", "/things/1", "", h.signedIn); w.Code != http.StatusOK {
			t.Fatal(w.Code)
		}
		if err := h.login.SignOut(t.Context(), h.ann); err != nil {
			t.Fatal(err)
		}
		problem(t, h.ask("GET", "/things/1", "", h.signedIn), 401, "signed-out")
	})
	t.Run("password", func(t *testing.T) {
		h := newHouse(t, nil)
		step, err := h.login.SignIn(t.Context(), "ann", annPassword, "", login.Client{})
		if err != nil {
			t.Fatal(err)
		}
		other := h.Cookie(step.Secret, step.Session)
		if err := h.login.ChangePassword(t.Context(), h.ann, annPassword, "quite another sentence"); err != nil {
			t.Fatal(err)
		}
		problem(t, h.ask("GET", "/things/1", "", func(r *http.Request) { r.AddCookie(other) }), 401, "signed-out")
		problem(t, h.ask("GET", "/things/1", "", h.withToken), 401, "signed-out")
		if w := h.ask("GET", "/things/1", "", h.signedIn); w.Code != http.StatusOK {
			t.Errorf("the session that changed the password is out: %d", w.Code)
		}
	})
	t.Run("token", func(t *testing.T) {
		h := newHouse(t, nil)
		if err := h.login.RevokeToken(t.Context(), h.ann, mustToken(t, h)); err != nil {
			t.Fatal(err)
		}
		problem(t, h.ask("GET", "/things/1", "", h.withToken), 401, "signed-out")
	})
	t.Run("expiry", func(t *testing.T) {
		ahead := time.Duration(0)
		h := newHouse(t, func(c *Config) { c.Now = func() time.Time { return time.Now().Add(ahead) } })
		ahead = 2 * time.Hour
		if c := h.Cookie("x", mustSession(t, h)); c.MaxAge != 1 {
			t.Errorf("a passed session's cookie lasts %d seconds", c.MaxAge)
		}
	})
}

func mustToken(t *testing.T, h *house) alveary.TokenID {
	t.Helper()
	tokens, err := h.login.Tokens(t.Context(), h.ann)
	if err != nil || len(tokens) != 1 {
		t.Fatal(tokens, err)
	}
	return tokens[0].ID
}

func mustSession(t *testing.T, h *house) alveary.Session {
	t.Helper()
	session, err := h.login.Session(t.Context(), h.ann)
	if err != nil {
		t.Fatal(err)
	}
	return session
}
