package authz_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
)

// village is a small world for Cells: ann, bob, cyd and dan, each with a role of
// the same name, and folders as line has them.
type village struct {
	data alveary.AccessData
}

func person(id int, login string) alveary.Subject {
	return alveary.Subject{
		User: alveary.User{ID: alveary.UserID(id), Login: login, Profile: alveary.ProfileStandard, Group: alveary.RootGroup}, Role: alveary.RoleID(login),
	}
}

var (
	ann = person(11, "ann")
	bob = person(12, "bob")
	cyd = person(13, "cyd")
	dan = person(14, "dan")
)

func newVillage(entries ...alveary.Entry) *village {
	v := &village{data: newSource(entries...).data}
	for _, s := range []alveary.Subject{ann, bob, cyd, dan} {
		v.data.Roles = append(v.data.Roles, alveary.Role{ID: s.Role, OwnerUser: s.User.ID})
		v.data.Owners = append(v.data.Owners, s)
	}
	return v
}

func entry(role alveary.RoleID, node alveary.NodeID, r alveary.Rights) alveary.Entry {
	return alveary.Entry{Role: role, Node: node, Rights: r}
}

// cell makes a Cell of an owner with entries.
func cell(id alveary.CellID, owner alveary.Subject, entries ...alveary.Entry) alveary.Cell {
	for i := range entries {
		entries[i].Cell = id
	}
	return alveary.Cell{ID: id, Label: fmt.Sprint("cell", id), Owner: owner.User.ID, Created: present.Add(-time.Hour), Entries: entries}
}

// link makes a link of an owner on a node.
func link(id alveary.CellID, owner alveary.Subject, node alveary.NodeID, mode alveary.LinkMode) alveary.Cell {
	c := cell(id, owner, entry(alveary.LinkRole(id), node, mode.Gives()))
	c.Link = &alveary.Link{Mode: mode}
	return c
}

func (v *village) with(cells ...alveary.Cell) *village {
	v.data.Cells = append(v.data.Cells, cells...)
	return v
}

// named adds a Cell or link of ann with entries that may name the policy p, which
// allows to read.
func (v *village) named(link *alveary.Link, entries ...alveary.Entry) *village {
	c := cell(1, ann, entries...)
	c.Link = link
	v.data.Policies = []alveary.Policy{aclPolicy("p", allowing(nil, "read"))}
	return v.with(c)
}

func (v *village) access(t testing.TB, s alveary.Subject) *authz.Access {
	t.Helper()
	g, _ := newGate(t)
	return bind(t, g, &source{data: v.data}, s)
}

const (
	none  alveary.Rights = 0
	read                 = alveary.RightRead
	write                = alveary.RightWrite
	both                 = alveary.Givable
)

