//go:build unix

package fileblob

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"alveary/blob"
)

// lock makes the caller the one writer of the file until it is closed, among
// all processes that share the folder.
func lock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return fmt.Errorf("%w: %w", blob.ErrBusy, err)
	}
	return err
}
