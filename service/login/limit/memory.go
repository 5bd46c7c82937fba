package limit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"alveary"
	"alveary/store"
)

const (
	memoryTime = time.Second // for so long what was read is believed
	memorySize = 10_000      // keys
	readTime   = 10 * time.Second
	sweepTime  = 10 * time.Minute // so often counts that have passed are forgotten
	mostLogin  = 1024             // bytes that are looked at as a name: what is longer nobody has
)

// key is what something is counted under: a hash, which is its id in the store
// too. It is empty where nothing is counted.
type key string

type keys [2]key

// keysOf are the keys of an attempt. They are keyed with the id of the
// installation, so that none can be made elsewhere.
func (l *Limits) keysOf(ctx context.Context, a Attempt) (k keys, err error) {
	secret := l.secret.Load()
	if secret == nil {
		id, err := l.store.Installation(ctx)
		if err != nil {
			return k, err
		}
		secret = &id
		l.secret.Store(secret)
	}
	account, address := "account", "address"
	if a.Link { // or who tries dead links would keep his neighbours from signing in
		account, address = "link", "address at links"
	}
	if a.Login != "" {
		k[byAccount] = keyOf(*secret, account, fold(a.Login))
	}
	if a.Address != "" {
		k[byAddress] = keyOf(*secret, address, Household(a.Address))
	}
	return k, nil
}

// fold is store.FoldName, quicker for most logins and bounded for all.
func fold(login string) string {
	switch {
	case len(login) > mostLogin:
		return login
	case strings.ContainsFunc(login, func(r rune) bool { return r >= utf8.RuneSelf }):
		return store.FoldName(login)
	}
	return strings.ToLower(login)
}

// keyOf hashes the parts, none of the first two of which has a NUL. A hash cut
// to 128 bits is long enough that no two things share one.
func keyOf(secret, kind, name string) key {
	text := make([]byte, 0, 128)
	text = append(text, secret...)
	text = append(text, 0)
	text = append(text, kind...)
	text = append(text, 0)
	text = append(text, name...)
	sum := sha256.Sum256(text)
	return key(hex.EncodeToString(sum[:16]))
}

// Household is what counts as one address: a line of IPv6 has 2^64.
func Household(address string) string {
	addr, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		return addr.String()
	}
	prefix, err := addr.Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}

// memory is what this process has last seen of the counts.
type memory struct {
	entries *simplelru.LRU[key, entry]
	changes int64     // how often this process changed a count
	swept   time.Time // when counts that have passed were last forgotten
}

type entry struct {
	count alveary.Failures
	seen  time.Time
	by    int64 // the change that made it; 0: it was read
}

func newMemory() memory {
	entries, err := simplelru.NewLRU[key, entry](memorySize, nil)
	if err != nil {
		panic(err) // only for a size that is not positive
	}
	return memory{entries: entries}
}

// fresh gives what was seen of a key within the last second.
func (m *memory) fresh(k key, now time.Time) (alveary.Failures, bool) {
	if k == "" {
		return alveary.Failures{}, false
	}
	e, ok := m.entries.Get(k)
	if !ok || now.Sub(e.seen) >= memoryTime || e.seen.After(now) {
		return alveary.Failures{}, false
	}
	return e.count, true
}

// seen keeps what was read, and gives it back, unless this process has changed
// the count since the reading began.
func (m *memory) seen(k key, f alveary.Failures, began int64, now time.Time) alveary.Failures {
	if e, ok := m.entries.Peek(k); ok && e.by > began {
		return e.count
	}
	m.entries.Add(k, entry{count: f, seen: now})
	return f
}

// changed keeps what this process has made of a count.
func (m *memory) changed(k key, f alveary.Failures, now time.Time) {
	m.changes++
	m.entries.Add(k, entry{count: f, seen: now, by: m.changes})
}

// sweepDue says whether it is time to forget what has passed, and that it is
// done.
func (m *memory) sweepDue(now time.Time) bool {
	if now.Sub(m.swept) < sweepTime && !m.swept.After(now) {
		return false
	}
	m.swept = now
	return true
}
