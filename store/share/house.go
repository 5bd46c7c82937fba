package share

import (
	"encoding/json"

	"alveary"
	"alveary/store/sqldb"
)

func noRule() error { return notFound("find the house rule", "there is no such house rule") }

// ParseTerms reads what was kept of a house rule's terms. One that was lost
// could be what keeps something in the house, so there is no half of them.
func ParseTerms(text string) (t alveary.Terms, err error) {
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return t, &alveary.Error{Kind: alveary.KindInternal, Op: "read the house rule", Message: "a house rule cannot be read", Cause: err}
	}
	return t, nil
}

// HouseRules lists the house rules by id.
func (r Rows) HouseRules() (rules []alveary.HouseRule, err error) {
	err = r.sql.All(func(row sqldb.Scanner) error {
		var h alveary.HouseRule
		var terms string
		err := row.Scan(&h.ID, &h.Role, &h.Node, &terms)
		if err == nil {
			h.Terms, err = ParseTerms(terms)
		}
		rules = append(rules, h)
		return err
	}, `SELECT id, role_id, node_id, terms FROM house_rules ORDER BY id`)
	return rules, err
}

// PutHouseRule makes a house rule, or where it has an id replaces the one of
// that id; KindNotFound where there is none. Another one for the same role on
// the same node is KindConflict "taken".
func (r Rows) PutHouseRule(h alveary.HouseRule) (alveary.HouseRule, error) {
	const op = "keep the house rule"
	terms, err := json.Marshal(h.Terms)
	if err != nil {
		return h, err
	}
	if err := checkText(op, string(h.Role), string(terms)); err != nil {
		return h, err
	}
	var n int64
	if err := r.sql.Row(`SELECT COUNT(*) FROM house_rules WHERE role_id = $1 AND node_id = $2 AND id <> $3`, h.Role, h.Node, h.ID).Scan(&n); err != nil {
		return h, err
	}
	if n > 0 {
		return h, taken(op, string(h.Role), "there is already a house rule for this role on this node: change that one")
	}
	if h.ID == 0 {
		h.ID = alveary.HouseRuleID(r.newID())
		_, err = r.sql.Exec(`INSERT INTO house_rules (id, role_id, node_id, terms) VALUES ($1, $2, $3, $4)`, h.ID, h.Role, h.Node, string(terms))
	} else {
		err = r.one(noRule(), `UPDATE house_rules SET role_id = $2, node_id = $3, terms = $4 WHERE id = $1`, h.ID, h.Role, h.Node, string(terms))
	}
	if err != nil {
		return h, err
	}
	return h, r.changed()
}

// DeleteHouseRule removes a house rule; KindNotFound where there is none.
func (r Rows) DeleteHouseRule(id alveary.HouseRuleID) error {
	if err := r.one(noRule(), `DELETE FROM house_rules WHERE id = $1`, id); err != nil {
		return err
	}
	return r.changed()
}
