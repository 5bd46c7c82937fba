// Package stream is what the routes that send and receive bytes share, and how
// they describe themselves in the OpenAPI document.
//
// It exists so that a file goes out in one way, whoever asks for it by whatever
// part of the REST door: as an attachment or in a sandbox, cut where the right
// to it goes meanwhile; and so that a body comes in in one way, with its digest
// checked.
//
// Read this file first.
package stream

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"hash"
	"io"
	"net/http"
	"strings"
	"time"

	"alveary"
	"alveary/gateway"
	"alveary/service/files"
)

// Fail answers with a problem where there is an error.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		gateway.WriteProblem(w, r, err)
	}
}

// JSON answers with a document.
func JSON(w http.ResponseWriter, status int, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // the client is gone; there is nobody to tell
	return nil
}

// Asked is what a request asks of a file: to show it in place, to have it, or
// only what its headers tell.
func Asked(r *http.Request) (inline bool, why files.Why) {
	inline = r.URL.Query().Get("inline") == "1"
	switch {
	case r.Method == http.MethodHead:
		return inline, files.ForProbing
	case inline:
		return inline, files.ForPreview
	}
	return inline, files.ForDownload
}

// maxRanges is how many ranges one request may ask for; a request for more is
// answered with the whole.
const maxRanges = 16

// Send sends a file that was opened, as an attachment or with inline in a
// sandbox, and cuts the answer where it is taken from the reader meanwhile. From
// is what it is read from: the file itself, or what counts on the way.
func Send(w http.ResponseWriter, r *http.Request, f *files.File, from io.ReadSeeker, inline bool) {
	f.OnCut(func() { gateway.WakeAnswer(w) })
	shown := InlineType(f.MIME)
	if shown == "" {
		shown = f.MIME
	}
	gateway.UserContent(w.Header(), f.Item.Name, shown, inline)
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Set("ETag", f.ETag())
	if digest, err := reprDigest(f.SHA256); err == nil {
		w.Header().Set("Repr-Digest", digest)
	}
	if strings.Count(r.Header.Get("Range"), ",") >= maxRanges {
		r.Header.Del("Range")
	}
	http.ServeContent(w, r, "", f.MTime, from)
	Whole(w, r, f)
}

// Whole cuts the answer where the file was taken from the reader meanwhile.
func Whole(w http.ResponseWriter, r *http.Request, f *files.File) {
	if err := f.Refused(); err != nil {
		gateway.Log(r.Context()).Warn("download cut", "error", err.Error())
		gateway.Abort(w)
	}
}

// Archive sends an archive under a name, which gets the ending, and cuts the
// answer where it may not go on. Whoever asks for headers alone gets these:
// nothing is read for him.
func Archive(w http.ResponseWriter, r *http.Request, a *files.Archive, name string) {
	gateway.UserContent(w.Header(), name+".zip", "", false)
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Cache-Control", "no-store")
	if r.Method == http.MethodHead {
		return
	}
	a.Wake = func() { gateway.WakeAnswer(w) }
	if err := a.WriteTo(r.Context(), w); err != nil {
		// The answer has begun: only cutting it tells that it is not whole.
		gateway.Log(r.Context()).Warn("archive cut", "error", err.Error())
		gateway.Abort(w)
	}
}

// UploadOf reads what a request says of its body.
func UploadOf(w http.ResponseWriter, r *http.Request) (u files.Upload, err error) {
	u = files.Upload{Size: r.ContentLength, IfMatch: EntityTags(r.Header.Get("If-Match")), Body: r.Body}
	u.Wake = func() { gateway.WakeBody(w) }
	if text := r.Header.Get("X-Mtime"); text != "" {
		if u.MTime, err = time.Parse(time.RFC3339, text); err != nil {
			return u, &alveary.Error{Kind: alveary.KindInvalid, Op: "read the headers", Code: "invalid", Message: "X-Mtime must be a time such as 2026-01-31T12:00:00Z", Cause: err}
		}
	}
	want, err := contentDigest(r.Header.Get("Content-Digest"))
	if err != nil || want == nil {
		return u, err
	}
	sum := sha256.New()
	u.Body = io.TeeReader(r.Body, sum)
	u.Verify = func() error { return SameDigest(sum, want) }
	return u, nil
}

// SameDigest refuses a body that is not what was declared.
func SameDigest(sum hash.Hash, want []byte) error {
	if subtle.ConstantTimeCompare(sum.Sum(nil), want) == 1 {
		return nil
	}
	return &alveary.Error{
		Kind: alveary.KindChecksum, Op: "receive the content", Code: "checksum",
		Message: "the bytes that arrived are not those that were declared; nothing was stored: send them again",
	}
}

// contentDigest reads the sha-256 of a Content-Digest header (RFC 9530); nil
// where none was sent.
func contentDigest(text string) ([]byte, error) {
	for field := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		if !strings.EqualFold(name, "sha-256") {
			continue
		}
		digest, err := base64.StdEncoding.DecodeString(strings.Trim(value, ":"))
		if err != nil || len(digest) != sha256.Size {
			return nil, &alveary.Error{Kind: alveary.KindInvalid, Op: "read the headers", Code: "invalid", Message: "Content-Digest must be sha-256=:BASE64:", Cause: err}
		}
		return digest, nil
	}
	return nil, nil
}

// reprDigest writes a hex digest as a Repr-Digest header.
func reprDigest(hexDigest string) (string, error) {
	raw, err := hex.DecodeString(hexDigest)
	if err != nil {
		return "", err
	}
	return "sha-256=:" + base64.StdEncoding.EncodeToString(raw) + ":", nil
}

// EntityTags splits a header such as If-Match. Weak tags never match here.
func EntityTags(header string) []string {
	var tags []string
	for tag := range strings.SplitSeq(header, ",") {
		if tag = strings.TrimSpace(tag); tag != "" {
			tags = append(tags, tag)
		}
	}
	return tags
}
