package sharing

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"alveary"
	"alveary/client/people"
	"alveary/client/share"
	"alveary/cmd/alveary/console"
	"alveary/config"
)

// Shares is the list of all that is shared.
type Shares struct {
	Ls        sharesLsCmd  `cmd:"" default:"withargs" help:"List Cells and links: id, kind, end, owner, with whom, what, name, flags."`
	Fix       sharesFixCmd `cmd:"" help:"End or bound several of them at once."`
	Keep      keepCmd      `cmd:"" help:"Answer a review: these are still right."`
	Reviews   reviewsCmd   `cmd:"" help:"List the reviews that owners were asked for, and who did; for administrators."`
	AskReview askReviewCmd `cmd:"" help:"Ask the owners of Cells and links to review them; for administrators."`
}

type sharesLsCmd struct {
	Path   string `arg:"" optional:"" help:"WORKSPACE/path: what reaches it, as far as you may know of it."`
	WithMe bool   `name:"with-me" xor:"scope" help:"What others share with you."`
	All    bool   `name:"all" xor:"scope" help:"Everything in the house; for administrators."`
	Flag   string `name:"flag" enum:",no-password,no-end,external,unused,owner-gone,stopped,partly,ended,weaker,binned,empty" default:"" placeholder:"FLAG" help:"With this flag alone: no-password, no-end, external, unused, owner-gone, stopped, partly, ended, weaker, binned or empty."`
	Kind   string `name:"kind" enum:",cell,link" default:"" placeholder:"KIND" help:"cell or link."`
	Find   string `name:"find" placeholder:"TEXT" help:"Beginnings of words of the name, what is shared, or the owner."`
	Owner  string `name:"owner" placeholder:"LOGIN" help:"With --all, of this user alone."`

	config.Client `embed:""`
}

// Run lists.
func (c *sharesLsCmd) Run(ctx context.Context, w Prompt) error {
	switch {
	case c.Owner != "" && !c.All:
		return w.Usage(errors.New("--owner goes with --all"))
	case c.Path != "" && (c.WithMe || c.All || c.Flag != "" || c.Kind != "" || c.Find != ""):
		return w.Usage(errors.New("give either a path or what to look for"))
	}
	return over(w, c.Client, func(s share.Sharing) error {
		if c.Path != "" {
			found, err := nodes(ctx, s, []string{c.Path})
			if err != nil {
				return err
			}
			all, err := s.SharesOf(ctx, found[0].ID)
			return console.PrintEach(w, all, err, shareLine)
		}
		f := share.Filter{Scope: "by-me", Kind: c.Kind, Flag: c.Flag, Query: c.Find}
		switch {
		case c.WithMe:
			f.Scope = "with-me"
		case c.All:
			f.Scope = share.All
		}
		if c.Owner != "" {
			u, err := people.At(s.Client).Find(ctx, "list what is shared", c.Owner)
			if err != nil {
				return err
			}
			f.Owner = u.ID
		}
		return printShares(w, s.Shares(ctx, f))
	})
}

func printShares(w Prompt, all iter.Seq2[share.Share, error]) error {
	for one, err := range all {
		if err != nil {
			return err
		}
		w.Line(one, shareLine(one))
	}
	return nil
}

func shareLine(s share.Share) string {
	kind := s.Kind
	if s.Mode != "" {
		kind += " " + s.Mode
	}
	with := strings.Join(s.People, ", ")
	if more := s.Members - len(s.People); more > 0 && with != "" {
		with += fmt.Sprintf(" and %d more", more)
	}
	on := make([]string, len(s.Nodes))
	for i, n := range s.Nodes {
		on[i] = where(n)
	}
	text := fmt.Sprintf("%s  %-13s until %-16s of %-12s", s.ID, kind, console.When(s.Until), called(s.Owner))
	if with != "" {
		text += "  with " + with
	}
	text += "  on " + console.Or(strings.Join(on, ", "))
	if s.Label != "" {
		text += "  " + s.Label
	}
	text += marks(s.Flags)
	if s.Void != nil {
		text += ": " + s.Void.Text
	}
	if s.Review != nil {
		text += " (review asked for by " + console.When(&s.Review.Due) + ")"
	}
	return text
}

