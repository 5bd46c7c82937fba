package store

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
)

// shippedIDs are the policies of a fresh store.
var shippedIDs = []alveary.PolicyID{"oidc-everybody", "rest-account", "rest-administrators", "rest-links", "rest-people", "rest-public", "rest-sharing", "rest-sign-in", "rest-web-only"}

func somePolicy(id alveary.PolicyID, label string) alveary.Policy {
	return alveary.Policy{
		ID: id, Type: alveary.PolicyACL, Label: label, Mode: alveary.ModeObserved,
		Rules: []alveary.Rule{
			{
				ID: "r1", Effect: alveary.EffectDeny, Actions: []string{"read"}, Subjects: []string{}, Resources: nil,
				Conditions: alveary.Conditions{
					{Attribute: "RemoteAddress", Condition: alveary.Condition{Type: "CIDRCondition", Options: map[string]any{"cidr": "10.0.0.0/8"}}},
					{Attribute: "A<b>&", Condition: alveary.Condition{Type: "InCondition", Options: map[string]any{"values": []any{"x", float64(3), true, nil}}}},
				},
			},
			{Effect: alveary.EffectAllow, Actions: []string{"<.*>"}, Subjects: []string{"user:ann"}},
		},
	}
}

func put(t testing.TB, s *Store, p alveary.Policy, author, note string) (v alveary.PolicyVersion) {
	t.Helper()
	write(t, s, func(tx *Tx) (err error) { v, err = tx.PutPolicy(p, author, note); return err })
	return v
}

func ids(policies []alveary.Policy) (ids []alveary.PolicyID) {
	for _, p := range policies {
		ids = append(ids, p.ID)
	}
	return ids
}

// Every version stays, going back is a version, and a deleted policy can come
// back.
func TestPolicyVersions(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		first, second := somePolicy("p é", "first"), somePolicy("p é", "second")
		one := put(t, s, first, "mia", "begin")
		put(t, s, second, "tom", "")
		write(t, s, func(tx *Tx) error { return tx.DeletePolicy("p é", "mia", "no longer") })
		wantKind(t, s.Write(t.Context(), func(tx *Tx) error { return tx.DeletePolicy("p é", "mia", "") }), alveary.KindNotFound, "not-found")
		read(t, s, func(tx *Tx) error {
			_, err := tx.Policy("p é")
			wantKind(t, err, alveary.KindNotFound, "not-found")
			all, err := tx.Policies()
			if !slices.Equal(ids(all), shippedIDs) {
				t.Errorf("%q", ids(all))
			}
			return err
		})
		back := put(t, s, first, "mia", "back to version 1")
		if one.Version != 1 || back.Version != 4 || !one.At.Before(back.At) {
			t.Errorf("%+v, %+v", one, back)
		}
		read(t, s, func(tx *Tx) error {
			versions, err := tx.PolicyVersions("p é")
			if err != nil || len(versions) != 4 {
				t.Fatalf("%+v, %v", versions, err)
			}
			for i, want := range []alveary.PolicyVersion{
				{Version: 4, Policy: first, Author: "mia", Note: "back to version 1"},
				{Version: 3, Policy: second, Author: "mia", Note: "no longer", Deleted: true},
				{Version: 2, Policy: second, Author: "tom"},
				{Version: 1, Policy: first, Author: "mia", Note: "begin"},
			} {
				got := versions[i]
				one, err := tx.PolicyVersion("p é", want.Version)
				if err != nil || !reflect.DeepEqual(one, got) {
					t.Errorf("alone: %+v, %v", one, err)
				}
				want.At = got.At
				if !reflect.DeepEqual(got, want) || got.At.IsZero() {
					t.Errorf("%+v, want %+v", got, want)
				}
			}
			now, err := tx.Policy("p é")
			if !reflect.DeepEqual(now, versions[0]) {
				t.Errorf("%+v", now)
			}
			_, missing := tx.PolicyVersion("p é", 5)
			wantKind(t, missing, alveary.KindNotFound, "not-found")
			if none, err := tx.PolicyVersions("never"); len(none) != 0 || err != nil {
				t.Errorf("%+v, %v", none, err)
			}
			return err
		})
		for _, bad := range []alveary.PolicyID{"", " a", "a\nb", "a\x00", alveary.PolicyID(strings.Repeat("x", 129))} {
			err := s.Write(t.Context(), func(tx *Tx) error { _, err := tx.PutPolicy(somePolicy(bad, ""), "", ""); return err })
			if !alveary.IsKind(err, alveary.KindInvalid) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		unwritable := somePolicy("q", "")
		unwritable.Rules[0].Conditions[0].Options["cidr"] = func() {}
		err := s.Write(t.Context(), func(tx *Tx) error { _, err := tx.PutPolicy(unwritable, "", ""); return err })
		wantKind(t, err, alveary.KindInvalid, "invalid")
	})
}

