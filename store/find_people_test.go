package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/store/names"
)

func findUsers(t testing.TB, s *Store, f UserFilter) UsersFound {
	t.Helper()
	if f.Limit == 0 {
		f.Limit = 10
	}
	var out UsersFound
	read(t, s, func(tx *Tx) (err error) { out, err = tx.FindUsers(f); return err })
	return out
}

func loginsOf(users []alveary.User) (logins []string) {
	for _, u := range users {
		logins = append(logins, u.Login)
	}
	return logins
}

func TestFindUsers(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		for _, u := range []alveary.User{
			{Login: "zoe.adler", Name: "Zoë Adler", Email: "z.adler@example.org"},
			{Login: "JOB", Name: "Jean-Luc O'Brien", Email: "job@partner.example"},
			{Login: "anna", Name: "Anna Straße"},
			{Login: "..", Name: ""},
		} {
			u.Group, u.Profile = alveary.RootGroup, alveary.ProfileStandard
			insertUser(t, s, u)
		}
		for query, want := range map[string]string{
			"": ".. anna JOB zoe.adler", "  ": ".. anna JOB zoe.adler", "zo": "zoe.adler", "ZOË": "zoe.adler", "zoe": "zoe.adler", "adl": "zoe.adler",
			"adler zo": "zoe.adler", "zoe.ad": "zoe.adler", "z.adler@example.o": "zoe.adler", "example.org": "zoe.adler", "org": "", "exam": "zoe.adler", "jean-l": "JOB",
			"luc": "JOB", "O'Br": "JOB", "brien, jean": "JOB", "strasse": "anna", "straße": "anna", "a": "anna zoe.adler", "j zo": "", "x": "",
			"?": "", "ann ann ann": "anna", "dler": "", "%": "", "_": "",
		} {
			if got := strings.Join(loginsOf(findUsers(t, s, UserFilter{Query: query}).Users), " "); got != want {
				t.Errorf("%q finds %q, want %q", query, got, want)
			}
		}
		// What is changed or gone is found as it is.
		write(t, s, func(tx *Tx) error {
			u, _, err := tx.UserByLogin("anna")
			if err != nil {
				return err
			}
			u.Name, u.Login = "Hanna", "not to change"
			return tx.UpdateUser(u)
		})
		for query, want := range map[string]string{"strasse": "", "hanna": "anna", "anna": "anna", "change": ""} {
			if got := strings.Join(loginsOf(findUsers(t, s, UserFilter{Query: query}).Users), " "); got != want {
				t.Errorf("%q finds %q, want %q", query, got, want)
			}
		}
	})
}

// Finding by words is the same as looking at everyone.
func TestFindUsersIsAPlainLoop(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		r := rand.New(rand.NewPCG(1, 2))
		syllables := []string{"an", "ber", "Co", "dé", "e", "f.", "ga-", "ß"}
		word := func() string {
			var b strings.Builder
			for range 1 + r.IntN(3) {
				b.WriteString(syllables[r.IntN(len(syllables))])
			}
			return b.String()
		}
		var groups []alveary.Group
		parents := map[alveary.GroupID]alveary.GroupID{}
		write(t, s, func(tx *Tx) error {
			above := []alveary.GroupID{alveary.RootGroup}
			for i := range 12 {
				g, err := tx.InsertGroup(above[r.IntN(len(above))], fmt.Sprint("g", i))
				if err != nil {
					return err
				}
				above, groups, parents[g.ID] = append(above, g.ID), append(groups, g), g.Parent
			}
			return tx.InsertRole(alveary.Role{ID: "team", Team: true})
		})
		var people []NewUser
		for i := range 5000 {
			u := alveary.User{
				Login: fmt.Sprint(word(), i), Name: word() + " " + word(), Group: groups[r.IntN(len(groups))].ID, Disabled: r.IntN(9) == 0,
				Profile: []alveary.Profile{alveary.ProfileStandard, alveary.ProfileAdmin, alveary.ProfileShared}[r.IntN(20)%3],
			}
			if r.IntN(3) == 0 {
				u.Roles = []alveary.RoleID{alveary.RoleID(fmt.Sprint("r", r.IntN(4))), "other"}
			}
			people = append(people, NewUser{User: u})
		}
		write(t, s, func(tx *Tx) error {
			if err := tx.InsertUsers(people); err != nil {
				return err
			}
			for _, p := range people[:40] {
				if err := tx.NoteSignIn(p.User.ID); err != nil {
					return err
				}
				if err := tx.PutMember("team", alveary.Member{User: p.User.ID}); err != nil {
					return err
				}
			}
			return nil
		})
		var all []alveary.User
		read(t, s, func(tx *Tx) (err error) { all, err = tx.Users(); return err })
		matches := func(f UserFilter, u alveary.User) bool {
			if !Finds(f.Query, u.Login, u.Name, u.Email) {
				return false
			}
			at := u.Group
			for f.Beneath && at != f.Group && at != 0 {
				at = parents[at]
			}
			switch {
			case f.Group != 0 && f.Group != alveary.RootGroup && at != f.Group,
				f.Group == alveary.RootGroup && !f.Beneath && u.Group != f.Group,
				f.Profile != "" && u.Profile != f.Profile,
				f.State == StateActive && u.Disabled, f.State == StateDisabled && !u.Disabled,
				f.State == StateNever && !u.SignedIn.IsZero(),
				f.Role != "" && !slices.Contains(u.Roles, f.Role) && !slices.Contains(u.Teams, f.Role):
				return false
			}
			return true
		}
		for range 300 {
			f := UserFilter{Limit: 1 + r.IntN(60)}
			for range r.IntN(3) {
				w := []rune(word())
				f.Query += string(w[:1+r.IntN(len(w))]) + " "
			}
			if names.Chunks(f.Query) == nil && strings.TrimSpace(f.Query) != "" {
				continue
			}
			if r.IntN(3) == 0 {
				f.Group, f.Beneath = []alveary.GroupID{alveary.RootGroup, groups[r.IntN(12)].ID}[r.IntN(2)], r.IntN(2) == 0
			}
			if r.IntN(4) == 0 {
				f.Profile = []alveary.Profile{alveary.ProfileStandard, alveary.ProfileAdmin}[r.IntN(2)]
			}
			if r.IntN(3) == 0 {
				f.State = []State{StateActive, StateDisabled, StateNever}[r.IntN(3)]
			}
			if r.IntN(4) == 0 {
				f.Role = []alveary.RoleID{"r1", "team", "other", "none"}[r.IntN(4)]
			}
			var want []alveary.User
			for _, u := range all {
				if matches(f, u) {
					want = append(want, u)
				}
			}
			total := len(want)
			if r.IntN(2) == 0 && total > 3 {
				at := r.IntN(total)
				f.After, want = want[at].Login, want[at+1:]
			}
			more := len(want) > f.Limit
			want = want[:min(len(want), f.Limit)]
			got := findUsers(t, s, f)
			if !slices.Equal(loginsOf(got.Users), loginsOf(want)) || got.Total != int64(total) && (got.Total != -1 || total <= 2048) || got.More != more {
				t.Fatalf("%+v\nfinds %q of %d (more: %t)\nwant  %q of %d (more: %t)", f, loginsOf(got.Users), got.Total, got.More, loginsOf(want), total, more)
			}
		}
	})
}

