// Package letter writes to people: the links by which they choose a password,
// and the mail that tells them what was done with their account.
//
// It exists so that the sign-in says what happened and not how it is told. A
// link is a secret of which only the hash is kept; mail waits in the outbox,
// sealed, since a link may be in it, and package mail words and sends it.
//
// Promises: for somebody without a mail address, or for nobody, as much is
// written as for anybody. A *Writer never changes and is safe for concurrent
// use; a transaction belongs to whoever brought it.
//
// Read this file first, then link.go.
package letter

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"alveary"
	"alveary/service/login/credential"
	"alveary/store"
	"alveary/vault"
)

// The kinds of mail that go out from here, as package mail words them.
// Invitation and Reset are those of links as well.
const (
	Invitation = "invitation"
	External   = "external" // how an invitation of somebody of another house is worded
	Reset      = "reset"
	Password   = "password-changed"
	Factors    = "factor-changed"
	Locked     = "locked"
)

// Notice is what a mail is to say beside whom it is for.
type Notice struct {
	Kind    string
	Link    string
	What    string
	Address string // from which it was done
	Until   time.Time
}

// Writer writes.
type Writer struct {
	box    *vault.Box
	random io.Reader
	public string
}

// New makes a writer. The public address of the server is where links lead to.
func New(box *vault.Box, random io.Reader, publicURL string) *Writer {
	return &Writer{box, random, publicURL}
}

// Tell puts a mail to the user into the outbox, within the transaction of
// what it tells of. For someone without a mail address, or nobody, it does the
// like and sends nothing, so that the time tells nothing of who exists.
func (w *Writer) Tell(tx *store.Tx, user alveary.User, n Notice) error {
	text, err := json.Marshal(alveary.Letterhead{
		Name: user.DisplayName(), Login: user.Login, Link: n.Link, What: n.What, Address: n.Address, At: tx.Now(), Until: n.Until,
	})
	if err != nil {
		return fmt.Errorf("write a mail: %w", err)
	}
	sealed := w.box.Seal(vault.PurposeMail, text)
	if user.ID == 0 || user.Email == "" || user.Disabled {
		_, err := tx.Spend("no mail "+credential.Hash(sealed), tx.Now().Add(time.Minute))
		return err
	}
	return tx.Post(user.Email, n.Kind, sealed)
}

// Sent says whether a mail server was named.
func Sent(tx *store.Tx) (bool, error) {
	server, err := tx.MailServer()
	return server.Host != "", err
}

// Reaches says whether a link can be mailed to the user: there are a mail
// server and an address, and the server knows where links lead to. The host
// that a request names does not do, since it may be anyone's word.
func (w *Writer) Reaches(tx *store.Tx, user alveary.User) (bool, error) {
	sent, err := Sent(tx)
	return sent && user.Email != "" && w.public != "", err
}
