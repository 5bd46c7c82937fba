package vault

import (
	"bytes"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"alveary"
)

func TestSealed(t *testing.T) {
	b := New([KeyBytes]byte{1})
	for _, plain := range []string{"", "x", strings.Repeat("long ", 1000)} {
		sealed := b.Seal("a", []byte(plain))
		if len(plain) > 8 && strings.Contains(sealed, plain) {
			t.Errorf("%q can be read in %q", plain, sealed)
		}
		if got, err := b.Open("a", sealed); err != nil || string(got) != plain {
			t.Errorf("%q came back as %q, %v", plain, got, err)
		}
		if again := b.Seal("a", []byte(plain)); again == sealed {
			t.Errorf("%q is sealed twice as %q", plain, sealed)
		}
	}
	sealed := b.Seal("a", []byte("secret"))
	for what, try := range map[string]func() ([]byte, error){
		"for another purpose": func() ([]byte, error) { return b.Open("b", sealed) },
		"with another key":    func() ([]byte, error) { return New([KeyBytes]byte{2}).Open("a", sealed) },
		"cut":                 func() ([]byte, error) { return b.Open("a", sealed[:len(sealed)-4]) },
		"altered":             func() ([]byte, error) { return b.Open("a", "A"+sealed[1:]+"A") },
		"empty":               func() ([]byte, error) { return b.Open("a", "") },
		"no base64":           func() ([]byte, error) { return b.Open("a", "ä") },
	} {
		if got, err := try(); !alveary.IsKind(err, alveary.KindInternal) || got != nil {
			t.Errorf("%s: %q, %v", what, got, err)
		}
	}
	if bytes.Equal(b.Key("a"), b.Key("b")) || len(b.Key("a")) != KeyBytes {
		t.Error("keys of two purposes are the same, or not of the size that is promised")
	}
	if b.Fingerprint() == New([KeyBytes]byte{2}).Fingerprint() {
		t.Error("two keys look the same")
	}
}

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.key")
	first, err := Open(path, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the key can be read by others: %v, %v", info, err)
	}
	again, err := Open(path, rand.Reader)
	if err != nil || again.Fingerprint() != first.Fingerprint() {
		t.Fatalf("the key changed: %v", err)
	}
	for _, text := range []string{"", "00", "zz" + strings.Repeat("0", 62), strings.Repeat("0", 66)} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path, rand.Reader); !alveary.IsKind(err, alveary.KindInvalid) {
			t.Errorf("%q was taken for a key: %v", text, err)
		}
		if kept, err := os.ReadFile(path); err != nil || string(kept) != text {
			t.Errorf("a bad key was written over: %q, %v", kept, err)
		}
	}
	if _, err := Open(filepath.Join(path, "no", "folder"), rand.Reader); err == nil {
		t.Error("a key was made where there is no folder")
	}
}
