package vigil

import (
	"io"
	"sync"
	"sync/atomic"
	"time"

	"alveary"
)

// Stream is one download, archive or upload under way.
type Stream struct {
	vigil   *Vigil
	refused atomic.Pointer[error]

	mu       sync.Mutex
	question Question
	turn     int       // counts the questions
	asked    bool      // whether this question was asked since the stream began
	until    time.Time // when the answer may change by the clock; zero: not by the clock
	wake     []func()
	ended    bool
}

// Err is why the stream was cut, in the words of the gate; nil while it is
// allowed.
func (s *Stream) Err() error {
	if err := s.refused.Load(); err != nil {
		return *err
	}
	return nil
}

// OnCut leaves a function that wakes a read or write that waits for the other
// side. It is called at most once, never after End has returned, and must not
// wait itself; where the stream is cut already, it is called at once.
func (s *Stream) OnCut(wake func()) {
	if wake == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.ended:
	case s.Err() != nil:
		wake()
	default:
		s.wake = append(s.wake, wake)
	}
}

// End says that the stream is over. It may be called again.
func (s *Stream) End() {
	s.mu.Lock()
	s.ended, s.wake = true, nil
	s.mu.Unlock()
	s.vigil.mu.Lock()
	delete(s.vigil.streams, s)
	s.vigil.mu.Unlock()
}

// Turn goes on with another node: an archive comes to its next file.
func (s *Stream) Turn(line alveary.Lineage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.question.Line = line
	s.turn++
	s.asked = false
}

// Subject is who asks, as the last look found him, at the present time.
func (s *Stream) Subject() alveary.Subject {
	s.mu.Lock()
	defer s.mu.Unlock()
	return at(s.question.Subject, s.vigil.now())
}

// Reader gives the bytes of r until the stream is cut. What was read until
// then is handed on.
func (s *Stream) Reader(r io.Reader) io.Reader { return &reader{s, r} }

type reader struct {
	stream *Stream
	from   io.Reader
}

// Read reads on, or says why not. An error that came of being woken is not
// shown.
func (r *reader) Read(p []byte) (int, error) {
	if err := r.stream.Err(); err != nil {
		return 0, err
	}
	n, err := r.from.Read(p)
	if cut := r.stream.Err(); cut != nil {
		return n, cut
	}
	return n, err
}

// asking is the question of the moment, and which one it is.
func (s *Stream) asking() (Question, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.question, s.turn
}

// due says whether the gate must be asked because of the stream itself.
func (s *Stream) due(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Err() == nil && (!s.asked || !s.until.IsZero() && !now.Before(s.until))
}

// allow notes an answer. One to a question of before does not count.
func (s *Stream) allow(a answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.turn == s.turn {
		s.asked, s.until, s.question.Subject = true, a.until, a.subject
		if len(a.line) > 0 {
			s.question.Line = a.line
		}
	}
}

// cut ends the stream for a reason, once.
func (s *Stream) cut(why error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended || !s.refused.CompareAndSwap(nil, &why) {
		return false
	}
	for _, wake := range s.wake {
		wake()
	}
	s.wake = nil
	return true
}
