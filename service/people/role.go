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
	ID           alveary.RoleID    `json:"id"`
	Label        string            `json:"label"`
	Profiles     []alveary.Profile `json:"profiles" doc:"Applied to these by itself"`
	Force        bool              `json:"force" doc:"Comes after the roles that are not marked so"`
	SecondFactor bool              `json:"secondFactor" doc:"Whoever holds it signs in with a second factor"`
	Invites      bool              `json:"invites" doc:"Whoever holds it may invite external people"`
	Team         bool              `json:"team" doc:"Made by a user, who chooses its members"`
	OwnerUser    string            `json:"ownerUser,omitempty" doc:"Login of the user who owns it"`
	OwnerGroup   string            `json:"ownerGroup,omitempty" doc:"Path of the group that owns it"`
	Entries      int64             `json:"entries" doc:"ACL entries that it holds"`
	Users        int64             `json:"users" doc:"Users to whom it was assigned by hand, or members of the team"`
}

// Roles lists the roles by id; of those that users and groups own the ones that
// hold something.
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
	var owners []alveary.UserID
	for _, one := range stored {
		if one.OwnerUser != 0 {
			owners = append(owners, one.OwnerUser)
		}
	}
	logins, err := r.Logins(owners)
	if err != nil {
		return nil, err
	}
	groups, err := r.paths()
	if err != nil {
		return nil, err
	}
	list := make([]Role, len(stored))
	for i, one := range stored {
		list[i] = Role{
			ID: one.ID, Label: one.Label, Profiles: append([]alveary.Profile{}, one.Profiles...), Force: one.ForceOverride,
			SecondFactor: one.SecondFactor, Invites: one.Invites, Team: one.Team, OwnerUser: logins[one.OwnerUser], OwnerGroup: groups[one.OwnerGroup], Entries: entries[one.ID], Users: users[one.ID],
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
	ID           alveary.RoleID    `json:"id" maxLength:"200" doc:"1 to 64 letters, digits, -, _ and ."`
	Label        string            `json:"label,omitempty" maxLength:"1000" doc:"The id if missing"`
	Profiles     []alveary.Profile `json:"profiles,omitempty" maxItems:"4" doc:"admin, standard, shared, anon"`
	Force        bool              `json:"force,omitempty"`
	SecondFactor bool              `json:"secondFactor,omitempty"`
	Invites      bool              `json:"invites,omitempty"`
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
		made := alveary.Role{
			ID: n.ID, Label: n.Label, Profiles: profiles, ForceOverride: n.Force, SecondFactor: n.SecondFactor, Invites: n.Invites,
		}
		if !plain(made) {
			if err := r.administrators(); err != nil {
				return err
			}
		}
		if err := r.InsertRole(made); err != nil {
			return err
		}
		if out, err = r.role(made); err != nil {
			return err
		}
		return r.record("add-role", fmt.Sprintf("%s: label %s, profiles %v, force %t, second factor %t, invites %t",
			made.ID, made.Label, made.Profiles, made.ForceOverride, made.SecondFactor, made.Invites))
	})
	return out, err
}

// plain says whether a role by itself does nothing for or to anybody.
func plain(role alveary.Role) bool {
	return len(role.Profiles) == 0 && !role.ForceOverride && !role.SecondFactor && !role.Invites && !role.Owned() && !role.Team
}

// Role tells all about a role, one that is owned whether or not it holds
// anything yet.
func (s *Service) Role(ctx context.Context, who alveary.Subject, id alveary.RoleID) (out Role, err error) {
	err = s.read(ctx, who, "look at the role", func(r *room) error {
		stored, err := r.Tx.Role(id)
		if err != nil {
			return err
		}
		out, err = r.role(stored)
		return err
	})
	return out, err
}

// RolePatch is what of a role is to change; nil stays as it is.
type RolePatch struct {
	Label        *string            `json:"label,omitempty" maxLength:"1000"`
	Profiles     *[]alveary.Profile `json:"profiles,omitempty" maxItems:"4"`
	Force        *bool              `json:"force,omitempty"`
	SecondFactor *bool              `json:"secondFactor,omitempty"`
	Invites      *bool              `json:"invites,omitempty"`
}

// ChangeRole changes a role. Of one that a user or a group owns, and of a
// team, only the marks: the rest follows its owner.
func (s *Service) ChangeRole(ctx context.Context, who alveary.Subject, id alveary.RoleID, c RolePatch) (out Role, err error) {
	const op = "change the role"
	err = s.change(ctx, who, op, func(r *room) error {
		was, err := r.Tx.Role(id)
		if err != nil {
			return err
		}
		is, err := c.apply(op, was)
		if err != nil {
			return err
		}
		if !plain(was) || !plain(is) {
			if err := r.administrators(); err != nil {
				return err
			}
		}
		var did changed
		note(&did, "label", was.Label, is.Label)
		note(&did, "profiles", fmt.Sprint(was.Profiles), fmt.Sprint(is.Profiles))
		note(&did, "force", was.ForceOverride, is.ForceOverride)
		note(&did, "second factor", was.SecondFactor, is.SecondFactor)
		note(&did, "invites", was.Invites, is.Invites)
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

func (c RolePatch) apply(op string, is alveary.Role) (_ alveary.Role, err error) {
	if (is.Owned() || is.Team) && (c.Label != nil || c.Profiles != nil || c.Force != nil) {
		return is, &alveary.Error{
			Kind: alveary.KindInvalid, Op: op, Subject: string(is.ID), Code: "owned",
			Message: "this role belongs to a user or a group, or is a team, and is as its owner is; only its entries and its marks can be changed",
		}
	}
	if c.Label != nil && *c.Label != is.Label {
		is.Label = *c.Label
		if err := checkLabel(op, is.Label); err != nil {
			return is, err
		}
	}
	if c.Profiles != nil {
		if is.Profiles, err = checkProfiles(op, *c.Profiles); err != nil {
			return is, err
		}
	}
	set(&is.ForceOverride, c.Force)
	set(&is.SecondFactor, c.SecondFactor)
	set(&is.Invites, c.Invites)
	return is, nil
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// DeleteRole removes a role that nobody owns; while a user or an entry names
// it, it is KindConflict "in-use".
func (s *Service) DeleteRole(ctx context.Context, who alveary.Subject, id alveary.RoleID) error {
	return s.change(ctx, who, "delete the role", func(r *room) error {
		role, err := r.Tx.Role(id)
		if err != nil {
			return err
		}
		if !plain(role) {
			if err := r.administrators(); err != nil {
				return err
			}
		}
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
	case strings.EqualFold(text, string(alveary.RootGroupRole)), strings.HasPrefix(lower, "user-"), strings.HasPrefix(lower, "group-"), strings.HasPrefix(lower, "team-"):
		return invalid(op, text, "ROOT_GROUP and what begins with user-, group- or team- are the ids of roles that users and groups own, and of teams: choose another")
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
