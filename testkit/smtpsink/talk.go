package smtpsink

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"net"
	"net/textproto"
	"strings"
)

// conversation is one connection.
type conversation struct {
	sink      *Sink
	conn      net.Conn
	text      *textproto.Reader
	encrypted bool
	user      string
	from, to  string
}

// talk answers until the other side goes or breaks a rule.
func talk(s *Sink, conn net.Conn) {
	c := &conversation{sink: s}
	c.over(conn)
	if s.options.TLS {
		if c.encrypt() != nil {
			return
		}
	}
	if c.say("220 sink ready") != nil {
		return
	}
	for {
		line, err := c.text.ReadLine()
		if err != nil || c.hear(line) != nil {
			return
		}
	}
}

func (c *conversation) over(conn net.Conn) {
	c.conn, c.text = conn, textproto.NewReader(bufio.NewReader(conn))
}

func (c *conversation) encrypt() error {
	secure := tls.Server(c.conn, c.sink.config)
	if err := secure.Handshake(); err != nil {
		return err
	}
	c.over(secure)
	c.encrypted, c.user = true, ""
	return nil
}

func (c *conversation) say(lines ...string) error {
	_, err := c.conn.Write([]byte(strings.Join(lines, "\r\n") + "\r\n"))
	return err
}

// hear answers one command; an error ends the talk.
func (c *conversation) hear(line string) error {
	if answer := c.sink.options.Answer; answer != nil {
		switch text := answer(line); text {
		case "":
		case "hang up":
			return errEnded
		default:
			return c.say(text)
		}
	}
	verb, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO", "HELO":
		return c.say(c.greeting()...)
	case "STARTTLS":
		if !c.sink.options.StartTLS || c.encrypted {
			return c.say("502 not here")
		}
		if err := c.say("220 go on"); err != nil {
			return err
		}
		return c.encrypt()
	case "AUTH":
		return c.authenticate(rest)
	case "MAIL":
		switch {
		case c.sink.options.StartTLS && !c.encrypted:
			return c.say("530 STARTTLS first")
		case c.sink.options.User != "" && c.user == "":
			return c.say("530 sign in first")
		}
		c.from, c.to = address(rest), ""
		return c.say("250 ok")
	case "RCPT":
		c.to = address(rest)
		return c.say("250 ok")
	case "DATA":
		return c.data()
	case "RSET", "NOOP":
		return c.say("250 ok")
	case "QUIT":
		_ = c.say("221 bye")
		return errEnded
	}
	return c.say("500 not understood")
}

func (c *conversation) greeting() []string {
	lines := []string{"250-sink", "250-8BITMIME", "250-ENHANCEDSTATUSCODES"}
	if c.sink.options.StartTLS && !c.encrypted {
		lines = append(lines, "250-STARTTLS")
	}
	if c.sink.options.User != "" {
		mechanisms := c.sink.options.Mechanisms
		if mechanisms == "" {
			mechanisms = "PLAIN LOGIN"
		}
		lines = append(lines, "250-AUTH "+mechanisms)
	}
	return append(lines, "250 SIZE 10000000")
}

func (c *conversation) authenticate(rest string) error {
	how, first, _ := strings.Cut(rest, " ")
	user, password := "", ""
	switch strings.ToUpper(how) {
	case "PLAIN":
		if first == "" {
			var err error
			if first, err = c.ask(""); err != nil {
				return err
			}
		}
		parts := strings.Split(decoded(first), "\x00")
		if len(parts) == 3 {
			user, password = parts[1], parts[2]
		}
	case "LOGIN":
		for _, q := range []struct {
			question string
			into     *string
		}{{"Username:", &user}, {"Password:", &password}} {
			answer, err := c.ask(q.question)
			if err != nil {
				return err
			}
			*q.into = decoded(answer)
		}
	default:
		return c.say("504 not this way")
	}
	if user != c.sink.options.User || password != c.sink.options.Password {
		return c.say("535 5.7.8 wrong user or password: " + user + " " + password) // as unkind as a server can be
	}
	c.user = user
	return c.say("235 welcome")
}

func (c *conversation) ask(question string) (string, error) {
	if err := c.say("334 " + base64.StdEncoding.EncodeToString([]byte(question))); err != nil {
		return "", err
	}
	return c.text.ReadLine()
}

func (c *conversation) data() error {
	if c.from == "" || c.to == "" {
		return c.say("503 from whom to whom")
	}
	if err := c.say("354 go on"); err != nil {
		return err
	}
	raw, err := c.text.ReadDotBytes()
	if err != nil {
		return err
	}
	if received := c.sink.options.Received; received != nil {
		if text := received(c.from, c.to); text != "" {
			return c.say(text)
		}
	}
	c.sink.keep(Mail{From: c.from, To: c.to, Raw: string(raw), User: c.user, Encrypted: c.encrypted})
	return c.say("250 2.0.0 kept")
}

// address reads `FROM:<a@b> OPTIONS`.
func address(text string) string {
	_, text, _ = strings.Cut(text, "<")
	text, _, _ = strings.Cut(text, ">")
	return text
}

func decoded(text string) string {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return ""
	}
	return string(raw)
}
