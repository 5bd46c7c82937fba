package share

import (
	"net/mail"
	"slices"
	"strings"

	"alveary"
	"alveary/store"
)

// Ref names who is to be given something: exactly one of the five, a name
// going with the address.
type Ref struct {
	User  alveary.UserID
	Group alveary.GroupID
	Team  alveary.RoleID
	Role  alveary.RoleID
	Email string // of someone of another house, who is invited where he has no account
	Name  string
}

// Person is an account as others may see it.
type Person struct {
	ID    alveary.UserID
	Login string
	Name  string
}

// Invited is what became of somebody's invitation.
type Invited struct {
	Email  string
	Link   string // to be passed on; only where it was not mailed, and whoever asks may see it
	Mailed bool
}

// The kinds of members.
const (
	KindUser  = "user"
	KindGroup = "group"
	KindTeam  = "team"
	KindRole  = "role"
)

// label is what a role is called where people read it.
type label struct {
	kind     string
	text     string
	user     alveary.UserID
	login    string
	external bool
	gone     bool // there is no such role any more
}

// know looks up what roles are called.
func (r *room) know(roles ...alveary.RoleID) error {
	if r.labels == nil {
		r.labels = map[alveary.RoleID]label{}
	}
	unknown := slices.DeleteFunc(slices.Clone(roles), func(id alveary.RoleID) bool { _, ok := r.labels[id]; return ok })
	if len(unknown) == 0 {
		return nil
	}
	slices.Sort(unknown)
	unknown = slices.Compact(unknown)
	found, err := r.Tx.RolesOf(unknown)
	if err != nil {
		return err
	}
	var users []alveary.UserID
	for _, id := range unknown {
		role, ok := found[id]
		if !ok { // one that is owned, and holds nothing else
			if role, err = r.Tx.Role(id); err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
				return err
			}
			ok = err == nil
		}
		found[id] = role
		if !ok {
			r.labels[id] = label{kind: KindRole, text: string(id), gone: true}
		} else if role.OwnerUser != 0 {
			users = append(users, role.OwnerUser)
		}
	}
	subjects, err := r.Tx.Subjects(users)
	if err != nil {
		return err
	}
	for _, id := range unknown {
		role := found[id]
		switch {
		case r.labels[id].gone:
		case role.OwnerUser != 0:
			u := subjects[role.OwnerUser].User
			r.labels[id] = label{
				kind: KindUser, text: u.DisplayName(), user: u.ID, login: u.Login, external: u.Profile == alveary.ProfileShared, gone: u.ID == 0,
			}
		case role.OwnerGroup != 0:
			path, err := r.groupPath(role.OwnerGroup)
			if err != nil {
				return err
			}
			r.labels[id] = label{kind: KindGroup, text: path}
		case role.Team:
			r.labels[id] = label{kind: KindTeam, text: role.Label}
		default:
			r.labels[id] = label{kind: KindRole, text: role.Label}
		}
	}
	return nil
}

func (r *room) label(id alveary.RoleID) (label, error) {
	err := r.know(id)
	return r.labels[id], err
}

// above are a group and those above it, the root group last.
func (r *room) above(id alveary.GroupID) (list []alveary.Group, err error) {
	if r.groups == nil {
		if r.groups, err = r.Tx.Groups(); err != nil {
			return nil, err
		}
	}
	for id != 0 && len(list) <= len(r.groups) {
		at := slices.IndexFunc(r.groups, func(g alveary.Group) bool { return g.ID == id })
		if at < 0 {
			break
		}
		list, id = append(list, r.groups[at]), r.groups[at].Parent
	}
	return list, nil
}

func (r *room) groupPath(id alveary.GroupID) (string, error) {
	above, err := r.above(id)
	path := ""
	for _, g := range above {
		if g.Parent != 0 {
			path = "/" + g.Name + path
		}
	}
	if path == "" {
		path = "/"
	}
	return path, err
}

// holds says whether a user holds a role, however he comes by it (MODEL.md 2.1,
// 2.2).
func (r *room) holds(who *alveary.Subject, id alveary.RoleID) (bool, error) {
	u := &who.User
	switch {
	case !who.Known() || who.Link != 0:
		return false, nil
	case who.Role == id, slices.Contains(u.Roles, id), slices.Contains(u.Teams, id):
		return true, nil
	}
	if u.Profile != alveary.ProfileShared {
		above, err := r.above(u.Group)
		if err != nil || slices.ContainsFunc(above, func(g alveary.Group) bool { return g.Role == id }) {
			return err == nil, err
		}
	}
	found, err := r.Tx.RolesOf([]alveary.RoleID{id})
	return slices.Contains(found[id].Profiles, u.Profile), err
}

