package policy

import (
	"fmt"
	"net/netip"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"

	"alveary"
)

// Severity says how much a finding weighs.
type Severity string

// The severities.
const (
	Warning Severity = "warning" // hardly what was meant
	Note    Severity = "note"    // worth a look
)

// Finding is something in a policy that is well formed and yet hardly meant.
type Finding struct {
	Code      string // stable
	Severity  Severity
	Rule      int    // from 0; -1: the policy itself
	Attribute string // where a condition is meant
	Message   string // what is the matter, in one sentence
	Fix       string // what to do, in one sentence
}

// The codes of findings about a policy by itself.
const (
	LintAddressPattern   = "address-pattern"
	LintHostBits         = "host-bits"
	LintNeverApplies     = "never-applies"
	LintPointless        = "pointless"
	LintDenyOnly         = "deny-only"
	LintUnknownAttribute = "unknown-attribute"
	LintUnknownAction    = "unknown-action"
	LintExtension        = "extension"
	LintNoAllow          = "no-allow"
)

// Lint looks for what is hardly meant. The policy need not be well formed; what
// is malformed is not looked at.
func Lint(p alveary.Policy) []Finding {
	compiled, _ := NewCompiler().Load(p)
	l := &linter{policy: compiled}
	for _, r := range compiled.rules {
		if !r.broken {
			l.rule(r)
		}
	}
	l.pointless()
	if p.Type == alveary.PolicyACL && len(p.Rules) > 0 && !slices.ContainsFunc(p.Rules, func(r alveary.Rule) bool { return r.Effect == alveary.EffectAllow }) {
		l.find(LintNoAllow, Note, -1, "", "no rule of this policy allows anything, so an entry that names it alone gives nothing",
			"add a rule that allows what is not denied, or name the policy beside one that allows")
	}
	return l.findings
}

type linter struct {
	policy   *Policy
	findings []Finding
}

func (l *linter) find(code string, s Severity, rule int, attribute, message, fix string) {
	l.findings = append(l.findings, Finding{code, s, rule, attribute, message, fix})
}

func (l *linter) rule(r *Rule) {
	l.actions(r)
	for _, c := range r.conditions {
		if slices.Contains(c.reads, c.attribute) { // an expression names its own
			l.attribute(r, c.attribute)
		}
		eachSource(c.source, func(source alveary.Condition) { l.condition(r, c.attribute, source) })
	}
	l.contradictions(r)
}

func (l *linter) actions(r *Rule) {
	source := l.policy.source
	if len(r.actions) == 0 || (r.subjects != nil && len(r.subjects) == 0) || (r.resources != nil && len(r.resources) == 0) {
		l.find(LintNeverApplies, Warning, r.index, "", "an empty list of actions, subjects or resources matches nothing, so this rule never applies",
			"leave subjects or resources out to mean any, or fill the list in")
		return
	}
	known := map[alveary.PolicyType][]string{
		alveary.PolicyACL:  {"read", "write", "delete", "download", "upload", "sync"},
		alveary.PolicyOIDC: {"login", "issue", "refresh"},
	}[source.Type]
	for _, a := range r.actions {
		if known != nil && a.re == nil && !slices.Contains(known, a.literal) {
			l.find(LintUnknownAction, Warning, r.index, "", fmt.Sprintf("there is no action %q in policies of type %s", a.literal, source.Type),
				"use one of "+strings.Join(known, ", "))
		}
	}
	if source.Type != alveary.PolicyACL {
		return
	}
	if !r.onACL {
		l.find(LintNeverApplies, Warning, r.index, "", "entries ask for the resource acl, which this rule's resources do not match, so it never applies",
			"leave the resources out")
	}
	if !r.deny && r.rights == 0 && slices.ContainsFunc(r.actions, func(a pattern) bool { return a.re != nil }) {
		l.find(LintDenyOnly, Warning, r.index, "", "delete, download, upload and sync can only be denied, and this rule's pattern allows nothing else",
			"allow read or write; the others follow from them")
	}
}

func (l *linter) attribute(r *Rule, name string) {
	if _, known := alveary.FindAttribute(name); known {
		return
	}
	message := fmt.Sprintf("there is no attribute %q, so a condition on it can never be decided", name)
	fix := "choose one of the catalogue"
	if near := nearestAttribute(name); near != "" {
		fix = fmt.Sprintf("did you mean %s", near)
	}
	l.find(LintUnknownAttribute, Warning, r.index, name, message, fix)
}

func nearestAttribute(name string) string {
	for _, a := range alveary.Attributes() {
		if strings.EqualFold(a.Name, name) || strings.EqualFold(strings.TrimPrefix(a.Name, "NodeMeta"), name) {
			return a.Name
		}
	}
	return ""
}

// eachSource hands over a condition and those within it.
func eachSource(c alveary.Condition, fn func(alveary.Condition)) {
	fn(c)
	inner := func(v any) {
		m, ok := v.(map[string]any)
		if !ok {
			return
		}
		one := alveary.Condition{}
		one.Type, _ = m["type"].(string)
		one.Options, _ = m["options"].(map[string]any)
		eachSource(one, fn)
	}
	inner(c.Options["condition"])
	if list, ok := c.Options["conditions"].([]any); ok {
		for _, v := range list {
			inner(v)
		}
	}
}

