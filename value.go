package alveary

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// ValueKind tells what an attribute's value is.
type ValueKind uint8

// The kinds of values. The zero value is an attribute that is absent.
const (
	ValueAbsent  ValueKind = iota // of the context: not known; a condition on it cannot be decided
	ValueUnset                    // of a node or a user: nothing set; it is the empty text and decided
	ValueText                     // also of booleans, in the words true and false, and of fractions
	ValueNumber                   // a whole number, which is its decimal text as well
	ValueInstant                  // a time with its offset, which is its RFC 3339 text as well
	ValueList
	ValueFields // named values
)

// Value is what is known of an attribute (MODEL.md 6.7, 6.9).
type Value struct {
	kind   ValueKind
	number int64
	text   string
	time   time.Time
	list   []Value
	fields map[string]Value
}

// Text is a text that is there, the empty one included.
func Text(s string) Value { return Value{kind: ValueText, text: s} }

// Number is a whole number.
func Number(n int64) Value { return Value{kind: ValueNumber, number: n} }

// Instant is a time with its offset.
func Instant(t time.Time) Value { return Value{kind: ValueInstant, time: t} }

// Unset is an attribute of a node or a user with nothing set.
func Unset() Value { return Value{kind: ValueUnset} }

// List is several values.
func List(values ...Value) Value { return Value{kind: ValueList, list: values} }

// Texts is several texts; none of them is Unset.
func Texts(texts ...string) Value {
	if len(texts) == 0 {
		return Unset()
	}
	list := make([]Value, len(texts))
	for i, t := range texts {
		list[i] = Text(t)
	}
	return List(list...)
}

// Fields is named values.
func Fields(f map[string]Value) Value { return Value{kind: ValueFields, fields: f} }

// ValueOf reads what a JSON or YAML decoder gave: texts, booleans, numbers,
// times, lists and maps. Null is absent; anything else is KindInvalid.
func ValueOf(decoded any) (Value, error) {
	switch v := decoded.(type) {
	case nil:
		return Value{}, nil
	case string:
		return Text(v), nil
	case bool:
		return Text(strconv.FormatBool(v)), nil
	case int:
		return Number(int64(v)), nil
	case int64:
		return Number(v), nil
	case uint64:
		return Text(strconv.FormatUint(v, 10)), nil
	case float64:
		if n := int64(v); float64(n) == v && n > -1<<53 && n < 1<<53 {
			return Number(n), nil
		}
		return Text(strconv.FormatFloat(v, 'f', -1, 64)), nil
	case time.Time:
		return Instant(v), nil
	case []any:
		list := make([]Value, len(v))
		for i, one := range v {
			var err error
			if list[i], err = ValueOf(one); err != nil {
				return Value{}, err
			}
		}
		return List(list...), nil
	case map[string]any:
		fields := make(map[string]Value, len(v))
		for name, one := range v {
			value, err := ValueOf(one)
			if err != nil {
				return Value{}, err
			}
			fields[name] = value
		}
		return Fields(fields), nil
	}
	return Value{}, &Error{
		Kind: KindInvalid, Op: "read a value", Subject: fmt.Sprintf("%T", decoded),
		Message: "a value is a text, a number, true or false, a time, a list or a map",
	}
}

// Kind tells what the value is.
func (v *Value) Kind() ValueKind { return v.kind }

// Time is the instant; the zero time for another kind.
func (v *Value) Time() time.Time { return v.time }

// Int is the whole number; 0 for another kind.
func (v *Value) Int() int64 { return v.number }

// List is the members of a list; the caller must not change them.
func (v *Value) List() []Value { return v.list }

// Field is one of the named values; absent where there is none of the name.
func (v *Value) Field(name string) Value { return v.fields[name] }

// Text is the value as text: false where it has none, as lists, maps and what
// is absent. Unset is the empty text.
func (v *Value) Text() (text string, ok bool) {
	switch v.kind {
	case ValueUnset:
		return "", true
	case ValueText:
		return v.text, true
	case ValueNumber:
		return strconv.FormatInt(v.number, 10), true
	case ValueInstant:
		return v.time.Format(time.RFC3339), true
	case ValueAbsent, ValueList, ValueFields:
	}
	return "", false
}

// String words the value for a trace.
func (v Value) String() string {
	switch v.kind {
	case ValueAbsent:
		return "absent"
	case ValueUnset:
		return "not set"
	case ValueList:
		words := make([]string, len(v.list))
		for i := range v.list {
			words[i] = v.list[i].String()
		}
		return fmt.Sprintf("%q", words)
	case ValueFields:
		names := make([]string, 0, len(v.fields))
		for name := range v.fields {
			names = append(names, name)
		}
		slices.Sort(names)
		return fmt.Sprintf("named values %q", names)
	case ValueText, ValueNumber, ValueInstant:
	}
	text, _ := v.Text()
	return text
}
