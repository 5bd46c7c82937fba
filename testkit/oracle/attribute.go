package oracle

import (
	"strings"
	"time"

	"alveary"
)

// Facts are what conditions are asked about.
type Facts struct {
	Subjects []string
	Resource string
	Context  *alveary.Context // nil: nothing is known of the request
	Asker    *Asker           // nil: no user
	Line     []alveary.Node   // from the root to the node; empty: no node
	Owner    string           // login of the node's owner

	above bool // the node is a folder above the one that is asked for (3.6)
}

// attribute is the value of an attribute, 6.9. What is imagined stands before
// all else; of a node it is imagined of the one that is asked for, and not of
// the folders above. Of a node or a user the empty text, and a list of nothing,
// is nothing set (6.7).
func (f Facts) attribute(name string) alveary.Value {
	v, class := f.found(name), alveary.ClassOf(name)
	if f.Context != nil && (!f.above || class != alveary.ClassNode) {
		if imagined, ok := f.Context.Set[name]; ok {
			v = imagined
		}
	}
	if class != alveary.ClassContext && isEmpty(v) {
		return alveary.Unset()
	}
	return v
}

func isEmpty(v alveary.Value) bool {
	switch v.Kind() {
	case alveary.ValueUnset:
		return true
	case alveary.ValueText:
		text, _ := v.Text()
		return text == ""
	case alveary.ValueList:
		return len(v.List()) == 0
	}
	return false
}

func (f Facts) found(name string) alveary.Value {
	switch alveary.ClassOf(name) {
	case alveary.ClassNode:
		return f.ofNode(name)
	case alveary.ClassSubject:
		return f.ofUser(name)
	case alveary.ClassContext:
	}
	if f.Context == nil {
		return alveary.Value{}
	}
	return f.Context.Attribute(name)
}

// ofNode is the part of 6.9 on nodes.
func (f Facts) ofNode(name string) alveary.Value {
	if len(f.Line) == 0 {
		return alveary.Unset()
	}
	node := f.Line[len(f.Line)-1]
	folder := node.Type == alveary.Collection
	switch name {
	case alveary.AttrNodeName:
		return alveary.Text(node.Name)
	case alveary.AttrNodePath:
		return alveary.Text(pathOf(f.Line))
	case alveary.AttrNodeType:
		return alveary.Text(string(node.Type))
	case alveary.AttrNodeExtension:
		dot := strings.LastIndex(node.Name, ".")
		if folder || dot <= 0 {
			return alveary.Unset()
		}
		return alveary.Text(strings.ToLower(node.Name[dot+1:]))
	case alveary.AttrNodeSize:
		switch {
		case folder:
			return alveary.Unset()
		case node.Size < 0: // not declared yet: 5.0
			return alveary.Value{}
		}
		return alveary.Number(node.Size)
	case alveary.AttrNodeMTime:
		if node.MTime.IsZero() {
			return alveary.Unset()
		}
		return alveary.Instant(node.MTime)
	case alveary.AttrNodeOwner:
		return alveary.Text(f.Owner)
	}
	if namespace, ok := strings.CutPrefix(name, alveary.NodeMetaPrefix); ok {
		return alveary.Texts(node.Meta.Get(namespace)...)
	}
	return alveary.Unset()
}

// pathOf is NodeMetaPath: the root, which comes first, has the empty path.
func pathOf(line []alveary.Node) string {
	var names []string
	for _, node := range line[1:] {
		names = append(names, node.Name)
	}
	return strings.Join(names, "/")
}

// ofUser is the part of 6.9 on subjects.
func (f Facts) ofUser(name string) alveary.Value {
	if f.Asker == nil {
		return alveary.Unset()
	}
	switch name {
	case alveary.AttrClaimsName:
		return alveary.Text(f.Asker.Login)
	case alveary.AttrClaimsProfile:
		return alveary.Text(string(f.Asker.Profile))
	case alveary.AttrClaimsEmail:
		return alveary.Text(f.Asker.Email)
	case alveary.AttrClaimsGroupPath:
		if len(f.Asker.Groups) == 0 {
			return alveary.Unset()
		}
		return alveary.Text(f.Asker.Groups[len(f.Asker.Groups)-1])
	case alveary.AttrClaimsRoles:
		var ids []string
		for _, id := range f.Asker.roles() {
			ids = append(ids, string(id))
		}
		return alveary.Texts(ids...)
	}
	if attribute, ok := strings.CutPrefix(name, alveary.UserPrefix); ok {
		return alveary.Text(f.Asker.Attributes[attribute])
	}
	return alveary.Unset()
}

// now is the instant at which expiries are judged: the server's clock.
func (f Facts) now() time.Time {
	if t, ok := instant(f.attribute(alveary.AttrServerTime)); ok {
		return t
	}
	if f.Context == nil {
		return time.Time{}
	}
	return f.Context.Now
}
