// Package share is the part of the REST door that is about sharing: Cells,
// public links, the rules of the house for both, requests for rights, notices,
// and what visitors of links see.
//
// It exists so that all of it has its routes in one place. Visitors come by
// routes that are open: what stands before an answer there is the link itself,
// which package visit opens, and then the same gate as everywhere with the link
// as who asks (MODEL.md 2.3).
//
// Read this file first: the routes; then visits.go.
package share

import (
	"net/http"
	"time"

	"alveary/gateway/rest/operation"
	"alveary/service/files"
	"alveary/service/notice"
	"alveary/service/share"
	"alveary/service/share/ask"
	"alveary/service/share/visit"
)

// Config is what the part is built from.
type Config struct {
	Door      *operation.Door
	Files     *files.Service
	Share     *share.Service
	Visits    *visit.Service
	Requests  *ask.Service
	Notices   *notice.Service
	PublicURL string // scheme and host by which people come; may be empty
	Now       func() time.Time
}

type door struct {
	*operation.Door
	files    *files.Service
	share    *share.Service
	visits   *visit.Service
	requests *ask.Service
	notices  *notice.Service
	base     string
	now      func() time.Time
}

// The decisions that routes name.
const (
	sharers  = "service/share: who has the rights that he shares and may share there (MODEL.md 5, 7.7)"
	keepers  = "service/share: the owner and the managers of the Cell, never more than they hold (MODEL.md 4.5)"
	insiders = "service/share: owner, managers and members; others find nothing"
	admins   = "service/share: the profile admin"
	own      = "service/notice: each his own"
	asks     = "service/share/ask: the answer to all is the same, whether there is such a node or not (MODEL.md 5.2)"
	visited  = "a link is opened by its secret address; service/share/visit checks it, its password, dates and people, and the gate decides as the link"
)

const (
	get, post, put, patch, del                          = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
	bad, gone, denied, conflict, large, limited, signIn = http.StatusBadRequest, http.StatusNotFound, http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusTooManyRequests, http.StatusUnauthorized
)

// Mount registers the routes.
func Mount(c Config) {
	d := &door{c.Door, c.Files, c.Share, c.Visits, c.Requests, c.Notices, c.PublicURL, c.Now}
	d.cellRoutes()
	d.linkRoutes()
	d.overviewRoutes()
	d.houseRoutes()
	d.requestRoutes()
	d.noticeRoutes()
	d.visitRoutes()
	d.visitBytes()
}

func (d *door) cellRoutes() {
	const tag = "Cells"
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/cells", ID: "list-cells", Tag: tag, Summary: "The Cells one owns, manages or is in", Decision: insiders}, d.cells)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/cells", ID: "add-cell", Tag: tag, Summary: "Make a Cell of files and folders, or of a new folder", Decision: sharers, Status: 201, Errors: []int{bad, denied, gone, conflict}}, d.addCell)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/cells/check", ID: "check-cell", Tag: tag, Summary: "Who would gain and lose by a Cell, and what speaks against it; nothing is saved", Decision: sharers, Errors: []int{bad, denied, gone}}, d.checkCell)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/cells/{id}", ID: "cell", Tag: tag, Summary: "A Cell with its members", Decision: insiders, Errors: []int{bad, gone}}, d.cell)
	operation.Handle(d.Door, operation.Route{Method: patch, Path: "/cells/{id}", ID: "change-cell", Tag: tag, Summary: "Change a Cell, and what it is bound to", Decision: keepers, Errors: []int{bad, denied, gone, conflict}}, d.changeCell)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/cells/{id}", ID: "end-cell", Tag: tag, Summary: "End a Cell; what it is bound to stays where it is", Decision: keepers, Status: 204, Errors: []int{bad, denied, gone}}, d.endCell)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/cells/{id}/members", ID: "add-members", Tag: tag, Summary: "Take people, groups and teams into a Cell; who has no account is invited", Decision: keepers, Errors: []int{bad, denied, gone, conflict}}, d.addMembers)
	operation.Handle(d.Door, operation.Route{Method: patch, Path: "/cells/{id}/members/{role}", ID: "change-member", Tag: tag, Summary: "Change what a member has", Decision: keepers, Errors: []int{bad, denied, gone}}, d.changeMember)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/cells/{id}/members/{role}", ID: "remove-member", Tag: tag, Summary: "Take a member out of a Cell", Decision: keepers, Errors: []int{bad, denied, gone}}, d.removeMember)
	operation.Handle(d.Door, operation.Route{Method: put, Path: "/cells/{id}/managers/{user}", ID: "add-manager", Tag: tag, Summary: "Let someone manage a Cell", Decision: keepers, Errors: []int{bad, denied, gone}}, d.addManager)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/cells/{id}/managers/{user}", ID: "remove-manager", Tag: tag, Summary: "Let someone manage a Cell no longer", Decision: keepers, Errors: []int{bad, denied, gone}}, d.removeManager)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/cells/{id}/leave", ID: "leave-cell", Tag: tag, Summary: "Leave a Cell", Decision: insiders, Status: 204, Errors: []int{bad, gone, conflict}}, d.leaveCell)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/cells/{id}/owner", ID: "hand-over-cell", Tag: tag, Summary: "Hand a Cell over; it gives what its new owner has", Decision: keepers, Errors: []int{bad, denied, gone}}, d.handOver)
}

