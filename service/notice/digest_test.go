package notice_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"alveary"
	"alveary/service/notice"
	"alveary/store"
)

var errBroken = errors.New("broken off")

func (w *stage) wish(id alveary.UserID, mail string) {
	w.t.Helper()
	if err := w.SetWish(w.t.Context(), w.as(id), mail); err != nil {
		w.t.Fatal(err)
	}
}

// to are the mails that wait, as "to: line | line".
func (w *stage) to() (out []string) {
	w.t.Helper()
	for _, p := range w.posted() {
		out = append(out, strings.TrimSuffix(p.To, "@example.org")+": "+strings.Join(p.Lines, " | "))
	}
	return out
}

// Who wished nothing gets one mail a day at seven, with what he has not seen.
func TestDailyDigest(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		cell := w.cell("Plans", nil)
		handed := func(label string) alveary.Notice {
			return w.notify(alveary.Notice{User: w.ann, Kind: alveary.NoticeHanded, Cell: 77, Text: label})
		}
		seen := handed("Seen")
		if err := w.Seen(t.Context(), w.as(w.ann), seen.ID); err != nil {
			t.Fatal(err)
		}
		w.notify(alveary.Notice{User: w.ben, Kind: alveary.NoticeShared, By: w.ann, Cell: cell.ID, Text: "Plans"})
		handed("One")
		handed("Two")
		w.round()
		w.until(2, 6, 59)
		w.round()
		same(t, "before seven", w.to())
		w.until(2, 7, 0)
		handed("At seven")
		w.until(2, 7, 0)
		w.round()
		mails := w.posted()
		if len(mails) != 2 {
			t.Fatalf("%+v", mails)
		}
		m := mails[0]
		if m.To != "ann@example.org" || m.Kind != "digest" || m.Name != "Ann" || m.Login != "ann" || m.Link != "https://files.example.org/notices" || m.Lang != "en" {
			t.Errorf("%+v", m)
		}
		same(t, "Ann’s", m.Lines, "One was handed over to you", "Two was handed over to you")
		same(t, "Ben’s", mails[1].Lines, "Ann shared the Cell Plans with you")
		w.until(2, 20, 0)
		w.round()
		same(t, "later that day", w.to())
		w.until(4, 9, 0) // nobody was there at seven, nor the day before
		w.round()
		same(t, "two days later", w.to(), "ann: At seven was handed over to you")
	})
}

// At once means when five minutes of collecting are over.
func TestAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		w.wish(w.ann, notice.AtOnce)
		handed := func(label string) {
			w.notify(alveary.Notice{User: w.ann, Kind: alveary.NoticeHanded, Cell: 77, Text: label})
		}
		handed("One")
		w.until(1, 12, 4)
		handed("Two")
		w.round()
		same(t, "while collecting", w.to())
		w.until(1, 12, 6)
		w.round()
		same(t, "then", w.to(), "ann: One was handed over to you | Two was handed over to you")
		w.until(1, 12, 20)
		w.round()
		w.until(2, 7, 1)
		w.round()
		same(t, "again", w.to())
	})
}

// External people do not come by every day: what is shared with them they are
// told at once, and nothing else.
func TestExternalPeopleAreToldAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		xan := w.as(w.xan).Role
		cell := w.cell("Plans", func(c *alveary.Cell) { c.Entries[0].Role = xan })
		shared := alveary.Notice{User: w.xan, Kind: alveary.NoticeShared, By: w.ann, Cell: cell.ID, Text: "Plans"}
		w.notify(shared)
		w.notify(alveary.Notice{User: w.xan, Kind: alveary.NoticeHanded, Cell: 77, Text: "Other"})
		w.until(1, 12, 6)
		w.round()
		same(t, "at once", w.to(), "xan: Ann shared the Cell Plans with you")
		w.until(2, 7, 1)
		w.round()
		same(t, "daily", w.to(), "xan: Other was handed over to you")
		w.wish(w.xan, notice.Never)
		w.notify(shared)
		w.until(3, 8, 0)
		w.round()
		same(t, "who wishes none", w.to())
	})
}

