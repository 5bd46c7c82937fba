package vigil

import (
	"errors"
	"time"

	"alveary"
	"alveary/store"
)

// Renew is a subject as he is at the time of the transaction: the user with
// his roles and homes of now, in the context of the request that he made then.
// KindUnauthenticated where he, his session or his token is no longer good;
// else until is when one of them ends by the clock, zero where none does. Of a
// visitor of a link it is the user who signed in for it that must be good, and
// the address and the password by which he was let in must be those of the link
// still; KindNotFound says that there is no such link any more.
//
// What ends long after it began is decided with it.
func Renew(tx *store.Tx, s alveary.Subject) (now alveary.Subject, until time.Time, err error) {
	m := newMemory()
	if err := m.learn(tx, []alveary.Subject{s}, nil); err != nil {
		return s, until, err
	}
	return m.renew(s, tx.Now())
}

// at is the subject with the present time in the context of his request.
func at(s alveary.Subject, now time.Time) alveary.Subject {
	if s.Context == nil || s.Context.Now.IsZero() {
		return s
	}
	c := *s.Context
	c.Now = now.In(c.Now.Location())
	s.Context = &c
	return s
}

// memory is what was looked up, for as long as the counters say that it is
// still so. What is not there is known not to be.
type memory struct {
	counters store.Counters
	people   map[alveary.UserID]*alveary.Subject
	sessions map[alveary.SessionID]*alveary.Session
	tokens   map[alveary.TokenID]*alveary.Token
	links    map[alveary.CellID]*link
	lines    map[alveary.NodeID]alveary.Lineage
	used     []alveary.SessionID // sessions to be marked as used
}

func newMemory() *memory {
	return &memory{
		people: map[alveary.UserID]*alveary.Subject{}, sessions: map[alveary.SessionID]*alveary.Session{},
		tokens: map[alveary.TokenID]*alveary.Token{}, links: map[alveary.CellID]*link{}, lines: map[alveary.NodeID]alveary.Lineage{},
	}
}

// mostLines bounds how many nodes are remembered.
const mostLines = 10_000

// refresh forgets what the transaction may see otherwise, and looks up what the
// streams need.
func (m *memory) refresh(tx *store.Tx, streams []*Stream) error {
	now, err := tx.Counters()
	if err != nil {
		return err
	}
	if now.Access != m.counters.Access || now.People != m.counters.People {
		clear(m.people)
		clear(m.sessions)
		clear(m.tokens)
		clear(m.links)
	}
	if now.Revision != m.counters.Revision || len(m.lines) > mostLines {
		clear(m.lines)
	}
	m.counters = now
	subjects := make([]alveary.Subject, len(streams))
	var nodes []alveary.NodeID
	for i, s := range streams {
		q, _ := s.asking()
		subjects[i] = q.Subject
		if q.Ask == nil && len(q.Line) > 0 {
			nodes = append(nodes, q.Line.Node().ID)
		}
	}
	return m.learn(tx, subjects, nodes)
}

// learn looks up what is not known yet, all of a kind at once.
func (m *memory) learn(tx *store.Tx, subjects []alveary.Subject, nodes []alveary.NodeID) error {
	var users []alveary.UserID
	var sessions []alveary.SessionID
	var tokens []alveary.TokenID
	var links []alveary.CellID
	for _, s := range subjects {
		links = append(links, s.Link)
		if s.Guest != nil {
			s = *s.Guest
		}
		users, sessions, tokens = append(users, s.User.ID), append(sessions, s.Session), append(tokens, s.Token)
	}
	return errors.Join(
		learn(m.people, users, tx.Subjects),
		learn(m.sessions, sessions, tx.SessionsOf),
		learn(m.tokens, tokens, tx.TokensOf),
		learn(m.links, links, func(ids []alveary.CellID) (map[alveary.CellID]link, error) { return linksOf(tx, ids) }),
		m.learnLines(tx, nodes),
	)
}

// link is what is known of one beside what the gate asks.
type link struct {
	owner alveary.UserID
	stamp alveary.Stamp
}

