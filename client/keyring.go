package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Key is how to get into one server again.
type Key struct {
	Login   string `json:"login"`
	Token   string `json:"token"`
	TokenID string `json:"tokenId"`
	Pin     string `json:"certificate,omitempty"` // fingerprint that was trusted by hand
}

// Keyring is the file that keeps the keys of a user, readable by nobody else.
type Keyring struct {
	Current string         `json:"current"` // the server of the last sign-in
	Servers map[string]Key `json:"servers"`
	path    string
}

// OpenKeyring reads the keyring in a folder; one that is not there is empty.
func OpenKeyring(dir string) (*Keyring, error) {
	k := &Keyring{path: filepath.Join(dir, "credentials.json"), Servers: map[string]Key{}}
	text, err := os.ReadFile(k.path)
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the stored sign-ins: %w", err)
	}
	info, err := os.Stat(k.path)
	if err != nil {
		return nil, fmt.Errorf("read the stored sign-ins: %w", err)
	}
	if open := info.Mode().Perm() & 0o077; open != 0 && filepath.Separator == '/' {
		return nil, fmt.Errorf("%s can be read by others, and it holds tokens: run chmod 600 on it, then alveary login again to have a new token", k.path)
	}
	if err := json.Unmarshal(text, k); err != nil {
		return nil, fmt.Errorf("the stored sign-ins in %s are damaged: remove the file and run alveary login again: %w", k.path, err)
	}
	if k.Servers == nil {
		k.Servers = map[string]Key{}
	}
	return k, nil
}

// Put keeps a key and makes its server the current one.
func (k *Keyring) Put(server string, key Key) error {
	k.Servers[server], k.Current = key, server
	return k.save()
}

// Remove forgets a server.
func (k *Keyring) Remove(server string) error {
	delete(k.Servers, server)
	if k.Current == server {
		k.Current = ""
	}
	return k.save()
}

// Path is the file.
func (k *Keyring) Path() string { return k.path }

func (k *Keyring) save() error {
	text, err := json.MarshalIndent(k, "", "  ")
	if err != nil {
		return err
	}
	return WriteFile(k.path, append(text, '\n'))
}

// WriteFile replaces a private file as a whole, 0600 in a folder of 0700, so
// that a reader meets the old text or the new one.
func WriteFile(path string, text []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".tmp-*") // made 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
