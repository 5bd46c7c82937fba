package alveary

// AccessData is all that decides who may what, at one version: what a snapshot
// is made from. Users are not among it; a request brings its own Subject.
type AccessData struct {
	Version  int64
	Draft    bool // holds changes that are not committed: good for that transaction only
	Groups   []Group
	Roles    []Role
	Entries  []Entry
	Policies []Policy
}
