package render

import (
	"path"
	"slices"
	"strings"

	"alveary/thumb"
)

// Kind is what is shown of a file.
type Kind string

// The kinds.
const (
	KindNone  Kind = ""
	KindImage Kind = "image" // a smaller picture
	KindText  Kind = "text"  // its text; as pictures of pages where it is marked
	KindPages Kind = "pages" // a picture of each page
)

// Kind is what would be shown of a file with the name, media type and size in
// bytes. What it says of a broken file may be wrong: Picture tells.
func (r *Renderer) Kind(name, mime string, size int64) Kind {
	mime, _, _ = strings.Cut(strings.ToLower(mime), ";")
	mime = strings.TrimSpace(mime)
	ext := strings.ToLower(path.Ext(name))
	large := size <= 0 || size > MaxSource
	switch {
	case thumb.Supported(mime):
		return unless(large, KindImage)
	case mime == "application/pdf":
		return unless(large || !r.holdsPDF(), KindPages)
	case ext == ".svg": // a picture, whatever it begins with: its text would be the original
		return KindNone
	case mime == "" || mime == "application/octet-stream":
		return unless(!slices.Contains(textNames, ext), KindText)
	}
	return unless(!isText(mime), KindText)
}

func unless(not bool, k Kind) Kind {
	if not {
		return KindNone
	}
	return k
}

// textNames are the extensions of files that are text whatever they begin with.
var textNames = []string{".txt", ".text", ".md", ".log", ".csv", ".tsv", ".ini", ".conf", ".cfg", ".json", ".yaml", ".yml", ".toml", ".xml"}

// texts are the media types of text that do not begin with text/.
var texts = []string{
	"application/json", "application/x-ndjson", "application/xml", "application/yaml", "application/x-yaml", "application/toml",
	"application/javascript", "application/sql", "application/x-sh", "application/x-subrip", "application/x-tex",
}

// isText says whether a media type is one of text that people read.
func isText(mime string) bool {
	switch {
	case mime == "text/rtf":
		return false
	case strings.HasPrefix(mime, "text/") || slices.Contains(texts, mime):
		return true
	}
	return strings.HasPrefix(mime, "application/") && (strings.HasSuffix(mime, "+json") || strings.HasSuffix(mime, "+xml"))
}
