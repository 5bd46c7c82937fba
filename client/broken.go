package client

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"alveary"
)

// broken words a request that got no answer.
func (c *Client) broken(r call, err error) *alveary.Error {
	e := &alveary.Error{Kind: alveary.KindUnavailable, Op: r.op, Subject: r.subject, Cause: err}
	var (
		unknown *tls.CertificateVerificationError
		record  tls.RecordHeaderError
		dns     *net.DNSError
		dial    *net.OpError
	)
	switch {
	case errors.Is(err, errOtherCertificate):
		e.Kind = alveary.KindUnsupported
		e.Message = c.URL() + " shows another certificate than the one that was trusted: if its administrator renewed it, run alveary login again and compare the fingerprint; otherwise somebody may be listening"
	case errors.As(err, &unknown):
		e.Kind = alveary.KindUnsupported
		e.Message = "the certificate of " + c.URL() + " is not trusted: run alveary login to look at it, or name its authority with ALVEARY_CACERT"
	case errors.As(err, &record):
		e.Kind = alveary.KindUnsupported
		e.Message = c.URL() + " does not speak TLS: is it http://, or another port?"
	case errors.As(err, &dns):
		e.Message = "there is no host by the name of " + c.base.Hostname()
	case errors.As(err, &dial) && dial.Op == "dial":
		e.Message = "cannot reach " + c.URL() + ": is the server running?"
	default:
		e.Message = "the connection to " + c.URL() + " broke"
	}
	return e
}

// errStalled is the cause where nothing moved for too long.
var errStalled = errors.New("nothing moved for too long")

// watched is a stream that ends its request when nothing moves. TCP alone
// notices a peer that has gone after a quarter of an hour.
type watched struct {
	io.Reader
	limit time.Duration
	timer *time.Timer
	moved func(n int)
}

// watch makes a context for one request and a wrapper for its stream. stop
// must be called when the stream is done with.
func (c *Client) watch(ctx context.Context, moved func(n int)) (_ context.Context, wrap func(io.Reader) io.Reader, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	var mu sync.Mutex
	var timers []*time.Timer
	wrap = func(r io.Reader) io.Reader {
		timer := time.AfterFunc(c.o.Stall, func() { cancel(errStalled) })
		mu.Lock()
		defer mu.Unlock()
		timers = append(timers, timer)
		return &watched{r, c.o.Stall, timer, moved}
	}
	stop = func() {
		mu.Lock()
		defer mu.Unlock()
		for _, t := range timers {
			t.Stop()
		}
		cancel(nil)
	}
	return ctx, wrap, stop
}

// Read passes bytes on and notes that they moved. At the end the watch is
// over: what follows is the wait for an answer, which has its own limit.
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if err != nil {
		w.timer.Stop()
	} else {
		w.timer.Reset(w.limit)
	}
	if n > 0 && w.moved != nil {
		w.moved(n)
	}
	return n, err
}
