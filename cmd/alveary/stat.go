package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"alveary/client"
	"alveary/cmd/alveary/terminal"
	"alveary/config"
)

type statCmd struct {
	Path []string `arg:"" help:"WORKSPACE/path."`

	config.Client `embed:""`
}

// Run tells all about nodes.
func (c *statCmd) Run(ctx context.Context, w *world) error {
	server, err := w.connect(c.Client)
	if err != nil {
		return err
	}
	defer server.Close()
	for i, remote := range c.Path {
		n, err := server.Stat(ctx, trim(remote))
		if err != nil {
			return err
		}
		text := details(n)
		if i > 0 {
			text = "\n" + text
		}
		w.print(n, text)
	}
	return nil
}

func details(n client.Node) string {
	var b strings.Builder
	line := func(label, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%-9s %s\n", label, terminal.Printable(value))
		}
	}
	line("path", n.Path)
	if n.IsFolder() {
		line("type", "folder")
	} else {
		line("type", "file")
		line("size", fmt.Sprintf("%d bytes", n.Size))
		line("mime", n.MIME)
		line("sha256", n.SHA256)
		line("version", fmt.Sprint(n.Version))
	}
	line("id", n.ID.String())
	line("etag", n.ETag)
	for _, t := range []struct {
		label string
		at    time.Time
	}{{"modified", n.MTime}, {"created", n.Created}, {"changed", n.Changed}} {
		if !t.at.IsZero() {
			line(t.label, t.at.Local().Format(time.RFC3339))
		}
	}
	if n.Owner != nil {
		line("owner", n.Owner.Login)
	}
	for _, namespace := range slices.Sorted(maps.Keys(n.Metadata)) {
		line(strings.TrimPrefix(namespace, "usermeta-"), strings.Join(n.Metadata[namespace], ", "))
	}
	may, mayNot := abilities(n)
	line("may", strings.Join(may, ", "))
	for _, reason := range mayNot {
		line("may not", reason)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func abilities(n client.Node) (may, mayNot []string) {
	for name, ability := range n.Can {
		switch {
		case ability.Allowed:
			may = append(may, name)
		case ability.Reason != "":
			mayNot = append(mayNot, name+": "+ability.Reason)
		default:
			mayNot = append(mayNot, name)
		}
	}
	slices.Sort(may)
	slices.Sort(mayNot)
	return may, mayNot
}
