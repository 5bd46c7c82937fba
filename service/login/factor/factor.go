// Package factor knows how a second factor is made and how an answer to one
// is checked: codes of an authenticator app, recovery codes, and passkeys.
//
// It exists so that the arithmetic stands apart from the accounts: it knows no
// database, no request and no clock. It checks that an answer fits; that it
// counts once is the business of whoever keeps the step of a code, the counter
// of a passkey and the challenge.
//
// Promises: what is refused is ErrRefused and nothing of the secret is in its
// words. Comparisons take the same time wherever the difference is.
//
// Read this file first, then passkey.go.
package factor

import (
	"encoding/base32"
	"errors"
	"fmt"
	"io"
)

// ErrRefused is the answer to all that does not fit. Its cause is for the log.
var ErrRefused = errors.New("the factor does not fit")

func refused(cause error) error { return fmt.Errorf("%w: %w", ErrRefused, cause) }

// bytesOf reads so many random bytes.
func bytesOf(random io.Reader, n int) ([]byte, error) {
	raw := make([]byte, n)
	if _, err := io.ReadFull(random, raw); err != nil {
		return nil, fmt.Errorf("make a factor: %w", err)
	}
	return raw, nil
}

func unpadded(alphabet string) *base32.Encoding {
	return base32.NewEncoding(alphabet).WithPadding(base32.NoPadding)
}
