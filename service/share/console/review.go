package console

import (
	"context"
	"fmt"
	"strings"
	"time"

	"alveary"
	"alveary/service/share/hall"
)

// ReviewView is a review with the people of whom it speaks.
type ReviewView struct {
	alveary.Review
	By    hall.Person
	Cells []ReviewedView
}

// ReviewedView is a share within a review.
type ReviewedView struct {
	alveary.Reviewed
	Owner hall.Person
}

// mostNote is how long the note of a review may be, in characters.
const mostNote = 1000

// AskReview asks the owners of shares to look at them by a date.
func (s *Service) AskReview(ctx context.Context, by alveary.Subject, ids []alveary.CellID, due time.Time, note string) (out ReviewView, err error) {
	err = s.change(ctx, by, "ask for a review", func(r *room) error {
		if err := r.Administrators(); err != nil {
			return err
		}
		note = strings.TrimSpace(note)
		switch {
		case !due.After(s.Now()):
			return r.Invalid("due", "past", "this date has passed already")
		case len(ids) == 0 || len(ids) > mostShares:
			return r.Invalid("ids", "invalid", "choose 1 to 500 shares")
		}
		for line := range strings.SplitSeq(note, "\n") {
			if err := alveary.CheckLine("the note", strings.TrimSuffix(line, "\r"), mostNote); err != nil {
				return r.Invalid("note", "invalid", hall.MessageOf(err))
			}
		}
		review := alveary.Review{By: by.User.ID, Note: alveary.Printable(note, 4*mostNote), Due: due}
		asked := map[alveary.CellID]bool{}
		for i, id := range ids {
			if asked[id] {
				continue
			}
			asked[id] = true
			c, err := r.Tx.Cell(id)
			if alveary.IsKind(err, alveary.KindNotFound) {
				return r.Refuse(alveary.KindNotFound, fmt.Sprintf("ids[%d]", i), "gone", "this share has ended meanwhile: leave it out")
			}
			if err != nil {
				return err
			}
			review.Cells = append(review.Cells, alveary.Reviewed{Cell: id, Owner: c.Owner, Label: c.Label})
			if _, err := r.Tx.Notify(alveary.Notice{User: c.Owner, Kind: alveary.NoticeReview, By: by.User.ID, Cell: id, Text: c.Label}); err != nil {
				return err
			}
		}
		if review, err = r.Tx.InsertReview(review); err != nil {
			return err
		}
		if err := r.record("ask-review", nil, fmt.Sprintf("review %d of %d shares, due %v", review.ID, len(review.Cells), hall.Worded(due))); err != nil {
			return err
		}
		out, err = r.reviewView(&review)
		return err
	})
	return out, err
}

// Reviews lists the reviews with their answers, newest first.
func (s *Service) Reviews(ctx context.Context, by alveary.Subject) (out []ReviewView, err error) {
	out = []ReviewView{}
	err = s.read(ctx, by, "list the reviews", func(r *room) error {
		if err := r.Administrators(); err != nil {
			return err
		}
		all, err := r.Tx.Reviews()
		if err != nil {
			return err
		}
		for i := range all {
			v, err := r.reviewView(&all[i])
			if err != nil {
				return err
			}
			out = append(out, v)
		}
		return nil
	})
	return out, err
}

func (r *room) reviewView(review *alveary.Review) (v ReviewView, err error) {
	v = ReviewView{Review: *review, Cells: make([]ReviewedView, len(review.Cells))}
	if v.By, err = r.PersonOf(review.By); err != nil {
		return v, err
	}
	for i, c := range review.Cells {
		v.Cells[i].Reviewed = c
		if v.Cells[i].Owner, err = r.PersonOf(c.Owner); err != nil {
			return v, err
		}
	}
	return v, nil
}

// AnswerReview says that a share was looked at and stays as it is. A change of
// it, and its end, are answers of themselves.
func (s *Service) AnswerReview(ctx context.Context, by alveary.Subject, id alveary.CellID, answer string) error {
	return s.change(ctx, by, "answer the review", func(r *room) error {
		if answer != "kept" {
			return r.Invalid("answer", "invalid", "the answer is kept; changing or ending the share answers as well")
		}
		c, err := r.FindCell(id)
		if err != nil {
			return err
		}
		if err := r.Manages(c, false); err != nil {
			return err
		}
		n, err := r.Tx.AnswerReview(id, answer, s.Now())
		if err != nil {
			return err
		}
		if n == 0 {
			return r.Refuse(alveary.KindNotFound, "", "not-found", "no review asks about this share")
		}
		return r.OnRecord("answer-review", c, answer)
	})
}
