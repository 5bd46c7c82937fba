package visit

import (
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"alveary"
)

// ticket is what a visitor brings with each request after the first, sealed:
// for which link he was let in, with which address and password of it, as whom,
// and until when. Nothing of it is kept.
type ticket struct {
	link    alveary.CellID
	guest   alveary.UserID // who signed in, where the link is for named people
	expires time.Time      // to the second
	stamp   stamp
	visit   string // 128 random bits, by which downloads are told apart
}

const (
	longestVisit  = 12 * time.Hour
	purposeTicket = "visit"
	visitBytes    = 16
	ticketBytes   = 8 + 8 + 8 + len(stamp{}) + visitBytes
)

// issue makes a ticket. It ends with the link at the latest.
func (s *Service) issue(k *known, c Client) (*ticket, error) {
	visit := make([]byte, visitBytes)
	if _, err := io.ReadFull(s.random, visit); err != nil {
		return nil, fmt.Errorf("make a visit: %w", err)
	}
	t := &ticket{link: k.cell.ID, expires: s.now().Add(longestVisit).Truncate(time.Second), stamp: k.stamp, visit: string(visit)}
	if ends := k.house.Ends(&k.cell); !ends.IsZero() && ends.Before(t.expires) {
		t.expires = ends
	}
	if guest := k.subject(c).Guest; guest != nil {
		t.guest = guest.User.ID
	}
	return t, nil
}

func (s *Service) seal(t *ticket) string {
	plain := make([]byte, 0, ticketBytes)
	plain = binary.BigEndian.AppendUint64(plain, uint64(t.link))
	plain = binary.BigEndian.AppendUint64(plain, uint64(t.guest))
	plain = binary.BigEndian.AppendUint64(plain, uint64(t.expires.Unix()))
	plain = append(plain, t.stamp[:]...)
	plain = append(plain, t.visit...)
	return s.box.Seal(purposeTicket, plain)
}

// unseal gives the ticket that a cookie is; nil where it is none, or is over.
func (s *Service) unseal(cookie string) *ticket {
	if len(cookie) > 4*ticketBytes {
		return nil
	}
	plain, err := s.box.Open(purposeTicket, cookie)
	if err != nil || len(plain) != ticketBytes {
		return nil
	}
	t := &ticket{
		link:    alveary.CellID(binary.BigEndian.Uint64(plain)),
		guest:   alveary.UserID(binary.BigEndian.Uint64(plain[8:])),
		expires: time.Unix(int64(binary.BigEndian.Uint64(plain[16:])), 0),
		stamp:   stamp(plain[24:]),
		visit:   string(plain[24+len(stamp{}):]),
	}
	if !s.now().Before(t.expires) {
		return nil
	}
	return t
}
