package people

import (
	"slices"
	"strconv"
	"strings"

	"alveary"
	"alveary/store/names"
	"alveary/store/sqldb"
)

// State is what an account is like.
type State string

// The states that can be asked for.
const (
	StateActive   State = "active"   // not disabled
	StateDisabled State = "disabled" // may not sign in
	StateNever    State = "never"    // never signed in
)

// Filter asks for accounts; what is empty asks for nothing.
type Filter struct {
	Query   string          // each of its words begins a word of login, name or mail address
	Group   alveary.GroupID // whose group it is
	Beneath bool            // or one beneath it
	Profile alveary.Profile
	State   State
	Role    alveary.RoleID // assigned by hand, or his team
	After   string         // after this login
	Limit   int
}

// Found is a part of the accounts that a filter asks for.
type Found struct {
	Users []alveary.User // by login, with their roles and teams
	Total int64          // how many there are in all; -1 where counting them would take long
	More  bool           // after the last one of these
}

const (
	mostTokens = 8      // words of a query that count
	fewUsers   = 2048   // so many are read and put in order in memory
	frequent   = 40_000 // what more rows have than these is looked for among the others
	firstLook  = 128    // so many logins are looked through at first,
	mostLook   = 4096   // and so many at most, at once
)

// FindUsers lists the accounts that a filter asks for, by login. Sets of ids
// are read as one text each, so that what matches a tenth of 100,000 people
// costs milliseconds; what nearly everybody has is asked of those who come
// next in the order alone.
func (r Rows) FindUsers(f Filter) (found Found, err error) {
	var page []alveary.UserID
	after := names.Fold(f.After)
	m, err := r.match(f)
	if err != nil {
		return found, err
	}
	switch {
	case m.all && len(m.rest) == 0:
		if found.Total, err = r.CountUsers(); err != nil {
			return found, err
		}
		page, err = r.ids(`SELECT id FROM users WHERE login_key > $1 ORDER BY login_key LIMIT $2`, after, f.Limit+1)
	case !m.all && len(m.ids) <= fewUsers:
		found.Total = int64(len(m.ids))
		page, err = r.orderFew(m.ids, after, f.Limit+1)
	default:
		if found.Total = int64(len(m.ids)); len(m.rest) > 0 {
			found.Total = -1
		}
		page, err = r.orderMany(m, after, f.Limit+1)
	}
	if err != nil {
		return found, err
	}
	if found.More = len(page) > f.Limit; found.More {
		page = page[:f.Limit]
	}
	found.Users, err = r.inOrder(page)
	return found, err
}

// set is ids in their order, each once.
type set []alveary.UserID

// matched are those who match so far, and what is still to be asked of them.
type matched struct {
	ids  set
	all  bool // nothing was asked yet
	rest []step
}

// step is one thing that a filter asks for.
type step struct {
	list  string // a query of the ids; empty where that reads everybody
	where string // the same said of a row of users; $a and $b are the arguments
	args  []any
}

func (r Rows) match(f Filter) (m matched, err error) {
	m.all = true
	if strings.TrimSpace(f.Query) != "" && len(tokens(f.Query)) == 0 { // nothing but signs
		return matched{}, nil
	}
	for _, s := range f.steps() {
		switch often, err := r.often(s); {
		case err != nil:
			return m, err
		case often || !m.all && len(m.ids) <= sqldb.AtOnce:
			m.rest = append(m.rest, s)
			continue
		}
		ids, err := r.set(listOf(s.list), s.args...)
		if err != nil {
			return m, err
		}
		if m.all {
			m.ids, m.all = ids, false
		} else {
			m.ids = common(m.ids, ids)
		}
	}
	if !m.all && len(m.ids) <= fewUsers {
		var ids set
		for part := range slices.Chunk(m.ids, sqldb.AtOnce) {
			some, err := r.pick(part, m.rest)
			if err != nil {
				return m, err
			}
			ids = append(ids, some...)
		}
		m.ids, m.rest = ids, nil
	}
	return m, nil
}

