package files

import (
	"context"
	"strconv"

	"alveary"
	"alveary/authz"
	"alveary/service/files/desk"
	"alveary/store"
)

// Version is one content that a file has or had.
type Version struct {
	store.Version
	By      *Person
	Current bool
}

// Versions lists what a file has held, newest first.
func (c *Content) Versions(ctx context.Context, s alveary.Subject, id alveary.NodeID) (versions []Version, err error) {
	err = c.read(ctx, s, func(v *view) error {
		line, err := v.Tx.Lineage(id)
		if err != nil {
			return err
		}
		if err := v.Check(authz.See, line); err != nil {
			return err
		}
		stored, err := v.Tx.Versions(id)
		if err != nil {
			return err
		}
		for _, one := range stored {
			by, err := v.Person(one.By)
			if err != nil {
				return err
			}
			versions = append(versions, Version{one, by, one.Number == line.Node().Version})
		}
		return nil
	})
	return versions, err
}

// RestoreVersion makes an old content the newest version. It needs what
// changing the file needs, and what reading the old content needs: nobody
// brings back what he may not look at.
func (c *Content) RestoreVersion(ctx context.Context, s alveary.Subject, id alveary.NodeID, number int64) (it Item, err error) {
	err = c.write(ctx, s, func(v *view) error {
		line, err := v.Live(id, authz.Change)
		if err != nil {
			return err
		}
		if err := v.Check(authz.ReadBytes, line); err != nil {
			return err
		}
		old, err := v.Tx.Version(id, number)
		if err != nil {
			return err
		}
		if number != line.Node().Version {
			if err := v.CheckMove(authz.Change, line, as(line, old.Content, old.MTime)); err != nil {
				return err
			}
			n, err := v.Tx.Replace(line, old.Content, old.MTime.UnixMicro(), desk.Doer(s))
			if err != nil {
				return err
			}
			line = line[:len(line)-1].Child(n)
			if err := v.Record("restore-version", line, "version "+strconv.FormatInt(number, 10)); err != nil {
				return err
			}
		}
		it, err = v.Item(line)
		return err
	})
	return it, err
}
