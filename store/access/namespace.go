package access

import (
	"alveary"
	"alveary/store/sqldb"
)

// Namespace is a namespace of user metadata and who may edit it (MODEL.md 5.0).
type Namespace struct {
	Name    string
	Label   string
	Editors string
}

// The editors of a namespace.
const (
	EditorsWriters = "writers" // whoever may write the node
	EditorsAdmins  = "admins"  // administrators alone
)

// Namespaces lists the namespaces of user metadata by name.
func (r Rows) Namespaces() (list []Namespace, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		var n Namespace
		err := row.Scan(&n.Name, &n.Label, &n.Editors)
		list = append(list, n)
		return err
	}, `SELECT name, label, editors FROM namespaces ORDER BY name`)
	return list, err
}

// PutNamespace makes or changes a namespace of user metadata.
func (r Rows) PutNamespace(n Namespace) error {
	const op = "keep the namespace"
	if err := alveary.CheckMetadata(n.Name, nil); err != nil {
		return err
	}
	if err := checkText(op, n.Label); err != nil {
		return err
	}
	if n.Editors != EditorsWriters && n.Editors != EditorsAdmins {
		return &alveary.Error{Kind: alveary.KindInvalid, Op: op, Subject: n.Name, Code: "invalid", Message: "a namespace is edited by writers or by admins"}
	}
	return r.change(`INSERT INTO namespaces (name, label, editors) VALUES ($1, $2, $3)
 ON CONFLICT (name) DO UPDATE SET label = excluded.label, editors = excluded.editors`, n.Name, n.Label, n.Editors)
}

// DeleteNamespace removes a namespace of user metadata; what nodes hold in it
// stays and cannot be edited. KindNotFound where there is none.
func (r Rows) DeleteNamespace(name string) error {
	return r.changeOne(notFound("delete the namespace", "there is no such namespace"), `DELETE FROM namespaces WHERE name = $1`, name)
}
