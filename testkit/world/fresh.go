package world

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"alveary/store"
)

// began is when every world begins.
var began = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// fresh is the SQLite database of a new installation. Making it takes a
// hundred statements, which under the race detector is most of what a small
// test would do, so the worlds of a binary begin with copies of one.
var fresh = sync.OnceValues(func() (database []byte, err error) {
	dir, err := os.MkdirTemp("", "alveary-world")
	if err != nil {
		return nil, fmt.Errorf("make a database to copy: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "alveary.db")
	s, err := store.Open(context.Background(), store.Config{Path: path, Now: func() time.Time { return began }})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil { // writes all into the one file
		return nil, err
	}
	return os.ReadFile(path)
})

// copyFresh puts a copy of it at the path.
func copyFresh(path string) error {
	database, err := fresh()
	if err != nil {
		return err
	}
	return os.WriteFile(path, database, 0o600)
}
