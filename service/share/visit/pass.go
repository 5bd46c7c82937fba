package visit

import (
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"alveary"
)

// pass is what a visitor brings with each request after the first, sealed:
// for which link he was let in, with which address and password of it, as whom,
// and until when. Nothing of it is kept.
type pass struct {
	link    alveary.CellID
	guest   alveary.UserID // who signed in, where the link is for named people
	expires time.Time      // to the second
	stamp   alveary.Stamp
	visit   string // 128 random bits, by which downloads are told apart
}

const (
	longestVisit = 12 * time.Hour
	purposePass  = "visit"
	visitBytes   = 16
	passBytes    = 8 + 8 + 8 + len(alveary.Stamp{}) + visitBytes
)

// issue makes a pass. It ends with the link at the latest.
func (s *Service) issue(k *known, c Client) (*pass, error) {
	visit := make([]byte, visitBytes)
	if _, err := io.ReadFull(s.random, visit); err != nil {
		return nil, fmt.Errorf("make a visit: %w", err)
	}
	p := &pass{link: k.cell.ID, expires: s.now().Add(longestVisit).Truncate(time.Second), stamp: k.stamp, visit: string(visit)}
	if ends := k.house.Ends(&k.cell); !ends.IsZero() && ends.Before(p.expires) {
		p.expires = ends
	}
	if guest := k.subject(c).Guest; guest != nil {
		p.guest = guest.User.ID
	}
	return p, nil
}

func (s *Service) seal(p *pass) string {
	plain := make([]byte, 0, passBytes)
	plain = binary.BigEndian.AppendUint64(plain, uint64(p.link))
	plain = binary.BigEndian.AppendUint64(plain, uint64(p.guest))
	plain = binary.BigEndian.AppendUint64(plain, uint64(p.expires.Unix()))
	plain = append(plain, p.stamp[:]...)
	plain = append(plain, p.visit...)
	return s.box.Seal(purposePass, plain)
}

// unseal gives the pass that a cookie is; nil where it is none, or is over.
func (s *Service) unseal(cookie string) *pass {
	if len(cookie) > 4*passBytes {
		return nil
	}
	plain, err := s.box.Open(purposePass, cookie)
	if err != nil || len(plain) != passBytes {
		return nil
	}
	p := &pass{
		link:    alveary.CellID(binary.BigEndian.Uint64(plain)),
		guest:   alveary.UserID(binary.BigEndian.Uint64(plain[8:])),
		expires: time.Unix(int64(binary.BigEndian.Uint64(plain[16:])), 0),
		stamp:   alveary.Stamp(plain[24:]),
		visit:   string(plain[24+len(alveary.Stamp{}):]),
	}
	if !s.now().Before(p.expires) {
		return nil
	}
	return p
}
