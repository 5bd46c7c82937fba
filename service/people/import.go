package people

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"alveary"
	"alveary/service/people/roster"
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
	FateCreate  = "create"
	FateChange  = "change"
	FateSame    = "same"
	FateRefused = "refused"
)

// Imported is what became of a file.
type Imported struct {
	Rows    []Fate            `json:"rows"`
	Create  int               `json:"create"`
	Change  int               `json:"change"`
	Same    int               `json:"same"`
	Refused int               `json:"refused"`
	Links   map[string]string `json:"links,omitempty" doc:"By login, of the invitations that could not be mailed"`
}

// ImportOptions say how a file is imported.
type ImportOptions struct {
	DryRun     bool // tell each row's fate, and change nothing
	MakeGroups bool // make the groups that do not exist
}

// Import makes and changes accounts as a CSV file says, for administrators: all
// of it or nothing. A dry run tells each row's fate; else the first row that is
// refused is KindInvalid and names it. Logins that exist are changed, in the
// columns that are there; nobody is deleted.
func (s *Service) Import(ctx context.Context, who alveary.Subject, text []byte, o ImportOptions) (out Imported, err error) {
	const op = "import people"
	table, err := sheet.Read(text)
	if err != nil {
		return out, err
	}
	columns, err := roster.Read(table.Columns)
	if err != nil {
		return out, err
	}
	run := s.change
	if o.DryRun {
		run = s.read
	}
	err = run(ctx, who, op, func(r *room) error {
		if err := r.administrators(); err != nil {
			return err
		}
		p, err := r.plan(columns, table.Rows, o.MakeGroups)
		if err != nil {
			return err
		}
		if out = p.out; o.DryRun {
			return nil
		}
		if out.Refused > 0 {
			at := slices.IndexFunc(out.Rows, func(f Fate) bool { return f.Fate == FateRefused })
			return sheet.Refused(out.Rows[at].Row, fmt.Sprintf("%s (%d of %d rows are refused, so nothing was imported)", out.Rows[at].Text, out.Refused, len(out.Rows)))
		}
		out.Links, err = r.carryOut(p)
		return err
	})
	return out, err
}

// plan is what a file would do.
type plan struct {
	out     Imported
	make    []store.NewUser
	invited map[string]bool // folded logins of those to be made
	change  []alveary.User
	another []alveary.UserID // who is no longer who he was
	unlink  []alveary.UserID // whose links are no longer for whom they were written
	groups  *roster.Groups
}

func (r *room) plan(columns roster.Columns, rows []sheet.Row, makeGroups bool) (*plan, error) {
	users, err := r.Tx.Users()
	if err != nil {
		return nil, err
	}
	known := make(map[string]alveary.User, len(users))
	for _, u := range users {
		known[store.FoldName(u.Login)] = u
	}
	roles, err := r.Tx.Roles()
	if err != nil {
		return nil, err
	}
	paths, err := r.paths()
	if err != nil {
		return nil, err
	}
	groups := roster.NewGroups(paths, makeGroups)
	f := roster.Fields{Columns: columns, Op: r.op, Groups: groups, Roles: map[alveary.RoleID]alveary.Role{}}
	for _, role := range roles {
		f.Roles[role.ID] = role
	}
	p := &plan{groups: groups, invited: map[string]bool{}, out: Imported{Rows: make([]Fate, 0, len(rows))}}
	seen := make(map[string]int, len(rows))
	for _, row := range rows {
		fate, err := r.planRow(p, &f, known, seen, row)
		var e *alveary.Error
		switch {
		case errors.As(err, &e) && (e.Kind == alveary.KindInvalid || e.Kind == alveary.KindConflict):
			fate.Fate, fate.Text = FateRefused, e.Message
			p.out.Refused++
		case err != nil:
			return nil, err
		}
		p.out.Rows = append(p.out.Rows, fate)
	}
	return p, nil
}

