package share

import (
	"slices"

	"alveary"
	"alveary/store/sqldb"
)

// CellSecret is what opens a link, as hashes; a Cell has none.
type CellSecret struct {
	Token    string // of the address
	Password string // empty: none is asked for
}

func noCell() error { return notFound("find the Cell", "there is no such Cell or link") }

// stamp marks the rows of a Cell as changed with the next version of the access
// data, so that whoever has an earlier one reads them again. There is one
// writer: no version in between is anybody else's.
const stamp = `(SELECT value + 1 FROM counters WHERE name = 'access')`

// touch stamps a Cell that must be there, and makes the next version.
func (r Rows) touch(id alveary.CellID) error {
	if err := r.one(noCell(), `UPDATE cells SET changed = `+stamp+` WHERE id = $1`, id); err != nil {
		return err
	}
	return r.changed()
}

// cellArgs are the columns of a Cell that can be changed.
func cellArgs(op string, c alveary.Cell) ([]any, error) {
	link := alveary.Link{}
	if c.Link != nil {
		link = *c.Link
		if !link.Mode.Valid() {
			return nil, invalid(op, string(link.Mode), "a link has one of the five modes")
		}
	}
	people, err := linesOf(op, link.People)
	if err != nil {
		return nil, err
	}
	return []any{
		c.ID, c.Slug, c.Label, c.Description, c.Owner, sqldb.Micros(c.From), sqldb.Micros(c.Until), sqldb.Bool(c.Discreet),
		link.Mode, link.MostDownloads, link.MostUpload, people, sqldb.Bool(link.Watermark),
	}, checkText(op, c.Slug, c.Label, c.Description)
}

// InsertCell makes a Cell or link with its entries and managers, and gives it
// with its ids and time. The entry of a link is the link's own. A slug that is
// in use is KindConflict "taken".
func (r Rows) InsertCell(c alveary.Cell, s CellSecret) (alveary.Cell, error) {
	const op = "make the Cell"
	c.ID, c.Created = alveary.CellID(r.newID()), r.present()
	if err := r.slugFree(op, &c); err != nil {
		return c, err
	}
	args, err := cellArgs(op, c)
	if err != nil {
		return c, err
	}
	if c.Link != nil {
		link := *c.Link
		link.Password = s.Password != ""
		c.Link = &link
	}
	if err := r.newOwner(c.Owner); err != nil {
		return c, err
	}
	if _, err := r.sql.Exec(`INSERT INTO cells (id, slug, label, description, owner_id, from_at, until_at, discreet, mode, downloads, upload,
 people, watermark, created_at, secret, password, changed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, `+stamp+`)`,
		append(args, sqldb.Micros(c.Created), s.Token, s.Password)...); err != nil {
		return c, err
	}
	for i := range c.Entries {
		c.Entries[i].ID = 0
	}
	if c.Entries, err = r.insertEntries(&c, c.Entries, nil); err != nil {
		return c, err
	}
	if c.Managers, err = r.insertManagers(c.ID, c.Managers); err != nil {
		return c, err
	}
	return c, r.changed()
}

// newOwner counts a change of people who own Cells where the user owned none:
// what changed about him before was not counted.
func (r Rows) newOwner(user alveary.UserID) error {
	_, err := r.sql.Exec(`UPDATE counters SET value = value + 1 WHERE name = 'owners' AND NOT EXISTS (SELECT 1 FROM cells WHERE owner_id = $1)`, user)
	return err
}

// slugFree says that no other Cell or workspace, or no other link, has the
// slug. There is one writer, so it stays free.
func (r Rows) slugFree(op string, c *alveary.Cell) error {
	if c.Slug == "" {
		return nil
	}
	query := `SELECT COUNT(*) FROM cells WHERE slug = $1 AND id <> $2 AND mode <> ''`
	if c.Link == nil {
		query = `SELECT (SELECT COUNT(*) FROM cells WHERE slug = $1 AND id <> $2 AND mode = '') + (SELECT COUNT(*) FROM workspaces WHERE slug = $1)`
	}
	var n int64
	if err := r.sql.Row(query, c.Slug, c.ID).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return taken(op, c.Slug, "this address is in use: choose another")
	}
	return nil
}

// UpdateCell changes all of a Cell or link but its entries, its managers and
// its secrets. One never becomes the other. KindNotFound where there is none, a
// slug that is in use is KindConflict "taken".
func (r Rows) UpdateCell(c alveary.Cell) error {
	const op = "change the Cell"
	if err := r.slugFree(op, &c); err != nil {
		return err
	}
	args, err := cellArgs(op, c)
	if err != nil {
		return err
	}
	kind := ` AND mode = ''`
	if c.Link != nil {
		kind = ` AND mode <> ''`
	}
	if err := r.newOwner(c.Owner); err != nil {
		return err
	}
	if err := r.one(noCell(), `UPDATE cells SET slug = $2, label = $3, description = $4, owner_id = $5, from_at = $6, until_at = $7, discreet = $8,
 mode = $9, downloads = $10, upload = $11, people = $12, watermark = $13, changed = `+stamp+` WHERE id = $1`+kind, args...); err != nil {
		return err
	}
	return r.changed()
}

