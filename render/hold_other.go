//go:build !linux

package render

import (
	"os"
	"syscall"
)

// hold is none: elsewhere than on Linux no child is limited well enough.
type hold struct{}

func holds() []hold { return nil }

func (hold) attributes() *syscall.SysProcAttr { return nil }

func killAll(p *os.Process) error { return p.Kill() }
