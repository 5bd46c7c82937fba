package store

import (
	"slices"
	"strconv"

	"alveary"
)

// MakeHome makes a user's own folder of a template path and gives its lineage.
// It is named after his login for people who look at the datasource, and bound
// by his id: nobody ever gets a folder because of a name.
func (tx *Tx) MakeHome(user alveary.User, t alveary.TemplateID) (alveary.Lineage, error) {
	parent, err := tx.TemplateParent(t)
	if err != nil {
		return nil, err
	}
	line, err := tx.Lineage(parent)
	if err != nil {
		return nil, err
	}
	name := user.Login
	if alveary.CheckName(name) != nil { // a login may be `..`, a name may not
		name = "user-" + strconv.FormatInt(int64(user.ID), 10)
	}
	if name, err = tx.nameOrFree(parent, name); err != nil {
		return nil, err
	}
	n, err := tx.Insert(line, alveary.Node{Name: name, Type: alveary.Collection, Owner: user.ID})
	if err != nil {
		return nil, err
	}
	return line.Child(n), tx.InsertHome(user.ID, t, n.ID)
}

// nameOrFree is the name, or where it is taken one like it.
func (tx *Tx) nameOrFree(parent alveary.NodeID, name string) (string, error) {
	_, err := tx.Child(parent, name)
	switch {
	case alveary.IsKind(err, alveary.KindNotFound):
		return name, nil
	case err != nil:
		return "", err
	}
	return tx.FreeName(parent, name)
}

// HandOver moves each home of a leaver that holds anything, the bin included,
// with all versions into the home of the heir, and gives the lineages of the
// folders that it became. An empty home is removed. The heir may be the zero
// user where nothing is left; else he is KindConflict "heir-needed".
func (tx *Tx) HandOver(leaver, heir alveary.User) (handed []alveary.Lineage, err error) {
	homes, err := tx.Homes(leaver.ID)
	if err != nil {
		return nil, err
	}
	for t, id := range homes {
		line, err := tx.Lineage(id)
		if err != nil {
			return nil, err
		}
		within, err := tx.subtree(id)
		if err != nil {
			return nil, err
		}
		if len(within) == 1 {
			if _, _, err := tx.Delete(line); err != nil {
				return nil, err
			}
			continue
		}
		if heir.ID == 0 {
			return nil, &alveary.Error{
				Kind: alveary.KindConflict, Op: "hand the files over", Subject: leaver.Login, Code: "heir-needed",
				Message: "files are left: say who is to have them",
			}
		}
		moved, err := tx.handOver(line, t, leaver, heir)
		if err != nil {
			return nil, err
		}
		handed = append(handed, moved)
	}
	return handed, nil
}

func (tx *Tx) handOver(line alveary.Lineage, t alveary.TemplateID, leaver, heir alveary.User) (alveary.Lineage, error) {
	homes, err := tx.Homes(heir.ID)
	if err != nil {
		return nil, err
	}
	var into alveary.Lineage
	if home, ok := homes[t]; ok {
		into, err = tx.Lineage(home)
	} else {
		into, err = tx.MakeHome(heir, t)
	}
	if err != nil {
		return nil, err
	}
	name := "Files of " + leaver.Login
	if alveary.CheckName(name) != nil {
		name = "Files of user-" + strconv.FormatInt(int64(leaver.ID), 10)
	}
	if name, err = tx.nameOrFree(into.Node().ID, name); err != nil {
		return nil, err
	}
	levels, err := tx.Depth(line.Node().ID)
	if err != nil {
		return nil, err
	}
	if len(into)+1+levels > alveary.MaxDepth {
		return nil, &alveary.Error{
			Kind: alveary.KindConflict, Op: "hand the files over", Subject: leaver.Login, Code: "too-deep",
			Message: "folders lie too deep one within another to be moved into another home: make them flatter first",
		}
	}
	if !line.Node().Binned.IsZero() { // what was thrown away with the home is to be found
		if _, err := tx.exec(`UPDATE nodes SET binned_at = 0, binned_by = 0 WHERE id = $1`, line.Node().ID); err != nil {
			return nil, err
		}
		if err := tx.addChildren(line.Node().Parent, 1); err != nil {
			return nil, err
		}
		if line, err = tx.Lineage(line.Node().ID); err != nil {
			return nil, err
		}
	}
	n, err := tx.Place(line, into, name)
	if err != nil {
		return nil, err
	}
	return slices.Concat(into, alveary.Lineage{n}), nil
}

// RemoveUser removes an account whose homes were handed over, with what it
// signs in with.
func (tx *Tx) RemoveUser(id, heir alveary.UserID) error {
	if err := tx.Forget(id); err != nil {
		return err
	}
	return tx.DeleteUser(id, heir)
}
