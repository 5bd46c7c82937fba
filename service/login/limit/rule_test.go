package limit

import (
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/store"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// What each number of failures asks of the next attempt, made at once.
func TestWhatFailuresAskFor(t *testing.T) {
	for _, c := range []struct {
		by       int
		failures int64
		proved   bool
		code     string
		wait     time.Duration
	}{
		{byAccount, 0, false, "", 0},
		{byAccount, 2, false, "", 0},
		{byAccount, 3, false, "captcha", 0},
		{byAccount, 3, true, "", 0},
		{byAccount, 4, true, "", 0},
		{byAccount, 5, true, "limited", 2 * time.Second},
		{byAccount, 6, true, "limited", 4 * time.Second},
		{byAccount, 7, true, "limited", 8 * time.Second},
		{byAccount, 8, true, "limited", 16 * time.Second},
		{byAccount, 9, true, "limited", 32 * time.Second},
		{byAccount, 10, true, "locked", 15 * time.Minute},
		{byAccount, 11, false, "locked", 15 * time.Minute},
		{byAccount, 1 << 40, true, "locked", 15 * time.Minute},
		{byAddress, 2, false, "", 0},
		{byAddress, 3, false, "captcha", 0},
		{byAddress, 19, true, "", 0},
		{byAddress, 20, true, "limited", 2 * time.Second},
		{byAddress, 24, true, "limited", 32 * time.Second},
		{byAddress, 49, true, "limited", 32 * time.Second},
		{byAddress, 50, true, "locked", 15 * time.Minute},
	} {
		var counts counts
		counts[c.by] = alveary.Failures{Count: c.failures, First: noon, Last: noon}
		_, refusal := refuse(counts, noon, c.proved)
		code, waited := "", time.Duration(0)
		if refusal != nil {
			code = refusal.Code
			if later, ok := refusal.Cause.(retryAfter); ok {
				waited = later.RetryAfter() - time.Second // rounded up, never down
			}
		}
		if code != c.code || waited != c.wait {
			t.Errorf("%d failures of the %s, proved %v: %q and %s to wait, want %q and %s", c.failures, kinds[c.by].name, c.proved, code, waited, c.code, c.wait)
		}
		if waited == 0 {
			continue
		}
		if _, refusal := refuse(counts, noon.Add(waited-1), c.proved); refusal == nil {
			t.Errorf("%d failures of the %s: goes on before the time", c.failures, kinds[c.by].name)
		}
		if _, refusal := refuse(counts, noon.Add(waited), true); refusal != nil {
			t.Errorf("%d failures of the %s: %v when the time has come", c.failures, kinds[c.by].name, refusal)
		}
	}
}

// The longer of two waits is the one that is told.
func TestLongerWaitCounts(t *testing.T) {
	counts := counts{
		byAccount: {Count: 5, First: noon, Last: noon},
		byAddress: {Count: 50, First: noon, Last: noon},
	}
	by, refusal := refuse(counts, noon, true)
	if refusal == nil || refusal.Code != "locked" || by != byAddress {
		t.Errorf("%d, %v", by, refusal)
	}
}

// An hour without a failure forgets the account's. The address's end an hour
// after the first of them: a company that mistypes now and then is never
// locked by what adds up in a week.
func TestCountsEnd(t *testing.T) {
	account := alveary.Failures{}
	for i := range 9 {
		account = next(account, kinds[byAccount], noon.Add(time.Duration(i)*50*time.Minute))
	}
	if account.Count != 9 {
		t.Errorf("%d failures of the account, want 9: none of them an hour after the other", account.Count)
	}
	if account = next(account, kinds[byAccount], account.Last.Add(forgetTime)); account.Count != 1 {
		t.Errorf("%d failures after an hour of quiet", account.Count)
	}
	company := alveary.Failures{}
	for i := range 1000 {
		company = next(company, kinds[byAddress], noon.Add(time.Duration(i)*5*time.Minute))
		if company.Count > 12 {
			t.Fatalf("one failure every five minutes makes %d", company.Count)
		}
	}
}

// A lock is served to its end, also where the count would have ended before.
func TestLockOutlastsItsCount(t *testing.T) {
	k := kinds[byAddress]
	f := alveary.Failures{}
	for range 49 {
		f = next(f, k, noon)
	}
	f = next(f, k, noon.Add(forgetTime-time.Minute))
	if _, locked := k.until(f, noon.Add(forgetTime+10*time.Minute)); !locked {
		t.Error("the lock ended with the hour")
	}
	if f := next(f, k, noon.Add(forgetTime+10*time.Minute)); f.Count != 51 {
		t.Errorf("a failure under the lock makes %d", f.Count)
	}
	if f := next(f, k, noon.Add(forgetTime+14*time.Minute)); f.Count != 1 {
		t.Errorf("a failure after the lock makes %d", f.Count)
	}
}

// A clock that was a year ahead locks nobody out for a year.
func TestWrongClockLocksNobodyOut(t *testing.T) {
	f := alveary.Failures{Count: 10, First: noon.AddDate(1, 0, 0), Last: noon.AddDate(1, 0, 0)}
	if _, locked := kinds[byAccount].until(f, noon); locked {
		t.Error("locked for a year")
	}
}

func TestHouseholds(t *testing.T) {
	for _, c := range []struct{ address, want string }{
		{"192.0.2.7", "192.0.2.7"},
		{"::ffff:192.0.2.7", "192.0.2.7"},
		{"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
		{"2001:db8:1:2::9%eth0", "2001:db8:1:2::/64"},
		{"2001:db8:1:3::9", "2001:db8:1:3::/64"},
		{"nonsense", "nonsense"},
	} {
		if got := Household(c.address); got != c.want {
			t.Errorf("%s: %s, want %s", c.address, got, c.want)
		}
	}
}

// What one types as a login does not lie in the database: it may be a password.
func TestKeysTellNothing(t *testing.T) {
	one, other := keyOf("here", "account", "ann"), keyOf("there", "account", "ann")
	if one == other || one == keyOf("here", "address", "ann") || strings.Contains(string(one), "ann") || len(one) != 32 {
		t.Errorf("%s, %s", one, other)
	}
}

func TestTimes(t *testing.T) {
	for n, want := range map[int64]string{0: "0 times", 1: "1 time", 999: "999 times", 4512: "4,512 times", 1234567: "1,234,567 times"} {
		if got := times(n, "time"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// The quick way folds as the store does.
func TestFoldIsTheStores(t *testing.T) {
	for _, login := range []string{"ann", "ANN", "Zoë", "Ａｎｎ", "ﬁ", "a b\x00c", "ꮳᏣ", "ẞß", "İi"} {
		if fold(login) != store.FoldName(login) {
			t.Errorf("%q: %q, want %q", login, fold(login), store.FoldName(login))
		}
	}
	for r := range rune(128) {
		if fold(string(r)) != store.FoldName(string(r)) {
			t.Errorf("%q", r)
		}
	}
}
