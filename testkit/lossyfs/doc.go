// Package lossyfs is a file system for tests that forgets, at a crash,
// everything that was not flushed.
//
// It exists because a missing fsync shows on no healthy machine: what was
// written can be read, and only power loss tells. Here Crash is that power
// loss. It is stricter than any disk, so that code which survives it leans on
// no kindness of a file system:
//
//   - bytes written, and a file cut shorter, survive once the file was flushed;
//   - a name made, moved or removed is so for good once its folder was flushed;
//     a file whose name was flushed but not its bytes is there and empty;
//   - a rename between folders is two changes, each kept by its own folder: with
//     the new folder flushed alone, the file has both names.
//
// Modes and times are kept at once. The disk is held in memory, in a process of
// its own that serves it over FUSE: code that maps a file, as SQLite does, must
// not wait for the very process that it stops. That process is the test binary
// started again, which is why a package that mounts must call Main from its
// TestMain.
//
// The package works on Linux, as root, where /dev/fuse is there. Read disk.go
// for the model, mount.go for what a test calls.
package lossyfs
