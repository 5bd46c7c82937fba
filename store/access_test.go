package store

import (
	"context"
	"testing"

	"alveary"
)

// Every change of who may what makes the next version of the access data, every
// change of someone or his sign-ins that of the people data, once it is
// committed.
func TestAccessVersion(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		data, err := s.Access(t.Context())
		if err != nil || data.Draft || len(data.Groups) != 1 || len(data.Roles) != 2 || len(data.Entries) != 3 {
			t.Fatalf("%+v, %v", data, err)
		}
		last, before := data.Version, counters(t, s)
		for _, c := range accessChanges() {
			write(t, s, c.do)
			now, err := s.AccessVersion(t.Context())
			if err != nil || (now > last) != (c.changes == ofAccess) {
				t.Errorf("%s: version %d after %d, %v", c.label, now, last, err)
			}
			after := counters(t, s)
			if (after.People > before.People) != (c.changes == ofPeople) || after.Access != now {
				t.Errorf("%s: %+v after %+v", c.label, after, before)
			}
			before = after
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

func counters(t *testing.T, s *Store) Counters {
	t.Helper()
	c, err := s.Counters(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type accessChange struct {
	label   string
	changes changes
	do      func(*Tx) error
}

// changes is what of a change others are told.
type changes int

const (
	ofNothing changes = iota
	ofAccess          // who may what
	ofPeople          // who is who, and signed in
)

// accessChanges are changes in the order in which they can be made, and what
// each is one of.
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
		{"a role", ofAccess, func(tx *Tx) error { return tx.InsertRole(role) }},
		{"a changed role", ofAccess, func(tx *Tx) error { return tx.UpdateRole(role) }},
		{"a removed role", ofAccess, func(tx *Tx) error { return tx.DeleteRole(role.ID) }},
		{"an entry", ofAccess, func(tx *Tx) (err error) {
			entry, err = tx.InsertEntry(alveary.Entry{Role: alveary.RootGroupRole, Node: commonFolder})
			return err
		}},
		{"a changed entry", ofAccess, func(tx *Tx) error { _, err := tx.UpdateEntry(entry); return err }},
		{"a removed entry", ofAccess, func(tx *Tx) error { return tx.DeleteEntry(entry.ID) }},
		{"a group", ofAccess, func(tx *Tx) (err error) { group, err = tx.InsertGroup(alveary.RootGroup, "g"); return err }},
		{"a removed group", ofAccess, func(tx *Tx) error { return tx.DeleteGroup(group.ID) }},
		{"a user", ofPeople, func(tx *Tx) (err error) {
			user, err = tx.InsertUser(alveary.User{Login: "u", Group: alveary.RootGroup}, "")
			return err
		}},
		{"a changed user", ofPeople, func(tx *Tx) error { return tx.UpdateUser(user) }},
		{"roles of a user", ofPeople, func(tx *Tx) error { return tx.SetUserRoles(user.ID, []alveary.RoleID{"x"}) }},
		{"a disabled user", ofPeople, func(tx *Tx) error { return tx.SetDisabled(user.ID, true) }},
		{"a password", ofNothing, func(tx *Tx) error { return tx.SetPasswordHash(user.ID, "x") }},
		{"a policy", ofAccess, func(tx *Tx) error { _, err := tx.PutPolicy(policy, "", ""); return err }},
		{"scenarios", ofNothing, func(tx *Tx) error { return tx.SetPolicyScenarios("p", []alveary.PolicyScenario{{Name: "x"}}) }},
		{"an observation", ofNothing, func(tx *Tx) error {
			return tx.AddObservations(map[alveary.PolicyID]int64{"p": 1}, tx.Now())
		}},
		{"a removed policy", ofAccess, func(tx *Tx) error { return tx.DeletePolicy("p", "", "") }},
		{"a namespace", ofAccess, func(tx *Tx) error { return tx.PutNamespace(Namespace{Name: "n", Editors: EditorsAdmins}) }},
		{"a removed namespace", ofAccess, func(tx *Tx) error { return tx.DeleteNamespace("n") }},
		{"a folder", ofNothing, func(tx *Tx) (err error) {
			folder, err = tx.Insert(line(tx, commonFolder), folderNamed("d"))
			return err
		}},
		{"a file", ofNothing, func(tx *Tx) (err error) { file, err = tx.Insert(line(tx, folder.ID), fileNamed("f")); return err }},
		{"a removed file", ofNothing, func(tx *Tx) error { return erase(tx, line(tx, file.ID)) }},
		{"a workspace", ofAccess, func(tx *Tx) error { return tx.InsertWorkspace(alveary.Workspace{Slug: "w", Root: folder.ID}) }},
		{"a changed workspace", ofAccess, func(tx *Tx) error { return tx.UpdateWorkspace(alveary.Workspace{Slug: "w"}) }},
		{"the folder of a workspace", ofAccess, func(tx *Tx) error { return erase(tx, line(tx, folder.ID)) }},
		{"a removed workspace", ofAccess, func(tx *Tx) error { return tx.DeleteWorkspace("common-files") }},
		{"a home", ofAccess, func(tx *Tx) error { return tx.InsertHome(user.ID, alveary.TemplateMyFiles, usersFolder) }},
		{"a session", ofNothing, func(tx *Tx) error {
			for _, id := range []alveary.SessionID{"s1", "s2", "s3"} {
				if _, err := tx.InsertSession(alveary.Session{ID: id, User: user.ID}, ""); err != nil {
					return err
				}
			}
			return nil
		}},
		{"a session that is used", ofNothing, func(tx *Tx) error { return tx.SeeSession("s1") }},
		{"a session that ends", ofPeople, func(tx *Tx) error { return tx.DeleteSession(user.ID, "s1") }},
		{"the other sessions", ofPeople, func(tx *Tx) error { _, err := tx.DeleteOtherSessions(user.ID, "s2"); return err }},
		{"no other sessions", ofNothing, func(tx *Tx) error { _, err := tx.DeleteOtherSessions(user.ID, "s2"); return err }},
		{"passed sessions", ofPeople, func(tx *Tx) error { _, err := tx.DeletePassedSessions(tx.Now()); return err }},
		{"no passed sessions", ofNothing, func(tx *Tx) error { _, err := tx.DeletePassedSessions(tx.Now()); return err }},
		{"a token", ofNothing, func(tx *Tx) error {
			for _, id := range []alveary.TokenID{"t1", "t2"} {
				if _, err := tx.InsertToken(alveary.Token{ID: id, User: user.ID}, ""); err != nil {
					return err
				}
			}
			return nil
		}},
		{"a token that is used", ofNothing, func(tx *Tx) error { return tx.UseToken("t1") }},
		{"a revoked token", ofPeople, func(tx *Tx) error { return tx.DeleteToken(user.ID, "t1") }},
		{"all tokens", ofPeople, func(tx *Tx) error { _, err := tx.DeleteTokens(user.ID); return err }},
		{"no tokens", ofNothing, func(tx *Tx) error { _, err := tx.DeleteTokens(user.ID); return err }},
		{"a record", ofNothing, func(tx *Tx) error { return tx.Record(alveary.AuditRecord{}) }},
		{"a look", ofNothing, func(tx *Tx) error { _, err := tx.Access(context.Background()); return err }},
	}
}
