package rest_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"alveary"
	"alveary/store"
	"alveary/testkit/world"
)

// picture is a PNG that can be looked at.
func picture(t *testing.T) string {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// decided is what the engine says that a link gives on a node now.
func (f *fair) decided(link string, id alveary.NodeID) (rights alveary.Rights) {
	f.t.Helper()
	cell, err := alveary.ParseNodeID(link)
	if err != nil {
		f.t.Fatal(err)
	}
	s := alveary.Visiting(alveary.CellID(cell), f.As("ann").User.ID)
	s.Address, s.Context = "127.0.0.1", &alveary.Context{Address: "127.0.0.1", Gateway: "link"}
	access, err := f.Gate.Bind(f.t.Context(), f.Store, s)
	if err != nil {
		f.t.Fatal(err)
	}
	f.Read(func(tx *store.Tx) error {
		line, err := tx.Lineage(id)
		rights = access.Rights(line)
		return err
	})
	return rights
}

// Threat 6: every route of visitors, by links of each mode, of an owner who has
// all, less or nothing: what the door does is what the engine decides.
func TestThreat06_RoutesOfVisitors(t *testing.T) {
	const read, download, write, upload = alveary.ActionRead, alveary.ActionDownload, alveary.ActionWrite, alveary.ActionUpload
	type route struct {
		name    string
		needs   []alveary.Action
		ask     func(v *visitor) asked
		picture bool // shows a rendition, which a link for downloading does not
	}
	fairs(t, func(t *testing.T, f *fair) {
		shown := f.File("vault/plans/shown.png", picture(t))
		var spare []alveary.NodeID
		for n := range 16 {
			spare = append(spare, f.File(fmt.Sprintf("vault/plans/spare%d.txt", n), "s"))
		}
		taken := 0
		next := func() alveary.NodeID { taken++; return spare[taken%len(spare)] }
		made := 0
		name := func() string { made++; return fmt.Sprint("made", made) }
		get := func(id alveary.NodeID, rest string) func(*visitor) asked {
			return func(v *visitor) asked { return asked{"GET", v.at(id, rest), "", nil, 0, 0} }
		}
		routes := []route{
			{"visit-node", []alveary.Action{read}, get(f.file, ""), false},
			{"visit-children", []alveary.Action{read}, get(f.plans, "/children"), false},
			{"visit-text", []alveary.Action{read}, get(f.file, "/text"), true},
			{"visit-preview", []alveary.Action{read}, get(shown, "/preview"), true},
			{"visit-thumbnail", []alveary.Action{read}, get(shown, "/thumbnail"), true},
			{"visit-download", []alveary.Action{read, download}, get(f.file, "/content"), false},
			{"visit-download", []alveary.Action{read, download}, get(shown, "/content?inline=1"), false},
			{"visit-download", []alveary.Action{read, download}, func(v *visitor) asked { return asked{"HEAD", v.at(f.file, "/content"), "", nil, 0, 0} }, false},
			{"visit-archive", []alveary.Action{read, download}, func(v *visitor) asked { return asked{"GET", "/visits/" + v.id + "/archive", "", nil, 0, 0} }, false},
			{"visit-make-folder", []alveary.Action{read, write}, func(v *visitor) asked {
				return asked{"POST", v.at(f.plans, "/folders"), `{"name":"` + name() + `"}`, nil, 0, 0}
			}, false},
			{"visit-rename", []alveary.Action{read, write}, func(v *visitor) asked {
				return asked{"PATCH", v.at(next(), ""), `{"name":"` + name() + `"}`, nil, 0, 0}
			}, false},
			{"visit-bin", []alveary.Action{read, write}, func(v *visitor) asked { return asked{"DELETE", v.at(next(), ""), "", nil, 0, 0} }, false},
			{"visit-upload", []alveary.Action{write, upload}, func(v *visitor) asked {
				return asked{"PUT", v.at(f.plans, "/files/"+name()), "new", []string{"Content-Type", octets}, 0, 0}
			}, false},
		}
		tried := map[string]bool{"open-link": true, "visit": true, "forget-visit": true}
		var visitors []*visitor
		modes := []string{"read", "preview", "download", "drop", "edit"}
		for _, mode := range modes {
			visitors = append(visitors, f.visits(f.ann, f.plans, mode))
		}
		for _, has := range []string{"read,write", "read", "write", ""} {
			f.Drop(f.entry)
			f.entry = f.Allow("ann", f.plans, has)
			for i, v := range visitors {
				rights := f.decided(v.id, f.plans)
				for _, r := range routes {
					tried[r.name] = true
					may := !r.picture || modes[i] != "download"
					for _, action := range r.needs {
						may = may && rights.Has(action)
					}
					before, ask := "", r.ask(v)
					if !may && ask.method != "GET" && ask.method != "HEAD" {
						before = f.Picture()
					}
					a := ask.of(v.Client)
					if may != (a.Status < 300) || !may && a.Status != http.StatusForbidden && a.Status != http.StatusNotFound {
						t.Errorf("of an owner who has %q, to %s, %s: %d, the engine gives %q: %.200s", has, modes[i], r.name, a.Status, rights, a.Body)
					}
					if before != "" && f.Picture() != before {
						t.Errorf("of an owner who has %q, to %s, %s changed the tree", has, modes[i], r.name)
					}
					if !rights.Has(read) && !may && !r.picture && a.Status != http.StatusNotFound { // that a link shows no previews it says of every id
						t.Errorf("of an owner who has %q, to %s, %s tells that there is something: %d", has, modes[i], r.name, a.Status)
					}
				}
			}
		}
		for _, route := range f.Routes() {
			if strings.HasPrefix(route.Pattern, "/api/v1/visits") && !tried[route.Operation] {
				t.Errorf("%s is not tried here", route.Operation)
			}
		}
	})
}

// A preview-only link withholds the original: what comes is another content,
// and a watermarked one comes in no other way.
func TestThreat06_PreviewIsNotTheOriginal(t *testing.T) {
	fairs(t, func(t *testing.T, f *fair) {
		original := picture(t) + "hidden behind the picture"
		shown := f.File("vault/plans/shown.png", original)
		for _, more := range []body{{}, {"watermark": true}} {
			v := f.visits(f.ann, f.plans, "preview", more)
			a := want(t, v.get(shown, "/preview"), http.StatusOK)
			if strings.Contains(string(a.Body), "hidden") || string(a.Body) == original {
				t.Error("the preview is the original")
			}
			for _, rest := range []string{"/content", "/content?inline=1"} {
				a := v.get(shown, rest, "Range", "bytes=0-9")
				if a.Status != http.StatusForbidden {
					t.Errorf("%s: %d", rest, a.Status)
				}
			}
			if a := v.get(shown, "/thumbnail"); more["watermark"] != nil && a.Status < 400 || strings.Contains(string(a.Body), "hidden") {
				t.Errorf("the thumbnail: %d", a.Status)
			}
		}
		// What could be a page comes in a sandbox, as everywhere.
		page := f.File("vault/plans/page.html", "<script>alert(1)</script>")
		v := f.visits(f.ann, f.plans, "read")
		for _, rest := range []string{"/content", "/content?inline=1", "/preview"} {
			a := v.get(page, rest)
			if a.Status < 300 && (a.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") && !strings.Contains(a.Header.Get("Content-Security-Policy"), "sandbox")) {
				t.Errorf("%s: %v", rest, a.Header)
			}
		}
	})
}

// Every route of the table by whoever has by a Cell what others have by an
// entry: it is the same, and a deny of his own is one.
func TestThreat06_EveryRouteThroughACell(t *testing.T) {
	s := newStage(t)
	f := &fair{garden: s.garden}
	s.User("bob")
	s.User("eve")
	f.shares(s.ann, s.area, "bob", "read")
	f.shares(s.ann, s.area, "eve", "read", "write")
	s.Deny("eve", s.area)
	bob, eve := s.Client("bob"), s.Client("eve")
	for _, c := range []*world.Client{bob, eve} {
		want(t, c.Do("GET", "/workspaces", nil), http.StatusOK)
	}
	before, tried := s.Picture(), 0
	for _, route := range s.Routes() {
		ask, known := s.request(route.Operation)
		if !known || route.Open != "" || route.Session || ask.readOnly == 0 || route.Operation == "find-node" { // its path is a workspace's
			continue
		}
		tried++
		if a := ask.of(bob); a.Status != ask.readOnly {
			t.Errorf("%s by bob: %d, want %d: %.200s", route.Operation, a.Status, ask.readOnly, a.Body)
		}
		if a := ask.of(eve); a.Status != ask.noRight {
			t.Errorf("%s by eve: %d, want %d: %.200s", route.Operation, a.Status, ask.noRight, a.Body)
		}
		if after := s.Picture(); after != before {
			t.Errorf("%s changed the tree to\n%s\nfrom\n%s", route.Operation, after, before)
			before = after
		}
	}
	if tried < 80 {
		t.Errorf("only %d were tried", tried)
	}
}

// Threat 7: what goes over a tree through a Cell or a link does all or nothing
// where something in it is denied, to the owner or to the member, and tells
// nothing of it.
func TestThreat07_RecursiveThroughShares(t *testing.T) {
	for what, who := range map[string]string{"denied to the owner": "ann", "denied to the member": "bob"} {
		t.Run(what, func(t *testing.T) {
			fairs(t, func(t *testing.T, f *fair) {
				sub := f.Folder("vault/plans/sub")
				f.File("vault/plans/sub/open.txt", "open")
				hidden := f.File("vault/plans/sub/in/HIDDEN.txt", "hidden words")
				f.Deny(who, hidden)
				cell := f.shares(f.ann, f.plans, "bob", "read", "write")
				v := f.visits(f.ann, f.plans, "edit")
				mine := f.Folder("common/bob")
				f.Allow("bob", mine, "read,write")
				quiet := func(what string, a world.Answer) {
					t.Helper()
					if strings.Contains(string(a.Body), "HIDDEN") || strings.Contains(string(a.Body), "hidden words") || strings.Contains(string(a.Body), hidden.String()) || a.Status >= 500 {
						t.Errorf("%s tells: %d %.300s", what, a.Status, a.Body)
					}
				}
				for _, id := range []alveary.NodeID{sub, f.plans, f.Node(hidden).Parent} {
					f.unchanged("sweeping", func() {
						for _, ask := range []asked{
							{"POST", fmt.Sprintf("/nodes/%s/bin", id), "", nil, 0, 0},
							{"DELETE", fmt.Sprintf("/nodes/%s", id), "", nil, 0, 0},
							{"POST", fmt.Sprintf("/nodes/%s/move", id), fmt.Sprintf(`{"parent":"%s"}`, mine), nil, 0, 0},
						} {
							a := ask.of(f.bob)
							if a.Status != http.StatusForbidden && a.Status != http.StatusNotFound {
								t.Errorf("%s: %d %s", ask.path, a.Status, a.Body)
							}
							quiet(ask.path, a)
						}
						if who == "ann" { // a visitor has none of bob's denies
							a := v.Do("DELETE", v.at(id, ""), nil)
							if a.Status != http.StatusForbidden && a.Status != http.StatusNotFound {
								t.Errorf("a visitor: %d %s", a.Status, a.Body)
							}
							quiet("a visitor", a)
						}
					})
				}
				zipped := func(what string, a world.Answer, whole bool) {
					t.Helper()
					z, err := zip.NewReader(bytes.NewReader(want(t, a, http.StatusOK).Body), int64(len(a.Body)))
					if err != nil {
						t.Fatal(err)
					}
					var names []string
					for _, file := range z.File {
						names = append(names, file.Name)
					}
					if got := fmt.Sprint(names); !strings.Contains(got, "open.txt") || strings.Contains(got, "HIDDEN") == !whole {
						t.Errorf("%s has %s", what, got)
					}
				}
				zipped("bob's", f.bob.Do("POST", "/archive", world.Reader("nodes="+f.plans.String()), "Content-Type", "application/x-www-form-urlencoded"), false)
				zipped("a visitor's", v.Do("GET", "/visits/"+v.id+"/archive", nil), who == "bob")
				quiet("a copy", want(t, f.bob.Do("POST", fmt.Sprintf("/nodes/%s/copy", sub), world.JSON(body{"parent": mine.String()})), http.StatusCreated))
				if f.At("common/bob/sub/open.txt") == 0 || f.At("common/bob/sub/in/HIDDEN.txt") != 0 {
					t.Errorf("he copied\n%s", f.Picture())
				}
				quiet("a list", f.bob.Do("GET", fmt.Sprintf("/nodes/%s/children", f.Node(hidden).Parent), nil))
				quiet("the Cell", f.bob.Do("GET", "/cells/"+cell, nil))
				if who == "ann" {
					a := v.get(f.Node(hidden).Parent, "/children")
					quiet("a visitor's list", a)
					var page struct{ Total int }
					if want(t, a, http.StatusOK).Into(t, &page); page.Total != 0 {
						t.Errorf("its count tells: %s", a.Body)
					}
				}
			})
		})
	}
}
