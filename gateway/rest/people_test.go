package rest_test

import (
	"fmt"
	"net/http"
)

// people is the question that each route about people is asked, in the part of
// the console.
func (s *stage) people(operation string) (a asked, known bool) {
	const denied = http.StatusForbidden
	s.folk()
	ann, vic, group := fmt.Sprintf("/users/%d", s.As("ann").User.ID), fmt.Sprintf("/users/%d", s.vic), fmt.Sprintf("/groups/%d", s.crew)
	table := map[string]asked{
		"list-users":         {"GET", "/users", "", nil, denied, denied},
		"add-user":           {"POST", "/users", `{"login":"eva","password":"a long enough one"}`, nil, denied, denied},
		"user":               {"GET", ann, "", nil, denied, denied},
		"change-user":        {"PATCH", ann, `{"name":"Ann"}`, nil, denied, denied},
		"leaving-user":       {"GET", vic + "/leaving", "", nil, denied, denied},
		"delete-user":        {"DELETE", vic + "?expect=vic", "", nil, denied, denied},
		"invite-user":        {"POST", vic + "/invitation", "", nil, denied, denied},
		"reset-user":         {"POST", vic + "/reset", "", nil, denied, denied},
		"list-user-sessions": {"GET", ann + "/sessions", "", nil, denied, denied},
		"end-user-sessions":  {"DELETE", ann + "/sessions", "", nil, denied, denied},
		"end-user-session":   {"DELETE", ann + "/sessions/" + s.session, "", nil, denied, denied},
		"list-user-tokens":   {"GET", ann + "/tokens", "", nil, denied, denied},
		"revoke-user-token":  {"DELETE", ann + "/tokens/" + s.token, "", nil, denied, denied},
		"list-user-factors":  {"GET", ann + "/factors", "", nil, denied, denied},
		"reset-user-factors": {"DELETE", ann + "/factors", "", nil, denied, denied},
		"import-users":       {"POST", "/users/import", "login,name\nzoe,Zoe\n", []string{"Content-Type", "text/csv"}, denied, denied},
		"export-users":       {"GET", "/users/export", "", nil, denied, denied},
		"invite-external":    {"POST", "/people/external", `{"email":"guest@example.net"}`, nil, denied, denied},

		"list-groups":   {"GET", "/groups", "", nil, denied, denied},
		"add-group":     {"POST", "/groups", `{"parent":"/crew","name":"night"}`, nil, denied, denied},
		"change-group":  {"PATCH", group, `{"name":"team"}`, nil, denied, denied},
		"leaving-group": {"GET", group + "/leaving", "", nil, denied, denied},
		"delete-group":  {"DELETE", group, "", nil, denied, denied},
		"list-roles":    {"GET", "/roles", "", nil, denied, denied},
		"add-role":      {"POST", "/roles", `{"id":"friends"}`, nil, denied, denied},
		"role":          {"GET", "/roles/helpers", "", nil, denied, denied},
		"change-role":   {"PATCH", "/roles/helpers", `{"label":"Who helps"}`, nil, denied, denied},
		"delete-role":   {"DELETE", "/roles/helpers", "", nil, denied, denied},

		"list-locks":        {"GET", "/locks", "", nil, denied, denied},
		"lift-lock":         {"DELETE", "/locks/" + s.lock, "", nil, denied, denied},
		"organisation":      {"GET", "/settings/organisation", "", nil, denied, denied},
		"set-organisation":  {"PUT", "/settings/organisation", `{"name":"House","accent":"#aa5500"}`, nil, denied, denied},
		"sign-in-rules":     {"GET", "/settings/sign-in", "", nil, denied, denied},
		"set-sign-in-rules": {"PUT", "/settings/sign-in", `{"minPassword":10,"strength":3,"passkeys":true,"reset":true}`, nil, denied, denied},
		"mail-server":       {"GET", "/settings/mail", "", nil, denied, denied},
		"set-mail-server":   {"PUT", "/settings/mail", `{"host":""}`, nil, denied, denied},
		"test-mail":         {"POST", "/settings/mail/test", `{"to":"a@example.net","server":{"host":"127.0.0.1","port":1,"security":"none","from":"b@example.net"}}`, nil, denied, denied},

		"set-namespace":    {"PUT", "/metadata-namespaces/colour", `{"editors":"writers"}`, nil, denied, denied},
		"delete-namespace": {"DELETE", "/metadata-namespaces/usermeta-tags", "", nil, denied, denied},
	}
	a, known = table[operation]
	return a, known
}
