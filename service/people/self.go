package people

import (
	"context"
	"strings"

	"alveary"
)

// Self is what someone may know of who he is.
type Self struct {
	Stack   []StackedRole // all his roles in the order in which they count
	Group   string        // path of his own group
	Invites bool          // may invite external people
}

// Self tells whoever asks who he is.
func (s *Service) Self(ctx context.Context, who alveary.Subject) (out Self, err error) {
	err = s.read(ctx, who, "look at the own account", func(r *room) error {
		u, err := r.user(who.User.ID)
		if err != nil {
			return err
		}
		held, err := s.gate.Holds(ctx, r.Tx, who)
		out = Self{u.Stack, u.Group.Path, isColleague(who.User) && (held.Invites || r.administers())}
		return err
	})
	return out, err
}

// RenameSelf changes the name by which whoever asks is shown: of his own
// account nobody changes more.
func (s *Service) RenameSelf(ctx context.Context, who alveary.Subject, name string) (is alveary.User, err error) {
	const op = "change the own account"
	err = s.change(ctx, who, op, func(r *room) error {
		was, err := r.Tx.User(who.User.ID)
		if err != nil {
			return err
		}
		name = strings.TrimSpace(name)
		if is, err = r.apply(op, was, UserPatch{Name: &name}); err != nil {
			return err
		}
		return r.keep(was, is)
	})
	return is, err
}
