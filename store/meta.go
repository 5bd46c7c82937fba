package store

import (
	"alveary"
	"alveary/store/sqldb"
)

// mostMeta bounds how many texts of metadata a transaction remembers.
const mostMeta = 1024

// metadata reads the metadata of a node. Many nodes have the same, which never
// changes: within a transaction they share it.
func (tx *Tx) metadata(text string) (*alveary.Metadata, error) {
	if text == "" {
		return nil, nil
	}
	if known, ok := tx.metas[text]; ok {
		return known, nil
	}
	m, err := alveary.ParseMetadata(text)
	if err != nil {
		return nil, err
	}
	if tx.metas == nil || len(tx.metas) >= mostMeta {
		tx.metas = map[string]*alveary.Metadata{}
	}
	tx.metas[text] = m
	return m, nil
}

// SetMetadata replaces the user metadata of the node at the end of the lineage.
// Like a new name it changes the folders above, not the node's content.
func (tx *Tx) SetMetadata(line alveary.Lineage, m *alveary.Metadata) (alveary.Node, error) {
	n := line.Node()
	n.Meta, n.Changed = m, tx.now
	if _, err := tx.exec(`UPDATE nodes SET meta = $1, changed_at = $2 WHERE id = $3`, m.String(), sqldb.Micros(n.Changed), n.ID); err != nil {
		return n, err
	}
	return n, tx.touch(line[:len(line)-1])
}
