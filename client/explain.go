package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// Question is what is to be explained: an action on a node, a call, or a
// sign-in.
type Question struct {
	User    string            `json:"user,omitempty"` // empty: nobody in particular
	Path    string            `json:"path,omitempty"`
	Action  string            `json:"action,omitempty"`
	Call    *Call             `json:"call,omitempty"`
	SignIn  string            `json:"signin,omitempty"`
	Context map[string]string `json:"context,omitempty"` // attributes by name
}

// Call is an API call.
type Call struct {
	Method string `json:"method"`
	Path   string `json:"path"`
}

// Explanation is a decision with everything that counted.
type Explanation struct {
	Allowed    bool       `json:"allowed"`
	Verdict    string     `json:"verdict"`
	ValidUntil *time.Time `json:"validUntil"`
	Decided    struct {
		Clause string `json:"clause"`
		Text   string `json:"text"`
	} `json:"decided"`
	Roles []struct {
		Role    string `json:"role"`
		Label   string `json:"label"`
		Why     string `json:"why"`
		Entries []struct {
			Path  string `json:"path"`
			Holds string `json:"holds"`
			State string `json:"state"`
		} `json:"entries"`
	} `json:"roles"`
	Policies []struct {
		Policy  string `json:"policy"`
		Label   string `json:"label"`
		Mode    string `json:"mode"`
		OnPath  bool   `json:"onPath"`
		Verdict string `json:"verdict"`
		At      *struct {
			Path string `json:"path"`
		} `json:"at"`
		Rules []struct {
			Rule       int    `json:"rule"` // from 0
			Label      string `json:"label"`
			Effect     string `json:"effect"`
			Applies    bool   `json:"applies"`
			Why        string `json:"why"`
			Conditions []struct {
				Words  string `json:"words"`
				Value  string `json:"value"`
				Result string `json:"result"`
			} `json:"conditions"`
		} `json:"rules"`
	} `json:"policies"`
	Residual []string `json:"residual"`
	Ways     []struct {
		Depth int    `json:"depth"`
		Text  string `json:"text"`
	} `json:"ways"`
	Flips []struct {
		Text string `json:"text"`
	} `json:"flips"`

	Whole json.RawMessage `json:"-"` // as the server answered
}

// Explain asks why; the server answers administrators alone.
func (c *Client) Explain(ctx context.Context, q Question) (e Explanation, err error) {
	if _, err := c.exchange(ctx, call{op: "explain the decision", method: http.MethodPost, path: "/explain", again: true}, q, &e.Whole); err != nil {
		return e, err
	}
	if err := json.Unmarshal(e.Whole, &e); err != nil {
		return e, fmt.Errorf("read the explanation: %w", err)
	}
	return e, nil
}
