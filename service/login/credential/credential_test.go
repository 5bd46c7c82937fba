package credential

import (
	"context"
	"crypto/rand"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"alveary"
)

const password = "a sentence of ann's own"

// The shipped price is the one that was asked for.
func TestPriceOfAHash(t *testing.T) {
	dear := NewHasher(Price(), 1)
	hash, err := dear.Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	const want = "$argon2id$v=19$m=19456,t=2,p=1$"
	if !strings.HasPrefix(hash, want) || !strings.HasPrefix(dear.Dummy, want) || len(hash) != len(dear.Dummy) {
		t.Errorf("a hash is %s and the dummy %s, want both to begin with %s", hash, dear.Dummy, want)
	}
	for typed, match := range map[string]bool{password: true, "something else": false} {
		if same, err := dear.Matches(typed, hash); err != nil || same != match {
			t.Errorf("%q matches: %v, %v", typed, same, err)
		}
	}
	if same, err := dear.Matches(password, ""); err != nil || same {
		t.Errorf("no hash matches: %v, %v", same, err)
	}
}

// More than can be served soon are told so at once.
func TestQueueOfHashesIsBounded(t *testing.T) {
	h := NewHasher(Price(), 1)
	done, err := h.Turn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range MostWaiting {
		wg.Go(func() {
			if _, err := h.Turn(ctx); !alveary.IsKind(err, alveary.KindUnavailable) {
				t.Errorf("gave up with %v", err)
			}
		})
	}
	for h.waiting.Load() < MostWaiting {
		runtime.Gosched()
	}
	_, err = h.Turn(t.Context())
	var e *alveary.Error
	if !errors.As(err, &e) || e.Kind != alveary.KindLimited || e.Code != "busy" {
		t.Fatalf("got %v", err)
	}
	if later, ok := e.Cause.(interface{ RetryAfter() time.Duration }); !ok || later.RetryAfter() <= 0 {
		t.Errorf("the time to wait is not told: %v", err)
	}
	cancel()
	wg.Wait()
	if n := h.waiting.Load(); n != 0 {
		t.Errorf("%d still wait", n)
	}
	done()
	if _, err := h.Hash(t.Context(), password); err != nil {
		t.Error(err)
	}
}

func TestSecrets(t *testing.T) {
	id, secret, err := New(rand.Reader)
	if err != nil || len(id) != 16 || len(secret) != 52 {
		t.Fatal(id, secret, err)
	}
	if gotID, gotSecret, ok := Cut(id + "_" + secret); !ok || gotID != id || gotSecret != secret || !IsID(id) {
		t.Error("what was made is not taken apart")
	}
	for _, text := range []string{"", id, "_" + secret, id + "_", id + "_" + secret + "a", strings.ToUpper(id) + "_" + secret, id + " _" + secret, id + "_\x00"} {
		if _, _, ok := Cut(text); ok {
			t.Errorf("%q is taken for a secret", text)
		}
	}
	if !Same(secret, Hash(secret)) || Same(secret, "") || Same("", "") || Same(secret+"a", Hash(secret)) {
		t.Error("secrets are not told apart")
	}
	if _, _, err := New(strings.NewReader("short")); err == nil {
		t.Error("made without randomness")
	}
}
