package alveary

import "strings"

// Action is what a subject wants to do with a node: one of the six rights of
// MODEL.md 1.
type Action uint8

// The actions. ActionNone is the zero value and is never allowed.
const (
	ActionNone Action = iota
	ActionRead
	ActionWrite
	ActionDelete
	ActionDownload
	ActionUpload
	ActionSync
)

var actionNames = [...]string{"none", "read", "write", "delete", "download", "upload", "sync"}

// String is the word of the model.
func (a Action) String() string {
	if int(a) < len(actionNames) {
		return actionNames[a]
	}
	return "unknown"
}

// Rights is a set of actions.
type Rights uint8

// The rights that can be given, and all six.
const (
	RightRead  = Rights(1 << ActionRead)
	RightWrite = Rights(1 << ActionWrite)
	Givable    = RightRead | RightWrite
	AllRights  = Givable | 1<<ActionDelete | 1<<ActionDownload | 1<<ActionUpload | 1<<ActionSync
)

// Has says whether the set holds the action.
func (r Rights) Has(a Action) bool { return a != ActionNone && r&(1<<a) != 0 }

// HasAll says whether the set holds every one of the actions.
func (r Rights) HasAll(actions ...Action) bool {
	for _, a := range actions {
		if !r.Has(a) {
			return false
		}
	}
	return true
}

// With adds actions.
func (r Rights) With(actions ...Action) Rights {
	for _, a := range actions {
		r |= 1 << a
	}
	return r &^ (1 << ActionNone)
}

// Implied adds what follows from read and write (MODEL.md 3.8): download and
// sync from read, upload and delete from write.
func (r Rights) Implied() Rights {
	if r.Has(ActionRead) {
		r = r.With(ActionDownload, ActionSync)
	}
	if r.Has(ActionWrite) {
		r = r.With(ActionUpload, ActionDelete)
	}
	return r
}

// Actions lists the members in the order of the constants.
func (r Rights) Actions() []Action {
	out := make([]Action, 0, len(actionNames))
	for a := ActionRead; a <= ActionSync; a++ {
		if r.Has(a) {
			out = append(out, a)
		}
	}
	return out
}

// String lists the words, comma-separated.
func (r Rights) String() string {
	var words []string
	for _, a := range r.Actions() {
		words = append(words, a.String())
	}
	return strings.Join(words, ",")
}

// ParseRights reads what String wrote, for rights that can be given; another
// word is KindInvalid.
func ParseRights(text string) (Rights, error) {
	var r Rights
	for word := range strings.SplitSeq(text, ",") {
		switch word {
		case "":
		case "read":
			r |= RightRead
		case "write":
			r |= RightWrite
		default:
			return 0, &Error{Kind: KindInvalid, Op: "read the rights", Subject: word, Message: "only read and write can be given"}
		}
	}
	return r, nil
}
