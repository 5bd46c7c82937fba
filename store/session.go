package store

import (
	"database/sql"
	"errors"
	"time"

	"alveary"
	"alveary/store/sqldb"
)

const sessionColumns = `id, user_id, created_at, seen_at, expires_at, address, agent`

func scanSession(row scanner, more ...any) (s alveary.Session, err error) {
	var created, seen, expires int64
	err = row.Scan(append([]any{&s.ID, &s.User, &created, &seen, &expires, &s.Address, &s.UserAgent}, more...)...)
	s.Created, s.LastSeen, s.Expires = sqldb.Time(created), sqldb.Time(seen), sqldb.Time(expires)
	return s, err
}

// InsertSession begins a session, created and seen at the transaction's time.
// Of its secret only the hash is kept.
func (tx *Tx) InsertSession(s alveary.Session, secretHash string) (alveary.Session, error) {
	s.Created = sqldb.Time(sqldb.Micros(tx.now))
	s.LastSeen, s.Expires = s.Created, sqldb.Time(sqldb.Micros(s.Expires))
	_, err := tx.exec(`INSERT INTO sessions (`+sessionColumns+`, secret) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		s.ID, s.User, sqldb.Micros(s.Created), sqldb.Micros(s.LastSeen), sqldb.Micros(s.Expires), s.Address, s.UserAgent, secretHash)
	return s, err
}

// Session finds a session, whether or not its time has passed, with the hash
// of its secret; KindNotFound where there is none.
func (tx *Tx) Session(id alveary.SessionID) (s alveary.Session, secretHash string, err error) {
	s, err = scanSession(tx.row(`SELECT `+sessionColumns+`, secret FROM sessions WHERE id = $1`, id), &secretHash)
	if errors.Is(err, sql.ErrNoRows) {
		err = &alveary.Error{Kind: alveary.KindNotFound, Op: "find the session", Code: "not-found", Message: "there is no such session"}
	}
	return s, secretHash, err
}

// Sessions lists a user's sessions, whether or not their time has passed, the
// last seen first.
func (tx *Tx) Sessions(user alveary.UserID) (sessions []alveary.Session, err error) {
	err = tx.all(func(row scanner) error {
		s, err := scanSession(row)
		sessions = append(sessions, s)
		return err
	}, `SELECT `+sessionColumns+` FROM sessions WHERE user_id = $1 ORDER BY seen_at DESC, id`, user)
	return sessions, err
}

// SeeSession notes that a session was used at the transaction's time.
func (tx *Tx) SeeSession(id alveary.SessionID) error {
	_, err := tx.exec(`UPDATE sessions SET seen_at = $1 WHERE id = $2 AND seen_at < $1`, sqldb.Micros(tx.now), id)
	return err
}

// DeleteSession ends one session of the user; KindNotFound where he has none
// of that id.
func (tx *Tx) DeleteSession(user alveary.UserID, id alveary.SessionID) error {
	return tx.deleteOwn("end the session", `DELETE FROM sessions WHERE user_id = $1 AND id = $2`, user, string(id))
}

// DeleteOtherSessions ends the user's sessions except the one to keep, which
// may be empty, and says how many it ended.
func (tx *Tx) DeleteOtherSessions(user alveary.UserID, keep alveary.SessionID) (int64, error) {
	return tx.end(`DELETE FROM sessions WHERE user_id = $1 AND id <> $2`, user, keep)
}

// DeletePassedSessions removes the sessions that expired or were last seen
// before idleSince, and says how many those were.
func (tx *Tx) DeletePassedSessions(idleSince time.Time) (int64, error) {
	return tx.end(`DELETE FROM sessions WHERE expires_at <= $1 OR seen_at <= $2`, sqldb.Micros(tx.now), sqldb.Micros(idleSince))
}

func (tx *Tx) deleteOwn(op, query string, user alveary.UserID, id string) error {
	n, err := tx.end(query, user, id)
	if err == nil && n == 0 {
		err = alveary.Withheld(op)
	}
	return err
}

// end removes sessions or tokens and says how many. What runs under one of
// them is to look again: it is a change of access.
func (tx *Tx) end(query string, args ...any) (int64, error) {
	n, err := tx.count(query, args...)
	if err != nil || n == 0 {
		return n, err
	}
	return n, tx.accessChanged()
}
