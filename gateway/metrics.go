package gateway

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the figures of one server, in a registry of their own.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	received *prometheus.CounterVec
	sent     *prometheus.CounterVec
	inFlight prometheus.Gauge
	signIns  *prometheus.CounterVec
	denials  *prometheus.CounterVec
}

func newMetrics() *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "alveary", Name: name, Help: help}, labels)
	}
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: counter("http_requests_total", "Requests answered.", "route", "method", "status"),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "alveary", Name: "http_request_seconds", Help: "Time from a request to the end of its answer.",
			Buckets: []float64{.001, .005, .02, .1, .5, 2, 10, 60, 600},
		}, []string{"route", "method"}),
		received: counter("http_received_bytes_total", "Bytes of request bodies.", "route"),
		sent:     counter("http_sent_bytes_total", "Bytes of answers, without headers.", "route"),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "alveary", Name: "http_requests_in_flight", Help: "Requests being served."}),
		signIns:  counter("sign_ins_total", "Sign-ins by their outcome.", "outcome"),
		denials:  counter("denials_total", "Requests refused for want of a right.", "route"),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.received, m.sent, m.inFlight, m.signIns, m.denials,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler serves the figures. It is for the metrics listener alone.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}

// Registry takes further figures, of rooms that app wires.
func (m *Metrics) Registry() prometheus.Registerer { return m.registry }

// SignIn counts a sign-in by the error it ended with.
func (m *Metrics) SignIn(err error) {
	outcome := "done"
	if err != nil {
		_, status := classify(err)
		outcome = map[int]string{
			http.StatusUnauthorized: "refused", http.StatusTooManyRequests: "limited",
		}[status]
		if outcome == "" {
			outcome = "failed"
		}
	}
	m.signIns.WithLabelValues(outcome).Inc()
}

func (m *Metrics) observe(r *http.Request, rw *response, received int64, took time.Duration) {
	route, method := r.Pattern, r.Method
	if route == "" {
		route = "none"
	}
	if !slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}, method) {
		method = "other" // a client's own words must not make new figures
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(rw.code()/100)+"xx").Inc()
	m.seconds.WithLabelValues(route, method).Observe(took.Seconds())
	m.received.WithLabelValues(route).Add(float64(received))
	m.sent.WithLabelValues(route).Add(float64(rw.bytes))
	if rw.code() == http.StatusForbidden {
		m.denials.WithLabelValues(route).Inc()
	}
}
