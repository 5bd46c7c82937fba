package people

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"alveary"
	"alveary/service/people/roster"
	"alveary/service/people/sheet"
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
	return write(to, users, paths)
}

func write(to io.Writer, users []alveary.User, paths map[alveary.GroupID]string) error {
	named := map[string]bool{}
	for _, u := range users {
		for name := range u.Attributes {
			named[name] = true
		}
	}
	attributes := slices.Sorted(maps.Keys(named))
	columns := []string{"login", "name", "email", "profile", "group", "roles", "disabled"}
	for _, name := range attributes {
		columns = append(columns, roster.Attribute+name)
	}
	w, err := sheet.NewWriter(to, columns)
	if err != nil {
		return err
	}
	for _, u := range users {
		roles := make([]string, len(u.Roles))
		for i, role := range u.Roles {
			roles[i] = string(role)
		}
		row := []string{u.Login, u.Name, u.Email, string(u.Profile), paths[u.Group], strings.Join(roles, ";"), strconv.FormatBool(u.Disabled)}
		for _, name := range attributes {
			row = append(row, u.Attributes[name])
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	return w.Close()
}
