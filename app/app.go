// Package app is the one room that wires: it opens the stores, hands each
// service its parts, registers the doors and runs them.
//
// It exists so that no other package has to know which driver, which database
// or which clock is in use. It decides nothing and does nothing with files by
// itself. Everything here belongs to one data folder, which a lock keeps for
// one process.
//
// Read house.go first: what an installation is made of. serve.go runs it;
// machine.go is what may be done by someone at the machine itself, through the
// socket of the running server or on the data folder when none runs.
package app
