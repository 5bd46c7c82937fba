package conditions

import (
	"encoding/json"
	"testing"

	"alveary"
)

// Whatever stands in a condition, it is refused or can be asked; and turned round
// it says the opposite.
func FuzzCondition(f *testing.F) {
	for _, a := range answers {
		if written, err := json.Marshal(alveary.Condition{Type: a.kind, Options: a.options}); err == nil {
			value, _ := a.value.Text()
			f.Add(string(written), value)
		}
	}
	f.Add(`{"type":"StringMatchCondition","options":{"matches":"^{{.ClaimsName}}$"}}`, "anna")
	f.Add(`{"type":"CIDRCondition","options":{"cidr":"{{.RemoteAddress}}/8"}}`, "10.0.0.1")
	facts := someFacts()
	f.Fuzz(func(t *testing.T, written, value string) {
		var c alveary.Condition
		if json.Unmarshal([]byte(written), &c) != nil {
			return
		}
		on := alveary.AttrServerTime
		compiled, err := Compile(on, c)
		if err != nil {
			if err.Error() == "" {
				t.Fatal("refused without a reason")
			}
			return
		}
		if compiled.Words() == "" {
			t.Fatal("no words")
		}
		compiled.Holds(facts)
		compiled.Holds(&Facts{})
		compiled.Next(facts.Context.Now)
		compiled.Boundaries(facts)
		turned, err := Compile(on, alveary.Condition{Type: kindNot, Options: opts{"condition": inner(c.Type, c.Options)}})
		if err != nil {
			return // too deep
		}
		for _, v := range []alveary.Value{absent, unset, text(value), texts(value, "a"), monday, number(int64(len(value))), someMap} {
			if is, not := compiled.test.of(v, facts), turned.test.of(v, facts); is.not() != not {
				t.Fatalf("%s of %s: %s, and turned round %s", written, v, is, not)
			}
		}
	})
}
