package ways

import (
	"slices"
	"sync"
	"time"

	"alveary"
	"alveary/acl"
)

// Way is a Cell or link through which a subject may come by rights.
type Way struct {
	Cell  *alveary.Cell
	Owner *Owner       // nil: he is gone
	Stack []acl.Ranked // of the subject
	Other bool         // the subject, or who signed in as the guest of a link, is of another house

	names  bool // an entry of the Cell names policies
	book   *Book
	place  int32
	once   sync.Once
	ledger *acl.Ledger
}

// Ledger is the Cell's own entries as they stand for the subject.
func (w *Way) Ledger() *acl.Ledger {
	w.once.Do(func() { w.ledger = w.book.index(w.place).Ledger(w.Stack, nil) })
	return w.ledger
}

// Index is the Cell's own entries.
func (w *Way) Index() *acl.Index { return w.book.index(w.place) }

// Keeps is what is left of rights through the Cell, whatever its entries say.
func (w *Way) Keeps() alveary.Rights {
	if w.Cell.Link == nil {
		return alveary.AllRights
	}
	return w.Cell.Link.Mode.Keeps()
}

// Ways are those of one subject. A nil *Ways is that of somebody without any.
type Ways struct {
	All    []*Way
	starts map[alveary.NodeID][]start
}

// start is a node on which an entry of the subject stands in a Cell.
type start struct {
	way   *Way
	until time.Time // when the last of the entries expires; zero: never
}

// Of are the ways of a subject with his roles in order.
func (b *Book) Of(s *alveary.Subject, stack []acl.Ranked) *Ways {
	if b.Empty() || len(stack) == 0 {
		return nil
	}
	var w Ways
	for _, place := range b.places(s, stack) {
		c := &b.cells[place]
		one := &Way{Cell: c, Owner: b.owners[c.Owner], Stack: stack, Other: external(s), names: b.names[place], book: b, place: place}
		stands := false
		for i := range c.Entries {
			e := &c.Entries[i]
			if belongs(e, c) && slices.ContainsFunc(stack, func(r acl.Ranked) bool { return r.Role == e.Role }) {
				w.begin(one, e)
				stands = true
			}
		}
		if stands {
			w.All = append(w.All, one)
		}
	}
	if w.All == nil {
		return nil
	}
	return &w
}

// places are those of the Cells with an entry of one of the roles, in order.
func (b *Book) places(s *alveary.Subject, stack []acl.Ranked) (places []int32) {
	if s.Link != 0 {
		if at := b.find(s.Link); at >= 0 && b.cells[at].Link != nil {
			places = append(places, int32(at))
		}
		return places
	}
	for _, r := range stack {
		places = append(places, b.byRole[r.Role]...)
	}
	slices.Sort(places)
	return slices.Compact(places)
}

func (w *Ways) begin(way *Way, e *alveary.Entry) {
	if w.starts == nil {
		w.starts = map[alveary.NodeID][]start{}
	}
	here := w.starts[e.Node]
	if n := len(here) - 1; n >= 0 && here[n].way == way {
		if last := &here[n]; !last.until.IsZero() && (e.Expires.IsZero() || e.Expires.After(last.until)) {
			last.until = e.Expires
		}
		return
	}
	w.starts[e.Node] = append(here, start{way, e.Expires})
}

// Begins says whether a way begins at the node.
func (w *Ways) Begins(id alveary.NodeID) bool { return w != nil && len(w.starts[id]) > 0 }

// Covers says whether a way begins on the lineage.
func (w *Ways) Covers(line alveary.Lineage) bool {
	if w != nil {
		for i := range line {
			if len(w.starts[line[i].ID]) > 0 {
				return true
			}
		}
	}
	return false
}

// Begun is a way that covers the node at the end of a lineage.
type Begun struct {
	Way  *Way
	At   int  // place in the lineage of the deepest node on which an entry of the subject stands in the Cell
	Live bool // one that has not expired does
}

// On adds the ways that cover the node at the end of the lineage.
func (w *Ways) On(line alveary.Lineage, now time.Time, into []Begun) []Begun {
	if w == nil {
		return into
	}
	base := len(into)
	for at := len(line) - 1; at >= 0; at-- {
	here:
		for _, s := range w.starts[line[at].ID] {
			live := s.until.IsZero() || now.Before(s.until)
			for i := base; i < len(into); i++ {
				if have := &into[i]; have.Way == s.way {
					if live && !have.Live {
						have.At, have.Live = at, true
					}
					continue here
				}
			}
			into = append(into, Begun{s.way, at, live})
		}
	}
	return into
}

