package hall

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"alveary"
	"alveary/service/files/desk"
)

// MessageOf is the sentence of a refusal.
func MessageOf(err error) string {
	var e *alveary.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}

// At says which part of what was given is refused.
func At(field string, err error) error {
	var e *alveary.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	return &Fault{e, field}
}

// Worded is a value as it is put on record.
func Worded(value any) any {
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

// MostWords is how many entries are put on record one by one.
const MostWords = 50

// InWords are entries for the audit log.
func (r *Room) InWords(entries []alveary.Entry) string {
	roles := make([]alveary.RoleID, 0, len(entries))
	for i := range entries {
		roles = append(roles, entries[i].Role)
	}
	if err := r.Know(roles...); err != nil {
		return err.Error()
	}
	var words []string
	for i := range entries {
		e := &entries[i]
		if IsAnchor(e) {
			continue
		}
		what := e.Rights.String()
		if len(e.Policies) > 0 {
			what = fmt.Sprintf("policies %v", e.Policies)
		}
		one := fmt.Sprintf("%s %s: %s on %s", r.Labels[e.Role].Kind, r.Called(e.Role), what, e.Node)
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
	if more := len(words) - MostWords; more > 0 {
		words = append(words[:MostWords], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(words, "; ")
}

// Called is a role for the audit log: users by their logins.
func (r *Room) Called(id alveary.RoleID) string {
	if l := r.Labels[id]; l.Login != "" {
		return l.Login
	}
	return r.Labels[id].Text
}

// OnRecord writes down what was done with a Cell or link: a line for each of
// its nodes, so that it is found where one looks at the node.
func (r *Room) OnRecord(action string, c *alveary.Cell, did string) error {
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
	for _, id := range nodes[:min(len(nodes), MostWords)] {
		if line, ok := lines[id]; ok {
			said = true
			if err := r.Record(action, line, detail); err != nil {
				return err
			}
		}
	}
	if said {
		return nil
	}
	return r.Record(action, nil, detail)
}

// AsFault finds a refusal that says where.
func AsFault(err error, target **Fault) bool { return errors.As(err, target) }

// PeopleInWords are roles for the audit log.
func (r *Room) PeopleInWords(roles []alveary.RoleID) string {
	if err := r.Know(roles...); err != nil {
		return err.Error()
	}
	words := make([]string, len(roles))
	for i, role := range roles {
		words[i] = r.Called(role)
	}
	return strings.Join(words[:min(len(words), MostWords)], ", ")
}

// Record writes what was done into the audit log of the same transaction.
func (r *Room) Record(action string, line alveary.Lineage, detail string) error {
	return r.Tx.Record(desk.Line(r.By, action, alveary.VerdictDone, line, detail))
}

// NameOf is what a node is called where it is spoken of.
func NameOf(line alveary.Lineage) string {
	if name := line.Node().Name; name != "" {
		return name
	}
	return "everything"
}
