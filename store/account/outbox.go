package account

import (
	"time"

	"alveary"
	"alveary/store/sqldb"
)

const outboxColumns = `id, recipient, kind, data, created_at, next_at, tries, failure`

func scanMessage(row sqldb.Scanner) (m alveary.Message, err error) {
	var created, next int64
	err = row.Scan(&m.ID, &m.To, &m.Kind, &m.Data, &created, &next, &m.Tries, &m.Failure)
	m.Created, m.Next = sqldb.Time(created), sqldb.Time(next)
	return m, err
}

// Post puts a mail into the outbox, to be sent from the transaction's time on.
func (r Rows) Post(to, kind, data string) error {
	now := sqldb.Micros(r.now)
	_, err := r.sql.Exec(`INSERT INTO outbox (`+outboxColumns+`) VALUES ($1, $2, $3, $4, $5, $5, 0, '')`, r.newID(), to, kind, data, now)
	return err
}

// TakeMessage takes one mail that is due and leases it until then: no other
// server takes it meanwhile. KindNotFound where none is due.
func (r Rows) TakeMessage(until time.Time) (alveary.Message, error) {
	m, err := scanMessage(r.sql.Row(`UPDATE outbox SET next_at = $1, tries = tries + 1
 WHERE id = (SELECT id FROM outbox WHERE next_at <= $2 ORDER BY next_at, id LIMIT 1) AND next_at <= $2 RETURNING `+outboxColumns,
		sqldb.Micros(until), sqldb.Micros(r.now)))
	return m, orMissing(err, "take a mail", "no mail is due")
}

// MessageDue says whether a mail is due at the transaction's time.
func (r Rows) MessageDue() (due bool, err error) {
	var n int64
	err = r.sql.Row(`SELECT COUNT(*) FROM (SELECT id FROM outbox WHERE next_at <= $1 LIMIT 1) AS due`, sqldb.Micros(r.now)).Scan(&n)
	return n > 0, err
}

// HastenMessages makes those due that wait until later than that: under way
// none of them is.
func (r Rows) HastenMessages(later time.Time) error {
	_, err := r.sql.Exec(`UPDATE outbox SET next_at = $1 WHERE next_at > $2`, sqldb.Micros(r.now), sqldb.Micros(later))
	return err
}

// DelayMessage keeps a mail that could not be sent until its next try.
func (r Rows) DelayMessage(id int64, next time.Time, failure string) error {
	_, err := r.sql.Exec(`UPDATE outbox SET next_at = $1, failure = $2 WHERE id = $3`, sqldb.Micros(next), failure, id)
	return err
}

// DeleteMessage removes a mail that was sent, or given up.
func (r Rows) DeleteMessage(id int64) error {
	_, err := r.sql.Exec(`DELETE FROM outbox WHERE id = $1`, id)
	return err
}

// Outbox counts the mails that wait and gives the failure of the one that
// waits longest; empty where none has failed.
func (r Rows) Outbox() (waiting int64, failure string, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		var f string
		err := row.Scan(&f)
		waiting++
		if failure == "" {
			failure = f
		}
		return err
	}, `SELECT failure FROM outbox ORDER BY created_at, id`)
	return waiting, failure, err
}

// DropSealed removes what only a lost key could open: the seeds of
// authenticator apps and the mail that waits. It says how many seeds.
func (r Rows) DropSealed() (seeds int64, err error) {
	if _, err := r.sql.Exec(`DELETE FROM outbox`); err != nil {
		return 0, err
	}
	return r.end(`DELETE FROM factors WHERE kind = $1`, string(alveary.FactorTOTP))
}
