package conditions

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"alveary"
	"alveary/policy/match"
)

// What bounds an expression: its length, its cost as CEL counts it, and for the
// estimate made on saving, how long a text and a list are taken to be.
const (
	maxExpression = 4096
	maxCost       = 100_000
	usualText     = 1024
	usualList     = 64
)

// expression is a CEL expression over the attributes. Each attribute of the
// catalogue is a variable of its own type under its full name, such as
// node.NodeMetaSize; the maps context, node and subject hold those as well, and
// those whose names are not words, such as context["Header:X-Site"].
type expression struct {
	program cel.Program
	vars    map[string]variable            // by full name
	maps    map[string]map[string]variable // by map and key, of the keys that the expression names
}

// variable is an attribute as expressions see it.
type variable struct {
	attribute
	holds string // as in the catalogue
}

func rootOf(class alveary.AttributeClass) string {
	return class.String() // context, subject, node
}

func variableNamed(name string) variable {
	v := variable{attribute: attributeNamed(name)}
	if a, known := alveary.FindAttribute(name); known && a.Name != alveary.HeaderPrefix {
		v.holds = a.Holds
	}
	return v
}

// compileCEL checks an expression: its types, the attributes it names, and its
// cost.
func compileCEL(o *options) (t *test, err error) {
	defer func() { // of the language's own code, which is larger than ours
		if r := recover(); r != nil {
			t, err = nil, refuse("expr", "this expression cannot be read: %v", r)
		}
	}()
	source, ok := o.given["expr"].(string)
	if !ok {
		return nil, refuse("expr", "this is an expression; write it in quotes")
	}
	e := &expression{vars: map[string]variable{}, maps: map[string]map[string]variable{}}
	env, err := e.environment()
	if err != nil {
		return nil, fmt.Errorf("make the language of expressions: %w", err)
	}
	checked, issues := env.Compile(source)
	if issues.Err() != nil {
		return nil, refuse("expr", "%s", wordsOfIssues(issues))
	}
	if checked.OutputType() != cel.BoolType {
		return nil, refuse("expr", "this expression is a %s; it must be true or false", checked.OutputType())
	}
	reads, err := e.analyse(checked)
	if err != nil {
		return nil, err
	}
	estimate, err := env.EstimateCost(checked, sizes{})
	if err != nil || estimate.Max > maxCost {
		return nil, refuse("expr", "this expression may cost too much: fewer loops and patterns, or shorter ones")
	}
	e.program, err = env.Program(checked, cel.CostLimit(maxCost), cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return nil, refuse("expr", "%s", err)
	}
	t = &test{reads: reads, whole: func(_ alveary.Value, f *Facts) Truth { return e.ask(f) }}
	if slices.Contains(reads, alveary.AttrServerTime) {
		t.next = nextSecond
	}
	return t, nil
}

func wordsOfIssues(issues *cel.Issues) string {
	var words []string
	for _, one := range issues.Errors() {
		words = append(words, fmt.Sprintf("at character %d: %s", one.Location.Column()+1, one.Message))
	}
	if len(words) == 0 {
		return "this is no expression"
	}
	return strings.Join(words[:min(len(words), 3)], "; ")
}

// environment declares the attributes.
func (e *expression) environment() (*cel.Env, error) {
	options := []cel.EnvOption{
		cel.ParserExpressionSizeLimit(maxExpression), cel.ParserRecursionLimit(50),
		cel.RegexProgramSizeLimit(1000), cel.DefaultUTCTimeZone(true),
		cel.ASTValidators(cel.ValidateDurationLiterals(), cel.ValidateTimestampLiterals(), cel.ValidateRegexLiterals(), cel.ValidateComprehensionNestingLimit(2)),
	}
	for _, class := range []alveary.AttributeClass{alveary.ClassContext, alveary.ClassSubject, alveary.ClassNode} {
		options = append(options, cel.Variable(rootOf(class), cel.MapType(cel.StringType, cel.DynType)))
	}
	for _, a := range alveary.Attributes() {
		if strings.HasSuffix(a.Name, ":") {
			continue
		}
		full := rootOf(a.Class) + "." + a.Name
		e.vars[full] = variableNamed(a.Name)
		options = append(options, cel.Variable(full, celType(a.Holds)))
	}
	return cel.NewEnv(options...)
}

func celType(holds string) *cel.Type {
	switch holds {
	case "time":
		return cel.TimestampType
	case "number", "size":
		return cel.IntType
	case "list":
		return cel.ListType(cel.StringType)
	}
	return cel.StringType
}

