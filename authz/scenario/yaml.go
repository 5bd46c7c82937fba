package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"alveary"
)

// Malformed says why a file cannot be read, and where.
type Malformed struct {
	Line    int // from 1; 0 where none can be told
	Message string
}

// Error is one line for whoever wrote the file.
func (m *Malformed) Error() string {
	if m.Line == 0 {
		return m.Message
	}
	return fmt.Sprintf("line %d: %s", m.Line, m.Message)
}

// Unwrap gives the kind of error that it is.
func (m *Malformed) Unwrap() error {
	return &alveary.Error{Kind: alveary.KindInvalid, Op: "read the scenario", Message: m.Error(), Code: "invalid"}
}

// maxSize is more than anybody writes by hand.
const maxSize = 4 << 20

// parse reads one YAML document. The library is asked twice: for values, since
// only then it refuses keys that stand twice and aliases that multiply, and for
// nodes, which know their lines.
func parse(text []byte) (*yaml.Node, error) {
	if len(text) > maxSize {
		return nil, &Malformed{0, fmt.Sprintf("the file is larger than %d MiB", maxSize>>20)}
	}
	var values any
	d := yaml.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&values); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, &Malformed{0, "the file is empty"}
		}
		return nil, syntax(err)
	}
	if err := d.Decode(&values); !errors.Is(err, io.EOF) {
		return nil, &Malformed{0, "the file holds more than one document"}
	}
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, syntax(err)
	}
	return document.Content[0], nil
}

// syntax takes the line out of what the library says.
func syntax(err error) error {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	message = strings.TrimSpace(strings.TrimPrefix(message, "unmarshal errors:\n"))
	if at := regexp.MustCompile(`^line (\d+): (?s:(.*))$`).FindStringSubmatch(message); at != nil {
		line, err := strconv.Atoi(at[1])
		if err == nil {
			return &Malformed{line, strings.ReplaceAll(at[2], "\n", ";")}
		}
	}
	return &Malformed{0, strings.ReplaceAll(message, "\n", ";")}
}

// reader takes a document apart. The first thing that is wrong is kept, and
// what is read after it means nothing.
type reader struct{ err *Malformed }

func (r *reader) fail(n *yaml.Node, format string, args ...any) {
	if r.err == nil {
		r.err = &Malformed{n.Line, fmt.Sprintf(format, args...)}
	}
}

func resolve(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// fields hands each value of a mapping to the reader of its key. Another key
// is an error: what nobody reads would seem to count.
func (r *reader) fields(n *yaml.Node, what string, known map[string]func(*yaml.Node)) {
	r.each(n, what, func(key, value *yaml.Node) {
		read, ok := known[key.Value]
		if !ok {
			names := make([]string, 0, len(known))
			for name := range known {
				names = append(names, name)
			}
			slices.Sort(names)
			r.fail(key, "%s has no field %q; there are %s", what, key.Value, strings.Join(names, ", "))
			return
		}
		read(value)
	})
}

// each walks a mapping in the order it was written.
func (r *reader) each(n *yaml.Node, what string, do func(key, value *yaml.Node)) {
	n = resolve(n)
	if isNull(n) {
		return
	}
	if n.Kind != yaml.MappingNode {
		r.fail(n, "%s is a map of names and values", what)
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := resolve(n.Content[i])
		if key.Kind != yaml.ScalarNode {
			r.fail(key, "a name in %s is a text", what)
			return
		}
		do(key, n.Content[i+1])
	}
}

// list gives the members of a list.
func (r *reader) list(n *yaml.Node, what string) []*yaml.Node {
	n = resolve(n)
	if isNull(n) {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		r.fail(n, "%s is a list", what)
		return nil
	}
	return n.Content
}

// text reads a scalar as it was written, so that 12 and 2018-02-05 are texts
// where a text is wanted.
func (r *reader) text(n *yaml.Node, what string) string {
	n = resolve(n)
	if n.Kind != yaml.ScalarNode || isNull(n) {
		r.fail(n, "%s is a text", what)
		return ""
	}
	return n.Value
}

// texts reads a list of texts; it is not nil, so that an empty list is told
// from none.
func (r *reader) texts(n *yaml.Node, what string) []string {
	out := []string{}
	for _, one := range r.list(n, what) {
		out = append(out, r.text(one, "a member of "+what))
	}
	return out
}

func (r *reader) boolean(n *yaml.Node, what string) (b bool) {
	if n = resolve(n); n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" || n.Decode(&b) != nil {
		r.fail(n, "%s is true or false", what)
	}
	return b
}

func (r *reader) size(n *yaml.Node) (size int64) {
	if n = resolve(n); n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" || n.Decode(&size) != nil || size < 0 {
		r.fail(n, "a size is a number of bytes")
	}
	return size
}

// instant reads a time in one of the layouts of MODEL.md 6.6.
func (r *reader) instant(n *yaml.Node, what string) time.Time {
	at, ok := readTime(r.value(n))
	if !ok {
		r.fail(n, "%s is a time such as 2018-02-05T12:00+0100 or 2018-02-05T12:00:00Z", what)
	}
	return at
}

func readTime(v alveary.Value) (time.Time, bool) {
	if v.Kind() == alveary.ValueInstant {
		return v.Time(), true
	}
	text, _ := v.Text()
	if at, err := time.Parse("2006-01-02T15:04-0700", text); err == nil {
		return at, true
	}
	var at time.Time
	err := at.UnmarshalText([]byte(text)) // stricter than Parse: no comma, no hour of one digit
	return at, err == nil
}

// value reads an attribute's value.
func (r *reader) value(n *yaml.Node) alveary.Value {
	v, err := alveary.ValueOf(r.decoded(n, instants))
	if err != nil {
		r.fail(n, "%v", err)
	}
	return v
}

// How plain times are taken: YAML knows them, JSON does not.
const (
	instants = true
	texts    = false
)

// decoded gives what a decoder of JSON would, but for times where they are
// asked for and for whole numbers, which values keep exactly.
func (r *reader) decoded(n *yaml.Node, times bool) any {
	n = resolve(n)
	switch n.Kind {
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, one := range n.Content {
			list[i] = r.decoded(one, times)
		}
		return list
	case yaml.MappingNode:
		fields := map[string]any{}
		r.each(n, "a value", func(key, value *yaml.Node) { fields[key.Value] = r.decoded(value, times) })
		return fields
	}
	return r.scalar(n, times)
}

func (r *reader) scalar(n *yaml.Node, times bool) any {
	var v any
	if err := n.Decode(&v); err != nil {
		r.fail(n, "%q cannot be read", n.Value)
	}
	switch v := v.(type) {
	case nil, string, bool:
		return v
	case time.Time:
		if times {
			return v
		}
	case int:
		if times {
			return v
		}
		return float64(v)
	case uint64, int64:
		return n.Value
	case float64:
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			return v
		}
	}
	return n.Value
}
