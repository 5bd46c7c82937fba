package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alveary"
	"alveary/config"
	"alveary/store"
)

const (
	crashUploads = 220 // uploads that are begun before the test is content
	crashWorkers = 6   // of which every second speaks tus
)

// The server is killed in the middle of many uploads, again and again on the
// same data folder. Whatever it has acknowledged is there after the next
// start, whole; nothing is listed that is not whole; and nothing lies about
// that no file and no unfinished upload needs.
func TestKilledServerLosesNothing(t *testing.T) {
	d := newDisaster(t)
	kills := 0
	for round := 0; d.begun.Load() < crashUploads; round++ {
		c := startChild(t, d.dir)
		d.check(t, c, round)
		d.upload(t, c)
		kills++
		if t.Failed() {
			return
		}
	}
	// Nobody kills it now, so everything that was begun is finished.
	c := startChild(t, d.dir)
	d.check(t, c, kills)
	for _, w := range d.workers {
		if err := w.resumeAll(t.Context(), d.caller(c)); err != nil {
			t.Error(err)
		}
	}
	d.check(t, c, kills+1)
	c.stop(t)
	t.Logf("%d uploads begun, %d files acknowledged, %d kills", d.begun.Load(), len(d.files), kills)
}

// disaster is a data folder and what has been done to it.
type disaster struct {
	*chance
	dir, token, folder string
	workers            []*worker
	begun              atomic.Int64

	mu    sync.Mutex
	files map[string]*file
}

// file is what may be found under a name: the content that was acknowledged
// last, or one that was sent since, about which nobody heard.
type file struct {
	acked string
	sent  []string
}

func newDisaster(t *testing.T) *disaster {
	t.Helper()
	d := &disaster{chance: newChance(t), dir: newDataFolder(t), files: map[string]*file{}}
	h, err := open(t.Context(), config.Place{Data: d.dir}, briefLives())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.login.CreateAdmin(t.Context(), "admin", "honey-and-smoke"); err != nil {
		t.Fatal(err)
	}
	made, err := h.createToken(t.Context(), NewToken{Login: "admin", Label: "crash"})
	if err := errors.Join(err, h.close()); err != nil {
		t.Fatal(err)
	}
	d.token = made.Secret
	for i := range crashWorkers {
		d.workers = append(d.workers, &worker{disaster: d, tus: i%2 == 1, name: string(rune('a' + i))})
	}
	return d
}

func (d *disaster) caller(c *child) *caller {
	// Connections of a server that was killed are of no use any more.
	return &caller{http: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, base: c.url + "/api/v1", token: d.token, tick: func() {}}
}

// upload lets the workers loose and kills the server under them.
func (d *disaster) upload(t *testing.T, c *child) {
	t.Helper()
	var (
		left   atomic.Int64
		killed atomic.Bool
		now    = make(chan struct{})
		group  sync.WaitGroup
	)
	left.Store(int64(1 + d.below(300)))
	call := d.caller(c)
	call.tick = func() {
		if left.Add(-1) == 0 {
			close(now)
		}
	}
	for _, w := range d.workers {
		group.Go(func() {
			for !killed.Load() {
				if err := w.work(t.Context(), call); err != nil && !killed.Load() {
					t.Errorf("worker %s: %v", w.name, err)
					return
				}
			}
		})
	}
	select {
	case <-now:
	case <-time.After(time.Minute):
		t.Error("the workers stand still")
	}
	time.Sleep(time.Duration(d.below(3000)) * time.Microsecond) // between two ticks too
	killed.Store(true)
	c.kill()
	group.Wait()
}

// sending notes that a name may soon have this content, acknowledge that it has.
func (d *disaster) sending(name string, content []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.files[name] == nil {
		d.files[name] = &file{}
	}
	d.files[name].sent = append(d.files[name].sent, digest(content))
}

func (d *disaster) acknowledge(name string, content []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.files[name] = &file{acked: digest(content)}
}

// check compares what a server that has just started holds with what it
// acknowledged before it was killed.
func (d *disaster) check(t *testing.T, c *child, round int) {
	t.Helper()
	ctx, call := t.Context(), d.caller(c)
	var root struct{ ID string }
	if err := call.json(ctx, "/nodes?path=common-files", &root); err != nil {
		t.Fatal(err)
	}
	d.folder = root.ID
	found, err := call.list(ctx, d.folder)
	if err != nil {
		t.Fatalf("start %d: %v", round, err)
	}
	for name, it := range found {
		f := d.files[name]
		switch {
		case f == nil:
			t.Errorf("start %d: %s is listed, and nobody sent it", round, name)
		case it.told != it.served:
			t.Errorf("start %d: %s is listed with a digest that is not that of its bytes", round, name)
		case it.served != f.acked && !slices.Contains(f.sent, it.served):
			t.Errorf("start %d: %s has a content that nobody sent", round, name)
		default:
			f.acked = it.served
		}
	}
	for name, f := range d.files {
		if _, ok := found[name]; !ok && f.acked != "" {
			t.Errorf("start %d: %s was acknowledged and is not there", round, name)
		}
	}
	d.checkFolder(t, round)
}

