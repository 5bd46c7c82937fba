// Package simulate finds out who would gain and who would lose what by a change
// that is not made yet (MODEL.md 7.3): it asks the gate about both worlds.
//
// It exists apart from the gate because it decides nothing: the answers are
// those of the very code that decides, on access data compiled for a trial. A
// change is looked for where it can matter: with the people whose roles, or the
// owners of whose Cells, it touches; on the nodes on which a touched entry
// stands and on those beneath on which another does; in the drafter's context
// and at the edges of the conditions that are asked.
//
// Read this file first, then touched.go, what a change can concern, and calls.go
// for what has no node. A simulation belongs to one call.
package simulate

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"alveary"
	"alveary/acl"
	"alveary/authz"
)

// mostEffects bounds what is kept and shown; people are counted on.
const mostEffects = 2000

// Run finds who would gain and who would lose which right where. After
// each step it hands over what it has; it ends when that returns false or the
// context is done. It changes nothing.
func Run(ctx context.Context, g *authz.Gate, d authz.Draft, progress func(authz.Effects) bool) error {
	s := &simulation{
		Draft: d, ctx: ctx, gains: map[string]bool{}, loses: map[string]bool{}, seen: map[string]int{},
	}
	s.Before, s.After = followed(d.Before, d.People, asBefore), followed(d.After, d.People, asAfter)
	s.before = g.Try(s.Before, nil, d.Login)
	s.after = g.Try(s.After, s.before, d.Login)
	if err := s.touch(); err != nil {
		return err
	}
	nodes, err := s.nodes()
	if err != nil {
		return err
	}
	groups := append(s.groups(), s.links()...)
	for _, group := range groups {
		for _, node := range nodes {
			if s.over() {
				return nil
			}
			if !group.reaches(node) {
				continue
			}
			if err := s.compare(group, node); err != nil {
				return err
			}
			if !progress(s.effects) {
				return nil
			}
		}
		if s.over() {
			return nil
		}
		if group.nodes == nil {
			s.compareCalls(group)
		}
		if !progress(s.effects) {
			return nil
		}
	}
	s.effects.Complete = true
	progress(s.effects)
	return nil
}

// over says whether whoever asked has gone; what was found was handed over.
func (s *simulation) over() bool { return s.ctx.Err() != nil }

type simulation struct {
	authz.Draft
	ctx           context.Context //nolint:containedctx // a simulation lives within one call
	before, after *authz.Trial
	effects       authz.Effects
	gains, loses  map[string]bool // people
	seen          map[string]int

	roles    map[alveary.RoleID]bool // touched
	policies map[alveary.PolicyID]bool
	standing map[alveary.NodeID]bool // nodes on which a touched entry stands
	template map[alveary.TemplateID]bool
	cells    map[alveary.CellID]bool // touched by themselves or by their owners
	probes   []probe
	personal bool // a policy that is asked tells users apart by more than their roles
	calls    bool
	signIn   bool
}

// probe is an attribute with values to try.
type probe struct {
	attribute string
	values    []alveary.Value
}

// crowd is people for whom every question has the same answer, with one of
// them to ask.
type crowd struct {
	authz.Person
	logins []string
	nodes  map[alveary.NodeID]bool // of a link, those that it is bound to; nil: people
}

// reaches says whether those of the crowd can have anything there at all.
func (c *crowd) reaches(line alveary.Lineage) bool {
	return c.nodes == nil || slices.ContainsFunc(line.IDs(), func(id alveary.NodeID) bool { return c.nodes[id] })
}

// groups puts together people who hold the same roles, of those whom the draft
// can concern.
func (s *simulation) groups() []crowd {
	index := map[string]int{}
	var out []crowd
	busy := s.rolesWithEntries()
	for _, p := range s.People {
		key, touched := s.keyOf(p, busy)
		if !touched && !s.calls && !s.signIn {
			continue
		}
		login := p.After.User.Login
		if login == "" {
			login = p.Before.User.Login
		}
		at, ok := index[key]
		if !ok {
			at = len(out)
			index[key] = at
			out = append(out, crowd{Person: p})
		}
		out[at].logins = append(out[at].logins, login)
	}
	return out
}

func (s *simulation) rolesWithEntries() map[alveary.RoleID]bool {
	busy := map[alveary.RoleID]bool{}
	for _, data := range []*alveary.AccessData{&s.Before, &s.After} {
		for _, e := range data.Entries {
			busy[e.Role] = true
		}
		for i := range data.Cells {
			for _, e := range data.Cells[i].Entries {
				busy[e.Role] = true
			}
		}
	}
	return busy
}

func (s *simulation) keyOf(p authz.Person, busy map[alveary.RoleID]bool) (key string, touched bool) {
	var b strings.Builder
	for i, stack := range [][]acl.Ranked{s.before.Stack(&p.Before), s.after.Stack(&p.After)} {
		fmt.Fprintf(&b, "|%d", i)
		for _, r := range stack {
			touched = touched || s.roles[r.Role]
			if busy[r.Role] {
				fmt.Fprintf(&b, ",%d:%s", r.Rank, r.Role)
			}
		}
	}
	fmt.Fprintf(&b, "|%s|%s", p.Before.User.Profile, p.After.User.Profile)
	if s.personal || len(s.template) > 0 {
		fmt.Fprintf(&b, "|%d|%d", p.Before.User.ID, p.After.User.ID)
	}
	return b.String(), touched
}