// MODEL.md 3.5: a policy that an entry names is not deleted.
func TestPolicyInUse(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		put(t, s, somePolicy("p", ""), "", "")
		put(t, s, somePolicy("p2", ""), "", "")
		var e alveary.Entry
		write(t, s, func(tx *Tx) (err error) {
			e, err = tx.InsertEntry(alveary.Entry{Role: RoleAdministrators, Node: commonFolder, Policies: []alveary.PolicyID{"x", "p"}})
			return err
		})
		remove := func(tx *Tx) error { return tx.DeletePolicy("p", "mia", "") }
		wantKind(t, s.Write(t.Context(), remove), alveary.KindConflict, "in-use")
		e.Policies = []alveary.PolicyID{"p2", "pp"}
		write(t, s, func(tx *Tx) error { _, err := tx.UpdateEntry(e); return err })
		read(t, s, func(tx *Tx) error {
			none, err := tx.EntriesNaming("p")
			some, err2 := tx.EntriesNaming("p2")
			if len(none) != 0 || len(some) != 1 || !reflect.DeepEqual(some[0], e) || err2 != nil {
				t.Errorf("%+v, %+v, %v", none, some, err2)
			}
			return err
		})
		write(t, s, remove)
	})
}

// A stored policy that cannot be read in full keeps the access data from being
// read (MODEL.md 7.5), is named, and is found by the check.
func TestDamagedPolicy(t *testing.T) {
	eachConfig(t, func(t *testing.T, cfg Config) {
		s := open(t, cfg)
		put(t, s, somePolicy("p", ""), "", "")
		for _, body := range []string{
			``, `{`, `{"id":"p"} {}`, `{"id":"other","type":"acl","rules":[]}`, `{"id":"p","type":"acl","rules":[],"more":1}`,
			`{"id":"p","type":"acl","rules":[{"effect":"deny","actions":["read"],"until":"later"}]}`,
		} {
			write(t, s, func(tx *Tx) error {
				_, err := tx.exec(`UPDATE policy_versions SET body = $1 WHERE policy_id = 'p'`, body)
				return err
			})
			_, err := s.Access(t.Context())
			if alveary.KindOf(err) != alveary.KindInternal || !strings.Contains(fmt.Sprint(err), "policy p ") {
				t.Errorf("%s: %v", body, err)
			}
			found, err := s.Check(t.Context())
			if err != nil || len(found) != 1 || !strings.Contains(found[0], "the policy p cannot be read") {
				t.Errorf("%s: %q, %v", body, found, err)
			}
		}
		put(t, s, somePolicy("p", "again"), "", "") // a new version mends it
		if _, err := s.Access(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestPolicyScenarios(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		version, _ := s.AccessVersion(t.Context())
		want := []alveary.PolicyScenario{{Name: "z", Text: "ask: []\n"}, {Name: "a", Text: "ünï"}}
		for _, list := range [][]alveary.PolicyScenario{want, want[1:], nil, want} {
			write(t, s, func(tx *Tx) error { return tx.SetPolicyScenarios("rest-people", list) })
			read(t, s, func(tx *Tx) error {
				got, err := tx.PolicyScenarios("rest-people")
				if !slices.Equal(got, list) {
					t.Errorf("%+v, want %+v", got, list)
				}
				return err
			})
		}
		err := s.Write(t.Context(), func(tx *Tx) error {
			return tx.SetPolicyScenarios("rest-people", []alveary.PolicyScenario{{Name: "x", Text: "a\x00b"}})
		})
		wantKind(t, err, alveary.KindInvalid, "invalid")
		if now, err := s.AccessVersion(t.Context()); now != version || err != nil {
			t.Errorf("scenarios changed the access data: %d after %d, %v", now, version, err)
		}
	})
}

// Observations add up, are of the current version alone, and change no access.
func TestObservations(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		put(t, s, somePolicy("p", ""), "", "")
		put(t, s, somePolicy("q", ""), "", "")
		version, _ := s.AccessVersion(t.Context())
		at := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
		add := func(at time.Time, counts map[alveary.PolicyID]int64) {
			write(t, s, func(tx *Tx) error { return tx.AddObservations(counts, at) })
		}
		add(at, map[alveary.PolicyID]int64{"p": 3, "q": 1, "unknown": 9})
		add(at.Add(-time.Hour), map[alveary.PolicyID]int64{"p": 4})
		want := map[alveary.PolicyID]alveary.Observation{"p": {Policy: "p", Count: 7, Last: at}, "q": {Policy: "q", Count: 1, Last: at}}
		look := func() {
			t.Helper()
			read(t, s, func(tx *Tx) error {
				got, err := tx.Observations()
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%+v, want %+v", got, want)
				}
				return err
			})
		}
		look()
		if now, err := s.AccessVersion(t.Context()); now != version || err != nil {
			t.Errorf("observations changed the access data: %d after %d, %v", now, version, err)
		}
		put(t, s, somePolicy("p", "next"), "", "")
		delete(want, "p")
		look()
	})
}

