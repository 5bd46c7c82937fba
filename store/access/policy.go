package access

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"alveary"
	"alveary/store/sqldb"
)

const versionColumns = `v.policy_id, v.version, v.body, v.author, v.at, v.note, v.deleted`

func noPolicy() error { return notFound("find the policy", "there is no such policy") }

// readPolicy reads a stored policy. Whatever cannot be read in full is an
// error: a rule that is silently left out could be a deny.
func readPolicy(id alveary.PolicyID, body string) (p alveary.Policy, err error) {
	d := json.NewDecoder(strings.NewReader(body))
	d.DisallowUnknownFields()
	if err = d.Decode(&p); err == nil {
		if _, end := d.Token(); !errors.Is(end, io.EOF) {
			err = errors.New("something follows the policy")
		}
	}
	if err == nil && p.ID != id {
		err = errors.New("it says that it is the policy " + string(p.ID))
	}
	if err == nil {
		return p, nil
	}
	return alveary.Policy{ID: id}, &alveary.Error{
		Kind: alveary.KindInternal, Op: "read the policy", Subject: string(id), Code: "policy-damaged",
		Message: "the stored policy " + string(id) + " cannot be read", Cause: err,
	}
}

// CheckStoredPolicy says what is wrong with the stored text of a policy.
func CheckStoredPolicy(id, body string) error {
	_, err := readPolicy(alveary.PolicyID(id), body)
	return err
}

func scanVersion(row sqldb.Scanner) (v alveary.PolicyVersion, err error) {
	var id alveary.PolicyID
	var body string
	var at int64
	var deleted int
	if err := row.Scan(&id, &v.Version, &body, &v.Author, &at, &v.Note, &deleted); err != nil {
		return v, err
	}
	v.At, v.Deleted = sqldb.Time(at), deleted != 0
	v.Policy, err = readPolicy(id, body)
	return v, err
}

// Policies lists the current policies by id, whatever their type and mode. One
// that cannot be read is an error that names it. They are shared with other
// readers and must not be changed; as long as a policy is the same its rules
// are the same memory.
func (r Rows) Policies() (policies []alveary.Policy, err error) {
	all := r.shelf.lend()
	err = r.sql.All(func(row sqldb.Scanner) error {
		var id alveary.PolicyID
		var body string
		if err := row.Scan(&id, &body); err != nil {
			return err
		}
		p, err := all.read(id, body)
		policies = append(policies, p)
		return err
	}, `SELECT v.policy_id, v.body FROM policies p JOIN policy_versions v ON v.policy_id = p.id AND v.version = p.version WHERE v.deleted = 0`)
	if err != nil {
		return nil, err
	}
	r.shelf.keep(all)
	slices.SortFunc(policies, func(a, b alveary.Policy) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return policies, nil
}

// PolicyHeads lists the current version of each policy by id.
func (r Rows) PolicyHeads() ([]alveary.PolicyVersion, error) {
	heads, err := r.versions(` JOIN policies p ON p.id = v.policy_id AND p.version = v.version WHERE v.deleted = 0`)
	slices.SortFunc(heads, func(a, b alveary.PolicyVersion) int {
		return strings.Compare(string(a.Policy.ID), string(b.Policy.ID))
	})
	return heads, err
}

// Policy finds a policy as it is now; KindNotFound where there is none or it
// was deleted.
func (r Rows) Policy(id alveary.PolicyID) (alveary.PolicyVersion, error) {
	v, err := scanVersion(r.sql.Row(`SELECT `+versionColumns+` FROM policy_versions v
 JOIN policies p ON p.id = v.policy_id AND p.version = v.version WHERE p.id = $1 AND v.deleted = 0`, id))
	return v, orMissing(err, noPolicy())
}

// PolicyVersion finds one version of a policy, also of one that was deleted;
// KindNotFound where there is none.
func (r Rows) PolicyVersion(id alveary.PolicyID, version int64) (alveary.PolicyVersion, error) {
	v, err := scanVersion(r.sql.Row(`SELECT `+versionColumns+` FROM policy_versions v WHERE v.policy_id = $1 AND v.version = $2`, id, version))
	return v, orMissing(err, notFound("find the version", "this policy has no such version"))
}

// PolicyVersions lists the versions of a policy, newest first, also of one
// that was deleted; none where there never was such a policy.
func (r Rows) PolicyVersions(id alveary.PolicyID) ([]alveary.PolicyVersion, error) {
	return r.versions(` WHERE v.policy_id = $1 ORDER BY v.version DESC`, id)
}

func (r Rows) versions(where string, args ...any) (versions []alveary.PolicyVersion, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		v, err := scanVersion(row)
		versions = append(versions, v)
		return err
	}, `SELECT `+versionColumns+` FROM policy_versions v`+where, args...)
	return versions, err
}

// LastPolicyVersion is the number of the newest version of a policy, also of
// one that was deleted; 0 where there never was one.
func (r Rows) LastPolicyVersion(id alveary.PolicyID) (last int64, err error) {
	err = r.sql.Row(`SELECT COALESCE(MAX(version), 0) FROM policy_versions WHERE policy_id = $1`, id).Scan(&last)
	return last, err
}

