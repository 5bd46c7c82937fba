package rest_test

import (
	"errors"
	"fmt"
	"net/http"

	"alveary"
	"alveary/service/share"
	"alveary/store"
	"alveary/testkit/world"
)

// shared are the Cells and links of the stage, and what there is beside them:
// ann's own Cell with vic in it, her link, and a Cell of vic's that she is in.
type shared struct {
	cell, joined, link alveary.CellID
	token              string // of the link
	rule               alveary.HouseRuleID
	asked, own         alveary.RequestID // by vic, whom ann may answer; by ann
	member             alveary.RoleID    // vic's
}

// shares makes them, once.
func (s *stage) shares() *shared {
	s.t.Helper()
	if s.sharedThings != nil {
		return s.sharedThings
	}
	s.folk()
	ctx, ann, vic := s.t.Context(), s.As("ann"), s.As("vic")
	out := &shared{member: vic.Role}
	c, _, err := s.Share.MakeCell(ctx, ann, share.NewCell{
		Label: "Drafts", Nodes: []alveary.NodeID{s.folder}, Gives: []share.Give{{To: share.Ref{User: s.vic}, Rights: alveary.RightRead}},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	out.cell = c.ID
	l, token, err := s.Share.MakeLink(ctx, ann, share.NewLink{Node: s.folder, Mode: alveary.LinkRead, Label: "Readers"})
	if err != nil {
		s.t.Fatal(err)
	}
	out.link, out.token = l.ID, token
	s.Write(func(tx *store.Tx) error {
		joined, err := tx.InsertCell(alveary.Cell{
			Label: "Vic's", Owner: s.vic, Entries: []alveary.Entry{{Role: ann.Role, Node: s.other, Rights: alveary.RightRead}},
		}, store.CellSecret{})
		out.joined = joined.ID
		if err != nil {
			return err
		}
		no := false
		rule, err := tx.PutHouseRule(alveary.HouseRule{Role: "helpers", Node: alveary.RootID, Terms: alveary.Terms{Cells: &no}})
		out.rule = rule.ID
		if err != nil {
			return err
		}
		asked, err := tx.InsertRequest(alveary.Request{User: s.vic, Node: s.other, Rights: alveary.RightRead, At: tx.Now()}, []alveary.UserID{ann.User.ID})
		out.asked = asked.ID
		if err != nil {
			return err
		}
		own, err := tx.InsertRequest(alveary.Request{User: ann.User.ID, Node: s.At("common"), Rights: alveary.RightRead, At: tx.Now()}, []alveary.UserID{s.vic})
		out.own = own.ID
		_, err2 := tx.InsertReview(alveary.Review{By: s.vic, Due: tx.Now().AddDate(0, 0, 7), Made: tx.Now(), Cells: []alveary.Reviewed{
			{Cell: c.ID, Owner: ann.User.ID, Label: "Drafts"},
		}})
		return errors.Join(err, err2)
	})
	s.sharedThings = out
	return out
}

// sharing is the question that each route about sharing is asked. The routes of
// visitors are open: threat15_test.go tells what they answer to whom.
func (s *stage) sharing(operation string) (a asked, known bool) {
	const denied, withheld, good, none, later = http.StatusForbidden, http.StatusNotFound, http.StatusOK, http.StatusNoContent, http.StatusAccepted
	x := s.shares()
	cell, link := fmt.Sprintf("/cells/%s", x.cell), fmt.Sprintf("/links/%s", x.link)
	visit := fmt.Sprintf("/visits/%s", x.link)
	file, folder := fmt.Sprintf("%s/nodes/%s", visit, s.file), fmt.Sprintf("%s/nodes/%s", visit, s.folder)
	newCell := fmt.Sprintf(`{"label":"More","nodes":["%s"],"members":[{"user":"%d","rights":["read","write"]}]}`, s.folder, s.vic)
	rule := fmt.Sprintf(`{"role":"ROOT_GROUP","node":"%s","terms":{"days":30}}`, s.folder)
	table := map[string]asked{
		"list-cells":     {"GET", "/cells", "", nil, good, good},
		"add-cell":       {"POST", "/cells", newCell, nil, denied, withheld},
		"check-cell":     {"POST", "/cells/check", newCell, nil, good, good}, // what speaks against it is in the answer
		"cell":           {"GET", cell, "", nil, withheld, withheld},
		"change-cell":    {"PATCH", cell, `{"label":"Sketches"}`, nil, withheld, withheld},
		"end-cell":       {"DELETE", cell, "", nil, withheld, withheld},
		"add-members":    {"POST", cell + "/members", fmt.Sprintf(`{"members":[{"group":"%d"}]}`, s.crew), nil, withheld, withheld},
		"change-member":  {"PATCH", fmt.Sprintf("%s/members/%s", cell, x.member), `{"rights":["read","write"]}`, nil, withheld, withheld},
		"remove-member":  {"DELETE", fmt.Sprintf("%s/members/%s", cell, x.member), "", nil, withheld, withheld},
		"add-manager":    {"PUT", fmt.Sprintf("%s/managers/%d", cell, s.vic), "", nil, withheld, withheld},
		"remove-manager": {"DELETE", fmt.Sprintf("%s/managers/%d", cell, s.vic), "", nil, withheld, withheld},
		"leave-cell":     {"POST", fmt.Sprintf("/cells/%s/leave", x.joined), "", nil, withheld, withheld},
		"hand-over-cell": {"POST", cell + "/owner", fmt.Sprintf(`{"user":"%d"}`, s.vic), nil, withheld, withheld},

		"add-link":    {"POST", "/links", fmt.Sprintf(`{"node":"%s","mode":"edit"}`, s.folder), nil, denied, withheld},
		"link":        {"GET", link, "", nil, withheld, withheld},
		"change-link": {"PATCH", link, `{"label":"Lookers"}`, nil, withheld, withheld},
		"renew-link":  {"POST", link + "/address", "", nil, withheld, withheld},
		"end-link":    {"DELETE", link, "", nil, withheld, withheld},

		"list-shares":      {"GET", "/shares?scope=with-me", "", nil, good, good},
		"list-node-shares": {"GET", fmt.Sprintf("/nodes/%s/shares", s.file), "", nil, good, withheld},
		"fix-shares":       {"POST", "/shares/fix", fmt.Sprintf(`{"ids":["%s"],"action":"end"}`, x.link), nil, good, good}, // each says for itself
		"answer-review":    {"POST", fmt.Sprintf("/shares/%s/review", x.cell), `{"answer":"kept"}`, nil, withheld, withheld},
		"sharing":          {"GET", fmt.Sprintf("/sharing?node=%s", s.file), "", nil, good, withheld},

		"list-all-shares":   {"GET", "/house/shares", "", nil, denied, denied},
		"list-house-rules":  {"GET", "/house/rules", "", nil, denied, denied},
		"add-house-rule":    {"POST", "/house/rules", rule, nil, denied, denied},
		"check-house-rule":  {"POST", "/house/rules/check", rule, nil, denied, denied},
		"change-house-rule": {"PUT", fmt.Sprintf("/house/rules/%d", x.rule), `{"role":"helpers","terms":{"days":30}}`, nil, denied, denied},
		"delete-house-rule": {"DELETE", fmt.Sprintf("/house/rules/%d", x.rule), "", nil, denied, denied},
		"list-reviews":      {"GET", "/house/reviews", "", nil, denied, denied},
		"ask-review":        {"POST", "/house/reviews", fmt.Sprintf(`{"ids":["%s"],"due":"2026-07-01T00:00:00Z"}`, x.link), nil, denied, denied},

		"ask-right":         {"POST", "/requests", fmt.Sprintf(`{"node":"%s","rights":["write"]}`, world.Users), nil, later, later},
		"list-requests":     {"GET", "/requests", "", nil, good, good},
		"would-grant":       {"GET", fmt.Sprintf("/requests/%d/would", x.asked), "", nil, withheld, withheld},
		"answer-request":    {"POST", fmt.Sprintf("/requests/%d/answer", x.asked), `{"grant":true}`, nil, withheld, withheld},
		"withdraw-request":  {"DELETE", fmt.Sprintf("/requests/%d", x.own), "", nil, withheld, withheld},
		"list-notices":      {"GET", "/notices", "", nil, good, good},
		"see-notices":       {"POST", "/notices/seen", `{"upTo":"1"}`, nil, none, none},
		"notice-wishes":     {"GET", "/notices/wishes", "", nil, good, good},
		"set-notice-wishes": {"PUT", "/notices/wishes", `{"mail":"never"}`, nil, good, good},
		"notice-feed":       {"GET", "/notices/feed", "", nil, good, good},

		"open-link":         {"POST", "/visits", `{"token":"nonsense"}`, nil, 0, 0},
		"visit":             {"GET", visit, "", nil, 0, 0},
		"forget-visit":      {"DELETE", visit, "", nil, 0, 0},
		"visit-node":        {"GET", folder, "", nil, 0, 0},
		"visit-children":    {"GET", folder + "/children", "", nil, 0, 0},
		"visit-text":        {"GET", file + "/text", "", nil, 0, 0},
		"visit-download":    {"GET", file + "/content", "", nil, 0, 0},
		"visit-preview":     {"GET", file + "/preview", "", nil, 0, 0},
		"visit-thumbnail":   {"GET", file + "/thumbnail", "", nil, 0, 0},
		"visit-archive":     {"GET", visit + "/archive", "", nil, 0, 0},
		"visit-make-folder": {"POST", folder + "/folders", `{"name":"made"}`, nil, 0, 0},
		"visit-rename":      {"PATCH", folder, `{"name":"renamed"}`, nil, 0, 0},
		"visit-bin":         {"DELETE", folder, "", nil, 0, 0},
		"visit-upload":      {"PUT", folder + "/files/new", "new", []string{"Content-Type", octets}, 0, 0},
	}
	a, known = table[operation]
	return a, known
}
