// Package within proves that one person can surely do nothing with files that
// another cannot, whatever the context: what delegation rests on (MODEL.md 7.7).
//
// It exists apart from the gate because it decides nothing about a request. It
// is pure, and it errs on one side alone: a yes holds for every node, every
// action and every context from now on, while a no may only mean that it could
// not be shown. The proof goes node by node over the entries of either. Static
// rights are compared as they stand at each instant at which one of them
// expires; of policies it is shown, rule by rule, that what allows the lower
// allows the upper, and that what denies the upper denies the lower.
//
// Own nodes of template paths are each one's own: the lower is compared as if
// his were those of the upper.
package within

import (
	"maps"
	"slices"
	"strings"
	"time"

	"alveary"
	"alveary/acl"
	"alveary/policy"
)

// World is what both are compared in.
type World struct {
	Entries  *acl.Index
	Policies []*policy.Policy // by acl.Policy
	Now      time.Time
	// Line finds the way to a node; a node that is gone is alveary.KindNotFound.
	Line func(alveary.NodeID) (alveary.Lineage, error)
}

// Asker is one of the two.
type Asker struct {
	Stack  []acl.Ranked
	Homes  map[alveary.TemplateID]alveary.NodeID
	Ledger *acl.Ledger   // of the stack and the homes
	Facts  *policy.Facts // subjects, resource and asker
}

// Files says whether the lower can surely do nothing with files that the upper
// cannot; if not, the first thing that speaks against it, in words that tell
// the upper nothing that he may not know.
func Files(w World, lower, upper Asker) (why string, err error) {
	c := comparison{World: w, pair: policy.Pair{Lower: lower.Facts, Upper: upper.Facts}, lines: map[alveary.NodeID]alveary.Lineage{}}
	c.upper, c.lower = upper.Ledger, lower.Ledger
	if len(lower.Homes) > 0 {
		c.lower = w.Entries.Ledger(lower.Stack, nil) // wherever his own nodes are not
	}
	if why, err = c.all(); why != "" || err != nil {
		return why, err
	}
	templates := c.lower.Templates()
	if len(templates) == 0 {
		return "", nil
	}
	homes := maps.Clone(upper.Homes)
	if homes == nil {
		homes = map[alveary.TemplateID]alveary.NodeID{}
	}
	for i, t := range templates {
		if homes[t] == 0 { // not made: somewhere beneath nothing
			homes[t] = alveary.NodeID(-1 - i)
			c.lines[homes[t]] = alveary.Lineage{{ID: homes[t], Type: alveary.Collection}}
		}
	}
	c.upper, c.lower = w.Entries.Ledger(upper.Stack, homes), w.Entries.Ledger(lower.Stack, homes)
	return c.all()
}

// Passage is a Cell through which the lower comes by what its entries give and
// its owner has. The ledgers are of its entries.
type Passage struct {
	Lower, Upper *acl.Ledger
	OfUpper      bool // he owns it, so that nobody comes by more than he has
}

// Cells says whether the lower can surely come by nothing through Cells that the
// upper cannot: through his own, or through the same ones, with no deny of his
// own roles in the way. If not, the words say so as those of Files do.
func Cells(w World, lower, upper Asker, passages []Passage) (why string, err error) {
	c := comparison{World: w, pair: policy.Pair{Lower: lower.Facts, Upper: upper.Facts}, lines: map[alveary.NodeID]alveary.Lineage{}}
	for _, p := range passages {
		if p.OfUpper {
			continue
		}
		c.lower, c.upper = p.Lower, p.Upper
		if why, err = c.all(); why != "" || err != nil {
			return why, err
		}
		if why, err = c.inTheWay(p.Lower.Nodes(), lower.Ledger, upper.Ledger); why != "" || err != nil {
			return why, err
		}
	}
	return "", nil
}

// inTheWay looks for what the upper's own entries may take from him above or
// beneath the nodes of a Cell and do not take from the lower.
func (c *comparison) inTheWay(nodes []alveary.NodeID, lower, upper *acl.Ledger) (why string, err error) {
	differs := func(p acl.Policy) bool { return c.pair.Denies(c.Policies[p], alveary.AllRights, true) }
	for _, id := range upper.Nodes() {
		if !upper.Takes(lower, id, differs) {
			continue
		}
		there, err := c.line(id)
		if err != nil {
			return "", err
		}
		for _, node := range nodes {
			here, err := c.line(node)
			if err != nil {
				return "", err
			}
			if there.Contains(node) || here.Contains(id) {
				return elsewhere, nil
			}
		}
	}
	return "", nil
}

