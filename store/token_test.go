package store_test

import (
	"testing"
	"time"

	"alveary"
	"alveary/store"
)

func TestTokens(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, clock *tick) {
		const ann, ben = alveary.UserID(11), alveary.UserID(12)
		begin := clock.now.Truncate(time.Microsecond)
		for _, one := range []alveary.Token{
			{ID: "a1", User: ann, Label: "backup of the Büro", Expires: begin.Add(time.Hour)},
			{ID: "a2", User: ann, Label: "for ever"},
			{ID: "b1", User: ben, Label: "phone"},
		} {
			clock.add(time.Second)
			write(t, s, func(tx *store.Tx) error {
				_, err := tx.InsertToken(one, "hash of "+string(one.ID))
				return err
			})
		}
		write(t, s, func(tx *store.Tx) error { return tx.UseToken("a1") })

		write(t, s, func(tx *store.Tx) error {
			tokens, err := tx.Tokens(ann)
			want := []alveary.Token{
				{ID: "a2", User: ann, Label: "for ever", Created: begin.Add(2 * time.Second)},
				{ID: "a1", User: ann, Label: "backup of the Büro", Created: begin.Add(time.Second), Expires: begin.Add(time.Hour), LastUsed: begin.Add(3 * time.Second)},
			}
			if len(tokens) != 2 || tokens[0] != want[0] || tokens[1] != want[1] {
				t.Errorf("got %+v, want %+v", tokens, want)
			}
			return err
		})
		write(t, s, func(tx *store.Tx) error {
			got, hash, err := tx.Token("b1")
			if got.User != ben || hash != "hash of b1" {
				t.Errorf("got %+v with %q", got, hash)
			}
			return err
		})

		for name, change := range map[string]func(*store.Tx) error{
			"of someone else": func(tx *store.Tx) error { return tx.DeleteToken(ann, "b1") },
			"of nobody":       func(tx *store.Tx) error { return tx.DeleteToken(ann, "zz") },
			"looked for":      func(tx *store.Tx) error { _, _, err := tx.Token("zz"); return err },
		} {
			if err := s.Write(t.Context(), change); !alveary.IsKind(err, alveary.KindNotFound) {
				t.Errorf("a token %s: %v, want not found", name, err)
			}
		}
		write(t, s, func(tx *store.Tx) error { return tx.DeleteToken(ann, "a2") })
		write(t, s, func(tx *store.Tx) error {
			n, err := tx.DeleteTokens(ann)
			if n != 1 {
				t.Errorf("%d tokens were left to revoke, want 1", n)
			}
			return err
		})
		write(t, s, func(tx *store.Tx) error {
			tokens, err := tx.Tokens(ben)
			if len(tokens) != 1 {
				t.Errorf("the tokens of someone else: %v", tokens)
			}
			return err
		})
	})
}

func TestSettings(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, _ *tick) {
		for _, step := range []struct {
			change func(*store.Tx) error
			want   string
		}{
			{func(*store.Tx) error { return nil }, ""},
			{func(tx *store.Tx) error { return tx.SetSetting("colour", "blue") }, "blue"},
			{func(tx *store.Tx) error { return tx.SetSetting("colour", "green") }, "green"},
			{func(tx *store.Tx) error { return tx.SetSetting("other", "red") }, "green"},
			{func(tx *store.Tx) error { return tx.DeleteSetting("colour") }, ""},
			{func(tx *store.Tx) error { return tx.DeleteSetting("colour") }, ""},
		} {
			write(t, s, step.change)
			write(t, s, func(tx *store.Tx) error {
				got, err := tx.Setting("colour")
				if got != step.want {
					t.Errorf("the setting is %q, want %q", got, step.want)
				}
				return err
			})
		}
	})
}
