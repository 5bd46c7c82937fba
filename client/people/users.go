package people

import (
	"context"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"

	"alveary"
	"alveary/client"
)

// Place names a group or a node by id and path.
type Place struct {
	ID   string `json:"id"`
	Path string `json:"path"`
}

// User is an account as those see it who look after people. Lists show the
// first part of it, a document all.
type User struct {
	ID           string            `json:"id"`
	Login        string            `json:"login"`
	Name         string            `json:"name"`
	Email        string            `json:"email"`
	Profile      string            `json:"profile"`
	Disabled     bool              `json:"disabled"`
	Created      time.Time         `json:"created"`
	SignedIn     *time.Time        `json:"signedIn,omitempty"` // last; nil: never
	Group        Place             `json:"group"`
	SecondFactor bool              `json:"secondFactor"`
	Roles        []string          `json:"roles,omitempty"` // assigned by hand, in order
	Attributes   map[string]string `json:"attributes,omitempty"`
	Stack        []Stacked         `json:"stack,omitempty"`
}

// Stacked is one of a user's roles and how he comes by it.
type Stacked struct {
	Role  string `json:"role"`
	Label string `json:"label"`
	Why   string `json:"why"`
}

// Filter says which users are wanted; what is empty does not narrow.
type Filter struct {
	Query   string // part of login, name or address
	Group   string // path or id
	Beneath bool   // of the groups beneath it too
	Profile string
	State   string // active, disabled or never (signed in)
	Role    string
}

// page is how many users one request asks for.
const page = "200"

func (f Filter) values() url.Values {
	query := url.Values{"limit": {page}}
	for name, value := range map[string]string{"q": f.Query, "group": f.Group, "profile": f.Profile, "state": f.State, "role": f.Role} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if f.Beneath {
		query.Set("beneath", "true")
	}
	return query
}

// Users lists accounts, page after page as they are read.
func (p People) Users(ctx context.Context, f Filter) iter.Seq2[User, error] {
	return func(yield func(User, error) bool) {
		query := f.values()
		for {
			got, err := get[struct {
				Items []User `json:"items"`
				Next  string `json:"next"`
			}](ctx, p, "list the users", "", "/users", query)
			if err != nil {
				yield(User{}, err)
				return
			}
			for _, u := range got.Items {
				if !yield(u, nil) {
					return
				}
			}
			if got.Next == "" {
				return
			}
			query.Set("after", got.Next)
		}
	}
}

// Find gives the account of a login, as a list shows it.
func (p People) Find(ctx context.Context, op, login string) (User, error) {
	for u, err := range p.Users(ctx, Filter{Query: login}) {
		if err != nil {
			return User{}, err
		}
		if strings.EqualFold(u.Login, login) {
			return u, nil
		}
	}
	return User{}, &alveary.Error{Kind: alveary.KindNotFound, Op: op, Subject: login, Code: "not-found", Message: "there is no such user"}
}

// User gives all about an account.
func (p People) User(ctx context.Context, id string) (User, error) {
	return get[User](ctx, p, "look at the user", "", at("/users", id, ""), nil)
}

