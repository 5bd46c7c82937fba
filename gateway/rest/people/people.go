// Package people is the part of the REST door that is about people: users,
// groups, roles and teams, what others may see and end of someone's account,
// locks, and the settings of the house.
//
// It exists so that the pages of the console on people have their routes in
// one place. Who may call them is for the rest policies to say, so that
// administration can be handed out page by page; what whoever may call may then
// do is decided by the services.
//
// Read this file first: the routes.
package people

import (
	"net/http"

	"alveary/gateway/rest/operation"
	"alveary/service/files"
	"alveary/service/login"
	"alveary/service/login/limit"
	"alveary/service/mail"
	"alveary/service/people"
	"alveary/service/settings"
)

// Config is what the part is built from.
type Config struct {
	Door     *operation.Door
	Login    *login.Service
	Files    *files.Service
	People   *people.Service
	Settings *settings.Service
	Mail     *mail.Service
	Limits   *limit.Limits
	Links    bool // the public address of the server is known
}

type door struct {
	*operation.Door
	login    *login.Service
	files    *files.Service
	people   *people.Service
	settings *settings.Service
	mail     *mail.Service
	limits   *limit.Limits
	links    bool
}

// The decisions that routes name.
const (
	keepers = "service/people: whoever the rest policies admit; what he gives he must hold (MODEL.md 7.7)"
	others  = "service/login: the profile admin"
	staff   = "service/people: the profiles admin and standard, each on his own teams"
	house   = "service/settings: whoever the rest policies admit"
	admins  = "service/settings: the profile admin"
)

// largeSheet bounds an import: two hundred thousand people.
const largeSheet = 32 << 20

// Mount registers the routes.
func Mount(c Config) {
	d := &door{c.Door, c.Login, c.Files, c.People, c.Settings, c.Mail, c.Limits, c.Links}
	d.userRoutes()
	d.groupRoutes()
	d.teamRoutes()
	d.houseRoutes()
}

const (
	get, post, put, patch, del                  = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
	bad, gone, denied, conflict, large, limited = http.StatusBadRequest, http.StatusNotFound, http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusTooManyRequests
)

