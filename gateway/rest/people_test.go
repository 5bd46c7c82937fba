package rest_test

import (
	"fmt"
	"net/http"

	"alveary"
	"alveary/store"
)

// people is the question that each route about people is asked, in the part of
// the console. It makes what they are about where that is missing.
func (s *stage) people(operation string) (a asked, known bool) {
	const denied = http.StatusForbidden
	var crew alveary.Group
	s.Write(func(tx *store.Tx) error {
		groups, err := tx.Groups()
		if err != nil {
			return err
		}
		for _, g := range groups {
			if g.Name == "crew" {
				crew = g
				return nil
			}
		}
		if err := tx.InsertRole(alveary.Role{ID: "helpers", Label: "Helpers"}); err != nil {
			return err
		}
		crew, err = tx.InsertGroup(alveary.RootGroup, "crew")
		return err
	})
	ann := fmt.Sprintf("/users/%d", s.As("ann").User.ID)
	table := map[string]asked{
		"list-roles":       {"GET", "/roles", "", nil, denied, denied},
		"add-role":         {"POST", "/roles", `{"id":"friends"}`, nil, denied, denied},
		"change-role":      {"PATCH", "/roles/helpers", `{"label":"Who helps"}`, nil, denied, denied},
		"delete-role":      {"DELETE", "/roles/helpers", "", nil, denied, denied},
		"list-groups":      {"GET", "/groups", "", nil, denied, denied},
		"add-group":        {"POST", "/groups", `{"parent":"/crew","name":"night"}`, nil, denied, denied},
		"delete-group":     {"DELETE", fmt.Sprintf("/groups/%d", crew.ID), "", nil, denied, denied},
		"set-namespace":    {"PUT", "/metadata-namespaces/colour", `{"editors":"writers"}`, nil, denied, denied},
		"delete-namespace": {"DELETE", "/metadata-namespaces/usermeta-tags", "", nil, denied, denied},
		"user":             {"GET", ann, "", nil, denied, denied},
		"change-user":      {"PATCH", ann, `{"name":"Ann"}`, nil, denied, denied},
	}
	a, known = table[operation]
	return a, known
}
