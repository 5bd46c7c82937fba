package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"alveary"
)

// lockFolder keeps a data folder for this process for as long as the file is
// open; the system lets go of it however the process ends.
func lockFolder(dir string) (*os.File, error) {
	path := filepath.Join(dir, "lock")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errors.Join(&alveary.Error{
			Kind: alveary.KindConflict, Op: "lock the data folder", Subject: dir, Code: "in-use",
			Message: "another Alveary server runs on this data folder: stop it first, or choose another folder with --data",
		}, f.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock the data folder %s: %w", dir, err), f.Close())
	}
	return f, nil
}
