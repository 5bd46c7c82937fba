package policy

import (
	"fmt"
	"net/netip"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/ext"
)

// celEngine is cel-go behind our index: a program for each rule, asked in the
// same order as the floor asks. It shows the price of the expressions alone.
type celEngine struct {
	index map[place]*celPolicy
}

type celPolicy struct{ allow, deny []celRule }

type celRule struct {
	actions uint8
	program cel.Program
}

func loadCEL(w *world) (engine, error) {
	env, err := cel.NewEnv(
		ext.Network(),
		cel.Variable("address", ext.IPType),
		cel.Variable("day", cel.IntType), cel.Variable("minute", cel.IntType),
		cel.Variable("extension", cel.StringType), cel.Variable("size", cel.IntType), cel.Variable("tags", cel.ListType(cel.StringType)),
	)
	if err != nil {
		return nil, err
	}
	e := &celEngine{map[place]*celPolicy{}}
	for i := range w.policies {
		p, compiled := &w.policies[i], &celPolicy{}
		for at := range p.rules {
			r := &p.rules[at]
			tree, issues := env.Compile(celText(r))
			if issues.Err() != nil {
				return nil, issues.Err()
			}
			program, err := env.Program(tree, cel.EvalOptions(cel.OptOptimize))
			if err != nil {
				return nil, err
			}
			c := celRule{program: program}
			for _, a := range r.actions {
				c.actions |= bit(a)
			}
			if r.deny {
				compiled.deny = append(compiled.deny, c)
			} else {
				compiled.allow = append(compiled.allow, c)
			}
		}
		e.index[place{p.role, p.workspace}] = compiled
	}
	return e, nil
}

func celText(r *rule) string {
	var and []string
	if r.inside != "" {
		and = append(and, fmt.Sprintf("cidr(%q).containsIP(address)", r.inside))
	}
	if r.outside != "" {
		and = append(and, fmt.Sprintf("!cidr(%q).containsIP(address)", r.outside))
	}
	if h := r.hours; h != nil {
		and = append(and, fmt.Sprintf("day >= %d && day <= %d && minute >= %d && minute <= %d", h.first, h.last, h.from, h.to))
	}
	if r.over > 0 {
		and = append(and, fmt.Sprintf("size > %d", r.over))
	}
	switch {
	case r.pattern:
		and = append(and, fmt.Sprintf("extension.matches(%q)", r.regex()))
	case r.extensions != nil:
		and = append(and, fmt.Sprintf("extension in [%s]", quoted(r.extensions)))
	}
	if r.tag != "" {
		and = append(and, fmt.Sprintf("%q in tags", r.tag))
	}
	return strings.Join(and, " && ")
}

func (e *celEngine) allows(q *question) (bool, error) {
	address, err := netip.ParseAddr(q.address)
	if err != nil {
		return false, err
	}
	day, minute := clock(q.now)
	input := map[string]any{
		"address": ext.IP{Addr: address}, "day": int(day), "minute": minute,
		"extension": extension(q.file.name), "size": q.file.size, "tags": q.file.tags,
	}
	var room [8]*celPolicy
	met := room[:0]
	for _, role := range q.user.roles {
		if p := e.index[place{role, q.workspace}]; p != nil {
			met = append(met, p)
		}
	}
	action := bit(q.action)
	for _, p := range met {
		if hit, err := celAny(p.deny, action, input); hit || err != nil {
			return false, err
		}
	}
	for _, p := range met {
		if hit, err := celAny(p.allow, action, input); hit || err != nil {
			return hit, err
		}
	}
	return false, nil
}

func celAny(rules []celRule, action uint8, input map[string]any) (bool, error) {
	for i := range rules {
		if rules[i].actions&action == 0 {
			continue
		}
		out, _, err := rules[i].program.Eval(input)
		if err != nil {
			return false, err
		}
		if holds, ok := out.Value().(bool); ok && holds {
			return true, nil
		}
	}
	return false, nil
}
