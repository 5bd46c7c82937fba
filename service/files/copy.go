package files

import (
	"context"
	"math"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/files/desk"
	"alveary/store"
)

// Copy copies a node, and of a folder everything in it that the asker may
// read, into a folder. leftOut is how many nodes that he may see were left out
// because he may not download them. Contents are shared, not written again.
func (t *Tree) Copy(ctx context.Context, s alveary.Subject, id, parent alveary.NodeID, name string, c Conflict) (it Item, leftOut int, err error) {
	err = t.write(ctx, s, func(v *view) error {
		line, err := v.Live(id, authz.ReadBytes)
		if err != nil {
			return err
		}
		folder, err := v.Folder(parent, authz.Create)
		if err != nil {
			return err
		}
		name = orName(name, line.Node().Name)
		copied, err := v.copy(line, folder, name, c, &leftOut)
		if err != nil {
			return err
		}
		v.Used(authz.ReadBytes, line, alveary.CellUse{Downloads: 1})
		if err := v.Record("copy", copied, "of “"+line.Path()+"”"); err != nil {
			return err
		}
		it, err = v.answer(copied, asked(line.Node(), name))
		return err
	})
	return it, leftOut, err
}

func (v *view) copy(line, folder alveary.Lineage, name string, c Conflict, leftOut *int) (alveary.Lineage, error) {
	n := line.Node()
	if n.IsFolder() {
		if folder.Contains(n.ID) {
			return nil, &alveary.Error{
				Kind: alveary.KindInvalid, Op: "copy the node", Subject: n.Name, Code: "into-itself",
				Message: "a folder cannot be moved or copied into itself",
			}
		}
		depth, err := v.Tx.Depth(n.ID)
		if err != nil {
			return nil, err
		}
		if err := roomFor(folder, depth+1); err != nil {
			return nil, err
		}
	}
	if c == "" || c == Fail {
		// A copy beside its original is asked for under the same name.
		if folder.Node().ID == n.Parent && name == n.Name {
			c = KeepBoth
		}
	}
	free, taken, err := v.settleName(folder, name, c)
	if err != nil {
		return nil, err
	}
	if taken != nil {
		return v.copyOver(line, taken)
	}
	if free != name {
		if err := v.checkNew(authz.Create, folder, v.copyOf(line.Node(), free), name); err != nil {
			return nil, err
		}
	}
	return v.copyTree(line, folder, free, leftOut)
}

// copyOver makes a file's content the newest version of another file.
func (v *view) copyOver(line, taken alveary.Lineage) (alveary.Lineage, error) {
	n, over := line.Node(), taken.Node()
	if n.IsFolder() || over.IsFolder() {
		return nil, store.NameExists(over.Name)
	}
	if err := v.Check(authz.Change, taken); err != nil {
		return nil, err
	}
	if err := v.CheckMove(authz.Change, taken, as(taken, contentOf(n), n.MTime)); err != nil {
		return nil, err
	}
	replaced, err := v.Tx.Replace(taken, contentOf(n), n.MTime.UnixMicro(), desk.Doer(v.Access.Subject()))
	return taken[:len(taken)-1].Child(replaced), err
}

// as is a file as it will be with another content.
func as(line alveary.Lineage, c store.Content, mtime time.Time) alveary.Lineage {
	n := line.Node()
	n.Size, n.MIME, n.MTime = c.Size, c.MIME, mtime
	return line[:len(line)-1].Child(n)
}

func contentOf(n alveary.Node) store.Content {
	return store.Content{Blob: n.Blob, Size: n.Size, SHA256: n.SHA256, MIME: n.MIME}
}

// copyOf is a node as it is made anew by who copies it.
func (v *view) copyOf(n alveary.Node, name string) alveary.Node {
	return alveary.Node{
		Name: name, Type: n.Type, Size: n.Size, MIME: n.MIME, SHA256: n.SHA256, Blob: n.Blob, MTime: n.MTime,
		Owner: v.Access.Subject().Makes(), Meta: n.Meta,
	}
}

func (v *view) copyTree(line, folder alveary.Lineage, name string, leftOut *int) (alveary.Lineage, error) {
	n := line.Node()
	will := v.copyOf(n, name)
	if err := v.CheckNew(authz.Create, folder, will); err != nil {
		return nil, err
	}
	made, err := v.Tx.Insert(folder, will)
	if err != nil {
		return nil, err
	}
	copied := folder.Child(made)
	if !n.IsFolder() {
		return copied, nil
	}
	children, err := v.Tx.Children(store.Listing{Folder: n.ID, Limit: math.MaxInt32})
	if err != nil {
		return nil, err
	}
	in := v.Access.In(line)
	for _, child := range children {
		rights := in.Rights(child)
		if authz.ReadBytes.Needs()&^rights != 0 {
			if rights.Has(alveary.ActionRead) {
				*leftOut++
			}
			continue
		}
		if _, err := v.copyTree(line.Child(child), copied, child.Name, leftOut); err != nil {
			return nil, err
		}
	}
	return copied, nil
}
