// Package demo is a small organisation as data: its people, who may do what
// where, and the documents they have.
//
// It exists so that a visitor sees a living product instead of an empty page,
// and so that tests have documents of many kinds at hand. Everything in it is
// made up and made for this tree: the texts by hand, the pictures, PDF files
// and the sound by tools/draw-demo. It knows nothing of how it is put into a
// server; app does that.
//
// Values are made anew by each call and may be changed by the caller. The file
// system is read-only and safe for concurrent use. Read organisation.go after
// this file.
package demo

import (
	"embed"
	"io/fs"
)

//go:embed documents
var documents embed.FS

// FS holds the documents. Its top-level folders are named as the workspaces
// they belong to: `common-files`, and `my-files` with one folder for each
// login. The files carry no times.
func FS() fs.FS {
	sub, err := fs.Sub(documents, "documents")
	if err != nil {
		panic(err) // only a malformed name fails, and this one is a constant
	}
	return sub
}
