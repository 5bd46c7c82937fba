package files

import (
	"context"

	"alveary"
	"alveary/authz"
	"alveary/service/files/desk"
	"alveary/store"
)

// Bin is the recycle bin. A node in it is decided at its original place.
type Bin struct{ *core }

// Put moves a node with everything in it to the bin.
func (b *Bin) Put(ctx context.Context, s alveary.Subject, id alveary.NodeID) (it Item, err error) {
	err = b.write(ctx, s, func(v *view) error {
		line, err := v.movable(id, authz.Bin)
		if err != nil {
			return err
		}
		n, err := v.Tx.Bin(line, desk.Doer(s))
		if err != nil {
			return err
		}
		line = line[:len(line)-1].Child(n)
		if err := v.Record("bin", line, ""); err != nil {
			return err
		}
		it, err = v.answer(line, alveary.Node{Binned: n.Binned})
		return err
	})
	return it, err
}

// Restore brings a node back to where it was or, where parent is not 0, into
// another folder. A name that was taken meanwhile is KindConflict unless both
// are to be kept.
func (b *Bin) Restore(ctx context.Context, s alveary.Subject, id, parent alveary.NodeID, c Conflict) (it Item, err error) {
	err = b.write(ctx, s, func(v *view) error {
		line, err := v.binned(id, authz.Restore)
		if err != nil {
			return err
		}
		folder, err := v.restoreTo(line, parent)
		if err != nil {
			return err
		}
		restored, err := v.restore(line, folder, c)
		if err != nil {
			return err
		}
		told := alveary.Node{}
		if v.Sees(line) {
			told = asked(line.Node(), line.Node().Name)
		}
		it, err = v.answer(restored, told)
		return err
	})
	return it, err
}

// binned finds a node that was itself moved to the bin.
func (v *view) binned(id alveary.NodeID, op authz.Operation) (alveary.Lineage, error) {
	line, err := v.Tx.Lineage(id)
	if err != nil {
		return nil, err
	}
	if err := v.CheckAll(op, line); err != nil {
		return nil, err
	}
	if line.Node().Binned.IsZero() {
		return nil, v.Tell(line, &alveary.Error{
			Kind: alveary.KindConflict, Op: op.String(), Subject: line.Node().Name, Code: "not-in-bin",
			Message: "this was not itself moved to the recycle bin",
		})
	}
	return line, nil
}

func (v *view) restoreTo(line alveary.Lineage, parent alveary.NodeID) (alveary.Lineage, error) {
	if parent == 0 || parent == line.Node().Parent {
		folder := line[:len(line)-1]
		if folder.InBin() {
			return nil, v.Tell(line, &alveary.Error{
				Kind: alveary.KindConflict, Op: "restore", Subject: line.Node().Name, Code: "bin-parent",
				Message: "the folder it was in is in the recycle bin too: restore that first, or choose another folder",
			})
		}
		return folder, nil
	}
	folder, err := v.Folder(parent, authz.Put)
	if err != nil {
		return nil, err
	}
	if err := v.CheckAll(authz.Take, line); err != nil {
		return nil, err
	}
	return folder, v.fits(line, folder, line.Node().Name)
}

func (v *view) restore(line, folder alveary.Lineage, c Conflict) (alveary.Lineage, error) {
	if c != KeepBoth {
		c = Fail // nothing goes from its place for what comes back
	}
	free, _, err := v.settleName(folder, line.Node().Name, c)
	if err != nil {
		return nil, err
	}
	if err := v.checkFree(authz.Restore, line, folder, line.Node().Name, free); err != nil {
		return nil, err
	}
	if free != line.Node().Name || folder.Node().ID != line.Node().Parent {
		n, err := v.Tx.Place(line, folder, free)
		if err != nil {
			return nil, err
		}
		line = folder.Child(n)
	}
	n, err := v.Tx.Unbin(line)
	if err != nil {
		return nil, err
	}
	restored := folder.Child(n)
	return restored, v.Record("restore", restored, "")
}

// Delete deletes a node with everything in it for good, from the bin or from
// its place.
func (b *Bin) Delete(ctx context.Context, s alveary.Subject, id alveary.NodeID) error {
	var blobs []alveary.BlobID
	err := b.write(ctx, s, func(v *view) error {
		line, err := v.Tx.Lineage(id)
		if err != nil {
			return err
		}
		if err := v.CheckAll(authz.Delete, line); err != nil {
			return err
		}
		blobs, err = v.deleteForGood(line)
		return err
	})
	if err == nil {
		b.forget(ctx, blobs)
	}
	return err
}

func (v *view) deleteForGood(line alveary.Lineage) ([]alveary.BlobID, error) {
	if err := v.Unanchored(authz.Delete, line); err != nil {
		return nil, err
	}
	blobs, _, err := v.Tx.Delete(line)
	if err != nil {
		return nil, err
	}
	return blobs, v.Record("delete", line, "")
}

// binScan is how many rows of the bin are looked at in one go: most belong to
// others.
const binScan = 500

// List lists what the asker may see of the bin, latest first. The cursor is
// the next of the page before; empty begins, and ends.
func (b *Bin) List(ctx context.Context, s alveary.Subject, cursor string, limit int) (items []Item, next string, err error) {
	after, err := store.ParseBinPlace(cursor)
	if err != nil {
		return nil, "", err
	}
	err = b.read(ctx, s, func(v *view) error {
		for {
			nodes, err := v.Tx.Binned(after, binScan)
			if err != nil || len(nodes) == 0 {
				return err
			}
			for _, n := range nodes {
				if len(items) == limit {
					next = after.String()
					return nil
				}
				after = store.PlaceOf(n)
				if err := v.binItem(n.ID, &items); err != nil {
					return err
				}
			}
		}
	})
	return items, next, err
}

func (v *view) binItem(id alveary.NodeID, items *[]Item) error {
	line, err := v.Tx.Lineage(id)
	if err != nil || !v.Sees(line) {
		return err
	}
	it, err := v.Item(line)
	*items = append(*items, it)
	return err
}

// Empty deletes for good whatever of the bin the asker may delete. kept is how
// many nodes that he may see stay because he may not.
func (b *Bin) Empty(ctx context.Context, s alveary.Subject) (deleted, kept int, err error) {
	cursor := ""
	for {
		items, next, err := b.List(ctx, s, cursor, binScan)
		if err != nil {
			return deleted, kept, err
		}
		for _, it := range items {
			switch err := b.Delete(ctx, s, it.ID); alveary.KindOf(err) {
			case alveary.KindDenied:
				kept++
			case alveary.KindNotFound: // went with a folder above it
			default:
				if err != nil {
					return deleted, kept, err
				}
				deleted++
			}
		}
		if next == "" {
			return deleted, kept, nil
		}
		cursor = next
	}
}
