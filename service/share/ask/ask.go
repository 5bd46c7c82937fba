// Package ask carries requests for rights: whoever may not open what he was
// shown asks for it, and those who could give it to him answer with a click.
//
// It exists because of what must not be told on the way. Who asks learns
// nothing about a node that he may not see: not whether it is there, what it is
// called, who could answer or whether anybody was asked (MODEL.md 5.2); a
// request for a node that nobody has stays open like one that nobody answers.
// Who answers gives no more than he has himself, by the same way as everything
// that is shared (7.7), which is handed in.
//
// Promises: what a request brings about, its notices and its line in the audit
// log are one transaction. What an answer would open is found by giving it and
// taking it back, so that what is shown is what the gate would say. A *Service
// is safe for concurrent use.
//
// Read this file first, then managers.go and answer.go.
package ask

import (
	"context"
	"time"
	"unicode/utf8"

	"alveary"
	"alveary/authz"
	"alveary/service/files/desk"
	"alveary/store"
)

// Grant gives a user rights on a node in the name of who answers, until an
// instant or for good, and says which Cell gives them.
type Grant func(ctx context.Context, tx *store.Tx, by alveary.Subject, node alveary.NodeID, to alveary.UserID, r alveary.Rights, until time.Time) (alveary.CellID, error)

// Config are the parts the service is made of.
type Config struct {
	Store *store.Store
	Gate  *authz.Gate
	Now   func() time.Time
	Grant Grant
}

// Service carries the requests of one installation.
type Service struct {
	gate  *authz.Gate
	now   func() time.Time
	grant Grant
	desk  *desk.Desk
}

// New makes the service.
func New(c Config) *Service {
	return &Service{gate: c.Gate, now: c.Now, grant: c.Grant, desk: desk.New(c.Store, c.Gate)}
}

const (
	mostOpen    = 20 // requests of one user that wait for an answer
	mostADay    = 50 // … and that he makes in a day: each comes to people's notice
	mostMessage = 500
	mostPast    = 100 // requests of the past that are listed
)

// Ask asks those who could give them for rights on a node. It tells nothing
// about the node: an answer is an error only for what is wrong whatever the
// node is, or where who asks may read it and has the rights already, KindConflict
// "held". A second request for a node that waits already does nothing.
func (s *Service) Ask(ctx context.Context, by alveary.Subject, node alveary.NodeID, rights alveary.Rights, message string) error {
	const op = "ask for a right"
	if by.Link != 0 || !by.Known() {
		return &alveary.Error{Kind: alveary.KindDenied, Op: op, Code: "denied", Message: "only users of the house can ask: sign in first"}
	}
	if err := checkRights(op, rights); err != nil {
		return err
	}
	if err := checkMessage(op, message); err != nil {
		return err
	}
	return s.desk.Write(ctx, by, func(v *desk.View) error {
		if _, waits, err := v.Tx.OpenRequest(by.User.ID, node); err != nil || waits {
			return err
		}
		if err := s.fewEnough(op, v); err != nil {
			return err
		}
		line, err := find(v.Tx, node)
		if err != nil {
			return err
		}
		var managers []alveary.UserID
		if line != nil {
			if own := v.Access.Rights(line); own.Has(alveary.ActionRead) && rights&^own == 0 {
				return &alveary.Error{Kind: alveary.KindConflict, Op: op, Subject: line.Node().Name, Code: "held", Message: "you have these rights already"}
			}
			if managers, err = s.managers(ctx, v, line); err != nil {
				return err
			}
		}
		q, err := v.Tx.InsertRequest(alveary.Request{User: by.User.ID, Node: node, Rights: rights, Message: message}, managers)
		if err != nil {
			return err
		}
		for _, m := range managers {
			if _, err := v.Tx.Notify(alveary.Notice{User: m, Kind: alveary.NoticeAsked, By: by.User.ID, Node: node, Asked: q.ID}); err != nil {
				return err
			}
		}
		return v.Record("ask-right", line, spoken(rights))
	})
}

// find is the way to a live node; nil where there is none.
func find(tx *store.Tx, id alveary.NodeID) (alveary.Lineage, error) {
	line, err := tx.Lineage(id)
	if alveary.IsKind(err, alveary.KindNotFound) || err == nil && line.InBin() {
		return nil, nil
	}
	return line, err
}

// fewEnough refuses more than people can bear.
func (s *Service) fewEnough(op string, v *desk.View) error {
	mine, err := v.Tx.RequestsOf(v.Access.Subject().User.ID)
	if err != nil {
		return err
	}
	open, lately := 0, 0
	for _, q := range mine {
		if q.Answer == "" {
			open++
		}
		if s.now().Sub(q.At) < 24*time.Hour {
			lately++
		}
	}
	if open < mostOpen && lately < mostADay {
		return nil
	}
	return &alveary.Error{
		Kind: alveary.KindLimited, Op: op, Code: "too-many",
		Message: "you have asked for as much as one can at a time: wait for answers, or withdraw what you no longer need",
	}
}

// Withdraw takes a request back that was not answered yet.
func (s *Service) Withdraw(ctx context.Context, by alveary.Subject, id alveary.RequestID) error {
	return s.desk.Write(ctx, by, func(v *desk.View) error {
		q, _, err := v.Tx.Request(id)
		if err != nil {
			return err
		}
		if by.Link != 0 || q.User != by.User.ID {
			return noRequest()
		}
		q.Answer, q.By, q.Answered = "withdrawn", by.User.ID, time.Time{}
		if err := v.Tx.AnswerRequest(q); err != nil {
			return err
		}
		line, err := find(v.Tx, q.Node)
		if err != nil {
			return err
		}
		return v.Record("withdraw-request", line, "")
	})
}

func noRequest() error {
	return &alveary.Error{Kind: alveary.KindNotFound, Op: "find the request", Code: "not-found", Message: "there is no such request"}
}

func checkRights(op string, r alveary.Rights) error {
	if r == 0 || r&^alveary.Givable != 0 {
		return invalid(op, "invalid", "what can be given is the right to read, the right to write, or both")
	}
	return nil
}

func checkMessage(op, message string) error {
	if utf8.RuneCountInString(message) > mostMessage {
		return invalid(op, "invalid", "a message has 500 characters at most")
	}
	return nil
}

func invalid(op, code, message string) error {
	return &alveary.Error{Kind: alveary.KindInvalid, Op: op, Code: code, Message: message}
}
