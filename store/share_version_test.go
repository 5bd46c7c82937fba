package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"alveary"
)

// What decides about what is shared makes the next version of the access data;
// what merely happens makes none, however often.
func TestShareVersion(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ann, ben := sharer(t, s, "ann"), sharer(t, s, "ben")
		var cell, link alveary.Cell
		var rule alveary.HouseRule
		var request alveary.Request
		var team alveary.RoleID = "team"
		group := alveary.GroupID(0)
		write(t, s, func(tx *Tx) error {
			g, err := tx.InsertGroup(alveary.RootGroup, "g")
			group = g.ID
			return errors.Join(err, tx.InsertRole(alveary.Role{ID: team, Team: true}))
		})
		for _, c := range []struct {
			label   string
			decides bool
			do      func(*Tx) error
		}{
			{"someone who owns nothing", false, func(tx *Tx) error { return tx.SetUserRoles(ann.ID, []alveary.RoleID{"x"}) }},
			{"a Cell", true, func(tx *Tx) (err error) {
				cell, err = tx.InsertCell(alveary.Cell{Slug: "c", Owner: ann.ID}, CellSecret{})
				return err
			}},
			{"a link", true, func(tx *Tx) (err error) {
				link, err = tx.InsertCell(alveary.Cell{Owner: ann.ID, Link: &alveary.Link{Mode: alveary.LinkRead}, Entries: reads(commonFolder)}, CellSecret{Token: "t"})
				return err
			}},
			{"a changed Cell", true, func(tx *Tx) error { return tx.UpdateCell(cell) }},
			{"entries", true, func(tx *Tx) error {
				_, err := tx.SetCellEntries(cell.ID, []alveary.Entry{gives("r", commonFolder, 0)})
				return err
			}},
			{"managers", true, func(tx *Tx) error { return tx.SetCellManagers(cell.ID, []alveary.UserID{ben.ID}) }},
			{"a secret", true, func(tx *Tx) error { return tx.SetCellSecret(link.ID, CellSecret{Token: "u"}) }},
			{"a house rule", true, func(tx *Tx) (err error) {
				rule, err = tx.PutHouseRule(alveary.HouseRule{Role: "r", Node: alveary.RootID})
				return err
			}},
			{"a changed house rule", true, func(tx *Tx) error { _, err := tx.PutHouseRule(rule); return err }},
			{"a removed house rule", true, func(tx *Tx) error { return tx.DeleteHouseRule(rule.ID) }},

			{"a changed owner", true, func(tx *Tx) error { return tx.UpdateUser(ann) }},
			{"changed owners", true, func(tx *Tx) error { return tx.UpdateUsers([]alveary.User{ben, ann}) }},
			{"roles of an owner", true, func(tx *Tx) error { return tx.SetUserRoles(ann.ID, []alveary.RoleID{"x"}) }},
			{"a disabled owner", true, func(tx *Tx) error { return tx.SetDisabled(ann.ID, true) }},
			{"an owner's team", true, func(tx *Tx) error { return tx.PutMember(team, alveary.Member{User: ann.ID}) }},
			{"an owner who leaves a team", true, func(tx *Tx) error { _, err := tx.DeleteMember(team, ann.ID); return err }},
			{"an owner who was in no team", false, func(tx *Tx) error { _, err := tx.DeleteMember(team, ann.ID); return err }},
			{"an owner who is moved", true, func(tx *Tx) error { _, err := tx.MoveUsers([]alveary.GroupID{alveary.RootGroup}, group); return err }},
			{"nobody who is moved", false, func(tx *Tx) error { _, err := tx.MoveUsers([]alveary.GroupID{alveary.RootGroup}, group); return err }},
			{"an owner's home", true, func(tx *Tx) error { return tx.InsertHome(ann.ID, alveary.TemplateMyFiles, usersFolder) }},
			{"an owner's sign-in", false, func(tx *Tx) error { return tx.NoteSignIn(ann.ID) }},
			{"an owner's password", false, func(tx *Tx) error { return tx.SetPasswordHash(ann.ID, "x") }},
			{"a manager", false, func(tx *Tx) error { return tx.SetDisabled(ben.ID, true) }},
			{"his team", false, func(tx *Tx) error { return tx.PutMember(team, alveary.Member{User: ben.ID}) }},
			{"him alone", false, func(tx *Tx) error { return tx.UpdateUsers([]alveary.User{ben}) }},

			{"uses", false, func(tx *Tx) error {
				return tx.AddUse(map[alveary.CellID]alveary.CellUse{link.ID: {Opened: 1}})
			}},
			{"a claim", false, func(tx *Tx) error { _, err := tx.ClaimDownload(link.ID, 5); return err }},
			{"a download", false, func(tx *Tx) error { return tx.OpenDownload("d", Download{Cell: link.ID, Expires: tx.Now()}) }},
			{"a part of it", false, func(tx *Tx) error { _, err := tx.AdvanceDownload("d", int64(link.ID), 0, 0, 0, 1); return err }},
			{"what is left of it", false, func(tx *Tx) error { return tx.SettleDownload("d", 0, 1, 0) }},
			{"a notice", false, func(tx *Tx) error { _, err := tx.Notify(alveary.Notice{User: ann.ID}); return err }},
			{"a look at it", false, func(tx *Tx) error { return tx.SeeNotices(ann.ID, 1<<62) }},
			{"a wish", false, func(tx *Tx) error { return tx.SetNoticeWish(ann.ID, "never") }},
			{"a request", false, func(tx *Tx) (err error) {
				request, err = tx.InsertRequest(alveary.Request{User: ben.ID, Node: 3}, []alveary.UserID{ann.ID})
				return err
			}},
			{"its answer", false, func(tx *Tx) error { request.Answer = "refused"; return tx.AnswerRequest(request) }},
			{"a review", false, func(tx *Tx) error {
				_, err := tx.InsertReview(alveary.Review{Cells: []alveary.Reviewed{{Cell: cell.ID, Owner: ann.ID}}})
				return err
			}},
			{"an answer for a Cell", false, func(tx *Tx) error { _, err := tx.AnswerReview(cell.ID, "kept", tx.Now()); return err }},
			{"a Cell that ends", true, func(tx *Tx) error { return tx.DeleteCell(cell.ID) }},
			{"a link that ends", true, func(tx *Tx) error { return tx.DeleteCell(link.ID) }},
			{"who was an owner", false, func(tx *Tx) error { return tx.SetDisabled(ann.ID, false) }},
		} {
			before := counters(t, s)
			write(t, s, c.do)
			if after := counters(t, s); (after.Access > before.Access) != c.decides {
				t.Errorf("%s: version %d after %d", c.label, after.Access, before.Access)
			}
		}
	})
}

