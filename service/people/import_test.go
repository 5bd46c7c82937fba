package people_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/service/people"
	"alveary/service/people/roster"
	"alveary/store"
)

func fates(in people.Imported) (lines []string) {
	for _, f := range in.Rows {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%d %s %s %s", f.Row, f.Login, f.Fate, f.Text)))
	}
	return lines
}

func TestImport(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		ctx := t.Context()
		must[people.Role](t)(w.People.AddRole(ctx, root, people.NewRole{ID: "crew"}))
		must[people.Role](t)(w.People.AddRole(ctx, root, people.NewRole{ID: "nights"}))
		must[people.Group](t)(w.People.AddGroup(ctx, root, people.NewGroup{Parent: "/", Name: "sales"}))
		w.User("ben")
		w.SignIn("ann")
		w.SignIn("ben")
		text := "\ufeffLogin;Name;email;profile;group;roles;disabled;invite;attr:site\r\n" +
			"mia;\"Mia; Berg\";mia@example.net;;/sales/north/lab;\"crew; nights\";;TRUE;Lyon\r\n" +
			"\r\n" +
			"tom;Tom;;shared;/;;FALSE;true;\r\n" +
			"ANN;Ann;;standard;/;;false;;\r\n" +
			"ben;;;standard;/SALES;crew;;;\r\n"
		dry, err := w.People.Import(ctx, root, []byte(text), people.ImportOptions{DryRun: true, MakeGroups: true})
		want := []string{
			"2 mia create profile standard, group /sales/north/lab", "4 tom create profile shared, group /", "5 ann change name", "6 ben change group, roles",
		}
		if err != nil || !slices.Equal(fates(dry), want) || dry.Create != 2 || dry.Change != 2 || dry.Same+dry.Refused != 0 || dry.Links != nil {
			t.Fatalf("%q %+v, %v", fates(dry), dry, err)
		}
		if w.As("ann").User.Name != "" {
			t.Error("a dry run changed something")
		}
		_, err = w.People.Import(ctx, root, []byte(text), people.ImportOptions{})
		if !alveary.IsKind(err, alveary.KindInvalid) || !strings.Contains(err.Error(), "row 2: there is no group /sales/north/lab (1 of 4 rows") {
			t.Errorf("without the groups: %v", err)
		}
		before := len(w.Audit())
		done, err := w.People.Import(ctx, root, []byte(text), people.ImportOptions{MakeGroups: true})
		if err != nil || !slices.Equal(fates(done), want) || !reflect.DeepEqual(done.Links, map[string]string{"tom": "invitation for tom"}) {
			t.Fatalf("%+v, %v", done, err)
		}
		mia := must[people.UserDocument](t)(w.People.User(ctx, root, w.ID("mia")))
		if mia.Name != "Mia; Berg" || mia.Email != "mia@example.net" || mia.Profile != alveary.ProfileStandard || mia.Group.Path != "/sales/north/lab" ||
			!slices.Equal(mia.Roles, []alveary.RoleID{"crew", "nights"}) || mia.Attributes["site"] != "Lyon" || mia.Disabled || mia.CreatedBy != "" {
			t.Errorf("%+v", mia)
		}
		if n := w.SignIns("ann"); n != 2 {
			t.Errorf("who is called otherwise has %d sessions and tokens left", n)
		}
		if n := w.SignIns("ben"); n != 0 {
			t.Errorf("who has other roles has %d sessions and tokens left", n)
		}
		var actions []string
		for _, line := range w.Since(before) {
			actions = append(actions, line.Action)
		}
		if !slices.Equal(actions, []string{"add-group", "add-group", "add-user", "add-user", "change-user", "change-user", "import-users"}) {
			t.Errorf("on record: %q", actions)
		}
		again, err := w.People.Import(ctx, root, []byte(text), people.ImportOptions{MakeGroups: true})
		if err != nil || again.Same != 4 {
			t.Errorf("%q, %v", fates(again), err)
		}
	})
}

