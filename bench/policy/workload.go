package policy

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"path"
	"slices"
	"strings"
	"time"
)

// rule is one rule of a policy, in the plainest words: what is set must hold.
type rule struct {
	deny       bool
	actions    []string // read, write
	inside     string   // the address is in this network
	outside    string   // the address is not in this network
	hours      *hours
	extensions []string // the extension is one of these
	pattern    bool     // extensions are written as a regular expression
	over       int64    // the file is larger than this, in bytes; 0: any size
	tag        string   // the file carries this tag
}

// hours are inclusive at both ends, to the minute; no span of days wraps.
type hours struct {
	first, last time.Weekday
	from, to    int // minutes of the day
}

// policy is three rules, held by one role on one workspace.
type policy struct {
	id, role, workspace string
	rules               [3]rule
}

type user struct {
	login string
	roles []string // five, in order
}

type file struct {
	name string
	size int64
	tags []string
}

// question is one plain request.
type question struct {
	number    int // its place in world.questions
	user      *user
	workspace string
	action    string
	address   string
	now       time.Time
	file      file
	entry     int // which entry of the listing the file is, from 1; 0: none
}

// world is what every engine loads, and what it is asked.
type world struct {
	policies []policy
	users    []user
	// One after the other: those that are allowed, those that an explicit deny
	// refuses, and those that nothing allows.
	questions []question
	// For a world of the listing: all in one folder, asked with questions[0].
	entries []file
}

// each is how many questions there are of a kind.
const each = 64

func (w *world) allowed() []question    { return w.questions[:each] }
func (w *world) denied() []question     { return w.questions[each : 2*each] }
func (w *world) unanswered() []question { return w.questions[2*each:] }

// shape is how many policies there are and how they are spread over pairs of a
// role and a workspace.
type shape struct {
	name              string
	policies          int
	roles, workspaces int
	met               int // of the asker's five roles so many hold a policy on the workspace asked about
}

// shapes are the sizes of the aims, and one where each of the five roles holds
// a policy on each workspace.
func shapes() []shape {
	return []shape{
		{"100", 100, 25, 10, 2},
		{"1000", 1000, 100, 25, 2},
		{"10000", 10_000, 250, 100, 2},
		{"100dense", 100, 10, 10, 5},
	}
}

// maker draws the same world each time.
type maker struct {
	*rand.Rand
	programs, macros [][]string
}

func newMaker() *maker {
	m := &maker{Rand: rand.New(rand.NewPCG(1, 2))}
	// An administrator keeps a few dozen lists, not one for each policy.
	for range 40 {
		m.programs = append(m.programs, m.draw([]string{"exe", "dll", "bat", "cmd", "com", "scr", "msi", "ps1", "vbs", "jar", "sh", "app"}, 6))
		m.macros = append(m.macros, m.draw([]string{"docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "potm", "ppam"}, 4))
	}
	return m
}

func (m *maker) draw(from []string, n int) []string {
	from = slices.Clone(from)
	m.Shuffle(len(from), func(i, j int) { from[i], from[j] = from[j], from[i] })
	return from[:n]
}

func (m *maker) oneOf(list []string) string { return list[m.IntN(len(list))] }

// opening is the rule that allows: from a branch's network, in its office hours.
func (m *maker) opening() rule {
	return rule{
		actions: []string{"read", "write"},
		inside:  netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(m.IntN(256)), byte(m.IntN(16)) << 4, 0}), 20).String(),
		hours: &hours{
			time.Monday, time.Friday + time.Weekday(m.IntN(2)),
			60*(6+m.IntN(3)) + 30*m.IntN(2), 60*(17+m.IntN(4)) + 30*m.IntN(2),
		},
	}
}

// decisions draws policies for single decisions: open from one network in
// office hours; documents with macros may not be written (a list); programs may
// be neither read nor written (a pattern).
func decisions(s shape) *world {
	return newMaker().world(s, func(m *maker, _ int) [3]rule {
		return [3]rule{
			m.opening(),
			{deny: true, actions: []string{"write"}, extensions: m.macros[m.IntN(len(m.macros))]},
			{deny: true, actions: []string{"read", "write"}, extensions: m.programs[m.IntN(len(m.programs))], pattern: true},
		}
	})
}

// listing draws policies for the listing: open as before; what is tagged
// confidential only from an inner network; large media not at all.
func listing() *world {
	media := []string{"mp4", "mov", "iso", "zip", "wav", "psd"}
	w := newMaker().world(shape{"", 100, 10, 10, 5}, func(m *maker, i int) [3]rule {
		open := m.opening()
		inner := "192.168.0.0/16" // of another house: the address asked from is outside
		if i%2 == 0 {
			inner = "10.0.0.0/8"
		}
		return [3]rule{
			open,
			{deny: true, actions: []string{"read", "write"}, tag: "confidential", outside: inner},
			{deny: true, actions: []string{"read"}, extensions: m.draw(media, 4), pattern: i%2 == 0, over: int64(m.IntN(64)+1) << 20},
		}
	})
	m := newMaker()
	for i := range 10_000 {
		f := file{name: fmt.Sprintf("file-%05d.%s", i, m.oneOf(append(harmless(), media...))), size: 1 << m.IntN(28)}
		if m.IntN(4) == 0 {
			f.tags = append(f.tags, m.oneOf([]string{"draft", "final", "invoice", "confidential"}))
		}
		if m.IntN(16) == 0 {
			f.tags = append(f.tags, "2026")
		}
		w.entries = append(w.entries, f)
	}
	return w
}

