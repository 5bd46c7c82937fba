package alveary

import "time"

// The names under which settings of the house are kept, as JSON.
const (
	SettingOrganisation = "organisation"
	SettingSignIn       = "sign-in"
	SettingMail         = "mail"
)

// Organisation is how the house shows itself, on the sign-in page too.
type Organisation struct {
	Name   string `json:"name" doc:"Empty: Alveary"`
	Accent string `json:"accent" doc:"#rrggbb; empty: honey"`
	// Language is that of mails; empty: English.
	Language string `json:"language" required:"false" enum:",en,fr" doc:"In which mails are written; English if missing"`
}

// SignInRules are the rules of passwords and sign-in.
type SignInRules struct {
	MinPassword int  `json:"minPassword" doc:"Characters that a password needs at least; 8 to 64"`
	Strength    int  `json:"strength" doc:"How hard a password must be to guess: 2, 3 or 4"`
	Passkeys    bool `json:"passkeys" doc:"A passkey may take the place of the password"`
	Reset       bool `json:"reset" doc:"People may ask for a link by mail to choose a new password"`
}

// DefaultSignIn are the rules of a new installation.
func DefaultSignIn() SignInRules {
	return SignInRules{MinPassword: 12, Strength: 3, Passkeys: true, Reset: true}
}

// MailServer is where mail is handed over.
type MailServer struct {
	Host     string `json:"host" doc:"Empty: no mail is sent"`
	Port     int    `json:"port"`
	Security string `json:"security" doc:"tls, starttls or none"`
	User     string `json:"user"`
	Password string `json:"password,omitempty"` // sealed where it is kept
	From     string `json:"from" doc:"Address from which mail comes"`
}

// SameDoor says whether two are the same server and the same user of it: a
// password that was given for the one is good for the other.
func (m MailServer) SameDoor(o MailServer) bool {
	return m.Host == o.Host && m.Port == o.Port && m.Security == o.Security && m.User == o.User
}

// Letterhead is what a mail that waits has to say; its kind says how.
type Letterhead struct {
	Lang    string    `json:"lang,omitempty"` // empty: that of the house
	Name    string    `json:"name,omitempty"` // of whom it is for
	Login   string    `json:"login,omitempty"`
	Link    string    `json:"link,omitempty"`
	What    string    `json:"what,omitempty"`
	Address string    `json:"address,omitempty"` // from which it was done
	At      time.Time `json:"at,omitzero"`
	Until   time.Time `json:"until,omitzero"`  // how long the link is good
	Lines   []string  `json:"lines,omitempty"` // what happened, of a digest; in the language of the mail
}
