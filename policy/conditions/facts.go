package conditions

import (
	"strings"
	"time"

	"alveary"
	"alveary/policy/match"
)

// Asker is what policies see of the user who asks.
type Asker struct {
	Name       string // login
	Profile    alveary.Profile
	Roles      []string
	GroupPath  string
	Email      string
	Attributes map[string]string // User:<name>
}

// Facts are what conditions are asked about. They may be reused from node to
// node by one asker; they are not safe for concurrent use.
type Facts struct {
	Subjects []string // as policies spell them (MODEL.md 2.6)
	Resource string   // acl, rest:/path or oidc
	Context  *alveary.Context
	Now      time.Time     // the present, where the context sets no time
	Asker    *Asker        // nil: no user
	Node     *alveary.Node // nil: no node
	Folder   string        // path of the folder the node is in; empty for a datasource
	Owner    string        // login of the node's owner
}

// Attribute is the value of an attribute (MODEL.md 6.9). What the context sets
// stands before all else. An attribute of a node or a user that is not there is
// unset, one of the context absent (6.7).
func (f *Facts) Attribute(name string) alveary.Value {
	a := attributeNamed(name)
	return a.value(f)
}

// Time is what ServerTime is: that of the context, else the present; zero where
// neither is known.
func (f *Facts) Time() time.Time {
	if f.Context != nil && !f.Context.Now.IsZero() {
		return f.Context.Now
	}
	return f.Now
}

// attribute is an attribute's name, understood once.
type attribute struct {
	name  string
	class alveary.AttributeClass
	read  reader
	arg   string // what follows NodeMeta: or User:
}

// reader says where the value is found.
type reader uint8

const (
	readContext reader = iota // asked of the context by its name
	readTime
	readAddress
	readNodeName
	readNodePath
	readNodeType
	readNodeExtension
	readNodeSize
	readNodeMTime
	readNodeOwner
	readNodeMeta
	readName
	readProfile
	readRoles
	readGroupPath
	readEmail
	readUser
	readNothing // of a node or a user, under a name that nobody knows
)

func attributeNamed(name string) attribute {
	a := attribute{name: name, class: alveary.ClassOf(name)}
	switch name {
	case alveary.AttrServerTime:
		a.read = readTime
	case alveary.AttrRemoteAddress:
		a.read = readAddress
	case alveary.AttrNodeName:
		a.read = readNodeName
	case alveary.AttrNodePath:
		a.read = readNodePath
	case alveary.AttrNodeType:
		a.read = readNodeType
	case alveary.AttrNodeExtension:
		a.read = readNodeExtension
	case alveary.AttrNodeSize:
		a.read = readNodeSize
	case alveary.AttrNodeMTime:
		a.read = readNodeMTime
	case alveary.AttrNodeOwner:
		a.read = readNodeOwner
	case alveary.AttrClaimsName:
		a.read = readName
	case alveary.AttrClaimsProfile:
		a.read = readProfile
	case alveary.AttrClaimsRoles:
		a.read = readRoles
	case alveary.AttrClaimsGroupPath:
		a.read = readGroupPath
	case alveary.AttrClaimsEmail:
		a.read = readEmail
	default:
		if arg, ok := strings.CutPrefix(name, alveary.NodeMetaPrefix); ok {
			a.read, a.arg = readNodeMeta, arg
		} else if arg, ok := strings.CutPrefix(name, alveary.UserPrefix); ok {
			a.read, a.arg = readUser, arg
		} else if a.class != alveary.ClassContext {
			a.read = readNothing
		}
	}
	return a
}

// imagined is what the context sets for the attribute, of whatever class.
func (a *attribute) imagined(f *Facts) (v alveary.Value, ok bool) {
	if f.Context == nil || len(f.Context.Set) == 0 {
		return v, false
	}
	if v, ok = f.Context.Set[a.name]; !ok || a.class == alveary.ClassContext {
		return v, ok
	}
	// Of a node or a user nothing set is the empty text, however it is put.
	if text, isText := v.Text(); isText && text == "" {
		return alveary.Unset(), true
	}
	if v.Kind() == alveary.ValueList && len(v.List()) == 0 {
		return alveary.Unset(), true
	}
	return v, true
}

