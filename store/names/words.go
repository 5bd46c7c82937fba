package names

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// mostWord is how many bytes of a word count.
const mostWord = 96

// Plain is what a text is found by: folded, and without accents.
func Plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(Fold(text)))
}

// Words are the words by which texts are found, each once and in order: what
// stands between blanks, the domain of a mail address, and what of the rest
// stands between other signs.
func Words(texts ...string) (words []string) {
	for _, text := range texts {
		for _, whole := range Chunks(text) {
			words = append(words, whole)
			local, domain, ok := strings.Cut(whole, "@")
			if ok { // as a whole: everyone has its parts
				words = append(words, clip(domain))
			}
			for part := range strings.FieldsFuncSeq(local, sign) {
				words = append(words, clip(part))
			}
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// Chunks are what stands between blanks, without signs at its ends: as Words
// has it, and as it is looked for.
func Chunks(text string) (chunks []string) {
	for chunk := range strings.FieldsSeq(Plain(text)) {
		if chunk = clip(strings.TrimFunc(chunk, sign)); chunk != "" {
			chunks = append(chunks, chunk)
		}
	}
	return chunks
}

// Finds says whether each chunk of a query begins one of the words of texts.
func Finds(query string, texts ...string) bool {
	words := Words(texts...)
	for _, chunk := range Chunks(query) {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, chunk) }) {
			return false
		}
	}
	return true
}

func sign(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// clip cuts at a rune's border.
func clip(word string) string {
	if len(word) <= mostWord {
		return word
	}
	at := mostWord
	for at > 0 && word[at]&0xC0 == 0x80 {
		at--
	}
	return word[:at]
}
