package mail

import (
	"net"
	"net/mail"
	"net/netip"
	"strings"

	"alveary"
)

// The ways to a mail server.
const (
	SecurityTLS      = "tls"      // encrypted from the first byte
	SecurityStartTLS = "starttls" // encrypted before anything is said
	SecurityNone     = "none"
)

// mostAddress is the longest mail address there can be (RFC 5321), in bytes.
const mostAddress = 254

// CheckAddress says why a text cannot be the address of a mailbox, or nil: a
// bare address, without a name and without anything beside it.
func CheckAddress(address string) error {
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || parsed.Name != "" || len(address) > mostAddress ||
		oneLine(address, mostAddress) != address || strings.ContainsAny(address, " <>()\"\\,;") {
		return invalid("check the mail address", "this is no mail address: it looks like ann@example.org")
	}
	return nil
}

// usual fills in what was left open about a mail server, as the settings do.
func usual(m alveary.MailServer) alveary.MailServer {
	if m.Security == "" {
		m.Security = SecurityStartTLS
	}
	if m.Port == 0 {
		m.Port = map[string]int{SecurityTLS: 465, SecurityStartTLS: 587, SecurityNone: 25}[m.Security]
	}
	return m
}

// CheckServer says why a mail server cannot be one, or nil.
func CheckServer(m alveary.MailServer) error {
	const op = "check the mail server"
	switch {
	case !isHost(m.Host):
		return invalid(op, "the mail server is a host name or an address, without port and without a scheme")
	case m.Port < 1 || m.Port > 65535:
		return invalid(op, "the port is a number from 1 to 65535; 465 is usual for tls, 587 for starttls")
	case m.Security != SecurityTLS && m.Security != SecurityStartTLS && m.Security != SecurityNone:
		return invalid(op, "the security is one of tls, starttls and none")
	case len(m.User) > 320 || len(m.Password) > 1024 || strings.ContainsAny(m.User+m.Password, "\x00\r\n"):
		return invalid(op, "user and password are each one line, of at most 320 and 1024 bytes")
	case m.User == "" && m.Password != "":
		return invalid(op, "a password needs a user")
	}
	return CheckAddress(m.From)
}

// Warning says what is unsafe about a mail server; empty where nothing is.
func Warning(m alveary.MailServer) string {
	if m.Host == "" || m.Security != SecurityNone || isLoopback(m.Host) {
		return ""
	}
	return "mail to this server is not encrypted: whoever sits on the way reads it, the links to choose a password and the password of the mail server too"
}

func isLoopback(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap().IsLoopback()
	}
	return strings.EqualFold(host, "localhost")
}

// isHost says whether a text is a host name or an address.
func isHost(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	if host == "" || len(host) > 253 || net.ParseIP(host) != nil {
		return false
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(host, "."), ".") {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
		for _, r := range label {
			if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
				return false
			}
		}
	}
	return true
}

func invalid(op, message string) error {
	return &alveary.Error{Kind: alveary.KindInvalid, Op: op, Code: "invalid", Message: message}
}
