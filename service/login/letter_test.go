package login

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"alveary"
	"alveary/service/login/letter"
	"alveary/store"
	"alveary/vault"
)

const newPassword = "quite another sentence"

// mail makes the house one that sends mail, and gives people an address.
func (h *house) mail(users ...alveary.User) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		for _, u := range users {
			u.Email = u.Login + "@example.org"
			if err := tx.UpdateUser(u); err != nil {
				return err
			}
		}
		return tx.SetSetting(alveary.SettingMail, `{"host":"mail.example.org"}`)
	})
}

// mails takes all mail out of the outbox.
func (h *house) mails() (kinds []string, heads []alveary.Letterhead) {
	h.t.Helper()
	for {
		var m alveary.Message
		err := h.store.Write(h.t.Context(), func(tx *store.Tx) (err error) {
			if m, err = tx.TakeMessage(tx.Now().Add(time.Hour)); err == nil {
				err = tx.DeleteMessage(m.ID)
			}
			return err
		})
		if alveary.IsKind(err, alveary.KindNotFound) {
			return kinds, heads
		}
		if err != nil {
			h.t.Fatal(err)
		}
		text, err := box().Open(vault.PurposeMail, m.Data)
		if err != nil {
			h.t.Fatal(err)
		}
		var head alveary.Letterhead
		if err := json.Unmarshal(text, &head); err != nil {
			h.t.Fatal(err)
		}
		kinds, heads = append(kinds, m.To+" "+m.Kind), append(heads, head)
	}
}

func tokenOf(t *testing.T, link string) string {
	t.Helper()
	token, ok := strings.CutPrefix(link, "https://files.example.org/welcome#")
	if !ok {
		t.Fatalf("the link is %q", link)
	}
	return token
}

func TestResetByMail(t *testing.T) {
	h := newHouse(t)
	h.people()
	secret, ann := h.signIn("ann", annPassword)
	h.mail(ann.User)
	h.withPasskey(ann)
	h.mails()
	if err := h.AskReset(t.Context(), "ANN", "", desk); err != nil {
		t.Fatal(err)
	}
	kinds, heads := h.mails()
	if len(kinds) != 1 || kinds[0] != "ann@example.org reset" || heads[0].Address != desk.Address || !heads[0].Until.Equal(h.Now().Add(time.Hour)) {
		t.Fatalf("%v, %+v", kinds, heads)
	}
	token := tokenOf(t, heads[0].Link)
	if info, err := h.LetterInfo(t.Context(), token); err != nil || info != (Letter{letter.Reset, "ann", "ann"}) {
		t.Errorf("%+v, %v", info, err)
	}
	assertKind(t, h.UseLetter(t.Context(), token, "password1234", desk), alveary.KindInvalid, "weak-password")
	assertIn(t, h.BySession, secret)
	if err := h.UseLetter(t.Context(), token, newPassword, desk); err != nil {
		t.Fatal(err)
	}
	assertOut(t, h.BySession, secret)
	if kinds, _ := h.mails(); len(kinds) != 1 || kinds[0] != "ann@example.org password-changed" {
		t.Errorf("told by %v", kinds)
	}
	h.pending("ann", newPassword) // the passkey is still asked for
	for _, used := range []string{token, "", token + "a", token[:len(token)-1], strings.ToUpper(token)} {
		assertKind(t, h.UseLetter(t.Context(), used, "one more long sentence", desk), alveary.KindNotFound, "not-found")
		_, err := h.LetterInfo(t.Context(), used)
		assertKind(t, err, alveary.KindNotFound, "not-found")
	}
}

// letterFor gives a user a link, as administrators and those who invite do.
func (h *house) letterFor(by alveary.Subject, login, kind string) (link Link) {
	h.t.Helper()
	user := h.subjectOf(login)
	h.write(func(tx *store.Tx) (err error) {
		link, err = h.InviteIn(tx, by, user, kind)
		return err
	})
	return link
}

// A link serves once, however many use it at the same moment; it ends with its
// time, with a new password, and with the account.
func TestThreat20_ResetLinkIsSingleUse(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.people()
		_, admin := h.signIn("admin", adminPassword)
		link := h.letterFor(admin, "ann", LetterReset)
		var wg sync.WaitGroup
		var used atomic.Int64
		for range 8 {
			wg.Go(func() {
				err := h.UseLetter(t.Context(), tokenOf(t, link.URL), newPassword, desk)
				if err == nil {
					used.Add(1)
				} else if !alveary.IsKind(err, alveary.KindNotFound) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if used.Load() != 1 {
			t.Errorf("the link was used %d times", used.Load())
		}
	})
	for name, end := range map[string]func(h *house, ann alveary.Subject){
		"time": func(h *house, _ alveary.Subject) { h.wait(time.Hour) },
		"a new password": func(h *house, ann alveary.Subject) {
			if err := h.ChangePassword(h.t.Context(), ann, annPassword, newPassword); err != nil {
				h.t.Fatal(err)
			}
		},
		"disabled": func(h *house, ann alveary.Subject) { h.disable(ann.User.ID, true) },
		"another link": func(h *house, _ alveary.Subject) {
			_, admin := h.signIn("admin", adminPassword)
			h.letterFor(admin, "ann", LetterInvitation)
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.people()
			_, admin := h.signIn("admin", adminPassword)
			_, ann := h.signIn("ann", annPassword)
			link := h.letterFor(admin, "ann", LetterReset)
			end(h, ann)
			assertKind(t, h.UseLetter(t.Context(), tokenOf(t, link.URL), "one more long sentence", desk), alveary.KindNotFound, "not-found")
		})
	}
}