// sameShared compares what is shared, as it is loaded, with all there is.
func sameShared(tx *Tx) error {
	data, err := tx.Access(context.Background())
	if err != nil {
		return err
	}
	cells, err := tx.Cells()
	if err != nil {
		return err
	}
	owners, err := tx.CellOwners()
	if err != nil {
		return err
	}
	if len(data.Cells)+len(cells) > 0 && !reflect.DeepEqual(data.Cells, cells) {
		return fmt.Errorf("version %d: Cells %+v, want %+v", data.Version, data.Cells, cells)
	}
	if len(data.Owners)+len(owners) > 0 && !reflect.DeepEqual(data.Owners, owners) {
		return fmt.Errorf("version %d: owners %+v, want %+v", data.Version, data.Owners, owners)
	}
	return nil
}

// errUndone takes a change back.
var errUndone = errors.New("undone")

// chance changes what is shared at random.
type chance struct {
	*rand.Rand
	users []alveary.User
	nodes []alveary.NodeID
}

func (c *chance) change(tx *Tx) error {
	user := c.users[c.IntN(len(c.users))]
	cells, err := tx.Cells()
	if err != nil {
		return err
	}
	var cell alveary.Cell
	if len(cells) > 0 {
		cell = cells[c.IntN(len(cells))]
	}
	node := c.nodes[c.IntN(len(c.nodes))]
	entries := []alveary.Entry{gives("r", node, alveary.RightRead), gives("q", node, 0)}[:c.IntN(3)]
	switch n := c.IntN(13); {
	case n < 2 || cell.ID == 0:
		_, err = tx.InsertCell(alveary.Cell{Slug: fmt.Sprint(tx.NewID()), Owner: user.ID, Entries: entries}, CellSecret{})
	case n < 4:
		_, err = tx.InsertCell(alveary.Cell{Owner: user.ID, Entries: entries, Link: &alveary.Link{Mode: alveary.LinkRead}}, CellSecret{})
	case n < 6:
		err = tx.DeleteCell(cell.ID)
	case n == 6:
		cell.Label, cell.Owner = fmt.Sprint(tx.NewID()), user.ID
		err = tx.UpdateCell(cell)
	case n == 7:
		_, err = tx.SetCellEntries(cell.ID, entries)
	case n == 8:
		err = tx.SetCellManagers(cell.ID, []alveary.UserID{user.ID})
	case n == 9:
		err = tx.SetUserRoles(user.ID, []alveary.RoleID{"r", "q"}[:c.IntN(3)])
	case n == 10:
		user.Name = fmt.Sprint(tx.NewID())
		err = tx.UpdateUser(user)
	case n == 11:
		err = tx.PutMember("team", alveary.Member{User: user.ID})
		if c.IntN(2) == 0 {
			_, err = tx.DeleteMember("team", user.ID)
		}
	default:
		err = tx.UnshareRole("q")
	}
	return err
}

