package render

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Text is the beginning of a text.
type Text struct {
	Text string // UTF-8, at most MaxText bytes; of control characters only tabs and line feeds
	Cut  bool   // more of it is there
}

// Text reads a text: in UTF-8 or UTF-16 where it begins with the mark of one or
// can be read as UTF-8, else in Latin-1, with the characters that Windows has
// in it.
func (r *Renderer) Text(ctx context.Context, src io.Reader, _ int64) (Text, error) {
	from := &source{ctx: ctx, from: src}
	t, err := readText(from)
	if from.failed != nil && ctx.Err() == nil {
		err = from.failed
	}
	return t, err
}

func readText(src io.Reader) (Text, error) {
	raw, err := io.ReadAll(io.LimitReader(src, MaxText+1))
	if err != nil {
		return Text{}, err
	}
	cut := len(raw) > MaxText
	text := clean(decode(raw[:min(len(raw), MaxText)], cut))
	if len(text) > MaxText {
		cut = true
		end := MaxText
		for !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end]
	}
	return Text{text, cut}, nil
}

// decode finds out how a text is written, of which the end may be missing.
func decode(raw []byte, cut bool) string {
	if rest, ok := bytes.CutPrefix(raw, []byte("\xff\xfe")); ok {
		return decode16(rest, binary.LittleEndian)
	}
	if rest, ok := bytes.CutPrefix(raw, []byte("\xfe\xff")); ok {
		return decode16(rest, binary.BigEndian)
	}
	if rest, ok := bytes.CutPrefix(raw, []byte("\xef\xbb\xbf")); ok {
		return strings.ToValidUTF8(string(whole(rest, cut)), string(utf8.RuneError))
	}
	if all := whole(raw, cut); utf8.Valid(all) {
		return string(all)
	}
	var out strings.Builder
	for _, b := range raw {
		out.WriteRune(charmap.Windows1252.DecodeByte(b))
	}
	return out.String()
}

// whole is the text without the last character where the cut went through it.
func whole(raw []byte, cut bool) []byte {
	for back := 1; cut && back < utf8.UTFMax && back <= len(raw); back++ {
		if end := raw[len(raw)-back:]; utf8.RuneStart(end[0]) {
			if !utf8.FullRune(end) {
				return raw[:len(raw)-back]
			}
			break
		}
	}
	return raw
}

func decode16(raw []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = order.Uint16(raw[2*i:])
	}
	return string(utf16.Decode(units))
}

// clean takes out what would do something instead of being seen: control
// characters, but not the ends of lines and tabs, and those that turn the
// direction of what follows, by which a text can be made to read otherwise than
// it is.
func clean(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	return strings.Map(func(c rune) rune {
		if c != '\n' && c != '\t' && !seen(c) {
			return -1
		}
		return c
	}, text)
}

func seen(c rune) bool {
	return !unicode.IsControl(c) && !unicode.Is(unicode.Bidi_Control, c) && c != '\ufeff'
}
