package gateway

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// server serves one handler behind the watch, with little patience.
func server(t *testing.T, patience time.Duration, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b := watchBody(w, r)
		b.patience, b.deadline.at = patience, time.Time{}
		rw := watchResponse(w, r)
		defer rw.last()
		h(rw, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// send opens a connection and sends a request's head and the begin of its body.
func send(t *testing.T, s *httptest.Server, text string) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	return conn
}

// A body that stops coming is given up, and the sender is told.
func TestThreat25_SlowBodyIsGivenUp(t *testing.T) {
	ended := make(chan error, 1)
	s := server(t, 100*time.Millisecond, func(w http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		ended <- err
		WriteProblem(w, r, err)
	})
	conn := send(t, s, "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nabc")
	if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the body ended with %v", err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusRequestTimeout {
		t.Errorf("the answer is %s", answer.Status)
	}
}

// What the handler takes its time for does not count against the sender, and
// its context lives on after the body's end.
func TestBusyHandlerIsNotCut(t *testing.T) {
	s := server(t, 100*time.Millisecond, func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(250 * time.Millisecond) // with the deadline behind it
		first := make([]byte, 3)
		if _, err := io.ReadFull(r.Body, first); err != nil {
			t.Error(err)
		}
		time.Sleep(250 * time.Millisecond)
		rest, err := io.ReadAll(r.Body)
		if err != nil || string(rest) != "defghi" {
			t.Errorf("the rest is %q, %v", rest, err)
		}
		time.Sleep(250 * time.Millisecond)
		if err := r.Context().Err(); err != nil {
			t.Error(err)
		}
		_, _ = io.WriteString(w, "all of it")
	})
	answer, err := http.Post(s.URL, "", strings.NewReader("abcdefghi"))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if text, err := io.ReadAll(answer.Body); err != nil || string(text) != "all of it" {
		t.Errorf("the answer is %q, %v", text, err)
	}
}

// A sender who makes progress may take longer than patience in all.
func TestProgressFillsPatienceUp(t *testing.T) {
	read := make(chan int64, 1)
	s := server(t, 400*time.Millisecond, func(_ http.ResponseWriter, r *http.Request) {
		b, _ := r.Body.(*body)
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			t.Error(err)
		}
		if b.read() != n || b.patience < progressTime/2 {
			t.Errorf("read %d of %d with %s left", b.read(), n, b.patience)
		}
		read <- n
	})
	conn := send(t, s, "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 32768\r\n\r\n")
	piece := bytes.Repeat([]byte("x"), progressBytes)
	for range 2 {
		time.Sleep(250 * time.Millisecond)
		if _, err := conn.Write(piece); err != nil {
			t.Fatal(err)
		}
	}
	if n := <-read; n != 2*progressBytes {
		t.Errorf("read %d bytes", n)
	}
}

// The watch changes nothing of an answer: by reading from a file or by
// writing, with ranges and without, over both versions of HTTP.
func TestAnswersComeWhole(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789abcdef"), 3*answerBytes/16+100)
	file := filepath.Join(t.TempDir(), "content")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, version := range []int{1, 2} {
		var counted int64
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rw := watchResponse(w, r)
			defer func() { counted = rw.bytes }()
			switch r.URL.Path {
			case "/file":
				f, err := os.Open(file)
				if err != nil {
					t.Error(err)
					return
				}
				defer f.Close()
				http.ServeContent(rw, r, "content", time.Time{}, f)
			case "/reader":
				if _, err := io.Copy(rw, bytes.NewReader(content)); err != nil {
					t.Error(err)
				}
			case "/limited":
				source := &io.LimitedReader{R: bytes.NewReader(content), N: answerBytes + 5}
				if n, err := rw.ReadFrom(source); n != answerBytes+5 || source.N != 0 || err != nil {
					t.Errorf("passed %d, left %d, %v", n, source.N, err)
				}
			}
		}))
		if s.EnableHTTP2 = version == 2; s.EnableHTTP2 {
			s.StartTLS()
		} else {
			s.Start()
		}
		for _, c := range []struct {
			path, ranges string
			want         []byte
		}{
			{"/file", "", content},
			{"/file", "bytes=5-2000004", content[5:2000005]},
			{"/reader", "", content},
			{"/limited", "", content[:answerBytes+5]},
		} {
			r, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+c.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if c.ranges != "" {
				r.Header.Set("Range", c.ranges)
			}
			answer, err := s.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(answer.Body)
			if err != nil || !bytes.Equal(got, c.want) || answer.ProtoMajor != version {
				t.Errorf("HTTP/%d %s %s: %d bytes, %v; want %d", answer.ProtoMajor, c.path, c.ranges, len(got), err, len(c.want))
			}
			answer.Body.Close()
		}
		s.Close()
		if counted != answerBytes+5 {
			t.Errorf("counted %d bytes", counted)
		}
	}
}

