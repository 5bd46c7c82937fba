package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"alveary"
	"alveary/store/access"
)

// namedIn counts the rows of what is shared that name a user, or his role.
func namedIn(t *testing.T, s *Store, id alveary.UserID) (rows []string) {
	t.Helper()
	read(t, s, func(tx *Tx) error {
		for where, arg := range map[string]any{
			`cells WHERE owner_id = $1`: id, `cell_managers WHERE user_id = $1`: id, `notices WHERE user_id = $1`: id,
			`notice_wishes WHERE user_id = $1`: id, `requests WHERE user_id = $1`: id, `request_managers WHERE user_id = $1`: id,
			`review_cells WHERE answer = '' AND owner_id = $1`: id,
			`cell_entries WHERE role_id = $1`:                  access.UserRole(id), `house_rules WHERE role_id = $1`: access.UserRole(id),
		} {
			var n int
			if err := tx.row(`SELECT COUNT(*) FROM `+where, arg).Scan(&n); err != nil {
				return err
			}
			if n > 0 {
				rows = append(rows, where)
			}
		}
		return nil
	})
	return rows
}

// estate is what someone shares who leaves, and what others share with him.
type estate struct {
	ann, ben, cyd         alveary.User
	cell, link, of, other alveary.Cell
	review                alveary.Review
}

func leaving(t *testing.T, s *Store) (e estate) {
	t.Helper()
	e.ann, e.ben, e.cyd = sharer(t, s, "ann"), sharer(t, s, "ben"), sharer(t, s, "cyd")
	e.cell = insertCell(t, s, alveary.Cell{
		Slug: "c", Label: "Mine", Owner: e.ann.ID, Managers: []alveary.UserID{e.ben.ID, e.cyd.ID},
		Entries: []alveary.Entry{gives(access.UserRole(e.ben.ID), commonFolder, alveary.RightRead)},
	}, CellSecret{})
	e.link = insertCell(t, s, alveary.Cell{Owner: e.ann.ID, Link: &alveary.Link{Mode: alveary.LinkRead}, Entries: reads(commonFolder)}, CellSecret{Token: "t"})
	e.of = insertCell(t, s, alveary.Cell{
		Slug: "o", Owner: e.cyd.ID, Managers: []alveary.UserID{e.ann.ID, e.ben.ID}, Entries: []alveary.Entry{
			gives(access.UserRole(e.ann.ID), commonFolder, alveary.RightRead), gives("r", commonFolder, alveary.RightRead),
		},
	}, CellSecret{})
	e.other = insertCell(t, s, alveary.Cell{
		Owner: e.cyd.ID, Entries: reads(commonFolder), Link: &alveary.Link{Mode: alveary.LinkRead, People: []alveary.RoleID{access.UserRole(e.ann.ID)}},
	}, CellSecret{Token: "o"})
	write(t, s, func(tx *Tx) (err error) {
		if _, err = tx.Notify(alveary.Notice{User: e.ann.ID, Kind: alveary.NoticeShared}); err != nil {
			return err
		}
		if err = tx.SetNoticeWish(e.ann.ID, "never"); err != nil {
			return err
		}
		if _, err = tx.InsertRequest(alveary.Request{User: e.ann.ID, Node: commonFolder}, []alveary.UserID{e.ben.ID}); err != nil {
			return err
		}
		if _, err = tx.InsertRequest(alveary.Request{User: e.cyd.ID, Node: commonFolder}, []alveary.UserID{e.ann.ID, e.ben.ID}); err != nil {
			return err
		}
		if _, err = tx.PutHouseRule(alveary.HouseRule{Role: access.UserRole(e.ann.ID), Node: alveary.RootID}); err != nil {
			return err
		}
		if err = tx.AddUse(map[alveary.CellID]alveary.CellUse{e.cell.ID: {Opened: 1}, e.link.ID: {Opened: 1}}); err != nil {
			return err
		}
		e.review, err = tx.InsertReview(alveary.Review{Cells: []alveary.Reviewed{{Cell: e.cell.ID, Owner: e.ann.ID}, {Cell: e.link.ID, Owner: e.ann.ID}}})
		return err
	})
	return e
}

