package share

import (
	"context"
	"net/http"
	"time"

	"alveary"
)

// Link is a link as who may look after it sees it: without its address.
type Link struct {
	ID        string            `json:"id"`
	Label     string            `json:"label"`
	Slug      string            `json:"slug,omitempty"`
	Path      string            `json:"path,omitempty"` // where its address is of one's own choosing
	Mode      string            `json:"mode"`
	Node      Node              `json:"node"`
	Owner     Person            `json:"owner"`
	Created   time.Time         `json:"created"`
	From      *time.Time        `json:"from,omitempty"`
	Until     *time.Time        `json:"until,omitempty"`
	Ends      *time.Time        `json:"ends,omitempty"` // under the rules of the house
	Password  bool              `json:"password"`
	Downloads int64             `json:"downloads"`
	Left      *int64            `json:"left,omitempty"`
	Upload    int64             `json:"upload"`
	People    []Member          `json:"people"`
	Watermark bool              `json:"watermark"`
	Policies  []string          `json:"policies,omitempty"`
	Flags     []string          `json:"flags"`
	Void      *Void             `json:"void,omitempty"`
	Use       Use               `json:"use"`
	Review    *ReviewDue        `json:"review,omitempty"`
	Can       alveary.Abilities `json:"abilities"`
}

// NewLink is a link that is to be made.
type NewLink struct {
	Node      string     `json:"node"`
	Mode      string     `json:"mode"`
	Label     string     `json:"label,omitempty"`
	Slug      string     `json:"slug,omitempty"`
	Password  string     `json:"password,omitempty"`
	From      *time.Time `json:"from,omitempty"`
	Until     *time.Time `json:"until,omitempty"`
	Downloads int64      `json:"downloads,omitempty"`
	Upload    int64      `json:"upload,omitempty"`
	People    []Ref      `json:"people,omitempty"`
	Watermark bool       `json:"watermark,omitempty"`
	Policies  []string   `json:"policies,omitempty"`
}

// LinkPatch is what is to be changed of a link; nil stays. An empty date,
// password or slug is none.
type LinkPatch struct {
	Label     *string   `json:"label,omitempty"`
	Slug      *string   `json:"slug,omitempty"`
	Mode      *string   `json:"mode,omitempty"`
	Password  *string   `json:"password,omitempty"`
	From      *string   `json:"from,omitempty"`
	Until     *string   `json:"until,omitempty"`
	Downloads *int64    `json:"downloads,omitempty"`
	Upload    *int64    `json:"upload,omitempty"`
	People    *[]Ref    `json:"people,omitempty"`
	Watermark *bool     `json:"watermark,omitempty"`
	Policies  *[]string `json:"policies,omitempty"`
}

// Address is the secret address of a link, which is told once.
type Address struct {
	Path string   `json:"path"`
	URL  string   `json:"url"`
	QR   []string `json:"qr,omitempty"` // rows; 1 is dark
}

// MadeLink is a new link with its address.
type MadeLink struct {
	Link    Link      `json:"link"`
	Address Address   `json:"address"`
	Invited []Invited `json:"invited"`
}

// AddLink makes a link.
func (s Sharing) AddLink(ctx context.Context, n NewLink) (MadeLink, error) {
	made, err := send[MadeLink](ctx, s.Client, "make the link", n.Label, http.MethodPost, "/links", n)
	made.Address = s.wholeAddress(made.Address)
	s.complete(made.Invited)
	return made, err
}

// wholeAddress makes an address whole by the one that this client uses, where
// the server does not know its own.
func (s Sharing) wholeAddress(a Address) Address {
	if a.URL == "" && a.Path != "" {
		a.URL = s.URL() + a.Path
	}
	return a
}

// Link gives a link by its id.
func (s Sharing) Link(ctx context.Context, id string) (Link, error) {
	return get[Link](ctx, s.Client, "look at the link", id, at("/links", id, ""), nil)
}

// ChangeLink changes a link.
func (s Sharing) ChangeLink(ctx context.Context, id string, p LinkPatch) (Link, error) {
	return send[Link](ctx, s.Client, "change the link", id, http.MethodPatch, at("/links", id, ""), p)
}

// RenewLink gives a link a new address; the old one opens nothing any more.
func (s Sharing) RenewLink(ctx context.Context, id string) (Address, error) {
	a, err := send[Address](ctx, s.Client, "renew the link", id, http.MethodPost, at("/links", id, "/address"), nil)
	return s.wholeAddress(a), err
}

// EndLink ends a link.
func (s Sharing) EndLink(ctx context.Context, id string) error {
	return do(ctx, s.Client, "end the link", id, http.MethodDelete, at("/links", id, ""), nil)
}
