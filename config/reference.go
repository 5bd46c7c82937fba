package config

import (
	"fmt"
	"io"
	"strings"
)

// Reference writes the page that explains every option, in Markdown, which
// reads well on a terminal too.
func Reference(w io.Writer) error {
	var b strings.Builder
	b.WriteString(introduction)
	group := ""
	for _, o := range Options() {
		if o.Group != group {
			group = o.Group
			fmt.Fprintf(&b, "\n## %s\n", group)
		}
		b.WriteString("\n" + entry(o))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

const introduction = `# Options of Alveary

What counts, strongest first: the flag, the environment variable, the config
file, the default. The config file is TOML or YAML with one line an option,
such as:

    listen = "localhost:8443"
    trusted-proxies = ["10.0.0.0/8"]

A key that is not listed here is refused. Flags that say what a single call
does (such as --recursive, --conflict or --yes) are flags only and are
explained by ` + "`alveary COMMAND --help`" + `.
`

func entry(o Option) string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n", o.Name)
	if o.Flag != "" {
		fmt.Fprintf(&b, "- flag: `%s`\n", o.Flag)
	}
	fmt.Fprintf(&b, "- environment: `%s`\n", o.Env)
	if o.Key != "" {
		fmt.Fprintf(&b, "- config file: `%s`\n", o.Key)
	}
	if o.Default != "" {
		fmt.Fprintf(&b, "- default: %s\n", o.Default)
	}
	fmt.Fprintf(&b, "\n%s\n", wrap(o.Help, 76))
	return b.String()
}

func wrap(text string, width int) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Fields(text) {
		length := len([]rune(word))
		switch {
		case i == 0:
		case column+1+length > width:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += length
	}
	return b.String()
}