// often says whether so many rows have it that reading them takes long.
func (r Rows) often(s step) (bool, error) {
	if s.list == "" {
		return true, nil
	}
	var n int64
	err := r.sql.Row(`SELECT COUNT(*) FROM (`+s.list+` LIMIT `+strconv.Itoa(frequent+1)+`) AS x`, s.args...).Scan(&n)
	return n > frequent, err
}

// listOf makes a query that gives its ids as one text: a row for each costs
// several times as much.
func listOf(query string) string {
	return `SELECT COALESCE(string_agg(CAST(id AS TEXT), ','), '') FROM (` + query + `) AS x`
}

// wordEnd comes after whatever begins with a word.
const wordEnd = "\U0010FFFF"

// steps are what is asked for, that first which few have.
func (f Filter) steps() (steps []step) {
	add := func(list, where string, args ...any) { steps = append(steps, step{list, where, args}) }
	if f.Role != "" {
		add(`SELECT user_id AS id FROM user_roles WHERE role_id = $1 UNION SELECT user_id FROM team_members WHERE role_id = $1`,
			`id IN (SELECT user_id FROM user_roles WHERE role_id = $a UNION SELECT user_id FROM team_members WHERE role_id = $a)`, f.Role)
	}
	const down = `WITH RECURSIVE down (id) AS (SELECT id FROM groups_tree WHERE id = $1
 UNION ALL SELECT g.id FROM groups_tree g JOIN down d ON g.parent_id = d.id) `
	switch {
	case f.Group != 0 && f.Beneath && f.Group != alveary.RootGroup:
		add(down+`SELECT u.id FROM users u WHERE u.group_id IN (SELECT id FROM down)`,
			`group_id IN (`+strings.ReplaceAll(down, "$1", "$a")+`SELECT id FROM down)`, f.Group)
	case f.Group != 0 && !f.Beneath:
		add(`SELECT id FROM users WHERE group_id = $1`, `group_id + 0 = $a`, f.Group)
	}
	if f.State == StateDisabled {
		add(`SELECT id FROM users WHERE disabled = 1`, `disabled + 0 = 1`)
	}
	for _, word := range tokens(f.Query) {
		add(`SELECT user_id AS id FROM user_words WHERE word >= $1 AND word < $2`,
			// Counted, so that it is looked up by the user and never by the word.
			`(SELECT COUNT(*) FROM user_words w WHERE w.user_id = users.id AND w.word >= $a AND w.word < $b) > 0`, word, word+wordEnd)
	}
	if f.Profile != "" {
		add(`SELECT id FROM users WHERE profile = $1`, `profile || '' = $a`, f.Profile)
	}
	switch f.State {
	case StateNever:
		add("", `signed_in_at = 0`)
	case StateActive:
		add("", `disabled + 0 = 0`)
	}
	return steps
}

// tokens are the words of a query that say something, the longest first.
func tokens(query string) (words []string) {
	chunks := names.Chunks(query)
	slices.SortStableFunc(chunks, func(a, b string) int { return len(b) - len(a) })
	for _, c := range chunks {
		if len(words) < mostTokens && !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, c) }) {
			words = append(words, c)
		}
	}
	return words
}

func parseIDs(text string) (set, error) {
	if text == "" {
		return nil, nil
	}
	ids := make(set, 0, strings.Count(text, ",")+1)
	for one := range strings.SplitSeq(text, ",") {
		id, err := strconv.ParseInt(one, 10, 64)
		if err != nil {
			return nil, err
		}
		ids = append(ids, alveary.UserID(id))
	}
	return ids, nil
}

// set reads the ids of a query that was made by listOf.
func (r Rows) set(query string, args ...any) (set, error) {
	var text string
	if err := r.sql.Row(query, args...).Scan(&text); err != nil {
		return nil, err
	}
	ids, err := parseIDs(text)
	slices.Sort(ids)
	return slices.Compact(ids), err
}

