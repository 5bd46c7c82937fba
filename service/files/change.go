package files

import (
	"context"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/files/desk"
	"alveary/store"
)

// Conflict is what to do with a name that exists.
type Conflict string

// The ways. Replace makes a new version of a file, and moves the old file to
// the bin where another node takes its place.
const (
	Fail     Conflict = "fail"
	Replace  Conflict = "replace"
	KeepBoth Conflict = "rename"
	Existing Conflict = "existing" // of a folder to make: the one that is there will do
)

// settleName finds under which name a node can come into a folder, or which
// live node it replaces. A node of that name that the asker may not see is as
// good as none: he silently gets another name (MODEL.md 5.2).
func (v *view) settleName(folder alveary.Lineage, name string, c Conflict) (free string, taken alveary.Lineage, err error) {
	if err := alveary.CheckName(name); err != nil {
		return "", nil, err
	}
	there, err := v.Tx.Child(folder.Node().ID, name)
	if alveary.IsKind(err, alveary.KindNotFound) {
		return name, nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	line := folder.Child(there)
	visible := v.Sees(line)
	if visible && (c == Replace || c == Existing) {
		return "", line, nil
	}
	if c == KeepBoth || !visible {
		free, err = v.Tx.FreeName(folder.Node().ID, name)
		return free, nil, err
	}
	return "", nil, store.NameExists(there.Name)
}

// checkNew asks for a node that is to be made in a folder, as it will be. Where
// it gets another name for the sake of one that the asker may not see, the name
// that he asked for is asked about first: so a refusal of it tells nothing.
func (v *view) checkNew(op authz.Operation, folder alveary.Lineage, will alveary.Node, asked string) error {
	if will.Name != asked {
		there, err := v.Tx.Child(folder.Node().ID, asked)
		if err != nil {
			return err
		}
		if !v.Sees(folder.Child(there)) {
			first := will
			first.Name = asked
			if err := v.CheckNew(op, folder, first); err != nil {
				return err
			}
		}
	}
	return v.CheckNew(op, folder, will)
}

// checkFree asks for a node under the name that was free, after it was asked
// for under the one that was wished.
func (v *view) checkFree(op authz.Operation, line, folder alveary.Lineage, wished, free string) error {
	if free == wished {
		return nil
	}
	will := line.Node()
	will.Name = free
	return v.CheckMove(op, line, folder.Child(will))
}

// roomFor refuses a folder that would lie too deep.
func roomFor(folder alveary.Lineage, levels int) error {
	if len(folder)+levels > alveary.MaxDepth {
		return &alveary.Error{
			Kind: alveary.KindInvalid, Op: "make the folder", Subject: folder.Node().Name, Code: "too-deep",
			Message: "folders can lie at most 128 levels deep",
		}
	}
	return nil
}

// MakeFolder makes a folder. made is false where one of that name was there
// and Existing was asked for.
func (t *Tree) MakeFolder(ctx context.Context, s alveary.Subject, parent alveary.NodeID, name string, c Conflict) (it Item, made bool, err error) {
	err = t.write(ctx, s, func(v *view) error {
		folder, err := v.Folder(parent, authz.Edit)
		if err != nil {
			return err
		}
		var line alveary.Lineage
		if line, made, err = v.makeFolder(folder, name, c); err != nil {
			return err
		}
		it, err = v.answer(line, alveary.Node{Name: name, Type: alveary.Collection})
		return err
	})
	return it, made, err
}

func (v *view) makeFolder(folder alveary.Lineage, name string, c Conflict) (alveary.Lineage, bool, error) {
	free, taken, err := v.settleName(folder, name, c)
	if err != nil {
		return nil, false, err
	}
	if taken != nil {
		if c != Existing || !taken.Node().IsFolder() {
			return nil, false, store.NameExists(name)
		}
		return taken, false, nil
	}
	if err := roomFor(folder, 1); err != nil {
		return nil, false, err
	}
	made := alveary.Node{Name: free, Type: alveary.Collection, Owner: v.Access.Subject().Makes()}
	if err := v.checkNew(authz.Edit, folder, made, name); err != nil {
		return nil, false, err
	}
	n, err := v.Tx.Insert(folder, made)
	if err != nil {
		return nil, false, err
	}
	line := folder.Child(n)
	return line, true, v.Record("make-folder", line, "")
}

// Edit renames a node or declares when its content was last changed. A nil
// field stays as it is. ifMatch, where not empty, lists the entity tags of
// which the node must have one, else KindPrecondition.
type Edit struct {
	Name    *string
	MTime   *time.Time
	IfMatch []string
}

// Edit changes a node's name or declared time.
func (t *Tree) Edit(ctx context.Context, s alveary.Subject, id alveary.NodeID, e Edit) (it Item, err error) {
	err = t.write(ctx, s, func(v *view) error {
		line, err := v.Live(id, authz.Edit)
		if err != nil {
			return err
		}
		if err := matches(line.Node(), e.IfMatch); err != nil {
			return err
		}
		if e.Name != nil && *e.Name != line.Node().Name {
			if line, err = v.rename(line, *e.Name); err != nil {
				return err
			}
		}
		if e.MTime != nil {
			mtime, err := desk.Declared(*e.MTime)
			if err != nil {
				return err
			}
			will := line.Node()
			will.MTime = mtime
			if err := v.CheckMove(authz.Edit, line, line[:len(line)-1].Child(will)); err != nil {
				return err
			}
			n, err := v.Tx.SetMTime(line, desk.Micros(mtime))
			if err != nil {
				return err
			}
			line = line[:len(line)-1].Child(n)
			if err := v.Record("edit", line, "declared time"); err != nil {
				return err
			}
		}
		it, err = v.answer(line, alveary.Node{Name: value(e.Name), MTime: value(e.MTime)})
		return err
	})
	return it, err
}

// answer describes a node that was changed. Who may write but not read is told
// what he said himself and no more: not even the name that was free, since it
// tells of the one that was taken (MODEL.md 5.2).
func (v *view) answer(line alveary.Lineage, told alveary.Node) (Item, error) {
	if v.Sees(line) {
		return v.Item(line)
	}
	return Item{Node: told}, nil
}

// asked is what a mover of a node that he may read knows of it.
func asked(n alveary.Node, name string) alveary.Node {
	return alveary.Node{Name: name, Type: n.Type, Size: n.Size}
}

func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func (v *view) rename(line alveary.Lineage, name string) (alveary.Lineage, error) {
	if err := v.Unanchored(authz.Edit, line); err != nil {
		return nil, err
	}
	if err := alveary.CheckName(name); err != nil {
		return nil, err
	}
	folder := line[:len(line)-1]
	free := name
	there, err := v.Tx.Child(folder.Node().ID, name)
	if err == nil && there.ID != line.Node().ID {
		if v.Sees(folder.Child(there)) {
			return nil, store.NameExists(there.Name)
		}
		if free, err = v.Tx.FreeName(folder.Node().ID, name); err != nil {
			return nil, err
		}
	} else if err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
		return nil, err
	}
	will := line.Node()
	will.Name = name
	if err := v.CheckMove(authz.Edit, line, folder.Child(will)); err != nil {
		return nil, err
	}
	if err := v.checkFree(authz.Edit, line, folder, name, free); err != nil {
		return nil, err
	}
	n, err := v.Tx.Place(line, folder, free)
	if err != nil {
		return nil, err
	}
	renamed := folder.Child(n)
	return renamed, v.Record("rename", renamed, "was “"+line.Node().Name+"”")
}

