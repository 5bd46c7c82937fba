package factor

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"alveary"
	"alveary/testkit/passkey"

	"github.com/descope/virtualwebauthn"
)

var (
	here = Site{ID: "files.example.org", Origin: "https://files.example.org", Name: "Example"}
	ann  = Person{User: 42, Login: "ann", Name: "Ann"}
)

const (
	mine  = "https://files.example.org"
	there = "https://evil.example"
)

// registered makes the device's passkey one of the user's.
func registered(t *testing.T, d *passkey.Device, p Person) alveary.Factor {
	t.Helper()
	challenge := newChallenge(t)
	options, err := here.BeginMake(challenge, p)
	if err != nil {
		t.Fatal(err)
	}
	made, err := here.FinishMake(challenge, p, d.Makes(mine, options))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func newChallenge(t *testing.T) []byte {
	t.Helper()
	challenge, err := NewChallenge(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return challenge
}

// finish checks an answer as that of a second factor, or as that of a first
// one where nobody was asked by name; f is the passkey that is known here.
func finish(challenge []byte, whose *Person, answer []byte, f alveary.Factor) (alveary.Factor, error) {
	if whose != nil {
		return here.FinishAsk(challenge, *whose, answer)
	}
	return here.FinishAskAnyone(challenge, answer, only(f))
}

func only(f alveary.Factor) func(alveary.FactorID) (alveary.Factor, error) {
	return func(id alveary.FactorID) (alveary.Factor, error) {
		if id != f.ID {
			return alveary.Factor{}, refused(errors.New("unknown"))
		}
		return f, nil
	}
}

func TestPasskey(t *testing.T) {
	d := passkey.New(t, int64(ann.User))
	f := registered(t, d, ann)
	if f.Kind != alveary.FactorPasskey || f.User != ann.User || f.ID != PasskeyID(d.ID) || f.Step != 0 {
		t.Errorf("made %+v", f)
	}
	withKey := ann
	withKey.Passkeys = []alveary.Factor{f}
	for name, whose := range map[string]*Person{"as first factor": nil, "as second factor": &withKey} {
		t.Run(name, func(t *testing.T) {
			challenge := newChallenge(t)
			options, err := here.BeginAsk(challenge, whose)
			if err != nil {
				t.Fatal(err)
			}
			used, err := finish(challenge, whose, d.Answers(mine, options), f)
			if err != nil || used.User != ann.User {
				t.Fatalf("%+v, %v", used, err)
			}
		})
	}
}

// What a browser is told: the user verified, the key discoverable, no
// attestation.
func TestPasskeyOptions(t *testing.T) {
	d := passkey.New(t, int64(ann.User))
	withKey := ann
	withKey.Passkeys = []alveary.Factor{registered(t, d, ann)}
	making, err := here.BeginMake(newChallenge(t), withKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"userVerification":"required"`, `"residentKey":"required"`, `"requireResidentKey":true`, `"id":"files.example.org"`, `"excludeCredentials":[{`,
	} {
		if got := string(making); !strings.Contains(got, want) {
			t.Errorf("%s is missing in %s", want, got)
		}
	}
	asking, err := here.BeginAsk(newChallenge(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(asking); !strings.Contains(got, `"userVerification":"required"`) || strings.Contains(got, "allowCredentials") {
		t.Errorf("whoever's is asked for with %s", got)
	}
}

func TestPasskeyRefusedWhenMade(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(t *testing.T, options any, d *passkey.Device) []byte
		who  Person
		at   Site
	}{
		{"user not verified", func(_ *testing.T, o any, d *passkey.Device) []byte {
			d.Options.UserNotVerified = true
			return d.Makes(mine, o)
		}, ann, here},
		{"user not present", func(_ *testing.T, o any, d *passkey.Device) []byte {
			d.Options.UserNotPresent = true
			return d.Makes(mine, o)
		}, ann, here},
		{"at another site", func(_ *testing.T, o any, d *passkey.Device) []byte { return d.Makes(there, o) }, ann, here},
		{"another origin", func(_ *testing.T, o any, d *passkey.Device) []byte {
			return d.Makes("http://files.example.org", o)
		}, ann, here},
		{"another challenge", func(t *testing.T, _ any, d *passkey.Device) []byte {
			other, err := here.BeginMake(newChallenge(t), ann)
			if err != nil {
				t.Fatal(err)
			}
			return d.Makes(mine, other)
		}, ann, here},
		{"finished elsewhere", func(_ *testing.T, o any, d *passkey.Device) []byte { return d.Makes(mine, o) }, ann, Site{ID: "other.example.org", Origin: "https://other.example.org", Name: "Example"}},
		{"nothing", func(*testing.T, any, *passkey.Device) []byte { return nil }, ann, here},
		{"no answer", func(*testing.T, any, *passkey.Device) []byte { return []byte(`{"id":"x"}`) }, ann, here},
		{"an answer to a question", func(_ *testing.T, o any, d *passkey.Device) []byte { return d.Answers(mine, o) }, ann, here},
	} {
		t.Run(c.name, func(t *testing.T) {
			challenge := newChallenge(t)
			options, err := here.BeginMake(challenge, ann)
			if err != nil {
				t.Fatal(err)
			}
			if f, err := c.at.FinishMake(challenge, c.who, c.make(t, options, passkey.New(t, int64(ann.User)))); !errors.Is(err, ErrRefused) {
				t.Errorf("made %+v, %v", f, err)
			}
		})
	}
}

func TestPasskeyRefused(t *testing.T) {
	for _, first := range []bool{true, false} {
		for _, c := range []struct {
			name   string
			answer func(t *testing.T, options any, d *passkey.Device) []byte
		}{
			{"user not verified", func(_ *testing.T, o any, d *passkey.Device) []byte {
				d.Options.UserNotVerified = true
				return d.Answers(mine, o)
			}},
			{"user not present", func(_ *testing.T, o any, d *passkey.Device) []byte {
				d.Options.UserNotPresent = true
				return d.Answers(mine, o)
			}},
			{"at another site", func(_ *testing.T, o any, d *passkey.Device) []byte { return d.Answers(there, o) }},
			{"another origin", func(_ *testing.T, o any, d *passkey.Device) []byte {
				return d.Answers("https://files.example.org.evil.example", o)
			}},
			{"another port", func(_ *testing.T, o any, d *passkey.Device) []byte {
				return d.Answers("https://files.example.org:8443", o)
			}},
			{"another challenge", func(t *testing.T, _ any, d *passkey.Device) []byte {
				other, err := here.BeginAsk(newChallenge(t), nil)
				if err != nil {
					t.Fatal(err)
				}
				return d.Answers(mine, other)
			}},
			{"a foreign credential", func(t *testing.T, o any, _ *passkey.Device) []byte {
				return passkey.New(t, int64(ann.User)).Answers(mine, o)
			}},
			{"a foreign key under a known id", func(t *testing.T, o any, d *passkey.Device) []byte {
				thief := passkey.New(t, int64(ann.User))
				thief.ID = d.ID
				return thief.Answers(mine, o)
			}},
			{"another user's handle", func(_ *testing.T, o any, d *passkey.Device) []byte {
				d.Options.UserHandle = passkey.Handle(43)
				return d.Answers(mine, o)
			}},
			{"the counter went back", func(_ *testing.T, o any, d *passkey.Device) []byte {
				d.Counter = 6
				return d.Answers(mine, o)
			}},
			{"the counter stood still", func(_ *testing.T, o any, d *passkey.Device) []byte {
				d.Counter = 7
				return d.Answers(mine, o)
			}},
			{"altered", func(_ *testing.T, o any, d *passkey.Device) []byte {
				return []byte(strings.Replace(string(d.Answers(mine, o)), `"signature":"`, `"signature":"AA`, 1))
			}},
			{"nothing", func(*testing.T, any, *passkey.Device) []byte { return nil }},
		} {
			name := c.name + map[bool]string{true: ", as first factor", false: ", as second factor"}[first]
			t.Run(name, func(t *testing.T) {
				d := passkey.New(t, int64(ann.User))
				f := registered(t, d, ann)
				f.Step, d.Counter = 7, 8
				whose := &Person{User: ann.User, Login: "ann", Passkeys: []alveary.Factor{f}}
				if first {
					whose = nil
				}
				challenge := newChallenge(t)
				options, err := here.BeginAsk(challenge, whose)
				if err != nil {
					t.Fatal(err)
				}
				if used, err := finish(challenge, whose, c.answer(t, options, d), f); !errors.Is(err, ErrRefused) {
					t.Errorf("used %+v, %v", used, err)
				}
				d.Options = virtualwebauthn.AuthenticatorOptions{UserHandle: passkey.Handle(int64(ann.User))}
				d.Counter = 8
				if used, err := finish(challenge, whose, d.Answers(mine, options), f); err != nil || used.Step != 8 {
					t.Errorf("the true one is refused too: %+v, %v", used, err)
				}
			})
		}
	}
}

// As a second factor another's passkey does not serve, however good it is.
func TestAnothersPasskey(t *testing.T) {
	annKey, benKey := passkey.New(t, 42), passkey.New(t, 43)
	ann := Person{User: 42, Login: "ann", Passkeys: []alveary.Factor{registered(t, annKey, ann)}}
	bens := registered(t, benKey, Person{User: 43, Login: "ben"})
	challenge := newChallenge(t)
	options, err := here.BeginAsk(challenge, &ann)
	if err != nil {
		t.Fatal(err)
	}
	if used, err := finish(challenge, &ann, benKey.Answers(mine, options), bens); !errors.Is(err, ErrRefused) {
		t.Errorf("used %+v, %v", used, err)
	}
}

// A passkey of another site is not asked for here.
func TestPasskeysOfAnotherSite(t *testing.T) {
	f := registered(t, passkey.New(t, 42), ann)
	other := Site{ID: "other.example.org", Origin: "https://other.example.org", Name: "Example"}
	if !here.Has([]alveary.Factor{f}) || other.Has([]alveary.Factor{f}) || here.Has(nil) {
		t.Error("where a passkey counts is not known")
	}
	if _, err := other.BeginAsk(newChallenge(t), &Person{User: 42, Passkeys: []alveary.Factor{f}}); err == nil {
		t.Error("asked for no passkey at all")
	}
}

func TestSiteOf(t *testing.T) {
	for _, c := range []struct {
		public, scheme, host string
		id, origin           string // empty: none
	}{
		{"", "HTTPS", "Files.Example.org", "files.example.org", "https://files.example.org"},
		{"", "HTTPS", "files.example.org:8443", "files.example.org", "https://files.example.org:8443"},
		{"", "HTTPS", "files.example.org:443", "files.example.org", "https://files.example.org"},
		{"", "HTTP", "localhost:8080", "localhost", "http://localhost:8080"},
		{"https://files.example.org/", "HTTP", "evil.example", "files.example.org", "https://files.example.org"},
		{"https://Files.example.org:8443/x", "HTTPS", "10.0.0.1", "files.example.org", "https://files.example.org:8443"},
		{"", "HTTP", "192.0.2.1:8080", "", ""},
		{"", "HTTPS", "[2001:db8::1]:8443", "", ""},
		{"", "HTTPS", "", "", ""},
		{"", "", "files.example.org", "", ""},
		{"", "HTTPS", "a/b", "", ""},
		{"https://192.0.2.1", "HTTPS", "files.example.org", "", ""},
		{"://", "HTTPS", "files.example.org", "", ""},
	} {
		s, ok := SiteOf(c.public, c.scheme, c.host, "Example")
		if ok != (c.id != "") || s.ID != c.id || s.Origin != c.origin {
			t.Errorf("%q, %s://%s gives %+v, %v", c.public, c.scheme, c.host, s, ok)
		}
	}
}
