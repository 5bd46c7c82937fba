package gateway

import (
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"
)

// endless is a server whose answer never ends, until it is woken from
// elsewhere; then it aborts.
func endless(t *testing.T, woken chan<- error, writer chan<- http.ResponseWriter) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		watchBody(w, r)
		rw := watchResponse(w, r)
		defer rw.last()
		writer <- rw
		noise := make([]byte, 1<<20)
		for {
			if _, err := rw.Write(noise); err != nil {
				woken <- err
				Abort(rw)
			}
		}
	}))
	s.Config.ConnContext = keepConn
	return s
}

// A reader who waits is cut all the same, and does not take what came for the
// whole: over plain and encrypted connections, and over HTTP/2.
func TestAbortCutsAReaderWhoWaits(t *testing.T) {
	for name, start := range map[string]func(*httptest.Server){
		"plain": (*httptest.Server).Start,
		"TLS":   (*httptest.Server).StartTLS,
		"HTTP/2": func(s *httptest.Server) {
			s.EnableHTTP2 = true
			s.StartTLS()
		},
	} {
		t.Run(name, func(t *testing.T) {
			woken, writer := make(chan error, 1), make(chan http.ResponseWriter, 1)
			s := endless(t, woken, writer)
			start(s)
			defer s.Close()
			client := s.Client()
			if transport, ok := client.Transport.(*http.Transport); ok && name == "TLS" {
				transport.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
			}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			if two := answer.ProtoMajor == 2; two != (name == "HTTP/2") {
				t.Fatalf("this is HTTP/%d", answer.ProtoMajor)
			}
			time.Sleep(200 * time.Millisecond) // all buffers are full
			WakeAnswer(<-writer)
			select {
			case err := <-woken:
				if err == nil {
					t.Error("the write went on")
				}
			case <-time.After(15 * time.Second):
				t.Fatal("not woken")
			}
			if n, err := io.Copy(io.Discard, answer.Body); err == nil {
				t.Errorf("%d bytes look whole", n)
			}
		})
	}
}

// A sender who waits is cut, and told why; no progress brings the wait back.
func TestWakeBody(t *testing.T) {
	ended := make(chan error, 1)
	s := server(t, time.Minute, func(w http.ResponseWriter, r *http.Request) {
		time.AfterFunc(50*time.Millisecond, func() { WakeBody(w) })
		_, err := io.Copy(io.Discard, r.Body)
		ended <- err
		if _, err := r.Body.Read(make([]byte, 1)); err == nil {
			t.Error("the body can be read again")
		}
		w.WriteHeader(http.StatusForbidden)
	})
	out, in := io.Pipe()
	defer in.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, s.URL, out)
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = 1000
	answer, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) || answer.StatusCode != http.StatusForbidden {
		t.Errorf("ended with %v and %s", err, answer.Status)
	}
}
