package web

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// Assets serves one built page: documents by the routes of the application,
// every other file by its path.
type Assets struct {
	files fs.FS
	etags sync.Map // file name → entity tag; filled on first use, since hashing all of it would delay the start
}

// New serves the page built into files. The files must not change while it is
// in use: entity tags are computed once.
func New(files fs.FS) *Assets { return &Assets{files: files} }

// ServeHTTP answers GET and HEAD.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "this address can only be read", http.StatusMethodNotAllowed)
		return
	}
	name, ok := a.find(r.URL.Path)
	if !ok {
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "there is nothing at this address", http.StatusNotFound)
		return
	}
	a.serve(w, r, name)
}

// find names the file that answers a request for the address.
func (a *Assets) find(address string) (name string, ok bool) {
	if doc := document(address); doc != "" {
		if a.has(doc) {
			return doc, true
		}
		return "index.html", a.has("index.html") // the stub has one document for every route
	}
	name = strings.TrimPrefix(address, "/")
	if hidden(name) || compressed(name) || strings.HasSuffix(name, ".html") {
		return "", false // documents have one address each: their route
	}
	return name, a.has(name) || compressible(name) && a.has(name+gzipSuffix)
}

// serve sends one existing file in the best encoding that it has and the
// asker takes.
func (a *Assets) serve(w http.ResponseWriter, r *http.Request, name string) {
	h := w.Header()
	h.Set("Content-Type", contentType(name))
	h.Set("Cache-Control", cacheControl(name, r.URL.Path))
	stored, packed := a.stored(name, r.Header.Values("Accept-Encoding"))
	if compressible(name) {
		h.Add("Vary", "Accept-Encoding")
	}
	if stored != name && !packed {
		h.Set("Content-Encoding", encodingOf(stored))
	}
	tag, size, err := a.tag(stored)
	if err != nil {
		a.fail(w)
		return
	}
	if packed {
		tag = strings.TrimSuffix(tag, `"`) + `-unpacked"`
	}
	h.Set("ETag", tag)
	if matches(r.Header.Values("If-None-Match"), tag) {
		h.Del("Content-Type")
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	f, err := a.open(stored, packed)
	if err != nil {
		a.fail(w)
		return
	}
	defer f.Close()
	if !packed {
		h.Set("Content-Length", strconv.FormatInt(size, 10))
	}
	if r.Method == http.MethodGet {
		_, _ = io.Copy(w, f) // the asker has gone away; there is nobody left to tell
	}
}

// stored is the file with the best form of name that the asker takes; packed
// says that he takes none of those there are, and gets it unpacked.
func (a *Assets) stored(name string, accept []string) (stored string, packed bool) {
	if compressible(name) {
		for _, enc := range encodings {
			if accepts(accept, enc.token) && a.has(name+enc.suffix) {
				return name + enc.suffix, false
			}
		}
	}
	if a.has(name) {
		return name, false
	}
	return name + gzipSuffix, true
}

func (a *Assets) open(stored string, packed bool) (io.ReadCloser, error) {
	f, err := a.files.Open(stored)
	if err != nil || !packed {
		return f, err
	}
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{unpacked, f}, nil
}

// fail answers for a file that was there a moment ago and cannot be read.
func (a *Assets) fail(w http.ResponseWriter) {
	w.Header().Del("Content-Encoding")
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, "the page could not be read", http.StatusInternalServerError)
}

// has says whether name is a regular file.
func (a *Assets) has(name string) bool {
	if !fs.ValidPath(name) {
		return false
	}
	info, err := fs.Stat(a.files, name)
	return err == nil && info.Mode().IsRegular()
}

// entity is what is remembered of a file.
type entity struct {
	tag  string
	size int64
}

// tag is the entity tag of the stored bytes, so that each encoding has its
// own, and their number.
func (a *Assets) tag(stored string) (string, int64, error) {
	if known, ok := a.etags.Load(stored); ok {
		e := known.(entity)
		return e.tag, e.size, nil
	}
	f, err := a.files.Open(stored)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	sum := sha256.New()
	size, err := io.Copy(sum, f)
	if err != nil {
		return "", 0, err
	}
	e := entity{`"` + base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:16]) + `"`, size}
	a.etags.Store(stored, e)
	return e.tag, e.size, nil
}

// linkPage is the document of public links.
const linkPage = "link.html"

// document is the page of an application route; empty for any other address.
// The list is that of src/app/App.tsx: an address outside it is a mistake, and
// answering it with the page would hide that from whoever follows the link.
func document(address string) string {
	switch address {
	case "/signin":
		return "signin.html"
	case "/setup":
		return "setup.html"
	case "/welcome":
		return "welcome.html"
	case "/":
		return "index.html"
	}
	first, rest, _ := strings.Cut(strings.TrimPrefix(path.Clean(address), "/"), "/")
	switch first {
	case "files", "bin", "account", "console", "cells", "links", "shared", "requests", "notices":
		return "index.html"
	case "s":
		if rest != "" {
			return linkPage
		}
	}
	return ""
}

// hidden says whether any element of the path begins with a dot.
func hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.Contains(name, "/.")
}

// cacheControl keeps for ever what carries its hash in its name, and nowhere
// what lies at the address of a link: the address is its secret.
func cacheControl(name, address string) string {
	switch {
	case strings.HasPrefix(name, "assets/"):
		return "public, max-age=31536000, immutable"
	case document(address) == linkPage:
		return "no-store"
	}
	return "no-cache"
}
