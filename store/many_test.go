package store

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"alveary"
)

// What is found for many at once is what is found for each.
func TestManyAtOnceAreEachByItself(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		write(t, s, func(tx *Tx) error { return fillForMany(tx) })
		read(t, s, func(tx *Tx) error {
			users, err := tx.Users()
			if err != nil {
				return err
			}
			ids := []alveary.UserID{1}
			for _, u := range users {
				ids = append(ids, u.ID)
			}
			if len(ids) < 600 {
				t.Fatalf("only %d users", len(ids))
			}
			sameForEach(t, ids, tx.Subjects, tx.Subject)
			sameForEach(t, []alveary.SessionID{"s1", "s2", "none"}, tx.SessionsOf, func(id alveary.SessionID) (alveary.Session, error) {
				one, _, err := tx.Session(id)
				return one, err
			})
			sameForEach(t, []alveary.TokenID{"t1", "none"}, tx.TokensOf, func(id alveary.TokenID) (alveary.Token, error) {
				one, _, err := tx.Token(id)
				return one, err
			})
			var nodes []alveary.NodeID
			if err := tx.Subtree(alveary.RootID, true, func(n alveary.Node) error { nodes = append(nodes, n.ID); return nil }); err != nil {
				return err
			}
			sameForEach(t, append(nodes, alveary.RootID, 99), tx.Lineages, tx.Lineage)
			return nil
		})
	})
}

func sameForEach[K comparable, V any](t *testing.T, ids []K, many func([]K) (map[K]V, error), one func(K) (V, error)) {
	t.Helper()
	all, err := many(ids)
	if err != nil {
		t.Fatal(err)
	}
	missing := 0
	for _, id := range ids {
		want, err := one(id)
		got, found := all[id]
		if alveary.IsKind(err, alveary.KindNotFound) && !found {
			missing++
			continue
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%v is %+v by itself (%v), and %+v among many", id, want, err, got)
		}
	}
	if missing == 0 || missing == len(ids) {
		t.Errorf("%d of %d were not there", missing, len(ids))
	}
}

func fillForMany(tx *Tx) error {
	root, err := tx.Lineage(2)
	if err != nil {
		return err
	}
	for i := range 600 {
		u := alveary.User{
			Login: fmt.Sprintf("u%d", i), Profile: alveary.ProfileStandard, Group: alveary.RootGroup,
			Roles: []alveary.RoleID{alveary.RoleID(fmt.Sprintf("r%d", i)), "a role"}, Attributes: map[string]string{"site": fmt.Sprint(i)},
		}
		if u, err = tx.InsertUser(u, ""); err != nil {
			return err
		}
		if err := tx.InsertHome(u.ID, "my-files", alveary.NodeID(i+1000)); err != nil {
			return err
		}
		if i > 2 {
			continue
		}
		if _, err := tx.InsertSession(alveary.Session{ID: alveary.SessionID(fmt.Sprintf("s%d", i)), User: u.ID, Expires: tx.Now().Add(time.Hour)}, "hash"); err != nil {
			return err
		}
		if _, err := tx.InsertToken(alveary.Token{ID: alveary.TokenID(fmt.Sprintf("t%d", i)), User: u.ID, Label: "for a test"}, "hash"); err != nil {
			return err
		}
	}
	line := root
	for i := range 20 {
		n, err := tx.Insert(line, alveary.Node{Name: fmt.Sprintf("folder %d", i), Type: alveary.Collection})
		if err != nil {
			return err
		}
		if line = line.Child(n); i == 10 {
			if _, err := tx.Bin(line, 0); err != nil {
				return err
			}
		}
	}
	m, err := alveary.ParseMetadata(`{"usermeta-tags":["draft"]}`)
	if err != nil {
		return err
	}
	_, err = tx.SetMetadata(line, m)
	return err
}
