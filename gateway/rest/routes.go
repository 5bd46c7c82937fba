package rest

import "net/http"

// The decisions that routes name.
const (
	ownOnly = "the account's owner alone: the service works on who asks"
	admins  = "service/login: the profile admin"
	console = "service/govern: the profile admin"
	keepers = "service/people: the profile admin"
	giver   = "service/govern: the profile admin, or who holds what he gives"
)

// largePolicy bounds the body of a call that may carry a policy: one of ten
// thousand rules is a good policy.
const largePolicy = 16 << 20

// consoleRoutes is the part for whoever governs.
func (a *API) consoleRoutes() {
	const (
		policies, entries, why, consoleTag, people = "Policies", "Entries", "Why, and what if", "Console", "People"
		get, post, put, patch, del                 = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
		bad, gone, denied, conflict                = http.StatusBadRequest, http.StatusNotFound, http.StatusForbidden, http.StatusConflict
		changed                                    = http.StatusPreconditionFailed
	)
	a.describePolicies()
	handle(a, route{method: get, path: "/attributes", id: "catalogue", tag: policies, summary: "The attributes and types of conditions", decision: "the rest policies alone: it is the same for all"}, a.catalogue)
	handle(a, route{method: get, path: "/policy-templates", id: "list-policy-templates", tag: policies, summary: "List the policies to begin with", decision: "the rest policies alone: it is the same for all"}, a.policyTemplates)
	handle(a, route{method: get, path: "/policies", id: "list-policies", tag: policies, summary: "List the policies", decision: console, errors: []int{bad, denied}}, a.policies)
	handle(a, route{method: get, path: "/policies/{id}", id: "policy", tag: policies, summary: "All about a policy", decision: console, errors: []int{denied, gone}}, a.policy)
	handle(a, route{method: put, path: "/policies/{id}", id: "put-policy", tag: policies, summary: "Make a policy, or a new version of one", decision: console, body: largePolicy, errors: []int{bad, denied, conflict, changed}}, a.putPolicy)
	handle(a, route{method: del, path: "/policies/{id}", id: "delete-policy", tag: policies, summary: "Delete a policy that no entry names; its versions are kept", decision: console, status: 204, errors: []int{denied, gone, conflict}}, a.deletePolicy)
	handle(a, route{method: get, path: "/policies/{id}/versions", id: "list-policy-versions", tag: policies, summary: "List the versions of a policy", decision: console, errors: []int{denied, gone}}, a.policyVersions)
	handle(a, route{method: get, path: "/policies/{id}/versions/{version}", id: "policy-version", tag: policies, summary: "A version, with what it changed", decision: console, errors: []int{bad, denied, gone}}, a.policyVersion)
	handle(a, route{method: post, path: "/policies/{id}/versions/{version}/restore", id: "restore-policy", tag: policies, summary: "Make an old version the newest", decision: console, errors: []int{bad, denied, gone, conflict}}, a.restorePolicy)
	handle(a, route{method: put, path: "/policies/{id}/scenarios", id: "set-scenarios", tag: policies, summary: "Attach the scenarios that every version must pass", decision: console, body: largePolicy, errors: []int{bad, denied, gone, conflict}}, a.setScenarios)
	handle(a, route{method: post, path: "/policies/check", id: "check-policy", tag: policies, summary: "What saving a policy would say; nothing is saved", decision: "the rest policies alone: it judges what was sent", body: largePolicy, errors: []int{bad, denied}}, a.checkPolicy)
	handle(a, route{method: post, path: "/policies/import", id: "import-policies", tag: policies, summary: "Read policies of Ladon or Cells; nothing is saved", decision: "the rest policies alone: it judges what was sent", body: largePolicy, errors: []int{bad, denied}}, a.importPolicies)

	handle(a, route{method: post, path: "/explain", id: "explain", tag: why, summary: "Explain a decision, in any context, with all that counted", decision: console, body: largePolicy, errors: []int{bad, denied, gone}}, a.explain)
	handle(a, route{method: post, path: "/simulate", id: "simulate", tag: why, summary: "Who would gain and lose what by a change; nothing is changed", decision: console, body: largePolicy, errors: []int{bad, denied, 503}}, a.simulate)
	handle(a, route{method: get, path: "/simulations/{id}", id: "simulation", tag: why, summary: "How far one's own simulation is", decision: console, errors: []int{denied, gone}}, a.simulation)

	handle(a, route{method: get, path: "/entries", id: "list-entries", tag: entries, summary: "List ACL entries", decision: console, errors: []int{bad, denied}}, a.entries)
	handle(a, route{method: post, path: "/entries", id: "add-entry", tag: entries, summary: "Make an ACL entry", decision: giver, status: 201, errors: []int{bad, denied, gone}}, a.addEntry)
	handle(a, route{method: put, path: "/entries/{id}", id: "replace-entry", tag: entries, summary: "Put an ACL entry in the place of another", decision: giver, errors: []int{bad, denied, gone}}, a.replaceEntry)
	handle(a, route{method: del, path: "/entries/{id}", id: "delete-entry", tag: entries, summary: "Delete an ACL entry", decision: giver, status: 204, errors: []int{bad, denied, gone}}, a.deleteEntry)

	handle(a, route{method: get, path: "/roles", id: "list-roles", tag: people, summary: "List the roles", decision: keepers, errors: []int{denied}}, a.roles)
	handle(a, route{method: post, path: "/roles", id: "add-role", tag: people, summary: "Make a role", decision: keepers, status: 201, errors: []int{bad, denied, conflict}}, a.addRole)
	handle(a, route{method: patch, path: "/roles/{id}", id: "change-role", tag: people, summary: "Change a role that nobody owns", decision: keepers, errors: []int{bad, denied, gone, conflict}}, a.changeRole)
	handle(a, route{method: del, path: "/roles/{id}", id: "delete-role", tag: people, summary: "Delete a role that is not in use", decision: keepers, status: 204, errors: []int{bad, denied, gone, conflict}}, a.deleteRole)
	handle(a, route{method: get, path: "/groups", id: "list-groups", tag: people, summary: "List the groups", decision: keepers, errors: []int{denied}}, a.groups)
	handle(a, route{method: post, path: "/groups", id: "add-group", tag: people, summary: "Make a group", decision: keepers, status: 201, errors: []int{bad, denied, conflict}}, a.addGroup)
	handle(a, route{method: del, path: "/groups/{id}", id: "delete-group", tag: people, summary: "Delete an empty group, with the entries of its role", decision: keepers, status: 204, errors: []int{bad, denied, gone, conflict}}, a.deleteGroup)
	handle(a, route{method: get, path: "/users/{id}", id: "user", tag: people, summary: "All about a user, with his roles in order", decision: keepers, errors: []int{bad, denied, gone}}, a.user)
	handle(a, route{method: patch, path: "/users/{id}", id: "change-user", tag: people, summary: "Change a user", decision: keepers, errors: []int{bad, denied, gone, conflict}}, a.changeUser)

	handle(a, route{method: get, path: "/console/workspaces", id: "console-workspaces", tag: consoleTag, summary: "List all workspaces", decision: console, errors: []int{denied}}, a.consoleWorkspaces)
	handle(a, route{method: post, path: "/console/workspaces", id: "add-workspace", tag: consoleTag, summary: "Make a workspace", decision: console, status: 201, errors: []int{bad, denied, gone, conflict}}, a.addWorkspace)
	handle(a, route{method: patch, path: "/console/workspaces/{slug}", id: "rename-workspace", tag: consoleTag, summary: "Change the label of a workspace", decision: console, errors: []int{bad, denied, gone}}, a.renameWorkspace)
	handle(a, route{method: del, path: "/console/workspaces/{slug}", id: "delete-workspace", tag: consoleTag, summary: "Delete a workspace; its files stay", decision: console, status: 204, errors: []int{denied, gone}}, a.deleteWorkspace)
	handle(a, route{method: get, path: "/console/nodes", id: "console-nodes", tag: consoleTag, summary: "List what is in a folder, by name alone, for a picker", decision: console, errors: []int{bad, denied, gone}}, a.consoleNodes)
}

