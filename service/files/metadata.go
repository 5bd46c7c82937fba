package files

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"alveary"
	"alveary/authz"
	"alveary/service/files/desk"
	"alveary/store"
)

// SetMetadata gives a node the values of one namespace in place of those it
// has; none remove them. It is decided on the node as it is and as it will be
// (MODEL.md 5.0), and by the setting of the namespace.
func (t *Tree) SetMetadata(ctx context.Context, s alveary.Subject, id alveary.NodeID, namespace string, values []string) (it Item, err error) {
	values = distinct(values)
	if err := alveary.CheckMetadata(namespace, values); err != nil {
		return it, err
	}
	err = t.write(ctx, s, func(v *view) error {
		// Asked first, of whatever node, so that a refusal tells nothing of one.
		if err := v.mayEdit(namespace); err != nil {
			return err
		}
		line, err := v.Live(id, authz.Edit)
		if err != nil {
			return err
		}
		will := line.Node()
		will.Meta = will.Meta.With(namespace, values...)
		there := line[:len(line)-1].Child(will)
		if err := v.checkMetadata(line, there); err != nil {
			return err
		}
		if !slices.Equal(line.Node().Meta.Get(namespace), values) {
			n, err := v.Tx.SetMetadata(line, will.Meta)
			if err != nil {
				return err
			}
			there = line[:len(line)-1].Child(n)
			if err := v.Record("set-metadata", there, spelled(namespace, values)); err != nil {
				return err
			}
		}
		it, err = v.answer(there, alveary.Node{})
		return err
	})
	return it, err
}

// checkMetadata asks for a node as its metadata will make it. What a policy
// denies because of a tag nobody lifts from himself by taking the tag away, but
// for administrators: someone must be able to, and they could change the policy.
func (v *view) checkMetadata(line, there alveary.Lineage) error {
	if v.Access.Subject().User.Profile == alveary.ProfileAdmin {
		return v.CheckNew(authz.Edit, line[:len(line)-1], there.Node())
	}
	return v.CheckMove(authz.Edit, line, there)
}

// distinct keeps the first of each value.
func distinct(values []string) []string {
	var out []string
	for _, one := range values {
		if !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}

// spelled is what the audit log keeps of values: all of them where they are
// short.
func spelled(namespace string, values []string) string {
	if text := fmt.Sprintf("%s: %q", namespace, values); len(text) <= 500 {
		return text
	}
	return fmt.Sprintf("%s: %d values", namespace, len(values))
}

// mayEdit asks the setting of a namespace.
func (v *view) mayEdit(namespace string) error {
	all, err := v.Tx.Namespaces()
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(n store.Namespace) bool { return n.Name == namespace })
	if at < 0 {
		return &alveary.Error{
			Kind: alveary.KindInvalid, Op: "set metadata", Subject: namespace, Code: "no-namespace",
			Message: "there is no such namespace of metadata: an administrator makes them",
		}
	}
	if all[at].Editors == store.EditorsWriters || administers(v.Access.Subject()) {
		return nil
	}
	return v.Note(authz.Edit, nil, &alveary.Error{
		Kind: alveary.KindDenied, Op: authz.Edit.String(), Subject: namespace, Code: "not-editor", Missing: alveary.RightWrite,
		Message: "only administrators may write into this namespace of metadata",
	})
}

func administers(s alveary.Subject) bool { return s.Known() && s.User.Profile == alveary.ProfileAdmin }

// Namespace is a namespace of user metadata and who may edit it.
type Namespace = store.Namespace

// mostNamespaces bounds what a node can be given.
const mostNamespaces = 64

// Namespaces keeps the namespaces of user metadata. Everybody may know them;
// administrators alone change them, whatever a rest policy lets through.
type Namespaces struct{ *core }

// List lists the namespaces by name.
func (n *Namespaces) List(ctx context.Context) (list []Namespace, err error) {
	err = n.store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.Namespaces()
		return err
	})
	return list, err
}

// Put makes a namespace, or changes its label and editors.
func (n *Namespaces) Put(ctx context.Context, s alveary.Subject, one Namespace) (Namespace, error) {
	one.Label = strings.TrimSpace(one.Label)
	if one.Label == "" {
		one.Label = one.Name
	}
	if err := alveary.CheckLine("the label", one.Label, 200); err != nil {
		return one, err
	}
	return one, n.change(ctx, s, "set-namespace", fmt.Sprintf("%s: %s, edited by %s", one.Name, one.Label, one.Editors), func(tx *store.Tx) error {
		all, err := tx.Namespaces()
		if err != nil {
			return err
		}
		known := slices.ContainsFunc(all, func(have Namespace) bool { return have.Name == one.Name })
		if !known && len(all) >= mostNamespaces {
			return &alveary.Error{
				Kind: alveary.KindInvalid, Op: "make the namespace", Subject: one.Name, Code: "invalid",
				Message: "there are 64 namespaces already: take one away that is not needed any more",
			}
		}
		return tx.PutNamespace(one)
	})
}

// Delete takes a namespace away. What nodes hold in it stays, still counts in
// policies, and cannot be edited.
func (n *Namespaces) Delete(ctx context.Context, s alveary.Subject, name string) error {
	return n.change(ctx, s, "delete-namespace", name, func(tx *store.Tx) error { return tx.DeleteNamespace(name) })
}

func (n *Namespaces) change(ctx context.Context, s alveary.Subject, action, detail string, fn func(*store.Tx) error) error {
	if !administers(s) {
		refusal := &alveary.Error{Kind: alveary.KindDenied, Op: "change a namespace", Code: "not-held", Message: "only administrators may change namespaces of metadata"}
		return errors.Join(refusal, n.store.Record(context.WithoutCancel(ctx), desk.Line(s, "console", alveary.VerdictDenied, nil, refusal.Error())))
	}
	return n.store.Write(ctx, func(tx *store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return tx.Record(desk.Line(s, action, alveary.VerdictDone, nil, detail))
	})
}
