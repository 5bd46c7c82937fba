package people

import (
	"context"
	"fmt"
	"slices"

	"alveary"
	"alveary/service/people/roster"
	"alveary/service/people/sheet"
	"alveary/store"
)

// Imported is what became of a file.
type Imported struct {
	Rows    []roster.Fate     `json:"rows"`
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
		plan, err := r.plan(columns, table.Rows, o.MakeGroups)
		if err != nil {
			return err
		}
		out = Imported{Rows: plan.Fates, Create: len(plan.Make), Change: len(plan.Change), Same: plan.Same, Refused: plan.Refused}
		if o.DryRun {
			return nil
		}
		if out.Refused > 0 {
			at := slices.IndexFunc(out.Rows, func(f roster.Fate) bool { return f.Fate == roster.Refused })
			return sheet.Refused(out.Rows[at].Row, fmt.Sprintf("%s (%d of %d rows are refused, so nothing was imported)", out.Rows[at].Text, out.Refused, len(out.Rows)))
		}
		out.Links, err = r.carryOut(plan)
		return err
	})
	return out, err
}

func (r *room) plan(columns roster.Columns, rows []sheet.Row, makeGroups bool) (*roster.Plan, error) {
	users, err := r.Tx.Users()
	if err != nil {
		return nil, err
	}
	roles, err := r.Tx.Roles()
	if err != nil {
		return nil, err
	}
	paths, err := r.paths()
	if err != nil {
		return nil, err
	}
	f := roster.Fields{Columns: columns, Op: r.op, Groups: roster.NewGroups(paths, makeGroups), Roles: map[alveary.RoleID]alveary.Role{}}
	for _, role := range roles {
		f.Roles[role.ID] = role
	}
	return f.Plan(users, rows, r.yourself)
}

// carryOut does what was planned, and gives the links of invitations that were
// not mailed.
func (r *room) carryOut(p *roster.Plan) (links map[string]string, err error) {
	ids, err := r.makeGroups(p.Groups)
	if err != nil {
		return nil, err
	}
	made := make([]store.NewUser, len(p.Make))
	for i, u := range p.Make {
		made[i].User = settled(u, ids)
	}
	if err := r.InsertUsers(made); err != nil {
		return nil, err
	}
	if err := r.changeUsers(p.Change, ids); err != nil {
		return nil, err
	}
	links = map[string]string{}
	for _, one := range made {
		if !p.Invited(one.User.Login) {
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
	for _, u := range p.Make {
		if err := r.record("add-user", u.Login+": imported"); err != nil {
			return nil, err
		}
	}
	for _, f := range p.Fates {
		if f.Fate != roster.Changed {
			continue
		}
		if err := r.record("change-user", f.Login+": "+f.Text+": imported"); err != nil {
			return nil, err
		}
	}
	return links, r.record("import-users", fmt.Sprintf("%d made, %d changed, %d as they were, %d groups made", len(p.Make), len(p.Change), p.Same, len(ids)))
}

// changeUsers changes accounts, and ends what was for whom they were before.
func (r *room) changeUsers(changes []roster.Change, groups map[alveary.GroupID]alveary.GroupID) error {
	var changed []alveary.User
	var another, unlink []alveary.UserID
	for _, c := range changes {
		changed = append(changed, settled(c.Is, groups))
		if isAnother(c.Was, c.Is) {
			another = append(another, c.Is.ID)
		}
		if endsLinks(c.Was, c.Is) {
			unlink = append(unlink, c.Is.ID)
		}
	}
	if err := r.UpdateUsers(changed); err != nil {
		return err
	}
	if err := r.signOut(another...); err != nil {
		return err
	}
	for _, id := range unlink {
		if _, err := r.DeleteLetters(id); err != nil {
			return err
		}
	}
	return nil
}

// settled is a user in his group as it is now that it was made.
func settled(u alveary.User, made map[alveary.GroupID]alveary.GroupID) alveary.User {
	if id, ok := made[u.Group]; ok {
		u.Group = id
	}
	return u
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
