package draw_test

import (
	"testing"

	"pgregory.net/rapid"

	"alveary"
	"alveary/testkit/oracle"
	"alveary/testkit/oracle/draw"
)

// Questions that are all answered alike would prove nothing: of every answer
// there are many.
func TestQuestionsMeet(t *testing.T) {
	rights := map[string]int{}
	truths := map[oracle.Truth]int{}
	calls := map[oracle.Verdict]int{}
	asked := 0
	rapid.Check(t, func(t *rapid.T) {
		w := draw.Draw(t)
		o := oracle.World{Data: w.Data, Logins: w.Logins}
		asker := o.Asker(w.Subject)
		context := draw.Context(t)
		for _, line := range w.Lines {
			for _, action := range alveary.AllRights.Actions() {
				asked++
				switch v := o.Check(asker, context, line, action); {
				case v.Allowed:
					rights["allowed"]++
				case v.Explicit:
					rights["denied"]++
				default:
					rights["not allowed"]++
				}
			}
		}
		calls[o.Call(asker, context, "GET", "/user")]++
		for _, p := range w.Data.Policies {
			for _, r := range p.Rules {
				for _, c := range r.Conditions {
					if oracle.RefusedCondition(c.Condition) == nil {
						truths[oracle.Facts{Context: context}.Test(c.Condition, draw.Value(t, c.Attribute))]++
					}
				}
			}
		}
	})
	t.Logf("%d questions: %v, calls %v, conditions %v", asked, rights, calls, truths)
	for _, answer := range []string{"allowed", "denied", "not allowed"} {
		if rights[answer] < asked/20 {
			t.Errorf("of %d questions %d are %s", asked, rights[answer], answer)
		}
	}
	if len(truths) != 3 || len(calls) != 3 {
		t.Errorf("conditions %v, calls %v", truths, calls)
	}
}
