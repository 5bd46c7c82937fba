// Package captcha makes guessing passwords dear: before the next attempt the
// asker's machine has to do work that takes a browser about half a second and
// the server next to nothing to check.
//
// It is the server's side of ALTCHA's proof of work, version 3, as the npm
// package altcha 3.2 speaks it. A challenge names a salt, a nonce and the
// first half of a key; the work is to try one counter after another until
// PBKDF2 of nonce and counter begins with that half. Nothing is kept here: a
// challenge carries its own expiry and the signature of both, and the whole
// key is known again by its signature, so that checking costs two HMACs.
// PBKDF2 was chosen because every browser has it built in: the work needs
// neither WebAssembly nor eval, and a script of its own gains nothing on it.
//
// Promises: what Verify accepts was made by Challenge under the same key, has
// not expired and was solved. That it is accepted once only is up to the
// caller, who notes what it returns as spent. A *Captcha never changes and is
// safe for concurrent use if its source of randomness is.
//
// Read this file first, then solve.go.
package captcha

import (
	"bytes"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"alveary"
)

// Algorithm is the only one that is spoken here.
const Algorithm = "PBKDF2/SHA-256"

const (
	idBytes     = 16 // of nonce and salt, as the widget's own library makes them
	keyBytes    = 32
	prefixBytes = 16
	// A payload of ours has about 700 characters.
	longest = 2048
)

// Options say how much work is asked for. Zero values mean the defaults.
type Options struct {
	Cost     int           // iterations of PBKDF2 in one try; 1000
	Tries    int           // tries that are needed at most, half of it on average; 4000
	Lifetime time.Duration // of a challenge; 10 minutes
}

// Parameters are the public part of a challenge. The fields stand in the order
// of their names because that is how ALTCHA writes down what is signed.
type Parameters struct {
	Algorithm    string `json:"algorithm"`
	Cost         int    `json:"cost" doc:"Iterations of PBKDF2 in one try"`
	ExpiresAt    int64  `json:"expiresAt" doc:"Seconds since 1970"`
	KeyLength    int    `json:"keyLength"`
	KeyPrefix    string `json:"keyPrefix" doc:"What the key to be found begins with, in hexadecimal"`
	KeySignature string `json:"keySignature"`
	Nonce        string `json:"nonce"`
	Salt         string `json:"salt"`
}

// Challenge is what the asker's machine gets to work on.
type Challenge struct {
	Parameters Parameters `json:"parameters"`
	Signature  string     `json:"signature"`
}

// solution is what the work found.
type solution struct {
	Counter    uint32  `json:"counter"`
	DerivedKey string  `json:"derivedKey"`
	Time       float64 `json:"time"` // milliseconds, as the solver measured
}

// payload is a challenge handed back with its solution.
type payload struct {
	Challenge Challenge `json:"challenge"`
	Solution  solution  `json:"solution"`
}

// Captcha makes challenges and verifies what comes back.
type Captcha struct {
	challenges, keys []byte // of the signatures of challenges and of found keys
	random           io.Reader
	options          Options
}

// New makes a captcha that signs under key, which all servers of an
// installation share and which is used for nothing else.
func New(key []byte, random io.Reader, o Options) *Captcha {
	if o.Cost <= 0 {
		o.Cost = 1000
	}
	if o.Tries <= 0 {
		o.Tries = 4000
	}
	if o.Lifetime <= 0 {
		o.Lifetime = 10 * time.Minute
	}
	return &Captcha{sign(key, []byte("challenges")), sign(key, []byte("keys")), random, o}
}

