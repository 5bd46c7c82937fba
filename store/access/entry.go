package access

import (
	"slices"
	"strings"

	"alveary"
	"alveary/store/sqldb"
)

const entryColumns = `id, role_id, node_id, template, rights, deny, policies, expires_at`

func noEntry() error { return notFound("find the entry", "there is no such entry") }

// entryArgs are the columns of an entry beside its id.
func entryArgs(e alveary.Entry) ([]any, error) {
	policies := make([]string, len(e.Policies))
	for i, p := range e.Policies {
		if p == "" || strings.Contains(string(p), "\n") {
			return nil, &alveary.Error{Kind: alveary.KindInvalid, Op: "keep the entry", Subject: string(p), Message: "this cannot be the id of a policy"}
		}
		policies[i] = string(p)
	}
	return []any{
		e.ID, e.Role, e.Node, e.Template, e.Rights.String(), sqldb.Bool(e.Deny), strings.Join(policies, "\n"), sqldb.Micros(e.Expires),
	}, nil
}

func scanEntry(row sqldb.Scanner) (e alveary.Entry, err error) {
	var rights, policies string
	var deny int
	var expires int64
	if err := row.Scan(&e.ID, &e.Role, &e.Node, &e.Template, &rights, &deny, &policies, &expires); err != nil {
		return e, err
	}
	e.Deny, e.Expires = deny != 0, sqldb.Time(expires)
	if policies != "" {
		for p := range strings.SplitSeq(policies, "\n") {
			e.Policies = append(e.Policies, alveary.PolicyID(p))
		}
	}
	// Rights that cannot be read give nothing: the entry stays, empty.
	e.Rights, _ = alveary.ParseRights(rights)
	return e, nil
}

// InsertEntry adds an ACL entry, and the row of its role where a user or a
// group owns that.
func (r Rows) InsertEntry(e alveary.Entry) (alveary.Entry, error) {
	e.ID = alveary.EntryID(r.newID())
	e.Rights &= alveary.Givable // MODEL.md 3.8
	args, err := entryArgs(e)
	if err != nil {
		return e, err
	}
	if err := r.makeOwned(e.Role); err != nil {
		return e, err
	}
	return e, r.change(`INSERT INTO entries (`+entryColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, args...)
}

// UpdateEntry replaces the ACL entry of that id; KindNotFound where there is
// none.
func (r Rows) UpdateEntry(e alveary.Entry) (alveary.Entry, error) {
	e.Rights &= alveary.Givable
	args, err := entryArgs(e)
	if err != nil {
		return e, err
	}
	if err := r.makeOwned(e.Role); err != nil {
		return e, err
	}
	return e, r.changeOne(noEntry(), `UPDATE entries SET role_id = $2, node_id = $3, template = $4, rights = $5, deny = $6,
 policies = $7, expires_at = $8 WHERE id = $1`, args...)
}

// DeleteEntry removes an ACL entry; KindNotFound where there is none.
func (r Rows) DeleteEntry(id alveary.EntryID) error {
	return r.changeOne(noEntry(), `DELETE FROM entries WHERE id = $1`, id)
}

// Entry finds an ACL entry; KindNotFound where there is none.
func (r Rows) Entry(id alveary.EntryID) (alveary.Entry, error) {
	e, err := scanEntry(r.sql.Row(`SELECT `+entryColumns+` FROM entries WHERE id = $1`, id))
	return e, orMissing(err, noEntry())
}

// Entries lists all ACL entries.
func (r Rows) Entries() ([]alveary.Entry, error) { return r.entries(``) }

// EntriesOn lists the ACL entries on a node itself.
func (r Rows) EntriesOn(node alveary.NodeID) ([]alveary.Entry, error) {
	return r.entries(` WHERE node_id = $1 AND template = ''`, node)
}

// EntriesOf lists the ACL entries of a role.
func (r Rows) EntriesOf(role alveary.RoleID) ([]alveary.Entry, error) {
	return r.entries(` WHERE role_id = $1`, role)
}

// EntriesNaming lists the ACL entries that name a policy.
func (r Rows) EntriesNaming(policy alveary.PolicyID) ([]alveary.Entry, error) {
	all, err := r.entries(` WHERE policies <> ''`)
	return slices.DeleteFunc(all, func(e alveary.Entry) bool { return !slices.Contains(e.Policies, policy) }), err
}

func (r Rows) entries(where string, args ...any) (entries []alveary.Entry, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		e, err := scanEntry(row)
		entries = append(entries, e)
		return err
	}, `SELECT `+entryColumns+` FROM entries`+where+` ORDER BY id`, args...)
	return entries, err
}
