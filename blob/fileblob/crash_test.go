//go:build linux

package fileblob_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"alveary"
	"alveary/blob"
	"alveary/blob/blobtest"
	"alveary/blob/fileblob"
	"alveary/testkit/lossyfs"
)

func TestMain(m *testing.M) { lossyfs.Main(m) }

type skip func(what, path string) bool

func never(string, string) bool { return false }

// machine is a server on a disk that forgets.
type machine struct {
	t      *testing.T
	layer  *lossyfs.FS
	bucket *fileblob.Bucket
	house  *blobtest.House
}

func boot(t *testing.T, skip skip) *machine {
	m := &machine{t: t, layer: lossyfs.Mount(t)}
	m.start(skip)
	t.Cleanup(m.stop)
	return m
}

func (m *machine) start(skip skip) {
	m.t.Helper()
	bucket, err := fileblob.OpenLeavingOut(filepath.Join(m.layer.Dir(), "blobs"), skip)
	if err != nil {
		m.t.Fatal(err)
	}
	m.bucket, m.house = bucket, blobtest.Open(m.t, bucket, 0)
}

func (m *machine) stop() { _ = m.bucket.Close() } // after a crash there is nothing left to close

// crash pulls the plug and boots a server that forgets no flush.
func (m *machine) crash() {
	m.t.Helper()
	m.layer.Crash()
	m.stop()
	m.start(never)
}

// promised is what a server has acknowledged.
type promised struct {
	committed map[alveary.BlobID][]byte
	suspended map[alveary.BlobID][]byte
}

func (p promised) known(_ context.Context, ids []alveary.BlobID) (map[alveary.BlobID]bool, error) {
	answer := make(map[alveary.BlobID]bool)
	for _, id := range ids {
		_, committed := p.committed[id]
		_, suspended := p.suspended[id]
		answer[id] = committed || suspended
	}
	return answer, nil
}

// work does everything that a store promises to keep, and some that it does not.
func (m *machine) work() promised {
	m.t.Helper()
	p := promised{make(map[alveary.BlobID][]byte), make(map[alveary.BlobID][]byte)}
	for i := range 12 {
		data := blobtest.Bytes(1 + i*i*7000)
		p.committed[m.house.Put(m.t, data).Blob] = data
	}
	for range 3 {
		id, data := blobtest.NewID(m.t), blobtest.Bytes(90_000)
		m.suspend(m.house.Begin(m.t, id), data[:40_000])
		m.suspend(m.house.GoOn(m.t, id, 40_000), data[40_000:])
		p.suspended[id] = data
	}
	// One goes on after that, is refused and rolled back; one is finished.
	for id, data := range p.suspended {
		w := m.house.GoOn(m.t, id, int64(len(data)))
		m.write(w, blobtest.Bytes(30_000))
		m.must(w.Rollback())
		break
	}
	for id, data := range p.suspended {
		w := m.house.GoOn(m.t, id, int64(len(data)))
		more := blobtest.Bytes(10)
		m.write(w, more)
		_, err := w.Commit()
		m.must(err)
		p.committed[id] = append(data, more...)
		delete(p.suspended, id)
		break
	}
	m.must(m.house.Delete(m.t.Context(), m.house.Put(m.t, []byte("gone")).Blob))
	w := m.house.Begin(m.t, blobtest.NewID(m.t))
	m.write(w, blobtest.Bytes(50_000))
	m.must(w.Abort())
	m.write(m.house.Begin(m.t, blobtest.NewID(m.t)), blobtest.Bytes(50_000)) // never ended
	return p
}

func (m *machine) suspend(w *blob.Writer, data []byte) {
	m.t.Helper()
	m.write(w, data)
	m.must(w.Suspend())
}

func (m *machine) write(w *blob.Writer, data []byte) {
	m.t.Helper()
	_, err := w.ReadFrom(bytes.NewReader(data))
	m.must(err)
}

func (m *machine) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// losses lists what of the promised is not there, or not whole.
func (m *machine) losses(p promised) (committed, suspended []string) {
	m.t.Helper()
	for id, data := range p.committed {
		if err := m.house.Check(m.t.Context(), id, int64(len(data)), sum(data)); err != nil {
			committed = append(committed, err.Error())
		}
	}
	for id, data := range p.suspended {
		w, err := m.house.Resume(m.t.Context(), m.house.Grant(alveary.ActionUpload, id), int64(len(data)))
		if err != nil {
			suspended = append(suspended, err.Error())
			continue
		}
		info, err := w.Commit()
		m.must(err)
		if info.SHA256 != sum(data) {
			suspended = append(suspended, fmt.Sprintf("%s has other bytes", id))
		}
	}
	return committed, suspended
}

// wantClean sweeps, and fails the test if anything is there that was not
// promised.
func (m *machine) wantClean(p promised) {
	m.t.Helper()
	_, err := m.house.Sweep(m.t.Context(), p.known, 0)
	m.must(err)
	for entry, err := range m.bucket.List() {
		m.must(err)
		_, committed := p.committed[entry.ID]
		_, suspended := p.suspended[entry.ID]
		if entry.Partial != suspended || entry.Partial == committed {
			m.t.Errorf("after the sweep there is %+v", entry)
		}
	}
}

func TestCrashKeepsWhatWasPromised(t *testing.T) {
	m := boot(t, never)
	p := m.work()
	m.crash()
	m.wantClean(p)
	if committed, suspended := m.losses(p); len(committed)+len(suspended) > 0 {
		t.Errorf("lost in the crash: %s %s", committed, suspended)
	}
}

