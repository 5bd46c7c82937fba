package share_test

import (
	"context"
	"crypto/rand"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/service/share"
	"alveary/store"
	"alveary/testkit/pgtest"
)

// stage is a store on one of the two databases with the service on it. Ann may
// write to the folder plans and what is in it (secret and a file) and read the
// folder mixed; Bob, Eve and Mia hold nothing; root is an administrator. The
// clock stands still until a test moves it.
type stage struct {
	*store.Store
	Share *share.Service
	Gate  *authz.Gate
	clock time.Time
	t     testing.TB

	common, plans, secret, file, mixed alveary.NodeID
}

func (w *stage) now() time.Time { return w.clock }

func (w *stage) wait(d time.Duration) { w.clock = w.clock.Add(d) }

// onEach runs a test on each database.
func onEach(t *testing.T, test func(t *testing.T, w *stage)) {
	t.Helper()
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) { test(t, newStage(t, database)) })
	}
}

func newStage(t testing.TB, database string) *stage {
	t.Helper()
	w := &stage{t: t, clock: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)}
	cfg := store.Config{Now: w.now}
	if database == "postgres" {
		cfg.Postgres = pgtest.DSN(t)
	} else {
		cfg.Path = filepath.Join(t.TempDir(), "alveary.db")
	}
	var err error
	if w.Store, err = store.Open(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		found, err := w.Check(context.Background())
		if err != nil || len(found) > 0 {
			t.Errorf("the database is damaged: %q, %v", found, err)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	sealer, _, err := alveary.NewSeal(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	w.Gate = authz.New(sealer, w.now)
	w.Share = share.New(share.Config{
		Store: w.Store, Gate: w.Gate, Now: w.now, Random: rand.Reader,
		Hash: func(_ context.Context, password string) (string, error) { return "hash of " + password, nil },
		Strength: func(rules alveary.SignInRules, password string, _ ...string) error {
			if len(password) < rules.MinPassword || password == "password1" {
				return &alveary.Error{Kind: alveary.KindInvalid, Op: "check the password", Code: "weak-password", Message: "it is too easy to guess"}
			}
			return nil
		},
		External: func(_ context.Context, tx *store.Tx, by alveary.Subject, email, name string) (alveary.User, string, bool, error) {
			u, err := tx.InsertUser(alveary.User{Login: email, Name: name, Email: email, Profile: alveary.ProfileShared, Group: alveary.RootGroup, CreatedBy: by.User.ID}, "")
			return u, "link for " + email, false, err
		},
	})
	w.user("root", alveary.ProfileAdmin)
	for _, login := range []string{"ann", "bob", "eve", "mia"} {
		w.user(login, alveary.ProfileStandard)
	}
	w.user("guest@example.org", alveary.ProfileShared)
	w.common = 2
	w.plans = w.folder(w.common, "plans", "ann")
	w.secret = w.folder(w.plans, "secret", "ann")
	w.file = w.node(w.plans, "plan.txt", "ann", alveary.Leaf)
	w.mixed = w.folder(w.common, "mixed", "root")
	w.entry("ann", w.plans, alveary.Givable)
	w.entry("ann", w.mixed, alveary.RightRead)
	return w
}

func (w *stage) write(fn func(*store.Tx) error) {
	w.t.Helper()
	if err := w.Write(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *stage) read(fn func(*store.Tx) error) {
	w.t.Helper()
	if err := w.Read(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *stage) user(login string, profile alveary.Profile) (id alveary.UserID) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		u, err := tx.InsertUser(alveary.User{Login: login, Profile: profile, Group: alveary.RootGroup}, "")
		id = u.ID
		return err
	})
	return id
}

// as is a user as he asks now.
func (w *stage) as(login string) (s alveary.Subject) {
	w.t.Helper()
	w.read(func(tx *store.Tx) error {
		u, _, err := tx.UserByLogin(login)
		if err == nil {
			s, err = tx.Subject(u.ID)
		}
		return err
	})
	s.Address, s.Request = "192.0.2.7", "request of "+login
	return s
}

func (w *stage) id(login string) alveary.UserID { w.t.Helper(); return w.as(login).User.ID }

func (w *stage) role(login string) alveary.RoleID { w.t.Helper(); return w.as(login).Role }

func (w *stage) folder(parent alveary.NodeID, name, owner string) alveary.NodeID {
	w.t.Helper()
	return w.node(parent, name, owner, alveary.Collection)
}

func (w *stage) node(parent alveary.NodeID, name, owner string, kind alveary.NodeType) (id alveary.NodeID) {
	w.t.Helper()
	by := w.id(owner)
	w.write(func(tx *store.Tx) error {
		line, err := tx.Lineage(parent)
		if err != nil {
			return err
		}
		n := alveary.Node{Name: name, Type: kind, Owner: by}
		if kind == alveary.Leaf {
			n.Size, n.Blob = 1000, alveary.BlobID("blob of "+name)
		}
		n, err = tx.Insert(line, n)
		id = n.ID
		return err
	})
	return id
}

// entry gives somebody rights as an administrator does.
func (w *stage) entry(login string, node alveary.NodeID, rights alveary.Rights) (id alveary.EntryID) {
	w.t.Helper()
	role := w.role(login)
	w.write(func(tx *store.Tx) error {
		e, err := tx.InsertEntry(alveary.Entry{Role: role, Node: node, Rights: rights})
		id = e.ID
		return err
	})
	return id
}

// deny takes everything from somebody on a node.
func (w *stage) deny(login string, node alveary.NodeID) {
	w.t.Helper()
	role := w.role(login)
	w.write(func(tx *store.Tx) error {
		_, err := tx.InsertEntry(alveary.Entry{Role: role, Node: node, Deny: true})
		return err
	})
}

// rule makes a house rule for everybody, everywhere.
func (w *stage) rule(t alveary.Terms) alveary.HouseRuleID {
	w.t.Helper()
	v, err := w.Share.PutRule(w.t.Context(), w.as("root"), alveary.HouseRule{Role: alveary.RootGroupRole, Terms: t})
	if err != nil {
		w.t.Fatal(err)
	}
	return v.ID
}

// rights are what somebody may do with a node now.
func (w *stage) rights(login string, node alveary.NodeID) alveary.Rights {
	w.t.Helper()
	return w.rightsOf(w.as(login), node)
}

func (w *stage) rightsOf(who alveary.Subject, node alveary.NodeID) (rights alveary.Rights) {
	w.t.Helper()
	w.read(func(tx *store.Tx) error {
		a, err := w.Gate.Bind(w.t.Context(), tx, who)
		if err != nil {
			return err
		}
		line, err := tx.Lineage(node)
		if alveary.IsKind(err, alveary.KindNotFound) {
			return nil
		}
		rights = a.Rights(line)
		return err
	})
	return rights & alveary.Givable
}

// cell makes a Cell of the folder plans with those who may read it.
func (w *stage) cell(owner string, members ...string) share.CellView {
	w.t.Helper()
	n := share.NewCell{Label: "Our plans", Nodes: []alveary.NodeID{w.plans}}
	for _, m := range members {
		n.Gives = append(n.Gives, w.give(m, alveary.RightRead))
	}
	return must[share.CellView](w.t)(two(w.Share.MakeCell(w.t.Context(), w.as(owner), n)))
}

func (w *stage) give(login string, rights alveary.Rights) share.Give {
	w.t.Helper()
	return share.Give{To: share.Ref{User: w.id(login)}, Rights: rights}
}

// notices are those of somebody, the newest first.
func (w *stage) notices(login string) (kinds []alveary.NoticeKind) {
	w.t.Helper()
	id := w.id(login)
	w.read(func(tx *store.Tx) error {
		list, err := tx.Notices(id, 0, 100, false)
		for _, n := range list {
			kinds = append(kinds, n.Kind)
		}
		return err
	})
	return kinds
}

// audit are the newest lines of the audit log, the oldest of them first.
func (w *stage) audit(n int) (lines []alveary.AuditRecord) {
	w.t.Helper()
	w.read(func(tx *store.Tx) (err error) { lines, err = tx.Audit(n); return err })
	slices.Reverse(lines)
	return lines
}

func two[A, B any](a A, _ B, err error) (A, error) { return a, err }

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func want(t *testing.T, err error, kind alveary.Kind, code string) {
	t.Helper()
	var e *alveary.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Code != code {
		t.Errorf("got %v, want kind %d with code %q", err, kind, code)
	}
}

func ptr[T any](v T) *T { return &v }

func asAny(err error, target any) bool { return errors.As(err, target) }

// link makes a link and gives it with its token.
func link(t *testing.T, w *stage, owner string, n share.NewLink) (share.LinkView, string) {
	t.Helper()
	v, token, err := w.Share.MakeLink(t.Context(), w.as(owner), n)
	if err != nil {
		t.Fatal(err)
	}
	return v, token
}

func second[T any](_ T, err error) error { return err }

func third[A, B any](_ A, _ B, err error) error { return err }
