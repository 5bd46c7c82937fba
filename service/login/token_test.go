package login

import (
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/service/login/credential"
	"alveary/store"
)

func TestTokens(t *testing.T) {
	h := newHouse(t)
	h.people()
	_, ann := h.signIn("ann", annPassword)
	_, admin := h.signIn("admin", adminPassword)
	token, secret := h.token(ann, h.Now().Add(time.Hour))
	forever, foreverSecret := h.token(ann, time.Time{})

	if !strings.HasPrefix(secret, "alv_"+string(token.ID)+"_") || len(secret) != 4+16+1+52 {
		t.Errorf("the secret is %q", secret)
	}
	subject, err := h.ByToken(t.Context(), secret, desk)
	if err != nil {
		t.Fatal(err)
	}
	if subject.User.Login != "ann" || subject.Token != token.ID || subject.Session != "" || subject.Request != "r1" {
		t.Errorf("the subject is %+v", subject)
	}

	list, err := h.Tokens(t.Context(), ann)
	if err != nil || len(list) != 2 {
		t.Fatalf("ann has %v (%v)", list, err)
	}
	if list, err := h.Tokens(t.Context(), admin); err != nil || len(list) != 0 {
		t.Errorf("the administrator sees tokens that are not his: %v, %v", list, err)
	}

	h.wait(time.Hour)
	assertOut(t, h.ByToken, secret)
	assertIn(t, h.ByToken, foreverSecret)

	assertKind(t, h.RevokeToken(t.Context(), admin, forever.ID), alveary.KindNotFound, "not-found")
	assertKind(t, h.RevokeToken(t.Context(), ann, "no such"), alveary.KindNotFound, "not-found")
	assertIn(t, h.ByToken, foreverSecret)
	if err := h.RevokeToken(t.Context(), ann, forever.ID); err != nil {
		t.Fatal(err)
	}
	assertOut(t, h.ByToken, foreverSecret)
	if line := h.lastAudit(); line.Action != "revoke-token" || line.Login != "ann" {
		t.Errorf("the audit says %+v", line)
	}
}

func TestTokenRefused(t *testing.T) {
	h := newHouse(t)
	h.people()
	_, ann := h.signIn("ann", annPassword)
	_, secret := h.token(ann, time.Time{})
	byToken, err := h.ByToken(t.Context(), secret, desk)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		by      alveary.Subject
		label   string
		expires time.Time
		kind    alveary.Kind
		code    string
	}{
		{"no label", ann, " ", time.Time{}, alveary.KindInvalid, "invalid"},
		{"label of two lines", ann, "a\nb", time.Time{}, alveary.KindInvalid, "invalid"},
		{"label with NUL", ann, "a\x00b", time.Time{}, alveary.KindInvalid, "invalid"},
		{"long label", ann, strings.Repeat("x", mostLabel+1), time.Time{}, alveary.KindInvalid, "invalid"},
		{"passed", ann, "late", h.Now(), alveary.KindInvalid, "invalid"},
		{"by a token", byToken, "one more", time.Time{}, alveary.KindDenied, "session-needed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, secret, err := h.CreateToken(t.Context(), c.by, c.label, c.expires, alveary.Scope{})
			assertKind(t, err, c.kind, c.code)
			if secret != "" {
				t.Error("a refused token has a secret")
			}
		})
	}
	for range mostTokens - 1 {
		h.token(ann, time.Time{})
	}
	_, _, err = h.CreateToken(t.Context(), ann, "one too many", time.Time{}, alveary.Scope{})
	assertKind(t, err, alveary.KindInvalid, "invalid")
}

func TestMadeUpTokens(t *testing.T) {
	h := newHouse(t)
	h.people()
	session, ann := h.signIn("ann", annPassword)
	token, secret := h.token(ann, time.Time{})
	other, _ := h.token(ann, time.Time{})
	own := secret[strings.LastIndex(secret, "_")+1:]
	for name, made := range map[string]string{
		"empty": "", "prefix": tokenPrefix, "no prefix": secret[4:], "twice": tokenPrefix + secret, "a session": session,
		"a session with prefix": tokenPrefix + session, "id of another": tokenPrefix + string(other.ID) + "_" + own,
		"the hash": tokenPrefix + string(token.ID) + "_" + credential.Hash(own), "NUL": secret + "\x00", "blank": secret + " ",
	} {
		t.Run(name, func(t *testing.T) { assertOut(t, h.ByToken, made) })
	}
}

func TestLastUsedIsWrittenSeldom(t *testing.T) {
	h := newHouse(t)
	h.people()
	_, ann := h.signIn("ann", annPassword)
	_, secret := h.token(ann, time.Time{})
	begun := h.Now()
	for _, c := range []struct {
		after, used time.Duration
	}{{0, 0}, {59 * time.Second, 0}, {60 * time.Second, 60 * time.Second}} {
		h.wait(begun.Add(c.after).Sub(h.Now()))
		assertIn(t, h.ByToken, secret)
		list, err := h.Tokens(t.Context(), ann)
		if err != nil || !list[0].LastUsed.Equal(begun.Add(c.used)) {
			t.Errorf("after %s last used %s, want %s (%v)", c.after, list[0].LastUsed.Sub(begun), c.used, err)
		}
	}
}

