package app

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"alveary/config"
	"alveary/store"
)

// Examination says how thorough the doctor is to be.
type Examination struct {
	// Deep reads every content and compares its digest; without it, that every
	// content is there with its size is enough.
	Deep bool `json:"deep"`
}

// Report is what the doctor found.
type Report struct {
	Contents int      `json:"contents"` // contents looked at
	Findings []string `json:"findings"` // one plain sentence each; empty: all is well
}

// Doctor examines an installation and mends nothing: through the socket of the
// running server, or on the data folder when none runs, where an older schema
// is brought up to date as a start would.
func Doctor(ctx context.Context, place config.Place, x Examination) (Report, error) {
	return atMachine(ctx, place, "/doctor", x, (*house).examine)
}

func (h *house) examine(ctx context.Context, x Examination) (r Report, err error) {
	r.Findings = []string{}
	found, err := h.store.Check(ctx)
	if err != nil {
		return r, err
	}
	r.Findings = append(r.Findings, found...)
	if err := h.examineContents(ctx, x, &r); err != nil {
		return r, err
	}
	return r, h.examineFolder(&r)
}

// examineContents lists first and looks after, so that no transaction stays
// open while gigabytes are read.
func (h *house) examineContents(ctx context.Context, x Examination, r *Report) error {
	var all []store.Version
	if err := h.store.Read(ctx, func(tx *store.Tx) error {
		return tx.EachContent(func(v store.Version) error { all = append(all, v); return nil })
	}); err != nil {
		return err
	}
	for _, v := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		sum := ""
		if x.Deep {
			sum = v.Content.SHA256
		}
		r.Contents++
		if err := h.blobs.Check(ctx, v.Content.Blob, v.Content.Size, sum); err != nil {
			r.Findings = append(r.Findings, fmt.Sprintf("version %d of the file %s: %s", v.Number, v.Node, err))
		}
	}
	return nil
}

// examineFolder looks for files that other users of the machine can reach.
func (h *house) examineFolder(r *Report) error {
	return filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if os.IsNotExist(err) {
			return nil // gone meanwhile
		}
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			r.Findings = append(r.Findings, fmt.Sprintf("%s can be reached by other users of this machine (mode %04o): chmod go= it", path, info.Mode().Perm()))
		}
		if s, ok := info.Sys().(*syscall.Stat_t); ok && d.IsDir() && path != h.dir && int(s.Uid) != os.Geteuid() {
			r.Findings = append(r.Findings, fmt.Sprintf("%s belongs to another user", path))
		}
		return nil
	})
}
