package share

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"alveary"
)

// Person is someone as others may see him.
type Person struct {
	ID    string `json:"id"`
	Login string `json:"login"`
	Name  string `json:"name"`
}

// Ref names who something is shared with: one of its fields is set, or the mail
// address of someone who has no account yet.
type Ref struct {
	User  string `json:"user,omitempty"`
	Group string `json:"group,omitempty"`
	Team  string `json:"team,omitempty"`
	Role  string `json:"role,omitempty"`
	Email string `json:"email,omitempty"`
	Name  string `json:"name,omitempty"`
}

// Give is what someone is to have: rights, or policies in their place.
type Give struct {
	Ref
	Rights   []string   `json:"rights,omitempty"`
	Policies []string   `json:"policies,omitempty"`
	Expires  *time.Time `json:"expires,omitempty"`
	Node     string     `json:"node,omitempty"` // for one node of the Cell alone
}

// Node is a file or folder that is shared, as who asks sees it.
type Node struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Path    string   `json:"path,omitempty"`
	Type    string   `json:"type"`
	Binned  bool     `json:"binned,omitempty"`
	Missing []string `json:"missing,omitempty"` // that the owner lacks, so that nobody has them
}

// Member is a role that has something through a Cell, or may open a link.
type Member struct {
	Role     string     `json:"role"`
	Kind     string     `json:"kind"` // user, group, team or role
	Label    string     `json:"label"`
	User     string     `json:"user,omitempty"`
	External bool       `json:"external"`
	Rights   []string   `json:"rights"`
	Policies []string   `json:"policies,omitempty"`
	Expires  *time.Time `json:"expires,omitempty"`
	Node     string     `json:"node,omitempty"`
	Manager  bool       `json:"manager"`
}

// Void says which house rule stops a Cell or link.
type Void struct {
	Term   string `json:"term"`
	Text   string `json:"text"`
	Partly bool   `json:"partly"`
}

// Use is what was done with a Cell or link.
type Use struct {
	Opened    int64      `json:"opened"`
	Downloads int64      `json:"downloads"`
	Uploads   int64      `json:"uploads"`
	Last      *time.Time `json:"last,omitempty"`
}

// ReviewDue is a review that an owner was asked for.
type ReviewDue struct {
	ID   string    `json:"id"`
	Due  time.Time `json:"due"`
	Note string    `json:"note"`
}

// Cell is a Cell as who asks sees it.
type Cell struct {
	ID          string            `json:"id"`
	Slug        string            `json:"slug"` // where remote paths into it begin
	Label       string            `json:"label"`
	Description string            `json:"description"`
	Owner       Person            `json:"owner"`
	Mine        string            `json:"mine"`
	Created     time.Time         `json:"created"`
	From        *time.Time        `json:"from,omitempty"`
	Until       *time.Time        `json:"until,omitempty"`
	Discreet    bool              `json:"discreet"`
	Nodes       []Node            `json:"nodes"`
	Members     []Member          `json:"members,omitempty"` // missing where who asks may not see them
	Flags       []string          `json:"flags"`
	Void        *Void             `json:"void,omitempty"`
	Use         Use               `json:"use"`
	Review      *ReviewDue        `json:"review,omitempty"`
	Can         alveary.Abilities `json:"abilities"`
}

// NewCell is a Cell that is to be made of nodes, by id, or of a new folder.
type NewCell struct {
	Label       string     `json:"label"`
	Description string     `json:"description,omitempty"`
	Nodes       []string   `json:"nodes,omitempty"`
	Folder      string     `json:"folder,omitempty"`
	Members     []Give     `json:"members,omitempty"`
	From        *time.Time `json:"from,omitempty"`
	Until       *time.Time `json:"until,omitempty"`
	Discreet    bool       `json:"discreet,omitempty"`
}

// CellPatch is what is to be changed of a Cell; nil stays. An empty date is none.
type CellPatch struct {
	Label       *string   `json:"label,omitempty"`
	Description *string   `json:"description,omitempty"`
	Slug        *string   `json:"slug,omitempty"`
	From        *string   `json:"from,omitempty"`
	Until       *string   `json:"until,omitempty"`
	Discreet    *bool     `json:"discreet,omitempty"`
	Nodes       *[]string `json:"nodes,omitempty"`
}

// Invited is someone who was given an account by being shared with. Link is
// there where no mail could be sent, and shown this once.
type Invited struct {
	Email  string `json:"email"`
	Link   string `json:"link,omitempty"`
	Mailed bool   `json:"mailed"`
}

// MadeCell is a Cell after someone was taken into it.
type MadeCell struct {
	Cell    Cell      `json:"cell"`
	Invited []Invited `json:"invited"`
}

// Effect is who would gain and lose by a Cell, and what speaks against it.
type Effect struct {
	Gain     []string `json:"gain"`
	Lose     []string `json:"lose"`
	Problems []struct {
		Field   string   `json:"field"`
		Message string   `json:"message"`
		Missing []string `json:"missing,omitempty"`
	} `json:"problems"`
}

