package store

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"alveary"
)

// sharer is a user with files to share.
func sharer(t testing.TB, s *Store, login string) alveary.User {
	t.Helper()
	return insertUser(t, s, alveary.User{Login: login, Profile: alveary.ProfileStandard, Group: alveary.RootGroup})
}

func insertCell(t testing.TB, s *Store, c alveary.Cell, secret CellSecret) (made alveary.Cell) {
	t.Helper()
	write(t, s, func(tx *Tx) (err error) { made, err = tx.InsertCell(c, secret); return err })
	return made
}

// gives is an entry of a Cell.
func gives(role alveary.RoleID, node alveary.NodeID, rights alveary.Rights) alveary.Entry {
	return alveary.Entry{Role: role, Node: node, Rights: rights}
}

func reads(node alveary.NodeID) []alveary.Entry {
	return []alveary.Entry{gives("", node, alveary.RightRead)}
}

func wantCell(t testing.TB, s *Store, want alveary.Cell) {
	t.Helper()
	read(t, s, func(tx *Tx) error {
		got, err := tx.Cell(want.ID)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, want %+v", got, want)
		}
		return err
	})
}

// A Cell and a link read as they were made and changed, and are found by all
// that names them.
func TestCells(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ann, ben := sharer(t, s, "ann"), sharer(t, s, "ben")
		f := insert(t, s, commonFolder, fileNamed("f"), fileNamed("g"))
		until := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
		cell := insertCell(t, s, alveary.Cell{
			Slug: "plans", Label: "Plans", Description: "of ours", Owner: ann.ID, From: until.AddDate(-1, 0, 0), Until: until, Discreet: true,
			Managers: []alveary.UserID{ben.ID, ann.ID, ben.ID},
			Entries: []alveary.Entry{
				gives("r", f[0].ID, alveary.AllRights),
				{Role: "q", Node: f[1].ID, Policies: []alveary.PolicyID{"p1", "p2"}, Expires: until},
			},
		}, CellSecret{})
		if cell.ID == 0 || cell.Created.IsZero() || cell.Entries[0].Rights != alveary.Givable || cell.Entries[1].Cell != cell.ID ||
			!slices.Equal(cell.Managers, []alveary.UserID{ann.ID, ben.ID}) {
			t.Errorf("%+v", cell)
		}
		wantCell(t, s, cell)
		link := insertCell(t, s, alveary.Cell{
			Slug: "plans", Label: "Plan", Owner: ben.ID, Entries: reads(f[0].ID),
			Link: &alveary.Link{Mode: alveary.LinkPreview, MostDownloads: 3, MostUpload: 1 << 40, People: []alveary.RoleID{"a b", "c"}, Watermark: true},
		}, CellSecret{Token: "token", Password: "password"})
		if link.Entries[0].Role != alveary.LinkRole(link.ID) || !link.Link.Password {
			t.Errorf("%+v", link)
		}
		wantCell(t, s, link)

		cell.Slug, cell.Label, cell.Until, cell.Discreet, cell.Owner = "others", "Others", time.Time{}, false, ben.ID
		link.Slug, link.Until = "", until
		link.Link = &alveary.Link{Mode: alveary.LinkDrop, Password: true}
		write(t, s, func(tx *Tx) error {
			if err := tx.UpdateCell(cell); err != nil {
				return err
			}
			return tx.UpdateCell(link)
		})
		wantCell(t, s, cell)
		wantCell(t, s, link)

		none := func(cells []alveary.Cell) (ids []alveary.CellID) {
			for _, c := range cells {
				ids = append(ids, c.ID)
			}
			return ids
		}
		read(t, s, func(tx *Tx) error {
			for label, c := range map[string]struct {
				find func() ([]alveary.Cell, error)
				want []alveary.CellID
			}{
				"all":            {tx.Cells, []alveary.CellID{cell.ID, link.ID}},
				"an owner's":     {func() ([]alveary.Cell, error) { return tx.CellsOwned(ben.ID) }, []alveary.CellID{cell.ID, link.ID}},
				"of another":     {func() ([]alveary.Cell, error) { return tx.CellsOwned(ann.ID) }, nil},
				"roles":          {func() ([]alveary.Cell, error) { return tx.CellsOf([]alveary.RoleID{"q", "r", "x"}) }, []alveary.CellID{cell.ID}},
				"many roles":     {func() ([]alveary.Cell, error) { return tx.CellsOf(append(make([]alveary.RoleID, 900), "q", "r")) }, []alveary.CellID{cell.ID}},
				"no roles":       {func() ([]alveary.Cell, error) { return tx.CellsOf(nil) }, nil},
				"on a node":      {func() ([]alveary.Cell, error) { return tx.CellsOn(f[0].ID) }, []alveary.CellID{cell.ID, link.ID}},
				"on another":     {func() ([]alveary.Cell, error) { return tx.CellsOn(f[1].ID) }, []alveary.CellID{cell.ID}},
				"its folder":     {func() ([]alveary.Cell, error) { return tx.CellsOn(commonFolder) }, nil},
				"a policy":       {func() ([]alveary.Cell, error) { return tx.CellsNaming("p2") }, []alveary.CellID{cell.ID}},
				"another policy": {func() ([]alveary.Cell, error) { return tx.CellsNaming("p") }, nil},
			} {
				if got, err := c.find(); err != nil || !slices.Equal(none(got), c.want) {
					t.Errorf("%s: %v, want %v, %v", label, none(got), c.want, err)
				}
			}
			owners, err := tx.CellOwners()
			if err != nil || len(owners) != 1 || owners[0].User.Login != "ben" || owners[0].Role == "" {
				t.Errorf("%+v, %v", owners, err)
			}
			cells, links, err := tx.CountCells(ben.ID)
			if cells != 1 || links != 1 {
				t.Errorf("%d, %d", cells, links)
			}
			return err
		})
		write(t, s, func(tx *Tx) error { return tx.DeleteCell(cell.ID) })
		read(t, s, func(tx *Tx) error {
			_, err := tx.Cell(cell.ID)
			wantKind(t, err, alveary.KindNotFound, "not-found")
			return nil
		})
		for what, change := range map[string]func(*Tx) error{
			"change":   func(tx *Tx) error { return tx.UpdateCell(cell) },
			"entries":  func(tx *Tx) error { _, err := tx.SetCellEntries(cell.ID, nil); return err },
			"managers": func(tx *Tx) error { return tx.SetCellManagers(cell.ID, nil) },
			"secret":   func(tx *Tx) error { return tx.SetCellSecret(cell.ID, CellSecret{}) },
			"end":      func(tx *Tx) error { return tx.DeleteCell(cell.ID) },
			"a Cell made of a link": func(tx *Tx) error {
				c := link
				c.Link = nil
				return tx.UpdateCell(c)
			},
		} {
			t.Run(what, func(t *testing.T) {
				wantKind(t, s.Write(t.Context(), change), alveary.KindNotFound, "not-found")
			})
		}
	})
}

