package webui

import (
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// validFor is how long a reader may rely on the contact; RFC 9116 advises less
// than a year.
const validFor = 180 * 24 * time.Hour

const policyPath = "/.well-known/security-policy.txt"

// policy is SECURITY.md in short, for who has only the server.
const policy = `Reporting a weakness

Of this installation (its data, its settings): tell its administrator.

Of the program, Alveary: please not in a public issue. Use the private
vulnerability report of the place where the source is hosted. Say what you did,
what happened, what you expected, and the version, which /api/v1/server tells.
Try things out on a server that is yours: "make demo" starts one in a minute.
`

// securityText tells where reports go (RFC 9116).
func securityText(contact string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		here := url.URL{Scheme: "https", Host: r.Host, Path: policyPath}
		if r.TLS == nil {
			here.Scheme = "http"
		}
		to := contact
		if to == "" {
			to = here.String()
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = fmt.Fprintf(w, "Contact: %s\nPolicy: %s\nExpires: %s\nPreferred-Languages: en, fr\n",
			to, here.String(), time.Now().UTC().Add(validFor).Format(time.RFC3339)) // the client is gone; there is nobody to tell
	})
}

func securityPolicy() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte(policy)) // as above
	})
}
