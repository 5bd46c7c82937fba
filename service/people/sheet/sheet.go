// Package sheet reads and writes people as CSV, the way spreadsheets do.
//
// It exists so that the import of people is about people. It accepts what
// spreadsheets write (a mark at the beginning, commas or semicolons, line
// breaks within quotes), says which row is broken, counted as a spreadsheet
// counts, and gives nothing of a file that is broken anywhere. What it writes
// no spreadsheet takes for a formula, and it reads that back unchanged.
//
// Values are the caller's own. There is one file to read beside this one:
// write.go.
package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"alveary"
)

// The bounds of a file.
const (
	MostBytes = 32 << 20
	MostRows  = 200_000
)

// Table is a file that was read.
type Table struct {
	Columns []string // as they are named in the first row
	Rows    []Row
}

// Row is one row of a table.
type Row struct {
	Number int      // as a spreadsheet counts: the names of the columns are row 1
	Fields []string // one for each column
}

func refused(message string) error {
	return &alveary.Error{Kind: alveary.KindInvalid, Op: "read the table", Code: "invalid", Message: message}
}

// Refused is the refusal of a row.
func Refused(row int, reason string) error {
	return refused(fmt.Sprintf("row %d: %s", row, reason))
}

// Read reads a whole file. Anything that is wrong with it is KindInvalid and
// names the row.
func Read(text []byte) (t Table, err error) {
	if len(text) > MostBytes {
		return t, refused("the file is too large: it can have at most 32 MiB")
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !utf8.Valid(text) {
		return t, refused("the file is not UTF-8: save it as “CSV UTF-8”")
	}
	text, skipped := bytes.CutPrefix(text, []byte("sep="))
	rows := reader{row: 0, line: 1}
	rows.csv = csv.NewReader(bytes.NewReader(text))
	rows.csv.Comma = separator(text)
	rows.csv.FieldsPerRecord = -1
	first, err := rows.next()
	if skipped && err == nil { // the first line says what separates, and nothing else
		first, err = rows.next()
	}
	if errors.Is(err, io.EOF) {
		return t, refused("the file is empty: its first row names the columns")
	}
	if err != nil {
		return t, err
	}
	t.Columns = first.Fields
	for i, name := range t.Columns {
		t.Columns[i] = strings.TrimSpace(name)
	}
	for {
		row, err := rows.next()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return Table{}, err
		}
		if strings.Join(row.Fields, "") == "" {
			continue
		}
		if len(t.Rows) == MostRows {
			return Table{}, refused("the file has too many rows: it can have at most 200,000")
		}
		if row.Fields, err = fit(row, len(t.Columns)); err != nil {
			return Table{}, err
		}
		t.Rows = append(t.Rows, row)
	}
}

// separator is what stands between the names of the columns.
func separator(text []byte) rune {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	most, at := 0, ','
	for _, r := range ",;\t" {
		if n := bytes.Count(line, []byte(string(r))); n > most {
			most, at = n, r
		}
	}
	return at
}

// fit gives a row as many fields as there are columns.
func fit(row Row, columns int) ([]string, error) {
	fields := row.Fields
	for len(fields) > columns && fields[len(fields)-1] == "" {
		fields = fields[:len(fields)-1]
	}
	if len(fields) != columns {
		return nil, Refused(row.Number, fmt.Sprintf("it has %d fields, and the first row names %d columns", len(fields), columns))
	}
	for i, field := range fields {
		fields[i] = undo(field)
	}
	return fields, nil
}

// reader counts rows as a spreadsheet does: an empty line is one, and a line
// break within quotes begins none.
type reader struct {
	csv  *csv.Reader
	row  int // the number of the last one
	line int // where the next one begins if no line is empty
}

func (r *reader) next() (Row, error) {
	fields, err := r.csv.Read()
	var bad *csv.ParseError
	if errors.As(err, &bad) {
		r.row += 1 + max(bad.StartLine-r.line, 0)
		return Row{}, Refused(r.row, "it cannot be read: a quote is opened or closed where it should not be")
	}
	if err != nil {
		return Row{}, err
	}
	line, _ := r.csv.FieldPos(0)
	r.row += 1 + line - r.line
	r.line = line + 1
	for _, field := range fields {
		r.line += strings.Count(field, "\n")
	}
	return Row{Number: r.row, Fields: fields}, nil
}
