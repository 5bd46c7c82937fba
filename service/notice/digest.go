package notice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"alveary"
	"alveary/service/files/desk"
	"alveary/store"
	"alveary/vault"
)

// kindDigest is the mail that goes out from here, as package mail words it.
const kindDigest = "digest"

const (
	// collectTime is how long what happens is waited for before it is mailed at
	// once: who shares ten folders makes one mail.
	collectTime   = 5 * time.Minute
	dailyHour     = 7
	mostLines     = 50 // of a mail
	peopleAtATime = 100
)

// mail mails what is due.
func (s *Service) mail(ctx context.Context) error {
	now := s.Now()
	return errors.Join(s.mailTo(ctx, now.Add(-collectTime), true), s.mailTo(ctx, lastDaily(now), false))
}

// lastDaily is when daily mails were due last, by the clock of the server.
func lastDaily(now time.Time) time.Time {
	at := time.Date(now.Year(), now.Month(), now.Day(), dailyHour, 0, 0, 0, now.Location())
	if at.After(now) {
		at = time.Date(now.Year(), now.Month(), now.Day()-1, dailyHour, 0, 0, 0, now.Location())
	}
	return at
}

// mailTo mails to all of whom something waits since before an instant. One whom
// it fails for keeps none of the others from theirs.
func (s *Service) mailTo(ctx context.Context, before time.Time, atOnce bool) (err error) {
	for after := alveary.UserID(0); ctx.Err() == nil; {
		var ids []alveary.UserID
		var people map[alveary.UserID]alveary.Subject
		if failed := s.Store.Read(ctx, func(tx *store.Tx) (err error) {
			if ids, err = tx.PeopleToMail(before, atOnce, after, peopleAtATime); err == nil && len(ids) > 0 {
				people, err = tx.Subjects(ids)
			}
			return err
		}); failed != nil {
			return errors.Join(err, failed)
		}
		var none []alveary.UserID
		for _, id := range ids {
			after = id
			if p, ok := people[id]; ok && p.Known() && p.User.Email != "" {
				err = errors.Join(err, s.mailOne(ctx, p, before, atOnce))
			} else {
				none = append(none, id)
			}
		}
		if len(none) > 0 {
			err = errors.Join(err, s.waive(ctx, none, before))
		}
		if len(ids) < peopleAtATime {
			break
		}
	}
	return err
}

// waive marks what is mailed to nobody, so that it is not looked at again.
func (s *Service) waive(ctx context.Context, people []alveary.UserID, before time.Time) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		for _, id := range people {
			list, err := tx.NoticesToMail(id, before)
			if err == nil {
				err = tx.MailedNotices(idsOf(list))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func idsOf(list []alveary.Notice) (ids []alveary.NoticeID) {
	for i := range list {
		ids = append(ids, list[i].ID)
	}
	return ids
}

// mailOne mails to one what waits for him: it is marked, put into words and put
// into the outbox in one transaction, in which everything is looked at again.
func (s *Service) mailOne(ctx context.Context, to alveary.Subject, before time.Time, atOnce bool) error {
	return s.desk.Write(ctx, to, func(v *desk.View) error {
		wish, err := v.Tx.NoticeWish(to.User.ID)
		if err != nil {
			return err
		}
		list, err := s.due(v.Tx, &to.User, wish, before, atOnce)
		if err != nil || len(list) == 0 {
			return err
		}
		if err := v.Tx.MailedNotices(idsOf(list)); err != nil {
			return err
		}
		server, err := v.Tx.MailServer()
		if err != nil || server.Host == "" || wish == Never {
			return err
		}
		var unseen []alveary.Notice
		for i := range list {
			if !list[i].Seen {
				unseen = append(unseen, list[i])
			}
		}
		if len(unseen) == 0 {
			return nil
		}
		return s.post(v, &to.User, unseen)
	})
}

// due is what is to be mailed to somebody now. At once goes everything that
// waits, when the oldest of it has waited long enough; to external people who
// wished nothing else, what was shared with them.
func (s *Service) due(tx *store.Tx, to *alveary.User, wish string, before time.Time, atOnce bool) (list []alveary.Notice, err error) {
	if !atOnce {
		if wish == AtOnce {
			return nil, nil // the other round sees to it
		}
		return tx.NoticesToMail(to.ID, before)
	}
	all, err := tx.NoticesToMail(to.ID, tx.Now())
	if err != nil {
		return nil, err
	}
	waited := false
	for i := range all {
		if n := &all[i]; wish == AtOnce || wish == Daily && to.Profile == alveary.ProfileShared && n.Kind == alveary.NoticeShared {
			waited = waited || n.At.Before(before)
			list = append(list, *n)
		}
	}
	if !waited {
		return nil, nil
	}
	return list, nil
}

// post puts a digest into the outbox.
func (s *Service) post(v *desk.View, to *alveary.User, list []alveary.Notice) error {
	house, err := v.Tx.Organisation()
	if err != nil {
		return err
	}
	head := alveary.Letterhead{Lang: house.Language, Name: to.DisplayName(), Login: to.Login, At: v.Tx.Now()}
	if wordings[head.Lang] == nil {
		head.Lang = english
	}
	if s.PublicURL != "" {
		head.Link = s.PublicURL + noticesPage
	}
	r := s.reader(v, head.Lang)
	more := max(len(list)-mostLines, 0)
	views, err := r.views(list[more:]) // the newest
	if err != nil {
		return err
	}
	for i := range views {
		head.Lines = append(head.Lines, views[i].Text)
	}
	if more > 0 {
		line, err := r.words.say("more", more)
		if err != nil {
			return err
		}
		head.Lines = append(head.Lines, line)
	}
	text, err := json.Marshal(head)
	if err != nil {
		return fmt.Errorf("write a digest: %w", err)
	}
	return v.Tx.Post(to.Email, kindDigest, s.Box.Seal(vault.PurposeMail, text))
}

// houseName is what the house calls itself.
func houseName(tx *store.Tx) (string, error) {
	house, err := tx.Organisation()
	if err != nil || house.Name != "" {
		return house.Name, err
	}
	return "Alveary", nil
}
