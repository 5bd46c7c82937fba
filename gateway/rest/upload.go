package rest

import (
	"context"
	"crypto/sha1" //nolint:gosec // tus names SHA-1; it guards against accidents, not against people
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"alveary"
	"alveary/gateway"
	"alveary/gateway/rest/operation"
	"alveary/gateway/rest/stream"
	"alveary/service/files"
)

// tus 1.0.0 (https://tus.io/protocols/resumable-upload) with the extensions
// that tusExtensions lists.
const (
	tusVersion    = "1.0.0"
	tusExtensions = "creation,creation-with-upload,checksum,expiration,termination"
	tusChecksums  = "sha1,sha256"
	tusBody       = "application/offset+octet-stream"
	// statusChecksum is tus's own word for a wrong checksum.
	statusChecksum = 460
)

func describeTusOptions(op *huma.Operation) {
	op.Responses["204"] = stream.Empty("What is spoken", "Tus-Version", "Tus-Extension", "Tus-Checksum-Algorithm")
}

func (a *API) tusOptions(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Tus-Resumable", tusVersion)
	h.Set("Tus-Version", tusVersion)
	h.Set("Tus-Extension", tusExtensions)
	h.Set("Tus-Checksum-Algorithm", tusChecksums)
	w.WriteHeader(http.StatusNoContent)
}

// speakTus answers a client of another version, and sets the headers that
// every answer of the protocol carries.
func speakTus(w http.ResponseWriter, r *http.Request) bool {
	w.Header().Set("Tus-Resumable", tusVersion)
	w.Header().Set("Cache-Control", "no-store")
	if r.Header.Get("Tus-Resumable") == tusVersion {
		return true
	}
	w.Header().Set("Tus-Version", tusVersion)
	gateway.WriteProblem(w, r, &alveary.Error{
		Kind: alveary.KindPrecondition, Op: "speak tus", Code: "tus-version",
		Message: "uploads speak tus 1.0.0: send the header Tus-Resumable: 1.0.0",
	})
	return false
}

// tusProblem answers with an error in the words of the protocol.
func tusProblem(w http.ResponseWriter, r *http.Request, err error) {
	if !alveary.IsKind(err, alveary.KindChecksum) {
		gateway.WriteProblem(w, r, err)
		return
	}
	w.WriteHeader(statusChecksum)
}

func describeTusCreate(op *huma.Operation) {
	op.Parameters = []*huma.Param{
		stream.Required(stream.Header("Tus-Resumable", tusVersion)),
		stream.Required(stream.Header("Upload-Length", "Bytes")),
		stream.Required(stream.Header("Upload-Metadata", "Keys with base64 values: parent (id of the folder), name, and where wanted "+
			"relative (dir/name beneath parent), mtime (RFC 3339), conflict (fail, replace, rename), ifmatch (entity tag)")),
		stream.Header("Upload-Checksum", "sha1 or sha256 and its base64 value, of the body of this request"),
	}
	op.Responses["201"] = stream.Empty("The upload", "Location", "Upload-Offset", "Upload-Expires", "Alveary-Node")
}

func (a *API) tusCreate(w http.ResponseWriter, r *http.Request) {
	if !speakTus(w, r) {
		return
	}
	begin, err := beginOf(r)
	if err != nil {
		tusProblem(w, r, err)
		return
	}
	p, err := a.files.Uploads.Begin(r.Context(), operation.Asker(r.Context()), begin)
	if err != nil {
		tusProblem(w, r, err)
		return
	}
	w.Header().Set("Location", Prefix+"/uploads/"+p.ID)
	if r.Header.Get("Content-Type") != tusBody && p.Length > 0 {
		w.Header().Set("Upload-Offset", "0")
		expires(w, p)
		w.WriteHeader(http.StatusCreated)
		return
	}
	a.append(w, r, p.ID, 0, http.StatusCreated)
}

func beginOf(r *http.Request) (b files.Begin, err error) {
	if r.Header.Get("Upload-Defer-Length") != "" {
		return b, invalidHeader("Upload-Defer-Length", "the length must be known at the start", nil)
	}
	if b.Length, err = strconv.ParseInt(r.Header.Get("Upload-Length"), 10, 64); err != nil || b.Length < 0 {
		return b, invalidHeader("Upload-Length", "it must be a number of bytes, 0 or more", err)
	}
	meta, err := metadata(r.Header.Get("Upload-Metadata"))
	if err != nil {
		return b, err
	}
	if b.Parent, err = alveary.ParseNodeID(meta["parent"]); err != nil {
		return b, invalidHeader("Upload-Metadata", "parent must be the id of a folder", err)
	}
	if b.Conflict, err = conflictOf(meta["conflict"]); err != nil {
		return b, err
	}
	if text := meta["mtime"]; text != "" {
		if b.MTime, err = time.Parse(time.RFC3339, text); err != nil {
			return b, invalidHeader("Upload-Metadata", "mtime must be a time such as 2026-01-31T12:00:00Z", err)
		}
	}
	b.Name, b.Relative, b.IfMatch = meta["name"], meta["relative"], meta["ifmatch"]
	return b, nil
}

func invalidHeader(name, why string, cause error) error {
	return &alveary.Error{Kind: alveary.KindInvalid, Op: "read the headers", Subject: name, Code: "invalid", Message: name + ": " + why, Cause: cause}
}

