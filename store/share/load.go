package share

import (
	"slices"

	"alveary"
	"alveary/store/sqldb"
)

const cellColumns = `c.id, c.slug, c.label, c.description, c.owner_id, c.created_at, c.from_at, c.until_at, c.discreet, c.mode,
 CASE WHEN c.password = '' THEN 0 ELSE 1 END, c.downloads, c.upload, c.people, c.watermark`

func scanCell(row sqldb.Scanner) (c alveary.Cell, err error) {
	var created, from, until int64
	var discreet, password, watermark int
	var people string
	var link alveary.Link
	if err := row.Scan(&c.ID, &c.Slug, &c.Label, &c.Description, &c.Owner, &created, &from, &until, &discreet, &link.Mode,
		&password, &link.MostDownloads, &link.MostUpload, &people, &watermark); err != nil {
		return c, err
	}
	c.Created, c.From, c.Until, c.Discreet = sqldb.Time(created), sqldb.Time(from), sqldb.Time(until), discreet != 0
	if link.Mode != "" {
		link.Password, link.Watermark, link.People = password != 0, watermark != 0, fromLines[alveary.RoleID](people)
		c.Link = &link
	}
	return c, nil
}

func scanEntry(row sqldb.Scanner) (e alveary.Entry, err error) {
	var rights, policies string
	var expires int64
	if err := row.Scan(&e.ID, &e.Cell, &e.Role, &e.Node, &rights, &policies, &expires); err != nil {
		return e, err
	}
	e.Expires, e.Policies = sqldb.Time(expires), fromLines[alveary.PolicyID](policies)
	// Rights that cannot be read give nothing: the entry stays, empty.
	e.Rights, _ = alveary.ParseRights(rights)
	return e, nil
}

// load reads Cells by id with what belongs to them, in one statement each. The
// condition is on the table cells as c; empty for all.
func (r Rows) load(where string, args ...any) (cells []alveary.Cell, err error) {
	within := ``
	if where != `` {
		where = ` WHERE ` + where
		within = ` WHERE cell_id IN (SELECT c.id FROM cells c` + where + `)`
	}
	if err := r.sql.All(func(row sqldb.Scanner) error {
		c, err := scanCell(row)
		cells = append(cells, c)
		return err
	}, `SELECT `+cellColumns+` FROM cells c`+where+` ORDER BY c.id`, args...); err != nil || len(cells) == 0 {
		return nil, err
	}
	entries := make([]alveary.Entry, 0, len(cells))
	if err := r.sql.All(func(row sqldb.Scanner) error {
		e, err := scanEntry(row)
		entries = append(entries, e)
		return err
	}, `SELECT id, cell_id, role_id, node_id, rights, policies, expires_at FROM cell_entries`+within+` ORDER BY cell_id, id`, args...); err != nil {
		return nil, err
	}
	type seat struct {
		cell alveary.CellID
		user alveary.UserID
	}
	var seats []seat
	if err := r.sql.All(func(row sqldb.Scanner) error {
		var s seat
		err := row.Scan(&s.cell, &s.user)
		seats = append(seats, s)
		return err
	}, `SELECT cell_id, user_id FROM cell_managers`+within+` ORDER BY cell_id, user_id`, args...); err != nil {
		return nil, err
	}
	// All three are in the order of the Cells: one pass over each. What has no
	// Cell is passed over.
	for i := range cells {
		c := &cells[i]
		for len(entries) > 0 && entries[0].Cell < c.ID {
			entries = entries[1:]
		}
		n := 0
		for n < len(entries) && entries[n].Cell == c.ID {
			n++
		}
		if n > 0 {
			c.Entries, entries = entries[:n:n], entries[n:]
		}
		for len(seats) > 0 && seats[0].cell < c.ID {
			seats = seats[1:]
		}
		for len(seats) > 0 && seats[0].cell == c.ID {
			c.Managers, seats = append(c.Managers, seats[0].user), seats[1:]
		}
	}
	return cells, nil
}

// Cells lists all Cells and links by id.
func (r Rows) Cells() ([]alveary.Cell, error) { return r.load(``) }

// Cell finds a Cell or link; KindNotFound where there is none.
func (r Rows) Cell(id alveary.CellID) (alveary.Cell, error) {
	cells, err := r.load(`c.id = $1`, id)
	if err == nil && len(cells) == 0 {
		err = noCell()
	}
	if err != nil {
		return alveary.Cell{}, err
	}
	return cells[0], nil
}

// CellsOwned lists the Cells and links of a user.
func (r Rows) CellsOwned(user alveary.UserID) ([]alveary.Cell, error) {
	return r.load(`c.owner_id = $1`, user)
}

// CellsOf lists the Cells with an entry of one of the roles.
func (r Rows) CellsOf(roles []alveary.RoleID) (cells []alveary.Cell, err error) {
	for part := range slices.Chunk(roles, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		some, err := r.load(`c.id IN (SELECT cell_id FROM cell_entries WHERE role_id IN `+in+`)`, args...)
		if err != nil {
			return nil, err
		}
		cells = append(cells, some...)
	}
	slices.SortFunc(cells, func(a, b alveary.Cell) int { return int(a.ID - b.ID) })
	return slices.CompactFunc(cells, func(a, b alveary.Cell) bool { return a.ID == b.ID }), nil
}

// CellsOn lists the Cells and links with an entry on the node itself.
func (r Rows) CellsOn(node alveary.NodeID) ([]alveary.Cell, error) {
	return r.load(`c.id IN (SELECT cell_id FROM cell_entries WHERE node_id = $1)`, node)
}

// CellsNaming lists the Cells and links of which an entry names a policy.
func (r Rows) CellsNaming(policy alveary.PolicyID) ([]alveary.Cell, error) {
	all, err := r.load(`c.id IN (SELECT cell_id FROM cell_entries WHERE policies <> '')`)
	return slices.DeleteFunc(all, func(c alveary.Cell) bool {
		return !slices.ContainsFunc(c.Entries, func(e alveary.Entry) bool { return slices.Contains(e.Policies, policy) })
	}), err
}

// LinkByToken finds a link by the hash of its token; KindNotFound where there
// is none.
func (r Rows) LinkByToken(hash string) (alveary.CellID, error) {
	return r.find(`SELECT id FROM cells WHERE secret = $1 AND secret <> '' AND mode <> ''`, hash)
}

// LinkBySlug finds a link by the address of its own.
func (r Rows) LinkBySlug(slug string) (alveary.CellID, error) {
	return r.find(`SELECT id FROM cells WHERE slug = $1 AND slug <> '' AND mode <> ''`, slug)
}

// CellBySlug finds a Cell by the first part of its remote paths.
func (r Rows) CellBySlug(slug string) (alveary.CellID, error) {
	return r.find(`SELECT id FROM cells WHERE slug = $1 AND slug <> '' AND mode = ''`, slug)
}

func (r Rows) find(query, text string) (id alveary.CellID, err error) {
	err = r.sql.Row(query, text).Scan(&id)
	return id, orMissing(err, noCell())
}
