package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"alveary"
	"alveary/authz/scenario"
	"alveary/policy"
)

// TestPolicies asks the questions of scenario files. It needs no server and no
// data folder; now is the present of the questions that set no time.
func TestPolicies(files []string, now time.Time) scenario.Report {
	report := scenario.Report{Files: make([]scenario.Outcome, len(files))}
	for i, name := range files {
		report.Files[i] = testFile(name, now)
	}
	return report
}

func testFile(name string, now time.Time) scenario.Outcome {
	o := scenario.Outcome{Name: name}
	text, err := readFile(name)
	if err == nil {
		var f *scenario.File
		if f, err = scenario.Read(text); err == nil {
			o.Questions = f.Run(now)
			return o
		}
	}
	o.Malformed = err.Error()
	return o
}

// readFile words the reason without the name, which stands before it.
func readFile(name string) ([]byte, error) {
	text, err := os.ReadFile(name)
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		err = at.Err
	}
	return text, err
}

// LintReport is what was found in policies that stand in files.
type LintReport struct {
	Files []LintedFile `json:"files"`
}

// LintedFile is what was found in one file.
type LintedFile struct {
	Name      string        `json:"file"`
	Policies  int           `json:"policies"`
	Malformed []string      `json:"malformed,omitempty"` // with the place of each
	Findings  []LintFinding `json:"findings"`
}

// LintFinding is a finding with its policy.
type LintFinding struct {
	Policy    alveary.PolicyID `json:"policy"`
	Code      string           `json:"code"`
	Severity  string           `json:"severity"` // warning or note
	Rule      int              `json:"rule"`     // from 0; -1: the policy
	Attribute string           `json:"attribute,omitempty"`
	Message   string           `json:"message"`
	Fix       string           `json:"fix"`
}

// LintPolicies looks through policies that stand in files: ours as JSON, one or
// a list; those of Ladon and Cells; and those of scenario files. It needs no
// server and no data folder.
func LintPolicies(files []string) LintReport {
	report := LintReport{Files: make([]LintedFile, len(files))}
	for i, name := range files {
		report.Files[i] = lintFile(name)
	}
	return report
}

func lintFile(name string) LintedFile {
	f := LintedFile{Name: name, Findings: []LintFinding{}}
	text, err := readFile(name)
	if err == nil {
		switch filepath.Ext(name) {
		case ".yaml", ".yml":
			err = f.lintScenario(text)
		default:
			err = f.lintJSON(text)
		}
	}
	if err != nil {
		f.Malformed = append(f.Malformed, strings.Split(err.Error(), "\n")...)
	}
	return f
}

func (f *LintedFile) lintJSON(text []byte) error {
	var whole json.RawMessage
	if at := (*json.SyntaxError)(nil); errors.As(json.Unmarshal(text, &whole), &at) {
		before := text[:min(int(at.Offset), len(text))]
		return fmt.Errorf("line %d: %w", bytes.Count(before, []byte("\n"))+1, at)
	}
	policies, err := policy.Import(text)
	if err != nil {
		return err
	}
	f.lint(policies)
	return nil
}

func (f *LintedFile) lintScenario(text []byte) error {
	s, err := scenario.ReadLax(text)
	if err != nil {
		return err
	}
	f.lint(s.Policies())
	found, err := s.LintEntries()
	for _, one := range found {
		f.add(one.Policy, one.Finding)
	}
	return err
}

func (f *LintedFile) lint(policies []alveary.Policy) {
	f.Policies = len(policies)
	for _, p := range policies {
		if _, err := policy.Compile(p); err != nil {
			f.Malformed = append(f.Malformed, strings.Split(err.Error(), "\n")...)
		}
		for _, found := range policy.Lint(p) {
			f.add(p.ID, found)
		}
	}
}

func (f *LintedFile) add(id alveary.PolicyID, found policy.Finding) {
	f.Findings = append(f.Findings, LintFinding{
		Policy: id, Code: found.Code, Severity: string(found.Severity), Rule: found.Rule,
		Attribute: found.Attribute, Message: found.Message, Fix: found.Fix,
	})
}
