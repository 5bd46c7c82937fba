package people

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"alveary"
	"alveary/service/people/fit"
)

// UserDocument is an account with what decides who it is.
type UserDocument struct {
	ID           string            `json:"id"`
	Login        string            `json:"login"`
	Name         string            `json:"name"`
	Email        string            `json:"email"`
	Profile      alveary.Profile   `json:"profile" enum:"admin,standard,shared,anon"`
	Disabled     bool              `json:"disabled"`
	Created      time.Time         `json:"created"`
	CreatedBy    string            `json:"createdBy,omitempty" doc:"Login of whoever made the account"`
	SignedIn     *time.Time        `json:"signedIn,omitempty" doc:"Last; missing: never"`
	SecondFactor bool              `json:"secondFactor" doc:"Has a second factor"`
	Group        UserGroup         `json:"group"`
	Roles        []alveary.RoleID  `json:"roles" doc:"Assigned by hand, in order"`
	Attributes   map[string]string `json:"attributes" doc:"What policies read as User:name"`
	Stack        []StackedRole     `json:"stack" doc:"All roles in the order in which they count; none of a disabled account"`
}

// UserGroup names the group of a user.
type UserGroup struct {
	ID   string `json:"id"`
	Path string `json:"path"`
}

// StackedRole is one of a user's roles and how he comes by it.
type StackedRole struct {
	Role  alveary.RoleID `json:"role"`
	Label string         `json:"label"`
	Why   string         `json:"why"`
}

// User tells all about an account.
func (s *Service) User(ctx context.Context, who alveary.Subject, id string) (out UserDocument, err error) {
	const op = "look at the user"
	err = s.read(ctx, who, op, func(r *room) error {
		number, err := userID(op, id)
		if err != nil {
			return err
		}
		out, err = r.user(number)
		return err
	})
	return out, err
}

func userID(op, text string) (alveary.UserID, error) {
	id, err := alveary.ParseNodeID(text)
	if err != nil {
		return 0, invalid(op, text, "the id of a user is a number")
	}
	return alveary.UserID(id), nil
}

func (r *room) user(id alveary.UserID) (out UserDocument, err error) {
	subject, err := r.Subject(id)
	if err != nil {
		return out, err
	}
	path, err := r.path(subject.User.Group)
	if err != nil {
		return out, err
	}
	access, err := r.service.gate.Bind(r.ctx, r.Tx, subject)
	if err != nil {
		return out, err
	}
	u := subject.User
	second, err := r.HasSecond(id)
	if err != nil {
		return out, err
	}
	makers, err := r.Logins([]alveary.UserID{u.CreatedBy})
	if err != nil {
		return out, err
	}
	out = UserDocument{
		ID: idText(u.ID), Login: u.Login, Name: u.Name, Email: u.Email, Profile: u.Profile, Disabled: u.Disabled, Created: u.Created,
		CreatedBy: makers[u.CreatedBy], SignedIn: when(u.SignedIn), SecondFactor: second,
		Group: UserGroup{idText(u.Group), path}, Roles: append([]alveary.RoleID{}, u.Roles...),
		Attributes: map[string]string{}, Stack: []StackedRole{},
	}
	maps.Copy(out.Attributes, u.Attributes)
	for _, step := range access.Stack() {
		out.Stack = append(out.Stack, StackedRole{step.Role, step.Label, step.Why})
	}
	return out, nil
}

// UserPatch is what of an account is to change; nil stays as it is. Lists and
// maps take the place of those before.
type UserPatch struct {
	Name       *string            `json:"name,omitempty" maxLength:"1024"`
	Email      *string            `json:"email,omitempty" maxLength:"1024"`
	Profile    *alveary.Profile   `json:"profile,omitempty" enum:"admin,standard,shared"`
	Group      *string            `json:"group,omitempty" maxLength:"8192" doc:"Id, or path such as /sales/north"`
	Roles      *[]alveary.RoleID  `json:"roles,omitempty" maxItems:"100" doc:"Assigned by hand, in order; in place of those before"`
	Disabled   *bool              `json:"disabled,omitempty"`
	Attributes *map[string]string `json:"attributes,omitempty" doc:"What policies read as User:name; in place of those before"`
}

// ChangeUser changes an account. Nobody disables or demotes himself
// (KindConflict "yourself"). A change of profile, group or roles, and
// disabling, signs the user out everywhere. Links by which he chooses a password
// end with a change of his mail address or profile, and when he is disabled.
func (s *Service) ChangeUser(ctx context.Context, who alveary.Subject, id string, c UserPatch) (out UserDocument, err error) {
	const op = "change the user"
	err = s.change(ctx, who, op, func(r *room) error {
		number, err := userID(op, id)
		if err != nil {
			return err
		}
		was, err := r.Tx.User(number)
		if err != nil {
			return err
		}
		if err := r.reaches(number); err != nil {
			return err
		}
		is, err := r.apply(op, was, c)
		if err != nil {
			return err
		}
		if err := r.yourself(was, is); err != nil {
			return err
		}
		if is.Email != was.Email && !r.administers() {
			return notHeld(op, "only administrators may change mail addresses: new passwords are chosen by what is mailed there")
		}
		if err := r.keep(was, is); err != nil {
			return err
		}
		if err := r.reaches(number); err != nil {
			return err
		}
		out, err = r.user(number)
		return err
	})
	return out, err
}

