package stream

import (
	"strings"

	"alveary"
)

// Previewable says how a page can show a file.
func Previewable(n alveary.Node) string {
	kind, sub, _ := strings.Cut(n.MIME, "/")
	sub, _, _ = strings.Cut(sub, ";")
	switch {
	case n.IsFolder():
		return ""
	case IsText(n.MIME):
		return "text"
	case InlineType(n.MIME) != "":
		if sub == "pdf" {
			return "pdf"
		}
		return kind
	}
	return ""
}

// IsText says whether the content can be read as text.
func IsText(mime string) bool {
	base, _, _ := strings.Cut(mime, ";")
	kind, sub, _ := strings.Cut(base, "/")
	switch {
	case kind == "text":
		return true
	case kind != "application":
		return false
	case strings.HasSuffix(sub, "json"), strings.HasSuffix(sub, "xml"), strings.HasSuffix(sub, "javascript"):
		return true
	}
	switch sub {
	case "x-sh", "x-shellscript", "x-php", "x-perl", "x-python", "x-ruby", "x-tcl", "x-lua", "sql", "yaml", "toml", "x-subrip", "x-ndjson":
		return true
	}
	return false
}

// InlineType is the media type under which a content may be shown in place;
// empty where it may only be downloaded. Everything that a browser could run is
// shown as plain text or not at all (THREATS 24).
func InlineType(mime string) string {
	base, _, _ := strings.Cut(mime, ";")
	switch base {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp", "image/svg+xml",
		"application/pdf",
		"audio/mpeg", "audio/ogg", "audio/wav", "audio/flac", "audio/aac", "audio/mp4", "audio/x-m4a", "audio/webm", "audio/opus",
		"video/mp4", "video/webm", "video/ogg", "video/quicktime", "video/x-m4v":
		return base
	}
	if IsText(mime) {
		return "text/plain; charset=utf-8"
	}
	return ""
}
