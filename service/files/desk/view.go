package desk

import (
	"slices"

	"alveary"
	"alveary/authz"
)

// Check asks the gate for one operation and remembers a refusal for the audit.
func (v *View) Check(op authz.Operation, line alveary.Lineage) error {
	return v.Note(op, line, Allowed(v.Access, op, line))
}

// Note remembers a refusal, where there is one, for the audit and hands it on.
func (v *View) Note(op authz.Operation, line alveary.Lineage, err error) error {
	if err != nil {
		r := Line(v.Access.Subject(), op.String(), alveary.VerdictDenied, line, err.Error())
		v.refused = &r
	}
	return err
}

// Live finds a node that is not in the bin, with the way to it. A refusal to
// see it comes first, so that its being in the bin tells nobody more.
func (v *View) Live(id alveary.NodeID, op authz.Operation) (alveary.Lineage, error) {
	line, err := v.Tx.Lineage(id)
	if err != nil {
		return nil, err
	}
	return line, v.Admit(line, op)
}

// Admit is live for a node that was found.
func (v *View) Admit(line alveary.Lineage, op authz.Operation) error {
	if err := v.Check(op, line); err != nil {
		return err
	}
	if line.InBin() {
		return v.Tell(line, &alveary.Error{
			Kind: alveary.KindConflict, Op: op.String(), Subject: line.Node().Name, Code: "in-bin",
			Message: "this is in the recycle bin: restore it first",
		})
	}
	return nil
}

// Sees says whether the asker may see a node that he did not ask for.
func (v *View) Sees(line alveary.Lineage) bool {
	return v.Access.Asked(line, alveary.RightRead).Has(alveary.ActionRead) && kept(v.Access, authz.See, line)
}

// Tell hands on what is said of a node to who may read it. To others there is
// none (MODEL.md 5.2).
func (v *View) Tell(line alveary.Lineage, about *alveary.Error) error {
	if v.Sees(line) {
		return about
	}
	return alveary.Withheld(about.Op)
}

// Folder is live for a folder.
func (v *View) Folder(id alveary.NodeID, op authz.Operation) (alveary.Lineage, error) {
	line, err := v.Tx.Lineage(id)
	if err != nil {
		return nil, err
	}
	return line, v.AdmitFolder(line, op)
}

// AdmitFolder is Folder for a node that was found.
func (v *View) AdmitFolder(line alveary.Lineage, op authz.Operation) error {
	if err := v.Admit(line, op); err != nil || line.Node().IsFolder() {
		return err
	}
	return &alveary.Error{
		Kind: alveary.KindInvalid, Op: op.String(), Subject: line.Node().Name, Code: "not-a-folder",
		Message: "this is a file; only a folder can hold others",
	}
}

// Unanchored refuses to move or remove what the house stands on: datasources,
// roots of workspaces, homes, and folders that hold one of them.
func (v *View) Unanchored(op authz.Operation, line alveary.Lineage) error {
	refusal := &alveary.Error{
		Kind: alveary.KindDenied, Op: op.String(), Subject: line.Node().Name, Code: "anchored",
		Message: "this folder is the root of a workspace or holds one; an administrator can change that in the console",
	}
	id := line.Node().ID
	if !line.Node().IsFolder() {
		return nil
	}
	if home, err := v.Tx.IsHome(id); err != nil || home {
		return orErr(err, refusal)
	}
	anchors, err := v.Tx.Anchors()
	if err != nil {
		return err
	}
	if id == alveary.RootID || slices.Contains(anchors, id) {
		return refusal
	}
	beneath, err := v.Tx.Beneath(id, anchors)
	if err != nil || len(beneath) > 0 {
		return orErr(err, refusal)
	}
	return nil
}

func orErr(err error, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
