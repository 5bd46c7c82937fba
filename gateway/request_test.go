package gateway

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

// Forwarded addresses count only from trusted proxies, and only as far as they
// were written by one.
func TestAddress(t *testing.T) {
	for _, c := range []struct {
		name    string
		peer    string
		headers []string
		want    string
	}{
		{"direct", "192.0.2.1:5000", nil, "192.0.2.1"},
		{"direct, IPv6", "[2001:db8::1]:5000", nil, "2001:db8::1"},
		{"IPv4 as IPv6", "[::ffff:192.0.2.1]:5000", nil, "192.0.2.1"},
		{"with a zone", "[fe80::1%eth0]:5000", nil, "fe80::1"},
		{"forged by a stranger", "192.0.2.1:5000", []string{"10.0.0.1"}, "192.0.2.1"},
		{"one proxy", "10.0.0.1:5000", []string{"198.51.100.7"}, "198.51.100.7"},
		{"proxy as IPv6", "[::ffff:10.0.0.1]:5000", []string{"198.51.100.7"}, "198.51.100.7"},
		{"two proxies", "10.0.0.1:5000", []string{"198.51.100.7, 10.0.0.2"}, "198.51.100.7"},
		{"forged before a proxy", "10.0.0.1:5000", []string{"127.0.0.1, 198.51.100.7"}, "198.51.100.7"},
		{"forged proxy before a proxy", "10.0.0.1:5000", []string{"203.0.113.9, 10.0.0.9, 198.51.100.7, 10.0.0.2"}, "198.51.100.7"},
		{"in two headers", "10.0.0.1:5000", []string{"203.0.113.9", "198.51.100.7"}, "198.51.100.7"},
		{"with ports", "10.0.0.1:5000", []string{"198.51.100.7:4711"}, "198.51.100.7"},
		{"IPv6 with port", "10.0.0.1:5000", []string{"[2001:db8::9]:4711"}, "2001:db8::9"},
		{"IPv6 in brackets", "10.0.0.1:5000", []string{"[2001:db8::9]"}, "2001:db8::9"},
		{"nonsense", "10.0.0.1:5000", []string{"198.51.100.7, unknown"}, "10.0.0.1"},
		{"empty", "10.0.0.1:5000", []string{""}, "10.0.0.1"},
		{"proxies alone", "10.0.0.1:5000", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"no address", "pipe", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := &Gateway{cfg: Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}}
			r := &http.Request{RemoteAddr: c.peer, Header: http.Header{"X-Forwarded-For": c.headers}}
			if got := g.address(r); got != c.want {
				t.Errorf("%s with %q comes from %q, want %q", c.peer, c.headers, got, c.want)
			}
		})
	}
}

// The id is ours, new for each request, and the one that log and client see.
func TestRequestID(t *testing.T) {
	h := newHouse(t, nil)
	seen := map[string]bool{}
	for range 3 {
		w := h.ask("GET", "/open", "", header("X-Request-Id", "of my own\nlevel=INFO"))
		id := w.Header().Get("X-Request-Id")
		if len(id) < 20 || seen[id] || strings.Contains(id, "own") {
			t.Errorf("the id is %q", id)
		}
		seen[id] = true
		if !strings.Contains(h.log.String(), "request="+id) {
			t.Errorf("the log does not know %s", id)
		}
	}
	if strings.Contains(h.log.String(), "of my own") {
		t.Error("the log has the client's own id")
	}
}

func TestAccessLog(t *testing.T) {
	h := newHouse(t, nil)
	h.ask("PUT", "/bytes?name=private", "seven b", h.signedIn, header("X-Forwarded-For", "203.0.113.1"))
	log := h.log.String()
	for _, want := range []string{"method=PUT", "path=/bytes", `route="PUT /bytes"`, "status=200", "in=7", "address=192.0.2.1", "user=ann"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s: %s", want, log)
		}
	}
	h.ask("GET", "/li%0Avez", "")
	if strings.Contains(h.log.String(), "path=/li\n") {
		t.Error("a path breaks the line")
	}
	h.ask("GET", "/livez", "")
	if !strings.Contains(h.log.String(), "level=DEBUG msg=request") {
		t.Error("probes are logged like requests")
	}
}

