package demo

import "alveary"

// Password is what everyone in the organisation signs in with. It is printed
// when the organisation is made: a demo is no place for secrets.
const Password = "honey-and-smoke"

// Organisation is who there is, and who may do what where.
type Organisation struct {
	Name    string
	Groups  []Group // those above before those beneath
	Users   []User
	Entries []Entry
}

// Group is a group of people, by its path: `/sales`.
type Group struct{ Path string }

// User is an account. The one with ProfileAdmin is the administrator.
type User struct {
	Login   string
	Name    string
	Email   string
	Profile alveary.Profile
	Group   string // path of the group; `/` is the root group
}

// Entry is an ACL entry in the spelling of scenario files (MODEL.md 8): the
// role is `ROOT_GROUP`, `group:` with the path of a group, or a login, which
// stands for the role that its user owns.
type Entry struct {
	Role   string
	Folder string // in FS, so it begins with a workspace
	Rights alveary.Rights
	Deny   bool
}

// HiveAndSons is the organisation that FS has the documents of: an
// administrator, and four people in two groups.
//
// Each kind of entry is there once. Accounts is read by Anna alone, and the
// others cannot tell that it exists: an entry of her own role answers for it,
// and for everyone else an entry that gives nothing is nearer than the one on
// the workspace. Retired is closed to the sales group by a deny, which nothing
// reopens.
func HiveAndSons() Organisation {
	const both = alveary.RightRead | alveary.RightWrite
	return Organisation{
		Name:   "Hive & Sons",
		Groups: []Group{{"/sales"}, {"/workshop"}},
		Users: []User{
			{"admin", "Administrator", "admin@hive.example", alveary.ProfileAdmin, "/"},
			{"anna", "Anna Sample", "anna@hive.example", alveary.ProfileStandard, "/sales"},
			{"ben", "Ben Sample", "ben@hive.example", alveary.ProfileStandard, "/sales"},
			{"chloe", "Chloe Sample", "chloe@hive.example", alveary.ProfileStandard, "/workshop"},
			{"dev", "Dev Sample", "dev@hive.example", alveary.ProfileStandard, "/workshop"},
		},
		Entries: []Entry{
			{Role: "ROOT_GROUP", Folder: "common-files", Rights: alveary.RightRead},
			{Role: "ROOT_GROUP", Folder: "common-files/Exchange", Rights: both},
			{Role: "group:/sales", Folder: "common-files/Sales", Rights: both},
			{Role: "group:/workshop", Folder: "common-files/Workshop", Rights: both},
			{Role: "group:/sales", Folder: "common-files/Workshop/Plans/Retired", Deny: true},
			{Role: "ROOT_GROUP", Folder: "common-files/Accounts"},
			{Role: "anna", Folder: "common-files/Accounts", Rights: both},
		},
	}
}
