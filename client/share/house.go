package share

import (
	"context"
	"net/http"
)

// HouseRule says how a role may share what lies at a node and beneath it.
type HouseRule struct {
	ID   string `json:"id"`
	Role struct {
		ID    string `json:"id"`
		Label string `json:"label"`
	} `json:"role"`
	Node struct {
		ID   string `json:"id"`
		Path string `json:"path"` // empty: everywhere
	} `json:"node"`
	Terms Terms `json:"terms"`
}

// Terms are what a rule says; what is nil it says nothing of.
type Terms struct {
	Cells       *bool     `json:"cells,omitempty"`
	FileLinks   *bool     `json:"fileLinks,omitempty"`
	FolderLinks *bool     `json:"folderLinks,omitempty"`
	External    *bool     `json:"external,omitempty"`
	Password    *bool     `json:"password,omitempty"`
	Slugs       *bool     `json:"slugs,omitempty"`
	Days        *int64    `json:"days,omitempty"`
	Downloads   *int64    `json:"downloads,omitempty"`
	Upload      *int64    `json:"upload,omitempty"`
	Characters  *int64    `json:"characters,omitempty"`
	Policies    *[]string `json:"policies,omitempty"`
	Groups      *[]string `json:"groups,omitempty"`
}

// NewRule is a rule as it is to be. Node is empty for everywhere, ID where there
// is none yet.
type NewRule struct {
	ID    string `json:"-"`
	Role  string `json:"role"`
	Node  string `json:"node,omitempty"`
	Terms Terms  `json:"terms"`
}

// RuleEffect is what a rule would do to what is shared already.
type RuleEffect struct {
	Stopped []Share `json:"stopped"`
	Freed   []Share `json:"freed"`
}

// Rules lists the house rules.
func (s Sharing) Rules(ctx context.Context) ([]HouseRule, error) {
	return list[HouseRule](ctx, s.Client, "list the house rules", "/house/rules")
}

// PutRule makes or changes a house rule.
func (s Sharing) PutRule(ctx context.Context, r NewRule) (HouseRule, error) {
	method, path := http.MethodPost, "/house/rules"
	if r.ID != "" {
		method, path = http.MethodPut, at("/house/rules", r.ID, "")
	}
	return send[HouseRule](ctx, s.Client, "set the house rule", r.Role, method, path, r)
}

// CheckRule tells what a rule would stop and free; nothing is saved.
func (s Sharing) CheckRule(ctx context.Context, r NewRule) (RuleEffect, error) {
	return send[RuleEffect](ctx, s.Client, "try the house rule", r.Role, http.MethodPost, "/house/rules/check", struct {
		ID string `json:"id,omitempty"`
		NewRule
	}{r.ID, r})
}

// DeleteRule takes a house rule away.
func (s Sharing) DeleteRule(ctx context.Context, id string) error {
	return do(ctx, s.Client, "delete the house rule", id, http.MethodDelete, at("/house/rules", id, ""), nil)
}