// nodes are the ways to those on which a touched entry stands, and to those
// beneath them on which another does.
func (s *simulation) nodes() ([]alveary.Lineage, error) {
	if len(s.standing) == 0 {
		if len(s.template) == 0 {
			return nil, nil
		}
		return []alveary.Lineage{nil}, nil // each one's own
	}
	var out []alveary.Lineage
	seen := map[alveary.NodeID]bool{}
	for _, entries := range s.entries() {
		for _, e := range entries {
			if e.Node == 0 || seen[e.Node] {
				continue
			}
			seen[e.Node] = true
			line, err := s.Line(e.Node)
			if alveary.IsKind(err, alveary.KindNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			if slices.ContainsFunc(line.IDs(), func(id alveary.NodeID) bool { return s.standing[id] }) {
				out = append(out, line)
			}
		}
	}
	slices.SortFunc(out, func(a, b alveary.Lineage) int { return strings.Compare(a.Path(), b.Path()) })
	if len(s.template) > 0 {
		out = append(out, nil)
	}
	return out, nil
}

// compare asks both snapshots about one node, in every context that could
// matter.
func (s *simulation) compare(group crowd, line alveary.Lineage) error {
	if line == nil {
		return s.compareHomes(group)
	}
	return s.compareAt(group, line, line.Path())
}

func (s *simulation) compareHomes(group crowd) error {
	for _, template := range slices.Sorted(maps.Keys(s.template)) {
		home := group.After.Homes[template]
		if home == 0 {
			home = group.Before.Homes[template]
		}
		parent := s.Templates[template]
		if home != 0 {
			line, err := s.Line(home)
			if err != nil {
				return err
			}
			if err := s.compareAt(group, line, "My files"); err != nil {
				return err
			}
			continue
		}
		line, err := s.Line(parent)
		if err != nil {
			return err
		}
		// Not made yet: as it would be.
		line = line.Child(alveary.Node{ID: -1, Parent: parent, Name: group.After.User.Login, Type: alveary.Collection})
		with := group
		with.Before.Homes, with.After.Homes = withHome(with.Before.Homes, template), withHome(with.After.Homes, template)
		if err := s.compareAt(with, line, "My files"); err != nil {
			return err
		}
	}
	return nil
}

func withHome(homes map[alveary.TemplateID]alveary.NodeID, t alveary.TemplateID) map[alveary.TemplateID]alveary.NodeID {
	out := maps.Clone(homes)
	if out == nil {
		out = map[alveary.TemplateID]alveary.NodeID{}
	}
	out[t] = -1
	return out
}

func (s *simulation) compareAt(group crowd, line alveary.Lineage, path string) error {
	before, after := s.bind(s.before, group.Before), s.bind(s.after, group.After)
	id := line.Node().ID
	found := map[bool]alveary.Rights{}
	note := func(was, is alveary.Rights, when string) {
		for _, a := range (was ^ is).Actions() {
			if when == "" {
				found[is.Has(a)] = found[is.Has(a)].With(a)
			} else if found[is.Has(a)].Has(a) {
				continue // it is so in the plain context already
			}
			s.add(group, authz.Effect{Node: id, Path: path, Right: a.String(), Gains: is.Has(a), When: when})
		}
	}
	note(before.Rights(line), after.Rights(line), "")
	for _, p := range s.probes {
		if alveary.ClassOf(p.attribute) == alveary.ClassNode {
			s.compareInside(before, after, line, p, note)
			continue
		}
		for _, v := range p.values {
			note(before.Suppose(line, p.attribute, v), after.Suppose(line, p.attribute, v), inWords(p.attribute, v))
		}
	}
	return nil
}

// compareInside tries files in a folder that differ in one attribute.
func (s *simulation) compareInside(before, after *authz.Access, line alveary.Lineage, p probe, note func(was, is alveary.Rights, when string)) {
	if !line.Node().IsFolder() {
		return
	}
	inside := line.Child(alveary.Node{Name: "file", Type: alveary.Leaf, Size: 1})
	for _, v := range p.values {
		note(before.Suppose(inside, p.attribute, v), after.Suppose(inside, p.attribute, v), "for files whose "+inWords(p.attribute, v)[len("when "):])
	}
}

func inWords(attribute string, v alveary.Value) string {
	return "when " + attribute + " is " + v.String()
}

// bind binds without a request: the drafter's context for everybody.
func (s *simulation) bind(trial *authz.Trial, who alveary.Subject) *authz.Access {
	who.Context = &s.Context
	return trial.Bind(who)
}

func (s *simulation) add(group crowd, e authz.Effect) {
	people := s.loses
	if e.Gains {
		people = s.gains
	}
	for _, login := range group.logins {
		people[login] = true
	}
	s.effects.Gain, s.effects.Lose = len(s.gains), len(s.loses)
	key := fmt.Sprintf("%s|%d|%s|%v|%v", group.logins[0], e.Node, e.Path, e.Call, e.Gains) + e.Right
	if n := s.seen[key]; n >= 4 && e.When != "" {
		return // a few of the contexts tell enough
	}
	s.seen[key]++
	if len(s.effects.Lines) < mostEffects {
		e.People = group.logins
		s.effects.Lines = append(s.effects.Lines, e)
	}
}
