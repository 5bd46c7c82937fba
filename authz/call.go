package authz

import (
	"context"
	"strings"
	"time"

	"alveary"
	"alveary/authz/bound"
	"alveary/authz/scope"
	"alveary/policy"
)

// The actions of oidc policies (MODEL.md 6.2).
const (
	ActionLogin   = "login"
	ActionIssue   = "issue"
	ActionRefresh = "refresh"
)

// apiBase is left out of the paths that rest policies see.
const apiBase = "/api/v1"

const restPrefix = "rest:"

// Call asks the rest policies about one API call: its method and its path
// without query. A refusal is KindDenied with code "policy"; with code "scope"
// where the token that asks is not for it.
func (g *Gate) Call(ctx context.Context, src Source, s alveary.Subject, method, path string) error {
	snap, err := g.fresh(ctx, src)
	if err != nil {
		return err
	}
	resource := RESTResource(path)
	if !admits(alveary.PolicyREST, &s, method, resource) {
		return scope.Refused("ask this of the server", s.Scope)
	}
	if g.question(snap, alveary.PolicyREST, &s, method, resource) == policy.Allows {
		return nil
	}
	return refusedByPolicy("ask this of the server", "a security policy of this server does not allow you this call from where, how and when you make it")
}

// RESTResource is how rest policies spell the path of a call.
func RESTResource(path string) string {
	return restPrefix + strings.TrimPrefix(path, apiBase)
}

// SignIn asks the oidc policies about a sign-in, or the issue or renewal of a
// session or token, and says how long the answer holds; zero: not bound by the
// clock. The subject is who would be signed in. A token that is confined issues
// and renews nothing: KindDenied with code "scope".
func (g *Gate) SignIn(ctx context.Context, src Source, s alveary.Subject, action string) (until time.Time, err error) {
	snap, err := g.fresh(ctx, src)
	if err != nil {
		return time.Time{}, err
	}
	if !admits(alveary.PolicyOIDC, &s, action, string(alveary.PolicyOIDC)) {
		return time.Time{}, scope.Refused("sign in", s.Scope)
	}
	if g.question(snap, alveary.PolicyOIDC, &s, action, string(alveary.PolicyOIDC)) != policy.Allows {
		return time.Time{}, refusedByPolicy("sign in", "a security policy of this server does not allow signing in from where, how and when you try it")
	}
	return untilOf(snap.OIDC, snap.Facts(&s, g.now, string(alveary.PolicyOIDC))), nil
}

func refusedByPolicy(op, sentence string) error {
	return &alveary.Error{Kind: alveary.KindDenied, Op: op, Code: "policy", Message: sentence}
}

// question puts one question to all policies of a type, and counts where one
// that is only observed would have changed the answer.
func (g *Gate) question(snap *bound.Snapshot, t alveary.PolicyType, s *alveary.Subject, action, resource string) policy.Verdict {
	f := snap.Facts(s, g.now, resource)
	verdict := snap.Ask(t, action, f)
	for _, p := range snap.Watched {
		if p.Source().Type != t {
			continue
		}
		if own := p.Ask(action, f); own > verdict && (own == policy.Allows || verdict == policy.Allows) {
			g.watch.Count(p.ID(), s.Request)
		}
	}
	return verdict
}
