package names

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"alveary"
)

// The bounds of a login, in characters: external people are called by their
// mail address, which may be longer than other names.
const (
	MaxLogin   = 64
	maxAddress = 254
)

// CheckLogin gives the login in NFC, or says why it cannot be one
// (KindInvalid).
func CheckLogin(op, login string) (string, error) {
	reason := ""
	login = norm.NFC.String(login)
	most := MaxLogin
	if isAddress(login) {
		most = maxAddress
	}
	switch {
	case login == "":
		reason = "the login is empty"
	case !utf8.ValidString(login):
		reason = "the login is not valid UTF-8"
	case utf8.RuneCountInString(login) > most:
		reason = fmt.Sprintf("the login is too long: it can have at most %d characters", most)
	case strings.TrimSpace(login) != login:
		reason = "the login begins or ends with a space"
	case strings.Contains(login, "/"):
		reason = "the login contains a /"
	case strings.ContainsFunc(login, alveary.Invisible):
		reason = "the login contains a character that cannot be seen"
	default:
		return login, nil
	}
	return "", &alveary.Error{Kind: alveary.KindInvalid, Op: op, Code: "invalid", Message: reason}
}

func isAddress(text string) bool {
	address, err := mail.ParseAddress(text)
	return err == nil && address.Address == text && len(text) <= maxAddress
}
