package alveary

// AccessData is all that decides who may what, at one version: what a snapshot
// is made from. Of users only those are among it who own Cells or links; a request brings
// its own Subject.
type AccessData struct {
	Version  int64
	Draft    bool // holds changes that are not committed: good for that transaction only
	Groups   []Group
	Roles    []Role
	Entries  []Entry
	Policies []Policy
	Cells    []Cell      // and links, with their entries
	Owners   []Subject   // those of the Cells
	Rules    []HouseRule // for sharing
}
