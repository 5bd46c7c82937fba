package vigil

import (
	"errors"
	"testing"
	"time"

	"alveary"
	"alveary/store"
	"alveary/store/share"
)

// visit is a link of ann on a file, with who came by it.
type visit struct {
	ann     alveary.Subject
	entry   alveary.Entry // hers
	file    alveary.Lineage
	link    alveary.Cell
	visitor alveary.Subject
}

// visited makes a link, which people must sign in for where guests are given.
func (h *house) visited(t *testing.T, tx *store.Tx, name string, guest *alveary.Subject) (v visit, err error) {
	v.file = h.child(t, tx, h.area(t, tx), leaf(name))
	ann, err := tx.InsertUser(alveary.User{Login: "owner of " + name, Profile: alveary.ProfileStandard, Group: alveary.RootGroup}, "")
	if err != nil {
		return v, err
	}
	if v.ann, err = tx.Subject(ann.ID); err != nil {
		return v, err
	}
	if v.entry, err = tx.InsertEntry(alveary.Entry{Role: v.ann.Role, Node: v.file.Node().ID, Rights: alveary.RightRead}); err != nil {
		return v, err
	}
	v.link = alveary.Cell{
		Owner: ann.ID, Link: &alveary.Link{Mode: alveary.LinkRead},
		Entries: []alveary.Entry{{Node: v.file.Node().ID, Rights: alveary.RightRead}},
	}
	if guest != nil {
		v.link.Link.People = []alveary.RoleID{guest.Role}
	}
	if v.link, err = tx.InsertCell(v.link, share.CellSecret{Token: name}); err != nil {
		return v, err
	}
	v.visitor = alveary.Visiting(v.link.ID, ann.ID)
	v.visitor.Address, v.visitor.Guest, v.visitor.Stamp = "203.0.113.9", guest, v.link.Stamp(name, "")
	return v, nil
}

// guest is a user who is signed in.
func (h *house) guest(tx *store.Tx, name string) (s alveary.Subject, err error) {
	u, err := tx.InsertUser(alveary.User{Login: name, Profile: alveary.ProfileStandard, Group: alveary.RootGroup}, "")
	if err != nil {
		return s, err
	}
	session, err := tx.InsertSession(alveary.Session{ID: alveary.SessionID("s of " + name), User: u.ID, Expires: tx.Now().Add(time.Hour)}, "")
	if err != nil {
		return s, err
	}
	s, err = tx.Subject(u.ID)
	s.Session = session.ID
	return s, err
}