// linksOf are the links of the ids that are there.
func linksOf(tx *store.Tx, ids []alveary.CellID) (map[alveary.CellID]link, error) {
	found := make(map[alveary.CellID]link, len(ids))
	for _, id := range ids {
		c, err := tx.Cell(id)
		if err == nil && c.Link == nil || alveary.IsKind(err, alveary.KindNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		secret, err := tx.CellSecret(id)
		if err != nil {
			return nil, err
		}
		found[id] = link{c.Owner, c.Stamp(secret.Token, secret.Password)}
	}
	return found, nil
}

func (m *memory) learnLines(tx *store.Tx, nodes []alveary.NodeID) error {
	unknown := missing(m.lines, nodes)
	if len(unknown) == 0 {
		return nil
	}
	lines, err := tx.Lineages(unknown)
	if err != nil {
		return err
	}
	for _, id := range unknown {
		m.lines[id] = lines[id]
	}
	return nil
}

func learn[K comparable, V any](known map[K]*V, ids []K, ask func([]K) (map[K]V, error)) error {
	unknown := missing(known, ids)
	if len(unknown) == 0 {
		return nil
	}
	found, err := ask(unknown)
	if err != nil {
		return err
	}
	for _, id := range unknown {
		if value, ok := found[id]; ok {
			known[id] = &value
		} else {
			known[id] = nil
		}
	}
	return nil
}

// missing are the ids of which nothing is known, each once; the zero id stands
// for none.
func missing[K comparable, V any](known map[K]V, ids []K) (out []K) {
	var none K
	seen := map[K]bool{none: true}
	for _, id := range ids {
		if _, ok := known[id]; !ok && !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// line is the way to a node; KindNotFound where it is gone.
func (m *memory) line(id alveary.NodeID) (alveary.Lineage, error) {
	if line := m.lines[id]; line != nil {
		return line, nil
	}
	return nil, alveary.Withheld("go on")
}

func (m *memory) renew(s alveary.Subject, present time.Time) (now alveary.Subject, until time.Time, err error) {
	switch {
	case s.Link != 0:
		return m.renewVisitor(s, present)
	case s.User.ID == 0:
		return at(s, present), until, nil
	}
	person := m.people[s.User.ID]
	if person == nil || !person.Known() {
		return s, until, signedOut()
	}
	now = *person
	now.Session, now.Token, now.Address, now.Request, now.Context = s.Session, s.Token, s.Address, s.Request, s.Context
	now.Scope, now.Proved = s.Scope, s.Proved
	if s.Session != "" {
		session := m.sessions[s.Session]
		if session == nil || session.User != s.User.ID || !present.Before(session.Expires) {
			return s, until, signedOut()
		}
		until = earlier(session.Expires, m.use(session, present))
	}
	if s.Token != "" {
		token := m.tokens[s.Token]
		if token == nil || token.User != s.User.ID || !token.Expires.IsZero() && !present.Before(token.Expires) {
			return s, until, signedOut()
		}
		now.Scope, until = token.Scope, earlier(until, token.Expires)
	}
	return at(now, present), until, nil
}

// renewVisitor is renew for a visitor of a link. What the link gives now the
// gate knows; here it is about who he is, and whose is what he makes.
func (m *memory) renewVisitor(s alveary.Subject, present time.Time) (now alveary.Subject, until time.Time, err error) {
	link := m.links[s.Link]
	if link == nil {
		return s, until, alveary.Withheld("go on")
	}
	if s.Stamp != (alveary.Stamp{}) && s.Stamp != link.stamp {
		return s, until, visitOver()
	}
	now = at(s, present)
	now.Maker = link.owner
	if s.Guest != nil {
		guest, until, err := m.renew(*s.Guest, present)
		now.Guest = &guest
		return now, until, err
	}
	return now, until, nil
}

// level is that of the sign-in of a subject that renew found in order; of what
// did not sign in nothing more is asked.
func (m *memory) level(s alveary.Subject) int {
	switch {
	case s.Session != "":
		return m.sessions[s.Session].Level
	case s.Token != "":
		return m.tokens[s.Token].Level
	}
	return alveary.LevelSecond
}

// use notes sessions that are to be marked as used, and says when that is to
// be looked at again.
func (m *memory) use(session *alveary.Session, now time.Time) (next time.Time) {
	if now.Before(session.LastSeen.Add(seenEvery)) {
		return session.LastSeen.Add(seenEvery)
	}
	m.used, session.LastSeen = append(m.used, session.ID), now
	return now.Add(seenEvery)
}

func signedOut() error {
	return &alveary.Error{
		Kind: alveary.KindUnauthenticated, Op: "go on", Code: "signed-out",
		Message: "you are not signed in, or no longer: sign in and try again",
	}
}

func visitOver() error {
	return &alveary.Error{
		Kind: alveary.KindUnauthenticated, Op: "go on", Code: "visit",
		Message: "your visit to this link is over: open the link once more",
	}
}

// earlier is the first of two instants of which either may be none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
