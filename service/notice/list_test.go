package notice_test

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"alveary"
	"alveary/service/notice"
	"alveary/store"
)

// Each kind is one sentence.
func TestNoticesAreSentences(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		cell := w.cell("Plans", nil)
		link := w.link("Report", alveary.LinkRead, nil)
		drop := w.link("Inbox", alveary.LinkDrop, func(c *alveary.Cell) { c.Entries[0].Node = w.folder })
		ben := w.as(w.ben).Role
		named := w.link("Draft", alveary.LinkRead, func(c *alveary.Cell) { c.Link.People = []alveary.RoleID{ben} })
		var asked, answered alveary.Request
		var review alveary.Review
		w.write(func(tx *store.Tx) (err error) {
			if asked, err = tx.InsertRequest(alveary.Request{User: w.ben, Node: w.file, Rights: alveary.Givable}, []alveary.UserID{w.ann}); err != nil {
				return err
			}
			if answered, err = tx.InsertRequest(alveary.Request{User: w.ben, Node: w.folder, Rights: alveary.RightRead}, []alveary.UserID{w.ann}); err != nil {
				return err
			}
			answered.Answer, answered.By = "granted", w.ann
			if err := tx.AnswerRequest(answered); err != nil {
				return err
			}
			review, err = tx.InsertReview(alveary.Review{By: w.root, Due: at(20, 12, 0), Cells: []alveary.Reviewed{{Cell: cell.ID, Owner: w.ann, Label: "Plans"}}})
			return err
		})
		_ = review
		end := at(30, 12, 0).Format(time.RFC3339)
		for _, c := range []struct {
			n    alveary.Notice
			want string
		}{
			{alveary.Notice{User: w.ben, Kind: alveary.NoticeShared, By: w.ann, Cell: cell.ID, Text: "Plans"}, "Ann shared the Cell Plans with you"},
			{alveary.Notice{User: w.ben, Kind: alveary.NoticeShared, Cell: cell.ID, Text: "Plans"}, "The Cell Plans was shared with you"},
			{alveary.Notice{User: w.ben, Kind: alveary.NoticeShared, By: w.ann, Cell: named.ID, Text: "Draft"}, "Ann shared the link Draft with you"},
			{alveary.Notice{User: w.ben, Kind: alveary.NoticeShared, By: 99, Cell: 77, Text: "plans of old"}, "plans of old was shared with you"},
			{alveary.Notice{User: w.eve, Kind: alveary.NoticeShared, By: w.ann, Cell: cell.ID, Text: "Plans"}, "Ann shared something with you"},
			{alveary.Notice{User: w.ann, Kind: alveary.NoticeOpened, Cell: link.ID, Count: 12}, "Your link Report was opened 12 times today"},
			{alveary.Notice{User: w.ann, Kind: alveary.NoticeOpened, Cell: link.ID, Node: w.folder}, "Your link Report was opened once today"},
			{alveary.Notice{User: w.ann, Kind: alveary.NoticeOpened, Cell: link.ID, Count: 2, At: at(1, 12, 0).AddDate(0, 0, -3)}, "Your link Report was opened twice on 29 May"},
			{alveary.Notice{User: w.ben, Kind: alveary.NoticeOpened, Cell: link.ID, Count: 3}, "A link of yours was opened 3 times today"},
			{alveary.Notice{User: w.ann, Kind: alveary.NoticeUploaded, Cell: drop.ID, Node: w.folder, Count: 3}, "3 files came into your drop box Inbox"},
			{alveary.Notice{User: w.ann, Kind: alveary.NoticeUploaded, Cell: link.ID, Count: 1, At: at(1, 12, 0).AddDate(-1, 0, 0)}, "A file came in through your link Report on 1 June 2025"},
			{alveary.Notice{User: w.ann, Kind: alveary.NoticeEnding, Cell: cell.ID, Text: end}, "The Cell Plans was to end on 30 June"},
			{alveary.Notice{User: w.ann, Kind: alveary.NoticeEnding, Cell: link.ID, Text: at(1, 11, 0).Format(time.RFC3339)}, "The link Report was to end on 1 June"},
			{alveary.Notice{User: w.eve, Kind: alveary.NoticeEnding, Cell: cell.ID, Text: end}, "Something that was shared ends on 30 June"},
			{alveary.Notice{User: w.ann, Kind: alveary.NoticeStopped, Cell: link.ID, Text: "password"}, "House rules stopped your link Report: links need a password"},
			{alveary.Notice{User: w.ann, Kind: alveary.NoticeStopped, Cell: 78, Text: "whatever"}, "House rules stopped something that you share"},
			{alveary.Notice{User: w.ann, Kind: alveary.NoticeReview, By: w.root, Cell: cell.ID, Text: "Plans"}, "Root asks you to review your Cell Plans by 20 June"},
			{alveary.Notice{User: w.ann, Kind: alveary.NoticeReview, Cell: link.ID}, "You are asked to review your link Report"},
			{alveary.Notice{User: w.ann, Kind: alveary.NoticeAsked, By: w.ben, Node: w.file, Asked: asked.ID}, "Ben asks to read and write plan.txt"},
			{alveary.Notice{User: w.eve, Kind: alveary.NoticeAsked, By: w.ben, Node: w.file, Asked: asked.ID}, "Ben asks to read and write something that you look after"},
			{alveary.Notice{User: w.ben, Kind: alveary.NoticeAnswered, By: w.ann, Node: w.folder, Asked: answered.ID, Text: "here\nyou are"}, "Ann granted your request for plans: here you are"},
			{alveary.Notice{User: w.eve, Kind: alveary.NoticeAnswered, Node: w.folder, Asked: 5}, "Your request was answered"},
			{alveary.Notice{User: w.ben, Kind: alveary.NoticeHanded, By: w.ann, Cell: cell.ID, Text: "Plans"}, "Ann handed the Cell Plans over to you"},
			{alveary.Notice{User: w.ben, Kind: "new", Cell: cell.ID}, "Something happened with what is shared"},
		} {
			n := w.notify(c.n)
			v := w.list(c.n.User, notice.Query{After: n.ID + 1, Limit: 1}).Items[0]
			if v.ID != n.ID || v.Text != c.want {
				t.Errorf("%+v: %q, want %q", n, v.Text, c.want)
			}
			fr := w.inFrench(c.n.User, n.ID)
			if fr == "" || fr == v.Text || strings.Contains(fr, "no value") {
				t.Errorf("in French: %q", fr)
			}
			page, err := w.List(t.Context(), w.as(c.n.User), notice.Query{Limit: 1, Lang: "fr"})
			if err != nil || page.Items[0].ID != n.ID || !strings.EqualFold(page.Items[0].Text, fr) {
				t.Errorf("listed in French: %+v, %v, want %q", page.Items, err, fr)
			}
		}
	})
}

