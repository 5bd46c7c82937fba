package login

import (
	"encoding/json"
	"fmt"
	"time"

	"alveary"
	"alveary/service/login/credential"
	"alveary/store"
)

// The kinds of mail that go out from here, as package mail words them.
const (
	noticeInvitation = "invitation"
	noticeReset      = "reset"
	noticePassword   = "password-changed"
	noticeFactors    = "factor-changed"
	noticeLocked     = "locked"
)

// notice is what a mail is to say beside whom it is for.
type notice struct {
	kind    string
	link    string
	what    string
	address string
	until   time.Time
}

// mailPurpose is for what mail that waits is sealed: a link is in it.
const mailPurpose = "mail"

// notify puts a mail to the user into the outbox, within the transaction of
// what it tells of. For someone without a mail address, or nobody, it does the
// like and sends nothing, so that the time tells nothing of who exists.
func (s *Service) notify(tx *store.Tx, user alveary.User, n notice) error {
	text, err := json.Marshal(alveary.Letterhead{
		Name: user.DisplayName(), Login: user.Login, Link: n.link, What: n.what, Address: n.address, At: tx.Now(), Until: n.until,
	})
	if err != nil {
		return fmt.Errorf("write a mail: %w", err)
	}
	sealed := s.box.Seal(mailPurpose, text)
	if user.ID == 0 || user.Email == "" || user.Disabled {
		_, err := tx.Spend("no mail "+credential.Hash(sealed), tx.Now().Add(time.Minute))
		return err
	}
	return tx.Post(user.Email, n.kind, sealed)
}

// mailIsSent says whether a mail server was named.
func mailIsSent(tx *store.Tx) (bool, error) {
	text, err := tx.Setting(alveary.SettingMail)
	if err != nil || text == "" {
		return false, err
	}
	var server alveary.MailServer
	if err := json.Unmarshal([]byte(text), &server); err != nil {
		return false, fmt.Errorf("read the mail server: %w", err)
	}
	return server.Host != "", nil
}
