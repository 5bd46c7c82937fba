// Package bench measures the real binary: how fast, at what cost of CPU, next
// to what the standard library does alone.
//
// It exists to keep the aims in numbers honest. Nothing here asserts a time;
// bench/README.md keeps the figures with their machine and date. Run it with
// `make bench`; the server under test listens on loopback only.
package bench
