package scenario_test

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"alveary/authz/scenario"
)

func report() scenario.Report {
	return scenario.Report{Files: []scenario.Outcome{
		{Name: "good.yaml", Questions: []scenario.Result{{ID: "a", Line: 3, Question: "read a", Passed: true, Expected: "read allow", Got: "read allow"}}},
		{Name: "bad.yaml", Questions: []scenario.Result{
			{ID: "b", Line: 7, Question: "read b\x1b[31m", Expected: "read deny", Got: "read allow", Note: "two\nlines", Trace: []string{"because <it> is \u202e so"}},
		}},
		{Name: "worse.yaml", Malformed: "line 2: a node has a path"},
	}}
}

func TestText(t *testing.T) {
	r := report()
	var b strings.Builder
	if err := r.Text(&b); err != nil {
		t.Fatal(err)
	}
	want := `bad.yaml:7: b: read b\u001b[31m
    note:     two\nlines
    expected: read deny
    got:      read allow
    | because <it> is \u202e so
worse.yaml: malformed: line 2: a node has a path
2 questions in 3 files: 1 failed; 1 file malformed
`
	if b.String() != want {
		t.Errorf("%s", b.String())
	}
	for _, c := range []struct {
		files []scenario.Outcome
		code  int
		says  string
	}{
		{r.Files, 2, ""}, {r.Files[:2], 1, "2 questions in 2 files: 1 failed\n"}, {r.Files[:1], 0, "1 question in 1 file: all passed\n"},
	} {
		part := scenario.Report{Files: c.files}
		b.Reset()
		if err := part.Text(&b); err != nil || part.ExitCode() != c.code || !strings.HasSuffix(b.String(), c.says) {
			t.Errorf("%d, %v: %s", part.ExitCode(), err, b.String())
		}
	}
}

func TestJSON(t *testing.T) {
	r := report()
	var b strings.Builder
	if err := r.JSON(&b); err != nil {
		t.Fatal(err)
	}
	var back scenario.Report
	if err := json.Unmarshal([]byte(b.String()), &back); err != nil {
		t.Fatal(err)
	}
	if q := back.Files[1].Questions[0]; back.Files[2].Malformed == "" || q.ID != "b" || q.Passed || q.Trace[0] != "because <it> is \u202e so" {
		t.Errorf("%+v", back)
	}
	if strings.ContainsAny(b.String(), "\x1b\u202e") {
		t.Errorf("what acts without being seen is written out: %q", b.String())
	}
}

func TestJUnit(t *testing.T) {
	r := report()
	var b strings.Builder
	if err := r.JUnit(&b); err != nil {
		t.Fatal(err)
	}
	var back struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Suites   []struct {
			Name  string `xml:"name,attr"`
			Cases []struct {
				Name    string `xml:"name,attr"`
				Failure *struct {
					Message string `xml:"message,attr"`
					Text    string `xml:",chardata"`
				} `xml:"failure"`
				Error *struct {
					Text string `xml:",chardata"`
				} `xml:"error"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(b.String()), &back); err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	if back.Tests != 3 || back.Failures != 1 || back.Errors != 1 || len(back.Suites) != 3 {
		t.Errorf("%+v", back)
	}
	failed := back.Suites[1].Cases[0]
	if failed.Name != "b" || failed.Failure == nil || failed.Failure.Message != "expected read deny, got read allow" || !strings.Contains(failed.Failure.Text, "<it>") {
		t.Errorf("%+v", failed)
	}
	if c := back.Suites[2].Cases[0]; c.Error == nil || c.Error.Text != "line 2: a node has a path" || back.Suites[0].Cases[0].Failure != nil {
		t.Errorf("%+v", back.Suites)
	}
}
