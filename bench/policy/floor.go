package policy

import (
	"net/netip"
	"regexp"
	"slices"
)

// floor is what one would write by hand for these questions alone: indexed by
// role and workspace, everything compiled, deny rules first, no explanation, no
// three values, no validity, no versions. It allocates nothing.
type floor struct {
	index   map[place]*floorPolicy
	entries []file
}

type place struct{ role, workspace string }

type floorPolicy struct{ allow, deny []floorRule }

type floorRule struct {
	actions   uint8
	inside    netip.Prefix // not valid: any address
	outside   netip.Prefix // not valid: any address
	days      uint8
	from, to  int
	pattern   *regexp.Regexp
	list      []string
	over      int64
	tag       string
	extension bool // list or pattern is set
}

func loadFloor(w *world) (engine, error) { return newFloor(w, false) }

// loadFloorSet takes patterns that only list words for the lists they are.
func loadFloorSet(w *world) (engine, error) { return newFloor(w, true) }

func newFloor(w *world, sets bool) (*floor, error) {
	f := &floor{index: make(map[place]*floorPolicy, len(w.policies)), entries: w.entries}
	patterns := map[string]*regexp.Regexp{} // the same pattern is compiled once
	for i := range w.policies {
		p := &w.policies[i]
		compiled := &floorPolicy{}
		for at := range p.rules {
			r := &p.rules[at]
			c, err := floorCompile(r, sets, patterns)
			if err != nil {
				return nil, err
			}
			if r.deny {
				compiled.deny = append(compiled.deny, c)
			} else {
				compiled.allow = append(compiled.allow, c)
			}
		}
		f.index[place{p.role, p.workspace}] = compiled
	}
	return f, nil
}

func floorCompile(r *rule, sets bool, patterns map[string]*regexp.Regexp) (c floorRule, err error) {
	c = floorRule{days: 0x7f, to: 24 * 60, over: -1, tag: r.tag, extension: r.extensions != nil}
	for _, a := range r.actions {
		c.actions |= bit(a)
	}
	if r.inside != "" {
		if c.inside, err = netip.ParsePrefix(r.inside); err != nil {
			return c, err
		}
	}
	if r.outside != "" {
		if c.outside, err = netip.ParsePrefix(r.outside); err != nil {
			return c, err
		}
	}
	if h := r.hours; h != nil {
		c.days, c.from, c.to = 0, h.from, h.to
		for d := h.first; d <= h.last; d++ {
			c.days |= 1 << d
		}
	}
	if r.over > 0 {
		c.over = r.over
	}
	if !r.pattern || sets {
		c.list = r.extensions
		return c, nil
	}
	text := r.regex()
	if c.pattern = patterns[text]; c.pattern == nil {
		if c.pattern, err = regexp.Compile(text); err != nil {
			return c, err
		}
		patterns[text] = c.pattern
	}
	return c, nil
}

func bit(action string) uint8 {
	if action == "read" {
		return 1
	}
	return 2
}

// floorRequest is a request with what is read from its texts once.
type floorRequest struct {
	action uint8
	addr   netip.Addr
	day    uint8 // a bit
	minute int
}

func newFloorRequest(q *question) (r floorRequest, err error) {
	day, minute := clock(q.now)
	addr, err := netip.ParseAddr(q.address)
	return floorRequest{bit(q.action), addr.Unmap(), 1 << day, minute}, err
}

// met finds the policies of the asker's roles on the workspace.
func (f *floor) met(q *question, into []*floorPolicy) []*floorPolicy {
	for _, role := range q.user.roles {
		if p := f.index[place{role, q.workspace}]; p != nil {
			into = append(into, p)
		}
	}
	return into
}

func (f *floor) allows(q *question) (bool, error) {
	return f.verdict(q) > 0, nil
}

// verdict is 1 for allowed, -1 for explicitly denied, 0 for neither. An address
// that cannot be read lets no rule apply; the three-valued truth is ours.
func (f *floor) verdict(q *question) int {
	r, err := newFloorRequest(q)
	if err != nil {
		return 0
	}
	ext := extension(q.file.name)
	var room [8]*floorPolicy
	met := f.met(q, room[:0])
	for _, p := range met {
		for i := range p.deny {
			if d := &p.deny[i]; d.settled(&r) && d.left(ext, &q.file) {
				return -1
			}
		}
	}
	for _, p := range met {
		for i := range p.allow {
			if a := &p.allow[i]; a.settled(&r) && a.left(ext, &q.file) {
				return 1
			}
		}
	}
	return 0
}

// settled is what the request alone decides.
func (c *floorRule) settled(r *floorRequest) bool {
	return c.actions&r.action != 0 && c.days&r.day != 0 && c.from <= r.minute && r.minute <= c.to &&
		(!c.inside.IsValid() || c.inside.Contains(r.addr)) && (!c.outside.IsValid() || !c.outside.Contains(r.addr))
}

// left is what the file decides.
func (c *floorRule) left(ext string, f *file) bool {
	return f.size > c.over && (c.tag == "" || slices.Contains(f.tags, c.tag)) && (!c.extension || c.matches(ext))
}

func (c *floorRule) matches(ext string) bool {
	if c.pattern != nil {
		return c.pattern.MatchString(ext)
	}
	return slices.Contains(c.list, ext)
}

// floorBound is the floor with the request settled: only rules about the file
// are left, and what they say of an extension is looked up once for each.
type floorBound struct {
	allow, deny []*floorRule
	extensions  map[string]uint64 // bit i: deny[i], then allow[i], holds for it
}

func (f *floor) bind(q *question) (*floorBound, error) {
	r, err := newFloorRequest(q)
	if err != nil {
		return nil, err
	}
	b := &floorBound{extensions: map[string]uint64{}}
	var room [8]*floorPolicy
	for _, p := range f.met(q, room[:0]) {
		for i := range p.deny {
			if p.deny[i].settled(&r) {
				b.deny = append(b.deny, &p.deny[i])
			}
		}
		for i := range p.allow {
			if p.allow[i].settled(&r) {
				b.allow = append(b.allow, &p.allow[i])
			}
		}
	}
	return b, nil
}

func (b *floorBound) check(f *file) bool {
	ext := extension(f.name)
	bits, ok := b.extensions[ext]
	if !ok {
		bits = b.classify(ext)
	}
	for i, d := range b.deny {
		if bits&(1<<i) != 0 && f.size > d.over && (d.tag == "" || slices.Contains(f.tags, d.tag)) {
			return false
		}
	}
	for i, a := range b.allow {
		if bits&(1<<(i+len(b.deny))) != 0 && f.size > a.over && (a.tag == "" || slices.Contains(f.tags, a.tag)) {
			return true
		}
	}
	return false
}

func (b *floorBound) classify(ext string) (bits uint64) {
	for i, r := range append(slices.Clone(b.deny), b.allow...) {
		if !r.extension || r.matches(ext) {
			bits |= 1 << i
		}
	}
	b.extensions[ext] = bits
	return bits
}

func (f *floor) visible(q *question, into []bool) error {
	b, err := f.bind(q)
	if err != nil {
		return err
	}
	for i := range f.entries {
		into[i] = b.check(&f.entries[i])
	}
	return nil
}
