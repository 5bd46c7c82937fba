package files

import "alveary/service/files/guide"

// Tree shows names and places, as package guide does, and changes them.
type Tree struct {
	*guide.Guide
	*core
}

// Space is a workspace as the asker sees it.
type Space = guide.Space

// Sort is the order of a listing: "name", "size", "mtime" or "type".
type Sort = guide.Sort

// Listing asks for a part of a folder.
type Listing = guide.Listing

// Page is a part of a listing.
type Page = guide.Page
