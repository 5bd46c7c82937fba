package captcha

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"alveary"
)

// What a client is willing to do for a server: a bound on one try, and on
// their number. Ours asks for a hundredth of it.
const (
	dearest   = 100_000
	mostTries = 400_000
)

// Solve does the work, for the command line and for tests. It takes about
// half a second and ends early with ctx. A challenge that is none of ours in
// kind, or that asks for work without end, is refused.
func Solve(ctx context.Context, c Challenge) (string, error) {
	p := c.Parameters
	if p.Algorithm != Algorithm || p.KeyLength != keyBytes || p.Cost < 1 || p.Cost > dearest {
		return "", unsolvable(fmt.Errorf("%s of %d bytes, %d iterations", p.Algorithm, p.KeyLength, p.Cost))
	}
	var nonce, salt, prefix []byte
	for _, part := range []struct {
		text string
		into *[]byte
	}{{p.Nonce, &nonce}, {p.Salt, &salt}, {p.KeyPrefix, &prefix}} {
		raw, err := hex.DecodeString(part.text)
		if err != nil || len(raw) == 0 || len(raw) > keyBytes {
			return "", unsolvable(fmt.Errorf("%.80q is not a part of a challenge", part.text))
		}
		*part.into = raw
	}
	began := time.Now()
	for counter := range uint32(mostTries) {
		if err := ctx.Err(); err != nil {
			return "", fmt.Errorf("do the proof of work: %w", err)
		}
		key, err := derive(nonce, salt, p.Cost, counter)
		if err != nil {
			return "", unsolvable(err)
		}
		if bytes.HasPrefix(key, prefix) {
			took := float64(time.Since(began).Milliseconds())
			raw, err := json.Marshal(payload{c, solution{counter, hex.EncodeToString(key), took}})
			return base64.StdEncoding.EncodeToString(raw), err
		}
	}
	return "", unsolvable(fmt.Errorf("no solution in %d tries", mostTries))
}

func unsolvable(cause error) error {
	return &alveary.Error{
		Kind: alveary.KindUnsupported, Op: "do the proof of work", Code: "captcha",
		Message: "the server asks for a proof of work that this program does not know: use the one that comes with the server", Cause: cause,
	}
}
