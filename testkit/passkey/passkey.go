// Package passkey is a device with a passkey, for tests: it makes one and
// answers with it as a browser would, or as one would that lies.
//
// It exists so that tests of the factors, of the sign-in and of the API have
// the same one. Its methods fail the test instead of giving errors.
package passkey

import (
	"encoding/binary"
	"encoding/json"
	"net/url"
	"testing"

	"github.com/descope/virtualwebauthn"
)

// Device has one passkey of one user. Its options say what it lies about.
type Device struct {
	virtualwebauthn.Authenticator
	virtualwebauthn.Credential
	t testing.TB
}

// wholeKey is how many bytes a public key takes: the library cuts leading
// zeros off its coordinates, which no true device does.
const wholeKey = 77

// New makes a device of the user with this id.
func New(t testing.TB, user int64) *Device {
	t.Helper()
	d := &Device{t: t}
	d.Authenticator = virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: Handle(user)})
	for d.Key == nil || len(d.Key.AttestationData()) != wholeKey {
		d.Credential = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	}
	return d
}

// Handle is what the device keeps of a user.
func Handle(user int64) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(user))
}

// At is the site of an origin such as https://files.example.org.
func At(t testing.TB, origin string) virtualwebauthn.RelyingParty {
	t.Helper()
	u, err := url.Parse(origin)
	if err != nil {
		t.Fatal(err)
	}
	return virtualwebauthn.RelyingParty{ID: u.Hostname(), Origin: origin}
}

// Makes answers options for making a passkey, at the origin.
func (d *Device) Makes(origin string, options any) []byte {
	d.t.Helper()
	o, err := virtualwebauthn.ParseAttestationOptions(d.text(options))
	if err != nil {
		d.t.Fatal(err)
	}
	return []byte(virtualwebauthn.CreateAttestationResponse(At(d.t, origin), d.Authenticator, d.Credential, *o))
}

// Answers answers options that ask for a passkey, at the origin.
func (d *Device) Answers(origin string, options any) []byte {
	d.t.Helper()
	o, err := virtualwebauthn.ParseAssertionOptions(d.text(options))
	if err != nil {
		d.t.Fatal(err)
	}
	return []byte(virtualwebauthn.CreateAssertionResponse(At(d.t, origin), d.Authenticator, d.Credential, *o))
}

func (d *Device) text(options any) string {
	d.t.Helper()
	raw, err := json.Marshal(options) // JSON stays what it is
	if err != nil {
		d.t.Fatal(err)
	}
	return string(raw)
}
