package store

import (
	"cmp"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"alveary"
	"alveary/store/names"
	"alveary/store/sqldb"
)

// Kinds of node as they are stored; folders sort first.
const (
	kindFolder = 1
	kindFile   = 2
)

const nodeColumns = `n.id, n.parent_id, n.name, n.kind, n.size, n.mime, n.sha256, n.blob, n.version, n.revision,
 n.mtime, n.created_at, n.changed_at, n.owner_id, n.binned_at, n.binned_by, n.meta`

func (tx *Tx) scanNode(row scanner) (n alveary.Node, err error) {
	c, err := tx.cells.scan(row, 17)
	if err != nil {
		return n, err
	}
	n = alveary.Node{
		ID: alveary.NodeID(c.number(0)), Parent: alveary.NodeID(c.number(1)), Name: c.text(2), Type: alveary.Leaf,
		Size: c.number(4), MIME: c.text(5), SHA256: c.text(6), Blob: alveary.BlobID(c.text(7)), Version: c.number(8), Revision: c.number(9),
		MTime: c.time(10), Created: c.time(11), Changed: c.time(12), Owner: alveary.UserID(c.number(13)),
		Binned: c.time(14), BinnedBy: alveary.UserID(c.number(15)),
	}
	if c.number(3) == kindFolder {
		n.Type = alveary.Collection
	}
	n.Meta, err = tx.metadata(c.text(16))
	return n, err
}

// cells take a row as the driver gives it. The way through typed variables
// costs database/sql several times as much, and a listing reads many rows.
type cells struct {
	values [17]any
	dests  [17]any
	ready  bool
}

func (c *cells) scan(row scanner, count int) (*cells, error) {
	if !c.ready {
		for i := range c.values {
			c.dests[i] = &c.values[i]
		}
		c.ready = true
	}
	return c, row.Scan(c.dests[:count]...)
}

// number is a cell of a column of numbers that is never null.
func (c *cells) number(i int) int64 { return c.values[i].(int64) }

func (c *cells) text(i int) string { return c.values[i].(string) }

func (c *cells) time(i int) time.Time { return sqldb.Time(c.number(i)) }

func noNode(op string, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return alveary.Withheld(op)
	}
	return err
}

// Node finds a node by id, also in the bin; KindNotFound where there is none.
func (tx *Tx) Node(id alveary.NodeID) (alveary.Node, error) {
	n, err := tx.scanNode(tx.row(`SELECT `+nodeColumns+` FROM nodes n WHERE n.id = $1`, id))
	return n, noNode("find the node", err)
}

// Lineage finds a node with all folders above it, root first; KindNotFound
// where there is none.
func (tx *Tx) Lineage(id alveary.NodeID) (alveary.Lineage, error) {
	var line alveary.Lineage
	err := tx.all(func(row scanner) error {
		n, err := tx.scanNode(row)
		line = append(line, n)
		return err
	}, `WITH RECURSIVE up (id, parent_id, step) AS (
  SELECT id, parent_id, 0 FROM nodes WHERE id = $1
  UNION ALL
  SELECT p.id, p.parent_id, up.step + 1 FROM nodes p JOIN up ON p.id = up.parent_id WHERE up.step < 1000)
SELECT `+nodeColumns+` FROM up JOIN nodes n ON n.id = up.id`, id)
	if err != nil {
		return nil, err
	}
	// They mostly come step by step; to have the database sort them costs a fifth.
	for i := range line {
		for at := i; at < len(line); at++ {
			if line[at].ID == id {
				line[i], line[at] = line[at], line[i]
				break
			}
		}
		id = line[i].Parent
	}
	slices.Reverse(line)
	if len(line) == 0 || line[0].ID != alveary.RootID {
		return nil, alveary.Withheld("find the node")
	}
	return line, nil
}

// Child finds a live node by its name in a folder, names compared as NFC;
// KindNotFound where there is none.
func (tx *Tx) Child(parent alveary.NodeID, name string) (alveary.Node, error) {
	n, err := tx.scanNode(tx.row(`SELECT `+nodeColumns+` FROM nodes n
 WHERE n.parent_id = $1 AND n.name_key = $2 AND n.binned_at = 0`, parent, names.Key(name)))
	return n, noNode("find the node", err)
}

// Sort is the order of a listing.
type Sort string

// The orders; SortName is by people's order of names.
const (
	SortName  Sort = "name"
	SortSize  Sort = "size"
	SortMTime Sort = "mtime"
	SortType  Sort = "type"
)

// Listing asks for a part of a folder.
type Listing struct {
	Folder       alveary.NodeID
	Sort         Sort
	Descending   bool
	FoldersMixed bool // among the files, not before them
	Offset       int
	After        *Cursor // in place of Offset; only for SortName ascending, folders first
	Limit        int
	Except       []alveary.NodeID // left out, as if they were not there
}

