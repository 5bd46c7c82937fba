package share

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"alveary"
	"alveary/gateway"
	"alveary/gateway/rest/stream"
	"alveary/render"
	"alveary/service/files"
	"alveary/service/share/visit"
)

func describeDownload(op *huma.Operation) {
	op.Parameters = []*huma.Param{
		stream.Query("inline", "string", "1 shows the content in place, in a sandbox, where its type allows"),
		stream.Header("Range", "One range; where downloads are bounded, one that goes on where an earlier one stopped counts as the same download"),
	}
	op.Responses["200"] = stream.Bytes("The content")
	op.Responses["206"] = stream.Bytes("The range asked for")
}

func describePreview(op *huma.Operation) {
	op.Parameters = []*huma.Param{stream.Query("page", "integer", "Number of the page, from 1")}
	op.Responses["200"] = pictureResponse()
}

func describeThumbnail(op *huma.Operation) {
	op.Parameters = []*huma.Param{stream.Query("size", "integer", "Most pixels wide and high: 64 or 256 (default)")}
	op.Responses["200"] = pictureResponse()
}

func pictureResponse() *huma.Response {
	answer := stream.Pictures("The picture")
	answer.Headers = map[string]*huma.Param{"X-Pages": {Description: "How many pages there are", Schema: &huma.Schema{Type: "integer"}}}
	return answer
}

func describeArchive(op *huma.Operation) {
	op.Parameters = []*huma.Param{stream.Query("node", "string", "Id of a folder; what the link is on if missing")}
	op.Responses["200"] = stream.Bytes("The archive", "application/zip")
}

func describeUpload(op *huma.Operation) {
	stream.Body(op)
	op.Responses["201"] = &huma.Response{Description: "It is there", Content: map[string]*huma.MediaType{
		"application/json": {Schema: &huma.Schema{Type: "object", Properties: map[string]*huma.Schema{
			"name": {Type: "string", Description: "As it was sent, whatever it is called now"}, "size": {Type: "integer"},
		}}},
	}}
}

// visitor is the visit of a request that streams.
func (d *door) visitor(r *http.Request) (visit.Visit, error) {
	id, err := cellID(r.PathValue("id"))
	if err != nil {
		return visit.Visit{}, err
	}
	return d.visits.Enter(r.Context(), id, gateway.Visit(r.Context()), client(r.Context()))
}

// visitorAt is the visit and the node in the path.
func (d *door) visitorAt(r *http.Request) (visit.Visit, alveary.NodeID, error) {
	id, err := alveary.ParseNodeID(r.PathValue("node"))
	if err != nil {
		return visit.Visit{}, 0, err
	}
	v, err := d.visitor(r)
	return v, id, err
}

func (d *door) visitDownload(w http.ResponseWriter, r *http.Request) {
	stream.Fail(w, r, d.sendFile(w, r))
}

func (d *door) sendFile(w http.ResponseWriter, r *http.Request) error {
	v, id, err := d.visitorAt(r)
	if err != nil {
		return err
	}
	inline, why := stream.Asked(r)
	f, err := d.files.Content.Open(r.Context(), v.Subject, id, 0, why)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	from, err := d.claim(r, v, f)
	if err != nil {
		return err
	}
	defer from.settle()
	stream.Send(w, r, f, from, inline)
	return nil
}

// claim takes one of the downloads that are left, before any byte of it goes
// out. So that what is claimed is what is sent, one range is understood alone
// and, where downloads are bounded, nothing is answered by conditions.
func (d *door) claim(r *http.Request, v visit.Visit, f *files.File) (*counter, error) {
	if r.Method == http.MethodHead {
		return &counter{ReadSeeker: f}, d.visits.Offers(r.Context(), v)
	}
	if v.Left >= 0 {
		unconditional(r)
	}
	part := visit.Part{Node: f.Item.ID, Version: f.Item.Version, Size: f.Item.Size, To: f.Item.Size}
	from, to, ranged := oneRange(r.Header.Get("Range"), f.Item.Size)
	if tag := r.Header.Get("If-Range"); ranged && (tag == "" || tag == f.ETag()) {
		part.From, part.To = from, to
	} else {
		r.Header.Del("Range")
	}
	r.Header.Del("If-Range")
	settle, err := d.visits.Claim(r.Context(), v, part)
	return &counter{ReadSeeker: f, done: settle}, err
}

func unconditional(r *http.Request) {
	for _, name := range []string{"If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since"} {
		r.Header.Del(name)
	}
}

// oneRange reads a Range header of one range: the bytes from the one up to the
// other, without it.
func oneRange(text string, size int64) (from, to int64, ok bool) {
	text, ok = strings.CutPrefix(strings.TrimSpace(text), "bytes=")
	if !ok || strings.Contains(text, ",") {
		return 0, 0, false
	}
	first, last, ok := strings.Cut(text, "-")
	if !ok {
		return 0, 0, false
	}
	if first == "" {
		n, err := strconv.ParseInt(last, 10, 64)
		if err != nil || n <= 0 {
			return 0, 0, false
		}
		return max(0, size-n), size, size > 0
	}
	from, err := strconv.ParseInt(first, 10, 64)
	if err != nil || from < 0 || from >= size {
		return 0, 0, false
	}
	to = size
	if last != "" {
		n, err := strconv.ParseInt(last, 10, 64)
		if err != nil || n < from {
			return 0, 0, false
		}
		to = min(size, n+1)
	}
	return from, to, true
}

// counter knows how many bytes were read.
type counter struct {
	io.ReadSeeker
	read int64
	done func(handed int64) error
}

// Read counts what it hands on.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.ReadSeeker.Read(p)
	c.read += int64(n)
	return n, err
}

