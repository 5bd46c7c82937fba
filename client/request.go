package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"alveary"
)

const (
	apiPath = "/api/v1"
	// maxAnswer bounds a JSON answer: a page of a thousand nodes is about a megabyte.
	maxAnswer = 64 << 20
)

// call is one request that has not been sent.
type call struct {
	op      string // what is being done, for the error
	subject string // to what
	method  string
	path    string // beneath /api/v1, escaped
	query   url.Values
	header  http.Header
	length  int64            // of the body
	body    func() io.Reader // makes the body anew for every try; nil for none
	again   bool             // a second one does no harm where the answer to the first was lost
}

func jsonBody(v any) (func() io.Reader, int64, error) {
	text, err := json.Marshal(v)
	return func() io.Reader { return bytes.NewReader(text) }, int64(len(text)), err
}

// answer is a response that says the request was done.
type answer struct {
	*http.Response
	repeated bool // an earlier try was sent and its answer lost
}

// do sends the call, again where that helps and does no harm. An answer's
// Body must be closed by the caller.
func (c *Client) do(ctx context.Context, r call) (answer, error) {
	repeated := false
	for try := 1; ; try++ {
		resp, err := c.send(ctx, r) //nolint:bodyclose // failure closes it, or the caller does
		if err == nil {
			c.reached.Store(true)
		}
		if err == nil && resp.StatusCode < 300 {
			return answer{resp, repeated}, nil
		}
		failure, pause := c.failure(r, resp, err)
		if ctx.Err() != nil {
			return answer{}, ctx.Err()
		}
		mayRepeat := alveary.IsKind(failure, alveary.KindUnavailable) && (r.again || notSent(resp, err)) || alveary.IsKind(failure, alveary.KindLimited) && pause > 0
		if !mayRepeat || try >= c.patience() {
			return answer{repeated: repeated || err != nil && !notSent(resp, err)}, failure
		}
		repeated = repeated || !notSent(resp, err)
		if err := c.o.Sleep(ctx, max(pause, wait(try))); err != nil {
			return answer{}, err
		}
	}
}

// notSent says whether the server cannot have acted on the request: it was
// never reached, or it answered 503 or 429 before doing anything.
func notSent(resp *http.Response, err error) bool {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return true
	}
	return resp != nil && (resp.StatusCode == http.StatusServiceUnavailable || resp.StatusCode == http.StatusTooManyRequests)
}

func (c *Client) send(ctx context.Context, r call) (*http.Response, error) {
	u := *c.base
	u.RawPath = apiPath + r.path
	var err error
	if u.Path, err = url.PathUnescape(u.RawPath); err != nil {
		return nil, err
	}
	u.RawQuery = r.query.Encode()
	var body io.Reader
	if r.body != nil {
		body = r.body()
	}
	req, err := http.NewRequestWithContext(ctx, r.method, u.String(), body)
	if err != nil {
		return nil, err
	}
	if r.header != nil {
		req.Header = r.header.Clone()
	}
	if body != nil {
		req.ContentLength = r.length
		if r.length == 0 {
			req.Body = http.NoBody // a length of 0 beside a body means an unknown length
		}
		if req.Header.Get("Content-Type") == "" {
			req.Header.Set("Content-Type", "application/json")
		}
	}
	if c.o.Agent != "" {
		req.Header.Set("User-Agent", c.o.Agent)
	}
	if c.o.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.o.Token)
	}
	for _, cookie := range c.cookies {
		req.AddCookie(cookie)
	}
	// Content is never to be packed on the way: lengths and ranges are counted.
	req.Header.Set("Accept-Encoding", "identity")
	return c.http.Do(req)
}

// exchange sends the call and reads a JSON answer into out, which may be nil.
func (c *Client) exchange(ctx context.Context, r call, in, out any) (answer, error) {
	if in != nil {
		var err error
		if r.body, r.length, err = jsonBody(in); err != nil {
			return answer{}, err
		}
	}
	resp, err := c.do(ctx, r)
	if err != nil {
		return resp, err
	}
	defer func() { _ = resp.Body.Close() }()
	if out == nil {
		_, _ = io.CopyN(io.Discard, resp.Body, maxAnswer) // so that the connection can be used again
		return resp, nil
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(out); err != nil {
		return resp, &alveary.Error{
			Kind: alveary.KindUnavailable, Op: r.op, Subject: r.subject, Cause: err,
			Message: "the answer of the server could not be read: is " + c.URL() + " an Alveary server of this version?",
		}
	}
	return resp, nil
}

// failure turns whatever went wrong into an error with a kind, and gives the
// pause that the server asked for. It closes the body of the response.
func (c *Client) failure(r call, resp *http.Response, err error) (*alveary.Error, time.Duration) {
	if err != nil {
		return c.broken(r, err), 0
	}
	defer func() { _ = resp.Body.Close() }()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	var p problem
	_ = json.Unmarshal(text, &p)
	e := &alveary.Error{Kind: kindOf(resp.StatusCode), Op: r.op, Subject: r.subject, Message: p.Detail, Code: p.Code}
	if e.Message == "" {
		e.Message = plainSentence(resp.StatusCode, p.Title)
	}
	for _, fault := range p.Errors {
		if fault.Message == p.Detail {
			continue // said once is enough
		}
		e.Message += "; " + fault.Location + ": " + fault.Message
	}
	for _, word := range p.Missing {
		if rights, err := alveary.ParseRights(word); err == nil {
			e.Missing |= rights
		}
	}
	if e.Kind == alveary.KindInternal && p.Instance != "" {
		e.Message += " (request " + p.Instance + ")"
	}
	return e, retryAfter(resp)
}

// retryAfter is the pause that a server asks for, when it is short enough to
// be worth waiting for.
func retryAfter(resp *http.Response) time.Duration {
	seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil || seconds < 1 || seconds > 30 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

func kindOf(status int) alveary.Kind {
	kinds := map[int]alveary.Kind{
		http.StatusBadRequest: alveary.KindInvalid, http.StatusUnprocessableEntity: alveary.KindInvalid,
		http.StatusUnauthorized: alveary.KindUnauthenticated, http.StatusForbidden: alveary.KindDenied,
		http.StatusNotFound: alveary.KindNotFound, http.StatusConflict: alveary.KindConflict,
		http.StatusGone: alveary.KindGone, http.StatusPreconditionFailed: alveary.KindPrecondition,
		http.StatusRequestEntityTooLarge: alveary.KindTooLarge, http.StatusUnsupportedMediaType: alveary.KindUnsupported,
		http.StatusRequestedRangeNotSatisfiable: alveary.KindRange, 460: alveary.KindChecksum,
		http.StatusLocked: alveary.KindBusy, http.StatusTooManyRequests: alveary.KindLimited,
		http.StatusBadGateway: alveary.KindUnavailable, http.StatusServiceUnavailable: alveary.KindUnavailable,
		http.StatusGatewayTimeout: alveary.KindUnavailable, http.StatusInsufficientStorage: alveary.KindNoSpace,
	}
	return kinds[status] // others are KindInternal, the zero value
}

func plainSentence(status int, title string) string {
	switch {
	case status == http.StatusUnauthorized:
		return "you are not signed in, or no longer: run alveary login"
	case title != "":
		return title
	case status >= 300 && status < 400:
		return "the server sends elsewhere: use the address that people open in the browser"
	}
	return "the server answered " + strconv.Itoa(status) + " " + http.StatusText(status)
}

func asError(err error) *alveary.Error {
	var e *alveary.Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}
