package authz

import (
	"alveary"
)

// Operation is something a subject does with a node. What it needs is chapter
// 5 of the model.
type Operation uint8

// The operations. None is the zero value; it needs everything.
const (
	None      Operation = iota
	See                 // see in a list, read name, size, metadata
	ReadBytes           // read bytes, preview, thumbnail, old version
	Create              // make a file in the folder
	Change              // change the content of the file
	Edit                // make a folder in it, rename, edit metadata
	Take                // move the node away
	Put                 // move another node into the folder
	Bin                 // move to the recycle bin
	Restore             // bring back from the bin
	Delete              // delete for good
)

// Needs are the rights that the operation needs on its node.
func (op Operation) Needs() alveary.Rights {
	switch op {
	case See:
		return alveary.RightRead
	case ReadBytes:
		return alveary.RightRead.With(alveary.ActionDownload)
	case Create, Change:
		return alveary.RightWrite.With(alveary.ActionUpload)
	case Edit, Put, Bin, Restore:
		return alveary.RightWrite
	case Take:
		return alveary.RightRead | alveary.RightWrite
	case Delete:
		return alveary.RightWrite.With(alveary.ActionDelete)
	case None:
	}
	return alveary.AllRights
}

// String is the verb for errors and the audit log.
func (op Operation) String() string {
	switch op {
	case See:
		return "see"
	case ReadBytes:
		return "read"
	case Create:
		return "create"
	case Change:
		return "change"
	case Edit:
		return "edit"
	case Take:
		return "move"
	case Put:
		return "move here"
	case Bin:
		return "move to the bin"
	case Restore:
		return "restore"
	case Delete:
		return "delete for good"
	case None:
	}
	return "none"
}

// Check decides an operation on the node at the end of the lineage. Without
// `read` a refusal is KindNotFound, the same as for a node that does not exist;
// with it KindDenied names the missing rights (MODEL.md 5.2).
func (a *Access) Check(op Operation, line alveary.Lineage) error {
	about := op.Needs() | alveary.RightRead // without read a refusal is another one
	rights := a.rights(line, about)
	for _, p := range a.who.Watched() { // MODEL.md 7.8
		if would := a.shadow(p).rights(line, about); (op.Needs()&^would == 0) != (op.Needs()&^rights == 0) {
			a.gate.watch.Count(a.who.Snap.Policies[p].ID(), a.by.request)
		}
	}
	return refusal(op, rights, line.Node().Name)
}

func refusal(op Operation, have alveary.Rights, name string) error {
	missing := op.Needs() &^ have
	switch {
	case missing == 0:
		return nil
	case !have.Has(alveary.ActionRead):
		return alveary.Withheld(op.String())
	}
	return alveary.Denied(op.String(), name, missing.Actions()...)
}

// Beneath decides an operation on a folder for a node beneath it on which the
// subject has the given rights. A refusal is one of the whole, and does not
// name what may not be seen (MODEL.md 5.1).
func (a *Access) Beneath(op Operation, line alveary.Lineage, rights alveary.Rights) error {
	switch {
	case op.Needs()&^rights == 0:
		return nil
	case !a.Rights(line).Has(alveary.ActionRead):
		return alveary.Withheld(op.String())
	}
	return &alveary.Error{
		Kind: alveary.KindDenied, Op: op.String(), Subject: line.Node().Name, Code: "denied",
		Message: "not everything in this folder may be " + past(op) + " by you; nothing was changed",
		Missing: op.Needs(),
	}
}

func past(op Operation) string {
	switch op {
	case Delete:
		return "deleted"
	case Take, Put, Bin:
		return "moved"
	case Restore:
		return "restored"
	default:
		return "changed"
	}
}

// Abilities tell a screen what the subject may do with a node on which he has
// the rights. What else stands in the way, such as a taken name, only trying
// tells.
func Abilities(n alveary.Node, rights alveary.Rights) alveary.Abilities {
	return AbilitiesWith(n, rights, rights)
}

// AbilitiesWith is Abilities where renditions may be judged by other rights:
// see Access.Renditions.
func AbilitiesWith(n alveary.Node, rights, renditions alveary.Rights) alveary.Abilities {
	out := alveary.Abilities{}
	add := func(word string, op Operation, applies bool, instead string) {
		switch missing := op.Needs() &^ rights; {
		case missing != 0:
			out[word] = alveary.Ability{Reason: alveary.MissingRights(missing.Actions()...)}
		case !applies:
			out[word] = alveary.Ability{Reason: instead}
		default:
			out[word] = alveary.Ability{Allowed: true}
		}
	}
	live := n.Binned.IsZero()
	const binned, onlyFolder, onlyFile = "it is in the recycle bin", "this is not a folder", "this is a folder"
	add("read", See, true, "")
	add("download", ReadBytes, true, "")
	all := rights
	rights = renditions
	add("preview", ReadBytes, !n.IsFolder(), onlyFile)
	rights = all
	add("copy", ReadBytes, live, binned)
	add("write", Edit, live, binned)
	add("rename", Edit, live, binned)
	add("move", Take, live, binned)
	add("bin", Bin, live, binned)
	add("delete", Delete, true, "")
	add("restore", Restore, !live, "it is not in the recycle bin")
	if n.IsFolder() {
		add("createFolder", Edit, live, binned)
		add("upload", Create, live, binned)
		add("versions", See, false, onlyFile)
	} else {
		add("createFolder", Edit, false, onlyFolder)
		add("upload", Change, live, binned)
		add("versions", See, true, "")
	}
	return out
}
