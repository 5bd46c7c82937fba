package authz_test

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"alveary"
	"alveary/authz"
	"alveary/testkit/oracle"
	"alveary/testkit/oracle/draw"
)

// questions is how many are held to the oracle; make fuzz asks a million.
var questions = flag.Int("questions", 20_000, "how many random questions to put to the gate and to the oracle")

// drawn is a world as the source of a gate.
type drawn struct {
	*draw.World
	version int64
}

func (d drawn) AccessVersion(context.Context) (int64, error) { return d.version, nil }

func (d drawn) Access(context.Context) (alveary.AccessData, error) {
	data := d.Data
	data.Version = d.version
	return data, nil
}

func (d drawn) Login(_ context.Context, id alveary.UserID) (string, error) { return d.Logins[id], nil }

// court puts the same questions to the gate and to the oracle.
type court struct {
	gate    *authz.Gate
	version int64
	asked   int
}

func newCourt(t *testing.T) *court {
	t.Helper()
	sealer, _, err := alveary.NewSeal(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &court{gate: authz.New(sealer, func() time.Time { return draw.Epoch })}
}

// source is the world at a version of its own.
func (c *court) source(w *draw.World) drawn {
	c.version++
	return drawn{w, c.version}
}

func (c *court) bind(t *rapid.T, w *draw.World, context *alveary.Context) *authz.Access {
	s := w.Subject
	s.Context = context
	a, err := c.gate.Bind(t.Context(), c.source(w), s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// until runs a property again and again until the court has heard enough; each
// run has a seed of its own, which rapid prints where one fails.
func (c *court) until(t *testing.T, enough int, property func(*rapid.T)) {
	t.Helper()
	for c.asked < enough && !t.Failed() {
		rapid.Check(t, property)
	}
	t.Logf("%d questions", c.asked)
}

// oracleOf is the other who answers.
func oracleOf(w *draw.World) (oracle.World, *oracle.Asker) {
	o := oracle.World{Data: w.Data, Logins: w.Logins}
	return o, o.Asker(w.Subject)
}

// differ ends a run with all that one needs to see why.
func differ(t *rapid.T, w *draw.World, c *alveary.Context, format string, args ...any) {
	t.Helper()
	t.Fatalf("%s\ncontext: %s\n%s", fmt.Sprintf(format, args...), draw.Words(c), w)
}

// Check, listing and explanation say what the oracle says.
func TestEveryAnswerIsTheOracles(t *testing.T) {
	c := newCourt(t)
	c.until(t, *questions, func(t *rapid.T) {
		w := draw.Draw(t)
		o, asker := oracleOf(w)
		for _, context := range []*alveary.Context{nil, w.Context(t), w.Context(t)} {
			a := c.bind(t, w, context)
			if context == nil { // the clock alone
				context = &alveary.Context{Now: draw.Epoch}
			}
			for _, line := range w.Lines {
				want := o.Rights(asker, context, line)
				c.asked += 6
				if got := a.Rights(line); got != want {
					differ(t, w, context, "on %q: %q, the oracle says %q", line.Path(), got, want)
				}
				if along := a.Along(line); along[len(along)-1] != want {
					differ(t, w, context, "on %q, along: %q, the oracle says %q", line.Path(), along, want)
				}
				if up := len(line) - 1; up > 0 {
					if got := a.In(line[:up]).Rights(line[up]); got != want {
						differ(t, w, context, "on %q, listed: %q, the oracle says %q", line.Path(), got, want)
					}
				}
			}
		}
	})
}

// Who asks is bound anew where anything about him has changed, although the
// access data have not.
func TestChangedAskerIsTheOracles(t *testing.T) {
	c := newCourt(t)
	c.until(t, *questions/10, func(t *rapid.T) {
		w := draw.Draw(t)
		context := w.Context(t)
		src := c.source(w)
		for range 4 {
			other := *w
			other.Subject = draw.Draw(t).Subject
			o, asker := oracleOf(&other)
			s := other.Subject
			s.Context = context
			a, err := c.gate.Bind(t.Context(), src, s)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range w.Lines {
				c.asked++
				if got, want := a.Rights(line), o.Rights(asker, context, line); got != want {
					differ(t, &other, context, "on %q: %q, the oracle says %q", line.Path(), got, want)
				}
			}
		}
	})
}

// A folder bound once answers for all of its children as if each were asked
// for, in whatever order.
func TestListingIsCheck(t *testing.T) {
	c := newCourt(t)
	c.until(t, *questions/2, func(t *rapid.T) {
		w := draw.Draw(t)
		context := w.Context(t)
		a := c.bind(t, w, context)
		for _, folder := range w.Lines {
			bound := a.In(folder)
			for _, line := range rapid.Permutation(w.Lines).Draw(t, "order") {
				if line.Node().Parent != folder.Node().ID {
					continue
				}
				c.asked++
				if got, want := bound.Rights(line.Node()), a.Rights(line); got != want {
					differ(t, w, context, "on %q: listed %q, checked %q", line.Path(), got, want)
				}
			}
			c.asked++
		}
	})
}

// Beneath a folder that does not vary, only entries make a difference.
func TestWhatDoesNotVaryIsTheSame(t *testing.T) {
	c := newCourt(t)
	c.until(t, *questions/10, func(t *rapid.T) {
		w := draw.Draw(t)
		context := w.Context(t)
		a := c.bind(t, w, context)
		for _, folder := range w.Lines {
			for _, line := range w.Lines {
				c.asked++
				beneath := len(line) > len(folder) && line.Contains(folder.Node().ID)
				if !beneath || a.Varies(folder, alveary.AllRights) || slices.ContainsFunc(line[len(folder):], func(n alveary.Node) bool { return slices.Contains(a.Nodes(), n.ID) }) {
					continue
				}
				// As a child of the folder that nothing is known of.
				plain := folder.Child(alveary.Node{ID: 1000, Name: "plain", Type: alveary.Leaf})
				if got, want := a.Rights(line), a.Rights(plain); got != want {
					differ(t, w, context, "beneath %q nothing varies, but %q has %q and another %q", folder.Path(), line.Path(), got, want)
				}
			}
		}
	})
}

// The questions about calls and about signing in, of all policies of a type.
func TestCallsAreTheOracles(t *testing.T) {
	c := newCourt(t)
	c.until(t, *questions, func(t *rapid.T) {
		w := draw.Draw(t)
		o, asker := oracleOf(w)
		for range 5 {
			context := w.Context(t)
			s := w.Subject
			s.Context = context
			src := c.source(w)
			for _, method := range []string{"GET", "POST", "DELETE"} {
				for _, path := range []string{"/user", "/user/7", "/other"} {
					c.asked++
					err := c.gate.Call(t.Context(), src, s, method, path)
					if want := o.Call(asker, context, method, path); (err == nil) != want.Allowed {
						differ(t, w, context, "%s %s: %v, the oracle says %+v", method, path, err, want)
					}
				}
			}
			for _, action := range []string{authz.ActionLogin, authz.ActionIssue, authz.ActionRefresh} {
				c.asked++
				_, err := c.gate.SignIn(t.Context(), src, s, action)
				if want := o.SignIn(asker, context, action); (err == nil) != want.Allowed {
					differ(t, w, context, "%s: %v, the oracle says %+v", action, err, want)
				}
			}
		}
	})
}

// No answer outlives what it says it does: walking ahead, the first instant at
// which the oracle says otherwise is not before the end that was told.
func TestNoAnswerOutlivesItsEnd(t *testing.T) {
	c := newCourt(t)
	c.until(t, *questions/10, func(t *rapid.T) {
		w := draw.Draw(t)
		c.asked++
		if !watchesTheClock(w) {
			return
		}
		o, asker := oracleOf(w)
		context := w.Context(t)
		delete(context.Set, alveary.AttrServerTime) // a clock that is imagined stands still
		s := w.Subject
		s.Context = context
		line := rapid.SampledFrom(w.Lines).Draw(t, "line")
		a := c.bind(t, w, context)
		ends := map[string]time.Time{"the node": a.ValidUntil(line)}
		if until, err := c.gate.SignIn(t.Context(), c.source(w), s, authz.ActionLogin); err == nil {
			ends["login"] = until
		}
		answer := func(what string, now time.Time) any {
			then := *context
			then.Now = now
			if what == "login" {
				return o.SignIn(asker, &then, authz.ActionLogin).Allowed
			}
			return o.Rights(asker, &then, line)
		}
		for what, end := range ends {
			first := answer(what, context.Now)
			for _, now := range ahead(context.Now) {
				c.asked++
				if !end.IsZero() && !end.After(now) {
					break
				}
				if then := answer(what, now); then != first {
					differ(t, w, context, "%s, %q: %v holds until %s, but at %s it is %v", what, line.Path(), first, end, now, then)
				}
			}
		}
	})
}

// ahead are instants after now: each five seconds of two minutes, each minute
// of an hour, and each half hour of a day and a half with the minute after it.
func ahead(now time.Time) (instants []time.Time) {
	minute := now.Truncate(time.Minute)
	for i := range 24 {
		instants = append(instants, now.Add(time.Duration(i+1)*5*time.Second))
	}
	for i := 3; i < 60; i++ {
		instants = append(instants, minute.Add(time.Duration(i)*time.Minute))
	}
	for i := 2; i < 72; i++ {
		half := now.Truncate(30 * time.Minute).Add(time.Duration(i) * 30 * time.Minute)
		instants = append(instants, half, half.Add(time.Minute))
	}
	return instants
}

// watchesTheClock says whether anything in the world could depend on the time.
func watchesTheClock(w *draw.World) bool {
	return len(w.Data.Cells) > 0 || slices.ContainsFunc(w.Data.Entries, func(e alveary.Entry) bool { return !e.Expires.IsZero() }) ||
		strings.Contains(w.String(), alveary.AttrServerTime)
}
