package ask

import (
	"context"
	"slices"

	"alveary"
	"alveary/authz"
	"alveary/service/files/desk"
	"alveary/store"
)

// mostManagers bounds who is asked: those nearest to the node.
const mostManagers = 20

// managers are who can answer a request of the asker for a node: its owner and
// those of the folders above, and the owners and managers of Cells that reach
// it, as far as they may share it; where nobody may, the administrators.
func (s *Service) managers(ctx context.Context, v *desk.View, line alveary.Lineage) (ids []alveary.UserID, err error) {
	asker := v.Access.Subject().User
	near, err := candidates(v.Tx, line)
	if err != nil {
		return nil, err
	}
	near = slices.DeleteFunc(near, func(id alveary.UserID) bool { return id == 0 || id == asker.ID })
	people, err := v.Tx.Subjects(near)
	if err != nil {
		return nil, err
	}
	for _, id := range near {
		one, there := people[id]
		if !there || slices.Contains(ids, id) {
			continue
		}
		why, err := s.mayShare(ctx, v.Tx, one, asker, line)
		if err != nil {
			return nil, err
		}
		if why == "" {
			ids = append(ids, id)
		}
		if len(ids) == mostManagers {
			return ids, nil
		}
	}
	if len(ids) == 0 {
		ids, err = v.Tx.Administrators()
		ids = slices.DeleteFunc(ids, func(id alveary.UserID) bool { return id == asker.ID })
	}
	return ids, err
}

// candidates are who has to do with a node, the nearest first.
func candidates(tx *store.Tx, line alveary.Lineage) (ids []alveary.UserID, err error) {
	for _, n := range slices.Backward(line) {
		ids = append(ids, n.Owner)
		cells, err := tx.CellsOn(n.ID)
		if err != nil {
			return nil, err
		}
		for i := range cells {
			if c := &cells[i]; c.Link == nil && c.In(tx.Now()) {
				ids = append(append(ids, c.Owner), c.Managers...)
			}
		}
	}
	return ids, nil
}

// mayShare says why somebody may not share what is at the end of the lineage
// with another; empty where he may. What he may give beside, his rights tell.
func (s *Service) mayShare(ctx context.Context, tx *store.Tx, who alveary.Subject, with alveary.User, line alveary.Lineage) (why string, err error) {
	if !who.Known() {
		return "you are not a user of the house any more", nil
	}
	access, err := s.gate.Bind(ctx, tx, who)
	if err != nil {
		return "", err
	}
	return s.maySharing(ctx, access, tx, with, line)
}

// maySharing is mayShare for who is bound already.
func (s *Service) maySharing(ctx context.Context, access *authz.Access, tx *store.Tx, with alveary.User, line alveary.Lineage) (why string, err error) {
	if !access.Rights(line).Has(alveary.ActionRead) {
		return alveary.MissingRights(alveary.ActionRead), nil
	}
	who := access.Subject()
	house, err := s.gate.House(ctx, tx, who, line)
	if err != nil {
		return "", err
	}
	inside := who.User.Profile == alveary.ProfileAdmin || who.User.Profile == alveary.ProfileStandard
	switch {
	case !house.Cells, !inside && house.By["cells"] == 0: // somebody from outside shares only where a rule says so
		return "the house rules do not let you share this", nil
	case with.Profile == alveary.ProfileShared && !house.External:
		return "the house rules do not let you share this with people from outside", nil
	}
	return "", nil
}
