package people

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"alveary"
)

// Leaving is what goes with a user.
type Leaving struct {
	Files    int64              `json:"files"`
	Folders  int64              `json:"folders"`
	Bytes    int64              `json:"bytes"`
	Binned   int64              `json:"binned" doc:"Of these, what lies in the bin"`
	Entries  int64              `json:"entries" doc:"Of the role of his own"`
	Policies []alveary.PolicyID `json:"policies" doc:"That name him; they stay as they are"`
	Tokens   int64              `json:"tokens"`
	Sessions int64              `json:"sessions"`
	Teams    []string           `json:"teams" doc:"Labels of those of which he is the only manager: another member is made one, or they end"`
	Uploads  int64              `json:"uploads" doc:"Under way"`
	Cells    int64              `json:"cells" doc:"That he owns: the heir has them, or they end"`
	Links    int64              `json:"links" doc:"That he made: they end"`
	Homes    []string           `json:"homes" doc:"Paths of his folders that are to be handed over"`
}

// Leaving says what would go with a user, and what he leaves to an heir.
func (s *Service) Leaving(ctx context.Context, who alveary.Subject, id string) (out Leaving, err error) {
	const op = "look what goes with the user"
	err = s.read(ctx, who, op, func(r *room) error {
		number, err := userID(op, id)
		if err != nil {
			return err
		}
		user, err := r.Subject(number)
		if err != nil {
			return err
		}
		l, err := r.Leftover(number)
		if err != nil {
			return err
		}
		out = Leaving{
			Files: l.Files, Folders: l.Folders, Bytes: l.Bytes, Binned: l.Binned, Entries: l.Entries,
			Tokens: l.Tokens, Sessions: l.Sessions, Uploads: l.Uploads, Teams: []string{}, Homes: []string{},
		}
		if out.Cells, out.Links, err = r.CountCells(number); err != nil {
			return err
		}
		if out.Policies, err = r.naming("user:"+user.User.Login, "role:"+string(user.Role)); err != nil {
			return err
		}
		if l.Files+l.Folders > 0 {
			for _, home := range user.Homes {
				line, err := r.Lineage(home)
				if err != nil {
					return err
				}
				out.Homes = append(out.Homes, line.Path())
			}
		}
		orphans, err := r.orphans(number)
		for _, team := range orphans {
			out.Teams = append(out.Teams, team.Label)
		}
		return err
	})
	return out, err
}

// naming are the policies of which a rule names one of the subjects, whatever
// pattern it uses: it may name others besides.
func (r *room) naming(subjects ...string) ([]alveary.PolicyID, error) {
	policies, err := r.Policies()
	names := []alveary.PolicyID{}
	for _, p := range policies {
		if slices.ContainsFunc(p.Rules, func(rule alveary.Rule) bool {
			return slices.ContainsFunc(rule.Subjects, func(text string) bool {
				return slices.ContainsFunc(subjects, func(s string) bool { return strings.EqualFold(text, s) })
			})
		}) {
			names = append(names, p.ID)
		}
	}
	return names, err
}

// orphans are the teams of which a user is the only manager.
func (r *room) orphans(id alveary.UserID) (teams []alveary.Role, err error) {
	seats, err := r.TeamsOf(id)
	if err != nil {
		return nil, err
	}
	for team, manager := range seats {
		if !manager {
			continue
		}
		members, err := r.Members(team)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(members, func(m alveary.Member) bool { return m.Manager && m.User != id }) {
			continue
		}
		role, err := r.Role(team)
		if err != nil {
			return nil, err
		}
		teams = append(teams, role)
	}
	slices.SortFunc(teams, func(a, b alveary.Role) int { return strings.Compare(a.Label, b.Label) })
	return teams, nil
}

// bequeath gives each team of which a leaver is the only manager to the member
// who is in the house longest; one without others ends.
func (r *room) bequeath(leaver alveary.UserID) error {
	teams, err := r.orphans(leaver)
	if err != nil {
		return err
	}
	for _, team := range teams {
		members, err := r.Members(team.ID)
		if err != nil {
			return err
		}
		members = slices.DeleteFunc(members, func(m alveary.Member) bool { return m.User == leaver })
		if len(members) == 0 {
			if err := r.DeleteTeam(team.ID); err != nil {
				return err
			}
			continue
		}
		if err := r.PutMember(team.ID, alveary.Member{User: members[0].User, Manager: true}); err != nil {
			return err
		}
	}
	return nil
}

// DeleteUser deletes an account for good, with all that is only his, in one
// transaction. Its files, versions and bin are moved into the heir's home;
// while there are any, a missing heir is KindConflict "heir-needed". Its Cells
// are the heir's from then on, and give what he has; its links end. The login
// is given once more, so that nobody deletes another than he means.
func (s *Service) DeleteUser(ctx context.Context, who alveary.Subject, id, heirID, expect string) error {
	const op = "delete the user"
	return s.change(ctx, who, op, func(r *room) error {
		number, err := userID(op, id)
		if err != nil {
			return err
		}
		user, err := r.Tx.User(number)
		if err != nil {
			return err
		}
		if expect != user.Login {
			return conflict(op, user.Login, "changed", "the login given is not that of this user: look again whom you delete")
		}
		if err := r.yourself(user, alveary.User{}); err != nil {
			return err
		}
		if err := r.reaches(number); err != nil {
			return err
		}
		heir, err := r.heir(number, heirID)
		if err != nil {
			return err
		}
		if err := r.bequeath(number); err != nil {
			return err
		}
		handed, err := r.HandOver(user, heir)
		if err != nil {
			return err
		}
		for _, line := range handed {
			if err := r.recordOn("hand-over", line, "from "+user.Login+" to "+heir.Login); err != nil {
				return err
			}
		}
		detail := fmt.Sprintf("%s, profile %s", user.Login, user.Profile)
		cells, links, err := r.CountCells(number)
		if err != nil {
			return err
		}
		if cells+links > 0 {
			detail += fmt.Sprintf(", %d Cells and %d links", cells, links)
		}
		if err := r.RemoveUser(number, heir.ID); err != nil {
			return err
		}
		return r.record("delete-user", detail)
	})
}

// heir finds whoever is to have the files: one of the house. Only
// administrators hand over what they may not see themselves.
func (r *room) heir(leaver alveary.UserID, id string) (heir alveary.User, err error) {
	if id == "" {
		return heir, nil
	}
	if err := r.administrators(); err != nil {
		return heir, err
	}
	number, err := userID(r.op, id)
	if err != nil {
		return heir, err
	}
	heir, err = r.Tx.User(number)
	if alveary.IsKind(err, alveary.KindNotFound) || err == nil && (number == leaver || !isColleague(heir)) {
		return heir, invalid(r.op, id, "the heir is another user of the profile standard or admin, whose account is not disabled")
	}
	return heir, err
}

func (r *room) recordOn(action string, line alveary.Lineage, detail string) error {
	return r.Record(alveary.AuditRecord{
		User: r.who.User.ID, Login: r.who.User.Login, Action: action, Verdict: alveary.VerdictDone, Node: line.Node().ID, Path: line.Path(),
		Detail: detail, Address: r.who.Address, Request: r.who.Request,
	})
}