// Entries that stay keep their ids, whether they are named by them or not; an
// id of another Cell's is not taken over.
func TestCellEntries(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ann := sharer(t, s, "ann")
		f := insert(t, s, commonFolder, fileNamed("f"), fileNamed("g"))
		other := insertCell(t, s, alveary.Cell{Slug: "o", Owner: ann.ID, Entries: []alveary.Entry{gives("r", f[0].ID, 0)}}, CellSecret{})
		c := insertCell(t, s, alveary.Cell{
			Slug: "c", Owner: ann.ID,
			Entries: []alveary.Entry{gives("a", f[0].ID, alveary.RightRead), gives("b", f[0].ID, alveary.RightRead), gives("b", f[0].ID, alveary.RightWrite)},
		}, CellSecret{})
		was := c.Entries
		given := []alveary.Entry{
			gives("new", f[1].ID, alveary.RightRead),
			gives("a", f[0].ID, alveary.RightWrite),     // without its id
			gives("other", f[1].ID, alveary.RightWrite), // by id, all else another
			gives("x", f[0].ID, 0),                      // with the id of another Cell's
		}
		given[2].ID, given[3].ID = was[2].ID, other.Entries[0].ID
		var now []alveary.Entry
		write(t, s, func(tx *Tx) (err error) { now, err = tx.SetCellEntries(c.ID, given); return err })
		if now[1].ID != was[0].ID || now[2].ID != was[2].ID || now[0].ID == was[1].ID || now[3].ID == other.Entries[0].ID || given[0].ID != 0 {
			t.Errorf("%+v after %+v", now, was)
		}
		slices.SortFunc(now, func(a, b alveary.Entry) int { return int(a.ID - b.ID) })
		c.Entries = now
		wantCell(t, s, c)
		wantCell(t, s, other)

		for what, e := range map[string]alveary.Entry{
			"a deny": {Role: "a", Node: f[0].ID, Deny: true}, "no node": {Role: "a"}, "no role": {Node: f[0].ID},
			"a template": {Role: "a", Node: f[0].ID, Template: alveary.TemplateMyFiles}, "no policy": {Role: "a", Node: f[0].ID, Policies: []alveary.PolicyID{""}},
			"two policies in one": {Role: "a", Node: f[0].ID, Policies: []alveary.PolicyID{"a\nb"}},
		} {
			err := s.Write(t.Context(), func(tx *Tx) error { _, err := tx.SetCellEntries(c.ID, []alveary.Entry{e}); return err })
			t.Run(what, func(t *testing.T) { wantKind(t, err, alveary.KindInvalid, "invalid") })
		}
		wantCell(t, s, c)
		write(t, s, func(tx *Tx) error { return tx.SetCellManagers(c.ID, []alveary.UserID{9, 5, 9}) })
		c.Managers = []alveary.UserID{5, 9}
		wantCell(t, s, c)
		write(t, s, func(tx *Tx) error { _, err := tx.SetCellEntries(c.ID, nil); return err })
		c.Entries = nil
		wantCell(t, s, c)
	})
}

