package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"alveary"
)

// accessChanged makes the next version of the access data; every server sees
// it before it decides again.
func (tx *Tx) accessChanged() error {
	return tx.row(`UPDATE counters SET value = value + 1 WHERE name = 'access' RETURNING value`).Scan(&tx.access)
}

// AccessVersion is the version of the access data as of now. With SQLite this
// process is the only writer (the data folder is locked) and knows it; with
// PostgreSQL the database is asked.
func (s *Store) AccessVersion(ctx context.Context) (version int64, err error) {
	if s.dialect.name == "sqlite" {
		return s.access.Load(), nil
	}
	err = s.reader.QueryRowContext(ctx, `SELECT value FROM counters WHERE name = 'access'`).Scan(&version)
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
	data.Entries, err = tx.Entries()
	return data, err
}

// InsertEntry adds an ACL entry.
func (tx *Tx) InsertEntry(e alveary.Entry) (alveary.Entry, error) {
	e.ID = alveary.EntryID(tx.NewID())
	e.Rights &= alveary.Givable // MODEL.md 3.8
	policies := make([]string, len(e.Policies))
	for i, p := range e.Policies {
		if p == "" || strings.Contains(string(p), "\n") {
			return e, &alveary.Error{Kind: alveary.KindInvalid, Op: "make the entry", Subject: string(p), Message: "this cannot be the id of a policy"}
		}
		policies[i] = string(p)
	}
	if _, err := tx.exec(`INSERT INTO entries (id, role_id, node_id, template, rights, deny, policies, expires_at)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, e.ID, e.Role, e.Node, e.Template, e.Rights.String(),
		asInt(e.Deny), strings.Join(policies, "\n"), toMicros(e.Expires)); err != nil {
		return e, err
	}
	return e, tx.accessChanged()
}

// DeleteEntry removes an ACL entry; KindNotFound where there is none.
func (tx *Tx) DeleteEntry(id alveary.EntryID) error {
	result, err := tx.exec(`DELETE FROM entries WHERE id = $1`, id)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, alveary.Withheld("delete the entry"))
	}
	return tx.accessChanged()
}

// Entries lists all ACL entries.
func (tx *Tx) Entries() (entries []alveary.Entry, err error) {
	err = tx.all(func(row scanner) error {
		var e alveary.Entry
		var rights, policies string
		var deny int
		var expires int64
		if err := row.Scan(&e.ID, &e.Role, &e.Node, &e.Template, &rights, &deny, &policies, &expires); err != nil {
			return err
		}
		e.Deny, e.Expires = deny != 0, fromMicros(expires)
		if policies != "" {
			for p := range strings.SplitSeq(policies, "\n") {
				e.Policies = append(e.Policies, alveary.PolicyID(p))
			}
		}
		// Rights that cannot be read give nothing: the entry stays, empty.
		e.Rights, _ = alveary.ParseRights(rights)
		entries = append(entries, e)
		return nil
	}, `SELECT id, role_id, node_id, template, rights, deny, policies, expires_at FROM entries ORDER BY id`)
	return entries, err
}

// InsertRole adds a role; an id in use is KindConflict.
func (tx *Tx) InsertRole(r alveary.Role) error {
	profiles := make([]string, len(r.Profiles))
	for i, p := range r.Profiles {
		profiles[i] = string(p)
	}
	_, err := tx.exec(`INSERT INTO roles (id, label, profiles, force_last, owner_user, owner_group) VALUES ($1, $2, $3, $4, $5, $6)`,
		r.ID, r.Label, strings.Join(profiles, ","), asInt(r.ForceOverride), r.OwnerUser, r.OwnerGroup)
	if isDuplicate(err) {
		return &alveary.Error{Kind: alveary.KindConflict, Op: "make the role", Subject: string(r.ID), Message: "there is a role with this id"}
	}
	if err != nil {
		return err
	}
	return tx.accessChanged()
}

// Roles lists the roles by id.
func (tx *Tx) Roles() (roles []alveary.Role, err error) {
	err = tx.all(func(row scanner) error {
		var r alveary.Role
		var profiles string
		var force int
		if err := row.Scan(&r.ID, &r.Label, &profiles, &force, &r.OwnerUser, &r.OwnerGroup); err != nil {
			return err
		}
		r.ForceOverride = force != 0
		if profiles != "" {
			for p := range strings.SplitSeq(profiles, ",") {
				r.Profiles = append(r.Profiles, alveary.Profile(p))
			}
		}
		roles = append(roles, r)
		return nil
	}, `SELECT id, label, profiles, force_last, owner_user, owner_group FROM roles`)
	slices.SortFunc(roles, func(a, b alveary.Role) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return roles, err
}

// InsertWorkspace adds a workspace after the others; a slug in use is
// KindConflict.
func (tx *Tx) InsertWorkspace(w alveary.Workspace) error {
	_, err := tx.exec(`INSERT INTO workspaces (slug, label, position, node_id, template)
 SELECT $1, $2, COUNT(*), $3, $4 FROM workspaces`, w.Slug, w.Label, w.Root, w.Template)
	if isDuplicate(err) {
		return &alveary.Error{Kind: alveary.KindConflict, Op: "make the workspace", Subject: w.Slug, Message: "there is a workspace with this slug"}
	}
	return err
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
	_, err := tx.exec(`INSERT INTO homes (user_id, template, node_id) VALUES ($1, $2, $3)`, user, template, node)
	return err
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

func asInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
