package blob_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"alveary"
	"alveary/blob/blobtest"
	"alveary/blob/fileblob"
)

// BenchmarkSmall is the life of a small upload on a real disk: create, write,
// commit. It tells the processor's time beside the clock's, most of which is
// the disk's.
func BenchmarkSmall(b *testing.B) {
	h := blobtest.Open(b, bucket(b), 0)
	data := blobtest.Bytes(1 << 10)
	for range 1200 { // so that most folders are there, as on a server in use
		h.Put(b, data)
	}
	b.ReportAllocs()
	before := cpu(b)
	for b.Loop() {
		h.Put(b, data)
	}
	b.ReportMetric(float64(cpu(b)-before)/float64(b.N), "cpu-ns/op")
}

// BenchmarkLarge is an upload of 64 MiB.
func BenchmarkLarge(b *testing.B) {
	h := blobtest.Open(b, bucket(b), 0)
	data := blobtest.Bytes(64 << 20)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		info := h.Put(b, data)
		if err := h.Delete(b.Context(), info.Blob); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkServe sends 64 MiB over loopback, beside a bare http.ServeFile.
func BenchmarkServe(b *testing.B) {
	dir := b.TempDir()
	data := blobtest.Bytes(64 << 20)
	bare := filepath.Join(dir, "bare")
	if err := os.WriteFile(bare, data, 0o600); err != nil {
		b.Fatal(err)
	}
	h := blobtest.Open(b, bucket(b), 0)
	id := h.Put(b, data).Blob
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
	}{
		{"file", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, bare) }},
		{"blob", func(w http.ResponseWriter, r *http.Request) {
			content, err := h.Open(r.Context(), h.Grant(alveary.ActionDownload, id))
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			defer content.Close()
			http.ServeContent(w, r, "", time.Time{}, content)
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			server := httptest.NewServer(c.handler)
			defer server.Close()
			b.SetBytes(int64(len(data)))
			before := cpu(b)
			for b.Loop() {
				response, err := http.Get(server.URL)
				if err != nil {
					b.Fatal(err)
				}
				n, err := io.Copy(io.Discard, response.Body)
				response.Body.Close()
				if err != nil || n != int64(len(data)) {
					b.Fatalf("%d bytes, %v", n, err)
				}
			}
			b.ReportMetric(float64(cpu(b)-before)/float64(b.N), "cpu-ns/op")
		})
	}
}

func bucket(t testing.TB) *fileblob.Bucket {
	t.Helper()
	b, err := fileblob.Open(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// cpu is what the process has taken of the processor, in and out of the kernel.
func cpu(b *testing.B) int64 {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}
