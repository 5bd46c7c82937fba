package notice

import (
	"context"
	"slices"

	"alveary"
	"alveary/service/files/desk"
	"alveary/store"
)

// Query says which notices are asked for.
type Query struct {
	After  alveary.NoticeID // those older than this one; 0: from the newest on
	Limit  int              // at most 200; 0: 30
	Unseen bool             // of those that were not seen alone
	Lang   string           // of the sentences: en or fr; others are en
}

// Page is a part of what someone was told, the newest first.
type Page struct {
	Items  []View
	Next   alveary.NoticeID // to go on after; 0: that was all
	Unseen int64            // of all
}

const (
	usualPage = 30
	mostPage  = 200
)

// List gives what someone was told, in words that hold for him now.
func (s *Service) List(ctx context.Context, by alveary.Subject, q Query) (page Page, err error) {
	if err := nobody(by); err != nil {
		return page, err
	}
	if q.Limit <= 0 {
		q.Limit = usualPage
	}
	q.Limit = min(q.Limit, mostPage)
	err = s.desk.Read(ctx, by, func(v *desk.View) error {
		list, err := v.Tx.Notices(by.User.ID, q.After, q.Limit+1, q.Unseen)
		if err != nil {
			return err
		}
		if len(list) > q.Limit {
			list = list[:q.Limit]
			page.Next = list[q.Limit-1].ID
		}
		if page.Unseen, err = v.Tx.UnseenNotices(by.User.ID); err != nil {
			return err
		}
		page.Items, err = s.reader(v, q.Lang).views(list)
		return err
	})
	return page, err
}

// Seen marks what someone was told as seen, up to a notice.
func (s *Service) Seen(ctx context.Context, by alveary.Subject, upTo alveary.NoticeID) error {
	if err := nobody(by); err != nil {
		return err
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error { return tx.SeeNotices(by.User.ID, upTo) })
}

// How people wish to be told by mail.
const (
	Daily  = "daily" // who wished nothing else
	AtOnce = "at-once"
	Never  = "never"
)

// Wish is how someone wishes to be told by mail.
func (s *Service) Wish(ctx context.Context, by alveary.Subject) (mail string, err error) {
	if err := nobody(by); err != nil {
		return "", err
	}
	err = s.Store.Read(ctx, func(tx *store.Tx) error {
		mail, err = tx.NoticeWish(by.User.ID)
		return err
	})
	return mail, err
}

// SetWish keeps how someone wishes to be told by mail.
func (s *Service) SetWish(ctx context.Context, by alveary.Subject, mail string) error {
	if err := nobody(by); err != nil {
		return err
	}
	if !slices.Contains([]string{Daily, AtOnce, Never}, mail) {
		return &alveary.Error{
			Kind: alveary.KindInvalid, Op: "choose how to be told", Subject: "mail", Code: "invalid",
			Message: "one is told by mail daily, at-once or never",
		}
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetNoticeWish(by.User.ID, mail) })
}
