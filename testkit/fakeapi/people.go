package fakeapi

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// object is one thing of the console, as JSON has it.
type object map[string]any

// people is what the fake keeps beside files: lists by the path of their
// collection, and the settings by name.
type people struct {
	lists    map[string][]object
	settings map[string]object
	stale    bool   // changes want a fresh sign-in
	host     string // of the links by which passwords are chosen
}

func newPeople() people {
	root := object{"id": "1", "path": "/", "name": "", "role": "ROOT_GROUP", "users": 1}
	me := object{
		"id": "7", "login": Login, "name": "Ada", "email": "", "profile": "admin", "disabled": false, "created": when(),
		"group": object{"id": "1", "path": "/"}, "roles": []string{}, "attributes": object{},
		"stack": []object{{"role": "ROOT_GROUP", "label": "Everyone", "why": "group /"}},
	}
	return people{
		host:  "https://files.example.org",
		lists: map[string][]object{"groups": {root}, "users": {me}},
		settings: map[string]object{
			"organisation": {"name": "Alveary", "accent": ""},
			"sign-in":      {"minPassword": 12, "strength": 3, "passkeys": true, "reset": true},
			"mail":         {"host": "", "port": 587, "security": "starttls", "user": "", "from": "", "passwordSet": false, "waiting": 0, "failure": ""},
		},
	}
}

// WantFresh makes whatever the server wants a fresh sign-in for refuse
// tokens.
func (s *Server) WantFresh() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people.stale = true
}

// LinksWithoutHost makes the server one that does not know its own address.
func (s *Server) LinksWithoutHost() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people.host = ""
}

// Keep puts something into a collection, such as "locks" or
// "users/7/sessions".
func (s *Server) Keep(collection, text string) error {
	var o object
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people.lists[collection] = append(s.people.lists[collection], o)
	return nil
}

