package store

import (
	"reflect"
	"testing"
	"time"

	"alveary"
)

// Notices of what is opened and uploaded count on, one a day and place; all
// others stand by themselves.
func TestNotices(t *testing.T) {
	eachConfig(t, func(t *testing.T, cfg Config) {
		clock := newClock()
		cfg.Now = clock.Now
		s := open(t, cfg)
		tell := func(n alveary.Notice) (made alveary.Notice) {
			write(t, s, func(tx *Tx) (err error) { made, err = tx.Notify(n); return err })
			return made
		}
		list := func(after alveary.NoticeID, limit int, unseen bool) (list []alveary.Notice) {
			read(t, s, func(tx *Tx) (err error) { list, err = tx.Notices(1, after, limit, unseen); return err })
			return list
		}
		opened := alveary.Notice{User: 1, Kind: alveary.NoticeOpened, Cell: 5}
		first := tell(opened)
		if first.ID == 0 || first.Count != 1 || first.At.IsZero() {
			t.Errorf("%+v", first)
		}
		write(t, s, func(tx *Tx) error { return tx.SeeNotices(1, first.ID) })
		opened.Count = 3
		again := tell(opened)
		if again.ID != first.ID || again.Count != 4 || again.Seen || !again.At.After(first.At) {
			t.Errorf("%+v after %+v", again, first)
		}
		for _, other := range []alveary.Notice{
			{User: 2, Kind: alveary.NoticeOpened, Cell: 5},
			{User: 1, Kind: alveary.NoticeUploaded, Cell: 5},
			{User: 1, Kind: alveary.NoticeOpened, Cell: 6},
			{User: 1, Kind: alveary.NoticeOpened, Cell: 5, Node: 7},
		} {
			if tell(other).ID == first.ID {
				t.Errorf("%+v is counted with another", other)
			}
		}
		shared := alveary.Notice{User: 1, Kind: alveary.NoticeShared, By: 4, Cell: 5, Node: 6, Asked: 7, Count: 8, Text: "Pläne", At: first.At.Add(time.Hour)}
		a, b := tell(shared), tell(shared)
		shared.ID = b.ID
		if a.ID == b.ID || b != shared {
			t.Errorf("%+v, %+v", a, b)
		}
		clock.advance(24 * time.Hour)
		tomorrow := tell(opened)
		all := list(0, 10, false)
		if len(all) != 7 || all[0] != tomorrow || all[1] != b || all[6] != again {
			t.Errorf("%+v", all)
		}
		if next := list(b.ID, 2, false); !reflect.DeepEqual(next, all[2:4]) {
			t.Errorf("%+v", next)
		}
		write(t, s, func(tx *Tx) error { return tx.SeeNotices(1, a.ID) })
		if unseen := list(0, 10, true); !reflect.DeepEqual(unseen, all[:2]) {
			t.Errorf("%+v", unseen)
		}
		read(t, s, func(tx *Tx) error {
			one, err := tx.UnseenNotices(1)
			two, err2 := tx.UnseenNotices(2)
			if one != 2 || two != 1 || err2 != nil {
				t.Errorf("%d and %d are unseen, %v", one, two, err2)
			}
			return err
		})
		write(t, s, func(tx *Tx) error {
			waiting, err := tx.NoticesToMail(1, b.At)
			if len(waiting) != 4 || waiting[0].ID != first.ID || err != nil { // what came at that very instant waits
				t.Errorf("%+v, %v", waiting, err)
			}
			if err := tx.MailedNotices([]alveary.NoticeID{first.ID, tomorrow.ID}); err != nil {
				return err
			}
			waiting, err = tx.NoticesToMail(1, clock.Now())
			if len(waiting) != 5 || waiting[0].ID == first.ID || err != nil {
				t.Errorf("%+v, %v", waiting, err)
			}
			if err := tx.ForgetNotices(b.At.Add(time.Millisecond)); err != nil {
				return err
			}
			return err
		})
		if left := list(0, 10, false); len(left) != 1 || left[0].ID != tomorrow.ID {
			t.Errorf("%+v", left)
		}
	})
}

func TestNoticeWishes(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		at := time.Date(2026, 6, 2, 7, 0, 0, 0, time.UTC)
		write(t, s, func(tx *Tx) error {
			if wish, err := tx.NoticeWish(1); wish != "daily" || err != nil {
				t.Errorf("%q, %v", wish, err)
			}
			if last, err := tx.DigestAt(1); !last.IsZero() || err != nil {
				t.Errorf("%v, %v", last, err)
			}
			for range 2 {
				if err := tx.SetNoticeWish(1, "never"); err != nil {
					return err
				}
				if err := tx.SetDigestAt(1, at); err != nil {
					return err
				}
			}
			if err := tx.SetDigestAt(2, at); err != nil {
				return err
			}
			one, err := tx.NoticeWish(1)
			two, err2 := tx.NoticeWish(2)
			last, err3 := tx.DigestAt(1)
			if one != "never" || two != "daily" || !last.Equal(at) || err2 != nil || err3 != nil {
				t.Errorf("%q, %q, %v, %v, %v", one, two, last, err2, err3)
			}
			return err
		})
	})
}

