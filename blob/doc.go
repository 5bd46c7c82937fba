// Package blob keeps the bytes of files: immutable objects by id, over a
// driver.
//
// It exists so that no door can reach content past the gate, and so that an
// acknowledged upload survives a crash while an unacknowledged one leaves
// nothing behind. Both promises are kept in one place: Store accepts nothing
// but a sealed alveary.Grant to open content, and a Writer ends in exactly one
// of four ways, of which only Commit makes an object that can be read.
//
// An object is first partial, then committed, and never changes after that. A
// partial object has at most one writer at a time; a committed one has any
// number of readers. A Store is safe for concurrent use; a Writer and a Reader
// belong to one goroutine, except Reader.ReadAt. Large objects stream in
// constant memory.
//
// Errors are alveary.Error values. KindNoSpace says that the disk is full.
//
// Read store.go first, then writer.go; driver.go is the seam beneath, and
// package blobtest is what every driver must pass.
package blob
