package share

import (
	"net/mail"
	"strings"

	"alveary"
	"alveary/service/share/hall"
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

// who is a Ref that was looked up.
type who struct {
	role    alveary.RoleID
	label   hall.Label
	invite  bool // there is no account of this address yet
	address string
	name    string
}

// resolve finds who is meant. Whom one may not find is not there.
func (r *room) resolve(field string, ref Ref) (out who, err error) {
	house, err := r.Everywhere()
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
		return out, r.Invalid(field, "invalid", "name one user, group, team, role or mail address")
	}
	nobody := r.Invalid(field, "nobody", "there is nobody of this name, or you may not find him")
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
			if ok, err = r.Finds(house, group.ID); err == nil && !ok {
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
		mine, held := r.Holds(&r.By, out.role)
		if held != nil {
			return out, held
		}
		if err != nil || role.Owned() || role.Team != (ref.Team != "") || !mine && !r.Administers() {
			return out, nobody
		}
	}
	out.label, err = r.LabelOf(out.role)
	return out, err
}

func (r *room) byUser(field string, user alveary.Subject, house *alveary.House) (out who, err error) {
	external := user.User.Profile == alveary.ProfileShared
	if !external && user.User.ID != r.By.User.ID {
		ok, err := r.Finds(house, user.User.Group)
		if err != nil {
			return out, err
		}
		if !ok {
			return out, r.Invalid(field, "nobody", "there is nobody of this name, or you may not find him")
		}
	}
	out.role = user.Role
	out.label, err = r.LabelOf(out.role)
	return out, err
}

// byEmail finds an account by the mail address that is its login. Others are
// not looked for: nobody is to try addresses out.
func (r *room) byEmail(field string, ref Ref, house *alveary.House) (out who, err error) {
	address := strings.TrimSpace(ref.Email)
	if parsed, err := mail.ParseAddress(address); err != nil || parsed.Address != address || len(address) > 254 {
		return out, r.Invalid(field, "invalid", "the e-mail address is not one: it looks like name@example.org")
	}
	user, _, err := r.Tx.UserByLogin(store.FoldName(address))
	switch {
	case err == nil && user.Disabled:
		return out, r.Invalid(field, "nobody", "there is nobody of this name, or you may not find him")
	case err == nil:
		subject, err := r.Tx.Subject(user.ID)
		if err != nil {
			return out, err
		}
		return r.byUser(field, subject, house)
	case !alveary.IsKind(err, alveary.KindNotFound):
		return out, err
	}
	return who{invite: true, address: address, name: strings.TrimSpace(ref.Name), label: hall.Label{Kind: hall.KindUser, Text: address, External: true}}, nil
}

// invite makes the accounts of those who have none yet.
func (r *room) invite(field string, w *who) (*Invited, error) {
	if !w.invite {
		return nil, nil
	}
	if r.service.External == nil {
		return nil, r.Invalid(field, "invalid", "external people cannot be invited here")
	}
	user, link, mailed, err := r.service.External(r.Ctx, r.Tx, r.By, w.address, w.name)
	if err != nil {
		return nil, hall.At(field, err)
	}
	subject, err := r.Tx.Subject(user.ID)
	if err != nil {
		return nil, err
	}
	w.role, w.invite = subject.Role, false
	w.label, err = r.LabelOf(w.role)
	return &Invited{Email: w.address, Link: link, Mailed: mailed}, err
}
