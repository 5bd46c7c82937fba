package client

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"alveary"
)

// Entry is an ACL entry; one that is to be made has a path in place of a node.
type Entry struct {
	ID        string     `json:"id,omitempty"`
	Role      string     `json:"role"`
	RoleLabel string     `json:"roleLabel,omitempty"`
	Node      string     `json:"node,omitempty"`
	Path      string     `json:"path,omitempty"`
	Template  string     `json:"template,omitempty"`
	Rights    []string   `json:"rights,omitempty"`
	Deny      bool       `json:"deny,omitempty"`
	Policies  []string   `json:"policies,omitempty"`
	Expires   *time.Time `json:"expires,omitempty"`
}

// PolicyLine is a policy in a list.
type PolicyLine struct {
	ID      string    `json:"id"`
	Type    string    `json:"type"`
	Label   string    `json:"label"`
	Mode    string    `json:"mode"`
	Rules   int       `json:"rules"`
	Version int64     `json:"version"`
	Changed time.Time `json:"changed"`
	Author  string    `json:"author"`
	UsedBy  int       `json:"usedBy"`
}

// Policy is a policy with its version, the policy itself as it was written.
type Policy struct {
	Policy  json.RawMessage `json:"policy"`
	Version int64           `json:"version"`
	Author  string          `json:"author"`
	At      time.Time       `json:"at"`
}

// PolicyVersion is a line of the history of a policy.
type PolicyVersion struct {
	Version int64     `json:"version"`
	At      time.Time `json:"at"`
	Author  string    `json:"author"`
	Note    string    `json:"note"`
	Mode    string    `json:"mode"`
	Rules   int       `json:"rules"`
	Deleted bool      `json:"deleted"`
	Current bool      `json:"current"`
}

// get reads one document, or a list of them.
func get[T any](ctx context.Context, c *Client, op, subject, path string, query url.Values) (out T, err error) {
	_, err = c.exchange(ctx, call{op: op, subject: subject, method: http.MethodGet, path: path, query: query, again: true}, nil, &out)
	return out, err
}

func list[T any](ctx context.Context, c *Client, op, path string, query url.Values) ([]T, error) {
	out, err := get[struct {
		Items []T `json:"items"`
	}](ctx, c, op, "", path, query)
	return out.Items, err
}

// filter is a query of those values that are not empty.
func filter(values map[string]string) url.Values {
	query := url.Values{}
	for name, value := range values {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}

func send[T any](ctx context.Context, c *Client, op, subject, method, path string, in any) (out T, err error) {
	_, err = c.exchange(ctx, call{op: op, subject: subject, method: method, path: path}, in, &out)
	return out, err
}

func (c *Client) remove(ctx context.Context, op, subject, path string) error {
	_, err := c.exchange(ctx, call{op: op, subject: subject, method: http.MethodDelete, path: path}, nil, nil)
	return err
}

// Entries lists the ACL entries, those of a role or naming a policy where
// these are not empty.
func (c *Client) Entries(ctx context.Context, role, policy string) ([]Entry, error) {
	return list[Entry](ctx, c, "list the entries", "/entries", filter(map[string]string{"role": role, "policy": policy}))
}

// AddEntry makes an ACL entry.
func (c *Client) AddEntry(ctx context.Context, e Entry) (Entry, error) {
	return send[Entry](ctx, c, "make the entry", e.Path, http.MethodPost, "/entries", e)
}

// DeleteEntry takes an ACL entry away.
func (c *Client) DeleteEntry(ctx context.Context, id string) error {
	return c.remove(ctx, "delete the entry", id, "/entries/"+url.PathEscape(id))
}

func policyPath(id string) string { return "/policies/" + url.PathEscape(id) }

// Policies lists the policies, those of a type where it is not empty.
func (c *Client) Policies(ctx context.Context, kind string) ([]PolicyLine, error) {
	return list[PolicyLine](ctx, c, "list the policies", "/policies", filter(map[string]string{"type": kind}))
}

// Policy is a policy as it is now, or as it was in a version that is not 0.
func (c *Client) Policy(ctx context.Context, id string, version int64) (Policy, error) {
	path := policyPath(id)
	if version != 0 {
		path += "/versions/" + strconv.FormatInt(version, 10)
	}
	return get[Policy](ctx, c, "read the policy", id, path, nil)
}

// PutPolicy makes a policy or its next version. A version that is not nil is
// the one it was edited from, 0 where there must be none.
func (c *Client) PutPolicy(ctx context.Context, id string, policy json.RawMessage, note string, version *int64) (Policy, error) {
	return send[Policy](ctx, c, "save the policy", id, http.MethodPut, policyPath(id), struct {
		Policy  json.RawMessage `json:"policy"`
		Note    string          `json:"note,omitempty"`
		Version *int64          `json:"version,omitempty"`
	}{policy, note, version})
}

// SetPolicyMode makes a version of a policy that differs in its mode alone.
func (c *Client) SetPolicyMode(ctx context.Context, id, mode string) (Policy, error) {
	now, err := c.Policy(ctx, id, 0)
	if err != nil {
		return now, err
	}
	d := json.NewDecoder(bytes.NewReader(now.Policy))
	var fields map[string]json.RawMessage
	if err := d.Decode(&fields); err != nil {
		return now, &alveary.Error{Kind: alveary.KindUnavailable, Op: "read the policy", Subject: id, Message: "the answer of the server could not be read", Cause: err}
	}
	fields["mode"] = json.RawMessage(strconv.Quote(mode))
	text, err := json.Marshal(fields)
	if err != nil {
		return now, err
	}
	return c.PutPolicy(ctx, id, text, "mode "+mode, &now.Version)
}

// DeletePolicy deletes a policy that no entry names; its versions are kept.
func (c *Client) DeletePolicy(ctx context.Context, id string) error {
	return c.remove(ctx, "delete the policy", id, policyPath(id))
}

// PolicyVersions lists the versions of a policy, newest first.
func (c *Client) PolicyVersions(ctx context.Context, id string) ([]PolicyVersion, error) {
	return list[PolicyVersion](ctx, c, "read the history of the policy "+id, policyPath(id)+"/versions", nil)
}

// RestorePolicy makes an old version the newest.
func (c *Client) RestorePolicy(ctx context.Context, id string, version int64) (Policy, error) {
	return send[Policy](ctx, c, "restore the policy", id, http.MethodPost, policyPath(id)+"/versions/"+strconv.FormatInt(version, 10)+"/restore", nil)
}

// SetMetadata gives a node the values of a namespace in place of those before.
func (c *Client) SetMetadata(ctx context.Context, n Node, namespace string, values []string) (Node, error) {
	if values == nil {
		values = []string{}
	}
	return send[Node](ctx, c, "tag", n.Path, http.MethodPut, nodePath(n.ID)+"/metadata/"+url.PathEscape(namespace), map[string][]string{"values": values})
}
