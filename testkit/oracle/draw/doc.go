// Package draw makes random worlds and conditions for tests that hold the
// product to the oracle.
//
// It exists because questions drawn independently of each other hardly ever
// meet: a random address is in no random network. Here attributes, options and
// values come from the same few pools, in condition.go, and a world in world.go
// is small enough that roles, folders, instants and policies meet in most
// questions. Some of it is malformed on purpose, as only data that were written
// past every check could be (MODEL.md 6.8).
//
// What is drawn depends on the rapid.T alone. A World prints itself so that a
// failure can be read.
package draw
