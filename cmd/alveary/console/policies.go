package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"alveary/client"
	"alveary/config"
)

// Policies keeps policies; it is embedded beside what does without a server.
type Policies struct {
	Ls      policyLsCmd      `cmd:"" help:"List the policies."`
	Get     policyGetCmd     `cmd:"" help:"Print a policy as JSON, to be edited."`
	Put     policyPutCmd     `cmd:"" help:"Make policies, or new versions of them."`
	Rm      policyRmCmd      `cmd:"" help:"Delete policies that no entry names; their versions are kept."`
	Mode    policyModeCmd    `cmd:"" help:"Switch a policy off, to observed, or to enforced."`
	History policyHistoryCmd `cmd:"" help:"List the versions of a policy."`
	Restore policyRestoreCmd `cmd:"" help:"Make an old version the newest."`
}

type policyLsCmd struct {
	Type string `name:"type" enum:",acl,rest,oidc" default:"" placeholder:"TYPE" help:"acl, rest or oidc alone."`

	config.Client `embed:""`
}

// Run lists.
func (c *policyLsCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		policies, err := server.Policies(ctx, c.Type)
		return PrintEach(w, policies, err, func(p client.PolicyLine) string {
			return fmt.Sprintf("%-28s %-4s %-8s v%d, %d rules, %d entries  %s", p.ID, p.Type, p.Mode, p.Version, p.Rules, p.UsedBy, p.Label)
		})
	})
}

type policyGetCmd struct {
	ID      string `arg:"" help:"Id of the policy."`
	Version int64  `name:"at" placeholder:"N" help:"As it was in this version."`

	config.Client `embed:""`
}

// Run prints the policy alone, as put takes it; with --json, its version too.
func (c *policyGetCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		p, err := server.Policy(ctx, c.ID, c.Version)
		if err != nil {
			return err
		}
		var text bytes.Buffer
		if err := json.Indent(&text, p.Policy, "", "  "); err != nil {
			return err
		}
		w.Text(p, text.String())
		return nil
	})
}

type policyPutCmd struct {
	File []string `arg:"" help:"Policies as JSON, one or a list; - is standard input."`
	Note string   `name:"note" help:"Why, for the history."`
	From *int64   `name:"from" placeholder:"N" help:"The version it was edited from: refuse where it is not the newest. 0: there must be none yet."`

	config.Client `embed:""`
}

// Run saves policies, in the order in which they stand.
func (c *policyPutCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		for _, name := range c.File {
			policies, err := readPolicies(w, name)
			if err != nil {
				return err
			}
			for _, p := range policies {
				saved, err := server.PutPolicy(ctx, p.id, p.text, c.Note, c.From)
				if err != nil {
					return err
				}
				say(w, p.id, saved)
			}
		}
		return nil
	})
}

func say(w Prompt, id string, p client.Policy) {
	w.Line(p, fmt.Sprintf("%s is at version %d", id, p.Version))
}

type policyText struct {
	id   string
	text json.RawMessage
}

func readPolicies(w Prompt, name string) (out []policyText, err error) {
	var text []byte
	if name == "-" {
		text, err = io.ReadAll(w.Input())
	} else {
		text, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, err
	}
	all := []json.RawMessage{text}
	if text = bytes.TrimSpace(text); len(text) > 0 && text[0] == '[' {
		if err := json.Unmarshal(text, &all); err != nil {
			return nil, w.Usage(fmt.Errorf("%s is not JSON: %w", name, err))
		}
	}
	for _, one := range all {
		var p struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(one, &p); err != nil {
			return nil, w.Usage(fmt.Errorf("%s is no policy as JSON: %w", name, err))
		}
		if p.ID == "" {
			return nil, w.Usage(errors.New(name + ": a policy has an id"))
		}
		out = append(out, policyText{p.ID, one})
	}
	return out, nil
}

type policyRmCmd struct {
	ID []string `arg:"" help:"Id of a policy."`

	config.Client `embed:""`
}

// Run deletes policies.
func (c *policyRmCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		return removeEach(w, c.ID, func(id string) error { return server.DeletePolicy(ctx, id) })
	})
}

type policyModeCmd struct {
	ID   string `arg:"" help:"Id of the policy."`
	Mode string `arg:"" enum:"off,observed,enforced" help:"off, observed (decides nothing and is counted) or enforced."`

	config.Client `embed:""`
}

// Run makes a version with another mode.
func (c *policyModeCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		saved, err := server.SetPolicyMode(ctx, c.ID, c.Mode)
		if err == nil {
			say(w, c.ID, saved)
		}
		return err
	})
}

type policyHistoryCmd struct {
	ID string `arg:"" help:"Id of the policy."`

	config.Client `embed:""`
}

// Run lists versions, the newest first.
func (c *policyHistoryCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		versions, err := server.PolicyVersions(ctx, c.ID)
		return PrintEach(w, versions, err, func(v client.PolicyVersion) string {
			what := v.Mode
			if v.Deleted {
				what = "deleted"
			}
			author := v.Author
			if author == "" {
				author = "-"
			}
			return fmt.Sprintf("v%-4d %s  %-12s %-8s %d rules  %s", v.Version, v.At.Local().Format(time.RFC3339), author, what, v.Rules, v.Note)
		})
	})
}

type policyRestoreCmd struct {
	ID      string `arg:"" help:"Id of the policy."`
	Version int64  `arg:"" help:"Number of the version, as history shows it."`

	config.Client `embed:""`
}

// Run makes an old version the newest.
func (c *policyRestoreCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		saved, err := server.RestorePolicy(ctx, c.ID, c.Version)
		if err == nil {
			say(w, c.ID, saved)
		}
		return err
	})
}
