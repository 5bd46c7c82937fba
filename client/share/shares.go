package share

import (
	"context"
	"iter"
	"net/http"
	"time"

	"alveary"
)

// Share is a Cell or link in a list.
type Share struct {
	ID      string     `json:"id"`
	Kind    string     `json:"kind"` // cell or link
	Label   string     `json:"label"`
	Mode    string     `json:"mode,omitempty"`
	Owner   Person     `json:"owner"`
	Mine    string     `json:"mine"`
	Nodes   []Node     `json:"nodes"`
	Members int        `json:"members"`
	Above   bool       `json:"above,omitempty"` // of shares of a node: it is on a folder above
	People  []string   `json:"people"`
	Created time.Time  `json:"created"`
	From    *time.Time `json:"from,omitempty"`
	Until   *time.Time `json:"until,omitempty"`
	Flags   []string   `json:"flags"`
	Void    *Void      `json:"void,omitempty"`
	Use     Use        `json:"use"`
	Review  *ReviewDue `json:"review,omitempty"`
}

// Filter says which Cells and links are wanted; what is empty does not narrow.
type Filter struct {
	Scope string // by-me or with-me; all is for administrators
	Kind  string // cell or link
	Flag  string
	Query string // beginnings of words of label, node or owner
	Owner string // id of a user; with the scope all
}

// All is the scope of everything in the house.
const All = "all"

// page is how many shares one request asks for.
const page = "200"

// Shares lists Cells and links, page after page as they are read. It ends after
// the first error.
func (s Sharing) Shares(ctx context.Context, f Filter) iter.Seq2[Share, error] {
	return func(yield func(Share, error) bool) {
		path, q := "/shares", query(map[string]string{"scope": f.Scope, "kind": f.Kind, "flag": f.Flag, "q": f.Query, "owner": f.Owner, "limit": page})
		if f.Scope == All {
			path = "/house/shares"
			q.Del("scope")
		}
		for {
			got, err := get[struct {
				Items []Share `json:"items"`
				Next  string  `json:"next"`
			}](ctx, s.Client, "list what is shared", "", path, q)
			if err != nil {
				yield(Share{}, err)
				return
			}
			for _, one := range got.Items {
				if !yield(one, nil) {
					return
				}
			}
			if got.Next == "" || got.Next == q.Get("after") {
				return
			}
			q.Set("after", got.Next)
		}
	}
}

// SharesOf lists the Cells and links that reach a node.
func (s Sharing) SharesOf(ctx context.Context, node alveary.NodeID) ([]Share, error) {
	return list[Share](ctx, s.Client, "list what is shared", at("/nodes", node.String(), "/shares"))
}

// The ways to fix several shares at once.
const (
	FixEnd            = "end"
	FixSetEnd         = "set-end"
	FixRemoveExternal = "remove-external"
)

// Fixed tells what became of each.
type Fixed struct {
	Done   []string `json:"done"`
	Failed []struct {
		ID      string `json:"id"`
		Message string `json:"message"`
	} `json:"failed"`
}

// Fix ends or bounds several Cells and links.
func (s Sharing) Fix(ctx context.Context, ids []string, action string, until *time.Time) (Fixed, error) {
	return send[Fixed](ctx, s.Client, "fix what is shared", "", http.MethodPost, "/shares/fix", struct {
		IDs    []string   `json:"ids"`
		Action string     `json:"action"`
		Until  *time.Time `json:"until,omitempty"`
	}{ids, action, until})
}

// Keep answers a review: it is still right.
func (s Sharing) Keep(ctx context.Context, id string) error {
	return do(ctx, s.Client, "answer the review", id, http.MethodPost, at("/shares", id, "/review"), map[string]string{"answer": "kept"})
}

// Review is a review that owners were asked for.
type Review struct {
	ID    string     `json:"id"`
	By    Person     `json:"by"`
	Note  string     `json:"note"`
	Due   time.Time  `json:"due"`
	Made  time.Time  `json:"made"`
	Cells []Reviewed `json:"cells"`
}

// Reviewed is a Cell or link within it. An empty answer has not come yet.
type Reviewed struct {
	ID     string     `json:"id"`
	Label  string     `json:"label"`
	Owner  Person     `json:"owner"`
	Answer string     `json:"answer"`
	At     *time.Time `json:"at,omitempty"`
}

// Reviews lists the reviews that were asked for.
func (s Sharing) Reviews(ctx context.Context) ([]Review, error) {
	return list[Review](ctx, s.Client, "list the reviews", "/house/reviews")
}

// AskReview asks the owners of Cells and links to review them by a time.
func (s Sharing) AskReview(ctx context.Context, ids []string, due time.Time, note string) (Review, error) {
	return send[Review](ctx, s.Client, "ask for a review", "", http.MethodPost, "/house/reviews", struct {
		IDs  []string  `json:"ids"`
		Due  time.Time `json:"due"`
		Note string    `json:"note,omitempty"`
	}{ids, due, note})
}
