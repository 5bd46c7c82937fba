package scenario

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
)

// Report is what came of several files.
type Report struct {
	Files []Outcome `json:"files"`
}

// Outcome is what came of one file.
type Outcome struct {
	Name      string   `json:"file"`
	Malformed string   `json:"malformed,omitempty"` // why it was not run, with the place
	Questions []Result `json:"questions,omitempty"`
}

// Failed counts the questions with another answer than expected.
func (o *Outcome) Failed() int {
	n := 0
	for _, q := range o.Questions {
		if !q.Passed {
			n++
		}
	}
	return n
}

// Counts are how many questions were asked, how many failed and how many files
// are malformed.
func (r *Report) Counts() (questions, failed, malformed int) {
	for i := range r.Files {
		questions += len(r.Files[i].Questions)
		failed += r.Files[i].Failed()
		if r.Files[i].Malformed != "" {
			malformed++
		}
	}
	return questions, failed, malformed
}

// ExitCode is 2 where a file is malformed, else 1 where a question failed.
func (r *Report) ExitCode() int {
	_, failed, malformed := r.Counts()
	switch {
	case malformed > 0:
		return 2
	case failed > 0:
		return 1
	}
	return 0
}

// Text writes each failed question with its trace, then one line that sums up.
func (r *Report) Text(w io.Writer) error {
	var b strings.Builder
	for i := range r.Files {
		f := &r.Files[i]
		if f.Malformed != "" {
			fmt.Fprintf(&b, "%s: malformed: %s\n", f.Name, f.Malformed)
		}
		for _, q := range f.Questions {
			if !q.Passed {
				q.text(&b, f.Name)
			}
		}
	}
	questions, failed, malformed := r.Counts()
	fmt.Fprintf(&b, "%s in %s: ", count(questions, "question"), count(len(r.Files), "file"))
	switch {
	case failed == 0 && malformed == 0:
		b.WriteString("all passed\n")
	case malformed == 0:
		fmt.Fprintf(&b, "%d failed\n", failed)
	default:
		fmt.Fprintf(&b, "%d failed; %s malformed\n", failed, count(malformed, "file"))
	}
	_, err := io.WriteString(w, printable(b.String()))
	return err
}

func (q *Result) text(b *strings.Builder, file string) {
	fmt.Fprintf(b, "%s:%d: %s: %s\n", file, q.Line, oneLine(q.ID), oneLine(q.Question))
	if q.Note != "" {
		fmt.Fprintf(b, "    note:     %s\n", oneLine(q.Note))
	}
	fmt.Fprintf(b, "    expected: %s\n    got:      %s\n", oneLine(q.Expected), oneLine(q.Got))
	for _, line := range q.Trace {
		fmt.Fprintf(b, "    | %s\n", oneLine(line))
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func oneLine(text string) string { return strings.ReplaceAll(text, "\n", `\n`) }

// printable writes what could act on a terminal as codes; lines end where they
// do.
func printable(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)) {
			for _, unit := range utf16.AppendRune(nil, r) {
				fmt.Fprintf(&b, `\u%04x`, unit)
			}
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// JSON writes the whole report. What acts on a terminal without being seen is
// escaped, which means the same.
func (r *Report) JSON(w io.Writer) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, printable(string(text))+"\n")
	return err
}

type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string    `xml:"classname,attr"`
		Name    string    `xml:"name,attr"`
		Failure *junitBad `xml:"failure,omitempty"`
		Error   *junitBad `xml:"error,omitempty"`
	}
	junitBad struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes the report in the form that build servers read: a file is a
// suite, a question a case, and a malformed file a case with an error.
func (r *Report) JUnit(w io.Writer) error {
	questions, failed, malformed := r.Counts()
	out := junitSuites{Tests: questions + malformed, Failures: failed, Errors: malformed}
	for i := range r.Files {
		out.Suites = append(out.Suites, r.Files[i].junit())
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(out); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (o *Outcome) junit() junitSuite {
	s := junitSuite{Name: o.Name, Tests: len(o.Questions), Failures: o.Failed()}
	for _, q := range o.Questions {
		one := junitCase{Class: o.Name, Name: q.ID}
		if !q.Passed {
			var b strings.Builder
			q.text(&b, o.Name)
			one.Failure = &junitBad{"expected " + q.Expected + ", got " + q.Got, b.String()}
		}
		s.Cases = append(s.Cases, one)
	}
	if o.Malformed != "" {
		s.Tests, s.Errors = s.Tests+1, 1
		s.Cases = append(s.Cases, junitCase{Class: o.Name, Name: "the file", Error: &junitBad{"malformed", o.Malformed}})
	}
	return s
}
