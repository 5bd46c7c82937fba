// Package transfer sends and fetches files and whole folders, several at once.
//
// It exists because a folder is more than many files: some of it cannot exist
// at the other end, some is there already, and a break in the middle must not
// mean to start over. Running the same transfer again sends only what is
// missing: files that are equal at both ends are left alone, and large files go
// on where they stopped, which Memory keeps for uploads and the hidden part
// files keep for downloads.
//
// A fetch writes beneath its target folder only, whatever names the server
// sends and whatever links lie there. A folder that is sent is read without
// following links. What is left out is reported, never passed over.
//
// Events are reported one at a time, from several goroutines.
//
// Read transfer.go first, then put.go and get.go.
package transfer
