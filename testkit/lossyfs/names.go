//go:build linux

package lossyfs

import (
	"maps"
	"slices"
	"syscall"
	"time"
)

// lookup finds a name and counts the reference that the kernel takes.
func (d *disk) lookup(parent uint64, name string) (*inode, syscall.Errno) {
	d.mu.Lock()
	defer d.mu.Unlock()
	dir, errno := d.dir(parent)
	if errno != 0 {
		return nil, errno
	}
	n := dir.names[name]
	if n == nil {
		return nil, syscall.ENOENT
	}
	n.lookups++
	return n, 0
}

// forget gives references of the kernel back.
func (d *disk) forget(id, count uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := d.inodes[id]; n != nil {
		n.lookups -= min(count, n.lookups)
		d.drop(n)
	}
}

// drop lets go of an inode that nothing refers to. What is flushed of it lives
// on in the folders that hold it.
func (d *disk) drop(n *inode) {
	if n.links == 0 && n.lookups == 0 {
		d.used -= int64(len(n.data))
		delete(d.inodes, n.id)
	}
}

// make adds a file or folder under a name that is free.
func (d *disk) make(parent uint64, name string, mode uint32) (*inode, syscall.Errno) {
	d.mu.Lock()
	defer d.mu.Unlock()
	dir, errno := d.free(parent, name)
	if errno != 0 {
		return nil, errno
	}
	n := d.add(mode, 1)
	n.lookups = 1
	dir.names[name] = n
	dir.mtime = time.Now()
	return n, 0
}

// link adds a name to a file.
func (d *disk) link(id, parent uint64, name string) (*inode, syscall.Errno) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, errno := d.get(id)
	if errno != 0 {
		return nil, errno
	}
	dir, errno := d.free(parent, name)
	if errno != 0 {
		return nil, errno
	}
	n.links++
	n.lookups++
	dir.names[name] = n
	dir.mtime = time.Now()
	return n, 0
}

func (d *disk) free(parent uint64, name string) (*inode, syscall.Errno) {
	dir, errno := d.dir(parent)
	if errno == 0 && dir.names[name] != nil {
		errno = syscall.EEXIST
	}
	return dir, errno
}

// remove takes a name away, of a folder or of anything else.
func (d *disk) remove(parent uint64, name string, folder bool) syscall.Errno {
	d.mu.Lock()
	defer d.mu.Unlock()
	dir, errno := d.dir(parent)
	if errno != 0 {
		return errno
	}
	n := dir.names[name]
	switch {
	case n == nil:
		return syscall.ENOENT
	case folder && !n.isDir():
		return syscall.ENOTDIR
	case !folder && n.isDir():
		return syscall.EISDIR
	case len(n.names) > 0:
		return syscall.ENOTEMPTY
	}
	d.unname(dir, name)
	return 0
}

func (d *disk) unname(dir *inode, name string) {
	n := dir.names[name]
	delete(dir.names, name)
	dir.mtime = time.Now()
	n.links--
	d.drop(n)
}

// rename moves a name over whatever has the new one, unless keep is set.
func (d *disk) rename(from uint64, old string, to uint64, name string, keep bool) syscall.Errno {
	d.mu.Lock()
	defer d.mu.Unlock()
	source, errno := d.dir(from)
	if errno != 0 {
		return errno
	}
	target, errno := d.dir(to)
	if errno != 0 {
		return errno
	}
	n, there := source.names[old], target.names[name]
	switch {
	case n == nil:
		return syscall.ENOENT
	case there == nil:
	case keep:
		return syscall.EEXIST
	case there == n:
		return 0 // two names of one file: nothing happens, says POSIX
	case there.isDir() && !n.isDir():
		return syscall.EISDIR
	case !there.isDir() && n.isDir():
		return syscall.ENOTDIR
	case len(there.names) > 0:
		return syscall.ENOTEMPTY
	}
	if there != nil {
		d.unname(target, name)
	}
	delete(source.names, old)
	target.names[name] = n
	source.mtime, target.mtime = time.Now(), time.Now()
	return 0
}

// entry is one line of a folder.
type entry struct {
	name string
	id   uint64
	mode uint32
}

// entries lists a folder by name.
func (d *disk) entries(id uint64) ([]entry, syscall.Errno) {
	d.mu.Lock()
	defer d.mu.Unlock()
	dir, errno := d.dir(id)
	if errno != 0 {
		return nil, errno
	}
	list := make([]entry, 0, len(dir.names))
	for _, name := range slices.Sorted(maps.Keys(dir.names)) {
		n := dir.names[name]
		list = append(list, entry{name, n.id, n.mode})
	}
	return list, 0
}

// status is what stat says of an inode.
type status struct {
	id    uint64
	mode  uint32
	links int
	size  int64
	mtime time.Time
}

func (d *disk) status(id uint64) (status, syscall.Errno) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, errno := d.get(id)
	if errno != 0 {
		return status{}, errno
	}
	return status{n.id, n.mode, n.links, int64(len(n.data)), n.mtime}, 0
}
