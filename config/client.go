package config

// Client is the table of the options of the commands that talk to a server.
type Client struct {
	URL    string `name:"url" placeholder:"URL" shown:"the server of the last alveary login" help:"Server to talk to."`
	CACert string `name:"cacert" placeholder:"FILE" shown:"those of the system" help:"Certificates in PEM to trust for the server."`
	JSON   bool   `name:"json" help:"Print results as JSON, one object a line, and errors as JSON on standard error."`
	Token  Secret `kong:"-" name:"token" only:"env" help:"Personal access token to use in place of the stored one, for scripts. There is no flag for it because every user of a machine can read a command line."`
}

// Complete fills in the environment-only options.
func (c *Client) Complete(s Surroundings) { c.Token = Secret(s.Getenv(EnvName("token"))) }

// Transfer is the table of the options of put and get.
type Transfer struct {
	Parallel int `name:"parallel" placeholder:"N" default:"4" help:"How many files are transferred at once."`
}

// Global is the table of the options of every command.
type Global struct {
	Config string `name:"config" placeholder:"FILE" only:"flag,env" shown:"alveary/config.toml or config.yaml in the user's configuration folder, then in /etc" help:"The config file, TOML or YAML."`
}
