package people

import (
	"context"
	"fmt"
	"strings"

	"alveary"
	"alveary/store"
)

// NewUser is an account to be made.
type NewUser struct {
	Login      string            `json:"login" maxLength:"1024"`
	Name       string            `json:"name,omitempty" maxLength:"1024"`
	Email      string            `json:"email,omitempty" maxLength:"1024"`
	Profile    alveary.Profile   `json:"profile,omitempty" enum:"admin,standard,shared" doc:"standard if missing"`
	Group      string            `json:"group,omitempty" maxLength:"8192" doc:"Id, or path such as /sales/north; the root group if missing"`
	Roles      []alveary.RoleID  `json:"roles,omitempty" maxItems:"100" doc:"Assigned by hand, in order"`
	Attributes map[string]string `json:"attributes,omitempty" doc:"What policies read as User:name"`
	Password   string            `json:"password,omitempty" maxLength:"4096" doc:"If missing, no password opens the account"`
	Invite     bool              `json:"invite,omitempty" doc:"Let him choose a password himself"`
}

// Mailed is what became of a letter.
type Mailed struct {
	Link   string `json:"link,omitempty" doc:"To be passed on; only where it was not mailed, and whoever asks may see it"`
	Mailed bool   `json:"mailed"`
}

// MadeUser is an account that was made.
type MadeUser struct {
	User UserDocument `json:"user"`
	Mailed
}

// AddUser makes an account. A login that is taken, in whatever spelling, is
// KindConflict.
func (s *Service) AddUser(ctx context.Context, who alveary.Subject, n NewUser) (out MadeUser, err error) {
	const op = "make the user"
	if n.Password != "" && n.Invite {
		return out, invalid(op, n.Login, "give a password, or let him choose one himself: not both")
	}
	if n.Login, err = store.CheckLogin(op, n.Login); err != nil {
		return out, err
	}
	hash := ""
	if n.Password != "" {
		if s.Hash == nil {
			return out, invalid(op, n.Login, "passwords cannot be given here")
		}
		if hash, err = s.Hash(ctx, n.Login, n.Name, n.Email, n.Password); err != nil {
			return out, err
		}
	}
	err = s.change(ctx, who, op, func(r *room) error {
		patch := UserPatch{Name: &n.Name, Email: &n.Email, Roles: &n.Roles, Attributes: &n.Attributes}
		if n.Profile != "" {
			patch.Profile = &n.Profile
		}
		if n.Group != "" {
			patch.Group = &n.Group
		}
		user := alveary.User{Login: n.Login, Profile: alveary.ProfileStandard, Group: alveary.RootGroup, CreatedBy: who.User.ID}
		if user, err = r.apply(op, user, patch); err != nil {
			return err
		}
		out, err = r.add(user, hash, n.Invite, "add-user")
		return err
	})
	return out, err
}

// add makes an account and invites its user.
func (r *room) add(user alveary.User, hash string, invite bool, action string) (out MadeUser, err error) {
	if user, err = r.InsertUser(user, hash); err != nil {
		return out, err
	}
	if err := r.reaches(user.ID); err != nil {
		return out, err
	}
	if err := r.record(action, fmt.Sprintf("%s, profile %s", user.Login, user.Profile)); err != nil {
		return out, err
	}
	if invite {
		if out.Mailed, err = r.letter(r.service.Options.Invite, user); err != nil {
			return out, err
		}
	}
	out.User, err = r.user(user.ID)
	return out, err
}

func (r *room) letter(write Letter, user alveary.User) (out Mailed, err error) {
	if write == nil {
		return out, invalid(r.op, user.Login, "letters cannot be written here")
	}
	out.Link, out.Mailed, err = write(r.Tx, r.who, user)
	return out, err
}

// Invite writes an invitation anew, for someone who never signed in.
func (s *Service) Invite(ctx context.Context, who alveary.Subject, id string) (Mailed, error) {
	return s.write(ctx, who, "invite the user", id, s.Options.Invite, "invite-user")
}

