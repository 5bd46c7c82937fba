package login

import (
	"context"
	"fmt"
	"net/mail"
	"strings"

	"alveary"
	"alveary/store"
)

// The bounds of what a person is called by, in characters.
const (
	MaxName  = 128
	maxEmail = 254
)

// NewUser is an account to be made.
type NewUser struct {
	Login    string
	Name     string // as shown; may be empty
	Email    string // may be empty
	Password string
	Profile  alveary.Profile // empty: standard
	Group    string          // path such as /sales/north; empty: the root group
}

// AddUserHere makes an account, for someone at the machine itself.
func (s *Service) AddUserHere(ctx context.Context, n NewUser) (user alveary.User, err error) {
	hash, err := s.prepare(ctx, &n)
	if err != nil {
		return user, err
	}
	err = s.store.Write(ctx, func(tx *store.Tx) error {
		group, err := groupAt(tx, n.Group)
		if err != nil {
			return err
		}
		user, err = tx.InsertUser(alveary.User{Login: n.Login, Name: n.Name, Email: n.Email, Profile: n.Profile, Group: group}, hash)
		if err != nil {
			return err
		}
		return tx.Record(record(alveary.Subject{}, "add-user", alveary.VerdictDone, fmt.Sprintf("%s, profile %s, on the machine itself", user.Login, user.Profile)))
	})
	return user, err
}

func (s *Service) administrators(ctx context.Context, by alveary.Subject, action, words string) error {
	if by.Known() && by.User.Profile == alveary.ProfileAdmin {
		return nil
	}
	return s.denied(ctx, by, action, &alveary.Error{
		Kind: alveary.KindDenied, Op: words, Code: "denied", Message: "only administrators may " + words,
	})
}

// prepare checks an account to be made, and hashes its password.
func (s *Service) prepare(ctx context.Context, n *NewUser) (hash string, err error) {
	if err := n.check(); err != nil {
		return "", err
	}
	return s.HashFor(ctx, n.Login, n.Name, n.Email, n.Password)
}

// HashFor checks a password that somebody gives to a new account against the
// rules of the house, and hashes it, for whoever makes accounts.
func (s *Service) HashFor(ctx context.Context, login, name, mail, password string) (string, error) {
	if err := s.checkPassword(ctx, password, alveary.User{Login: login, Name: name, Email: mail}); err != nil {
		return "", err
	}
	return s.hasher.Hash(ctx, password)
}

// Hash hashes a password that is no account's, such as that of a link, in its
// turn among all others.
func (s *Service) Hash(ctx context.Context, password string) (string, error) {
	return s.hasher.Hash(ctx, password)
}

// Matches compares such a password with its hash, in the same turn.
func (s *Service) Matches(ctx context.Context, hash, password string) (bool, error) {
	done, err := s.hasher.Turn(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	return s.hasher.Matches(password, hash)
}

// check refuses what cannot be an account, and fills in what was left out.
func (n *NewUser) check() (err error) {
	if n.Login, err = CheckLogin(n.Login); err != nil {
		return err
	}
	if n.Profile == "" {
		n.Profile = alveary.ProfileStandard
	}
	n.Name, n.Email = strings.TrimSpace(n.Name), strings.TrimSpace(n.Email)
	switch {
	case !n.Profile.Valid() || n.Profile == alveary.ProfileAnon:
		return invalid("make the user", "the profile is one of admin, standard and shared")
	case n.Email != "" && !isEmail(n.Email):
		return invalid("make the user", "the e-mail address is not one: it looks like name@example.org")
	}
	return alveary.CheckLine("the name", n.Name, MaxName)
}

func isEmail(text string) bool {
	address, err := mail.ParseAddress(text)
	return err == nil && address.Address == text && len(text) <= maxEmail && alveary.CheckLine("", text, maxEmail) == nil
}

// groupAt finds a group by its path; names are compared as logins are.
func groupAt(tx *store.Tx, path string) (alveary.GroupID, error) {
	here := alveary.RootGroup
	if path == "" || path == "/" {
		return here, nil
	}
	groups, err := tx.Groups()
	if err != nil {
		return 0, err
	}
	for name := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		next := alveary.GroupID(0)
		for _, g := range groups {
			if g.Parent == here && store.FoldName(g.Name) == store.FoldName(name) {
				next = g.ID
			}
		}
		if next == 0 {
			return 0, &alveary.Error{
				Kind: alveary.KindInvalid, Op: "find the group", Subject: path, Code: "invalid",
				Message: "there is no such group; its path looks like /sales/north",
			}
		}
		here = next
	}
	return here, nil
}

// CheckLogin gives the login in NFC, or says why it cannot be one.
func CheckLogin(login string) (string, error) { return store.CheckLogin("check the login", login) }

func invalid(op, message string) error {
	return &alveary.Error{Kind: alveary.KindInvalid, Op: op, Code: "invalid", Message: message}
}
