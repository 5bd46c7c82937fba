package people

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"alveary"
)

// Role is a role as the console sees it.
type Role struct {
	ID         alveary.RoleID    `json:"id"`
	Label      string            `json:"label"`
	Profiles   []alveary.Profile `json:"profiles" doc:"Applied to these by itself"`
	Force      bool              `json:"force" doc:"Comes after the roles that are not marked so"`
	OwnerUser  string            `json:"ownerUser,omitempty" doc:"Login of the user who owns it"`
	OwnerGroup string            `json:"ownerGroup,omitempty" doc:"Path of the group that owns it"`
	Entries    int64             `json:"entries" doc:"ACL entries that it holds"`
	Users      int64             `json:"users" doc:"Users to whom it was assigned by hand"`
}

// Roles lists all roles by id, those that users and groups own too.
func (s *Service) Roles(ctx context.Context, who alveary.Subject) (list []Role, err error) {
	err = s.read(ctx, who, "list the roles", func(r *room) error {
		stored, err := r.Tx.Roles()
		if err != nil {
			return err
		}
		list, err = r.roles(stored)
		return err
	})
	return list, err
}

func (r *room) roles(stored []alveary.Role) ([]Role, error) {
	users, entries, err := r.RoleUses()
	if err != nil {
		return nil, err
	}
	all, err := r.Users()
	if err != nil {
		return nil, err
	}
	logins := make(map[alveary.UserID]string, len(all))
	for _, u := range all {
		logins[u.ID] = u.Login
	}
	groups, err := r.paths()
	if err != nil {
		return nil, err
	}
	list := make([]Role, len(stored))
	for i, one := range stored {
		list[i] = Role{
			ID: one.ID, Label: one.Label, Profiles: append([]alveary.Profile{}, one.Profiles...), Force: one.ForceOverride,
			OwnerUser: logins[one.OwnerUser], OwnerGroup: groups[one.OwnerGroup], Entries: entries[one.ID], Users: users[one.ID],
		}
	}
	return list, nil
}

func (r *room) role(one alveary.Role) (Role, error) {
	list, err := r.roles([]alveary.Role{one})
	if err != nil {
		return Role{}, err
	}
	return list[0], nil
}

// NewRole is a role to be made.
type NewRole struct {
	ID       alveary.RoleID    `json:"id" maxLength:"200" doc:"1 to 64 letters, digits, -, _ and ."`
	Label    string            `json:"label,omitempty" maxLength:"1000" doc:"The id if missing"`
	Profiles []alveary.Profile `json:"profiles,omitempty" maxItems:"4" doc:"admin, standard, shared, anon"`
	Force    bool              `json:"force,omitempty"`
}

// AddRole makes a role that nobody owns. An id that is taken is KindConflict.
func (s *Service) AddRole(ctx context.Context, who alveary.Subject, n NewRole) (out Role, err error) {
	const op = "make the role"
	err = s.change(ctx, who, op, func(r *room) error {
		if n.Label == "" {
			n.Label = string(n.ID)
		}
		profiles, err := checkProfiles(op, n.Profiles)
		if err != nil {
			return err
		}
		if err := checkRoleID(op, n.ID); err != nil {
			return err
		}
		if err := checkLabel(op, n.Label); err != nil {
			return err
		}
		made := alveary.Role{ID: n.ID, Label: n.Label, Profiles: profiles, ForceOverride: n.Force}
		if err := r.InsertRole(made); err != nil {
			return err
		}
		if out, err = r.role(made); err != nil {
			return err
		}
		return r.record("add-role", fmt.Sprintf("%s: label %s, profiles %v, force %t", made.ID, made.Label, made.Profiles, made.ForceOverride))
	})
	return out, err
}

// RolePatch is what of a role is to change; nil stays as it is.
type RolePatch struct {
	Label    *string            `json:"label,omitempty" maxLength:"1000"`
	Profiles *[]alveary.Profile `json:"profiles,omitempty" maxItems:"4"`
	Force    *bool              `json:"force,omitempty"`
}

// ChangeRole changes a role that nobody owns: what a user or a group owns
// follows its owner.
func (s *Service) ChangeRole(ctx context.Context, who alveary.Subject, id alveary.RoleID, c RolePatch) (out Role, err error) {
	const op = "change the role"
	err = s.change(ctx, who, op, func(r *room) error {
		was, err := r.Role(id)
		if err != nil {
			return err
		}
		if was.OwnerUser != 0 || was.OwnerGroup != 0 {
			return &alveary.Error{
				Kind: alveary.KindInvalid, Op: op, Subject: string(id), Code: "owned",
				Message: "this role belongs to a user or a group and is as its owner is; only its entries can be changed",
			}
		}
		is := was
		if c.Label != nil {
			if is.Label = *c.Label; is.Label != was.Label {
				if err := checkLabel(op, is.Label); err != nil {
					return err
				}
			}
		}
		if c.Profiles != nil {
			if is.Profiles, err = checkProfiles(op, *c.Profiles); err != nil {
				return err
			}
		}
		if c.Force != nil {
			is.ForceOverride = *c.Force
		}
		var did changed
		note(&did, "label", was.Label, is.Label)
		note(&did, "profiles", fmt.Sprint(was.Profiles), fmt.Sprint(is.Profiles))
		note(&did, "force", was.ForceOverride, is.ForceOverride)
		if len(did) > 0 {
			if err := r.UpdateRole(is); err != nil {
				return err
			}
			if err := r.record("change-role", fmt.Sprintf("%s: %s", id, did)); err != nil {
				return err
			}
		}
		out, err = r.role(is)
		return err
	})
	return out, err
}

// DeleteRole removes a role that nobody owns; while a user or an entry names
// it, it is KindConflict "in-use".
func (s *Service) DeleteRole(ctx context.Context, who alveary.Subject, id alveary.RoleID) error {
	return s.change(ctx, who, "delete the role", func(r *room) error {
		if err := r.Tx.DeleteRole(id); err != nil {
			return err
		}
		return r.record("delete-role", string(id))
	})
}

const roleLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."

// checkRoleID refuses what cannot be the id of a role, and the forms of those
// that groups and users will own.
func checkRoleID(op string, id alveary.RoleID) error {
	text := string(id)
	lower := strings.ToLower(text)
	switch {
	case text == "" || len(text) > 64 || strings.Trim(text, roleLetters) != "":
		return invalid(op, text, "the id of a role is 1 to 64 letters, digits, -, _ and .")
	case strings.EqualFold(text, string(alveary.RootGroupRole)), strings.HasPrefix(lower, "user-"), strings.HasPrefix(lower, "group-"):
		return invalid(op, text, "ROOT_GROUP and what begins with user- or group- are the ids of roles that users and groups own: choose another")
	}
	return nil
}

// checkProfiles gives the profiles in the order of the model, each once.
func checkProfiles(op string, given []alveary.Profile) ([]alveary.Profile, error) {
	order := []alveary.Profile{alveary.ProfileAdmin, alveary.ProfileStandard, alveary.ProfileShared, alveary.ProfileAnon}
	for _, p := range given {
		if !p.Valid() {
			return nil, invalid(op, string(p), "a profile is one of admin, standard, shared and anon")
		}
	}
	return slices.DeleteFunc(order, func(p alveary.Profile) bool { return !slices.Contains(given, p) }), nil
}
