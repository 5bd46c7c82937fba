package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/blob"
	"alveary/blob/fileblob"
	"alveary/config"
	"alveary/service/files"
	"alveary/service/login"
	"alveary/store"
)

// house is an installation that is open: its data and the services over them.
type house struct {
	dir    string
	lock   *os.File
	store  *store.Store
	bucket *fileblob.Bucket
	blobs  *blob.Store
	gate   *authz.Gate
	files  *files.Service
	login  *login.Service
}

// lives are how long sessions and unfinished uploads last.
type lives struct{ session, upload time.Duration }

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
	if err := os.MkdirAll(h.dir, 0o700); err != nil {
		return h, fmt.Errorf("make the data folder: %w", err)
	}
	if h.lock, err = lockFolder(h.dir); err != nil {
		return h, err
	}
	if h.store, err = store.Open(ctx, store.Config{
		Path: filepath.Join(h.dir, "alveary.db"), Postgres: place.Database.DSN(), Now: time.Now,
	}); err != nil {
		return h, err
	}
	if h.bucket, err = fileblob.Open(filepath.Join(h.dir, "blobs")); err != nil {
		return h, err
	}
	sealer, verifier, err := alveary.NewSeal(rand.Reader)
	if err != nil {
		return h, err
	}
	h.blobs = blob.New(h.bucket, verifier, time.Now)
	h.gate = authz.New(sealer, time.Now)
	h.files = files.New(files.Config{Store: h.store, Gate: h.gate, Blobs: h.blobs, Now: time.Now, UploadExpiry: l.upload})
	h.login, err = login.New(h.store, login.Options{Now: time.Now, Random: rand.Reader, SessionLife: l.session})
	return h, err
}

// close closes whatever was opened, the lock last.
func (h *house) close() error {
	var errs []error
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
