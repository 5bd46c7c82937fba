package match

import "strings"

// Path is a path in the two parts it is known by, so that it need not be joined
// to be looked at.
type Path struct {
	Folder string // the path of what it is in
	Name   string // or a whole path, where there is no folder
	Within bool   // there is a folder
}

// String joins the parts.
func (w Path) String() string {
	if !w.Within {
		return w.Name
	}
	return w.Folder + "/" + w.Name
}

func (w Path) len() int {
	if w.Within {
		return len(w.Folder) + 1 + len(w.Name)
	}
	return len(w.Name)
}

func (w Path) hasPrefix(begin string) bool {
	switch {
	case !w.Within:
		return strings.HasPrefix(w.Name, begin)
	case len(begin) <= len(w.Folder):
		return strings.HasPrefix(w.Folder, begin)
	}
	return strings.HasPrefix(begin, w.Folder) && begin[len(w.Folder)] == '/' && strings.HasPrefix(w.Name, begin[len(w.Folder)+1:])
}

func (w Path) hasSuffix(end string) bool {
	if !w.Within || len(end) <= len(w.Name) {
		return strings.HasSuffix(w.Name, end)
	}
	cut := len(end) - len(w.Name) - 1
	return strings.HasSuffix(end, w.Name) && end[cut] == '/' && strings.HasSuffix(w.Folder, end[:cut])
}

// above says whether the path is that of a folder above the other.
func (w Path) above(path string) bool {
	if len(path) <= w.len() || path[w.len()] != '/' {
		return false
	}
	if !w.Within {
		return strings.HasPrefix(path, w.Name)
	}
	return strings.HasPrefix(path, w.Folder) && path[len(w.Folder)] == '/' && strings.HasPrefix(path[len(w.Folder)+1:], w.Name)
}

// slashWithin says whether a slash lies within the part from one place up to
// another.
func (w Path) slashWithin(from, to int) bool {
	start := 0 // of the tail
	if w.Within {
		start = len(w.Folder) + 1
		if from < start && to >= start || from < len(w.Folder) && strings.Contains(w.Folder[from:min(to, len(w.Folder))], "/") {
			return true
		}
	}
	from, to = max(from-start, 0), max(to-start, 0)
	return from < to && strings.Contains(w.Name[from:to], "/")
}
