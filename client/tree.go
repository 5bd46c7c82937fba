package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"alveary"
)

// pageSize is the most that the server gives at once.
const pageSize = 1000

// Server tells what the server is; it needs no sign-in.
func (c *Client) Server(ctx context.Context) (Server, error) {
	var s Server
	_, err := c.exchange(ctx, call{op: "look at the server", subject: c.URL(), method: http.MethodGet, path: "/server", again: true}, nil, &s)
	return s, err
}

// Workspaces lists the places where remote paths begin.
func (c *Client) Workspaces(ctx context.Context) ([]Workspace, error) {
	var out struct {
		Items []Workspace `json:"items"`
	}
	_, err := c.exchange(ctx, call{op: "list the workspaces", method: http.MethodGet, path: "/workspaces", again: true}, nil, &out)
	return out.Items, err
}

// Stat finds a node by its path, WORKSPACE/a/b.
func (c *Client) Stat(ctx context.Context, remote string) (Node, error) {
	var n Node
	_, err := c.exchange(ctx, call{
		op: "find", subject: remote, method: http.MethodGet, path: "/nodes", query: url.Values{"path": {remote}}, again: true,
	}, nil, &n)
	return n, err
}

// Node finds a node by its id.
func (c *Client) Node(ctx context.Context, id alveary.NodeID) (Node, error) {
	var n Node
	_, err := c.exchange(ctx, call{op: "find", subject: "node " + id.String(), method: http.MethodGet, path: nodePath(id), again: true}, nil, &n)
	return n, err
}

// List gives the visible children of a folder, in the order of their names,
// reading page after page. It ends after the first error.
func (c *Client) List(ctx context.Context, folder Node) iter.Seq2[Node, error] {
	return c.pages(ctx, call{op: "list", subject: folder.Path, path: nodePath(folder.ID) + "/children", query: url.Values{"sort": {"name"}, "folders": {"mixed"}}})
}

// Binned gives what is in the recycle bin; Path says where it was.
func (c *Client) Binned(ctx context.Context) iter.Seq2[Node, error] {
	return c.pages(ctx, call{op: "list the bin", path: "/bin", query: url.Values{}})
}

func (c *Client) pages(ctx context.Context, r call) iter.Seq2[Node, error] {
	r.method, r.again = http.MethodGet, true
	return func(yield func(Node, error) bool) {
		// A copy, so that the sequence can be run again from its start.
		query := url.Values{"limit": {strconv.Itoa(pageSize)}}
		for key, values := range r.query {
			query[key] = values
		}
		one := r
		one.query = query
		for {
			var p page
			if _, err := c.exchange(ctx, one, nil, &p); err != nil {
				yield(Node{}, err)
				return
			}
			for _, n := range p.Items {
				if !yield(n, nil) {
					return
				}
			}
			if p.Next == "" || p.Next == query.Get("cursor") {
				return
			}
			query.Set("cursor", p.Next)
		}
	}
}

// Mkdir makes one folder; made is false where Existing found it there.
func (c *Client) Mkdir(ctx context.Context, parent alveary.NodeID, name string, conflict Conflict) (n Node, made bool, err error) {
	resp, err := c.exchange(ctx, call{
		op: "make the folder", subject: name, method: http.MethodPost, path: nodePath(parent) + "/folders", again: conflict == Existing,
	}, struct {
		Name     string   `json:"name"`
		Conflict Conflict `json:"conflict,omitempty"`
	}{name, conflict}, &n)
	return n, err == nil && resp.StatusCode == http.StatusCreated, err
}

// MkdirAll makes a folder and those above it that are missing, up to the
// workspace, and gives the folder that is there then.
func (c *Client) MkdirAll(ctx context.Context, remote string) (Node, error) {
	n, err := c.Stat(ctx, remote)
	switch {
	case err == nil && n.IsFolder():
		return n, nil
	case err == nil:
		return Node{}, &alveary.Error{Kind: alveary.KindConflict, Op: "make the folder", Subject: remote, Code: "name-exists", Message: "there is a file by that name"}
	case !alveary.IsKind(err, alveary.KindNotFound) || !strings.Contains(remote, "/"):
		return Node{}, err
	}
	above, name := path.Split(remote)
	parent, err := c.MkdirAll(ctx, strings.TrimSuffix(above, "/"))
	if err != nil {
		return Node{}, err
	}
	n, _, err = c.Mkdir(ctx, parent.ID, name, Existing)
	return n, err
}

// place is the body of a move or a copy.
type place struct {
	Parent   alveary.NodeID `json:"parent"`
	Name     string         `json:"name,omitempty"`
	Conflict Conflict       `json:"conflict,omitempty"`
}

// Move puts a node into the folder parent, under the name, or under its own
// where the name is empty. Rename is a move within the folder.
func (c *Client) Move(ctx context.Context, n Node, parent alveary.NodeID, name string, conflict Conflict) (Node, error) {
	var out Node
	_, err := c.exchange(ctx, call{
		op: "move", subject: n.Path, method: http.MethodPost, path: nodePath(n.ID) + "/move",
	}, place{parent, name, conflict}, &out)
	return out, err
}

// Copy copies a node, with all that may be read beneath it.
func (c *Client) Copy(ctx context.Context, n Node, parent alveary.NodeID, name string, conflict Conflict) (Copied, error) {
	var out Copied
	_, err := c.exchange(ctx, call{
		op: "copy", subject: n.Path, method: http.MethodPost, path: nodePath(n.ID) + "/copy",
	}, place{parent, name, conflict}, &out)
	return out, err
}

// Bin moves a node to the recycle bin.
func (c *Client) Bin(ctx context.Context, n Node) error {
	_, err := c.exchange(ctx, call{op: "move to the bin", subject: n.Path, method: http.MethodPost, path: nodePath(n.ID) + "/bin"}, nil, nil)
	return err
}

// Restore takes a node out of the bin, to where it was.
func (c *Client) Restore(ctx context.Context, n Node, conflict Conflict) (Node, error) {
	var out Node
	_, err := c.exchange(ctx, call{
		op: "restore", subject: n.Path, method: http.MethodPost, path: nodePath(n.ID) + "/restore",
	}, struct {
		Conflict Conflict `json:"conflict,omitempty"`
	}{conflict}, &out)
	return out, err
}

// Delete deletes a node for good, in the bin or not. A node that is gone when
// the request is sent again was deleted by the first.
func (c *Client) Delete(ctx context.Context, n Node) error {
	resp, err := c.exchange(ctx, call{op: "delete for good", subject: n.Path, method: http.MethodDelete, path: nodePath(n.ID), again: true}, nil, nil)
	if resp.repeated && alveary.IsKind(err, alveary.KindNotFound) {
		return nil
	}
	return err
}

// EmptyBin deletes all that is in the bin for good.
func (c *Client) EmptyBin(ctx context.Context) (Emptied, error) {
	var out Emptied
	_, err := c.exchange(ctx, call{op: "empty the bin", method: http.MethodDelete, path: "/bin"}, nil, &out)
	return out, err
}

// child finds a node by its name in a folder whose id is known.
func (c *Client) child(ctx context.Context, parent alveary.NodeID, name string) (Node, error) {
	folder, err := c.Node(ctx, parent)
	if err != nil {
		return Node{}, err
	}
	return c.Stat(ctx, folder.Path+"/"+name)
}

func nodePath(id alveary.NodeID) string { return "/nodes/" + id.String() }
