package authz_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
)

// chapter5 is the table of MODEL.md 5, written down a second time.
var chapter5 = map[authz.Operation]string{
	authz.See:       "read",
	authz.ReadBytes: "read,download",
	authz.Create:    "write,upload",
	authz.Change:    "write,upload",
	authz.Edit:      "write",
	authz.Take:      "read,write",
	authz.Put:       "write",
	authz.Bin:       "write",
	authz.Restore:   "write",
	authz.Delete:    "write,delete",
	authz.None:      "read,write,delete,download,upload,sync",
}

func TestNeedsAreChapterFive(t *testing.T) {
	words := map[string]authz.Operation{}
	for op := authz.None; op <= authz.Delete; op++ {
		want, known := chapter5[op]
		if !known {
			t.Errorf("operation %d is not in the table of the test", op)
		}
		if got := op.Needs().String(); got != want {
			t.Errorf("%v needs %s, want %s", op, got, want)
		}
		if other, taken := words[op.String()]; taken {
			t.Errorf("operations %d and %d are both called %q", op, other, op)
		}
		words[op.String()] = op
	}
	for _, unknown := range []authz.Operation{authz.Delete + 1, 200} {
		if unknown.Needs() != alveary.AllRights {
			t.Errorf("an operation that nobody knows needs %v", unknown.Needs())
		}
	}
}

// Each operation on each combination of rights: allowed with what it needs,
// withheld without read, and else denied by the names of what is missing
// (MODEL.md 5.2). A withheld node answers in the words for one that does not
// exist.
func TestCheckMatrix(t *testing.T) {
	for _, given := range []alveary.Rights{0, alveary.RightRead, alveary.RightWrite, alveary.Givable} {
		a := access(t, on(3, given))
		have := given.Implied()
		for op := authz.None; op <= authz.Delete; op++ {
			missing := op.Needs() &^ have
			err := a.Check(op, line(3))
			switch {
			case missing == 0:
				if err != nil {
					t.Errorf("%v with %v: %v", op, have, err)
				}
			case !have.Has(alveary.ActionRead):
				var e *alveary.Error
				if !errors.As(err, &e) || *e != *alveary.Withheld(op.String()) {
					t.Errorf("%v with %v: %v, want it withheld", op, have, err)
				}
			default:
				var e *alveary.Error
				if !errors.As(err, &e) || e.Kind != alveary.KindDenied || e.Missing != missing || e.Subject != "deep" || e.Code != "denied" {
					t.Errorf("%v with %v: %#v, want %v missing", op, have, err, missing)
					continue
				}
				for _, m := range missing.Actions() {
					if !strings.Contains(e.Message, m.String()) {
						t.Errorf("%v with %v: %q does not name %v", op, have, e.Message, m)
					}
				}
			}
		}
	}
}

// A node that is withheld is answered like one that does not exist, whatever
// it is called and wherever it lies.
func TestWithheldNodesLookAlike(t *testing.T) {
	a := access(t, on(3, 0), alveary.Entry{Role: "mia", Node: 5, Deny: true})
	for op := authz.None; op <= authz.Delete; op++ {
		want := alveary.Withheld(op.String())
		for _, node := range []alveary.NodeID{1, 2, 3, 4, 5} {
			var e *alveary.Error
			if err := a.Check(op, line(node)); !errors.As(err, &e) || *e != *want {
				t.Errorf("%v on %v: %#v", op, node, err)
			}
		}
	}
}

// Drop box: write without read may upload and sees nothing.
func TestDropBox(t *testing.T) {
	a := access(t, on(3, alveary.RightWrite))
	if err := a.Check(authz.Create, line(3)); err != nil {
		t.Errorf("create: %v", err)
	}
	for _, op := range []authz.Operation{authz.See, authz.ReadBytes, authz.Take} {
		if err := a.Check(op, line(3)); !alveary.IsKind(err, alveary.KindNotFound) {
			t.Errorf("%v: %v", op, err)
		}
	}
}