func TestThreat32_SecretsStayOutOfTheLog(t *testing.T) {
	h := newHouse(t, nil)
	h.ask("GET", "/things/1?token=in-the-query", "", h.signedIn)
	h.ask("GET", "/things/1", "", h.withToken)
	h.ask("GET", "/things/1", "", header("Authorization", "Bearer alv_wrong_secret"))
	h.ask("GET", "/nowhere?password=in-the-query", "", h.withToken)
	h.ask("POST", "/session", `{"login":"ann","password":"`+annPassword+`"}`)
	h.ask("GET", "/panic?secret=in-the-query", "", h.withToken, h.signedIn)
	for name, secret := range map[string]string{
		"query": "in-the-query", "cookie": h.cookie.Value, "token": h.token, "wrong token": "alv_wrong_secret", "password": annPassword,
	} {
		if strings.Contains(h.log.String(), secret) {
			t.Errorf("the log has the %s: %s", name, h.log)
		}
	}
}

func TestMetrics(t *testing.T) {
	h := newHouse(t, nil)
	h.ask("GET", "/things/1", "", h.signedIn)
	h.ask("GET", "/things/2", "", h.signedIn)
	h.ask("GET", "/things/3", "")
	h.ask("PUT", "/bytes", "seven b", h.signedIn)
	h.ask("BREW", "/nowhere", "")
	h.ask("POST", "/things", "", h.signedIn, header("Sec-Fetch-Site", "cross-site"))
	h.Metrics.SignIn(nil)
	_, err := h.login.SignIn(t.Context(), "ann", "not the password", "", Client(t.Context()))
	h.Metrics.SignIn(err)
	w := httptest.NewRecorder()
	h.Metrics.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{
		`alveary_http_requests_total{method="GET",route="GET /things/{id}",status="2xx"} 2`,
		`alveary_http_requests_total{method="GET",route="GET /things/{id}",status="4xx"} 1`,
		`alveary_http_requests_total{method="other",route="none",status="4xx"} 1`,
		`alveary_http_request_seconds_count{method="PUT",route="PUT /bytes"} 1`,
		`alveary_http_received_bytes_total{route="PUT /bytes"} 7`,
		`alveary_denials_total{route="none"} 1`,
		`alveary_http_requests_in_flight 0`,
		`alveary_sign_ins_total{outcome="done"} 1`,
		`alveary_sign_ins_total{outcome="refused"} 1`,
		`go_goroutines `,
	} {
		if !strings.Contains(w.Body.String(), "\n"+want) {
			t.Errorf("the figures lack %s", want)
		}
	}
	for _, never := range []string{"/things/1", "nowhere", "BREW", `"ann"`} {
		if strings.Contains(w.Body.String(), never) {
			t.Errorf("the figures tell %s", never)
		}
	}
	// The figures are on a listener of their own alone.
	problem(t, h.ask("GET", "/metrics", ""), 404, "not-found")
}

// The secret in the address of a link is in no log, however it is spelt.
func TestSpoken(t *testing.T) {
	for _, text := range []string{"/s/secret", "//s/secret", "/S/secret", "/./s/secret", "/x/../s/secret", "/s//secret", "/s/secret/", "s/secret"} {
		if got := spoken(text); got != "/s/…" {
			t.Errorf("%s: %s", text, got)
		}
	}
	for _, text := range []string{"/", "", "/shared/x", "/api/v1/s/x", "/%2e", "/se"} {
		if got := spoken(text); got != text {
			t.Errorf("%s: %s", text, got)
		}
	}
}
