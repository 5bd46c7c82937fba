package transfer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"time"

	"alveary/client"
)

// memoryLife is how long an unfinished upload is remembered: longer than any
// server keeps one.
const memoryLife = 30 * 24 * time.Hour

// Memory keeps the addresses of unfinished uploads in a folder, one small file
// each, so that a later run goes on where an earlier one stopped. What cannot
// be kept is not an error: then the upload starts over.
type Memory struct{ dir string }

// NewMemory uses a folder, which is made when something is kept, and forgets
// what is too old in it.
func NewMemory(dir string, now time.Time) *Memory {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) > memoryLife {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
	return &Memory{dir}
}

// memo is what is kept; Path is for whoever looks into the folder.
type memo struct {
	Path    string `json:"path"`
	Address string `json:"address"`
}

func (m *Memory) file(key []string) string {
	sum := sha256.Sum256([]byte(strings.Join(key, "\x00")))
	return filepath.Join(m.dir, hex.EncodeToString(sum[:16])+".json")
}

// recall gives the address that was kept under a key; empty for none.
func (m *Memory) recall(key []string) string {
	if m == nil {
		return ""
	}
	var kept memo
	text, err := os.ReadFile(m.file(key))
	if err != nil || json.Unmarshal(text, &kept) != nil {
		return ""
	}
	return kept.Address
}

func (m *Memory) keep(key []string, path, address string) {
	if m == nil {
		return
	}
	text, err := json.Marshal(memo{path, address})
	if err == nil {
		_ = client.WriteFile(m.file(key), text)
	}
}

func (m *Memory) forget(key []string) {
	if m != nil {
		_ = os.Remove(m.file(key))
	}
}