// PutPolicy makes the next version of a policy, its first where there was
// none. What was counted of the version before is forgotten.
func (r Rows) PutPolicy(p alveary.Policy, author, note string) (alveary.PolicyVersion, error) {
	return r.append(alveary.PolicyVersion{Policy: p, Author: author, Note: note})
}

// DeletePolicy ends a policy with a version that says so; its versions and
// scenarios are kept. KindNotFound where there is none; KindConflict "in-use"
// while an entry names it (MODEL.md 3.5).
func (r Rows) DeletePolicy(id alveary.PolicyID, author, note string) error {
	v, err := r.Policy(id)
	if err != nil {
		return err
	}
	users, err := r.EntriesNaming(id)
	if err != nil {
		return err
	}
	if len(users) > 0 {
		return &alveary.Error{
			Kind: alveary.KindConflict, Op: "delete the policy", Subject: string(id), Code: "in-use",
			Message: "an entry names this policy: name another one there, or delete the entry, first",
		}
	}
	_, err = r.append(alveary.PolicyVersion{Policy: v.Policy, Author: author, Note: note, Deleted: true})
	return err
}

func (r Rows) append(v alveary.PolicyVersion) (alveary.PolicyVersion, error) {
	const op = "keep the policy"
	id := v.Policy.ID
	if err := errors.Join(alveary.CheckPolicyID(id), checkText(op, string(id), v.Author, v.Note)); err != nil {
		return v, err
	}
	body, err := json.Marshal(v.Policy)
	if err == nil {
		// What is kept is what was checked: no text that reads back otherwise.
		v.Policy, err = readPolicy(id, string(body))
	}
	if err != nil || !bytes.Equal(body, marshal(v.Policy)) {
		return v, &alveary.Error{Kind: alveary.KindInvalid, Op: op, Subject: string(id), Code: "invalid", Message: "this policy cannot be written as JSON", Cause: err}
	}
	last, err := r.LastPolicyVersion(id)
	if err != nil {
		return v, err
	}
	v.Version, v.At = last+1, sqldb.Time(sqldb.Micros(r.now))
	if _, err := r.sql.Exec(`INSERT INTO policy_versions (policy_id, version, body, author, at, note, deleted) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, v.Version, string(body), v.Author, sqldb.Micros(v.At), v.Note, sqldb.Bool(v.Deleted)); err != nil {
		return v, err
	}
	if _, err := r.sql.Exec(`DELETE FROM policy_observations WHERE policy_id = $1`, id); err != nil {
		return v, err
	}
	return v, r.change(`INSERT INTO policies (id, version) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET version = excluded.version`, id, v.Version)
}

func marshal(p alveary.Policy) []byte {
	body, err := json.Marshal(p)
	if err != nil {
		return nil
	}
	return body
}

// PolicyScenarios lists the scenarios that are attached to a policy, in their
// order.
func (r Rows) PolicyScenarios(id alveary.PolicyID) (list []alveary.PolicyScenario, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		var s alveary.PolicyScenario
		err := row.Scan(&s.Name, &s.Text)
		list = append(list, s)
		return err
	}, `SELECT name, body FROM policy_scenarios WHERE policy_id = $1 ORDER BY position`, id)
	return list, err
}

// SetPolicyScenarios attaches scenarios to a policy in place of those before.
// They decide nothing, so the access data stay as they are.
func (r Rows) SetPolicyScenarios(id alveary.PolicyID, list []alveary.PolicyScenario) error {
	if _, err := r.sql.Exec(`DELETE FROM policy_scenarios WHERE policy_id = $1`, id); err != nil {
		return err
	}
	for i, s := range list {
		if err := checkText("keep the scenario", s.Name, s.Text); err != nil {
			return err
		}
		if _, err := r.sql.Exec(`INSERT INTO policy_scenarios (policy_id, position, name, body) VALUES ($1, $2, $3, $4)`,
			id, i, s.Name, s.Text); err != nil {
			return err
		}
	}
	return nil
}

// AddObservations adds to how often observed policies would have changed an
// answer, the last time at the given instant. It changes no access.
func (r Rows) AddObservations(counts map[alveary.PolicyID]int64, at time.Time) error {
	for _, id := range slices.Sorted(maps.Keys(counts)) {
		if _, err := r.sql.Exec(`INSERT INTO policy_observations (policy_id, total, last_at)
 SELECT p.id, $2, $3 FROM policies p WHERE p.id = $1
 ON CONFLICT (policy_id) DO UPDATE SET total = policy_observations.total + excluded.total,
 last_at = CASE WHEN excluded.last_at > policy_observations.last_at THEN excluded.last_at ELSE policy_observations.last_at END`,
			id, counts[id], sqldb.Micros(at)); err != nil {
			return err
		}
	}
	return nil
}

// Observations are the counts of the current versions.
func (r Rows) Observations() (map[alveary.PolicyID]alveary.Observation, error) {
	all := map[alveary.PolicyID]alveary.Observation{}
	err := r.sql.All(func(row sqldb.Scanner) error {
		var o alveary.Observation
		var last int64
		err := row.Scan(&o.Policy, &o.Count, &last)
		o.Last = sqldb.Time(last)
		all[o.Policy] = o
		return err
	}, `SELECT policy_id, total, last_at FROM policy_observations`)
	return all, err
}