// A database without words gets them when it is opened.
func TestWordsAreBuilt(t *testing.T) {
	eachConfig(t, func(t *testing.T, cfg Config) {
		s := open(t, cfg)
		insertUser(t, s, alveary.User{Login: "mia", Name: "Mia Berg", Group: alveary.RootGroup})
		write(t, s, func(tx *Tx) error {
			if _, err := tx.exec(`DELETE FROM user_words`); err != nil {
				return err
			}
			return tx.DeleteSetting("people-words")
		})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if got := findUsers(t, open(t, cfg), UserFilter{Query: "berg"}); got.Total != 1 {
			t.Errorf("%+v", got)
		}
	})
}

var firstNames = strings.Fields("Anna Ben Clara David Elif Fatima Georg Hanna Ivan Julia Karim Lena Mia Noah Olga Paul Quentin Rosa Selin Tom Uma Vera Wim Xenia Yusuf Zoe")

// manyPeople makes 100,000 people in 5,000 groups.
func manyPeople(t testing.TB, s *Store) (groups []alveary.GroupID) {
	t.Helper()
	r := rand.New(rand.NewPCG(3, 4))
	begin := time.Now()
	write(t, s, func(tx *Tx) error {
		tops := []alveary.GroupID{}
		for i := range 50 {
			g, err := tx.InsertGroup(alveary.RootGroup, fmt.Sprint("division ", i))
			if err != nil {
				return err
			}
			tops = append(tops, g.ID)
		}
		for i := range 4950 {
			g, err := tx.InsertGroup(tops[i%50], fmt.Sprint("unit ", i))
			if err != nil {
				return err
			}
			groups = append(groups, g.ID)
		}
		return nil
	})
	t.Logf("5,000 groups in %v", time.Since(begin))
	for part := range 2 {
		people := make([]NewUser, 50_000)
		for i := range people {
			first, family := firstNames[r.IntN(len(firstNames))], fmt.Sprintf("%c%s", 'a'+r.IntN(26), []string{"berg", "mann", "oglu", "sson", "etti"}[r.IntN(5)])
			login := strings.ToLower(fmt.Sprintf("%s.%s%d", first, family, part*50_000+i))
			people[i].User = alveary.User{
				Login: login, Name: first + " " + strings.ToUpper(family[:1]) + family[1:], Email: login + "@example.org",
				Profile: alveary.ProfileStandard, Group: groups[r.IntN(len(groups))],
			}
		}
		begin := time.Now()
		write(t, s, func(tx *Tx) error { return tx.InsertUsers(people) })
		t.Logf("50,000 people in %v", time.Since(begin))
	}
	return groups
}

func BenchmarkFindUsers(b *testing.B) {
	for _, d := range databases {
		b.Run(d.name, func(b *testing.B) {
			s := open(b, d.config(b))
			groups := manyPeople(b, s)
			for _, c := range []struct {
				label string
				f     UserFilter
			}{
				{"all", UserFilter{}},
				{"a letter", UserFilter{Query: "z"}},
				{"a word of all", UserFilter{Query: "exam"}},
				{"a letter and a word of all", UserFilter{Query: "z exa"}},
				{"two letters", UserFilter{Query: "a b"}},
				{"two that never meet", UserFilter{Query: "zoe anna"}},
				{"no hit", UserFilter{Query: "qqq"}},
				{"a login", UserFilter{Query: "mia.aberg"}},
				{"last page", UserFilter{Query: "z", After: "zoe.y"}},
				{"a group", UserFilter{Group: groups[0]}},
				{"standard, a letter", UserFilter{Query: "a", Profile: alveary.ProfileStandard, State: StateActive}},
				{"never, in a division", UserFilter{Query: "m", Group: groups[1], Beneath: true, State: StateNever}},
			} {
				c.f.Limit = 50
				b.Run(c.label, func(b *testing.B) {
					for b.Loop() {
						findUsers(b, s, c.f)
					}
				})
			}
		})
	}
}
