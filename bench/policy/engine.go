package policy

// engine is a policy engine that has loaded a world.
type engine interface {
	// allows answers one question from a plain request.
	allows(q *question) (bool, error)
}

// lister is an engine with a way of its own to filter a listing. Others are
// asked entry by entry.
type lister interface {
	// visible says which entries of the world may be read by whom the question
	// is from, into a slice as long as the entries.
	visible(q *question, into []bool) error
}

// contender is an engine before it has loaded anything.
type contender struct {
	name string
	load func(*world) (engine, error)
}

func contenders() []contender {
	return []contender{
		{"floor", loadFloor},
		{"floor-set", loadFloorSet},
		{"ours", loadOurs},
		{"ours-anew", loadOursAnew},
		{"cel", loadCEL},
		{"cedar", loadCedar},
		{"cedar-indexed", loadCedarIndexed},
		{"opa", loadOPA},
		{"ladon", loadLadon},
		{"ladon-indexed", loadLadonIndexed},
		{"casbin", loadCasbin},
	}
}

// entrywise filters by asking about one entry after another.
func entrywise(e engine, entries []file, q *question, into []bool) error {
	one := *q
	for i := range entries {
		one.file, one.entry = entries[i], i+1
		ok, err := e.allows(&one)
		if err != nil {
			return err
		}
		into[i] = ok
	}
	return nil
}