type comparison struct {
	World
	pair         policy.Pair
	lower, upper *acl.Ledger
	lines        map[alveary.NodeID]alveary.Lineage // found; nil: gone
}

// all compares on each node on which an entry of either stands: on all others
// they hold what they hold on the folder above, as far as entries tell.
func (c *comparison) all() (why string, err error) {
	nodes := slices.Concat(c.lower.Nodes(), c.upper.Nodes())
	slices.Sort(nodes)
	plain := c.upper.Plain()
	for _, id := range slices.Compact(nodes) {
		if plain && c.lower.SameOn(c.upper, id) {
			continue // what decides here decides for both, and nothing above takes it from the upper
		}
		line, err := c.line(id)
		if err != nil {
			return "", err
		}
		if line == nil {
			continue
		}
		if why := c.on(line); why != "" {
			return why, nil
		}
	}
	return "", nil
}

func (c *comparison) line(id alveary.NodeID) (alveary.Lineage, error) {
	if line, known := c.lines[id]; known {
		return line, nil
	}
	line, err := c.Line(id)
	if alveary.IsKind(err, alveary.KindNotFound) {
		line, err = nil, nil
	}
	if err == nil {
		c.lines[id] = line
	}
	return line, err
}

// on compares on one node, now and at each instant at which an entry on the way
// expires.
func (c *comparison) on(line alveary.Lineage) (why string) {
	path := line.IDs()
	for now := c.Now; ; {
		if why := c.at(line, path, now); why != "" {
			return why
		}
		lower, upper := c.lower.ValidUntil(path, now), c.upper.ValidUntil(path, now)
		switch {
		case lower.IsZero() && upper.IsZero():
			return ""
		case lower.IsZero() || !upper.IsZero() && upper.Before(lower):
			now = upper
		default:
			now = lower
		}
	}
}

func (c *comparison) at(line alveary.Lineage, path []alveary.NodeID, now time.Time) (why string) {
	var lower, upper acl.Standing
	var alone []acl.Policy // asked for the upper alone, of some folder on the way
	for _, id := range path {
		lower, upper = c.lower.Below(lower, id, now), c.upper.Below(upper, id, now)
		for _, p := range upper.Named {
			if !slices.Contains(lower.Named, p) && !slices.Contains(alone, p) {
				alone = append(alone, p)
			}
		}
	}
	may := c.mayHold(lower)
	switch {
	case may == 0:
		return ""
	case upper.Denied:
		return elsewhere
	}
	sure := c.surelyGiven(upper)
	if more := may &^ sure; more != 0 && !c.follows(lower, upper, sure) {
		return told(line, more, upper)
	}
	for _, p := range upper.Named {
		if c.pair.Denies(c.Policies[p], may.Implied(), !slices.Contains(alone, p)) {
			return told(line, may, upper)
		}
	}
	return ""
}

// mayHold are the rights that entries or what they name may give the lower.
func (c *comparison) mayHold(s acl.Standing) (rights alveary.Rights) {
	if s.Denied {
		return 0
	}
	if s.Allow == nil {
		return s.Rights & alveary.Givable
	}
	for _, p := range s.Allow {
		rights |= c.pair.Gives(c.Policies[p])
	}
	return rights
}

// surelyGiven are those that the upper is given in any context.
func (c *comparison) surelyGiven(s acl.Standing) (rights alveary.Rights) {
	if s.Allow == nil {
		return s.Rights & alveary.Givable
	}
	for _, p := range s.Allow {
		rights |= c.pair.Surely(c.Policies[p])
	}
	return rights
}

// follows says whether the upper is given by the same policies what the lower is
// given, but for what he is surely given.
func (c *comparison) follows(lower, upper acl.Standing, sure alveary.Rights) bool {
	if lower.Allow == nil {
		return false
	}
	for _, p := range lower.Allow {
		more := c.pair.Gives(c.Policies[p]) &^ sure
		if more != 0 && (!slices.Contains(upper.Allow, p) || !c.pair.Allows(c.Policies[p], more)) {
			return false
		}
	}
	return true
}

const elsewhere = "something on files that you may not do yourself"

// told names the node only to who may surely see it, and none of those above.
func told(line alveary.Lineage, more alveary.Rights, upper acl.Standing) string {
	if len(upper.Named) > 0 || !upper.Rights.Has(alveary.ActionRead) || line.Node().Name == "" {
		return elsewhere
	}
	return strings.ReplaceAll(more.String(), ",", " and ") + " on " + line.Node().Name + ", which you do not hold in the same way"
}
