package notice

import (
	"time"

	"alveary"
	"alveary/service/files/desk"
)

// Person is an account as others may see it.
type Person struct {
	ID          alveary.UserID
	Login, Name string
}

// View is a notice for its reader. Names that he may not see now are empty.
type View struct {
	alveary.Notice
	ByPerson  *Person
	CellLabel string
	CellKind  string // cell or link; empty where there is none that he may look at
	NodeName  string
	NodePath  string
	NodeType  alveary.NodeType
	Text      string // in one sentence
}

// reader puts notices into words for whoever the view is bound to.
type reader struct {
	*desk.View
	words   *wording
	now     time.Time // in the server's location
	roles   map[alveary.RoleID]bool
	cells   map[alveary.CellID]*alveary.Cell // nil: none, or none that he may see
	gone    map[alveary.CellID]bool
	lines   map[alveary.NodeID]alveary.Lineage
	reviews []alveary.Review
	asked   bool // for reviews
}

func (s *Service) reader(v *desk.View, lang string) *reader {
	return &reader{
		View: v, words: wordsOf(lang), now: s.Now(), cells: map[alveary.CellID]*alveary.Cell{}, gone: map[alveary.CellID]bool{},
		lines: map[alveary.NodeID]alveary.Lineage{},
	}
}

func (r *reader) views(list []alveary.Notice) ([]View, error) {
	if err := r.find(list); err != nil {
		return nil, err
	}
	views := make([]View, len(list))
	for i := range list {
		var err error
		if views[i], err = r.view(&list[i]); err != nil {
			return nil, err
		}
	}
	return views, nil
}

// find looks up what the notices are about.
func (r *reader) find(list []alveary.Notice) error {
	var nodes []alveary.NodeID
	for i := range list {
		n := &list[i]
		if n.Node != 0 {
			nodes = append(nodes, n.Node)
		}
		if n.Cell == 0 || r.gone[n.Cell] {
			continue
		}
		if _, known := r.cells[n.Cell]; known {
			continue
		}
		c, err := r.Tx.Cell(n.Cell)
		if alveary.IsKind(err, alveary.KindNotFound) {
			r.gone[n.Cell] = true
			continue
		}
		if err != nil {
			return err
		}
		r.cells[n.Cell] = nil
		if r.sees(&c) {
			r.cells[n.Cell] = &c
			if c.Label == "" {
				nodes = append(nodes, c.Nodes()...)
			}
		}
	}
	lines, err := r.Tx.Lineages(nodes)
	r.lines = lines
	return err
}

// sees says whether the reader may know of a Cell or link: he owns or manages
// it, gets something by it, or looks after the house.
func (r *reader) sees(c *alveary.Cell) bool {
	user := r.Access.Subject().User
	if c.Manages(user.ID) || user.Profile == alveary.ProfileAdmin {
		return true
	}
	if c.Link != nil {
		for _, role := range c.Link.People {
			if r.holds(role) {
				return true
			}
		}
		return false
	}
	for i := range c.Entries {
		if e := &c.Entries[i]; gives(e, r.now) && r.holds(e.Role) {
			return true
		}
	}
	return false
}

// gives says whether an entry of a Cell gives anything; others only keep a node
// in it.
func gives(e *alveary.Entry, now time.Time) bool {
	return (e.Rights != 0 || len(e.Policies) > 0) && !e.Expired(now)
}

func (r *reader) holds(role alveary.RoleID) bool {
	if r.roles == nil {
		r.roles = map[alveary.RoleID]bool{}
		for _, step := range r.Access.Stack() {
			r.roles[step.Role] = true
		}
	}
	return r.roles[role]
}

// name is a node's for the reader; empty where he may not see it, and of what
// lies in the bin.
func (r *reader) name(id alveary.NodeID) (string, alveary.Lineage) {
	line := r.lines[id]
	if len(line) == 0 || line.InBin() || !r.Access.Rights(line).Has(alveary.ActionRead) {
		return "", nil
	}
	return line.Node().Name, line
}

