package roster

import (
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"alveary"
	"alveary/service/people/sheet"
)

// Write writes people as a table that is read as they are.
func Write(to io.Writer, users []alveary.User, paths map[alveary.GroupID]string) error {
	named := map[string]bool{}
	for _, u := range users {
		for name := range u.Attributes {
			named[name] = true
		}
	}
	attributes := slices.Sorted(maps.Keys(named))
	columns := []string{"login", "name", "email", "profile", "group", "roles", "disabled"}
	for _, name := range attributes {
		columns = append(columns, Attribute+name)
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
