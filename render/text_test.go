package render_test

import (
	"image"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"alveary"
	"alveary/render"
)

func TestText(t *testing.T) {
	r := render.New(render.Options{})
	for _, c := range []struct{ src, want string }{
		{"", ""},
		{"plain\n", "plain\n"},
		{"\xef\xbb\xbfmarked ä", "marked ä"},
		{"Grüße, 世界 🎈", "Grüße, 世界 🎈"},
		{"\xff\xfeG\x00r\x00\xfc\x00\xdf\x00e\x00=\xd8\x88\xdf", "Grüße🞈"},
		{"\xfe\xff\x00G\x00r\x00\xfc", "Grü"},
		{"\xff\xfea\x00b", "a"}, // half a letter
		{"\xff\xfe\x3d\xd8a\x00", "\ufffda"},
		{"Gr\xfc\xdfe, 5 \x80", "Grüße, 5 €"},
		{"\xef\xbb\xbfbroken \xff", "broken \ufffd"},
		{"a\r\nb\rc\n\td", "a\nb\nc\n\td"},
		{"\x1b[31mred\x07 \x00\x7f\u0085", "[31mred "},
		{"safe\u202egnp.exe\u2066", "safegnp.exe"},
		{"<script>alert(1)</script>", "<script>alert(1)</script>"}, // text: it is for the door to say so
		{"👩\u200d🚀", "👩\u200d🚀"},
	} {
		got, err := r.Text(t.Context(), strings.NewReader(c.src), int64(len(c.src)))
		if err != nil || got.Text != c.want || got.Cut {
			t.Errorf("%q: %q, %v; want %q", c.src, got.Text, err, c.want)
		}
	}
}

// Of a long text the beginning is given, in whole letters, however it is written.
func TestLongText(t *testing.T) {
	r := render.New(render.Options{})
	for name, c := range map[string]struct {
		src  string
		want int
		cut  bool
	}{
		"exactly":      {strings.Repeat("a", render.MaxText), render.MaxText, false},
		"one more":     {strings.Repeat("a", render.MaxText+1), render.MaxText, true},
		"through ä":    {"a" + strings.Repeat("ä", render.MaxText), render.MaxText - 1, true},
		"through 🎈":    {"ab" + strings.Repeat("🎈", render.MaxText/4), render.MaxText - 2, true},
		"latin":        {strings.Repeat("\xe4", render.MaxText), render.MaxText, true},
		"utf-16":       {"\xff\xfe" + strings.Repeat("\x16\x4e", render.MaxText/2), render.MaxText - 1, true},
		"utf-16 ascii": {"\xff\xfe" + strings.Repeat("a\x00", 100), 100, false},
	} {
		got, err := r.Text(t.Context(), strings.NewReader(c.src), int64(len(c.src)))
		if err != nil || len(got.Text) != c.want || got.Cut != c.cut || strings.Contains(got.Text, "\ufffd") {
			t.Errorf("%s: %d bytes, cut %v, %v", name, len(got.Text), got.Cut, err)
		}
	}
}

// With a watermark a text is a picture, so that the one cannot be taken off the
// other.
func TestTextAsPicture(t *testing.T) {
	r := render.New(render.Options{})
	src := strings.Repeat("one line of the text, which is longer than what fits on a line of the page, so that it goes on on the next\n", 100)
	first, p := shown(t, r, render.KindText, 0, []byte(src), someone)
	if p.Page != 1 || p.Pages != 4 || p.Type != "image/png" || first.Bounds() != image.Rect(0, 0, 1131, 1600) {
		t.Errorf("page %d of %d, %s, %v", p.Page, p.Pages, p.Type, first.Bounds())
	}
	bare, _ := shown(t, r, render.KindText, 4, []byte(src), render.Mark{})
	last, p := shown(t, r, render.KindText, 4, []byte(src), someone)
	if p.Page != 4 || ink(bare, 0x40) == 0 || ink(first, 0x40) <= ink(last, 0x40) || ink(last, 0xd0) <= ink(bare, 0xd0) {
		t.Errorf("page %d; ink %d, %d with the mark, %d on the first", p.Page, ink(bare, 0x40), ink(last, 0x40), ink(first, 0x40))
	}
	_, err := r.Picture(t.Context(), render.KindText, 5, strings.NewReader(src), int64(len(src)), someone)
	wantCode(t, err, alveary.KindInvalid, "no-page")

	for name, c := range map[string]struct {
		src   string
		pages int
	}{
		"empty":     {"", 1},
		"lines":     {strings.Repeat("\n", render.MaxText), render.MaxPages},
		"one line":  {strings.Repeat("x", render.MaxText+1), 47},
		"tabs":      {strings.Repeat("\t", 1000), 1},
		"no letter": {"世界🎈\u0301", 1},
	} {
		p, err := r.Picture(t.Context(), render.KindText, 1, strings.NewReader(c.src), int64(len(c.src)), render.Mark{})
		if err != nil || p.Pages != c.pages {
			t.Errorf("%s: %d pages, %v", name, p.Pages, err)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"", "plain\r\n", "\xff\xfea\x00", "\xfe\xff\xd8\x00", "\xef\xbb\xbf\xff", "\xe4\x00\x1b", "\u202e"} {
		f.Add(s, uint16(1))
		f.Add(s, uint16(40_000))
	}
	r := render.New(render.Options{})
	f.Fuzz(func(t *testing.T, src string, times uint16) {
		src = strings.Repeat(src, min(int(times), (render.MaxText+9)/max(1, len(src))+1))
		got, err := r.Text(t.Context(), strings.NewReader(src), int64(len(src)))
		if err != nil || len(got.Text) > render.MaxText || !utf8.ValidString(got.Text) {
			t.Fatalf("%d bytes, %v", len(got.Text), err)
		}
		if i := strings.IndexFunc(got.Text, func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\t' }); i >= 0 {
			t.Fatalf("a control character at %d", i)
		}
		if len(src) <= render.MaxText/3 && got.Cut {
			t.Fatal("it was cut for no reason")
		}
	})
}
