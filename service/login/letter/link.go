package letter

import (
	"fmt"
	"time"

	"alveary"
	"alveary/service/login/credential"
	"alveary/store"
)

// How long a link is good, and how often one may be asked for.
const (
	invitationLife = 7 * 24 * time.Hour
	resetLife      = time.Hour
	onceIn         = 5 * time.Minute // for one login; more are taken for the same
	window         = time.Hour
	mostInWindow   = 10 // from one address
)

// path is the page that a link leads to; what follows # is not sent.
const path = "/welcome#"

// Link is a letter on its way. Without mail whoever made it hands it over.
type Link struct {
	URL    string // empty where it was mailed; without host where that is not known
	Mailed bool
	Until  time.Time
}

// NewLink makes a link of the user's.
func (w *Writer) NewLink(tx *store.Tx, user alveary.User, kind string, by alveary.UserID) (link Link, err error) {
	id, secret, err := credential.New(w.random)
	if err != nil {
		return link, err
	}
	life := resetLife
	if kind == Invitation {
		life = invitationLife
	}
	link.Until, link.URL = tx.Now().Add(life), w.public+path+id+"_"+secret
	return link, tx.InsertLetter(alveary.Letter{ID: id, User: user.ID, Secret: credential.Hash(secret), Kind: kind, CreatedBy: by, Expires: link.Until})
}

// Open finds a letter by its token, and whose it is.
func Open(tx *store.Tx, token string) (l alveary.Letter, user alveary.User, err error) {
	gone := &alveary.Error{
		Kind: alveary.KindNotFound, Op: "use the link", Code: "not-found", Message: "this link is not valid, or no longer: ask for a new one",
	}
	id, secret, ok := credential.Cut(token)
	if !ok {
		return l, user, gone
	}
	l, err = tx.Letter(id)
	if err == nil && !credential.Same(secret, l.Secret) {
		return l, user, gone
	}
	if err == nil {
		user, err = tx.User(l.User)
	}
	if alveary.IsKind(err, alveary.KindNotFound) || (err == nil && user.Disabled) {
		return l, user, gone
	}
	return l, user, err
}

// Send makes a link of the user's in place of those before, and mails it where
// it can.
func (w *Writer) Send(tx *store.Tx, by alveary.Subject, user alveary.User, kind string) (link Link, err error) {
	if _, err := tx.DeleteLetters(user.ID); err != nil {
		return link, err
	}
	if link, err = w.NewLink(tx, user, kind, by.User.ID); err != nil {
		return link, err
	}
	if link.Mailed, err = w.Reaches(tx, user); err != nil || !link.Mailed {
		return link, err
	}
	words := kind
	if kind == Invitation && user.Profile == alveary.ProfileShared {
		words = External
	}
	err = w.Tell(tx, user, Notice{Kind: words, Link: link.URL, What: by.User.DisplayName(), Until: link.Until})
	link.URL = ""
	return link, err
}

// SendReset mails a link to a user who asked for it, or does as much for the
// zero user, who is nobody.
func (w *Writer) SendReset(tx *store.Tx, user alveary.User, address string) error {
	link, err := w.NewLink(tx, user, Reset, 0)
	if err != nil {
		return err
	}
	if err := w.Tell(tx, user, Notice{Kind: Reset, Link: link.URL, Address: address, Until: link.Until}); err != nil || user.ID != 0 {
		return err
	}
	_, err = tx.DeleteLetters(0) // nobody's
	return err
}

// AskedTooOften counts how often an address asked for letters, by places that
// are taken: so that all servers count as one.
func AskedTooOften(tx *store.Tx, address string) (refused, err error) {
	begun := tx.Now().Truncate(window)
	for i := range mostInWindow {
		free, err := tx.Spend(fmt.Sprintf("reset %s %d", credential.Hash(fmt.Sprint(address, " ", begun.Unix())), i), begun.Add(window))
		if err != nil || free {
			return nil, err
		}
	}
	return &alveary.Error{
		Kind: alveary.KindLimited, Op: "ask for a new password", Code: "limited", Cause: credential.RetryAfter(begun.Add(window).Sub(tx.Now())),
		Message: "too many links were asked for from your address: try again in an hour",
	}, nil
}

// AskedAlready says whether a link was asked for with this login a moment ago,
// whoever has it.
func AskedAlready(tx *store.Tx, login string) (bool, error) {
	begun := tx.Now().Truncate(onceIn)
	first, err := tx.Spend("reset "+credential.Hash(fmt.Sprint(store.FoldName(login), " ", begun.Unix())), begun.Add(onceIn))
	return !first, err
}
