package roster

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"alveary"
	"alveary/service/people/fit"
	"alveary/service/people/sheet"
	"alveary/store"
)

// Fate is what becomes of a row.
type Fate struct {
	Row   int    `json:"row" doc:"As a spreadsheet counts: the names of the columns are row 1"`
	Login string `json:"login"`
	Fate  string `json:"fate" enum:"create,change,same,refused"`
	Text  string `json:"text" doc:"What changes, or why it is refused"`
}

// The fates of rows.
const (
	Created = "create"
	Changed = "change"
	Same    = "same"
	Refused = "refused"
)

// Change is an account as it is and as it is to be.
type Change struct{ Was, Is alveary.User }

// Plan is what a table would do.
type Plan struct {
	Fates         []Fate // of each row
	Make          []alveary.User
	Change        []Change
	Same, Refused int // rows
	Groups        *Groups

	invited map[string]bool // by folded login, of those to be made
}

// Invited says whether somebody who is to be made is to be invited.
func (p *Plan) Invited(login string) bool { return p.invited[store.FoldName(login)] }

// Plan decides the fate of each row among the users that there are; may says
// what may not be changed about them.
func (f *Fields) Plan(users []alveary.User, rows []sheet.Row, may func(was, is alveary.User) error) (*Plan, error) {
	known := make(map[string]alveary.User, len(users))
	for _, u := range users {
		known[store.FoldName(u.Login)] = u
	}
	p := &Plan{Groups: f.Groups, invited: map[string]bool{}, Fates: make([]Fate, 0, len(rows))}
	seen := make(map[string]int, len(rows))
	for _, row := range rows {
		fate, err := f.planRow(p, known, seen, row, may)
		var e *alveary.Error
		switch {
		case errors.As(err, &e) && (e.Kind == alveary.KindInvalid || e.Kind == alveary.KindConflict):
			fate.Fate, fate.Text = Refused, e.Message
			p.Refused++
		case err != nil:
			return nil, err
		}
		p.Fates = append(p.Fates, fate)
	}
	return p, nil
}

func (f *Fields) planRow(p *Plan, known map[string]alveary.User, seen map[string]int, row sheet.Row, may func(was, is alveary.User) error) (fate Fate, err error) {
	login := strings.TrimSpace(row.Fields[f.Columns.at["login"]])
	key := store.FoldName(login)
	was, exists := known[key]
	if fate = (Fate{Row: row.Number, Login: login}); exists {
		fate.Login = was.Login
	}
	if first, twice := seen[key]; twice {
		return fate, fit.Invalid(f.Op, login, fmt.Sprintf("this login is in row %d already", first))
	}
	seen[key] = row.Number
	if exists {
		err = f.planChange(p, &fate, was, row, may)
	} else {
		err = f.planNew(p, &fate, login, row)
	}
	return fate, err
}

func (f *Fields) planNew(p *Plan, fate *Fate, login string, row sheet.Row) error {
	login, err := store.CheckLogin(f.Op, login)
	if err != nil {
		return err
	}
	u, err := f.Apply(alveary.User{Login: login, Profile: alveary.ProfileStandard, Group: alveary.RootGroup}, row.Fields)
	if err != nil {
		return err
	}
	invite, err := f.Flag(row.Fields, "invite", false)
	if err != nil {
		return err
	}
	p.Make, p.invited[store.FoldName(login)] = append(p.Make, u), invite
	fate.Fate, fate.Text = Created, fmt.Sprintf("profile %s, group %s", u.Profile, f.Groups.Path(u.Group))
	return nil
}

func (f *Fields) planChange(p *Plan, fate *Fate, was alveary.User, row sheet.Row, may func(was, is alveary.User) error) error {
	if _, err := f.Flag(row.Fields, "invite", false); err != nil {
		return err
	}
	is, err := f.Apply(was, row.Fields)
	if err == nil {
		err = may(was, is)
	}
	if err != nil {
		return err
	}
	did := differences(was, is)
	if len(did) == 0 {
		p.Same++
		fate.Fate = Same
		return nil
	}
	p.Change = append(p.Change, Change{was, is})
	fate.Fate, fate.Text = Changed, strings.Join(did, ", ")
	return nil
}

func differences(was, is alveary.User) (did []string) {
	for _, one := range []struct {
		what string
		same bool
	}{
		{"name", was.Name == is.Name},
		{"email", was.Email == is.Email},
		{"profile", was.Profile == is.Profile},
		{"group", was.Group == is.Group},
		{"roles", slices.Equal(was.Roles, is.Roles)},
		{"disabled", was.Disabled == is.Disabled},
		{"attributes", maps.Equal(was.Attributes, is.Attributes)},
	} {
		if !one.same {
			did = append(did, one.what)
		}
	}
	return did
}
