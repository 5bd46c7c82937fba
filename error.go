package alveary

import (
	"errors"
	"strings"
)

// Kind says what sort of failure an error is. Doors turn kinds into status
// codes in one table; services never know of status codes.
type Kind uint8

// The kinds. The zero value is an internal fault whose cause nobody outside
// is told.
const (
	KindInternal        Kind = iota
	KindInvalid              // the input is wrong, and the message says where
	KindUnauthenticated      // nobody is signed in, or no longer
	KindDenied               // a named right is missing on a node the asker may read
	KindNotFound             // does not exist, or is withheld: the same in words and status
	KindConflict             // the name exists, or the thing changed meanwhile
	KindPrecondition         // an If-… header does not hold
	KindTooLarge             // more than the limit that the message names
	KindUnsupported          // a media type or protocol version that is not spoken
	KindRange                // a byte range outside the content
	KindChecksum             // the bytes are not those that were declared
	KindGone                 // was there and has expired
	KindLimited              // too many, too fast
	KindNoSpace              // the disk is full
	KindUnavailable          // try again later
	KindBusy                 // another request holds it
)

// Error is a failure as one value: kind, operation, subject, the public
// sentence, and the private cause, which goes to the log and never to the
// asker.
type Error struct {
	Kind    Kind
	Op      string // what was being done: "rename the file"
	Subject string // what it was done to, as the asker may know it
	Message string // the sentence the asker reads: what, where, what to do next
	Code    string // a stable word for programs: "name-exists"; may be empty
	Missing Rights // the rights that KindDenied names
	Cause   error
}

// Error joins the parts for the log.
func (e *Error) Error() string {
	parts := make([]string, 0, 4)
	for _, p := range []string{e.Op, e.Subject, e.Message} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if e.Cause != nil {
		parts = append(parts, e.Cause.Error())
	}
	return strings.Join(parts, ": ")
}

// Unwrap gives the private cause.
func (e *Error) Unwrap() error { return e.Cause }

// KindOf is the kind of the first Error in the chain; KindInternal for others.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindInternal
}

// IsKind says whether err is an Error of the kind.
func IsKind(err error, k Kind) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == k
}

// Withheld is the one answer for a node that does not exist and for one whose
// existence the asker may not know (MODEL.md 5.2).
func Withheld(op string) *Error {
	return &Error{Kind: KindNotFound, Op: op, Code: "not-found", Message: "there is nothing here by that name, or you may not see it"}
}

// Denied names the rights that are missing on a node that may be read.
func Denied(op, subject string, missing ...Action) *Error {
	return &Error{
		Kind: KindDenied, Op: op, Subject: subject, Code: "denied",
		Message: MissingRights(missing...), Missing: Rights(0).With(missing...),
	}
}
