package notice

import (
	"context"
	"time"
)

// looked is when what was last looked at.
type looked struct {
	forgot time.Time
}

// remind tells of ends that come near and of what house rules stop.
func (s *Service) remind(_ context.Context) error { return nil }
