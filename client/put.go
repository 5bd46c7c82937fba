package client

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"alveary"
)

// Upload is one file to send.
type Upload struct {
	Parent   alveary.NodeID
	Name     string
	Content  io.ReaderAt
	Size     int64
	MTime    time.Time
	Conflict Conflict // Fail if empty
	IfMatch  string   // etag that the file to be replaced must have; may be empty

	// Resume is the address of an unfinished upload of the same content, as an
	// earlier Started was told it. One that is no longer there is begun anew.
	Resume string
	// Started is told the address of a resumable upload once it exists. May be nil.
	Started func(address string)
	// Moved is told of bytes that were sent, or of a negative number of those
	// that have to be sent again. May be nil.
	Moved func(n int64)
}

// Put sends a file and gives the node that holds it. Small files go in one
// request. Larger ones, and those that are to be kept beside an older file,
// go in pieces that can be resumed, so that a lost answer makes no second copy.
// Of a folder that may be written but not read, the node has only ID and Name.
func (c *Client) Put(ctx context.Context, u Upload) (Node, error) {
	if u.Moved == nil {
		u.Moved = func(int64) {}
	}
	if u.Conflict == "" {
		u.Conflict = Fail
	}
	if u.Size > c.o.Chunk || u.Conflict == Rename || u.Resume != "" {
		return c.putPieces(ctx, u)
	}
	return c.putWhole(ctx, u)
}

func (c *Client) putWhole(ctx context.Context, u Upload) (Node, error) {
	sum, err := digest(io.NewSectionReader(u.Content, 0, u.Size), u.Size)
	if err != nil {
		return Node{}, u.unreadable(err)
	}
	header := http.Header{
		"Content-Type":   {"application/octet-stream"},
		"Content-Digest": {"sha-256=:" + base64.StdEncoding.EncodeToString(sum) + ":"},
	}
	if !u.MTime.IsZero() {
		header.Set("X-Mtime", u.MTime.UTC().Format(time.RFC3339Nano))
	}
	if u.IfMatch != "" {
		header.Set("If-Match", u.IfMatch)
	}
	var sent int64
	ctx, wrap, stop := c.watch(ctx, func(n int) { sent += int64(n); u.Moved(int64(n)) })
	defer stop()
	var n Node
	resp, err := c.exchange(ctx, call{
		op: "upload", subject: u.Name, method: http.MethodPut, path: nodePath(u.Parent) + "/files",
		query: url.Values{"name": {u.Name}, "conflict": {string(u.Conflict)}}, header: header, length: u.Size, again: true,
		body: func() io.Reader {
			u.Moved(-sent)
			sent = 0
			return wrap(io.NewSectionReader(u.Content, 0, u.Size))
		},
	}, nil, &n)
	if err == nil {
		return n, u.check(n, sum)
	}
	// The first request was done and its answer lost: then the name is taken
	// by the very file.
	if resp.repeated && (alveary.IsKind(err, alveary.KindConflict) || alveary.IsKind(err, alveary.KindPrecondition)) {
		if there, findErr := c.child(ctx, u.Parent, u.Name); findErr == nil && there.SHA256 == hex.EncodeToString(sum) {
			return there, nil
		}
	}
	u.Moved(-sent)
	return Node{}, err
}

// check compares what the server holds with what was sent.
func (u Upload) check(n Node, sum []byte) error {
	if n.SHA256 == "" || strings.EqualFold(n.SHA256, hex.EncodeToString(sum)) {
		return nil
	}
	return &alveary.Error{
		Kind: alveary.KindChecksum, Op: "upload", Subject: u.Name,
		Message: "the server holds other bytes than were sent: upload it again",
	}
}

func (u Upload) unreadable(err error) error {
	message := "the file could not be read"
	if errors.Is(err, io.ErrUnexpectedEOF) {
		message = "the file became shorter while it was sent"
	}
	return &alveary.Error{Kind: alveary.KindInvalid, Op: "upload", Subject: u.Name, Message: message, Cause: err}
}

// digest is the SHA-256 of exactly size bytes.
func digest(r io.Reader, size int64) ([]byte, error) {
	h := sha256.New()
	n, err := io.Copy(h, r)
	if err == nil && n != size {
		err = io.ErrUnexpectedEOF
	}
	return h.Sum(nil), err
}