// One row that is refused refuses the file, and is named as a spreadsheet
// counts.
func TestImportOfWhatIsBroken(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		ctx := t.Context()
		var many strings.Builder
		many.WriteString("login,profile\n")
		for i := range 5000 {
			profile := "standard"
			if i == 4709 {
				profile = "king"
			}
			fmt.Fprintf(&many, "user%d,%s\n", i, profile)
		}
		for text, want := range map[string]string{
			many.String():                   `row 4711: the profile "king"`,
			"login\nnew\nNEW\n":             "row 3: this login is in row 2 already",
			"login\nnew\n/\n":               "row 3: the login contains a /",
			"login,name\n,x\n":              "row 2: the login is empty",
			"login,roles\nnew,none\n":       `row 2: there is no role "none"`,
			"login,roles\nnew,ROOT_GROUP\n": `row 2: there is no role "ROOT_GROUP"`,
			"login,roles\nnew,ADMINISTRATORS;ADMINISTRATORS\n": "row 2: the role \"ADMINISTRATORS\" is named twice",
			"login,group\nnew,/none\n":                         "row 2: there is no group /none",
			"login,email\nnew,nobody\n":                        "row 2: the e-mail address",
			"login,disabled\nnew,perhaps\n":                    "row 2: disabled is \"perhaps\"",
			"login,invite\nroot,perhaps\n":                     "row 2: invite is \"perhaps\"",
			"login,profile\nroot,standard\n":                   "row 2: you cannot disable",
			"login,disabled\nroot,true\n":                      "row 2: you cannot disable",
			"login,attr:a\nnew,\"x\ny\"\n":                     "row 2: ",
			"login,name\nnew,\"a\nb\"\n":                       "row 2: ",
			"login,password\nnew,x\n":                          `row 1: the column "password" is not known`,
			"login,attr:\nnew,x\n":                             `row 1: the column "attr:"`,
			"login,Login\nnew,x\n":                             `row 1: the column "Login" is there twice`,
			"name\nnew\n":                                      "row 1: the column login is missing",
			"login,name\nnew,\"x\"y\n":                         "row 2: it cannot be read",
			"":                                                 "empty",
		} {
			_, err := w.People.Import(ctx, root, []byte(text), people.ImportOptions{})
			var e *alveary.Error
			if !errors.As(err, &e) || e.Kind != alveary.KindInvalid || !strings.Contains(e.Message, want) {
				t.Errorf("%.40q: %v, want %q", text, err, want)
			}
		}
		dry, err := w.People.Import(ctx, root, []byte(many.String()), people.ImportOptions{DryRun: true})
		if err != nil || dry.Refused != 1 || dry.Create != 4999 || dry.Rows[4709].Fate != roster.Refused || dry.Rows[4709].Row != 4711 {
			t.Errorf("%d refused, %d created, %v", dry.Refused, dry.Create, err)
		}
		w.Read(func(tx *store.Tx) error {
			n, err := tx.CountUsers()
			if n != 2 {
				t.Errorf("%d users", n)
			}
			return err
		})
		for _, ask := range []func(alveary.Subject) error{
			func(who alveary.Subject) error {
				return second(w.People.Import(ctx, who, []byte("login\nx\n"), people.ImportOptions{}))
			},
			func(who alveary.Subject) error {
				return second(w.People.Import(ctx, who, []byte("login\nx\n"), people.ImportOptions{DryRun: true}))
			},
			func(who alveary.Subject) error { return w.People.Export(ctx, who, new(bytes.Buffer)) },
		} {
			wantKind(t, ask(w.As("ann")), alveary.KindDenied, "not-held")
		}
	})
}

// An import that locks the administrators out is refused as a whole.
func TestImportLockOut(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		policy(w, alveary.Policy{ID: "out", Type: alveary.PolicyOIDC, Rules: []alveary.Rule{{Effect: alveary.EffectDeny, Actions: []string{"login"}, Subjects: []string{"group:/out"}}}})
		_, err := w.People.Import(t.Context(), root, []byte("login,group\nroot,/out\nnew,/out\n"), people.ImportOptions{MakeGroups: true})
		wantKind(t, err, alveary.KindConflict, "lock-out")
		w.Read(func(tx *store.Tx) error {
			groups, err := tx.Groups()
			if len(groups) != 1 {
				t.Errorf("%+v", groups)
			}
			return err
		})
	})
}