// Each case names its clause of MODEL.md. Mia is asked for on the nodes of line.
func TestClausesOfCells(t *testing.T) {
	type rights = map[alveary.NodeID]alveary.Rights
	given := func(r alveary.Rights) alveary.Rights { return r.Implied() }
	to := func(node alveary.NodeID, r alveary.Rights) alveary.Entry { return entry("mia", node, r) }
	deny := func(role alveary.RoleID, node alveary.NodeID) alveary.Entry {
		return alveary.Entry{Role: role, Node: node, Deny: true}
	}
	noDownload := aclPolicy("p", allowing(nil, "read", "write"), denying(nil, "download"))
	ruled := func(v *village, terms alveary.Terms, role alveary.RoleID, node alveary.NodeID) *village {
		v.data.Rules = append(v.data.Rules, alveary.HouseRule{ID: alveary.HouseRuleID(len(v.data.Rules) + 1), Role: role, Node: node, Terms: terms})
		return v
	}
	by := func(role alveary.RoleID, node alveary.NodeID) alveary.Entry {
		return alveary.Entry{Role: role, Node: node, Policies: []alveary.PolicyID{"p"}}
	}
	yes, no, days, nothing := true, false, int64(1), []alveary.PolicyID{}
	for _, c := range []struct {
		clause, label string
		village       *village
		as            alveary.Subject
		want          rights
	}{
		{"4.1", "a member has what the entry gives and the owner has", newVillage(entry("ann", 2, both)).with(cell(1, ann, to(3, read))), mia, rights{2: none, 3: read, 4: read, 5: none}},
		{"4.1", "never more than the owner has", newVillage(entry("ann", 2, read)).with(cell(1, ann, to(3, both))), mia, rights{3: read, 4: read}},
		{"4.1", "nothing where the owner has nothing", newVillage().with(cell(1, ann, to(3, both))), mia, rights{3: none, 4: none}},
		{"4.1", "what the owner lacks deeper down the member lacks too", newVillage(entry("ann", 2, both), deny("ann", 3)).with(cell(1, ann, to(2, both))), mia, rights{2: both, 3: none, 4: none, 5: both}},
		{"4.1", "an owner who is disabled gives nothing", func() *village {
			v := newVillage(entry("ann", 2, both)).with(cell(1, ann, to(3, read)))
			v.data.Owners = slices.Clone(v.data.Owners)
			v.data.Owners[0].User.Disabled = true
			return v
		}(), mia, rights{3: none}},
		{"4.1", "nor does one who is gone", func() *village {
			v := newVillage(entry("ann", 2, both)).with(cell(1, ann, to(3, read)))
			v.data.Owners = v.data.Owners[1:]
			return v
		}(), mia, rights{3: none}},
		{"4.1", "a stranger has nothing through it", newVillage(entry("ann", 2, both)).with(cell(1, ann, to(3, read))), dan, rights{3: none}},
		{"4.1", "within a Cell the deepest entry decides", newVillage(entry("ann", 2, both)).with(cell(1, ann, to(2, both), to(3, read))), mia, rights{2: both, 3: read, 4: read, 5: both}},
		{"4.1", "and the last role", newVillage(entry("ann", 2, both)).with(cell(1, ann, to(3, read), entry(alveary.RootGroupRole, 3, both))), mia, rights{3: read}},
		{"4.1", "an entry that has expired gives nothing", func() *village {
			e := to(3, read)
			e.Expires = present
			return newVillage(entry("ann", 2, both)).with(cell(1, ann, e))
		}(), mia, rights{3: none}},
		{"4.1", "before a Cell begins it gives nothing", func() *village {
			c := cell(1, ann, to(3, read))
			c.From = present.Add(1)
			return newVillage(entry("ann", 2, both)).with(c)
		}(), mia, rights{3: none}},
		{"4.1", "at its very end it gives nothing", func() *village {
			c := cell(1, ann, to(3, read))
			c.Until = present
			return newVillage(entry("ann", 2, both)).with(c)
		}(), mia, rights{3: none}},

		{"4.2", "a deny of the member's own roles is final", newVillage(entry("ann", 2, both), deny("mia", 3)).with(cell(1, ann, to(2, both))), mia, rights{2: both, 3: none, 4: none}},
		{"4.2", "so is one by a policy", func() *village {
			v := newVillage(entry("ann", 2, both), alveary.Entry{Role: "mia", Node: 2, Policies: []alveary.PolicyID{"p"}}).with(cell(1, ann, to(3, read)))
			v.data.Policies = []alveary.Policy{aclPolicy("p", denying(nil, "read"))}
			return v
		}(), mia, rights{3: none}},
		{"4.2", "an entry of a Cell may name a policy", func() *village {
			v := newVillage(entry("ann", 2, both)).with(cell(1, ann, alveary.Entry{Role: "mia", Node: 3, Policies: []alveary.PolicyID{"p"}}))
			v.data.Policies = []alveary.Policy{aclPolicy("p", allowing(nil, "read"))}
			return v
		}(), mia, rights{3: read}},
		{"4.2", "what such a policy denies it denies within that Cell alone", func() *village {
			v := newVillage(entry("ann", 2, both), entry("mia", 3, read)).with(cell(1, ann, alveary.Entry{Role: "mia", Node: 3, Policies: []alveary.PolicyID{"p"}}))
			v.data.Policies = []alveary.Policy{aclPolicy("p", allowing(nil, "write"), denying(nil, "read"))}
			return v
		}(), mia, rights{3: both}},

		{"4.3", "a chain is followed to its end", newVillage(entry("ann", 2, both)).with(cell(1, ann, entry("bob", 2, both)), cell(2, bob, entry("cyd", 3, both)), cell(3, cyd, to(3, read))), mia, rights{3: read, 4: read, 2: none}},
		{"4.3", "and gives no more than its narrowest part", newVillage(entry("ann", 2, both)).with(cell(1, ann, entry("bob", 2, read)), cell(2, bob, to(3, both))), mia, rights{3: read}},
		{"4.3", "one that comes back to itself denies", newVillage().with(cell(1, ann, entry("bob", 2, both)), cell(2, bob, entry("ann", 2, both), to(3, both))), mia, rights{3: none}},
		{"4.3", "and adds nothing to what comes from elsewhere", newVillage(entry("ann", 2, read)).with(cell(1, ann, entry("bob", 2, both)), cell(2, bob, entry("ann", 2, both), to(3, both))), mia, rights{3: read}},
		{"4.3", "a Cell of one's own gives nothing", newVillage().with(cell(1, mia, to(3, both))), mia, rights{3: none}},

		{"4.4", "ways add up", newVillage(entry("ann", 2, both), entry("bob", 2, both)).with(cell(1, ann, to(3, read)), cell(2, bob, to(3, write))), mia, rights{3: both}},
		{"4.4", "each is bounded by its own owner", newVillage(entry("ann", 2, write), entry("bob", 2, read)).with(cell(1, ann, to(3, read)), cell(2, bob, to(3, write))), mia, rights{3: none}},
		{"4.4", "and adds to what the member has himself", newVillage(entry("ann", 2, both), entry("mia", 3, read)).with(cell(1, ann, to(2, write))), mia, rights{2: write, 3: both}},

		{"2.3", "a link has its own role alone", newVillage(entry("ann", 2, both), entry(alveary.RootGroupRole, 5, both)).with(link(1, ann, 3, alveary.LinkRead)), alveary.Visiting(1, 11), rights{3: read &^ 0, 5: none}},
		{"2.3", "an administrator's entry of a link's role does not exist", newVillage(entry(alveary.LinkRole(1), 2, both), entry("ann", 3, read)).with(link(1, ann, 3, alveary.LinkRead)), alveary.Visiting(1, 11), rights{2: none, 5: none}},
		{"2.3", "nobody else has a link's role", func() *village {
			return newVillage(entry("ann", 2, both)).with(link(1, ann, 3, alveary.LinkRead))
		}(), func() alveary.Subject {
			s := mia
			s.User.Roles = []alveary.RoleID{alveary.LinkRole(1)}
			return s
		}(), rights{3: none}},

		{"house", "where Cells may not be made they give nothing", ruled(newVillage(entry("ann", 2, both)).with(cell(1, ann, to(3, read))), alveary.Terms{Cells: &no}, "ann", 2), mia, rights{3: none}},
		{"house", "a rule of somebody else's role stops none", ruled(newVillage(entry("ann", 2, both)).with(cell(1, ann, to(3, read))), alveary.Terms{Cells: &no}, "mia", 2), mia, rights{3: read}},
		{"house", "the rule on the deepest node counts", ruled(ruled(newVillage(entry("ann", 2, both)).with(cell(1, ann, to(3, read))), alveary.Terms{Cells: &yes}, alveary.RootGroupRole, 3), alveary.Terms{Cells: &no}, "ann", 2), mia, rights{3: read}},
		{"house", "on one node that of the last role", ruled(ruled(newVillage(entry("ann", 2, both)).with(cell(1, ann, to(3, read))), alveary.Terms{Cells: &yes}, alveary.RootGroupRole, 2), alveary.Terms{Cells: &no}, "ann", 2), mia, rights{3: none}},
		{"house", "links on folders may be refused", ruled(newVillage(entry("ann", 2, both)).with(link(1, ann, 3, alveary.LinkDrop)), alveary.Terms{FolderLinks: &no}, "ann", 1), alveary.Visiting(1, 11), rights{3: none}},
		{"house", "people of other houses may be refused", ruled(newVillage(entry("ann", 2, both)).with(cell(1, ann, to(3, read))), alveary.Terms{External: &no}, "ann", 1), stranger, rights{3: none}},
		{"house", "the others are not meant by that", ruled(newVillage(entry("ann", 2, both)).with(cell(1, ann, to(3, read))), alveary.Terms{External: &no}, "ann", 1), mia, rights{3: read}},
		{"house", "a link lives no longer than the rules let it", func() *village {
			v := newVillage(entry("ann", 2, both)).with(link(1, ann, 3, alveary.LinkRead))
			v.data.Cells[0].Created = present.AddDate(0, 0, -1)
			return ruled(v, alveary.Terms{Days: &days}, "ann", 1)
		}(), alveary.Visiting(1, 11), rights{3: none}},
		{"house", "a link that can be guessed needs a password", func() *village {
			v := newVillage(entry("ann", 2, both)).with(link(1, ann, 3, alveary.LinkRead))
			v.data.Cells[0].Slug = "summer"
			return v
		}(), alveary.Visiting(1, 11), rights{3: none}},
		{"house", "a policy that may not be given stops the Cell", ruled(newVillage(entry("ann", 2, both)).named(nil, by("mia", 3)), alveary.Terms{Policies: &nothing}, "ann", 1), mia, rights{3: none, 4: none}},
		{"house", "for those too who have rights in it", ruled(newVillage(entry("ann", 2, both)).named(nil, to(3, read), by("bob", 3)), alveary.Terms{Policies: &nothing}, "ann", 1), mia, rights{3: none}},
		{"house", "and a link", ruled(newVillage(entry("ann", 2, both)).named(&alveary.Link{Mode: alveary.LinkRead}, by(alveary.LinkRole(1), 3)), alveary.Terms{Policies: &nothing}, "ann", 1), alveary.Visiting(1, 11), rights{3: none}},
		{"house", "one that may be given stops nothing", ruled(newVillage(entry("ann", 2, both)).named(nil, by("mia", 3)), alveary.Terms{Policies: &[]alveary.PolicyID{"p"}}, "ann", 1), mia, rights{3: read}},
		{"house", "it is the owner who may give it or not", ruled(newVillage(entry("ann", 2, both)).named(nil, by("mia", 3)), alveary.Terms{Policies: &nothing}, "mia", 1), mia, rights{3: read}},
		{"house", "where no rule names policies none stops", newVillage(entry("ann", 2, both)).named(nil, by("mia", 3)), mia, rights{3: read}},
		{"house", "a policy on another of its nodes stops it there alone", ruled(newVillage(entry("ann", 2, both)).named(nil, to(3, read), by("mia", 5)), alveary.Terms{Policies: &nothing}, "ann", 1), mia, rights{3: read, 5: none}},
		{"house", "by the rule on that node", ruled(newVillage(entry("ann", 2, both)).named(nil, by("mia", 3), by("mia", 5)), alveary.Terms{Policies: &nothing}, "ann", 3), mia, rights{3: none, 5: read}},
		{"house", "what has expired names none", func() *village {
			e := by("bob", 3)
			e.Expires = present
			return ruled(newVillage(entry("ann", 2, both)).named(nil, to(3, read), e), alveary.Terms{Policies: &nothing}, "ann", 1)
		}(), mia, rights{3: read}},
		{"policy", "an owner without download gives none", func() *village {
			v := newVillage(alveary.Entry{Role: "ann", Node: 2, Policies: []alveary.PolicyID{"p"}}).with(cell(1, ann, to(3, read)))
			v.data.Policies = []alveary.Policy{noDownload}
			return v
		}(), mia, nil},
	} {
		t.Run(c.clause+" "+c.label, func(t *testing.T) {
			a := c.village.access(t, c.as)
			for node, want := range c.want {
				full := given(want)
				if c.as.Link != 0 {
					for _, one := range c.village.data.Cells {
						if one.ID == c.as.Link {
							full &= one.Link.Mode.Keeps()
						}
					}
				}
				if got := a.Rights(line(node)); got != full {
					t.Errorf("on %v: %v, want %v", node, got, full)
				}
				if got := a.Along(line(node)); got[len(got)-1] != full {
					t.Errorf("along to %v: %v, want %v", node, got, full)
				}
				if l := line(node); len(l) > 1 {
					if got := a.In(l[:len(l)-1]).Rights(l.Node()); got != full {
						t.Errorf("in the folder of %v: %v, want %v", node, got, full)
					}
				}
			}
			if c.want == nil {
				if got := a.Rights(line(4)); got != read.With(alveary.ActionSync) {
					t.Errorf("%v", got)
				}
			}
		})
	}
}

