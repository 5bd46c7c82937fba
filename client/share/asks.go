package share

import (
	"context"
	"io"
	"iter"
	"net/http"
	"time"

	"alveary"
	"alveary/client"
)

// Asked is a request for rights.
type Asked struct {
	ID         string            `json:"id"`
	Person     Person            `json:"person"`
	Node       Node              `json:"node"` // as far as who reads this may see it
	Rights     []string          `json:"rights"`
	Message    string            `json:"message"`
	At         time.Time         `json:"at"`
	Answer     string            `json:"answer"` // granted, refused or withdrawn; empty: none yet
	AnsweredBy *Person           `json:"answeredBy,omitempty"`
	AnsweredAt *time.Time        `json:"answeredAt,omitempty"`
	Can        alveary.Abilities `json:"abilities"`
}

// AskRight asks whoever may share a node for rights on it. The answer is the
// same where there is no such node.
func (s Sharing) AskRight(ctx context.Context, node string, rights []string, message string) error {
	return do(ctx, s.Client, "ask for rights", "", http.MethodPost, "/requests", struct {
		Node    string   `json:"node"`
		Rights  []string `json:"rights"`
		Message string   `json:"message,omitempty"`
	}{node, rights, message})
}

// Asked lists the requests of whoever asks, and those that he may answer.
func (s Sharing) Asked(ctx context.Context) (mine, forMe []Asked, err error) {
	out, err := get[struct {
		Mine  []Asked `json:"mine"`
		ForMe []Asked `json:"forMe"`
	}](ctx, s.Client, "list the requests", "", "/requests", nil)
	return out.Mine, out.ForMe, err
}

// Would is what granting a request would open.
type Would struct {
	Now   []string `json:"now"`
	After []string `json:"after"`
	Text  string   `json:"text"`
	Story []string `json:"story"`
}

// Would tells what granting a request would open; nothing is saved.
func (s Sharing) Would(ctx context.Context, id string) (Would, error) {
	return get[Would](ctx, s.Client, "look at the request", id, at("/requests", id, "/would"), nil)
}

// Answer is the answer to a request.
type Answer struct {
	Grant   bool       `json:"grant"`
	Rights  []string   `json:"rights,omitempty"`
	Until   *time.Time `json:"until,omitempty"`
	Message string     `json:"message,omitempty"`
}

// AnswerAsked grants or refuses a request.
func (s Sharing) AnswerAsked(ctx context.Context, id string, a Answer) error {
	return do(ctx, s.Client, "answer the request", id, http.MethodPost, at("/requests", id, "/answer"), a)
}

// Withdraw takes back a request of one's own.
func (s Sharing) Withdraw(ctx context.Context, id string) error {
	return do(ctx, s.Client, "withdraw the request", id, http.MethodDelete, at("/requests", id, ""), nil)
}

// Notice tells that something happened.
type Notice struct {
	ID      string      `json:"id"`
	Kind    string      `json:"kind"`
	By      *Person     `json:"by,omitempty"`
	Cell    *NoticeCell `json:"cell,omitempty"`
	Node    *Node       `json:"node,omitempty"`
	Request string      `json:"request,omitempty"`
	Count   int64       `json:"count"`
	Text    string      `json:"text"`
	At      time.Time   `json:"at"`
	Seen    bool        `json:"seen"`
}

// NoticeCell is the Cell or link that a notice is about.
type NoticeCell struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Kind  string `json:"kind"`
}

// Notices lists what happened, the newest first, page after page as they are
// read. It ends after the first error.
func (s Sharing) Notices(ctx context.Context, unseen bool) iter.Seq2[Notice, error] {
	return func(yield func(Notice, error) bool) {
		q := query(map[string]string{"limit": page})
		if unseen {
			q.Set("unseen", "true")
		}
		for {
			got, err := get[struct {
				Items []Notice `json:"items"`
				Next  string   `json:"next"`
			}](ctx, s.Client, "list the notices", "", "/notices", q)
			if err != nil {
				yield(Notice{}, err)
				return
			}
			for _, n := range got.Items {
				if !yield(n, nil) {
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

// SeeNotices marks notices as seen, up to one.
func (s Sharing) SeeNotices(ctx context.Context, upTo string) error {
	return do(ctx, s.Client, "mark the notices as seen", "", http.MethodPost, "/notices/seen", map[string]string{"upTo": upTo})
}

// wishes are how someone is told by mail: daily, at-once or never.
type wishes struct {
	Mail string `json:"mail"`
}

// MailWish is how often whoever asks is told by mail.
func (s Sharing) MailWish(ctx context.Context) (string, error) {
	w, err := get[wishes](ctx, s.Client, "look how you are told by mail", "", "/notices/wishes", nil)
	return w.Mail, err
}

// SetMailWish says how often whoever asks is to be told by mail.
func (s Sharing) SetMailWish(ctx context.Context, mail string) error {
	return do(ctx, s.Client, "choose how you are told by mail", "", http.MethodPut, "/notices/wishes", wishes{mail})
}

// Feed writes the newest notices as an Atom feed.
func (s Sharing) Feed(ctx context.Context, to io.Writer) error {
	return s.Ask(ctx, client.Request{Op: "read the feed", Method: http.MethodGet, Path: "/notices/feed"}, nil, to)
}
