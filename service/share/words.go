package share

import (
	"fmt"
	"strings"

	"alveary"
	"alveary/service/share/hall"
	"alveary/store"
)

// noSecret is what a Cell is opened with.
var noSecret = store.CellSecret{}

// changed words what a change did, for the audit log.
type changed []string

// String joins them.
func (c changed) String() string { return strings.Join(c, "; ") }

// set puts a new value in the place of another, where there is one.
func set[T comparable](c *changed, what string, is, to *T) {
	if to == nil || *is == *to {
		return
	}
	*c = append(*c, fmt.Sprintf("%s %v → %v", what, hall.Worded(*is), hall.Worded(*to)))
	*is = *to
}

func userText(id alveary.UserID) string { return alveary.NodeID(id).String() }