// stranger is mia as she would be if she were of another house.
var stranger = func() alveary.Subject {
	s := mia
	s.User.ID, s.User.Profile = 70, alveary.ProfileShared
	return s
}()

// Each mode of links leaves what it says, and renditions need more of the owner
// than of the visitor (MODEL.md 5).
func TestModesOfLinks(t *testing.T) {
	for mode, want := range map[alveary.LinkMode]struct{ rights, renditions string }{
		alveary.LinkRead:     {"read,download", "read,download"},
		alveary.LinkDownload: {"read,download", "read,download"},
		alveary.LinkPreview:  {"read", "read,download"},
		alveary.LinkDrop:     {"write,upload", "write,upload"},
		alveary.LinkEdit:     {"read,write,delete,download,upload", "read,write,delete,download,upload"},
	} {
		t.Run(string(mode), func(t *testing.T) {
			a := newVillage(entry("ann", 2, both)).with(link(1, ann, 3, mode)).access(t, alveary.Visiting(1, 11))
			if got := a.Rights(line(4)).String(); got != want.rights {
				t.Errorf("%s, want %s", got, want.rights)
			}
			if got := a.Renditions(line(4)).String(); got != want.renditions {
				t.Errorf("renditions: %s, want %s", got, want.renditions)
			}
			f := a.In(line(3))
			if got := f.Renditions(line(4).Node(), f.Rights(line(4).Node())).String(); got != want.renditions {
				t.Errorf("renditions in the folder: %s, want %s", got, want.renditions)
			}
			if _, err := a.GrantRead(line(4), 1, "b"); (err == nil) != a.Rights(line(4)).Has(alveary.ActionDownload) {
				t.Errorf("the original: %v", err)
			}
			if _, err := a.GrantRendition(line(4), 1, "b"); (err == nil) != a.Renditions(line(4)).Has(alveary.ActionDownload) {
				t.Errorf("a rendition: %v", err)
			}
		})
	}
	// An owner without download has nothing to show.
	v := newVillage(alveary.Entry{Role: "ann", Node: 2, Policies: []alveary.PolicyID{"p"}}).with(link(1, ann, 3, alveary.LinkPreview))
	v.data.Policies = []alveary.Policy{aclPolicy("p", allowing(nil, "read"), denying(nil, "download"))}
	a := v.access(t, alveary.Visiting(1, 11))
	if err := a.CheckRendition(line(4)); !alveary.IsKind(err, alveary.KindDenied) || !a.Rights(line(4)).Has(alveary.ActionRead) {
		t.Errorf("%v with %v", err, a.Rights(line(4)))
	}
}

