// Package pack says how files go into a zip: under which names, and whether
// they are worth compressing.
//
// It exists because what unpacks a zip is not ours: a name must not mean a
// place to any program, and no two may be the same. It knows no file, right or
// request. There is only this file.
package pack

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
	"time"
)

// Names are those that are taken in one folder of the archive.
type Names map[string]bool

// Take gives a name that means no place and that nothing else there has.
func (n Names) Take(name string) string {
	safe := safeName(name)
	unique := safe
	for i := 2; n[unique]; i++ {
		unique = fmt.Sprintf("%d-%s", i, safe)
	}
	n[unique] = true
	return unique
}

// safeName keeps a name from meaning a place to a program that unpacks: a
// backslash separates folders for some, a colon a drive.
func safeName(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '\\' || r == ':' || r < 0x20 || r == 0x7f {
			return '_'
		}
		return r
	}, name)
}

// compressed says whether deflating content of the type again would only cost
// time.
func compressed(mime string) bool {
	switch kind, _, _ := strings.Cut(mime, "/"); kind {
	case "video":
		return true
	case "audio":
		return mime != "audio/wav"
	case "image":
		return mime != "image/svg+xml" && mime != "image/bmp" && mime != "image/tiff"
	}
	return strings.Contains(mime, "zip") || strings.Contains(mime, "openxml") || strings.Contains(mime, "opendocument") ||
		mime == "application/pdf"
}

// Pack is a zip that is being written, in constant memory.
type Pack struct {
	Top Names // taken outside of all folders
	zip *zip.Writer
}

// To begins a zip.
func To(w io.Writer) *Pack { return &Pack{Names{}, zip.NewWriter(w)} }

// Folder adds a folder at a path of taken names.
func (p *Pack) Folder(path string, mtime time.Time) error {
	_, err := p.zip.CreateHeader(&zip.FileHeader{Name: path + "/", Modified: mtime})
	return err
}

// File adds what from holds.
func (p *Pack) File(path string, mtime time.Time, mime string, from io.Reader) error {
	header := &zip.FileHeader{Name: path, Modified: mtime, Method: zip.Deflate}
	if compressed(mime) {
		header.Method = zip.Store
	}
	w, err := p.zip.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, from)
	return err
}

// Close ends the zip, with a note where something was left out.
func (p *Pack) Close(leftOut int) error {
	if leftOut > 0 {
		note, err := p.zip.Create(p.Top.Take("LEFT-OUT.txt"))
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(note, "%d left out: you may see them, but not download them.\r\n", leftOut); err != nil {
			return err
		}
	}
	return p.zip.Close()
}
