package bench

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alveary"
	"alveary/store"
)

// binary is built once for all benchmarks of a run.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "alveary-bench")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "alveary")
	out, err := exec.Command("go", "build", "-o", path, "alveary/cmd/alveary").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// server is the real binary on a data folder of its own.
type server struct {
	b     *testing.B
	url   string
	token string
	pid   int
	http  *http.Client
}

// start fills a new data folder with prepare and runs the server on it.
func start(b *testing.B, prepare func(dir string)) *server {
	b.Helper()
	path, err := binary()
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	listen := freePort(b)
	stop, _ := run(b, path, dir, listen)
	stop() // the data folder is made
	if prepare != nil {
		prepare(dir)
	}
	token, err := exec.Command(path, "token", "create", "--data", dir, "--user", "admin").Output()
	if err != nil {
		b.Fatal(err)
	}
	stop, pid := run(b, path, dir, listen)
	b.Cleanup(stop)
	return &server{b: b, url: "http://" + listen, token: strings.TrimSpace(string(token)), pid: pid, http: &http.Client{}}
}

func freePort(b *testing.B) string {
	b.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	return ln.Addr().String()
}

// run starts the binary and gives the function that stops it, and its pid.
func run(b *testing.B, path, dir, listen string) (func(), int) {
	b.Helper()
	cmd := exec.Command(path, "serve", "--data", dir, "--listen", listen, "--insecure-http", "--log-level", "error")
	cmd.Env = append(os.Environ(), "ALVEARY_ADMIN_PASSWORD=correct horse battery")
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); ; {
		answer, err := http.Get("http://" + listen + "/readyz")
		if err == nil {
			_ = answer.Body.Close()
			break
		}
		if time.Now().After(end) {
			b.Fatal("the server does not come up: ", err)
		}
		time.Sleep(5 * time.Millisecond)
	}
	return func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}, cmd.Process.Pid
}

// cpu is what the server has used so far, user and system.
func (s *server) cpu() time.Duration {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(s.pid) + "/stat")
	if err != nil {
		s.b.Fatal(err)
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond // clock ticks of 1/100 s
}

func (s *server) do(method, path string, body io.Reader, kind string) *http.Response {
	r, err := http.NewRequest(method, s.url+"/api/v1"+path, body)
	if err != nil {
		s.b.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	answer, err := s.http.Do(r)
	if err != nil {
		s.b.Fatal(err)
	}
	if answer.StatusCode >= 300 {
		text, _ := io.ReadAll(answer.Body)
		s.b.Fatalf("%s %s: %s %s", method, path, answer.Status, text)
	}
	return answer
}

func (s *server) drain(answer *http.Response) int64 {
	n, err := io.Copy(io.Discard, answer.Body)
	if err != nil {
		s.b.Fatal(err)
	}
	_ = answer.Body.Close()
	return n
}

// node finds a node's id by its remote path.
func (s *server) node(path string) string {
	answer := s.do(http.MethodGet, "/nodes?path="+url.QueryEscape(path), nil, "")
	defer func() { _ = answer.Body.Close() }()
	var n struct{ ID string }
	if err := json.NewDecoder(answer.Body).Decode(&n); err != nil {
		s.b.Fatal(err)
	}
	return n.ID
}

// sized is the size of the record, or with -short one that only shows that the
// benchmark still works.
func sized(full, smoke int) int {
	if testing.Short() {
		return smoke
	}
	return full
}

// BenchmarkDownload fetches 1 GiB over loopback in plain HTTP, from the server
// and from http.ServeFile.
func BenchmarkDownload(b *testing.B) {
	size := sized(1<<30, 16<<20)
	b.Run("alveary", func(b *testing.B) {
		s := start(b, nil)
		home := s.node("my-files")
		s.drain(s.do(http.MethodPut, "/nodes/"+home+"/files?name=large", io.LimitReader(rand.Reader, int64(size)), ""))
		file := s.node("my-files/large")
		s.drain(s.do(http.MethodGet, "/nodes/"+file+"/content", nil, ""))
		b.SetBytes(int64(size))
		begun := s.cpu()
		for b.Loop() {
			if n := s.drain(s.do(http.MethodGet, "/nodes/"+file+"/content", nil, "")); n != int64(size) {
				b.Fatal(n)
			}
		}
		b.ReportMetric(float64((s.cpu()-begun).Milliseconds())/float64(b.N), "server-cpu-ms/op")
	})
	b.Run("ServeFile", func(b *testing.B) {
		path := filepath.Join(b.TempDir(), "large")
		f, err := os.Create(path)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.CopyN(f, rand.Reader, int64(size)); err != nil {
			b.Fatal(err)
		}
		_ = f.Close()
		plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, path) }))
		defer plain.Close()
		b.SetBytes(int64(size))
		for b.Loop() {
			answer, err := http.Get(plain.URL)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, answer.Body); err != nil {
				b.Fatal(err)
			}
			_ = answer.Body.Close()
		}
	})
}

