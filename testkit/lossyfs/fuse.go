//go:build linux

package lossyfs

import (
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/hanwen/go-fuse/v2/fuse"
)

// cacheTime is how long the kernel may believe what it was told. It is the only
// one that changes the disk, so that any time is right.
const cacheTime = time.Hour

// renameNoReplace and renameExchange are flags of renameat2.
const (
	renameNoReplace = 1
	renameExchange  = 2
)

// layer speaks FUSE for a disk. What it does not implement, the kernel makes up
// for or refuses: symbolic links, extended attributes, locks among machines.
type layer struct {
	fuse.RawFileSystem
	disk *disk

	mu       sync.Mutex
	listings map[uint64][]entry // by handle: a folder as it was when it was opened
	handle   uint64
}

func newLayer(d *disk) *layer {
	return &layer{
		RawFileSystem: fuse.NewDefaultRawFileSystem(),
		disk:          d,
		listings:      make(map[uint64][]entry),
	}
}

// String names the layer in logs.
func (l *layer) String() string { return "lossyfs" }

func (l *layer) attr(id uint64, out *fuse.Attr) fuse.Status {
	s, errno := l.disk.status(id)
	if errno != 0 {
		return fuse.Status(errno)
	}
	out.Ino, out.Mode, out.Nlink, out.Size = s.id, s.mode, uint32(s.links), uint64(s.size)
	out.Blocks, out.Blksize = (out.Size+511)/512, 4096
	out.SetTimes(&s.mtime, &s.mtime, &s.mtime)
	return fuse.OK
}

func (l *layer) entry(n *inode, errno syscall.Errno, out *fuse.EntryOut) fuse.Status {
	if errno != 0 {
		return fuse.Status(errno)
	}
	out.NodeId, out.Generation = n.id, 1
	out.SetEntryTimeout(cacheTime)
	out.SetAttrTimeout(cacheTime)
	return l.attr(n.id, &out.Attr)
}

// Lookup finds a name.
func (l *layer) Lookup(_ <-chan struct{}, header *fuse.InHeader, name string, out *fuse.EntryOut) fuse.Status {
	n, errno := l.disk.lookup(header.NodeId, name)
	return l.entry(n, errno, out)
}

// Forget gives references back.
func (l *layer) Forget(id, count uint64) { l.disk.forget(id, count) }

// GetAttr is stat.
func (l *layer) GetAttr(_ <-chan struct{}, in *fuse.GetAttrIn, out *fuse.AttrOut) fuse.Status {
	out.SetTimeout(cacheTime)
	return l.attr(in.NodeId, &out.Attr)
}

// SetAttr is truncate, chmod and utimes; owners are not kept.
func (l *layer) SetAttr(_ <-chan struct{}, in *fuse.SetAttrIn, out *fuse.AttrOut) fuse.Status {
	var size *int64
	var mode *uint32
	var mtime *time.Time
	if v, ok := in.GetSize(); ok {
		s := int64(v)
		size = &s
	}
	if v, ok := in.GetMode(); ok {
		mode = &v
	}
	if v, ok := in.GetMTime(); ok {
		mtime = &v
	}
	if errno := l.disk.change(in.NodeId, size, mode, mtime); errno != 0 {
		return fuse.Status(errno)
	}
	out.SetTimeout(cacheTime)
	return l.attr(in.NodeId, &out.Attr)
}

// Mknod makes a regular file; there are no others here.
func (l *layer) Mknod(_ <-chan struct{}, in *fuse.MknodIn, name string, out *fuse.EntryOut) fuse.Status {
	if in.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return fuse.EPERM
	}
	n, errno := l.disk.make(in.NodeId, name, in.Mode)
	return l.entry(n, errno, out)
}

// Mkdir makes a folder.
func (l *layer) Mkdir(_ <-chan struct{}, in *fuse.MkdirIn, name string, out *fuse.EntryOut) fuse.Status {
	n, errno := l.disk.make(in.NodeId, name, syscall.S_IFDIR|in.Mode&^syscall.S_IFMT)
	return l.entry(n, errno, out)
}

// Create makes a file and opens it. The kernel has looked the name up before,
// so that a name that is taken is a race, and EEXIST a fair answer.
func (l *layer) Create(_ <-chan struct{}, in *fuse.CreateIn, name string, out *fuse.CreateOut) fuse.Status {
	n, errno := l.disk.make(in.NodeId, name, syscall.S_IFREG|in.Mode&^syscall.S_IFMT)
	out.OpenFlags = fuse.FOPEN_KEEP_CACHE
	return l.entry(n, errno, &out.EntryOut)
}