// A leaver's Cells go to the heir as they are, his links end, and nothing that
// is shared names him any more, but for what only he could have opened.
func TestLeavingShares(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		e := leaving(t, s)
		write(t, s, func(tx *Tx) error { return tx.RemoveUser(e.ann.ID, e.ben.ID) })
		if rows := namedIn(t, s, e.ann.ID); len(rows) > 0 {
			t.Errorf("he is still named in %q", rows)
		}
		e.cell.Owner, e.cell.Managers = e.ben.ID, []alveary.UserID{e.cyd.ID}
		e.of.Managers, e.of.Entries = []alveary.UserID{e.ben.ID}, e.of.Entries[1:]
		wantCell(t, s, e.cell)
		wantCell(t, s, e.of)
		wantCell(t, s, e.other) // without its people it would be open to anyone
		data, err := s.Access(t.Context())
		if err != nil || len(data.Cells) != 3 || len(data.Owners) != 2 {
			t.Errorf("%+v, %v", data, err)
		}
		read(t, s, func(tx *Tx) error {
			uses, err := tx.CellUses([]alveary.CellID{e.cell.ID, e.link.ID})
			if len(uses) != 1 || uses[e.cell.ID].Opened != 1 || err != nil {
				t.Errorf("%+v, %v", uses, err)
			}
			told, err := tx.Notices(e.ben.ID, 0, 10, true)
			if len(told) != 1 || told[0].Kind != alveary.NoticeHanded || told[0].Cell != e.cell.ID || told[0].Text != "Mine" || err != nil {
				t.Errorf("%+v, %v", told, err)
			}
			review, err := tx.Review(e.review.ID)
			if c := review.Cells; c[0].Owner != e.ben.ID || c[0].Answer != "" || c[1].Answer != "ended" {
				t.Errorf("%+v", c)
			}
			return err
		})
	})
}

func TestLeavingWithoutHeir(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		e := leaving(t, s)
		write(t, s, func(tx *Tx) error { return tx.RemoveUser(e.ann.ID, 0) })
		if rows := namedIn(t, s, e.ann.ID); len(rows) > 0 {
			t.Errorf("he is still named in %q", rows)
		}
		read(t, s, func(tx *Tx) error {
			cells, err := tx.Cells()
			if len(cells) != 2 || cells[0].ID != e.of.ID {
				t.Errorf("%+v", cells)
			}
			return err
		})
	})
}

// What is deleted for good is no longer shared: a link ends with it, a Cell
// stays.
func TestDeleteShared(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ann := sharer(t, s, "ann")
		folder := insert(t, s, commonFolder, folderNamed("d"))[0]
		inside, beside := insert(t, s, folder.ID, fileNamed("in"))[0], insert(t, s, commonFolder, fileNamed("out"))[0]
		link := func(nodes ...alveary.NodeID) alveary.Cell {
			c := alveary.Cell{Owner: ann.ID, Link: &alveary.Link{Mode: alveary.LinkRead}}
			for _, n := range nodes {
				c.Entries = append(c.Entries, reads(n)...)
			}
			return insertCell(t, s, c, CellSecret{})
		}
		ends, stays, both := link(inside.ID, folder.ID), link(beside.ID), link(inside.ID, beside.ID)
		cell := insertCell(t, s, alveary.Cell{Slug: "c", Owner: ann.ID, Entries: []alveary.Entry{gives("r", folder.ID, 0)}}, CellSecret{})
		empty := insertCell(t, s, alveary.Cell{Owner: ann.ID, Link: &alveary.Link{Mode: alveary.LinkRead}}, CellSecret{})
		write(t, s, func(tx *Tx) error {
			for _, n := range []alveary.NodeID{inside.ID, beside.ID} {
				if _, err := tx.PutHouseRule(alveary.HouseRule{Role: "r", Node: n}); err != nil {
					return err
				}
				if _, err := tx.InsertRequest(alveary.Request{User: ann.ID, Node: n}, []alveary.UserID{ann.ID}); err != nil {
					return err
				}
			}
			return nil
		})
		before := counters(t, s)
		on(t, s, folder.ID, erase)
		if after := counters(t, s); after.Access == before.Access {
			t.Error("no next version")
		}
		both.Entries, cell.Entries = both.Entries[1:], nil
		for _, c := range []alveary.Cell{stays, both, cell, empty} {
			wantCell(t, s, c)
		}
		read(t, s, func(tx *Tx) error {
			_, err := tx.Cell(ends.ID)
			wantKind(t, err, alveary.KindNotFound, "not-found")
			rules, err := tx.HouseRules()
			requests, err2 := tx.RequestsFor(ann.ID, false)
			if len(rules) != 1 || len(requests) != 1 || requests[0].Node != beside.ID || err2 != nil {
				t.Errorf("%+v, %+v, %v", rules, requests, err2)
			}
			return err
		})
	})
}

