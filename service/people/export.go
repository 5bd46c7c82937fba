package people

import (
	"context"
	"fmt"
	"io"

	"alveary"
	"alveary/service/people/roster"
)

// Export writes all accounts as a CSV file that Import takes and leaves as they
// are, for administrators.
func (s *Service) Export(ctx context.Context, who alveary.Subject, to io.Writer) error {
	const op = "export people"
	var users []alveary.User
	var paths map[alveary.GroupID]string
	if err := s.within(ctx, who, op, s.store.Write, func(r *room) (err error) {
		if err := r.administrators(); err != nil {
			return err
		}
		if users, err = r.Tx.Users(); err != nil {
			return err
		}
		if paths, err = r.paths(); err != nil {
			return err
		}
		return r.record("export-users", fmt.Sprintf("%d users", len(users)))
	}); err != nil {
		return err
	}
	return roster.Write(to, users, paths)
}
