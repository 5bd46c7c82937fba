package blobtest

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"alveary"
	"alveary/blob"
)

func testCommit(t *testing.T, d blob.Driver) {
	h := Open(t, d, 0)
	for _, c := range []struct{ name, content, mime string }{
		{"empty", "", "text/plain"},
		{"text", "The bees keep house.\n", "text/plain; charset=utf-8"},
		{"picture", "\x89PNG\r\n\x1a\n" + strings.Repeat("\x00", 20), "image/png"},
		{"page", "<!DOCTYPE html><title>x</title>", "text/html; charset=utf-8"},
		{"bytes", "\x00\x01\x02\x03\xff\xfe\xfd", "application/octet-stream"},
	} {
		data := []byte(c.content)
		w := h.Begin(t, NewID(t))
		write(t, w, data)
		if w.Written() != int64(len(data)) {
			t.Errorf("%s: written %d, want %d", c.name, w.Written(), len(data))
		}
		info := commit(t, w)
		if info.Size != int64(len(data)) || info.SHA256 != sum(data) || info.MIME != c.mime {
			t.Errorf("%s: got %+v, want size %d, hash %s, type %s", c.name, info, len(data), sum(data), c.mime)
		}
		h.WantContent(t, info.Blob, data)
		_, err := h.PartialSize(t.Context(), info.Blob)
		WantKind(t, "partial size of a committed object", err, alveary.KindNotFound)
	}
}

func testLarge(t *testing.T, d blob.Driver) {
	h := Open(t, d, 0)
	data := Bytes(3<<20 + 17)
	info := h.Put(t, data)
	h.WantContent(t, info.Blob, data)

	w := h.Begin(t, NewID(t))
	for piece := data; len(piece) > 0; {
		n := min(len(piece), 1000)
		if _, err := w.Write(piece[:n]); err != nil {
			t.Fatal(err)
		}
		piece = piece[n:]
	}
	if again := commit(t, w); again.SHA256 != info.SHA256 {
		t.Errorf("written in small pieces the hash is %s, in one stream %s", again.SHA256, info.SHA256)
	}
}

func testAbort(t *testing.T, d blob.Driver) {
	h := Open(t, d, 0)
	id := NewID(t)
	w := h.Begin(t, id)
	write(t, w, Bytes(5000))
	if err := w.Abort(); err != nil {
		t.Fatal(err)
	}
	h.WantNothing(t, id)
	wantEmpty(t, d)

	// The id is free again, and an abort after the end does no harm.
	w = h.Begin(t, id)
	write(t, w, []byte("kept"))
	commit(t, w)
	if err := w.Abort(); err != nil {
		t.Errorf("abort after commit: %v", err)
	}
	h.WantContent(t, id, []byte("kept"))
}

func testResume(t *testing.T, d blob.Driver) {
	data := Bytes(100_000)
	for _, forgetful := range []bool{false, true} {
		h := Open(t, d, 0)
		id := NewID(t)
		w := h.Begin(t, id)
		for at := 0; at < len(data); at += 30_000 {
			if at > 0 {
				if err := w.Suspend(); err != nil {
					t.Fatal(err)
				}
				if size, err := h.PartialSize(t.Context(), id); err != nil || size != int64(at) {
					t.Fatalf("partial size %d, %v, want %d", size, err, at)
				}
				_, err := h.Open(t.Context(), h.Grant(alveary.ActionDownload, id))
				WantKind(t, "open a partial object", err, alveary.KindNotFound)
				if forgetful { // as after a restart: the hash is found again from the bytes
					h = Open(t, d, 0)
				}
				for _, wrong := range []int64{0, int64(at) - 1, int64(at) + 1, -1} {
					_, err := h.Resume(t.Context(), h.Grant(alveary.ActionUpload, id), wrong)
					WantKind(t, "resume elsewhere", err, alveary.KindConflict)
				}
				w = h.GoOn(t, id, int64(at))
			}
			write(t, w, data[at:min(at+30_000, len(data))])
		}
		if info := commit(t, w); info.Size != int64(len(data)) || info.SHA256 != sum(data) {
			t.Errorf("got %+v, want size %d and hash %s", info, len(data), sum(data))
		}
		h.WantContent(t, id, data)
		_, err := h.Resume(t.Context(), h.Grant(alveary.ActionUpload, id), int64(len(data)))
		WantKind(t, "resume a committed object", err, alveary.KindConflict)
	}
	h := Open(t, d, 0)
	_, err := h.Resume(t.Context(), h.Grant(alveary.ActionUpload, NewID(t)), 0)
	WantKind(t, "resume nothing", err, alveary.KindNotFound)
}

