package policy

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/casbin/casbin/v3"
	"github.com/casbin/casbin/v3/model"
)

// casbinEngine is Casbin with a line for each rule and one matcher, in which
// the cheapest comparison stands first. Its own ipMatch reads addresses;
// patterns are compiled once, where its own regexMatch compiles them each time.
type casbinEngine struct{ enforcer *casbin.Enforcer }

const casbinModel = `
[request_definition]
r = user, place, action, address, day, minute, ext, size, tags

[policy_definition]
p = role, place, actions, inside, hours, exts, outside, over, tag, eft

[role_definition]
g = _, _

[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

[matchers]
m = r.place == p.place && g(r.user, p.role) && in(p.actions, r.action) && \
	(p.inside == "" || ipMatch(r.address, p.inside)) && (p.hours == "" || open(p.hours, r.day, r.minute)) && \
	(p.exts == "" || matches(p.exts, r.ext)) && (p.over == "" || larger(r.size, p.over)) && \
	(p.tag == "" || in(r.tags, p.tag)) && (p.outside == "" || !ipMatch(r.address, p.outside))
`

func loadCasbin(w *world) (engine, error) {
	m, err := model.NewModelFromString(casbinModel)
	if err != nil {
		return nil, err
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, err
	}
	spans, patterns := map[string]*hours{}, map[string]*regexp.Regexp{}
	var lines [][]string
	for i := range w.policies {
		p := &w.policies[i]
		for at := range p.rules {
			r := &p.rules[at]
			line := []string{p.role, p.workspace, casbinList(r.actions), r.inside, "", "", r.outside, "", r.tag, "allow"}
			if r.hours != nil {
				line[4] = r.hours.String()
				spans[line[4]] = r.hours
			}
			if r.extensions != nil {
				line[5] = r.regex()
				if patterns[line[5]] == nil {
					patterns[line[5]] = regexp.MustCompile(line[5])
				}
			}
			if r.over > 0 {
				line[7] = strconv.FormatInt(r.over, 10)
			}
			if r.deny {
				line[9] = "deny"
			}
			lines = append(lines, line)
		}
	}
	if _, err := e.AddPolicies(lines); err != nil {
		return nil, err
	}
	var links [][]string
	for _, u := range w.users {
		for _, r := range u.roles {
			links = append(links, []string{u.login, r})
		}
	}
	if _, err := e.AddGroupingPolicies(links); err != nil {
		return nil, err
	}
	casbinFunctions(e, spans, patterns)
	return &casbinEngine{e}, nil
}

func casbinFunctions(e *casbin.Enforcer, spans map[string]*hours, patterns map[string]*regexp.Regexp) {
	e.AddFunction("open", func(args ...any) (any, error) {
		span, day, minute := spans[args[0].(string)], args[1].(float64), args[2].(float64)
		return span.holds(time.Weekday(day), int(minute)), nil
	})
	e.AddFunction("matches", func(args ...any) (any, error) {
		return patterns[args[0].(string)].MatchString(args[1].(string)), nil
	})
	e.AddFunction("in", func(args ...any) (any, error) {
		return strings.Contains(args[0].(string), casbinList([]string{args[1].(string)})), nil
	})
	e.AddFunction("larger", func(args ...any) (any, error) {
		limit, err := strconv.ParseInt(args[1].(string), 10, 64)
		return int64(args[0].(float64)) > limit, err
	})
}

// casbinList is a list as Casbin can hold one: a text.
func casbinList(words []string) string { return ";" + strings.Join(words, ";") + ";" }

func (e *casbinEngine) allows(q *question) (bool, error) {
	day, minute := clock(q.now)
	ok, err := e.enforcer.Enforce(q.user.login, q.workspace, q.action, q.address,
		float64(day), float64(minute), extension(q.file.name), float64(q.file.size), casbinList(q.file.tags))
	if err != nil {
		return false, fmt.Errorf("casbin: %w", err)
	}
	return ok, nil
}
