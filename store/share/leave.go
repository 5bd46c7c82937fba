package share

import (
	"slices"

	"alveary"
	"alveary/store/sqldb"
)

// CountCells is how many Cells and links a user owns.
func (r Rows) CountCells(user alveary.UserID) (cells, links int64, err error) {
	err = r.sql.Row(`SELECT COALESCE(SUM(CASE WHEN mode = '' THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN mode <> '' THEN 1 ELSE 0 END), 0)
 FROM cells WHERE owner_id = $1`, user).Scan(&cells, &links)
	return cells, links, err
}

// UnshareNodes takes nodes that are deleted for good out of Cells and house
// rules. A link that is bound to nothing any more ends; a Cell stays, empty.
// Nobody has requests for them to answer any more, but who made them keeps them:
// that one is gone would tell that there was something. It says whether anything
// was shared that decides.
func (r Rows) UnshareNodes(nodes []alveary.NodeID) (changed bool, err error) {
	for part := range slices.Chunk(nodes, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		rules, err := r.sql.Count(`DELETE FROM house_rules WHERE node_id IN `+in, args...)
		if err != nil {
			return false, err
		}
		changed = changed || rules > 0
		if _, err := r.sql.Exec(`DELETE FROM request_managers WHERE request_id IN (SELECT id FROM requests WHERE node_id IN `+in+`)`, args...); err != nil {
			return false, err
		}
		cells, err := r.idsOf(`SELECT DISTINCT cell_id FROM cell_entries WHERE node_id IN `+in, args...)
		if err != nil {
			return false, err
		}
		if len(cells) == 0 {
			continue
		}
		changed = true
		if _, err := r.sql.Exec(`DELETE FROM cell_entries WHERE node_id IN `+in, args...); err != nil {
			return false, err
		}
		if err := r.emptied(cells); err != nil {
			return false, err
		}
	}
	return changed, nil
}

// emptied sees to Cells that lost entries.
func (r Rows) emptied(cells []alveary.CellID) error {
	for part := range slices.Chunk(cells, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		ended, err := r.idsOf(`SELECT c.id FROM cells c LEFT JOIN cell_entries e ON e.cell_id = c.id
 WHERE c.id IN `+in+` AND c.mode <> '' AND e.id IS NULL`, args...)
		if err != nil {
			return err
		}
		for _, id := range ended {
			if err := r.DeleteCell(id); err != nil {
				return err
			}
		}
		if _, err := r.sql.Exec(`UPDATE cells SET changed = `+stamp+` WHERE id IN `+in, args...); err != nil {
			return err
		}
	}
	return nil
}

// UnshareRole takes a role that is deleted out of Cells and house rules. Links
// that it alone could open go on naming it: without it they would be open to
// anyone.
func (r Rows) UnshareRole(role alveary.RoleID) error {
	if err := r.execAll([]string{
		`UPDATE cells SET changed = ` + stamp + ` WHERE id IN (SELECT cell_id FROM cell_entries WHERE role_id = $1)`,
		`DELETE FROM cell_entries WHERE role_id = $1`,
		`DELETE FROM house_rules WHERE role_id = $1`,
	}, role); err != nil {
		return err
	}
	return r.changed()
}

// UnshareUser takes a user who is deleted, and the role that he owns, out of
// all that is shared. His Cells go to the heir where there is one, his links
// end: their addresses were his to give away.
func (r Rows) UnshareUser(user alveary.UserID, role alveary.RoleID, heir alveary.UserID) error {
	ending := `SELECT id FROM cells WHERE owner_id = $1`
	if heir != 0 {
		ending += ` AND mode <> ''`
	}
	ended, err := r.idsOf(ending, user)
	if err != nil {
		return err
	}
	for _, id := range ended {
		if err := r.DeleteCell(id); err != nil {
			return err
		}
	}
	if heir != 0 {
		if err := r.tellHeir(user, heir); err != nil {
			return err
		}
		if err := r.execAll([]string{
			`DELETE FROM cell_managers WHERE user_id = $2 AND cell_id IN (SELECT id FROM cells WHERE owner_id = $1)`,
			`UPDATE review_cells SET owner_id = $2 WHERE owner_id = $1 AND answer = ''`,
			`UPDATE cells SET owner_id = $2, changed = ` + stamp + ` WHERE owner_id = $1`,
		}, user, heir); err != nil {
			return err
		}
	}
	if err := r.execAll([]string{
		`UPDATE cells SET changed = ` + stamp + ` WHERE id IN (SELECT cell_id FROM cell_managers WHERE user_id = $1)`,
		`DELETE FROM cell_managers WHERE user_id = $1`,
		`DELETE FROM notices WHERE user_id = $1`,
		`DELETE FROM notice_wishes WHERE user_id = $1`,
		`DELETE FROM request_managers WHERE user_id = $1 OR request_id IN (SELECT id FROM requests WHERE user_id = $1)`,
		`DELETE FROM requests WHERE user_id = $1`,
	}, user); err != nil {
		return err
	}
	return r.UnshareRole(role)
}

// tellHeir tells the heir of each Cell that is handed over to him.
func (r Rows) tellHeir(user, heir alveary.UserID) error {
	cells, err := r.CellsOwned(user)
	if err != nil {
		return err
	}
	for _, c := range cells {
		if _, err := r.Notify(alveary.Notice{User: heir, Kind: alveary.NoticeHanded, Cell: c.ID, Text: c.Label}); err != nil {
			return err
		}
	}
	return nil
}