// Who cannot or will not be mailed is not mailed later either.
func TestWhoIsNotMailed(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		w.wish(w.ann, notice.Never)
		w.change(w.ben, func(u *alveary.User) { u.Email = "" })
		w.change(w.eve, func(u *alveary.User) { u.Disabled = true })
		for _, id := range []alveary.UserID{w.ann, w.ben, w.eve, 4711} {
			w.notify(alveary.Notice{User: id, Kind: alveary.NoticeHanded, Cell: 77, Text: "Plans"})
		}
		w.until(2, 8, 0)
		w.round()
		same(t, "none", w.to())
		w.wish(w.ann, notice.Daily)
		w.change(w.ben, func(u *alveary.User) { u.Email = "ben@example.org" })
		w.change(w.eve, func(u *alveary.User) { u.Disabled = false })
		w.until(3, 8, 0)
		w.round()
		same(t, "later", w.to())
		w.write(func(tx *store.Tx) error { return tx.SetMailServer(alveary.MailServer{}) })
		w.notify(alveary.Notice{User: w.ben, Kind: alveary.NoticeHanded, Cell: 77, Text: "Plans"})
		w.until(4, 8, 0)
		w.round()
		same(t, "without a mail server", w.to())
	})
}

// A mail names what its reader may see when it is written, not what he could
// see before.
func TestDigestsNameWhatOneMaySeeNow(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		cell := w.cell("Plans", nil)
		w.notify(alveary.Notice{User: w.ben, Kind: alveary.NoticeShared, By: w.ann, Cell: cell.ID, Node: w.file, Text: "Plans"})
		w.write(func(tx *store.Tx) (err error) {
			_, err = tx.SetCellEntries(cell.ID, []alveary.Entry{{Role: w.roleIn(tx, w.eve), Node: w.folder, Rights: alveary.RightRead}})
			return err
		})
		w.until(2, 8, 0)
		w.round()
		same(t, "Ben’s", w.to(), "ben: Ann shared something with you")
	})
}

// A long absence makes a mail of the newest.
func TestDigestsHaveAnEnd(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		for i := range 60 {
			w.notify(alveary.Notice{User: w.ann, Kind: alveary.NoticeHanded, Cell: 77, Text: fmt.Sprintf("Plan %d", i)})
		}
		w.until(2, 8, 0)
		w.round()
		mails := w.posted()
		if len(mails) != 1 || len(mails[0].Lines) != 51 || mails[0].Lines[49] != "Plan 59 was handed over to you" || mails[0].Lines[50] != "and 10 more before" {
			t.Errorf("%+v", mails)
		}
	})
}

// However many servers look at the same time, each notice is mailed once, each
// end told of once.
func TestServersDoItOnce(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		yes := true
		for i := range 5 {
			w.cell(fmt.Sprintf("Plan%d", i), func(c *alveary.Cell) { c.Until = at(8, 12, 30) })
			w.link(fmt.Sprintf("Link%d", i), alveary.LinkRead, nil)
		}
		w.rule(alveary.Terms{Password: &yes})
		w.wish(w.ann, notice.AtOnce)
		together := func() {
			var all sync.WaitGroup
			for range 4 {
				for _, s := range []*notice.Service{w.Service, w.second} {
					all.Go(func() {
						if err := s.Round(t.Context()); err != nil {
							t.Error(err)
						}
					})
				}
			}
			all.Wait()
		}
		w.until(1, 12, 31)
		together()
		if told := w.told(w.ann); len(told) != 10 {
			t.Errorf("%q", told)
		}
		w.until(1, 12, 40)
		together()
		if mails := w.posted(); len(mails) != 1 || len(mails[0].Lines) != 10 {
			t.Errorf("%+v", mails)
		}
	})
}

// What breaks off between marking and posting has done neither.
func TestBreakingOffMailsNothingTwice(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		w.notify(alveary.Notice{User: w.ann, Kind: alveary.NoticeHanded, Cell: 77, Text: "Plans"})
		w.until(2, 8, 0)
		for range 3 {
			if err := w.Write(t.Context(), func(tx *store.Tx) error {
				list, err := tx.NoticesToMail(w.ann, w.now())
				if err != nil || len(list) != 1 {
					return fmt.Errorf("%d wait, %w", len(list), err)
				}
				return errors.Join(tx.MailedNotices([]alveary.NoticeID{list[0].ID}), tx.Post("ann@example.org", "digest", "x"), errBroken)
			}); !errors.Is(err, errBroken) {
				t.Fatal(err)
			}
		}
		w.round()
		same(t, "at last", w.to(), "ann: Plans was handed over to you")
	})
}

// Run begins at once and ends with its context.
func TestRunEnds(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		w.notify(alveary.Notice{User: w.ann, Kind: alveary.NoticeHanded, Cell: 77, Text: "Plans", At: w.now().Add(-48 * time.Hour)})
		ctx, end := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); w.Run(ctx) }()
		for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			if mails := w.to(); len(mails) > 0 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("nothing was mailed")
			}
		}
		end()
		<-done
	})
}
