package gateway

import (
	"mime"
	"net/http"
	"strings"

	"alveary"
)

// pagePolicy is the policy of the pages that ship with the server. Inline style
// attributes are those of the component library; there is no inline script.
const pagePolicy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; " +
	"media-src 'self' blob:; worker-src 'self' blob:; connect-src 'self'; frame-src 'self' blob:; object-src 'none'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// contentPolicy is the policy of what users uploaded: should a browser show it
// as a page after all, it is one of an origin of its own that loads nothing and
// runs nothing.
const contentPolicy = "sandbox; default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'; " +
	"form-action 'none'; base-uri 'none'; frame-ancestors 'self'"

// strictTransport lasts a year. Browsers heed it only where they trust the
// certificate, so a self-signed one is not made inescapable by it.
const strictTransport = "max-age=31536000"

// guard sets the headers that every answer carries.
func (g *Gateway) guard(next http.Handler) http.Handler {
	secure := g.Secure()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()")
		if secure {
			h.Set("Strict-Transport-Security", strictTransport)
		}
		next.ServeHTTP(w, r)
	})
}

// refuseOrigin answers a change that another site's page asks for with the
// visitor's cookie.
func refuseOrigin(w http.ResponseWriter, r *http.Request) {
	WriteProblem(w, r, &alveary.Error{
		Kind: alveary.KindDenied, Op: "check the origin", Code: "denied",
		Message: "this request came from a page of another site and was refused",
	})
}

// UserContent sets the headers under which bytes that a user uploaded are
// served: as an attachment, or with inline in a sandbox. They never make a page
// of our own origin. The type is as the server found it; only types that no
// browser runs keep it, all others are plain bytes.
func UserContent(h http.Header, name, mediaType string, inline bool) {
	kind := harmless(mediaType)
	disposition := "attachment"
	if inline && kind != "" && kind != "image/svg+xml" {
		disposition = "inline"
	}
	if kind == "" {
		kind = "application/octet-stream"
	}
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", contentDisposition(disposition, name))
}

// harmless is the type under which a file may be shown, or empty. SVG keeps
// its type for the sake of <img>, where it runs nothing, and is never shown as
// a page. All text is plain: HTML, XML and scripts are text to read.
func harmless(mediaType string) string {
	base, params, err := mime.ParseMediaType(mediaType)
	if err != nil {
		return ""
	}
	class, _, _ := strings.Cut(base, "/")
	switch {
	case base == "application/pdf", class == "image", class == "audio", class == "video":
		return base
	case base == "text/plain":
		if strings.EqualFold(params["charset"], "utf-8") || params["charset"] == "" {
			return "text/plain; charset=utf-8"
		}
		return mime.FormatMediaType("text/plain", map[string]string{"charset": params["charset"]})
	}
	return ""
}

// contentDisposition spells a file name for all clients: plain ASCII for old
// ones, and percent-encoded UTF-8, which counts where it is understood.
func contentDisposition(kind, name string) string {
	var plain, full strings.Builder
	for _, r := range strings.ToValidUTF8(name, "_") {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%`, r) {
			r = '_'
		}
		plain.WriteRune(r)
	}
	for _, b := range []byte(strings.ToValidUTF8(name, "_")) {
		if isToken(b) {
			full.WriteByte(b)
		} else {
			const hex = "0123456789ABCDEF"
			full.Write([]byte{'%', hex[b>>4], hex[b&15]})
		}
	}
	value := kind + `; filename="` + plain.String() + `"`
	if plain.String() != name {
		value += `; filename*=UTF-8''` + full.String()
	}
	return value
}

// isToken is the attr-char of RFC 8187.
func isToken(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || strings.IndexByte("!#$&+-.^_`|~", b) >= 0
}
