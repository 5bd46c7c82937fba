// Command alveary is the whole product in one binary: the server, the commands
// that look after it on its own machine, and the client.
//
// It exists to turn words typed at a prompt into one call of a room beneath,
// and what comes back into lines and exit codes. It decides nothing and knows
// no protocol. Every command is a struct with its flags and a Run method, in a
// file by its name; options that are not of one call alone come from the
// table of package config.
//
// Read cli.go first: it is the list of commands. exit.go has the exit codes.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// version is set by the linker.
var version = "development"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second signal ends the process at once.
	context.AfterFunc(ctx, stop)
	code := run(ctx, systemWorld(), os.Args[1:])
	stop()
	os.Exit(code)
}
