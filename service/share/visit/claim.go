package visit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"alveary"
	"alveary/service/share/use"
	"alveary/store"
)

// Part is what a visitor is about to be handed of one content.
type Part struct {
	Node     alveary.NodeID
	Version  int64
	Size     int64 // of the content
	From, To int64 // of its bytes; the one at To is not among them
}

// resumable is for how long a download that broke off may go on.
const resumable = 24 * time.Hour

// Claim is asked before bytes of a file go out. Where the downloads of the link
// are bounded, one is counted for good before it returns: for a part from the
// beginning, and for any other that does not go on behind what the visitor was
// handed of that content before. Each byte is handed out at most once for each
// that was counted. KindDenied "exhausted" where none is left.
//
// settle is called when nothing more goes out, with how many bytes of the part
// did: what is left of it can be had for the same download then. Without it,
// the rest is lost. Renditions are not claimed.
func (s *Service) Claim(ctx context.Context, v Visit, p Part) (settle func(handed int64) error, err error) {
	if p.From < 0 || p.To < p.From || p.Size < p.To {
		return nil, fmt.Errorf("claim the bytes %d to %d of %d", p.From, p.To, p.Size)
	}
	resumes := false
	bounded, err := s.claim(ctx, v, p.From == 0, func(tx *store.Tx, claim func() error) (err error) {
		id := p.id(v)
		if p.Size > 0 {
			resumes, err = tx.AdvanceDownload(id, int64(v.Cell.ID), int64(p.Node), p.Version, p.From, p.To)
			if err != nil || resumes {
				return err
			}
		}
		if err := claim(); err != nil || p.Size == 0 {
			return err
		}
		return tx.OpenDownload(id, store.Download{
			Cell: v.Cell.ID, Node: p.Node, Version: p.Version, Since: p.From, Handed: p.To, Expires: tx.Now().Add(resumable),
		})
	})
	if err != nil {
		return nil, err
	}
	return func(handed int64) error {
		upTo := p.From + max(0, handed)
		if !bounded || upTo >= p.To {
			return nil
		}
		return s.store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			return tx.SettleDownload(p.id(v), p.From, p.To, upTo)
		})
	}, nil
}

// Uploaded counts a file that the visitor put in, and tells the link's owner.
func (s *Service) Uploaded(v Visit) {
	s.count.Add(v.Cell.ID, alveary.CellUse{Uploads: 1}, use.News{Kind: alveary.NoticeUploaded, Cell: v.Cell.ID, Node: v.Node, Owner: v.Cell.Owner})
}

// ClaimArchive is asked before an archive of a folder goes out: it is one
// download, which cannot be resumed.
func (s *Service) ClaimArchive(ctx context.Context, v Visit) error {
	_, err := s.claim(ctx, v, true, func(_ *store.Tx, claim func() error) error { return claim() })
	return err
}

// Offers is asked where headers alone go out: KindDenied "exhausted" where no
// download is left.
func (s *Service) Offers(ctx context.Context, v Visit) error {
	k, err := s.again(ctx, v)
	if err == nil && k.left() == 0 {
		err = exhausted()
	}
	return err
}

// again reads the link of a visit anew, with all that the tree has to do with
// it.
func (s *Service) again(ctx context.Context, v Visit) (*known, error) {
	k, err := s.read(ctx, v.Cell.ID)
	if err == nil && !k.alive(s.now()) {
		err = gone()
	}
	return k, err
}

// claim runs count where the downloads of the link are bounded as of now, which
// it says, with what counts one. Where they are not, one that begins is counted
// in memory.
func (s *Service) claim(ctx context.Context, v Visit, begins bool, count func(tx *store.Tx, claim func() error) error) (bounded bool, err error) {
	k, err := s.again(ctx, v)
	if err != nil {
		return false, err
	}
	if k.most() > 0 {
		defer s.links.Remove(v.Cell.ID) // as it was before this one
		err = s.store.Write(ctx, func(tx *store.Tx) error {
			if k, err = s.load(ctx, tx, v.Cell.ID); err != nil {
				return err
			}
			if !k.alive(s.now()) {
				return gone()
			}
			bounded = k.most() > 0
			if !bounded {
				return nil
			}
			return count(tx, func() error { return s.claimOne(tx, k) })
		})
	}
	if err == nil && !bounded && begins {
		s.count.Add(v.Cell.ID, alveary.CellUse{Downloads: 1})
	}
	return bounded, err
}

func (s *Service) claimOne(tx *store.Tx, k *known) error {
	ok, err := tx.ClaimDownload(k.cell.ID, k.most())
	if err == nil && !ok {
		err = exhausted()
	}
	return err
}

func exhausted() error {
	return &alveary.Error{
		Kind: alveary.KindDenied, Op: "download", Code: "exhausted",
		Message: "this link was used for as many downloads as it is for: ask whoever gave it to you for another",
	}
}

// id names what one visitor is handed of one content.
func (p Part) id(v Visit) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d/%d/%d", v.id, v.Cell.ID, p.Node, p.Version))
	return hex.EncodeToString(sum[:16])
}
