package files

import (
	"context"
	"slices"
	"strings"

	"alveary"
	"alveary/authz"
	"alveary/store"
)

// complete notes that all bytes are there, for another try at finishing.
func (u *Uploads) complete(ctx context.Context, s alveary.Subject, up store.Upload) error {
	return u.write(context.WithoutCancel(ctx), s, func(v *view) error {
		if _, err := v.own(up.ID); err != nil {
			return err
		}
		return v.Tx.CompleteUpload(up.ID, up.SHA256, up.MIME)
	})
}

// Finish makes the file of an upload whose bytes are all there: again, with
// another choice, after a name that was taken.
func (u *Uploads) Finish(ctx context.Context, s alveary.Subject, id string, c Conflict) (Item, error) {
	up, _, err := u.admit(ctx, s, id)
	if err != nil {
		return Item{}, err
	}
	if up.SHA256 == "" {
		return Item{}, &alveary.Error{
			Kind: alveary.KindConflict, Op: "finish the upload", Code: "incomplete",
			Message: "not all bytes of the upload are there: go on with it first",
		}
	}
	return u.finish(ctx, s, up, c, alveary.Grant{})
}

// finish makes the file. A grant under which the last piece was written says
// which file it was decided to replace: no other is then.
func (u *Uploads) finish(ctx context.Context, s alveary.Subject, up store.Upload, c Conflict, g alveary.Grant) (it Item, err error) {
	content := store.Content{Blob: up.Blob, Size: up.Length, SHA256: up.SHA256, MIME: up.MIME}
	var tags []string
	if up.IfMatch != "" {
		tags = []string{up.IfMatch}
	}
	// All bytes are here: that the client hangs up now changes nothing.
	err = u.conclude(context.WithoutCancel(ctx), s, func(v *view) error {
		now, err := v.own(up.ID)
		if err != nil {
			return err
		}
		if now.Node != 0 {
			return changedMeanwhile("finish the upload", up.Name)
		}
		folder, err := v.makeFolders(up)
		if err != nil {
			return err
		}
		t, err := v.target(folder.Node().ID, v.fileOf(up), c, tags, up.Blob)
		if err != nil {
			return err
		}
		if t.over != nil && g.Node != 0 && g.Node != t.grant.Node {
			return changedMeanwhile("finish the upload", up.Name)
		}
		var node alveary.NodeID
		if it, node, _, err = v.link(t, t, content, up.MTime); err != nil {
			return err
		}
		return v.Tx.FinishUpload(up.ID, node)
	})
	return it, err
}

// foldersOf are the names of the folders between the parent and the file.
func foldersOf(up store.Upload) []string {
	if up.Relative == "" {
		return nil
	}
	return strings.Split(up.Relative, "/")
}

func (v *view) makeFolders(up store.Upload) (alveary.Lineage, error) {
	line, err := v.Tx.Lineage(up.Parent)
	if err != nil || up.Relative == "" {
		return line, err
	}
	if line, err = v.Folder(up.Parent, authz.Create); err != nil {
		return nil, err
	}
	for _, name := range foldersOf(up) {
		n, err := v.Tx.Child(line.Node().ID, name)
		switch {
		case err == nil && n.IsFolder() && v.Sees(line.Child(n)):
			line = line.Child(n)
			continue
		case err != nil && !alveary.IsKind(err, alveary.KindNotFound):
			return nil, err
		}
		if err := v.Check(authz.Edit, line); err != nil {
			return nil, err
		}
		if line, _, err = v.makeFolder(line, name, Existing); err != nil {
			return nil, err
		}
	}
	return line, nil
}

// End gives an upload up and leaves nothing of it.
func (u *Uploads) End(ctx context.Context, s alveary.Subject, id string) error {
	if _, _, err := u.admit(ctx, s, id); err != nil {
		return err
	}
	u.decided()
	var up store.Upload
	err := u.write(ctx, s, func(v *view) (err error) {
		// Asked again: finished meanwhile, its bytes are those of a file.
		if up, err = v.own(id); err != nil {
			return err
		}
		return v.Tx.DeleteUpload(id)
	})
	if err == nil && up.Blob != "" {
		u.forget(ctx, []alveary.BlobID{up.Blob})
	}
	return err
}

// expire forgets uploads whose time has passed.
func (u *Uploads) expire(ctx context.Context) error {
	for {
		var gone []alveary.BlobID
		err := u.store.Write(ctx, func(tx *store.Tx) error {
			expired, err := tx.ExpiredUploads(500)
			if err != nil {
				return err
			}
			for _, up := range expired {
				gone = append(gone, up.Blob)
				if err := tx.DeleteUpload(up.ID); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(gone) == 0 {
			return err
		}
		u.forget(ctx, slices.DeleteFunc(gone, func(b alveary.BlobID) bool { return b == "" }))
	}
}
