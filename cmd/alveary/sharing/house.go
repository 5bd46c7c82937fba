package sharing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"

	"alveary/client"
	"alveary/client/people"
	"alveary/client/share"
	"alveary/cmd/alveary/console"
	"alveary/config"
)

// HouseRule keeps the rules of the house for sharing.
type HouseRule struct {
	Ls  ruleLsCmd  `cmd:"" help:"List the rules: id, role, where, what they say."`
	Set ruleSetCmd `cmd:"" help:"Say how a role may share what is in a folder; what is shared already follows at once."`
	Rm  ruleRmCmd  `cmd:"" help:"Take rules away."`
}

type ruleLsCmd struct {
	config.Client `embed:""`
}

// Run lists.
func (c *ruleLsCmd) Run(ctx context.Context, w Prompt) error {
	return over(w, c.Client, func(s share.Sharing) error {
		rules, err := s.Rules(ctx)
		return console.PrintEach(w, rules, err, ruleLine)
	})
}

func ruleLine(r share.HouseRule) string {
	at := r.Node.Path
	if at == "" {
		at = "everywhere"
	}
	var said []string
	for _, t := range terms {
		if text := t.shown(&r.Terms); text != "" {
			said = append(said, t.name+"="+text)
		}
	}
	return fmt.Sprintf("%s  %-20s %-20s %s", r.ID, r.Role.ID, at, strings.Join(said, " "))
}

// term is one that a rule can have.
type term struct {
	name  string
	flag  func(*share.Terms) **bool
	bound func(*share.Terms) **int64
	list  func(*share.Terms) **[]string
}

// terms are all of them, in the order in which they are shown.
var terms = []term{
	{name: "cells", flag: func(t *share.Terms) **bool { return &t.Cells }},
	{name: "fileLinks", flag: func(t *share.Terms) **bool { return &t.FileLinks }},
	{name: "folderLinks", flag: func(t *share.Terms) **bool { return &t.FolderLinks }},
	{name: "external", flag: func(t *share.Terms) **bool { return &t.External }},
	{name: "password", flag: func(t *share.Terms) **bool { return &t.Password }},
	{name: "slugs", flag: func(t *share.Terms) **bool { return &t.Slugs }},
	{name: "days", bound: func(t *share.Terms) **int64 { return &t.Days }},
	{name: "downloads", bound: func(t *share.Terms) **int64 { return &t.Downloads }},
	{name: "upload", bound: func(t *share.Terms) **int64 { return &t.Upload }},
	{name: "characters", bound: func(t *share.Terms) **int64 { return &t.Characters }},
	{name: "policies", list: func(t *share.Terms) **[]string { return &t.Policies }},
	{name: "groups", list: func(t *share.Terms) **[]string { return &t.Groups }},
}

// shown is what terms say of this one; empty where nothing.
func (t term) shown(of *share.Terms) string {
	switch {
	case t.flag != nil && *t.flag(of) != nil:
		return map[bool]string{true: "yes", false: "no"}[**t.flag(of)]
	case t.bound != nil && *t.bound(of) != nil:
		return strconv.FormatInt(**t.bound(of), 10)
	case t.list != nil && *t.list(of) != nil:
		return console.Or(strings.Join(**t.list(of), ","))
	}
	return ""
}

// set reads what terms are to say of this one; nothing where the text is empty.
func (t term) set(in *share.Terms, text string) error {
	switch {
	case t.flag != nil:
		*t.flag(in) = nil
		if text == "" {
			return nil
		}
		if text != "yes" && text != "no" {
			return fmt.Errorf("%s is yes or no, not %s", t.name, text)
		}
		yes := text == "yes"
		*t.flag(in) = &yes
	case t.bound != nil:
		*t.bound(in) = nil
		if text == "" {
			return nil
		}
		n, err := humanize.ParseBytes(text)
		if err != nil || n > 1<<62 || t.name != "upload" && strconv.FormatUint(n, 10) != text {
			return fmt.Errorf("%s is a number, not %s", t.name, text)
		}
		most := int64(n)
		*t.bound(in) = &most
	default:
		*t.list(in) = nil
		if text == "" {
			return nil
		}
		all := []string{}
		if text != none {
			all = strings.Split(text, ",")
		}
		*t.list(in) = &all
	}
	return nil
}

type ruleSetCmd struct {
	Role   string   `arg:"" help:"Id of the role."`
	Term   []string `arg:"" placeholder:"TERM=VALUE" help:"What the rule says; an empty value takes the term out of it. Other terms of a rule that is there stay."`
	In     string   `name:"in" placeholder:"PATH" help:"WORKSPACE/path of the folder; everywhere if not given."`
	DryRun bool     `name:"dry-run" help:"Only say what it would stop and free."`

	config.Client `embed:""`
}