// Kept is the JSON of a collection, or of settings.
func (s *Server) Kept(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var what any = s.people.lists[name]
	if set, ok := s.people.settings[name]; ok {
		what = set
	}
	text, err := json.Marshal(what)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// peopleRoutes are those of the console: things are made, changed and deleted
// as they are sent, and nothing is judged.
func (s *Server) peopleRoutes(in func(string, func(*http.Request) (int, any))) {
	fresh := func(h func(*http.Request) (int, any)) func(*http.Request) (int, any) {
		return func(r *http.Request) (int, any) {
			if s.people.stale && r.Header.Get("Authorization") != "" {
				return http.StatusForbidden, fault("not-fresh", "prove once more who you are")
			}
			return h(r)
		}
	}
	in("GET /api/v1/users", s.searchUsers)
	in("POST /api/v1/users", fresh(s.addUser))
	in("POST /api/v1/users/import", fresh(s.importUsers))
	in("GET /api/v1/users/export", s.exportUsers)
	in("GET /api/v1/users/{id}/leaving", s.leaving)
	in("GET /api/v1/groups/{id}/leaving", s.leaving)
	in("POST /api/v1/users/{id}/{letter}", fresh(func(*http.Request) (int, any) {
		return http.StatusOK, object{"link": s.people.host + "/welcome#secret", "mailed": false}
	}))
	for _, collection := range []string{"groups", "roles", "teams", "locks", "sessions", "users/{of}/sessions", "users/{of}/tokens"} {
		in("GET /api/v1/"+collection, func(r *http.Request) (int, any) {
			items := s.people.lists[s.collection(r)]
			return http.StatusOK, object{"items": append([]object{}, items...)}
		})
		in("DELETE /api/v1/"+collection+"/{id}", fresh(s.deleteObject))
	}
	for _, collection := range []string{"groups", "roles", "teams"} {
		in("POST /api/v1/"+collection, s.addObject)
		in("PATCH /api/v1/"+collection+"/{id}", s.patchObject)
	}
	in("GET /api/v1/tokens", func(*http.Request) (int, any) {
		return http.StatusOK, object{"items": append([]object{}, s.people.lists["tokens"]...)}
	})
	in("DELETE /api/v1/users/{of}/sessions", fresh(s.emptyCollection))
	in("DELETE /api/v1/users/{of}/factors", fresh(s.emptyCollection))
	in("GET /api/v1/users/{id}", s.oneObject)
	in("PATCH /api/v1/users/{id}", s.patchObject)
	in("DELETE /api/v1/users/{id}", fresh(s.deleteObject))
	in("GET /api/v1/settings/{part}", func(r *http.Request) (int, any) { return http.StatusOK, s.people.settings[r.PathValue("part")] })
	in("PUT /api/v1/settings/{part}", fresh(s.putSettings))
	in("POST /api/v1/settings/mail/test", func(*http.Request) (int, any) {
		return http.StatusOK, object{"ok": false, "failure": "smtp.example.org does not answer"}
	})
}

// collection is the name of the collection that a path leads into.
func (s *Server) collection(r *http.Request) string {
	name := strings.TrimPrefix(r.URL.Path, "/api/v1/")
	if id := r.PathValue("id"); id != "" {
		name = strings.TrimSuffix(name, "/"+id)
	}
	return name
}

func (s *Server) lookup(collection, id string) (int, object) {
	for i, o := range s.people.lists[collection] {
		if o["id"] == id {
			return i, o
		}
	}
	return -1, nil
}

func absent() (int, any) { return http.StatusNotFound, fault("not-found", "there is no such thing") }

func (s *Server) oneObject(r *http.Request) (int, any) {
	if i, o := s.lookup(s.collection(r), r.PathValue("id")); i >= 0 {
		return http.StatusOK, o
	}
	return absent()
}

func (s *Server) addObject(r *http.Request) (int, any) {
	o := object{}
	_ = json.NewDecoder(r.Body).Decode(&o)
	if o["id"] == nil {
		o["id"] = strconv.FormatInt(s.number(), 10)
	}
	if parent, ok := o["parent"].(string); ok {
		o["path"] = strings.TrimSuffix(parent, "/") + "/" + fmt.Sprint(o["name"])
	}
	name := s.collection(r)
	s.people.lists[name] = append(s.people.lists[name], o)
	return http.StatusCreated, o
}

func (s *Server) patchObject(r *http.Request) (int, any) {
	_, o := s.lookup(s.collection(r), r.PathValue("id"))
	if o == nil {
		return absent()
	}
	_ = json.NewDecoder(r.Body).Decode(&o)
	if path, ok := o["group"].(string); ok {
		o["group"] = object{"id": "0", "path": path}
	}
	return http.StatusOK, o
}

func (s *Server) deleteObject(r *http.Request) (int, any) {
	name := s.collection(r)
	i, o := s.lookup(name, r.PathValue("id"))
	if o == nil {
		return absent()
	}
	if left := s.people.lists[name+"/"+r.PathValue("id")+"/leaving"]; name == "users" && len(left) > 0 && r.FormValue("heir") == "" {
		return http.StatusConflict, fault("heir-needed", "somebody must take the files")
	}
	s.people.lists[name] = append(s.people.lists[name][:i:i], s.people.lists[name][i+1:]...)
	return http.StatusNoContent, nil
}

func (s *Server) emptyCollection(r *http.Request) (int, any) {
	delete(s.people.lists, s.collection(r))
	return http.StatusNoContent, nil
}

func (s *Server) leaving(r *http.Request) (int, any) {
	if kept := s.people.lists[strings.TrimPrefix(r.URL.Path, "/api/v1/")]; len(kept) > 0 {
		return http.StatusOK, kept[0]
	}
	return http.StatusOK, object{"policies": []string{}, "teams": []string{}, "homes": []string{}}
}

func (s *Server) addUser(r *http.Request) (int, any) {
	var in object
	_ = json.NewDecoder(r.Body).Decode(&in)
	out := object{"mailed": false}
	if in["invite"] == true {
		out["link"] = s.people.host + "/welcome#secret"
	}
	out["user"] = s.newUser(in)
	return http.StatusCreated, out
}

func (s *Server) newUser(in object) object {
	u := object{"id": strconv.FormatInt(s.number(), 10), "created": when(), "disabled": false}
	for _, name := range []string{"login", "name", "email", "profile", "roles", "attributes"} {
		if value, ok := in[name]; ok {
			u[name] = value
		}
	}
	u["group"] = object{"id": "0", "path": in["group"]}
	s.people.lists["users"] = append(s.people.lists["users"], u)
	return u
}

// searchUsers gives a page of two, so that there is a next one.
func (s *Server) searchUsers(r *http.Request) (int, any) {
	var found []object
	for _, u := range s.people.lists["users"] {
		text := fmt.Sprint(u["login"], " ", u["name"])
		if strings.Contains(strings.ToLower(text), strings.ToLower(r.FormValue("q"))) {
			found = append(found, u)
		}
	}
	from, _ := strconv.Atoi(r.FormValue("after"))
	to := min(from+2, len(found))
	out := object{"items": append([]object{}, found[from:to]...)}
	if to < len(found) {
		out["next"] = strconv.Itoa(to)
	}
	return http.StatusOK, out
}

// importUsers refuses a row whose login has a blank in it.
func (s *Server) importUsers(r *http.Request) (int, any) {
	rows, err := csv.NewReader(r.Body).ReadAll()
	if err != nil || len(rows) == 0 {
		return http.StatusBadRequest, fault("invalid", "this is no CSV")
	}
	fates, counts := []object{}, map[string]int{}
	for i, row := range rows[1:] {
		fate, text := "create", ""
		if strings.Contains(row[0], " ") {
			fate, text = "refused", "a login has no blanks"
		}
		counts[fate]++
		fates = append(fates, object{"row": i + 1, "login": row[0], "fate": fate, "text": text})
	}
	if r.FormValue("dryRun") == "" && counts["refused"] == 0 {
		for _, row := range rows[1:] {
			s.newUser(object{"login": row[0], "group": "/", "profile": "standard"})
		}
	}
	return http.StatusOK, object{"rows": fates, "create": counts["create"], "change": 0, "same": 0, "refused": counts["refused"]}
}

// plain is an answer that is not JSON.
type plain string

func (s *Server) exportUsers(*http.Request) (int, any) {
	var b strings.Builder
	b.WriteString("login,name\n")
	for _, u := range s.people.lists["users"] {
		fmt.Fprintf(&b, "%v,%v\n", u["login"], u["name"])
	}
	return http.StatusOK, plain(b.String())
}

func (s *Server) putSettings(r *http.Request) (int, any) {
	var in object
	_ = json.NewDecoder(r.Body).Decode(&in)
	s.people.settings[r.PathValue("part")] = in
	return http.StatusNoContent, nil
}