// keep writes what is different, and what it was.
func (r *room) keep(was, is alveary.User) error {
	before, err := r.path(was.Group)
	if err != nil {
		return err
	}
	after, err := r.path(is.Group)
	if err != nil {
		return err
	}
	var did changed
	note(&did, "name", was.Name, is.Name)
	note(&did, "email", was.Email, is.Email)
	note(&did, "profile", was.Profile, is.Profile)
	note(&did, "group", before, after)
	note(&did, "disabled", was.Disabled, is.Disabled)
	if !maps.Equal(was.Attributes, is.Attributes) {
		// Their names alone: what they say may be long.
		did = append(did, fmt.Sprintf("attributes %q", slices.Sorted(maps.Keys(is.Attributes))))
	}
	assigned := !slices.Equal(was.Roles, is.Roles)
	note(&did, "roles", fmt.Sprint(was.Roles), fmt.Sprint(is.Roles))
	if len(did) == 0 {
		return nil
	}
	if err := r.UpdateUser(is); err != nil {
		return err
	}
	if assigned {
		if err := r.SetUserRoles(is.ID, is.Roles); err != nil {
			return err
		}
	}
	if isAnother(was, is) {
		if err := r.signOut(is.ID); err != nil {
			return err
		}
	}
	if endsLinks(was, is) {
		if _, err := r.DeleteLetters(is.ID); err != nil {
			return err
		}
	}
	return r.record("change-user", was.Login+": "+did.String())
}

// isAnother says whether a change makes someone another than he signed in as.
func isAnother(was, is alveary.User) bool {
	return was.Profile != is.Profile || was.Group != is.Group || was.Disabled != is.Disabled || !slices.Equal(was.Roles, is.Roles)
}

// endsLinks says whether links by which a password is chosen are no longer for
// whom they were written: they went to another mailbox, or to somebody who was
// to open an account of another kind, or of one that was shut since.
func endsLinks(was, is alveary.User) bool {
	return was.Email != is.Email || was.Profile != is.Profile || was.Disabled != is.Disabled
}

// apply gives the user as he is to be, or says what cannot be.
func (r *room) apply(op string, u alveary.User, c UserPatch) (_ alveary.User, err error) {
	if c.Name != nil {
		u.Name = strings.TrimSpace(*c.Name)
		if err := fit.Name(u.Name); err != nil {
			return u, err
		}
	}
	if c.Email != nil {
		u.Email = strings.TrimSpace(*c.Email)
		if err := fit.Email(op, u.Email); err != nil {
			return u, err
		}
	}
	if c.Profile != nil && *c.Profile != u.Profile {
		u.Profile = *c.Profile
		if err := fit.Profile(op, u.Profile); err != nil {
			return u, err
		}
	}
	if c.Group != nil {
		if u.Group, err = r.group(op, *c.Group); err != nil {
			return u, err
		}
	}
	if c.Roles != nil {
		u.Roles = *c.Roles
		if err := r.checkRoles(op, u.Roles); err != nil {
			return u, err
		}
	}
	if c.Disabled != nil {
		u.Disabled = *c.Disabled
	}
	if c.Attributes != nil {
		u.Attributes = *c.Attributes
		err = fit.Attributes(op, u.Attributes)
	}
	return u, err
}

// checkRoles refuses roles that do not exist, and those that users and groups
// own: such a role is had by being its owner, or of his group.
func (r *room) checkRoles(op string, roles []alveary.RoleID) error {
	if len(roles) > fit.MostRoles {
		return invalid(op, "", "a user is assigned at most 100 roles")
	}
	for i, id := range roles {
		role, err := r.Role(id)
		switch {
		case alveary.IsKind(err, alveary.KindNotFound):
			return invalid(op, string(id), fmt.Sprintf("there is no role %q", id))
		case err != nil:
			return err
		case role.Owned():
			return invalid(op, string(id), fmt.Sprintf("the role %q belongs to a user or a group and cannot be assigned", id))
		case role.Team:
			return invalid(op, string(id), fmt.Sprintf("the role %q is a team: its managers choose its members", id))
		case slices.Contains(roles[:i], id):
			return invalid(op, string(id), fmt.Sprintf("the role %q is named twice", id))
		}
	}
	return nil
}