// What is exported is imported as the same, whatever people are called.
func TestExportIsTheSame(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage, root alveary.Subject) {
		ctx, r := t.Context(), rand.New(rand.NewPCG(5, 6))
		odd := []string{"=1+1", "@x", "-a", "+49", "'", "'=", "\"", ";", ",", "a b", "é", "日本", "O'Neil", "{}", "<b>", "|", "＝", "sep=", "#", "Ω"}
		text := func(n int) string {
			var b strings.Builder
			for range 1 + r.IntN(n) {
				b.WriteString(odd[r.IntN(len(odd))])
			}
			return b.String()
		}
		for _, id := range []alveary.RoleID{"-a", "b.c", "_"} {
			must[people.Role](t)(w.People.AddRole(ctx, root, people.NewRole{ID: id}))
		}
		w.Write(func(tx *store.Tx) error {
			groups := []alveary.GroupID{alveary.RootGroup}
			for range 20 {
				g, err := tx.InsertGroup(groups[r.IntN(len(groups))], text(3)+fmt.Sprint(len(groups)))
				if err != nil {
					return err
				}
				groups = append(groups, g.ID)
			}
			for i := range 400 {
				u := alveary.User{
					Login: text(3) + fmt.Sprint(i), Name: strings.TrimSpace(text(4)), Group: groups[r.IntN(len(groups))], Disabled: r.IntN(5) == 0,
					Profile: []alveary.Profile{alveary.ProfileAdmin, alveary.ProfileStandard, alveary.ProfileShared}[r.IntN(3)],
				}
				if r.IntN(2) == 0 {
					u.Roles = []alveary.RoleID{"_", "-a"}
				}
				for range r.IntN(3) {
					u.Attributes = map[string]string{text(2): text(3), "x": " " + text(1) + " "}
				}
				if _, err := tx.InsertUser(u, ""); err != nil {
					return err
				}
			}
			return nil
		})
		var out bytes.Buffer
		if err := w.People.Export(ctx, root, &out); err != nil {
			t.Fatal(err)
		}
		for _, o := range []people.ImportOptions{{DryRun: true}, {}} {
			got, err := w.People.Import(ctx, root, out.Bytes(), o)
			if err != nil || got.Same != 402 || len(got.Rows) != 402 {
				for _, f := range got.Rows {
					if f.Fate != roster.Same {
						t.Errorf("%+v", f)
					}
				}
				t.Fatalf("%d same, %v\n%.600s", got.Same, err, out.String())
			}
		}
		for _, line := range strings.Split(out.String(), "\n")[1:] {
			if line != "" && strings.ContainsAny(line[:1], "=+-@") {
				t.Errorf("%q begins like a formula", line)
			}
		}
	})
}

func BenchmarkImport(b *testing.B) {
	for _, database := range []string{"sqlite", "postgres"} {
		b.Run(database, func(b *testing.B) {
			w := newStage(b, database)
			w.User("root", alveary.ProfileAdmin)
			root := w.As("root")
			must[people.Role](b)(w.People.AddRole(b.Context(), root, people.NewRole{ID: "crew"}))
			var made, changed strings.Builder
			made.WriteString("login,name,email,group,roles,attr:site\n")
			changed.WriteString("login,name,email,group,roles,attr:site\n")
			for i := range 50_000 {
				row := fmt.Sprintf("first.last%d,First%d Last%d,first.last%d@example.org,/division %d/unit %d,", i, i%977, i%4999, i, i%50, i%5000)
				made.WriteString(row + ",Lyon\n")
				changed.WriteString(row + "crew,Bern\n")
			}
			for _, one := range []struct{ label, text string }{{"made", made.String()}, {"the same", made.String()}, {"changed", changed.String()}} {
				for _, dry := range []bool{true, false} {
					begin := time.Now()
					if _, err := w.People.Import(b.Context(), root, []byte(one.text), people.ImportOptions{MakeGroups: true, DryRun: dry}); err != nil {
						b.Fatal(err)
					}
					b.Logf("50,000 people, %s, dry run %t: %v", one.label, dry, time.Since(begin))
				}
			}
			id, someone := w.ID("first.last4711"), w.As("first.last4711")
			b.Run("a page", func(b *testing.B) {
				for b.Loop() {
					if _, err := w.People.User(b.Context(), root, id); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run("a stack", func(b *testing.B) {
				for b.Loop() {
					w.Read(func(tx *store.Tx) error {
						s, err := tx.Subject(someone.User.ID)
						if err != nil {
							return err
						}
						access, err := w.Gate.Bind(b.Context(), tx, s)
						if err == nil && len(access.Stack()) != 5 {
							b.Fatalf("%+v", access.Stack())
						}
						return err
					})
				}
			})
		})
	}
}
