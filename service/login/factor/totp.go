package factor

import (
	"crypto/subtle"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// What every authenticator app understands: six digits, SHA-1, thirty seconds.
const (
	digits   = otp.DigitsSix
	period   = 30 * time.Second
	seedSize = 20 // bytes, as long as the hash
)

// NewSeed makes the secret of an authenticator app, as people type it in.
func NewSeed(random io.Reader) (string, error) {
	raw, err := bytesOf(random, seedSize)
	if err != nil {
		return "", err
	}
	return unpadded("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567").EncodeToString(raw), nil
}

// URI is what an authenticator app reads from the picture. The issuer is the
// organisation, so that the app can tell its accounts apart.
func URI(issuer, login, seed string) string {
	// An app cuts the label at the colon between the two.
	issuer = strings.ReplaceAll(issuer, ":", " ")
	query := url.Values{"secret": {seed}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	return (&url.URL{
		Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + login,
		RawQuery: strings.ReplaceAll(query.Encode(), "+", "%20"), // apps read a plus as a plus
	}).String()
}

// CodeStep gives the time step that a code belongs to: the present one, the
// one before or the one after. Not ok where it belongs to none of them: a
// clock that is off by minutes is refused like a wrong code.
func CodeStep(seed, code string, now time.Time) (step int64, ok bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	present := now.Unix() / int64(period/time.Second)
	for at := max(present-1, 0); at <= present+1; at++ {
		want, err := hotp.GenerateCodeCustom(seed, uint64(at), hotp.ValidateOpts{Digits: digits, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, false
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = at, true
		}
	}
	return step, ok
}