func matches(n alveary.Node, tags []string) error {
	if len(tags) == 0 {
		return nil
	}
	for _, t := range tags {
		if t == "*" || t == n.ETag() {
			return nil
		}
	}
	return &alveary.Error{
		Kind: alveary.KindPrecondition, Op: "change the node", Subject: n.Name, Code: "changed",
		Message: "it was changed by someone else meanwhile: look at it again, then decide; nothing was changed",
	}
}

// Move moves a node into a folder, under a new name where one is given.
func (t *Tree) Move(ctx context.Context, s alveary.Subject, id, parent alveary.NodeID, name string, c Conflict) (it Item, err error) {
	err = t.write(ctx, s, func(v *view) error {
		line, err := v.movable(id, authz.Take)
		if err != nil {
			return err
		}
		folder, err := v.Folder(parent, authz.Put)
		if err != nil {
			return err
		}
		name = orName(name, line.Node().Name)
		moved, err := v.move(line, folder, name, c)
		if err != nil {
			return err
		}
		it, err = v.answer(moved, asked(line.Node(), name))
		return err
	})
	return it, err
}

func orName(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return name
}

// movable is live for a node that is to leave its place with all that is in it.
func (v *view) movable(id alveary.NodeID, op authz.Operation) (alveary.Lineage, error) {
	line, err := v.Live(id, op)
	if err != nil {
		return nil, err
	}
	if err := v.Unanchored(op, line); err != nil {
		return nil, err
	}
	return line, v.CheckAll(op, line)
}

