// Package fileblob keeps objects as files in one folder: the driver of package
// blob for a server with a disk.
//
// It exists because a disk forgets what was not flushed. The order of flushes
// is its whole art: the bytes of a file before its final name, then the folder
// that holds the name, and a folder made on the way before anything in it is
// promised. Package testkit/lossyfs proves that leaving one out loses data.
//
// Below the folder, `tmp` holds partial objects under their ids, and an object
// abc… lies committed in `a/b/abc…`: 1,024 folders, so that ten million objects
// are ten thousand to a folder. Everything is reached through os.Root, so that
// no name and no symbolic link leads out. Files are 0600, folders 0700. The
// folder may be shared by several servers if its file system honours flock.
//
// Read bucket.go first, then part.go.
package fileblob
