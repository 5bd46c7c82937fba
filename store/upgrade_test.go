package store

import (
	"io/fs"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"alveary"
	"alveary/store/sqldb"
)

// firstSchema makes a database as the first version left it, with people,
// nodes and an entry, and nothing of what came later.
func firstSchema(t *testing.T, cfg Config) {
	t.Helper()
	text, err := fs.ReadFile(migrations, "migrations/0001_tree_people_access.sql")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sqldb.Open(sqldb.Place{Path: cfg.Path, Postgres: cfg.Postgres})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context(), fstest.MapFS{"0001_tree_people_access.sql": {Data: text}}); err != nil {
		t.Fatal(err)
	}
	if err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
		for _, statement := range []string{
			`INSERT INTO settings VALUES ('installation', 'old')`,
			`INSERT INTO nodes VALUES (1, 0, '', '', '', 1, 0, '', '', '', 0, 2, 1, 1, 1, 1, 0, 0, 0)`,
			`INSERT INTO nodes VALUES (2, 1, 'main', 'main', 'main', 1, 0, '', '', '', 0, 2, 2, 1, 1, 1, 0, 0, 0)`,
			`INSERT INTO nodes VALUES (3, 2, 'common', 'common', 'common', 1, 0, '', '', '', 0, 2, 0, 1, 1, 1, 0, 0, 0)`,
			`INSERT INTO nodes VALUES (4, 2, 'users', 'users', 'users', 1, 0, '', '', '', 0, 2, 0, 1, 1, 1, 0, 0, 0)`,
			`INSERT INTO templates VALUES ('my-files', 4)`,
			`INSERT INTO groups_tree VALUES (1, 0, '', '', 'ROOT_GROUP')`,
			`INSERT INTO roles VALUES ('ROOT_GROUP', 'Everyone', '', 0, 0, 1)`,
			`INSERT INTO roles VALUES ('ADMINISTRATORS', 'Administrators', 'admin', 0, 0, 0)`,
			`INSERT INTO roles VALUES ('user-9', 'mia', '', 0, 9, 0)`,
			`INSERT INTO roles VALUES ('user-10', 'tom', '', 0, 10, 0)`,
			`INSERT INTO users VALUES (10, 'tom', 'tom', '', '', 'standard', 1, 0, 'hash', 'user-10', 1)`,
			`INSERT INTO users VALUES (9, 'mia', 'mia', 'Mia', '', 'admin', 1, 0, 'hash', 'user-9', 1)`,
			`INSERT INTO user_roles VALUES (9, 0, 'ADMINISTRATORS')`,
			`INSERT INTO workspaces VALUES ('common-files', 'Common files', 0, 3, '')`,
			`INSERT INTO entries VALUES (5, 'ROOT_GROUP', 3, '', 'read', 0, '', 0)`,
			`INSERT INTO entries VALUES (6, 'user-10', 3, '', 'read,write', 0, '', 0)`,
			`INSERT INTO sessions VALUES ('s', 9, 'hash', 5, 6, 7, '', '')`,
		} {
			if _, err := tx.Exec(statement); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// shape is the schema in words.
func shape(t *testing.T, s *Store) (lines []string) {
	t.Helper()
	query := `SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'`
	if s.Dialect() == "postgres" {
		query = `SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || COALESCE(column_default, '') || ' ' || COALESCE(collation_name, '')
 FROM information_schema.columns WHERE table_schema = current_schema() UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()`
	}
	blanks := regexp.MustCompile(`\s+`)
	read(t, s, func(tx *Tx) error {
		return tx.all(func(row scanner) error {
			var line string
			err := row.Scan(&line)
			lines = append(lines, blanks.ReplaceAllString(line, " "))
			return err
		}, query)
	})
	slices.Sort(lines)
	return lines
}

// A database of the first version ends like a new one, with its rows as they
// were, the shipped policies and the shipped namespace.
func TestUpgrade(t *testing.T) {
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			old := d.config(t)
			firstSchema(t, old)
			upgraded, fresh := open(t, old), open(t, d.config(t))
			if a, b := shape(t, upgraded), shape(t, fresh); len(a) < 30 || !slices.Equal(a, b) {
				t.Errorf("the schemas differ:\n%s\n\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
			}
			wantSound(t, upgraded)
			dataOld, err := upgraded.Access(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			dataNew, err := fresh.Access(t.Context())
			if err != nil || !slices.Equal(ids(dataOld.Policies), shippedIDs) || !reflect.DeepEqual(dataOld.Policies, dataNew.Policies) {
				t.Errorf("%+v, %+v, %v", dataOld.Policies, dataNew.Policies, err)
			}
			if dataOld.Version <= 1 || len(dataOld.Entries) != 2 || len(dataOld.Roles) != 3 {
				t.Errorf("%+v", dataOld)
			}
			read(t, upgraded, func(tx *Tx) error {
				mia, err := tx.Subject(9)
				if err != nil || mia.User.Attributes != nil || !slices.Equal(mia.User.Roles, []alveary.RoleID{RoleAdministrators}) || mia.Role != "user-9" {
					t.Errorf("%+v, %v", mia, err)
				}
				// Of the roles that users own the one that holds something is kept.
				for _, id := range []alveary.RoleID{"user-9", "user-10"} {
					role, err := tx.Role(id)
					kept := slices.ContainsFunc(dataOld.Roles, func(r alveary.Role) bool { return r.ID == id })
					if err != nil || role.OwnerUser == 0 || kept != (id == "user-10") {
						t.Errorf("%+v, kept %t, %v", role, kept, err)
					}
				}
				session, _, err := tx.Session("s")
				if err != nil || session.Proved != session.Created || session.Level != alveary.LevelPassword || session.Method != "password" {
					t.Errorf("%+v, %v", session, err)
				}
				common, err := tx.Node(commonFolder)
				if err != nil || common.Meta != nil || common.Name != "common" {
					t.Errorf("%+v, %v", common, err)
				}
				spaces, err := tx.Namespaces()
				if len(spaces) != 1 || spaces[0] != (Namespace{Name: alveary.NamespaceTags, Label: "Tags", Editors: EditorsWriters}) {
					t.Errorf("%+v", spaces)
				}
				return err
			})
			if id, err := upgraded.Installation(t.Context()); id != "old" || err != nil {
				t.Errorf("%q, %v", id, err)
			}
			insert(t, upgraded, commonFolder, fileNamed("new"))
		})
	}
}