func (d *door) linkRoutes() {
	const tag = "Links"
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/links", ID: "add-link", Tag: tag, Summary: "Make a public link; its address is shown this once", Decision: sharers, Status: 201, Errors: []int{bad, denied, gone, conflict}}, d.addLink)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/links/{id}", ID: "link", Tag: tag, Summary: "A link, without its address", Decision: insiders, Errors: []int{bad, gone}}, d.link)
	operation.Handle(d.Door, operation.Route{Method: patch, Path: "/links/{id}", ID: "change-link", Tag: tag, Summary: "Change a link", Decision: keepers, Errors: []int{bad, denied, gone, conflict}}, d.changeLink)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/links/{id}/address", ID: "renew-link", Tag: tag, Summary: "Give a link a new address; the old one opens nothing any more", Decision: keepers, Errors: []int{bad, denied, gone}}, d.newAddress)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/links/{id}", ID: "end-link", Tag: tag, Summary: "End a link", Decision: keepers, Status: 204, Errors: []int{bad, denied, gone}}, d.endLink)
}

func (d *door) overviewRoutes() {
	const tag = "Sharing"
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/shares", ID: "list-shares", Tag: tag, Summary: "Everything that is shared by or with oneself", Decision: insiders, Errors: []int{bad}}, d.shares)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/nodes/{id}/shares", ID: "list-node-shares", Tag: tag, Summary: "Every Cell and link that reaches a node, as far as one may know of it", Decision: "see; service/share: owner, managers and members, the owner of the node, and administrators", Errors: []int{bad, gone}}, d.nodeShares)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/shares/fix", ID: "fix-shares", Tag: tag, Summary: "End or bound several Cells and links at once", Decision: keepers, Errors: []int{bad}}, d.fix)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/shares/{id}/review", ID: "answer-review", Tag: tag, Summary: "Say that something shared is still right", Decision: keepers, Status: 204, Errors: []int{bad, gone}}, d.answerReview)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/sharing", ID: "sharing", Tag: tag, Summary: "How one may share a node, and why not", Decision: "see", Errors: []int{bad, gone}}, d.sharing)
}

func (d *door) houseRoutes() {
	const tag = "House rules of sharing"
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/house/shares", ID: "list-all-shares", Tag: tag, Summary: "All Cells and links of the house", Decision: admins, Errors: []int{bad, denied}}, d.allShares)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/house/rules", ID: "list-house-rules", Tag: tag, Summary: "The rules for sharing, by role and folder", Decision: admins, Errors: []int{denied}}, d.rules)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/house/rules", ID: "add-house-rule", Tag: tag, Summary: "Make a rule for sharing; what is shared already follows it at once", Decision: admins, Status: 201, Errors: []int{bad, denied, gone, conflict}, Fresh: true}, d.addRule)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/house/rules/check", ID: "check-house-rule", Tag: tag, Summary: "What a rule would stop and free; nothing is saved", Decision: admins, Errors: []int{bad, denied, gone}}, d.checkRule)
	operation.Handle(d.Door, operation.Route{Method: put, Path: "/house/rules/{id}", ID: "change-house-rule", Tag: tag, Summary: "Change a rule for sharing", Decision: admins, Errors: []int{bad, denied, gone, conflict}, Fresh: true}, d.changeRule)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/house/rules/{id}", ID: "delete-house-rule", Tag: tag, Summary: "Take a rule for sharing away", Decision: admins, Status: 204, Errors: []int{bad, denied, gone}, Fresh: true}, d.deleteRule)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/house/reviews", ID: "list-reviews", Tag: tag, Summary: "Reviews that owners were asked for, and who did", Decision: admins, Errors: []int{denied}}, d.reviews)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/house/reviews", ID: "ask-review", Tag: tag, Summary: "Ask the owners of Cells and links to review them by a date", Decision: admins, Status: 201, Errors: []int{bad, denied}}, d.askReview)
}

func (d *door) requestRoutes() {
	const tag = "Requests"
	const answers = "service/share/ask: who was asked, and never more than he may share"
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/requests", ID: "list-requests", Tag: tag, Summary: "Requests for rights: one's own, and those one may answer", Decision: own}, d.listRequests)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/requests", ID: "ask-right", Tag: tag, Summary: "Ask whoever may share a node for rights on it", Decision: asks, Status: 202, Errors: []int{bad, limited}}, d.request)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/requests/{id}/would", ID: "would-grant", Tag: tag, Summary: "What granting a request would open", Decision: answers, Errors: []int{bad, gone}}, d.would)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/requests/{id}/answer", ID: "answer-request", Tag: tag, Summary: "Grant or refuse a request", Decision: answers, Status: 204, Errors: []int{bad, denied, gone, conflict}}, d.answer)
	operation.Handle(d.Door, operation.Route{Method: del, Path: "/requests/{id}", ID: "withdraw-request", Tag: tag, Summary: "Take back a request of one's own", Decision: own, Status: 204, Errors: []int{bad, gone}}, d.withdraw)
}

