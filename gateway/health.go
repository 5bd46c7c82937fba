package gateway

import (
	"context"
	"net/http"

	"alveary"
)

// Live answers as long as the process serves requests at all.
func Live() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { writeOK(w) })
}

// Ready answers whether requests should come here: not while check fails, and
// not once the server has begun to stop.
func (g *Gateway) Ready(check func(context.Context) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := check(r.Context())
		if err == nil && !g.draining.Load() {
			writeOK(w)
			return
		}
		WriteProblem(w, r, &alveary.Error{
			Kind: alveary.KindUnavailable, Op: "check the server", Cause: err,
			Message: "the server is not ready",
		})
	})
}

func writeOK(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte("ok\n"))
}
