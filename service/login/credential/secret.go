// Package credential makes what people are known by, and what is kept of it:
// secrets of which a hash does, and passwords, of which the hash has to be dear.
//
// It exists so that there is one way of each, with one price, and one place to
// look at. It knows no account.
//
// Promises: comparisons take the same time wherever the difference is; a hash
// that is not there matches nothing at the same price; no more hashes of
// passwords are under way at once than the machine bears, and no more wait than
// can be served soon. A *Hasher is safe for concurrent use.
//
// Read this file first, then password.go.
package credential

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
)

// Sizes in bytes: an id is public and found by, a secret is never kept.
const (
	idBytes     = 10
	secretBytes = 32
)

var letters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// New makes a public id and a secret of 256 bits, as text.
func New(random io.Reader) (id, secret string, err error) {
	raw := make([]byte, idBytes+secretBytes)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", "", fmt.Errorf("make a secret: %w", err)
	}
	return letters.EncodeToString(raw[:idBytes]), letters.EncodeToString(raw[idBytes:]), nil
}

// Cut takes `id_secret` apart; text of any other form is not ok.
func Cut(text string) (id, secret string, ok bool) {
	id, secret, _ = strings.Cut(text, "_")
	return id, secret, IsID(id) && isLetters(secret, secretBytes)
}

// IsID says whether a text has the form of a public id.
func IsID(text string) bool { return isLetters(text, idBytes) }

func isLetters(text string, size int) bool {
	if len(text) != letters.EncodedLen(size) {
		return false
	}
	_, err := letters.DecodeString(text)
	return err == nil
}

// Hash is what is kept of a secret. A plain hash does: nobody can try out
// 2^256 secrets.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Same compares in constant time; an empty hash is nobody's.
func Same(secret, hash string) bool {
	return hash != "" && subtle.ConstantTimeCompare([]byte(Hash(secret)), []byte(hash)) == 1
}