func (d *door) userRoutes() {
	const tag = "People"
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/users", ID: "list-users", Tag: tag, Summary: "Find users", Decision: keepers, Errors: []int{bad, denied}}, d.users)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/users", ID: "add-user", Tag: tag, Summary: "Make a user", Decision: keepers, Status: 201, Errors: []int{bad, denied, conflict}, Fresh: true}, d.addUser)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/users/import", ID: "import-users", Tag: tag, Summary: "Take people in from a CSV, all or none; a dry run shows each row's fate", Decision: keepers, Body: largeSheet, Errors: []int{bad, denied, conflict, large}, Fresh: true}, d.importUsers)
	d.Bytes(operation.Route{Method: get, Path: "/users/export", ID: "export-users", Tag: tag, Summary: "All people as a CSV that can be taken in again", Decision: keepers, Errors: []int{denied}}, describeExport, d.exportUsers)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/users/{id}", ID: "user", Tag: tag, Summary: "All about a user, with his roles in order", Decision: keepers, Errors: []int{bad, denied, gone}}, d.user)
	operation.Handle(d.Door, operation.Route{Method: patch, Path: "/users/{id}", ID: "change-user", Tag: tag, Summary: "Change a user; another profile, group or roles sign him out", Decision: keepers, Errors: []int{bad, denied, gone, conflict}, Fresh: true}, d.changeUser)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/users/{id}/leaving", ID: "leaving-user", Tag: tag, Summary: "What would go with a user", Decision: keepers, Errors: []int{bad, denied, gone}}, d.leaving)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/users/{id}", ID: "delete-user", Tag: tag, Summary: "Delete a user and hand his files over to an heir", Decision: keepers, Status: 204, Errors: []int{bad, denied, gone, conflict}, Fresh: true}, d.deleteUser)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/users/{id}/invitation", ID: "invite-user", Tag: tag, Summary: "A link by which a user chooses his first password", Decision: keepers, Errors: []int{bad, denied, gone}, Fresh: true}, d.invite)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/users/{id}/reset", ID: "reset-user", Tag: tag, Summary: "A link by which a user chooses a new password", Decision: keepers, Errors: []int{bad, denied, gone}, Fresh: true}, d.reset)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/users/{id}/sessions", ID: "list-user-sessions", Tag: tag, Summary: "Where a user is signed in", Decision: others, Errors: []int{bad, denied, gone}}, d.sessions)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/users/{id}/sessions", ID: "end-user-sessions", Tag: tag, Summary: "Sign a user out everywhere, and end his tokens", Decision: others, Status: 204, Errors: []int{bad, denied, gone}}, d.endSessions)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/users/{id}/sessions/{session}", ID: "end-user-session", Tag: tag, Summary: "End one of a user's sessions", Decision: others, Status: 204, Errors: []int{bad, denied, gone}}, d.endSession)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/users/{id}/tokens", ID: "list-user-tokens", Tag: tag, Summary: "The tokens of a user", Decision: others, Errors: []int{bad, denied, gone}}, d.tokens)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/users/{id}/tokens/{token}", ID: "revoke-user-token", Tag: tag, Summary: "End one of a user's tokens", Decision: others, Status: 204, Errors: []int{bad, denied, gone}}, d.revokeToken)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/users/{id}/factors", ID: "list-user-factors", Tag: tag, Summary: "The second factors of a user", Decision: others, Errors: []int{bad, denied, gone}}, d.factors)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/users/{id}/factors", ID: "reset-user-factors", Tag: tag, Summary: "Take all second factors of a user away, who lost them; never another administrator's", Decision: others, Status: 204, Errors: []int{bad, denied, gone}, Fresh: true}, d.resetFactors)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/people", ID: "find-people", Tag: tag, Summary: "Find colleagues by name", Decision: staff, Errors: []int{bad, denied}}, d.colleagues)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/people/groups", ID: "find-groups", Tag: tag, Summary: "Find groups by name", Decision: staff, Errors: []int{bad, denied}}, d.findGroups)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/people/external", ID: "invite-external", Tag: tag, Summary: "Make an account for someone of another house", Decision: "service/people: who holds a role that lets him", Status: 201, Errors: []int{bad, denied, conflict}}, d.addExternal)
}

func (d *door) groupRoutes() {
	const tag = "People"
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/groups", ID: "list-groups", Tag: tag, Summary: "List the groups", Decision: keepers, Errors: []int{denied}}, d.groups)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/groups", ID: "add-group", Tag: tag, Summary: "Make a group", Decision: keepers, Status: 201, Errors: []int{bad, denied, conflict}}, d.addGroup)
	operation.Handle(d.Door, operation.Route{Method: patch, Path: "/groups/{id}", ID: "change-group", Tag: tag, Summary: "Rename or move a group", Decision: keepers, Errors: []int{bad, denied, gone, conflict}, Fresh: true}, d.changeGroup)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/groups/{id}/leaving", ID: "leaving-group", Tag: tag, Summary: "What would go with a group", Decision: keepers, Errors: []int{bad, denied, gone}}, d.leavingGroup)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/groups/{id}", ID: "delete-group", Tag: tag, Summary: "Delete a group and those beneath it; their people move to another", Decision: keepers, Status: 204, Errors: []int{bad, denied, gone, conflict}, Fresh: true}, d.deleteGroup)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/roles", ID: "list-roles", Tag: tag, Summary: "List the roles", Decision: keepers, Errors: []int{denied}}, d.roles)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/roles", ID: "add-role", Tag: tag, Summary: "Make a role", Decision: keepers, Status: 201, Errors: []int{bad, denied, conflict}}, d.addRole)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/roles/{id}", ID: "role", Tag: tag, Summary: "All about a role", Decision: keepers, Errors: []int{denied, gone}}, d.role)
	operation.Handle(d.Door, operation.Route{Method: patch, Path: "/roles/{id}", ID: "change-role", Tag: tag, Summary: "Change a role", Decision: keepers, Errors: []int{bad, denied, gone, conflict}, Fresh: true}, d.changeRole)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/roles/{id}", ID: "delete-role", Tag: tag, Summary: "Delete a role that is not in use", Decision: keepers, Status: 204, Errors: []int{bad, denied, gone, conflict}}, d.deleteRole)
}

