package factor

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"io"
	"strings"
)

// RecoveryCodes is how many there are in a set.
const RecoveryCodes = 10

// A recovery code has fifteen characters of five bits, 75 bits, in groups that
// fit on paper.
const (
	recoveryLength = 15
	recoveryGroup  = 5
	recoveryBytes  = 10 // of which the first 75 bits are used
)

// recoveryLetters leaves out what is easily mistaken: i, l, o and u.
const recoveryLetters = "0123456789abcdefghjkmnpqrstvwxyz"

// NewRecovery makes a set of codes for the day on which the other factors are
// lost.
func NewRecovery(random io.Reader) ([]string, error) {
	codes := make([]string, RecoveryCodes)
	for i := range codes {
		raw, err := bytesOf(random, recoveryBytes)
		if err != nil {
			return nil, err
		}
		text := unpadded(recoveryLetters).EncodeToString(raw)[:recoveryLength]
		codes[i] = text[:recoveryGroup] + "-" + text[recoveryGroup:2*recoveryGroup] + "-" + text[2*recoveryGroup:]
	}
	return codes, nil
}

// plain is a code without what people add to it or mistake in it.
func plain(code string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '\t', '\n', '\r', '\u00a0', '\u2010', '\u2011', '\u2013':
			return -1
		case 'i', 'l':
			return '1'
		case 'o':
			return '0'
		}
		return r
	}, strings.ToLower(code))
}

// IsRecovery says whether a text has the form of a recovery code.
func IsRecovery(code string) bool {
	code = plain(code)
	return len(code) == recoveryLength && strings.Trim(code, recoveryLetters) == ""
}

// HashRecovery is what is kept of a code. A plain hash does: nobody can try
// out 2^75 codes.
func HashRecovery(code string) string {
	sum := sha256.Sum256([]byte("recovery\x00" + plain(code)))
	return hex.EncodeToString(sum[:])
}

// SameRecovery compares a code with a hash, in constant time.
func SameRecovery(code, hash string) bool {
	return IsRecovery(code) && subtle.ConstantTimeCompare([]byte(HashRecovery(code)), []byte(hash)) == 1
}
