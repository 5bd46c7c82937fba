package app

import (
	"bytes"
	"flag"
	"log/slog"
	"os"
	"testing"
	"time"

	"alveary/api"
	"alveary/config"
	"alveary/gateway"
	"alveary/gateway/rest"
)

var update = flag.Bool("update", false, "write api/openapi.json anew")

// newHouse opens an installation in a folder of the test's own.
func newHouse(t *testing.T) *house {
	t.Helper()
	h, err := open(t.Context(), config.Place{Data: t.TempDir()}, briefLives())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func TestOpenAPIDocumentIsWhatTheServerEmits(t *testing.T) {
	h := newHouse(t)
	g, err := gateway.New(gateway.Config{
		Listen: "localhost:0", InsecureHTTP: true, Login: h.login, Gate: h.gate, Source: h.store, Log: slog.New(slog.DiscardHandler), Now: time.Now, Random: zeros{},
	})
	if err != nil {
		t.Fatal(err)
	}
	door := rest.Mount(rest.Config{Gateway: g, Files: h.files, Login: h.login, Govern: h.govern, People: h.people, Version: "1"})
	emitted, err := door.Document()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("../api/openapi.json", emitted, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(emitted, api.Document()) {
		t.Error("api/openapi.json is not what the server emits: go test ./app -run OpenAPI -update")
	}
}

// zeros stands in for randomness where none is used.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
