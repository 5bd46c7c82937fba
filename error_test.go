package alveary_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"alveary"
)

func TestKindOf(t *testing.T) {
	plain := errors.New("the disk hums")
	inner := &alveary.Error{Kind: alveary.KindNotFound, Cause: plain}
	for label, c := range map[string]struct {
		err  error
		want alveary.Kind
	}{
		"nothing":        {nil, alveary.KindInternal},
		"a plain error":  {plain, alveary.KindInternal},
		"an Error":       {inner, alveary.KindNotFound},
		"wrapped":        {fmt.Errorf("read: %w", inner), alveary.KindNotFound},
		"joined":         {errors.Join(plain, inner), alveary.KindNotFound},
		"Error in Error": {&alveary.Error{Kind: alveary.KindConflict, Cause: inner}, alveary.KindConflict},
		"the zero value": {&alveary.Error{}, alveary.KindInternal},
		"Error of plain": {&alveary.Error{Kind: alveary.KindBusy, Cause: plain}, alveary.KindBusy},
	} {
		if got := alveary.KindOf(c.err); got != c.want {
			t.Errorf("%s: %v, want %v", label, got, c.want)
		}
		if c.want != alveary.KindInternal && !alveary.IsKind(c.err, c.want) {
			t.Errorf("%s is not of its kind", label)
		}
		if alveary.IsKind(c.err, alveary.KindChecksum) {
			t.Errorf("%s is of a kind it has not", label)
		}
	}
	// An error without a kind is not an internal Error, it is no Error.
	if alveary.IsKind(plain, alveary.KindInternal) || alveary.IsKind(nil, alveary.KindInternal) {
		t.Error("what is no Error has a kind")
	}
	if !errors.Is(inner, plain) {
		t.Error("the cause cannot be found")
	}
}

func TestErrorForTheLog(t *testing.T) {
	cause := errors.New("EIO")
	for want, e := range map[string]*alveary.Error{
		"":                {},
		"rename":          {Op: "rename"},
		"rename: a: no":   {Op: "rename", Subject: "a", Message: "no"},
		"rename: no: EIO": {Op: "rename", Message: "no", Cause: cause},
		"EIO":             {Cause: cause},
		"a":               {Subject: "a"},
	} {
		if e.Error() != want {
			t.Errorf("%q, want %q", e.Error(), want)
		}
	}
}

// MODEL.md 5.2: what is withheld is told in the words for what does not exist,
// and nothing in it can depend on the node.
func TestWithheldTellsNothing(t *testing.T) {
	e := alveary.Withheld("see")
	if e.Kind != alveary.KindNotFound || e.Code != "not-found" || e.Subject != "" || e.Missing != 0 || e.Cause != nil || e.Message == "" {
		t.Errorf("%#v", e)
	}
	if other := alveary.Withheld("see"); *e != *other {
		t.Errorf("%v differs from %v", e, other)
	}
}

func TestDeniedNamesTheRights(t *testing.T) {
	e := alveary.Denied("create", "reports", alveary.ActionWrite, alveary.ActionUpload)
	if e.Kind != alveary.KindDenied || e.Code != "denied" || e.Subject != "reports" || e.Missing.String() != "write,upload" {
		t.Errorf("%#v", e)
	}
	for _, word := range []string{"write", "upload"} {
		if !strings.Contains(e.Message, word) {
			t.Errorf("%q does not name %s", e.Message, word)
		}
	}
	if one := alveary.Denied("see", "x", alveary.ActionRead); !strings.Contains(one.Message, "the right to read") {
		t.Errorf("%q", one.Message)
	}
}

// MODEL.md 3: at its very instant an entry has passed.
func TestEntryExpires(t *testing.T) {
	at := time.Date(2026, 2, 5, 12, 0, 0, 0, time.UTC)
	e := alveary.Entry{Expires: at}
	for now, want := range map[time.Time]bool{
		at.Add(-1): false, at: true, at.Add(1): true, at.Add(-time.Hour).In(time.FixedZone("", 7200)): false, at.In(time.FixedZone("", -7200)): true,
	} {
		if e.Expired(now) != want {
			t.Errorf("at %v: %v", now, e.Expired(now))
		}
	}
	if (alveary.Entry{}).Expired(at) {
		t.Error("an entry without an expiry has passed")
	}
	if !(alveary.Entry{Expires: time.Unix(0, 0)}).Expired(at) {
		t.Error("an entry that expired at the epoch lives on")
	}
}

func TestSubjectKnown(t *testing.T) {
	for label, c := range map[string]struct {
		s    alveary.Subject
		want bool
	}{
		"nobody":             {alveary.Subject{}, false},
		"somebody":           {alveary.Subject{User: alveary.User{ID: 7}}, true},
		"disabled":           {alveary.Subject{User: alveary.User{ID: 7, Disabled: true}}, false},
		"a role but no user": {alveary.Subject{Role: "r"}, false},
	} {
		if c.s.Known() != c.want {
			t.Errorf("%s: %v", label, c.s.Known())
		}
	}
}

func TestProfiles(t *testing.T) {
	for _, p := range []alveary.Profile{"admin", "standard", "shared", "anon"} {
		if !p.Valid() {
			t.Errorf("%s is not a profile", p)
		}
	}
	for _, p := range []alveary.Profile{"", "Admin", "root", "admin "} {
		if p.Valid() {
			t.Errorf("%q is a profile", p)
		}
	}
}

func TestDisplayName(t *testing.T) {
	if got := (alveary.User{Login: "mia", Name: "Mia Berg"}).DisplayName(); got != "Mia Berg" {
		t.Error(got)
	}
	if got := (alveary.User{Login: "mia"}).DisplayName(); got != "mia" {
		t.Error(got)
	}
}

func TestDecisionInWords(t *testing.T) {
	d := alveary.Decision{Action: alveary.ActionRead, Allowed: true, Trace: []alveary.Reason{
		{Text: "looked at", Clause: "3"}, {Text: "role r holds read here", Clause: "3.4", Decided: true},
	}}
	if got := d.String(); got != "allow read: role r holds read here (3.4)" {
		t.Error(got)
	}
	if got := (alveary.Decision{Action: alveary.ActionWrite}).String(); got != "deny write" {
		t.Error(got)
	}
}
