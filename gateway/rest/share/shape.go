package share

import (
	"strconv"
	"time"

	"alveary"
	"alveary/service/share"
)

// Somebody is someone as others may see him.
type Somebody struct {
	ID    string `json:"id"`
	Login string `json:"login"`
	Name  string `json:"name"`
}

func toPerson(p share.Person) Somebody {
	return Somebody{ID: userText(p.ID), Login: p.Login, Name: p.Name}
}

func userText(id alveary.UserID) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(int64(id), 10)
}

// Ref names who something is shared with: one of its fields is set, or the mail
// address of someone who has no account yet.
type Ref struct {
	User  string `json:"user,omitempty" doc:"Id of a user"`
	Group string `json:"group,omitempty" doc:"Id of a group"`
	Team  string `json:"team,omitempty" doc:"Id of a team"`
	Role  string `json:"role,omitempty" doc:"Id of a role"`
	Email string `json:"email,omitempty" maxLength:"254" doc:"Of someone of another house, who is invited"`
	Name  string `json:"name,omitempty" maxLength:"200" doc:"Beside a mail address, what to call him"`
}

func (r Ref) read() (ref share.Ref, err error) {
	ref = share.Ref{Team: alveary.RoleID(r.Team), Role: alveary.RoleID(r.Role), Email: r.Email, Name: r.Name}
	if r.User != "" {
		if ref.User, err = userID(r.User); err != nil {
			return ref, err
		}
	}
	if r.Group != "" {
		n, err := number("group", r.Group)
		ref.Group = alveary.GroupID(n)
		return ref, err
	}
	return ref, nil
}

func number(what, text string) (int64, error) {
	id, err := alveary.ParseNodeID(text)
	if err != nil {
		return 0, &alveary.Error{Kind: alveary.KindInvalid, Op: "read the request", Subject: text, Code: "invalid", Message: "the id of a " + what + " is a number"}
	}
	return int64(id), nil
}

func userID(text string) (alveary.UserID, error) {
	n, err := number("user", text)
	return alveary.UserID(n), err
}

func cellID(text string) (alveary.CellID, error) {
	n, err := number("Cell or link", text)
	return alveary.CellID(n), err
}

// SharedNode is a file or folder that is shared, as who asks sees it.
type SharedNode struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Path    string   `json:"path,omitempty" doc:"Remote path, where one leads there for who asks"`
	Type    string   `json:"type" enum:"LEAF,COLLECTION"`
	Binned  bool     `json:"binned,omitempty" doc:"It is in the recycle bin"`
	Missing []string `json:"missing,omitempty" doc:"Rights that are given here and that the owner does not have now, so that nobody has them"`
}

// Member is a role that has something through a Cell, or may open a link.
type Member struct {
	Role     string     `json:"role"`
	Kind     string     `json:"kind" enum:"user,group,team,role"`
	Label    string     `json:"label"`
	User     string     `json:"user,omitempty"`
	External bool       `json:"external" doc:"Of another house"`
	Rights   []string   `json:"rights"`
	Policies []string   `json:"policies,omitempty"`
	Expires  *time.Time `json:"expires,omitempty"`
	Node     string     `json:"node,omitempty" doc:"Where what he has is for one node alone"`
	Manager  bool       `json:"manager"`
}

// Void says which house rule stops a Cell or link.
type Void struct {
	Term   string `json:"term"`
	Text   string `json:"text"`
	Partly bool   `json:"partly" doc:"On some of its nodes, or for external people alone"`
}

// Use is what was done with a Cell or link.
type Use struct {
	Opened    int64      `json:"opened"`
	Downloads int64      `json:"downloads"`
	Uploads   int64      `json:"uploads"`
	Last      *time.Time `json:"last,omitempty"`
}

// Cell is a Cell as who asks sees it.
type Cell struct {
	ID          string                     `json:"id"`
	Slug        string                     `json:"slug" doc:"First part of remote paths"`
	Label       string                     `json:"label"`
	Description string                     `json:"description"`
	Owner       Somebody                   `json:"owner"`
	Mine        string                     `json:"mine" enum:"owner,manager,member,administrator," doc:"What who asks is to it"`
	Created     time.Time                  `json:"created"`
	From        *time.Time                 `json:"from,omitempty"`
	Until       *time.Time                 `json:"until,omitempty"`
	Discreet    bool                       `json:"discreet" doc:"Members do not see who else is in it"`
	Nodes       []SharedNode               `json:"nodes"`
	Members     []Member                   `json:"members,omitempty" doc:"Missing where who asks may not see them"`
	Flags       []string                   `json:"flags"`
	Void        *Void                      `json:"void,omitempty"`
	Use         Use                        `json:"use"`
	Review      *ReviewDue                 `json:"review,omitempty" doc:"That it is asked for"`
	Abilities   map[string]alveary.Ability `json:"abilities"`
}