type sharesFixCmd struct {
	ID             []string `arg:"" help:"Id of a Cell or link, as shares shows it."`
	End            bool     `name:"end" xor:"way" help:"End them."`
	Until          Date     `name:"until" xor:"way" placeholder:"DATE" help:"Give them this end, where they have none or a later one."`
	RemoveExternal bool     `name:"remove-external" xor:"way" help:"Take external people out of them."`
	Yes            bool     `name:"yes" help:"Do not ask."`

	config.Client `embed:""`
}

// Run fixes. What could not be done is told one by one.
func (c *sharesFixCmd) Run(ctx context.Context, w Prompt) error {
	action, question := "", ""
	many := console.Count(int64(len(c.ID)), "Cell or link", "Cells and links")
	switch {
	case c.End:
		action, question = share.FixEnd, "End "+many+"?"
	case !c.Until.IsZero():
		action, question = share.FixSetEnd, "Let "+many+" end on "+console.When(c.Until.ends())+"?"
	case c.RemoveExternal:
		action, question = share.FixRemoveExternal, "Take external people out of "+many+"?"
	default:
		return w.Usage(errors.New("say how: --end, --until DATE or --remove-external"))
	}
	return over(w, c.Client, func(s share.Sharing) error {
		if err := console.Confirm(ctx, w, c.Yes, question); err != nil {
			return err
		}
		did, err := s.Fix(ctx, c.ID, action, c.Until.ends())
		if err != nil {
			return err
		}
		text := lines{console.Count(int64(len(did.Done)), "is fixed", "are fixed")}
		for _, f := range did.Failed {
			text = append(text, f.ID+" stays: "+f.Message)
		}
		w.Text(did, text.String())
		if n := int64(len(did.Failed)); n > 0 {
			return &alveary.Error{Kind: alveary.KindInternal, Code: "in-part", Message: console.Count(n, "Cell or link stays", "Cells and links stay") + " as before"}
		}
		return nil
	})
}

type keepCmd struct {
	ID []string `arg:"" help:"Id of a Cell or link, as shares shows it."`

	config.Client `embed:""`
}

// Run answers.
func (c *keepCmd) Run(ctx context.Context, w Prompt) error {
	return over(w, c.Client, func(s share.Sharing) error {
		for _, id := range c.ID {
			if err := s.Keep(ctx, id); err != nil {
				return err
			}
			w.Line(map[string]string{"kept": id}, id+" stays as it is")
		}
		return nil
	})
}

type reviewsCmd struct {
	config.Client `embed:""`
}

// Run lists.
func (c *reviewsCmd) Run(ctx context.Context, w Prompt) error {
	return over(w, c.Client, func(s share.Sharing) error {
		list, err := s.Reviews(ctx)
		if err != nil {
			return err
		}
		for _, r := range list {
			w.Text(r, reviewText(r))
		}
		return nil
	})
}

func reviewText(r share.Review) string {
	out := lines{fmt.Sprintf("%s  by %s, asked by %s  %s", r.ID, console.When(&r.Due), called(r.By), r.Note)}
	for _, c := range r.Cells {
		answer := "open"
		if c.Answer != "" {
			answer = c.Answer + " " + console.When(c.At)
		}
		out = append(out, fmt.Sprintf("  %s  %-24s %-14s %s", c.ID, answer, called(c.Owner), c.Label))
	}
	return out.String()
}

type askReviewCmd struct {
	ID   []string `arg:"" help:"Id of a Cell or link, as shares --all shows it."`
	By   Date     `name:"by" required:"" placeholder:"DATE" help:"By when."`
	Note string   `name:"note" help:"What to look at."`

	config.Client `embed:""`
}

// Run asks.
func (c *askReviewCmd) Run(ctx context.Context, w Prompt) error {
	return over(w, c.Client, func(s share.Sharing) error {
		r, err := s.AskReview(ctx, c.ID, *c.By.ends(), c.Note)
		if err == nil {
			w.Text(r, reviewText(r))
		}
		return err
	})
}
