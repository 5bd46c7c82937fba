// Package pack says how files go into a zip: under which names, and whether
// they are worth compressing.
//
// It exists because what unpacks a zip is not ours: a name must not mean a
// place to any program, and no two may be the same. It knows no file, right or
// request. There is only this file.
package pack

import (
	"fmt"
	"strings"
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

// Compressed says whether deflating content of the type again would only cost
// time.
func Compressed(mime string) bool {
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