// What opens a link is kept as it is given, and finds the link; a Cell has no
// secret.
func TestCellSecrets(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ann := sharer(t, s, "ann")
		cell := insertCell(t, s, alveary.Cell{Slug: "same", Owner: ann.ID}, CellSecret{})
		link := insertCell(t, s, alveary.Cell{Slug: "same", Owner: ann.ID, Link: &alveary.Link{Mode: alveary.LinkRead}}, CellSecret{Token: "one"})
		bare := insertCell(t, s, alveary.Cell{Owner: ann.ID, Link: &alveary.Link{Mode: alveary.LinkRead}}, CellSecret{Token: "two"})
		if link.Link.Password {
			t.Error("a password that nobody set")
		}
		read(t, s, func(tx *Tx) error {
			for label, c := range map[string]struct {
				find func(string) (alveary.CellID, error)
				text string
				want alveary.CellID
			}{
				"a token": {tx.LinkByToken, "one", link.ID}, "another": {tx.LinkByToken, "two", bare.ID}, "no token": {tx.LinkByToken, "", 0},
				"none of these": {tx.LinkByToken, "three", 0}, "a link's slug": {tx.LinkBySlug, "same", link.ID}, "a Cell's slug": {tx.CellBySlug, "same", cell.ID},
				"no slug": {tx.LinkBySlug, "", 0}, "no slug of a Cell": {tx.CellBySlug, "", 0}, "another slug": {tx.CellBySlug, "x", 0},
			} {
				id, err := c.find(c.text)
				if id != c.want || (err == nil) != (c.want != 0) || err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
					t.Errorf("%s: %d, %v", label, id, err)
				}
			}
			_, err := tx.CellSecret(cell.ID)
			wantKind(t, err, alveary.KindNotFound, "not-found")
			return nil
		})
		write(t, s, func(tx *Tx) error { return tx.SetCellSecret(link.ID, CellSecret{Token: "three", Password: "p"}) })
		read(t, s, func(tx *Tx) error {
			if got, err := tx.CellSecret(link.ID); got != (CellSecret{Token: "three", Password: "p"}) || err != nil {
				t.Errorf("%+v, %v", got, err)
			}
			if id, err := tx.LinkByToken("three"); id != link.ID || err != nil {
				t.Errorf("%d, %v", id, err)
			}
			_, err := tx.LinkByToken("one")
			wantKind(t, err, alveary.KindNotFound, "not-found")
			return nil
		})
		link.Link = &alveary.Link{Mode: alveary.LinkRead, Password: true}
		wantCell(t, s, link)
	})
}

