package look

import (
	"context"

	"alveary"
	"alveary/service/share/hall"
)

// PolicyRef is a policy that may be given.
type PolicyRef struct {
	ID    alveary.PolicyID
	Label string
}

// Sharing is how somebody may share a node.
type Sharing struct {
	alveary.House
	Cells       bool // may be made of it
	FileLinks   bool // a link on it, where it is a file
	FolderLinks bool // … where it is a folder
	MayGive     alveary.Rights
	Policies    []PolicyRef
	Why         map[string]string // by term: what it stops, in words
}

// Sharing says how whoever asks may share a node, before he tries.
func (s *Service) Sharing(ctx context.Context, by alveary.Subject, node alveary.NodeID) (out Sharing, err error) {
	err = s.read(ctx, by, "look how this may be shared", func(r *Room) error {
		line, err := r.Node("node", node)
		if err != nil {
			return err
		}
		house, err := r.House(line)
		if err != nil {
			return err
		}
		out = Sharing{House: house, MayGive: r.Access.Rights(line) & alveary.Givable, Policies: []PolicyRef{}, Why: map[string]string{}}
		for _, term := range []struct {
			word    string
			allowed bool
			is      *bool
		}{{"cells", house.Cells, &out.Cells}, {"fileLinks", house.FileLinks, &out.FileLinks}, {"folderLinks", house.FolderLinks, &out.FolderLinks}} {
			*term.is = r.MayShare("", line, &house, term.word, term.allowed) == nil
			if !*term.is {
				out.Why[term.word] = hall.TermText(term.word)
			}
		}
		for word, counts := range map[string]bool{
			"external": !house.External, "password": house.Password, "days": house.Days > 0, "downloads": house.Downloads > 0, "upload": house.Upload > 0,
		} {
			if counts {
				out.Why[word] = hall.TermText(word)
			}
		}
		for _, id := range house.Policies {
			v, err := r.Tx.Policy(id)
			if alveary.IsKind(err, alveary.KindNotFound) || err == nil && v.Policy.Type != alveary.PolicyACL {
				continue
			}
			if err != nil {
				return err
			}
			out.Policies = append(out.Policies, PolicyRef{id, v.Policy.Label})
		}
		return nil
	})
	return out, err
}
