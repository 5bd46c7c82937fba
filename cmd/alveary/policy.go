package main

import (
	"fmt"
	"strings"

	"alveary/app"
	"alveary/cmd/alveary/console"
	"alveary/cmd/alveary/terminal"
)

type policyCmd struct {
	console.Policies `embed:""`

	Test policyTestCmd `cmd:"" help:"Ask the questions of scenario files and compare the answers."`
	Lint policyLintCmd `cmd:"" help:"Look for mistakes in policies."`
}

type policyTestCmd struct {
	Files  []string `arg:"" name:"file" help:"Scenario files, in YAML."`
	Format string   `name:"format" enum:"text,json,junit" default:"text" placeholder:"FORM" help:"How to write what came of it: text, json or junit."`
}

// Help tells what the flags cannot.
func (*policyTestCmd) Help() string {
	return `Neither a server nor a data folder is needed: a scenario file brings its people,
files, entries and policies, and the code that serves requests answers. A
question with another answer than expected is printed with the reasons.

Exit codes: 0 all passed, 1 a question failed, 2 a file is malformed.`
}

// Run asks.
func (c *policyTestCmd) Run(w *world) error {
	w.json = c.Format == "json"
	report := app.TestPolicies(c.Files, w.now())
	write := report.Text
	switch c.Format {
	case "json":
		write = report.JSON
	case "junit":
		write = report.JUnit
	}
	if err := write(w.stdout); err != nil {
		return err
	}
	if code := report.ExitCode(); code != exitDone {
		return &exitError{code: code}
	}
	return nil
}

type policyLintCmd struct {
	Files  []string `arg:"" name:"file" help:"Policies as JSON, one or a list, also as Ladon or Cells write them; or scenario files, in YAML."`
	Format string   `name:"format" enum:"text,json" default:"text" placeholder:"FORM" help:"How to write what was found: text or json."`
}

// Help tells what the flags cannot.
func (*policyLintCmd) Help() string {
	return `Neither a server nor a data folder is needed. docs/policies.md explains the codes.

Exit codes: 0 nothing but notes, 1 something that is hardly meant was found, 2 a
file or a policy in it is malformed.`
}

// Run looks.
func (c *policyLintCmd) Run(w *world) error {
	w.json = c.Format == "json"
	report := app.LintPolicies(c.Files)
	w.print(report, linted(report))
	code := exitDone
	for _, f := range report.Files {
		for _, found := range f.Findings {
			if found.Severity != "note" {
				code = max(code, exitFailed)
			}
		}
		if len(f.Malformed) > 0 {
			code = exitUsage
		}
	}
	if code != exitDone {
		return &exitError{code: code}
	}
	return nil
}

// linted puts a report into lines.
func linted(report app.LintReport) string {
	var b strings.Builder
	policies, findings, malformed := 0, 0, 0
	for _, f := range report.Files {
		policies, findings, malformed = policies+f.Policies, findings+len(f.Findings), malformed+len(f.Malformed)
		for _, m := range f.Malformed {
			fmt.Fprintf(&b, "%s: malformed: %s\n", terminal.Printable(f.Name), terminal.Printable(m))
		}
		for _, found := range f.Findings {
			fmt.Fprintf(&b, "%s: %s\n", terminal.Printable(f.Name), terminal.Printable(sentenceOf(found)))
			if found.Fix != "" {
				fmt.Fprintf(&b, "    fix: %s\n", terminal.Printable(found.Fix))
			}
		}
	}
	fmt.Fprintf(&b, "%d policies, %d findings", policies, findings)
	if malformed > 0 {
		fmt.Fprintf(&b, ", %d places malformed", malformed)
	}
	return b.String()
}

func sentenceOf(found app.LintFinding) string {
	where := fmt.Sprintf("policy %q", string(found.Policy))
	if found.Rule >= 0 {
		where += fmt.Sprintf(", rule %d", found.Rule+1)
	}
	if found.Attribute != "" {
		where += ", " + found.Attribute
	}
	return fmt.Sprintf("%s: %s %s: %s", where, found.Severity, found.Code, found.Message)
}