// holdsAny says whether a user holds one of the roles.
func (r *room) holdsAny(who *alveary.Subject, ids []alveary.RoleID) (bool, error) {
	for _, id := range ids {
		if ok, err := r.holds(who, id); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

// Pickable are the groups whose people a subject may find, those beneath
// included; nil where he may find everybody. It is what the people's service
// asks before it answers the picker.
func (s *Service) Pickable(house alveary.House) []alveary.GroupID { return house.Groups }

// found says whether a group is among those that may be found.
func (r *room) found(house *alveary.House, id alveary.GroupID) (bool, error) {
	if house.Groups == nil {
		return true, nil
	}
	above, err := r.above(id)
	return slices.ContainsFunc(above, func(g alveary.Group) bool { return slices.Contains(house.Groups, g.ID) }), err
}

// who is a Ref that was looked up.
type who struct {
	role    alveary.RoleID
	label   label
	invite  bool // there is no account of this address yet
	address string
	name    string
}

// resolve finds who is meant. Whom one may not find is not there.
func (r *room) resolve(field string, ref Ref) (out who, err error) {
	house, err := r.everywhere()
	if err != nil {
		return out, err
	}
	given := 0
	for _, is := range []bool{ref.User != 0, ref.Group != 0, ref.Team != "", ref.Role != "", ref.Email != ""} {
		if is {
			given++
		}
	}
	if given != 1 {
		return out, r.invalid(field, "invalid", "name one user, group, team, role or mail address")
	}
	nobody := r.invalid(field, "nobody", "there is nobody of this name, or you may not find him")
	switch {
	case ref.Email != "":
		return r.byEmail(field, ref, house)
	case ref.User != 0:
		user, err := r.Tx.Subject(ref.User)
		if alveary.IsKind(err, alveary.KindNotFound) || err == nil && user.User.Disabled {
			return out, nobody
		}
		if err != nil {
			return out, err
		}
		return r.byUser(field, user, house)
	case ref.Group != 0:
		group, err := r.Tx.Group(ref.Group)
		if err == nil {
			var ok bool
			if ok, err = r.found(house, group.ID); err == nil && !ok {
				return out, nobody
			}
		}
		if alveary.IsKind(err, alveary.KindNotFound) {
			return out, nobody
		}
		out.role = group.Role
		if err != nil {
			return out, err
		}
	default:
		out.role = ref.Team + ref.Role
		role, err := r.Tx.Role(out.role)
		if err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
			return out, err
		}
		mine, held := r.holds(&r.by, out.role)
		if held != nil {
			return out, held
		}
		if err != nil || role.Owned() || role.Team != (ref.Team != "") || !mine && !r.administers() {
			return out, nobody
		}
	}
	out.label, err = r.label(out.role)
	return out, err
}

func (r *room) byUser(field string, user alveary.Subject, house *alveary.House) (out who, err error) {
	external := user.User.Profile == alveary.ProfileShared
	if !external && user.User.ID != r.by.User.ID {
		ok, err := r.found(house, user.User.Group)
		if err != nil {
			return out, err
		}
		if !ok {
			return out, r.invalid(field, "nobody", "there is nobody of this name, or you may not find him")
		}
	}
	out.role = user.Role
	out.label, err = r.label(out.role)
	return out, err
}

// byEmail finds an account by the mail address that is its login. Others are
// not looked for: nobody is to try addresses out.
func (r *room) byEmail(field string, ref Ref, house *alveary.House) (out who, err error) {
	address := strings.TrimSpace(ref.Email)
	if parsed, err := mail.ParseAddress(address); err != nil || parsed.Address != address || len(address) > 254 {
		return out, r.invalid(field, "invalid", "the e-mail address is not one: it looks like name@example.org")
	}
	user, _, err := r.Tx.UserByLogin(store.FoldName(address))
	switch {
	case err == nil && user.Disabled:
		return out, r.invalid(field, "nobody", "there is nobody of this name, or you may not find him")
	case err == nil:
		subject, err := r.Tx.Subject(user.ID)
		if err != nil {
			return out, err
		}
		return r.byUser(field, subject, house)
	case !alveary.IsKind(err, alveary.KindNotFound):
		return out, err
	}
	return who{invite: true, address: address, name: strings.TrimSpace(ref.Name), label: label{kind: KindUser, text: address, external: true}}, nil
}

// invite makes the accounts of those who have none yet.
func (r *room) invite(field string, w *who) (*Invited, error) {
	if !w.invite {
		return nil, nil
	}
	if r.service.External == nil {
		return nil, r.invalid(field, "invalid", "external people cannot be invited here")
	}
	user, link, mailed, err := r.service.External(r.Tx, r.by, w.address, w.name)
	if err != nil {
		return nil, err
	}
	subject, err := r.Tx.Subject(user.ID)
	if err != nil {
		return nil, err
	}
	w.role, w.invite = subject.Role, false
	w.label, err = r.label(w.role)
	return &Invited{Email: w.address, Link: link, Mailed: mailed}, err
}

// person is an account as others may see it; nil for one that is gone.
func (r *room) person(id alveary.UserID) (p Person, err error) {
	p.ID = id
	found, err := r.View.Person(id)
	if found != nil {
		p.Login, p.Name = found.Login, found.Name
	}
	return p, err
}
