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

// SetSignInRules sets the rules of sign-in.
func (tx *Tx) SetSignInRules(rules alveary.SignInRules) error {
	return tx.writeSetting(alveary.SettingSignIn, rules)
}

// SetOrganisation sets how the house shows itself.
func (tx *Tx) SetOrganisation(o alveary.Organisation) error {
	return tx.writeSetting(alveary.SettingOrganisation, o)
}

// SetMailServer sets where mail is handed over; its password comes sealed.
func (tx *Tx) SetMailServer(m alveary.MailServer) error {
	return tx.writeSetting(alveary.SettingMail, m)
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

// writeSetting keeps a value as JSON.
func (tx *Tx) writeSetting(name string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write the setting %s: %w", name, err)
	}
	return tx.SetSetting(name, string(text))
}
