package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The house of the benchmarks on people: so many accounts in so many groups.
const (
	manyGroups = 5_000
	importSize = 50_000
)

// names make words that people are found by, so that a letter finds many and a
// whole name few.
var givenNames = []string{"Anna", "Bruno", "Clara", "David", "Emma", "Felix", "Greta", "Hugo", "Ines", "Jonas", "Klara", "Leon", "Maria", "Nils", "Olga", "Paul"}

// sheet is a CSV of people from one number to the next.
func sheet(from, to int) string {
	var b strings.Builder
	b.WriteString("login,name,email,group\n")
	for i := from; i < to; i++ {
		g := i % manyGroups
		fmt.Fprintf(&b, "user%06d,%s Number%d,user%06d@example.org,/unit%02d/team%d\n", i, givenNames[i%len(givenNames)], i/16, i, g%50, g)
	}
	return b.String()
}

func size(n int) int {
	if testing.Short() {
		return n / 500
	}
	return n
}

// BenchmarkImport takes 50,000 people in by the API, groups and all; a quarter
// of them are looked at again in a dry run.
func BenchmarkImport(b *testing.B) {
	n := size(importSize)
	for b.Loop() {
		s := start(b, nil)
		begun := time.Now()
		answer := s.do("POST", "/users/import?makeGroups=true", strings.NewReader(sheet(0, n)), "text/csv")
		var out struct{ Create, Refused int }
		if err := json.NewDecoder(answer.Body).Decode(&out); err != nil || out.Create != n {
			b.Fatalf("%d of %d people came in: %v", out.Create, n, err)
		}
		_ = answer.Body.Close()
		b.ReportMetric(time.Since(begun).Seconds(), "s/import")
	}
}

// BenchmarkPeople asks for people among 100,000 in 5,000 groups: as one types,
// and for one user with his stack of roles.
func BenchmarkPeople(b *testing.B) {
	n := size(importSize)
	s := start(b, nil)
	for i := range 2 {
		_ = s.do("POST", "/users/import?makeGroups=true", strings.NewReader(sheet(i*n, (i+1)*n)), "text/csv").Body.Close()
	}
	get := func(path string) {
		answer := s.do("GET", path, nil, "")
		_, _ = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
	}
	for name, query := range map[string]string{
		"one letter": "a", "two letters": "ma", "a name": "maria", "two frequent words": "user number", "a name and a number": "maria number12",
		"a whole mail address": "user000007@example.org", "nobody": "zzz", "a word and nobody": "user zzz",
	} {
		b.Run("search/"+name, func(b *testing.B) {
			for b.Loop() {
				get("/users?limit=50&q=" + url.QueryEscape(query))
			}
		})
	}
	var found struct{ Items []struct{ ID string } }
	answer := s.do("GET", "/users?q=user000007", nil, "")
	if err := json.NewDecoder(answer.Body).Decode(&found); err != nil || len(found.Items) == 0 {
		b.Fatal("nobody was found: ", err)
	}
	_ = answer.Body.Close()
	b.Run("user", func(b *testing.B) {
		for b.Loop() {
			get("/users/" + found.Items[0].ID)
		}
	})
	b.Run("groups", func(b *testing.B) {
		for b.Loop() {
			get("/groups")
		}
	})
}

// BenchmarkSignIn signs in with the right password, one after another. Of each
// about 26 ms are the hash.
func BenchmarkSignIn(b *testing.B) {
	s := start(b, nil)
	for b.Loop() {
		if status, _ := s.signIn("admin", "correct horse battery"); status != http.StatusOK {
			b.Fatalf("signing in is answered %d", status)
		}
	}
}

// signIn tries a password and gives the status and how long it took.
func (s *server) signIn(login, password string) (int, time.Duration) {
	text, _ := json.Marshal(map[string]string{"login": login, "password": password})
	begun := time.Now()
	answer, err := s.http.Post(s.url+"/api/v1/session", "application/json", strings.NewReader(string(text)))
	if err != nil {
		s.b.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	return answer.StatusCode, time.Since(begun)
}

// BenchmarkFlood measures what somebody who is signed in notices of 1,000
// attempts a second that the limits refuse. The attempts are made on the same
// two cores, so the same number of requests that ask for nothing is the
// comparison.
func BenchmarkFlood(b *testing.B) {
	s := start(b, nil)
	for range 4 { // until the limits refuse
		s.signIn("victim", "a wrong password")
	}
	if status, _ := s.signIn("victim", "a wrong password"); status != http.StatusUnauthorized && status != http.StatusTooManyRequests {
		b.Fatalf("the limits do not refuse: %d", status)
	}
	refused := func() { s.signIn("victim", "a wrong password") }
	nothing := func() {
		answer, err := s.http.Get(s.url + "/livez")
		if err == nil {
			_ = answer.Body.Close()
		}
	}
	s.http.Transport = &http.Transport{MaxIdleConnsPerHost: 64}
	for _, c := range []struct {
		name string
		do   func()
	}{{"quiet", nil}, {"1000 livez a second", nothing}, {"1000 refused a second", refused}} {
		b.Run(c.name, func(b *testing.B) {
			stop := flood(c.do, 1000)
			took := make([]time.Duration, 0, b.N)
			cpu := s.cpu()
			for b.Loop() {
				begun := time.Now()
				_ = s.do("GET", "/workspaces", nil, "").Body.Close()
				took = append(took, time.Since(begun))
			}
			sent := stop()
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs/median")
			b.ReportMetric(float64((s.cpu()-cpu).Microseconds())/float64(len(took)), "cpu-µs/op")
			b.ReportMetric(float64(sent)/b.Elapsed().Seconds(), "flood/s")
		})
	}
}

// flood does something so many times a second until it is stopped; then it says
// how often it was done.
func flood(do func(), perSecond int) (stop func() int64) {
	var sent atomic.Int64
	if do == nil {
		return sent.Load
	}
	const hands = 16
	done := make(chan struct{})
	var all sync.WaitGroup
	for range hands {
		all.Go(func() {
			ticker := time.NewTicker(time.Second * hands / time.Duration(perSecond))
			defer ticker.Stop()
			for {
				select {
				case <-done:
					return
				case <-ticker.C:
					do()
					sent.Add(1)
				}
			}
		})
	}
	return func() int64 {
		close(done)
		all.Wait()
		return sent.Load()
	}
}
