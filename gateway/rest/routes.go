package rest

import (
	"net/http"

	"alveary/gateway/rest/operation"
)

// The decisions that routes name.
const (
	console = "service/govern: whoever the rest policies admit reads; the profile admin changes"
	places  = "service/govern: whoever the rest policies admit"
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
	operation.Handle(a.door, operation.Route{Method: get, Path: "/attributes", ID: "catalogue", Tag: policies, Summary: "The attributes and types of conditions", Decision: "the rest policies alone: it is the same for all"}, a.catalogue)
	operation.Handle(a.door, operation.Route{Method: get, Path: "/policy-templates", ID: "list-policy-templates", Tag: policies, Summary: "List the policies to begin with", Decision: "the rest policies alone: it is the same for all"}, a.policyTemplates)
	operation.Handle(a.door, operation.Route{Method: get, Path: "/policies", ID: "list-policies", Tag: policies, Summary: "List the policies", Decision: console, Errors: []int{bad, denied}}, a.policies)
	operation.Handle(a.door, operation.Route{Method: get, Path: "/policies/{id}", ID: "policy", Tag: policies, Summary: "All about a policy", Decision: console, Errors: []int{denied, gone}}, a.policy)
	operation.Handle(a.door, operation.Route{Method: put, Path: "/policies/{id}", ID: "put-policy", Tag: policies, Summary: "Make a policy, or a new version of one", Decision: console, Body: largePolicy, Errors: []int{bad, denied, conflict, changed}}, a.putPolicy)
	operation.Handle(a.door, operation.Route{Method: del, Path: "/policies/{id}", ID: "delete-policy", Tag: policies, Summary: "Delete a policy that no entry names; its versions are kept", Decision: console, Status: 204, Errors: []int{denied, gone, conflict}}, a.deletePolicy)
	operation.Handle(a.door, operation.Route{Method: get, Path: "/policies/{id}/versions", ID: "list-policy-versions", Tag: policies, Summary: "List the versions of a policy", Decision: console, Errors: []int{denied, gone}}, a.policyVersions)
	operation.Handle(a.door, operation.Route{Method: get, Path: "/policies/{id}/versions/{version}", ID: "policy-version", Tag: policies, Summary: "A version, with what it changed", Decision: console, Errors: []int{bad, denied, gone}}, a.policyVersion)
	operation.Handle(a.door, operation.Route{Method: post, Path: "/policies/{id}/versions/{version}/restore", ID: "restore-policy", Tag: policies, Summary: "Make an old version the newest", Decision: console, Errors: []int{bad, denied, gone, conflict}}, a.restorePolicy)
	operation.Handle(a.door, operation.Route{Method: put, Path: "/policies/{id}/scenarios", ID: "set-scenarios", Tag: policies, Summary: "Attach the scenarios that every version must pass", Decision: console, Body: largePolicy, Errors: []int{bad, denied, gone, conflict}}, a.setScenarios)
	operation.Handle(a.door, operation.Route{Method: post, Path: "/policies/check", ID: "check-policy", Tag: policies, Summary: "What saving a policy would say; nothing is saved", Decision: "the rest policies alone: it judges what was sent", Body: largePolicy, Errors: []int{bad, denied}}, a.checkPolicy)
	operation.Handle(a.door, operation.Route{Method: post, Path: "/policies/import", ID: "import-policies", Tag: policies, Summary: "Read policies of Ladon or Cells; nothing is saved", Decision: "the rest policies alone: it judges what was sent", Body: largePolicy, Errors: []int{bad, denied}}, a.importPolicies)

	operation.Handle(a.door, operation.Route{Method: post, Path: "/explain", ID: "explain", Tag: why, Summary: "Explain a decision, in any context, with all that counted", Decision: console, Body: largePolicy, Errors: []int{bad, denied, gone}}, a.explain)
	operation.Handle(a.door, operation.Route{Method: post, Path: "/simulate", ID: "simulate", Tag: why, Summary: "Who would gain and lose what by a change; nothing is changed", Decision: console, Body: largePolicy, Errors: []int{bad, denied, 503}}, a.simulate)
	operation.Handle(a.door, operation.Route{Method: get, Path: "/simulations/{id}", ID: "simulation", Tag: why, Summary: "How far one's own simulation is", Decision: console, Errors: []int{denied, gone}}, a.simulation)

	operation.Handle(a.door, operation.Route{Method: get, Path: "/entries", ID: "list-entries", Tag: entries, Summary: "List ACL entries", Decision: console, Errors: []int{bad, denied}}, a.entries)
	operation.Handle(a.door, operation.Route{Method: post, Path: "/entries", ID: "add-entry", Tag: entries, Summary: "Make an ACL entry", Decision: giver, Status: 201, Errors: []int{bad, denied, gone}}, a.addEntry)
	operation.Handle(a.door, operation.Route{Method: put, Path: "/entries/{id}", ID: "replace-entry", Tag: entries, Summary: "Put an ACL entry in the place of another", Decision: giver, Errors: []int{bad, denied, gone}}, a.replaceEntry)
	operation.Handle(a.door, operation.Route{Method: del, Path: "/entries/{id}", ID: "delete-entry", Tag: entries, Summary: "Delete an ACL entry", Decision: giver, Status: 204, Errors: []int{bad, denied, gone}}, a.deleteEntry)

	operation.Handle(a.door, operation.Route{Method: get, Path: "/console/workspaces", ID: "console-workspaces", Tag: consoleTag, Summary: "List all workspaces", Decision: places, Errors: []int{denied}}, a.consoleWorkspaces)
	operation.Handle(a.door, operation.Route{Method: post, Path: "/console/workspaces", ID: "add-workspace", Tag: consoleTag, Summary: "Make a workspace", Decision: places, Status: 201, Errors: []int{bad, denied, gone, conflict}}, a.addWorkspace)
	operation.Handle(a.door, operation.Route{Method: patch, Path: "/console/workspaces/{slug}", ID: "rename-workspace", Tag: consoleTag, Summary: "Change the label of a workspace", Decision: places, Errors: []int{bad, denied, gone}}, a.renameWorkspace)
	operation.Handle(a.door, operation.Route{Method: del, Path: "/console/workspaces/{slug}", ID: "delete-workspace", Tag: consoleTag, Summary: "Delete a workspace; its files stay", Decision: places, Status: 204, Errors: []int{denied, gone}}, a.deleteWorkspace)
	operation.Handle(a.door, operation.Route{Method: get, Path: "/console/nodes", ID: "console-nodes", Tag: consoleTag, Summary: "List what is in a folder, by name alone, for a picker", Decision: places, Errors: []int{bad, denied, gone}}, a.consoleNodes)
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

	operation.Handle(a.door, operation.Route{Method: get, Path: "/workspaces", ID: "list-workspaces", Tag: tree, Summary: "List the workspaces", Decision: "see, for each root"}, a.workspaces)
	operation.Handle(a.door, operation.Route{Method: get, Path: "/nodes", ID: "find-node", Tag: tree, Summary: "Find a node by its remote path", Decision: "see", Errors: []int{bad, gone}}, a.lookup)
	operation.Handle(a.door, operation.Route{Method: get, Path: "/nodes/{id}", ID: "stat", Tag: tree, Summary: "Describe a node", Decision: "see", Errors: []int{bad, gone}}, a.stat)
	operation.Handle(a.door, operation.Route{Method: get, Path: "/nodes/{id}/children", ID: "list", Tag: tree, Summary: "List a folder", Decision: "see, for the folder and each node in it", Errors: []int{bad, gone}}, a.list)
	operation.Handle(a.door, operation.Route{Method: post, Path: "/nodes/{id}/folders", ID: "make-folder", Tag: tree, Summary: "Make a folder", Decision: "edit", Status: 201, Errors: []int{bad, denied, gone, conflict}}, a.makeFolder)
	operation.Handle(a.door, operation.Route{Method: patch, Path: "/nodes/{id}", ID: "edit", Tag: tree, Summary: "Rename a node or declare its time", Decision: "edit", Errors: []int{bad, denied, gone, conflict, precondition}}, a.edit)
	operation.Handle(a.door, operation.Route{Method: put, Path: "/nodes/{id}/metadata/{namespace}", ID: "set-metadata", Tag: tree, Summary: "Give a node tags or other metadata of one namespace", Decision: "edit, on the node as it is and as it will be; the setting of the namespace", Errors: []int{bad, denied, gone, conflict}}, a.setMetadata)
	operation.Handle(a.door, operation.Route{Method: get, Path: "/metadata-namespaces", ID: "list-namespaces", Tag: tree, Summary: "List the namespaces of metadata", Decision: "the rest policies alone: they are the same for all"}, a.namespaces)
	operation.Handle(a.door, operation.Route{Method: put, Path: "/metadata-namespaces/{name}", ID: "set-namespace", Tag: tree, Summary: "Make or change a namespace of metadata", Decision: "service/files: the profile admin", Errors: []int{bad, denied}}, a.setNamespace)
	operation.Handle(a.door, operation.Route{Method: del, Path: "/metadata-namespaces/{name}", ID: "delete-namespace", Tag: tree, Summary: "Take a namespace of metadata away; what nodes hold in it stays", Decision: "service/files: the profile admin", Status: 204, Errors: []int{denied, gone}}, a.deleteNamespace)
	operation.Handle(a.door, operation.Route{Method: post, Path: "/nodes/{id}/move", ID: "move", Tag: tree, Summary: "Move a node with all that is in it", Decision: "move, for everything in it; move here, on the new folder", Errors: []int{bad, denied, gone, conflict}}, a.move)
	operation.Handle(a.door, operation.Route{Method: post, Path: "/nodes/{id}/copy", ID: "copy", Tag: tree, Summary: "Copy a node with what may be read in it", Decision: "read, for each node; create, on the new folder", Status: 201, Errors: []int{bad, denied, gone, conflict}}, a.copy)
	operation.Handle(a.door, operation.Route{Method: get, Path: "/nodes/{id}/versions", ID: "list-versions", Tag: tree, Summary: "List the versions of a file", Decision: "see", Errors: []int{bad, gone}}, a.versions)
	operation.Handle(a.door, operation.Route{Method: post, Path: "/nodes/{id}/versions/{version}/restore", ID: "restore-version", Tag: tree, Summary: "Make an old version the newest", Decision: "change and read", Errors: []int{bad, denied, gone, conflict}}, a.restoreVersion)
	operation.Handle(a.door, operation.Route{Method: del, Path: "/nodes/{id}", ID: "delete", Tag: bin, Summary: "Delete a node for good", Decision: "delete for good, for everything in it", Status: 204, Errors: []int{bad, denied, gone}}, a.delete)

	operation.Handle(a.door, operation.Route{Method: get, Path: "/bin", ID: "list-bin", Tag: bin, Summary: "List the recycle bin", Decision: "see, for each node at its original place", Errors: []int{bad}}, a.listBin)
	operation.Handle(a.door, operation.Route{Method: del, Path: "/bin", ID: "empty-bin", Tag: bin, Summary: "Delete for good whatever of the bin one may", Decision: "delete for good, for each node"}, a.emptyBin)
	operation.Handle(a.door, operation.Route{Method: post, Path: "/nodes/{id}/bin", ID: "bin", Tag: bin, Summary: "Move a node to the recycle bin", Decision: "move to the bin, for everything in it", Errors: []int{bad, denied, gone, conflict}}, a.bin)
	operation.Handle(a.door, operation.Route{Method: post, Path: "/nodes/{id}/restore", ID: "restore", Tag: bin, Summary: "Bring a node back from the bin", Decision: "restore, for everything in it", Errors: []int{bad, denied, gone, conflict}}, a.restore)
	operation.Handle(a.door, operation.Route{Method: post, Path: "/uploads/{id}/finish", ID: "finish-upload", Tag: "Uploads", Summary: "Finish an upload whose name was taken, with another choice", Decision: "create or change, as the upload asks", Errors: []int{bad, denied, gone, conflict}}, a.finishUpload)
}