// What is shipped is there from the start, of the types and modes it should
// have, and comes back neither changed nor deleted.
func TestShippedPolicies(t *testing.T) {
	eachConfig(t, func(t *testing.T, cfg Config) {
		s, err := Open(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		read(t, s, func(tx *Tx) error {
			heads, err := tx.PolicyHeads()
			for i, v := range heads {
				p := v.Policy
				off := p.ID == "rest-web-only"
				if p.ID != shippedIDs[i] || v.Version != 1 || v.Author != "" || p.InForce() == off || !strings.HasPrefix(string(p.ID), string(p.Type)+"-") || p.Label == "" {
					t.Errorf("%+v", v)
				}
			}
			return err
		})
		own := somePolicy("rest-people", "ours")
		put(t, s, own, "mia", "")
		write(t, s, func(tx *Tx) error { return tx.DeletePolicy("rest-public", "mia", "") })
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open(t, cfg)
		data, err := s.Access(t.Context())
		if err != nil || !slices.Equal(ids(data.Policies), []alveary.PolicyID{"oidc-everybody", "rest-account", "rest-administrators", "rest-links", "rest-people", "rest-sharing", "rest-sign-in", "rest-web-only"}) ||
			!data.Policies[4].Equal(own) {
			t.Errorf("%+v, %v", data.Policies, err)
		}
	})
}

// 10,000 policies of three rules are read with the access data.
func BenchmarkAccessOf10000Policies(b *testing.B) {
	eachBench(b, func(b *testing.B, s *Store) {
		write(b, s, func(tx *Tx) error {
			for i := range 10_000 {
				p := somePolicy(alveary.PolicyID(fmt.Sprint("policy-", i)), "")
				p.Rules = append(p.Rules, p.Rules[0])
				if _, err := tx.PutPolicy(p, "", ""); err != nil {
					return err
				}
			}
			return nil
		})
		b.ReportAllocs()
		for b.Loop() {
			if data, err := s.Access(b.Context()); err != nil || len(data.Policies) != 10_000+len(shippedIDs) {
				b.Fatal(len(data.Policies), err)
			}
		}
	})
}