func (d *door) teamRoutes() {
	const tag = "Teams"
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/teams", ID: "list-teams", Tag: tag, Summary: "List one's own teams", Decision: staff, Errors: []int{denied}}, d.teams)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/teams", ID: "add-team", Tag: tag, Summary: "Make a team", Decision: staff, Status: 201, Errors: []int{bad, denied}}, d.addTeam)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/teams/{id}", ID: "team", Tag: tag, Summary: "A team with its members", Decision: staff, Errors: []int{denied, gone}}, d.team)
	operation.Handle(d.Door, operation.Route{Method: patch, Path: "/teams/{id}", ID: "rename-team", Tag: tag, Summary: "Rename a team", Decision: staff, Errors: []int{bad, denied, gone}}, d.renameTeam)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/teams/{id}", ID: "delete-team", Tag: tag, Summary: "End a team", Decision: staff, Status: 204, Errors: []int{denied, gone, conflict}}, d.deleteTeam)
	operation.Handle(d.Door, operation.Route{Method: put, Path: "/teams/{id}/members/{user}", ID: "set-team-member", Tag: tag, Summary: "Put someone into a team, or say whether he manages it", Decision: staff, Status: 204, Errors: []int{bad, denied, gone, conflict}}, d.setMember)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/teams/{id}/members/{user}", ID: "remove-team-member", Tag: tag, Summary: "Take someone out of a team, or leave it oneself", Decision: staff, Status: 204, Errors: []int{bad, denied, gone, conflict}}, d.removeMember)
}

func (d *door) houseRoutes() {
	const tag = "House"
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/locks", ID: "list-locks", Tag: tag, Summary: "Accounts and addresses that are slowed or locked after failed sign-ins", Decision: "service/login/limit: whoever the rest policies admit", Errors: []int{denied}}, d.locks)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/locks/{id}", ID: "lift-lock", Tag: tag, Summary: "Forget those failures", Decision: "service/login/limit: whoever the rest policies admit", Status: 204, Errors: []int{denied, gone}}, d.liftLock)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/settings/organisation", ID: "organisation", Tag: tag, Summary: "How the house shows itself", Decision: house, Errors: []int{denied}}, d.organisation)
	operation.Handle(d.Door, operation.Route{Method: put, Path: "/settings/organisation", ID: "set-organisation", Tag: tag, Summary: "Change how the house shows itself", Decision: house, Errors: []int{bad, denied}}, d.setOrganisation)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/settings/sign-in", ID: "sign-in-rules", Tag: tag, Summary: "The rules of passwords and sign-in", Decision: house, Errors: []int{denied}}, d.signIn)
	operation.Handle(d.Door, operation.Route{Method: put, Path: "/settings/sign-in", ID: "set-sign-in-rules", Tag: tag, Summary: "Change the rules of passwords and sign-in", Decision: admins, Errors: []int{bad, denied}, Fresh: true}, d.setSignIn)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/settings/mail", ID: "mail-server", Tag: tag, Summary: "The mail server, without its password", Decision: admins, Errors: []int{denied}}, d.mailServer)
	operation.Handle(d.Door, operation.Route{Method: put, Path: "/settings/mail", ID: "set-mail-server", Tag: tag, Summary: "Name the mail server", Decision: admins, Errors: []int{bad, denied}, Fresh: true}, d.setMailServer)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/settings/mail/test", ID: "test-mail", Tag: tag, Summary: "Send a mail now and say what the server answered", Decision: admins, Errors: []int{bad, denied, limited}, Fresh: true}, d.testMail)
}
