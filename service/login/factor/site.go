package factor

import (
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// Site is what passkeys are made for and bound to: a name of a host, and the
// one origin from which an answer may come.
type Site struct {
	ID     string // the host's name, without port
	Origin string // such as https://files.example.org:8443
	Name   string // of the organisation
}

// SiteOf is the site of a server. Its public address decides where it is
// known; else the host that the browser asked for does, over the given scheme.
// That is safe, because a browser makes and uses passkeys only for the host
// that it is really at: whoever lies about the host to this server gets a
// challenge that no passkey of the true host answers. Not ok where there can
// be no passkeys, as at a bare IP address.
func SiteOf(publicURL, scheme, host, name string) (Site, bool) {
	origin := url.URL{Scheme: strings.ToLower(scheme), Host: strings.ToLower(host)}
	if publicURL != "" {
		public, err := url.Parse(publicURL)
		if err != nil {
			return Site{}, false
		}
		origin.Scheme, origin.Host = strings.ToLower(public.Scheme), strings.ToLower(public.Host)
	}
	id := origin.Hostname()
	if origin.Scheme == "https" && origin.Port() == "443" || origin.Scheme == "http" && origin.Port() == "80" {
		origin.Host = id // a browser leaves the usual port out
	}
	if (origin.Scheme != "https" && origin.Scheme != "http") || net.ParseIP(id) != nil || protocol.ValidateRPID(id) != nil {
		return Site{}, false
	}
	return Site{ID: id, Origin: origin.String(), Name: name}, true
}

// library is the library set up for the site. The user proves to the device
// who he is (user verification), always: so a passkey is two factors in one,
// and it is discoverable, so that it can take the place of login and password.
func (s Site) library() (*webauthn.WebAuthn, error) {
	library, err := webauthn.New(&webauthn.Config{
		RPID: s.ID, RPDisplayName: s.Name, RPOrigins: []string{s.Origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		},
		// No extension is asked for and none is looked at; some devices
		// answer to extensions unasked.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil {
		return nil, fmt.Errorf("know the site of passkeys: %w", err)
	}
	return library, nil
}