func (d *door) noticeRoutes() {
	const tag = "Notices"
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/notices", ID: "list-notices", Tag: tag, Summary: "What happened", Decision: own, Errors: []int{bad}}, d.listNotices)
	operation.Handle(d.Door, operation.Route{Method: post, Path: "/notices/seen", ID: "see-notices", Tag: tag, Summary: "Mark notices as seen", Decision: own, Status: 204, Errors: []int{bad}}, d.see)
	operation.Handle(d.Door, operation.Route{Method: get, Path: "/notices/wishes", ID: "notice-wishes", Tag: tag, Summary: "How often one is told by mail", Decision: own}, d.wishes)
	operation.Handle(d.Door, operation.Route{Method: put, Path: "/notices/wishes", ID: "set-notice-wishes", Tag: tag, Summary: "Choose how often one is told by mail", Decision: own, Errors: []int{bad}}, d.setWishes)
	d.Bytes(operation.Route{Method: get, Path: "/notices/feed", ID: "notice-feed", Tag: tag, Summary: "The notices as an Atom feed", Decision: own}, describeFeed, d.feed)
}

func (d *door) visitRoutes() {
	const tag = "Visits"
	visits := func(r operation.Route) operation.Route {
		r.Tag, r.Open, r.Guest = tag, visited, true
		r.Errors = append([]int{bad, signIn, denied, gone}, r.Errors...)
		return r
	}
	operation.Handle(d.Door, visits(operation.Route{Method: post, Path: "/visits", ID: "open-link", Summary: "Open a link", Errors: []int{limited}}), d.open)
	operation.Handle(d.Door, visits(operation.Route{Method: get, Path: "/visits/{id}", ID: "visit", Summary: "What a link that was opened leads to"}), d.visit)
	operation.Handle(d.Door, visits(operation.Route{Method: del, Path: "/visits/{id}", ID: "forget-visit", Summary: "Make the browser forget a link", Status: 204}), d.forget)
	operation.Handle(d.Door, visits(operation.Route{Method: get, Path: "/visits/{id}/nodes/{node}", ID: "visit-node", Summary: "Describe a node within a link"}), d.visitNode)
	operation.Handle(d.Door, visits(operation.Route{Method: get, Path: "/visits/{id}/nodes/{node}/children", ID: "visit-children", Summary: "List a folder within a link"}), d.visitChildren)
	operation.Handle(d.Door, visits(operation.Route{Method: get, Path: "/visits/{id}/nodes/{node}/text", ID: "visit-text", Summary: "A text as text"}), d.visitText)
	operation.Handle(d.Door, visits(operation.Route{Method: post, Path: "/visits/{id}/nodes/{node}/folders", ID: "visit-make-folder", Summary: "Make a folder within a link", Status: 201, Errors: []int{conflict}}), d.visitMakeFolder)
	operation.Handle(d.Door, visits(operation.Route{Method: patch, Path: "/visits/{id}/nodes/{node}", ID: "visit-rename", Summary: "Rename a node within a link", Errors: []int{conflict}}), d.visitRename)
	operation.Handle(d.Door, visits(operation.Route{Method: del, Path: "/visits/{id}/nodes/{node}", ID: "visit-bin", Summary: "Move a node within a link to the recycle bin of its owner", Status: 204, Errors: []int{conflict}}), d.visitBin)
}

func (d *door) visitBytes() {
	const tag = "Visits"
	visits := func(r operation.Route) operation.Route {
		r.Tag, r.Open, r.Guest = tag, visited, true
		r.Errors = append([]int{bad, signIn, denied, gone}, r.Errors...)
		return r
	}
	d.Bytes(visits(operation.Route{Method: get, Path: "/visits/{id}/nodes/{node}/content", ID: "visit-download", Summary: "Download a file; ranges as in RFC 9110", Errors: []int{conflict, http.StatusPreconditionFailed, http.StatusRequestedRangeNotSatisfiable}}), describeDownload, d.visitDownload)
	d.Bytes(visits(operation.Route{Method: get, Path: "/visits/{id}/nodes/{node}/preview", ID: "visit-preview", Summary: "A reduced picture of a file, or of one page of it", Errors: []int{limited}}), describePreview, d.visitPreview)
	d.Bytes(visits(operation.Route{Method: get, Path: "/visits/{id}/nodes/{node}/thumbnail", ID: "visit-thumbnail", Summary: "A small picture of a file"}), describeThumbnail, d.visitThumbnail)
	d.Bytes(visits(operation.Route{Method: get, Path: "/visits/{id}/archive", ID: "visit-archive", Summary: "Download a folder as a zip"}), describeArchive, d.visitArchive)
	d.Bytes(visits(operation.Route{Method: put, Path: "/visits/{id}/nodes/{node}/files/{name}", ID: "visit-upload", Stream: true, Summary: "Put a file into a folder; a name that is taken gets another one", Errors: []int{conflict, large, http.StatusInsufficientStorage}}), describeUpload, d.visitUpload)
}