// inFrench is a notice as a mail has it where the house speaks French.
func (w *stage) inFrench(user alveary.UserID, id alveary.NoticeID) string {
	w.t.Helper()
	w.write(func(tx *store.Tx) error { return tx.SetOrganisation(alveary.Organisation{Language: "fr"}) })
	if err := w.SetWish(w.t.Context(), w.as(user), notice.AtOnce); err != nil {
		w.t.Fatal(err)
	}
	before := w.now()
	w.mu.Lock()
	w.clock = before.Add(6 * time.Minute)
	w.mu.Unlock()
	if err := w.Round(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	mails := w.posted()
	w.mu.Lock()
	w.clock = before
	w.mu.Unlock()
	w.write(func(tx *store.Tx) error { return tx.SeeNotices(user, id) })
	if len(mails) == 0 || mails[0].Lang != "fr" {
		return ""
	}
	lines := mails[0].Lines
	return lines[len(lines)-1]
}

// What a reader may not see any more, no notice of old names.
func TestNoticesNameWhatOneMaySeeNow(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		cell := w.cell("Plans", nil)
		w.notify(alveary.Notice{User: w.ben, Kind: alveary.NoticeShared, By: w.ann, Cell: cell.ID, Node: w.file, Text: "Plans"})
		one := func() notice.View { return w.list(w.ben, notice.Query{}).Items[0] }
		v := one()
		if v.CellKind != "cell" || v.CellLabel != "Plans" || v.NodeName != "plan.txt" || v.NodePath != "of-plans/plans/plan.txt" || v.NodeType != alveary.Leaf ||
			*v.ByPerson != (notice.Person{ID: w.ann, Login: "ann", Name: "Ann"}) {
			t.Errorf("%+v", v)
		}
		entries := cell.Entries
		w.write(func(tx *store.Tx) (err error) {
			_, err = tx.SetCellEntries(cell.ID, []alveary.Entry{{Role: w.roleIn(tx, w.eve), Node: w.folder, Rights: alveary.RightRead}})
			return err
		})
		if v := one(); v.CellKind != "" || v.CellLabel != "" || v.NodeName != "" || v.NodePath != "" || v.Text != "Ann shared something with you" {
			t.Errorf("%+v", v)
		}
		expired := entries[0]
		expired.Expires = w.now()
		w.write(func(tx *store.Tx) (err error) {
			_, err = tx.SetCellEntries(cell.ID, []alveary.Entry{expired})
			return err
		})
		if v := one(); v.CellLabel != "" || v.NodeName != "" {
			t.Errorf("%+v", v)
		}
		w.write(func(tx *store.Tx) (err error) {
			if _, err = tx.SetCellEntries(cell.ID, entries); err != nil {
				return err
			}
			line, err := tx.Lineage(w.file)
			if err == nil {
				_, err = tx.Bin(line, w.ann)
			}
			return err
		})
		if v := one(); v.CellLabel != "Plans" || v.NodeName != "" {
			t.Errorf("%+v", v)
		}
		w.write(func(tx *store.Tx) error { return tx.DeleteCell(cell.ID) })
		if v := one(); v.CellKind != "" || v.CellLabel != "Plans" {
			t.Errorf("%+v", v)
		}
	})
}