// checkAll decides for a folder and what is in it, as services do.
func checkAll(a *authz.Access, op authz.Operation, folder alveary.Lineage, beneath []alveary.Lineage) error {
	err := a.Check(op, folder)
	for i := 0; err == nil && i < len(beneath); i++ {
		err = a.Beneath(op, folder, a.Rights(beneath[i]))
	}
	return err
}

// MODEL.md 5.1: one node without the needed right refuses the whole, and the
// answer does not name it.
func TestCheckAll(t *testing.T) {
	deny := func(node alveary.NodeID) alveary.Entry { return alveary.Entry{Role: "mia", Node: node, Deny: true} }
	beneath := []alveary.Lineage{line(3), line(4), line(5)}
	for _, op := range []authz.Operation{authz.Take, authz.Bin, authz.Restore, authz.Delete} {
		for label, c := range map[string]struct {
			entries []alveary.Entry
			want    alveary.Kind // KindInternal: allowed
		}{
			"all may":                      {[]alveary.Entry{on(2, alveary.Givable), on(4, alveary.Givable)}, alveary.KindInternal},
			"a deny on one file":           {[]alveary.Entry{on(2, alveary.Givable), deny(4)}, alveary.KindDenied},
			"a deny on the last":           {[]alveary.Entry{on(2, alveary.Givable), deny(5)}, alveary.KindDenied},
			"read only on a folder":        {[]alveary.Entry{on(2, alveary.Givable), on(3, alveary.RightRead)}, alveary.KindDenied},
			"the folder itself read only":  {[]alveary.Entry{on(2, alveary.RightRead), on(4, alveary.Givable)}, alveary.KindDenied},
			"the folder itself withheld":   {[]alveary.Entry{on(3, alveary.Givable)}, alveary.KindNotFound},
			"unseen folder, a deny within": {[]alveary.Entry{on(2, alveary.RightWrite), deny(4)}, alveary.KindNotFound},
		} {
			err := checkAll(access(t, c.entries...), op, line(2), beneath)
			if (err == nil) != (c.want == alveary.KindInternal) || err != nil && !alveary.IsKind(err, c.want) {
				t.Errorf("%v, %s: %v, want kind %d", op, label, err, c.want)
			}
			if err == nil {
				continue
			}
			for _, secret := range []string{"deep", "file.txt", "other.txt"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%v, %s: %q names %s", op, label, err, secret)
				}
			}
			if c.want == alveary.KindNotFound && err.Error() != alveary.Withheld(op.String()).Error() {
				t.Errorf("%v, %s: %q is not the answer for what does not exist", op, label, err)
			}
		}
	}
}

// words are the actions of a screen with the operation that each stands for.
var words = map[string]func(alveary.Node) authz.Operation{
	"read": is(authz.See), "download": is(authz.ReadBytes), "copy": is(authz.ReadBytes), "write": is(authz.Edit), "rename": is(authz.Edit),
	"move": is(authz.Take), "bin": is(authz.Bin), "delete": is(authz.Delete), "restore": is(authz.Restore), "createFolder": is(authz.Edit),
	"versions": is(authz.See), "preview": is(authz.ReadBytes),
	"upload": func(n alveary.Node) authz.Operation {
		if n.IsFolder() {
			return authz.Create
		}
		return authz.Change
	},
}

func is(op authz.Operation) func(alveary.Node) authz.Operation {
	return func(alveary.Node) authz.Operation { return op }
}

// applies says whether the action makes sense on the node at all.
func applies(word string, n alveary.Node) bool {
	switch word {
	case "read", "download", "delete":
		return true
	case "restore":
		return !n.Binned.IsZero()
	case "versions", "preview":
		return !n.IsFolder()
	case "createFolder":
		return n.IsFolder() && n.Binned.IsZero()
	}
	return n.Binned.IsZero()
}

