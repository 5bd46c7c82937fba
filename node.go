package alveary

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// NodeID names a node for as long as it exists, whatever its name or place.
// It is a positive 63-bit number, written in decimal text in JSON because
// browsers hold only 53 bits exactly.
type NodeID int64

// RootID is the node above every datasource. It always exists and has no name.
const RootID NodeID = 1

// String gives the decimal text.
func (id NodeID) String() string { return strconv.FormatInt(int64(id), 10) }

// MarshalText writes the decimal text, so that JSON carries a string.
func (id NodeID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (id *NodeID) UnmarshalText(text []byte) error {
	parsed, err := ParseNodeID(string(text))
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}

// ParseNodeID reads a decimal id; anything but a positive number is KindInvalid.
func ParseNodeID(text string) (NodeID, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != text {
		return 0, &Error{Kind: KindInvalid, Op: "read a node id", Subject: text, Message: "a node id is a positive number"}
	}
	return NodeID(n), nil
}

// BlobID names one immutable object in the blob store: 26 characters of
// lower-case base32, 130 random bits. It means nothing outside the house.
type BlobID string

// NodeType tells a file from a folder, in the words of MODEL.md 6.9.
type NodeType string

// The two types of node.
const (
	Leaf       NodeType = "LEAF"
	Collection NodeType = "COLLECTION"
)

// Node is a file or folder of the one tree.
type Node struct {
	ID       NodeID
	Parent   NodeID // RootID for a datasource; 0 for the root
	Name     string // as it was given
	Type     NodeType
	Size     int64     // bytes; 0 for a folder
	MIME     string    // as sniffed from the content; empty for a folder
	SHA256   string    // hex of the content; empty for a folder
	Blob     BlobID    // where the content lies; empty for a folder
	Version  int64     // number of the current content, from 1; 0 for a folder
	Revision int64     // changes with the content; of a folder, with anything beneath
	MTime    time.Time // when the content was last changed, as its writer declared
	Created  time.Time
	Changed  time.Time // when the server last changed the content or what is beneath
	Owner    UserID    // who made it; 0 for the shipped folders
	Binned   time.Time // when it was moved to the recycle bin; zero when it is not there
	BinnedBy UserID
	Meta     *Metadata // user metadata and tags; nil where there is none
}

// IsFolder says whether the node can hold others.
func (n Node) IsFolder() bool { return n.Type == Collection }

// ETag is the strong entity tag of the node, quotes included: of a file it
// changes with its content, of a folder with anything beneath it.
func (n Node) ETag() string { return `"` + strconv.FormatInt(n.Revision, 36) + `"` }

// Extension is the part after the last dot, lower-cased, without the dot;
// empty for a folder and for a name whose only dot is its first character
// (MODEL.md 6.9).
func (n *Node) Extension() string {
	if n.IsFolder() {
		return ""
	}
	at := strings.LastIndexByte(n.Name, '.')
	if at <= 0 {
		return ""
	}
	return strings.ToLower(n.Name[at+1:])
}

// Lineage is the way from the root to a node, both included, root first. The
// last element is the node itself. It is never empty where it stands for a
// node that exists.
type Lineage []Node

// Node is the node at the end of the lineage.
func (l Lineage) Node() Node { return l[len(l)-1] }

// IDs are the ids along the lineage, root first.
func (l Lineage) IDs() []NodeID {
	ids := make([]NodeID, len(l))
	for i, n := range l {
		ids[i] = n.ID
	}
	return ids
}

// Path joins the names from the datasource down, without a leading slash
// (NodeMetaPath of MODEL.md 6.9); the root's path is empty.
func (l Lineage) Path() string {
	names := make([]string, 0, len(l))
	for _, n := range l {
		if n.ID != RootID {
			names = append(names, n.Name)
		}
	}
	return strings.Join(names, "/")
}

// Child is the lineage of a node directly beneath this one. It never shares
// memory that a later Child could overwrite.
func (l Lineage) Child(n Node) Lineage { return append(l[:len(l):len(l)], n) }

// InBin says whether the node, or a folder above it, is in the recycle bin.
func (l Lineage) InBin() bool {
	for _, n := range l {
		if !n.Binned.IsZero() {
			return true
		}
	}
	return false
}

// Contains says whether the lineage passes through id.
func (l Lineage) Contains(id NodeID) bool {
	for _, n := range l {
		if n.ID == id {
			return true
		}
	}
	return false
}

// IDs makes identifiers that grow with time, so that rows made together lie
// together, and that tell nobody how many others were made. Two servers may
// make the same one only within one millisecond and then one chance in 2^21;
// the database refuses the second. Safe for concurrent use.
type IDs struct {
	now  func() time.Time
	mu   sync.Mutex
	last int64
}

// NewIDs makes a source that reads the time from now.
func NewIDs(now func() time.Time) *IDs { return &IDs{now: now} }

// idEpoch keeps ids within 63 bits until the year 2164.
var idEpoch = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// Next makes one id.
func (s *IDs) Next() int64 {
	var b [4]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(fmt.Sprintf("alveary: no randomness to make an id: %v", err)) // crypto/rand never fails on supported systems
	}
	// A clock that was never set stands before the epoch; ids stay positive and
	// above those of the shipped nodes all the same.
	ms := max(s.now().Sub(idEpoch).Milliseconds(), 1)
	id := ms<<21 | int64(binary.BigEndian.Uint32(b[:])&(1<<21-1))
	s.mu.Lock()
	defer s.mu.Unlock()
	if id <= s.last {
		id = s.last + 1
	}
	s.last = id
	return id
}
