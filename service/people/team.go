package people

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"alveary"
)

// Team is a role that a user made, with those who hold it.
type Team struct {
	ID      alveary.RoleID `json:"id"`
	Label   string         `json:"label"`
	Manager bool           `json:"manager" doc:"Whoever asks may change it"`
	Members []TeamMember   `json:"members"`
}

// TeamMember is someone in a team.
type TeamMember struct {
	ID      string `json:"id"`
	Login   string `json:"login"`
	Name    string `json:"name"`
	Manager bool   `json:"manager"`
}

// The bounds of teams.
const (
	mostMembers = 1000
	mostTeams   = 100 // of one user
)

// Teams lists the teams of whoever asks, by label.
func (s *Service) Teams(ctx context.Context, who alveary.Subject) (teams []Team, err error) {
	teams = []Team{}
	err = s.read(ctx, who, "list the teams", func(r *room) error {
		mine, err := r.TeamsOf(who.User.ID)
		if err != nil {
			return err
		}
		for id := range mine {
			team, err := r.team(id)
			if err != nil {
				return err
			}
			teams = append(teams, team)
		}
		slices.SortFunc(teams, func(a, b Team) int { return strings.Compare(a.Label+string(a.ID), b.Label+string(b.ID)) })
		return nil
	})
	return teams, err
}

// Team shows a team to whoever is in it, and to administrators.
func (s *Service) Team(ctx context.Context, who alveary.Subject, id alveary.RoleID) (out Team, err error) {
	err = s.read(ctx, who, "look at the team", func(r *room) error {
		if out, err = r.team(id); err != nil {
			return err
		}
		if !out.has(who.User.ID) && !r.administers() {
			return noTeam(r.op)
		}
		return nil
	})
	return out, err
}

func noTeam(op string) error {
	return &alveary.Error{Kind: alveary.KindNotFound, Op: op, Code: "not-found", Message: "you are in no such team"}
}

func (t Team) has(id alveary.UserID) bool {
	return slices.ContainsFunc(t.Members, func(m TeamMember) bool { return m.ID == idText(id) })
}

func (t Team) managers() (n int) {
	for _, m := range t.Members {
		if m.Manager {
			n++
		}
	}
	return n
}

func (r *room) team(id alveary.RoleID) (out Team, err error) {
	role, err := r.Tx.Role(id)
	if alveary.IsKind(err, alveary.KindNotFound) || err == nil && !role.Team {
		return out, noTeam(r.op)
	}
	if err != nil {
		return out, err
	}
	members, err := r.Members(id)
	if err != nil {
		return out, err
	}
	ids := make([]alveary.UserID, len(members))
	for i, m := range members {
		ids[i] = m.User
	}
	subjects, err := r.Subjects(ids)
	if err != nil {
		return out, err
	}
	out = Team{ID: id, Label: role.Label, Manager: r.administers(), Members: []TeamMember{}}
	for _, m := range members {
		u := subjects[m.User].User
		out.Members = append(out.Members, TeamMember{idText(m.User), u.Login, u.DisplayName(), m.Manager})
		out.Manager = out.Manager || m.Manager && m.User == r.who.User.ID
	}
	slices.SortFunc(out.Members, func(a, b TeamMember) int { return strings.Compare(a.Login, b.Login) })
	return out, nil
}

// managed is a team that whoever asks may change.
func (r *room) managed(id alveary.RoleID) (Team, error) {
	team, err := r.team(id)
	switch {
	case err != nil:
		return team, err
	case !team.has(r.who.User.ID) && !r.administers():
		return team, noTeam(r.op)
	case !team.Manager:
		return team, notHeld(r.op, "only its managers may change this team")
	}
	return team, nil
}

// binds refuses changes of who is in a team that takes something away: leaving
// it, or ending it, would give that back (MODEL.md 7.7).
func (r *room) binds(id alveary.RoleID) error {
	if r.administers() {
		return nil
	}
	if err := r.unnamed(id); err != nil {
		return err
	}
	entries, err := r.EntriesOf(id)
	if err != nil {
		return err
	}
	role, err := r.Tx.Role(id)
	if err != nil {
		return err
	}
	if role.SecondFactor || slices.ContainsFunc(entries, func(e alveary.Entry) bool { return e.Deny || len(e.Policies) > 0 || e.Rights == 0 }) {
		return notHeld(r.op, "this team takes rights away from its members, so only administrators may choose who leaves it")
	}
	return nil
}

// NewTeam is a team to be made.
type NewTeam struct {
	Label   string   `json:"label" maxLength:"1000"`
	Members []string `json:"members,omitempty" maxItems:"1000" doc:"Ids of users, beside whoever makes it"`
}

