package alveary

import "time"

// UserID, GroupID and RoleID name people, groups and roles. User and group ids
// are never used again; a role's id is what policies spell after `role:`.
type (
	UserID  int64
	GroupID int64
	RoleID  string
)

// RootGroupRole is the role that the root group owns.
const RootGroupRole RoleID = "ROOT_GROUP"

// RootGroup is the group above all others.
const RootGroup GroupID = 1

// Profile is what kind of account a user has.
type Profile string

// The profiles of MODEL.md 1.
const (
	ProfileAdmin    Profile = "admin"
	ProfileStandard Profile = "standard"
	ProfileShared   Profile = "shared" // external people
	ProfileAnon     Profile = "anon"   // links
)

// Valid says whether the profile is one of the four.
func (p Profile) Valid() bool {
	switch p {
	case ProfileAdmin, ProfileStandard, ProfileShared, ProfileAnon:
		return true
	}
	return false
}

// User is an account.
type User struct {
	ID         UserID
	Login      string // unique after case folding and NFC
	Name       string // as shown; may be empty
	Email      string
	Profile    Profile
	Group      GroupID
	Roles      []RoleID // assigned by hand, in the administrator's order
	Teams      []RoleID // of the teams he is in; they count before Roles
	Disabled   bool
	Created    time.Time
	CreatedBy  UserID            // 0: an administrator's import, the set-up, or the machine itself
	SignedIn   time.Time         // last; zero: never
	Attributes map[string]string // what policies read as User:<name>; not to be changed
}

// DisplayName is the name to show: the login where no name was given.
func (u User) DisplayName() string {
	if u.Name != "" {
		return u.Name
	}
	return u.Login
}

// Group is a node of the group tree.
type Group struct {
	ID     GroupID
	Parent GroupID // 0 for the root group
	Name   string  // empty for the root group
	Role   RoleID  // the role the group owns
}

// Role is a bundle of entries.
type Role struct {
	ID            RoleID
	Label         string
	Profiles      []Profile // applied to these by itself
	ForceOverride bool      // comes after the roles that are not marked so
	SecondFactor  bool      // whoever holds it signs in with a second factor
	Invites       bool      // whoever holds it may make external people
	Team          bool      // made by a user; its members are kept beside
	OwnerUser     UserID    // set where a user owns the role
	OwnerGroup    GroupID   // set where a group owns the role
}

// Owned says whether the role belongs to a user or a group and goes with it.
func (r Role) Owned() bool { return r.OwnerUser != 0 || r.OwnerGroup != 0 }

// Member is a user's place in a team.
type Member struct {
	User    UserID
	Manager bool // may change the team
}

// Subject is who asks: a user as he is now, with his homes resolved. The zero
// value is nobody and holds no role (MODEL.md 2.4).
type Subject struct {
	User    User
	Role    RoleID                // the role the user owns
	Homes   map[TemplateID]NodeID // his own node of each template path, where made
	Link    CellID                // set where a visitor of a link asks; User is then nobody but the profile anon
	Maker   UserID                // whose the nodes are that a visitor makes: the link's owner
	Stamp   Stamp                 // of the link when the visitor was let in; zero: the visit outlasts it
	Guest   *Subject              // the user who signed in to a link for named people
	Session SessionID             // set where a browser session asks
	Token   TokenID               // set where a personal access token asks
	Scope   Scope                 // what the token is confined to; the zero value is nothing
	Proved  time.Time             // when a browser session last proved who it is
	Address string                // where the request came from, without port; for the audit
	Request string                // id of the request, for the audit
	Context *Context              // what is known of the request besides; nil: the clock alone
}

// Known says whether the subject may hold roles at all.
func (s Subject) Known() bool { return s.Link != 0 || (s.User.ID != 0 && !s.User.Disabled) }

// Visiting is the subject of a link (MODEL.md 2.3): its role, and nothing else.
func Visiting(link CellID, owner UserID) Subject {
	return Subject{User: User{Profile: ProfileAnon}, Role: LinkRole(link), Link: link, Maker: owner}
}

// Makes is whose the nodes are that the subject makes.
func (s Subject) Makes() UserID {
	if s.Link != 0 {
		return s.Maker
	}
	return s.User.ID
}
