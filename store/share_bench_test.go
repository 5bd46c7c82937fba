package store

import (
	"fmt"
	"testing"

	"alveary"
)

// shareMany makes links with an entry each, owned by a number of people, a
// thousand a transaction.
func shareMany(t testing.TB, s *Store, links, owners int) (made []alveary.CellID) {
	t.Helper()
	people := make([]NewUser, owners)
	for i := range people {
		people[i].User = alveary.User{Login: fmt.Sprint("owner ", i), Profile: alveary.ProfileStandard, Group: alveary.RootGroup}
	}
	write(t, s, func(tx *Tx) error { return tx.InsertUsers(people) })
	for len(made) < links {
		write(t, s, func(tx *Tx) error {
			for range min(1000, links-len(made)) {
				c, err := tx.InsertCell(alveary.Cell{
					Label: "a link", Owner: people[len(made)%owners].User.ID, Link: &alveary.Link{Mode: alveary.LinkRead},
					Entries: []alveary.Entry{{Node: commonFolder, Rights: alveary.RightRead}},
				}, CellSecret{Token: fmt.Sprint("hash ", len(made))})
				if err != nil {
					return err
				}
				made = append(made, c.ID)
			}
			return nil
		})
	}
	return made
}

// The access data with 100,000 links of 5,000 people: all of it, and after
// changes of one link, of one owner and of one entry.
func BenchmarkAccessOfManyLinks(b *testing.B) {
	eachBench(b, func(b *testing.B, s *Store) {
		links := shareMany(b, s, 100_000, 5000)
		if s.Dialect() == "postgres" { // the throw-away cluster does not do it by itself
			if _, err := s.db.Writer.ExecContext(b.Context(), "VACUUM ANALYZE"); err != nil {
				b.Fatal(err)
			}
		}
		var owner alveary.User
		read(b, s, func(tx *Tx) (err error) {
			c, err := tx.Cell(links[0])
			if err == nil {
				owner, err = tx.User(c.Owner)
			}
			return err
		})
		for _, one := range []struct {
			name   string
			change func(*Tx) error
		}{
			{"all", nil},
			{"label", func(tx *Tx) error { return tx.SetCellManagers(links[500], nil) }},
			{"end", func(tx *Tx) error {
				c, err := tx.InsertCell(alveary.Cell{Owner: owner.ID, Link: &alveary.Link{Mode: alveary.LinkRead}}, CellSecret{})
				if err != nil {
					return err
				}
				return tx.DeleteCell(c.ID)
			}},
			{"ended", nil},
			{"owner", func(tx *Tx) error { return tx.SetDisabled(owner.ID, false) }},
			{"other", func(tx *Tx) error { return tx.accessChanged() }},
		} {
			b.Run(one.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					b.StopTimer()
					switch {
					case one.name == "all":
						s.cells = shelf{}
					case one.change != nil:
						write(b, s, one.change)
					default:
						if len(links) == 0 {
							b.Fatal("too many rounds")
						}
						write(b, s, func(tx *Tx) error { return tx.DeleteCell(links[len(links)-1]) })
						links = links[:len(links)-1]
					}
					b.StartTimer()
					if _, err := s.Access(b.Context()); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	})
}
