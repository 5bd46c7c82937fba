package sharing

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"alveary"
	"alveary/client/share"
	"alveary/cmd/alveary/console"
	"alveary/config"
)

// Request asks for rights.
type Request struct {
	Node    string `arg:"" name:"path" help:"WORKSPACE/path, or the id of what you may not see, as it stands in an address that you were given."`
	Write   bool   `name:"write" help:"Ask for write beside read."`
	Message string `name:"message" short:"m" help:"Why."`

	config.Client `embed:""`
}

// Run asks.
func (c *Request) Run(ctx context.Context, w Prompt) error {
	return over(w, c.Client, func(s share.Sharing) error {
		id := c.Node
		if _, err := alveary.ParseNodeID(id); err != nil {
			found, err := nodes(ctx, s, []string{c.Node})
			if alveary.IsKind(err, alveary.KindNotFound) {
				return nobody("ask for rights", c.Node, "there is nothing by this path that you may see: give the id that stands in its address")
			}
			if err != nil {
				return err
			}
			id = found[0].ID.String()
		}
		rights := []string{"read"}
		if c.Write {
			rights = append(rights, "write")
		}
		if err := s.AskRight(ctx, id, rights, c.Message); err != nil {
			return err
		}
		w.Line(map[string]any{"node": id, "rights": rights}, "asked for "+strings.Join(rights, " and ")+"; if there is such a file or folder, whoever may share it is told")
		return nil
	})
}

// Requests lists requests.
type Requests struct {
	Ls       requestsLsCmd `cmd:"" default:"withargs" help:"List requests: your own, and those that you may answer."`
	Withdraw withdrawCmd   `cmd:"" help:"Take back requests of your own."`
}

type requestsLsCmd struct {
	config.Client `embed:""`
}

// Run lists.
func (c *requestsLsCmd) Run(ctx context.Context, w Prompt) error {
	return over(w, c.Client, func(s share.Sharing) error {
		mine, forMe, err := s.Asked(ctx)
		if err != nil {
			return err
		}
		for _, r := range forMe {
			w.Line(map[string]any{"forMe": r}, fmt.Sprintf("%s  %s asks for %s", r.ID, called(r.Person), askedText(r)))
		}
		for _, r := range mine {
			w.Line(map[string]any{"mine": r}, fmt.Sprintf("%s  you asked for %s", r.ID, askedText(r)))
		}
		return nil
	})
}

func askedText(r share.Asked) string {
	on := where(r.Node)
	if on == "" {
		on = r.Node.ID
	}
	text := strings.Join(r.Rights, " and ") + " on " + on
	if r.Message != "" {
		text += ": " + r.Message
	}
	if r.Answer != "" {
		text += " (" + r.Answer
		if r.AnsweredBy != nil {
			text += " by " + called(*r.AnsweredBy)
		}
		text += ")"
	}
	return text
}

type withdrawCmd struct {
	ID []string `arg:"" help:"Id of a request, as ls shows it."`

	config.Client `embed:""`
}

// Run takes back.
func (c *withdrawCmd) Run(ctx context.Context, w Prompt) error {
	return over(w, c.Client, func(s share.Sharing) error {
		for _, id := range c.ID {
			if err := s.Withdraw(ctx, id); err != nil {
				return err
			}
			w.Line(map[string]string{"withdrawn": id}, "withdrew the request "+id)
		}
		return nil
	})
}

// Grant grants a request.
type Grant struct {
	ID      string `arg:"" help:"Id of the request, as requests shows it."`
	Read    bool   `name:"read" xor:"other" help:"Give read alone, whatever was asked for."`
	Write   bool   `name:"write" xor:"other" help:"Give read and write, whatever was asked for."`
	Until   Date   `name:"until" placeholder:"DATE" help:"When it ends."`
	Message string `name:"message" short:"m" help:"What to tell him."`
	DryRun  bool   `name:"dry-run" help:"Only say what it would open, and why."`

	config.Client `embed:""`
}

// Run grants.
func (c *Grant) Run(ctx context.Context, w Prompt) error {
	return over(w, c.Client, func(s share.Sharing) error {
		if c.DryRun {
			would, err := s.Would(ctx, c.ID)
			if err == nil {
				w.Text(would, strings.Join(append([]string{would.Text}, would.Story...), "\n  "))
			}
			return err
		}
		a := share.Answer{Grant: true, Until: c.Until.ends(), Message: c.Message}
		if c.Read || c.Write {
			a.Rights = []string{"read"}
		}
		if c.Write {
			a.Rights = append(a.Rights, "write")
		}
		return answer(ctx, w, s, c.ID, a, "granted")
	})
}

// Refuse refuses a request.
type Refuse struct {
	ID      string `arg:"" help:"Id of the request, as requests shows it."`
	Message string `name:"message" short:"m" help:"What to tell him."`

	config.Client `embed:""`
}

// Run refuses.
func (c *Refuse) Run(ctx context.Context, w Prompt) error {
	return over(w, c.Client, func(s share.Sharing) error {
		return answer(ctx, w, s, c.ID, share.Answer{Message: c.Message}, "refused")
	})
}

func answer(ctx context.Context, w Prompt, s share.Sharing, id string, a share.Answer, did string) error {
	err := s.AnswerAsked(ctx, id, a)
	if err == nil {
		w.Line(map[string]string{did: id}, did+" the request "+id)
	}
	return err
}

// Notices tells what happened.
type Notices struct {
	Unseen bool   `name:"unseen" help:"Those that you have not seen alone."`
	Seen   bool   `name:"seen" help:"Mark those that are printed as seen."`
	Mail   string `name:"mail" enum:",daily,at-once,never" default:"" placeholder:"WHEN" help:"In place of a list, say how you are told by mail: daily, at-once or never."`
	Feed   bool   `name:"feed" help:"In place of a list, print them as an Atom feed."`

	config.Client `embed:""`
}

// Run tells.
func (c *Notices) Run(ctx context.Context, w Prompt) error {
	if c.Mail != "" && c.Feed || (c.Mail != "" || c.Feed) && (c.Unseen || c.Seen) {
		return w.Usage(errors.New("give --mail or --feed alone"))
	}
	return over(w, c.Client, func(s share.Sharing) error {
		switch {
		case c.Feed:
			return s.Feed(ctx, w.Output())
		case c.Mail != "":
			err := s.SetMailWish(ctx, c.Mail)
			if err == nil {
				w.Line(map[string]string{"mail": c.Mail}, "you are told by mail: "+c.Mail)
			}
			return err
		}
		newest := ""
		for n, err := range s.Notices(ctx, c.Unseen) {
			if err != nil {
				return err
			}
			if newest == "" {
				newest = n.ID
			}
			w.Line(n, noticeLine(n))
		}
		if !c.Seen || newest == "" {
			return nil
		}
		return s.SeeNotices(ctx, newest)
	})
}

func noticeLine(n share.Notice) string {
	mark := "*"
	if n.Seen {
		mark = " "
	}
	text := fmt.Sprintf("%s %s  %s", mark, console.When(&n.At), n.Text)
	if n.Request != "" {
		text += " (request " + n.Request + ")"
	}
	return text
}
