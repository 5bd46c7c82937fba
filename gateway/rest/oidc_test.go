package rest_test

import (
	"fmt"
	"net/http"
	"testing"

	"alveary"
	"alveary/store"
	"alveary/testkit/world"
)

// condition is one condition of a rule.
func condition(attribute, kind string, options map[string]any) alveary.Conditions {
	return alveary.Conditions{{Attribute: attribute, Condition: alveary.Condition{Type: kind, Options: options}}}
}

// Where and when an oidc policy lets nobody sign in, or not those of a group,
// the refusal is the same for a right and a wrong password, for nobody, and for
// the second step whatever is answered; elsewhere and for others all is as
// before. What is left open by address tells of no login.
func TestThreat23_PolicyRefusalsTellNothing(t *testing.T) {
	for name, rule := range map[string]alveary.Rule{
		"from an address": {Conditions: condition("RemoteAddress", "CIDRCondition", map[string]any{"cidr": "198.51.100.0/24"})},
		"outside hours": {Conditions: condition("ServerTime", "NotCondition", map[string]any{"condition": map[string]any{
			"type": "OfficeHoursCondition", "options": map[string]any{"matches": "Monday-Friday/08:00/11:00"},
		}})},
	} {
		t.Run(name, func(t *testing.T) {
			onEach(t, func(t *testing.T, g *garden) {
				seed, _ := g.App(g.Browser("ann"))
				begun := g.Nobody()
				begun.From = "198.51.100.200"
				pending := begun.Step("/session", body{"login": "ann", "password": world.Password}).Stepped(begun).Pending
				rule.Effect, rule.Actions = alveary.EffectDeny, []string{"login"}
				g.rule("no", alveary.PolicyOIDC, rule)
				answers := map[string]world.Answer{}
				for i, who := range []struct{ login, password string }{{"ann", world.Password}, {"ann", "wrong"}, {"nobody", world.Password}} {
					c := g.Nobody()
					c.From = fmt.Sprintf("198.51.100.%d", i+1)
					answers[fmt.Sprint(who)] = want(t, c.Step("/session", body{"login": who.login, "password": who.password}), http.StatusForbidden, "policy")
				}
				g.lift()
				same(t, "the refusal", answers)
				same(t, "the second step", map[string]world.Answer{
					"wrong": want(t, begun.Step("/session/factor", body{"pending": pending, "code": "000000"}), http.StatusForbidden, "policy"),
					"right": want(t, begun.Step("/session/factor", body{"pending": pending, "code": g.Code(seed)}), http.StatusForbidden, "policy"),
				})
				g.lift()
				if name == "from an address" {
					c := g.Nobody()
					c.From = "203.0.113.7"
					want(t, c.Step("/session", body{"login": "ann", "password": world.Password}), http.StatusOK)
				}
			})
		})
	}
}

// A policy on a group keeps its people out, with either password, and lets the
// others in.
func TestNoSignInForAGroup(t *testing.T) {
	onEach(t, func(t *testing.T, g *garden) {
		g.User("bob")
		g.Write(func(tx *store.Tx) error {
			group, err := tx.InsertGroup(alveary.RootGroup, "night")
			if err != nil {
				return err
			}
			ann := g.As("ann").User
			ann.Group = group.ID
			return tx.UpdateUser(ann)
		})
		var role alveary.RoleID
		g.Read(func(tx *store.Tx) error {
			groups, err := tx.Groups()
			for _, one := range groups {
				if one.Name == "night" {
					role = one.Role
				}
			}
			return err
		})
		g.rule("night", alveary.PolicyOIDC, alveary.Rule{Effect: alveary.EffectDeny, Actions: []string{"login"}, Subjects: []string{"role:" + string(role)}})
		c := g.Nobody()
		same(t, "the refusal", map[string]world.Answer{
			"right": want(t, c.Step("/session", body{"login": "ann", "password": world.Password}), http.StatusForbidden, "policy"),
			"wrong": want(t, c.Step("/session", body{"login": "ann", "password": "wrong"}), http.StatusForbidden, "policy"),
		})
		want(t, c.Step("/session", body{"login": "bob", "password": world.Password}), http.StatusOK)
	})
}
