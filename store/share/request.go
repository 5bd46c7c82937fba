package share

import (
	"database/sql"
	"errors"
	"slices"

	"alveary"
	"alveary/store/sqldb"
)

const requestColumns = `q.id, q.user_id, q.node_id, q.rights, q.message, q.made_at, q.answer, q.answered_by, q.answered_at, q.cell_id`

func noRequest() error { return notFound("find the request", "there is no such request") }

func scanRequest(row sqldb.Scanner) (q alveary.Request, err error) {
	var rights string
	var at, answered int64
	if err := row.Scan(&q.ID, &q.User, &q.Node, &rights, &q.Message, &at, &q.Answer, &q.By, &answered, &q.Cell); err != nil {
		return q, err
	}
	q.At, q.Answered = sqldb.Time(at), sqldb.Time(answered)
	q.Rights, _ = alveary.ParseRights(rights)
	return q, nil
}

// InsertRequest keeps a request and who may answer it, and gives it with its id
// and time.
func (r Rows) InsertRequest(q alveary.Request, managers []alveary.UserID) (alveary.Request, error) {
	q.ID, q.At, q.Rights = alveary.RequestID(r.newID()), r.present(), q.Rights&alveary.Givable
	if err := checkText("ask for a right", q.Message); err != nil {
		return q, err
	}
	if _, err := r.sql.Exec(`INSERT INTO requests (id, user_id, node_id, rights, message, made_at, answer, answered_by, answered_at, cell_id)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, q.ID, q.User, q.Node, q.Rights.String(), q.Message, sqldb.Micros(q.At),
		q.Answer, q.By, sqldb.Micros(q.Answered), q.Cell); err != nil {
		return q, err
	}
	managers = slices.Clone(managers)
	slices.Sort(managers)
	managers = slices.Compact(managers)
	rows := make([][]any, len(managers))
	for i, m := range managers {
		rows[i] = []any{q.ID, m}
	}
	return q, r.sql.InsertMany(`INSERT INTO request_managers (request_id, user_id)`, "", rows)
}

// Request finds a request and who may answer it; KindNotFound where there is
// none.
func (r Rows) Request(id alveary.RequestID) (q alveary.Request, managers []alveary.UserID, err error) {
	q, err = scanRequest(r.sql.Row(`SELECT `+requestColumns+` FROM requests q WHERE q.id = $1`, id))
	if err != nil {
		return q, nil, orMissing(err, noRequest())
	}
	err = r.sql.All(func(row sqldb.Scanner) error {
		var m alveary.UserID
		err := row.Scan(&m)
		managers = append(managers, m)
		return err
	}, `SELECT user_id FROM request_managers WHERE request_id = $1 ORDER BY user_id`, id)
	return q, managers, err
}

func (r Rows) requests(where string, args ...any) (list []alveary.Request, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		q, err := scanRequest(row)
		list = append(list, q)
		return err
	}, `SELECT `+requestColumns+` FROM requests q`+where+` ORDER BY q.id DESC`, args...)
	return list, err
}

// RequestsFor lists the requests that a user may answer, newest first.
func (r Rows) RequestsFor(manager alveary.UserID, openOnly bool) ([]alveary.Request, error) {
	where := ` JOIN request_managers m ON m.request_id = q.id WHERE m.user_id = $1`
	if openOnly {
		where += ` AND q.answer = ''`
	}
	return r.requests(where, manager)
}

// RequestsOf lists the requests that a user made, newest first.
func (r Rows) RequestsOf(user alveary.UserID) ([]alveary.Request, error) {
	return r.requests(` WHERE q.user_id = $1`, user)
}

// OpenRequest finds the request of a user for a node that nobody answered yet.
func (r Rows) OpenRequest(user alveary.UserID, node alveary.NodeID) (alveary.Request, bool, error) {
	q, err := scanRequest(r.sql.Row(`SELECT `+requestColumns+` FROM requests q
 WHERE q.user_id = $1 AND q.node_id = $2 AND q.answer = '' ORDER BY q.id DESC LIMIT 1`, user, node))
	if errors.Is(err, sql.ErrNoRows) {
		return alveary.Request{}, false, nil
	}
	return q, err == nil, err
}

// AnswerRequest keeps the answer of a request, who gave it and the Cell that
// gives what was granted; the time is filled in where it is zero. One that has
// an answer already is KindConflict "answered".
func (r Rows) AnswerRequest(q alveary.Request) error {
	const op = "answer the request"
	if q.Answer == "" {
		return invalid(op, "", "an answer is needed")
	}
	if q.Answered.IsZero() {
		q.Answered = r.now
	}
	n, err := r.sql.Count(`UPDATE requests SET rights = $2, answer = $3, answered_by = $4, answered_at = $5, cell_id = $6 WHERE id = $1 AND answer = ''`,
		q.ID, (q.Rights & alveary.Givable).String(), q.Answer, q.By, sqldb.Micros(q.Answered), q.Cell)
	if err != nil || n == 1 {
		return err
	}
	if _, _, err := r.Request(q.ID); err != nil {
		return err
	}
	return &alveary.Error{Kind: alveary.KindConflict, Op: op, Code: "answered", Message: "this request was answered already"}
}
