package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"alveary"
)

// statuses is the one table from kinds of failures to status codes. A door
// whose protocol has a better word for one of them (tus knows 460 for a wrong
// checksum) says so beside its own handler.
var statuses = [...]int{
	alveary.KindInternal:        http.StatusInternalServerError,
	alveary.KindInvalid:         http.StatusBadRequest,
	alveary.KindUnauthenticated: http.StatusUnauthorized,
	alveary.KindDenied:          http.StatusForbidden,
	alveary.KindNotFound:        http.StatusNotFound,
	alveary.KindConflict:        http.StatusConflict,
	alveary.KindPrecondition:    http.StatusPreconditionFailed,
	alveary.KindTooLarge:        http.StatusRequestEntityTooLarge,
	alveary.KindUnsupported:     http.StatusUnsupportedMediaType,
	alveary.KindRange:           http.StatusRequestedRangeNotSatisfiable,
	alveary.KindChecksum:        http.StatusBadRequest,
	alveary.KindGone:            http.StatusGone,
	alveary.KindLimited:         http.StatusTooManyRequests,
	alveary.KindNoSpace:         http.StatusInsufficientStorage,
	alveary.KindUnavailable:     http.StatusServiceUnavailable,
	alveary.KindBusy:            http.StatusLocked,
}

// StatusOf is the status code of a kind of failure.
func StatusOf(k alveary.Kind) int {
	if int(k) < len(statuses) {
		return statuses[k]
	}
	return http.StatusInternalServerError
}

// Problem is an error as the asker reads it (RFC 9457).
type Problem struct {
	Type     string       `json:"type"`
	Title    string       `json:"title"`
	Status   int          `json:"status"`
	Detail   string       `json:"detail,omitempty"`   // the sentence to show
	Code     string       `json:"code,omitempty"`     // a stable word for programs
	Instance string       `json:"instance,omitempty"` // id of the request
	Missing  []string     `json:"missing,omitempty"`  // the rights that are missing
	Errors   []FieldError `json:"errors,omitempty"`   // where in the input

	retryAfter time.Duration
}

// FieldError is one mistake in the input.
type FieldError struct {
	Location string `json:"location"` // "body.name", "query.limit"
	Message  string `json:"message"`
	Value    any    `json:"value,omitempty"`
}

// Error makes a problem an error for huma.
func (p *Problem) Error() string { return fmt.Sprintf("%d %s: %s", p.Status, p.Title, p.Detail) }

// GetStatus is the status code, for huma.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is the media type, for huma.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// NewProblem words an error for the asker. The private causes go to the log
// here and nowhere else.
func NewProblem(ctx context.Context, err error) *Problem {
	var own *Problem
	if errors.As(err, &own) {
		return own
	}
	e, status := classify(err)
	p := &Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status,
		Detail: e.Message, Code: e.Code, Instance: Client(ctx).Request,
	}
	for _, a := range e.Missing.Actions() {
		p.Missing = append(p.Missing, a.String())
	}
	var placed interface {
		Places(yield func(location, message string) bool)
	}
	if errors.As(err, &placed) {
		for location, message := range placed.Places {
			p.Errors = append(p.Errors, FieldError{Location: location, Message: message})
		}
	}
	var later interface{ RetryAfter() time.Duration }
	if errors.As(err, &later) {
		p.retryAfter = later.RetryAfter()
	}
	level := slog.LevelDebug
	if status >= 500 {
		level = slog.LevelError
	}
	Log(ctx).LogAttrs(ctx, level, "failed", slog.Int("status", status), slog.String("error", err.Error()))
	return p
}

// classify gives an error its kind and status. Of an internal one nothing is
// told but the id under which the log has it.
func classify(err error) (*alveary.Error, int) {
	var e *alveary.Error
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		e = &alveary.Error{Kind: alveary.KindTooLarge, Code: "too-large", Message: fmt.Sprintf("the body of the request is larger than %d bytes", large.Limit)}
	case errors.As(err, &e) && e.Kind != alveary.KindInternal:
	case isCut(err):
		return &alveary.Error{Message: "the request came too slowly and was given up"}, http.StatusRequestTimeout
	default:
		e = &alveary.Error{Message: "something went wrong in the server; the administrator finds the reason in the log under the id of this request"}
	}
	return e, StatusOf(e.Kind)
}

// WriteProblem answers a request with an error.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	NewProblem(r.Context(), err).write(w)
}

// SetHeaders sets what the status asks for beside the body, for doors that
// write the body themselves.
func (p *Problem) SetHeaders(h http.Header) {
	h.Set("Cache-Control", "no-store")
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int((p.retryAfter+time.Second-1)/time.Second)))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="alveary"`)
	}
}

func (p *Problem) write(w http.ResponseWriter) {
	text, err := json.Marshal(p)
	if err != nil { // a field error carried a value that has no JSON
		p.Errors = nil
		text, _ = json.Marshal(p)
	}
	h := w.Header()
	// What a handler had in mind for the content it did not send.
	for _, name := range []string{"Content-Length", "Content-Disposition", "Content-Range", "Content-Encoding", "Etag", "Last-Modified"} {
		h.Del(name)
	}
	p.SetHeaders(h)
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(text, '\n'))
}

// recovered turns a panic into a problem, or cuts the connection where the
// answer has begun: half an answer must not look like a whole one.
func recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			cause := recover()
			if cause == nil {
				return
			}
			if cause == http.ErrAbortHandler { //nolint:errorlint // net/http compares the value too
				panic(cause)
			}
			Log(r.Context()).ErrorContext(r.Context(), "panic", "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
			if rw, ok := w.(*response); ok && rw.started() {
				panic(http.ErrAbortHandler)
			}
			WriteProblem(w, r, fmt.Errorf("panic: %v", cause))
		}()
		next.ServeHTTP(w, r)
	})
}