// jsonRoutes is the JSON part of the API on one page.
func (a *API) jsonRoutes() {
	const (
		tree    = "Files and folders"
		bin     = "Recycle bin"
		account = "Account"
		people  = "People"
		server  = "Server"
	)
	const (
		get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
		bad, gone, denied          = http.StatusBadRequest, http.StatusNotFound, http.StatusForbidden
		conflict, precondition     = http.StatusConflict, http.StatusPreconditionFailed
	)
	handle(a, route{method: get, path: "/server", id: "server", tag: server, summary: "What this server is", open: "the sign-in page needs it"}, a.server)
	handle(a, route{method: post, path: "/setup", id: "setup", tag: server, summary: "Make the first administrator with the set-up link", open: "guarded by the one-time token of the link", status: 201, errors: []int{bad, denied, 410}}, a.setup)
	handle(a, route{method: post, path: "/session", id: "sign-in", tag: account, summary: "Sign in", open: "nobody is signed in yet", errors: []int{bad, 401, 429}}, a.signIn)
	handle(a, route{method: get, path: "/session", id: "session", tag: account, summary: "Who is signed in", decision: ownOnly}, a.session)
	handle(a, route{method: del, path: "/session", id: "sign-out", tag: account, summary: "Sign out", decision: ownOnly, status: 204}, a.signOut)
	handle(a, route{method: get, path: "/sessions", id: "list-sessions", tag: account, summary: "List one's own sessions", decision: ownOnly}, a.sessions)
	handle(a, route{method: del, path: "/sessions", id: "revoke-other-sessions", tag: account, summary: "End all of one's own sessions but this one", decision: ownOnly, status: 204}, a.revokeOthers)
	handle(a, route{method: del, path: "/sessions/{id}", id: "revoke-session", tag: account, summary: "End one of one's own sessions", decision: ownOnly, status: 204, errors: []int{gone}}, a.revokeSession)
	handle(a, route{method: get, path: "/tokens", id: "list-tokens", tag: account, summary: "List one's own access tokens", decision: ownOnly}, a.tokens)
	handle(a, route{method: post, path: "/tokens", id: "create-token", tag: account, summary: "Make an access token; its secret is shown once", decision: ownOnly, status: 201, errors: []int{bad}}, a.createToken)
	handle(a, route{method: del, path: "/tokens/{id}", id: "revoke-token", tag: account, summary: "End one of one's own access tokens", decision: ownOnly, status: 204, errors: []int{gone}}, a.revokeToken)
	handle(a, route{method: post, path: "/account/password", id: "change-password", tag: account, summary: "Change one's own password; ends other sessions and all tokens", decision: ownOnly, status: 204, errors: []int{bad, denied}}, a.changePassword)
	handle(a, route{method: get, path: "/users", id: "list-users", tag: people, summary: "List the users", decision: admins, errors: []int{denied}}, a.users)
	handle(a, route{method: post, path: "/users", id: "add-user", tag: people, summary: "Make a user", decision: admins, status: 201, errors: []int{bad, denied, conflict}}, a.addUser)

	handle(a, route{method: get, path: "/workspaces", id: "list-workspaces", tag: tree, summary: "List the workspaces", decision: "see, for each root"}, a.workspaces)
	handle(a, route{method: get, path: "/nodes", id: "find-node", tag: tree, summary: "Find a node by its remote path", decision: "see", errors: []int{bad, gone}}, a.lookup)
	handle(a, route{method: get, path: "/nodes/{id}", id: "stat", tag: tree, summary: "Describe a node", decision: "see", errors: []int{bad, gone}}, a.stat)
	handle(a, route{method: get, path: "/nodes/{id}/children", id: "list", tag: tree, summary: "List a folder", decision: "see, for the folder and each node in it", errors: []int{bad, gone}}, a.list)
	handle(a, route{method: post, path: "/nodes/{id}/folders", id: "make-folder", tag: tree, summary: "Make a folder", decision: "edit", status: 201, errors: []int{bad, denied, gone, conflict}}, a.makeFolder)
	handle(a, route{method: patch, path: "/nodes/{id}", id: "edit", tag: tree, summary: "Rename a node or declare its time", decision: "edit", errors: []int{bad, denied, gone, conflict, precondition}}, a.edit)
	handle(a, route{method: put, path: "/nodes/{id}/metadata/{namespace}", id: "set-metadata", tag: tree, summary: "Give a node tags or other metadata of one namespace", decision: "edit, on the node as it is and as it will be; the setting of the namespace", errors: []int{bad, denied, gone, conflict}}, a.setMetadata)
	handle(a, route{method: get, path: "/metadata-namespaces", id: "list-namespaces", tag: tree, summary: "List the namespaces of metadata", decision: "the rest policies alone: they are the same for all"}, a.namespaces)
	handle(a, route{method: put, path: "/metadata-namespaces/{name}", id: "set-namespace", tag: tree, summary: "Make or change a namespace of metadata", decision: "service/files: the profile admin", errors: []int{bad, denied}}, a.setNamespace)
	handle(a, route{method: del, path: "/metadata-namespaces/{name}", id: "delete-namespace", tag: tree, summary: "Take a namespace of metadata away; what nodes hold in it stays", decision: "service/files: the profile admin", status: 204, errors: []int{denied, gone}}, a.deleteNamespace)
	handle(a, route{method: post, path: "/nodes/{id}/move", id: "move", tag: tree, summary: "Move a node with all that is in it", decision: "move, for everything in it; move here, on the new folder", errors: []int{bad, denied, gone, conflict}}, a.move)
	handle(a, route{method: post, path: "/nodes/{id}/copy", id: "copy", tag: tree, summary: "Copy a node with what may be read in it", decision: "read, for each node; create, on the new folder", status: 201, errors: []int{bad, denied, gone, conflict}}, a.copy)
	handle(a, route{method: get, path: "/nodes/{id}/versions", id: "list-versions", tag: tree, summary: "List the versions of a file", decision: "see", errors: []int{bad, gone}}, a.versions)
	handle(a, route{method: post, path: "/nodes/{id}/versions/{version}/restore", id: "restore-version", tag: tree, summary: "Make an old version the newest", decision: "change and read", errors: []int{bad, denied, gone, conflict}}, a.restoreVersion)
	handle(a, route{method: del, path: "/nodes/{id}", id: "delete", tag: bin, summary: "Delete a node for good", decision: "delete for good, for everything in it", status: 204, errors: []int{bad, denied, gone}}, a.delete)

	handle(a, route{method: get, path: "/bin", id: "list-bin", tag: bin, summary: "List the recycle bin", decision: "see, for each node at its original place", errors: []int{bad}}, a.listBin)
	handle(a, route{method: del, path: "/bin", id: "empty-bin", tag: bin, summary: "Delete for good whatever of the bin one may", decision: "delete for good, for each node"}, a.emptyBin)
	handle(a, route{method: post, path: "/nodes/{id}/bin", id: "bin", tag: bin, summary: "Move a node to the recycle bin", decision: "move to the bin, for everything in it", errors: []int{bad, denied, gone, conflict}}, a.bin)
	handle(a, route{method: post, path: "/nodes/{id}/restore", id: "restore", tag: bin, summary: "Bring a node back from the bin", decision: "restore, for everything in it", errors: []int{bad, denied, gone, conflict}}, a.restore)
	handle(a, route{method: post, path: "/uploads/{id}/finish", id: "finish-upload", tag: "Uploads", summary: "Finish an upload whose name was taken, with another choice", decision: "create or change, as the upload asks", errors: []int{bad, denied, gone, conflict}}, a.finishUpload)
}

