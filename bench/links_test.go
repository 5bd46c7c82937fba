package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
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
	s.http.Transport = &http.Transport{MaxIdleConnsPerHost: clients, DisableCompression: true}
	opening := fmt.Sprintf(`{"token":%q}`, token)
	answer, err := s.http.Post(s.url+"/api/v1/visits", "application/json", strings.NewReader(opening))
	if err != nil || len(answer.Cookies()) == 0 {
		b.Fatal("the link does not open: ", err)
	}
	cookie := answer.Cookies()[0]
	_ = answer.Body.Close()
	for _, c := range []struct {
		name  string
		visit func() *http.Request
	}{
		{"open", func() *http.Request {
			r := must(http.NewRequest(http.MethodPost, s.url+"/api/v1/visits", strings.NewReader(opening)))
			r.Header.Set("Content-Type", "application/json")
			return r
		}},
		{"again", func() *http.Request {
			r := must(http.NewRequest(http.MethodGet, s.url+"/api/v1/visits/"+made.Link.ID, nil))
			r.AddCookie(cookie)
			return r
		}},
		{"page", func() *http.Request { return must(http.NewRequest(http.MethodGet, s.url+made.Address.Path, nil)) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			cpu := s.cpu()
			b.SetParallelism(clients / 2) // of two processors
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					answer, err := s.http.Do(c.visit())
					if err != nil || answer.StatusCode != http.StatusOK {
						b.Error("not answered: ", err, answer)
						return
					}
					_, _ = io.Copy(io.Discard, answer.Body)
					_ = answer.Body.Close()
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "openings/s")
			b.ReportMetric(float64((s.cpu()-cpu).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}

func must(r *http.Request, err error) *http.Request {
	if err != nil {
		panic(err)
	}
	return r
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