// metadata reads `key base64,key base64`. A key that is not known is refused,
// like an unknown field in JSON.
func metadata(text string) (map[string]string, error) {
	known := map[string]string{"parent": "", "name": "", "relative": "", "mtime": "", "conflict": "", "ifmatch": "", "filename": "", "filetype": ""}
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(text, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(pair), " ")
		if key == "" {
			continue
		}
		if _, ok := known[key]; !ok || seen[key] {
			return nil, invalidHeader("Upload-Metadata", "the key "+strconv.Quote(key)+" is not known or comes twice", nil)
		}
		raw, err := base64.StdEncoding.DecodeString(value)
		if err != nil {
			return nil, invalidHeader("Upload-Metadata", "the value of "+key+" is not base64", err)
		}
		known[key], seen[key] = string(raw), true
	}
	if known["name"] == "" {
		known["name"] = known["filename"] // what other clients of tus call it
	}
	return known, nil
}

func describeTusStatus(op *huma.Operation) {
	op.Parameters = []*huma.Param{stream.Required(stream.Header("Tus-Resumable", tusVersion))}
	op.Responses["200"] = stream.Empty("How far it is", "Upload-Offset", "Upload-Length", "Upload-Expires", "Alveary-Node")
}

func (a *API) tusStatus(w http.ResponseWriter, r *http.Request) {
	if !speakTus(w, r) {
		return
	}
	p, err := a.files.Uploads.Status(r.Context(), operation.Asker(r.Context()), r.PathValue("id"))
	if err != nil {
		tusProblem(w, r, err)
		return
	}
	w.Header().Set("Upload-Offset", strconv.FormatInt(p.Offset, 10))
	w.Header().Set("Upload-Length", strconv.FormatInt(p.Length, 10))
	expires(w, p)
	w.WriteHeader(http.StatusOK)
}

func expires(w http.ResponseWriter, p files.Progress) {
	if !p.Expires.IsZero() && p.Node == 0 {
		w.Header().Set("Upload-Expires", p.Expires.UTC().Format(http.TimeFormat))
	}
	if p.Node != 0 {
		w.Header().Set("Alveary-Node", p.Node.String())
	}
}

func describeTusAppend(op *huma.Operation) {
	op.Parameters = []*huma.Param{
		stream.Required(stream.Header("Tus-Resumable", tusVersion)),
		stream.Required(stream.Header("Upload-Offset", "Where the piece begins, in bytes")),
		stream.Header("Upload-Checksum", "sha1 or sha256 and its base64 value; a wrong one is answered with 460"),
	}
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		tusBody: {Schema: &huma.Schema{Type: "string", Format: "binary"}},
	}}
	op.Responses["204"] = stream.Empty("The piece is durable", "Upload-Offset", "Upload-Expires", "Alveary-Node")
	op.Responses["460"] = stream.Empty("The checksum is not that of the bytes; the piece was not stored")
}

func (a *API) tusAppend(w http.ResponseWriter, r *http.Request) {
	if !speakTus(w, r) {
		return
	}
	if r.Header.Get("Content-Type") != tusBody {
		tusProblem(w, r, &alveary.Error{Kind: alveary.KindUnsupported, Op: "go on with the upload", Message: "a piece must have the Content-Type " + tusBody})
		return
	}
	offset, err := strconv.ParseInt(r.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || offset < 0 {
		tusProblem(w, r, invalidHeader("Upload-Offset", "it must be a number of bytes, 0 or more", err))
		return
	}
	a.append(w, r, r.PathValue("id"), offset, http.StatusNoContent)
}

func (a *API) append(w http.ResponseWriter, r *http.Request, id string, offset int64, status int) {
	piece := files.Piece{Offset: offset, Body: r.Body, Wake: func() { gateway.WakeBody(w) }}
	if text := r.Header.Get("Upload-Checksum"); text != "" {
		sum, want, err := checksum(text)
		if err != nil {
			tusProblem(w, r, err)
			return
		}
		piece.Body = io.TeeReader(r.Body, sum)
		piece.Verify = func() error { return stream.SameDigest(sum, want) }
	}
	p, done, err := a.files.Uploads.Append(r.Context(), operation.Asker(r.Context()), id, piece)
	if err != nil {
		tusProblem(w, r, err)
		return
	}
	w.Header().Set("Upload-Offset", strconv.FormatInt(p.Offset, 10))
	expires(w, p)
	if done != nil {
		w.Header().Set("ETag", done.ETag())
	}
	w.WriteHeader(status)
}

func checksum(text string) (hash.Hash, []byte, error) {
	name, value, _ := strings.Cut(text, " ")
	want, err := base64.StdEncoding.DecodeString(value)
	if err != nil {
		return nil, nil, invalidHeader("Upload-Checksum", "the value is not base64", err)
	}
	switch name {
	case "sha1":
		return sha1.New(), want, nil //nolint:gosec // see the import
	case "sha256":
		return sha256.New(), want, nil
	}
	return nil, nil, invalidHeader("Upload-Checksum", "the algorithms are "+tusChecksums, nil)
}

func describeTusEnd(op *huma.Operation) {
	op.Parameters = []*huma.Param{stream.Required(stream.Header("Tus-Resumable", tusVersion))}
	op.Responses["204"] = stream.Empty("Nothing is left of it")
}

func (a *API) tusEnd(w http.ResponseWriter, r *http.Request) {
	if !speakTus(w, r) {
		return
	}
	if err := a.files.Uploads.End(r.Context(), operation.Asker(r.Context()), r.PathValue("id")); err != nil {
		tusProblem(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

type finishIn struct {
	operation.IDIn
	Body struct {
		Conflict string `json:"conflict" enum:"fail,replace,rename"`
	}
}

func (a *API) finishUpload(ctx context.Context, in *finishIn) (*nodeOut, error) {
	return oneNode(a.files.Uploads.Finish(ctx, operation.Asker(ctx), in.ID, files.Conflict(in.Body.Conflict)))
}
