package people

import (
	"encoding/json"
	"unicode/utf8"

	"alveary"
)

// ParseAttributes reads what was kept of a user's attributes. One that was
// lost could be what a policy denies by, so there is no half of them.
func ParseAttributes(text string) (attributes map[string]string, err error) {
	if text == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(text), &attributes); err != nil {
		return nil, &alveary.Error{Kind: alveary.KindInternal, Op: "read the user", Message: "the attributes of a user cannot be read", Cause: err}
	}
	return attributes, nil
}

func attributesText(attributes map[string]string) (string, error) {
	for name, value := range attributes {
		if name == "" || !utf8.ValidString(name) || !utf8.ValidString(value) {
			return "", &alveary.Error{
				Kind: alveary.KindInvalid, Op: "keep the user", Subject: name, Code: "invalid",
				Message: "an attribute of a user has a name, and both name and value are text",
			}
		}
	}
	if len(attributes) == 0 {
		return "", nil
	}
	text, err := json.Marshal(attributes)
	return string(text), err
}
