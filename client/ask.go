package client

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
)

// Request is one call of the API, for packages that know more of it than this
// one does.
type Request struct {
	Op      string // what is being done, for the error: "list the roles"
	Subject string // to what; may be empty
	Method  string
	Path    string // beneath /api/v1, escaped
	Query   url.Values
}

// Text is a body that is not JSON.
type Text struct {
	Type    string // such as text/csv
	Content []byte
}

func (t Text) reader() io.Reader { return bytes.NewReader(t.Content) }

// Bytes is a body that may be too large to hold.
type Bytes struct {
	Content io.ReaderAt
	Size    int64
	Moved   func(n int64) // as in Upload; may be nil
}

// Ask makes a call. What is sent is in as JSON, or as it is where in is a
// Text or Bytes; nil is nothing. The answer is read into out as JSON, or written to it
// as it comes where out is an io.Writer; nil leaves it aside. What only reads
// is tried again when the connection breaks.
func (c *Client) Ask(ctx context.Context, r Request, in, out any) error {
	sent := r.call()
	if large, ok := in.(Bytes); ok {
		return c.askWith(ctx, sent, large, out)
	}
	if text, ok := in.(Text); ok {
		sent.header = http.Header{"Content-Type": {text.Type}}
		sent.body, sent.length = text.reader, int64(len(text.Content))
		in = nil
	}
	to, ok := out.(io.Writer)
	if !ok {
		_, err := c.exchange(ctx, sent, in, out)
		return err
	}
	resp, err := c.do(ctx, sent)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := io.Copy(to, resp.Body); err != nil {
		return fmt.Errorf("%s: the answer broke off: %w", r.Op, err)
	}
	return nil
}

func (r Request) call() call {
	return call{op: r.Op, subject: r.Subject, method: r.Method, path: r.Path, query: r.Query, again: r.Method == http.MethodGet}
}

// askWith sends bytes with their digest, so that no other ones are taken.
func (c *Client) askWith(ctx context.Context, r call, b Bytes, out any) error {
	sum, err := digest(io.NewSectionReader(b.Content, 0, b.Size), b.Size)
	if err != nil {
		return Upload{Name: r.subject}.unreadable(err)
	}
	if b.Moved == nil {
		b.Moved = func(int64) {}
	}
	ctx, wrap, stop := c.watch(ctx, func(n int) { b.Moved(int64(n)) })
	defer stop()
	r.header = http.Header{
		"Content-Type":   {"application/octet-stream"},
		"Content-Digest": {"sha-256=:" + base64.StdEncoding.EncodeToString(sum) + ":"},
	}
	r.length, r.body = b.Size, func() io.Reader { return wrap(io.NewSectionReader(b.Content, 0, b.Size)) }
	_, err = c.exchange(ctx, r, nil, out)
	return err
}

// Admitted is Ask for a call whose answer lets in whoever asked: it gives a
// client that shows what came with the answer, beside what this one shows.
func (c *Client) Admitted(ctx context.Context, r Request, in, out any) (*Client, error) {
	resp, err := c.exchange(ctx, r.call(), in, out)
	if err != nil {
		return nil, err
	}
	return &Client{base: c.base, o: c.o, http: c.http, cookies: slices.Concat(c.cookies, resp.Cookies())}, nil
}
