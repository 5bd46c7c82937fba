package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"alveary"
	"alveary/config"
	"alveary/demo"
	"alveary/service/files"
	"alveary/service/login"
	"alveary/store"
)

// Demo fills a new installation with a small organisation, and says to out who
// can sign in. On one that has users already it changes nothing.
func Demo(ctx context.Context, place config.Place, out io.Writer) (err error) {
	h, err := open(ctx, place, briefLives())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	needed, err := h.login.SetupNeeded(ctx)
	if err != nil {
		return err
	}
	o := demo.HiveAndSons()
	if !needed {
		_, _ = fmt.Fprintf(out, "%s has users already: nothing was changed. If they are those of the demo, sign in as %s with the password %s\n", h.dir, logins(o), demo.Password)
		return nil
	}
	if err := h.furnish(ctx, o); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "%s is in %s. Sign in as %s with the password %s\n", o.Name, h.dir, logins(o), demo.Password)
	return nil
}

func logins(o demo.Organisation) string {
	names := make([]string, len(o.Users))
	for i, u := range o.Users {
		names[i] = u.Login
	}
	return strings.Join(names, ", ")
}

// furnish makes the people, then their folders and documents as those people
// themselves, so that everything passes the gate, and the entries last.
func (h *house) furnish(ctx context.Context, o demo.Organisation) error {
	groups, err := h.makeGroups(ctx, o)
	if err != nil {
		return err
	}
	people := map[string]alveary.Subject{}
	for _, u := range o.Users {
		made, err := h.login.AddUserHere(ctx, login.NewUser{
			Login: u.Login, Name: u.Name, Email: u.Email, Profile: u.Profile, Group: u.Group, Password: demo.Password,
		})
		if err != nil {
			return err
		}
		if people[u.Login], err = h.subject(ctx, made.ID); err != nil {
			return err
		}
	}
	f := furnisher{house: h, people: people, folders: map[string]alveary.NodeID{}}
	if err := f.documents(ctx, o); err != nil {
		return err
	}
	return f.entries(ctx, o, groups)
}

// makeGroups makes the groups and gives the role that each owns, by its path.
func (h *house) makeGroups(ctx context.Context, o demo.Organisation) (map[string]alveary.RoleID, error) {
	ids := map[string]alveary.GroupID{"/": alveary.RootGroup}
	roles := map[string]alveary.RoleID{}
	err := h.store.Write(ctx, func(tx *store.Tx) error {
		for _, g := range o.Groups {
			made, err := tx.InsertGroup(ids[path.Dir(g.Path)], path.Base(g.Path))
			if err != nil {
				return err
			}
			ids[g.Path], roles[g.Path] = made.ID, made.Role
		}
		return nil
	})
	return roles, err
}

func (h *house) subject(ctx context.Context, id alveary.UserID) (s alveary.Subject, err error) {
	err = h.store.Read(ctx, func(tx *store.Tx) error {
		s, err = tx.Subject(id)
		return err
	})
	return s, err
}

// furnisher carries documents in, as the people they belong to.
type furnisher struct {
	*house
	people  map[string]alveary.Subject
	folders map[string]alveary.NodeID // by path in demo.FS
	written int                       // documents so far
}

func (f *furnisher) documents(ctx context.Context, o demo.Organisation) error {
	admin := o.Users[slices.IndexFunc(o.Users, func(u demo.User) bool { return u.Profile == alveary.ProfileAdmin })].Login
	tree := demo.FS()
	return fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		workspace, rest, _ := strings.Cut(name, "/")
		who := f.people[admin]
		if workspace == alveary.WorkspaceMyFiles {
			login, _, _ := strings.Cut(rest, "/")
			who = f.people[login]
		}
		if rest == "" || workspace == alveary.WorkspaceMyFiles && !strings.Contains(rest, "/") {
			return f.root(ctx, who, name, workspace)
		}
		return f.put(ctx, who, tree, name, d)
	})
}

// root notes the node of a workspace's root, or of a person's own folder.
func (f *furnisher) root(ctx context.Context, who alveary.Subject, name, workspace string) error {
	if workspace == name && workspace == alveary.WorkspaceMyFiles {
		return nil // the folder of folders is no node
	}
	it, err := f.files.Tree.Lookup(ctx, who, workspace)
	f.folders[name] = it.ID
	if err != nil {
		return err
	}
	// Looking the folder up may have made it: ask as who knows of it.
	f.people[who.User.Login], err = f.subject(ctx, who.User.ID)
	return err
}

func (f *furnisher) put(ctx context.Context, who alveary.Subject, tree fs.FS, name string, d fs.DirEntry) (err error) {
	who, parent := f.people[who.User.Login], f.folders[path.Dir(name)]
	if d.IsDir() {
		it, _, err := f.files.Tree.MakeFolder(ctx, who, parent, d.Name(), files.Fail)
		f.folders[name] = it.ID
		return err
	}
	body, err := tree.Open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	// An organisation's documents were not all written today.
	f.written++
	written := time.Now().Add(-time.Duration(f.written*f.written) * 97 * time.Minute)
	_, _, err = f.files.Content.Write(ctx, who, parent, files.Upload{Name: d.Name(), Size: -1, MTime: written, Body: body})
	return err
}

func (f *furnisher) entries(ctx context.Context, o demo.Organisation, groups map[string]alveary.RoleID) error {
	return f.store.Write(ctx, func(tx *store.Tx) error {
		for _, e := range o.Entries {
			if e.Folder == alveary.WorkspaceCommonFiles && e.Role == string(alveary.RootGroupRole) {
				continue // every installation ships with it
			}
			role := alveary.RoleID(e.Role)
			if group, ok := strings.CutPrefix(e.Role, "group:"); ok {
				role = groups[group]
			} else if who, ok := f.people[e.Role]; ok {
				role = who.Role
			}
			if _, err := tx.InsertEntry(alveary.Entry{Role: role, Node: f.folders[e.Folder], Rights: e.Rights, Deny: e.Deny}); err != nil {
				return err
			}
		}
		return nil
	})
}
