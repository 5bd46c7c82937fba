package policy

import (
	"slices"
	"strings"

	"alveary"
)

// Residual is what is left of acl policies when who asks and in which context
// are known (MODEL.md 7.2): rights settled whatever the node, and clauses that
// wait for the node. The zero value is that of no policy. Its size grows with
// the distinct outcomes, not with the policies folded into it.
type Residual struct {
	Allow alveary.Rights // of read and write, on every node
	Deny  alveary.Rights // on every node
	rest  []clause
	above bool // a clause may count on a folder above the node
}

// clause is a rule, or several that ask the same of the node.
type clause struct {
	deny       bool
	ofFiles    bool // it reads what no folder has
	rights     alveary.Rights
	conditions []*condition
}

// Fold adds the rules of one effect that are about one of the rights. The facts
// must hold the asker and the context; their node is not looked at.
func (p *Policy) Fold(f *Facts, deny bool, rights alveary.Rights, into *Residual) {
	for _, r := range p.rules {
		if r.deny == deny && r.rights&rights != 0 {
			r.fold(f, into)
		}
	}
}

func (r *Rule) fold(f *Facts, into *Residual) {
	switch {
	case r.broken && !r.deny:
		return
	case r.broken:
		into.Deny |= r.rights
		return
	case !r.onACL || !holds(r.deny, r.conditions[:r.onNode], f) || !r.meetsSubject(f):
		return
	}
	left := r.conditions[r.onNode:]
	into.above = into.above || (r.deny && !r.ofFiles && len(left) > 0)
	if len(left) == 0 {
		if r.deny {
			into.Deny |= r.rights
		} else {
			into.Allow |= r.rights
		}
		return
	}
	for i := range into.rest {
		if c := &into.rest[i]; c.deny == r.deny && slices.Equal(c.conditions, left) {
			c.rights |= r.rights
			return
		}
	}
	into.rest = append(into.rest, clause{r.deny, r.ofFiles, r.rights, left})
}

// Tidy drops clauses that what is settled makes pointless.
func (res *Residual) Tidy() {
	res.rest = slices.DeleteFunc(res.rest, func(c clause) bool {
		if c.deny {
			return c.rights&^res.Deny == 0
		}
		return c.rights&^res.Allow == 0
	})
}

// On answers for the node of the facts: the rights that are allowed there and
// those that are denied explicitly.
func (res *Residual) On(f *Facts) (allowed, denied alveary.Rights) {
	allowed, denied = res.Allow, res.Deny
	for i := range res.rest {
		c := &res.rest[i]
		switch {
		case c.deny && c.rights&^denied != 0 && holds(true, c.conditions, f):
			denied |= c.rights
		case !c.deny && c.rights&^allowed != 0 && holds(false, c.conditions, f):
			allowed |= c.rights
		}
	}
	return allowed & alveary.Givable, denied
}

// Above answers for the node of the facts as a folder above the one that is
// asked about: what is denied explicitly there. A rule that tests a node
// attribute with nothing set takes no part (MODEL.md 3.6).
func (res *Residual) Above(f *Facts) (denied alveary.Rights) {
	denied = res.Deny
	for i := range res.rest {
		if c := &res.rest[i]; c.deny && !c.ofFiles && c.rights&^denied != 0 && !testsUnset(c.conditions, f) && holds(true, c.conditions, f) {
			denied |= c.rights
		}
	}
	return denied
}

// AsksAbove says whether the folders above make a difference; where not, Above
// is what Deny holds.
func (res *Residual) AsksAbove() bool { return res.above }

// Settled says whether the node makes no difference.
func (res *Residual) Settled() bool { return len(res.rest) == 0 }

// Varies are the rights that may differ from node to node.
func (res *Residual) Varies() (rights alveary.Rights) {
	for i := range res.rest {
		rights |= res.rest[i].rights
	}
	return rights
}

// Len is how many clauses wait for the node.
func (res *Residual) Len() int { return len(res.rest) }

// Words prints the residual in plain sentences, what is settled first.
func (res *Residual) Words() []string {
	var out []string
	if res.Deny != 0 {
		out = append(out, "never "+spoken(res.Deny))
	}
	if allow := res.Allow & alveary.Givable; allow != 0 {
		out = append(out, "always "+spoken(allow))
	}
	for _, c := range res.rest {
		words := make([]string, len(c.conditions))
		for i, cond := range c.conditions {
			words[i] = cond.words()
		}
		verb := "may " + spoken(c.rights&alveary.Givable)
		if c.deny {
			verb = "may not " + spoken(c.rights)
		}
		out = append(out, verb+" where "+strings.Join(words, " and "))
	}
	return out
}

func spoken(r alveary.Rights) string { return strings.ReplaceAll(r.String(), ",", ", ") }

// Reset makes it that of no policy, and keeps its memory.
func (res *Residual) Reset() { *res = Residual{rest: res.rest[:0]} }

// Clone is a copy that can be added to.
func (res *Residual) Clone() Residual {
	return Residual{res.Allow, res.Deny, slices.Clone(res.rest), res.above}
}
