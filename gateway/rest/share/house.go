package share

import (
	"context"
	"strconv"
	"time"

	"alveary"
	"alveary/gateway/rest/operation"
	"alveary/service/share"
)

type allSharesIn struct {
	ListIn
	Owner string `query:"owner" doc:"Id of a user"`
	Node  string `query:"node" doc:"Id of a node: what reaches it"`
}

func (d *door) allShares(ctx context.Context, in *allSharesIn) (*operation.One[Shares], error) {
	f, err := in.filter(share.ScopeAll)
	if err != nil {
		return nil, err
	}
	if in.Owner != "" {
		if f.Owner, err = userID(in.Owner); err != nil {
			return nil, err
		}
	}
	if in.Node != "" {
		if f.Node, err = alveary.ParseNodeID(in.Node); err != nil {
			return nil, err
		}
	}
	return onePage(d.share.Shares(ctx, operation.Asker(ctx), f))
}

// HouseRule is a rule for sharing.
type HouseRule struct {
	ID   string `json:"id"`
	Role struct {
		ID    string `json:"id"`
		Label string `json:"label"`
	} `json:"role"`
	Node struct {
		ID   string `json:"id"`
		Path string `json:"path" doc:"From the root of the tree; empty: everywhere"`
	} `json:"node"`
	Terms Terms `json:"terms"`
}

// Terms are what a rule says; what is missing it says nothing of.
type Terms struct {
	Cells       *bool     `json:"cells,omitempty"`
	FileLinks   *bool     `json:"fileLinks,omitempty"`
	FolderLinks *bool     `json:"folderLinks,omitempty"`
	External    *bool     `json:"external,omitempty"`
	Password    *bool     `json:"password,omitempty"`
	Slugs       *bool     `json:"slugs,omitempty"`
	Days        *int64    `json:"days,omitempty" minimum:"0" maximum:"36500"`
	Downloads   *int64    `json:"downloads,omitempty" minimum:"0"`
	Upload      *int64    `json:"upload,omitempty" minimum:"0"`
	Characters  *int64    `json:"characters,omitempty" minimum:"0" maximum:"128"`
	Policies    *[]string `json:"policies,omitempty" maxItems:"1000"`
	Groups      *[]string `json:"groups,omitempty" maxItems:"1000"`
}

// RuleInput is a rule to be saved.
type RuleInput struct {
	Role  string `json:"role"`
	Node  string `json:"node,omitempty" doc:"Id of a node; missing: everywhere"`
	Terms Terms  `json:"terms"`
}

func (r RuleInput) read(id alveary.HouseRuleID) (rule alveary.HouseRule, err error) {
	t := r.Terms
	rule = alveary.HouseRule{ID: id, Role: alveary.RoleID(r.Role), Node: alveary.RootID, Terms: alveary.Terms{
		Cells: t.Cells, FileLinks: t.FileLinks, FolderLinks: t.FolderLinks, External: t.External, Password: t.Password, Slugs: t.Slugs,
		Days: t.Days, Downloads: t.Downloads, Upload: t.Upload, Characters: t.Characters,
	}}
	if r.Node != "" {
		if rule.Node, err = alveary.ParseNodeID(r.Node); err != nil {
			return rule, err
		}
	}
	if t.Policies != nil {
		list := policies(*t.Policies)
		rule.Terms.Policies = &list
	}
	if t.Groups != nil {
		list := make([]alveary.GroupID, len(*t.Groups))
		for i, text := range *t.Groups {
			n, err := number("group", text)
			if err != nil {
				return rule, err
			}
			list[i] = alveary.GroupID(n)
		}
		rule.Terms.Groups = &list
	}
	return rule, nil
}

func toRule(v share.RuleView) HouseRule {
	t := v.Terms
	out := HouseRule{ID: strconv.FormatInt(int64(v.ID), 10), Terms: Terms{
		Cells: t.Cells, FileLinks: t.FileLinks, FolderLinks: t.FolderLinks, External: t.External, Password: t.Password, Slugs: t.Slugs,
		Days: t.Days, Downloads: t.Downloads, Upload: t.Upload, Characters: t.Characters,
	}}
	out.Role.ID, out.Role.Label = string(v.Role), v.Label
	out.Node.ID, out.Node.Path = v.Node.String(), v.Path
	if t.Policies != nil {
		list := texts(*t.Policies)
		out.Terms.Policies = &list
	}
	if t.Groups != nil {
		list := make([]string, len(*t.Groups))
		for i, id := range *t.Groups {
			list[i] = strconv.FormatInt(int64(id), 10)
		}
		out.Terms.Groups = &list
	}
	return out
}

