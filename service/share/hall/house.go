package hall

import (
	"alveary"
)

// HouseOf are the house rules for the owner of a share.
func (r *Room) HouseOf(c *alveary.Cell, line alveary.Lineage) (alveary.House, error) {
	if len(line) == 0 {
		return alveary.DefaultHouse(), nil
	}
	if c.Owner == r.By.User.ID {
		return r.House(line)
	}
	owner, err := r.Tx.Subject(c.Owner)
	if alveary.IsKind(err, alveary.KindNotFound) {
		return alveary.DefaultHouse(), nil
	}
	if err != nil {
		return alveary.House{}, err
	}
	return r.Gate.House(r.Ctx, r.Tx, owner, line)
}

// termTexts say what a term of the house rules stops, to whoever is stopped.
var termTexts = map[string]string{
	"cells":       "the house rules let nobody with these roles share it in a Cell",
	"fileLinks":   "the house rules allow no links on files here",
	"folderLinks": "the house rules allow no links on folders here",
	"external":    "the house rules allow no external people here",
	"password":    "the house rules ask for a password, or for named people, on links here",
	"slugs":       "the house rules allow an address of one's own choosing only with a password or for named people",
	"policies":    "the house rules let nobody with these roles give a policy that it names",
	"days":        "the house rules bound how long links last here",
	"downloads":   "the house rules bound how often links are downloaded here",
	"upload":      "the house rules bound what can be put in through links here",
	"characters":  "the house rules ask for longer passwords here",
}

// TermText says what a term of the house rules stops.
func TermText(term string) string {
	if text, ok := termTexts[term]; ok {
		return text
	}
	return "the house rules do not allow it"
}

// House are the rules for whoever asks, at the node at the end of a lineage.
func (r *Room) House(line alveary.Lineage) (alveary.House, error) {
	return r.Gate.House(r.Ctx, r.Tx, r.By, line)
}

// Everywhere are the rules for whoever asks that hold where no node is meant.
func (r *Room) Everywhere() (*alveary.House, error) {
	line, err := r.Tx.Lineage(alveary.RootID)
	if err != nil {
		return nil, err
	}
	house, err := r.House(line)
	return &house, err
}

// MayShare refuses whoever may not share what lies at the end of the lineage,
// by the house rules. External people share only where a rule says so.
func (r *Room) MayShare(field string, line alveary.Lineage, house *alveary.House, term string, allowed bool) error {
	if allowed && (r.By.User.Profile != alveary.ProfileShared || house.By[term] != 0) {
		return nil
	}
	return r.Denied(field, "house-rule", "“"+NameOf(line)+"” cannot be shared so: "+TermText(term))
}
