package files_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"alveary"
	"alveary/service/files"
	"alveary/testkit/world"
)

// words is an error as the asker gets it.
func words(err error) string {
	var e *alveary.Error
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	return fmt.Sprintf("kind %d, code %q, missing %q: %s", e.Kind, e.Code, e.Missing, e.Message)
}

func wantKind(t *testing.T, err error, kind alveary.Kind, code string) {
	t.Helper()
	var e *alveary.Error
	if !errors.As(err, &e) || e.Kind != kind || (code != "" && e.Code != code) {
		t.Fatalf("got %v (%s), want kind %d with code %q", err, words(err), kind, code)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("refused: %v", err)
	}
}

// text is a body to upload.
func text(content string) files.Upload {
	return files.Upload{Name: "new.txt", Conflict: files.Fail, Size: int64(len(content)), Body: world.Reader(content)}
}

// named is text under a name.
func named(name, content string, c files.Conflict) files.Upload {
	u := text(content)
	u.Name, u.Conflict = name, c
	return u
}

// readAll opens and reads a content.
func readAll(t *testing.T, w *world.World, s alveary.Subject, id alveary.NodeID, version int64) (string, error) {
	t.Helper()
	f, err := w.Files.Content.Open(t.Context(), s, id, version, files.ForDownload)
	if err != nil {
		return "", err
	}
	defer f.Close()
	all, err := io.ReadAll(f)
	return string(all), err
}

// begin starts an upload.
func begin(t *testing.T, w *world.World, s alveary.Subject, b files.Begin) string {
	t.Helper()
	p, err := w.Files.Uploads.Begin(t.Context(), s, b)
	if err != nil {
		t.Fatalf("begin the upload: %v", err)
	}
	return p.ID
}

// feed adds a piece to an upload.
func feed(t *testing.T, w *world.World, s alveary.Subject, id string, offset int64, piece string) (files.Progress, *files.Item, error) {
	t.Helper()
	return w.Files.Uploads.Append(t.Context(), s, id, files.Piece{Offset: offset, Body: world.Reader(piece)})
}

// verdicts counts the lines of the audit log by action and verdict.
func verdicts(lines []alveary.AuditRecord) map[string]int {
	counts := map[string]int{}
	for _, line := range lines {
		counts[line.Action+" "+string(line.Verdict)]++
	}
	return counts
}
