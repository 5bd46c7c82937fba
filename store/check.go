package store

import (
	"context"
	"fmt"

	"alveary"
	"alveary/store/access"
	"alveary/store/people"
	"alveary/store/share"
)

// Check looks for damage: the database's own structure, and what the schema
// cannot say. It returns one plain sentence for each thing found.
func (s *Store) Check(ctx context.Context) (found []string, err error) {
	err = s.Read(ctx, func(tx *Tx) error {
		if s.db.Name() == "sqlite" {
			if err := tx.all(func(row scanner) error {
				var line string
				err := row.Scan(&line)
				if line != "ok" {
					found = append(found, "the database file is damaged: "+line)
				}
				return err
			}, `PRAGMA integrity_check`); err != nil {
				return err
			}
		}
		if err := tx.checkTexts(&found); err != nil {
			return err
		}
		for _, c := range checks {
			if err := tx.all(func(row scanner) error {
				var id string
				err := row.Scan(&id)
				found = append(found, fmt.Sprintf(c.sentence, id))
				return err
			}, c.query); err != nil {
				return err
			}
		}
		return nil
	})
	return found, err
}

// checkTexts reads every text that only a program can judge: metadata of nodes,
// attributes of users, policies and house rules, of which one that is damaged
// keeps everybody out.
func (tx *Tx) checkTexts(found *[]string) error {
	for _, c := range []struct {
		sentence, query string
		read            func(id, text string) error
	}{
		{
			"the metadata of the node %s cannot be read", `SELECT CAST(id AS TEXT), meta FROM nodes WHERE meta <> ''`,
			func(_, text string) error { _, err := alveary.ParseMetadata(text); return err },
		},
		{
			"the attributes of the user %s cannot be read", `SELECT login, attributes FROM users WHERE attributes <> ''`,
			func(_, text string) error { _, err := people.ParseAttributes(text); return err },
		},
		{
			"a version of the policy %s cannot be read", `SELECT policy_id, body FROM policy_versions ORDER BY policy_id, version`,
			access.CheckStoredPolicy,
		},
		{
			"the house rule %s cannot be read", `SELECT CAST(id AS TEXT), terms FROM house_rules`,
			func(_, text string) error { _, err := share.ParseTerms(text); return err },
		},
	} {
		if err := tx.all(func(row scanner) error {
			var id, text string
			err := row.Scan(&id, &text)
			if err == nil && c.read(id, text) != nil {
				*found = append(*found, fmt.Sprintf(c.sentence, id))
			}
			return err
		}, c.query); err != nil {
			return err
		}
	}
	return nil
}

// checks each list what should not be there.
var checks = [...]struct{ sentence, query string }{
	{
		"the node %s lies in a folder that does not exist",
		`SELECT CAST(n.id AS TEXT) FROM nodes n LEFT JOIN nodes p ON p.id = n.parent_id WHERE p.id IS NULL AND n.id <> 1`,
	},
	{
		"the node %s lies in something that is not a folder",
		`SELECT CAST(n.id AS TEXT) FROM nodes n JOIN nodes p ON p.id = n.parent_id WHERE p.kind <> 1`,
	},
	{
		"the folder %s counts its children wrongly",
		`SELECT CAST(n.id AS TEXT) FROM nodes n WHERE n.kind = 1 AND n.children <>
 (SELECT COUNT(*) FROM nodes c WHERE c.parent_id = n.id AND c.binned_at = 0)`,
	},
	{
		"the file %s has no version that matches its content",
		`SELECT CAST(n.id AS TEXT) FROM nodes n LEFT JOIN versions v ON v.node_id = n.id AND v.version = n.version AND v.blob = n.blob
 WHERE n.kind = 2 AND v.node_id IS NULL`,
	},
	{
		"the node %s cannot be reached from the root",
		`WITH RECURSIVE down (id) AS (SELECT id FROM nodes WHERE id = 1
 UNION SELECT c.id FROM nodes c JOIN down d ON c.parent_id = d.id)
 SELECT CAST(n.id AS TEXT) FROM nodes n LEFT JOIN down d ON d.id = n.id WHERE d.id IS NULL`,
	},
	{
		"the entry %s is on a node that does not exist",
		`SELECT CAST(e.id AS TEXT) FROM entries e LEFT JOIN nodes n ON n.id = e.node_id WHERE e.template = '' AND n.id IS NULL`,
	},
	{
		"the entry %s belongs to a role that does not exist",
		`SELECT CAST(e.id AS TEXT) FROM entries e LEFT JOIN roles r ON r.id = e.role_id WHERE r.id IS NULL`,
	},
	{
		"the entry %s of a Cell or link is on a node that does not exist",
		`SELECT CAST(e.id AS TEXT) FROM cell_entries e LEFT JOIN nodes n ON n.id = e.node_id WHERE n.id IS NULL`,
	},
	{
		"the entry %s belongs to a Cell or link that does not exist",
		`SELECT CAST(e.id AS TEXT) FROM cell_entries e LEFT JOIN cells c ON c.id = e.cell_id WHERE c.id IS NULL`,
	},
	{
		"the Cell or link %s belongs to a user who does not exist",
		`SELECT CAST(c.id AS TEXT) FROM cells c LEFT JOIN users u ON u.id = c.owner_id WHERE u.id IS NULL`,
	},
	{
		"the house rule %s is on a node that does not exist",
		`SELECT CAST(h.id AS TEXT) FROM house_rules h LEFT JOIN nodes n ON n.id = h.node_id WHERE n.id IS NULL`,
	},
	{
		"the policy %s has no current version",
		`SELECT p.id FROM policies p LEFT JOIN policy_versions v ON v.policy_id = p.id AND v.version = p.version WHERE v.version IS NULL`,
	},
	{
		"the versions of the policy %s belong to no policy",
		`SELECT DISTINCT v.policy_id FROM policy_versions v LEFT JOIN policies p ON p.id = v.policy_id WHERE p.id IS NULL`,
	},
	{
		"the user %s has no words by which he is found",
		`SELECT u.login FROM users u LEFT JOIN user_words w ON w.user_id = u.id WHERE w.user_id IS NULL AND u.email <> ''`,
	},
	{
		"the user %s is in a group that does not exist",
		`SELECT u.login FROM users u LEFT JOIN groups_tree g ON g.id = u.group_id WHERE g.id IS NULL`,
	},
}
