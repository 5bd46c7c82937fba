package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"alveary/cmd/alveary/console"
	"alveary/cmd/alveary/sharing"
	"alveary/config"
)

// cli is the list of commands.
type cli struct {
	config.Global `embed:""`
	Version       kong.VersionFlag `help:"Print the version and end."`

	Login  loginCmd  `cmd:"" group:"client" help:"Sign in to a server and keep a token for it."`
	Logout logoutCmd `cmd:"" group:"client" help:"End the token that login keeps, and forget the server."`
	Ls     lsCmd     `cmd:"" group:"client" help:"List workspaces, or what is in a folder."`
	Stat   statCmd   `cmd:"" group:"client" help:"Tell all about files and folders."`
	Put    putCmd    `cmd:"" group:"client" help:"Send files and folders to the server."`
	Get    getCmd    `cmd:"" group:"client" help:"Fetch files and folders from the server."`
	Mkdir  mkdirCmd  `cmd:"" group:"client" help:"Make folders."`
	Mv     mvCmd     `cmd:"" group:"client" help:"Move or rename."`
	Cp     cpCmd     `cmd:"" group:"client" help:"Copy on the server."`
	Rm     rmCmd     `cmd:"" group:"client" help:"Move to the recycle bin, or delete for good."`
	Bin    binCmd    `cmd:"" group:"client" help:"Look into the recycle bin, take out of it, empty it."`
	Tag    tagCmd    `cmd:"" group:"client" help:"Show, replace or clear the tags of a file or folder."`

	Share    sharing.Share    `cmd:"" group:"sharing" help:"Share files and folders with people, in a Cell."`
	Cell     sharing.Cell     `cmd:"" group:"sharing" help:"Keep Cells: members, managers, dates, ends."`
	Link     sharing.Link     `cmd:"" group:"sharing" help:"Make and keep public links."`
	Shares   sharing.Shares   `cmd:"" group:"sharing" help:"List all that is shared by you and with you; fix and review it."`
	Request  sharing.Request  `cmd:"" group:"sharing" help:"Ask for rights on a file or folder."`
	Requests sharing.Requests `cmd:"" group:"sharing" help:"List requests for rights, yours and those that you may answer."`
	Grant    sharing.Grant    `cmd:"" group:"sharing" help:"Grant a request."`
	Refuse   sharing.Refuse   `cmd:"" group:"sharing" help:"Refuse a request."`
	Notices  sharing.Notices  `cmd:"" group:"sharing" help:"Tell what happened: shared, opened, put in, about to end."`
	OpenLink sharing.OpenLink `cmd:"" group:"sharing" help:"Download what a link leads to; no account is needed."`
	Drop     sharing.Drop     `cmd:"" group:"sharing" help:"Put files in where a link leads; no account is needed."`

	Whoami   console.Whoami   `cmd:"" group:"account" help:"Tell who you are signed in as, and where."`
	Session  console.Session  `cmd:"" group:"account" help:"List and end your own sessions."`
	Token    tokenCmd         `cmd:"" group:"account" help:"Make, list and end access tokens."`
	Factor   console.Factor   `cmd:"" group:"account" help:"Show your second factors."`
	Team     console.Team     `cmd:"" group:"account" help:"Keep teams: people you give things to at once."`
	External console.External `cmd:"" group:"account" help:"Invite somebody from outside, where your roles let you."`

	User     userCmd          `cmd:"" group:"console" help:"Keep users."`
	Group    console.Group    `cmd:"" group:"console" help:"Keep groups."`
	Role     console.Role     `cmd:"" group:"console" help:"Keep roles."`
	Entry    console.Entry    `cmd:"" group:"console" help:"List, make and delete ACL entries: what a role holds where."`
	Policy   policyCmd        `cmd:"" group:"console" help:"Keep policies; test and examine those that stand in files."`
	Explain  explainCmd       `cmd:"" group:"console" help:"Tell why somebody may do something or not, for administrators."`
	Lock     console.Lock     `cmd:"" group:"console" help:"Show and lift what failed sign-ins have brought about."`
	Settings console.Settings `cmd:"" group:"console" help:"Show and change the settings of the house: organisation, sign-in, mail."`

	HouseRule sharing.HouseRule `cmd:"" group:"console" help:"Keep the rules of the house for sharing."`

	Serve  serveCmd  `cmd:"" group:"machine" help:"Run the server."`
	Demo   demoCmd   `cmd:"" group:"machine" help:"Fill a new data folder with a small sample organisation."`
	Doctor doctorCmd `cmd:"" group:"machine" help:"Examine the data for damage."`
	Unlock unlockCmd `cmd:"" group:"machine" help:"Let administrators in again where policies keep them out."`
	Config configCmd `cmd:"" group:"machine" help:"Explain every option: flag, environment variable, key of the config file, default."`
}

