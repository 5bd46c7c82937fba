package conditions

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"alveary"
	"alveary/policy/match"
)

// segment is a piece of an option as written: a text, or the name of the
// attribute whose value is to stand there.
type segment struct{ text, name string }

// blanks may stand around the name in a template.
const blanks = " \t"

// splitTemplates cuts {{.Name}} out of a text; nil where there is none. In globs
// braces have a meaning of their own, so that only what is closed like a template
// is one there.
func splitTemplates(text string, glob bool) (segments []segment, problem string) {
	done := 0
	for at := 0; at < len(text); at++ {
		after, braces := strings.CutPrefix(text[at:], "{{")
		name, dot := strings.CutPrefix(strings.TrimLeft(after, blanks), ".")
		if !braces || !dot {
			continue
		}
		end := strings.IndexAny(name, "{}")
		if end < 0 || !strings.HasPrefix(name[end:], "}}") {
			if glob {
				continue
			}
			return nil, "a {{. is not closed with }}"
		}
		segments = append(segments, segment{text: text[done:at]})
		done = len(text) - len(name) + end + len("}}")
		at = done - 1
		name = strings.TrimRight(name[:end], blanks)
		if a, known := alveary.FindAttribute(name); !known || a.Class == alveary.ClassNode {
			return nil, fmt.Sprintf("{{.%s}} names no attribute of the asker or of the request", name)
		}
		segments = append(segments, segment{name: name})
	}
	if segments == nil {
		return nil, ""
	}
	return append(segments, segment{text: text[done:]}), ""
}

// template is a condition with templates in its options. What it becomes for the
// values at hand is kept for a while, since the same people ask again.
type template struct {
	options options // with []segment in place of some texts
	reads   []attribute

	mu    sync.Mutex
	ready map[string]*test // nil: with these values it is malformed
}

// maxReady is how many are kept; when there are more, all are made again.
const maxReady = 256

// templates compiles a condition that has templates; nil for one that has none.
func (o *options) templates() (*test, error) {
	if o.kind == kindIn {
		return nil, nil // each of the texts is filled in by itself
	}
	t := &template{options: *o, ready: map[string]*test{}}
	t.options.given = map[string]any{}
	for name, value := range o.given {
		split, err := t.split(name, value)
		if err != nil {
			return nil, err
		}
		t.options.given[name] = split
	}
	if len(t.reads) == 0 {
		return nil, nil
	}
	if o.kind == kindCEL {
		return nil, refuse("expr", "an expression has no templates: write subject.ClaimsName, or subject[\"User:team\"]")
	}
	if err := t.try(); err != nil {
		return nil, err
	}
	out := &test{whole: func(v alveary.Value, f *Facts) Truth {
		if filled := t.fill(f); filled != nil {
			return filled.of(v, f)
		}
		return Undecided
	}}
	out.boundaries = func(f *Facts) []alveary.Value {
		if filled := t.fill(f); filled != nil && filled.boundaries != nil {
			return filled.boundaries(f)
		}
		return nil
	}
	for _, a := range t.reads {
		out.reads = append(out.reads, a.name)
	}
	return out, nil
}

// split replaces a text that has templates by its segments.
func (t *template) split(option string, value any) (any, error) {
	text, ok := value.(string)
	if !ok {
		return value, nil
	}
	segments, problem := splitTemplates(text, t.options.kind == kindGlob)
	if problem != "" {
		return nil, refuse(option, "%s", problem)
	}
	if segments == nil {
		return text, nil
	}
	for _, one := range segments {
		named := func(a attribute) bool { return a.name == one.name }
		if one.name != "" && !slices.ContainsFunc(t.reads, named) {
			t.reads = append(t.reads, attributeNamed(one.name))
		}
	}
	return segments, nil
}

// compile puts values, one for each attribute read, in their places.
func (t *template) compile(values []string) (*test, error) {
	o := t.options
	o.given = maps.Clone(o.given)
	for name, value := range o.given {
		segments, ok := value.([]segment)
		if !ok {
			continue
		}
		p := make(match.Phrase, len(segments))
		for i, one := range segments {
			p[i] = match.Piece{Text: one.text}
			if at := slices.IndexFunc(t.reads, func(a attribute) bool { return a.name == one.name }); at >= 0 {
				p[i] = match.Piece{Text: values[at], Filled: true}
			}
		}
		o.given[name] = p
	}
	return compileKind(&o)
}

// samples are values of all sorts that options have.
var samples = []string{
	"x", "10", "8", "10.0.0.0", "10.0.0.0/8", "Monday", "09:00", "Monday-Friday/09:00/18:30", "UTC", "Berlin",
	"0001-01-01T00:00+0000", "9998-01-01T00:00+0000", "2018-01-01T00:00:00Z/2019-01-01T00:00:00Z", "true", "10MiB", "MiB",
}

// try refuses what no value could make well formed. Of three templates and more
// only the first two are tried with each sort on its own.
func (t *template) try() error {
	values := make([]string, len(t.reads))
	var first error
	for _, one := range samples {
		for _, other := range samples {
			for i := range values {
				values[i] = other
			}
			values[0] = one
			_, err := t.compile(values)
			if err == nil {
				return nil
			}
			if first == nil {
				first = err
			}
		}
	}
	switch t.options.kind {
	case kindMatch, kindNotMatch, kindGlob: // whatever the values
	default:
		if len(values) > 2 {
			return nil
		}
	}
	return first
}

// words is the attribute's value as one text; false where it has none.
func (a *attribute) words(f *Facts) (string, bool) {
	if f.Context == nil || len(f.Context.Set) == 0 {
		if text, ok := a.text(f); ok {
			return text, true
		}
	}
	v := a.value(f)
	return v.Text()
}

// fill is the test for the values at hand; nil where one is absent or a list, or
// where what comes of it is malformed.
func (t *template) fill(f *Facts) *test {
	var space [128]byte
	key := space[:0]
	for i := range t.reads {
		text, ok := t.reads[i].words(f)
		if !ok {
			return nil
		}
		key = strconv.AppendInt(key, int64(len(text)), 10)
		key = append(append(key, ':'), text...)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if ready, ok := t.ready[string(key)]; ok {
		return ready
	}
	values := make([]string, len(t.reads))
	for i := range t.reads {
		values[i], _ = t.reads[i].words(f)
	}
	made, err := t.compile(values)
	if err != nil {
		made = nil
	}
	if len(t.ready) >= maxReady {
		clear(t.ready)
	}
	t.ready[string(key)] = made
	return made
}
