package account

import (
	"slices"
	"time"

	"alveary"
	"alveary/store/sqldb"
)

const sessionColumns = `id, user_id, created_at, seen_at, expires_at, address, agent, method, level, authenticated_at`

func scanSession(row sqldb.Scanner, more ...any) (s alveary.Session, err error) {
	var created, seen, expires, proved int64
	err = row.Scan(append([]any{&s.ID, &s.User, &created, &seen, &expires, &s.Address, &s.UserAgent, &s.Method, &s.Level, &proved}, more...)...)
	s.Created, s.LastSeen, s.Expires, s.Proved = sqldb.Time(created), sqldb.Time(seen), sqldb.Time(expires), sqldb.Time(proved)
	return s, err
}

// InsertSession begins a session, created, seen and proved at the
// transaction's time.
// Of its secret only the hash is kept.
func (r Rows) InsertSession(s alveary.Session, secretHash string) (alveary.Session, error) {
	s.Created = sqldb.Time(sqldb.Micros(r.now))
	s.LastSeen, s.Proved, s.Expires = s.Created, s.Created, sqldb.Time(sqldb.Micros(s.Expires))
	_, err := r.sql.Exec(`INSERT INTO sessions (`+sessionColumns+`, secret) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		s.ID, s.User, sqldb.Micros(s.Created), sqldb.Micros(s.LastSeen), sqldb.Micros(s.Expires), s.Address, s.UserAgent,
		s.Method, s.Level, sqldb.Micros(s.Proved), secretHash)
	return s, err
}

// Session finds a session, whether or not its time has passed, with the hash
// of its secret; KindNotFound where there is none.
func (r Rows) Session(id alveary.SessionID) (s alveary.Session, secretHash string, err error) {
	s, err = scanSession(r.sql.Row(`SELECT `+sessionColumns+`, secret FROM sessions WHERE id = $1`, id), &secretHash)
	return s, secretHash, orMissing(err, "find the session", "there is no such session")
}

// Sessions lists a user's sessions, whether or not their time has passed, the
// last seen first.
func (r Rows) Sessions(user alveary.UserID) (sessions []alveary.Session, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		s, err := scanSession(row)
		sessions = append(sessions, s)
		return err
	}, `SELECT `+sessionColumns+` FROM sessions WHERE user_id = $1 ORDER BY seen_at DESC, id`, user)
	return sessions, err
}

// SeeSession notes that a session was used at the transaction's time.
func (r Rows) SeeSession(id alveary.SessionID) error {
	_, err := r.sql.Exec(`UPDATE sessions SET seen_at = $1 WHERE id = $2 AND seen_at < $1`, sqldb.Micros(r.now), id)
	return err
}

// ProveSession notes that the session's user proved at the transaction's time
// who he is, at least at the given level.
func (r Rows) ProveSession(id alveary.SessionID, level int) error {
	_, err := r.sql.Exec(`UPDATE sessions SET authenticated_at = $1, level = CASE WHEN level < $2 THEN $2 ELSE level END WHERE id = $3`,
		sqldb.Micros(r.now), level, id)
	return err
}

// DeleteSession ends one session of the user; KindNotFound where he has none
// of that id.
func (r Rows) DeleteSession(user alveary.UserID, id alveary.SessionID) error {
	return r.deleteOwn("end the session", `DELETE FROM sessions WHERE user_id = $1 AND id = $2`, user, string(id))
}

// DeleteOtherSessions ends the user's sessions except the one to keep, which
// may be empty, and says how many it ended.
func (r Rows) DeleteOtherSessions(user alveary.UserID, keep alveary.SessionID) (int64, error) {
	return r.end(`DELETE FROM sessions WHERE user_id = $1 AND id <> $2`, user, keep)
}

// DeletePassedSessions removes the sessions that expired or were last seen
// before idleSince, and says how many those were.
func (r Rows) DeletePassedSessions(idleSince time.Time) (int64, error) {
	return r.end(`DELETE FROM sessions WHERE expires_at <= $1 OR seen_at <= $2`, sqldb.Micros(r.now), sqldb.Micros(idleSince))
}

// SessionsOf is Session, without the secret, for many at once; those that are
// not there are missing from the map.
func (r Rows) SessionsOf(ids []alveary.SessionID) (map[alveary.SessionID]alveary.Session, error) {
	sessions := make(map[alveary.SessionID]alveary.Session, len(ids))
	for part := range slices.Chunk(ids, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		if err := r.sql.All(func(row sqldb.Scanner) error {
			s, err := scanSession(row)
			sessions[s.ID] = s
			return err
		}, `SELECT `+sessionColumns+` FROM sessions WHERE id IN `+in, args...); err != nil {
			return nil, err
		}
	}
	return sessions, nil
}
