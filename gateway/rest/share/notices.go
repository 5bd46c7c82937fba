package share

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"alveary"
	"alveary/gateway"
	"alveary/gateway/rest/operation"
	"alveary/service/notice"
)

type noticesIn struct {
	After  string `query:"after" doc:"Where to go on, as the page before says"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"30"`
	Unseen bool   `query:"unseen" doc:"Of those that were not seen alone"`
	Lang   string `query:"lang" enum:"en,fr" default:"en" doc:"Of the sentences"`
}

// Notice tells that something happened.
type Notice struct {
	ID      string      `json:"id"`
	Kind    string      `json:"kind" enum:"shared,opened,uploaded,ending,stopped,review,asked,answered,handed"`
	By      *Somebody   `json:"by,omitempty" doc:"Who did it; missing: a visitor, or the house"`
	Cell    *NoticeCell `json:"cell,omitempty"`
	Node    *SharedNode `json:"node,omitempty"`
	Request string      `json:"request,omitempty"`
	Count   int64       `json:"count"`
	Text    string      `json:"text" doc:"In one sentence"`
	At      time.Time   `json:"at"`
	Seen    bool        `json:"seen"`
}

// NoticeCell is the Cell or link that a notice is about.
type NoticeCell struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Kind  string `json:"kind" enum:"cell,link"`
}

// Notices are a page of them, the newest first.
type Notices struct {
	Items  []Notice `json:"items"`
	Next   string   `json:"next,omitempty"`
	Unseen int64    `json:"unseen" doc:"Of all"`
}

func noticeID(text string) (alveary.NoticeID, error) {
	if text == "" {
		return 0, nil
	}
	n, err := number("notice", text)
	return alveary.NoticeID(n), err
}

func (d *door) listNotices(ctx context.Context, in *noticesIn) (*operation.One[Notices], error) {
	after, err := noticeID(in.After)
	if err != nil {
		return nil, err
	}
	page, err := d.notices.List(ctx, operation.Asker(ctx), notice.Query{After: after, Limit: in.Limit, Unseen: in.Unseen, Lang: in.Lang})
	if err != nil {
		return nil, err
	}
	out := Notices{Items: make([]Notice, len(page.Items)), Unseen: page.Unseen}
	if page.Next != 0 {
		out.Next = strconv.FormatInt(int64(page.Next), 10)
	}
	for i, v := range page.Items {
		out.Items[i] = toNotice(v)
	}
	return operation.Body(out, nil)
}

func toNotice(v notice.View) Notice {
	n := Notice{ID: strconv.FormatInt(int64(v.ID), 10), Kind: string(v.Kind), Count: v.Count, Text: v.Text, At: v.At, Seen: v.Seen}
	if v.ByPerson != nil {
		n.By = &Somebody{ID: userText(v.ByPerson.ID), Login: v.ByPerson.Login, Name: v.ByPerson.Name}
	}
	if v.Cell != 0 && v.CellKind != "" {
		n.Cell = &NoticeCell{ID: v.Cell.String(), Label: v.CellLabel, Kind: v.CellKind}
	}
	if v.Node != 0 && v.NodeName != "" {
		n.Node = &SharedNode{ID: v.Node.String(), Name: v.NodeName, Path: v.NodePath, Type: string(v.NodeType)}
	}
	if v.Asked != 0 {
		n.Request = strconv.FormatInt(int64(v.Asked), 10)
	}
	return n
}

type seenIn struct {
	Body struct {
		UpTo string `json:"upTo" doc:"Id of the newest that was seen"`
	}
}

func (d *door) see(ctx context.Context, in *seenIn) (*struct{}, error) {
	id, err := noticeID(in.Body.UpTo)
	if err != nil {
		return nil, err
	}
	return nil, d.notices.Seen(ctx, operation.Asker(ctx), id)
}

// Wishes are how someone is told by mail.
type Wishes struct {
	Mail string `json:"mail" enum:"daily,at-once,never"`
}

func (d *door) wishes(ctx context.Context, _ *struct{}) (*operation.One[Wishes], error) {
	mail, err := d.notices.Wish(ctx, operation.Asker(ctx))
	return operation.Body(Wishes{mail}, err)
}

type wishesIn struct{ Body Wishes }

func (d *door) setWishes(ctx context.Context, in *wishesIn) (*operation.One[Wishes], error) {
	return operation.Body(in.Body, d.notices.SetWish(ctx, operation.Asker(ctx), in.Body.Mail))
}

func describeFeed(op *huma.Operation) {
	op.Responses["200"] = &huma.Response{Description: "The newest notices", Content: map[string]*huma.MediaType{
		"application/atom+xml": {Schema: &huma.Schema{Type: huma.TypeString}},
	}}
}

func (d *door) feed(w http.ResponseWriter, r *http.Request) {
	base := d.base
	if base == "" {
		scheme := "https"
		if !d.Gateway.Secure() {
			scheme = "http"
		}
		base = scheme + "://" + r.Host
	}
	text, err := d.notices.Feed(r.Context(), operation.Asker(r.Context()), base)
	if err != nil {
		gateway.WriteProblem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	w.Header().Set("Cache-Control", "private, no-cache")
	_, _ = w.Write(text) //nolint:gosec // encoding/xml wrote it; where the client is gone there is nobody to tell
}
