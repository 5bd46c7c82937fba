package mail

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"net/url"
	"slices"
	"strings"
	text "text/template"
	"time"
	"unicode"

	"alveary"
)

//go:embed words/*.txt
var wordFiles embed.FS

// words are what mails say, by language. A paragraph that begins with => is
// the link, in these words; one that is * alone are the lines of a digest.
var words = map[string]*text.Template{
	"en": text.Must(text.New("en").Funcs(text.FuncMap{"list": list}).ParseFS(wordFiles, "words/en.txt")),
	"fr": text.Must(text.New("fr").Funcs(text.FuncMap{"list": list}).ParseFS(wordFiles, "words/fr.txt")),
}

// kindTest is the mail of the test button; the other kinds are those that
// services post.
const kindTest = "test"

// kindDigest is the mail that says what happened. It goes without its link
// where the server does not know by which address people find it.
const kindDigest = "digest"

// kinds are what there are words for, and whether they carry a link.
var kinds = map[string]bool{
	"invitation": true, "external": true, "reset": true,
	"password-changed": false, "factor-changed": false, "locked": false, kindTest: false,
	kindDigest: true,
}

// page is how a mail looks. It loads nothing from anywhere.
var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><title>{{.Subject}}</title></head>
<body style="margin:0;padding:24px;background:#faf8f5;color:#2b2723;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:560px;margin:0 auto;padding:24px;background:#fff;border:1px solid #e5dfd6;border-radius:6px">
{{range .Paragraphs}}{{if .Link}}<p style="margin:24px 0"><a href="{{.Link}}" style="display:inline-block;padding:10px 16px;border-radius:6px;background:#2b2723;color:#fff;text-decoration:none">{{.Text}}</a></p>
<p style="margin:0 0 16px;font-size:13px;color:#6b6258;word-break:break-all">{{.Link}}</p>
{{else if .Lines}}<ul style="margin:0 0 16px;padding-left:20px">{{range .Lines}}<li style="margin:0 0 6px">{{.}}</li>
{{end}}</ul>
{{else}}<p style="margin:0 0 16px">{{.Text}}</p>
{{end}}{{end}}</div>
<p style="max-width:560px;margin:12px auto 0;font-size:13px;color:#6b6258">{{.Foot}}</p>
</body></html>
`))

// letter is a mail in words.
type letter struct {
	Lang, House, Subject, Foot string
	Paragraphs                 []paragraph
}

type paragraph struct {
	Text  string
	Link  template.URL // set where the text leads somewhere
	Lines []string     // in place of the text
}

// said is what the words are filled with.
type said struct {
	House, Place, Hello, Name, Login, What, Address, At, Until string
}

var errNoWords = errors.New("there are no words for this kind of mail")

// compose puts a mail into words. house is the organisation's name, place the
// address of the server.
func compose(kind, house, place string, head alveary.Letterhead) (letter, error) {
	withLink, known := kinds[kind]
	if !known {
		return letter{}, errNoWords
	}
	if kind == kindDigest && head.Link == "" {
		withLink = false
	}
	if withLink && !isLink(head.Link) {
		return letter{}, errors.New("the link of this mail is none")
	}
	l := letter{Lang: head.Lang}
	if words[l.Lang] == nil {
		l.Lang = "en"
	}
	in := words[l.Lang]
	fill := said{
		House: oneLine(house, mostHouse), Place: oneLine(place, 200), Name: harmless(head.Name), Login: oneLine(head.Login, 200),
		What: oneLine(head.What, 200), Address: oneLine(head.Address, 100),
	}
	if kind == "invitation" || kind == "external" {
		fill.What = harmless(head.What) // somebody's name
	}
	if fill.House == "" {
		fill.House = "Alveary"
	}
	l.House = fill.House
	var err error
	say := func(name string, with any) string {
		var b bytes.Buffer
		err = errors.Join(err, in.ExecuteTemplate(&b, name, with))
		return strings.TrimSpace(b.String())
	}
	date := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		t = t.UTC()
		return say("date", map[string]any{"Day": t.Day(), "Month": int(t.Month()) - 1, "Year": t.Year(), "Clock": t.Format("15:04")})
	}
	fill.At, fill.Until = date(head.At), date(head.Until)
	fill.Hello = say("hello", fill)
	l.Subject, l.Foot = oneLine(say(kind+".subject", fill), 200), say("foot", fill)
	for part := range strings.SplitSeq(say(kind, fill), "\n\n") {
		p := paragraph{Text: strings.TrimSpace(part)}
		if label, ok := strings.CutPrefix(p.Text, "=> "); ok {
			p = paragraph{}
			if withLink {
				p = paragraph{Text: label, Link: template.URL(head.Link)} //nolint:gosec // isLink has looked at it, and our own server made it
			}
		}
		if p.Text == "*" {
			p = paragraph{Lines: tamed(head.Lines)}
		}
		if p.Text != "" || len(p.Lines) > 0 {
			l.Paragraphs = append(l.Paragraphs, p)
		}
	}
	return l, err
}

// plain is the letter as text.
func (l letter) plain() string {
	var b strings.Builder
	for _, p := range l.Paragraphs {
		b.WriteString(p.Text)
		for i, line := range p.Lines {
			if i > 0 {
				b.WriteString("\n")
			}
			b.WriteString("- " + line)
		}
		if p.Link != "" {
			b.WriteString(":\n" + string(p.Link))
		}
		b.WriteString("\n\n")
	}
	return b.String() + "-- \n" + l.Foot + "\n"
}

// html is the letter as a page.
func (l letter) html() (string, error) {
	var b bytes.Buffer
	err := page.Execute(&b, l)
	return b.String(), err
}

// isLink says whether a text is the address of a page on the web.
func isLink(link string) bool {
	u, err := url.Parse(link)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && link == oneLine(link, 2000)
}

// mostHouse is how much of the organisation's name goes into a mail.
const mostHouse = 80

// oneLine drops what cannot be seen, line ends among it, and cuts the text to
// so many characters. A header made of it stays one header.
func oneLine(line string, most int) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.ToValidUTF8(line, "") {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) {
			r = ' '
		}
		if n++; n > most {
			break
		}
		b.WriteRune(r)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// harmless is a name that people give themselves or others, or nothing where
// mail programs would make a link of it: whoever may invite could have our
// server send his own links otherwise.
func harmless(name string) string {
	name = oneLine(name, 80)
	if strings.ContainsAny(name, `/\<>@`) || strings.Contains(strings.ToLower(name), "www.") || looksLikeHost(name) {
		return ""
	}
	return name
}

// mostLine is how much of one line of a digest goes into a mail.
const mostLine = 400

// tamed are lines of a digest: names of files and Cells are in them, and mail
// programs make links of some. Words that lead somewhere are left out, and the
// rest of the line stands.
func tamed(lines []string) (out []string) {
	for _, line := range lines {
		parts := strings.Fields(oneLine(line, mostLine))
		for i, word := range parts {
			if leads(word) {
				parts[i] = "…"
			}
		}
		if len(parts) > 0 {
			out = append(out, strings.Join(parts, " "))
		}
	}
	return out
}

// leads says whether a mail program may make a link of a word.
func leads(word string) bool {
	return strings.ContainsAny(word, `\<>@`) || strings.Contains(word, "//") || strings.Contains(strings.ToLower(word), "www.") ||
		looksLikeHost(word) && !isDocument(word)
}

// documents are endings of the names of files that are those of no hosts.
var documents = []string{
	"pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp", "rtf", "txt", "csv", "jpg", "jpeg", "png", "gif", "tif", "tiff", "svg",
	"webp", "heic", "mp3", "mp4", "wav", "json", "xml", "html", "eml", "epub",
}

// isDocument says whether a word with a dot in it is the name of a document.
func isDocument(word string) bool {
	word = strings.TrimRightFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	_, ending, found := strings.Cut(word, ".")
	return found && slices.Contains(documents, strings.ToLower(ending))
}

// looksLikeHost says whether a word has a dot between two letters of which the
// second begins a longer run, as in example.org; initials as in J.R. do not.
func looksLikeHost(name string) bool {
	for word := range strings.FieldsSeq(name) {
		before, after, found := strings.Cut(word, ".")
		for found {
			run := 0
			for _, r := range after {
				if !unicode.IsLetter(r) {
					break
				}
				run++
			}
			if before != "" && run > 1 {
				return true
			}
			before, after, found = strings.Cut(after, ".")
		}
	}
	return false
}

func list(of ...string) []string { return of }