// SetCellSecret replaces what opens a link.
func (r Rows) SetCellSecret(id alveary.CellID, s CellSecret) error {
	if err := r.one(noCell(), `UPDATE cells SET secret = $2, password = $3 WHERE id = $1 AND mode <> ''`, id, s.Token, s.Password); err != nil {
		return err
	}
	return r.touch(id)
}

// CellSecret is what opens a link; KindNotFound where there is none.
func (r Rows) CellSecret(id alveary.CellID) (s CellSecret, err error) {
	err = r.sql.Row(`SELECT secret, password FROM cells WHERE id = $1 AND mode <> ''`, id).Scan(&s.Token, &s.Password)
	return s, orMissing(err, noCell())
}

// SetCellEntries replaces the entries of a Cell, and gives them with their ids.
// One that stays keeps its own: it is found by it, or by role and node.
func (r Rows) SetCellEntries(id alveary.CellID, entries []alveary.Entry) ([]alveary.Entry, error) {
	c, err := r.Cell(id)
	if err != nil {
		return nil, err
	}
	if _, err := r.sql.Exec(`DELETE FROM cell_entries WHERE cell_id = $1`, id); err != nil {
		return nil, err
	}
	if entries, err = r.insertEntries(&c, entries, c.Entries); err != nil {
		return nil, err
	}
	return entries, r.touch(id)
}

func (r Rows) insertEntries(c *alveary.Cell, given, before []alveary.Entry) ([]alveary.Entry, error) {
	const op = "share the node"
	entries, rows := slices.Clone(given), make([][]any, len(given))
	keep(entries, slices.Clone(before))
	for i := range entries {
		e := &entries[i]
		if e.ID == 0 {
			e.ID = alveary.EntryID(r.newID())
		}
		if c.Link != nil {
			e.Role = alveary.LinkRole(c.ID)
		}
		e.Cell, e.Rights = c.ID, e.Rights&alveary.Givable // MODEL.md 3.8
		if e.Deny || e.Node == 0 || e.Role == "" || e.Template != "" {
			return nil, invalid(op, string(e.Role), "an entry of a Cell gives a role something on a node, and takes nothing away")
		}
		policies, err := linesOf(op, e.Policies)
		if err != nil {
			return nil, err
		}
		rows[i] = []any{e.ID, c.ID, e.Role, e.Node, e.Rights.String(), policies, sqldb.Micros(e.Expires)}
	}
	return entries, r.sql.InsertMany(`INSERT INTO cell_entries (id, cell_id, role_id, node_id, rights, policies, expires_at)`, "", rows)
}

// keep gives entries the ids that they had before, each to one.
func keep(entries, before []alveary.Entry) {
	take := func(e *alveary.Entry, same func(alveary.Entry) bool) bool {
		at := slices.IndexFunc(before, same)
		if at < 0 {
			return false
		}
		e.ID = before[at].ID
		before = slices.Delete(before, at, at+1)
		return true
	}
	for i := range entries {
		e := &entries[i]
		if e.ID != 0 && !take(e, func(b alveary.Entry) bool { return b.ID == e.ID }) {
			e.ID = 0
		}
	}
	for i := range entries {
		e := &entries[i]
		if e.ID == 0 {
			take(e, func(b alveary.Entry) bool { return b.Role == e.Role && b.Node == e.Node })
		}
	}
}

// SetCellManagers replaces who may change a Cell beside its owner.
func (r Rows) SetCellManagers(id alveary.CellID, users []alveary.UserID) error {
	if _, err := r.sql.Exec(`DELETE FROM cell_managers WHERE cell_id = $1`, id); err != nil {
		return err
	}
	if _, err := r.insertManagers(id, users); err != nil {
		return err
	}
	return r.touch(id)
}

func (r Rows) insertManagers(id alveary.CellID, users []alveary.UserID) ([]alveary.UserID, error) {
	users = slices.Clone(users)
	slices.Sort(users)
	users = slices.Compact(users)
	rows := make([][]any, len(users))
	for i, user := range users {
		rows[i] = []any{id, user}
	}
	return users, r.sql.InsertMany(`INSERT INTO cell_managers (cell_id, user_id)`, "", rows)
}

// DeleteCell ends a Cell or link, with its entries, managers, uses and
// downloads under way. Where a review asks about it, that is the answer.
func (r Rows) DeleteCell(id alveary.CellID) error {
	if err := r.one(noCell(), `DELETE FROM cells WHERE id = $1`, id); err != nil {
		return err
	}
	if err := r.execAll([]string{
		`DELETE FROM cell_entries WHERE cell_id = $1`, `DELETE FROM cell_managers WHERE cell_id = $1`,
		`DELETE FROM cell_use WHERE cell_id = $1`, `DELETE FROM downloads WHERE cell_id = $1`,
	}, id); err != nil {
		return err
	}
	if _, err := r.AnswerReview(id, "ended", r.now); err != nil {
		return err
	}
	if err := r.noteEnd(id); err != nil {
		return err
	}
	return r.changed()
}
