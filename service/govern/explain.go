package govern

import (
	"context"
	"fmt"
	"strings"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/govern/document"
	"alveary/service/govern/intake"
	"alveary/store"
)

// apiBase is left out of the paths of calls, as in rest policies.
const apiBase = "/api/v1"

// Explain decides an imagined question and says why. It is asked by
// administrators, so whether the user could see the node does not matter; that
// it was asked is put into the audit log.
func (s *Service) Explain(ctx context.Context, who alveary.Subject, q document.Question) (out document.Explanation, err error) {
	const op = "explain the decision"
	imagined, err := contextFrom(op, q.Context)
	if err != nil {
		return out, err
	}
	about := ""
	err = s.read(ctx, who, op, func(r *room) error {
		asker, err := r.asker(q.User)
		if err != nil {
			return err
		}
		asker.Context = &imagined
		src, version, err := r.source(q)
		if err != nil {
			return err
		}
		out, err = r.explain(op, src, asker, q)
		if err == nil && version != 0 {
			out.Version = version
		}
		about = out.Action
		if q.Call != nil {
			about += " " + q.Call.Path
		}
		if out.Node != nil {
			about += " " + out.Node.Path
		}
		return err
	})
	if err != nil {
		return out, err
	}
	name := q.User
	if name == "" {
		name = "nobody in particular"
	}
	done := line(who, "explain", alveary.VerdictDone, fmt.Sprintf("%s, as %s", about, name))
	if out.Node != nil {
		done.Node, done.Path = out.Node.ID, out.Node.Path
	}
	return out, s.store.Record(ctx, done)
}

func (r *room) explain(op string, src authz.Source, asker alveary.Subject, q document.Question) (document.Explanation, error) {
	kinds := 0
	for _, given := range []bool{q.Node != "" || q.Path != "", q.Call != nil, q.SignIn != ""} {
		if given {
			kinds++
		}
	}
	if kinds != 1 {
		return document.Explanation{}, invalid(op, "", "ask about a node, by its id or path, or about a call, or about signing in: one of the three")
	}
	switch {
	case q.Call != nil:
		if q.Call.Method == "" || q.Call.Path == "" {
			return document.Explanation{}, invalid(op, "", "a call has a method and a path, such as GET /policies")
		}
		// What is known of any such call, whatever else is imagined.
		asker.Context.Method, asker.Context.URI, asker.Context.Gateway = q.Call.Method, apiBase+strings.TrimPrefix(q.Call.Path, apiBase), "rest"
		e, err := r.service.gate.ExplainCall(r.ctx, src, asker, q.Call.Method, q.Call.Path)
		return tell(&e, &asker), err
	case q.SignIn != "":
		e, err := r.service.gate.ExplainSignIn(r.ctx, src, asker, q.SignIn)
		return tell(&e, &asker), err
	}
	action, known := actionOf(q.Action)
	if !known {
		return document.Explanation{}, invalid(op, q.Action, "the action is one of read, write, delete, download, upload and sync")
	}
	way, err := r.resolve(op, q.Node, q.Path, asker)
	if err != nil {
		return document.Explanation{}, err
	}
	access, err := r.service.gate.Bind(r.ctx, src, asker)
	if err != nil {
		return document.Explanation{}, err
	}
	e := access.Explain(way, action)
	out := tell(&e, &asker)
	out.Node = &document.Place{ID: way.Node().ID, Path: way.Path()}
	return out, nil
}

// asker is the user as he would ask; nobody where the login is empty.
func (r *room) asker(login string) (alveary.Subject, error) {
	if login == "" {
		return alveary.Subject{}, nil
	}
	u, _, err := r.UserByLogin(login)
	if err != nil {
		return alveary.Subject{}, err
	}
	return r.Subject(u.ID)
}

// source is where the gate takes the access data from: this transaction, or
// what a draft makes of them. The version is that of the data beneath a draft.
func (r *room) source(q document.Question) (src authz.Source, version int64, err error) {
	if len(q.Draft) == 0 || string(q.Draft) == "null" {
		return r.Tx, 0, nil
	}
	p, err := intake.Policy(q.Draft)
	if err != nil {
		return nil, 0, err
	}
	data, err := r.Access(r.ctx)
	if err != nil {
		return nil, 0, err
	}
	version = data.Version
	data.Policies = withPolicy(data.Policies, p)
	return newDraft(data, r.Tx), version, nil
}

// draft is access data that are not stored.
type draft struct {
	data alveary.AccessData
	tx   *store.Tx // nil: nobody is looked up
}

// draftVersion is that of no stored access data.
const draftVersion = -1

func newDraft(data alveary.AccessData, tx *store.Tx) *draft {
	data.Version, data.Draft = draftVersion, true
	return &draft{data, tx}
}

// AccessVersion is one that nothing stored has.
func (d *draft) AccessVersion(context.Context) (int64, error) { return d.data.Version, nil }

// Access gives the data.
func (d *draft) Access(context.Context) (alveary.AccessData, error) { return d.data, nil }

// Login is that of a user.
func (d *draft) Login(ctx context.Context, id alveary.UserID) (string, error) {
	if d.tx == nil {
		return "", nil
	}
	return d.tx.Login(ctx, id)
}

// contextFrom reads attributes of any class. A time that can be read is the
// clock, by which entries expire; one that cannot is left to the conditions.
func contextFrom(op string, attributes map[string]any) (c alveary.Context, err error) {
	c.Set = map[string]alveary.Value{}
	for name, given := range attributes {
		v, err := alveary.ValueOf(given)
		if err != nil {
			return c, invalid(op, name, "the value of "+name+" is a text, a number, true or false, a list or a map")
		}
		if text, ok := v.Text(); ok && name == alveary.AttrServerTime {
			if at, ok := readTime(text); ok {
				c.Now = at
				continue
			}
		}
		c.Set[name] = v
	}
	return c, nil
}

// readTime reads a time in one of the layouts of MODEL.md 6.6.
func readTime(text string) (at time.Time, ok bool) {
	if at, err := time.Parse("2006-01-02T15:04-0700", text); err == nil {
		return at, true
	}
	err := at.UnmarshalText([]byte(text))
	return at, err == nil
}

func actionOf(word string) (alveary.Action, bool) {
	for _, a := range alveary.AllRights.Actions() {
		if a.String() == word {
			return a, true
		}
	}
	return alveary.ActionNone, false
}