func (r *reader) view(n *alveary.Notice) (v View, err error) {
	v.Notice = *n
	if p, err := r.Person(n.By); err != nil {
		return v, err
	} else if p != nil {
		v.ByPerson = &Person{n.By, p.Login, p.Name}
	}
	name, line := r.name(n.Node)
	if line != nil {
		v.NodeName, v.NodeType = name, line.Node().Type
		if v.NodePath, _, err = r.Place(line); err != nil {
			return v, err
		}
	}
	c := r.cells[n.Cell]
	if c != nil {
		v.CellLabel, v.CellKind = c.Label, "cell"
		if c.Link != nil {
			v.CellKind = "link"
		}
		for _, id := range c.Nodes() {
			if v.CellLabel == "" {
				v.CellLabel, _ = r.name(id)
			}
		}
	} else if r.gone[n.Cell] && labelled[n.Kind] {
		v.CellLabel = n.Text
	}
	v.Text, err = r.sentence(&v, c)
	return v, err
}

// labelled are the kinds whose own text is the label of the Cell as it was.
var labelled = map[alveary.NoticeKind]bool{
	alveary.NoticeShared: true, alveary.NoticeReview: true, alveary.NoticeHanded: true,
}

// sentence puts a notice into words, of which the names are looked up.
func (r *reader) sentence(v *View, c *alveary.Cell) (text string, err error) {
	f := said{
		Name: as(v.CellLabel), Node: as(v.NodeName), Count: v.Count, Known: c != nil, Link: c != nil && c.Link != nil,
		Drop: c != nil && c.Link != nil && c.Link.Mode == alveary.LinkDrop,
	}
	if v.ByPerson != nil {
		f.By = as(v.ByPerson.Name)
	}
	switch v.Kind { //nolint:exhaustive // the others say no more
	case alveary.NoticeOpened, alveary.NoticeUploaded: // counted by days of UTC
		at, now := v.At.UTC(), r.now.UTC()
		if f.Today = at.YearDay() == now.YearDay() && at.Year() == now.Year(); !f.Today {
			f.When, err = r.words.date(at, now)
		}
	case alveary.NoticeEnding:
		if end, parsed := time.Parse(time.RFC3339, v.Notice.Text); parsed == nil {
			f.Past = !r.now.Before(end)
			// The end may have been moved; that of a link is also one by house rules.
			f.Moved = c != nil && !c.Until.Truncate(time.Second).Equal(end) && (f.Past || c.Link == nil)
			f.When, err = r.words.date(end.In(r.now.Location()), r.now)
		}
	case alveary.NoticeStopped:
		f.Why, err = r.words.why(v.Notice.Text)
	case alveary.NoticeReview:
		var due time.Time
		if due, err = r.due(v.Cell); err == nil && !due.IsZero() {
			f.When, err = r.words.date(due.In(r.now.Location()), r.now)
		}
	case alveary.NoticeAsked, alveary.NoticeAnswered:
		err = r.about(v, &f)
	}
	if err != nil {
		return "", err
	}
	return r.words.sentence(v.Kind, &f)
}

// about looks up the request that a notice is about.
func (r *reader) about(v *View, f *said) error {
	q, _, err := r.Tx.Request(v.Asked)
	if err != nil && !alveary.IsKind(err, alveary.KindNotFound) {
		return err
	}
	f.Read, f.Write, f.Answer = q.Rights.Has(alveary.ActionRead), q.Rights.Has(alveary.ActionWrite), q.Answer
	if v.Kind == alveary.NoticeAnswered {
		f.Why = as(v.Notice.Text)
	}
	return nil
}

// due is until when the reader is to review a Cell; zero where he is not, or
// no longer.
func (r *reader) due(cell alveary.CellID) (time.Time, error) {
	if !r.asked {
		var err error
		if r.reviews, err = r.Tx.ReviewsOpen(r.Access.Subject().User.ID); err != nil {
			return time.Time{}, err
		}
		r.asked = true
	}
	for _, review := range r.reviews {
		for _, one := range review.Cells {
			if one.Cell == cell && one.Answer == "" {
				return review.Due, nil
			}
		}
	}
	return time.Time{}, nil
}
