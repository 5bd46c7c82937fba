package alveary

import (
	"slices"
	"time"
)

// HouseRuleID names a house rule.
type HouseRuleID int64

// HouseRule says how a role may share what lies at a node and beneath it. Of
// several, for each of the terms by itself, the one on the deepest node counts,
// and on one node that of the last role (as entries do: MODEL.md 3.3, 3.4).
type HouseRule struct {
	ID    HouseRuleID
	Role  RoleID
	Node  NodeID // RootID: everywhere
	Terms Terms
}

// Terms are what a house rule says; what is nil it says nothing of.
type Terms struct {
	Cells       *bool       `json:"cells,omitempty"`       // Cells may be made
	FileLinks   *bool       `json:"fileLinks,omitempty"`   // links on files
	FolderLinks *bool       `json:"folderLinks,omitempty"` // links on folders
	External    *bool       `json:"external,omitempty"`    // external people may be members
	Password    *bool       `json:"password,omitempty"`    // a link needs a password, or named people
	Slugs       *bool       `json:"slugs,omitempty"`       // a link with neither may have an address of its own choosing
	Days        *int64      `json:"days,omitempty"`        // longest life of links; 0: no bound
	Downloads   *int64      `json:"downloads,omitempty"`   // most downloads of a link; 0: no bound
	Upload      *int64      `json:"upload,omitempty"`      // most bytes of a file that is put in through a link; 0: no bound
	Characters  *int64      `json:"characters,omitempty"`  // least characters of a link's password
	Policies    *[]PolicyID `json:"policies,omitempty"`    // that may be given in place of rights
	Groups      *[]GroupID  `json:"groups,omitempty"`      // whose people the picker finds, those beneath included
}

// House is what the house rules come to for one owner and node: Terms with
// nothing left open.
type House struct {
	Cells, FileLinks, FolderLinks, External, Password, Slugs bool
	Days, Downloads, Upload, Characters                      int64
	Policies                                                 []PolicyID // nil: no rule names any; none may be given, and none stops
	Groups                                                   []GroupID  // nil: everybody is found
	By                                                       map[string]HouseRuleID
}

// DefaultHouse is what holds where no house rule says otherwise. A link whose
// address can be guessed needs a password, since the secret of others is their
// address.
func DefaultHouse() House {
	return House{Cells: true, FileLinks: true, FolderLinks: true, External: true, Characters: 8}
}

// Void says why house rules stop a Cell or link on a node that it is bound to;
// empty where they do not. It is one of the words that Terms have in JSON.
func (h *House) Void(c *Cell, on NodeID, folder bool, now time.Time) string {
	l := c.Link
	switch {
	case l == nil && !h.Cells:
		return "cells"
	case h.Policies != nil && slices.ContainsFunc(c.Entries, func(e Entry) bool { return e.Node == on && h.refuses(&e, now) }):
		return "policies"
	case l == nil:
		return ""
	case folder && !h.FolderLinks:
		return "folderLinks"
	case !folder && !h.FileLinks:
		return "fileLinks"
	case h.Password && !l.Password && len(l.People) == 0:
		return "password"
	case c.Slug != "" && !h.Slugs && !l.Password && len(l.People) == 0:
		return "slugs"
	case h.Days > 0 && !now.Before(c.Created.AddDate(0, 0, int(h.Days))):
		return "days"
	}
	return ""
}

// refuses says whether an entry names a policy that may not be given.
func (h *House) refuses(e *Entry, now time.Time) bool {
	return !e.Expired(now) &&
		slices.ContainsFunc(e.Policies, func(p PolicyID) bool { return !slices.Contains(h.Policies, p) })
}

// MostDownloads is the bound of a link under the rules; 0: none.
func (h *House) MostDownloads(l *Link) int64 { return lesser(l.MostDownloads, h.Downloads) }

// MostUpload is the bound of what is put in under the rules, in bytes; 0: none.
func (h *House) MostUpload(l *Link) int64 { return lesser(l.MostUpload, h.Upload) }

// Ends is when a link ends under the rules; zero: never.
func (h *House) Ends(c *Cell) time.Time {
	if c.Link == nil || h.Days <= 0 {
		return c.Until
	}
	most := c.Created.AddDate(0, 0, int(h.Days))
	if c.Until.IsZero() || most.Before(c.Until) {
		return most
	}
	return c.Until
}

// lesser of two bounds, of which 0 is none.
func lesser(a, b int64) int64 {
	if a == 0 || (b != 0 && b < a) {
		return b
	}
	return a
}

// CellUse is what was done with a Cell or link so far.
type CellUse struct {
	Opened    int64 // of a link; of a Cell, looks of members other than its owner, of each one a minute at most
	Downloads int64
	Uploads   int64
	Last      time.Time // when it was last used; zero: never
}

// NoticeID names a notice.
type NoticeID int64

// NoticeKind says what a notice tells.
type NoticeKind string

// The kinds of notices.
const (
	NoticeShared   NoticeKind = "shared"   // a Cell was shared with you
	NoticeOpened   NoticeKind = "opened"   // your link was opened; one notice a day counts them
	NoticeUploaded NoticeKind = "uploaded" // files came into your drop box
	NoticeEnding   NoticeKind = "ending"   // a Cell or link is about to end
	NoticeStopped  NoticeKind = "stopped"  // house rules stop a Cell or link of yours
	NoticeReview   NoticeKind = "review"   // you are asked to review what you share
	NoticeAsked    NoticeKind = "asked"    // someone asks for a right
	NoticeAnswered NoticeKind = "answered" // your request was answered
	NoticeHanded   NoticeKind = "handed"   // a Cell was handed over to you
)

// Notice tells a user that something happened. It holds ids; the names are
// looked up for who reads it, by what he may see then.
type Notice struct {
	ID    NoticeID
	User  UserID // who is told
	Kind  NoticeKind
	By    UserID // who did it; 0: a visitor, or the house
	Cell  CellID
	Node  NodeID
	Asked RequestID
	Count int64  // of what happened
	Text  string // of what is no longer there to look up, such as the label of a Cell that ended
	At    time.Time
	Seen  bool
}

// RequestID names a request for a right.
type RequestID int64

// Request is someone's asking for rights on a node (MODEL.md 5.2 keeps from him
// whether there is one).
type Request struct {
	ID       RequestID
	User     UserID
	Node     NodeID
	Rights   Rights // of read and write
	Message  string
	At       time.Time
	Answer   string // "": open, "granted", "refused", "withdrawn"
	By       UserID // who answered
	Answered time.Time
	Cell     CellID // that gives what was granted
}

// ReviewID names a review.
type ReviewID int64

// Review is an administrator's asking owners to look at what they share.
type Review struct {
	ID    ReviewID
	By    UserID
	Note  string
	Due   time.Time
	Made  time.Time
	Cells []Reviewed
}

// Reviewed is a Cell or link within a review.
type Reviewed struct {
	Cell   CellID
	Owner  UserID
	Label  string    // as it was
	Answer string    // "": not yet, "kept", "changed", "ended"
	At     time.Time // of the answer
}
