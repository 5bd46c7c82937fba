// Package account is the part of the REST door that says who someone is:
// signing in, in as many steps as it takes, and looking after one's own
// account.
//
// It exists apart from the rest of the API because it alone is reached by
// people who are not signed in, and because what it takes and hands out are
// secrets: none of them goes into a URL, and none comes twice. It decides
// nothing; package service/login does.
//
// Read this file first: the routes. signin.go has the steps.
package account

import (
	"net/http"

	"alveary/gateway/rest/operation"
	"alveary/service/files"
	"alveary/service/login"
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
	Version  string // of the program
}

type door struct {
	*operation.Door
	login    *login.Service
	files    *files.Service
	people   *people.Service
	settings *settings.Service
	version  string
}

// The decisions that routes name.
const (
	own     = "the account's owner alone: the service works on who asks"
	nobody  = "nobody is signed in yet"
	step    = "goes on with a sign-in that has begun, whose secret it must bring"
	letters = "guarded by the secret of the link that was mailed"
)

// Mount registers the routes.
func Mount(c Config) {
	d := &door{c.Door, c.Login, c.Files, c.People, c.Settings, c.Version}
	d.signInRoutes()
	d.accountRoutes()
}

func (d *door) signInRoutes() {
	const (
		tag, server    = "Sign in", "Server"
		get, post, del = http.MethodGet, http.MethodPost, http.MethodDelete
		bad, unknown   = http.StatusBadRequest, http.StatusUnauthorized
		denied, gone   = http.StatusForbidden, http.StatusNotFound
		limited        = http.StatusTooManyRequests
	)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/server", ID: "server", Tag: server, Summary: "What this server is", Open: "the sign-in page needs it"}, d.server)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/setup", ID: "setup", Tag: server, Summary: "Make the first administrator with the set-up link", Open: "guarded by the one-time token of the link", Status: 201, Errors: []int{bad, denied, http.StatusGone}}, d.setup)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/session/captcha", ID: "captcha", Tag: tag, Summary: "A proof of work to do, as ALTCHA spells it", Open: nobody}, d.captcha)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/session", ID: "sign-in", Tag: tag, Summary: "Sign in with a password, or begin to", Open: nobody, Errors: []int{bad, unknown, denied, limited}}, d.signIn)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/session/passkey", ID: "begin-passkey", Tag: tag, Summary: "Begin to sign in with a passkey in place of a password", Open: nobody, Errors: []int{bad, denied, limited}}, d.beginPasskey)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/session/factor", ID: "second-step", Tag: tag, Summary: "Go on with a code, a recovery code or a passkey", Open: step, Errors: []int{bad, unknown, denied, gone, limited}}, d.secondStep)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/session/enrol", ID: "begin-enrolment", Tag: tag, Summary: "Begin to set up the second factor that is needed", Open: step, Errors: []int{bad, gone}}, d.beginEnrol)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/session/enrol/confirm", ID: "confirm-enrolment", Tag: tag, Summary: "Confirm the second factor, and be signed in", Open: step, Errors: []int{bad, unknown, denied, gone}}, d.confirmEnrol)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/session", ID: "session", Tag: tag, Summary: "Who is signed in", Decision: own}, d.session)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/session", ID: "sign-out", Tag: tag, Summary: "Sign out", Decision: own, Status: 204}, d.signOut)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/session/prove", ID: "begin-prove", Tag: tag, Summary: "With what one may confirm that it is oneself", Decision: own, Session: true}, d.beginProve)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/session/prove", ID: "prove", Tag: tag, Summary: "Confirm that it is oneself, for dangerous changes", Decision: own, Session: true, Status: 204, Errors: []int{bad, denied, limited}}, d.prove)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/password/reset", ID: "ask-reset", Tag: tag, Summary: "Ask for a link by mail; answers the same whoever is named", Open: nobody, Status: 204, Errors: []int{bad, unknown, limited}}, d.askReset)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/password/letter", ID: "letter", Tag: tag, Summary: "What a link from a mail is for", Open: letters, Errors: []int{bad, gone}}, d.letter)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/password/choose", ID: "choose-password", Tag: tag, Summary: "Choose a password with a link from a mail", Open: letters, Status: 204, Errors: []int{bad, gone, limited}}, d.choosePassword)
}

