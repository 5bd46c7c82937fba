package blob

import (
	"fmt"
	"io"

	"alveary"
)

// idLength is the number of characters of an id, five random bits each.
const idLength = 26

const idAlphabet = "abcdefghijklmnopqrstuvwxyz234567"

// NewID makes an id that nobody can guess and that no other object has, from
// 130 bits of the source.
func NewID(random io.Reader) (alveary.BlobID, error) {
	var id [idLength]byte
	if _, err := io.ReadFull(random, id[:]); err != nil {
		return "", fmt.Errorf("make the id of an object: %w", err)
	}
	for i, b := range id {
		id[i] = idAlphabet[b%32]
	}
	return alveary.BlobID(id[:]), nil
}

// CheckID refuses with KindInvalid everything that NewID cannot make. Ids
// become file names, so that this is what keeps `..` and its kind out.
func CheckID(id alveary.BlobID) error {
	good := len(id) == idLength
	for i := 0; good && i < idLength; i++ {
		c := id[i]
		good = c >= 'a' && c <= 'z' || c >= '2' && c <= '7'
	}
	if good {
		return nil
	}
	return &alveary.Error{
		Kind: alveary.KindInvalid, Op: "read the id of an object",
		Message: "the id of an object is 26 characters of lower-case base32",
	}
}
