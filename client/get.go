package client

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"strconv"
	"strings"

	"alveary"
)

// Download is one file to fetch.
type Download struct {
	Node Node
	// Into is the folder beneath which everything is written, and Name the
	// path in it, with slashes. Nothing is written elsewhere, through links either.
	Into *os.Root
	Name string
	// Replace says that a file of that name may be overwritten; otherwise it
	// is KindConflict.
	Replace bool
	// Path is where the content is had, beneath /api/v1 and escaped, where that
	// is not the node's own place; empty for that. Nothing is kept of such a
	// download that broke off for good.
	Path string
	// Moved is as in Upload.
	Moved func(n int64)
}

// Get fetches a file. Its bytes go to a hidden file beside it, which keeps
// what came when the connection breaks for good, so that a later Get goes on
// there; it takes the name when its length and digest are right.
func (c *Client) Get(ctx context.Context, d Download) error {
	if d.Moved == nil {
		d.Moved = func(int64) {}
	}
	for try := 1; ; try++ {
		err := c.fetch(ctx, d)
		if !errors.Is(err, errChanged) || d.Path != "" || try == 3 {
			return err
		}
		if d.Node, err = c.Node(ctx, d.Node.ID); err != nil {
			return err
		}
	}
}

// errChanged is the cause where the file on the server is no longer the one
// that was asked for.
var errChanged = errors.New("it changed on the server")

func (d Download) path() string {
	if d.Path != "" {
		return d.Path
	}
	return nodePath(d.Node.ID) + "/content"
}

func (d Download) fail(kind alveary.Kind, message string, cause error) error {
	return &alveary.Error{Kind: kind, Op: "download", Subject: d.Node.Path, Message: message, Cause: cause}
}

// partName names the hidden file after content and name, so that what is left
// of one content is never taken for the beginning of another.
func (d Download) partName() string {
	sum := sha256.Sum256([]byte(d.Node.SHA256 + "\x00" + d.Node.ETag + "\x00" + d.Node.ID.String() + "\x00" + d.Name))
	return path.Join(path.Dir(d.Name), ".alveary-"+hex.EncodeToString(sum[:8])+".part")
}

func (c *Client) fetch(ctx context.Context, d Download) error {
	part, err := d.Into.OpenFile(d.partName(), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return d.fail(alveary.KindInvalid, "cannot write beside "+d.Name, err)
	}
	defer func() { _ = part.Close() }()
	f := &fetching{c: c, d: d, part: part, sum: sha256.New(), etag: d.Node.ETag}
	err = f.run(ctx)
	if err == nil {
		err = f.publish()
	}
	if err != nil {
		d.Moved(-f.offset)
		if d.Path != "" {
			err = errors.Join(err, d.Into.Remove(d.partName()))
		}
	}
	return err
}

type fetching struct {
	c      *Client
	d      Download
	part   *os.File
	sum    hash.Hash
	offset int64
	etag   string // of the content; empty where it is not known yet
}

