package share

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"alveary"
	"alveary/store"
)

// noSecret is what a Cell is opened with.
var noSecret = store.CellSecret{}

// messageOf is the sentence of a refusal.
func messageOf(err error) string {
	var e *alveary.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}

// at says which part of what was given is refused.
func at(field string, err error) error {
	var e *alveary.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	return &fault{e, field}
}

// changed words what a change did, for the audit log.
type changed []string

// String joins them.
func (c changed) String() string { return strings.Join(c, "; ") }

// set puts a new value in the place of another, where there is one.
func set[T comparable](c *changed, what string, is, to *T) {
	if to == nil || *is == *to {
		return
	}
	*c = append(*c, fmt.Sprintf("%s %v → %v", what, worded(*is), worded(*to)))
	*is = *to
}

// worded is a value as it is put on record.
func worded(value any) any {
	switch v := value.(type) {
	case time.Time:
		if v.IsZero() {
			return "none"
		}
		return v.UTC().Format(time.RFC3339)
	case string:
		return "“" + alveary.Printable(v, 200) + "”"
	}
	return value
}

// mostWords is how many entries are put on record one by one.
const mostWords = 50

// inWords are entries for the audit log.
func (r *room) inWords(entries []alveary.Entry) string {
	roles := make([]alveary.RoleID, 0, len(entries))
	for i := range entries {
		roles = append(roles, entries[i].Role)
	}
	if err := r.know(roles...); err != nil {
		return err.Error()
	}
	var words []string
	for i := range entries {
		e := &entries[i]
		if isAnchor(e) {
			continue
		}
		what := e.Rights.String()
		if len(e.Policies) > 0 {
			what = fmt.Sprintf("policies %v", e.Policies)
		}
		one := fmt.Sprintf("%s %s: %s on %s", r.labels[e.Role].kind, r.called(e.Role), what, e.Node)
		if e.Role.OfLink() != 0 {
			one = fmt.Sprintf("%s on %s", what, e.Node)
		}
		if !e.Expires.IsZero() {
			one += " until " + e.Expires.UTC().Format(time.RFC3339)
		}
		if !slices.Contains(words, one) {
			words = append(words, one)
		}
	}
	if more := len(words) - mostWords; more > 0 {
		words = append(words[:mostWords], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(words, "; ")
}

// called is a role for the audit log: users by their logins.
func (r *room) called(id alveary.RoleID) string {
	if l := r.labels[id]; l.login != "" {
		return l.login
	}
	return r.labels[id].text
}

// onRecord writes down what was done with a Cell or link: a line for each of
// its nodes, so that it is found where one looks at the node.
func (r *room) onRecord(action string, c *alveary.Cell, did string) error {
	what := "Cell"
	if c.Link != nil {
		what = "link"
	}
	detail := fmt.Sprintf("%s %s “%s”", what, c.ID, alveary.Printable(c.Label, 200))
	if did != "" {
		detail += ": " + did
	}
	nodes := c.Nodes()
	lines, err := r.Tx.Lineages(nodes)
	if err != nil {
		return err
	}
	said := false
	for _, id := range nodes[:min(len(nodes), mostWords)] {
		if line, ok := lines[id]; ok {
			said = true
			if err := r.record(action, line, detail); err != nil { //nolint:staticcheck // each word is in the glossary
				return err
			}
		}
	}
	if said {
		return nil
	}
	return r.record(action, nil, detail)
}

// termTexts say what a term of the house rules stops, to whoever is stopped.
var termTexts = map[string]string{
	"cells":       "the house rules let nobody with these roles share it in a Cell",
	"fileLinks":   "the house rules allow no links on files here",
	"folderLinks": "the house rules allow no links on folders here",
	"external":    "the house rules allow no external people here",
	"password":    "the house rules ask for a password, or for named people, on links here",
	"slugs":       "the house rules allow an address of one's own choosing only with a password or for named people",
	"days":        "the house rules bound how long links last here",
	"downloads":   "the house rules bound how often links are downloaded here",
	"upload":      "the house rules bound what can be put in through links here",
	"characters":  "the house rules ask for longer passwords here",
}

func termText(term string) string {
	if text, ok := termTexts[term]; ok {
		return text
	}
	return "the house rules do not allow it"
}

func userText(id alveary.UserID) string { return alveary.NodeID(id).String() }

// asFault finds a refusal that says where.
func asFault(err error, target **fault) bool { return errors.As(err, target) }