// A link for named people opens to them alone, and what is denied to who signed
// in is denied to him through it.
func TestNamedPeople(t *testing.T) {
	v := newVillage(entry("ann", 2, both), alveary.Entry{Role: "bob", Node: 4, Deny: true}).with(link(1, ann, 3, alveary.LinkRead))
	v.data.Cells[0].Link.People = []alveary.RoleID{"bob", "cyd"}
	visiting := func(guest *alveary.Subject) alveary.Subject {
		s := alveary.Visiting(1, 11)
		s.Guest = guest
		return s
	}
	gone := cyd
	gone.User.Disabled = true
	for label, c := range map[string]struct {
		guest  *alveary.Subject
		on, in string
	}{
		"nobody": {nil, "", ""}, "someone else": {&dan, "", ""}, "who is disabled": {&gone, "", ""},
		"who is named": {&cyd, "read,download", "read,download"}, "who is denied it deeper down": {&bob, "read,download", ""},
	} {
		a := v.access(t, visiting(c.guest))
		for range 3 { // once the folder is bound as well
			if on, in := a.Rights(line(3)).String(), a.Rights(line(4)).String(); on != c.on || in != c.in {
				t.Errorf("%s: %q and %q, want %q and %q", label, on, in, c.on, c.in)
			}
		}
	}
}