// NewUser is an account that is to be made. With neither a password nor an
// invitation nobody can sign in to it yet.
type NewUser struct {
	Login      string            `json:"login"`
	Name       string            `json:"name,omitempty"`
	Email      string            `json:"email,omitempty"`
	Profile    string            `json:"profile,omitempty"` // empty: standard
	Group      string            `json:"group,omitempty"`   // path; empty: the root group
	Roles      []string          `json:"roles,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
	Password   string            `json:"password,omitempty"`
	Invite     bool              `json:"invite,omitempty"`
}

// Letter is what became of a link by which someone chooses his password: it
// went by mail, or it is here to be passed on. A server that does not know its
// own address leaves the host out.
type Letter struct {
	Link   string `json:"link,omitempty"`
	Mailed bool   `json:"mailed"`
}

// MadeUser is an account that was made.
type MadeUser struct {
	User User `json:"user"`
	Letter
}

// whole puts the address of the server before a link without one.
func (l *Letter) whole(p People) {
	if strings.HasPrefix(l.Link, "/") {
		l.Link = p.URL() + l.Link
	}
}

// AddUser makes an account.
func (p People) AddUser(ctx context.Context, n NewUser) (MadeUser, error) {
	made, err := send[MadeUser](ctx, p, "make the user", n.Login, http.MethodPost, "/users", n)
	made.whole(p)
	return made, err
}

// UserPatch is what of a user is to change; nil stays as it is.
type UserPatch struct {
	Name       *string            `json:"name,omitempty"`
	Email      *string            `json:"email,omitempty"`
	Profile    *string            `json:"profile,omitempty"`
	Group      *string            `json:"group,omitempty"` // id, or path such as /sales/north
	Roles      *[]string          `json:"roles,omitempty"` // in place of those before
	Disabled   *bool              `json:"disabled,omitempty"`
	Attributes *map[string]string `json:"attributes,omitempty"` // in place of those before
}

// ChangeUser changes an account.
func (p People) ChangeUser(ctx context.Context, u User, patch UserPatch) (User, error) {
	return send[User](ctx, p, "change the user", u.Login, http.MethodPatch, at("/users", u.ID, ""), patch)
}

// Invite makes an invitation in place of earlier ones.
func (p People) Invite(ctx context.Context, u User) (Letter, error) {
	return p.letter(ctx, "invite", u, "/invitation")
}

// Reset makes a link by which the user chooses a new password.
func (p People) Reset(ctx context.Context, u User) (Letter, error) {
	return p.letter(ctx, "reset the password of", u, "/reset")
}

func (p People) letter(ctx context.Context, op string, u User, kind string) (Letter, error) {
	l, err := send[Letter](ctx, p, op, u.Login, http.MethodPost, at("/users", u.ID, kind), nil)
	l.whole(p)
	return l, err
}

// Leaving is what goes with an account.
type Leaving struct {
	Files    int64    `json:"files"`
	Folders  int64    `json:"folders"`
	Bytes    int64    `json:"bytes"`
	Binned   int64    `json:"binned"` // of these, what lies in the bin
	Entries  int64    `json:"entries"`
	Policies []string `json:"policies"`
	Tokens   int64    `json:"tokens"`
	Sessions int64    `json:"sessions"`
	Teams    []string `json:"teams"` // of which he is the only manager
	Uploads  int64    `json:"uploads"`
	Cells    int64    `json:"cells"` // the heir has them, or they end
	Links    int64    `json:"links"` // they end
	Homes    []string `json:"homes"`
}

// HasFiles says whether somebody must take files over.
func (l Leaving) HasFiles() bool { return l.Files+l.Folders > 0 }

// Leaving tells what would go with an account.
func (p People) Leaving(ctx context.Context, u User) (Leaving, error) {
	return get[Leaving](ctx, p, "look what goes with", u.Login, at("/users", u.ID, "/leaving"), nil)
}

// DeleteUser deletes an account for good and gives its files to an heir, whose
// id may be empty where there are none.
func (p People) DeleteUser(ctx context.Context, u User, heir string) error {
	query := url.Values{"expect": {u.Login}}
	if heir != "" {
		query.Set("heir", heir)
	}
	return p.remove(ctx, "delete the user", u.Login, at("/users", u.ID, ""), query)
}

// SessionsOf lists the sessions of a user.
func (p People) SessionsOf(ctx context.Context, u User) ([]Session, error) {
	return list[Session](ctx, p, "list the sessions of", u.Login, at("/users", u.ID, "/sessions"), nil)
}

// TokensOf lists the tokens of a user.
func (p People) TokensOf(ctx context.Context, u User) ([]Token, error) {
	return list[Token](ctx, p, "list the tokens of", u.Login, at("/users", u.ID, "/tokens"), nil)
}

// FactorsOf tells what a user signs in with beside his password.
func (p People) FactorsOf(ctx context.Context, u User) (Factors, error) {
	return get[Factors](ctx, p, "look at the factors of", u.Login, at("/users", u.ID, "/factors"), nil)
}

// EndSignInsOf ends all sessions and tokens of a user.
func (p People) EndSignInsOf(ctx context.Context, u User) error {
	return p.remove(ctx, "end the sign-ins of", u.Login, at("/users", u.ID, "/sessions"), nil)
}

// ResetFactorsOf takes all factors of a user away.
func (p People) ResetFactorsOf(ctx context.Context, u User) error {
	return p.remove(ctx, "reset the factors of", u.Login, at("/users", u.ID, "/factors"), nil)
}

// Fate is what becomes of a row of an import.
type Fate struct {
	Row   int    `json:"row"` // as a spreadsheet counts: the names of the columns are row 1
	Login string `json:"login"`
	Fate  string `json:"fate"` // create, change, same or refused
	Text  string `json:"text"`
}

// Imported is what became of a file, or would.
type Imported struct {
	Rows    []Fate            `json:"rows"`
	Create  int               `json:"create"`
	Change  int               `json:"change"`
	Same    int               `json:"same"`
	Refused int               `json:"refused"`
	Links   map[string]string `json:"links,omitempty"`
}

// Import makes and changes accounts from CSV; a dry run tells what it would do.
func (p People) Import(ctx context.Context, csv []byte, dry, makeGroups bool) (out Imported, err error) {
	query := url.Values{}
	if dry {
		query.Set("dryRun", "true")
	}
	if makeGroups {
		query.Set("makeGroups", "true")
	}
	err = p.Ask(ctx, client.Request{Op: "import people", Method: http.MethodPost, Path: "/users/import", Query: query}, client.Text{Type: "text/csv", Content: csv}, &out)
	for login, link := range out.Links {
		l := Letter{Link: link}
		l.whole(p)
		out.Links[login] = l.Link
	}
	return out, err
}

// Export writes all accounts as CSV.
func (p People) Export(ctx context.Context, to io.Writer) error {
	return p.Ask(ctx, client.Request{Op: "export people", Method: http.MethodGet, Path: "/users/export"}, nil, to)
}
