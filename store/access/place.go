package access

import (
	"alveary"
	"alveary/store/sqldb"
)

// InsertWorkspace adds a workspace after the others; a slug in use is
// KindConflict.
func (r Rows) InsertWorkspace(w alveary.Workspace) error {
	if err := r.noCellAt(w.Slug); err != nil {
		return err
	}
	_, err := r.sql.Exec(`INSERT INTO workspaces (slug, label, position, node_id, template)
 SELECT $1, $2, COALESCE(MAX(position), -1) + 1, $3, $4 FROM workspaces`, w.Slug, w.Label, w.Root, w.Template)
	if sqldb.IsDuplicate(err) {
		return workspaceExists(w.Slug, "there is already a workspace with this slug; choose another")
	}
	if err != nil {
		return err
	}
	return r.changed()
}

func workspaceExists(slug, message string) error {
	return &alveary.Error{
		Kind: alveary.KindConflict, Op: "make the workspace", Subject: slug, Code: "workspace-exists", Message: message,
	}
}

// noCellAt says that no Cell has the slug: both are the first part of remote
// paths.
func (r Rows) noCellAt(slug string) error {
	taken := false
	if err := r.sql.Row(`SELECT EXISTS (SELECT 1 FROM cells WHERE slug = $1 AND mode = '')`, slug).Scan(&taken); err != nil || !taken {
		return err
	}
	return workspaceExists(slug, "someone shares a Cell with this slug; choose another")
}

func noWorkspace() error { return notFound("find the workspace", "there is no such workspace") }

// Workspace finds a workspace by its slug; KindNotFound where there is none.
func (r Rows) Workspace(slug string) (w alveary.Workspace, err error) {
	err = r.sql.Row(`SELECT slug, label, node_id, template FROM workspaces WHERE slug = $1`, slug).Scan(&w.Slug, &w.Label, &w.Root, &w.Template)
	return w, orMissing(err, noWorkspace())
}

// UpdateWorkspace changes the label of a workspace; its slug and root never
// change. KindNotFound where there is none.
func (r Rows) UpdateWorkspace(w alveary.Workspace) error {
	return r.changeOne(noWorkspace(), `UPDATE workspaces SET label = $1 WHERE slug = $2`, w.Label, w.Slug)
}

// DeleteWorkspace removes an entry point; the nodes stay. KindNotFound where
// there is none.
func (r Rows) DeleteWorkspace(slug string) error {
	return r.changeOne(noWorkspace(), `DELETE FROM workspaces WHERE slug = $1`, slug)
}

// Workspaces lists the workspaces in their order.
func (r Rows) Workspaces() (spaces []alveary.Workspace, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		var w alveary.Workspace
		err := row.Scan(&w.Slug, &w.Label, &w.Root, &w.Template)
		spaces = append(spaces, w)
		return err
	}, `SELECT slug, label, node_id, template FROM workspaces ORDER BY position, slug`)
	return spaces, err
}

// TemplateParent is the folder in which a template's own nodes are made.
func (r Rows) TemplateParent(id alveary.TemplateID) (parent alveary.NodeID, err error) {
	err = r.sql.Row(`SELECT parent_id FROM templates WHERE id = $1`, id).Scan(&parent)
	return parent, orMissing(err, alveary.Withheld("find the template path"))
}

// InsertHome fixes a user's own node of a template path.
func (r Rows) InsertHome(user alveary.UserID, template alveary.TemplateID, node alveary.NodeID) error {
	if _, err := r.sql.Exec(`INSERT INTO homes (user_id, template, node_id) VALUES ($1, $2, $3)`, user, template, node); err != nil {
		return err
	}
	if _, err := r.sql.Exec(`UPDATE counters SET value = value + 1 WHERE name = 'owners' AND EXISTS (SELECT 1 FROM cells WHERE owner_id = $1)`, user); err != nil {
		return err
	}
	return r.changed()
}

// Homes are a user's own nodes by template path.
func (r Rows) Homes(user alveary.UserID) (map[alveary.TemplateID]alveary.NodeID, error) {
	homes := map[alveary.TemplateID]alveary.NodeID{}
	err := r.sql.All(func(row sqldb.Scanner) error {
		var t alveary.TemplateID
		var n alveary.NodeID
		err := row.Scan(&t, &n)
		homes[t] = n
		return err
	}, `SELECT template, node_id FROM homes WHERE user_id = $1`, user)
	return homes, err
}

// IsHome says whether the node is a user's own node of a template path.
func (r Rows) IsHome(node alveary.NodeID) (bool, error) {
	var n int
	err := r.sql.Row(`SELECT COUNT(*) FROM homes WHERE node_id = $1`, node).Scan(&n)
	return n > 0, err
}

// Anchors are the nodes on which the house stands: datasources, roots of
// workspaces and the folders in which template paths are made.
func (r Rows) Anchors() (nodes []alveary.NodeID, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		var id alveary.NodeID
		err := row.Scan(&id)
		nodes = append(nodes, id)
		return err
	}, `SELECT id FROM nodes WHERE parent_id = $1
 UNION SELECT node_id FROM workspaces WHERE node_id <> 0 UNION SELECT parent_id FROM templates`, alveary.RootID)
	return nodes, err
}
