package store

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"fmt"

	"alveary"
)

// The nodes that a first start makes, at ids that no clock will ever give.
const (
	mainDatasource alveary.NodeID = 2
	commonFolder   alveary.NodeID = 3
	usersFolder    alveary.NodeID = 4
)

// shippedPolicies guard the API and sign-in; acl policies are for people to
// make.
//
//go:embed shipped/policies.json
var shippedPolicies []byte

// seed makes the shipped rows that were never there.
func (s *Store) seed(ctx context.Context) error {
	return s.Write(ctx, func(tx *Tx) error {
		if err := tx.seedHouse(); err != nil {
			return err
		}
		return tx.seedPolicies()
	})
}

// seedHouse makes on a first start the root, the managed datasource "main" with
// the folders behind the two workspaces, the root group with its role, and what
// that role holds: one's own files, and reading what is common.
func (tx *Tx) seedHouse() error {
	var n int64
	if err := tx.row(`SELECT COUNT(*) FROM nodes WHERE id = $1`, alveary.RootID).Scan(&n); err != nil || n > 0 {
		return err
	}
	if _, err := tx.exec(`INSERT INTO settings (name, value) VALUES ('installation', $1)`, rand.Text()); err != nil {
		return err
	}
	if err := tx.seedTree(); err != nil {
		return err
	}
	return tx.seedAccess()
}

// ShippedPolicies are the policies that a first start makes, as they are made.
func ShippedPolicies() (shipped []alveary.Policy, err error) {
	if err := json.Unmarshal(shippedPolicies, &shipped); err != nil {
		return nil, fmt.Errorf("read the shipped policies: %w", err)
	}
	return shipped, nil
}

// noteShipped is the note of versions that came with the program.
const noteShipped = "shipped"

// seedPolicies makes the first version of each shipped policy, and the next
// one where the last was shipped by an older program. One that was changed or
// deleted stays as people left it.
func (tx *Tx) seedPolicies() error {
	shipped, err := ShippedPolicies()
	if err != nil {
		return err
	}
	for _, p := range shipped {
		last, err := tx.LastPolicyVersion(p.ID)
		if err != nil {
			return err
		}
		if last > 0 {
			v, err := tx.PolicyVersion(p.ID, last)
			if err != nil {
				return err
			}
			if v.Deleted || v.Note != noteShipped || v.Author != "" || v.Policy.Equal(p) {
				continue
			}
		}
		if _, err := tx.PutPolicy(p, "", noteShipped); err != nil {
			return err
		}
	}
	return nil
}

// wordsRule names the rule by which the words of people are made.
const wordsRule = "1"

// buildWords makes the words by which people are found where there are none
// yet, or those of another version.
func (tx *Tx) buildWords() error {
	const name = "people-words"
	rule, err := tx.Setting(name)
	if err != nil || rule == wordsRule {
		return err
	}
	if err := tx.BuildWords(); err != nil {
		return err
	}
	return tx.SetSetting(name, wordsRule)
}

func (tx *Tx) seedTree() error {
	for _, n := range []alveary.Node{
		{ID: alveary.RootID, Name: ""},
		{ID: mainDatasource, Parent: alveary.RootID, Name: "main"},
		{ID: commonFolder, Parent: mainDatasource, Name: "common"},
		{ID: usersFolder, Parent: mainDatasource, Name: "users"},
	} {
		n.Type, n.Created, n.Changed, n.MTime = alveary.Collection, tx.now, tx.now, tx.now
		if err := tx.insertNode(n); err != nil {
			return err
		}
	}
	for _, parent := range []alveary.NodeID{alveary.RootID, mainDatasource, mainDatasource} {
		if err := tx.addChildren(parent, 1); err != nil {
			return err
		}
	}
	_, err := tx.exec(`INSERT INTO templates (id, parent_id) VALUES ($1, $2)`, alveary.TemplateMyFiles, usersFolder)
	return err
}

func (tx *Tx) seedAccess() error {
	if _, err := tx.exec(`INSERT INTO groups_tree (id, parent_id, name, name_key, role_id) VALUES ($1, 0, '', '', $2)`,
		alveary.RootGroup, alveary.RootGroupRole); err != nil {
		return err
	}
	roles := []alveary.Role{
		{ID: alveary.RootGroupRole, Label: "Everyone", OwnerGroup: alveary.RootGroup},
		{ID: RoleAdministrators, Label: "Administrators", Profiles: []alveary.Profile{alveary.ProfileAdmin}},
	}
	for _, r := range roles {
		if err := tx.InsertRole(r); err != nil {
			return err
		}
	}
	for _, w := range []alveary.Workspace{
		{Slug: alveary.WorkspaceMyFiles, Label: "My files", Template: alveary.TemplateMyFiles},
		{Slug: alveary.WorkspaceCommonFiles, Label: "Common files", Root: commonFolder},
	} {
		if err := tx.InsertWorkspace(w); err != nil {
			return err
		}
	}
	for _, e := range []alveary.Entry{
		{Role: alveary.RootGroupRole, Template: alveary.TemplateMyFiles, Rights: alveary.Givable},
		{Role: alveary.RootGroupRole, Node: commonFolder, Rights: alveary.RightRead},
		{Role: RoleAdministrators, Node: commonFolder, Rights: alveary.Givable},
	} {
		if _, err := tx.InsertEntry(e); err != nil {
			return err
		}
	}
	return nil
}

// RoleAdministrators is the shipped role that applies itself to the profile
// `admin`.
const RoleAdministrators alveary.RoleID = "ADMINISTRATORS"
