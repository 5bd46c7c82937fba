package blob

import (
	"context"
	"errors"
	"fmt"

	"alveary"
)

// explain turns what a driver said into an error of the house. The id goes
// into the private cause: it means nothing to the asker.
func explain(op string, id alveary.BlobID, err error) error {
	var known *alveary.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	e := &alveary.Error{Op: op, Cause: fmt.Errorf("object %s: %w", id, err)}
	switch {
	case errors.Is(err, ErrNoSpace):
		e.Kind, e.Code = alveary.KindNoSpace, "no-space"
		e.Message = "the disk of the server is full; nothing was kept, and what was there before is unchanged"
	case errors.Is(err, ErrNotFound):
		e.Kind, e.Code = alveary.KindNotFound, "not-found"
		e.Message = "the content is not in the store"
	case errors.Is(err, ErrExists):
		e.Kind, e.Code = alveary.KindConflict, "exists"
		e.Message = "the content was written already"
	case errors.Is(err, ErrBusy):
		e.Kind, e.Code = alveary.KindBusy, "busy"
		e.Message = "another request is writing this upload; wait for it to end and ask for the offset again"
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		e.Kind = alveary.KindUnavailable
		e.Message = "the request ended before the work was done"
	default:
		e.Message = "the store of contents failed; the log of the server says why"
	}
	return e
}