// A reader who stops reading does not hold the handler for ever.
func TestThreat25_SlowReaderIsGivenUp(t *testing.T) {
	ended := make(chan error, 1)
	s := server(t, time.Minute, func(w http.ResponseWriter, _ *http.Request) {
		rw, _ := w.(*response)
		piece := make([]byte, answerBytes)
		for {
			// As far from now as answerTime would be, in the test's own time.
			_ = rw.control.SetWriteDeadline(time.Now().Add(200 * time.Millisecond))
			rw.deadline.at = time.Now().Add(answerTime)
			if _, err := rw.Write(piece); err != nil {
				ended <- err
				return
			}
		}
	})
	send(t, s, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	select {
	case err := <-ended:
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("the answer ended with %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Error("the handler still writes")
	}
}

// The limits that come before any handler.
func TestThreat25_BodiesAreBounded(t *testing.T) {
	h := newHouse(t, nil)
	most := strings.Repeat("x", DefaultMaxJSON)
	undeclared := func(r *http.Request) { r.ContentLength = -1 }
	for _, c := range []struct {
		name, method, path, body string
		change                   func(*http.Request)
		status                   int
	}{
		{"most", "POST", "/things", most, h.signedIn, 200},
		{"more", "POST", "/things", most + "x", h.signedIn, 413},
		{"more, undeclared", "POST", "/things", most + "x", func(r *http.Request) { h.signedIn(r); undeclared(r) }, 413},
		{"large sign-in", "POST", "/session", most + "x", func(*http.Request) {}, 413},
		{"ten times", "POST", "/session", strings.Repeat(most, 10), undeclared, 413},
		{"not signed in", "POST", "/things", most + "x", func(*http.Request) {}, 401},
		{"a stream", "PUT", "/bytes", most + "x", h.signedIn, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := h.ask(c.method, c.path, c.body, c.change)
			switch c.status {
			case http.StatusRequestEntityTooLarge:
				problem(t, w, 413, "too-large")
			case http.StatusUnauthorized:
				problem(t, w, 401, "signed-out")
			default:
				if w.Code != c.status {
					t.Errorf("%d: %s", w.Code, w.Body)
				}
			}
		})
	}
}

// A head that does not come to its end, or is too large, gets no handler.
func TestThreat25_HeadsAreBounded(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.InsecureHTTP = true })
	address := h.start(t.Context())
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET /open HTTP/1.1\r\nHost: h\r\nX-Large: "+strings.Repeat("x", 2*headerBytes)+"\r\n\r\n"); err != nil && !errors.Is(err, net.ErrClosed) {
		t.Log(err) // the server may have hung up while we were sending
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("the answer is %s", answer.Status)
	}
}

// start serves until the test ends and gives the address.
func (h *house) start(ctx context.Context) string {
	h.t.Helper()
	ln, err := h.Listen(ctx)
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- h.Serve(ctx, ln, time.Second) }()
	h.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			h.t.Error(err)
		}
	})
	return ln.Addr().String()
}
