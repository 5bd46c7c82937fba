package rest

import (
	"time"

	"alveary"
	"alveary/gateway/rest/stream"
	"alveary/service/files"
	"alveary/thumb"
)

// node is a file or folder as JSON.
type node struct {
	ID          string                     `json:"id,omitempty" doc:"Stable id, a decimal number as text. Missing where the caller may write here but not read."`
	Name        string                     `json:"name"`
	Type        string                     `json:"type" enum:"LEAF,COLLECTION"`
	Size        int64                      `json:"size" doc:"Bytes; 0 for a folder"`
	MIME        string                     `json:"mime" doc:"Media type as sniffed from the content; empty for a folder"`
	SHA256      string                     `json:"sha256" doc:"Hex digest of the content; empty for a folder"`
	ETag        string                     `json:"etag" doc:"Strong entity tag, quotes included. Of a folder it changes with anything beneath."`
	Version     int64                      `json:"version" doc:"Number of the current content, from 1; 0 for a folder"`
	MTime       time.Time                  `json:"mtime" doc:"When the content was last changed, as its writer declared"`
	Created     time.Time                  `json:"created"`
	Changed     time.Time                  `json:"changed" doc:"When the server last changed the content or what is beneath"`
	Owner       *person                    `json:"owner,omitempty"`
	Path        string                     `json:"path" doc:"Remote path WORKSPACE/name/name, as far as the caller may see it"`
	Parent      string                     `json:"parent,omitempty" doc:"Id of the folder above, where the caller may see it"`
	Extension   string                     `json:"extension"`
	Previewable string                     `json:"previewable" enum:"image,pdf,text,audio,video," doc:"How a page can show the content; empty where it cannot"`
	Thumbnail   bool                       `json:"thumbnail" doc:"A small picture can be had"`
	Binned      *time.Time                 `json:"binned,omitempty" doc:"When it was moved to the recycle bin"`
	BinnedBy    *person                    `json:"binnedBy,omitempty"`
	InBin       bool                       `json:"inBin" doc:"It, or a folder above it, is in the recycle bin"`
	Breadcrumb  []crumb                    `json:"breadcrumb,omitempty" doc:"The way to it from the workspace, where a single node was asked for"`
	Metadata    map[string][]string        `json:"metadata,omitempty" doc:"Tags and other user metadata by namespace; missing where there is none"`
	Abilities   map[string]alveary.Ability `json:"abilities" doc:"What the caller may do, and where not, why"`
}

type person struct {
	Login string `json:"login"`
	Name  string `json:"name"`
}

type crumb struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func toPerson(p *files.Person) *person {
	if p == nil {
		return nil
	}
	return &person{p.Login, p.Name}
}

func toNode(it files.Item) node {
	n := node{
		Name: it.Name, Type: string(it.Type), Size: it.Size, MIME: it.MIME, SHA256: it.SHA256, ETag: it.ETag(),
		Version: it.Version, MTime: it.MTime, Created: it.Created, Changed: it.Changed, Owner: toPerson(it.Owner),
		Path: it.Path, Extension: it.Extension(), Previewable: stream.Previewable(it.Node), Thumbnail: thumb.Supported(it.MIME),
		BinnedBy: toPerson(it.BinnedBy), InBin: it.InBin, Abilities: it.Abilities,
	}
	if it.Meta != nil {
		n.Metadata = it.Meta.All()
	}
	if it.ID != 0 {
		n.ID = it.ID.String()
	}
	if it.Parent != 0 {
		n.Parent = it.Parent.String()
	}
	if !it.Binned.IsZero() {
		n.Binned = &it.Binned
	}
	for _, c := range it.Crumbs {
		n.Breadcrumb = append(n.Breadcrumb, crumb{c.ID.String(), c.Name})
	}
	if n.Abilities == nil {
		n.Abilities = map[string]alveary.Ability{}
	}
	return n
}

func toNodes(items []files.Item) []node {
	nodes := make([]node, len(items))
	for i, it := range items {
		nodes[i] = toNode(it)
	}
	return nodes
}