// value is the attribute's value.
func (a *attribute) value(f *Facts) alveary.Value {
	if v, ok := a.imagined(f); ok {
		return v
	}
	if a.class == alveary.ClassContext {
		switch {
		case a.read == readTime:
			if now := f.Time(); !now.IsZero() {
				return alveary.Instant(now)
			}
			return alveary.Value{}
		case f.Context == nil:
			return alveary.Value{}
		}
		return f.Context.Attribute(a.name)
	}
	if texts, ok := a.texts(f); ok {
		return alveary.Texts(texts...)
	}
	if text, ok := a.text(f); ok {
		return given(text)
	}
	switch {
	case f.Node == nil:
	case a.read == readNodeSize && f.Node.Size < 0 && !f.Node.IsFolder():
		return alveary.Value{} // not declared yet (MODEL.md 5.0)
	case a.read == readNodeSize && !f.Node.IsFolder():
		return alveary.Number(f.Node.Size)
	case a.read == readNodeMTime && !f.Node.MTime.IsZero():
		return alveary.Instant(f.Node.MTime)
	case a.read == readNodePath && f.Node.ID != alveary.RootID:
		return given(pathOf(f).String())
	}
	return alveary.Unset()
}

func given(text string) alveary.Value {
	if text == "" {
		return alveary.Unset()
	}
	return alveary.Text(text)
}

// unset says whether nothing is set, without making a value where it can.
func (a *attribute) unset(f *Facts) bool {
	if f.Context == nil || len(f.Context.Set) == 0 {
		if texts, ok := a.texts(f); ok {
			return len(texts) == 0
		}
		if text, ok := a.text(f); ok {
			return text == ""
		}
		if a.read == readNodePath && f.Node != nil {
			return pathOf(f) == match.Path{}
		}
	}
	v := a.value(f)
	return v.Kind() == alveary.ValueUnset
}

// text is the value of an attribute of a user or a node that holds one text.
func (a *attribute) text(f *Facts) (text string, ok bool) {
	switch a.read {
	case readNodeName, readNodeType, readNodeExtension, readNodeOwner:
		return a.nodeText(f), true
	case readName, readProfile, readGroupPath, readEmail, readUser:
		return a.userText(f.Asker), true
	default:
		return "", false
	}
}

func (a *attribute) nodeText(f *Facts) string {
	switch {
	case f.Node == nil:
		return ""
	case a.read == readNodeType:
		return string(f.Node.Type)
	case a.read == readNodeOwner:
		return f.Owner
	case f.Node.ID == alveary.RootID:
		return "" // the root has no name, whatever it is called in the store
	case a.read == readNodeExtension:
		return f.Node.Extension()
	default:
		return f.Node.Name
	}
}

func (a *attribute) userText(u *Asker) string {
	if u == nil {
		return ""
	}
	switch a.read {
	case readName:
		return u.Name
	case readProfile:
		return string(u.Profile)
	case readGroupPath:
		return u.GroupPath
	case readEmail:
		return u.Email
	default:
		return u.Attributes[a.arg]
	}
}

// texts is the value of an attribute that holds a list of texts.
func (a *attribute) texts(f *Facts) (texts []string, ok bool) {
	switch a.read {
	case readNodeMeta:
		if f.Node == nil {
			return nil, true
		}
		return f.Node.Meta.Get(a.arg), true
	case readRoles:
		if f.Asker == nil {
			return nil, true
		}
		return f.Asker.Roles, true
	default:
		return nil, false
	}
}

// pathOf is the path of the node, which must be there.
func pathOf(f *Facts) match.Path {
	if f.Node.ID == alveary.RootID {
		return match.Path{}
	}
	return match.Path{Folder: f.Folder, Name: f.Node.Name, Within: f.Folder != ""}
}
