package authz

import (
	"context"
	"strings"

	"alveary"
	"alveary/policy"
)

// Calling is the context of another call that is made in the same way.
func Calling(c alveary.Context, method, path string) alveary.Context {
	c.Method, c.URI = method, apiBase+strings.TrimPrefix(path, apiBase)
	return c
}

// Reachable says whether one of the administrators could still sign in, in the
// given context, and change policies (MODEL.md 7.6). The source is the
// transaction that holds the change.
func (g *Gate) Reachable(ctx context.Context, src Source, administrators []alveary.Subject, c alveary.Context) (bool, error) {
	snap, err := g.fresh(ctx, src)
	if err != nil {
		return false, err
	}
	ask := func(s alveary.Subject, c alveary.Context, t alveary.PolicyType, action, resource string) bool {
		s.Context = &c
		return snap.Ask(t, action, snap.Facts(&s, g.now, resource)) == policy.Allows
	}
	call := func(s alveary.Subject, c alveary.Context, method, path string) bool {
		return ask(s, Calling(c, method, path), alveary.PolicyREST, method, RESTResource(path))
	}
	signingIn := Calling(c, "POST", "/session")
	unknown := signingIn
	unknown.AuthBy, unknown.AuthLevel = "none", 0
	if !call(alveary.Subject{}, unknown, "POST", "/session") {
		return false, nil
	}
	for _, s := range administrators {
		if s.Known() && s.User.Profile == alveary.ProfileAdmin && ask(s, signingIn, alveary.PolicyOIDC, ActionLogin, string(alveary.PolicyOIDC)) &&
			call(s, c, "GET", "/session") && call(s, c, "GET", "/policies") && call(s, c, "PUT", "/policies/any") {
			return true, nil
		}
	}
	return false, nil
}