// Children lists the live nodes of a folder in the order asked for. The order
// is total, so that pages neither overlap nor leave out.
func (tx *Tx) Children(l Listing) ([]alveary.Node, error) {
	nodes := make([]alveary.Node, 0, min(l.Limit, 1000))
	if l.Limit <= 0 {
		return nodes, nil
	}
	err := tx.EachChild(l, func(n alveary.Node) error {
		nodes = append(nodes, n)
		return nil
	})
	return nodes, err
}

// EachChild hands the nodes that Children lists to fn one after the other; no
// limit means all. The rows are under way while fn runs, so that it must not
// ask the transaction. An error of fn ends it.
func (tx *Tx) EachChild(l Listing, fn func(alveary.Node) error) error {
	if l.Limit <= 0 {
		l.Limit = math.MaxInt32
	}
	query, args := l.query()
	all := tx.all
	if len(l.Except) > 0 {
		all = tx.sql.Once().All
	}
	return all(func(row scanner) error {
		n, err := tx.scanNode(row)
		if err != nil {
			return err
		}
		return fn(n)
	}, query, args...)
}

func (l Listing) query() (text string, args []any) {
	key := map[Sort]string{SortName: "n.sort_key", SortSize: "n.size", SortMTime: "n.mtime", SortType: "n.mime"}[l.Sort]
	if key == "" {
		key = "n.sort_key"
	}
	direction := ""
	if l.Descending {
		direction = " DESC"
	}
	order := make([]string, 0, 4)
	if !l.FoldersMixed {
		order = append(order, "n.kind")
	}
	order = append(order, key+direction)
	if key != "n.sort_key" {
		order = append(order, "n.sort_key")
	}
	order = append(order, "n.id"+direction)
	after := ""
	args = []any{l.Folder, l.Limit, l.Offset}
	if l.After != nil {
		after = " AND (n.kind, n.sort_key, n.id) > ($4, $5, $6)"
		args = append(args, l.After.kind, l.After.sortKey, l.After.id)
	}
	return `SELECT ` + nodeColumns + ` FROM nodes n WHERE n.parent_id = $1 AND n.binned_at = 0` + after + notIn("n.id", l.Except) +
		` ORDER BY ` + strings.Join(order, ", ") + ` LIMIT $2 OFFSET $3`, args
}

// Cursor is a place in a listing by name: what comes after it stays the same
// whatever is added or removed before it.
type Cursor struct {
	kind    int
	sortKey string
	id      alveary.NodeID
}

// CursorAfter is the place of a node.
func CursorAfter(n alveary.Node) Cursor {
	c := Cursor{kindFile, names.Sort(n.Name), n.ID}
	if n.IsFolder() {
		c.kind = kindFolder
	}
	return c
}

// Before says whether the node comes after the place.
func (c Cursor) Before(n alveary.Node) bool {
	other := CursorAfter(n)
	return cmp.Or(cmp.Compare(c.kind, other.kind), cmp.Compare(c.sortKey, other.sortKey), cmp.Compare(c.id, other.id)) < 0
}

// String is the cursor as opaque text.
func (c Cursor) String() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %d %s", c.kind, c.id, c.sortKey))
}

// ParseCursor reads what String wrote; anything else is KindInvalid.
func ParseCursor(text string) (*Cursor, error) {
	var c Cursor
	raw, err := base64.RawURLEncoding.DecodeString(text)
	kind, rest, _ := strings.Cut(string(raw), " ")
	id, key, found := strings.Cut(rest, " ")
	if err == nil && found && (kind == "1" || kind == "2") && utf8.ValidString(key) && !strings.Contains(key, "\x00") {
		c.kind, c.sortKey = int(kind[0]-'0'), key
		if c.id, err = alveary.ParseNodeID(id); err == nil {
			return &c, nil
		}
	}
	return nil, &alveary.Error{Kind: alveary.KindInvalid, Op: "read the cursor", Message: "this cursor was not made by this server: begin the listing again without it"}
}

// notIn writes a condition from ids, which are numbers and need no quoting.
func notIn(column string, ids []alveary.NodeID) string {
	if len(ids) == 0 {
		return ""
	}
	return " AND " + column + " NOT IN (" + joinIDs(ids) + ")"
}

func joinIDs(ids []alveary.NodeID) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return strings.Join(texts, ",")
}

// CountChildren is how many live nodes a folder holds.
func (tx *Tx) CountChildren(folder alveary.NodeID) (count int64, err error) {
	err = tx.row(`SELECT children FROM nodes WHERE id = $1`, folder).Scan(&count)
	return count, noNode("count the children", err)
}

// Among picks those of the ids whose parent is the folder and that are live.
func (tx *Tx) Among(folder alveary.NodeID, ids []alveary.NodeID) ([]alveary.Node, error) {
	var nodes []alveary.Node
	for part := range slices.Chunk(ids, 500) {
		err := tx.sql.Once().All(func(row scanner) error {
			n, err := tx.scanNode(row)
			nodes = append(nodes, n)
			return err
		}, `SELECT `+nodeColumns+` FROM nodes n WHERE n.parent_id = $1 AND n.binned_at = 0 AND n.id IN (`+joinIDs(part)+`)`, folder)
		if err != nil {
			return nil, err
		}
	}
	return nodes, nil
}