// byteRoutes is the part of the API that streams.
func (a *API) byteRoutes() {
	const tag, uploads = "Content", "Uploads"
	a.door.Bytes(operation.Route{Method: http.MethodGet, Path: "/nodes/{id}/content", ID: "download", Tag: tag, Summary: "Download a file; ranges and conditions as in RFC 9110", Decision: "read", Errors: []int{400, 403, 404, 409, 412, 416}}, describeDownload, a.download)
	a.door.Bytes(operation.Route{Method: http.MethodPut, Path: "/nodes/{id}/content", ID: "overwrite", Stream: true, Tag: tag, Summary: "Give a file new content", Decision: "change", Errors: []int{400, 403, 404, 409, 412, 507}}, describeOverwrite, a.overwrite)
	a.door.Bytes(operation.Route{Method: http.MethodPut, Path: "/nodes/{id}/files", ID: "upload", Stream: true, Tag: tag, Summary: "Make a file in a folder, or a new version of one", Decision: "create, or change where it replaces", Errors: []int{400, 403, 404, 409, 412, 507}}, describeUpload, a.upload)
	a.door.Bytes(operation.Route{Method: http.MethodGet, Path: "/nodes/{id}/thumbnail", ID: "thumbnail", Tag: tag, Summary: "A small picture of a file", Decision: "read", Errors: []int{400, 403, 404}}, describeThumbnail, a.thumbnail)
	a.door.Bytes(operation.Route{Method: http.MethodPost, Path: "/archive", ID: "archive", Tag: tag, Summary: "Download a selection as a zip", Decision: "read, for each node", Errors: []int{400, 403, 404}}, describeArchive, a.archive)
	a.door.Bytes(operation.Route{Method: http.MethodOptions, Path: "/uploads", ID: "tus-options", Tag: uploads, Summary: "What of tus is spoken", Open: "tells the protocol's version only"}, describeTusOptions, a.tusOptions)
	a.door.Bytes(operation.Route{Method: http.MethodPost, Path: "/uploads", ID: "tus-create", Stream: true, Tag: uploads, Summary: "Begin a resumable upload (tus 1.0)", Decision: "create or change", Errors: []int{400, 403, 404, 412, 413}}, describeTusCreate, a.tusCreate)
	a.door.Bytes(operation.Route{Method: http.MethodHead, Path: "/uploads/{id}", ID: "tus-status", Tag: uploads, Summary: "How far an upload is", Decision: "create or change, as the upload asks", Errors: []int{404, 410}}, describeTusStatus, a.tusStatus)
	a.door.Bytes(operation.Route{Method: http.MethodPatch, Path: "/uploads/{id}", ID: "tus-append", Stream: true, Tag: uploads, Summary: "Add a piece to an upload", Decision: "create or change, as the upload asks", Errors: []int{400, 403, 404, 409, 410, 413, 415, 423, 507}}, describeTusAppend, a.tusAppend)
	a.door.Bytes(operation.Route{Method: http.MethodDelete, Path: "/uploads/{id}", ID: "tus-end", Tag: uploads, Summary: "Give an upload up", Decision: "create or change, as the upload asks", Errors: []int{404, 410}}, describeTusEnd, a.tusEnd)
}