func TestNoticesComeInPages(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		for range 5 {
			w.notify(alveary.Notice{User: w.ann, Kind: alveary.NoticeHanded, Text: "Plans"})
		}
		w.notify(alveary.Notice{User: w.ben, Kind: alveary.NoticeHanded, Text: "Secret"})
		first := w.list(w.ann, notice.Query{Limit: 2})
		if len(first.Items) != 2 || first.Next != first.Items[1].ID || first.Unseen != 5 {
			t.Fatalf("%+v", first)
		}
		rest := w.list(w.ann, notice.Query{After: first.Next, Limit: 3})
		if len(rest.Items) != 3 || rest.Next != 0 {
			t.Errorf("%+v", rest)
		}
		if err := w.Seen(t.Context(), w.as(w.ann), first.Next); err != nil {
			t.Fatal(err)
		}
		if now := w.list(w.ann, notice.Query{Unseen: true}); len(now.Items) != 1 || now.Unseen != 1 {
			t.Errorf("%+v", now)
		}
		if other := w.list(w.ben, notice.Query{}); len(other.Items) != 1 || other.Unseen != 1 {
			t.Errorf("%+v", other)
		}
		for _, none := range []alveary.Subject{{}, alveary.Visiting(5, w.ann)} {
			_, err := w.List(t.Context(), none, notice.Query{})
			_, err2 := w.Feed(t.Context(), none, "")
			_, err3 := w.Wish(t.Context(), none)
			for _, err := range []error{err, err2, err3, w.Seen(t.Context(), none, 1), w.SetWish(t.Context(), none, notice.Never)} {
				if !alveary.IsKind(err, alveary.KindDenied) {
					t.Errorf("%v", err)
				}
			}
		}
	})
}

func TestWishes(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		ann := w.as(w.ann)
		for _, wish := range []string{notice.Daily, notice.AtOnce, notice.Never} {
			if wish != notice.Daily {
				if err := w.SetWish(t.Context(), ann, wish); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := w.Wish(t.Context(), ann); got != wish || err != nil {
				t.Errorf("%q, %v, want %q", got, err, wish)
			}
		}
		if err := w.SetWish(t.Context(), ann, "hourly"); !alveary.IsKind(err, alveary.KindInvalid) {
			t.Errorf("%v", err)
		}
	})
}

