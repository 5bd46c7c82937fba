package govern

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"alveary"
	"alveary/policy"
	"alveary/service/govern/document"
	"alveary/service/govern/intake"
)

// Versions is the history of a policy, newest first, also of one that was
// deleted.
func (s *Service) Versions(ctx context.Context, who alveary.Subject, id alveary.PolicyID) (list []document.VersionLine, err error) {
	err = s.read(ctx, who, "list the versions of the policy", func(r *room) error {
		versions, err := r.PolicyVersions(id)
		if err != nil {
			return err
		}
		if len(versions) == 0 {
			_, err = r.Tx.Policy(id) // says that there is none
			return err
		}
		for i, v := range versions {
			list = append(list, document.VersionLine{
				Version: v.Version, At: v.At, Author: v.Author, Note: v.Note, Mode: modeOf(&v.Policy), Rules: len(v.Policy.Rules),
				Deleted: v.Deleted, Current: i == 0 && !v.Deleted,
			})
		}
		return nil
	})
	return list, err
}

// Version is one version of a policy with what it changed.
func (s *Service) Version(ctx context.Context, who alveary.Subject, id alveary.PolicyID, version int64) (doc document.VersionDocument, err error) {
	err = s.read(ctx, who, "read the version", func(r *room) error {
		v, err := r.PolicyVersion(id, version)
		if err != nil {
			return err
		}
		var before []string
		if version > 1 {
			old, err := r.PolicyVersion(id, version-1)
			if err != nil {
				return err
			}
			if before, err = written(old); err != nil {
				return err
			}
		}
		after, err := written(v)
		if err != nil {
			return err
		}
		if v.Policy.Rules == nil {
			v.Policy.Rules = []alveary.Rule{}
		}
		doc = document.VersionDocument{Version: v.Version, Policy: v.Policy, Diff: document.Diff(before, after)}
		return nil
	})
	return doc, err
}

// written is a version as lines; a deletion has none.
func written(v alveary.PolicyVersion) ([]string, error) {
	if v.Deleted {
		return nil, nil
	}
	text, err := json.MarshalIndent(v.Policy, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the policy: %w", err)
	}
	// For people to read; a pair of backslashes is met first and stays one.
	plain := strings.NewReplacer(`\\`, `\\`, `\u003c`, "<", `\u003e`, ">", `\u0026`, "&")
	return strings.Split(plain.Replace(string(text)), "\n"), nil
}

// RestoreVersion makes an old version of a policy the newest.
func (s *Service) RestoreVersion(ctx context.Context, who alveary.Subject, id alveary.PolicyID, version int64) (doc document.PolicyDocument, err error) {
	err = s.change(ctx, who, "restore the version", func(r *room) error {
		old, err := r.PolicyVersion(id, version)
		if err != nil {
			return err
		}
		if _, err := policy.Compile(old.Policy); err != nil {
			return intake.Placed(err) // rules have become stricter since
		}
		now, err := r.Tx.Policy(id)
		if err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
			return err
		}
		if doc, err = r.putPolicy(now.Policy, old.Policy, fmt.Sprintf("back to version %d", version)); err != nil {
			return err
		}
		return r.record("restore-policy", fmt.Sprintf("%s, version %d as version %d", id, version, doc.Version))
	})
	return doc, err
}
