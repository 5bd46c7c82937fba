// Package web carries the web page inside the binary, so that one file is the
// whole product and no page can be newer or older than the server it talks to.
//
// The page is built by Vite into dist and embedded from there. A checkout in
// which nobody has run Node still compiles: dist then holds a single marker
// file and a stub page stands in. IsStub tells the two apart, and the full
// test run refuses the stub.
//
// What is served promises: files under assets/ carry a hash of their content
// in their name and may be kept for ever; everything else is asked for again
// each time and answered by ETag. Files that the build compressed beforehand
// are sent as they lie. Security headers are the gateway's, not ours: they
// have to be the same for every door. A Handler is safe for concurrent use.
//
// Read this file first, then handler.go.
package web

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed all:dist
var built embed.FS

//go:embed stub
var stub embed.FS

// Handler serves the page that was built into this binary, or the stub.
func Handler() http.Handler {
	if IsStub() {
		return New(under(stub, "stub"))
	}
	return New(under(built, "dist"))
}

// IsStub says whether this binary was compiled without the real page.
func IsStub() bool {
	_, err := fs.Stat(built, "dist/index.html")
	return err != nil
}

// under is the folder of an embedded file system; its name is a constant of
// this file, so that fs.Sub, which only checks the name, cannot fail.
func under(fsys fs.FS, dir string) fs.FS {
	sub, err := fs.Sub(fsys, dir)
	if err != nil {
		panic(err)
	}
	return sub
}
