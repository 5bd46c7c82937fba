package store

import (
	"context"
	"testing"

	"alveary"
)

// Every change of who may what makes the next version, once it is committed.
func TestAccessVersion(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		data, err := s.Access(t.Context())
		if err != nil || data.Draft || len(data.Groups) != 1 || len(data.Roles) != 2 || len(data.Entries) != 3 {
			t.Fatalf("%+v, %v", data, err)
		}
		last := data.Version
		for _, c := range accessChanges() {
			write(t, s, c.do)
			now, err := s.AccessVersion(t.Context())
			if err != nil || (now > last) != c.changes {
				t.Errorf("%s: version %d after %d, %v", c.label, now, last, err)
			}
			read(t, s, func(tx *Tx) error {
				if kept, err := tx.AccessVersion(t.Context()); err != nil || kept != now {
					t.Errorf("%s: version %d, kept %d, %v", c.label, now, kept, err)
				}
				return nil
			})
			last = now
		}
	})
}

type accessChange struct {
	label   string
	changes bool
	do      func(*Tx) error
}

// accessChanges are changes in the order in which they can be made, and whether
// each is one of who may what.
func accessChanges() []accessChange {
	var entry alveary.Entry
	var group alveary.Group
	var user alveary.User
	var file, folder alveary.Node
	role := alveary.Role{ID: "r"}
	policy := somePolicy("p", "")
	line := func(tx *Tx, id alveary.NodeID) alveary.Lineage {
		l, err := tx.Lineage(id)
		if err != nil {
			panic(err)
		}
		return l
	}
	return []accessChange{
		{"a role", true, func(tx *Tx) error { return tx.InsertRole(role) }},
		{"a changed role", true, func(tx *Tx) error { return tx.UpdateRole(role) }},
		{"a removed role", true, func(tx *Tx) error { return tx.DeleteRole(role.ID) }},
		{"an entry", true, func(tx *Tx) (err error) {
			entry, err = tx.InsertEntry(alveary.Entry{Role: alveary.RootGroupRole, Node: commonFolder})
			return err
		}},
		{"a changed entry", true, func(tx *Tx) error { _, err := tx.UpdateEntry(entry); return err }},
		{"a removed entry", true, func(tx *Tx) error { return tx.DeleteEntry(entry.ID) }},
		{"a group", true, func(tx *Tx) (err error) { group, err = tx.InsertGroup(alveary.RootGroup, "g"); return err }},
		{"a removed group", true, func(tx *Tx) error { return tx.DeleteGroup(group.ID) }},
		{"a user", true, func(tx *Tx) (err error) {
			user, err = tx.InsertUser(alveary.User{Login: "u", Group: alveary.RootGroup}, "")
			return err
		}},
		{"a changed user", true, func(tx *Tx) error { return tx.UpdateUser(user) }},
		{"roles of a user", true, func(tx *Tx) error { return tx.SetUserRoles(user.ID, []alveary.RoleID{"x"}) }},
		{"a disabled user", true, func(tx *Tx) error { return tx.SetDisabled(user.ID, true) }},
		{"a password", false, func(tx *Tx) error { return tx.SetPasswordHash(user.ID, "x") }},
		{"a policy", true, func(tx *Tx) error { _, err := tx.PutPolicy(policy, "", ""); return err }},
		{"scenarios", false, func(tx *Tx) error { return tx.SetPolicyScenarios("p", []alveary.PolicyScenario{{Name: "x"}}) }},
		{"an observation", false, func(tx *Tx) error {
			return tx.AddObservations(map[alveary.PolicyID]int64{"p": 1}, tx.Now())
		}},
		{"a removed policy", true, func(tx *Tx) error { return tx.DeletePolicy("p", "", "") }},
		{"a namespace", true, func(tx *Tx) error { return tx.PutNamespace(Namespace{Name: "n", Editors: EditorsAdmins}) }},
		{"a removed namespace", true, func(tx *Tx) error { return tx.DeleteNamespace("n") }},
		{"a folder", false, func(tx *Tx) (err error) {
			folder, err = tx.Insert(line(tx, commonFolder), folderNamed("d"))
			return err
		}},
		{"a file", false, func(tx *Tx) (err error) { file, err = tx.Insert(line(tx, folder.ID), fileNamed("f")); return err }},
		{"a removed file", false, func(tx *Tx) error { return erase(tx, line(tx, file.ID)) }},
		{"a workspace", true, func(tx *Tx) error { return tx.InsertWorkspace(alveary.Workspace{Slug: "w", Root: folder.ID}) }},
		{"a changed workspace", true, func(tx *Tx) error { return tx.UpdateWorkspace(alveary.Workspace{Slug: "w"}) }},
		{"the folder of a workspace", true, func(tx *Tx) error { return erase(tx, line(tx, folder.ID)) }},
		{"a removed workspace", true, func(tx *Tx) error { return tx.DeleteWorkspace("common-files") }},
		{"a home", true, func(tx *Tx) error { return tx.InsertHome(user.ID, alveary.TemplateMyFiles, usersFolder) }},
		{"a session", false, func(tx *Tx) error {
			for _, id := range []alveary.SessionID{"s1", "s2", "s3"} {
				if _, err := tx.InsertSession(alveary.Session{ID: id, User: user.ID}, ""); err != nil {
					return err
				}
			}
			return nil
		}},
		{"a session that is used", false, func(tx *Tx) error { return tx.SeeSession("s1") }},
		{"a session that ends", true, func(tx *Tx) error { return tx.DeleteSession(user.ID, "s1") }},
		{"the other sessions", true, func(tx *Tx) error { _, err := tx.DeleteOtherSessions(user.ID, "s2"); return err }},
		{"no other sessions", false, func(tx *Tx) error { _, err := tx.DeleteOtherSessions(user.ID, "s2"); return err }},
		{"passed sessions", true, func(tx *Tx) error { _, err := tx.DeletePassedSessions(tx.Now()); return err }},
		{"no passed sessions", false, func(tx *Tx) error { _, err := tx.DeletePassedSessions(tx.Now()); return err }},
		{"a token", false, func(tx *Tx) error {
			for _, id := range []alveary.TokenID{"t1", "t2"} {
				if _, err := tx.InsertToken(alveary.Token{ID: id, User: user.ID}, ""); err != nil {
					return err
				}
			}
			return nil
		}},
		{"a token that is used", false, func(tx *Tx) error { return tx.UseToken("t1") }},
		{"a revoked token", true, func(tx *Tx) error { return tx.DeleteToken(user.ID, "t1") }},
		{"all tokens", true, func(tx *Tx) error { _, err := tx.DeleteTokens(user.ID); return err }},
		{"no tokens", false, func(tx *Tx) error { _, err := tx.DeleteTokens(user.ID); return err }},
		{"a record", false, func(tx *Tx) error { return tx.Record(alveary.AuditRecord{}) }},
		{"a look", false, func(tx *Tx) error { _, err := tx.Access(context.Background()); return err }},
	}
}
