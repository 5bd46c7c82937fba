// Package intake reads what people write about who may what: policies, and the
// scenarios attached to them.
//
// It exists so that whatever comes in is read as strictly whichever way it comes,
// saved, checked, simulated or explained, and that what is malformed is refused
// with all its places before anything is stored. It knows nothing of what is
// stored already.
//
// Read this file first, then scenario.go.
package intake

import (
	"errors"
	"strings"

	"alveary"
	"alveary/policy"
	"alveary/service/govern/document"
)

// Malformed is what is wrong with what was given, with the places for the door.
type Malformed struct {
	error
	Mistakes []document.Mistake
}

// Field is KindInvalid at one place.
func Field(op, subject, location, message string) error {
	return &Malformed{Invalid(op, subject, message), []document.Mistake{{Location: location, Message: message}}}
}

// Unwrap gives the kind and the sentence.
func (m *Malformed) Unwrap() error { return m.error }

// Places hands over each place with what is wrong there.
func (m *Malformed) Places(yield func(location, message string) bool) {
	for _, one := range m.Mistakes {
		if !yield(one.Location, one.Message) {
			return
		}
	}
}

// Within moves the places of an error into a part of the input.
func Within(part string, err error) error {
	var m *Malformed
	if !errors.As(err, &m) {
		return err
	}
	out := &Malformed{error: m.error}
	for _, one := range m.Mistakes {
		out.Mistakes = append(out.Mistakes, document.Mistake{Location: strings.TrimSuffix(part+"."+one.Location, "."), Message: one.Message})
	}
	return out
}

// Invalid is the error for what cannot be.
func Invalid(op, subject, message string) error {
	return &alveary.Error{Kind: alveary.KindInvalid, Op: op, Subject: subject, Code: "invalid", Message: message}
}

// Policy reads a policy strictly and compiles it.
func Policy(text []byte) (alveary.Policy, error) {
	p, err := policy.Parse(text)
	if err == nil {
		_, err = policy.Compile(p)
	}
	if err == nil {
		if wrong := alveary.CheckPolicyID(p.ID); wrong != nil {
			return p, Misplaced(p.ID, "id", sentenceOf(wrong))
		}
	}
	return p, Placed(err)
}

// Placed gives an error of package policy its places for the door.
func Placed(err error) error {
	var m *policy.Malformed
	if !errors.As(err, &m) {
		return err
	}
	out := &Malformed{error: m}
	for _, p := range m.Places {
		out.Mistakes = append(out.Mistakes, document.Mistake{Location: p.Location(), Message: p.Message})
	}
	return out
}

// Misplaced is what is wrong with one field of a policy.
func Misplaced(id alveary.PolicyID, field, message string) error {
	return Placed(&policy.Malformed{Places: []policy.Place{{Policy: id, Rule: -1, Nth: -1, Field: field, Message: message}}})
}

// sentenceOf is the public sentence of an error.
func sentenceOf(err error) string {
	var e *alveary.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}
