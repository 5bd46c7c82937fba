package share

import (
	"strconv"

	"alveary"
	"alveary/gateway"
	"alveary/service/share"
)

func toNodes(list []share.NodeView) []SharedNode {
	out := make([]SharedNode, len(list))
	for i, n := range list {
		out[i] = toNode(n)
	}
	return out
}

func toNode(n share.NodeView) SharedNode {
	out := SharedNode{ID: n.ID.String(), Name: n.Name, Path: n.Path, Type: string(n.Type), Binned: n.Binned}
	if n.Missing != 0 {
		out.Missing = words(n.Missing)
	}
	return out
}

func toMembers(list []share.MemberView) []Member {
	out := make([]Member, len(list))
	for i, m := range list {
		out[i] = Member{
			Role: string(m.Role), Kind: m.Kind, Label: m.Label, User: userText(m.User), External: m.External, Rights: words(m.Rights & alveary.Givable),
			Policies: texts(m.Policies), Expires: orNil(m.Expires), Manager: m.Manager,
		}
		if m.Node != 0 {
			out[i].Node = m.Node.String()
		}
	}
	return out
}

func toVoid(v share.Void) *Void {
	if v.Term == "" {
		return nil
	}
	return &Void{v.Term, v.Text, v.Partly}
}

func flags(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func toCell(c share.CellView) Cell {
	out := Cell{
		ID: c.ID.String(), Slug: c.Slug, Label: c.Label, Description: c.Description, Owner: toPerson(c.Owner), Mine: c.Mine, Created: c.Created,
		From: orNil(c.From), Until: orNil(c.Until), Discreet: c.Discreet, Nodes: toNodes(c.Nodes), Flags: flags(c.Flags), Void: toVoid(c.Void),
		Use: toUse(c.Use), Review: toReviewDue(c.Review), Abilities: c.Abilities,
	}
	if c.Members != nil {
		out.Members = toMembers(c.Members)
	}
	return out
}

func toLink(l share.LinkView) Link {
	out := Link{
		ID: l.ID.String(), Label: l.Label, Slug: l.Slug, Node: toNode(l.Node), Owner: toPerson(l.Owner), Created: l.Created,
		From: orNil(l.From), Until: orNil(l.Until), Ends: orNil(l.Ends), People: toMembers(l.People), Flags: flags(l.Flags), Void: toVoid(l.Void),
		Use: toUse(l.Use), Review: toReviewDue(l.Review), Abilities: l.Abilities, Mode: string(l.Link.Mode), Password: l.Password, Downloads: l.Link.MostDownloads,
		Upload: l.Link.MostUpload, Watermark: l.Link.Watermark,
	}
	if l.Slug != "" {
		out.Path = gateway.LinkPrefix + l.Slug
	}
	if l.Left >= 0 {
		out.Left = &l.Left
	}
	for _, e := range l.Entries {
		out.Policies = texts(e.Policies)
	}
	return out
}

func toReviewDue(r *share.ReviewRef) *ReviewDue {
	if r == nil {
		return nil
	}
	return &ReviewDue{ID: strconv.FormatInt(int64(r.ID), 10), Due: r.Due, Note: r.Note}
}

func toShares(rows []share.Row) []Share {
	out := make([]Share, len(rows))
	for i, r := range rows {
		out[i] = Share{
			ID: r.ID.String(), Kind: r.Kind, Mode: string(r.Mode), Above: r.Above, Label: r.Label, Owner: toPerson(r.Owner), Mine: r.Mine, Nodes: toNodes(r.Nodes), Members: r.Members,
			People: flags(r.People), Created: r.Created, From: orNil(r.From), Until: orNil(r.Until), Flags: flags(r.Flags), Void: toVoid(r.Void), Use: toUse(r.Use),
		}
		out[i].Review = toReviewDue(r.Review)
	}
	return out
}
