package alveary_test

import (
	"slices"
	"testing"

	"alveary"
)

const allActions = int(alveary.ActionSync)

func TestRightsAsSets(t *testing.T) {
	for mask := range 1 << allActions {
		var r alveary.Rights
		var want []alveary.Action
		for a := alveary.ActionRead; a <= alveary.ActionSync; a++ {
			if mask&(1<<(a-1)) != 0 {
				r = r.With(a)
				want = append(want, a)
			}
		}
		if got := r.Actions(); !slices.Equal(got, want) {
			t.Errorf("%v has the actions %v, want %v", r, got, want)
		}
		for a := alveary.ActionRead; a <= alveary.ActionSync; a++ {
			if r.Has(a) != slices.Contains(want, a) {
				t.Errorf("%v has %v: %v", r, a, r.Has(a))
			}
		}
		if !r.HasAll(want...) || r.HasAll(append(want, alveary.ActionNone)...) {
			t.Errorf("%v: HasAll", r)
		}
		if r != alveary.Rights(0).With(want...) {
			t.Errorf("%v is not made from its actions", r)
		}
	}
	if len(alveary.AllRights.Actions()) != allActions {
		t.Errorf("all rights are %v", alveary.AllRights)
	}
	if alveary.Givable != alveary.RightRead|alveary.RightWrite || alveary.Givable.String() != "read,write" {
		t.Errorf("the rights that can be given are %v", alveary.Givable)
	}
}

// No action at all, and one that is not known, is held by no set.
func TestNoSetHoldsWhatIsNoAction(t *testing.T) {
	for _, r := range []alveary.Rights{0, alveary.AllRights, 0xff} {
		for _, a := range []alveary.Action{alveary.ActionNone, alveary.ActionSync + 2, 64, 255} {
			if r.Has(a) {
				t.Errorf("%v holds %v (%d)", r, a, a)
			}
		}
	}
	if r := alveary.Rights(0).With(alveary.ActionNone); r != 0 {
		t.Errorf("nothing added gives %v", r)
	}
}

// MODEL.md 3.8: download and sync follow from read, upload and delete from
// write, and nothing follows from these.
func TestImplied(t *testing.T) {
	for given, want := range map[alveary.Rights]string{
		0:                  "",
		alveary.RightRead:  "read,download,sync",
		alveary.RightWrite: "write,delete,upload",
		alveary.Givable:    "read,write,delete,download,upload,sync",
		alveary.Rights(0).With(alveary.ActionDownload, alveary.ActionSync): "download,sync",
		alveary.Rights(0).With(alveary.ActionUpload, alveary.ActionDelete): "delete,upload",
	} {
		if got := given.Implied().String(); got != want {
			t.Errorf("from %q follows %q, want %q", given, got, want)
		}
	}
}

func TestParseRights(t *testing.T) {
	for _, r := range []alveary.Rights{0, alveary.RightRead, alveary.RightWrite, alveary.Givable} {
		if got, err := alveary.ParseRights(r.String()); err != nil || got != r {
			t.Errorf("%q read as %v, %v", r, got, err)
		}
	}
	for _, text := range []string{"delete", "download", "upload", "sync", "none", "Read", "read write", "read;write", " read", "deny", "read,download"} {
		if got, err := alveary.ParseRights(text); got != 0 || !alveary.IsKind(err, alveary.KindInvalid) {
			t.Errorf("%q read as %v, %v; want KindInvalid", text, got, err)
		}
	}
}

func TestWordsOfActions(t *testing.T) {
	for a, want := range map[alveary.Action]string{
		alveary.ActionNone: "none", alveary.ActionRead: "read", alveary.ActionWrite: "write", alveary.ActionDelete: "delete",
		alveary.ActionDownload: "download", alveary.ActionUpload: "upload", alveary.ActionSync: "sync", 7: "unknown", 255: "unknown",
	} {
		if a.String() != want {
			t.Errorf("%d is called %q, want %q", a, a, want)
		}
	}
}