// A house rule against external people means each of those who sign in to a
// link by himself, whoever opened it before.
func TestExternalGuests(t *testing.T) {
	no := false
	v := newVillage(entry("ann", 2, both)).with(link(1, ann, 3, alveary.LinkRead))
	v.data.Cells[0].Link.People = []alveary.RoleID{"mia"}
	v.data.Rules = []alveary.HouseRule{{ID: 1, Role: "ann", Node: 1, Terms: alveary.Terms{External: &no}}}
	g, _ := newGate(t)
	for _, order := range [][]*alveary.Subject{{&mia, &stranger, &mia}, {&stranger, &mia, &stranger}} {
		for _, guest := range order {
			s := alveary.Visiting(1, 11)
			s.Guest = guest
			a := bind(t, g, &source{data: v.data}, s)
			for range 3 { // once the folder is bound as well
				if got := a.Rights(line(4)).Has(alveary.ActionRead); got != (guest == &mia) {
					t.Errorf("as %s guest: %t", guest.User.Profile, got)
				}
			}
			if e := a.Explain(line(4), alveary.ActionRead); e.Allowed != (guest == &mia) || len(e.Ways) != 1 || e.Ways[0].Counts != e.Allowed {
				t.Errorf("%+v", e)
			}
		}
	}
}