func (v *view) move(line, folder alveary.Lineage, name string, c Conflict) (alveary.Lineage, error) {
	if err := v.fits(line, folder, name); err != nil {
		return nil, err
	}
	if folder.Node().ID == line.Node().Parent && name == line.Node().Name {
		return line, nil
	}
	free, err := v.freeName(line, folder, name, c)
	if err != nil {
		return nil, err
	}
	if err := v.checkFree(authz.Put, line, folder, name, free); err != nil {
		return nil, err
	}
	from := line.Path()
	n, err := v.Tx.Place(line, folder, free)
	if err != nil {
		return nil, err
	}
	v.Used(authz.Edit, line, alveary.CellUse{}) // of what it left
	moved := folder.Child(n)
	return moved, v.Record("move", moved, "from “"+from+"”")
}

// freeName is under which name a node comes into a folder, out of which a file
// of that name is moved where it is to be replaced.
func (v *view) freeName(line, folder alveary.Lineage, name string, c Conflict) (string, error) {
	there, err := v.Tx.Child(folder.Node().ID, name)
	if err == nil && there.ID == line.Node().ID {
		return name, alveary.CheckName(name) // only its own spelling changes
	}
	free, taken, err := v.settleName(folder, name, c)
	if err != nil || taken == nil {
		return free, err
	}
	return v.makeWay(taken, line.Node())
}

// fits refuses a folder that is moved into itself or too deep, and asks the
// gate for everything that moves as it will be at its new place (MODEL.md 5.0).
func (v *view) fits(line, folder alveary.Lineage, name string) error {
	n := line.Node()
	if folder.Contains(n.ID) {
		return &alveary.Error{
			Kind: alveary.KindInvalid, Op: "move the node", Subject: n.Name, Code: "into-itself",
			Message: "a folder cannot be moved or copied into itself",
		}
	}
	if n.IsFolder() {
		depth, err := v.Tx.Depth(n.ID)
		if err != nil {
			return err
		}
		if err := roomFor(folder, depth+1); err != nil {
			return err
		}
	}
	n.Name = name
	return v.CheckMove(authz.Put, line, folder.Child(n))
}

// makeWay moves a file that is replaced by another node to the bin. A folder
// is never replaced: what is in it would be lost from sight.
func (v *view) makeWay(taken alveary.Lineage, by alveary.Node) (string, error) {
	old := taken.Node()
	if old.IsFolder() || by.IsFolder() {
		return "", store.NameExists(old.Name)
	}
	if err := v.Check(authz.Bin, taken); err != nil {
		return "", err
	}
	if _, err := v.Tx.Bin(taken, desk.Doer(v.Access.Subject())); err != nil {
		return "", err
	}
	return old.Name, v.Record("bin", taken, "replaced by another")
}
