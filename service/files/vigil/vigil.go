// Package vigil keeps watch over streams: downloads, archives and uploads that
// were allowed when they began and take their time.
//
// It exists because a decision is good for the instant it was made in. When a
// right is taken away, a user is disabled, a session or token ends, a node
// moves or goes, or the time of a decision runs out, what is under way must end
// within a second, and what is still allowed must go on unharmed (MODEL.md 7.4,
// 7.5). The bytes and the connection are not known here: a stream is told to
// end by the error that its reads give, and by the functions that its door left
// to wake a read or write that is waiting.
//
// One goroutine looks four times a second whether anything was committed to the
// database, which costs next to nothing, and asks the gate anew only then: with
// the people, sessions and nodes of that moment, in one transaction. It lives
// while there are streams. Where the database does not answer, nothing is sure
// and everything is cut.
//
// A *Vigil is safe for concurrent use. Read vigil.go first, then look.go for
// what is asked, stream.go for what a stream sees of it.
package vigil

import (
	"context"
	"sync"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/store"
)

const (
	// every is how often the vigil looks.
	every = 250 * time.Millisecond
	// atOnce is about how many streams is asked in one transaction.
	atOnce = 500
	// unsure is how long the database may stay silent before nothing that is
	// under way counts as allowed. It is more than the second that a cut may
	// take where something was taken away: a database that catches its breath
	// must not end every download there is.
	unsure = 3 * time.Second
	// seenEvery is how often a session is marked as used by what is under way
	// in it: a long download must not end because nobody clicks meanwhile.
	seenEvery = 10 * time.Minute
)

// Vigil watches the streams of one server.
type Vigil struct {
	store *store.Store
	gate  *authz.Gate
	now   func() time.Time

	mu      sync.Mutex
	streams map[*Stream]struct{}
	halt    context.CancelFunc // nil while nobody looks
	done    chan struct{}      // closed when the last who looked has stopped
	closed  bool

	looking
}

// looking is what the goroutine remembers from one look to the next.
type looking struct {
	mark      store.Counters // at the last look that came to an end
	sure      time.Time      // when that look began
	memory    *memory
	unwritten []alveary.AuditRecord
}

// New makes a vigil over no streams.
func New(s *store.Store, g *authz.Gate, now func() time.Time) *Vigil {
	return &Vigil{store: s, gate: g, now: now, streams: map[*Stream]struct{}{}}
}

// Question is what was decided when a stream was opened, to be asked again.
type Question struct {
	Subject   alveary.Subject // as he asked then
	Action    string          // what the audit log calls the cut
	Operation authz.Operation
	Line      alveary.Lineage // the node it is about; empty: only whether the subject is still known
	Ask       Ask             // asked in place of the operation on the node, where set
}

// Ask decides again what is more than an operation on one node. It returns the
// node that the decision was about. A conflict, as when a name was taken, is
// no refusal: the stream's own end will tell.
type Ask func(*store.Tx, *authz.Access) (alveary.Lineage, error)

// Watch begins to watch a stream, which must be ended by its End. What changed
// between the decision and this call counts: a new stream is asked at the
// next look.
func (v *Vigil) Watch(q Question) *Stream {
	s := &Stream{vigil: v, question: q}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		s.cut(stopping())
		return s
	}
	v.streams[s] = struct{}{}
	if v.halt == nil {
		ctx, halt := context.WithCancel(context.Background())
		v.halt, v.done = halt, make(chan struct{})
		go v.keep(ctx, v.done)
	}
	return s
}

// Streams is how many streams are watched.
func (v *Vigil) Streams() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.streams)
}

// Close cuts what is under way and waits until nobody looks any more. It must
// come before the store is closed.
func (v *Vigil) Close() {
	v.mu.Lock()
	v.closed = true
	halt, done := v.halt, v.done
	v.mu.Unlock()
	for _, s := range v.all() {
		s.cut(stopping())
	}
	if halt != nil {
		halt()
	}
	if done != nil {
		<-done
	}
}

func stopping() error {
	return &alveary.Error{Kind: alveary.KindUnavailable, Op: "go on", Code: "stopping", Message: "the server is stopping: try again"}
}

func (v *Vigil) all() []*Stream {
	v.mu.Lock()
	defer v.mu.Unlock()
	out := make([]*Stream, 0, len(v.streams))
	for s := range v.streams {
		out = append(out, s)
	}
	return out
}

// keep looks until there are no streams left, or it is told to stop.
func (v *Vigil) keep(ctx context.Context, done chan struct{}) {
	defer close(done)
	// The clock of the system, not of the house: this measures how long the
	// database takes to answer.
	v.sure, v.memory = time.Now(), newMemory()
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if v.rest() {
			return
		}
		v.look(ctx)
	}
}

// rest ends the watch where there is nothing to watch or to write down.
func (v *Vigil) rest() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.streams) > 0 || len(v.unwritten) > 0 {
		return false
	}
	v.halt()
	v.halt = nil
	return true
}
