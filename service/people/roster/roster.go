// Package roster reads people from the rows of a table, and writes them down as
// one: which columns there are, who somebody is to be by his row, and what
// becomes of each row.
//
// It exists so that the import of people is about doing what was planned. It
// knows nobody but whom it is handed, and changes nothing: groups that are
// missing are only noted, to be made by whoever makes the people.
//
// Read this file first, then plan.go.
package roster

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"alveary"
	"alveary/service/people/fit"
	"alveary/service/people/sheet"
	"alveary/store"
)

// Columns are where in a row things stand.
type Columns struct {
	at         map[string]int // by the name of the column
	attributes map[string]int // by the name of the attribute
}

var known = [...]string{"login", "name", "email", "profile", "group", "roles", "disabled", "invite"}

// Attribute begins the name of a column that holds an attribute.
const Attribute = "attr:"

// Read finds the columns by their names.
func Read(names []string) (Columns, error) {
	c := Columns{map[string]int{}, map[string]int{}}
	for i, name := range names {
		into, key := c.at, strings.ToLower(name)
		if attribute, ok := strings.CutPrefix(name, Attribute); ok {
			into, key = c.attributes, attribute
			if err := fit.Attributes("import people", map[string]string{key: ""}); err != nil {
				return c, sheet.Refused(1, fmt.Sprintf("the column %q names no attribute that can be", name))
			}
		} else if !slices.Contains(known[:], key) {
			return c, sheet.Refused(1, fmt.Sprintf("the column %q is not known: there are %s and %sNAME", name, strings.Join(known[:], ", "), Attribute))
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

// Fields reads the fields of rows.
type Fields struct {
	Columns Columns
	Op      string
	Groups  *Groups
	Roles   map[alveary.RoleID]alveary.Role // all that there are
}

// Apply gives the user as a row says, or says what cannot be.
func (f *Fields) Apply(u alveary.User, row []string) (_ alveary.User, err error) {
	value := func(column string) (string, bool) {
		i, ok := f.Columns.at[column]
		if !ok {
			return "", false
		}
		return strings.TrimSpace(row[i]), true
	}
	if name, ok := value("name"); ok && name != u.Name {
		u.Name = name
		if err := fit.Name(name); err != nil {
			return u, err
		}
	}
	if email, ok := value("email"); ok && email != u.Email {
		u.Email = email
		if err := fit.Email(f.Op, email); err != nil {
			return u, err
		}
	}
	if profile, ok := value("profile"); ok && profile != string(u.Profile) {
		if profile == "" {
			profile = string(alveary.ProfileStandard)
		}
		u.Profile = alveary.Profile(strings.ToLower(profile))
		if err := fit.Profile(f.Op, u.Profile); err != nil {
			return u, err
		}
	}
	if path, ok := value("group"); ok {
		if u.Group, err = f.Groups.find(f.Op, path); err != nil {
			return u, err
		}
	}
	if text, ok := value("roles"); ok {
		if u.Roles, err = f.assigned(u, text); err != nil {
			return u, err
		}
	}
	if u.Disabled, err = f.Flag(row, "disabled", u.Disabled); err != nil {
		return u, err
	}
	return u, f.applyAttributes(&u, row)
}

// Flag reads a column of true and false; without one it is as it is.
func (f *Fields) Flag(row []string, column string, is bool) (bool, error) {
	i, ok := f.Columns.at[column]
	if !ok {
		return is, nil
	}
	text := strings.TrimSpace(row[i])
	if text == "" {
		return false, nil
	}
	flag, err := strconv.ParseBool(strings.ToLower(text)) // spreadsheets write TRUE
	if err != nil {
		return false, fit.Invalid(f.Op, text, fmt.Sprintf("%s is %q, which is neither true nor false", column, text))
	}
	return flag, nil
}

// assigned reads roles, separated by semicolons. Those that he has may stay.
func (f *Fields) assigned(u alveary.User, text string) (roles []alveary.RoleID, err error) {
	for one := range strings.SplitSeq(text, ";") {
		id := alveary.RoleID(strings.TrimSpace(one))
		if id == "" {
			continue
		}
		role, ok := f.Roles[id]
		switch {
		case slices.Contains(roles, id):
			return nil, fit.Invalid(f.Op, string(id), fmt.Sprintf("the role %q is named twice", id))
		case slices.Contains(u.Roles, id):
		case !ok || role.Owned() || role.Team:
			return nil, fit.Invalid(f.Op, string(id), fmt.Sprintf("there is no role %q that could be assigned", id))
		}
		roles = append(roles, id)
	}
	if len(roles) > fit.MostRoles {
		return nil, fit.Invalid(f.Op, "", "a user is assigned at most 100 roles")
	}
	return roles, nil
}

func (f *Fields) applyAttributes(u *alveary.User, row []string) error {
	if len(f.Columns.attributes) == 0 {
		return nil
	}
	attributes := maps.Clone(u.Attributes)
	if attributes == nil {
		attributes = map[string]string{}
	}
	for name, i := range f.Columns.attributes {
		if attributes[name] = row[i]; row[i] == "" {
			delete(attributes, name)
		}
	}
	u.Attributes = attributes
	return fit.Attributes(f.Op, attributes)
}

// MostDeep is how many groups may lie above one another.
const MostDeep = 64

// Groups are the groups that are, and those that are to be made.
type Groups struct {
	ids     map[string]alveary.GroupID // by folded path
	paths   map[alveary.GroupID]string
	may     bool
	Missing []Missing // parents first
}

// Missing is a group to be made. It has an id below zero until it is made.
type Missing struct {
	ID, Parent alveary.GroupID
	Name       string
}

// NewGroups are the groups by their paths, and whether others may be noted as
// missing.
func NewGroups(paths map[alveary.GroupID]string, may bool) *Groups {
	p := &Groups{ids: make(map[string]alveary.GroupID, len(paths)), paths: maps.Clone(paths), may: may}
	for id, path := range paths {
		p.ids[store.FoldName(path)] = id
	}
	return p
}

// Path is that of a group, also of one that is missing.
func (p *Groups) Path(id alveary.GroupID) string { return p.paths[id] }

// find gives the group of a path; none is the root group.
func (p *Groups) find(op, path string) (alveary.GroupID, error) {
	path = "/" + strings.Trim(path, "/")
	if id, ok := p.ids[store.FoldName(path)]; ok {
		return id, nil
	}
	if !p.may {
		return 0, fit.Invalid(op, path, fmt.Sprintf("there is no group %s", path))
	}
	at := strings.LastIndexByte(path, '/')
	name := path[at+1:]
	if err := alveary.CheckName(name); err != nil {
		return 0, err
	}
	if strings.Count(path, "/") > MostDeep {
		return 0, fit.Invalid(op, path, "groups can lie at most 64 levels deep")
	}
	parent, err := p.find(op, path[:at])
	if err != nil {
		return 0, err
	}
	id := alveary.GroupID(-1 - len(p.Missing))
	p.Missing = append(p.Missing, Missing{id, parent, name})
	p.ids[store.FoldName(path)], p.paths[id] = id, path
	return id, nil
}
