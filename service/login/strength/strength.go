// Package strength says whether a password is hard enough to guess.
//
// It exists so that every way to a password (set-up, invitation, reset, the
// account page, the machine itself) asks for the same. What counts is not
// which kinds of characters there are but how many guesses an attacker needs
// who knows the usual passwords, words, names, dates and keyboards, what is
// known of the account, and the usual ways to vary all these.
//
// Promises: the answer is a function of the arguments. It comes in bounded
// time, however long or odd the password is, because only its beginning is
// judged; so a password is never taken to be harder than it is. A refusal says
// what to do, and never repeats the password.
//
// Read this file first; words.go is what people take beside English.
package strength

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn"
	"golang.org/x/text/unicode/norm"

	"alveary"
)

// The bounds of a password, in characters.
const (
	Least = 8 // however low the rules are set
	Most  = 1024
)

const (
	judged    = 40 // characters: the time grows faster than their square, and takes 40 ms at worst for these
	mostAbout = 24 // words of the account that are looked for
	longAbout = 40 // characters of each
)

// Check says why a password cannot be one, or nil; about is what is known of
// its user: login, name, address. KindInvalid with the code "weak-password".
func Check(rules alveary.SignInRules, password string, about ...string) error {
	if len(password) > Most*utf8.UTFMax {
		return tooLong()
	}
	if !utf8.ValidString(password) {
		return weak("the password is not valid UTF-8")
	}
	password = norm.NFC.String(password)
	least := min(max(rules.MinPassword, Least), Most)
	switch n := utf8.RuneCountInString(password); {
	case n < least:
		return weak(fmt.Sprintf("the password is too short: it needs at least %d characters; a few words in a row are easy to remember", least))
	case n > Most:
		return tooLong()
	}
	found := zxcvbn.PasswordStrength(beginning(password), known(about))
	if found.Score >= min(max(rules.Strength, 2), 4) {
		return nil
	}
	if whole := found.Sequence; len(whole) == 1 && whole[0].DictionaryName == "passwords" {
		return weak("this password is among those that are tried first: choose another one, for example four words that have nothing to do with each other")
	}
	return weak("the password is too easy to guess: add another word or two that have nothing to do with the rest or with you; " +
		"capitals, years and signs at the end do not help much")
}

func tooLong() error {
	return weak(fmt.Sprintf("the password is too long: it can have at most %d characters", Most))
}

func weak(message string) error {
	return &alveary.Error{Kind: alveary.KindInvalid, Op: "check the password", Code: "weak-password", Message: message}
}

// beginning is what is judged of a password. Letters in another dress (full
// width, ligatures) are taken for the letters they are, unless that made the
// password longer.
func beginning(password string) string {
	if plain := norm.NFKC.String(password); utf8.RuneCountInString(plain) <= utf8.RuneCountInString(password) {
		password = plain
	}
	return cut(password, judged)
}

func cut(text string, most int) string {
	n := 0
	for i := range text {
		if n == most {
			return text[:i]
		}
		n++
	}
	return text
}

// known are the words that an attacker tries first: those about the user, as
// they are and in parts, and the usual ones that the library does not have.
func known(about []string) []string {
	words := make([]string, 0, mostAbout+len(usual))
	add := func(word string) {
		if len(words) < mostAbout && utf8.RuneCountInString(word) > 2 {
			words = append(words, cut(strings.ToLower(norm.NFKC.String(word)), longAbout))
		}
	}
	for _, text := range about {
		text = cut(strings.ToValidUTF8(text, ""), 4*longAbout)
		parts := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		for _, word := range append(parts, text, strings.Join(parts, "")) {
			add(word)
		}
	}
	return append(words, usual...)
}
