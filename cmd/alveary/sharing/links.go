package sharing

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/dustin/go-humanize"

	"alveary/client/share"
	"alveary/cmd/alveary/console"
	"alveary/config"
)

// Link makes and keeps public links.
type Link struct {
	Make  linkMakeCmd  `cmd:"" default:"withargs" help:"Make a link to a file or folder, and print its address, this once."`
	Ls    linkLsCmd    `cmd:"" help:"List your links: id, mode, end, what they are on, name."`
	Show  linkShowCmd  `cmd:"" help:"Show links, without their addresses."`
	Set   linkSetCmd   `cmd:"" aliases:"change" help:"Change a link."`
	Renew linkRenewCmd `cmd:"" help:"Give a link a new address; the old one opens nothing any more."`
	End   linkEndCmd   `cmd:"" help:"End links."`
}

type linkMakeCmd struct {
	Path         string   `arg:"" help:"WORKSPACE/path of the file or folder."`
	Mode         string   `name:"mode" enum:"read,preview,download,drop,edit" default:"read" help:"read: look and download; preview: reduced pictures and text, the original is withheld; download: no previews; drop: put files in and see nothing; edit: read and change."`
	PasswordAsk  bool     `name:"password-prompt" help:"Ask for a password that the link is to have."`
	PasswordFile string   `name:"password-file" placeholder:"FILE" help:"Read it from the first line of a file."`
	Until        Date     `name:"until" placeholder:"DATE" help:"When it ends, such as 2027-01-31, which counts whole."`
	From         Date     `name:"from" placeholder:"DATE" help:"When it begins."`
	Downloads    int64    `name:"downloads" placeholder:"N" help:"Most downloads."`
	Upload       string   `name:"upload" placeholder:"SIZE" help:"Largest file that may be put in, such as 20MiB."`
	Only         []string `name:"only" placeholder:"WHO" help:"Only for them, who sign in: login, mail address, group:/PATH, team:NAME or role:ID; may be given again."`
	Slug         string   `name:"slug" help:"An address of your own choosing, 8 to 64 of a-z, 0-9 and -. It can be guessed: give a password, or --only."`
	Label        string   `name:"label" help:"What visitors read."`
	Watermark    bool     `name:"watermark" help:"Previews show who looks, and when."`
	Policy       []string `name:"policy" placeholder:"ID" help:"A policy in place of the rights of the mode; may be given again."`
	QR           bool     `name:"qr" help:"Draw the address as a QR code too."`

	config.Client `embed:""`
}

// Help tells what the flags cannot.
func (*linkMakeCmd) Help() string {
	return `Whoever has the address can open the link, as far as its password and people
allow, and never gets more than you have yourself at that time. The address is not
kept where it could be read again: link renew makes another. alveary link PATH is
short for alveary link make PATH.`
}

// Run makes a link.
func (c *linkMakeCmd) Run(ctx context.Context, w Prompt) error {
	most, err := size(c.Upload)
	if err != nil {
		return w.Usage(err)
	}
	secret, err := password(ctx, w, c.PasswordFile, c.PasswordAsk, "Password of the link: ")
	if err != nil {
		return err
	}
	return over(w, c.Client, func(s share.Sharing) error {
		found, err := nodes(ctx, s, []string{c.Path})
		if err != nil {
			return err
		}
		n := share.NewLink{
			Node: found[0].ID.String(), Mode: c.Mode, Label: c.Label, Slug: c.Slug, From: c.From.begins(), Until: c.Until.ends(),
			Downloads: c.Downloads, Upload: most, Watermark: c.Watermark, Policies: c.Policy,
		}
		if secret != nil {
			n.Password = *secret
		}
		if n.People, err = refs(ctx, s, "make the link", c.Only); err != nil {
			return err
		}
		made, err := s.AddLink(ctx, n)
		if err != nil {
			return err
		}
		w.Text(made, made.Address.URL+c.drawn(made.Address)+invitations(made.Invited))
		return nil
	})
}

func (c *linkMakeCmd) drawn(a share.Address) string {
	switch {
	case !c.QR:
		return ""
	case len(a.QR) == 0:
		return "\nno QR code: the server does not know the address by which people reach it (its option public-url)"
	}
	return "\n" + drawing(a.QR)
}

