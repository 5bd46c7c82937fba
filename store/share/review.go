package share

import (
	"time"

	"alveary"
	"alveary/store/sqldb"
)

// InsertReview keeps a review with the Cells that it asks about, and gives it
// with its id and time.
func (r Rows) InsertReview(v alveary.Review) (alveary.Review, error) {
	v.ID, v.Made = alveary.ReviewID(r.newID()), r.present()
	if err := checkText("ask for a review", v.Note); err != nil {
		return v, err
	}
	if _, err := r.sql.Exec(`INSERT INTO reviews (id, by_user, note, due_at, made_at) VALUES ($1, $2, $3, $4, $5)`,
		v.ID, v.By, v.Note, sqldb.Micros(v.Due), sqldb.Micros(v.Made)); err != nil {
		return v, err
	}
	rows := make([][]any, len(v.Cells))
	for i, c := range v.Cells {
		rows[i] = []any{v.ID, c.Cell, c.Owner, c.Label, c.Answer, sqldb.Micros(c.At)}
	}
	return v, r.sql.InsertMany(`INSERT INTO review_cells (review_id, cell_id, owner_id, label, answer, answered_at)`, "", rows)
}

// reviews reads reviews, newest first, with those of their Cells for which the
// condition on review_cells holds; both take the same arguments.
func (r Rows) reviews(where, cells string, args ...any) (reviews []alveary.Review, err error) {
	at := map[alveary.ReviewID]int{}
	if err := r.sql.All(func(row sqldb.Scanner) error {
		var v alveary.Review
		var due, made int64
		err := row.Scan(&v.ID, &v.By, &v.Note, &due, &made)
		v.Due, v.Made = sqldb.Time(due), sqldb.Time(made)
		at[v.ID] = len(reviews)
		reviews = append(reviews, v)
		return err
	}, `SELECT id, by_user, note, due_at, made_at FROM reviews`+where+` ORDER BY id DESC`, args...); err != nil || len(reviews) == 0 {
		return nil, err
	}
	err = r.sql.All(func(row sqldb.Scanner) error {
		var id alveary.ReviewID
		var c alveary.Reviewed
		var answered int64
		err := row.Scan(&id, &c.Cell, &c.Owner, &c.Label, &c.Answer, &answered)
		c.At = sqldb.Time(answered)
		if i, ok := at[id]; ok {
			reviews[i].Cells = append(reviews[i].Cells, c)
		}
		return err
	}, `SELECT review_id, cell_id, owner_id, label, answer, answered_at FROM review_cells`+cells+` ORDER BY review_id, cell_id`, args...)
	return reviews, err
}

// Reviews lists the reviews, newest first.
func (r Rows) Reviews() ([]alveary.Review, error) { return r.reviews(``, ``) }

// Review finds a review; KindNotFound where there is none.
func (r Rows) Review(id alveary.ReviewID) (alveary.Review, error) {
	reviews, err := r.reviews(` WHERE id = $1`, ` WHERE review_id = $1`, id)
	if err == nil && len(reviews) == 0 {
		err = notFound("find the review", "there is no such review")
	}
	if err != nil {
		return alveary.Review{}, err
	}
	return reviews[0], nil
}

// ReviewsOpen lists the reviews that wait for an owner, newest first, each with
// those of his Cells that he has not answered for.
func (r Rows) ReviewsOpen(owner alveary.UserID) ([]alveary.Review, error) {
	const open = ` WHERE owner_id = $1 AND answer = ''`
	return r.reviews(` WHERE id IN (SELECT review_id FROM review_cells`+open+`)`, open, owner)
}

// AnswerReview answers for a Cell in every review that still asks about it, and
// says in how many.
func (r Rows) AnswerReview(cell alveary.CellID, answer string, at time.Time) (n int64, err error) {
	return r.sql.Count(`UPDATE review_cells SET answer = $2, answered_at = $3 WHERE cell_id = $1 AND answer = ''`, cell, answer, sqldb.Micros(at))
}
