package sheet

import (
	"encoding/csv"
	"io"
	"strings"
)

// formulas are what a cell begins with that spreadsheets calculate.
const formulas = "=+-@\t\r＝＋－＠"

// defuse puts an apostrophe before what a spreadsheet would calculate, and
// before what looks as if that had been done.
func defuse(field string) string {
	if isFormula(strings.TrimLeft(field, "'")) {
		return "'" + field
	}
	return field
}

// undo takes the apostrophe away again.
func undo(field string) string {
	if rest, ok := strings.CutPrefix(field, "'"); ok && isFormula(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return field
}

func isFormula(field string) bool {
	for _, r := range field {
		return strings.ContainsRune(formulas, r)
	}
	return false
}

// Writer writes a table.
type Writer struct{ csv *csv.Writer }

// NewWriter writes the names of the columns.
func NewWriter(to io.Writer, columns []string) (*Writer, error) {
	w := &Writer{csv.NewWriter(to)}
	return w, w.csv.Write(columns)
}

// Write writes a row.
func (w *Writer) Write(fields []string) error {
	safe := make([]string, len(fields))
	for i, field := range fields {
		safe[i] = defuse(field)
	}
	return w.csv.Write(safe)
}

// Close writes what is left.
func (w *Writer) Close() error {
	w.csv.Flush()
	return w.csv.Error()
}