// What a screen is told is what Check will answer, for every set of rights; an
// action that is missing carries its reason.
func TestAbilitiesAgreeWithCheck(t *testing.T) {
	for _, n := range []alveary.Node{
		{Type: alveary.Leaf},
		{Type: alveary.Collection},
		{Type: alveary.Leaf, Binned: present},
		{Type: alveary.Collection, Binned: present},
	} {
		for bits := range 1 << 6 {
			rights := alveary.Rights(bits << 1)
			got := authz.Abilities(n, rights)
			if !slices.Equal(slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(words))) {
				t.Fatalf("the abilities are %v", slices.Sorted(maps.Keys(got)))
			}
			for word, ability := range got {
				op := words[word](n)
				if want := rights.HasAll(op.Needs().Actions()...) && applies(word, n); ability.Allowed != want {
					t.Errorf("%s with %v on %v: %v, want %v", word, rights, n, ability, want)
				}
				if ability.Allowed != (ability.Reason == "") {
					t.Errorf("%s with %v on %v: %v", word, rights, n, ability)
				}
			}
		}
	}
	for _, given := range []alveary.Rights{0, alveary.RightRead, alveary.RightWrite, alveary.Givable} {
		a := access(t, on(2, given))
		for _, node := range []alveary.NodeID{3, 4} {
			n := line(node).Node()
			for word, ability := range authz.Abilities(n, a.Rights(line(node))) {
				if err := a.Check(words[word](n), line(node)); applies(word, n) && ability.Allowed != (err == nil) {
					t.Errorf("%s with %v: able %v, checked %v", word, given, ability, err)
				}
			}
		}
	}
}

// Grants come after an allow only, say what was decided, and open that alone.
func TestGrants(t *testing.T) {
	g, verifier := newGate(t)
	src := newSource()
	type ask func(*authz.Access) (alveary.Grant, error)
	for label, c := range map[string]struct {
		ask    ask
		node   alveary.NodeID
		op     authz.Operation
		action alveary.Action
		want   alveary.Grant
	}{
		"read": {
			func(a *authz.Access) (alveary.Grant, error) { return a.GrantRead(line(4), 3, "old") }, 4, authz.ReadBytes, alveary.ActionDownload,
			alveary.Grant{Node: 4, Version: 3, Blob: "old"},
		},
		"create": {
			func(a *authz.Access) (alveary.Grant, error) { return a.GrantCreate(line(3), "mine") }, 3, authz.Create, alveary.ActionUpload,
			alveary.Grant{Node: 3, Blob: "mine"},
		},
		"change": {
			func(a *authz.Access) (alveary.Grant, error) { return a.GrantChange(line(4), "mine") }, 4, authz.Change, alveary.ActionUpload,
			alveary.Grant{Node: 4, Version: 6, Blob: "mine"},
		},
	} {
		t.Run(label, func(t *testing.T) {
			for _, given := range []alveary.Rights{0, alveary.RightRead, alveary.RightWrite, alveary.Givable} {
				src.set(on(2, given))
				a := bind(t, g, src, mia)
				got, err := c.ask(a)
				if refused := a.Check(c.op, line(c.node)); (err == nil) != (refused == nil) || err != nil && err.Error() != refused.Error() {
					t.Fatalf("with %v: %v, checked %v", given, err, refused)
				}
				if allowed := given.Implied().HasAll(c.op.Needs().Actions()...); allowed != (err == nil) {
					t.Fatalf("with %v: %v", given, err)
				}
				if err != nil {
					if got != (alveary.Grant{}) {
						t.Errorf("with %v: a grant beside the refusal: %+v", given, got)
					}
					continue
				}
				if got.Node != c.want.Node || got.Version != c.want.Version || got.Blob != c.want.Blob || got.Action != c.action {
					t.Errorf("%+v, want %+v", got, c.want)
				}
				for action := alveary.ActionNone; action <= alveary.ActionSync; action++ {
					if err := verifier.Verify(got, action, present); (err == nil) != (action == c.action) {
						t.Errorf("for %v: %v", action, err)
					}
				}
				if err := verifier.Verify(got, c.action, present.Add(time.Hour)); err == nil {
					t.Error("still good after an hour")
				}
				got.Node = 5 // swapped after the decision
				if err := verifier.Verify(got, c.action, present); !alveary.IsKind(err, alveary.KindDenied) {
					t.Errorf("for another node: %v", err)
				}
			}
		})
	}
}