// TestCrashShowsEachMissingFlush holds that every single flush is needed, and
// that the test above would notice if it were gone.
func TestCrashShowsEachMissingFlush(t *testing.T) {
	for _, c := range []struct {
		name                 string
		skip                 skip
		committed, suspended bool // what must get lost
	}{
		{"bytes", func(what, _ string) bool { return what == fileblob.FlushBytes }, true, true},
		{"committed name", func(what, _ string) bool { return what == fileblob.FlushName }, true, false},
		{"partial name", func(what, _ string) bool { return what == fileblob.FlushPartial }, false, true},
		{"folder of contents", folder(0), true, true},
		{"folders in it", folder(1), true, true},
		{"shelves", folder(2), true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := boot(t, c.skip)
			p := m.work()
			m.crash()
			committed, suspended := m.losses(p)
			if c.committed && len(committed) == 0 {
				t.Error("no committed object was lost")
			}
			if c.suspended && len(suspended) == 0 {
				t.Error("no suspended object was lost")
			}
		})
	}
}

// folder leaves out the flush of folders that hold a new folder, at one depth:
// 0 is the folder above the contents.
func folder(depth int) skip {
	return func(what, path string) bool {
		_, inside, ok := strings.Cut(filepath.Clean(path)+"/", "/blobs/")
		at := 0
		if ok {
			at = 1 + strings.Count(inside, "/")
		}
		return what == fileblob.FlushFolder && at == depth
	}
}

// TestCrashAfterAKill makes folders in a process that is killed before it
// flushes their names; the next process must not believe in them unseen.
func TestCrashAfterAKill(t *testing.T) {
	m := boot(t, func(what, _ string) bool { return what == fileblob.FlushFolder })
	first, second := m.id("ab"), m.id("ab")
	w := m.house.Begin(t, first)
	_, err := w.Commit()
	m.must(err)
	m.stop()
	m.start(never)
	w = m.house.Begin(t, second)
	m.write(w, []byte("acknowledged"))
	_, err = w.Commit()
	m.must(err)
	m.crash()
	m.house.WantContent(t, second, []byte("acknowledged"))
}

func (m *machine) id(prefix string) alveary.BlobID {
	return alveary.BlobID(prefix) + blobtest.NewID(m.t)[len(prefix):]
}

// TestCrashLeavesNoSecondWriter crashes between the rename and the flush of
// folder tmp: the file has both names, and its partial one must not open it.
func TestCrashLeavesNoSecondWriter(t *testing.T) {
	m := boot(t, never)
	id := blobtest.NewID(t)
	m.suspend(m.house.Begin(t, id), []byte("whole"))
	_, err := m.house.GoOn(t, id, 5).Commit()
	m.must(err)
	m.crash()
	if _, err := m.bucket.Stat(id, true); err != nil {
		t.Fatalf("the crash was too kind: %v", err)
	}
	_, err = m.house.Resume(t.Context(), m.house.Grant(alveary.ActionUpload, id), 5)
	blobtest.WantKind(t, "resume", err, alveary.KindConflict)
	m.wantClean(promised{committed: map[alveary.BlobID][]byte{id: nil}})
	m.house.WantContent(t, id, []byte("whole"))
}

// TestCrashInTheMiddle pulls the plug while many uploads are under way.
func TestCrashInTheMiddle(t *testing.T) {
	for _, after := range []time.Duration{5 * time.Millisecond, 30 * time.Millisecond, 120 * time.Millisecond} {
		m := boot(t, never)
		p := promised{committed: make(map[alveary.BlobID][]byte)}
		var mu sync.Mutex
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				for size := 1; ; size = size*3%400_000 + 1 {
					id, data := blobtest.NewID(t), blobtest.Bytes(size)
					w, err := m.house.Create(t.Context(), m.house.Grant(alveary.ActionUpload, id))
					if err != nil {
						return
					}
					_, werr := w.Write(data)
					if _, err := w.Commit(); err != nil || werr != nil {
						return
					}
					mu.Lock()
					p.committed[id] = data
					mu.Unlock()
				}
			})
		}
		time.Sleep(after)
		m.layer.Crash()
		wg.Wait()
		m.stop()
		m.start(never)
		if lost, _ := m.losses(p); len(lost) > 0 {
			t.Errorf("after %v: of %d acknowledged uploads the crash took %s", after, len(p.committed), lost)
		}
		m.wantClean(p)
	}
}

func TestFullDiskLeavesNothingBehind(t *testing.T) {
	m := boot(t, never)
	old := m.house.Put(t, []byte("the old file")).Blob
	m.layer.Fill(100_000)
	for range 3 { // each failed upload gives back what it took
		id := blobtest.NewID(t)
		w := m.house.Begin(t, id)
		_, err := w.ReadFrom(bytes.NewReader(blobtest.Bytes(400_000)))
		blobtest.WantKind(t, "write", err, alveary.KindNoSpace)
		_, err = w.Commit()
		blobtest.WantKind(t, "commit", err, alveary.KindNoSpace)
		m.house.WantNothing(t, id)
	}
	fits := blobtest.Bytes(90_000)
	m.house.WantContent(t, m.house.Put(t, fits).Blob, fits)
	m.house.WantContent(t, old, []byte("the old file"))
}