const description = `Alveary keeps documents on your own server.

Remote paths are WORKSPACE/path, such as my-files/letters or common-files; a Cell
is a workspace by its slug.
Options also come from the environment and one config file: alveary config
explains them all.

Exit codes: 0 done, 1 failed or done in part, 2 wrong usage, 3 not found or not
to be seen, 4 denied, 5 a name is taken or a thing has changed, 6 not signed in.`

// run parses the words, does what they say and gives the exit code.
func run(ctx context.Context, w *world, args []string) int {
	var c cli
	from := &resolver{world: w}
	parser, err := kong.New(&c,
		kong.Name("alveary"), kong.Description(description), kong.Vars{"version": version},
		kong.Writers(w.stdout, w.stderr), kong.Resolvers(from),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(w), kong.BindTo(w, (*console.Prompt)(nil)), kong.BindTo(w, (*sharing.Prompt)(nil)),
		kong.ExplicitGroups([]kong.Group{{Key: "client", Title: "Files on a server"}, {Key: "sharing", Title: "Sharing"}, {Key: "account", Title: "Your own account"}, {Key: "console", Title: "People and who may what, for administrators"}, {Key: "machine", Title: "On the server's own machine"}}),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	)
	if err != nil {
		return w.fail(err, false)
	}
	asJSON := slices.Contains(args, "--json")
	parsed, err := parser.Parse(args)
	if err != nil {
		return w.fail(from.explain(err, command(err)), asJSON)
	}
	w.loggingIn = strings.HasPrefix(parsed.Command(), "login")
	return w.fail(parsed.Run(), asJSON || w.json)
}

// command gives as much of the command as was understood, for the hint.
func command(err error) string {
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil {
		if words := parse.Context.Command(); words != "" {
			return " " + strings.Fields(words)[0]
		}
	}
	return ""
}

// resolver gives kong the values of environment and config file.
type resolver struct {
	world  *world
	loaded bool
	values config.Values
	source string // of the last value given, which is the one at fault if parsing stops
	name   string
}

// Validate has nothing to check: the file is checked as it is read.
func (r *resolver) Validate(*kong.Application) error { return nil }

// Resolve gives the text of one flag that was not typed.
func (r *resolver) Resolve(ctx *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	words := ctx.Command()
	if words == "config" || words == "" || flag.Name == "config" {
		return nil, nil // kong's way to say that there is no value
	}
	if !r.loaded {
		if err := r.load(ctx); err != nil {
			return nil, usage(err)
		}
	}
	text, source, ok := r.values.Lookup(flag.Name)
	if !ok {
		return nil, nil
	}
	r.name, r.source = flag.Name, source
	return text, nil
}

func (r *resolver) load(ctx *kong.Context) error {
	file := r.world.getenv(config.EnvName("config"))
	for _, f := range ctx.Flags() {
		if typed, ok := ctx.FlagValue(f).(string); ok && f.Name == "config" && typed != "" {
			file = typed
		}
	}
	var err error
	if file == "" {
		if file, err = config.Find(config.Places(r.world.configDir)); err != nil {
			return err
		}
	}
	r.values, err = config.Load(file, r.world.getenv)
	r.loaded = err == nil
	return err
}

// explain makes a usage error of what stopped the parsing, and says where a
// wrong value came from when it was not typed.
func (r *resolver) explain(err error, command string) error {
	var known *exitError
	if errors.As(err, &known) {
		return known
	}
	text := err.Error()
	if r.name != "" && strings.HasPrefix(text, "--"+r.name+":") {
		text += " (set by " + r.source + ")"
	}
	return usage(fmt.Errorf("%s; see alveary%s --help", text, command))
}

// around is what defaults are taken from.
func (w *world) around() config.Surroundings {
	home, err := os.UserHomeDir()
	if err != nil {
		home = "" // then a data folder must be named, which Complete says
	}
	return config.Surroundings{Getenv: w.getenv, Home: home}
}