// What is shared with a role, a team or a group goes with it, and the house
// rules for it.
func TestDeleteRolesShared(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ann := sharer(t, s, "ann")
		var one, two alveary.Group
		write(t, s, func(tx *Tx) (err error) {
			for _, role := range []alveary.Role{{ID: "role"}, {ID: "team", Team: true}} {
				if err := tx.InsertRole(role); err != nil {
					return err
				}
			}
			if one, err = tx.InsertGroup(alveary.RootGroup, "one"); err == nil {
				two, err = tx.InsertGroup(alveary.RootGroup, "two")
			}
			return err
		})
		roles := []alveary.RoleID{"role", "team", one.Role, two.Role, alveary.RootGroupRole}
		var entries []alveary.Entry
		for _, role := range roles {
			entries = append(entries, gives(role, commonFolder, alveary.RightRead))
		}
		cell := insertCell(t, s, alveary.Cell{Slug: "c", Owner: ann.ID, Entries: entries}, CellSecret{})
		write(t, s, func(tx *Tx) error {
			for _, role := range roles {
				if _, err := tx.PutHouseRule(alveary.HouseRule{Role: role, Node: alveary.RootID}); err != nil {
					return err
				}
			}
			return nil
		})
		for i, remove := range []func(*Tx) error{
			func(tx *Tx) error { return tx.DeleteRole("role") },
			func(tx *Tx) error { return tx.DeleteTeam("team") },
			func(tx *Tx) error { return tx.DeleteGroup(one.ID) },
			func(tx *Tx) error { return tx.DeleteGroups([]alveary.GroupID{two.ID}) },
		} {
			write(t, s, remove)
			data, err := s.Access(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var left, ruled []alveary.RoleID
			for _, e := range data.Cells[0].Entries {
				left = append(left, e.Role)
			}
			for _, h := range data.Rules {
				ruled = append(ruled, h.Role)
			}
			if want := roles[i+1:]; !slices.Equal(left, want) || !slices.Equal(ruled, want) {
				t.Errorf("shared with %q, rules for %q, want %q", left, ruled, want)
			}
		}
		cell.Entries = cell.Entries[4:]
		wantCell(t, s, cell)
	})
}

// A policy that a Cell names stays.
func TestPolicyOfCells(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ann := sharer(t, s, "ann")
		write(t, s, func(tx *Tx) error { _, err := tx.PutPolicy(somePolicy("p", ""), "", ""); return err })
		cell := insertCell(t, s, alveary.Cell{
			Slug: "c", Owner: ann.ID, Entries: []alveary.Entry{{Role: "r", Node: commonFolder, Policies: []alveary.PolicyID{"p"}}},
		}, CellSecret{})
		remove := func(tx *Tx) error { return tx.DeletePolicy("p", "", "") }
		wantKind(t, s.Write(t.Context(), remove), alveary.KindConflict, "in-use")
		write(t, s, func(tx *Tx) error { return tx.DeleteCell(cell.ID) })
		write(t, s, remove)
	})
}

// Damage to what is shared is found.
func TestCheckFindsDamagedShares(t *testing.T) {
	eachConfig(t, func(t *testing.T, cfg Config) {
		s := open(t, cfg)
		ann := sharer(t, s, "ann")
		c := insertCell(t, s, alveary.Cell{Slug: "c", Owner: ann.ID, Entries: []alveary.Entry{gives("r", commonFolder, 0)}}, CellSecret{})
		write(t, s, func(tx *Tx) error {
			_, err := tx.PutHouseRule(alveary.HouseRule{Role: "r", Node: commonFolder})
			return err
		})
		wantSound(t, s)
		for _, d := range []struct{ breaks, mends, want string }{
			{`UPDATE cell_entries SET node_id = 999`, `UPDATE cell_entries SET node_id = 3`, fmt.Sprintf("the entry %d of a Cell or link is on a node that does not exist", c.Entries[0].ID)},
			{`UPDATE cell_entries SET cell_id = 999`, fmt.Sprintf(`UPDATE cell_entries SET cell_id = %d`, c.ID), fmt.Sprintf("the entry %d belongs to a Cell or link that does not exist", c.Entries[0].ID)},
			{`UPDATE cells SET owner_id = 999`, fmt.Sprintf(`UPDATE cells SET owner_id = %d`, ann.ID), fmt.Sprintf("the Cell or link %s belongs to a user who does not exist", c.ID)},
			{`UPDATE house_rules SET node_id = 999`, `UPDATE house_rules SET node_id = 3`, "is on a node that does not exist"},
			{`UPDATE house_rules SET terms = '{'`, `UPDATE house_rules SET terms = '{}'`, "cannot be read"},
		} {
			byHand(t, s, d.breaks)
			found, err := s.Check(t.Context())
			if err != nil || len(found) != 1 || !strings.Contains(found[0], d.want) {
				t.Errorf("%s: found %q, %v", d.breaks, found, err)
			}
			byHand(t, s, d.mends)
			wantSound(t, s)
		}
	})
}