// checkFolder asks the doctor, and looks for bytes that nothing needs.
func (d *disaster) checkFolder(t *testing.T, round int) {
	t.Helper()
	place := config.Place{Data: d.dir}
	r, err := Doctor(t.Context(), place, Examination{Deep: true})
	for tries := 0; inUse(err) && tries < 100; tries++ {
		time.Sleep(20 * time.Millisecond) // its socket opens a moment after its port
		r, err = Doctor(t.Context(), place, Examination{Deep: true})
	}
	if err != nil || len(r.Findings) > 0 {
		t.Errorf("start %d: the doctor finds %q, %v", round, r.Findings, err)
	}
	orphans, err := orphansIn(t.Context(), d.dir)
	if err != nil || len(orphans) > 0 {
		t.Errorf("start %d: nothing needs %q, %v", round, orphans, err)
	}
}

func inUse(err error) bool {
	var e *alveary.Error
	return errors.As(err, &e) && e.Code == "in-use"
}

// orphansIn lists the objects that neither a version nor an upload names.
func orphansIn(ctx context.Context, dir string) (orphans []string, err error) {
	s, err := store.Open(ctx, store.Config{Path: filepath.Join(dir, "alveary.db"), Now: time.Now})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	err = filepath.WalkDir(filepath.Join(dir, "blobs"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		id := alveary.BlobID(e.Name())
		return s.Read(ctx, func(tx *store.Tx) error {
			known, err := tx.KnownBlobs([]alveary.BlobID{id})
			if err == nil && !known[id] {
				orphans = append(orphans, path)
			}
			return err
		})
	})
	return orphans, err
}

// worker uploads one file after the other.
type worker struct {
	*disaster
	tus     bool
	name    string
	count   int
	pending []*resumable // begun, and not known to be finished
}

// work makes one upload, or goes on with those that a kill left unfinished.
func (w *worker) work(ctx context.Context, call *caller) error {
	if err := w.resumeAll(ctx, call); err != nil {
		return err
	}
	w.begun.Add(1)
	content := w.bytes()
	if !w.tus {
		return w.put(ctx, call, content)
	}
	u := &resumable{name: w.newName(), content: content}
	w.sending(u.name, content)
	if err := call.begin(ctx, w.folder, u); err != nil {
		return err
	}
	w.pending = append(w.pending, u)
	return w.resumeAll(ctx, call)
}

func (w *worker) newName() string {
	w.count++
	return fmt.Sprintf("%s-%04d.bin", w.name, w.count)
}

// put uploads a new file, or a new content of an earlier one, or breaks off in
// the middle, of which nothing may be seen.
func (w *worker) put(ctx context.Context, call *caller, content []byte) error {
	name := ""
	if w.count > 0 && w.below(4) == 0 {
		name = fmt.Sprintf("%s-%04d.bin", w.name, 1+w.below(w.count))
	} else {
		name = w.newName()
	}
	if len(content) > 1 && w.below(8) == 0 {
		if err := call.put(ctx, w.folder, name, content, w.below(len(content))); !errors.Is(err, errCut) {
			return fmt.Errorf("an upload that was cut off ended with %w", err)
		}
		return nil
	}
	w.sending(name, content)
	if err := call.put(ctx, w.folder, name, content, -1); err != nil {
		return err
	}
	w.acknowledge(name, content)
	return nil
}

// resumeAll brings the unfinished uploads to their end, in pieces.
func (w *worker) resumeAll(ctx context.Context, call *caller) error {
	for len(w.pending) > 0 {
		u := w.pending[0]
		finished, err := call.resume(ctx, u)
		for err == nil && !finished {
			finished, err = call.send(ctx, u, 1+w.below(1<<20))
		}
		if err != nil {
			return err
		}
		w.acknowledge(u.name, u.content)
		w.pending = w.pending[1:]
	}
	return nil
}

// One server keeps a data folder for itself; a second says so and touches
// nothing. Once the first is gone, however it went, another may start.
func TestSecondServerIsRefused(t *testing.T) {
	dir := newDataFolder(t)
	first := startChild(t, dir)
	err := serveHere(t, dir)
	if !alveary.IsKind(err, alveary.KindConflict) || !strings.Contains(err.Error(), "another Alveary server runs on this data folder") {
		t.Errorf("the second server says %v", err)
	}
	first.kill()
	startChild(t, dir).stop(t)
}

// A data folder of a newer version is refused in words, twice the same: the
// refusal has changed nothing.
func TestNewerDataFolderIsRefused(t *testing.T) {
	dir := newDataFolder(t)
	startChild(t, dir).stop(t)
	db, err := sql.Open("sqlite", filepath.Join(dir, "alveary.db"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		err := serveHere(t, dir)
		if !alveary.IsKind(err, alveary.KindConflict) || !strings.Contains(err.Error(), "newer version of Alveary") {
			t.Errorf("the server says %v", err)
		}
	}
}

// serveHere runs a server that is expected not to start.
func serveHere(t *testing.T, dir string) error {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	return Serve(ctx, options(dir), io.Discard, io.Discard, "test")
}
