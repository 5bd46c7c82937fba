package rest

import (
	"bytes"
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

// nodeOf reads the node in the path of a request.
func nodeOf(r *http.Request) (alveary.NodeID, error) { return alveary.ParseNodeID(r.PathValue("id")) }

func describeDownload(op *huma.Operation) {
	op.Parameters = []*huma.Param{
		stream.Query("version", "integer", "Number of an old version; the current one if missing"),
		stream.Query("inline", "string", "1 shows the content in place, in a sandbox, where its type allows"),
	}
	for _, name := range []string{"Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"} {
		op.Parameters = append(op.Parameters, stream.Header(name, ""))
	}
	op.Responses["200"] = stream.Bytes("The content")
	op.Responses["206"] = stream.Bytes("The ranges asked for")
	op.Responses["304"] = &huma.Response{Description: "Not changed"}
}

func (a *API) download(w http.ResponseWriter, r *http.Request) {
	stream.Fail(w, r, a.sendContent(w, r))
}

func (a *API) sendContent(w http.ResponseWriter, r *http.Request) error {
	id, err := nodeOf(r)
	if err != nil {
		return err
	}
	version, err := versionOf(r)
	if err != nil {
		return err
	}
	inline, why := stream.Asked(r)
	f, err := a.files.Content.Open(r.Context(), operation.Asker(r.Context()), id, version, why)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	stream.Send(w, r, f, f, inline)
	return nil
}

func versionOf(r *http.Request) (int64, error) {
	text := r.URL.Query().Get("version")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, &alveary.Error{Kind: alveary.KindInvalid, Op: "read the query", Code: "invalid", Message: "version must be a number from 1"}
	}
	return n, nil
}

func describeUpload(op *huma.Operation) {
	op.Parameters = []*huma.Param{
		stream.Required(stream.Query("name", "string", "Name of the file")),
		stream.Query("conflict", "string", "What to do with a name that exists: fail (default), replace, rename"),
		stream.Header("If-Match", "Entity tags of which the replaced file must have one"),
		stream.Header("If-None-Match", "* refuses to replace"),
	}
	describeBody(op)
	op.Responses["201"] = nodeResponse("The new file")
	op.Responses["200"] = nodeResponse("The file with its new version")
}

func describeOverwrite(op *huma.Operation) {
	op.Parameters = []*huma.Param{stream.Header("If-Match", "Entity tags of which the file must have one")}
	describeBody(op)
	op.Responses["200"] = nodeResponse("The file with its new version")
}

func describeBody(op *huma.Operation) {
	op.Parameters = append(op.Parameters,
		stream.Header("X-Mtime", "When the content was last changed, RFC 3339"))
	stream.Body(op)
}

func (a *API) upload(w http.ResponseWriter, r *http.Request) { stream.Fail(w, r, a.receive(w, r)) }

func (a *API) receive(w http.ResponseWriter, r *http.Request) error {
	id, err := nodeOf(r)
	if err != nil {
		return err
	}
	u, err := stream.UploadOf(w, r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	u.Name = q.Get("name")
	if u.Conflict, err = conflictOf(q.Get("conflict")); err != nil {
		return err
	}
	if len(u.IfMatch) > 0 {
		u.Conflict = files.Replace
	}
	if r.Header.Get("If-None-Match") == "*" {
		u.Conflict = files.Fail
	}
	it, made, err := a.files.Content.Write(r.Context(), operation.Asker(r.Context()), id, u)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if made {
		status = http.StatusCreated
	}
	w.Header().Set("ETag", it.ETag())
	return stream.JSON(w, status, toNode(it))
}

func (a *API) overwrite(w http.ResponseWriter, r *http.Request) {
	id, err := nodeOf(r)
	if err != nil {
		stream.Fail(w, r, err)
		return
	}
	u, err := stream.UploadOf(w, r)
	if err != nil {
		stream.Fail(w, r, err)
		return
	}
	it, err := a.files.Content.Overwrite(r.Context(), operation.Asker(r.Context()), id, u)
	if err != nil {
		stream.Fail(w, r, err)
		return
	}
	w.Header().Set("ETag", it.ETag())
	stream.Fail(w, r, stream.JSON(w, http.StatusOK, toNode(it)))
}

func conflictOf(text string) (files.Conflict, error) {
	switch c := files.Conflict(text); c {
	case "":
		return files.Fail, nil
	case files.Fail, files.Replace, files.KeepBoth:
		return c, nil
	}
	return "", &alveary.Error{Kind: alveary.KindInvalid, Op: "read the request", Code: "invalid", Message: "conflict must be fail, replace or rename"}
}

func describeThumbnail(op *huma.Operation) {
	op.Parameters = []*huma.Param{stream.Query("size", "integer", "Most pixels wide and high: 64, 256 (default) or 1024")}
	op.Responses["200"] = stream.Pictures("The picture")
}

func (a *API) thumbnail(w http.ResponseWriter, r *http.Request) {
	stream.Fail(w, r, a.sendThumbnail(w, r))
}

func (a *API) sendThumbnail(w http.ResponseWriter, r *http.Request) error {
	id, err := nodeOf(r)
	if err != nil {
		return err
	}
	size := map[string]int{"": 256, "64": 64, "256": 256, "1024": 1024}[r.URL.Query().Get("size")]
	if size == 0 {
		return &alveary.Error{Kind: alveary.KindInvalid, Op: "read the query", Code: "invalid", Message: "size must be 64, 256 or 1024"}
	}
	picture, f, err := a.files.Content.Thumbnail(r.Context(), operation.Asker(r.Context()), id, size)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	f.OnCut(func() { gateway.WakeAnswer(w) })
	gateway.UserContent(w.Header(), f.Item.Name, picture.MIME, true)
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Set("ETag", strings.TrimSuffix(f.ETag(), `"`)+"-"+strconv.Itoa(size)+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(picture.Bytes))
	stream.Whole(w, r, f)
	return nil
}

func describeArchive(op *huma.Operation) {
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/x-www-form-urlencoded": {Schema: &huma.Schema{
			Type: "object", Required: []string{"nodes"},
			Properties: map[string]*huma.Schema{
				"nodes": {Type: "string", Description: "Ids, separated by commas"},
				"name":  {Type: "string", Description: "Name of the archive, without ending"},
			},
		}},
	}}
	op.Responses["200"] = stream.Bytes("The archive; a note LEFT-OUT.txt in it says how many visible nodes were left out", "application/zip")
}

// maxSelection is how many nodes one archive can be asked for by name; what is
// in their folders does not count.
const maxSelection = 10_000

func (a *API) archive(w http.ResponseWriter, r *http.Request) { stream.Fail(w, r, a.sendArchive(w, r)) }

func (a *API) sendArchive(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return &alveary.Error{Kind: alveary.KindInvalid, Op: "read the form", Code: "invalid", Message: "the form could not be read", Cause: err}
	}
	var ids []alveary.NodeID
	for text := range strings.SplitSeq(r.PostForm.Get("nodes"), ",") {
		id, err := alveary.ParseNodeID(strings.TrimSpace(text))
		if err != nil {
			return err
		}
		if ids = append(ids, id); len(ids) > maxSelection {
			return &alveary.Error{Kind: alveary.KindTooLarge, Op: "read the form", Code: "too-large", Message: "too many nodes in one archive; choose their folder instead"}
		}
	}
	archive, err := a.files.Content.Archive(r.Context(), operation.Asker(r.Context()), ids)
	if err != nil {
		return err
	}
	name := r.PostForm.Get("name")
	if name == "" {
		name = "alveary"
	}
	stream.Archive(w, r, archive, name)
	return nil
}