// settle says how many went out. Where that cannot be written down the rest of
// the download is lost, which gives nobody more.
func (c *counter) settle() {
	if c.done != nil {
		_ = c.done(c.read)
	}
}

func (d *door) visitArchive(w http.ResponseWriter, r *http.Request) {
	stream.Fail(w, r, d.sendArchive(w, r))
}

func (d *door) sendArchive(w http.ResponseWriter, r *http.Request) error {
	v, err := d.visitor(r)
	if err != nil {
		return err
	}
	id := v.Node
	if text := r.URL.Query().Get("node"); text != "" {
		if id, err = alveary.ParseNodeID(text); err != nil {
			return err
		}
	}
	archive, err := d.files.Content.Archive(r.Context(), v.Subject, []alveary.NodeID{id})
	if err != nil {
		return err
	}
	count := d.visits.ClaimArchive
	if r.Method == http.MethodHead {
		count = d.visits.Offers
	}
	if err := count(r.Context(), v); err != nil {
		return err
	}
	stream.Archive(w, r, archive, archiveName(v.Cell.Label))
	return nil
}

// archiveName is a name made of a label, which is no name and could be read as
// a path.
func archiveName(label string) string {
	name := strings.TrimLeft(strings.NewReplacer("/", "-", `\`, "-").Replace(label), ".")
	if name == "" {
		name = "files"
	}
	return name
}

func (d *door) visitThumbnail(w http.ResponseWriter, r *http.Request) {
	stream.Fail(w, r, d.sendThumbnail(w, r))
}

func (d *door) sendThumbnail(w http.ResponseWriter, r *http.Request) error {
	v, id, err := d.visitorAt(r)
	if err != nil {
		return err
	}
	size := map[string]int{"": 256, "64": 64, "256": 256}[r.URL.Query().Get("size")]
	if size == 0 {
		return &alveary.Error{Kind: alveary.KindInvalid, Op: "read the query", Code: "invalid", Message: "size must be 64 or 256"}
	}
	if v.Cell.Link.Watermark || v.Cell.Link.Mode == alveary.LinkDownload {
		return &alveary.Error{Kind: alveary.KindDenied, Op: "make the thumbnail", Code: "no-preview", Message: "this link shows no small pictures"}
	}
	picture, f, err := d.files.Content.SmallRendition(r.Context(), v.Subject, id, size)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	return sendPicture(w, r, f.Item.Name, picture.MIME, picture.Bytes)
}

func sendPicture(w http.ResponseWriter, r *http.Request, name, mime string, picture []byte) error {
	gateway.UserContent(w.Header(), name, mime, true)
	w.Header().Set("Cache-Control", "private, no-store")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(picture))
	return nil
}

func (d *door) visitPreview(w http.ResponseWriter, r *http.Request) {
	stream.Fail(w, r, d.sendPreview(w, r))
}

func (d *door) sendPreview(w http.ResponseWriter, r *http.Request) error {
	v, id, err := d.visitorAt(r)
	if err != nil {
		return err
	}
	page := 1
	if text := r.URL.Query().Get("page"); text != "" {
		if page, err = strconv.Atoi(text); err != nil || page < 1 {
			return &alveary.Error{Kind: alveary.KindInvalid, Op: "read the query", Code: "invalid", Message: "page must be a number from 1"}
		}
	}
	made, err := d.rendition(r.Context(), v, id, page-1)
	if err != nil {
		return err
	}
	if made.Picture.Bytes == nil {
		return &alveary.Error{Kind: alveary.KindInvalid, Op: "make a preview", Code: "no-preview", Message: "this is read as text"}
	}
	if made.Picture.Pages > 0 {
		w.Header().Set("X-Pages", strconv.Itoa(made.Picture.Pages))
	}
	return sendPicture(w, r, made.Node.Name, made.Picture.Type, made.Picture.Bytes)
}

// rendition makes what is shown in place of a file, with who looks and when
// drawn into it where the link asks for that.
func (d *door) rendition(ctx context.Context, v visit.Visit, id alveary.NodeID, page int) (files.Rendition, error) {
	if v.Cell.Link.Mode == alveary.LinkDownload {
		return files.Rendition{}, &alveary.Error{Kind: alveary.KindDenied, Op: "make a preview", Code: "no-preview", Message: "this link is for downloading: it shows no previews"}
	}
	return d.files.Content.Rendition(ctx, v.Subject, id, page, d.mark(v))
}

// mark is who looks, and when: his name where the link knows it, and where he
// comes from.
func (d *door) mark(v visit.Visit) render.Mark {
	if !v.Cell.Link.Watermark {
		return render.Mark{}
	}
	who := v.Subject.Address
	if v.Subject.Guest != nil {
		who = v.Subject.Guest.User.DisplayName() + " · " + who
	}
	return render.Mark{Who: who, When: d.now().UTC().Format("2006-01-02 15:04 MST")}
}

func (d *door) visitUpload(w http.ResponseWriter, r *http.Request) {
	stream.Fail(w, r, d.takeUpload(w, r))
}

func (d *door) takeUpload(w http.ResponseWriter, r *http.Request) error {
	v, err := d.visitor(r)
	if err != nil {
		return err
	}
	id := v.Node
	if text := r.PathValue("node"); text != "top" {
		if id, err = alveary.ParseNodeID(text); err != nil {
			return err
		}
	}
	u, err := stream.UploadOf(w, r)
	if err != nil {
		return err
	}
	name := r.PathValue("name")
	u.Name, u.Conflict, u.Most = name, files.KeepBoth, v.MostUpload()
	it, _, err := d.files.Content.Write(r.Context(), v.Subject, id, u)
	if err != nil {
		return err
	}
	d.visits.Uploaded(v)
	return stream.JSON(w, http.StatusCreated, map[string]any{"name": name, "size": it.Size})
}
