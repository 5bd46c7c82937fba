package app

import (
	"context"
	"errors"
	"fmt"
	"os"

	"alveary"
	"alveary/config"
	"alveary/store"
)

// NewKey is what came of beginning with a new secret key.
type NewKey struct {
	Seeds int64 `json:"seeds"` // authenticator apps that must be set up anew
}

// RenewKey forgets the secret key that was lost, with all that only it could
// open; the next start makes a new one. No server can be running: none starts
// without the key.
func RenewKey(ctx context.Context, place config.Place) (done NewKey, err error) {
	h := &house{dir: place.Data}
	defer func() { err = errors.Join(err, h.close()) }()
	if h.lock, err = lockFolder(h.dir); err != nil {
		return done, err
	}
	if err := h.openStore(ctx, place); err != nil {
		return done, err
	}
	// The file first: with the old one in place and its mark gone, the next
	// start would take it for new.
	path := place.KeyFile()
	if err := os.Rename(path, path+".old"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return done, fmt.Errorf("put the old secret key aside: %w", err)
	}
	err = h.store.Write(ctx, func(tx *store.Tx) error {
		if done.Seeds, err = tx.DropSealed(); err != nil {
			return err
		}
		if err := forgetMailPassword(tx); err != nil {
			return err
		}
		if err := tx.DeleteSetting(keySetting); err != nil {
			return err
		}
		return tx.Record(alveary.AuditRecord{
			Action: "new-key", Verdict: alveary.VerdictDone, Detail: fmt.Sprintf("on the machine itself; %d authenticator apps were removed", done.Seeds),
		})
	})
	return done, err
}

// forgetMailPassword keeps the mail server without the password, which does not
// open any more.
func forgetMailPassword(tx *store.Tx) error {
	server, err := tx.MailServer()
	if err != nil || server.Password == "" {
		return err
	}
	server.Password = ""
	return tx.SetMailServer(server)
}
