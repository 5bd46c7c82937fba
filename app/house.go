package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/blob"
	"alveary/blob/fileblob"
	"alveary/config"
	"alveary/render"
	"alveary/service/files"
	"alveary/service/govern"
	"alveary/service/login"
	"alveary/service/login/limit"
	"alveary/service/mail"
	"alveary/service/notice"
	"alveary/service/people"
	"alveary/service/share"
	"alveary/service/share/ask"
	"alveary/service/share/use"
	"alveary/service/share/visit"
	"alveary/store"
	"alveary/vault"
)

// house is an installation that is open: its data and the services over them.
type house struct {
	dir    string
	lock   *os.File
	store  *store.Store
	box    *vault.Box
	bucket *fileblob.Bucket
	blobs  *blob.Store
	gate   *authz.Gate
	files  *files.Service
	login  *login.Service
	govern *govern.Service
	people *people.Service
	limits *limit.Limits

	share    *share.Service
	requests *ask.Service
	visits   *visit.Service
	uses     *use.Counter
	notices  *notice.Service     // once there are doors
	mail     *mail.Service       // once there are doors
	calls    func() []authz.Call // once there are doors
}

// lives are how long sessions and unfinished uploads last, and where browsers
// find the server; empty: not known.
type lives struct {
	session, upload time.Duration
	publicURL       string
}

// briefLives do for commands on the machine, which begin neither.
func briefLives() lives { return lives{session: time.Hour, upload: time.Hour} }

// open locks the data folder, making it where it is missing, and opens what is
// in it.
func open(ctx context.Context, place config.Place, l lives) (h *house, err error) {
	h = &house{dir: place.Data}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
			h = nil
		}
	}()
	syscall.Umask(0o077) // whatever is made from here on is its owner's alone
	if err := os.MkdirAll(h.dir, 0o700); err != nil {
		return h, fmt.Errorf("make the data folder: %w", err)
	}
	if h.lock, err = lockFolder(h.dir); err != nil {
		return h, err
	}
	if err := h.openStore(ctx, place); err != nil {
		return h, err
	}
	if h.bucket, err = fileblob.Open(filepath.Join(h.dir, "blobs")); err != nil {
		return h, err
	}
	if err := h.belongTogether(ctx); err != nil {
		return h, err
	}
	if err := h.openBox(ctx, place.KeyFile()); err != nil {
		return h, err
	}
	sealer, verifier, err := alveary.NewSeal(rand.Reader)
	if err != nil {
		return h, err
	}
	h.blobs = blob.New(h.bucket, verifier, time.Now)
	h.gate = authz.New(sealer, time.Now)
	h.uses = use.New(h.store, time.Now)
	h.files = files.New(files.Config{
		Store: h.store, Gate: h.gate, Blobs: h.blobs, Now: time.Now, UploadExpiry: l.upload, Render: render.New(render.Options{PDF: render.Find()}), Used: h.uses.ByMember,
	})
	h.limits = limit.New(h.store, time.Now)
	h.login, err = login.New(h.store, h.gate, login.Options{
		Now: time.Now, Random: rand.Reader, SessionLife: l.session, Box: h.box, Limits: h.limits, PublicURL: l.publicURL,
	})
	if err != nil {
		return h, err
	}
	h.people = people.New(h.store, h.gate, people.Options{Hash: h.login.HashFor, Invite: h.letter(login.LetterInvitation), Reset: h.letter(login.LetterReset)})
	h.govern = govern.New(govern.Config{Store: h.store, Gate: h.gate, Now: time.Now, Calls: func() []authz.Call {
		if h.calls == nil {
			return nil
		}
		return h.calls()
	}})
	return h, h.openSharing()
}

// letter writes links by which passwords are chosen, for the service of people.
func (h *house) letter(kind string) people.Letter {
	return func(tx *store.Tx, by alveary.Subject, user alveary.User) (string, bool, error) {
		link, err := h.login.InviteIn(tx, by, user, kind)
		return link.URL, link.Mailed, err
	}
}

func (h *house) openStore(ctx context.Context, place config.Place) (err error) {
	h.store, err = store.Open(ctx, store.Config{
		Path: filepath.Join(h.dir, "alveary.db"), Postgres: place.Database.DSN(), Now: time.Now,
	})
	return err
}

// belongTogether refuses contents that are not those of the database: to a
// database that was lost, or is another one than before, every content would
// look like an orphan, and the sweep would take it away. The mark is the id of
// the installation, kept beside the contents and in the database.
func (h *house) belongTogether(ctx context.Context) error {
	id, err := h.store.Installation(ctx)
	if err != nil {
		return err
	}
	path := filepath.Join(h.dir, "installation")
	mark, err := os.ReadFile(path)
	switch {
	case err == nil && strings.TrimSpace(string(mark)) == id:
		return nil
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("read the mark of the installation: %w", err)
	case err != nil && h.empty():
		return os.WriteFile(path, []byte(id+"\n"), 0o600)
	}
	return &alveary.Error{
		Kind: alveary.KindConflict, Op: "open the data folder", Subject: h.dir, Code: "other-database",
		Message: "the contents in this folder belong to another database: name the database they were used with (--database), " +
			"or put alveary.db back from a backup; nothing was changed",
	}
}

// keySetting keeps by what the secret key is known again.
const keySetting = "secret-key"

// openBox opens the secret key, and refuses one with which this database was
// not used: second factors would not work, and new ones only on this server.
// Where the database knows a key, no other is made.
func (h *house) openBox(ctx context.Context, path string) error {
	return h.store.Write(ctx, func(tx *store.Tx) error {
		known, err := tx.Setting(keySetting)
		if err != nil {
			return err
		}
		if _, missing := os.Stat(path); known != "" && errors.Is(missing, os.ErrNotExist) {
			return otherKey(path, "the secret key with which the database was used is not there")
		}
		if h.box, err = vault.Open(path, rand.Reader); err != nil {
			return err
		}
		switch known {
		case h.box.Fingerprint():
			return nil
		case "":
			return tx.SetSetting(keySetting, h.box.Fingerprint())
		}
		return otherKey(path, "this is not the secret key with which the database was used")
	})
}

func otherKey(path, what string) error {
	return &alveary.Error{
		Kind: alveary.KindConflict, Op: "open the secret key", Subject: path, Code: "other-key",
		Message: what + ": put the file back from a backup, or from another server of this installation (--secret-key); nothing was changed. " +
			"Where it is lost for good, alveary unlock --new-key begins with a new one: authenticator apps and the mail server are then set up anew",
	}
}

// empty says whether there is surely no content yet.
func (h *house) empty() bool {
	for one, err := range h.bucket.List() {
		if err != nil || one.ID != "" {
			return false
		}
	}
	return true
}

// close closes whatever was opened, the lock last.
func (h *house) close() error {
	var errs []error
	if h.files != nil {
		h.files.Close()
	}
	if h.govern != nil {
		h.govern.Close()
	}
	if h.uses != nil {
		errs = append(errs, h.uses.Close()) // of requests that ended after Run did
	}
	if h.bucket != nil {
		errs = append(errs, h.bucket.Close())
	}
	if h.store != nil {
		errs = append(errs, h.store.Close())
	}
	if h.lock != nil {
		errs = append(errs, h.lock.Close())
	}
	return errors.Join(errs...)
}
