package store

import (
	"context"

	"alveary"
	"alveary/store/sqldb"
)

// recording is one record that waits to be made durable with others.
type recording struct {
	record alveary.AuditRecord
	done   chan error
}

// mostRecords bounds how many waiting records one transaction takes.
const mostRecords = 256

// Record adds a line to the audit log within the transaction of what it
// records.
func (tx *Tx) Record(r alveary.AuditRecord) error {
	_, err := tx.exec(`INSERT INTO audit (id, at, user_id, login, action, verdict, node_id, path, detail, address, request)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		tx.NewID(), sqldb.Micros(tx.now), r.User, r.Login, r.Action, r.Verdict, r.Node, r.Path, r.Detail, r.Address, r.Request)
	return err
}

// Record adds a line of its own, for what changes nothing else: a denial, a
// download. It returns when the line is durable. Lines that come at the same
// time share a transaction.
func (s *Store) Record(ctx context.Context, r alveary.AuditRecord) error {
	one := recording{record: r, done: make(chan error, 1)}
	if err := ctx.Err(); err != nil {
		return failed(ctx, "write the audit log", err)
	}
	select {
	case s.recordC <- one:
		return <-one.done
	case <-ctx.Done():
		return failed(ctx, "write the audit log", ctx.Err())
	case <-s.closing:
		return &alveary.Error{Kind: alveary.KindUnavailable, Op: "write the audit log", Message: "the server is stopping; try again"}
	}
}

func (s *Store) recordLoop() {
	defer close(s.stopped)
	for {
		batch := make([]recording, 0, mostRecords)
		select {
		case first := <-s.recordC:
			batch = append(batch, first)
		case <-s.closing:
			return
		}
		for more := true; more && len(batch) < mostRecords; {
			select {
			case next := <-s.recordC:
				batch = append(batch, next)
			default:
				more = false
			}
		}
		// Not the asker's context: his going away must not lose the others' lines.
		err := s.Write(context.Background(), func(tx *Tx) error {
			for _, one := range batch {
				if err := tx.Record(one.record); err != nil {
					return err
				}
			}
			return nil
		})
		for _, one := range batch {
			one.done <- err
		}
	}
}

// Audit lists the latest lines, newest first.
func (tx *Tx) Audit(limit int) (records []alveary.AuditRecord, err error) {
	err = tx.all(func(row scanner) error {
		var r alveary.AuditRecord
		var at int64
		err := row.Scan(&r.ID, &at, &r.User, &r.Login, &r.Action, &r.Verdict, &r.Node, &r.Path, &r.Detail, &r.Address, &r.Request)
		r.At = sqldb.Time(at)
		records = append(records, r)
		return err
	}, `SELECT id, at, user_id, login, action, verdict, node_id, path, detail, address, request FROM audit ORDER BY id DESC LIMIT $1`, limit)
	return records, err
}
