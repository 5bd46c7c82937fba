package acl_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"alveary"
	"alveary/acl"
)

// Of several house rules each term counts by itself: the deepest node's, on one
// node the last role's, of roles of equal rank the stricter (MODEL.md 3.3, 3.4).
func TestHouse(t *testing.T) {
	yes, no := true, false
	n := func(i int64) *int64 { return &i }
	stack := []acl.Ranked{{Role: "a", Rank: 1}, {Role: "b", Rank: 2}, {Role: "b2", Rank: 2}, {Role: "c", Rank: 3}}
	line := alveary.Lineage{{ID: 1, Type: alveary.Collection}, {ID: 2, Type: alveary.Collection}, {ID: 3, Type: alveary.Collection}}
	rule := func(id alveary.HouseRuleID, role alveary.RoleID, node alveary.NodeID, terms alveary.Terms) alveary.HouseRule {
		return alveary.HouseRule{ID: id, Role: role, Node: node, Terms: terms}
	}
	for _, c := range []struct {
		label string
		rules []alveary.HouseRule
		want  string // cells, password, days, characters, policies, groups
		by    map[string]alveary.HouseRuleID
	}{
		{"none", nil, "true false 0 8 [] []", nil},
		{"of a stranger", []alveary.HouseRule{rule(1, "x", 1, alveary.Terms{Cells: &no})}, "true false 0 8 [] []", nil},
		{"one", []alveary.HouseRule{rule(1, "a", 1, alveary.Terms{Cells: &no, Days: n(7)})}, "false false 7 8 [] []", map[string]alveary.HouseRuleID{"cells": 1, "days": 1}},
		{"the deepest", []alveary.HouseRule{rule(1, "c", 1, alveary.Terms{Cells: &no, Days: n(7)}), rule(2, "a", 3, alveary.Terms{Cells: &yes})}, "true false 7 8 [] []", map[string]alveary.HouseRuleID{"cells": 2, "days": 1}},
		{"the last role", []alveary.HouseRule{rule(1, "c", 2, alveary.Terms{Cells: &yes}), rule(2, "a", 2, alveary.Terms{Cells: &no, Password: &yes})}, "true true 0 8 [] []", map[string]alveary.HouseRuleID{"cells": 1, "password": 2}},
		{"equal ranks", []alveary.HouseRule{rule(2, "b", 2, alveary.Terms{Cells: &yes, Password: &yes, Days: n(0), Characters: n(8)}), rule(1, "b2", 2, alveary.Terms{Cells: &no, Password: &no, Days: n(3), Characters: n(12)})}, "false true 3 12 [] []", map[string]alveary.HouseRuleID{"cells": 1, "password": 2, "days": 1, "characters": 1}},
		{"equal ranks, alike", []alveary.HouseRule{rule(2, "b", 2, alveary.Terms{Days: n(3)}), rule(1, "b2", 2, alveary.Terms{Days: n(3)})}, "true false 3 8 [] []", map[string]alveary.HouseRuleID{"days": 1}},
		{"no bound again", []alveary.HouseRule{rule(1, "a", 1, alveary.Terms{Days: n(3)}), rule(2, "a", 2, alveary.Terms{Days: n(0)})}, "true false 0 8 [] []", map[string]alveary.HouseRuleID{"days": 2}},
		{"lists", []alveary.HouseRule{rule(1, "b", 2, alveary.Terms{Policies: &[]alveary.PolicyID{"p", "q"}}), rule(2, "b2", 2, alveary.Terms{Policies: &[]alveary.PolicyID{"q", "r"}, Groups: &[]alveary.GroupID{4}})}, "true false 0 8 [q] [4]", map[string]alveary.HouseRuleID{"policies": 1, "groups": 2}},
		{"nothing may be given", []alveary.HouseRule{rule(1, "a", 1, alveary.Terms{Policies: new([]alveary.PolicyID)})}, "true false 0 8 [] []", map[string]alveary.HouseRuleID{"policies": 1}},
		{"nobody is found", []alveary.HouseRule{rule(1, "a", 1, alveary.Terms{Groups: new([]alveary.GroupID)})}, "true false 0 8 [] none", map[string]alveary.HouseRuleID{"groups": 1}},
		{"beneath the node it says nothing", []alveary.HouseRule{rule(1, "a", 9, alveary.Terms{Cells: &no})}, "true false 0 8 [] []", nil},
	} {
		t.Run(c.label, func(t *testing.T) {
			for range max(1, len(c.rules)) {
				h := acl.NewRules(c.rules).Of(stack).On(line, true)
				groups := fmt.Sprint(h.Groups)
				if h.Groups != nil && len(h.Groups) == 0 {
					groups = "none"
				}
				if got := fmt.Sprintf("%v %v %v %v %v %s", h.Cells, h.Password, h.Days, h.Characters, h.Policies, groups); got != c.want || !maps.Equal(h.By, c.by) {
					t.Errorf("%s by %v, want %s by %v", got, h.By, c.want, c.by)
				}
				if _, said := c.by["policies"]; said != (h.Policies != nil) {
					t.Errorf("policies %#v by %v: none that may be given is not told from no rule", h.Policies, h.By)
				}
				if quick := acl.NewRules(c.rules).Of(stack).On(line, false); quick.By != nil || quick.Cells != h.Cells || quick.Days != h.Days {
					t.Errorf("without saying who: %+v", quick)
				}
				c.rules = append(slices.Clone(c.rules[min(1, len(c.rules)):]), c.rules[:min(1, len(c.rules))]...) // in any order
			}
		})
	}
}