// BenchmarkUpload1KiB makes files of 1 KiB by eight clients at once: durable,
// versioned and audited each. 10,000 are made by -benchtime 10000x.
func BenchmarkUpload1KiB(b *testing.B) {
	s := start(b, nil)
	home := s.node("my-files")
	body := make([]byte, 1024)
	_, _ = rand.Read(body)
	var n atomic.Int64
	begun := s.cpu()
	b.SetParallelism(4)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			s.drain(s.do(http.MethodPut, fmt.Sprintf("/nodes/%s/files?name=f%d", home, n.Add(1)), bytes.NewReader(body), ""))
		}
	})
	b.ReportMetric(float64((s.cpu()-begun).Microseconds())/float64(b.N), "server-cpu-µs/op")
}

// crowded is a folder of many files, made in the database before the server
// runs: what is measured is the listing and the move, not the making.
func crowded(b *testing.B, files, perFolder int) func(string) {
	return func(dir string) {
		st, err := store.Open(b.Context(), store.Config{Path: filepath.Join(dir, "alveary.db"), Now: time.Now})
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = st.Close() }()
		err = st.Write(b.Context(), func(tx *store.Tx) error {
			common, err := tx.Lineage(3)
			if err != nil {
				return err
			}
			top, err := tx.Insert(common, alveary.Node{Name: "crowded", Type: alveary.Collection})
			if err != nil {
				return err
			}
			line := common.Child(top)
			in := line
			for i := range files {
				if i%perFolder == 0 && files > perFolder {
					sub, err := tx.Insert(line, alveary.Node{Name: fmt.Sprintf("folder %d", i), Type: alveary.Collection})
					if err != nil {
						return err
					}
					in = line.Child(sub)
				}
				if _, err := tx.Insert(in, alveary.Node{Name: fmt.Sprintf("document %d.txt", i), Type: alveary.Leaf, Size: int64(i)}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFirstPage lists the first page of a folder of 100,000.
func BenchmarkFirstPage(b *testing.B) {
	many := sized(100_000, 2000)
	s := start(b, crowded(b, many, many))
	folder := s.node("common-files/crowded")
	for _, page := range []string{"limit=200", "limit=200&sort=size&order=desc", fmt.Sprintf("limit=200&offset=%d", many-1000)} {
		b.Run(page, func(b *testing.B) {
			begun := s.cpu()
			for b.Loop() {
				s.drain(s.do(http.MethodGet, "/nodes/"+folder+"/children?"+page, nil, ""))
			}
			b.ReportMetric(float64((s.cpu()-begun).Microseconds())/float64(b.N), "server-cpu-µs/op")
		})
	}
}

// BenchmarkMove moves a folder with 100,000 descendants to and fro.
func BenchmarkMove(b *testing.B) {
	s := start(b, crowded(b, sized(100_000, 2000), 1000))
	folder, places := s.node("common-files/crowded"), [2]string{s.node("my-files"), s.node("common-files")}
	i := 0
	for b.Loop() {
		s.drain(s.do(http.MethodPost, "/nodes/"+folder+"/move", strings.NewReader(`{"parent":"`+places[i%2]+`"}`), "application/json"))
		i++
	}
}
