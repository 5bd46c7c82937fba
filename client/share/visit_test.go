package share_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"alveary"
	"alveary/client"
	"alveary/client/share"
)

func TestParseLink(t *testing.T) {
	server, token, err := share.ParseLink("https://Files.example.org/s/abc-def")
	if err != nil || server != "https://files.example.org" || token != "abc-def" {
		t.Errorf("%q %q %v", server, token, err)
	}
	for _, address := range []string{
		"", "abc", "https://files.example.org", "https://files.example.org/s/", "https://files.example.org/s/secret/more",
		"https://files.example.org/files/secret", "http://files.example.org/s/secret", "://secret", "https://me:secret@/s/secret",
	} {
		if _, _, err := share.ParseLink(address); err == nil {
			t.Errorf("%q was read", address)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells the address: %v", err)
		}
	}
}

// house is a server with one link, which has a password.
type house struct {
	mu      sync.Mutex
	asked   []string
	cut     bool // the next download breaks off
	content string
}

func (h *house) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	path := strings.TrimPrefix(r.URL.Path, "/api/v1")
	h.asked = append(h.asked, r.Method+" "+path)
	if r.Header.Get("Authorization") != "" {
		http.Error(w, "a visitor has no token", http.StatusInternalServerError)
		return
	}
	if path != "/visits" {
		if c, err := r.Cookie("alveary-visit"); err != nil || c.Value != "pass" {
			refuse(w, http.StatusUnauthorized, "visit")
			return
		}
	}
	switch path {
	case "/visits":
		h.open(w, r)
	case "/visits/7/nodes/9/children":
		tell(w, map[string]any{"items": []any{map[string]any{"id": "10", "name": "a.txt", "type": "LEAF", "size": len(h.content)}}})
	case "/visits/7/nodes/10/content":
		w.Header().Set("ETag", `"e"`)
		if h.cut {
			h.cut = false
			w.Header().Set("Content-Length", "6")
			_, _ = io.WriteString(w, h.content[:3])
			panic(http.ErrAbortHandler)
		}
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(h.content))
	default:
		refuse(w, http.StatusNotFound, "not-found")
	}
}

func (h *house) open(w http.ResponseWriter, r *http.Request) {
	var in struct{ Token, Password string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Token != "address" {
		refuse(w, http.StatusNotFound, "not-found")
		return
	}
	switch in.Password {
	case "":
		refuse(w, http.StatusUnauthorized, "password")
	case "right":
		http.SetCookie(w, &http.Cookie{Name: "alveary-visit", Value: "pass", Path: "/api/v1/visits/7"})
		tell(w, map[string]any{"id": "7", "mode": "read", "node": map[string]any{"id": "9", "name": "plans", "type": "COLLECTION"}})
	default:
		refuse(w, http.StatusUnauthorized, "wrong-password")
	}
}

func tell(w http.ResponseWriter, body any) { _ = json.NewEncoder(w).Encode(body) }

func refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	tell(w, map[string]any{"code": code, "detail": "refused: " + code})
}

func at(t *testing.T, h *house) *client.Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	c, err := client.New(client.Options{URL: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// A visit brings its cookie and nothing else, and goes on where a download broke
// off, as the same download.
func TestVisit(t *testing.T) {
	h := &house{content: "abcdef", cut: true}
	c := at(t, h)
	if _, err := share.Open(t.Context(), c, "address", ""); !share.NeedsPassword(err) {
		t.Errorf("without its password: %v", err)
	}
	if _, err := share.Open(t.Context(), c, "address", "wrong"); !alveary.IsKind(err, alveary.KindUnauthenticated) || share.NeedsPassword(err) {
		t.Errorf("with a wrong password: %v", err)
	}
	v, err := share.Open(t.Context(), c, "address", "right")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = dir.Close() }()
	for n, err := range v.Children(t.Context(), v.Node) {
		if err == nil {
			err = v.Get(t.Context(), n, dir, n.Name, false)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	got, err := dir.ReadFile("a.txt")
	if err != nil || string(got) != "abcdef" {
		t.Errorf("%q %v", got, err)
	}
	h.content = "" // nothing there: what was begun is not kept
	if err := v.Get(t.Context(), share.Visited{ID: "11", Name: "b.txt", Size: 6}, dir, "b.txt", false); !alveary.IsKind(err, alveary.KindNotFound) {
		t.Errorf("%v", err)
	}
	left, err := os.ReadDir(dir.Name())
	if err != nil || len(left) != 1 {
		t.Errorf("%v %v", left, err)
	}
}