func testRollback(t *testing.T, d blob.Driver) {
	for _, forgetful := range []bool{false, true} {
		h := Open(t, d, 0)
		id := NewID(t)
		data := Bytes(10_000)
		w := h.Begin(t, id)
		write(t, w, []byte("what the client says is something else"))
		if err := w.Rollback(); err != nil {
			t.Fatal(err)
		}
		w = h.GoOn(t, id, 0)
		write(t, w, data[:6000])
		if err := w.Suspend(); err != nil {
			t.Fatal(err)
		}
		w = h.GoOn(t, id, 6000)
		write(t, w, Bytes(8000))
		if err := w.Rollback(); err != nil {
			t.Fatal(err)
		}
		if size, err := h.PartialSize(t.Context(), id); err != nil || size != 6000 {
			t.Fatalf("partial size after rollback %d, %v, want 6000", size, err)
		}
		if forgetful {
			h = Open(t, d, 0)
		}
		w = h.GoOn(t, id, 6000)
		write(t, w, data[6000:])
		if info := commit(t, w); info.SHA256 != sum(data) {
			t.Errorf("the hash after a rollback is %s, want %s", info.SHA256, sum(data))
		}
		h.WantContent(t, id, data)
	}
}

// testTruncatedBody holds that a body that breaks off is an error of the
// reader, as package net/http words it, and never the end of the content.
func testTruncatedBody(t *testing.T, d blob.Driver) {
	h := Open(t, d, 0)
	id := NewID(t)
	w := h.Begin(t, id)
	data := Bytes(10_000)
	n, err := io.Copy(w, io.MultiReader(bytes.NewReader(data), iotest.ErrReader(io.ErrUnexpectedEOF)))
	if err != io.ErrUnexpectedEOF || n != int64(len(data)) {
		t.Errorf("copy of a body that broke off: %d bytes, %v; want %d, %v", n, err, len(data), io.ErrUnexpectedEOF)
	}
	if err := w.Suspend(); err != nil {
		t.Fatal(err)
	}
	if size, err := h.PartialSize(t.Context(), id); err != nil || size != int64(len(data)) {
		t.Errorf("partial size %d, %v; want what came before the break", size, err)
	}
}

func testOneWriter(t *testing.T, d blob.Driver) {
	h := Open(t, d, 0)
	id := NewID(t)
	w := h.Begin(t, id)
	write(t, w, []byte("first"))
	_, err := h.Create(t.Context(), h.Grant(alveary.ActionUpload, id))
	WantKind(t, "create twice", err, alveary.KindConflict)
	_, err = h.Resume(t.Context(), h.Grant(alveary.ActionUpload, id), 5)
	WantKind(t, "resume what is being written", err, alveary.KindBusy)
	if err := w.Suspend(); err != nil {
		t.Fatal(err)
	}
	w = h.GoOn(t, id, 5)
	_, err = h.Resume(t.Context(), h.Grant(alveary.ActionUpload, id), 5)
	WantKind(t, "resume twice", err, alveary.KindBusy)
	commit(t, w)
	h.WantContent(t, id, []byte("first"))
}

func testEnded(t *testing.T, d blob.Driver) {
	h := Open(t, d, 0)
	for name, end := range map[string]func(*blob.Writer) error{
		"commit":   func(w *blob.Writer) error { _, err := w.Commit(); return err },
		"suspend":  (*blob.Writer).Suspend,
		"rollback": (*blob.Writer).Rollback,
		"abort":    (*blob.Writer).Abort,
	} {
		w := h.Begin(t, NewID(t))
		write(t, w, []byte("x"))
		if err := end(w); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := w.Write([]byte("y")); err == nil {
			t.Errorf("write after %s succeeded", name)
		}
		if _, err := w.Commit(); err == nil {
			t.Errorf("commit after %s succeeded", name)
		}
		if w.Suspend() == nil || w.Rollback() == nil {
			t.Errorf("suspend or rollback after %s succeeded", name)
		}
	}
}

func testImmutable(t *testing.T, d blob.Driver) {
	h := Open(t, d, 0)
	info := h.Put(t, []byte("for ever"))
	_, err := h.Create(t.Context(), h.Grant(alveary.ActionUpload, info.Blob))
	WantKind(t, "create over a committed object", err, alveary.KindConflict)
	_, err = h.PartialSize(t.Context(), info.Blob)
	WantKind(t, "partial size after a refused create", err, alveary.KindNotFound)
	h.WantContent(t, info.Blob, []byte("for ever"))
}
