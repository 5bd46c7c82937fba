package notice

import (
	"embed"
	"strings"
	"text/template"
	"time"
	"unicode"
	"unicode/utf8"

	"alveary"
)

//go:embed words/*.txt
var wordFiles embed.FS

// english is the language of the API and the feed, and of mails in a language
// that there are no words for.
const english = "en"

// wordings are how notices are put, by language: one file each in words/, with
// a sentence for each kind.
var wordings = map[string]*wording{english: {words("en")}, "fr": {words("fr")}}

func words(lang string) *template.Template {
	list := func(of ...string) []string { return of }
	return template.Must(template.New(lang).Funcs(template.FuncMap{"list": list}).ParseFS(wordFiles, "words/"+lang+".txt"))
}

// wording is how notices are put in one language.
type wording struct{ words *template.Template }

func wordsOf(lang string) *wording {
	if w := wordings[lang]; w != nil {
		return w
	}
	return wordings[english]
}

// said is what a sentence is made of. Names are empty where the reader may not
// see them, or where there are none.
type said struct {
	By, Name, Node     string
	When               string // a day
	Why                string
	Answer             string // to a request
	Count              int64
	Known, Link, Drop  bool // the Cell is there for the reader; it is a link; one to put files in
	Today, Past, Moved bool
	Read, Write        bool // the rights that are asked for
}

// mostSaid is how many bytes of what people wrote go into a sentence.
const mostSaid = 300

// as is a text that people wrote, as it stands within a sentence.
func as(text string) string {
	return strings.Join(strings.Fields(alveary.Printable(strings.Join(strings.Fields(text), " "), mostSaid)), " ")
}

// sentence puts a notice of a kind into words.
func (w *wording) sentence(kind alveary.NoticeKind, s *said) (string, error) {
	name := string(kind)
	if !known[kind] {
		name = "other"
	}
	text, err := w.say(name, s)
	if err != nil {
		return "", err
	}
	first, size := utf8.DecodeRuneInString(text)
	if s.Name != "" && strings.HasPrefix(text, s.Name) || s.By != "" && strings.HasPrefix(text, s.By) {
		return text, nil // a name is spelled as it is
	}
	return string(unicode.ToUpper(first)) + text[size:], nil
}

// known are the kinds that there are sentences for.
var known = map[alveary.NoticeKind]bool{
	alveary.NoticeShared: true, alveary.NoticeOpened: true, alveary.NoticeUploaded: true, alveary.NoticeEnding: true, alveary.NoticeStopped: true,
	alveary.NoticeReview: true, alveary.NoticeAsked: true, alveary.NoticeAnswered: true, alveary.NoticeHanded: true,
}

// say gives one of the texts of the file.
func (w *wording) say(name string, with any) (string, error) {
	var b strings.Builder
	err := w.words.ExecuteTemplate(&b, name, with)
	return b.String(), err
}

// why says what a term of the house rules asks; empty for one that stops
// nothing.
func (w *wording) why(term string) (string, error) {
	switch term {
	case "cells", "fileLinks", "folderLinks", "password", "slugs", "days", "policies":
		return w.say(term, nil)
	}
	return "", nil
}

// date is a day, with its year where that is not the present one.
func (w *wording) date(t, now time.Time) (string, error) {
	of := struct{ Day, Month, Year int }{Day: t.Day(), Month: int(t.Month()) - 1}
	if t.Year() != now.Year() {
		of.Year = t.Year()
	}
	return w.say("date", of)
}