// Challenge makes a new one. It costs one try of the work, 0.3 ms.
func (c *Captcha) Challenge(now time.Time) (Challenge, error) {
	var drawn [idBytes + idBytes + 8]byte
	if _, err := io.ReadFull(c.random, drawn[:]); err != nil {
		return Challenge{}, fmt.Errorf("draw a challenge: %w", err)
	}
	nonce, salt := drawn[:idBytes], drawn[idBytes:2*idBytes]
	counter := binary.BigEndian.Uint64(drawn[2*idBytes:]) % uint64(c.options.Tries)
	key, err := derive(nonce, salt, c.options.Cost, uint32(counter))
	if err != nil {
		return Challenge{}, fmt.Errorf("make a challenge: %w", err)
	}
	made := Challenge{Parameters: Parameters{
		Algorithm:    Algorithm,
		Cost:         c.options.Cost,
		ExpiresAt:    now.Add(c.options.Lifetime).Unix(),
		KeyLength:    keyBytes,
		KeyPrefix:    hex.EncodeToString(key[:prefixBytes]),
		KeySignature: hex.EncodeToString(sign(c.keys, key)),
		Nonce:        hex.EncodeToString(nonce),
		Salt:         hex.EncodeToString(salt),
	}}
	signature, err := c.signature(made.Parameters)
	if err != nil {
		return Challenge{}, fmt.Errorf("sign a challenge: %w", err)
	}
	made.Signature = hex.EncodeToString(signature)
	return made, nil
}

// Verify says whether the payload is a solved challenge of ours. The caller
// notes spend until it expires, so that one piece of work counts once. The
// error is KindUnauthenticated with the code "captcha", whatever was wrong:
// the way on is always to solve a new one.
func (c *Captcha) Verify(text string, now time.Time) (spend string, expires time.Time, err error) {
	p, err := read(text)
	if err != nil {
		return "", time.Time{}, refuse(err)
	}
	parameters := p.Challenge.Parameters
	want, err := c.signature(parameters)
	if err != nil {
		return "", time.Time{}, refuse(err)
	}
	if !matches(p.Challenge.Signature, want) {
		return "", time.Time{}, refuse(fmt.Errorf("the challenge is not one of ours"))
	}
	// From here on the parameters are those that Challenge wrote.
	expires = time.Unix(parameters.ExpiresAt, 0)
	if !now.Before(expires) {
		return "", time.Time{}, refuse(fmt.Errorf("the challenge expired at %v", expires))
	}
	key, err := hex.DecodeString(p.Solution.DerivedKey)
	if err != nil || !matches(parameters.KeySignature, sign(c.keys, key)) {
		return "", time.Time{}, refuse(fmt.Errorf("the solution is wrong"))
	}
	return parameters.Nonce, expires, nil
}

// read takes a payload apart: Base64 of JSON with the fields that there are
// and no others.
func read(text string) (p payload, err error) {
	if len(text) > longest {
		return p, fmt.Errorf("%d characters", len(text))
	}
	if strings.ContainsAny(text, "\r\n") { // which the decoder would skip
		return p, fmt.Errorf("a line break in Base64")
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return p, err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return p, err
	}
	if _, err := d.Token(); err != io.EOF {
		return p, fmt.Errorf("something follows the payload")
	}
	return p, nil
}

// signature is over the JSON of the parameters, which for what Challenge
// writes is letter by letter that of ALTCHA.
func (c *Captcha) signature(p Parameters) ([]byte, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	return sign(c.challenges, text), nil
}

func sign(key, text []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(text) // a hash never fails
	return h.Sum(nil)
}

// matches compares in constant time.
func matches(claimed string, want []byte) bool {
	got, err := hex.DecodeString(claimed)
	return err == nil && hmac.Equal(got, want)
}

// derive is one try of the work.
func derive(nonce, salt []byte, cost int, counter uint32) ([]byte, error) {
	password := binary.BigEndian.AppendUint32(bytes.Clone(nonce), counter)
	return pbkdf2.Key(sha256.New, string(password), salt, cost, keyBytes)
}

func refuse(cause error) error {
	return &alveary.Error{
		Kind: alveary.KindUnauthenticated, Op: "check the proof of work", Code: "captcha",
		Message: "a small piece of work is needed before the next attempt: ask for it and try again", Cause: cause,
	}
}
