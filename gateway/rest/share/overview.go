package share

import (
	"context"
	"time"

	"alveary"
	"alveary/gateway/rest/operation"
	"alveary/service/share"
)

type sharesIn struct {
	Scope string `query:"scope" enum:"by-me,with-me" default:"by-me"`
	ListIn
}

// ListIn asks for a part of a list of Cells and links. It is exported because
// huma looks into exported embedded fields alone.
type ListIn struct {
	Kind  string `query:"kind" enum:"cell,link"`
	Flag  string `query:"flag" doc:"no-password, no-end, external, unused, owner-gone, stopped, partly, ended, weaker"`
	Text  string `query:"q" maxLength:"200" doc:"Beginnings of words of the label, the node or the owner"`
	After string `query:"after" doc:"Where to go on, as the page before says"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (in ListIn) filter(scope string) (f share.Filter, err error) {
	f = share.Filter{Scope: scope, Kind: in.Kind, Flag: in.Flag, Query: in.Text, Limit: in.Limit}
	if in.After != "" {
		f.After, err = cellID(in.After)
	}
	return f, err
}

// Shares is a page of Cells and links.
type Shares struct {
	Items  []Share        `json:"items"`
	Next   string         `json:"next,omitempty"`
	Counts map[string]int `json:"counts" doc:"How many have each flag, of all that fit but for the flag"`
}

func (d *door) shares(ctx context.Context, in *sharesIn) (*operation.One[Shares], error) {
	f, err := in.filter(in.Scope)
	if err != nil {
		return nil, err
	}
	return onePage(d.share.Shares(ctx, operation.Asker(ctx), f))
}

func onePage(p share.Page, err error) (*operation.One[Shares], error) {
	if err != nil {
		return nil, err
	}
	out := Shares{Items: toShares(p.Items), Counts: p.Counts}
	if out.Counts == nil {
		out.Counts = map[string]int{}
	}
	if p.Next != 0 {
		out.Next = p.Next.String()
	}
	return operation.Body(out, nil)
}

func (d *door) nodeShares(ctx context.Context, in *operation.IDIn) (*operation.List[Share], error) {
	id, err := alveary.ParseNodeID(in.ID)
	if err != nil {
		return nil, err
	}
	rows, err := d.share.SharesOf(ctx, operation.Asker(ctx), id)
	return operation.Items(toShares(rows), err)
}

type fixIn struct {
	Body struct {
		IDs    []string   `json:"ids" minItems:"1" maxItems:"1000"`
		Action string     `json:"action" enum:"end,set-end,remove-external"`
		Until  *time.Time `json:"until,omitempty" doc:"With set-end"`
	}
}

// Fixed tells what became of each.
type Fixed struct {
	Done   []string  `json:"done"`
	Failed []Failure `json:"failed"`
}

// Failure is one that was left as it is, and why.
type Failure struct {
	ID      string `json:"id"`
	Message string `json:"message"`
}

func (d *door) fix(ctx context.Context, in *fixIn) (*operation.One[Fixed], error) {
	ids, err := cellIDs(in.Body.IDs)
	if err != nil {
		return nil, err
	}
	fix := share.Fix{Action: in.Body.Action}
	if in.Body.Until != nil {
		fix.Until = *in.Body.Until
	}
	done, failed, err := d.share.Fix(ctx, operation.Asker(ctx), ids, fix)
	if err != nil {
		return nil, err
	}
	out := Fixed{Done: make([]string, len(done)), Failed: make([]Failure, len(failed))}
	for i, id := range done {
		out.Done[i] = id.String()
	}
	for i, f := range failed {
		out.Failed[i] = Failure{ID: f.ID.String(), Message: f.Message}
	}
	return operation.Body(out, nil)
}

func cellIDs(texts []string) ([]alveary.CellID, error) {
	ids := make([]alveary.CellID, len(texts))
	for i, text := range texts {
		var err error
		if ids[i], err = cellID(text); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

type reviewIn struct {
	operation.IDIn
	Body struct {
		Answer string `json:"answer" enum:"kept"`
	}
}

func (d *door) answerReview(ctx context.Context, in *reviewIn) (*struct{}, error) {
	id, err := cellID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, d.share.AnswerReview(ctx, operation.Asker(ctx), id, in.Body.Answer)
}

type sharingIn struct {
	Node string `query:"node" required:"true" doc:"Id of the node"`
}

// Sharing is how who asks may share a node.
type Sharing struct {
	Cells       bool              `json:"cells"`
	FileLinks   bool              `json:"fileLinks"`
	FolderLinks bool              `json:"folderLinks"`
	External    bool              `json:"external" doc:"People of other houses may be members"`
	Password    bool              `json:"password" doc:"A link needs a password, or named people"`
	Slugs       bool              `json:"slugs" doc:"A link without either may have an address of its own choosing"`
	Days        int64             `json:"days" doc:"Longest life of a link; 0: no bound"`
	Downloads   int64             `json:"downloads" doc:"Most downloads of a link; 0: no bound"`
	Upload      int64             `json:"upload" doc:"Most bytes of a file put in through a link; 0: no bound"`
	Characters  int64             `json:"characters" doc:"Least characters of a link's password"`
	Give        []string          `json:"give" doc:"Rights that who asks has and so may give"`
	Policies    []Offered         `json:"policies"`
	Why         map[string]string `json:"why" doc:"By name of the field, the reason why it is so"`
}

// Offered is a policy that may be given in place of rights.
type Offered struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

func (d *door) sharing(ctx context.Context, in *sharingIn) (*operation.One[Sharing], error) {
	id, err := alveary.ParseNodeID(in.Node)
	if err != nil {
		return nil, err
	}
	s, err := d.share.Sharing(ctx, operation.Asker(ctx), id)
	if err != nil {
		return nil, err
	}
	h := s.House
	out := Sharing{
		Cells: s.Cells, FileLinks: s.FileLinks, FolderLinks: s.FolderLinks, External: h.External, Password: h.Password, Slugs: h.Slugs,
		Days: h.Days, Downloads: h.Downloads, Upload: h.Upload, Characters: h.Characters, Give: words(s.MayGive & alveary.Givable),
		Policies: make([]Offered, len(s.Policies)), Why: s.Why,
	}
	for i, p := range s.Policies {
		out.Policies[i] = Offered{string(p.ID), p.Label}
	}
	if out.Why == nil {
		out.Why = map[string]string{}
	}
	return operation.Body(out, nil)
}
