package config_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"alveary/config"
)

func env(pairs ...string) func(string) string {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return func(k string) string { return m[k] }
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestEnvironmentOverFile(t *testing.T) {
	f := file(t, "c.toml", "listen = \"a:1\"\nmax-json = 4096\ntrusted-proxies = [\"10.0.0.0/8\", \"::1\"]\ninsecure-http = true\n")
	v, err := config.Load(f, env("ALVEARY_LISTEN", "b:2", "ALVEARY_DATA", ""))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, text, source string }{
		{"listen", "b:2", "the environment variable ALVEARY_LISTEN"},
		{"max-json", "4096", f + ":2"},
		{"trusted-proxies", "10.0.0.0/8,::1", f + ":3"},
		{"insecure-http", "true", f + ":4"},
	} {
		text, source, ok := v.Lookup(c.name)
		if !ok || text != c.text || source != c.source {
			t.Errorf("%s: got %q from %q, %v", c.name, text, source, ok)
		}
	}
	if _, _, ok := v.Lookup("data"); ok {
		t.Error("an option set to nothing counts as set")
	}
}

func TestUnknownKeysAreRefusedByLine(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"c.toml", "listen = \"a:1\"\nlisten-on = \"b:2\"\n", `c.toml:2: there is no option "listen-on"`},
		{"c.yaml", "data: /d\n\nserver:\n  listen: x\n", `c.yaml:3: there is no option "server"`},
		{"c.yaml", "data:\n  folder: /d\n", `c.yaml:1: the option "data" must be one value`},
		{"c.toml", "[serve]\nlisten = \"a:1\"\n", `c.toml:1: there is no option "serve"`},
		{"c.toml", "admin-password = \"x\"\n", `c.toml:1: there is no option "admin-password"`},
		{"c.toml", "a = = 1", "c.toml: toml: "},
		{"c.ini", "", "must end in .toml, .yaml or .yml"},
	} {
		_, err := config.Load(file(t, c.name, c.text), env())
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %s", c.text, err, c.want)
		}
	}
	if _, err := config.Load("nowhere.toml", env()); err == nil {
		t.Error("a file that is not there was read")
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	places := config.Places(dir)
	if got, err := config.Find(places[:2]); got != "" || err != nil {
		t.Errorf("found %q, %v", got, err)
	}
	if err := os.Mkdir(filepath.Join(dir, "alveary"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(places[1], nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := config.Find(places); got != places[1] || err != nil {
		t.Errorf("found %q, %v", got, err)
	}
}

func good() config.Serve {
	return config.Serve{Listen: "localhost:8443", SessionLife: time.Hour, UploadExpiry: time.Hour, MaxJSON: 1 << 20}
}

func TestComplete(t *testing.T) {
	for _, c := range []struct {
		change func(*config.Serve)
		want   string // of the refusal; empty: accepted
	}{
		{func(*config.Serve) {}, ""},
		{func(s *config.Serve) { s.Listen = "8443" }, "--listen is HOST:PORT"},
		{func(s *config.Serve) { s.InsecureHTTP = true }, ""},
		{func(s *config.Serve) { s.InsecureHTTP, s.Listen = true, "[::1]:80" }, ""},
		{func(s *config.Serve) { s.InsecureHTTP, s.Listen = true, "127.8.0.1:80" }, ""},
		{func(s *config.Serve) { s.InsecureHTTP, s.Listen = true, ":80" }, "loopback addresses only"},
		{func(s *config.Serve) { s.InsecureHTTP, s.Listen = true, "0.0.0.0:80" }, "loopback addresses only"},
		{func(s *config.Serve) { s.InsecureHTTP, s.Listen = true, "localhost.example.org:80" }, "loopback addresses only"},
		{func(s *config.Serve) { s.TLSCert = "c.pem" }, "belong together"},
		{func(s *config.Serve) { s.InsecureHTTP, s.TLSCert, s.TLSKey = true, "c", "k" }, "contradict"},
		{func(s *config.Serve) { s.PublicURL = "https://files.example.org/" }, ""},
		{func(s *config.Serve) { s.PublicURL = "files.example.org" }, "scheme and host"},
		{func(s *config.Serve) { s.PublicURL = "https://a:b@files.example.org" }, "scheme and host"},
		{func(s *config.Serve) { s.MetricsListen = "9464" }, "--metrics-listen"},
		{func(s *config.Serve) { s.SessionLife = 0 }, "--session-life"},
		{func(s *config.Serve) { s.UploadExpiry = 0 }, "--upload-expiry"},
		{func(s *config.Serve) { s.MaxJSON = 1 }, "--max-json"},
	} {
		s := good()
		c.change(&s)
		err := s.Complete(config.Surroundings{Getenv: env("ALVEARY_ADMIN_PASSWORD", "pw"), Home: "/home/u"})
		if c.want == "" {
			if err != nil || s.AdminPassword.Reveal() != "pw" {
				t.Errorf("refused: %v", err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestDefaultData(t *testing.T) {
	for _, c := range []struct {
		env  func(string) string
		home string
		want string
	}{
		{env(), "/home/u", "/home/u/.local/share/alveary"},
		{env("XDG_DATA_HOME", "/x"), "/home/u", "/x/alveary"},
		{env("XDG_DATA_HOME", "relative"), "/home/u", "/home/u/.local/share/alveary"},
		{env(), "", ""},
	} {
		p := config.Place{}
		err := p.Complete(config.Surroundings{Getenv: c.env, Home: c.home})
		if p.Data != c.want || (err == nil) != (c.want != "") {
			t.Errorf("got %q, %v; want %q", p.Data, err, c.want)
		}
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	var d config.Database
	if err := d.UnmarshalText([]byte("postgres://u:s3cret@h/db?password=s3cret")); err != nil {
		t.Fatal(err)
	}
	s := good()
	s.Database, s.AdminPassword = d, "s3cret"
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	all := fmt.Sprintf("%v %+v %#v %s %s %s", s, s, s, d, text, s.AdminPassword.LogValue())
	if strings.Contains(all, "s3cret") {
		t.Errorf("the secret is in %s", all)
	}
	if !strings.Contains(d.DSN(), "s3cret") || d.Embedded() {
		t.Error("the driver does not get the address")
	}
	for _, bad := range []string{"postgres://u:s3cret@h:port/db", "mysql://u:s3cret@h/db", "u:s3cret"} {
		err := d.UnmarshalText([]byte(bad))
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestSize(t *testing.T) {
	for text, want := range map[string]config.Size{"1MiB": 1 << 20, "500 kB": 500000, "4096": 4096, "2GiB": 2 << 30, "7B": 7} {
		var s config.Size
		if err := s.UnmarshalText([]byte(text)); err != nil || s != want {
			t.Errorf("%s: %d, %v", text, s, err)
		}
		var again config.Size
		if err := again.UnmarshalText([]byte(s.String())); err != nil || again != s {
			t.Errorf("%s does not read back: %s", text, s)
		}
	}
	for _, text := range []string{"", "MiB", "-1", "1.5MiB", "9999999999TiB", "1 apple"} {
		var s config.Size
		if err := s.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was read as %d", text, s)
		}
	}
}

func TestNetworks(t *testing.T) {
	var n config.Networks
	if err := n.UnmarshalText([]byte("10.1.2.3/8, 192.0.2.7,2001:db8::/32")); err != nil {
		t.Fatal(err)
	}
	if got := n.String(); got != "10.0.0.0/8,192.0.2.7/32,2001:db8::/32" {
		t.Error(got)
	}
	for addr, want := range map[string]bool{"10.9.9.9": true, "::ffff:10.0.0.1": true, "192.0.2.8": false, "2001:db8::1": true, "11.0.0.1": false} {
		if n.Contains(netip.MustParseAddr(addr)) != want {
			t.Errorf("%s: not %v", addr, want)
		}
	}
	if err := n.UnmarshalText([]byte("10.0.0.0/40")); err == nil {
		t.Error("a range of 40 bits was read")
	}
}

func TestReferenceNamesEveryOption(t *testing.T) {
	var b strings.Builder
	if err := config.Reference(&b); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, o := range config.Options() {
		if seen[o.Name] {
			t.Errorf("%s is in the table twice", o.Name)
		}
		seen[o.Name] = true
		if o.Help == "" || !strings.HasSuffix(o.Help, ".") && !strings.Contains(o.Help, "://") {
			t.Errorf("%s is not explained by a sentence: %q", o.Name, o.Help)
		}
		for _, part := range []string{"### " + o.Name + "\n", "`" + o.Env + "`"} {
			if !strings.Contains(b.String(), part) {
				t.Errorf("the page lacks %q", part)
			}
		}
	}
	for _, name := range []string{"data", "listen", "token", "cacert", "admin-password", "config", "parallel"} {
		if !seen[name] {
			t.Errorf("no option %s", name)
		}
	}
}
