package alveary

import "time"

// AuditRecord is one line of the audit log. It is written in the transaction
// of what it records; records are only ever added.
type AuditRecord struct {
	ID      int64
	At      time.Time
	User    UserID // 0 for nobody
	Login   string // as it was then; of an unknown user, empty
	Action  string // "sign-in", "download", "rename", …: the words of docs/GLOSSARY.md
	Verdict Verdict
	Node    NodeID // 0 where the record is of no node
	Path    string // of the node, then
	Detail  string // plain words; never a secret
	Address string
	Request string
}

// Verdict is how the recorded thing ended.
type Verdict string

// The verdicts.
const (
	VerdictDone   Verdict = "done"
	VerdictDenied Verdict = "denied"
	VerdictFailed Verdict = "failed"
)
