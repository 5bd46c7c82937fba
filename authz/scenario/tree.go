package scenario

import (
	"maps"
	"slices"
	"strings"
	"time"

	"alveary"
)

// tree is the nodes of a file. A path has no slash at either end; that of the
// root is empty. It is built while the file is read and does not change after.
type tree struct {
	ids    map[string]alveary.NodeID
	paths  map[alveary.NodeID]string
	listed map[string]listed
	above  map[string]bool // paths with a node of the file below them
	logins map[string]alveary.UserID
}

// listed is what the file says of a node.
type listed struct {
	size   *int64 // nil: nothing set
	folder bool   // said to be one
	mtime  time.Time
	owner  alveary.UserID
	meta   *alveary.Metadata
	own    map[string]alveary.Value // attributes that a node as data cannot hold
}

func (l *listed) set(name string, v alveary.Value) {
	if l.own == nil {
		l.own = map[string]alveary.Value{}
	}
	l.own[name] = v
}

func newTree() *tree {
	return &tree{
		ids: map[string]alveary.NodeID{"": alveary.RootID}, paths: map[alveary.NodeID]string{alveary.RootID: ""},
		listed: map[string]listed{}, above: map[string]bool{},
		logins: map[string]alveary.UserID{},
	}
}

// login gives an id to who owns a node; he need not be a user of the file.
func (t *tree) login(name string) alveary.UserID {
	id, ok := t.logins[name]
	if !ok {
		id = alveary.UserID(len(t.logins) + 1)
		t.logins[name] = id
	}
	return id
}

// owners are the logins by the ids that login gave.
func (t *tree) owners() map[alveary.UserID]string {
	out := map[alveary.UserID]string{}
	for login, id := range t.logins {
		out[id] = login
	}
	return out
}

// id gives the id of a path, and of all above it.
func (t *tree) id(path string) alveary.NodeID {
	if id, ok := t.ids[path]; ok {
		return id
	}
	t.id(parentOf(path))
	id := alveary.RootID + alveary.NodeID(len(t.ids))
	t.ids[path], t.paths[id] = id, path
	return id
}

// add puts a node into the tree: all above it are folders.
func (t *tree) add(path string) alveary.NodeID {
	for at := path; at != ""; {
		at = parentOf(at)
		t.above[at] = true
	}
	return t.id(path)
}

func parentOf(path string) string {
	slash := strings.LastIndexByte(path, '/')
	return path[:max(slash, 0)]
}

// lineage is the way from the root to a node. Those above it are folders; the
// node itself is one where the file has others below it or says so.
func (t *tree) lineage(path string) alveary.Lineage {
	var line alveary.Lineage
	for at := path; ; at = parentOf(at) {
		line = append(line, t.node(at, at != path))
		if at == "" {
			break
		}
	}
	slices.Reverse(line)
	return line
}

func (t *tree) node(path string, above bool) alveary.Node {
	l := t.listed[path]
	n := alveary.Node{ID: t.ids[path], Name: path[strings.LastIndexByte(path, '/')+1:], Type: alveary.Leaf, MTime: l.mtime, Owner: l.owner, Meta: l.meta}
	if path != "" {
		n.Parent = t.ids[parentOf(path)]
	}
	if above || path == "" || t.above[path] || l.folder {
		n.Type = alveary.Collection
	} else if l.size != nil {
		n.Size = *l.size
	}
	return n
}

// attributes are those of a node that stand in the context, since a node as
// data cannot say them: a file without a size, and values that are no texts.
// They stand there for the folders above it as well, which have no size either.
func (t *tree) attributes(path string) map[string]alveary.Value {
	l := t.listed[path]
	out := maps.Clone(l.own)
	if n := t.node(path, false); n.Type == alveary.Leaf && l.size == nil {
		if out == nil {
			out = map[string]alveary.Value{}
		}
		out[alveary.AttrNodeSize] = alveary.Unset()
	}
	return out
}
