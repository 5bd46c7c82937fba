package govern

import (
	"strconv"
	"time"

	"alveary"
)

// entryID reads the id of an entry.
func entryID(op, text string) (alveary.EntryID, error) {
	id, err := alveary.ParseNodeID(text)
	if err != nil {
		return 0, invalid(op, text, "the id of an entry is a positive number")
	}
	return alveary.EntryID(id), nil
}

func entryText(id alveary.EntryID) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(int64(id), 10)
}

// modeOf is the mode in words.
func modeOf(p *alveary.Policy) alveary.PolicyMode {
	if p.Mode == "" {
		return alveary.ModeEnforced
	}
	return p.Mode
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
