package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"alveary"
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

// SignInRules are the rules of sign-in that are set, or those of a new
// installation.
func (tx *Tx) SignInRules() (alveary.SignInRules, error) {
	rules := alveary.DefaultSignIn()
	err := tx.readSetting(alveary.SettingSignIn, &rules)
	return rules, err
}

// Organisation is how the house shows itself.
func (tx *Tx) Organisation() (o alveary.Organisation, err error) {
	err = tx.readSetting(alveary.SettingOrganisation, &o)
	return o, err
}

// MailServer is where mail is handed over, with its password sealed.
func (tx *Tx) MailServer() (m alveary.MailServer, err error) {
	err = tx.readSetting(alveary.SettingMail, &m)
	return m, err
}

// readSetting reads a value kept as JSON; where there is none it leaves what
// is there.
func (tx *Tx) readSetting(name string, into any) error {
	text, err := tx.Setting(name)
	if err != nil || text == "" {
		return err
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return fmt.Errorf("read the setting %s: %w", name, err)
	}
	return nil
}
