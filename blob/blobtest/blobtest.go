// Package blobtest is what every driver of package blob must pass.
//
// It exists so that a driver is right by the same tests as all others: the
// contract of blob.Driver in the form that can fail. Run asks most of it
// through blob.Store, as the house does, and the rest of the driver itself.
package blobtest

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/blob"
)

// Run tests the driver that open makes. Each call must give an empty one; open
// cleans up by itself.
func Run(t *testing.T, open func(t *testing.T) blob.Driver) {
	for name, test := range map[string]func(*testing.T, blob.Driver){
		"commit":           testCommit,
		"large":            testLarge,
		"ranges":           testRanges,
		"abort":            testAbort,
		"resume":           testResume,
		"rollback":         testRollback,
		"truncated body":   testTruncatedBody,
		"one writer":       testOneWriter,
		"ended":            testEnded,
		"grants":           testGrants,
		"ids":              testIDs,
		"delete":           testDelete,
		"delete beneath":   testDeleteBeneath,
		"immutable":        testImmutable,
		"check":            testCheck,
		"sweep":            testSweep,
		"sweep in batches": testSweepInBatches,
		"concurrent":       testConcurrent,
		"same id at once":  testSameIDAtOnce,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// House is a store with the means to make grants for it.
type House struct {
	*blob.Store
	sealer alveary.Sealer
	now    func() time.Time
}

// Open puts a store over the driver whose clock stands ahead of the machine's.
func Open(t testing.TB, d blob.Driver, ahead time.Duration) *House {
	t.Helper()
	sealer, verifier, err := alveary.NewSeal(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Now().Add(ahead) }
	return &House{blob.New(d, verifier, now), sealer, now}
}

// Grant allows the action on the object for a minute.
func (h *House) Grant(action alveary.Action, id alveary.BlobID) alveary.Grant {
	return h.sealer.Seal(alveary.Grant{
		Node: 7, Action: action, Version: 1, Blob: id, Expires: h.now().Add(time.Minute),
	})
}

// NewID makes an id.
func NewID(t testing.TB) alveary.BlobID {
	t.Helper()
	id, err := blob.NewID(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Bytes makes n bytes that no compression or hole can stand for.
func Bytes(n int) []byte {
	data := make([]byte, n)
	_, _ = rand.Read(data) // never fails, as package crypto/rand promises
	return data
}

// Begin starts an object.
func (h *House) Begin(t testing.TB, id alveary.BlobID) *blob.Writer {
	t.Helper()
	w, err := h.Create(t.Context(), h.Grant(alveary.ActionUpload, id))
	if err != nil {
		t.Fatalf("create %s: %v", id, err)
	}
	return w
}

// GoOn resumes an object.
func (h *House) GoOn(t testing.TB, id alveary.BlobID, offset int64) *blob.Writer {
	t.Helper()
	w, err := h.Resume(t.Context(), h.Grant(alveary.ActionUpload, id), offset)
	if err != nil {
		t.Fatalf("resume %s at %d: %v", id, offset, err)
	}
	return w
}

// Put commits data under a new id.
func (h *House) Put(t testing.TB, data []byte) blob.Info {
	t.Helper()
	w := h.Begin(t, NewID(t))
	write(t, w, data)
	return commit(t, w)
}

// WantContent fails the test unless the object holds data.
func (h *House) WantContent(t testing.TB, id alveary.BlobID, data []byte) {
	t.Helper()
	r, err := h.Open(t.Context(), h.Grant(alveary.ActionDownload, id))
	if err != nil {
		t.Errorf("open %s: %v", id, err)
		return
	}
	defer r.Close()
	got, err := io.ReadAll(r)
	if err != nil {
		t.Errorf("read %s: %v", id, err)
	}
	if !bytes.Equal(got, data) {
		t.Errorf("object %s holds %d bytes that are not the %d that were written", id, len(got), len(data))
	}
	if r.Size() != int64(len(data)) {
		t.Errorf("object %s says its size is %d, want %d", id, r.Size(), len(data))
	}
}

// WantNothing fails the test if there is anything of the object.
func (h *House) WantNothing(t testing.TB, id alveary.BlobID) {
	t.Helper()
	r, err := h.Open(t.Context(), h.Grant(alveary.ActionDownload, id))
	if err == nil {
		r.Close()
	}
	WantKind(t, "open", err, alveary.KindNotFound)
	_, err = h.PartialSize(t.Context(), id)
	WantKind(t, "partial size", err, alveary.KindNotFound)
}

// WantKind fails the test unless err is of the kind.
func WantKind(t testing.TB, what string, err error, kind alveary.Kind) {
	t.Helper()
	if !alveary.IsKind(err, kind) {
		t.Errorf("%s: got error %v, want one of kind %d", what, err, kind)
	}
}

// wantEmpty fails the test if the driver holds anything.
func wantEmpty(t testing.TB, d blob.Driver) {
	t.Helper()
	for entry, err := range d.List() {
		t.Errorf("left behind: %+v, %v", entry, err)
	}
}

func write(t testing.TB, w io.Writer, data []byte) {
	t.Helper()
	// As a plain reader, so that io.Copy asks the writer how to do it.
	if n, err := io.Copy(w, struct{ io.Reader }{bytes.NewReader(data)}); err != nil || n != int64(len(data)) {
		t.Fatalf("write %d bytes: wrote %d, %v", len(data), n, err)
	}
}

func commit(t testing.TB, w *blob.Writer) blob.Info {
	t.Helper()
	info, err := w.Commit()
	if err != nil {
		t.Fatalf("commit: %v", err)
	}
	return info
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

func testIDs(t *testing.T, d blob.Driver) {
	good := string(NewID(t))
	h := Open(t, d, 0)
	for _, bad := range []string{
		"", ".", "..", "../../etc/passwd", "/" + good[1:], good[:25], good + "a",
		strings.ToUpper(good), "0" + good[1:], "1" + good[1:], "8" + good[1:], "." + good[1:], ".." + good[2:],
		good[:12] + "/" + good[13:], good[:12] + "\\" + good[13:], good[:12] + "\x00" + good[13:],
		good[:12] + " " + good[13:], "é" + good[2:], good[:24] + "%2",
	} {
		id := alveary.BlobID(bad)
		_, err := d.Create(id)
		WantKind(t, "create "+bad, err, alveary.KindInvalid)
		_, err = d.Append(id)
		WantKind(t, "append "+bad, err, alveary.KindInvalid)
		_, err = d.Open(id)
		WantKind(t, "open "+bad, err, alveary.KindInvalid)
		for _, partial := range []bool{true, false} {
			_, err = d.Stat(id, partial)
			WantKind(t, "stat "+bad, err, alveary.KindInvalid)
			WantKind(t, "remove "+bad, d.Remove(id, partial), alveary.KindInvalid)
		}
		_, err = h.Create(t.Context(), h.Grant(alveary.ActionUpload, id))
		WantKind(t, "create by the store "+bad, err, alveary.KindInvalid)
		WantKind(t, "delete by the store "+bad, h.Delete(t.Context(), id), alveary.KindInvalid)
	}
	wantEmpty(t, d)
}