func (f *fetching) run(ctx context.Context) error {
	if err := f.takeUp(); err != nil {
		return err
	}
	for failures := 0; f.offset < f.d.Node.Size; {
		before := f.offset
		err := f.read(ctx)
		if err == nil {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !alveary.IsKind(err, alveary.KindUnavailable) {
			return err
		}
		if f.offset > before {
			failures = 0
		}
		if failures++; failures >= f.c.patience() {
			return err
		}
		if err := f.c.o.Sleep(ctx, wait(failures)); err != nil {
			return err
		}
	}
	return f.check()
}

// takeUp counts in what an earlier Get left, where it is known what that was of.
func (f *fetching) takeUp() error {
	if f.d.Path != "" {
		return f.restart()
	}
	n, err := io.Copy(f.sum, f.part)
	if err != nil {
		return f.d.fail(alveary.KindInvalid, "cannot read what was fetched before", err)
	}
	if n > f.d.Node.Size {
		return f.restart()
	}
	f.offset = n
	f.d.Moved(n)
	return nil
}

func (f *fetching) restart() error {
	f.d.Moved(-f.offset)
	f.offset = 0
	f.sum.Reset()
	if err := f.part.Truncate(0); err != nil {
		return f.local(err)
	}
	_, err := f.part.Seek(0, io.SeekStart)
	return err
}

// read fetches from the offset on, until the end or a break.
func (f *fetching) read(ctx context.Context) error {
	ctx, wrap, stop := f.c.watch(ctx, nil)
	defer stop()
	header := http.Header{}
	if f.offset > 0 {
		header.Set("Range", fmt.Sprintf("bytes=%d-", f.offset))
		header.Set("If-Range", f.etag)
	}
	r := call{op: "download", subject: f.d.Node.Path, method: http.MethodGet, path: f.d.path(), header: header, again: true}
	resp, err := f.c.do(ctx, r)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	etag := resp.Header.Get("ETag")
	if etag != "" && f.etag != "" && etag != f.etag {
		return f.d.fail(alveary.KindPrecondition, "it changed on the server while it was fetched", errChanged)
	}
	if f.etag == "" {
		f.etag = etag
	}
	if err := f.align(resp.Response); err != nil {
		return err
	}
	_, err = io.Copy(&landing{f: f}, wrap(io.LimitReader(resp.Body, f.d.Node.Size-f.offset+1)))
	switch {
	case errors.Is(err, errTooLong):
		return f.d.fail(alveary.KindPrecondition, "it changed on the server while it was fetched", errChanged)
	case alveary.KindOf(err) != alveary.KindInternal:
		return err
	case err != nil || f.offset < f.d.Node.Size:
		return f.c.broken(r, errors.Join(err, io.ErrUnexpectedEOF))
	}
	return nil
}

// align makes sure that the answer begins where the part ends.
func (f *fetching) align(resp *http.Response) error {
	if resp.StatusCode != http.StatusPartialContent {
		if f.offset > 0 {
			return f.restart()
		}
		return nil
	}
	start, _, ok := strings.Cut(strings.TrimPrefix(resp.Header.Get("Content-Range"), "bytes "), "-")
	if at, err := strconv.ParseInt(start, 10, 64); !ok || err != nil || at != f.offset {
		return f.d.fail(alveary.KindInternal, "the server sent another range than it was asked for", err)
	}
	return nil
}

var errTooLong = errors.New("more bytes than the file has")

// landing writes to the part and counts what is written.
type landing struct{ f *fetching }

func (l *landing) Write(p []byte) (int, error) {
	f := l.f
	if int64(len(p)) > f.d.Node.Size-f.offset {
		return 0, errTooLong
	}
	n, err := f.part.Write(p)
	f.sum.Write(p[:n])
	f.offset += int64(n)
	f.d.Moved(int64(n))
	if err != nil {
		return n, f.local(err)
	}
	return n, nil
}

// local words a failure of this machine's disk.
func (f *fetching) local(err error) error {
	kind, message := alveary.KindInvalid, "cannot write "+f.d.Name
	if diskFull(err) {
		kind, message = alveary.KindNoSpace, "the disk here is full; what came so far is kept, and the same command goes on there"
	}
	return f.d.fail(kind, message, err)
}

// check throws the part away when its digest is wrong: nothing good can be
// continued from it.
func (f *fetching) check() error {
	want := f.d.Node.SHA256
	if want == "" || strings.EqualFold(want, hex.EncodeToString(f.sum.Sum(nil))) {
		return nil
	}
	cause := f.d.Into.Remove(f.d.partName())
	return f.d.fail(alveary.KindChecksum, "the bytes that came are not those that the server announced: download it again", cause)
}

// publish gives the part its name. Without Replace a link is used, which
// fails where the name is taken; a rename would not.
func (f *fetching) publish() error {
	if err := f.part.Sync(); err != nil {
		return f.local(err)
	}
	part, into := f.d.partName(), f.d.Into
	if !f.d.Node.MTime.IsZero() {
		if err := into.Chtimes(part, f.d.Node.MTime, f.d.Node.MTime); err != nil {
			return f.local(err)
		}
	}
	if f.d.Replace {
		return f.named(into.Rename(part, f.d.Name))
	}
	err := into.Link(part, f.d.Name)
	if err == nil {
		return f.named(into.Remove(part))
	}
	if errors.Is(err, fs.ErrExist) {
		return f.named(err)
	}
	// A file system without hard links: the look and the rename are then two steps.
	if _, err := into.Lstat(f.d.Name); err == nil {
		return f.named(fs.ErrExist)
	}
	return f.named(into.Rename(part, f.d.Name))
}

func (f *fetching) named(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return f.d.fail(alveary.KindConflict, "there is already something here by the name of "+f.d.Name, err)
	}
	return f.local(err)
}
