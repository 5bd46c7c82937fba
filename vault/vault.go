// Package vault seals what the server must be able to read again: seeds of
// authenticator apps, the password of the mail server, mail that waits.
//
// It exists so that whoever gets hold of the database alone, or of a copy of
// it, has none of these. They are sealed with AES-256-GCM under keys derived
// from one secret that is kept in a file beside the data; every server of an
// installation has the same file. What is only ever compared (passwords,
// sessions, tokens) is kept as a hash and does not come here.
//
// Promises: a text sealed for one purpose opens for no other, and one that was
// altered does not open. A *Box never changes and is safe for concurrent use.
package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"alveary"
)

// KeyBytes is the size of the secret and of each derived key.
const KeyBytes = 32

// The purposes that several services share: one seals and another opens.
const (
	PurposeMail       = "mail"        // what waits in the outbox
	PurposeMailServer = "mail-server" // the password of the mail server
)

// Box seals and opens.
type Box struct{ secret [KeyBytes]byte }

// New makes a box of a secret.
func New(secret [KeyBytes]byte) *Box { return &Box{secret} }

// Open makes a box of the secret in a file, which it makes where there is
// none: 64 hexadecimal digits that its owner alone may read.
func Open(path string, random io.Reader) (*Box, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return create(path, random)
	}
	if err != nil {
		return nil, fmt.Errorf("read the secret key: %w", err)
	}
	raw, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(raw) != KeyBytes {
		return nil, &alveary.Error{
			Kind: alveary.KindInvalid, Op: "read the secret key", Subject: path, Code: "bad-key",
			Message: "this file should hold a key of 64 hexadecimal digits: put it back from a backup; without it second factors and the mail server must be set up anew",
		}
	}
	return New([KeyBytes]byte(raw)), nil
}

// create writes the file whole or not at all: half a key would lock away what
// was sealed with it.
func create(path string, random io.Reader) (*Box, error) {
	var secret [KeyBytes]byte
	if _, err := io.ReadFull(random, secret[:]); err != nil {
		return nil, fmt.Errorf("make the secret key: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // with mode 0600
	if err != nil {
		return nil, fmt.Errorf("make the secret key: %w", err)
	}
	_, err = f.WriteString(hex.EncodeToString(secret[:]) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make the secret key: %w", err), os.Remove(f.Name()))
	}
	return New(secret), nil
}

// Key is a key of KeyBytes for one purpose, always the same.
func (b *Box) Key(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, b.secret[:], nil, "alveary "+purpose, KeyBytes)
	if err != nil {
		panic(err) // only for lengths that no hash can give
	}
	return key
}

// Seal closes a text for a purpose.
func (b *Box) Seal(purpose string, plain []byte) string {
	sealed := b.aead(purpose).Seal(nil, nil, plain, nil) //nolint:gosec // this one draws a nonce of its own
	return base64.RawStdEncoding.EncodeToString(sealed)
}

// Open gives what was sealed for the purpose. KindInternal where it was sealed
// for another one, with another key, or altered.
func (b *Box) Open(purpose, sealed string) ([]byte, error) {
	raw, err := base64.RawStdEncoding.DecodeString(sealed)
	if err == nil {
		raw, err = b.aead(purpose).Open(nil, nil, raw, nil)
	}
	if err != nil {
		return nil, &alveary.Error{
			Kind: alveary.KindInternal, Op: "open what was sealed", Subject: purpose, Cause: err,
			Message: "something that was sealed with the secret key of this server does not open: is secret.key still the file that it was sealed with?",
		}
	}
	return raw, nil
}

func (b *Box) aead(purpose string) cipher.AEAD {
	block, err := aes.NewCipher(b.Key(purpose))
	if err != nil {
		panic(err) // only for keys of another size
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // only for blocks of another size
	}
	return aead
}

// Fingerprint tells keys apart without telling what they are.
func (b *Box) Fingerprint() string { return hex.EncodeToString(b.Key("fingerprint")[:8]) }