func (d *door) rules(ctx context.Context, _ *struct{}) (*operation.List[HouseRule], error) {
	list, err := d.share.Rules(ctx, operation.Asker(ctx))
	out := make([]HouseRule, len(list))
	for i, r := range list {
		out[i] = toRule(r)
	}
	return operation.Items(out, err)
}

type addRuleIn struct{ Body RuleInput }

func (d *door) addRule(ctx context.Context, in *addRuleIn) (*operation.One[HouseRule], error) {
	return d.putRule(ctx, 0, in.Body)
}

type changeRuleIn struct {
	operation.IDIn
	Body RuleInput
}

func ruleID(text string) (alveary.HouseRuleID, error) {
	n, err := number("rule", text)
	return alveary.HouseRuleID(n), err
}

func (d *door) changeRule(ctx context.Context, in *changeRuleIn) (*operation.One[HouseRule], error) {
	id, err := ruleID(in.ID)
	if err != nil {
		return nil, err
	}
	return d.putRule(ctx, id, in.Body)
}

func (d *door) putRule(ctx context.Context, id alveary.HouseRuleID, in RuleInput) (*operation.One[HouseRule], error) {
	rule, err := in.read(id)
	if err != nil {
		return nil, err
	}
	saved, err := d.share.PutRule(ctx, operation.Asker(ctx), rule)
	if err != nil {
		return nil, err
	}
	return operation.Body(toRule(saved), nil)
}

func (d *door) deleteRule(ctx context.Context, in *operation.IDIn) (*struct{}, error) {
	id, err := ruleID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, d.share.DeleteRule(ctx, operation.Asker(ctx), id)
}

type checkRuleIn struct {
	Body struct {
		RuleInput
		ID string `json:"id,omitempty" doc:"Of a rule that would be changed"`
	}
}

// RuleEffect is what a rule would do to what is shared already.
type RuleEffect struct {
	Stopped []Share `json:"stopped"`
	Freed   []Share `json:"freed"`
}

func (d *door) checkRule(ctx context.Context, in *checkRuleIn) (*operation.One[RuleEffect], error) {
	var id alveary.HouseRuleID
	var err error
	if in.Body.ID != "" {
		if id, err = ruleID(in.Body.ID); err != nil {
			return nil, err
		}
	}
	rule, err := in.Body.read(id)
	if err != nil {
		return nil, err
	}
	stopped, freed, err := d.share.CheckRule(ctx, operation.Asker(ctx), rule)
	if err != nil {
		return nil, err
	}
	return operation.Body(RuleEffect{toShares(stopped), toShares(freed)}, nil)
}

// Review is a review that owners were asked for.
type Review struct {
	ID    string     `json:"id"`
	By    Somebody   `json:"by"`
	Note  string     `json:"note"`
	Due   time.Time  `json:"due"`
	Made  time.Time  `json:"made"`
	Cells []Reviewed `json:"cells"`
}

// Reviewed is a Cell or link within it.
type Reviewed struct {
	ID     string     `json:"id"`
	Label  string     `json:"label"`
	Owner  Somebody   `json:"owner"`
	Answer string     `json:"answer" enum:"kept,changed,ended,"`
	At     *time.Time `json:"at,omitempty"`
}

func toReview(r share.ReviewView) Review {
	out := Review{ID: strconv.FormatInt(int64(r.ID), 10), By: toPerson(r.By), Note: r.Note, Due: r.Due, Made: r.Made, Cells: make([]Reviewed, len(r.Cells))}
	for i, c := range r.Cells {
		out.Cells[i] = Reviewed{ID: c.Cell.String(), Label: c.Label, Owner: toPerson(c.Owner), Answer: c.Answer, At: orNil(c.At)}
	}
	return out
}

func (d *door) reviews(ctx context.Context, _ *struct{}) (*operation.List[Review], error) {
	list, err := d.share.Reviews(ctx, operation.Asker(ctx))
	out := make([]Review, len(list))
	for i, r := range list {
		out[i] = toReview(r)
	}
	return operation.Items(out, err)
}

type askReviewIn struct {
	Body struct {
		IDs  []string  `json:"ids" minItems:"1" maxItems:"1000"`
		Due  time.Time `json:"due"`
		Note string    `json:"note,omitempty" maxLength:"1000"`
	}
}

func (d *door) askReview(ctx context.Context, in *askReviewIn) (*operation.One[Review], error) {
	ids, err := cellIDs(in.Body.IDs)
	if err != nil {
		return nil, err
	}
	r, err := d.share.AskReview(ctx, operation.Asker(ctx), ids, in.Body.Due, in.Body.Note)
	if err != nil {
		return nil, err
	}
	return operation.Body(toReview(r), nil)
}