// THREATS.md 10: what takes a link from its visitors cuts their downloads within
// a second: its end, another address or password, a right that its owner loses, in
// whatever way, the house rules, and the sign-in of who had to sign in. What
// others download goes on.
func TestThreat10_VisitorsAreCut(t *testing.T) {
	type event struct {
		name string
		do   func(*store.Tx, visit) error
	}
	events := []event{
		{"the link ended", func(tx *store.Tx, v visit) error { return tx.DeleteCell(v.link.ID) }},
		{"its time is over", func(tx *store.Tx, v visit) error {
			v.link.Until = tx.Now()
			return tx.UpdateCell(v.link)
		}},
		{"its address is another", func(tx *store.Tx, v visit) error {
			return tx.SetCellSecret(v.link.ID, share.CellSecret{Token: "another"})
		}},
		{"it has a password", func(tx *store.Tx, v visit) error {
			return tx.SetCellSecret(v.link.ID, share.CellSecret{Token: "it has a password", Password: "a hash"})
		}},
		{"its chosen address is another", func(tx *store.Tx, v visit) error {
			v.link.Slug = "another-address"
			return tx.UpdateCell(v.link)
		}},
		{"it was made a drop box", func(tx *store.Tx, v visit) error {
			v.link.Link = &alveary.Link{Mode: alveary.LinkDrop}
			return tx.UpdateCell(v.link)
		}},
		{"the owner lost the right", func(tx *store.Tx, v visit) error { return tx.DeleteEntry(v.entry.ID) }},
		{"the owner is denied it", func(tx *store.Tx, v visit) error {
			_, err := tx.InsertEntry(alveary.Entry{Role: v.ann.Role, Node: v.file.Node().ID, Deny: true})
			return err
		}},
		{"the owner is disabled", func(tx *store.Tx, v visit) error {
			return tx.SetDisabled(v.ann.User.ID, true)
		}},
		{"a policy denies it to the owner", func(tx *store.Tx, v visit) error {
			_, err := tx.PutPolicy(alveary.Policy{ID: "p", Type: alveary.PolicyACL, Mode: alveary.ModeEnforced, Rules: []alveary.Rule{
				{Effect: alveary.EffectAllow, Actions: []string{"read"}}, {Effect: alveary.EffectDeny, Actions: []string{"download"}},
			}}, "", "")
			if err == nil {
				_, err = tx.InsertEntry(alveary.Entry{Role: v.ann.Role, Node: v.file.Node().ID, Policies: []alveary.PolicyID{"p"}})
			}
			return err
		}},
		{"house rules forbid such links", func(tx *store.Tx, v visit) error {
			no := false
			_, err := tx.PutHouseRule(alveary.HouseRule{Role: v.ann.Role, Node: alveary.RootID, Terms: alveary.Terms{FileLinks: &no}})
			return err
		}},
		{"the file is in the bin", func(tx *store.Tx, v visit) error {
			_, err := tx.Bin(v.file, 0)
			return err
		}},
		{"the file is gone", func(tx *store.Tx, v visit) error {
			_, _, err := tx.Delete(v.file)
			return err
		}},
		{"the guest is signed out", func(tx *store.Tx, v visit) error {
			return tx.DeleteSession(v.visitor.Guest.User.ID, v.visitor.Guest.Session)
		}},
		{"the guest is disabled", func(tx *store.Tx, v visit) error {
			u := v.visitor.Guest.User
			u.Disabled = true
			return tx.UpdateUser(u)
		}},
		{"the guest is denied it", func(tx *store.Tx, v visit) error {
			_, err := tx.InsertEntry(alveary.Entry{Role: v.visitor.Guest.Role, Node: v.file.Node().ID, Deny: true})
			return err
		}},
		{"the guest is none of its people", func(tx *store.Tx, v visit) error {
			v.link.Link = &alveary.Link{Mode: alveary.LinkRead, People: []alveary.RoleID{v.ann.Role}}
			return tx.UpdateCell(v.link)
		}},
	}
	onEach(t, func(t *testing.T, h *house) {
		visits, streams := make([]visit, len(events)), make([]*Stream, len(events))
		var bystander visit
		h.write(t, func(tx *store.Tx) (err error) {
			for i, e := range events {
				var guest *alveary.Subject
				if e.name[:7] == "the gue" {
					s, err := h.guest(tx, e.name)
					if err != nil {
						return err
					}
					guest = &s
				}
				if visits[i], err = h.visited(t, tx, e.name, guest); err != nil {
					return err
				}
			}
			bystander, err = h.visited(t, tx, "bystander", nil)
			return err
		})
		others := h.watch(bystander.visitor, bystander.file)
		defer others.End()
		for i := range events {
			streams[i] = h.watch(visits[i].visitor, visits[i].file)
			defer streams[i].End()
		}
		h.await(t, streams[0])
		for i, e := range events {
			h.write(t, func(tx *store.Tx) error { return e.do(tx, visits[i]) })
			begun := time.Now()
			err := cutSoon(t, streams[i])
			t.Logf("%s: cut after %s, %v", e.name, time.Since(begun).Round(time.Millisecond), err)
			for j, s := range streams[i+1:] {
				if s.Err() != nil {
					t.Errorf("%s: and %s was cut too: %v", e.name, events[i+1+j].name, s.Err())
				}
			}
		}
		// What changes nothing of how he was let in cuts nothing.
		h.write(t, func(tx *store.Tx) error {
			bystander.link.Label = "another"
			return errors.Join(tx.UpdateCell(bystander.link), tx.SetCellSecret(bystander.link.ID, share.CellSecret{Token: "bystander"}))
		})
		h.await(t, others)
		if err := others.Err(); err != nil {
			t.Errorf("the bystander was cut: %v", err)
		}
		// Each cut is on record as the link's.
		h.write(t, func(tx *store.Tx) error {
			lines, err := tx.Audit(100)
			for _, line := range lines {
				if line.Action == "cut-download" && (line.Login[:5] != "link " || line.Address != "203.0.113.9") {
					t.Errorf("on record %+v", line)
				}
			}
			return err
		})
	})
}

// What a visitor makes is that of who owns the link when it is made, and who
// signed in for it is as he is then.
func TestRenewVisitor(t *testing.T) {
	onEach(t, func(t *testing.T, h *house) {
		h.write(t, func(tx *store.Tx) error {
			guest, err := h.guest(tx, "guest")
			if err != nil {
				return err
			}
			v, err := h.visited(t, tx, "file", &guest)
			if err != nil {
				return err
			}
			stale := v.visitor
			changed := guest
			changed.User.Name, changed.User.Roles = "of before", []alveary.RoleID{"gone"}
			stale.Maker, stale.Guest = 4711, &changed
			now, until, err := Renew(tx, stale)
			if err != nil || now.Maker != v.ann.User.ID || now.Guest.User.Name != "" || len(now.Guest.User.Roles) != 0 || !until.After(tx.Now()) {
				t.Errorf("renewed to %+v with the guest %+v until %v, %v", now, now.Guest, until, err)
			}
			if changed.User.Name != "of before" {
				t.Error("the subject of before was changed")
			}
			if err := tx.DeleteCell(v.link.ID); err != nil {
				return err
			}
			if _, _, err := Renew(tx, stale); !alveary.IsKind(err, alveary.KindNotFound) {
				t.Errorf("of a link that ended: %v", err)
			}
			return nil
		})
	})
}
