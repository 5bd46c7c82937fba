package sheet_test

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"alveary"
	"alveary/service/people/sheet"
)

func message(err error) string {
	var e *alveary.Error
	if errors.As(err, &e) && e.Kind == alveary.KindInvalid {
		return e.Message
	}
	return ""
}

func TestRead(t *testing.T) {
	for text, want := range map[string][]sheet.Row{
		"login,name\nmia,Mia\n":                     {{Number: 2, Fields: []string{"mia", "Mia"}}},
		"\ufefflogin;name\r\nmia;\"Mia; B\"\r\n":    {{Number: 2, Fields: []string{"mia", "Mia; B"}}},
		"sep=;\r\nlogin;name\r\nmia;Mia":            {{Number: 3, Fields: []string{"mia", "Mia"}}},
		"login\tname\nmia\tMia\n":                   {{Number: 2, Fields: []string{"mia", "Mia"}}},
		"login,name\n\n\"a\nb\nc\",x\n\ntom,Tom\n":  {{Number: 3, Fields: []string{"a\nb\nc", "x"}}, {Number: 5, Fields: []string{"tom", "Tom"}}},
		"login,name\r\n\"a\r\nb\",x\r\ntom,Tom\r\n": {{Number: 2, Fields: []string{"a\nb", "x"}}, {Number: 3, Fields: []string{"tom", "Tom"}}},
		"login,name\n,\nmia,Mia,,\n":                {{Number: 3, Fields: []string{"mia", "Mia"}}},
		"login,name\n":                              nil,
		"login,name\n'=x,''-y\n":                    {{Number: 2, Fields: []string{"=x", "'-y"}}},
		"login,name\nO'x,'a\n":                      {{Number: 2, Fields: []string{"O'x", "'a"}}},
	} {
		got, err := sheet.Read([]byte(text))
		if err != nil || !reflect.DeepEqual(got.Columns, []string{"login", "name"}) || !reflect.DeepEqual(got.Rows, want) {
			t.Errorf("%q is %+v, %v", text, got, err)
		}
	}
}

func TestBroken(t *testing.T) {
	long := "login,name\n" + strings.Repeat("mia,Mia\n", 4709)
	for text, want := range map[string]string{
		"":                                     "empty",
		"\n\n":                                 "empty",
		"login,name\nmia\n":                    "row 2: it has 1 fields",
		"login,name\nmia,Mia,x\n":              "row 2: it has 3 fields",
		"login,name\n\"a\nb\",x\n\nmia,\"x\"y": "row 4: it cannot be read",
		long + "a \"b,c\n":                     "row 4711: it cannot be read",
		long + "a\n":                           "row 4711: it has 1 fields",
		"login,name\nm\xffa,Mia\n":             "not UTF-8",
		"\xff\xfel\x00o\x00":                   "not UTF-8",
		"login\n" + strings.Repeat("a\n", sheet.MostRows+1):       "too many rows",
		"login\n" + strings.Repeat("aaaaaaaa", sheet.MostBytes/8): "too large",
	} {
		got, err := sheet.Read([]byte(text))
		if len(got.Rows) > 0 || !strings.Contains(message(err), want) {
			t.Errorf("%.40q: %v, want %q", text, err, want)
		}
	}
}

// No cell that is written begins like a formula, and each is read back as it
// was.
func FuzzWrite(f *testing.F) {
	for _, text := range []string{"=1+1", "'=x", "''-1", "@a", "+4912", "-", "a", "", "'", "\tx", "'a", "a;b,c\"d", "＝x"} {
		f.Add(text, text)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if strings.ContainsAny(a+b, "\r") || a+b == "" || strings.ToValidUTF8(a+b, "") != a+b {
			return // a line break is no part of what is kept of people
		}
		var out bytes.Buffer
		w, err := sheet.NewWriter(&out, []string{"one", "two"})
		if err == nil {
			err = w.Write([]string{a, b})
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := sheet.Read(out.Bytes())
		if err != nil || len(got.Rows) != 1 || got.Rows[0].Fields[0] != a || got.Rows[0].Fields[1] != b {
			t.Fatalf("%q and %q are %q and then %+v, %v", a, b, out.String(), got, err)
		}
		for _, line := range strings.Split(out.String(), "\n")[1:] {
			if line != "" && strings.ContainsAny(line[:1], "=+-@\t") && !strings.Contains(a+b, "\n") {
				t.Fatalf("%q begins a line like a formula", out.String())
			}
		}
	})
}
