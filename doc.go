// Package alveary is the language of the house: nodes, subjects, rights,
// entries, grants, decisions and errors, as data with small methods.
//
// It exists so that every room means the same thing by the same word
// (docs/GLOSSARY.md). It uses the standard library only, does no I/O and reads
// no clock: a value of this package may be built in any test by hand. Values
// are plain data, safe to copy; nothing here is safe to change concurrently.
//
// Read node.go first, then subject.go, right.go and entry.go: together they
// are chapters 1 to 3 of the access model. grant.go is the one piece with a
// secret in it: the handle without which no content is opened.
package alveary
