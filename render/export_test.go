package render

import (
	"context"
	"fmt"
	"os"
	"time"
)

// Held runs a program as pdftoppm is run, once in each hold that can be had,
// and hands on what that is called, what the program wrote and how it ended.
func Held(ctx context.Context, timeout time.Duration, stdin *os.File, program string, args []string, each func(name string, out []byte, err error)) {
	c := newChild(timeout)
	for _, h := range holds() {
		if _, err := c.start(ctx, h, nil, maxInfo, "/bin/true"); err != nil {
			continue
		}
		bound, end := context.WithTimeout(ctx, timeout)
		out, err := c.start(bound, h, stdin, maxInfo, program, args...)
		end()
		each(fmt.Sprintf("%+v", h), out, err)
	}
}