// analyse finds which attributes an expression reads. What could name one only
// when it is asked is refused: nobody could say then what the answer turns on.
func (e *expression) analyse(checked *cel.Ast) (reads []string, err error) {
	root := ast.NavigateAST(checked.NativeRep())
	named := map[string]bool{}
	for _, ident := range ast.MatchDescendants(root, ast.KindMatcher(ast.IdentKind)) {
		name := ident.AsIdent()
		if v, ok := e.vars[strings.TrimPrefix(name, ".")]; ok {
			named[v.name] = true
			continue
		}
		if name != "context" && name != "node" && name != "subject" {
			continue // a variable of a loop
		}
		key, ok := keyOf(ident)
		if !ok {
			return nil, refuse("expr", "%s stands before the name of an attribute: %s.Name or %s[\"Name\"]", name, name, name)
		}
		_, known := alveary.FindAttribute(key)
		v := variableNamed(key)
		if rootOf(v.class) != name || (!known && v.class != alveary.ClassContext) {
			return nil, refuse("expr", "%s has no attribute %s", name, key)
		}
		if e.maps[name] == nil {
			e.maps[name] = map[string]variable{}
		}
		e.maps[name][key] = v
		named[key] = true
	}
	return slices.Sorted(maps.Keys(named)), nil
}

// keyOf is the key that an expression looks up in a map.
func keyOf(ident ast.NavigableExpr) (key string, ok bool) {
	parent, ok := ident.Parent()
	if !ok {
		return "", false
	}
	switch parent.Kind() {
	case ast.SelectKind:
		return parent.AsSelect().FieldName(), true
	case ast.CallKind:
		call := parent.AsCall()
		args := call.Args()
		switch {
		case call.FunctionName() == operators.Index && args[0].ID() == ident.ID():
			return constant(args[1])
		case call.FunctionName() == operators.In && args[1].ID() == ident.ID():
			return constant(args[0])
		}
	}
	return "", false
}

func constant(e ast.Expr) (string, bool) {
	if e.Kind() != ast.LiteralKind {
		return "", false
	}
	text, ok := e.AsLiteral().Value().(string)
	return text, ok
}

// sizes estimates how much there is of what an attribute holds.
type sizes struct{}

// EstimateCallCost leaves the cost of calls to CEL.
func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}

// EstimateSize bounds what comes from outside.
func (sizes) EstimateSize(n cost.AstNode) *cost.SizeEstimate {
	switch n.Type().Kind() {
	case types.StringKind:
		return &cost.SizeEstimate{Max: usualText}
	case types.ListKind, types.MapKind, types.DynKind:
		return &cost.SizeEstimate{Max: usualList}
	}
	return nil
}

// ask evaluates. Whatever fails cannot be decided.
func (e *expression) ask(f *Facts) Truth {
	out, _, err := e.program.Eval(&lookup{e, f})
	if err != nil {
		return Undecided
	}
	if is, ok := out.Value().(bool); ok {
		return truth(is)
	}
	return Undecided
}

// lookup finds the attributes that an expression names, when it comes to them.
type lookup struct {
	*expression
	facts *Facts
}

// ResolveName finds a variable; one that is absent is not there.
func (l *lookup) ResolveName(name string) (any, bool) {
	name = strings.TrimPrefix(name, ".")
	if v, ok := l.vars[name]; ok {
		return v.of(l.facts)
	}
	keys, ok := l.maps[name]
	if !ok {
		return nil, false
	}
	found := make(map[string]any, len(keys))
	for key, v := range keys {
		if value, ok := v.of(l.facts); ok {
			found[key] = value
		}
	}
	return found, true
}

// Parent is none.
func (l *lookup) Parent() cel.Activation { return nil }

// of is the attribute's value in the type that expressions know it by.
func (v variable) of(f *Facts) (any, bool) {
	value := v.value(f)
	if value.Kind() == alveary.ValueAbsent {
		return nil, false
	}
	text, single := value.Text()
	switch v.holds {
	case "":
		return plain(value)
	case "time":
		if value.Kind() == alveary.ValueInstant {
			return value.Time(), true
		}
		t, ok := match.ParseTime(text)
		return t, ok
	case "number", "size":
		n, ok := match.ParseNumber(text)
		if !ok || !n.IsInt() || !n.Num().IsInt64() {
			return nil, false
		}
		return n.Num().Int64(), true
	case "list":
		return textsOf(value)
	}
	return text, single
}

// textsOf is a list of texts; of nothing set it is empty.
func textsOf(value alveary.Value) (any, bool) {
	texts := []string{}
	switch value.Kind() {
	case alveary.ValueUnset:
		return texts, true
	case alveary.ValueList:
		for _, one := range value.List() {
			text, ok := one.Text()
			if !ok {
				return nil, false
			}
			texts = append(texts, text)
		}
		return texts, true
	}
	text, ok := value.Text()
	return append(texts, text), ok
}

// plain is the value of an attribute that may hold anything, as a header may.
func plain(value alveary.Value) (any, bool) {
	switch value.Kind() {
	case alveary.ValueList:
		list := make([]any, len(value.List()))
		for i, one := range value.List() {
			var ok bool
			if list[i], ok = plain(one); !ok {
				return nil, false
			}
		}
		return list, true
	case alveary.ValueNumber:
		return value.Int(), true
	case alveary.ValueInstant:
		return value.Time(), true
	}
	return value.Text()
}
