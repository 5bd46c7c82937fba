package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// errCut is the connection that breaks off on purpose.
var errCut = errors.New("cut off on purpose")

// caller speaks to the server as a program with a token does. It is plain
// net/http, so that nothing is repeated or mended behind the test's back.
type caller struct {
	http  *http.Client
	base  string // with /api/v1
	token string
	tick  func() // called whenever a piece of a body leaves, or an answer comes
}

// body reads content for a request, ticking; it breaks off after limit bytes
// where limit is not negative.
type body struct {
	io.Reader
	tick  func()
	limit int
}

func (b *body) Read(p []byte) (int, error) {
	b.tick()
	if b.limit < 0 {
		return b.Reader.Read(p)
	}
	if b.limit == 0 {
		return 0, errCut
	}
	n, err := b.Reader.Read(p[:min(len(p), b.limit)])
	b.limit -= n
	return n, err
}

func (c *caller) do(ctx context.Context, method, path string, content io.Reader, header ...string) (*http.Response, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, content)
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if length := r.Header.Get("Content-Length"); length != "" {
		if r.ContentLength, err = strconv.ParseInt(length, 10, 64); err != nil {
			return nil, nil, err
		}
	}
	res, err := c.http.Do(r)
	if err != nil {
		return nil, nil, err
	}
	text, err := io.ReadAll(res.Body)
	c.tick()
	if err := errors.Join(err, res.Body.Close()); err != nil {
		return nil, nil, err
	}
	if res.StatusCode >= 300 {
		return res, text, &statusError{res.StatusCode, method + " " + path + ": " + res.Status + " " + string(text)}
	}
	return res, text, nil
}

// statusError is an answer of the server that is a refusal.
type statusError struct {
	status int
	text   string
}

func (e *statusError) Error() string { return e.text }

func (c *caller) json(ctx context.Context, path string, into any) error {
	_, text, err := c.do(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// put uploads a file with one request, of which only the first cut bytes are
// sent where cut is not negative.
func (c *caller) put(ctx context.Context, parent, name string, content []byte, cut int) error {
	path := "/nodes/" + parent + "/files?conflict=replace&name=" + url.QueryEscape(name)
	var from io.Reader = &body{bytes.NewReader(content), c.tick, cut}
	if len(content) == 0 {
		from = http.NoBody
	}
	_, _, err := c.do(ctx, http.MethodPut, path, from, "Content-Length", strconv.Itoa(len(content)))
	return err
}

// resumable is an upload by tus, as its client remembers it.
type resumable struct {
	name    string
	content []byte
	path    string // where the server keeps it; empty before that was answered
	offset  int    // bytes that the server has acknowledged
}

// begin makes the upload known to the server.
func (c *caller) begin(ctx context.Context, parent string, u *resumable) error {
	pair := func(key, value string) string { return key + " " + base64.StdEncoding.EncodeToString([]byte(value)) }
	res, _, err := c.do(ctx, http.MethodPost, "/uploads", http.NoBody,
		"Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(len(u.content)),
		"Upload-Metadata", strings.Join([]string{pair("parent", parent), pair("name", u.name), pair("conflict", "replace")}, ","))
	if err != nil {
		return err
	}
	u.path = strings.TrimPrefix(res.Header.Get("Location"), "/api/v1")
	return nil
}

// resume asks how far the upload is. What was acknowledged must still be there;
// the full length is an acknowledgement of the whole file.
func (c *caller) resume(ctx context.Context, u *resumable) (finished bool, err error) {
	res, _, err := c.do(ctx, http.MethodHead, u.path, nil, "Tus-Resumable", "1.0.0")
	if err != nil {
		return false, err
	}
	offset, err := strconv.Atoi(res.Header.Get("Upload-Offset"))
	if err != nil {
		return false, err
	}
	if offset < u.offset || offset > len(u.content) {
		return false, fmt.Errorf("the upload of %s is at byte %d of %d, and %d were acknowledged", u.name, offset, len(u.content), u.offset)
	}
	u.offset = offset
	finished = res.Header.Get("Alveary-Node") != ""
	if finished != (offset == len(u.content)) {
		return finished, fmt.Errorf("the upload of %s is at byte %d of %d, and finished: %t", u.name, offset, len(u.content), finished)
	}
	return finished, nil
}

// send sends the next piece.
func (c *caller) send(ctx context.Context, u *resumable, size int) (finished bool, err error) {
	piece := u.content[u.offset:min(u.offset+size, len(u.content))]
	var from io.Reader = &body{bytes.NewReader(piece), c.tick, -1}
	if len(piece) == 0 {
		from = http.NoBody
	}
	res, _, err := c.do(ctx, http.MethodPatch, u.path, from, "Tus-Resumable", "1.0.0",
		"Content-Type", "application/offset+octet-stream", "Upload-Offset", strconv.Itoa(u.offset),
		"Content-Length", strconv.Itoa(len(piece)))
	if err != nil {
		return false, err
	}
	u.offset += len(piece)
	if got := res.Header.Get("Upload-Offset"); got != strconv.Itoa(u.offset) {
		return false, fmt.Errorf("after a piece of %s the server is at byte %s, and %d were sent", u.name, got, u.offset)
	}
	return u.offset == len(u.content), nil
}

// listed is a file in a folder, with the digest that the list tells and that
// of the bytes that are served.
type listed struct{ told, served string }

// list reads a folder, and every file in it.
func (c *caller) list(ctx context.Context, folder string) (map[string]listed, error) {
	files := map[string]listed{}
	for cursor, first := "", true; first || cursor != ""; first = false {
		var page struct {
			Items []struct{ ID, Name, SHA256 string }
			Next  string
		}
		if err := c.json(ctx, "/nodes/"+folder+"/children?limit=1000&cursor="+url.QueryEscape(cursor), &page); err != nil {
			return nil, err
		}
		for _, it := range page.Items {
			_, content, err := c.do(ctx, http.MethodGet, "/nodes/"+it.ID+"/content", nil)
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", it.Name, err)
			}
			if _, twice := files[it.Name]; twice {
				return nil, fmt.Errorf("%s is listed twice", it.Name)
			}
			files[it.Name] = listed{it.SHA256, digest(content)}
		}
		cursor = page.Next
	}
	return files, nil
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
