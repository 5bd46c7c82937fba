package ask

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/files/desk"
)

// Answer is what is answered to a request.
type Answer struct {
	Grant   bool
	Rights  alveary.Rights // what is given; 0: what was asked for
	Until   time.Time      // zero: for good
	Message string         // to who asked
}

// Answer answers a request, once: KindConflict "answered" where somebody else
// was quicker, KindDenied "not-held" where who answers does not hold himself
// what he would give, KindNotFound where the request is none of his.
func (s *Service) Answer(ctx context.Context, by alveary.Subject, id alveary.RequestID, a Answer) error {
	const op = "answer the request"
	if err := checkMessage(op, a.Message); err != nil {
		return err
	}
	if a.Grant && !a.Until.IsZero() && !s.now().Before(a.Until) {
		return invalid(op, "past", "the end lies in the past")
	}
	return s.desk.Write(ctx, by, func(v *desk.View) error {
		q, line, err := s.ask(v, id)
		if err != nil {
			return err
		}
		q.Answer = "refused"
		detail := "refused"
		if a.Grant {
			if a.Rights != 0 {
				q.Rights = a.Rights
			}
			if err := s.give(ctx, v, &q, line, a.Until); err != nil {
				return err
			}
			q.Answer, detail = "granted", "granted: "+spoken(q.Rights)
		}
		q.By, q.Answered = by.User.ID, time.Time{}
		if err := v.Tx.AnswerRequest(q); err != nil {
			return err
		}
		if _, err := v.Tx.Notify(alveary.Notice{
			User: q.User, Kind: alveary.NoticeAnswered, By: by.User.ID, Cell: q.Cell, Node: q.Node, Asked: q.ID, Text: a.Message,
		}); err != nil {
			return err
		}
		return v.Record("answer-request", line, detail)
	})
}

// ask finds an open request that the asker may answer, with the way to its
// node; nil where that is gone.
func (s *Service) ask(v *desk.View, id alveary.RequestID) (q alveary.Request, line alveary.Lineage, err error) {
	q, managers, err := v.Tx.Request(id)
	if err != nil {
		return q, nil, err
	}
	by := v.Access.Subject()
	if by.Link != 0 || !by.Known() || !slices.Contains(managers, by.User.ID) {
		return q, nil, noRequest()
	}
	if line, err = find(v.Tx, q.Node); err != nil {
		return q, nil, err
	}
	if !administers(by) && (line == nil || !v.Access.Rights(line).Has(alveary.ActionRead)) {
		return q, nil, noRequest()
	}
	if q.Answer != "" {
		return q, nil, &alveary.Error{Kind: alveary.KindConflict, Op: "answer the request", Code: "answered", Message: answered}
	}
	return q, line, nil
}

// give gives what a request asks for, as far as who answers has it.
func (s *Service) give(ctx context.Context, v *desk.View, q *alveary.Request, line alveary.Lineage, until time.Time) error {
	const op = "share the node"
	if err := checkRights(op, q.Rights); err != nil {
		return err
	}
	if line == nil {
		return &alveary.Error{Kind: alveary.KindNotFound, Op: op, Code: "gone", Message: "there is nothing here any more: refuse the request"}
	}
	asker, err := v.Tx.User(q.User)
	if err != nil {
		return err
	}
	why, err := s.maySharing(ctx, v.Access, v.Tx, asker, line)
	if err != nil {
		return err
	}
	missing := q.Rights &^ v.Access.Rights(line)
	if why == "" {
		why = lacks(missing)
	}
	if why != "" {
		return &alveary.Error{Kind: alveary.KindDenied, Op: op, Subject: line.Node().Name, Code: "not-held", Message: why, Missing: missing}
	}
	q.Cell, err = s.grant(ctx, v.Tx, v.Access.Subject(), q.Node, q.User, q.Rights, until)
	return err
}

// Would is what granting a request would change.
type Would struct {
	Now, After  alveary.Rights // of who asks
	Text        string         // one plain sentence
	Explanation authz.Explanation
}

// errDraft takes a draft back.
var errDraft = errors.New("this was a draft")

// Would says what granting a request as it was asked for would open: it is
// granted, and the gate asked, in a transaction that is taken back.
func (s *Service) Would(ctx context.Context, by alveary.Subject, id alveary.RequestID) (w Would, err error) {
	err = s.desk.Write(ctx, by, func(v *desk.View) error {
		q, line, err := s.ask(v, id)
		if err != nil {
			return err
		}
		asker, err := v.Tx.Subject(q.User)
		if err != nil {
			return err
		}
		action := alveary.ActionRead
		if q.Rights.Has(alveary.ActionWrite) {
			action = alveary.ActionWrite
		}
		if line != nil {
			before, err := s.gate.Bind(ctx, v.Tx, asker)
			if err != nil {
				return err
			}
			w.Now = before.Rights(line)
		}
		if err := s.give(ctx, v, &q, line, time.Time{}); err != nil {
			return err
		}
		after, err := s.gate.Bind(ctx, v.Tx, asker)
		if err != nil {
			return err
		}
		w.After, w.Explanation = after.Rights(line), after.Explain(line, action)
		w.Text = sentence(asker.User, w.Now, w.After)
		return errDraft
	})
	if errors.Is(err, errDraft) {
		err = nil
	}
	return w, err
}

// sentence says what changes for who asks.
func sentence(asker alveary.User, now, after alveary.Rights) string {
	name := asker.DisplayName()
	is := name + " may do nothing with it now"
	if now != 0 {
		is = name + " may " + spoken(now) + " it now"
	}
	gained := after &^ now
	if gained == 0 {
		return is + ", and granting this would change nothing: something else takes away what is asked for"
	}
	return is + "; granted, " + name + " may also " + spoken(gained) + " it"
}

// spoken lists rights within a sentence.
func spoken(r alveary.Rights) string {
	words := strings.Split(r.String(), ",")
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return words[0]
}
