package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"path"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"alveary"
	"alveary/client"
)

// Skip is what to do where a name exists: leave both as they are.
const Skip client.Conflict = "skip"

// Options say how to transfer.
type Options struct {
	Client   *client.Client
	Parallel int             // files at once; 1 if less
	Conflict client.Conflict // Fail, Replace, Rename or Skip
	Memory   *Memory         // of unfinished uploads; may be nil
	Report   func(Event)     // may be nil
}

// Event is one thing that happened.
type Event struct {
	Result Result
	Local  string // path on this machine
	Remote string // path on the server
	Bytes  int64  // of Planned and Moved: how many more; of the others: size of the file
	Err    error  // of Failed, and of LeftOut the reason
}

// Result says what happened to a file.
type Result string

// What can happen. Planned and Moved are for progress; every file that was
// Planned ends in one of the others, and every folder in Made if it was not
// there.
const (
	Planned   Result = "planned"
	Moved     Result = "moved"
	Done      Result = "done"
	Made      Result = "made"      // a folder
	Unchanged Result = "unchanged" // equal at both ends already
	Skipped   Result = "skipped"   // there, and Skip was asked for
	LeftOut   Result = "left out"  // cannot exist at the other end
	Failed    Result = "failed"
)

// Outcome counts what happened.
type Outcome struct {
	Files, Folders, Unchanged, Skipped, LeftOut, Failed int
	Bytes                                               int64 // of the files that were transferred
	Kinds                                               map[alveary.Kind]int
}

// run is one transfer in its course.
type run struct {
	o       Options
	group   *errgroup.Group
	mu      sync.Mutex
	outcome Outcome
}

// start runs walk, which plans files; it ends when all of them have.
func start(ctx context.Context, o Options, walk func(context.Context, *run) error) (Outcome, error) {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, o.Parallel) + 1) // the walk is one of them
	r := &run{o: o, group: group, outcome: Outcome{Kinds: map[alveary.Kind]int{}}}
	group.Go(func() error { return walk(ctx, r) })
	err := group.Wait()
	return r.outcome, err
}

// file plans a file and transfers it when there is room. A failure that every
// further file would meet too ends the whole.
func (r *run) file(ctx context.Context, e Event, size int64, do func(moved func(int64)) (Result, error)) {
	r.report(Event{Result: Planned, Local: e.Local, Remote: e.Remote, Bytes: size})
	r.group.Go(func() error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var moved int64
		result, err := do(func(n int64) {
			moved += n
			r.report(Event{Result: Moved, Local: e.Local, Remote: e.Remote, Bytes: n})
		})
		e.Result, e.Err, e.Bytes = result, err, size
		if err != nil && result != LeftOut {
			e.Result = Failed
		}
		if e.Result == Failed && ctx.Err() != nil {
			return ctx.Err()
		}
		if rest := size - moved; rest != 0 { // what was not sent counts as dealt with
			r.report(Event{Result: Moved, Local: e.Local, Remote: e.Remote, Bytes: rest})
		}
		r.report(e)
		if hopeless(err) {
			return err
		}
		return nil
	})
}

// hopeless says whether the next file would fail for the same reason.
func hopeless(err error) bool {
	switch alveary.KindOf(err) {
	case alveary.KindUnauthenticated, alveary.KindNoSpace, alveary.KindUnavailable, alveary.KindUnsupported:
		return err != nil
	}
	return false
}

func (r *run) report(e Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch e.Result {
	case Planned, Moved:
	case Done:
		r.outcome.Files++
		r.outcome.Bytes += e.Bytes
	case Made:
		r.outcome.Folders++
	case Unchanged:
		r.outcome.Unchanged++
	case Skipped:
		r.outcome.Skipped++
	case LeftOut:
		r.outcome.LeftOut++
	case Failed:
		r.outcome.Failed++
		r.outcome.Kinds[alveary.KindOf(e.Err)]++
	}
	if r.o.Report != nil {
		r.o.Report(e)
	}
}

// equal says whether a reader holds the content that the server holds.
func equal(r io.Reader, size int64, n client.Node) bool {
	if n.IsFolder() || n.Size != size || n.SHA256 == "" {
		return false
	}
	sum := sha256.New()
	_, err := io.Copy(sum, r)
	return err == nil && strings.EqualFold(hex.EncodeToString(sum.Sum(nil)), n.SHA256)
}

func taken(op, subject, message string) error {
	return &alveary.Error{Kind: alveary.KindConflict, Op: op, Subject: subject, Code: "name-exists", Message: message}
}

func leaveOut(subject, why string) error {
	return &alveary.Error{Kind: alveary.KindInvalid, Subject: subject, Message: why}
}

// inLocal words a failure of this machine's files, without repeating the path.
func inLocal(op, subject string, err error) error {
	return &alveary.Error{Kind: alveary.KindInvalid, Op: op, Subject: subject, Message: reason(err), Cause: err}
}

func reason(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

// splitRemote cuts a remote path into the folder and the name in it.
func splitRemote(remote string) (folder, name string) {
	folder, name = path.Split(remote)
	return strings.TrimSuffix(folder, "/"), name
}
