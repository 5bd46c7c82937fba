package blob_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"alveary"
	"alveary/blob"
	"alveary/blob/blobtest"
	"alveary/blob/memblob"
)

func TestNewID(t *testing.T) {
	seen := make(map[alveary.BlobID]bool)
	for range 1000 {
		id := blobtest.NewID(t)
		if err := blob.CheckID(id); err != nil || seen[id] {
			t.Fatalf("id %s is bad or made twice: %v", id, err)
		}
		seen[id] = true
	}
	if _, err := blob.NewID(strings.NewReader("too little")); err == nil {
		t.Error("an id was made of too little randomness")
	}
}

// TestServeContent holds that a Reader is what net/http wants, ranges included,
// whether the kernel sends it or not.
func TestServeContent(t *testing.T) {
	for name, driver := range map[string]blob.Driver{"file": bucket(t), "memory": memblob.New(time.Now, 0)} {
		h := blobtest.Open(t, driver, 0)
		data := blobtest.Bytes(300_000)
		id := h.Put(t, data).Blob
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			content, err := h.Open(r.Context(), h.Grant(alveary.ActionDownload, id))
			if err != nil {
				t.Error(err)
				return
			}
			defer content.Close()
			http.ServeContent(w, r, "", time.Time{}, content)
		}))
		defer server.Close()
		for _, c := range []struct {
			header string
			status int
			want   []byte
		}{
			{"", http.StatusOK, data},
			{"bytes=0-0", http.StatusPartialContent, data[:1]},
			{"bytes=1000-250000", http.StatusPartialContent, data[1000:250_001]},
			{"bytes=-5", http.StatusPartialContent, data[len(data)-5:]},
			{"bytes=300000-", http.StatusRequestedRangeNotSatisfiable, nil},
		} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Range", c.header)
			response, err := server.Client().Do(request)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(response.Body)
			response.Body.Close()
			if err != nil || response.StatusCode != c.status || c.want != nil && !bytes.Equal(got, c.want) {
				t.Errorf("%s, range %q: %d with %d bytes, %v; want %d with %d", name, c.header,
					response.StatusCode, len(got), err, c.status, len(c.want))
			}
		}
	}
}

// TestKernelSends holds that a file can be had where sendfile looks for it, and
// that memory says it is none.
func TestKernelSends(t *testing.T) {
	for _, c := range []struct {
		driver blob.Driver
		file   bool
	}{{bucket(t), true}, {memblob.New(time.Now, 0), false}} {
		h := blobtest.Open(t, c.driver, 0)
		r, err := h.Open(t.Context(), h.Grant(alveary.ActionDownload, h.Put(t, []byte("x")).Blob))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		var conn syscall.Conn = r
		if _, err := conn.SyscallConn(); (err == nil) != c.file {
			t.Errorf("over %T: %v", c.driver, err)
		}
	}
}

// failing is a driver whose disk breaks at one step.
type failing struct {
	*memblob.Bucket
	step string
	err  error
}

func (f failing) Create(id alveary.BlobID) (blob.Part, error) {
	part, err := f.Bucket.Create(id)
	return failingPart{part, f}, err
}

type failingPart struct {
	blob.Part
	failing
}

func (p failingPart) Write(b []byte) (int, error) {
	if p.step == "write" {
		n, _ := p.Part.Write(b[:len(b)/2])
		return n, p.err
	}
	return p.Part.Write(b)
}

func (p failingPart) ReadAt(b []byte, off int64) (int, error) {
	if p.step == "read" {
		return 0, p.err
	}
	return p.Part.ReadAt(b, off)
}

func (p failingPart) Commit() error {
	if p.step == "commit" {
		return errors.Join(p.err, p.Discard())
	}
	return p.Part.Commit()
}

func TestFailureLeavesNothingBehind(t *testing.T) {
	broken := errors.New("the disk is broken")
	for _, step := range []string{"write", "read", "commit"} {
		for err, kind := range map[error]alveary.Kind{broken: alveary.KindInternal, blob.ErrNoSpace: alveary.KindNoSpace} {
			h := blobtest.Open(t, failing{memblob.New(time.Now, 0), step, err}, 0)
			id := blobtest.NewID(t)
			w := h.Begin(t, id)
			_, werr := io.Copy(w, strings.NewReader("content"))
			if (werr != nil) != (step == "write") {
				t.Errorf("%s: the write says %v", step, werr)
			}
			_, cerr := w.Commit()
			blobtest.WantKind(t, step, cerr, kind)
			if !errors.Is(cerr, err) || strings.Contains(public(cerr), string(id)) {
				t.Errorf("%s: %v lacks its cause, or tells the asker the id", step, cerr)
			}
			h.WantNothing(t, id)
		}
	}
}

func public(err error) string {
	var e *alveary.Error
	if errors.As(err, &e) {
		return e.Op + e.Subject + e.Message
	}
	return err.Error()
}

// TestManySuspended goes beyond the hashes that are kept in memory: the rest
// are found again.
func TestManySuspended(t *testing.T) {
	h := blobtest.Open(t, memblob.New(time.Now, 0), 0)
	var ids []alveary.BlobID
	for range 5000 {
		id := blobtest.NewID(t)
		ids = append(ids, id)
		w := h.Begin(t, id)
		if _, err := w.Write([]byte("first ")); err != nil {
			t.Fatal(err)
		}
		if err := w.Suspend(); err != nil {
			t.Fatal(err)
		}
	}
	var want string
	for _, id := range ids {
		w := h.GoOn(t, id, 6)
		if _, err := w.Write([]byte("second")); err != nil {
			t.Fatal(err)
		}
		info, err := w.Commit()
		if err != nil {
			t.Fatal(err)
		}
		if want == "" {
			want = info.SHA256
		}
		if info.SHA256 != want {
			t.Fatal("two uploads of the same bytes have two hashes")
		}
	}
}

// TestConstantMemory streams more than a body should ever hold in memory, from
// a reader that gives little at a time.
func TestConstantMemory(t *testing.T) {
	h := blobtest.Open(t, bucket(t), 0)
	w := h.Begin(t, blobtest.NewID(t))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	const size = 64 << 20
	if _, err := io.Copy(w, io.LimitReader(iotest.HalfReader(rand.Reader), size)); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if taken := after.TotalAlloc - before.TotalAlloc; w.Written() != size || taken > 4<<20 {
		t.Errorf("%d of %d bytes were written, and %d taken from memory", w.Written(), size, taken)
	}
	if err := w.Abort(); err != nil {
		t.Fatal(err)
	}
}
