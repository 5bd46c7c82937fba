// Package look is how what is shared is seen: Cells and links one by one, the
// lists in which nothing of it is hidden, and how a node may be shared.
//
// It exists so that whoever looks is told the same everywhere: a share is seen
// by its owner, its managers and members, by administrators, and on a node of
// his by whoever owns that; to anybody else there is none. The name of a node
// is told only to who may read it, and to administrators.
//
// Promises: lists are never nil. A Service is safe for concurrent use.
//
// Read this file first, then view.go, album.go, where flags come from, and
// list.go.
package look

import (
	"context"

	"alveary"
	"alveary/service/share/hall"
)

// Service looks at what is shared in one installation.
type Service struct{ *hall.Hall }

// Room is one request.
type Room struct{ *hall.Room }

func (s *Service) read(ctx context.Context, by alveary.Subject, op string, fn func(*Room) error) error {
	return s.Read(ctx, by, op, func(r *hall.Room) error { return fn(&Room{r}) })
}
