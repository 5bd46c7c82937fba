package gateway

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
)

func TestStatusOf(t *testing.T) {
	for kind, want := range map[alveary.Kind]int{
		alveary.KindInternal: 500, alveary.KindInvalid: 400, alveary.KindUnauthenticated: 401, alveary.KindDenied: 403,
		alveary.KindNotFound: 404, alveary.KindConflict: 409, alveary.KindPrecondition: 412, alveary.KindTooLarge: 413,
		alveary.KindUnsupported: 415, alveary.KindRange: 416, alveary.KindChecksum: 400, alveary.KindGone: 410,
		alveary.KindLimited: 429, alveary.KindNoSpace: 507, alveary.KindUnavailable: 503, alveary.KindBusy: 423, 200: 500,
	} {
		if got := StatusOf(kind); got != want {
			t.Errorf("kind %d is %d, want %d", kind, got, want)
		}
	}
	if len(statuses) != int(alveary.KindBusy)+1 || slices.Contains(statuses[:], 0) {
		t.Error("a kind has no status")
	}
}

// later is a cause that says when to come again.
type later time.Duration

func (l later) Error() string             { return "later" }
func (l later) RetryAfter() time.Duration { return time.Duration(l) }

func TestProblems(t *testing.T) {
	secret := errors.New("open /srv/secret/place: permission denied")
	for _, c := range []struct {
		name    string
		err     error
		status  int
		code    string
		detail  string
		missing []string
		retry   string
	}{
		{"denied", alveary.Denied("rename", "a.txt", alveary.ActionWrite, alveary.ActionDelete), 403, "denied", "you lack the rights to write and delete here", []string{"write", "delete"}, ""},
		{"withheld", alveary.Withheld("rename"), 404, "not-found", "there is nothing here by that name, or you may not see it", nil, ""},
		{"wrapped", fmt.Errorf("upload: %w", &alveary.Error{Kind: alveary.KindNoSpace, Code: "no-space", Message: "the disk is full", Cause: secret}), 507, "no-space", "the disk is full", nil, ""},
		{"limited", &alveary.Error{Kind: alveary.KindLimited, Code: "limited", Message: "wait", Cause: later(90*time.Second + time.Millisecond)}, 429, "limited", "wait", nil, "91"},
		{"bare", secret, 500, "", "something went wrong in the server", nil, ""},
		{"internal with words", &alveary.Error{Op: "read", Subject: "/srv", Message: "inner words", Code: "inner", Cause: secret}, 500, "", "something went wrong in the server", nil, ""},
		{"body too large", fmt.Errorf("read: %w", &http.MaxBytesError{Limit: 1 << 20}), 413, "too-large", "larger than 1048576 bytes", nil, ""},
		{"body too slow", fmt.Errorf("read: %w", os.ErrDeadlineExceeded), 408, "", "too slowly", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t, nil)
			h.Routes.Handle(Route{Method: "GET", Pattern: "/fails", Operation: "fail", Open: "a test"}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Disposition", "attachment")
				w.Header().Set("Etag", `"1"`)
				WriteProblem(w, r, c.err)
			}))
			w := h.ask("GET", "/fails", "")
			p := problem(t, w, c.status, c.code)
			if !strings.Contains(p.Detail, c.detail) || !slices.Equal(p.Missing, c.missing) || w.Header().Get("Retry-After") != c.retry {
				t.Errorf("the answer is %s with Retry-After %q", w.Body, w.Header().Get("Retry-After"))
			}
			if strings.Contains(w.Body.String(), "secret") || strings.Contains(w.Body.String(), "inner") {
				t.Errorf("the answer tells the cause: %s", w.Body)
			}
			if w.Header().Get("Content-Disposition") != "" || w.Header().Get("Etag") != "" || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("the headers are %v", w.Header())
			}
			// The log has the whole of it, under the id that the asker was given.
			if log := h.log.String(); !strings.Contains(log, p.Instance) || (strings.Contains(c.err.Error(), "secret") && !strings.Contains(log, "/srv/secret/place")) {
				t.Errorf("the log has only %s", log)
			}
		})
	}
}

// A problem that a door made keeps its mistakes of fields, and one that cannot
// be written as JSON is still answered.
func TestProblemOfFields(t *testing.T) {
	r := httptest.NewRequest("GET", "/", nil)
	for name, value := range map[string]any{"value": 3, "no JSON": func() {}} {
		w := httptest.NewRecorder()
		own := &Problem{Type: "about:blank", Title: "Bad Request", Status: 400, Detail: "two mistakes", Errors: []FieldError{{"body.name", "is missing", value}}}
		WriteProblem(w, r, fmt.Errorf("wrapped: %w", own))
		if w.Code != 400 || !strings.Contains(w.Body.String(), "two mistakes") || (name == "value") != strings.Contains(w.Body.String(), `"location":"body.name"`) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestPanics(t *testing.T) {
	h := newHouse(t, nil)
	w := h.ask("GET", "/panic", "")
	p := problem(t, w, 500, "")
	if strings.Contains(w.Body.String(), "private cause") {
		t.Errorf("the answer tells the cause: %s", w.Body)
	}
	if log := h.log.String(); !strings.Contains(log, "private cause") || !strings.Contains(log, "gateway_test.go") || !strings.Contains(log, p.Instance) {
		t.Errorf("the log has only %s", log)
	}
	// Half an answer is cut, so that nobody takes it for a whole one.
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("the connection of half an answer is not cut")
		}
	}()
	h.ask("GET", "/panic?late", "")
}
