package rest_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"

	"alveary"
	"alveary/testkit/world"
)

// greedy are fields that would make someone more than he is, or give him what
// belongs to another, if a call took them over from the request.
var greedy = []string{
	"profile", "roles", "role", "admin", "isAdmin", "is_admin", "group", "groupPath", "group_id", "quota", "home", "homes", "owner", "ownerId", "owner_id",
	"id", "userId", "user_id", "level", "secondFactor", "invites", "team", "passwordHash", "password_hash", "disabled", "createdBy", "attributes",
	"email", "login", "scope", "rights", "__proto__", "constructor", "Profile", "ROLES",
}

// Threat 17: no route takes over a field that is not its own, in whatever body
// it takes: each is refused with the field named, and nothing changes.
func TestThreat17_MassAssignment(t *testing.T) {
	s := newStage(t)
	s.User("root", alveary.ProfileAdmin)
	root := s.Browser("root")
	var document struct {
		Paths map[string]map[string]struct {
			OperationID string
			RequestBody struct {
				Content map[string]struct{ Schema schema }
			}
		}
		Components struct{ Schemas map[string]schema }
	}
	want(t, root.Do("GET", s.URL()+"/api/openapi.json", nil), http.StatusOK).Into(t, &document)
	tried := 0
	for _, methods := range document.Paths {
		for _, op := range methods {
			content, ok := op.RequestBody.Content["application/json"]
			if !ok {
				continue
			}
			shape := content.Schema
			if name, ok := strings.CutPrefix(shape.Ref, "#/components/schemas/"); ok {
				shape = document.Components.Schemas[name]
			}
			if string(shape.AdditionalProperties) != "false" {
				t.Errorf("%s: its body takes fields that the document does not name: %s", op.OperationID, shape.AdditionalProperties)
			}
			ask, known := s.request(op.OperationID)
			if !known {
				t.Errorf("%s has no case", op.OperationID)
				continue
			}
			var body map[string]any
			if err := json.Unmarshal([]byte(ask.body), &body); err != nil {
				t.Errorf("%s: the case %q is no object: %v", op.OperationID, ask.body, err)
				continue
			}
			s.unchanged(op.OperationID, func() {
				for _, field := range greedy {
					if _, its := shape.Properties[field]; its {
						continue
					}
					more := maps.Clone(body)
					more[field] = "ADMINISTRATORS"
					a := root.Do(ask.method, ask.path, world.JSON(more), ask.headers...)
					if a.Status != http.StatusBadRequest || a.Problem(t).Code != "unknown-fields" || !strings.Contains(a.Problem(t).Detail, field) {
						t.Errorf("%s with %s: %d %.200s", op.OperationID, field, a.Status, a.Body)
					}
					tried++
				}
			})
		}
	}
	if tried < 900 {
		t.Errorf("only %d were tried", tried)
	}
	if u := s.As("root").User; u.Profile != alveary.ProfileAdmin || len(u.Roles) > 0 {
		t.Errorf("root has become %+v", u)
	}
}

// schema is as much of a schema as the test above looks at.
type schema struct {
	Ref                  string `json:"$ref"`
	Properties           map[string]json.RawMessage
	AdditionalProperties json.RawMessage
}
