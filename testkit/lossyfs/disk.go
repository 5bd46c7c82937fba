//go:build linux

package lossyfs

import (
	"maps"
	"math"
	"slices"
	"sync"
	"syscall"
	"time"
)

// rootID is the number that FUSE gives the root.
const rootID = 1

// disk is the model: what programs see, and beneath it what is flushed. All
// methods are safe for concurrent use and say an errno, 0 for none.
type disk struct {
	mu       sync.Mutex
	inodes   map[uint64]*inode // those that have a name or that the kernel holds
	last     uint64
	capacity int64 // bytes; programs see a full disk beyond it
	used     int64
}

// inode is a file or a folder. Of each pair the first is what programs see.
type inode struct {
	id      uint64
	mode    uint32 // with the type
	mtime   time.Time
	links   int    // names that programs see
	lookups uint64 // references that the kernel holds

	data, flushedData   []byte
	dirtyFrom, dirtyTo  int64 // where the two may differ
	names, flushedNames map[string]*inode
}

func newDisk() *disk {
	d := &disk{inodes: make(map[uint64]*inode), capacity: math.MaxInt64}
	d.add(syscall.S_IFDIR|0o700, 1)
	return d
}

// add makes an inode.
func (d *disk) add(mode uint32, links int) *inode {
	d.last++
	n := &inode{id: d.last, mode: mode, mtime: time.Now(), links: links}
	if n.isDir() {
		n.names, n.flushedNames = make(map[string]*inode), make(map[string]*inode)
	}
	d.inodes[n.id] = n
	return n
}

func (n *inode) isDir() bool { return n.mode&syscall.S_IFMT == syscall.S_IFDIR }

// crash is the disk that the machine finds after power came back.
func (d *disk) crash() *disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	after := &disk{inodes: make(map[uint64]*inode), capacity: d.capacity}
	after.survive(d.inodes[rootID], make(map[*inode]*inode))
	return after
}

// survive copies what was flushed of n and of all beneath it.
func (d *disk) survive(n *inode, seen map[*inode]*inode) *inode {
	c := seen[n]
	if c == nil {
		c = d.add(n.mode, 0)
		seen[n] = c
		c.mtime = n.mtime
		c.data, c.flushedData = slices.Clone(n.flushedData), slices.Clone(n.flushedData)
		d.used += int64(len(c.data))
		for _, name := range slices.Sorted(maps.Keys(n.flushedNames)) {
			c.names[name] = d.survive(n.flushedNames[name], seen)
		}
		c.flushedNames = maps.Clone(c.names)
	}
	c.links++
	return c
}

// flush makes what programs see of the inode survive.
func (d *disk) flush(id uint64) syscall.Errno {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, errno := d.get(id)
	if errno != 0 {
		return errno
	}
	if n.isDir() {
		n.flushedNames = maps.Clone(n.names)
		return 0
	}
	n.flushedData = resize(n.flushedData, int64(len(n.data)))
	if from, to := n.dirtyFrom, min(n.dirtyTo, int64(len(n.data))); from < to {
		copy(n.flushedData[from:to], n.data[from:to])
	}
	n.dirtyFrom, n.dirtyTo = 0, 0
	return 0
}

// resize cuts data or fills it up with zeros.
func resize(data []byte, size int64) []byte {
	if grow := size - int64(len(data)); grow > 0 {
		old := len(data)
		data = slices.Grow(data, int(grow))[:size]
		clear(data[old:])
	}
	return data[:size]
}

func (n *inode) soil(from, to int64) {
	if n.dirtyFrom == n.dirtyTo {
		n.dirtyFrom, n.dirtyTo = from, to
		return
	}
	n.dirtyFrom, n.dirtyTo = min(n.dirtyFrom, from), max(n.dirtyTo, to)
}

func (d *disk) get(id uint64) (*inode, syscall.Errno) {
	if n := d.inodes[id]; n != nil {
		return n, 0
	}
	return nil, syscall.ESTALE
}

func (d *disk) dir(id uint64) (*inode, syscall.Errno) {
	n, errno := d.get(id)
	if errno == 0 && !n.isDir() {
		errno = syscall.ENOTDIR
	}
	return n, errno
}

// read copies from the file at off.
func (d *disk) read(id uint64, p []byte, off int64) (int, syscall.Errno) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, errno := d.get(id)
	if errno != 0 || off >= int64(len(n.data)) {
		return 0, errno
	}
	return copy(p, n.data[off:]), 0
}

// write puts p into the file at off.
func (d *disk) write(id uint64, p []byte, off int64) syscall.Errno {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, errno := d.get(id)
	if errno != 0 {
		return errno
	}
	end := off + int64(len(p))
	if errno := d.setSize(n, max(end, int64(len(n.data)))); errno != 0 {
		return errno
	}
	copy(n.data[off:], p)
	n.soil(off, end)
	n.mtime = time.Now()
	return 0
}

// setSize makes the file that long, as far as there is room.
func (d *disk) setSize(n *inode, size int64) syscall.Errno {
	old := int64(len(n.data))
	if size > old && d.used+size-old > d.capacity {
		return syscall.ENOSPC
	}
	d.used += size - old
	n.data = resize(n.data, size)
	if size != old {
		n.soil(min(size, old), max(size, old))
	}
	return 0
}

// change sets what is not nil.
func (d *disk) change(id uint64, size *int64, mode *uint32, mtime *time.Time) syscall.Errno {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, errno := d.get(id)
	if errno != 0 {
		return errno
	}
	if size != nil {
		if errno := d.setSize(n, *size); errno != 0 {
			return errno
		}
		n.mtime = time.Now()
	}
	if mode != nil {
		n.mode = n.mode&syscall.S_IFMT | *mode&^syscall.S_IFMT
	}
	if mtime != nil {
		n.mtime = *mtime
	}
	return 0
}

// limit sets the capacity to what is used and some more bytes.
func (d *disk) limit(more int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.capacity = math.MaxInt64
	if more < math.MaxInt64-d.used {
		d.capacity = d.used + more
	}
}
