package files

import (
	"context"
	"errors"
	"io"
	"math"

	"alveary"
	"alveary/authz"
	"alveary/service/files/pack"
	"alveary/service/files/vigil"
	"alveary/store"
)

// Archive is a selection that is about to be streamed as a zip.
type Archive struct {
	content *Content
	subject alveary.Subject
	tops    []alveary.Lineage
	leftOut int
	stream  *vigil.Stream
	// Wake ends a write that waits: it is called when what is under way is not
	// allowed any more. It may be nil.
	Wake func()
}

// Archive decides on a selection. What of it may not be seen refuses the
// whole as if it did not exist; what may be seen but not downloaded is left out
// and counted, like what lies deeper.
func (c *Content) Archive(ctx context.Context, s alveary.Subject, ids []alveary.NodeID) (*Archive, error) {
	a := &Archive{content: c, subject: s}
	err := c.read(ctx, s, func(v *view) error {
		for _, id := range ids {
			line, err := v.Live(id, authz.See)
			if err != nil {
				return err
			}
			if v.Access.Check(authz.ReadBytes, line) != nil {
				a.leftOut++
				continue
			}
			a.tops = append(a.tops, line)
			v.Used(authz.ReadBytes, line, alveary.CellUse{Downloads: 1})
		}
		if len(a.tops) == 0 && len(ids) > 0 {
			line, err := v.Tx.Lineage(ids[0])
			if err != nil {
				return err
			}
			return v.Check(authz.ReadBytes, line)
		}
		return nil
	})
	return a, err
}

// WriteTo streams the archive in constant memory. Each file is asked at the
// gate when its turn comes, so that a right that is lost meanwhile counts. When
// files were left out, the archive ends with a note that says how many. A
// file that is under way when it may not be read any more ends the archive with
// an error, as does the end of the session.
func (a *Archive) WriteTo(ctx context.Context, w io.Writer) error {
	a.stream = a.content.vigil.Watch(reads(a.subject, nil))
	defer a.stream.End()
	a.stream.OnCut(a.Wake)
	z := pack.To(w)
	for _, line := range a.tops {
		if err := a.add(ctx, z, line.Node(), z.Top.Take(line.Node().Name)); err != nil {
			return err
		}
	}
	return errors.Join(z.Close(a.leftOut), a.stream.Err())
}

func (a *Archive) add(ctx context.Context, z *pack.Pack, n alveary.Node, path string) error {
	if err := errors.Join(ctx.Err(), a.stream.Err()); err != nil {
		return err
	}
	if !n.IsFolder() {
		return a.addFile(ctx, z, n, path)
	}
	if err := z.Folder(path, n.MTime); err != nil {
		return err
	}
	children, err := a.children(ctx, n.ID)
	if err != nil {
		return a.orLeftOut(err)
	}
	names := pack.Names{}
	for _, child := range children {
		if err := a.add(ctx, z, child, path+"/"+names.Take(child.Name)); err != nil {
			return err
		}
	}
	return nil
}

// children lists what may be downloaded of a folder and counts what else may
// be seen of it.
func (a *Archive) children(ctx context.Context, folder alveary.NodeID) (out []alveary.Node, err error) {
	err = a.content.read(ctx, a.stream.Subject(), func(v *view) error {
		line, err := v.Live(folder, authz.See)
		if err != nil {
			return err
		}
		all, err := v.Tx.Children(store.Listing{Folder: folder, Limit: math.MaxInt32})
		if err != nil {
			return err
		}
		in := v.Access.In(line)
		for _, n := range all {
			switch rights := in.Rights(n); {
			case authz.ReadBytes.Needs()&^rights == 0:
				out = append(out, n)
			case rights.Has(alveary.ActionRead):
				a.leftOut++
			}
		}
		return nil
	})
	return out, err
}

func (a *Archive) addFile(ctx context.Context, z *pack.Pack, n alveary.Node, path string) error {
	f, line, err := a.content.open(ctx, a.stream.Subject(), asItIs(), n.ID, 0, ForArchive)
	if err != nil {
		return a.orLeftOut(err)
	}
	defer func() { _ = f.Close() }()
	f.Under(a.stream)
	a.stream.Turn(line)
	defer a.stream.Turn(nil)
	return z.File(path, n.MTime, f.MIME, f)
}

// orLeftOut goes on without a node that was taken away meanwhile.
func (a *Archive) orLeftOut(err error) error {
	switch alveary.KindOf(err) {
	case alveary.KindDenied, alveary.KindNotFound, alveary.KindConflict:
		a.leftOut++
		return nil
	default:
		return err
	}
}
