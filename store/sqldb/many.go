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
