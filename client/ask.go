package client

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
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

// Ask makes a call. What is sent is in as JSON, or as it is where in is a
// Text; nil is nothing. The answer is read into out as JSON, or written to it
// as it comes where out is an io.Writer; nil leaves it aside. What only reads
// is tried again when the connection breaks.
func (c *Client) Ask(ctx context.Context, r Request, in, out any) error {
	sent := call{op: r.Op, subject: r.Subject, method: r.Method, path: r.Path, query: r.Query, again: r.Method == http.MethodGet}
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
