package store

import (
	"context"
	"database/sql"
	"errors"

	"alveary"
	"alveary/store/sqldb"
)

// accessChanged makes the next version of the access data; every server sees
// it before it decides again.
func (tx *Tx) accessChanged() error {
	return tx.row(`UPDATE counters SET value = value + 1 WHERE name = 'access' RETURNING value`).Scan(&tx.access)
}

// accessIs notes the version of the access data that a commit made. The commit
// after it may have been noted before it.
func (s *Store) accessIs(version int64) {
	for {
		have := s.access.Load()
		if have >= version || s.access.CompareAndSwap(have, version) {
			return
		}
	}
}

// AccessVersion is the version of the access data as of now. With SQLite this
// process is the only writer (the data folder is locked) and knows it; with
// PostgreSQL the database is asked.
func (s *Store) AccessVersion(ctx context.Context) (version int64, err error) {
	if s.db.Embedded() {
		return s.access.Load(), nil
	}
	err = s.db.Reader.QueryRowContext(ctx, `SELECT value FROM counters WHERE name = 'access'`).Scan(&version)
	return version, failed(ctx, "read the version of the access data", err)
}

// Access loads the access data.
func (s *Store) Access(ctx context.Context) (data alveary.AccessData, err error) {
	err = s.Read(ctx, func(tx *Tx) error {
		data, err = tx.Access(ctx)
		return err
	})
	return data, err
}

// AccessVersion is the version as this transaction sees it, its own changes
// included.
func (tx *Tx) AccessVersion(context.Context) (int64, error) {
	if tx.access != 0 {
		return tx.access, nil
	}
	return tx.counter("access")
}

// Access loads the access data as this transaction sees them.
func (tx *Tx) Access(ctx context.Context) (data alveary.AccessData, err error) {
	if data.Version, err = tx.AccessVersion(ctx); err != nil {
		return data, err
	}
	data.Draft = tx.access != 0
	if data.Groups, err = tx.Groups(); err != nil {
		return data, err
	}
	if data.Roles, err = tx.Roles(); err != nil {
		return data, err
	}
	if data.Entries, err = tx.Entries(); err != nil {
		return data, err
	}
	data.Policies, err = tx.Policies()
	return data, err
}

// InsertWorkspace adds a workspace after the others; a slug in use is
// KindConflict.
func (tx *Tx) InsertWorkspace(w alveary.Workspace) error {
	_, err := tx.exec(`INSERT INTO workspaces (slug, label, position, node_id, template)
 SELECT $1, $2, COALESCE(MAX(position), -1) + 1, $3, $4 FROM workspaces`, w.Slug, w.Label, w.Root, w.Template)
	if sqldb.IsDuplicate(err) {
		return &alveary.Error{
			Kind: alveary.KindConflict, Op: "make the workspace", Subject: w.Slug, Code: "workspace-exists",
			Message: "there is already a workspace with this slug; choose another",
		}
	}
	if err != nil {
		return err
	}
	return tx.accessChanged()
}

func noWorkspace() error {
	return &alveary.Error{Kind: alveary.KindNotFound, Op: "find the workspace", Code: "not-found", Message: "there is no such workspace"}
}

// Workspace finds a workspace by its slug; KindNotFound where there is none.
func (tx *Tx) Workspace(slug string) (w alveary.Workspace, err error) {
	err = tx.row(`SELECT slug, label, node_id, template FROM workspaces WHERE slug = $1`, slug).Scan(&w.Slug, &w.Label, &w.Root, &w.Template)
	if errors.Is(err, sql.ErrNoRows) {
		return w, noWorkspace()
	}
	return w, err
}

// UpdateWorkspace changes the label of a workspace; its slug and root never
// change. KindNotFound where there is none.
func (tx *Tx) UpdateWorkspace(w alveary.Workspace) error {
	return tx.changeOne(noWorkspace(), `UPDATE workspaces SET label = $1 WHERE slug = $2`, w.Label, w.Slug)
}

// DeleteWorkspace removes an entry point; the nodes stay. KindNotFound where
// there is none.
func (tx *Tx) DeleteWorkspace(slug string) error {
	return tx.changeOne(noWorkspace(), `DELETE FROM workspaces WHERE slug = $1`, slug)
}

// changeOne changes access in a row that must be there.
func (tx *Tx) changeOne(missing error, query string, args ...any) error {
	n, err := tx.count(query, args...)
	if err == nil && n == 0 {
		err = missing
	}
	if err != nil {
		return err
	}
	return tx.accessChanged()
}

// Workspaces lists the workspaces in their order.
func (tx *Tx) Workspaces() (spaces []alveary.Workspace, err error) {
	err = tx.all(func(row scanner) error {
		var w alveary.Workspace
		err := row.Scan(&w.Slug, &w.Label, &w.Root, &w.Template)
		spaces = append(spaces, w)
		return err
	}, `SELECT slug, label, node_id, template FROM workspaces ORDER BY position, slug`)
	return spaces, err
}

// TemplateParent is the folder in which a template's own nodes are made.
func (tx *Tx) TemplateParent(id alveary.TemplateID) (parent alveary.NodeID, err error) {
	err = tx.row(`SELECT parent_id FROM templates WHERE id = $1`, id).Scan(&parent)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, alveary.Withheld("find the template path")
	}
	return parent, err
}

// InsertHome fixes a user's own node of a template path.
func (tx *Tx) InsertHome(user alveary.UserID, template alveary.TemplateID, node alveary.NodeID) error {
	if _, err := tx.exec(`INSERT INTO homes (user_id, template, node_id) VALUES ($1, $2, $3)`, user, template, node); err != nil {
		return err
	}
	return tx.accessChanged()
}

// Homes are a user's own nodes by template path.
func (tx *Tx) Homes(user alveary.UserID) (map[alveary.TemplateID]alveary.NodeID, error) {
	homes := map[alveary.TemplateID]alveary.NodeID{}
	err := tx.all(func(row scanner) error {
		var t alveary.TemplateID
		var n alveary.NodeID
		err := row.Scan(&t, &n)
		homes[t] = n
		return err
	}, `SELECT template, node_id FROM homes WHERE user_id = $1`, user)
	return homes, err
}

// IsHome says whether the node is a user's own node of a template path.
func (tx *Tx) IsHome(node alveary.NodeID) (bool, error) {
	var n int
	err := tx.row(`SELECT COUNT(*) FROM homes WHERE node_id = $1`, node).Scan(&n)
	return n > 0, err
}

// Anchors are the nodes on which the house stands: datasources, roots of
// workspaces and the folders in which template paths are made.
func (tx *Tx) Anchors() (nodes []alveary.NodeID, err error) {
	err = tx.all(func(row scanner) error {
		var id alveary.NodeID
		err := row.Scan(&id)
		nodes = append(nodes, id)
		return err
	}, `SELECT id FROM nodes WHERE parent_id = $1
 UNION SELECT node_id FROM workspaces WHERE node_id <> 0 UNION SELECT parent_id FROM templates`, alveary.RootID)
	return nodes, err
}
