package policy

import (
	"context"
	_ "embed" // for the rules in Rego
	"errors"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

//go:embed policy.rego
var regoText string

// opaEngine is OPA as a library: policies as data, a query prepared once, the
// store keeping parsed values and the input given parsed, which spares it the
// conversions. Its listing is partial evaluation with the file unknown, and
// what is left is compiled and asked for each entry.
type opaEngine struct {
	query   rego.PreparedEvalQuery
	partial rego.PreparedPartialQuery
	entries []file
}

func loadOPA(w *world) (engine, error) {
	ctx := context.Background()
	store := inmem.NewFromObjectWithOpts(opaData(w), inmem.OptReturnASTValuesOnRead(true), inmem.OptRoundTripOnWrite(false))
	query, err := rego.New(rego.Query("data.alveary.allow"), rego.Module("policy.rego", regoText), rego.Store(store)).PrepareForEval(ctx)
	if err != nil {
		return nil, err
	}
	partial, err := opaPartial(ctx, store)
	return &opaEngine{query, partial, w.entries}, err
}

func opaPartial(ctx context.Context, store storage.Store) (rego.PreparedPartialQuery, error) {
	return rego.New(
		rego.Query("data.alveary.allow == true"), rego.Module("policy.rego", regoText), rego.Store(store),
		rego.Unknowns([]string{"input.file"}),
	).PrepareForPartial(ctx)
}

// opaData lays the policies out by role, workspace and kind of rule.
func opaData(w *world) map[string]any {
	roles := map[string]any{}
	for i := range w.policies {
		p := &w.policies[i]
		places, ok := roles[p.role].(map[string]any)
		if !ok {
			places = map[string]any{}
			roles[p.role] = places
		}
		kinds := map[string]any{}
		for at := range p.rules {
			kind, data := opaRule(&p.rules[at])
			list, _ := kinds[kind].([]any)
			kinds[kind] = append(list, data)
		}
		places[p.workspace] = kinds
	}
	return map[string]any{"policies": roles}
}

func opaRule(r *rule) (kind string, data map[string]any) {
	data = map[string]any{"actions": anys(r.actions)}
	switch {
	case !r.deny:
		kind = "open"
		data["inside"] = r.inside
		data["first"], data["last"], data["from"], data["to"] = int(r.hours.first), int(r.hours.last), r.hours.from, r.hours.to
	case r.tag != "":
		kind = "tagged"
		data["tag"], data["outside"] = r.tag, r.outside
	case r.pattern:
		kind = "pattern"
		data["pattern"] = r.regex()
	default:
		kind = "list"
		data["extensions"] = anys(r.extensions)
	}
	if r.over > 0 {
		kind = map[string]string{"pattern": "large", "list": "largelist"}[kind]
		data["over"] = r.over
	}
	return kind, data
}

func anys(words []string) []any {
	out := make([]any, len(words))
	for i, word := range words {
		out[i] = word
	}
	return out
}

func opaRequest(q *question) [][2]*ast.Term {
	day, minute := clock(q.now)
	roles := make([]*ast.Term, len(q.user.roles))
	for i, r := range q.user.roles {
		roles[i] = ast.StringTerm(r)
	}
	return [][2]*ast.Term{
		{ast.StringTerm("roles"), ast.ArrayTerm(roles...)},
		{ast.StringTerm("workspace"), ast.StringTerm(q.workspace)},
		{ast.StringTerm("action"), ast.StringTerm(q.action)},
		{ast.StringTerm("address"), ast.StringTerm(q.address)},
		{ast.StringTerm("day"), ast.IntNumberTerm(int(day))},
		{ast.StringTerm("minute"), ast.IntNumberTerm(minute)},
	}
}

func opaFile(f *file) [2]*ast.Term {
	tags := make([]*ast.Term, len(f.tags))
	for i, t := range f.tags {
		tags[i] = ast.StringTerm(t)
	}
	return [2]*ast.Term{ast.StringTerm("file"), ast.ObjectTerm(
		[2]*ast.Term{ast.StringTerm("extension"), ast.StringTerm(extension(f.name))},
		[2]*ast.Term{ast.StringTerm("size"), ast.IntNumberTerm(int(f.size))},
		[2]*ast.Term{ast.StringTerm("tags"), ast.ArrayTerm(tags...)},
	)}
}

func (e *opaEngine) allows(q *question) (bool, error) {
	input := ast.NewObject(append(opaRequest(q), opaFile(&q.file))...)
	results, err := e.query.Eval(context.Background(), rego.EvalParsedInput(input))
	if err != nil {
		return false, err
	}
	if len(results) != 1 || len(results[0].Expressions) != 1 {
		return false, errors.New("opa: no answer")
	}
	allowed, ok := results[0].Expressions[0].Value.(bool)
	if !ok {
		return false, errors.New("opa: the answer is neither true nor false")
	}
	return allowed, nil
}

func (e *opaEngine) visible(q *question, into []bool) error {
	ctx := context.Background()
	left, err := e.partial.Partial(ctx, rego.EvalParsedInput(ast.NewObject(opaRequest(q)...)))
	if err != nil {
		return err
	}
	queries := make([]rego.PreparedEvalQuery, 0, len(left.Queries))
	for _, body := range left.Queries {
		if len(body) == 0 { // nothing is left to ask: all may be seen
			for i := range into {
				into[i] = true
			}
			return nil
		}
		options := []func(*rego.Rego){rego.ParsedQuery(body)}
		for _, support := range left.Support {
			options = append(options, rego.ParsedModule(support))
		}
		query, err := rego.New(options...).PrepareForEval(ctx)
		if err != nil {
			return err
		}
		queries = append(queries, query)
	}
	for i := range e.entries {
		into[i] = false
		input := ast.NewObject(opaFile(&e.entries[i]))
		for _, query := range queries {
			results, err := query.Eval(ctx, rego.EvalParsedInput(input))
			if err != nil {
				return err
			}
			if len(results) > 0 {
				into[i] = true
				break
			}
		}
	}
	return nil
}
