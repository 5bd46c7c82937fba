package console

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"alveary"
	"alveary/service/share/hall"
)

// RuleView is a house rule with its role and node as people read them.
type RuleView struct {
	alveary.HouseRule
	Label string // of the role
	Kind  string // user, group, team or role
	Path  string // of the node, from the root of the tree; empty for the root
}

// Rules lists the house rules.
func (s *Service) Rules(ctx context.Context, by alveary.Subject) (out []RuleView, err error) {
	out = []RuleView{}
	err = s.read(ctx, by, "list the house rules", func(r *room) error {
		if err := r.Administrators(); err != nil {
			return err
		}
		rules, err := r.Tx.HouseRules()
		if err != nil {
			return err
		}
		for i := range rules {
			v, err := r.ruleView(rules[i])
			if err != nil {
				return err
			}
			out = append(out, v)
		}
		return nil
	})
	return out, err
}

func (r *room) ruleView(rule alveary.HouseRule) (v RuleView, err error) {
	v.HouseRule = rule
	l, err := r.LabelOf(rule.Role)
	if err != nil {
		return v, err
	}
	v.Label, v.Kind = l.Text, l.Kind
	line, err := r.Tx.Lineage(rule.Node)
	if alveary.IsKind(err, alveary.KindNotFound) {
		return v, nil
	}
	v.Path = line.Path()
	return v, err
}

// PutRule makes a house rule, or replaces the one of its id. It counts at once,
// for what is shared already too.
func (s *Service) PutRule(ctx context.Context, by alveary.Subject, rule alveary.HouseRule) (out RuleView, err error) {
	err = s.change(ctx, by, "set the house rules", func(r *room) error {
		kept, err := r.putRule(rule)
		if err != nil {
			return err
		}
		if out, err = r.ruleView(kept); err != nil {
			return err
		}
		line, err := r.Tx.Lineage(kept.Node)
		if err != nil {
			return err
		}
		return r.record("set-house-rule", line, fmt.Sprintf("rule %d for %s %s: %s", kept.ID, out.Kind, r.Called(kept.Role), termsInWords(&kept.Terms)))
	})
	return out, err
}

func (r *room) putRule(rule alveary.HouseRule) (alveary.HouseRule, error) {
	if err := r.Administrators(); err != nil {
		return rule, err
	}
	if rule.Node == 0 {
		rule.Node = alveary.RootID
	}
	if err := r.checkRule(&rule); err != nil {
		return rule, err
	}
	kept, err := r.Tx.PutHouseRule(rule)
	return kept, hall.At("role", err)
}

// The bounds of what a house rule bounds.
const (
	mostDays       = 36500
	mostCharacters = 64
	leastPassword  = 8 // however low a rule is set
)

func (r *room) checkRule(rule *alveary.HouseRule) error {
	if _, err := r.Tx.Role(rule.Role); err != nil {
		if alveary.IsKind(err, alveary.KindNotFound) {
			return r.Invalid("role", "invalid", "there is no role of this id")
		}
		return err
	}
	if _, err := r.Tx.Lineage(rule.Node); err != nil {
		if alveary.IsKind(err, alveary.KindNotFound) {
			return r.Refuse(alveary.KindNotFound, "node", "gone", "this folder is no longer there")
		}
		return err
	}
	t := &rule.Terms
	for field, bound := range map[string]struct {
		is          *int64
		least, most int64
	}{"days": {t.Days, 0, mostDays}, "downloads": {t.Downloads, 0, 1 << 40}, "upload": {t.Upload, 0, 1 << 50}, "characters": {t.Characters, leastPassword, mostCharacters}} {
		if bound.is != nil && (*bound.is < bound.least || *bound.is > bound.most) {
			return r.Invalid("terms."+field, "invalid", fmt.Sprintf("this is a number from %d to %d", bound.least, bound.most))
		}
	}
	switch {
	case termsInWords(t) == "":
		return r.Invalid("terms", "invalid", "a rule without a term says nothing")
	case t.Policies != nil && len(*t.Policies) > mostOffered, t.Groups != nil && len(*t.Groups) > mostOffered:
		return r.Invalid("terms", "invalid", "a rule names at most 200 policies and 200 groups")
	}
	return r.checkNamed(t)
}

const mostOffered = 200

func (r *room) checkNamed(t *alveary.Terms) error {
	if t.Policies != nil {
		for i, id := range *t.Policies {
			v, err := r.Tx.Policy(id)
			if err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
				return err
			}
			if err != nil || v.Policy.Type != alveary.PolicyACL {
				return r.Invalid(fmt.Sprintf("terms.policies[%d]", i), "invalid", "there is no policy "+string(id)+" of type acl")
			}
		}
	}
	if t.Groups != nil {
		for i, id := range *t.Groups {
			if _, err := r.Tx.Group(id); err != nil {
				if alveary.IsKind(err, alveary.KindNotFound) {
					return r.Invalid(fmt.Sprintf("terms.groups[%d]", i), "invalid", "there is no such group")
				}
				return err
			}
		}
	}
	return nil
}

// DeleteRule takes a house rule away.
func (s *Service) DeleteRule(ctx context.Context, by alveary.Subject, id alveary.HouseRuleID) error {
	return s.change(ctx, by, "set the house rules", func(r *room) error {
		if err := r.Administrators(); err != nil {
			return err
		}
		rules, err := r.Tx.HouseRules()
		if err != nil {
			return err
		}
		at := slices.IndexFunc(rules, func(h alveary.HouseRule) bool { return h.ID == id })
		if at < 0 {
			return r.Refuse(alveary.KindNotFound, "", "not-found", "there is no such house rule")
		}
		if err := r.Tx.DeleteHouseRule(id); err != nil {
			return err
		}
		v, err := r.ruleView(rules[at])
		if err != nil {
			return err
		}
		return r.record("delete-house-rule", nil, fmt.Sprintf("rule %d for %s %s on /%s: %s", id, v.Kind, r.Called(v.Role), v.Path, termsInWords(&v.Terms)))
	})
}

// termsInWords is what a house rule says, for the audit log.
func termsInWords(t *alveary.Terms) string {
	var words []string
	flag := func(word string, is *bool) {
		if is != nil {
			words = append(words, fmt.Sprintf("%s %t", word, *is))
		}
	}
	number := func(word string, is *int64) {
		if is != nil {
			words = append(words, fmt.Sprintf("%s %d", word, *is))
		}
	}
	flag("cells", t.Cells)
	flag("fileLinks", t.FileLinks)
	flag("folderLinks", t.FolderLinks)
	flag("external", t.External)
	flag("password", t.Password)
	flag("slugs", t.Slugs)
	number("days", t.Days)
	number("downloads", t.Downloads)
	number("upload", t.Upload)
	number("characters", t.Characters)
	if t.Policies != nil {
		words = append(words, fmt.Sprintf("policies %v", *t.Policies))
	}
	if t.Groups != nil {
		words = append(words, fmt.Sprintf("groups %v", *t.Groups))
	}
	return strings.Join(words, "; ")
}
