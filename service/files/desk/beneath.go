package desk

import (
	"slices"

	"alveary"
	"alveary/authz"
)

// CheckAll asks for a node and everything beneath it: one node without the
// needed right refuses the whole, without being named (MODEL.md 5.1).
func (v *View) CheckAll(op authz.Operation, line alveary.Lineage) error {
	if err := v.Check(op, line); err != nil {
		return err
	}
	err := v.EachBeneath(line, line, op.Needs(), func(_, is alveary.Rights) error {
		return v.Access.Beneath(op, line, is)
	})
	return v.Note(op, line, err)
}

// CheckMove asks whether a node with everything beneath it may be as it will
// be: under another name, in another folder, with other metadata (MODEL.md
// 5.0). Nothing may lift from the asker a right that was denied to him at the
// old place although he held what it follows from. That much is asked of what
// lies beneath even where the node stays: rights depend on the folders above. That
// it may be written to is asked only where it goes along (5.1).
func (v *View) CheckMove(op authz.Operation, line, there alveary.Lineage) error {
	own := v.Access.Asked(line, alveary.AllRights)
	stays := line.Node().Name == there.Node().Name && slices.Equal(line[:len(line)-1].IDs(), there[:len(there)-1].IDs())
	one := func(was, is alveary.Rights, beneath bool) error {
		lifted, missing := lifted(was, is), op.Needs()&^is
		if beneath && stays {
			missing = 0
		}
		switch {
		case missing == 0 && lifted == 0:
			return nil
		case !own.Has(alveary.ActionRead):
			return alveary.Withheld(op.String()) // not even its name is told
		case missing != 0 && beneath:
			return v.Access.Beneath(op, there, is)
		case missing != 0:
			return v.missing(op, there, is)
		}
		return &alveary.Error{
			Kind: alveary.KindDenied, Op: op.String(), Subject: line.Node().Name, Code: "lifted", Missing: lifted,
			Message: "here something is denied to you that would not be denied there: ask an administrator; nothing was changed",
		}
	}
	err := one(own, v.Access.Asked(there, alveary.AllRights), false)
	if err == nil {
		err = v.EachBeneath(line, there, alveary.AllRights, func(was, is alveary.Rights) error { return one(was, is, true) })
	}
	return v.Note(op, there, err)
}

// lifted are the rights that a change would open to who makes it: those that
// can only be denied, where he holds what they follow from, and reading. Who
// may write to what he may not see does not make himself see it by a new name.
func lifted(was, is alveary.Rights) alveary.Rights {
	return (was.Implied()&^was | alveary.RightRead&^was) & is
}

// CheckNew asks for a node that is to be made in a folder, as it will be.
func (v *View) CheckNew(op authz.Operation, folder alveary.Lineage, n alveary.Node) error {
	there := folder.Child(n)
	if is := v.Access.Asked(there, op.Needs()); op.Needs()&^is != 0 {
		return v.Note(op, there, v.missing(op, there, is))
	}
	return nil
}

// missing refuses a node at a place that the asker named himself: where he may
// read the folder nothing is told by naming what is missing.
func (v *View) missing(op authz.Operation, there alveary.Lineage, is alveary.Rights) error {
	if len(there) > 1 && v.Access.Rights(there[:len(there)-1]).Has(alveary.ActionRead) {
		return alveary.Denied(op.String(), there.Node().Name, (op.Needs() &^ is).Actions()...)
	}
	return alveary.Withheld(op.String())
}

// EachBeneath hands over the rights on the nodes beneath a folder, as it is and
// as it will be, wherever one of the rights can differ from those on the folder:
// on those with an entry, or on every one where a policy reads attributes.
func (v *View) EachBeneath(line, there alveary.Lineage, rights alveary.Rights, fn func(was, is alveary.Rights) error) error {
	if !line.Node().IsFolder() {
		return nil
	}
	inner, err := v.Tx.Beneath(line.Node().ID, v.Access.Nodes())
	if err != nil {
		return err
	}
	move := func(l alveary.Lineage) alveary.Lineage { return append(slices.Clip(there), l[len(line):]...) }
	varies := v.Access.Varies(line, rights) || v.Access.Varies(there, rights)
	for _, l := range inner {
		varies = varies || v.Access.Varies(l, rights) || v.Access.Varies(move(l), rights)
	}
	if varies {
		return v.everyBeneath(line, there, rights, fn)
	}
	for _, l := range inner {
		if err := fn(v.Access.Asked(l, rights), v.Access.Asked(move(l), rights)); err != nil {
			return err
		}
	}
	return nil
}

// bound is a folder with the gate bound to it, as it is and as it will be.
type bound struct {
	line, there alveary.Lineage
	was, is     *authz.Folder
}

// everyBeneath asks for each node beneath, those in the bin too: they go along.
func (v *View) everyBeneath(line, there alveary.Lineage, rights alveary.Rights, fn func(was, is alveary.Rights) error) error {
	bind := func(line, there alveary.Lineage) *bound {
		return &bound{line, there, v.Access.In(line), v.Access.In(there)}
	}
	folders := map[alveary.NodeID]*bound{line.Node().ID: bind(line, there)}
	return v.Tx.Subtree(line.Node().ID, true, func(n alveary.Node) error {
		in := folders[n.Parent]
		if n.IsFolder() {
			folders[n.ID] = bind(in.line.Child(n), in.there.Child(n))
		}
		return fn(in.was.Asked(n, rights), in.is.Asked(n, rights))
	})
}
