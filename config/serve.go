package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"time"
)

// Place says where a server's data is. The commands that work on the machine
// itself take it too.
type Place struct {
	Data      string   `name:"data" placeholder:"DIR" shown:"$XDG_DATA_HOME/alveary, which is ~/.local/share/alveary where that is not set" help:"Folder of the server's data: database, bytes, certificate. It is made if it is not there, readable by its owner only."`
	Database  Database `name:"database" placeholder:"URL" shown:"SQLite, embedded, in the data folder" help:"PostgreSQL in place of the embedded database: postgres://user@host/name. A password is better given by the environment variable or the file than on the command line, where every user of the machine can read it."`
	SecretKey string   `name:"secret-key" placeholder:"FILE" shown:"secret.key in the data folder" help:"File of the key that seals second factors and the password of the mail server. It is made if it is not there. Keep a copy apart from the database; servers that share a database share the key."`
}

// KeyFile is the file of the secret key.
func (p Place) KeyFile() string {
	if p.SecretKey != "" {
		return p.SecretKey
	}
	return filepath.Join(p.Data, "secret.key")
}

// Serve is the table of the server's options.
type Serve struct {
	Place

	Listen       string `name:"listen" placeholder:"HOST:PORT" default:"localhost:8443" help:"Address to listen on. An empty host means every address of the machine."`
	InsecureHTTP bool   `name:"insecure-http" help:"Speak plain HTTP. Allowed on loopback addresses only, for instance behind a proxy on the same machine."`
	TLSCert      string `name:"tls-cert" placeholder:"FILE" shown:"self-signed, made in the data folder" help:"Certificate chain in PEM, in place of the self-signed one. Needs tls-key."`
	TLSKey       string `name:"tls-key" placeholder:"FILE" help:"Private key of tls-cert in PEM."`
	PublicURL    string `name:"public-url" placeholder:"URL" shown:"made from listen" help:"Address by which people reach the server, where a proxy stands before it: https://files.example.org"`

	SecurityContact string `name:"security-contact" placeholder:"URI" shown:"a page of this server" help:"Where reports of weaknesses go, told in /.well-known/security.txt: mailto:security@example.org or https://…"`

	TrustedProxies Networks `name:"trusted-proxies" placeholder:"CIDR,…" shown:"none" help:"Networks of the proxies before this server. Forwarded-For headers count only from these; everyone else is taken at the address of the connection."`

	MetricsListen string     `name:"metrics-listen" placeholder:"HOST:PORT" shown:"off" help:"Address of a second listener that serves Prometheus metrics at /metrics in plain HTTP, such as 127.0.0.1:9464. It asks for no sign-in, so it is off until it is asked for."`
	LogLevel      slog.Level `name:"log-level" placeholder:"LEVEL" default:"info" help:"Least level that is logged: debug, info, warn or error."`
	LogFormat     LogFormat  `name:"log-format" placeholder:"FORMAT" default:"text" help:"Form of log lines: text or json."`

	SessionLife  time.Duration `name:"session-life" placeholder:"TIME" default:"12h" help:"How long a sign-in of a browser lasts."`
	UploadExpiry time.Duration `name:"upload-expiry" placeholder:"TIME" default:"72h" help:"How long an unfinished upload is kept after its last byte, so that it can be resumed."`
	MaxJSON      Size          `name:"max-json" placeholder:"SIZE" default:"1MiB" help:"Largest JSON body of a request. File contents are not JSON and have no such limit."`

	AdminPassword Secret `kong:"-" name:"admin-password" only:"env" help:"Password of the user admin, whom a first start then makes unattended. Later starts ignore it."`
}

// Surroundings is what the defaults and the environment-only options are taken
// from.
type Surroundings struct {
	Getenv func(string) string
	Home   string // of the user; may be empty where none is known
}

// Complete fills in the defaults that depend on the user and makes the data
// folder absolute, so that a later change of folder does not move it.
func (p *Place) Complete(s Surroundings) error {
	if p.Data == "" {
		p.Data = defaultData(s)
	}
	if p.Data == "" {
		return errors.New("no data folder: no home folder is known to put it in; name one with --data DIR")
	}
	abs, err := filepath.Abs(p.Data)
	if err != nil {
		return fmt.Errorf("the data folder %q: %w", p.Data, err)
	}
	p.Data = abs
	return nil
}

func defaultData(s Surroundings) string {
	// The XDG specification tells to ignore a relative path.
	if dir := s.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "alveary")
	}
	if s.Home == "" {
		return ""
	}
	return filepath.Join(s.Home, ".local", "share", "alveary")
}

// Complete fills in what Place.Complete does and the environment-only options,
// then refuses options that contradict each other.
func (c *Serve) Complete(s Surroundings) error {
	if err := c.Place.Complete(s); err != nil {
		return err
	}
	c.AdminPassword = Secret(s.Getenv(EnvName("admin-password")))
	return errors.Join(c.checkListen(), c.checkTLS(), c.checkURL(), c.checkTimes())
}

func (c *Serve) checkListen() error {
	if err := checkAddress("listen", c.Listen); err != nil {
		return err
	}
	if c.InsecureHTTP && !Loopback(c.Listen) {
		return fmt.Errorf("--insecure-http is for loopback addresses only, and %q can be reached from elsewhere: "+
			"listen on localhost, 127.0.0.1 or [::1], or leave --insecure-http out", c.Listen)
	}
	if c.MetricsListen != "" {
		return checkAddress("metrics-listen", c.MetricsListen)
	}
	return nil
}

func checkAddress(name, addr string) error {
	if _, _, err := net.SplitHostPort(addr); err != nil {
		return fmt.Errorf("--%s is HOST:PORT, such as localhost:8443, not %q", name, addr)
	}
	return nil
}

// Loopback says whether HOST:PORT can be reached from this machine only. A
// host name other than localhost does not count, whatever it resolves to now.
func Loopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

func (c *Serve) checkTLS() error {
	switch {
	case c.InsecureHTTP && c.TLSCert != "":
		return errors.New("--insecure-http and --tls-cert contradict each other: leave one out")
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return errors.New("--tls-cert and --tls-key belong together: give both or neither")
	}
	return nil
}

func (c *Serve) checkURL() error {
	if c.PublicURL == "" {
		return nil
	}
	u, err := url.Parse(c.PublicURL)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil ||
		(u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("--public-url is scheme and host alone, such as https://files.example.org, not %q", c.PublicURL)
	}
	c.PublicURL = u.Scheme + "://" + u.Host
	return nil
}

func (c *Serve) checkTimes() error {
	switch {
	case c.SessionLife < time.Minute:
		return fmt.Errorf("--session-life must be at least 1m, not %s", c.SessionLife)
	case c.UploadExpiry < time.Minute:
		return fmt.Errorf("--upload-expiry must be at least 1m, not %s", c.UploadExpiry)
	case c.MaxJSON < 1024:
		return fmt.Errorf("--max-json must be at least 1KiB, not %s", c.MaxJSON)
	}
	return nil
}
