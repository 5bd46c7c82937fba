// Package config is the one typed table of every option.
//
// It exists so that an option is told once: its name, its environment
// variable, its key in the config file, its default and the sentence that
// explains it all come from one field of one struct. The command line reads
// the struct tags for its flags, Load reads the table for the environment and
// the file, and Reference prints it for people.
//
// What counts, strongest first: the flag, the environment variable, the config
// file, the default. A key that the table does not know is refused, with its
// line, because a misspelt option that is silently ignored is a wrong
// configuration that looks right.
//
// Secrets (a database address may hold one) are types that print themselves
// without the secret. Nothing here is safe to change concurrently; values are
// read once at the start.
//
// Read serve.go first: it is the table of the server's options.
package config
