package render

import (
	"errors"
	"os"
	"syscall"
)

// hold is what keeps a child in, beside its limits: of memory, processor time,
// files and processes, which it always has, together with an empty environment,
// a group of its own that is killed with it, and death when the server dies.
type hold struct {
	nobody bool // it is no user that owns anything
	alone  bool // it has no network and sees no other process
}

// nobody is the user and group for those who own nothing.
const nobody = 65534

// holds are the ones that may be given to us, the strongest first: containers
// forbid some of it. Root must become nobody, for the limit of processes does
// not hold for root.
func holds() []hold {
	if os.Geteuid() == 0 {
		return []hold{{nobody: true, alone: true}, {nobody: true}}
	}
	return []hold{{alone: true}, {}}
}

func (h hold) attributes() *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if h.nobody {
		a.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	if h.alone {
		a.Cloneflags = syscall.CLONE_NEWNET | syscall.CLONE_NEWPID | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS
		if uid, gid := os.Geteuid(), os.Getegid(); uid != 0 { // who may do this only in a place that he rules
			a.Cloneflags |= syscall.CLONE_NEWUSER
			a.UidMappings = []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: 1}}
			a.GidMappings = []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: 1}}
		}
	}
	return a
}

// killAll kills a process and whatever is in its group.
func killAll(p *os.Process) error {
	err := syscall.Kill(-p.Pid, syscall.SIGKILL)
	if errors.Is(err, syscall.ESRCH) {
		return os.ErrProcessDone
	}
	return err
}