// drawing draws two rows of a QR code on a line. Its light parts are drawn, since
// most terminals are dark.
func drawing(rows []string) string {
	light := func(y, x int) bool { return y >= len(rows) || x >= len(rows[y]) || rows[y][x] != '1' }
	var b strings.Builder
	for y := 0; y < len(rows); y += 2 {
		for x := range rows[y] {
			switch {
			case light(y, x) && light(y+1, x):
				b.WriteRune('█')
			case light(y, x):
				b.WriteRune('▀')
			case light(y+1, x):
				b.WriteRune('▄')
			default:
				b.WriteRune(' ')
			}
		}
		b.WriteByte('\n')
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func size(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	n, err := humanize.ParseBytes(text)
	if err != nil || n > 1<<62 {
		return 0, fmt.Errorf("%s is no size: it looks like 20MiB", text)
	}
	return int64(n), nil
}

type linkLsCmd struct {
	Path string `arg:"" optional:"" help:"WORKSPACE/path: those that reach it, as far as you may know of them."`

	config.Client `embed:""`
}

// Run lists.
func (c *linkLsCmd) Run(ctx context.Context, w Prompt) error {
	return over(w, c.Client, func(s share.Sharing) error {
		if c.Path == "" {
			return printShares(w, s.Shares(ctx, share.Filter{Scope: "by-me", Kind: "link"}))
		}
		found, err := nodes(ctx, s, []string{c.Path})
		if err != nil {
			return err
		}
		all, err := s.SharesOf(ctx, found[0].ID)
		if err != nil {
			return err
		}
		for _, one := range all {
			if one.Kind == "link" {
				w.Line(one, shareLine(one))
			}
		}
		return nil
	})
}

type linkShowCmd struct {
	ID []string `arg:"" help:"Id of a link, as ls shows it."`

	config.Client `embed:""`
}

// Run shows.
func (c *linkShowCmd) Run(ctx context.Context, w Prompt) error {
	return over(w, c.Client, func(s share.Sharing) error {
		for _, id := range c.ID {
			l, err := s.Link(ctx, id)
			if err != nil {
				return err
			}
			w.Text(l, linkText(l))
		}
		return nil
	})
}

func linkText(l share.Link) string {
	var out lines
	out.add("link", l.ID)
	out.add("name", l.Label)
	out.add("slug", l.Slug)
	out.add("mode", l.Mode)
	if len(l.Policies) > 0 {
		out.add("rights", holds(nil, l.Policies))
	}
	out.add("on", where(l.Node))
	out.add("owner", called(l.Owner))
	out.addTime("from", l.From)
	ends := l.Ends
	if ends == nil {
		ends = l.Until
	}
	out.add("until", console.When(ends))
	out.add("password", map[bool]string{true: "yes", false: "no"}[l.Password])
	for _, m := range l.People {
		out.add("only", m.Label)
	}
	if l.Left != nil {
		out.add("downloads", fmt.Sprintf("%d left", *l.Left))
	}
	if l.Upload > 0 {
		out.add("files up to", humanize.IBytes(uint64(l.Upload)))
	}
	if l.Watermark {
		out.add("watermark", "yes")
	}
	standing(&out, l.Flags, l.Void, useText(l.Use), l.Review)
	return out.String()
}

type linkSetCmd struct {
	ID           string   `arg:"" help:"Id of the link, as ls shows it."`
	Mode         *string  `name:"mode" enum:"read,preview,download,drop,edit" help:"What it is for: read, preview, download, drop or edit."`
	PasswordAsk  bool     `name:"password-prompt" help:"Ask for another password."`
	PasswordFile string   `name:"password-file" placeholder:"FILE" help:"Read it from the first line of a file."`
	NoPassword   bool     `name:"no-password" help:"Take the password away."`
	Until        *string  `name:"until" placeholder:"DATE" help:"When it ends, or none."`
	From         *string  `name:"from" placeholder:"DATE" help:"When it begins, or none."`
	Downloads    *int64   `name:"downloads" placeholder:"N" help:"Most downloads; 0 for no bound."`
	Upload       *string  `name:"upload" placeholder:"SIZE" help:"Largest file that may be put in; 0 for no bound."`
	Only         []string `name:"only" placeholder:"WHO" help:"Only for them, in place of those before; may be given again."`
	Anyone       bool     `name:"anyone" help:"For anyone who has the address."`
	Slug         *string  `name:"slug" help:"An address of your own choosing, or none."`
	Label        *string  `name:"label" help:"What visitors read."`
	Watermark    *bool    `name:"watermark" negatable:"" help:"Whether previews show who looks, and when."`
	Policy       []string `name:"policy" placeholder:"ID" help:"A policy in place of those before; may be given again."`
	NoPolicy     bool     `name:"no-policy" help:"The rights of the mode, in place of policies."`

	config.Client `embed:""`
}

// Run changes a link.
func (c *linkSetCmd) Run(ctx context.Context, w Prompt) error {
	p, err := c.patch(ctx, w)
	if err != nil {
		return err
	}
	if p == (share.LinkPatch{}) && len(c.Only) == 0 {
		return w.Usage(errors.New("say what is to change; see alveary link set --help"))
	}
	return over(w, c.Client, func(s share.Sharing) error {
		if len(c.Only) > 0 {
			people, err := refs(ctx, s, "change the link", c.Only)
			if err != nil {
				return err
			}
			p.People = &people
		}
		is, err := s.ChangeLink(ctx, c.ID, p)
		return console.PrintOne(w, is, err, func(is share.Link) string { return "changed the link " + is.ID })
	})
}

func (c *linkSetCmd) patch(ctx context.Context, w Prompt) (share.LinkPatch, error) {
	p := share.LinkPatch{Label: c.Label, Slug: orNothing(c.Slug), Mode: c.Mode, Downloads: c.Downloads, Watermark: c.Watermark}
	var err error
	if p.From, err = dateText(c.From, Date.begins); err != nil {
		return p, w.Usage(err)
	}
	if p.Until, err = dateText(c.Until, Date.ends); err != nil {
		return p, w.Usage(err)
	}
	if c.Upload != nil {
		most, err := size(*c.Upload)
		if err != nil {
			return p, w.Usage(err)
		}
		p.Upload = &most
	}
	switch {
	case c.Anyone && len(c.Only) > 0:
		return p, w.Usage(errors.New("give either --only or --anyone"))
	case c.NoPolicy && len(c.Policy) > 0:
		return p, w.Usage(errors.New("give either --policy or --no-policy"))
	case c.NoPassword && (c.PasswordAsk || c.PasswordFile != ""):
		return p, w.Usage(errors.New("give either a password or --no-password"))
	case c.Anyone:
		p.People = &[]share.Ref{}
	}
	if c.NoPolicy || len(c.Policy) > 0 {
		all := append([]string{}, c.Policy...)
		p.Policies = &all
	}
	if c.NoPassword {
		p.Password = new(string)
		return p, nil
	}
	p.Password, err = password(ctx, w, c.PasswordFile, c.PasswordAsk, "New password of the link: ")
	return p, err
}

type linkRenewCmd struct {
	ID string `arg:"" help:"Id of the link, as ls shows it."`

	config.Client `embed:""`
}

// Run prints the new address, this once.
func (c *linkRenewCmd) Run(ctx context.Context, w Prompt) error {
	return over(w, c.Client, func(s share.Sharing) error {
		a, err := s.RenewLink(ctx, c.ID)
		return console.PrintOne(w, a, err, func(a share.Address) string { return a.URL })
	})
}

type linkEndCmd struct {
	ID  []string `arg:"" help:"Id of a link, as ls shows it."`
	Yes bool     `name:"yes" help:"Do not ask."`

	config.Client `embed:""`
}

// Run ends links.
func (c *linkEndCmd) Run(ctx context.Context, w Prompt) error {
	return over(w, c.Client, func(s share.Sharing) error {
		question := fmt.Sprintf("End %s? The addresses open nothing from then on.", console.Count(int64(len(c.ID)), "link", "links"))
		if err := console.Confirm(ctx, w, c.Yes, question); err != nil {
			return err
		}
		for _, id := range c.ID {
			if err := s.EndLink(ctx, id); err != nil {
				return err
			}
			w.Line(map[string]string{"ended": id}, "ended the link "+id)
		}
		return nil
	})
}
