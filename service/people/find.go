package people

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"alveary"
	"alveary/store"
)

// UserRow is an account in a list.
type UserRow struct {
	ID           string          `json:"id"`
	Login        string          `json:"login"`
	Name         string          `json:"name"`
	Email        string          `json:"email"`
	Profile      alveary.Profile `json:"profile" enum:"admin,standard,shared,anon"`
	Disabled     bool            `json:"disabled"`
	Created      time.Time       `json:"created"`
	SignedIn     *time.Time      `json:"signedIn,omitempty" doc:"Last; missing: never"`
	Group        UserGroup       `json:"group"`
	SecondFactor bool            `json:"secondFactor" doc:"Has a second factor"`
}

// Query asks for users; what is empty asks for nothing.
type Query struct {
	Text    string // its words begin words of login, name or mail address
	Group   string // id, or path
	Beneath bool   // of the groups beneath it too
	Profile alveary.Profile
	State   string // active, disabled or never
	Role    alveary.RoleID
	After   string // the login after which to go on
	Limit   int    // 1 to 200; 0: 50
}

// Users is a part of a list.
type Users struct {
	Items []UserRow `json:"items"`
	Next  string    `json:"next,omitempty" doc:"Where to go on; missing on the last page"`
	Total *int64    `json:"total,omitempty" doc:"How many there are; missing where counting them would take long"`
}

const (
	pageUsers = 50
	mostUsers = 200
)

// Users lists the accounts that are asked for, by login.
func (s *Service) Users(ctx context.Context, who alveary.Subject, q Query) (out Users, err error) {
	const op = "list the users"
	err = s.read(ctx, who, op, func(r *room) error {
		f := store.UserFilter{
			Query: q.Text, Beneath: q.Beneath, Profile: q.Profile, State: store.State(q.State), Role: q.Role, After: q.After, Limit: q.Limit,
		}
		switch f.State {
		case "", store.StateActive, store.StateDisabled, store.StateNever:
		default:
			return invalid(op, q.State, "the state is one of active, disabled and never")
		}
		if f.Limit == 0 {
			f.Limit = pageUsers
		}
		if f.Limit < 1 || f.Limit > mostUsers {
			return invalid(op, "", "a page holds 1 to 200 users")
		}
		if q.Group != "" {
			if f.Group, err = r.group(op, q.Group); err != nil {
				return err
			}
		}
		found, err := r.FindUsers(f)
		if err != nil {
			return err
		}
		if out.Items, err = r.rows(found.Users); err != nil {
			return err
		}
		if found.Total >= 0 {
			out.Total = &found.Total
		}
		if found.More {
			out.Next = found.Users[len(found.Users)-1].Login
		}
		return nil
	})
	return out, err
}

func (r *room) rows(users []alveary.User) ([]UserRow, error) {
	paths, err := r.paths()
	if err != nil {
		return nil, err
	}
	ids := make([]alveary.UserID, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	second, err := r.HaveSecond(ids)
	if err != nil {
		return nil, err
	}
	rows := make([]UserRow, len(users))
	for i, u := range users {
		rows[i] = UserRow{
			ID: idText(u.ID), Login: u.Login, Name: u.Name, Email: u.Email, Profile: u.Profile, Disabled: u.Disabled, Created: u.Created,
			SignedIn: when(u.SignedIn), Group: UserGroup{idText(u.Group), paths[u.Group]}, SecondFactor: second[u.ID],
		}
	}
	return rows, nil
}

func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Colleague is as much of a colleague as everybody may know.
type Colleague struct {
	ID    string `json:"id"`
	Login string `json:"login"`
	Name  string `json:"name"`
}

const (
	mostPeople = 20
	leastQuery = 2 // characters
)

// People finds colleagues by the beginnings of login and name, for whoever is
// one himself: those of the groups that the house rules leave him. Mail
// addresses are not looked at: nobody is to try them out.
func (s *Service) People(ctx context.Context, who alveary.Subject, query string) (people []Colleague, err error) {
	const op = "find people"
	people = []Colleague{}
	err = s.read(ctx, who, op, func(r *room) error {
		if err := r.colleague(); err != nil {
			return err
		}
		if utf8.RuneCountInString(strings.TrimSpace(query)) < leastQuery {
			return invalid(op, "", "give at least two characters of a name")
		}
		found, err := r.findable(store.UserFilter{Query: query, State: store.StateActive, Limit: mostUsers})
		if err != nil {
			return err
		}
		for _, u := range found {
			if len(people) < mostPeople && isColleague(u) && store.Finds(query, u.Login, u.Name) {
				people = append(people, Colleague{idText(u.ID), u.Login, u.DisplayName()})
			}
		}
		return nil
	})
	return people, err
}

// GroupName is as much of a group as everybody may know.
type GroupName struct {
	ID   string `json:"id"`
	Path string `json:"path"`
}

// FindGroups finds groups by a part of their path, as People finds colleagues.
func (s *Service) FindGroups(ctx context.Context, who alveary.Subject, query string) (found []GroupName, err error) {
	const op = "find groups"
	found = []GroupName{}
	err = s.read(ctx, who, op, func(r *room) error {
		if err := r.colleague(); err != nil {
			return err
		}
		query = store.FoldName(strings.TrimSpace(query))
		if utf8.RuneCountInString(query) < leastQuery {
			return invalid(op, "", "give at least two characters of a name")
		}
		shown, err := r.shownGroups()
		if err != nil {
			return err
		}
		groups, err := r.Tx.Groups() // those above come first
		if err != nil {
			return err
		}
		paths := pathsOf(groups)
		for _, g := range groups {
			if shown[g.Parent] {
				shown[g.ID] = true
			}
			if path := paths[g.ID]; shown[g.ID] && g.Parent != 0 && len(found) < mostPeople && strings.Contains(store.FoldName(path), query) {
				found = append(found, GroupName{idText(g.ID), path})
			}
		}
		return nil
	})
	return found, err
}

// shownGroups are the groups that the house rules leave whoever asks, with what
// is beneath them.
func (r *room) shownGroups() (map[alveary.GroupID]bool, error) {
	root, err := r.Lineage(alveary.RootID)
	if err != nil {
		return nil, err
	}
	house, err := r.service.gate.House(r.ctx, r.Tx, r.who, root)
	if err != nil {
		return nil, err
	}
	if house.Groups == nil {
		return map[alveary.GroupID]bool{alveary.RootGroup: true}, nil
	}
	shown := make(map[alveary.GroupID]bool, len(house.Groups))
	for _, id := range house.Groups {
		shown[id] = true
	}
	return shown, nil
}

// findable are those whom the house rules let whoever asks find, by login.
func (r *room) findable(f store.UserFilter) (users []alveary.User, err error) {
	groups, err := r.shownGroups()
	if err != nil {
		return nil, err
	}
	for group := range groups {
		f.Group, f.Beneath = group, true
		found, err := r.FindUsers(f)
		if err != nil {
			return nil, err
		}
		users = append(users, found.Users...)
	}
	slices.SortStableFunc(users, func(a, b alveary.User) int { return strings.Compare(store.FoldName(a.Login), store.FoldName(b.Login)) })
	return slices.CompactFunc(users, func(a, b alveary.User) bool { return a.ID == b.ID }), nil
}

// isColleague says whether a user is one of the house.
func isColleague(u alveary.User) bool {
	return !u.Disabled && (u.Profile == alveary.ProfileAdmin || u.Profile == alveary.ProfileStandard)
}

func (r *room) colleague() error {
	if isColleague(r.who.User) {
		return nil
	}
	return notHeld(r.op, "external people may not "+r.op)
}
