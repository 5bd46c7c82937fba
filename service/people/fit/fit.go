// Package fit says what an account can hold: names, mail addresses, attributes.
//
// It exists so that one user, typed in by hand, and 50,000, read from a file,
// are held to the same rules. It is pure; each refusal is KindInvalid with a
// sentence for whoever reads it.
//
// There is one file to read.
package fit

import (
	"fmt"
	"net/mail"
	"strings"

	"alveary"
)

// The bounds of what may be written about a user.
const (
	MostRoles      = 100
	mostName       = 128
	mostEmail      = 254
	mostAttributes = 64
	mostKey        = 64
	mostValue      = 1024
)

// Invalid is the refusal of what cannot be.
func Invalid(op, subject, message string) error {
	return &alveary.Error{Kind: alveary.KindInvalid, Op: op, Subject: subject, Code: "invalid", Message: message}
}

// Name refuses what cannot be the name of somebody.
func Name(name string) error { return alveary.CheckLine("the name", name, mostName) }

// Email refuses what is no mail address; none is one.
func Email(op, text string) error {
	switch {
	case text == "":
		return nil
	case !isAddress(text):
		return Invalid(op, "", "the e-mail address is not one: it looks like name@example.org")
	}
	return alveary.CheckLine("the e-mail address", text, mostEmail)
}

func isAddress(text string) bool {
	address, err := mail.ParseAddress(text)
	return err == nil && address.Address == text
}

// Profile refuses what accounts cannot be.
func Profile(op string, p alveary.Profile) error {
	if p.Valid() && p != alveary.ProfileAnon {
		return nil
	}
	return Invalid(op, string(p), fmt.Sprintf("the profile %q is none of admin, standard and shared", p))
}

// Attributes refuses what policies could not read.
func Attributes(op string, attributes map[string]string) error {
	if len(attributes) > mostAttributes {
		return Invalid(op, "", "a user has at most 64 attributes")
	}
	for key, value := range attributes {
		if key == "" || strings.TrimSpace(key) != key {
			return Invalid(op, key, "an attribute has a name, without blanks at its ends")
		}
		if err := alveary.CheckLine("the name of an attribute", key, mostKey); err != nil {
			return err
		}
		if err := alveary.CheckLine("the attribute "+key, value, mostValue); err != nil {
			return err
		}
	}
	return nil
}
