package client

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"alveary"
)

// tusVersion is the protocol that is spoken: https://tus.io/protocols/resumable-upload
const tusVersion = "1.0.0"

// pieces is one upload in the course of being sent.
type pieces struct {
	c      *Client
	u      Upload
	path   string // beneath /api/v1
	offset int64  // what the server holds
	told   int64  // what Moved was told
	node   string // id of the finished node
}

// putPieces sends a file by the tus protocol, from where an earlier attempt
// stopped if there was one.
func (c *Client) putPieces(ctx context.Context, u Upload) (Node, error) {
	p := &pieces{c: c, u: u}
	n, err := p.run(ctx)
	if err != nil {
		p.tell(0)
	}
	return n, err
}

func (p *pieces) run(ctx context.Context) (Node, error) {
	if err := p.begin(ctx); err != nil {
		return Node{}, err
	}
	failures, restarted := 0, false
	for p.node == "" && (p.offset < p.u.Size || p.u.Size == 0) {
		before := p.offset
		err := p.sendPiece(ctx)
		if err == nil {
			failures = 0
			continue
		}
		switch alveary.KindOf(err) {
		case alveary.KindUnavailable, alveary.KindBusy, alveary.KindChecksum, alveary.KindLimited:
		case alveary.KindConflict:
			if codeOf(err) == "name-exists" {
				return p.decide(ctx, err)
			}
		case alveary.KindNotFound, alveary.KindGone:
			if restarted {
				return Node{}, err
			}
			restarted, p.path = true, ""
		default:
			return Node{}, err
		}
		if failures++; failures >= p.c.patience() {
			return Node{}, err
		}
		if err := p.c.o.Sleep(ctx, wait(failures)); err != nil {
			return Node{}, err
		}
		if err := p.find(ctx); err != nil {
			return Node{}, err
		}
		if p.offset > before {
			failures = 0
		}
	}
	return p.finish(ctx)
}

// decide answers the server's question what to do with a name that is taken.
// Every upload is begun with Fail, so that the answer is the one that holds
// now, and not that of the attempt which is resumed.
func (p *pieces) decide(ctx context.Context, taken error) (Node, error) {
	if p.u.Conflict == Fail {
		return Node{}, taken // the bytes stay there; a later Put may Resume with another answer
	}
	p.tell(p.u.Size)
	return p.finish(ctx)
}

// begin goes on with an earlier upload or makes one.
func (p *pieces) begin(ctx context.Context) error {
	if p.u.Resume != "" {
		p.path = uploadPath(p.c.base, p.u.Resume)
	}
	return p.find(ctx)
}

// find asks how much the server holds, and makes the upload where there is none.
func (p *pieces) find(ctx context.Context) error {
	if p.path != "" {
		resp, err := p.c.exchange(ctx, call{op: "resume the upload", subject: p.u.Name, method: http.MethodHead, path: p.path, header: tusHeader(), again: true}, nil, nil)
		switch {
		case err == nil && resp.Header.Get("Upload-Length") == strconv.FormatInt(p.u.Size, 10):
			return p.note(resp)
		case err == nil: // of another length: not this file
		case !alveary.IsKind(err, alveary.KindNotFound) && !alveary.IsKind(err, alveary.KindGone):
			return err
		}
	}
	return p.create(ctx)
}

func (p *pieces) create(ctx context.Context) error {
	header := tusHeader()
	header.Set("Upload-Length", strconv.FormatInt(p.u.Size, 10))
	header.Set("Upload-Metadata", p.u.metadata())
	// A second upload where the answer was lost does no harm: it expires.
	resp, err := p.c.exchange(ctx, call{op: "begin the upload", subject: p.u.Name, method: http.MethodPost, path: "/uploads", header: header, again: true}, nil, nil)
	if err != nil {
		return err
	}
	p.path = uploadPath(p.c.base, resp.Header.Get("Location"))
	if p.path == "" {
		return &alveary.Error{Kind: alveary.KindInternal, Op: "begin the upload", Subject: p.u.Name, Message: "the server named no place to send it to"}
	}
	if p.u.Started != nil {
		p.u.Started(apiPath + p.path)
	}
	p.node = resp.Header.Get("Alveary-Node")
	p.offset = 0
	p.tell(0)
	return nil
}

