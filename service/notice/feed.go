package notice

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"net/url"
	"strings"
	"time"

	"alveary"
	"alveary/service/files/desk"
)

// mostFeed is how many notices the feed holds.
const mostFeed = 50

// atom is a feed as RFC 4287 has it.
type atom struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID       string     `xml:"id"`
	Title    string     `xml:"title"`
	Updated  string     `xml:"updated"`
	Category atomTerm   `xml:"category"`
	Links    []atomLink `xml:"link"`
}

type atomTerm struct {
	Term string `xml:"term,attr"`
}

// tagYear is in the ids of feeds: the year in which installations began to
// give them (RFC 4151). They never change.
const tagYear = "2026"

// Feed gives the newest of what someone was told as an Atom feed. base is where
// he finds the server. Links lead to pages that ask who he is: there is no
// secret in it.
func (s *Service) Feed(ctx context.Context, by alveary.Subject, base string) ([]byte, error) {
	if err := nobody(by); err != nil {
		return nil, err
	}
	house, err := s.Store.Installation(ctx)
	if err != nil {
		return nil, err
	}
	base = strings.TrimRight(base, "/")
	tag := func(what string, id int64) string { return fmt.Sprintf("tag:%s,%s:%s/%d", house, tagYear, what, id) }
	f := atom{ID: tag("notices-of", int64(by.User.ID)), Links: []atomLink{
		{"self", "application/atom+xml", base + "/api/v1/notices/feed"}, {"alternate", "text/html", base + noticesPage},
	}}
	updated := by.User.Created
	err = s.desk.Read(ctx, by, func(v *desk.View) error {
		list, err := v.Tx.Notices(by.User.ID, 0, mostFeed, false)
		if err != nil {
			return err
		}
		name, err := houseName(v.Tx)
		if err != nil {
			return err
		}
		f.Author = name
		r := s.reader(v, english)
		if f.Title, err = r.words.say("feed", name); err != nil {
			return err
		}
		views, err := r.views(list)
		for i := range views {
			n := &views[i]
			f.Entries = append(f.Entries, atomEntry{
				ID: tag("notice", int64(n.ID)), Title: n.Text, Updated: stamp(n.At), Category: atomTerm{string(n.Kind)},
				Links: []atomLink{{"alternate", "text/html", base + page(n)}},
			})
			if n.At.After(updated) {
				updated = n.At
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	f.Updated = stamp(updated)
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(f); err != nil {
		return nil, fmt.Errorf("write the feed: %w", err)
	}
	return b.Bytes(), nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Where pages lie; what leads nowhere else leads to the notices themselves.
const (
	noticesPage  = "/notices"
	requestsPage = "/requests"
)

// page is where the page that a notice is about lies.
func page(v *View) string {
	switch {
	case v.Kind == alveary.NoticeAsked:
		return requestsPage
	case v.Kind == alveary.NoticeUploaded && v.NodePath != "":
		return filesPage(v)
	case v.CellKind == "cell":
		return "/cells/" + v.Cell.String()
	case v.CellKind == "link":
		return "/links/" + v.Cell.String()
	case v.NodePath != "":
		return filesPage(v)
	case v.Kind == alveary.NoticeAnswered:
		return requestsPage
	}
	return noticesPage
}

// filesPage is the page of a folder, and for a file that of the folder it is in.
func filesPage(v *View) string {
	parts := strings.Split(v.NodePath, "/")
	if v.NodeType == alveary.Leaf && len(parts) > 1 {
		parts = parts[:len(parts)-1]
	}
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return "/files/" + strings.Join(parts, "/")
}