// Beneath gives the lineages of those of the ids that lie in the folder's
// subtree, the folder itself left out, nodes in the bin included.
func (tx *Tx) Beneath(folder alveary.NodeID, ids []alveary.NodeID) ([]alveary.Lineage, error) {
	var found []alveary.NodeID
	for part := range slices.Chunk(ids, 500) {
		err := tx.sql.Once().All(func(row scanner) error {
			var id alveary.NodeID
			err := row.Scan(&id)
			found = append(found, id)
			return err
		}, `WITH RECURSIVE up (start_id, id, step) AS (
  SELECT id, parent_id, 0 FROM nodes WHERE id IN (`+joinIDs(part)+`)
  UNION ALL
  SELECT up.start_id, p.parent_id, up.step + 1 FROM nodes p JOIN up ON p.id = up.id WHERE up.step < 1000 AND up.id <> $1)
SELECT start_id FROM up WHERE id = $1`, folder)
		if err != nil {
			return nil, err
		}
	}
	lines := make([]alveary.Lineage, 0, len(found))
	for _, id := range found {
		line, err := tx.Lineage(id)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// Depth is how many levels of live folders lie beneath a node: 0 for a file and
// for an empty folder.
func (tx *Tx) Depth(id alveary.NodeID) (depth int, err error) {
	err = tx.row(`WITH RECURSIVE down (id, step) AS (
  SELECT id, 0 FROM nodes WHERE id = $1
  UNION ALL
  SELECT c.id, d.step + 1 FROM nodes c JOIN down d ON c.parent_id = d.id WHERE d.step < 1000 AND c.binned_at = 0 AND c.kind = 1)
SELECT COALESCE(MAX(step), 0) FROM down`, id).Scan(&depth)
	return depth, err
}

// Binned lists the nodes that were moved to the bin, latest first, from after
// the given place on; the zero place begins.
func (tx *Tx) Binned(after BinPlace, limit int) ([]alveary.Node, error) {
	condition := ""
	args := []any{limit}
	if after.ID != 0 {
		condition = ` AND (n.binned_at < $2 OR (n.binned_at = $2 AND n.id < $3))`
		args = append(args, after.Micros, after.ID)
	}
	var nodes []alveary.Node
	err := tx.all(func(row scanner) error {
		n, err := tx.scanNode(row)
		nodes = append(nodes, n)
		return err
	}, `SELECT `+nodeColumns+` FROM nodes n WHERE n.binned_at > 0`+condition+` ORDER BY n.binned_at DESC, n.id DESC LIMIT $1`, args...)
	return nodes, err
}

// BinPlace is a place in the list of the bin.
type BinPlace struct {
	Micros int64
	ID     alveary.NodeID
}

// PlaceOf is the place of a node of the bin.
func PlaceOf(n alveary.Node) BinPlace { return BinPlace{sqldb.Micros(n.Binned), n.ID} }

// String is the place as opaque text.
func (p BinPlace) String() string { return fmt.Sprintf("%d.%d", p.Micros, p.ID) }

// ParseBinPlace reads what String wrote; the empty text is the beginning and
// anything else KindInvalid.
func ParseBinPlace(text string) (p BinPlace, err error) {
	if text == "" {
		return p, nil
	}
	at, id, _ := strings.Cut(text, ".")
	if p.Micros, err = strconv.ParseInt(at, 10, 64); err == nil {
		p.ID, err = alveary.ParseNodeID(id)
	}
	if err != nil {
		return p, &alveary.Error{Kind: alveary.KindInvalid, Op: "read the cursor", Message: "this cursor was not made by this server: begin the listing again without it"}
	}
	return p, nil
}

// FreeName gives a name like the wanted one that no live node of the folder
// has: "report (2).txt".
func (tx *Tx) FreeName(parent alveary.NodeID, wanted string) (string, error) {
	stem, ext := wanted, ""
	// What is nearly the whole name is no extension.
	if dot := strings.LastIndexByte(wanted, '.'); dot > 0 && len(wanted)-dot < alveary.MaxName/2 {
		stem, ext = wanted[:dot], wanted[dot:]
	}
	for i := 2; i < 10_000; i++ {
		suffix := fmt.Sprintf(" (%d)", i)
		name := clipName(stem, alveary.MaxName-len(suffix)-len(ext)) + suffix + ext
		switch _, err := tx.Child(parent, name); {
		case alveary.IsKind(err, alveary.KindNotFound):
			return name, nil
		case err != nil:
			return "", err
		}
	}
	return "", &alveary.Error{Kind: alveary.KindConflict, Op: "find a free name", Subject: wanted, Code: "name-exists", Message: "too many nodes have this name here"}
}

// clipName cuts at a rune's border.
func clipName(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && s[most]&0xC0 == 0x80 {
		most--
	}
	return s[:most]
}
