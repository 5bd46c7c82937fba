package scenario

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/policy"
)

// run is a file being asked.
type run struct {
	file     *File
	now      time.Time
	policies []alveary.Policy
	world    *world
	gate     *authz.Gate
}

func newRun(f *File, now time.Time, policies []alveary.Policy) *run {
	return &run{f, now, policies, newWorld(f, policies), authz.Deciding(func() time.Time { return now })}
}

// outcome is what a question got, and why.
type outcome struct {
	question, expected, got string
	passed                  bool
	trace                   func() []string
}

func (r *run) result(q *ask) Result {
	var o outcome
	var err error
	switch {
	case q.save != nil:
		o = r.save(q)
	case q.condition != nil:
		o, err = r.condition(q)
	case q.policy != "":
		o, err = r.policy(q)
	default:
		o, err = r.node(q)
	}
	result := Result{ID: q.id, Note: q.note, Line: q.line, Question: o.question, Passed: o.passed, Expected: o.expected, Got: o.got}
	switch {
	case err != nil:
		result.Passed, result.Got = false, "no answer: "+err.Error()
	case !o.passed && o.trace != nil:
		result.Trace = o.trace()
	}
	return result
}

// node asks the gate about a node.
func (r *run) node(q *ask) (outcome, error) {
	a, err := r.bind(q)
	if err != nil {
		return answered(q, q.node, nothing), err
	}
	line := r.file.tree.lineage(strings.Trim(q.node, "/"))
	rights := a.Rights(line)
	o := answered(q, q.node, func(action string) bool {
		known, _ := actionOf(action)
		return rights.Has(known)
	})
	o.trace = func() (lines []string) {
		for _, x := range q.answers {
			if action, _ := actionOf(x.action); rights.Has(action) != x.allow {
				lines = append(lines, told(a.Explain(line, action))...)
			}
		}
		return lines
	}
	return o, nil
}

// policy asks one policy alone, as if it were in force (MODEL.md 6.1).
func (r *run) policy(q *ask) (outcome, error) {
	about := fmt.Sprintf("the policy %s", q.policy)
	at := slices.IndexFunc(r.policies, func(p alveary.Policy) bool { return p.ID == q.policy })
	if at < 0 {
		return answered(q, about, nothing), fmt.Errorf("there is no policy %q", q.policy)
	}
	compiled, malformed := policy.NewCompiler().Load(r.policies[at])
	facts, err := r.facts(q)
	if err != nil {
		return answered(q, about, nothing), err
	}
	facts.Resource = resourceOf(q, r.policies[at].Type)
	allowed := func(action string) bool { return compiled.Ask(action, &facts) == policy.Allows }
	o := answered(q, fmt.Sprintf("%s on %q", about, facts.Resource), allowed)
	o.trace = func() (lines []string) {
		if malformed != nil {
			lines = append(lines, strings.Split(malformed.Error(), "\n")...)
		}
		for _, x := range q.answers {
			if allowed(x.action) != x.allow {
				lines = append(lines, toldRules(compiled.CallSteps(x.action, &facts))...)
			}
		}
		return lines
	}
	return o, nil
}

// resourceOf is what the policy is asked about: where the question does not
// say, what the gate asks policies of the type about.
func resourceOf(q *ask, t alveary.PolicyType) string {
	switch {
	case q.resource != nil:
		return *q.resource
	case t == alveary.PolicyREST:
		return "rest:"
	}
	return string(t)
}

// nothing is allowed where there is no answer.
func nothing(string) bool { return false }

// answered compares what each action got with what was expected.
func answered(q *ask, about string, allowed func(string) bool) outcome {
	words := map[bool]string{true: "allow", false: "deny"}
	var actions, expected, got []string
	passed := true
	for _, x := range q.answers {
		have := allowed(x.action)
		passed = passed && have == x.allow
		actions = append(actions, x.action)
		expected = append(expected, x.action+" "+words[x.allow])
		got = append(got, x.action+" "+words[have])
	}
	return outcome{
		question: strings.Join(actions, ", ") + " " + about + circumstances(q), passed: passed,
		expected: strings.Join(expected, ", "), got: strings.Join(got, ", "),
	}
}