// pick gives those of a few who have all that is still asked for.
func (r Rows) pick(ids set, rest []step) (set, error) {
	if len(ids) == 0 || len(rest) == 0 {
		return ids, nil
	}
	in, args := sqldb.OneOf(ids)
	query := `SELECT id FROM users WHERE id IN ` + in
	for _, s := range rest {
		query += ` AND ` + s.where
		for i, arg := range s.args {
			args = append(args, arg)
			query = strings.ReplaceAll(query, "$"+string(rune('a'+i)), "$"+strconv.Itoa(len(args)))
		}
	}
	// Not kept: each mixture of questions is a text of its own.
	err := r.sql.Once().All(func(row sqldb.Scanner) error {
		var text string
		err := row.Scan(&text)
		if err == nil {
			ids, err = parseIDs(text)
		}
		return err
	}, listOf(query), args...)
	slices.Sort(ids)
	return ids, err
}

func common(a, b set) set {
	if len(a) > len(b) {
		a, b = b, a
	}
	out := a[:0]
	for _, id := range a {
		i, ok := slices.BinarySearch(b, id)
		if b = b[i:]; ok {
			out = append(out, id)
		}
	}
	return out
}

type keyed struct {
	key string
	id  alveary.UserID
}

// orderFew puts ids in the order of their logins and gives those after one.
func (r Rows) orderFew(ids set, after string, limit int) ([]alveary.UserID, error) {
	var few []keyed
	for part := range slices.Chunk(ids, sqldb.AtOnce) {
		in, args := sqldb.OneOf(part)
		if err := r.sql.All(func(row sqldb.Scanner) error {
			var one keyed
			err := row.Scan(&one.id, &one.key)
			if one.key > after {
				few = append(few, one)
			}
			return err
		}, `SELECT id, login_key FROM users WHERE id IN `+in, args...); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(few, func(a, b keyed) int { return strings.Compare(a.key, b.key) })
	few = few[:min(limit, len(few))]
	page := make([]alveary.UserID, len(few))
	for i, one := range few {
		page[i] = one.id
	}
	return page, nil
}

// orderMany looks through the logins in their order until it has found enough.
func (r Rows) orderMany(m matched, after string, limit int) (page []alveary.UserID, err error) {
	for look := firstLook; len(page) < limit; look = min(2*look, mostLook) {
		var text, last string
		if err := r.sql.Row(`SELECT COALESCE(string_agg(CAST(id AS TEXT), ','), ''), COALESCE(MAX(login_key), '')
 FROM (SELECT id, login_key FROM users WHERE login_key > $1 ORDER BY login_key LIMIT $2) AS x`, after, look).Scan(&text, &last); err != nil {
			return nil, err
		}
		next, err := parseIDs(text)
		if err != nil || len(next) == 0 {
			return page, err
		}
		after = last
		if !m.all {
			next = slices.DeleteFunc(next, func(id alveary.UserID) bool { return !has(m.ids, id) })
		}
		for part := range slices.Chunk(next, sqldb.AtOnce) {
			have, err := r.pick(part, m.rest)
			if err != nil {
				return nil, err
			}
			for _, id := range part { // in the order of their logins
				if len(m.rest) == 0 || has(have, id) {
					page = append(page, id)
				}
			}
		}
	}
	return page[:limit], nil
}

func has(s set, id alveary.UserID) bool { _, ok := slices.BinarySearch(s, id); return ok }

// inOrder reads accounts, with their roles and teams, in the order given.
func (r Rows) inOrder(ids []alveary.UserID) ([]alveary.User, error) {
	subjects, err := r.Subjects(ids)
	if err != nil {
		return nil, err
	}
	users := make([]alveary.User, 0, len(ids))
	for _, id := range ids {
		users = append(users, subjects[id].User)
	}
	return users, nil
}