func (r *room) planRow(p *plan, f *roster.Fields, known map[string]alveary.User, seen map[string]int, row sheet.Row) (fate Fate, err error) {
	login := strings.TrimSpace(row.Fields[f.Columns.Login()])
	key := store.FoldName(login)
	was, exists := known[key]
	if fate = (Fate{Row: row.Number, Login: login}); exists {
		fate.Login = was.Login
	}
	if first, twice := seen[key]; twice {
		return fate, invalid(r.op, login, fmt.Sprintf("this login is in row %d already", first))
	}
	seen[key] = row.Number
	if !exists {
		if login, err = store.CheckLogin(r.op, login); err != nil {
			return fate, err
		}
		u := alveary.User{Login: login, Profile: alveary.ProfileStandard, Group: alveary.RootGroup}
		if u, err = f.Apply(u, row.Fields); err != nil {
			return fate, err
		}
		invite, err := f.Flag(row.Fields, "invite", false)
		if err != nil {
			return fate, err
		}
		p.make, p.invited[key] = append(p.make, store.NewUser{User: u}), invite
		p.out.Create++
		fate.Fate, fate.Text = FateCreate, fmt.Sprintf("profile %s, group %s", u.Profile, f.Groups.Path(u.Group))
		return fate, nil
	}
	if _, err := f.Flag(row.Fields, "invite", false); err != nil {
		return fate, err
	}
	is, err := f.Apply(was, row.Fields)
	if err != nil {
		return fate, err
	}
	if err := r.yourself(was, is); err != nil {
		return fate, err
	}
	did := differences(was, is)
	if len(did) == 0 {
		p.out.Same++
		fate.Fate = FateSame
		return fate, nil
	}
	if p.change = append(p.change, is); isAnother(was, is) {
		p.another = append(p.another, is.ID)
	}
	if endsLinks(was, is) {
		p.unlink = append(p.unlink, is.ID)
	}
	p.out.Change++
	fate.Fate, fate.Text = FateChange, strings.Join(did, ", ")
	return fate, nil
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

// carryOut does what was planned, and gives the links of invitations that were
// not mailed.
func (r *room) carryOut(p *plan) (links map[string]string, err error) {
	made, err := r.makeGroups(p.groups)
	if err != nil {
		return nil, err
	}
	settle := func(u *alveary.User) {
		if id, ok := made[u.Group]; ok {
			u.Group = id
		}
	}
	for i := range p.make {
		settle(&p.make[i].User)
	}
	for i := range p.change {
		settle(&p.change[i])
	}
	if err := r.InsertUsers(p.make); err != nil {
		return nil, err
	}
	if err := r.UpdateUsers(p.change); err != nil {
		return nil, err
	}
	if err := r.signOut(p.another...); err != nil {
		return nil, err
	}
	for _, id := range p.unlink {
		if _, err := r.DeleteLetters(id); err != nil {
			return nil, err
		}
	}
	links = map[string]string{}
	for _, one := range p.make {
		if !p.invited[store.FoldName(one.User.Login)] {
			continue
		}
		letter, err := r.letter(r.service.Options.Invite, one.User)
		if err != nil {
			return nil, err
		}
		if !letter.Mailed && letter.Link != "" {
			links[one.User.Login] = letter.Link
		}
	}
	for _, part := range []struct {
		action string
		logins []string
	}{{"add-user", loginsOf(p.make)}, {"change-user", changedLogins(p)}} {
		for _, login := range part.logins {
			if err := r.record(part.action, login+": imported"); err != nil {
				return nil, err
			}
		}
	}
	return links, r.record("import-users", fmt.Sprintf("%d made, %d changed, %d as they were, %d groups made", p.out.Create, p.out.Change, p.out.Same, len(made)))
}

func loginsOf(users []store.NewUser) []string {
	logins := make([]string, len(users))
	for i, u := range users {
		logins[i] = u.User.Login
	}
	return logins
}

func changedLogins(p *plan) (logins []string) {
	for _, f := range p.out.Rows {
		if f.Fate == FateChange {
			logins = append(logins, f.Login+": "+f.Text)
		}
	}
	return logins
}

// makeGroups makes what was planned and gives the ids that they have now.
func (r *room) makeGroups(p *roster.Groups) (made map[alveary.GroupID]alveary.GroupID, err error) {
	made = make(map[alveary.GroupID]alveary.GroupID, len(p.Missing))
	for _, g := range p.Missing {
		parent := g.Parent
		if id, ok := made[parent]; ok {
			parent = id
		}
		group, err := r.InsertGroup(parent, g.Name)
		if err != nil {
			return nil, err
		}
		made[g.ID] = group.ID
		if err := r.record("add-group", p.Path(g.ID)); err != nil {
			return nil, err
		}
	}
	return made, nil
}