// circumstances tell who asks and in which context.
func circumstances(q *ask) string {
	var b strings.Builder
	if q.as != "" {
		b.WriteString(" as " + q.as)
	}
	if q.link != "" {
		b.WriteString(" through the link " + q.link)
	}
	if q.guest != "" {
		b.WriteString(" as " + q.guest)
	}
	for _, name := range slices.Sorted(maps.Keys(q.context)) {
		fmt.Fprintf(&b, ", %s %s", name, q.context[name])
	}
	return b.String()
}

// condition tests a condition by itself.
func (r *run) condition(q *ask) (outcome, error) {
	o := outcome{question: fmt.Sprintf("%s on the value %s", q.condition.what.Type, q.value), expected: q.expect, got: "invalid"}
	facts, err := r.facts(q)
	if err != nil {
		return o, err
	}
	if q.resource != nil {
		facts.Resource = *q.resource
	}
	reason := ""
	if q.condition.refused != nil {
		reason = q.condition.refused.Error()
	} else if truth, err := policy.TestCondition(q.condition.what, q.value, &facts); err != nil {
		reason = err.Error()
	} else {
		o.got = truth.String()
	}
	o.passed = o.got == o.expected
	if reason != "" {
		o.trace = func() []string { return []string{"refused: " + reason} }
	}
	return o, nil
}

// save compiles a policy as saving it would.
func (r *run) save(q *ask) outcome {
	o := outcome{question: fmt.Sprintf("save the policy %s", q.save.what.ID), expected: q.expect, got: "valid"}
	var err error
	if q.save.refused != nil {
		err = q.save.refused
	} else {
		_, err = policy.Compile(q.save.what)
	}
	if err != nil {
		o.got = "invalid"
		o.trace = func() []string { return strings.Split("refused: "+err.Error(), "\n") }
	}
	o.passed = o.got == o.expected
	return o
}

// facts are what a policy or a condition is asked about by itself: the
// subjects that the question gives stand for an asker of whom nothing else is
// known.
func (r *run) facts(q *ask) (policy.Facts, error) {
	var facts policy.Facts
	if q.subjects == nil || q.as != "" || q.link != "" || q.roles != nil {
		a, err := r.bind(q)
		if err != nil {
			return facts, err
		}
		facts = a.Facts()
	}
	facts.Context = r.context(q)
	if q.subjects != nil {
		facts.Subjects = q.subjects
	}
	if q.node != "" {
		line := r.file.tree.lineage(strings.Trim(q.node, "/"))
		node := line.Node()
		facts.Node, facts.Owner = &node, r.world.owners[node.Owner]
		facts.Folder = line[:max(len(line)-1, 1)].Path()
	}
	return facts, nil
}

// bind binds the gate to who asks, in the context of the question.
func (r *run) bind(q *ask) (*authz.Access, error) {
	ctx := context.Background()
	if q.link != "" {
		s := r.world.visitor(q)
		s.Context = r.context(q)
		s.Context.Gateway = "link"
		return r.gate.Bind(ctx, r.world, s)
	}
	if q.as != "" {
		s := r.world.users[q.as]
		s.Context = r.context(q)
		return r.gate.Bind(ctx, r.world, s)
	}
	roles := q.roles
	if roles == nil && r.file.asksAsListed() {
		for _, one := range r.file.roles {
			roles = append(roles, one.id)
		}
	}
	asker := listedAsker(roles)
	asker.Context = r.context(q)
	return r.gate.Imagine(ctx, r.world, asker)
}

// context is that of the question. A time that can be read is the clock, by
// which entries expire; one that cannot is left to the conditions.
func (r *run) context(q *ask) *alveary.Context {
	c := &alveary.Context{Now: r.now, Set: map[string]alveary.Value{}}
	if q.node != "" {
		maps.Copy(c.Set, r.file.tree.attributes(strings.Trim(q.node, "/")))
	}
	maps.Copy(c.Set, q.context)
	if at, ok := readTime(q.context[alveary.AttrServerTime]); ok {
		c.Now = at
	}
	return c
}
