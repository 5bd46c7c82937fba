package alveary

import "time"

// TemplateID names a template path that is resolved per user.
type TemplateID string

// TemplateMyFiles is the shipped template: each user's own folder.
const TemplateMyFiles TemplateID = "my-files"

// EntryID names an ACL entry.
type EntryID int64

// Entry is what a role holds on a node: rights, a deny, or policies.
type Entry struct {
	ID       EntryID
	Role     RoleID
	Node     NodeID     // 0 where Template is set
	Template TemplateID // the asker's own resolved node (MODEL.md 2.5)
	Rights   Rights     // of read and write only
	Deny     bool
	Policies []PolicyID // in place of static rights (MODEL.md 3.5)
	Cell     CellID     // 0: an administrator's; else it stands in this Cell or link alone
	Expires  time.Time  // from this instant on the entry does not exist; zero: never
}

// Expired says whether the entry has passed at now; at that very instant it has.
func (e Entry) Expired(now time.Time) bool { return !e.Expires.IsZero() && !now.Before(e.Expires) }

// Workspace is an entry point into the tree made by an administrator.
type Workspace struct {
	Slug     string // first part of remote paths
	Label    string
	Root     NodeID     // 0 where Template is set
	Template TemplateID // resolved per user
}

// The shipped workspaces.
const (
	WorkspaceMyFiles     = "my-files"
	WorkspaceCommonFiles = "common-files"
)
