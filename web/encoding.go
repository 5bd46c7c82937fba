package web

import (
	"path"
	"strconv"
	"strings"
)

// gzipSuffix ends the name of the form that can be unpacked here: of assets the
// build keeps no other than compressed ones.
const gzipSuffix = ".gz"

// encodings are the forms that the build makes of a file, best first.
var encodings = [...]struct{ token, suffix string }{{"br", ".br"}, {"gzip", gzipSuffix}}

// encodingOf is the token of the form that the name of a file ends with.
func encodingOf(stored string) string {
	for _, enc := range encodings {
		if strings.HasSuffix(stored, enc.suffix) {
			return enc.token
		}
	}
	return ""
}

// compressed says whether name is one of those forms, which have no address
// of their own.
func compressed(name string) bool {
	for _, enc := range encodings {
		if strings.HasSuffix(name, enc.suffix) {
			return true
		}
	}
	return false
}

// accepts says whether the fields of an Accept-Encoding header allow the
// coding. A "*" counts for codings that are not named; q=0 refuses.
func accepts(fields []string, coding string) bool {
	star := false
	for _, item := range strings.Split(strings.Join(fields, ","), ",") {
		token, params, _ := strings.Cut(item, ";")
		switch token = strings.TrimSpace(token); {
		case strings.EqualFold(token, coding):
			return wanted(params)
		case token == "*":
			star = wanted(params)
		}
	}
	return star
}

// wanted reads the weight of one coding: anything but a zero.
func wanted(params string) bool {
	key, value, ok := strings.Cut(strings.TrimSpace(params), "=")
	if !ok || !strings.EqualFold(strings.TrimSpace(key), "q") {
		return true
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	return err == nil && q > 0
}

// matches says whether one of the entity tags in If-None-Match fields is tag,
// compared weakly as RFC 9110 13.1.2 asks. Our tags hold no comma.
func matches(fields []string, tag string) bool {
	for _, item := range strings.Split(strings.Join(fields, ","), ",") {
		if item = strings.TrimSpace(item); item == "*" || strings.TrimPrefix(item, "W/") == tag {
			return true
		}
	}
	return false
}

// contentTypes are written down because the table of the mime package
// follows whatever the machine has installed.
var contentTypes = map[string]string{
	".css":         "text/css; charset=utf-8",
	".html":        "text/html; charset=utf-8",
	".ico":         "image/x-icon",
	".jpg":         "image/jpeg",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json",
	".mjs":         "text/javascript; charset=utf-8",
	".png":         "image/png",
	".svg":         "image/svg+xml",
	".ttf":         "font/ttf",
	".txt":         "text/plain; charset=utf-8",
	".wasm":        "application/wasm",
	".webmanifest": "application/manifest+json",
	".webp":        "image/webp",
	".woff2":       "font/woff2",
}

// contentType is the media type of a file by its extension.
func contentType(name string) string {
	if t, ok := contentTypes[path.Ext(name)]; ok {
		return t
	}
	return "application/octet-stream"
}

// compressible says whether the answer may differ by Accept-Encoding: the
// formats that are compressed already never have a second form.
func compressible(name string) bool {
	switch path.Ext(name) {
	case ".ico", ".jpg", ".png", ".webp", ".woff2":
		return false
	}
	return true
}
