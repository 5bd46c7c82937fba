package share

import (
	"database/sql"
	"errors"
	"math"
	"slices"
	"time"

	"alveary"
	"alveary/store/sqldb"
)

const noticeColumns = `id, user_id, kind, by_user, cell_id, node_id, request_id, happened, text, at, seen`

func scanNotice(row sqldb.Scanner) (n alveary.Notice, err error) {
	var at int64
	var seen int
	err = row.Scan(&n.ID, &n.User, &n.Kind, &n.By, &n.Cell, &n.Node, &n.Asked, &n.Count, &n.Text, &at, &seen)
	n.At, n.Seen = sqldb.Time(at), seen != 0
	return n, err
}

// dayOf counts days since 1970, in UTC.
func dayOf(t time.Time) int64 { return sqldb.Micros(t) / (24 * time.Hour).Microseconds() }

// Notify tells a user something, at the time given or else now. Of what is
// opened and uploaded there is one notice a day and place: it counts on, and is
// unseen again.
func (r Rows) Notify(n alveary.Notice) (alveary.Notice, error) {
	if n.At.IsZero() {
		n.At = r.present()
	}
	n.Count, n.Seen = max(n.Count, 1), false
	if err := checkText("tell the user", n.Text); err != nil {
		return n, err
	}
	if n.Kind == alveary.NoticeOpened || n.Kind == alveary.NoticeUploaded {
		counted, err := scanNotice(r.sql.Row(`UPDATE notices SET happened = happened + $6, at = CASE WHEN at > $7 THEN at ELSE $7 END, seen = 0
 WHERE day = $1 AND kind = $2 AND cell_id = $3 AND node_id = $4 AND user_id = $5 RETURNING `+noticeColumns,
			dayOf(n.At), n.Kind, n.Cell, n.Node, n.User, n.Count, sqldb.Micros(n.At)))
		if !errors.Is(err, sql.ErrNoRows) {
			return counted, err
		}
	}
	n.ID = alveary.NoticeID(r.newID())
	_, err := r.sql.Exec(`INSERT INTO notices (`+noticeColumns+`, day, mailed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, 0)`,
		n.ID, n.User, n.Kind, n.By, n.Cell, n.Node, n.Asked, n.Count, n.Text, sqldb.Micros(n.At), dayOf(n.At))
	return n, err
}

func (r Rows) notices(query string, args ...any) (notices []alveary.Notice, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		n, err := scanNotice(row)
		notices = append(notices, n)
		return err
	}, `SELECT `+noticeColumns+` FROM notices`+query, args...)
	return notices, err
}

// Notices lists what a user was told, newest first: those older than the
// notice after, 0 for the first ones.
func (r Rows) Notices(user alveary.UserID, after alveary.NoticeID, limit int, unseenOnly bool) ([]alveary.Notice, error) {
	if after == 0 {
		after = math.MaxInt64
	}
	where := ` WHERE user_id = $1 AND id < $2`
	if unseenOnly {
		where += ` AND seen = 0`
	}
	return r.notices(where+` ORDER BY id DESC LIMIT $3`, user, after, limit)
}

// UnseenNotices counts what a user has not seen yet.
func (r Rows) UnseenNotices(user alveary.UserID) (n int64, err error) {
	err = r.sql.Row(`SELECT COUNT(*) FROM notices WHERE user_id = $1 AND seen = 0`, user).Scan(&n)
	return n, err
}

// SeeNotices marks what a user was told as seen, up to a notice.
func (r Rows) SeeNotices(user alveary.UserID, upTo alveary.NoticeID) error {
	_, err := r.sql.Exec(`UPDATE notices SET seen = 1 WHERE user_id = $1 AND id <= $2 AND seen = 0`, user, upTo)
	return err
}

// ForgetNotices deletes what was told before an instant.
func (r Rows) ForgetNotices(before time.Time) error {
	_, err := r.sql.Exec(`DELETE FROM notices WHERE at < $1`, sqldb.Micros(before))
	return err
}

// PeopleToMail lists those, by id and after one, who were told something before
// an instant that was not mailed; of those alone, if asked, who are to be told
// at once: by their wish, or what was shared with external people, who do not
// come by every day.
func (r Rows) PeopleToMail(before time.Time, atOnce bool, after alveary.UserID, limit int) (users []alveary.UserID, err error) {
	query := `SELECT DISTINCT n.user_id FROM notices n`
	where := ` WHERE n.mailed = 0 AND n.at < $1 AND n.user_id > $2`
	if atOnce {
		query += ` LEFT JOIN notice_wishes w ON w.user_id = n.user_id LEFT JOIN users u ON u.id = n.user_id`
		where += ` AND (w.mail = 'at-once' OR (n.kind = 'shared' AND u.profile = 'shared' AND COALESCE(w.mail, 'daily') = 'daily'))`
	}
	err = r.sql.All(func(row sqldb.Scanner) error {
		var id alveary.UserID
		err := row.Scan(&id)
		users = append(users, id)
		return err
	}, query+where+` ORDER BY n.user_id LIMIT $3`, sqldb.Micros(before), after, limit)
	return users, err
}

// NoticesToMail lists what a user was told before an instant and not mailed,
// the oldest first.
func (r Rows) NoticesToMail(user alveary.UserID, before time.Time) ([]alveary.Notice, error) {
	return r.notices(` WHERE user_id = $1 AND mailed = 0 AND at < $2 ORDER BY at, id`, user, sqldb.Micros(before))
}

// MailedNotices marks notices as mailed.
func (r Rows) MailedNotices(ids []alveary.NoticeID) error {
	for part := range slices.Chunk(ids, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		if _, err := r.sql.Exec(`UPDATE notices SET mailed = 1 WHERE id IN `+in, args...); err != nil {
			return err
		}
	}
	return nil
}

// MailDaily is how people are told by mail who wished nothing else.
const MailDaily = "daily"

// NoticeWish is how a user wants to be told by mail: "daily", "at-once" or
// "never".
func (r Rows) NoticeWish(user alveary.UserID) (mail string, err error) {
	err = r.sql.Row(`SELECT mail FROM notice_wishes WHERE user_id = $1`, user).Scan(&mail)
	if errors.Is(err, sql.ErrNoRows) {
		return MailDaily, nil
	}
	return mail, err
}

// SetNoticeWish keeps how a user wants to be told by mail.
func (r Rows) SetNoticeWish(user alveary.UserID, mail string) error {
	_, err := r.sql.Exec(`INSERT INTO notice_wishes (user_id, mail, digest_at) VALUES ($1, $2, 0)
 ON CONFLICT (user_id) DO UPDATE SET mail = excluded.mail`, user, mail)
	return err
}

// DigestAt is when a user was last written to; zero: never.
func (r Rows) DigestAt(user alveary.UserID) (time.Time, error) {
	var at int64
	err := r.sql.Row(`SELECT digest_at FROM notice_wishes WHERE user_id = $1`, user).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return sqldb.Time(at), err
}

// SetDigestAt notes when a user was last written to.
func (r Rows) SetDigestAt(user alveary.UserID, at time.Time) error {
	_, err := r.sql.Exec(`INSERT INTO notice_wishes (user_id, mail, digest_at) VALUES ($1, $2, $3)
 ON CONFLICT (user_id) DO UPDATE SET digest_at = excluded.digest_at`, user, MailDaily, sqldb.Micros(at))
	return err
}
