package people

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"alveary"
	"alveary/service/people/sheet"
	"alveary/store"
)

// columns are where in a row things stand.
type columns struct {
	at         map[string]int // by the name of the column
	attributes map[string]int // by the name of the attribute
}

var known = [...]string{"login", "name", "email", "profile", "group", "roles", "disabled", "invite"}

const attributeColumn = "attr:"

func readColumns(names []string) (columns, error) {
	c := columns{map[string]int{}, map[string]int{}}
	for i, name := range names {
		into, key := c.at, strings.ToLower(name)
		if attribute, ok := strings.CutPrefix(name, attributeColumn); ok {
			into, key = c.attributes, attribute
			if err := checkAttributes("import people", map[string]string{key: ""}); err != nil {
				return c, sheet.Refused(1, fmt.Sprintf("the column %q names no attribute that can be", name))
			}
		} else if !slices.Contains(known[:], key) {
			return c, sheet.Refused(1, fmt.Sprintf("the column %q is not known: there are %s and %sNAME", name, strings.Join(known[:], ", "), attributeColumn))
		}
		if _, twice := into[key]; twice {
			return c, sheet.Refused(1, fmt.Sprintf("the column %q is there twice", name))
		}
		into[key] = i
	}
	if _, ok := c.at["login"]; !ok {
		return c, sheet.Refused(1, "the column login is missing")
	}
	return c, nil
}

// fields reads the fields of rows.
type fields struct {
	columns columns
	op      string
	groups  *groupPlan
	roles   map[alveary.RoleID]alveary.Role
}

// apply gives the user as a row says, or says what cannot be.
func (f *fields) apply(u alveary.User, row []string) (_ alveary.User, err error) {
	value := func(column string) (string, bool) {
		i, ok := f.columns.at[column]
		if !ok {
			return "", false
		}
		return strings.TrimSpace(row[i]), true
	}
	if name, ok := value("name"); ok && name != u.Name {
		u.Name = name
		if err := alveary.CheckLine("the name", name, mostName); err != nil {
			return u, err
		}
	}
	if email, ok := value("email"); ok && email != u.Email {
		u.Email = email
		if err := checkEmail(f.op, email); err != nil {
			return u, err
		}
	}
	if profile, ok := value("profile"); ok && profile != string(u.Profile) {
		if profile == "" {
			profile = string(alveary.ProfileStandard)
		}
		if u.Profile = alveary.Profile(strings.ToLower(profile)); !u.Profile.Valid() || u.Profile == alveary.ProfileAnon {
			return u, invalid(f.op, profile, fmt.Sprintf("the profile %q is none of admin, standard and shared", profile))
		}
	}
	if path, ok := value("group"); ok {
		if u.Group, err = f.groups.find(f.op, path); err != nil {
			return u, err
		}
	}
	if text, ok := value("roles"); ok {
		if u.Roles, err = f.assigned(u, text); err != nil {
			return u, err
		}
	}
	if u.Disabled, err = f.flag(row, "disabled", u.Disabled); err != nil {
		return u, err
	}
	return u, f.applyAttributes(&u, row)
}

func (f *fields) flag(row []string, column string, is bool) (bool, error) {
	i, ok := f.columns.at[column]
	if !ok {
		return is, nil
	}
	text := strings.TrimSpace(row[i])
	if text == "" {
		return false, nil
	}
	flag, err := strconv.ParseBool(strings.ToLower(text)) // spreadsheets write TRUE
	if err != nil {
		return false, invalid(f.op, text, fmt.Sprintf("%s is %q, which is neither true nor false", column, text))
	}
	return flag, nil
}

// assigned reads roles, separated by semicolons. Those that he has may stay.
func (f *fields) assigned(u alveary.User, text string) (roles []alveary.RoleID, err error) {
	for one := range strings.SplitSeq(text, ";") {
		id := alveary.RoleID(strings.TrimSpace(one))
		if id == "" {
			continue
		}
		role, ok := f.roles[id]
		switch {
		case slices.Contains(roles, id):
			return nil, invalid(f.op, string(id), fmt.Sprintf("the role %q is named twice", id))
		case slices.Contains(u.Roles, id):
		case !ok || role.Owned() || role.Team:
			return nil, invalid(f.op, string(id), fmt.Sprintf("there is no role %q that could be assigned", id))
		}
		roles = append(roles, id)
	}
	if len(roles) > mostRoles {
		return nil, invalid(f.op, "", "a user is assigned at most 100 roles")
	}
	return roles, nil
}

func (f *fields) applyAttributes(u *alveary.User, row []string) error {
	if len(f.columns.attributes) == 0 {
		return nil
	}
	attributes := maps.Clone(u.Attributes)
	if attributes == nil {
		attributes = map[string]string{}
	}
	for name, i := range f.columns.attributes {
		if attributes[name] = row[i]; row[i] == "" {
			delete(attributes, name)
		}
	}
	u.Attributes = attributes
	return checkAttributes(f.op, attributes)
}

// groupPlan are the groups that are, and those that are to be made.
type groupPlan struct {
	ids   map[string]alveary.GroupID // by folded path
	paths map[alveary.GroupID]string
	may   bool
	make  []plannedGroup // parents first
}

// plannedGroup has an id below zero until it is made.
type plannedGroup struct {
	id, parent alveary.GroupID
	name       string
}

func (r *room) planGroups(may bool) (*groupPlan, error) {
	paths, err := r.paths()
	p := &groupPlan{ids: make(map[string]alveary.GroupID, len(paths)), paths: paths, may: may}
	for id, path := range paths {
		p.ids[store.FoldName(path)] = id
	}
	return p, err
}

func (p *groupPlan) path(id alveary.GroupID) string { return p.paths[id] }

// find gives the group of a path; none is the root group.
func (p *groupPlan) find(op, path string) (alveary.GroupID, error) {
	path = "/" + strings.Trim(path, "/")
	if id, ok := p.ids[store.FoldName(path)]; ok {
		return id, nil
	}
	if !p.may {
		return 0, invalid(op, path, fmt.Sprintf("there is no group %s", path))
	}
	at := strings.LastIndexByte(path, '/')
	name := path[at+1:]
	if err := alveary.CheckName(name); err != nil {
		return 0, err
	}
	if strings.Count(path, "/") > mostGroups {
		return 0, invalid(op, path, "groups can lie at most 64 levels deep")
	}
	parent, err := p.find(op, path[:at])
	if err != nil {
		return 0, err
	}
	id := alveary.GroupID(-1 - len(p.make))
	p.make = append(p.make, plannedGroup{id, parent, name})
	p.ids[store.FoldName(path)], p.paths[id] = id, path
	return id, nil
}

// makeGroups makes what was planned and gives the ids that they have now.
func (r *room) makeGroups(p *groupPlan) (made map[alveary.GroupID]alveary.GroupID, err error) {
	made = make(map[alveary.GroupID]alveary.GroupID, len(p.make))
	for _, g := range p.make {
		parent := g.parent
		if id, ok := made[parent]; ok {
			parent = id
		}
		group, err := r.InsertGroup(parent, g.name)
		if err != nil {
			return nil, err
		}
		made[g.id] = group.ID
		if err := r.record("add-group", p.paths[g.id]); err != nil {
			return nil, err
		}
	}
	return made, nil
}