// Help tells what the flags cannot.
func (*ruleSetCmd) Help() string {
	return `yes or no: cells (Cells may be made), fileLinks, folderLinks, external (external
people may be members), password (a link needs one, or named people), slugs (a link
without either may have an address of its owner's choosing). Numbers, 0 for no bound:
days (longest life of a link), downloads, upload (bytes of a file that is put in),
characters (least of a password). Lists, separated by commas, or none: policies that
may be given in place of rights, groups by their paths whose people are found.
Of several rules, for each term, the one on the deepest folder counts, and there
that of the last role.`
}

// Run says how a role may share.
func (c *ruleSetCmd) Run(ctx context.Context, w Prompt) error {
	return over(w, c.Client, func(s share.Sharing) error {
		rule, err := c.rule(ctx, w, s)
		if err != nil {
			return err
		}
		would, err := s.CheckRule(ctx, rule)
		if err != nil {
			return err
		}
		if c.DryRun {
			w.Text(would, ruleEffect(would, "would stop", "would free"))
			return nil
		}
		return console.Freshly(ctx, w, s.Client, func(server *client.Client) error {
			is, err := share.At(server).PutRule(ctx, rule)
			if err == nil {
				w.Text(map[string]any{"rule": is, "effect": would}, ruleLine(is)+"\n"+ruleEffect(would, "stops", "frees"))
			}
			return err
		})
	})
}

// rule is the one that is there with what is to change of it, or a new one.
func (c *ruleSetCmd) rule(ctx context.Context, w Prompt, s share.Sharing) (share.NewRule, error) {
	rule := share.NewRule{Role: c.Role}
	if c.In != "" {
		found, err := nodes(ctx, s, []string{c.In})
		if err != nil {
			return rule, err
		}
		rule.Node = found[0].ID.String()
	}
	all, err := s.Rules(ctx)
	if err != nil {
		return rule, err
	}
	for _, r := range all {
		if r.Role.ID == rule.Role && (r.Node.ID == rule.Node || rule.Node == "" && r.Node.Path == "") {
			rule.ID, rule.Terms = r.ID, r.Terms
		}
	}
	for _, text := range c.Term {
		name, value, ok := strings.Cut(text, "=")
		at := slices.IndexFunc(terms, func(t term) bool { return t.name == name })
		if !ok || at < 0 {
			return rule, w.Usage(fmt.Errorf("%s is no term with a value; see alveary house-rule set --help", text))
		}
		if name == "groups" {
			if value, err = groupIDs(ctx, s, value); err != nil {
				return rule, err
			}
		}
		if err := terms[at].set(&rule.Terms, value); err != nil {
			return rule, w.Usage(err)
		}
	}
	return rule, nil
}

// groupIDs finds groups by their paths.
func groupIDs(ctx context.Context, s share.Sharing, paths string) (string, error) {
	if paths == "" || paths == none {
		return paths, nil
	}
	var ids []string
	for path := range strings.SplitSeq(paths, ",") {
		found, err := ref(ctx, people.At(s.Client), "set the house rule", "group:"+path)
		if err != nil {
			return "", err
		}
		ids = append(ids, found.Group)
	}
	return strings.Join(ids, ","), nil
}

func ruleEffect(e share.RuleEffect, stops, frees string) string {
	var out lines
	for _, one := range e.Stopped {
		out.add(stops, shareLine(one))
	}
	for _, one := range e.Freed {
		out.add(frees, shareLine(one))
	}
	if len(out) == 0 {
		return stops + " and " + frees + " nothing that is shared now"
	}
	return out.String()
}

type ruleRmCmd struct {
	ID  []string `arg:"" help:"Id of a rule, as ls shows it."`
	Yes bool     `name:"yes" help:"Do not ask."`

	config.Client `embed:""`
}

// Run takes rules away.
func (c *ruleRmCmd) Run(ctx context.Context, w Prompt) error {
	if len(c.ID) == 0 {
		return w.Usage(errors.New("name a rule"))
	}
	return over(w, c.Client, func(s share.Sharing) error {
		question := fmt.Sprintf("Take away %s? What was stopped by it is free from then on.", console.Count(int64(len(c.ID)), "house rule", "house rules"))
		if err := console.Confirm(ctx, w, c.Yes, question); err != nil {
			return err
		}
		return console.Freshly(ctx, w, s.Client, func(server *client.Client) error {
			for _, id := range c.ID {
				if err := share.At(server).DeleteRule(ctx, id); err != nil {
					return err
				}
				w.Line(map[string]string{"deleted": id}, "deleted the house rule "+id)
			}
			return nil
		})
	})
}
