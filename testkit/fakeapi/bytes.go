package fakeapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"alveary"
)

// upload is an unfinished tus upload.
type upload struct {
	in     placing
	mtime  time.Time
	length int64
	data   []byte
	node   alveary.NodeID // once it is finished
}

func (s *Server) putFile(r *http.Request) (int, any) {
	s.mu.Unlock() // bodies come slowly, and others must not wait for them
	data, err := io.ReadAll(r.Body)
	s.mu.Lock()
	if err != nil {
		return http.StatusBadRequest, fault("invalid", "the body broke off")
	}
	if want := r.Header.Get("Content-Digest"); want != "" && want != "sha-256=:"+sum64(data)+":" {
		return 460, fault("invalid", "the bytes are not those of Content-Digest")
	}
	parent := s.node(r)
	if parent == nil {
		return withheld()
	}
	in := placing{parent.id, r.URL.Query().Get("name"), r.URL.Query().Get("conflict")}
	if there := s.child(parent.id, in.Name); there != nil && r.Header.Get("If-Match") != "" && r.Header.Get("If-Match") != etag(there) {
		return http.StatusPreconditionFailed, fault("changed", "it changed meanwhile")
	}
	mtime, _ := time.Parse(time.RFC3339Nano, r.Header.Get("X-Mtime"))
	return s.place(in, data, mtime)
}

// place puts content under a name, as the conflict says.
func (s *Server) place(in placing, data []byte, mtime time.Time) (int, any) {
	if err := alveary.CheckName(in.Name); err != nil {
		return http.StatusBadRequest, fault("invalid", err.Error())
	}
	there := s.child(in.Parent, in.Name)
	switch {
	case there == nil:
	case in.Conflict == "replace" && !there.folder:
		there.data, there.revision, there.mtime = data, s.number(), mtime
		return http.StatusOK, s.view(there)
	case in.Conflict == "rename":
		in.Name = s.free(in.Parent, in.Name)
	default:
		return taken(in.Name)
	}
	n := s.add(in.Parent, in.Name, append([]byte{}, data...))
	if !mtime.IsZero() {
		n.mtime = mtime
	}
	return http.StatusCreated, s.view(n)
}

func (s *Server) content(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	n := s.node(r)
	if n == nil || n.folder {
		s.mu.Unlock()
		status, body := withheld()
		reply(w, status, body)
		return
	}
	data, tag, mtime := n.data, etag(n), n.mtime
	s.mu.Unlock()
	w.Header().Set("ETag", tag)
	w.Header().Set("Content-Type", "application/octet-stream")
	http.ServeContent(w, r, "", mtime, bytes.NewReader(data))
}

func sum64(data []byte) string {
	sum := sha256.Sum256(data)
	return base64.StdEncoding.EncodeToString(sum[:])
}

func (s *Server) createUpload(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := &upload{}
	u.length, _ = strconv.ParseInt(r.Header.Get("Upload-Length"), 10, 64)
	for pair := range strings.SplitSeq(r.Header.Get("Upload-Metadata"), ",") {
		key, coded, _ := strings.Cut(strings.TrimSpace(pair), " ")
		value, _ := base64.StdEncoding.DecodeString(coded)
		switch key {
		case "parent":
			u.in.Parent, _ = alveary.ParseNodeID(string(value))
		case "name":
			u.in.Name = string(value)
		case "conflict":
			u.in.Conflict = string(value)
		case "mtime":
			u.mtime, _ = time.Parse(time.RFC3339Nano, string(value))
		}
	}
	if s.nodes[u.in.Parent] == nil || r.Header.Get("Tus-Resumable") != "1.0.0" {
		status, body := withheld()
		reply(w, status, body)
		return
	}
	id := "u" + strconv.FormatInt(s.number(), 10)
	s.uploads[id] = u
	w.Header().Set("Location", "/api/v1/uploads/"+id)
	w.WriteHeader(http.StatusCreated)
}

// ForgetUploads drops every unfinished upload, as their expiry does.
func (s *Server) ForgetUploads() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.uploads = map[string]*upload{}
}

func (s *Server) headUpload(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.uploads[r.PathValue("id")]
	if u == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Upload-Length", strconv.FormatInt(u.length, 10))
	u.tell(w)
	w.WriteHeader(http.StatusOK)
}

func (u *upload) tell(w http.ResponseWriter) {
	w.Header().Set("Upload-Offset", strconv.Itoa(len(u.data)))
	if u.node != 0 {
		w.Header().Set("Alveary-Node", u.node.String())
	}
}

func (s *Server) patchUpload(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.uploads[r.PathValue("id")]
	switch {
	case u == nil:
		status, body := withheld()
		reply(w, status, body)
		return
	case r.Header.Get("Upload-Offset") != strconv.Itoa(len(u.data)):
		reply(w, http.StatusConflict, fault("changed", "the offset is another"))
		return
	case err != nil: // without the rest the checksum cannot be compared: nothing is kept
		reply(w, http.StatusBadRequest, fault("invalid", "the body broke off"))
		return
	case r.Header.Get("Upload-Checksum") != "sha256 "+sum64(data):
		reply(w, 460, fault("invalid", "the checksum is another"))
		return
	}
	u.data = append(u.data, data...)
	if int64(len(u.data)) == u.length {
		if status, body := s.complete(u); status >= http.StatusBadRequest {
			reply(w, status, body)
			return
		}
	}
	u.tell(w)
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) complete(u *upload) (int, any) {
	if u.node != 0 {
		return http.StatusOK, s.view(s.nodes[u.node])
	}
	status, body := s.place(u.in, u.data, u.mtime)
	if view, ok := body.(map[string]any); ok && status < http.StatusBadRequest {
		u.node, _ = view["id"].(alveary.NodeID)
	}
	return status, body
}

func (s *Server) finishUpload(r *http.Request) (int, any) {
	u := s.uploads[r.PathValue("id")]
	if u == nil || int64(len(u.data)) != u.length {
		return withheld()
	}
	var in placing
	read(r, &in)
	u.in.Conflict = in.Conflict
	return s.complete(u)
}
