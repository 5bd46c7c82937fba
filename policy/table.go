package policy

import (
	"math/bits"
	"slices"

	"alveary"
)

// Table answers for the nodes of one folder: a residual made ready to be asked
// thousands of times. What reads the extension alone is answered once for each
// extension, what reads metadata once for nodes without any. It is not safe
// for concurrent use.
type Table struct {
	allow, deny alveary.Rights
	clauses     []tableClause
	byExtension map[string]uint64 // clauses that may apply to a node of the extension
	bare        uint64            // clauses that may apply to a node without metadata
	short       bool              // there are few enough clauses for all that
}

// tableClause is a clause, split by what its conditions read.
type tableClause struct {
	clause
	extension []*condition // those that read the extension alone
	others    []*condition
}

// mostExtensions bounds what is remembered.
const mostExtensions = 1024

// NewTable puts residuals together. Imagined attributes of the node make it as
// slow as the residuals are, and as right.
func NewTable(c *alveary.Context, residuals ...*Residual) *Table {
	t := &Table{byExtension: map[string]uint64{}}
	for _, res := range residuals {
		t.allow |= res.Allow
		t.deny |= res.Deny
		for _, c := range res.rest {
			t.add(c)
		}
	}
	t.short = len(t.clauses) <= 64 && len(c.Set) == 0
	if !t.short {
		for i := range t.clauses {
			t.clauses[i].others, t.clauses[i].extension = t.clauses[i].conditions, nil
		}
	}
	f := &Facts{Node: &alveary.Node{Type: alveary.Leaf, Name: "x"}, Context: &alveary.Context{}}
	for i := range t.clauses {
		if i < 64 && !slices.ContainsFunc(t.clauses[i].others, func(c *condition) bool {
			return c.readsOnly(isMetadata) && !holds(t.clauses[i].deny, []*condition{c}, f)
		}) {
			t.bare |= 1 << i
		}
	}
	return t
}

func (t *Table) add(c clause) {
	one := tableClause{clause: c}
	for _, cond := range c.conditions {
		if cond.readsOnly(func(name string) bool { return name == alveary.AttrNodeExtension }) {
			one.extension = append(one.extension, cond)
		} else {
			one.others = append(one.others, cond)
		}
	}
	t.clauses = append(t.clauses, one)
}

func (c *condition) readsOnly(is func(string) bool) bool {
	return !slices.ContainsFunc(c.reads, func(name string) bool { return !is(name) })
}

func isMetadata(name string) bool {
	return len(name) > len(alveary.NodeMetaPrefix) && name[:len(alveary.NodeMetaPrefix)] == alveary.NodeMetaPrefix
}

// On answers for the node of the facts as the residuals would.
func (t *Table) On(f *Facts) (allowed, denied alveary.Rights) {
	allowed, denied = t.allow, t.deny
	if !t.short {
		for i := range t.clauses {
			t.clauses[i].on(f, &allowed, &denied)
		}
		return allowed & alveary.Givable, denied
	}
	left := t.of(f)
	if f.Node.Meta == nil {
		left &= t.bare
	}
	for ; left != 0; left &= left - 1 {
		t.clauses[bits.TrailingZeros64(left)].on(f, &allowed, &denied)
	}
	return allowed & alveary.Givable, denied
}

func (c *tableClause) on(f *Facts, allowed, denied *alveary.Rights) {
	into := allowed
	if c.deny {
		into = denied
	}
	if c.rights&^*into != 0 && holds(c.deny, c.others, f) {
		*into |= c.rights
	}
}

// of are the clauses that may apply to a node of the extension.
func (t *Table) of(f *Facts) uint64 {
	extension := f.Node.Extension()
	if f.Node.ID == alveary.RootID {
		extension = "" // it has none, whatever it is called in the store
	}
	if found, ok := t.byExtension[extension]; ok {
		return found
	}
	found := uint64(0)
	for i := range t.clauses {
		if c := &t.clauses[i]; holds(c.deny, c.extension, f) {
			found |= 1 << i
		}
	}
	if len(t.byExtension) < mostExtensions {
		t.byExtension[extension] = found
	}
	return found
}