type feed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Author  []string `xml:"author>name"`
	Links   []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"link"`
	Entries []struct {
		ID      string `xml:"id"`
		Title   string `xml:"title"`
		Updated string `xml:"updated"`
		Link    struct {
			Href string `xml:"href,attr"`
		} `xml:"link"`
	} `xml:"entry"`
}

func (w *stage) feed(id alveary.UserID) (f feed, raw []byte) {
	w.t.Helper()
	raw, err := w.Feed(w.t.Context(), w.as(id), "https://files.example.org/")
	if err != nil {
		w.t.Fatal(err)
	}
	if err := xml.Unmarshal(raw, &f); err != nil {
		w.t.Fatalf("%v in %s", err, raw)
	}
	return f, raw
}

// The feed is Atom: every id, title and time that RFC 4287 asks for.
func TestFeed(t *testing.T) {
	onEach(t, func(t *testing.T, w *stage) {
		empty, _ := w.feed(w.ann)
		if _, err := time.Parse(time.RFC3339, empty.Updated); err != nil || len(empty.Entries) != 0 {
			t.Errorf("%+v, %v", empty, err)
		}
		cell := w.cell("Plans <&> \u0007\u202e\"x\"", nil)
		link := w.link("Report", alveary.LinkRead, nil)
		w.notify(alveary.Notice{User: w.ann, Kind: alveary.NoticeShared, By: w.ben, Cell: cell.ID, Text: "x"})
		w.notify(alveary.Notice{User: w.ann, Kind: alveary.NoticeOpened, Cell: link.ID})
		w.notify(alveary.Notice{User: w.ann, Kind: alveary.NoticeAsked, By: w.ben, Node: w.file})
		w.notify(alveary.Notice{User: w.ann, Kind: alveary.NoticeUploaded, Cell: link.ID, Node: w.file})
		w.notify(alveary.Notice{User: w.ann, Kind: alveary.NoticeStopped, Cell: 99, Text: "password"})
		w.notify(alveary.Notice{User: w.ann, Kind: alveary.NoticeAnswered, Node: 99})
		w.notify(alveary.Notice{User: w.ben, Kind: alveary.NoticeHanded, Text: "of Ben"})
		f, raw := w.feed(w.ann)
		house, err := w.Installation(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(f.ID, "tag:"+house+",2026:") || f.Title != "What happened at Alveary" || len(f.Author) != 1 || f.Author[0] == "" ||
			f.Links[0].Rel != "self" || f.Links[0].Href != "https://files.example.org/api/v1/notices/feed" {
			t.Errorf("%+v", f)
		}
		var links []string
		seen := map[string]bool{f.ID: true}
		for _, e := range f.Entries {
			links = append(links, strings.TrimPrefix(e.Link.Href, "https://files.example.org"))
			if _, err := time.Parse(time.RFC3339, e.Updated); err != nil || !strings.HasPrefix(e.ID, "tag:"+house+",2026:notice/") || seen[e.ID] || e.Title == "" {
				t.Errorf("%+v", e)
			}
			seen[e.ID] = true
		}
		same(t, "links", links, "/requests", "/notices", "/files/of-plans/plans", "/requests", "/links/"+link.ID.String(), "/cells/"+cell.ID.String())
		if got := f.Entries[5].Title; got != "Ben shared the Cell Plans <&> \"x\" with you" {
			t.Errorf("%q", got)
		}
		if bytes.Contains(raw, []byte("hash of")) || bytes.Contains(raw, []byte("of Ben")) {
			t.Errorf("%s", raw)
		}
		for range 60 {
			w.notify(alveary.Notice{User: w.ann, Kind: alveary.NoticeHanded, Text: "Plans"})
		}
		again, _ := w.feed(w.ann)
		if len(again.Entries) != 50 || again.ID != f.ID {
			t.Errorf("%d entries of %s", len(again.Entries), again.ID)
		}
	})
}
