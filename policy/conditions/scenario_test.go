package conditions

import (
	"os"
	"path/filepath"
	"testing"

	"go.yaml.in/yaml/v3"

	"alveary"
)

// question is one of a scenario file that asks a condition by itself.
type question struct {
	ID        string
	Note      string
	Condition struct {
		Type    string
		Options map[string]any
	}
	Value  any
	Expect string
}

// MODEL.md 8: a condition by itself stands for a context attribute; left out, the
// value is absent.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("../testdata/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var file struct{ Ask []yaml.Node }
		if err := yaml.Unmarshal(text, &file); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i := range file.Ask {
			var q question
			if err := file.Ask[i].Decode(&q); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if q.Condition.Type != "" {
				asked++
				q.ask(t)
			}
		}
	}
	if asked < 70 {
		t.Fatalf("only %d questions", asked)
	}
}

func (q question) ask(t *testing.T) {
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
