package login

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

// tokenPrefix tells a token from other text, for people and for scanners.
const tokenPrefix = "alv_"

var letters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// newSecret makes a public id and a secret of 256 bits, as text.
func newSecret(random io.Reader) (id, secret string, err error) {
	raw := make([]byte, idBytes+secretBytes)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", "", fmt.Errorf("make a secret: %w", err)
	}
	return letters.EncodeToString(raw[:idBytes]), letters.EncodeToString(raw[idBytes:]), nil
}

// cutSecret takes `id_secret` apart; text of any other form is not ok.
func cutSecret(text string) (id, secret string, ok bool) {
	id, secret, _ = strings.Cut(text, "_")
	return id, secret, isLetters(id, idBytes) && isLetters(secret, secretBytes)
}

func isLetters(text string, size int) bool {
	if len(text) != letters.EncodedLen(size) {
		return false
	}
	_, err := letters.DecodeString(text)
	return err == nil
}

// hashOf is what is kept of a secret. A plain hash does: nobody can try out
// 2^256 secrets.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// sameSecret compares in constant time; an empty hash is nobody's.
func sameSecret(secret, hash string) bool {
	return hash != "" && subtle.ConstantTimeCompare([]byte(hashOf(secret)), []byte(hash)) == 1
}