// Of one slug there is one Cell or workspace, and one link.
func TestCellSlugs(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ann := sharer(t, s, "ann")
		link := func(slug string) alveary.Cell {
			return alveary.Cell{Slug: slug, Owner: ann.ID, Link: &alveary.Link{Mode: alveary.LinkRead}}
		}
		cell := func(slug string) alveary.Cell { return alveary.Cell{Slug: slug, Owner: ann.ID} }
		one := insertCell(t, s, cell("one"), CellSecret{})
		two := insertCell(t, s, cell("two"), CellSecret{})
		insertCell(t, s, link("one"), CellSecret{})
		insertCell(t, s, link("common-files"), CellSecret{})
		insertCell(t, s, link(""), CellSecret{})
		last := insertCell(t, s, link(""), CellSecret{})
		change := func(c alveary.Cell, slug string) func(*Tx) error {
			c.Slug = slug
			return func(tx *Tx) error { return tx.UpdateCell(c) }
		}
		making := func(c alveary.Cell) func(*Tx) error {
			return func(tx *Tx) error { _, err := tx.InsertCell(c, CellSecret{}); return err }
		}
		for what, do := range map[string]func(*Tx) error{
			"a Cell's": making(cell("one")), "a link's": making(link("one")), "a workspace's": making(cell("common-files")),
			"changed to a Cell's": change(two, "one"), "changed to a link's": change(last, "one"), "changed to a workspace's": change(two, "my-files"),
		} {
			err := s.Write(t.Context(), do)
			t.Run(what, func(t *testing.T) { wantKind(t, err, alveary.KindConflict, "taken") })
		}
		err := s.Write(t.Context(), func(tx *Tx) error {
			return tx.InsertWorkspace(alveary.Workspace{Slug: "one", Root: commonFolder})
		})
		wantKind(t, err, alveary.KindConflict, "workspace-exists")
		write(t, s, change(one, "one"))
		write(t, s, change(two, "three"))
		write(t, s, making(cell("two")))
		write(t, s, func(tx *Tx) error {
			return tx.InsertWorkspace(alveary.Workspace{Slug: "of links alone", Root: commonFolder})
		})
		err = s.Write(t.Context(), making(alveary.Cell{Link: &alveary.Link{Mode: "other"}}))
		wantKind(t, err, alveary.KindInvalid, "invalid")
	})
}

// Of a role on a node there is one house rule.
func TestHouseRules(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		yes, days, none := true, int64(30), []alveary.GroupID{}
		rule := alveary.HouseRule{Role: "r", Node: alveary.RootID, Terms: alveary.Terms{Cells: &yes, Days: &days, Groups: &none, Policies: &[]alveary.PolicyID{"p"}}}
		put := func(h alveary.HouseRule) (made alveary.HouseRule, err error) {
			err = s.Write(t.Context(), func(tx *Tx) (err error) { made, err = tx.PutHouseRule(h); return err })
			return made, err
		}
		a, err := put(rule)
		b, err2 := put(alveary.HouseRule{Role: "r", Node: commonFolder})
		if err != nil || err2 != nil || a.ID == 0 {
			t.Fatal(err, err2)
		}
		_, err = put(rule)
		wantKind(t, err, alveary.KindConflict, "taken")
		_, err = put(alveary.HouseRule{ID: b.ID, Role: "r", Node: alveary.RootID})
		wantKind(t, err, alveary.KindConflict, "taken")
		_, err = put(alveary.HouseRule{ID: 5, Role: "x", Node: alveary.RootID})
		wantKind(t, err, alveary.KindNotFound, "not-found")
		days = 31
		if _, err := put(a); err != nil {
			t.Fatal(err)
		}
		data, err := s.Access(t.Context())
		if err != nil || !reflect.DeepEqual(data.Rules, []alveary.HouseRule{a, b}) {
			t.Errorf("%+v, %v", data.Rules, err)
		}
		write(t, s, func(tx *Tx) error { return tx.DeleteHouseRule(a.ID) })
		wantKind(t, s.Write(t.Context(), func(tx *Tx) error { return tx.DeleteHouseRule(a.ID) }), alveary.KindNotFound, "not-found")
	})
}
