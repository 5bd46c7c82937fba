package store

import (
	"database/sql"
	"errors"
)

// Setting is a value kept by name; empty where there is none.
func (tx *Tx) Setting(name string) (value string, err error) {
	err = tx.row(`SELECT value FROM settings WHERE name = $1`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

// SetSetting keeps a value by name in place of the one before.
func (tx *Tx) SetSetting(name, value string) error {
	_, err := tx.exec(`INSERT INTO settings (name, value) VALUES ($1, $2)
 ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

// DeleteSetting forgets a value.
func (tx *Tx) DeleteSetting(name string) error {
	_, err := tx.exec(`DELETE FROM settings WHERE name = $1`, name)
	return err
}