// Link is a link as who may look after it sees it: without its address.
type Link struct {
	ID        string                     `json:"id"`
	Label     string                     `json:"label"`
	Slug      string                     `json:"slug,omitempty"`
	Path      string                     `json:"path,omitempty" doc:"Where it has an address of its own choosing"`
	Mode      string                     `json:"mode" enum:"read,preview,download,drop,edit"`
	Node      SharedNode                 `json:"node"`
	Owner     Somebody                   `json:"owner"`
	Created   time.Time                  `json:"created"`
	From      *time.Time                 `json:"from,omitempty"`
	Until     *time.Time                 `json:"until,omitempty"`
	Ends      *time.Time                 `json:"ends,omitempty" doc:"Under the rules of the house"`
	Password  bool                       `json:"password"`
	Downloads int64                      `json:"downloads" doc:"Most of them; 0: no bound of its own"`
	Left      *int64                     `json:"left,omitempty" doc:"Downloads that are left, where they are bounded"`
	Upload    int64                      `json:"upload" doc:"Bytes that a file put in may have; 0: no bound of its own"`
	People    []Member                   `json:"people"`
	Watermark bool                       `json:"watermark"`
	Policies  []string                   `json:"policies,omitempty"`
	Flags     []string                   `json:"flags"`
	Void      *Void                      `json:"void,omitempty"`
	Use       Use                        `json:"use"`
	Review    *ReviewDue                 `json:"review,omitempty" doc:"That it is asked for"`
	Abilities map[string]alveary.Ability `json:"abilities"`
}

// Share is a Cell or link in a list.
type Share struct {
	ID      string       `json:"id"`
	Kind    string       `json:"kind" enum:"cell,link"`
	Label   string       `json:"label"`
	Mode    string       `json:"mode,omitempty"`
	Owner   Somebody     `json:"owner"`
	Mine    string       `json:"mine"`
	Nodes   []SharedNode `json:"nodes"`
	Members int          `json:"members"`
	Above   bool         `json:"above,omitempty" doc:"Of shares of a node: it is on a folder above"`
	People  []string     `json:"people" doc:"Labels of the first of them"`
	Created time.Time    `json:"created"`
	From    *time.Time   `json:"from,omitempty"`
	Until   *time.Time   `json:"until,omitempty"`
	Flags   []string     `json:"flags"`
	Void    *Void        `json:"void,omitempty"`
	Use     Use          `json:"use"`
	Review  *ReviewDue   `json:"review,omitempty" doc:"That it is asked for"`
}

// ReviewDue is a review that an owner was asked for.
type ReviewDue struct {
	ID   string    `json:"id"`
	Due  time.Time `json:"due"`
	Note string    `json:"note"`
}

// orNil is a time as a document has it; nil where there is none.
func orNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func words(r alveary.Rights) []string {
	out := []string{}
	for _, a := range r.Actions() {
		out = append(out, a.String())
	}
	return out
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, one := range list {
		out[i] = string(one)
	}
	return out
}

func policies(list []string) []alveary.PolicyID {
	out := make([]alveary.PolicyID, len(list))
	for i, one := range list {
		out[i] = alveary.PolicyID(one)
	}
	return out
}

// rightsOf reads rights that can be given.
func rightsOf(list []string) (r alveary.Rights, err error) {
	for _, word := range list {
		switch word {
		case "read":
			r |= alveary.RightRead
		case "write":
			r |= alveary.RightWrite
		default:
			return 0, &alveary.Error{Kind: alveary.KindInvalid, Op: "read the request", Subject: word, Code: "invalid", Message: "the rights that can be given are read and write"}
		}
	}
	return r, nil
}

func toUse(u alveary.CellUse) Use {
	return Use{Opened: u.Opened, Downloads: u.Downloads, Uploads: u.Uploads, Last: orNil(u.Last)}
}
