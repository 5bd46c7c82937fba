package share

import (
	"slices"

	"alveary"
	"alveary/service/share/hall"
)

// mostTold is how many members of a group are told that something was shared
// with it.
const mostTold = 200

// tellMembers tells those who came to a Cell that it is there.
func (r *room) tellMembers(c *alveary.Cell, entries []alveary.Entry) error {
	told := map[alveary.UserID]bool{r.By.User.ID: true, c.Owner: true}
	done := map[alveary.RoleID]bool{}
	for i := range entries {
		e := &entries[i]
		if hall.IsAnchor(e) || done[e.Role] {
			continue
		}
		done[e.Role] = true
		users, err := r.Tx.Holders(e.Role, mostTold)
		if err != nil {
			return err
		}
		if err := r.tell(c, users, told); err != nil {
			return err
		}
	}
	return nil
}

func (r *room) tell(c *alveary.Cell, users []alveary.UserID, told map[alveary.UserID]bool) error {
	for _, user := range users {
		if told[user] {
			continue
		}
		told[user] = true
		if _, err := r.Tx.Notify(alveary.Notice{User: user, Kind: alveary.NoticeShared, By: r.By.User.ID, Cell: c.ID, Text: c.Label}); err != nil {
			return err
		}
	}
	return nil
}

// tellNamed tells those whom a link names that it is there.
func (r *room) tellNamed(c *alveary.Cell, before []alveary.RoleID) error {
	told := map[alveary.UserID]bool{r.By.User.ID: true}
	for _, role := range c.Link.People {
		if slices.Contains(before, role) {
			continue
		}
		users, err := r.Tx.Holders(role, mostTold)
		if err != nil {
			return err
		}
		if err := r.tell(c, users, told); err != nil {
			return err
		}
	}
	return nil
}
