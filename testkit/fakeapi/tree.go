package fakeapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"alveary"
)

type node struct {
	id, parent alveary.NodeID
	name       string
	folder     bool
	data       []byte
	mtime      time.Time
	revision   int64
	binned     bool
}

// Put makes a file, and the folders above it, at WORKSPACE/a/b.
func (s *Server) Put(t testing.TB, remote string, data []byte) alveary.NodeID {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	names := strings.Split(remote, "/")
	at := s.workdirs[names[0]]
	for i, name := range names[1:] {
		if n := s.child(at, name); n != nil {
			at = n.id
			continue
		}
		var content []byte
		if i == len(names)-2 {
			content = append([]byte{}, data...)
		}
		at = s.add(at, name, content).id
	}
	return at
}

// Set changes the content of a file.
func (s *Server) Set(id alveary.NodeID, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nodes[id].data, s.nodes[id].revision = data, s.number()
}

// SetName gives a node a name without checking it, as a hostile server would.
func (s *Server) SetName(id alveary.NodeID, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nodes[id].name = name
}

// Files lists every file that is not in the bin, by path.
func (s *Server) Files() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]string{}
	for _, n := range s.nodes {
		if !n.folder && !s.inBin(n) {
			out[s.path(n)] = string(n.data)
		}
	}
	return out
}

// Folders lists every folder that is not in the bin, by path.
func (s *Server) Folders() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, n := range s.nodes {
		if n.folder && n.parent != 0 && !s.inBin(n) {
			out = append(out, s.path(n))
		}
	}
	sort.Strings(out)
	return out
}

func (s *Server) inBin(n *node) bool {
	for ; n != nil; n = s.nodes[n.parent] {
		if n.binned {
			return true
		}
	}
	return false
}

// add makes a node; of a folder data is nil.
func (s *Server) add(parent alveary.NodeID, name string, data []byte) *node {
	n := &node{id: alveary.NodeID(s.number()), parent: parent, name: name, folder: data == nil, data: data, mtime: when(), revision: s.number()}
	s.nodes[n.id] = n
	return n
}

func (s *Server) child(parent alveary.NodeID, name string) *node {
	for _, n := range s.nodes {
		if n.parent == parent && n.name == name && !n.binned {
			return n
		}
	}
	return nil
}

func (s *Server) path(n *node) string {
	parts := []string{}
	for ; n != nil; n = s.nodes[n.parent] {
		parts = append([]string{n.name}, parts...)
	}
	return strings.Join(parts, "/")
}

func (s *Server) view(n *node) map[string]any {
	kind, sum := alveary.Leaf, ""
	if n.folder {
		kind = alveary.Collection
	} else {
		raw := sha256.Sum256(n.data)
		sum = hex.EncodeToString(raw[:])
	}
	view := map[string]any{
		"id": n.id, "name": n.name, "type": kind, "size": len(n.data), "sha256": sum,
		"etag": etag(n), "path": s.path(n), "mtime": n.mtime, "created": when(), "changed": when(),
		"owner": map[string]string{"login": Login},
	}
	if n.parent != 0 {
		view["parent"] = n.parent
	}
	return view
}

func etag(n *node) string { return fmt.Sprintf(`"%d"`, n.revision) }

func withheld() (int, any) {
	return http.StatusNotFound, fault("not-found", "there is nothing here by that name, or you may not see it")
}

func taken(name string) (int, any) {
	return http.StatusConflict, fault("name-exists", fmt.Sprintf("there is already something by the name of %q here", name))
}

func (s *Server) listWorkspaces(*http.Request) (int, any) {
	items := []any{}
	for _, slug := range []string{alveary.WorkspaceCommonFiles, alveary.WorkspaceMyFiles} {
		items = append(items, map[string]any{"slug": slug, "label": slug, "root": s.view(s.nodes[s.workdirs[slug]]), "roots": []any{}})
	}
	return http.StatusOK, map[string]any{"items": items}
}

func (s *Server) find(r *http.Request) (int, any) {
	names := strings.Split(r.URL.Query().Get("path"), "/")
	n := s.nodes[s.workdirs[names[0]]]
	for _, name := range names[1:] {
		if n == nil {
			break
		}
		n = s.child(n.id, name)
	}
	if n == nil {
		return withheld()
	}
	return http.StatusOK, s.view(n)
}

func (s *Server) node(r *http.Request) *node {
	id, err := alveary.ParseNodeID(r.PathValue("id"))
	if err != nil {
		return nil
	}
	return s.nodes[id]
}

func (s *Server) stat(r *http.Request) (int, any) {
	if n := s.node(r); n != nil {
		return http.StatusOK, s.view(n)
	}
	return withheld()
}

func (s *Server) children(r *http.Request) (int, any) {
	folder := s.node(r)
	if folder == nil {
		return withheld()
	}
	return http.StatusOK, s.paged(r.URL.Query(), func(n *node) bool { return n.parent == folder.id && !n.binned })
}