// Cells lists the Cells that whoever asks owns, manages or is in.
func (s Sharing) Cells(ctx context.Context) ([]Cell, error) {
	return list[Cell](ctx, s.Client, "list the Cells", "/cells")
}

// FindCell gives a Cell by its id, slug or label. A label of several is refused.
func (s Sharing) FindCell(ctx context.Context, op, name string) (Cell, error) {
	cells, err := s.Cells(ctx)
	if err != nil {
		return Cell{}, err
	}
	var found []Cell
	for _, c := range cells {
		if c.ID == name || c.Slug == name {
			found = []Cell{c}
			break
		}
		if strings.EqualFold(c.Label, name) {
			found = append(found, c)
		}
	}
	switch {
	case len(found) > 1:
		return Cell{}, &alveary.Error{Kind: alveary.KindConflict, Op: op, Subject: name, Code: "ambiguous", Message: "several Cells have this name: give the id or the slug, which cell ls shows"}
	case len(found) == 1: // a list does not show members
		return s.Cell(ctx, found[0].ID)
	case isID(name): // of others, for administrators
		return s.Cell(ctx, name)
	}
	return Cell{}, &alveary.Error{Kind: alveary.KindNotFound, Op: op, Subject: name, Code: "not-found", Message: "you have no such Cell"}
}

func isID(text string) bool {
	_, err := alveary.ParseNodeID(text)
	return err == nil
}

// Cell gives a Cell by its id.
func (s Sharing) Cell(ctx context.Context, id string) (Cell, error) {
	return get[Cell](ctx, s.Client, "look at the Cell", id, at("/cells", id, ""), nil)
}

// AddCell makes a Cell.
func (s Sharing) AddCell(ctx context.Context, n NewCell) (MadeCell, error) {
	return s.whole(send[MadeCell](ctx, s.Client, "share", n.Label, http.MethodPost, "/cells", n))
}

// CheckCell tells what making a Cell would do; nothing is saved.
func (s Sharing) CheckCell(ctx context.Context, n NewCell) (Effect, error) {
	return send[Effect](ctx, s.Client, "share", n.Label, http.MethodPost, "/cells/check", n)
}

// ChangeCell changes a Cell.
func (s Sharing) ChangeCell(ctx context.Context, c Cell, p CellPatch) (Cell, error) {
	return send[Cell](ctx, s.Client, "change the Cell", c.Label, http.MethodPatch, at("/cells", c.ID, ""), p)
}

// AddMembers takes people into a Cell.
func (s Sharing) AddMembers(ctx context.Context, c Cell, gives []Give) (MadeCell, error) {
	return s.whole(send[MadeCell](ctx, s.Client, "share", c.Label, http.MethodPost, at("/cells", c.ID, "/members"), map[string]any{"members": gives}))
}

// whole makes the links of invitations that have no host whole.
func (s Sharing) whole(made MadeCell, err error) (MadeCell, error) {
	s.complete(made.Invited)
	return made, err
}

func (s Sharing) complete(invited []Invited) {
	for i := range invited {
		if strings.HasPrefix(invited[i].Link, "/") {
			invited[i].Link = s.URL() + invited[i].Link
		}
	}
}

// RemoveMember takes someone out of a Cell.
func (s Sharing) RemoveMember(ctx context.Context, c Cell, m Member) (Cell, error) {
	return send[Cell](ctx, s.Client, "change the Cell", c.Label, http.MethodDelete, at("/cells", c.ID, "/members/"+url.PathEscape(m.Role)), nil)
}

// ChangeMember changes what a member has.
func (s Sharing) ChangeMember(ctx context.Context, c Cell, m Member, g Give) (Cell, error) {
	g.Ref = Ref{}
	return send[Cell](ctx, s.Client, "change the Cell", c.Label, http.MethodPatch, at("/cells", c.ID, "/members/"+url.PathEscape(m.Role)), g)
}

// SetManager says whether someone manages a Cell.
func (s Sharing) SetManager(ctx context.Context, c Cell, user string, manages bool) (Cell, error) {
	method := http.MethodDelete
	if manages {
		method = http.MethodPut
	}
	return send[Cell](ctx, s.Client, "change the Cell", c.Label, method, at("/cells", c.ID, "/managers/"+url.PathEscape(user)), nil)
}

// LeaveCell takes whoever asks out of a Cell.
func (s Sharing) LeaveCell(ctx context.Context, c Cell) error {
	return do(ctx, s.Client, "leave the Cell", c.Label, http.MethodPost, at("/cells", c.ID, "/leave"), nil)
}

// HandOver gives a Cell another owner.
func (s Sharing) HandOver(ctx context.Context, c Cell, user string) (Cell, error) {
	return send[Cell](ctx, s.Client, "hand over the Cell", c.Label, http.MethodPost, at("/cells", c.ID, "/owner"), map[string]string{"user": user})
}

// EndCell ends a Cell; what it is bound to stays.
func (s Sharing) EndCell(ctx context.Context, c Cell) error {
	return do(ctx, s.Client, "end the Cell", c.Label, http.MethodDelete, at("/cells", c.ID, ""), nil)
}