// Whatever changes, by whichever server, and whatever is taken back: what is
// loaded of what is shared is what there is, for who changes it, for who comes
// after and for who came before.
func TestSharedIsAllThereIs(t *testing.T) {
	eachConfig(t, func(t *testing.T, cfg Config) {
		all := servers(t, cfg)
		for _, s := range all {
			t.Cleanup(func() { wantSound(t, s) })
		}
		c := &chance{Rand: rand.New(rand.NewPCG(5, 26)), users: []alveary.User{sharer(t, all[0], "a"), sharer(t, all[0], "b"), sharer(t, all[0], "c")}}
		write(t, all[0], func(tx *Tx) error { return tx.InsertRole(alveary.Role{ID: "team", Team: true}) })
		for i := range 40 {
			s := all[c.IntN(len(all))]
			// He began before the changes, and asks after others have looked.
			read(t, s, func(early *Tx) error {
				if _, err := early.counter("access"); err != nil {
					return err
				}
				for range 3 {
					s := all[c.IntN(len(all))]
					c.nodes = []alveary.NodeID{commonFolder, usersFolder}
					back := c.IntN(4) == 0
					err := s.Write(t.Context(), func(tx *Tx) error {
						for range 1 + c.IntN(3) {
							if err := c.change(tx); err != nil {
								return err
							}
							if c.IntN(3) == 0 {
								if err := sameShared(tx); err != nil {
									return fmt.Errorf("draft: %w", err)
								}
							}
						}
						if back {
							return errUndone
						}
						return nil
					})
					if back != errors.Is(err, errUndone) || !back && err != nil {
						t.Fatalf("round %d: %v", i, err)
					}
					if c.IntN(2) == 0 {
						read(t, all[c.IntN(len(all))], sameShared)
					}
				}
				return sameShared(early)
			})
		}
	})
}

// Of Cells that did not change the memory is that of the version before.
func TestSharedMemory(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		links := shareMany(t, s, 5, 2)
		look := func() alveary.AccessData {
			data, err := s.Access(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return data
		}
		first := look()
		write(t, s, func(tx *Tx) error { return tx.accessChanged() })
		if same := look(); &same.Cells[0] != &first.Cells[0] || &same.Owners[0] != &first.Owners[0] || same.Version == first.Version {
			t.Error("what is the same was read again")
		}
		write(t, s, func(tx *Tx) error { return tx.SetCellManagers(links[1], []alveary.UserID{5}) })
		second := look()
		for i := range links {
			if same := &second.Cells[i].Entries[0] == &first.Cells[i].Entries[0]; same != (i != 1) {
				t.Errorf("Cell %d: the same memory %t", i, same)
			}
		}
		if len(first.Cells[1].Managers) != 0 || !slices.Equal(second.Cells[1].Managers, []alveary.UserID{5}) {
			t.Error("who has the version before sees the change")
		}
	})
}

// Who has what is known of no more reads all.
func TestSharedAfterLong(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		links := shareMany(t, s, 5, 2)
		end := func(id alveary.CellID) { write(t, s, func(tx *Tx) error { return tx.DeleteCell(id) }) }
		later := func(versions int64) {
			write(t, s, func(tx *Tx) error {
				if _, err := tx.exec(`UPDATE counters SET value = value + $1 WHERE name = 'access'`, versions-1); err != nil {
					return err
				}
				return tx.accessChanged()
			})
		}
		read(t, s, sameShared)
		end(links[0])
		later(90_000)
		end(links[1])
		later(20_000)
		end(links[2]) // forgets the first
		read(t, s, func(tx *Tx) error {
			var n int
			if err := tx.row(`SELECT COUNT(*) FROM cells_ended`).Scan(&n); err != nil || n != 2 {
				t.Errorf("%d ends are remembered, %v", n, err)
			}
			return sameShared(tx)
		})
	})
}

// Who becomes an owner again is read as he is now, whatever he was when he was
// one before.
func TestSharedNewOwner(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ann, ben := sharer(t, s, "ann"), sharer(t, s, "ben")
		own := func(u alveary.User) alveary.Cell {
			return insertCell(t, s, alveary.Cell{Owner: u.ID, Link: &alveary.Link{Mode: alveary.LinkRead}}, CellSecret{})
		}
		_, other := own(ann), own(ben)
		for _, again := range []func(){
			func() { own(ann) },
			func() {
				other.Owner = ann.ID
				write(t, s, func(tx *Tx) error { return tx.UpdateCell(other) })
			},
		} {
			read(t, s, sameShared)
			write(t, s, func(tx *Tx) error {
				owned, err := tx.CellsOwned(ann.ID)
				for _, c := range owned {
					err = errors.Join(err, tx.DeleteCell(c.ID))
				}
				return err
			})
			write(t, s, func(tx *Tx) error {
				return tx.SetUserRoles(ann.ID, []alveary.RoleID{alveary.RoleID(fmt.Sprint("role ", tx.NewID()))})
			})
			again()
			read(t, s, sameShared)
		}
	})
}
