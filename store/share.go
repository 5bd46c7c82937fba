package store

import (
	"alveary"
	"alveary/store/access"
)

// DeleteRole removes a role that nobody owns, with what is shared with it and
// the house rules for it; what takes away or is assigned keeps it in place, as
// access.Rows says.
func (tx *Tx) DeleteRole(id alveary.RoleID) error {
	if err := tx.rows.DeleteRole(id); err != nil {
		return err
	}
	return tx.UnshareRole(id)
}

// DeleteTeam removes a team as people.Rows does, with what is shared with it.
func (tx *Tx) DeleteTeam(team alveary.RoleID) error {
	if err := tx.persons.DeleteTeam(team); err != nil {
		return err
	}
	return tx.UnshareRole(team)
}

// DeleteGroups removes groups as access.Rows does, with what is shared with
// them.
func (tx *Tx) DeleteGroups(ids []alveary.GroupID) error {
	if err := tx.rows.DeleteGroups(ids); err != nil {
		return err
	}
	for _, id := range ids {
		if err := tx.UnshareRole(access.GroupRole(id)); err != nil {
			return err
		}
	}
	return nil
}

// DeleteGroup removes an empty group, with what is shared with it.
func (tx *Tx) DeleteGroup(id alveary.GroupID) error {
	if err := tx.rows.DeleteGroup(id); err != nil {
		return err
	}
	return tx.UnshareRole(access.GroupRole(id))
}

// DeleteUser removes an account as people.Rows does. Its Cells go to the heir,
// its links end.
func (tx *Tx) DeleteUser(id, heir alveary.UserID) error {
	if err := tx.UnshareUser(id, access.UserRole(id), heir); err != nil {
		return err
	}
	return tx.persons.DeleteUser(id, heir)
}

// DeletePolicy ends a policy as access.Rows does. While a Cell or link names
// it, it is KindConflict "in-use".
func (tx *Tx) DeletePolicy(id alveary.PolicyID, author, note string) error {
	naming, err := tx.CellsNaming(id)
	if err != nil {
		return err
	}
	if len(naming) > 0 {
		return &alveary.Error{
			Kind: alveary.KindConflict, Op: "delete the policy", Subject: string(id), Code: "in-use",
			Message: "a Cell or link names this policy: name another one there, or end it, first",
		}
	}
	return tx.rows.DeletePolicy(id, author, note)
}