// A request waits for one answer.
func TestRequests(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		var q, other alveary.Request
		write(t, s, func(tx *Tx) (err error) {
			if q, err = tx.InsertRequest(alveary.Request{User: 1, Node: 3, Rights: alveary.AllRights, Message: "bitte"}, []alveary.UserID{9, 8, 9}); err != nil {
				return err
			}
			other, err = tx.InsertRequest(alveary.Request{User: 1, Node: 4, Rights: alveary.RightRead}, []alveary.UserID{8})
			return err
		})
		if q.ID == 0 || q.At.IsZero() || q.Rights != alveary.Givable {
			t.Errorf("%+v", q)
		}
		check := func(open bool, forNine int, q alveary.Request) {
			t.Helper()
			read(t, s, func(tx *Tx) error {
				got, managers, err := tx.Request(q.ID)
				if got != q || !reflect.DeepEqual(managers, []alveary.UserID{8, 9}) || err != nil {
					t.Errorf("%+v, %v, %v", got, managers, err)
				}
				found, ok, err := tx.OpenRequest(1, 3)
				if ok != open || err != nil || open && found != q {
					t.Errorf("%+v, %t, %v", found, ok, err)
				}
				mine, err := tx.RequestsOf(1)
				if !reflect.DeepEqual(mine, []alveary.Request{other, q}) || err != nil {
					t.Errorf("%+v, %v", mine, err)
				}
				nine, err := tx.RequestsFor(9, true)
				all, err2 := tx.RequestsFor(8, false)
				if len(nine) != forNine || len(all) != 2 || err2 != nil {
					t.Errorf("%+v, %+v, %v", nine, all, err2)
				}
				return err
			})
		}
		check(true, 1, q)
		q.Answer, q.By, q.Cell, q.Rights = "granted", 8, 77, alveary.RightRead
		q.Answered = q.At.Add(time.Hour)
		write(t, s, func(tx *Tx) error { return tx.AnswerRequest(q) })
		check(false, 0, q)
		wantKind(t, s.Write(t.Context(), func(tx *Tx) error { return tx.AnswerRequest(q) }), alveary.KindConflict, "answered")
		wantKind(t, s.Write(t.Context(), func(tx *Tx) error { return tx.AnswerRequest(alveary.Request{ID: 5, Answer: "x"}) }), alveary.KindNotFound, "not-found")
		wantKind(t, s.Write(t.Context(), func(tx *Tx) error { return tx.AnswerRequest(alveary.Request{ID: other.ID}) }), alveary.KindInvalid, "invalid")
	})
}

// An owner answers for a Cell in all reviews at once; that it ended is an
// answer too.
func TestReviews(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ann := sharer(t, s, "ann")
		one := insertCell(t, s, alveary.Cell{Slug: "one", Owner: ann.ID}, CellSecret{})
		two := insertCell(t, s, alveary.Cell{Slug: "two", Owner: ann.ID}, CellSecret{})
		asks := []alveary.Reviewed{{Cell: one.ID, Owner: ann.ID, Label: "One"}, {Cell: two.ID, Owner: ann.ID, Label: "Two"}, {Cell: two.ID + 1, Owner: 9}}
		var first, second alveary.Review
		write(t, s, func(tx *Tx) (err error) {
			if first, err = tx.InsertReview(alveary.Review{By: 4, Note: "look", Due: tx.Now().Add(time.Hour), Cells: asks}); err != nil {
				return err
			}
			second, err = tx.InsertReview(alveary.Review{Cells: asks[:1]})
			return err
		})
		read(t, s, func(tx *Tx) error {
			got, err := tx.Review(first.ID)
			if !got.Due.Equal(first.Due.Truncate(time.Microsecond)) || got.Note != "look" || got.By != 4 || !reflect.DeepEqual(got.Cells, asks) {
				t.Errorf("%+v, %v", got, err)
			}
			_, err = tx.Review(5)
			wantKind(t, err, alveary.KindNotFound, "not-found")
			all, err := tx.Reviews()
			if len(all) != 2 || all[0].ID != second.ID || len(all[0].Cells) != 1 || len(all[1].Cells) != 3 {
				t.Errorf("%+v, %v", all, err)
			}
			open, err := tx.ReviewsOpen(ann.ID)
			if len(open) != 2 || len(open[1].Cells) != 2 {
				t.Errorf("%+v", open)
			}
			return err
		})
		write(t, s, func(tx *Tx) error {
			n, err := tx.AnswerReview(one.ID, "kept", tx.Now())
			again, err2 := tx.AnswerReview(one.ID, "changed", tx.Now())
			if n != 2 || again != 0 || err2 != nil {
				t.Errorf("%d, then %d, %v", n, again, err2)
			}
			open, err3 := tx.ReviewsOpen(ann.ID)
			if len(open) != 1 || open[0].ID != first.ID || len(open[0].Cells) != 1 || open[0].Cells[0].Cell != two.ID || err3 != nil {
				t.Errorf("%+v, %v", open, err3)
			}
			return err
		})
		write(t, s, func(tx *Tx) error { return tx.DeleteCell(two.ID) })
		read(t, s, func(tx *Tx) error {
			open, err := tx.ReviewsOpen(ann.ID)
			if len(open) != 0 || err != nil {
				t.Errorf("%+v, %v", open, err)
			}
			got, err := tx.Review(first.ID)
			if got.Cells[0].Answer != "kept" || got.Cells[1].Answer != "ended" || got.Cells[1].At.IsZero() || got.Cells[1].Label != "Two" || got.Cells[2].Answer != "" {
				t.Errorf("%+v", got.Cells)
			}
			return err
		})
	})
}