func (l *linter) condition(r *Rule, attribute string, c alveary.Condition) {
	matches, _ := c.Options["matches"].(string)
	switch c.Type {
	case "StringMatchCondition", "StringNotMatchCondition":
		if attribute == alveary.AttrRemoteAddress {
			l.addressPattern(r, attribute, matches)
		}
		if attribute == alveary.AttrNodeExtension {
			l.extensionPattern(r, attribute, matches)
		}
	case "StringEqualCondition":
		equals, _ := c.Options["equals"].(string)
		if attribute == alveary.AttrNodeExtension {
			l.extension(r, attribute, equals, strings.HasPrefix(equals, "."), lower(equals))
		}
	case "InCondition":
		values, _ := c.Options["values"].([]any)
		for _, v := range values {
			if text, ok := v.(string); ok && attribute == alveary.AttrNodeExtension {
				l.extension(r, attribute, text, strings.HasPrefix(text, "."), lower(text))
			}
		}
	case "CIDRCondition":
		text, _ := c.Options["cidr"].(string)
		for one := range strings.SplitSeq(text, ",") {
			prefix, err := netip.ParsePrefix(strings.TrimSpace(one))
			if err == nil && prefix.Masked() != prefix {
				l.find(LintHostBits, Warning, r.index, attribute, fmt.Sprintf("%s has host bits set, which are ignored: it means %s", prefix, prefix.Masked()),
					fmt.Sprintf("write %s, or %s/%d for the one address", prefix.Masked(), prefix.Addr(), prefix.Addr().BitLen()))
			}
		}
	}
}

func lower(text string) bool { return strings.ToLower(text) == text }

// extensionPattern looks at what every match of a pattern must hold.
func (l *linter) extensionPattern(r *Rule, attribute, pattern string) {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return
	}
	dotted := needs(re, func(c rune, _ bool) bool { return c == '.' }) ||
		(len(pattern) > 1 && pattern[0] == '.' && strings.Trim(pattern[1:2], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == "")
	upper := needs(re, func(c rune, anyCase bool) bool { return !anyCase && unicode.ToLower(c) != c })
	l.extension(r, attribute, pattern, dotted, !upper)
}

// needs says whether every text that the expression matches holds such a
// character.
func needs(re *syntax.Regexp, such func(c rune, anyCase bool) bool) bool {
	inner := func(sub *syntax.Regexp) bool { return needs(sub, such) }
	switch re.Op {
	case syntax.OpLiteral:
		return slices.ContainsFunc(re.Rune, func(c rune) bool { return such(c, re.Flags&syntax.FoldCase != 0) })
	case syntax.OpConcat:
		return slices.ContainsFunc(re.Sub, inner)
	case syntax.OpAlternate:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !inner(sub) })
	case syntax.OpCapture, syntax.OpPlus:
		return inner(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min > 0 && inner(re.Sub[0])
	default:
		return false
	}
}

func (l *linter) extension(r *Rule, attribute, text string, dotted, lower bool) {
	switch {
	case dotted:
		l.find(LintExtension, Warning, r.index, attribute, fmt.Sprintf("an extension has no dot, so %q is never met", text), "write it without the dot")
	case !lower:
		l.find(LintExtension, Warning, r.index, attribute, fmt.Sprintf("extensions are in lower case, so %q is never met", text), "write "+strings.ToLower(text))
	}
}

// addressPattern warns of patterns that mean more addresses than they seem to:
// 192.168.2.* also takes 192.168.20.1 and 10.192.168.2.7.
func (l *linter) addressPattern(r *Rule, attribute, pattern string) {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return
	}
	fix := "use CIDRCondition with a network such as 192.168.2.0/24"
	if !anchored(re) {
		l.find(LintAddressPattern, Warning, r.index, attribute, fmt.Sprintf("the pattern %q may be found anywhere in an address, so it takes more addresses than it names", pattern), fix)
	}
	if anyDot(re) {
		l.find(LintAddressPattern, Warning, r.index, attribute, fmt.Sprintf("in the pattern %q an unescaped . stands for any character", pattern), fix)
	}
}

// anchored says whether every way through the expression begins and ends at
// the ends of the text.
func anchored(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpAlternate:
		return !slices.ContainsFunc(re.Sub, func(s *syntax.Regexp) bool { return !anchored(s) })
	case syntax.OpCapture:
		return anchored(re.Sub[0])
	case syntax.OpConcat:
		first, last := re.Sub[0], re.Sub[len(re.Sub)-1]
		begins := first.Op == syntax.OpBeginText || first.Op == syntax.OpBeginLine
		ends := last.Op == syntax.OpEndText || last.Op == syntax.OpEndLine
		return begins && ends
	}
	return false
}

func anyDot(re *syntax.Regexp) bool {
	if re.Op == syntax.OpAnyChar || re.Op == syntax.OpAnyCharNotNL {
		return true
	}
	return slices.ContainsFunc(re.Sub, anyDot)
}
