package console

import (
	"context"
	"fmt"
	"strings"

	"alveary"
	"alveary/client"
	"alveary/client/people"
	"alveary/config"
)

// Team keeps the teams of whoever asks.
type Team struct {
	Ls     teamLsCmd     `cmd:"" help:"List your teams: id, members, label."`
	Show   teamShowCmd   `cmd:"" aliases:"members" help:"Show who is in a team."`
	Add    teamAddCmd    `cmd:"" help:"Make a team of yourself and others."`
	Rename teamRenameCmd `cmd:"" help:"Give a team another name."`
	Join   teamJoinCmd   `cmd:"" help:"Take people into a team, or make them managers of it."`
	Leave  teamLeaveCmd  `cmd:"" help:"Take people out of a team, or leave it."`
	Rm     teamRmCmd     `cmd:"" aliases:"delete" help:"Delete teams, with the entries of their roles."`
}

type teamLsCmd struct {
	config.Client `embed:""`
}

// Run lists.
func (c *teamLsCmd) Run(ctx context.Context, w Prompt) error {
	return list(ctx, w, c.Client, people.People.Teams, func(t people.Team) string {
		text := fmt.Sprintf("%-28s %3d members  %s", t.ID, len(t.Members), t.Label)
		if t.Manager {
			text += " (yours to change)"
		}
		return text
	})
}

// onTeam does something with a team that is named by its label or id.
func onTeam(ctx context.Context, w Prompt, o config.Client, op, name string, do func(people.People, people.Team) error) error {
	return w.Over(o, func(server *client.Client) error {
		p := people.At(server)
		t, err := p.FindTeam(ctx, op, name)
		if err != nil {
			return err
		}
		return do(p, t)
	})
}

type teamShowCmd struct {
	Team string `arg:"" help:"Name or id of the team."`

	config.Client `embed:""`
}

// Run lists the members.
func (c *teamShowCmd) Run(ctx context.Context, w Prompt) error {
	return onTeam(ctx, w, c.Client, "look at the team", c.Team, func(_ people.People, t people.Team) error {
		return PrintEach(w, t.Members, nil, func(m people.Member) string {
			text := fmt.Sprintf("%-20s %s", m.Login, m.Name)
			if m.Manager {
				text += " (manager)"
			}
			return strings.TrimRight(text, " ")
		})
	})
}

type teamAddCmd struct {
	Label string   `arg:"" help:"What people read."`
	Login []string `arg:"" optional:"" help:"Who else is in it."`

	config.Client `embed:""`
}

// Run makes a team.
func (c *teamAddCmd) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		p := people.At(server)
		members := make([]string, 0, len(c.Login))
		for _, login := range c.Login {
			who, err := p.Colleague(ctx, "make the team", login)
			if err != nil {
				return err
			}
			members = append(members, who.ID)
		}
		t, err := p.AddTeam(ctx, c.Label, members)
		return PrintOne(w, t, err, func(t people.Team) string { return "made the team " + t.Label + " with the role " + t.ID })
	})
}

type teamRenameCmd struct {
	Team  string `arg:"" help:"Name or id of the team."`
	Label string `arg:"" help:"Its new name."`

	config.Client `embed:""`
}

// Run renames.
func (c *teamRenameCmd) Run(ctx context.Context, w Prompt) error {
	return onTeam(ctx, w, c.Client, "rename the team", c.Team, func(p people.People, t people.Team) error {
		is, err := p.RenameTeam(ctx, t, c.Label)
		return PrintOne(w, is, err, func(is people.Team) string { return t.Label + " is now " + is.Label })
	})
}

type teamJoinCmd struct {
	Team    string   `arg:"" help:"Name or id of the team."`
	Login   []string `arg:"" help:"Whom to take in."`
	Manager bool     `name:"manager" help:"Let them change the team too."`

	config.Client `embed:""`
}

// Run takes people in.
func (c *teamJoinCmd) Run(ctx context.Context, w Prompt) error {
	return onTeam(ctx, w, c.Client, "change the team", c.Team, func(p people.People, t people.Team) error {
		for _, login := range c.Login {
			id := memberOf(t, login)
			if id == "" {
				who, err := p.Colleague(ctx, "change the team", login)
				if err != nil {
					return err
				}
				id = who.ID
			}
			if err := p.SetMember(ctx, t, id, c.Manager); err != nil {
				return err
			}
			w.Line(map[string]any{"team": t.ID, "login": login, "manager": c.Manager}, login+" is in "+t.Label)
		}
		return nil
	})
}

// memberOf gives the id of a member of a team, empty where he is none.
func memberOf(t people.Team, login string) string {
	for _, m := range t.Members {
		if strings.EqualFold(m.Login, login) {
			return m.ID
		}
	}
	return ""
}

type teamLeaveCmd struct {
	Team  string   `arg:"" help:"Name or id of the team."`
	Login []string `arg:"" optional:"" help:"Whom to take out; yourself if not given."`

	config.Client `embed:""`
}

// Run takes people out.
func (c *teamLeaveCmd) Run(ctx context.Context, w Prompt) error {
	return onTeam(ctx, w, c.Client, "change the team", c.Team, func(p people.People, t people.Team) error {
		logins := c.Login
		if len(logins) == 0 {
			me, err := p.Whoami(ctx)
			if err != nil {
				return err
			}
			logins = []string{me.Login}
		}
		for _, login := range logins {
			id := memberOf(t, login)
			if id == "" {
				return &alveary.Error{Kind: alveary.KindNotFound, Op: "change the team", Subject: t.Label, Code: "not-found", Message: login + " is not in it"}
			}
			if err := p.RemoveMember(ctx, t, id); err != nil {
				return err
			}
			w.Line(map[string]string{"team": t.ID, "left": login}, login+" has left "+t.Label)
		}
		return nil
	})
}

type teamRmCmd struct {
	Team []string `arg:"" help:"Name or id of a team."`
	Yes  bool     `name:"yes" help:"Do not ask."`

	config.Client `embed:""`
}

// Run deletes teams.
func (c *teamRmCmd) Run(ctx context.Context, w Prompt) error {
	for _, name := range c.Team {
		err := onTeam(ctx, w, c.Client, "delete the team", name, func(p people.People, t people.Team) error {
			if err := Confirm(ctx, w, c.Yes, fmt.Sprintf("Delete the team %s of %s, and what was given to it?", t.Label, Count(int64(len(t.Members)), "member", "members"))); err != nil {
				return err
			}
			if err := p.DeleteTeam(ctx, t); err != nil {
				return err
			}
			w.Line(map[string]string{"deleted": t.ID}, "deleted "+t.Label)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// External invites people from outside.
type External struct {
	Email string `arg:"" help:"Their address, which they also sign in with."`
	Name  string `name:"name" help:"Name to show."`

	config.Client `embed:""`
}

// Run invites.
func (c *External) Run(ctx context.Context, w Prompt) error {
	return w.Over(c.Client, func(server *client.Client) error {
		made, err := people.At(server).InviteExternal(ctx, c.Email, c.Name)
		if err == nil {
			w.Text(made, "invited "+made.User.Login+where(made.Letter))
		}
		return err
	})
}
