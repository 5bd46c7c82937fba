package login

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"alveary"
	"alveary/authz"
	"alveary/captcha"
	"alveary/service/login/credential"
	"alveary/store"
	"alveary/testkit/pgtest"
	"alveary/vault"

	"github.com/alexedwards/argon2id"
)

const (
	adminPassword = "correct horse battery"
	annPassword   = "a sentence of ann's own"
)

// house is a service over an empty store, with a clock that tests move and
// hashes that cost little.
type house struct {
	*Service
	t     *testing.T
	store *store.Store
	mu    sync.Mutex
	clock time.Time
	tried []string // the hashes that passwords were compared with
}

func (h *house) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.clock
}

func (h *house) wait(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock = h.clock.Add(d)
}

func newHouse(t *testing.T) *house {
	t.Helper()
	return newHouseOn(t, store.Config{Path: filepath.Join(t.TempDir(), "alveary.db")})
}

// onBoth runs a test whose answer depends on how transactions meet on both
// databases.
func onBoth(t *testing.T, test func(*testing.T, *house)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, newHouse(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, newHouseOn(t, store.Config{Postgres: pgtest.DSN(t)})) })
}

func newHouseOn(t *testing.T, cfg store.Config) *house {
	t.Helper()
	h := &house{t: t, clock: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	cfg.Now = h.Now
	s, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	h.store = s
	h.Service = h.again(h.options())
	return h
}

// box is the same on every server of the house.
func box() *vault.Box { return vault.New([vault.KeyBytes]byte{1, 2, 3}) }

// options are those of a house whose proofs of work cost little.
func (h *house) options() Options {
	return Options{
		Now: h.Now, Random: rand.Reader, SessionLife: 12 * time.Hour, SessionIdle: time.Hour, Box: box(), PublicURL: "https://files.example.org",
		Captcha: captcha.New(box().Key("captcha"), rand.Reader, captcha.Options{Cost: 1, Tries: 1}),
	}
}

// proof is a proof of work.
func (h *house) proof() string {
	h.t.Helper()
	challenge, err := h.Challenge()
	if err != nil {
		h.t.Fatal(err)
	}
	proof, err := captcha.Solve(h.t.Context(), challenge)
	if err != nil {
		h.t.Fatal(err)
	}
	return proof
}

// again is a service over the same store, as after a restart.
func (h *house) again(o Options) *Service {
	h.t.Helper()
	sealer, _, err := alveary.NewSeal(rand.Reader)
	if err != nil {
		h.t.Fatal(err)
	}
	s, err := New(h.store, authz.New(sealer, h.Now), o)
	if err != nil {
		h.t.Fatal(err)
	}
	// Two at once: one test changes the password within another's turn.
	s.hasher = credential.NewHasher(argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}, atOnce)
	s.hasher.Check = func(password, hash string) (bool, error) {
		h.mu.Lock()
		h.tried = append(h.tried, hash)
		h.mu.Unlock()
		return argon2id.ComparePasswordAndHash(password, hash)
	}
	return s
}

// comparisons gives and forgets the hashes that were compared with.
func (h *house) comparisons() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	tried := h.tried
	h.tried = nil
	return tried
}

// atOnce is how many hashes are under way at most.
const atOnce = 2

var desk = Client{Address: "192.0.2.7", UserAgent: "Firefox", Request: "r1"}

// people makes the administrator and ann.
func (h *house) people() {
	h.t.Helper()
	if _, err := h.CreateAdmin(h.t.Context(), "admin", adminPassword); err != nil {
		h.t.Fatal(err)
	}
	h.addUser("ann", annPassword)
}

func (h *house) addUser(login, password string) alveary.User {
	h.t.Helper()
	u, err := h.AddUserHere(h.t.Context(), NewUser{Login: login, Password: password})
	if err != nil {
		h.t.Fatal(err)
	}
	return u
}

// signIn signs in and gives the cookie's secret with the subject it stands for.
func (h *house) signIn(login, password string) (string, alveary.Subject) {
	h.t.Helper()
	step, err := h.SignIn(h.t.Context(), login, password, "", desk)
	if err != nil {
		h.t.Fatal(err)
	}
	return step.Secret, h.subject(step.Secret)
}

// subject is who a session's secret stands for.
func (h *house) subject(secret string) alveary.Subject {
	h.t.Helper()
	subject, err := h.BySession(h.t.Context(), secret, desk)
	if err != nil {
		h.t.Fatal(err)
	}
	return subject
}

func (h *house) token(by alveary.Subject, expires time.Time) (alveary.Token, string) {
	h.t.Helper()
	token, secret, err := h.CreateToken(h.t.Context(), by, "for a test", expires, alveary.Scope{})
	if err != nil {
		h.t.Fatal(err)
	}
	return token, secret
}

func (h *house) disable(id alveary.UserID, disabled bool) {
	h.t.Helper()
	if err := h.store.Write(h.t.Context(), func(tx *store.Tx) error { return tx.SetDisabled(id, disabled) }); err != nil {
		h.t.Fatal(err)
	}
}

// lastAudit is the newest line of the audit log.
func (h *house) lastAudit() (last alveary.AuditRecord) {
	h.t.Helper()
	err := h.store.Read(h.t.Context(), func(tx *store.Tx) error {
		lines, err := tx.Audit(1)
		if len(lines) > 0 {
			last = lines[0]
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return last
}

func (h *house) countAudit() int {
	h.t.Helper()
	n := 0
	err := h.store.Read(h.t.Context(), func(tx *store.Tx) error {
		lines, err := tx.Audit(10_000)
		n = len(lines)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

// assertKind wants an error of the kind with the code.
func assertKind(t *testing.T, err error, kind alveary.Kind, code string) {
	t.Helper()
	e, ok := err.(*alveary.Error) // not wrapped: the services give it bare
	if !ok || e.Kind != kind || e.Code != code {
		t.Fatalf("got %v (kind %d), want kind %d with code %q", err, alveary.KindOf(err), kind, code)
	}
}

// assertIn wants a session or token to be good.
func assertIn(t *testing.T, by func(context.Context, string, Client) (alveary.Subject, error), secret string) {
	t.Helper()
	if _, err := by(t.Context(), secret, desk); err != nil {
		t.Fatalf("refused: %v", err)
	}
}

// assertOut wants a session or token to be refused, and to name nobody.
func assertOut(t *testing.T, by func(context.Context, string, Client) (alveary.Subject, error), secret string) {
	t.Helper()
	subject, err := by(t.Context(), secret, desk)
	assertKind(t, err, alveary.KindUnauthenticated, "signed-out")
	if subject.Known() || subject.User.ID != 0 {
		t.Fatalf("a refused request still names %s", subject.User.Login)
	}
}