// AddTeam makes a team, which its maker manages.
func (s *Service) AddTeam(ctx context.Context, who alveary.Subject, n NewTeam) (out Team, err error) {
	const op = "make the team"
	err = s.change(ctx, who, op, func(r *room) error {
		if err := r.colleague(); err != nil {
			return err
		}
		if err := checkLabel(op, n.Label); err != nil {
			return err
		}
		mine, err := r.TeamsOf(who.User.ID)
		if err != nil {
			return err
		}
		if len(mine) >= mostTeams {
			return conflict(op, n.Label, "too-many", "you are in 100 teams already: leave one first")
		}
		id := alveary.RoleID("team-" + strings.ToLower(rand.Text()[:16]))
		if err := r.InsertRole(alveary.Role{ID: id, Label: strings.TrimSpace(n.Label), Team: true}); err != nil {
			return err
		}
		if err := r.PutMember(id, alveary.Member{User: who.User.ID, Manager: true}); err != nil {
			return err
		}
		for _, member := range n.Members {
			if member == idText(who.User.ID) {
				continue
			}
			if err := r.join(id, member, false); err != nil {
				return err
			}
		}
		if out, err = r.team(id); err != nil {
			return err
		}
		return r.record("add-team", fmt.Sprintf("%s: %s, %d members", id, out.Label, len(out.Members)))
	})
	return out, err
}

// join puts one of the house into a team.
func (r *room) join(team alveary.RoleID, member string, manager bool) error {
	id, err := userID(r.op, member)
	if err != nil {
		return err
	}
	user, err := r.Tx.User(id)
	if alveary.IsKind(err, alveary.KindNotFound) || err == nil && !isColleague(user) {
		return invalid(r.op, member, "members of teams are users of the profiles standard and admin, whose accounts are not disabled")
	}
	if err != nil {
		return err
	}
	if err := r.gives(team); err != nil {
		return err
	}
	return r.PutMember(team, alveary.Member{User: id, Manager: manager})
}

// RenameTeam gives a team another label.
func (s *Service) RenameTeam(ctx context.Context, who alveary.Subject, id alveary.RoleID, label string) (out Team, err error) {
	const op = "rename the team"
	err = s.change(ctx, who, op, func(r *room) error {
		team, err := r.managed(id)
		if err != nil {
			return err
		}
		if err := checkLabel(op, label); err != nil {
			return err
		}
		role, err := r.Tx.Role(id)
		if err != nil {
			return err
		}
		role.Label = strings.TrimSpace(label)
		if err := r.UpdateRole(role); err != nil {
			return err
		}
		if out, err = r.team(id); err != nil {
			return err
		}
		return r.record("change-team", fmt.Sprintf("%s: %s → %s", id, team.Label, role.Label))
	})
	return out, err
}

// SetMember puts someone into a team, or changes whether he manages it.
func (s *Service) SetMember(ctx context.Context, who alveary.Subject, id alveary.RoleID, member string, manager bool) error {
	const op = "change the team"
	return s.change(ctx, who, op, func(r *room) error {
		team, err := r.managed(id)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(team.Members, func(m TeamMember) bool { return m.ID == member })
		switch {
		case at >= 0 && team.Members[at].Manager == manager:
			return nil
		case at >= 0 && !manager && team.managers() == 1:
			return lastManager(op, team)
		case at < 0 && len(team.Members) >= mostMembers:
			return conflict(op, team.Label, "too-many", "a team has at most 1,000 members")
		}
		if err := r.join(id, member, manager); err != nil {
			return err
		}
		return r.record("join-team", fmt.Sprintf("%s: user %s, manager %t", id, member, manager))
	})
}

func lastManager(op string, team Team) error {
	return conflict(op, team.Label, "last-manager", "a team has at least one manager: make another member one first, or delete the team")
}

// RemoveMember takes someone out of a team: managers anyone, others
// themselves.
func (s *Service) RemoveMember(ctx context.Context, who alveary.Subject, id alveary.RoleID, member string) error {
	const op = "leave the team"
	return s.change(ctx, who, op, func(r *room) error {
		team, err := r.team(id)
		if err != nil {
			return err
		}
		if member != idText(who.User.ID) || !team.has(who.User.ID) {
			if team, err = r.managed(id); err != nil {
				return err
			}
		}
		at := slices.IndexFunc(team.Members, func(m TeamMember) bool { return m.ID == member })
		if at < 0 {
			return &alveary.Error{Kind: alveary.KindNotFound, Op: op, Code: "not-found", Message: "there is no such member"}
		}
		if team.Members[at].Manager && team.managers() == 1 {
			return lastManager(op, team)
		}
		if err := r.binds(id); err != nil {
			return err
		}
		number, err := userID(op, member)
		if err != nil {
			return err
		}
		if _, err := r.DeleteMember(id, number); err != nil {
			return err
		}
		return r.record("leave-team", fmt.Sprintf("%s: %s", id, team.Members[at].Login))
	})
}

// DeleteTeam ends a team, with the entries that it holds.
func (s *Service) DeleteTeam(ctx context.Context, who alveary.Subject, id alveary.RoleID) error {
	const op = "delete the team"
	return s.change(ctx, who, op, func(r *room) error {
		team, err := r.managed(id)
		if err != nil {
			return err
		}
		if err := r.binds(id); err != nil {
			return err
		}
		if err := r.Tx.DeleteTeam(id); err != nil {
			return err
		}
		return r.record("delete-team", fmt.Sprintf("%s: %s", id, team.Label))
	})
}
