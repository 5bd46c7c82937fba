package people

import "alveary"

// Leftover is what someone leaves behind.
type Leftover struct {
	Files, Folders, Bytes, Binned      int64 // in his homes; the homes themselves do not count
	Entries, Tokens, Sessions, Uploads int64
}

// Leftover counts what someone leaves behind.
func (r Rows) Leftover(id alveary.UserID) (l Leftover, err error) {
	if err := r.sql.Row(`SELECT (SELECT COUNT(*) FROM entries e JOIN users u ON u.role_id = e.role_id WHERE u.id = $1),
 (SELECT COUNT(*) FROM tokens WHERE user_id = $1), (SELECT COUNT(*) FROM sessions WHERE user_id = $1),
 (SELECT COUNT(*) FROM uploads WHERE user_id = $1 AND node_id = 0)`, id).Scan(&l.Entries, &l.Tokens, &l.Sessions, &l.Uploads); err != nil {
		return l, err
	}
	err = r.sql.Row(`WITH RECURSIVE down (id, kind, size, binned) AS (
  SELECT n.id, CAST(0 AS SMALLINT), CAST(0 AS BIGINT), n.binned_at FROM nodes n JOIN homes h ON h.node_id = n.id WHERE h.user_id = $1
  UNION ALL
  SELECT c.id, c.kind, c.size, CASE WHEN c.binned_at > 0 THEN c.binned_at ELSE d.binned END FROM nodes c JOIN down d ON c.parent_id = d.id)
SELECT COALESCE(SUM(CASE WHEN kind = 2 THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN kind = 1 THEN 1 ELSE 0 END), 0),
 CAST(COALESCE(SUM(CASE WHEN kind = 2 THEN size ELSE 0 END), 0) AS BIGINT), COALESCE(SUM(CASE WHEN kind > 0 AND binned > 0 THEN 1 ELSE 0 END), 0) FROM down`, id).
		Scan(&l.Files, &l.Folders, &l.Bytes, &l.Binned)
	return l, err
}

// DeleteUser removes an account and all that names it and is of no use without
// it: its homes (not their nodes), the entries of its role, its roles and
// teams, uploads under way, of which the sweeper finds the bytes. What it owned
// or made it hands to the heir; 0 is nobody. What it signs in with is in
// package account.
func (r Rows) DeleteUser(id, heir alveary.UserID) error {
	if err := r.execAll([]string{
		`DELETE FROM entries WHERE role_id IN (SELECT role_id FROM users WHERE id = $1)`,
		`DELETE FROM roles WHERE id IN (SELECT role_id FROM users WHERE id = $1)`,
		`DELETE FROM homes WHERE user_id = $1`,
		`DELETE FROM user_roles WHERE user_id = $1`,
		`DELETE FROM team_members WHERE user_id = $1`,
		`DELETE FROM user_words WHERE user_id = $1`,
		`DELETE FROM uploads WHERE user_id = $1`,
	}, id); err != nil {
		return err
	}
	if err := r.execAll([]string{
		`UPDATE nodes SET owner_id = $2 WHERE owner_id = $1`,
		`UPDATE users SET created_by = $2 WHERE created_by = $1`,
	}, id, heir); err != nil {
		return err
	}
	if err := r.one(`DELETE FROM users WHERE id = $1`, id); err != nil {
		return err
	}
	if err := r.changed(); err != nil {
		return err
	}
	return r.decides()
}
