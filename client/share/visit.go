package share

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"alveary"
	"alveary/client"
)

// The errors' codes by which a link asks for something.
const (
	needsPassword = "password"
	wrongPassword = "wrong-password"
	needsProof    = "captcha"
	needsSignIn   = "sign-in"
)

// NeedsPassword says whether a link could not be opened for want of its
// password.
func NeedsPassword(err error) bool { return hasCode(err, needsPassword) }

// NeedsSignIn says whether a link is for people who sign in.
func NeedsSignIn(err error) bool { return hasCode(err, needsSignIn) }

func hasCode(err error, code string) bool {
	var e *alveary.Error
	return errors.As(err, &e) && e.Code == code
}

// pages is where the addresses of links begin.
const pages = "/s/"

// ParseLink reads the address of a link: the server, and what it is opened by,
// which is secret.
func ParseLink(address string) (server, token string, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || !strings.HasPrefix(u.Path, pages) {
		return "", "", errNoLink // not with the address itself: it is secret
	}
	if token = strings.TrimPrefix(u.Path, pages); token == "" || strings.Contains(token, "/") {
		return "", "", errNoLink
	}
	base, err := client.ParseURL(u.Scheme + "://" + u.Host)
	if err != nil {
		return "", "", err
	}
	return base.String(), token, nil
}

var errNoLink = errors.New("this is not the address of a link: it looks like https://files.example.org/s/…")

// Visit is an opened link: what it leads to, and what else a visitor may know.
type Visit struct {
	ID        string     `json:"id"`
	Label     string     `json:"label"`
	Mode      string     `json:"mode"`
	Owner     string     `json:"owner"`
	Node      Visited    `json:"node"`
	Until     *time.Time `json:"until,omitempty"`
	Left      *int64     `json:"left,omitempty"` // downloads that are left, where they are bounded
	Upload    int64      `json:"upload"`
	Watermark bool       `json:"watermark"`

	client *client.Client
}

// Visited is a file or folder as visitors see it.
type Visited struct {
	ID    string            `json:"id,omitempty"` // missing where nothing is seen
	Name  string            `json:"name"`
	Type  alveary.NodeType  `json:"type"`
	Size  int64             `json:"size"`
	MTime *time.Time        `json:"mtime,omitempty"`
	Can   alveary.Abilities `json:"abilities"`
}

// IsFolder says whether the node can hold others.
func (v Visited) IsFolder() bool { return v.Type == alveary.Collection }

// Open opens a link of the server that the client speaks to. A client with a
// token opens it as nobody in particular; one with a session, as client.Begin
// makes it, as somebody where the link is for people who sign in. A proof of work
// that the server wants is done on the way.
func Open(ctx context.Context, c *client.Client, token, password string) (*Visit, error) {
	r := client.Request{Op: "open the link", Method: http.MethodPost, Path: "/visits"}
	proof := ""
	for {
		v := &Visit{}
		in, err := c.Admitted(ctx, r, struct {
			Token    string `json:"token"`
			Password string `json:"password,omitempty"`
			Captcha  string `json:"captcha,omitempty"`
		}{token, password, proof}, v)
		if hasCode(err, needsProof) && proof == "" {
			if proof, err = c.Prove(ctx); err == nil {
				continue
			}
		}
		v.client = in
		return v, err
	}
}

func (v *Visit) path(beneath string) string { return at("/visits", v.ID, beneath) }

func (v *Visit) nodePath(n Visited, beneath string) string {
	return v.path("/nodes/" + url.PathEscape(n.ID) + beneath)
}

// Children lists a folder, page after page as it is read. It ends after the
// first error.
func (v *Visit) Children(ctx context.Context, folder Visited) iter.Seq2[Visited, error] {
	return func(yield func(Visited, error) bool) {
		q := url.Values{"limit": {"1000"}}
		for {
			got, err := get[struct {
				Items []Visited `json:"items"`
				Next  string    `json:"next"`
			}](ctx, v.client, "list", folder.Name, v.nodePath(folder, "/children"), q)
			if err != nil {
				yield(Visited{}, err)
				return
			}
			for _, n := range got.Items {
				if !yield(n, nil) {
					return
				}
			}
			if got.Next == "" || got.Next == q.Get("cursor") {
				return
			}
			q.Set("cursor", got.Next)
		}
	}
}

// Get fetches a file of the link to a name beneath a folder, as client.Get does.
// Each counts as one download where those are bounded.
func (v *Visit) Get(ctx context.Context, n Visited, into *os.Root, name string, replace bool) error {
	id, err := alveary.ParseNodeID(n.ID)
	if err != nil {
		return err
	}
	node := client.Node{ID: id, Name: n.Name, Path: n.Name, Type: n.Type, Size: n.Size}
	if n.MTime != nil {
		node.MTime = *n.MTime
	}
	return v.client.Get(ctx, client.Download{Node: node, Into: into, Name: name, Replace: replace, Path: v.nodePath(n, "/content")})
}

// Archive writes a folder as a zip, which is one download.
func (v *Visit) Archive(ctx context.Context, folder Visited, to io.Writer) error {
	return v.client.Ask(ctx, client.Request{
		Op: "download", Subject: folder.Name, Method: http.MethodGet, Path: v.path("/archive"), Query: url.Values{"node": {folder.ID}},
	}, nil, to)
}

// Dropped is a file that was put in, under the name that it was sent with.
type Dropped struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
}

// Drop puts a file in where the link leads. It is never sent twice: who may not
// look would have no way to take one back.
func (v *Visit) Drop(ctx context.Context, name string, content io.ReaderAt, size int64) (out Dropped, err error) {
	err = v.client.Ask(ctx, client.Request{
		Op: "put in", Subject: name, Method: http.MethodPut, Path: v.path("/nodes/top/files/" + url.PathEscape(name)),
	}, client.Bytes{Content: content, Size: size}, &out)
	return out, err
}