// Unlink removes the name of a file.
func (l *layer) Unlink(_ <-chan struct{}, header *fuse.InHeader, name string) fuse.Status {
	return fuse.Status(l.disk.remove(header.NodeId, name, false))
}

// Rmdir removes an empty folder.
func (l *layer) Rmdir(_ <-chan struct{}, header *fuse.InHeader, name string) fuse.Status {
	return fuse.Status(l.disk.remove(header.NodeId, name, true))
}

// Rename moves a name.
func (l *layer) Rename(_ <-chan struct{}, in *fuse.RenameIn, old, name string) fuse.Status {
	if in.Flags&renameExchange != 0 {
		return fuse.EINVAL
	}
	return fuse.Status(l.disk.rename(in.NodeId, old, in.Newdir, name, in.Flags&renameNoReplace != 0))
}

// Link gives a file a second name.
func (l *layer) Link(_ <-chan struct{}, in *fuse.LinkIn, name string, out *fuse.EntryOut) fuse.Status {
	n, errno := l.disk.link(in.Oldnodeid, in.NodeId, name)
	return l.entry(n, errno, out)
}

// Open needs no handle: the number of the file is enough.
func (l *layer) Open(_ <-chan struct{}, _ *fuse.OpenIn, out *fuse.OpenOut) fuse.Status {
	out.OpenFlags = fuse.FOPEN_KEEP_CACHE
	return fuse.OK
}

// Read reads.
func (l *layer) Read(_ <-chan struct{}, in *fuse.ReadIn, buf []byte) (fuse.ReadResult, fuse.Status) {
	n, errno := l.disk.read(in.NodeId, buf[:min(int(in.Size), len(buf))], int64(in.Offset))
	return fuse.ReadResultData(buf[:n]), fuse.Status(errno)
}

// Write writes all or nothing.
func (l *layer) Write(_ <-chan struct{}, in *fuse.WriteIn, data []byte) (uint32, fuse.Status) {
	if errno := l.disk.write(in.NodeId, data, int64(in.Offset)); errno != 0 {
		return 0, fuse.Status(errno)
	}
	return uint32(len(data)), fuse.OK
}

// Writev is Write of a request that came in pieces.
func (l *layer) Writev(cancel <-chan struct{}, in *fuse.WriteIn, data [][]byte) (uint32, fuse.Status) {
	return l.Write(cancel, in, slices.Concat(data...))
}

// Flush is close, which promises nothing about the disk.
func (l *layer) Flush(<-chan struct{}, *fuse.FlushIn) fuse.Status { return fuse.OK }

// Fsync makes the bytes of a file survive.
func (l *layer) Fsync(_ <-chan struct{}, in *fuse.FsyncIn) fuse.Status {
	return fuse.Status(l.disk.flush(in.NodeId))
}

// FsyncDir makes the names in a folder survive.
func (l *layer) FsyncDir(_ <-chan struct{}, in *fuse.FsyncIn) fuse.Status {
	return fuse.Status(l.disk.flush(in.NodeId))
}

// OpenDir takes down what the folder holds.
func (l *layer) OpenDir(_ <-chan struct{}, in *fuse.OpenIn, out *fuse.OpenOut) fuse.Status {
	entries, errno := l.disk.entries(in.NodeId)
	if errno != 0 {
		return fuse.Status(errno)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.handle++
	l.listings[l.handle] = entries
	out.Fh = l.handle
	return fuse.OK
}

// ReadDir goes on in what OpenDir took down.
func (l *layer) ReadDir(_ <-chan struct{}, in *fuse.ReadIn, out *fuse.DirEntryList) fuse.Status {
	l.mu.Lock()
	defer l.mu.Unlock()
	entries := l.listings[in.Fh]
	for i := int(in.Offset); i < len(entries); i++ {
		e := entries[i]
		if !out.AddDirEntry(fuse.DirEntry{Name: e.name, Ino: e.id, Mode: e.mode, Off: uint64(i) + 1}) {
			break
		}
	}
	return fuse.OK
}

// ReleaseDir forgets the listing.
func (l *layer) ReleaseDir(in *fuse.ReleaseIn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.listings, in.Fh)
}

// StatFs says how full the disk is.
func (l *layer) StatFs(_ <-chan struct{}, _ *fuse.InHeader, out *fuse.StatfsOut) fuse.Status {
	l.disk.mu.Lock()
	defer l.disk.mu.Unlock()
	const block = 4096
	total := uint64(min(l.disk.capacity, 1<<40)) / block
	out.Bsize, out.Frsize, out.NameLen = block, block, 255
	out.Blocks = total
	out.Bfree = total - min(total, uint64(l.disk.used)/block)
	out.Bavail = out.Bfree
	return fuse.OK
}
