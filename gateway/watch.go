package gateway

import (
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// A whole request or answer may take as long as it needs, or long uploads
// would be cut. Instead each must make progress: so many bytes, or its end,
// within so much time spent waiting for the other side.
const (
	progressBytes = 16 << 10
	progressTime  = time.Minute
	answerTime    = 2 * time.Minute // for one write of at most answerBytes
	answerBytes   = 1 << 20
)

// deadline is one of the two of a connection. What a handler sets is the last
// word: so it wakes a read or write that waits, and cuts what is under way.
type deadline struct {
	set func(time.Time) error

	mu    sync.Mutex
	at    time.Time
	final bool
}

// move sets the deadline where it would change by at least least.
func (d *deadline) move(to time.Time, least time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.final || to.Sub(d.at) < least {
		return
	}
	d.at = to
	_ = d.set(to) // where deadlines are not supported there is no connection to hold
}

// clear takes the deadline away.
func (d *deadline) clear() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.final {
		d.at = time.Time{}
		_ = d.set(d.at)
	}
}

// fix sets the deadline for good.
func (d *deadline) fix(to time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.final = true
	return d.set(to)
}

// body counts a request's bytes and cuts it off when it makes no progress.
type body struct {
	io.ReadCloser
	deadline deadline
	patience time.Duration // how long the sender may still keep us waiting
	since    int           // bytes since patience was last filled up
	count    int64
	ended    bool
}

// watchBody puts the counting body into the request.
func watchBody(w http.ResponseWriter, r *http.Request) *body {
	b := &body{ReadCloser: r.Body, patience: progressTime}
	b.deadline.set = http.NewResponseController(w).SetReadDeadline
	if r.Body == nil || r.Body == http.NoBody {
		return b
	}
	// HTTP/1 reads the rest of a body that no handler wanted; that must end
	// too. HTTP/2 does not, and its deadlines would fire while nobody reads.
	if r.ProtoMajor == 1 {
		b.extend(time.Now())
	}
	r.Body = b
	return b
}

func (b *body) read() int64 { return b.count }

// Read passes bytes on, at most as slowly as patience allows. What the handler
// does between two reads does not count against the sender.
func (b *body) Read(p []byte) (int, error) {
	begun := time.Now() // not the clock of the house: deadlines of connections are in the time of the system
	b.extend(begun)
	n, err := b.ReadCloser.Read(p)
	b.count += int64(n)
	b.since += n
	b.patience -= time.Since(begun)
	if b.since >= progressBytes {
		b.since, b.patience = 0, progressTime
	}
	if errors.Is(err, io.EOF) && !b.ended {
		// A deadline left behind would end the request while its handler works.
		// After any other error it stays: net/http still reads on for a while.
		b.ended = true
		b.deadline.clear()
	}
	return n, err
}

// extend moves the deadline when it has become too early by a quarter; moving
// it at each read would cost more than reading.
func (b *body) extend(now time.Time) {
	if !b.ended {
		b.deadline.move(now.Add(max(b.patience, 0)), progressTime/4)
	}
}

// response counts an answer's bytes, remembers its status and cuts it off when
// the reader makes no progress.
type response struct {
	http.ResponseWriter
	control  *http.ResponseController
	status   int
	bytes    int64
	deadline deadline
	body     *body    // of the same request; nil where it has none
	conn     net.Conn // of this request alone; nil where there is none
}

func watchResponse(w http.ResponseWriter, r *http.Request) *response {
	rw := &response{ResponseWriter: w, control: http.NewResponseController(w)}
	rw.body, _ = r.Body.(*body)
	rw.conn = connOf(r)
	rw.deadline.set = rw.control.SetWriteDeadline
	if r.ProtoMajor == 1 {
		rw.deadline.clear() // of the request before on this connection
	}
	return rw
}

// SetReadDeadline is for http.ResponseController: no progress of the body moves
// that deadline any more. Unlike the other methods it may be called at any time
// while the request is served.
func (w *response) SetReadDeadline(t time.Time) error {
	if w.body == nil {
		return w.control.SetReadDeadline(t)
	}
	return w.body.deadline.fix(t)
}

// SetWriteDeadline is the same for the answer.
func (w *response) SetWriteDeadline(t time.Time) error { return w.deadline.fix(t) }

// Unwrap lets http.ResponseController reach the writer beneath.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// code is the status that was sent, or will be.
func (w *response) code() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

// WriteHeader remembers the status.
func (w *response) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.extend()
	w.ResponseWriter.WriteHeader(status)
}

// Write passes bytes on.
func (w *response) Write(p []byte) (int, error) {
	w.begin()
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// ReadFrom keeps the short way from a file to the network open: in pieces, so
// that each has a deadline, and each of a shape that the short way knows.
func (w *response) ReadFrom(src io.Reader) (total int64, err error) {
	w.begin()
	into, ok := w.ResponseWriter.(io.ReaderFrom)
	if !ok {
		return io.Copy(struct{ io.Writer }{w}, src)
	}
	whole, limited := src.(*io.LimitedReader)
	for {
		piece := &io.LimitedReader{R: src, N: answerBytes}
		if limited {
			piece.R, piece.N = whole.R, min(whole.N, answerBytes)
		}
		size := piece.N
		if size <= 0 {
			return total, nil
		}
		w.extend()
		n, err := into.ReadFrom(piece)
		total += n
		w.bytes += n
		if limited {
			whole.N -= n
		}
		if err != nil || n < size {
			return total, err
		}
	}
}

// Flush sends what is buffered.
func (w *response) Flush() {
	w.begin()
	_ = w.control.Flush()
}

func (w *response) begin() {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	w.extend()
}

func (w *response) extend() {
	w.deadline.move(time.Now().Add(answerTime), answerTime/4) // as in body.Read
}

// last bounds what is still sent when the handler has returned.
func (w *response) last() {
	w.deadline.move(time.Now().Add(answerTime), 0)
}

// started says whether anything of the answer is on its way.
func (w *response) started() bool { return w.status != 0 }

// isCut says whether a body or answer ended because it made no progress.
func isCut(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.As(err, &timeout) && timeout.Timeout()
}
