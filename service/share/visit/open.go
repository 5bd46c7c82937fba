package visit

import (
	"context"
	"slices"
	"strings"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/files/desk"
	"alveary/service/share/use"
)

// Attempt is what someone brings to open a link. It is secret.
type Attempt struct {
	Address  string // the token of the link, or its slug
	Password string // empty: none was asked for yet
	Proof    string // of work, where one was asked for
}

// Pass is what a visitor brings from then on. Its text is secret.
type Pass struct {
	Cookie  string
	Expires time.Time
}

// Open lets a visitor in. KindNotFound where nobody can open the link, whyever;
// KindUnauthenticated where something has to be brought: "password",
// "wrong-password", "sign-in" or, from the guard, "captcha"; KindDenied
// "not-for-you" where he is not among the people that it is for; KindLimited
// where he has to wait.
func (s *Service) Open(ctx context.Context, a Attempt, c Client) (v Visit, p Pass, err error) {
	try := &trial{Service: s, proof: a.Proof, address: c.Address}
	k, err := try.link(ctx, a.Address)
	if err != nil {
		return v, p, err
	}
	if len(k.cell.Link.People) > 0 && (c.Guest == nil || !c.Guest.Known()) {
		return v, p, needsSignIn()
	}
	if k.cell.Link.Password {
		if a.Password == "" {
			return v, p, needs("password", "this link has a password: ask whoever gave it to you")
		}
		if err := try.password(ctx, k, a.Password, c); err != nil {
			return v, p, err
		}
	}
	if err := s.admit(ctx, k, c); err != nil {
		return v, p, err
	}
	made, err := s.issue(k, c)
	if err != nil {
		return v, p, err
	}
	s.count.Add(k.cell.ID, alveary.CellUse{Opened: 1}, use.News{Kind: alveary.NoticeOpened, Cell: k.cell.ID, Node: k.line.Node().ID, Owner: k.cell.Owner})
	return k.visit(made, c), Pass{s.seal(made), made.expires}, nil
}

// Enter is for every further request of a visitor. KindUnauthenticated "visit"
// where the cookie is not one for this link, or not any more; "sign-in" where
// who was let in is not signed in any more; KindNotFound where nobody can open
// the link. To whoever has no cookie of it, a link that is there is not told
// from one that is not.
func (s *Service) Enter(ctx context.Context, id alveary.CellID, cookie string, c Client) (Visit, error) {
	p := s.unseal(cookie)
	if p == nil || p.link != id {
		return Visit{}, visitOver()
	}
	version, err := s.store.AccessVersion(ctx)
	if err != nil {
		return Visit{}, err
	}
	k, err := s.find(ctx, id, version)
	if err != nil {
		return Visit{}, err
	}
	switch {
	case !k.alive(s.now()):
		return Visit{}, gone()
	case p.stamp != k.stamp:
		return Visit{}, visitOver()
	case len(k.cell.Link.People) > 0 && (c.Guest == nil || c.Guest.User.ID != p.guest || !c.Guest.Known()):
		return Visit{}, needsSignIn()
	}
	return k.visit(p, c), nil
}

// Here describes what the link is on as it is now, for which the database is not
// asked while nobody writes: describing is the better part of an opening. False
// where it has to be asked in any case.
func (s *Service) Here(ctx context.Context, v *Visit) (it desk.Item, ok bool) {
	k := v.known
	if _, settled := s.store.State(); !settled {
		return it, false
	}
	if !s.current(k) {
		again, err := s.read(ctx, k.cell.ID)
		if err != nil || again.version != k.version {
			return it, false
		}
		k = again
	}
	access, err := s.gate.Bind(ctx, s.store, v.Subject)
	// Current after the binding: then both are of one state.
	if err != nil || !s.current(k) || access.Check(authz.See, k.line) != nil {
		return it, false
	}
	node := k.line.Node()
	return desk.Item{Node: node, Abilities: authz.Abilities(node, access.Asked(k.line, alveary.AllRights))}, true
}

