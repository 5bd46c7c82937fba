package world

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/pquerna/otp/totp"

	"alveary/captcha"
)

// Site is an address by which people come that passkeys work at.
const Site = "https://files.example.org"

// Step is how far a sign-in has come, as the API answers.
type Step struct {
	State, Pending string
	Factors        []string
	Passkey        json.RawMessage
	Recovery       []string
	Session        struct {
		ID, Method      string
		Level           int
		Proved, Expires time.Time
	}
	User struct{ ID, Login, Profile string }
}

// Step takes a step of a sign-in and keeps the cookie where it was the last.
func (c *Client) Step(path string, body any) Answer {
	c.t.Helper()
	answer := c.Do("POST", path, JSON(body))
	for _, line := range answer.Header.Values("Set-Cookie") {
		cookie, err := http.ParseSetCookie(line)
		if err != nil {
			c.t.Fatal(err)
		}
		c.Cookie = cookie
	}
	return answer
}

// Stepped is the step in an answer.
func (a Answer) Stepped(c *Client) (s Step) {
	c.t.Helper()
	if a.Status >= http.StatusMultipleChoices {
		c.t.Fatalf("the sign-in was refused: %d %s", a.Status, a.Body)
	}
	a.Into(c.t, &s)
	return s
}

// Proof asks for a proof of work and does it.
func (c *Client) Proof() string {
	c.t.Helper()
	var challenge captcha.Challenge
	c.Do("GET", "/session/captcha", nil).Into(c.t, &challenge)
	proof, err := captcha.Solve(c.t.Context(), challenge)
	if err != nil {
		c.t.Fatal(err)
	}
	return proof
}

// Code is what an authenticator app with the seed shows now.
func (w *World) Code(seed string) string {
	w.t.Helper()
	code, err := totp.GenerateCode(seed, w.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	return code
}

// Enrolment is what setting up a factor begins with.
type Enrolment struct {
	Pending string
	TOTP    struct {
		Secret, URI string
		QR          []string
	}
	Passkey json.RawMessage
}

// App gives whoever is signed in an authenticator app: its seed, and the
// recovery codes that came with it. The clock goes on to the next code.
func (w *World) App(c *Client) (seed string, recovery []string) {
	w.t.Helper()
	var e Enrolment
	c.Do("POST", "/account/totp", nil).Into(w.t, &e)
	answer := c.Do("POST", "/account/totp/confirm", JSON(map[string]string{"pending": e.Pending, "code": w.Code(e.TOTP.Secret)}))
	if answer.Status != http.StatusOK {
		w.t.Fatalf("setting an app up: %d %s", answer.Status, answer.Body)
	}
	var codes struct{ Recovery []string }
	answer.Into(w.t, &codes)
	w.Wait(30 * time.Second)
	return e.TOTP.Secret, codes.Recovery
}
