package share

import (
	"context"
	"strings"
	"time"

	"alveary"
	"alveary/gateway"
	"alveary/gateway/rest/operation"
	"alveary/qr"
	"alveary/service/share"
)

// NewLink is a link to be made.
type NewLink struct {
	Node      string     `json:"node"`
	Mode      string     `json:"mode" enum:"read,preview,download,drop,edit" doc:"read: look and download; preview: reduced renditions alone, the original is withheld; download: no previews; drop: put files in and see nothing; edit: read and change"`
	Label     string     `json:"label,omitempty" maxLength:"200"`
	Slug      string     `json:"slug,omitempty" maxLength:"64" doc:"An address of one's own choosing: 8 to 64 of a-z, 0-9 and -"`
	Password  string     `json:"password,omitempty" maxLength:"1024"`
	From      *time.Time `json:"from,omitempty"`
	Until     *time.Time `json:"until,omitempty"`
	Downloads int64      `json:"downloads,omitempty" minimum:"0" doc:"Most downloads; 0: no bound"`
	Upload    int64      `json:"upload,omitempty" minimum:"0" doc:"Most bytes of a file that is put in; 0: no bound"`
	People    []Ref      `json:"people,omitempty" maxItems:"1000" doc:"Only these may open it, and sign in for it"`
	Watermark bool       `json:"watermark,omitempty" doc:"Previews show who looks, and when"`
	Policies  []string   `json:"policies,omitempty" doc:"In place of the rights of the mode, of those that the house offers"`
}

// Address is the secret address of a link. It is shown once.
type Address struct {
	Path string   `json:"path" doc:"/s/…"`
	URL  string   `json:"url,omitempty" doc:"Under the public address of the server, or where none is set that of the request"`
	QR   []string `json:"qr,omitempty" doc:"The URL as a QR code: a row a line, 1 is dark"`
}

// MadeLink is a new link with its address.
type MadeLink struct {
	Link    Link      `json:"link"`
	Address Address   `json:"address"`
	Invited []Invited `json:"invited"`
}

// address words the address of a link, under the public address of the server,
// or where none is set that by which whoever asks has come.
func (d *door) address(ctx context.Context, token string) Address {
	a := Address{Path: gateway.LinkPrefix + token}
	base := strings.TrimSuffix(d.base, "/")
	if c := gateway.Client(ctx).Context; base == "" && c != nil && c.Host != "" {
		base = strings.ToLower(c.Protocol) + "://" + c.Host
	}
	if base != "" {
		a.URL = base + a.Path
		if rows, err := qr.Rows(a.URL); err == nil {
			a.QR = rows
		}
	}
	return a
}

type addLinkIn struct{ Body NewLink }

func (d *door) addLink(ctx context.Context, in *addLinkIn) (*operation.One[MadeLink], error) {
	b := in.Body
	node, err := alveary.ParseNodeID(b.Node)
	if err != nil {
		return nil, err
	}
	n := share.NewLink{
		Node: node, Mode: alveary.LinkMode(b.Mode), Label: b.Label, Slug: b.Slug, Password: b.Password,
		Downloads: b.Downloads, Upload: b.Upload, Watermark: b.Watermark, Policies: policies(b.Policies),
	}
	if n.People, err = refs(b.People); err != nil {
		return nil, err
	}
	if b.From != nil {
		n.From = *b.From
	}
	if b.Until != nil {
		n.Until = *b.Until
	}
	l, token, err := d.share.MakeLink(ctx, operation.Asker(ctx), n)
	if err != nil {
		return nil, err
	}
	if l.Slug != "" {
		token = l.Slug // whoever chose an address wants to hand out that one
	}
	return operation.Body(MadeLink{Link: toLink(l), Address: d.address(ctx, token), Invited: toInvited(l.Invited)}, nil)
}

func refs(list []Ref) ([]share.Ref, error) {
	out := make([]share.Ref, len(list))
	for i, one := range list {
		var err error
		if out[i], err = one.read(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (d *door) link(ctx context.Context, in *operation.IDIn) (*operation.One[Link], error) {
	id, err := cellID(in.ID)
	if err != nil {
		return nil, err
	}
	return oneLink(d.share.Link(ctx, operation.Asker(ctx), id))
}

func oneLink(l share.LinkView, err error) (*operation.One[Link], error) {
	if err != nil {
		return nil, err
	}
	return operation.Body(toLink(l), nil)
}

type changeLinkIn struct {
	operation.IDIn
	Body struct {
		Label     *string   `json:"label,omitempty" maxLength:"200"`
		Slug      *string   `json:"slug,omitempty" maxLength:"64" doc:"Empty for none"`
		Mode      *string   `json:"mode,omitempty" enum:"read,preview,download,drop,edit"`
		Password  *string   `json:"password,omitempty" maxLength:"1024" doc:"Empty for none"`
		From      *string   `json:"from,omitempty" doc:"A time, or empty for none"`
		Until     *string   `json:"until,omitempty" doc:"A time, or empty for none"`
		Downloads *int64    `json:"downloads,omitempty" minimum:"0"`
		Upload    *int64    `json:"upload,omitempty" minimum:"0"`
		People    *[]Ref    `json:"people,omitempty" maxItems:"1000"`
		Watermark *bool     `json:"watermark,omitempty"`
		Policies  *[]string `json:"policies,omitempty"`
	}
}

func (d *door) changeLink(ctx context.Context, in *changeLinkIn) (*operation.One[Link], error) {
	id, err := cellID(in.ID)
	if err != nil {
		return nil, err
	}
	b := in.Body
	change := share.LinkChange{
		Label: b.Label, Slug: b.Slug, Password: b.Password, Downloads: b.Downloads, Upload: b.Upload, Watermark: b.Watermark,
	}
	if b.Mode != nil {
		mode := alveary.LinkMode(*b.Mode)
		change.Mode = &mode
	}
	if change.From, err = moment(b.From); err != nil {
		return nil, err
	}
	if change.Until, err = moment(b.Until); err != nil {
		return nil, err
	}
	if b.People != nil {
		people, err := refs(*b.People)
		if err != nil {
			return nil, err
		}
		change.People = &people
	}
	if b.Policies != nil {
		named := policies(*b.Policies)
		change.Policies = &named
	}
	return oneLink(d.share.ChangeLink(ctx, operation.Asker(ctx), id, change))
}

func (d *door) newAddress(ctx context.Context, in *operation.IDIn) (*operation.One[Address], error) {
	id, err := cellID(in.ID)
	if err != nil {
		return nil, err
	}
	token, err := d.share.NewAddress(ctx, operation.Asker(ctx), id)
	if err != nil {
		return nil, err
	}
	return operation.Body(d.address(ctx, token), nil)
}

func (d *door) endLink(ctx context.Context, in *operation.IDIn) (*struct{}, error) {
	return d.end(ctx, in.ID)
}