func TestTokenForSomeoneAtTheMachine(t *testing.T) {
	h := newHouse(t)
	h.people()
	_, secret, err := h.CreateTokenFor(t.Context(), "Ann", "backup", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	assertIn(t, h.ByToken, secret)
	if line := h.lastAudit(); line.Action != "create-token" || line.Login != "ann" || !strings.Contains(line.Detail, "machine") || strings.Contains(line.Detail, secret) {
		t.Errorf("the audit says %+v", line)
	}
	_, _, err = h.CreateTokenFor(t.Context(), "nobody", "backup", time.Time{})
	assertKind(t, err, alveary.KindNotFound, "not-found")
	_, _, err = h.CreateTokenFor(t.Context(), "a/b", "backup", time.Time{})
	assertKind(t, err, alveary.KindInvalid, "invalid")
	_, ann := h.signIn("ann", annPassword)
	h.disable(ann.User.ID, true)
	_, _, err = h.CreateTokenFor(t.Context(), "ann", "backup", time.Time{})
	assertKind(t, err, alveary.KindInvalid, "")
}

// Nothing that opens a door is kept as it is.
func TestSecretsAreKeptAsHashes(t *testing.T) {
	h := newHouse(t)
	link, _, err := h.EnsureSetup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = h.store.Read(t.Context(), func(tx *store.Tx) error {
		kept, err := tx.Setting(setupSetting)
		if kept != credential.Hash(link) {
			t.Errorf("of the link %q is kept %q", link, kept)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	h.people()
	cookie, ann := h.signIn("ann", annPassword)
	token, secret := h.token(ann, time.Time{})
	err = h.store.Read(t.Context(), func(tx *store.Tx) error {
		_, sessionHash, err := tx.Session(ann.Session)
		if err != nil {
			return err
		}
		_, tokenHash, err := tx.Token(token.ID)
		if err != nil {
			return err
		}
		_, password, err := tx.UserByLogin("ann")
		if !strings.HasPrefix(password, "$argon2id$") || strings.Contains(password, annPassword) {
			t.Errorf("of the password is kept %q", password)
		}
		for kept, whole := range map[string]string{sessionHash: cookie, tokenHash: secret} {
			if own := whole[strings.LastIndex(whole, "_")+1:]; kept != credential.Hash(own) || strings.Contains(kept, own) {
				t.Errorf("of %q is kept %q", own, kept)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A token is confined to what its owner may see, and to gateways that there
// are; it comes with its scope wherever it is used.
func TestTokenScope(t *testing.T) {
	h := newHouse(t)
	h.people()
	_, ann := h.signIn("ann", annPassword)
	var mine, hidden alveary.Node
	h.write(func(tx *store.Tx) (err error) {
		root, err := tx.Lineage(alveary.RootID)
		if err != nil {
			return err
		}
		if hidden, err = tx.Insert(root, alveary.Node{Name: "hidden", Type: alveary.Collection}); err != nil {
			return err
		}
		above, err := tx.Lineage(hidden.ID)
		if err != nil {
			return err
		}
		if mine, err = tx.Insert(above, alveary.Node{Name: "mine", Type: alveary.Collection}); err != nil {
			return err
		}
		_, err = tx.InsertEntry(alveary.Entry{Role: ann.Role, Node: mine.ID, Rights: alveary.RightRead})
		return err
	})
	for _, c := range []struct {
		name  string
		scope alveary.Scope
		kind  alveary.Kind
	}{
		{"a reach that there is not", alveary.Scope{Reach: "admin"}, alveary.KindInvalid},
		{"a folder, and everything", alveary.Scope{Node: mine.ID}, alveary.KindInvalid},
		{"a gateway that there is not", alveary.Scope{Gateways: "rest,gopher"}, alveary.KindInvalid},
		{"an empty gateway", alveary.Scope{Gateways: "rest,"}, alveary.KindInvalid},
		{"a folder he may not see", alveary.Scope{Node: hidden.ID, Reach: alveary.ReachRead}, alveary.KindNotFound},
		{"no folder", alveary.Scope{Node: 99, Reach: alveary.ReachRead}, alveary.KindNotFound},
	} {
		if _, _, err := h.CreateToken(t.Context(), ann, "x", time.Time{}, c.scope); !alveary.IsKind(err, c.kind) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	scope := alveary.Scope{Node: mine.ID, Reach: alveary.ReachRead, Gateways: "webdav,rest,webdav"}
	token, secret, err := h.CreateToken(t.Context(), ann, "x", time.Time{}, scope)
	if err != nil {
		t.Fatal(err)
	}
	scope.Gateways = "rest,webdav"
	by, err := h.ByToken(t.Context(), secret, desk)
	if err != nil || by.Scope != scope || token.Scope != scope || token.Level != alveary.LevelPassword || by.Context.AuthLevel != alveary.LevelPassword {
		t.Errorf("%+v of %+v, %v", by.Scope, token, err)
	}
}
