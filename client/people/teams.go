package people

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"alveary"
)

// Team is a role that a user made, with its members.
type Team struct {
	ID      string   `json:"id"`
	Label   string   `json:"label"`
	Manager bool     `json:"manager"` // whoever asks may change it
	Members []Member `json:"members"`
}

// Member is someone in a team.
type Member struct {
	ID      string `json:"id"`
	Login   string `json:"login"`
	Name    string `json:"name"`
	Manager bool   `json:"manager"`
}

// Teams lists the teams of whoever asks.
func (p People) Teams(ctx context.Context) ([]Team, error) {
	return list[Team](ctx, p, "list the teams", "", "/teams", nil)
}

// FindTeam gives a team by its id or its label. A label of several is refused.
func (p People) FindTeam(ctx context.Context, op, name string) (Team, error) {
	teams, err := p.Teams(ctx)
	if err != nil {
		return Team{}, err
	}
	var found []Team
	for _, t := range teams {
		if t.ID == name {
			return t, nil
		}
		if strings.EqualFold(t.Label, name) {
			found = append(found, t)
		}
	}
	switch len(found) {
	case 0:
		return Team{}, &alveary.Error{Kind: alveary.KindNotFound, Op: op, Subject: name, Code: "not-found", Message: "you have no such team"}
	case 1:
		return found[0], nil
	}
	return Team{}, &alveary.Error{Kind: alveary.KindConflict, Op: op, Subject: name, Code: "ambiguous", Message: "several of your teams have this name: give the id, which team ls shows"}
}

// AddTeam makes a team of whoever asks and others, by id.
func (p People) AddTeam(ctx context.Context, label string, members []string) (Team, error) {
	return send[Team](ctx, p, "make the team", label, http.MethodPost, "/teams", struct {
		Label   string   `json:"label"`
		Members []string `json:"members,omitempty"`
	}{label, members})
}

// RenameTeam gives a team another name.
func (p People) RenameTeam(ctx context.Context, t Team, label string) (Team, error) {
	return send[Team](ctx, p, "rename the team", t.Label, http.MethodPatch, at("/teams", t.ID, ""), map[string]string{"label": label})
}

// DeleteTeam deletes a team with the entries of its role.
func (p People) DeleteTeam(ctx context.Context, t Team) error {
	return p.remove(ctx, "delete the team", t.Label, at("/teams", t.ID, ""), nil)
}

// SetMember takes someone into a team, or says whether he manages it.
func (p People) SetMember(ctx context.Context, t Team, user string, manager bool) error {
	return p.do(ctx, "change the team", t.Label, http.MethodPut, at("/teams", t.ID, "/members/"+url.PathEscape(user)), map[string]bool{"manager": manager})
}

// RemoveMember takes someone out of a team.
func (p People) RemoveMember(ctx context.Context, t Team, user string) error {
	return p.remove(ctx, "change the team", t.Label, at("/teams", t.ID, "/members/"+url.PathEscape(user)), nil)
}

// Person is what everybody may know of others.
type Person struct {
	ID    string `json:"id"`
	Login string `json:"login"`
	Name  string `json:"name"`
}

// Colleague gives the person of a login, for those who may not look after
// people.
func (p People) Colleague(ctx context.Context, op, login string) (Person, error) {
	found, err := list[Person](ctx, p, op, login, "/people", url.Values{"q": {login}})
	if err != nil {
		return Person{}, err
	}
	for _, one := range found {
		if strings.EqualFold(one.Login, login) {
			return one, nil
		}
	}
	return Person{}, &alveary.Error{Kind: alveary.KindNotFound, Op: op, Subject: login, Code: "not-found", Message: "there is nobody with this login"}
}

// InviteExternal makes an external person and a link for him.
func (p People) InviteExternal(ctx context.Context, email, name string) (MadeUser, error) {
	made, err := send[MadeUser](ctx, p, "invite", email, http.MethodPost, "/people/external", struct {
		Email string `json:"email"`
		Name  string `json:"name,omitempty"`
	}{email, name})
	made.whole(p)
	return made, err
}
