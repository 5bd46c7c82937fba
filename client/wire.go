package client

import (
	"time"

	"alveary"
)

// Node is a file or folder as the server tells of it.
type Node struct {
	ID       alveary.NodeID    `json:"id"`
	Parent   *alveary.NodeID   `json:"parent,omitempty"` // nil where the asker may not see it, and of a workspace's root
	Name     string            `json:"name"`
	Path     string            `json:"path"` // WORKSPACE/a/b
	Type     alveary.NodeType  `json:"type"`
	Size     int64             `json:"size"`
	MIME     string            `json:"mime,omitempty"`
	SHA256   string            `json:"sha256,omitempty"`
	ETag     string            `json:"etag,omitempty"`
	Version  int64             `json:"version,omitempty"`
	MTime    time.Time         `json:"mtime"`
	Created  time.Time         `json:"created"`
	Changed  time.Time         `json:"changed"`
	Owner    *Person           `json:"owner,omitempty"`
	Binned   *time.Time        `json:"binned,omitempty"`
	BinnedBy *Person           `json:"binnedBy,omitempty"`
	Can      alveary.Abilities `json:"abilities,omitempty"`

	Metadata map[string][]string `json:"metadata,omitempty"` // tags and others, by namespace
}

// IsFolder says whether the node can hold others.
func (n Node) IsFolder() bool { return n.Type == alveary.Collection }

// Person names a user.
type Person struct {
	Login string `json:"login"`
	Name  string `json:"name,omitempty"`
}

// Workspace is a place where remote paths begin.
type Workspace struct {
	Slug  string `json:"slug"`
	Label string `json:"label"`
	Root  *Node  `json:"root,omitempty"`  // nil where the root itself may not be read
	Roots []Node `json:"roots,omitempty"` // further nodes that are shown on their own
}

// Server is what a server tells of itself to anyone.
type Server struct {
	Product     string `json:"product"`
	Version     string `json:"version"`
	SetupNeeded bool   `json:"setupNeeded"`
}

// Copied is the answer to a copy.
type Copied struct {
	Node    Node `json:"node"`
	LeftOut int  `json:"leftOut"` // nodes beneath that could not be copied for lack of rights
}

// Emptied is the answer to emptying the bin.
type Emptied struct {
	Deleted int `json:"deleted"`
	Kept    int `json:"kept"` // for lack of rights
}

// Conflict says what to do where a name exists already.
type Conflict string

// What to do where a name exists.
const (
	Fail     Conflict = "fail"
	Replace  Conflict = "replace"
	Rename   Conflict = "rename"   // keep both, the new one as "name (2)"
	Existing Conflict = "existing" // of folders: take the one that is there
)

type page struct {
	Items []Node `json:"items"`
	Next  string `json:"next"`
}

type problem struct {
	Title   string   `json:"title"`
	Detail  string   `json:"detail"`
	Code    string   `json:"code"`
	Missing []string `json:"missing"`
	Errors  []struct {
		Location string `json:"location"`
		Message  string `json:"message"`
	} `json:"errors"`
	Instance string `json:"instance"`
}
