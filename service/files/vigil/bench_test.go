package vigil

import (
	"fmt"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/store"
)

// many is how many streams a look is about.
const many = 1000

// crowd is a vigil that nobody keeps, over streams of as many users in as many
// sessions on as many files.
func crowd(b *testing.B, database string) *house {
	b.Helper()
	h := newHouse(b, database)
	b.Cleanup(func() { b.Logf("%d streams were watched", h.vigil.Streams()) })
	h.write(b, func(tx *store.Tx) error {
		var folder alveary.Lineage
		for i := range many {
			if i%20 == 0 {
				folder = h.child(b, tx, h.area(b, tx), alveary.Node{Name: fmt.Sprintf("folder %d", i), Type: alveary.Collection})
			}
			file := h.child(b, tx, folder, leaf(fmt.Sprintf("file %d", i)))
			u, err := tx.InsertUser(alveary.User{Login: fmt.Sprintf("user%d", i), Profile: alveary.ProfileStandard, Group: alveary.RootGroup}, "")
			if err != nil {
				return err
			}
			session, err := tx.InsertSession(alveary.Session{ID: alveary.SessionID(fmt.Sprint(i)), User: u.ID, Expires: tx.Now().Add(time.Hour)}, "")
			if err != nil {
				return err
			}
			s, err := tx.Subject(u.ID)
			if err != nil {
				return err
			}
			s.Session = session.ID
			s.Context = &alveary.Context{Now: tx.Now(), Address: "192.0.2.7"}
			if _, err := tx.InsertEntry(alveary.Entry{Role: s.Role, Node: folder.Node().ID, Rights: alveary.Givable}); err != nil {
				return err
			}
			h.vigil.streams[&Stream{vigil: h.vigil, question: Question{Subject: s, Action: "cut-download", Operation: authz.ReadBytes, Line: file}}] = struct{}{}
		}
		return nil
	})
	h.vigil.memory = newMemory()
	h.look(b)
	return h
}

// BenchmarkLook says what a look at a thousand streams costs: where nothing
// changed, where anything in the tree did, and where anybody's access did.
func BenchmarkLook(b *testing.B) {
	for _, database := range []string{"sqlite", "postgres"} {
		h := crowd(b, database)
		b.Run(database+"/nothing changed", func(b *testing.B) {
			for b.Loop() {
				h.look(b)
			}
		})
		b.Run(database+"/the tree changed", func(b *testing.B) {
			for b.Loop() {
				h.vigil.memory.counters.Revision, h.vigil.mark.Revision = 0, 0
				h.look(b)
			}
		})
		b.Run(database+"/access changed", func(b *testing.B) {
			for b.Loop() {
				h.vigil.memory.counters.Access, h.vigil.mark.Access = 0, 0
				h.look(b)
			}
		})
	}
}