func (p *pieces) sendPiece(ctx context.Context) error {
	length := min(p.c.o.Chunk, p.u.Size-p.offset)
	sum, err := digest(io.NewSectionReader(p.u.Content, p.offset, length), length)
	if err != nil {
		return p.u.unreadable(err)
	}
	header := tusHeader()
	header.Set("Content-Type", "application/offset+octet-stream")
	header.Set("Upload-Offset", strconv.FormatInt(p.offset, 10))
	header.Set("Upload-Checksum", "sha256 "+base64.StdEncoding.EncodeToString(sum))
	at := p.offset
	ctx, wrap, stop := p.c.watch(ctx, func(n int) { at += int64(n); p.tell(at) })
	defer stop()
	resp, err := p.c.exchange(ctx, call{
		op: "upload", subject: p.u.Name, method: http.MethodPatch, path: p.path, header: header, length: length,
		body: func() io.Reader {
			at = p.offset
			return wrap(io.NewSectionReader(p.u.Content, p.offset, length))
		},
	}, nil, nil)
	if err != nil {
		return err
	}
	return p.note(resp)
}

// note reads what the server holds from an answer.
func (p *pieces) note(resp answer) error {
	offset, err := strconv.ParseInt(resp.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || offset < 0 || offset > p.u.Size {
		return &alveary.Error{Kind: alveary.KindInternal, Op: "upload", Subject: p.u.Name, Message: "the server did not say how much it holds", Cause: err}
	}
	p.offset, p.node = offset, resp.Header.Get("Alveary-Node")
	p.tell(offset)
	return nil
}

// tell brings Moved to a total.
func (p *pieces) tell(total int64) {
	p.u.Moved(total - p.told)
	p.told = total
}

// finish gives the node. Where all bytes are there but no node is known, the
// last answer was lost or a taken name stopped it: then it is asked for.
//
// The whole file is read again for its digest: the pieces were each sent
// right, but the file may have changed between two of them.
func (p *pieces) finish(ctx context.Context) (Node, error) {
	sum, err := digest(io.NewSectionReader(p.u.Content, 0, p.u.Size), p.u.Size)
	if err != nil {
		return Node{}, p.u.unreadable(err)
	}
	if p.node == "" {
		return p.claim(ctx, sum)
	}
	id, err := alveary.ParseNodeID(p.node)
	if err != nil {
		return Node{}, err
	}
	n, err := p.c.Node(ctx, id)
	if alveary.IsKind(err, alveary.KindNotFound) || alveary.IsKind(err, alveary.KindDenied) {
		return Node{ID: id, Name: p.u.Name, Type: alveary.Leaf, Size: p.u.Size}, nil // may be written, not read
	}
	if err != nil {
		return Node{}, err
	}
	return n, p.u.check(n, sum)
}

func (p *pieces) claim(ctx context.Context, sum []byte) (Node, error) {
	var n Node
	_, err := p.c.exchange(ctx, call{
		op: "finish the upload", subject: p.u.Name, method: http.MethodPost, path: p.path + "/finish", again: true,
	}, struct {
		Conflict Conflict `json:"conflict"`
	}{p.u.Conflict}, &n)
	if err == nil {
		return n, p.u.check(n, sum)
	}
	if alveary.IsKind(err, alveary.KindNotFound) || alveary.IsKind(err, alveary.KindGone) || alveary.IsKind(err, alveary.KindConflict) {
		if there, findErr := p.c.child(ctx, p.u.Parent, p.u.Name); findErr == nil && there.SHA256 == hex.EncodeToString(sum) && p.u.Conflict != Rename {
			return there, nil
		}
	}
	return Node{}, err
}

func (u Upload) metadata() string {
	pairs := []string{meta("parent", u.Parent.String()), meta("name", u.Name), meta("conflict", string(Fail))}
	if !u.MTime.IsZero() {
		pairs = append(pairs, meta("mtime", u.MTime.UTC().Format(time.RFC3339Nano)))
	}
	if u.IfMatch != "" {
		pairs = append(pairs, meta("ifmatch", u.IfMatch))
	}
	return strings.Join(pairs, ",")
}

func meta(key, value string) string {
	return key + " " + base64.StdEncoding.EncodeToString([]byte(value))
}

func tusHeader() http.Header { return http.Header{"Tus-Resumable": {tusVersion}} }

// uploadPath gives the part of an upload's address beneath /api/v1; empty for
// an address elsewhere, where a token must not go.
func uploadPath(base *url.URL, address string) string {
	u, err := base.Parse(address)
	if err != nil || u.Host != base.Host || u.Scheme != base.Scheme || u.RawQuery != "" {
		return ""
	}
	rest, ok := strings.CutPrefix(path.Clean(u.Path), apiPath+"/uploads/")
	if !ok || rest == "" || strings.Contains(rest, "/") {
		return ""
	}
	return "/uploads/" + rest
}

// codeOf is the stable word of an error; empty for none.
func codeOf(err error) string {
	if e := asError(err); e != nil {
		return e.Code
	}
	return ""
}
