package alveary

import (
	"strings"
	"unicode/utf8"
)

// MaxName is the longest name of a node, in bytes of UTF-8: what the file
// systems that people sync to can hold.
const MaxName = 255

// MaxDepth is how many folders may lie one within another.
const MaxDepth = 128

// CheckName says why a name cannot be a node's, or nil. Any UTF-8 that a file
// system allows is good; `/`, NUL, `.`, `..`, the empty name, broken UTF-8 and
// more than MaxName bytes are KindInvalid.
func CheckName(name string) error {
	reason := ""
	switch {
	case name == "":
		reason = "a name cannot be empty"
	case name == "." || name == "..":
		reason = "the names . and .. mean a place, not a thing"
	case strings.ContainsAny(name, "/\x00"):
		reason = "a name cannot contain / or NUL"
	case !utf8.ValidString(name):
		reason = "a name must be valid UTF-8"
	case len(name) > MaxName:
		reason = "a name can be at most 255 bytes long"
	default:
		return nil
	}
	return &Error{Kind: KindInvalid, Op: "check the name", Subject: strings.ToValidUTF8(clip(name), "�"), Message: reason}
}

// SplitPath cuts `workspace/a/b` into its names. Leading, trailing and doubled
// slashes are KindInvalid, so that one place has one spelling.
func SplitPath(path string) ([]string, error) {
	if path == "" {
		return nil, nil
	}
	names := strings.Split(path, "/")
	for _, name := range names {
		if err := CheckName(name); err != nil {
			return nil, &Error{
				Kind: KindInvalid, Op: "read the path", Subject: strings.ToValidUTF8(clip(path), "�"),
				Message: "a path is WORKSPACE/name/name, without empty parts, . or ..", Cause: err,
			}
		}
	}
	return names, nil
}

func clip(s string) string {
	if len(s) > 300 {
		return s[:300] + "…"
	}
	return s
}