// Nodes are those at which ways begin, in no order.
func (w *Ways) Nodes() (nodes []alveary.NodeID) {
	if w != nil {
		for id := range w.starts {
			nodes = append(nodes, id)
		}
	}
	return nodes
}

// Stop says why a way gives nothing.
type Stop uint8

// The reasons.
const (
	Open     Stop = iota // nothing stops it
	Expired              // all entries of the subject have expired
	NotYet               // the Cell has not begun
	Over                 // it has ended
	Gone                 // its owner is no longer there
	Disabled             // he is disabled
	Void                 // a house rule; the term tells which
)

// Stops says what stops a way now, and where a house rule does, the term. The
// rules are those for the owner on the way down to the node at which the way
// begins.
func (s *Begun) Stops(line alveary.Lineage, now time.Time) (Stop, string) {
	w := s.Way
	switch {
	case !s.Live:
		return Expired, ""
	case now.Before(w.Cell.From):
		return NotYet, ""
	case !w.Cell.In(now):
		return Over, ""
	case w.Owner == nil:
		return Gone, ""
	case !w.Owner.Known():
		return Disabled, ""
	}
	h := w.Owner.Bylaws().On(line[:s.At+1], false)
	if !w.names {
		h.Policies = nil // they are not looked for among many entries
	}
	if term := h.Void(w.Cell, line[s.At].ID, line[s.At].IsFolder(), now); term != "" {
		return Void, term
	}
	if w.Other && !h.External {
		return Void, "external"
	}
	return Open, ""
}

// external says whether someone is of another house. Who signed in to a link is
// not looked at here: ways are kept for all of its visitors; see Shuns.
func external(s *alveary.Subject) bool { return s.User.Profile == alveary.ProfileShared }

// Shuns says whether the house rules keep external people from coming this way.
func (s *Begun) Shuns(line alveary.Lineage) bool {
	return !s.Way.Owner.Bylaws().On(line[:s.At+1], false).External
}

// Dates are the instants at which dates could change what Stops says; those
// that are not set are zero.
func (s *Begun) Dates(line alveary.Lineage) []time.Time {
	w := s.Way
	dates := []time.Time{w.Cell.From, w.Cell.Until}
	if w.names { // what names a policy that may not be given stops others too, until it expires
		for i := range w.Cell.Entries {
			if e := &w.Cell.Entries[i]; len(e.Policies) > 0 {
				dates = append(dates, e.Expires)
			}
		}
	}
	if w.Cell.Link == nil || !w.Owner.Known() {
		return dates
	}
	for at := range line {
		if !slices.ContainsFunc(w.Cell.Entries, func(e alveary.Entry) bool { return e.Node == line[at].ID }) {
			continue
		}
		if h := w.Owner.Bylaws().On(line[:at+1], false); h.Days > 0 {
			dates = append(dates, w.Cell.Created.AddDate(0, 0, int(h.Days)))
		}
	}
	return dates
}

// Next is the next of the dates; zero: never.
func (s *Begun) Next(line alveary.Lineage, now time.Time) (until time.Time) {
	for _, t := range s.Dates(line) {
		if t.After(now) && (until.IsZero() || t.Before(until)) {
			until = t
		}
	}
	return until
}

// sentence says what a term of the house rules stops.
func sentence(term string) string {
	switch term {
	case "cells":
		return "nothing may be shared in Cells here"
	case "fileLinks":
		return "there may be no links on files here"
	case "folderLinks":
		return "there may be no links on folders here"
	case "external":
		return "nothing may be shared with people of other houses here"
	case "password":
		return "a link needs a password here"
	case "slugs":
		return "a link whose address was chosen needs a password here"
	case "policies":
		return "a policy that it names may not be given here"
	}
	return "a link lives no longer here"
}

// Words say what stops a way, as a clause of a sentence; empty where nothing
// does.
func (s *Begun) Words(stop Stop, term string) string {
	w, day := s.Way, func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	switch stop {
	case Expired:
		return "what it gave has expired"
	case NotYet:
		return "it begins at " + day(w.Cell.From)
	case Over:
		return "it ended at " + day(w.Cell.Until)
	case Gone:
		return "its owner is no longer there"
	case Disabled:
		return "its owner " + w.Owner.Subject.User.Login + " is disabled"
	case Void:
		return "the house rules stop it: " + sentence(term)
	case Open:
	}
	return ""
}

// String is the Cell or link within a sentence.
func (w *Way) String() string {
	words := "the Cell "
	if w.Cell.Link != nil {
		words = "the link "
	}
	if w.Cell.Label == "" {
		words += w.Cell.ID.String()
	} else {
		words += w.Cell.Label
	}
	if w.Owner == nil {
		return words
	}
	return words + " of " + w.Owner.Subject.User.Login
}