func visitOver() error {
	return needs("visit", "your visit to this link is over: open the link once more")
}

// admit asks the gate whether the link gives anything to this visitor.
func (s *Service) admit(ctx context.Context, k *known, c Client) error {
	visitor := k.subject(c)
	access, err := s.gate.Bind(ctx, s.store, visitor)
	if err != nil {
		return err
	}
	if access.Rights(k.line) != 0 {
		return nil
	}
	if visitor.Guest == nil {
		return gone()
	}
	// Either the link gives nothing, or he is not meant: his roles tell.
	own, err := s.gate.Bind(ctx, s.store, *visitor.Guest)
	if err != nil {
		return err
	}
	for _, role := range own.Stack() {
		if slices.Contains(k.cell.Link.People, role.Role) {
			return gone()
		}
	}
	if err := s.record(ctx, k, c, alveary.VerdictDenied, "the link is for other people"); err != nil {
		return err
	}
	return &alveary.Error{
		Kind: alveary.KindDenied, Op: opened, Code: "not-for-you",
		Message: "this link is for other people: if you should be among them, ask whoever gave it to you",
	}
}

// trial is one attempt to open a link, with what it brings to be let try.
type trial struct {
	*Service
	proof   string // not shown yet
	address string
	proved  bool
}

// may asks the guard before any work. A proof of work counts once.
func (t *trial) may(ctx context.Context, key string) error {
	if err := t.guard.Check(ctx, key, t.address, t.proved || t.proof != ""); err != nil || t.proof == "" {
		return err
	}
	proof := t.proof
	t.proof = ""
	var err error
	if t.proved, err = t.Service.proved(ctx, proof); err != nil && !alveary.IsKind(err, alveary.KindUnauthenticated) {
		return err
	}
	return t.guard.Check(ctx, key, t.address, t.proved)
}

// link finds the link of an address. A slug is one that people choose and so
// could be guessed: what does not lead anywhere counts as a failure.
func (t *trial) link(ctx context.Context, text string) (*known, error) {
	guessed := isSlug(text) && !isToken(text)
	if guessed {
		if err := t.may(ctx, ""); err != nil {
			return nil, err
		}
	}
	k, err := t.lookUp(ctx, text)
	if err == nil && !k.alive(t.now()) {
		err = gone()
	}
	if guessed && alveary.IsKind(err, alveary.KindNotFound) {
		if err := t.guard.Failed(ctx, "", t.address); err != nil {
			return nil, err
		}
	}
	return k, err
}

// isSlug says whether an address can be a slug.
func isSlug(text string) bool {
	return text != "" && len(text) <= 64 && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// isToken says whether an address can be a token: 160 bits in the letters of
// base 32. Nobody guesses those.
func isToken(text string) bool {
	return len(text) == 32 && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// password compares the password within a turn and asks the guard in it: what
// failed of those that came before is counted by then.
func (t *trial) password(ctx context.Context, k *known, password string, c Client) error {
	key := "link:" + k.cell.ID.String()
	if err := t.may(ctx, key); err != nil {
		return err
	}
	done, err := t.turn(ctx, "from "+t.address, "to "+key)
	if err != nil {
		return err
	}
	defer done()
	if err := t.guard.Check(ctx, key, t.address, t.proved); err != nil {
		return err
	}
	same, err := t.matches(ctx, k.password, password)
	switch {
	case err != nil:
		return err
	case same:
		return t.guard.Succeeded(ctx, key, t.address)
	}
	if err := t.guard.Failed(ctx, key, t.address); err != nil {
		return err
	}
	if err := t.record(ctx, k, c, alveary.VerdictFailed, "the password is wrong"); err != nil {
		return err
	}
	return needs("wrong-password", "this is not the password of the link")
}

// record writes down that somebody was not let in. Hanging up does not take it
// back.
func (s *Service) record(ctx context.Context, k *known, c Client, v alveary.Verdict, detail string) error {
	return s.store.Record(context.WithoutCancel(ctx), desk.Line(k.subject(c), "open-link", v, k.line, detail))
}
