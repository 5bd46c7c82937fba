package sqldb

import (
	"strconv"
	"strings"
)

// AtOnce is how many rows are named in one statement; a power of two.
const AtOnce = 512

// OneOf is a list to stand after IN, with its arguments. Its length is a power
// of two, the last id standing for the rest, so that there are few texts and
// each is parsed once.
func OneOf[T any](ids []T) (in string, args []any) {
	length := 1
	for length < len(ids) {
		length *= 2
	}
	args, marks := make([]any, length), make([]string, length)
	for i := range length {
		args[i], marks[i] = ids[min(i, len(ids)-1)], "$"+strconv.Itoa(i+1)
	}
	return "(" + strings.Join(marks, ",") + ")", args
}

// InsertMany runs an INSERT for many rows with as few statements as may be:
// into is the text up to VALUES, after what follows the rows, which all have as
// many columns.
func (tx *Tx) InsertMany(into, after string, rows [][]any) error {
	for len(rows) > 0 {
		// Powers of two: there are few texts, and each is parsed once.
		n := AtOnce / 4
		for n > len(rows) {
			n /= 2
		}
		columns := len(rows[0])
		args := make([]any, 0, n*columns)
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		if _, err := tx.Exec(into+valuesText(n, columns)+after, args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// valuesText is VALUES with a mark for each column of each row.
func valuesText(rows, columns int) string {
	var b strings.Builder
	b.Grow(rows * columns * 6)
	b.WriteString(" VALUES ")
	for i := range rows * columns {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%columns == 0:
			b.WriteString("),(")
		default:
			b.WriteString(",")
		}
		b.WriteString("$" + strconv.Itoa(i+1))
	}
	b.WriteString(")")
	return b.String()
}