func harmless() []string { return []string{"pdf", "odt", "docx", "xlsx", "png", "jpg", "txt", "md"} }

func (m *maker) world(s shape, rules func(*maker, int) [3]rule) *world {
	w := &world{}
	holders := make([][]int, s.workspaces) // policies by workspace
	for i, pair := range m.Perm(s.roles * s.workspaces)[:s.policies] {
		place := pair / s.roles
		w.policies = append(w.policies, policy{
			fmt.Sprintf("policy-%05d", i), roleName(pair % s.roles), fmt.Sprintf("workspace-%03d", place), rules(m, i),
		})
		holders[place] = append(holders[place], i)
	}
	w.users = make([]user, 3*each)
	for i := range w.users {
		place := m.IntN(s.workspaces)
		for len(holders[place]) < s.met {
			place = m.IntN(s.workspaces)
		}
		var roles []string
		for _, at := range m.Perm(len(holders[place]))[:s.met] {
			roles = append(roles, w.policies[holders[place][at]].role)
		}
		for len(roles) < 5 {
			if role := roleName(m.IntN(s.roles)); !slices.Contains(roles, role) && w.find(role, place, holders) == nil {
				roles = append(roles, role)
			}
		}
		m.Shuffle(5, func(i, j int) { roles[i], roles[j] = roles[j], roles[i] })
		w.users[i] = user{fmt.Sprintf("user-%03d", i), roles}
		var met []*policy
		for _, role := range roles {
			if p := w.find(role, place, holders); p != nil {
				met = append(met, p)
			}
		}
		w.questions = append(w.questions, m.question(w, i, met))
	}
	return w
}

func (w *world) find(role string, place int, holders [][]int) *policy {
	for _, i := range holders[place] {
		if w.policies[i].role == role {
			return &w.policies[i]
		}
	}
	return nil
}

func roleName(i int) string { return fmt.Sprintf("role-%03d", i) }

// question asks in such a way that the answer does not hang on the order of
// the roles: what is allowed the last of them allows, for ours lets the last
// one decide (MODEL.md 3.3) where the others let any.
func (m *maker) question(w *world, i int, met []*policy) question {
	open := met[len(met)-1].rules[0]
	at := netip.MustParsePrefix(open.inside).Addr().As4()
	at[2], at[3] = at[2]+byte(m.IntN(16)), byte(m.IntN(256))
	q := question{
		number: i, user: &w.users[i], workspace: met[0].workspace, action: []string{"read", "write"}[i%2],
		address: netip.AddrFrom4(at).String(),
		now:     time.Date(2026, 11, 23+m.IntN(5), 9+m.IntN(8), m.IntN(60), m.IntN(60), 0, time.FixedZone("", 3600)),
		file:    file{name: "report-" + roleName(i) + "." + m.oneOf(harmless()), size: int64(m.IntN(1 << 20))},
	}
	switch {
	case i < each:
	case i < 2*each:
		// The last rule denies both; in a listing's world it is not asked.
		q.file.name = "setup." + m.oneOf(met[m.IntN(len(met))].rules[2].extensions)
	case i%4 < 2:
		q.address = netip.AddrFrom4([4]byte{203, 0, 113, byte(i)}).String()
	default:
		q.now = time.Date(2026, 11, 22, m.IntN(24), m.IntN(60), 0, 0, time.FixedZone("", 3600)) // a Sunday
	}
	return q
}

// extension is how all engines but ours, which has its own, read a name.
func extension(name string) string {
	ext := path.Ext(name)
	if ext == "" || len(ext) == len(name) {
		return ""
	}
	return strings.ToLower(ext[1:])
}

// clock is the day (Sunday is 0) and the minute of the day, as written.
func clock(t time.Time) (day time.Weekday, minute int) {
	hour, minute, _ := t.Clock()
	return t.Weekday(), 60*hour + minute
}

func (h *hours) holds(day time.Weekday, minute int) bool {
	return h.first <= day && day <= h.last && h.from <= minute && minute <= h.to
}

// regex is the pattern of a rule's extensions.
func (r *rule) regex() string { return "^(" + strings.Join(r.extensions, "|") + ")$" }

// String is the spelling of MODEL.md 6.5.
func (h *hours) String() string {
	return fmt.Sprintf("%v-%v/%02d:%02d/%02d:%02d", h.first, h.last, h.from/60, h.from%60, h.to/60, h.to%60)
}
