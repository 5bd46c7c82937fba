package alveary

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// CellID names a Cell or a link.
type CellID int64

// String gives the decimal text.
func (id CellID) String() string { return strconv.FormatInt(int64(id), 10) }

// Cell is a workspace made by a user from nodes he has access to, or, where
// Link is set, a public link: a Cell of one, opened by a secret address
// (MODEL.md 1). What it gives is bounded by what its owner has at the moment of
// each request (4.1).
type Cell struct {
	ID          CellID
	Slug        string // of a Cell the first part of remote paths; of a link its own address, may be empty
	Label       string
	Description string
	Owner       UserID
	Created     time.Time
	From, Until time.Time // it gives nothing before the one, and from the other on; zero: not bounded
	Entries     []Entry   // by role of who gets it: rights or policies, never a deny; that of a link is the link's own
	Managers    []UserID  // may change the Cell beside its owner (MODEL.md 4.5)
	Discreet    bool      // members do not see who else is in it
	Link        *Link     // nil for a Cell
}

// In says whether a Cell gives anything at an instant as far as its dates tell.
func (c *Cell) In(now time.Time) bool {
	return !now.Before(c.From) && (c.Until.IsZero() || now.Before(c.Until))
}

// Nodes are those that it is bound to, each once, in the order of its entries.
func (c *Cell) Nodes() (nodes []NodeID) {
	seen := make(map[NodeID]bool, len(c.Entries))
	for i := range c.Entries {
		if n := c.Entries[i].Node; !seen[n] {
			seen[n] = true
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// Manages says whether a user is the owner or a manager.
func (c *Cell) Manages(user UserID) bool {
	if user == 0 {
		return false
	}
	for _, m := range c.Managers {
		if m == user {
			return true
		}
	}
	return c.Owner == user
}

// Link is what a public link has beside what a Cell has.
type Link struct {
	Mode          LinkMode
	Password      bool     // one is asked for
	MostDownloads int64    // 0: not bounded by the link itself
	People        []RoleID // opened by the holders of these alone, who sign in; empty: by anyone
	Watermark     bool     // previews show who looks, and when
	MostUpload    int64    // bytes of a file that is put in; 0: not bounded by the link itself
}

// LinkMode is what a link is for.
type LinkMode string

// The modes of links.
const (
	LinkRead     LinkMode = "read"     // look at it and download it
	LinkPreview  LinkMode = "preview"  // look at renditions; the original is withheld
	LinkDownload LinkMode = "download" // download it; no previews are made
	LinkDrop     LinkMode = "drop"     // put files in and see nothing
	LinkEdit     LinkMode = "edit"     // read and change
)

// Valid says whether the mode is one of the five.
func (m LinkMode) Valid() bool { return m.Gives() != 0 }

// Gives is what the entry of such a link holds.
func (m LinkMode) Gives() Rights {
	switch m {
	case LinkRead, LinkPreview, LinkDownload:
		return RightRead
	case LinkDrop:
		return RightWrite
	case LinkEdit:
		return Givable
	}
	return 0
}

// Keeps is what is left of rights through such a link, whatever its entry says:
// a preview lets nobody at the bytes, who drops files in sees and deletes none,
// and over no link is anything synchronised.
func (m LinkMode) Keeps() Rights {
	switch m {
	case LinkRead, LinkDownload:
		return RightRead.With(ActionDownload)
	case LinkPreview:
		return RightRead
	case LinkDrop:
		return RightWrite.With(ActionUpload)
	case LinkEdit:
		return AllRights &^ Rights(1<<ActionSync)
	}
	return 0
}

// HashToken is the form in which the secret address of a link is kept and found:
// the SHA-256 in hex. A plain hash will do, since the address is random enough
// that nobody tries them all.
func HashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Stamp stands for what opens a link at some time, its address and its password,
// and tells nothing of them: whoever was let in by one is in for as long as it is
// the link's.
type Stamp [16]byte

// Stamp is that of a link with the hashes of its token and its password.
func (c *Cell) Stamp(token, password string) (s Stamp) {
	h := sha256.New()
	for _, text := range []string{c.ID.String(), token, c.Slug, password} {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(text)))
		h.Write(size[:])
		h.Write([]byte(text))
	}
	copy(s[:], h.Sum(nil))
	return s
}

// linkRole begins the role of a link. No other role has such an id.
const linkRole = "link:"

// LinkRole is the only role that a link acts with (MODEL.md 2.3).
func LinkRole(id CellID) RoleID { return RoleID(linkRole + id.String()) }

// OfLink is the link that a role belongs to; 0 where it is none's.
func (id RoleID) OfLink() CellID {
	text, ok := strings.CutPrefix(string(id), linkRole)
	if !ok {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 {
		return 0
	}
	return CellID(n)
}
