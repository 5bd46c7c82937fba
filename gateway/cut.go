package gateway

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// WakeBody makes a read of the request's body that waits return, and every
// later one fail. Unlike the writer's own methods it may be called from
// elsewhere while the request is served. An answer can still be given.
func WakeBody(w http.ResponseWriter) { _ = http.NewResponseController(w).SetReadDeadline(past()) }

// WakeAnswer does the same for writes of the answer, of which nothing more is
// sent then.
func WakeAnswer(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetWriteDeadline(past())
	if rw, ok := w.(*response); ok && rw.conn != nil {
		drop(rw.conn)
	}
}

type connKey struct{}

// keepConn is for http.Server: it lets a request's connection be dropped. With a
// deadline alone, net/http would close one with TLS, which waits for seconds
// until it could say goodbye to a reader who does not read.
func keepConn(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, conn)
}

// connOf is the connection of a request that has it for itself; nil where it is
// shared or not known.
func connOf(r *http.Request) net.Conn {
	conn, _ := r.Context().Value(connKey{}).(net.Conn)
	if r.ProtoMajor != 1 {
		return nil
	}
	return conn
}

// past is a deadline that has passed; the zero time would be none.
func past() time.Time { return time.Unix(1, 0) }

// Abort ends an answer that has begun so that nobody takes it for whole, and
// does not return. What was written and has not left the machine is thrown
// away: a slow reader would else be served for long from what is buffered for
// him. On HTTP/2 the stream is reset.
func Abort(w http.ResponseWriter) {
	WakeAnswer(w) // or what is buffered would be sent before the connection is handed over
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		drop(conn)
	}
	panic(http.ErrAbortHandler)
}

// drop closes a connection at once, and throws away what it still holds.
func drop(conn net.Conn) {
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn() // its own Close waits to say goodbye
	}
	if plain, ok := conn.(interface{ SetLinger(seconds int) error }); ok {
		_ = plain.SetLinger(0)
	}
	_ = conn.Close()
}
