package conditions

import (
	"os"
	"testing"

	"go.yaml.in/yaml/v3"

	"alveary"
)

// MODEL.md 8: a condition by itself stands for a context attribute; left out, the
// value is absent.
func TestScenarios(t *testing.T) {
	text, err := os.ReadFile("testdata/conditions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Ask []struct {
			ID        string
			Note      string
			Condition struct {
				Type    string
				Options map[string]any
			}
			Value  any
			Expect string
		}
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Ask) < 70 {
		t.Fatalf("only %d questions", len(file.Ask))
	}
	for _, q := range file.Ask {
		v, err := alveary.ValueOf(q.Value)
		if err != nil {
			t.Fatal(err)
		}
		got := "invalid"
		if answer, err := Test(alveary.Condition(q.Condition), v, &Facts{}); err == nil {
			got = answer.String()
		}
		if got != q.Expect {
			t.Errorf("%s: %s, want %s (%s)", q.ID, got, q.Expect, q.Note)
		}
	}
}