// Reset writes a letter by which a user chooses a new password. Only
// administrators are given the link; for others it is mailed, or not at all.
func (s *Service) Reset(ctx context.Context, who alveary.Subject, id string) (Mailed, error) {
	return s.write(ctx, who, "reset the password", id, s.Options.Reset, "reset-password")
}

func (s *Service) write(ctx context.Context, who alveary.Subject, op, id string, write Letter, action string) (out Mailed, err error) {
	err = s.change(ctx, who, op, func(r *room) error {
		number, err := userID(op, id)
		if err != nil {
			return err
		}
		user, err := r.Tx.User(number)
		if err != nil {
			return err
		}
		if isAdministrator(user) {
			if err := r.administrators(); err != nil {
				return err
			}
		}
		if user.Disabled {
			return conflict(op, user.Login, "disabled", "this account is disabled: enable it first")
		}
		if action == "invite-user" && !user.SignedIn.IsZero() {
			return conflict(op, user.Login, "signed-in", "this user has signed in already: let him choose a new password instead")
		}
		if out, err = r.letter(write, user); err != nil {
			return err
		}
		if !r.administers() {
			// The link opens the account: whoever sees it is its user.
			if out.Link = ""; !out.Mailed {
				return conflict(op, user.Login, "no-mail", "no mail can be sent to this user: ask an administrator, who can pass the link on")
			}
		}
		return r.record(action, user.Login)
	})
	return out, err
}

// External is someone of another house to be made a user.
type External struct {
	Email string `json:"email" maxLength:"1024"`
	Name  string `json:"name,omitempty" maxLength:"1024"`
}

// AddExternal makes an account of the profile shared, with no group but the
// root and no role, for whoever holds a role that lets him. Its login is the
// mail address. One that is taken, in whatever spelling, is KindConflict.
func (s *Service) AddExternal(ctx context.Context, who alveary.Subject, n External) (out MadeUser, err error) {
	err = s.change(ctx, who, opExternal, func(r *room) error {
		user, mailed, err := r.external(n)
		if err != nil {
			return err
		}
		out.Mailed = mailed
		out.User, err = r.user(user.ID)
		return err
	})
	return out, err
}

const opExternal = "invite external people"

// ExternalIn is AddExternal within a change of somebody else's, whose
// transaction it is. The link is empty where it was mailed or is not for who
// asks to see.
func (s *Service) ExternalIn(ctx context.Context, tx *store.Tx, who alveary.Subject, n External) (alveary.User, Mailed, error) {
	return (&room{Tx: tx, service: s, ctx: ctx, op: opExternal, who: who}).external(n)
}

func (r *room) external(n External) (user alveary.User, mailed Mailed, err error) {
	const op = opExternal
	if err := r.colleague(); err != nil {
		return user, mailed, err
	}
	if !r.administers() {
		held, err := r.service.gate.Holds(r.ctx, r.Tx, r.who)
		if err != nil {
			return user, mailed, err
		}
		if !held.Invites {
			return user, mailed, notHeld(op, "none of your roles lets you invite external people")
		}
	}
	address := strings.TrimSpace(n.Email)
	if address == "" {
		return user, mailed, invalid(op, "", "give the mail address of whom you invite")
	}
	login, err := store.CheckLogin(op, store.FoldName(address))
	if err != nil {
		return user, mailed, err
	}
	user, err = r.apply(op, alveary.User{
		Login: login, Profile: alveary.ProfileShared, Group: alveary.RootGroup, CreatedBy: r.who.User.ID,
	}, UserPatch{Name: &n.Name, Email: &address})
	if err != nil {
		return user, mailed, err
	}
	if user, err = r.InsertUser(user, ""); err != nil {
		return user, mailed, err
	}
	// What is applied to external people, or given to this very name, may be
	// more than whoever invites holds; and he may be handed the link.
	if err := r.reaches(user.ID); err != nil {
		return user, mailed, err
	}
	if err := r.record("add-external", user.Login); err != nil {
		return user, mailed, err
	}
	mailed, err = r.letter(r.service.Options.Invite, user)
	return user, mailed, err
}