// Whoever is asked for, the answer is the same and as much is written.
func TestThreat23_AskingForAResetTellsNothing(t *testing.T) {
	h := newHouse(t)
	h.people()
	ann, ben := h.subjectOf("ann"), h.addUser("ben", "another long sentence")
	h.mail(ann, ben)
	h.disable(ben.ID, true)
	h.addUser("zoe", "another long sentence") // without mail
	h.mails()
	for login, sent := range map[string]int{"ann": 1, "ben": 0, "zoe": 0, "nobody": 0, "a/b": 0, "": 0, strings.Repeat("x", 5000): 0} {
		lines := h.countAudit()
		if err := h.AskReset(t.Context(), login, "", desk); err != nil {
			t.Errorf("%.20q: %v", login, err)
		}
		if kinds, _ := h.mails(); len(kinds) != sent {
			t.Errorf("%.20q: %v was sent", login, kinds)
		}
		if n := h.countAudit() - lines; n != 1 {
			t.Errorf("%.20q: %d lines of audit", login, n)
		}
	}
	// Again at once is taken for the same, and one address asks ten times.
	if err := h.AskReset(t.Context(), "ann", "", desk); err != nil {
		t.Fatal(err)
	}
	if kinds, _ := h.mails(); len(kinds) != 0 {
		t.Errorf("%v was sent", kinds)
	}
	for range 10 - 8 {
		if err := h.AskReset(t.Context(), "nobody", "", desk); err != nil {
			t.Fatal(err)
		}
	}
	for _, login := range []string{"ann", "nobody"} {
		assertKind(t, h.AskReset(t.Context(), login, "", desk), alveary.KindLimited, "limited")
	}
	h.wait(time.Hour)
	if err := h.AskReset(t.Context(), "ann", "", desk); err != nil {
		t.Fatal(err)
	}
}

// A line of IPv6 has more addresses than anybody counts: it asks ten times as a
// whole, like an address of IPv4.
func TestThreat23_ResetsAreCountedByHousehold(t *testing.T) {
	h := newHouse(t)
	h.people()
	h.mail(h.subjectOf("ann"))
	ask := func(address string) error {
		return h.AskReset(t.Context(), "nobody "+address, "", Client{Address: address})
	}
	for i := range 10 {
		if err := ask(fmt.Sprintf("2001:db8::%x", i+1)); err != nil {
			t.Fatal(err)
		}
	}
	assertKind(t, ask("2001:db8::ffff"), alveary.KindLimited, "limited")
	if err := ask("2001:db8:0:1::1"); err != nil {
		t.Errorf("the neighbours: %v", err)
	}
}

func (h *house) subjectOf(login string) (u alveary.User) {
	h.t.Helper()
	h.write(func(tx *store.Tx) (err error) {
		u, _, err = tx.UserByLogin(login)
		return err
	})
	return u
}

// Without rules that allow it, a mail server or an address of its own, a
// server mails no links: the host that a request names may be anyone's.
func TestResetCanBeOff(t *testing.T) {
	h := newHouse(t)
	h.people()
	assertKind(t, h.AskReset(t.Context(), "ann", "", desk), alveary.KindDenied, "reset-off")
	h.mail(h.subjectOf("ann"))
	h.write(func(tx *store.Tx) error { return tx.SetSetting(alveary.SettingSignIn, `{"reset":false}`) })
	assertKind(t, h.AskReset(t.Context(), "ann", "", desk), alveary.KindDenied, "reset-off")
	h.write(func(tx *store.Tx) error { return tx.DeleteSetting(alveary.SettingSignIn) })
	o := h.options()
	o.PublicURL = ""
	assertKind(t, h.again(o).AskReset(t.Context(), "ann", "", desk), alveary.KindDenied, "reset-off")
}

// An invitation lasts a week, and is shown only where it was not mailed.
func TestInvite(t *testing.T) {
	h := newHouse(t)
	h.people()
	_, admin := h.signIn("admin", adminPassword)
	h.write(func(tx *store.Tx) error {
		_, err := tx.InsertUser(alveary.User{Login: "guest", Profile: alveary.ProfileShared, Group: alveary.RootGroup}, "")
		return err
	})
	link := h.letterFor(admin, "guest", LetterInvitation)
	if link.Mailed || !link.Until.Equal(h.Now().Add(7*24*time.Hour)) {
		t.Errorf("%+v", link)
	}
	h.wait(7*24*time.Hour - time.Second)
	if err := h.UseLetter(t.Context(), tokenOf(t, link.URL), newPassword, desk); err != nil {
		t.Fatal(err)
	}
	h.signIn("guest", newPassword)
	h.mail(h.subjectOf("guest"))
	h.mails()
	lines := h.countAudit()
	link = h.letterFor(admin, "guest", LetterReset)
	if kinds, _ := h.mails(); !link.Mailed || link.URL != "" || len(kinds) != 1 || h.countAudit() != lines+1 {
		t.Errorf("%+v, %v", link, kinds)
	}
}