func (s *Server) paged(query url.Values, in func(*node) bool) any {
	all := []*node{}
	for _, n := range s.nodes {
		if in(n) {
			all = append(all, n)
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].name < all[j].name })
	// Small pages whatever is asked for, so that every listing has several.
	start, _ := strconv.Atoi(query.Get("cursor"))
	end := min(start+3, len(all))
	items := []any{}
	for _, n := range all[start:end] {
		items = append(items, s.view(n))
	}
	out := map[string]any{"items": items, "total": len(all)}
	if end < len(all) {
		out["next"] = strconv.Itoa(end)
	}
	return out
}

type placing struct {
	Parent   alveary.NodeID
	Name     string
	Conflict string
}

func read(r *http.Request, into any) { _ = json.NewDecoder(r.Body).Decode(into) }

func (s *Server) mkdir(r *http.Request) (int, any) {
	var in placing
	read(r, &in)
	parent := s.node(r)
	if parent == nil {
		return withheld()
	}
	if there := s.child(parent.id, in.Name); there != nil {
		switch {
		case in.Conflict == "existing" && there.folder:
			return http.StatusOK, s.view(there)
		case in.Conflict != "rename":
			return taken(in.Name)
		}
		in.Name = s.free(parent.id, in.Name)
	}
	return http.StatusCreated, s.view(s.add(parent.id, in.Name, nil))
}

func (s *Server) free(parent alveary.NodeID, name string) string {
	ext := path.Ext(name)
	for i := 2; ; i++ {
		if next := fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ext), i, ext); s.child(parent, next) == nil {
			return next
		}
	}
}

// settle makes room for a name as the conflict says; ok is false where it is taken.
func (s *Server) settle(in *placing, self *node) (ok bool) {
	there := s.child(in.Parent, in.Name)
	if there == nil || there == self {
		return true
	}
	switch in.Conflict {
	case "rename":
		in.Name = s.free(in.Parent, in.Name)
	case "replace":
		there.binned = true
	default:
		return false
	}
	return true
}

func (s *Server) move(r *http.Request) (int, any) {
	n, in := s.node(r), placing{}
	read(r, &in)
	if n == nil || s.nodes[in.Parent] == nil {
		return withheld()
	}
	if in.Name == "" {
		in.Name = n.name
	}
	if !s.settle(&in, n) {
		return taken(in.Name)
	}
	n.parent, n.name = in.Parent, in.Name
	return http.StatusOK, s.view(n)
}

func (s *Server) copy(r *http.Request) (int, any) {
	n, in := s.node(r), placing{}
	read(r, &in)
	if n == nil || s.nodes[in.Parent] == nil {
		return withheld()
	}
	if in.Name == "" {
		in.Name = n.name
	}
	if !s.settle(&in, nil) {
		return taken(in.Name)
	}
	return http.StatusCreated, map[string]any{"node": s.view(s.duplicate(n, in.Parent, in.Name)), "leftOut": 0}
}

func (s *Server) duplicate(n *node, parent alveary.NodeID, name string) *node {
	beneath := []*node{}
	for _, c := range s.nodes {
		if c.parent == n.id && !c.binned {
			beneath = append(beneath, c)
		}
	}
	var data []byte
	if !n.folder {
		data = bytes.Clone(append([]byte{}, n.data...))
	}
	made := s.add(parent, name, data)
	for _, c := range beneath {
		s.duplicate(c, made.id, c.name)
	}
	return made
}

func (s *Server) bin(r *http.Request) (int, any) {
	n := s.node(r)
	if n == nil || n.binned {
		return withheld()
	}
	n.binned = true
	return http.StatusOK, s.view(n)
}

func (s *Server) restore(r *http.Request) (int, any) {
	n, in := s.node(r), placing{}
	read(r, &in)
	if n == nil || !n.binned {
		return withheld()
	}
	in.Parent, in.Name = n.parent, n.name
	if !s.settle(&in, n) {
		return taken(n.name)
	}
	n.binned, n.name = false, in.Name
	return http.StatusOK, s.view(n)
}

func (s *Server) remove(r *http.Request) (int, any) {
	n := s.node(r)
	if n == nil {
		return withheld()
	}
	delete(s.nodes, n.id)
	return http.StatusNoContent, nil
}

func (s *Server) listBin(r *http.Request) (int, any) {
	return http.StatusOK, s.paged(r.URL.Query(), func(n *node) bool { return n.binned })
}

func (s *Server) emptyBin(*http.Request) (int, any) {
	count := 0
	for id, n := range s.nodes {
		if n.binned {
			delete(s.nodes, id)
			count++
		}
	}
	return http.StatusOK, map[string]any{"deleted": count, "kept": 0}
}
