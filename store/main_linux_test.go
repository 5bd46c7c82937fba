//go:build linux

package store

import (
	"testing"

	"go.uber.org/goleak"

	"alveary/testkit/lossyfs"
)

// TestMain holds that every goroutine which a store starts is gone when it is
// closed. In the process that serves a disk for a test it does that instead.
func TestMain(m *testing.M) {
	lossyfs.Serve()
	goleak.VerifyTestMain(m)
}