// byteRoutes is the part of the API that streams.
func (a *API) byteRoutes() {
	const tag, uploads = "Content", "Uploads"
	a.bytes(route{method: http.MethodGet, path: "/nodes/{id}/content", id: "download", tag: tag, summary: "Download a file; ranges and conditions as in RFC 9110", decision: "read", errors: []int{400, 403, 404, 409, 412, 416}}, describeDownload, a.download)
	a.bytes(route{method: http.MethodPut, path: "/nodes/{id}/content", id: "overwrite", stream: true, tag: tag, summary: "Give a file new content", decision: "change", errors: []int{400, 403, 404, 409, 412, 507}}, describeOverwrite, a.overwrite)
	a.bytes(route{method: http.MethodPut, path: "/nodes/{id}/files", id: "upload", stream: true, tag: tag, summary: "Make a file in a folder, or a new version of one", decision: "create, or change where it replaces", errors: []int{400, 403, 404, 409, 412, 507}}, describeUpload, a.upload)
	a.bytes(route{method: http.MethodGet, path: "/nodes/{id}/thumbnail", id: "thumbnail", tag: tag, summary: "A small picture of a file", decision: "read", errors: []int{400, 403, 404}}, describeThumbnail, a.thumbnail)
	a.bytes(route{method: http.MethodPost, path: "/archive", id: "archive", tag: tag, summary: "Download a selection as a zip", decision: "read, for each node", errors: []int{400, 403, 404}}, describeArchive, a.archive)
	a.bytes(route{method: http.MethodOptions, path: "/uploads", id: "tus-options", tag: uploads, summary: "What of tus is spoken", open: "tells the protocol's version only"}, describeTusOptions, a.tusOptions)
	a.bytes(route{method: http.MethodPost, path: "/uploads", id: "tus-create", stream: true, tag: uploads, summary: "Begin a resumable upload (tus 1.0)", decision: "create or change", errors: []int{400, 403, 404, 412, 413}}, describeTusCreate, a.tusCreate)
	a.bytes(route{method: http.MethodHead, path: "/uploads/{id}", id: "tus-status", tag: uploads, summary: "How far an upload is", decision: "create or change, as the upload asks", errors: []int{404, 410}}, describeTusStatus, a.tusStatus)
	a.bytes(route{method: http.MethodPatch, path: "/uploads/{id}", id: "tus-append", stream: true, tag: uploads, summary: "Add a piece to an upload", decision: "create or change, as the upload asks", errors: []int{400, 403, 404, 409, 410, 413, 415, 423, 507}}, describeTusAppend, a.tusAppend)
	a.bytes(route{method: http.MethodDelete, path: "/uploads/{id}", id: "tus-end", tag: uploads, summary: "Give an upload up", decision: "create or change, as the upload asks", errors: []int{404, 410}}, describeTusEnd, a.tusEnd)
}