func (d *door) accountRoutes() {
	const (
		tag                   = "Account"
		get, post, patch, del = http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete
		bad, denied, gone     = http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound
		conflict, limited     = http.StatusConflict, http.StatusTooManyRequests
	)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/sessions", ID: "list-sessions", Tag: tag, Summary: "List one's own sessions", Decision: own}, d.sessions)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/sessions", ID: "revoke-other-sessions", Tag: tag, Summary: "End all of one's own sessions but this one", Decision: own, Status: 204}, d.revokeOthers)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/sessions/{id}", ID: "revoke-session", Tag: tag, Summary: "End one of one's own sessions", Decision: own, Status: 204, Errors: []int{gone}}, d.revokeSession)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/tokens", ID: "list-tokens", Tag: tag, Summary: "List one's own access tokens", Decision: own}, d.tokens)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/tokens", ID: "create-token", Tag: tag, Summary: "Make an access token; its secret is shown once", Decision: own, Status: 201, Errors: []int{bad, denied, gone}, Fresh: true, Session: true}, d.createToken)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/tokens/{id}", ID: "revoke-token", Tag: tag, Summary: "End one of one's own access tokens", Decision: own, Status: 204, Errors: []int{gone}}, d.revokeToken)

	operation.Handle(d.Door, operation.Route{Method: get, Path: "/account", ID: "account", Tag: tag, Summary: "All about one's own account", Decision: own}, d.account)
	operation.Handle(d.Door, operation.Route{Method: patch, Path: "/account", ID: "change-account", Tag: tag, Summary: "Change the name by which one is shown", Decision: own, Errors: []int{bad}}, d.changeAccount)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/account/password", ID: "change-password", Tag: tag, Summary: "Change one's own password; ends other sessions and all tokens", Decision: own, Status: 204, Errors: []int{bad, denied, conflict, limited}, Session: true}, d.changePassword)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/account/totp", ID: "begin-totp", Tag: tag, Summary: "Begin to set up an authenticator app", Decision: own, Errors: []int{denied, conflict}, Fresh: true, Session: true}, d.beginTOTP)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/account/totp/confirm", ID: "confirm-totp", Tag: tag, Summary: "Confirm the app with a code", Decision: own, Errors: []int{bad, denied, gone, conflict}, Fresh: true, Session: true}, d.confirmTOTP)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/account/passkeys", ID: "begin-add-passkey", Tag: tag, Summary: "Begin to add a passkey", Decision: own, Errors: []int{denied}, Fresh: true, Session: true}, d.beginAddPasskey)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/account/passkeys/confirm", ID: "confirm-passkey", Tag: tag, Summary: "Keep the passkey that was made", Decision: own, Errors: []int{bad, denied, gone, conflict}, Fresh: true, Session: true}, d.confirmPasskey)
	operation.Handle(d.Door, operation.Route{Method: patch, Path: "/account/factors/{id}", ID: "label-factor", Tag: tag, Summary: "Name a factor anew", Decision: own, Status: 204, Errors: []int{bad, gone}, Session: true}, d.labelFactor)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/account/factors/{id}", ID: "remove-factor", Tag: tag, Summary: "Take a factor away", Decision: own, Status: 204, Errors: []int{denied, gone, conflict}, Fresh: true, Session: true}, d.removeFactor)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/account/recovery", ID: "new-recovery", Tag: tag, Summary: "Make new recovery codes in place of the old", Decision: own, Errors: []int{denied, conflict}, Fresh: true, Session: true}, d.newRecovery)
}
