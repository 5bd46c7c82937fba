package memblob_test

import (
	"testing"
	"time"

	"alveary"
	"alveary/blob"
	"alveary/blob/blobtest"
	"alveary/blob/memblob"
)

func TestConformance(t *testing.T) {
	blobtest.Run(t, func(*testing.T) blob.Driver { return memblob.New(time.Now, 0) })
}

func TestFullLeavesNothingBehind(t *testing.T) {
	b := memblob.New(time.Now, 10_000)
	h := blobtest.Open(t, b, 0)
	old := h.Put(t, []byte("the old file"))
	for range 3 { // what a failed upload took is given back each time
		id := blobtest.NewID(t)
		w := h.Begin(t, id)
		if _, err := w.Write(blobtest.Bytes(9_000)); err != nil {
			t.Fatal(err)
		}
		n, err := w.Write(blobtest.Bytes(9_000))
		blobtest.WantKind(t, "write", err, alveary.KindNoSpace)
		if n != 10_000-9_000-len("the old file") {
			t.Errorf("%d bytes were written", n)
		}
		_, err = w.Commit()
		blobtest.WantKind(t, "commit", err, alveary.KindNoSpace)
		h.WantNothing(t, id)
	}
	h.WantContent(t, old.Blob, []byte("the old file"))
}
