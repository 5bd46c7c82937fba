package bench

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
)

// clients are how many open links at once. Each keeps its connection.
const clients = 8

// BenchmarkOpenings opens a link by eight clients at once over plain HTTP: anew
// each time, which counts; again with a visit that is open; and the page itself.
func BenchmarkOpenings(b *testing.B) {
	s := start(b, nil)
	var spaces struct {
		Items []struct{ Root struct{ ID string } }
	}
	s.read(b, "GET", "/workspaces", "", &spaces)
	var folder struct{ ID string }
	s.read(b, "POST", "/nodes/"+spaces.Items[0].Root.ID+"/folders", `{"name":"shown","conflict":"existing"}`, &folder)
	var made struct {
		Link    struct{ ID string }
		Address struct{ Path string }
	}
	s.read(b, "POST", "/links", fmt.Sprintf(`{"node":%q,"mode":"read"}`, folder.ID), &made)
	token := strings.TrimPrefix(made.Address.Path, "/s/")
	opening := fmt.Sprintf(`{"token":%q}`, token)
	answer, err := s.http.Post(s.url+"/api/v1/visits", "application/json", strings.NewReader(opening))
	if err != nil || len(answer.Cookies()) == 0 {
		b.Fatal("the link does not open: ", err)
	}
	cookie := answer.Cookies()[0]
	_ = answer.Body.Close()
	host := strings.TrimPrefix(s.url, "http://")
	for _, c := range []struct{ name, request string }{
		{"open", fmt.Sprintf("POST /api/v1/visits HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", host, len(opening), opening)},
		{"again", fmt.Sprintf("GET /api/v1/visits/%s HTTP/1.1\r\nHost: %s\r\nCookie: %s=%s\r\n\r\n", made.Link.ID, host, cookie.Name, cookie.Value)},
		{"page", fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", made.Address.Path, host)},
	} {
		b.Run(c.name, func(b *testing.B) {
			cpu := s.cpu()
			b.SetParallelism(clients / 2) // of two processors
			b.RunParallel(func(pb *testing.PB) {
				conn, err := net.Dial("tcp", host)
				if err != nil {
					b.Error(err)
					return
				}
				defer func() { _ = conn.Close() }()
				answers := bufio.NewReader(conn)
				for pb.Next() {
					if err := ask(conn, answers, c.request); err != nil {
						b.Error("not answered: ", err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "openings/s")
			b.ReportMetric(float64((s.cpu()-cpu).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}

// ask sends a request that stands ready and reads the whole answer. It is no
// more of a client than that: it shares the processors with what it measures,
// and the one of net/http takes a third of them.
func ask(conn net.Conn, answers *bufio.Reader, request string) error {
	if _, err := io.WriteString(conn, request); err != nil {
		return err
	}
	status, size := "", -1
	for {
		line, err := answers.ReadSlice('\n')
		if err != nil {
			return err
		}
		head := strings.TrimRight(string(line), "\r\n")
		if status == "" {
			status = head
		}
		if name, value, ok := strings.Cut(head, ": "); ok && strings.EqualFold(name, "Content-Length") {
			if size, err = strconv.Atoi(value); err != nil {
				return err
			}
		}
		if head == "" {
			break
		}
	}
	if !strings.HasPrefix(status, "HTTP/1.1 200 ") || size < 0 {
		return fmt.Errorf("%s, %d bytes", status, size)
	}
	_, err := answers.Discard(size)
	return err
}

// read asks and reads the answer.
func (s *server) read(b *testing.B, method, path, body string, into any) {
	b.Helper()
	answer := s.do(method, path, strings.NewReader(body), "application/json")
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		b.Fatal(err)
	}
}
