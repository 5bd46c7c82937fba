package store

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"alveary"
)

// Each kind of damage, made by hand, is found and told by what is damaged; and
// nothing else is.
func TestCheckFindsDamage(t *testing.T) {
	eachConfig(t, func(t *testing.T, cfg Config) {
		s := open(t, cfg)
		made := insert(t, s, commonFolder, folderNamed("a"), fileNamed("f"), folderNamed("b"), fileNamed("g"))
		inner := insert(t, s, made[0].ID, folderNamed("inner"))[0]
		mia := insertUser(t, s, alveary.User{Login: "100%s mia", Profile: alveary.ProfileStandard, Group: alveary.RootGroup})
		wantSound(t, s)

		a, f, b, g := made[0].ID, made[1].ID, made[2].ID, made[3].ID
		for _, c := range []struct {
			label, breaks, mends string
			found                []string
		}{
			{
				"a node whose folder is gone", fmt.Sprintf(`UPDATE nodes SET parent_id = 999 WHERE id = %d`, inner.ID), fmt.Sprintf(`UPDATE nodes SET parent_id = %d WHERE id = %d`, a, inner.ID),
				[]string{inner.ID.String() + " lies in a folder that does not exist", a.String() + " counts its children wrongly", inner.ID.String() + " cannot be reached"},
			},
			{
				"a node in a file", fmt.Sprintf(`UPDATE nodes SET parent_id = %d WHERE id = %d`, f, inner.ID), fmt.Sprintf(`UPDATE nodes SET parent_id = %d WHERE id = %d`, a, inner.ID),
				[]string{inner.ID.String() + " lies in something that is not a folder", a.String() + " counts its children wrongly"},
			},
			{
				"a ring of folders", fmt.Sprintf(`UPDATE nodes SET parent_id = %d WHERE id = %d`, inner.ID, a), fmt.Sprintf(`UPDATE nodes SET parent_id = %d WHERE id = %d`, commonFolder, a),
				[]string{a.String() + " cannot be reached", inner.ID.String() + " cannot be reached", commonFolder.String() + " counts its children wrongly", inner.ID.String() + " counts its children wrongly"},
			},
			{
				"a wrong count", fmt.Sprintf(`UPDATE nodes SET children = 5 WHERE id = %d`, b), fmt.Sprintf(`UPDATE nodes SET children = 0 WHERE id = %d`, b),
				[]string{b.String() + " counts its children wrongly"},
			},
			{
				"a file without its version", fmt.Sprintf(`UPDATE versions SET version = 7 WHERE node_id = %d`, f), fmt.Sprintf(`UPDATE versions SET version = 1 WHERE node_id = %d`, f),
				[]string{f.String() + " has no version that matches"},
			},
			{
				"a version of other bytes", fmt.Sprintf(`UPDATE versions SET blob = 'x' WHERE node_id = %d`, g), fmt.Sprintf(`UPDATE versions SET blob = 'blob of g' WHERE node_id = %d`, g),
				[]string{g.String() + " has no version that matches"},
			},
			{
				"an entry on nothing", `UPDATE entries SET node_id = 999 WHERE node_id = 3 AND role_id = 'ROOT_GROUP'`, `UPDATE entries SET node_id = 3 WHERE node_id = 999`,
				[]string{"is on a node that does not exist"},
			},
			{
				"an entry of no role", `UPDATE entries SET role_id = 'ghost' WHERE node_id = 3 AND role_id = 'ROOT_GROUP'`, `UPDATE entries SET role_id = 'ROOT_GROUP' WHERE role_id = 'ghost'`,
				[]string{"belongs to a role that does not exist"},
			},
			{
				"a user of no group", fmt.Sprintf(`UPDATE users SET group_id = 999 WHERE id = %d`, mia.ID), fmt.Sprintf(`UPDATE users SET group_id = 1 WHERE id = %d`, mia.ID),
				[]string{"the user 100%s mia is in a group that does not exist"},
			},
		} {
			t.Run(c.label, func(t *testing.T) {
				byHand(t, s, c.breaks)
				found, err := s.Check(t.Context())
				if err != nil || len(found) != len(c.found) {
					t.Errorf("found %q, %v; want %q", found, err, c.found)
				}
				for _, want := range c.found {
					if !strings.Contains(strings.Join(found, "\n"), want) {
						t.Errorf("found %q, not %q", found, want)
					}
				}
				byHand(t, s, c.mends)
				wantSound(t, s)
			})
		}
	})
}

func byHand(t *testing.T, s *Store, statement string) {
	t.Helper()
	write(t, s, func(tx *Tx) error {
		changed, err := tx.count(statement)
		if changed != 1 {
			t.Errorf("%s: changed %d rows", statement, changed)
		}
		return err
	})
}

// A database file in which bytes have gone bad is told, or not opened; it is
// never taken for sound.
func TestCheckFindsBadBytes(t *testing.T) {
	cfg := databases[0].config(t)
	s, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	manyFiles(t, s, 500)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(cfg.Path)
	if err != nil {
		t.Fatal(err)
	}
	for page := 3; page < 40; page += 6 {
		bad := append([]byte(nil), whole...)
		for i := range 64 { // the head of a page and the places of its rows
			bad[page*4096+i] ^= 0xff
		}
		if err := os.WriteFile(cfg.Path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), cfg)
		if err != nil {
			continue
		}
		found, err := s.Check(t.Context())
		if err == nil && len(found) == 0 {
			t.Errorf("page %d is taken for sound", page)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
