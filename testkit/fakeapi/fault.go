package fakeapi

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
)

// Fault is something that goes wrong, Times times, with requests of the method
// (any, if empty) whose path contains Path.
type Fault struct {
	Method, Path string
	Times        int

	Status     int    // answered in place of doing anything
	Code       string // of that answer
	RetryAfter string
	CutBody    int64 // the connection breaks once so many bytes of the body came
	CutAnswer  int64 // the connection breaks once so many bytes of the answer went
	Lose       bool  // everything is done and the answer lost
	Hang       bool  // the answer stops and the connection stays
}

// Break arms a fault. Faults happen in the order they were armed.
func (s *Server) Break(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// Requests lists "METHOD /path" of what came, without /api/v1.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.requests...)
}

// Count counts the requests that begin with the words.
func (s *Server) Count(words string) int {
	n := 0
	for _, r := range s.Requests() {
		if strings.HasPrefix(r, words) {
			n++
		}
	}
	return n
}

func (s *Server) armed(r *http.Request) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r.Method+" "+strings.TrimPrefix(r.URL.RequestURI(), "/api/v1"))
	for _, f := range s.faults {
		if f.Times > 0 && (f.Method == "" || f.Method == r.Method) && strings.Contains(r.URL.Path, f.Path) {
			f.Times--
			return f
		}
	}
	return nil
}

func (s *Server) faulty(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := s.armed(r)
		switch {
		case f == nil:
			next.ServeHTTP(w, r)
		case f.Status != 0:
			if f.RetryAfter != "" {
				w.Header().Set("Retry-After", f.RetryAfter)
			}
			reply(w, f.Status, fault(f.Code, "armed fault"))
		case f.Lose:
			next.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		case f.CutBody > 0:
			r.Body = &cutBody{r.Body, f.CutBody}
			next.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		default:
			next.ServeHTTP(&cutAnswer{w, f.CutAnswer, f.Hang, r}, r)
		}
	})
}

type cutBody struct {
	io.ReadCloser
	left int64
}

func (c *cutBody) Read(p []byte) (int, error) {
	if c.left == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := c.ReadCloser.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}

type cutAnswer struct {
	http.ResponseWriter
	left int64
	hang bool
	r    *http.Request
}

func (c *cutAnswer) Write(p []byte) (int, error) {
	if int64(len(p)) <= c.left {
		c.left -= int64(len(p))
		return c.ResponseWriter.Write(p)
	}
	_, _ = c.ResponseWriter.Write(p[:c.left])
	_ = http.NewResponseController(c.ResponseWriter).Flush()
	if c.hang {
		<-c.r.Context().Done()
	}
	panic(http.ErrAbortHandler)
}
