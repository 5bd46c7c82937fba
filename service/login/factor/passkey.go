package factor

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"alveary"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// challengeSize is in bytes; the standard asks for 16 at least.
const challengeSize = 32

// Person is whose passkeys are made or asked for.
type Person struct {
	User     alveary.UserID
	Login    string
	Name     string
	Passkeys []alveary.Factor // those that he has
}

// kept is what is kept of a passkey, as JSON in the factor's secret. None of
// it is a secret.
type kept struct {
	ID         []byte                            `json:"id"`
	Key        []byte                            `json:"key"` // public
	Site       string                            `json:"site"`
	Transports []protocol.AuthenticatorTransport `json:"transports,omitempty"`
	Backup     bool                              `json:"backup,omitempty"` // may be kept on several devices; never changes
}

// PasskeyID is the id of the factor that a credential is: each is registered
// once, whoever registers it.
func PasskeyID(credential []byte) alveary.FactorID {
	sum := sha256.Sum256(credential)
	return alveary.FactorID(unpadded("abcdefghijklmnopqrstuvwxyz234567").EncodeToString(sum[:20]))
}

// handle is what an authenticator keeps of the user. It tells nothing that
// the id does not.
func handle(user alveary.UserID) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(user)) // the bits of an id, back and forth
}

func userOf(handle []byte) (alveary.UserID, bool) {
	if len(handle) != 8 {
		return 0, false
	}
	return alveary.UserID(binary.BigEndian.Uint64(handle)), true // as above
}

// party is a Person as the library asks for him.
type party struct {
	Person
	credentials []webauthn.Credential
}

// WebAuthnID is what authenticators keep.
func (p party) WebAuthnID() []byte { return handle(p.User) }

// WebAuthnName is the login.
func (p party) WebAuthnName() string { return p.Login }

// WebAuthnDisplayName is the name to show.
func (p party) WebAuthnDisplayName() string { return p.shown() }

// WebAuthnCredentials are those made for the site.
func (p party) WebAuthnCredentials() []webauthn.Credential { return p.credentials }

func (p Person) shown() string { return alveary.User{Login: p.Login, Name: p.Name}.DisplayName() }

// partyOf takes those of a person's passkeys that were made for the site:
// a browser offers no others there.
func (s Site) partyOf(p Person) (party, error) {
	whole := party{Person: p}
	for _, f := range p.Passkeys {
		var k kept
		if err := json.Unmarshal([]byte(f.Secret), &k); err != nil {
			return whole, fmt.Errorf("read a passkey: %w", err)
		}
		if k.Site != s.ID {
			continue
		}
		c := webauthn.Credential{ID: k.ID, PublicKey: k.Key, Transport: k.Transports}
		c.Flags = webauthn.NewCredentialFlags(protocol.FlagUserPresent | protocol.FlagUserVerified)
		c.Flags.BackupEligible = k.Backup
		c.Authenticator.SignCount = uint32(min(max(f.Step, 0), math.MaxUint32))
		whole.credentials = append(whole.credentials, c)
	}
	return whole, nil
}

// Has says whether one of the passkeys was made for the site.
func (s Site) Has(passkeys []alveary.Factor) bool {
	p, err := s.partyOf(Person{Passkeys: passkeys})
	return err == nil && len(p.credentials) > 0
}

// NewChallenge makes what a browser's answer is bound to. Whoever keeps it
// sees to it that it serves once, for a while, and for whom it was made.
func NewChallenge(random io.Reader) ([]byte, error) { return bytesOf(random, challengeSize) }

// BeginMake gives the options for a browser that makes a passkey, as JSON.
func (s Site) BeginMake(challenge []byte, p Person) (json.RawMessage, error) {
	_, creation, _, err := s.making(challenge, p)
	if err != nil {
		return nil, err
	}
	return json.Marshal(creation.Response)
}

func (s Site) making(challenge []byte, p Person) (*webauthn.WebAuthn, *protocol.CredentialCreation, *webauthn.SessionData, error) {
	library, err := s.library()
	if err != nil {
		return nil, nil, nil, err
	}
	whole, err := s.partyOf(p)
	if err != nil {
		return nil, nil, nil, err
	}
	creation, session, err := library.BeginRegistration(whole,
		webauthn.WithExclusions(webauthn.Credentials(whole.credentials).CredentialDescriptors()),
		func(o *protocol.PublicKeyCredentialCreationOptions) error { o.Challenge = challenge; return nil })
	if err != nil {
		return nil, nil, nil, fmt.Errorf("begin a passkey: %w", err)
	}
	return library, creation, session, nil
}

// FinishMake checks what the browser made and gives the factor to keep, still
// without label.
func (s Site) FinishMake(challenge []byte, p Person, answer []byte) (alveary.Factor, error) {
	library, _, session, err := s.making(challenge, p)
	if err != nil {
		return alveary.Factor{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return alveary.Factor{}, refused(err)
	}
	made, err := library.CreateCredential(party{Person: p}, *session, parsed)
	if err != nil {
		return alveary.Factor{}, refused(err)
	}
	text, err := json.Marshal(kept{
		ID: made.ID, Key: made.PublicKey, Site: s.ID, Transports: made.Transport, Backup: made.Flags.BackupEligible,
	})
	return alveary.Factor{
		ID: PasskeyID(made.ID), User: p.User, Kind: alveary.FactorPasskey, Secret: string(text), Step: int64(made.Authenticator.SignCount),
	}, err
}

// BeginAsk gives the options for a browser that answers with a passkey, as
// JSON: with one of the person's, or whoever's where there is none.
func (s Site) BeginAsk(challenge []byte, p *Person) (json.RawMessage, error) {
	var whole *party
	if p != nil {
		of, err := s.partyOf(*p)
		if err != nil {
			return nil, err
		}
		whole = &of
	}
	_, assertion, _, err := s.asking(challenge, whole)
	if err != nil {
		return nil, err
	}
	return json.Marshal(assertion.Response)
}

func (s Site) asking(challenge []byte, whole *party) (library *webauthn.WebAuthn, assertion *protocol.CredentialAssertion, session *webauthn.SessionData, err error) {
	if library, err = s.library(); err != nil {
		return nil, nil, nil, err
	}
	if whole == nil {
		assertion, session, err = library.BeginDiscoverableLogin(webauthn.WithChallenge(challenge))
	} else {
		assertion, session, err = library.BeginLogin(*whole, webauthn.WithChallenge(challenge))
	}
	if err != nil {
		return nil, nil, nil, fmt.Errorf("ask for a passkey: %w", err)
	}
	return library, assertion, session, nil
}

// FinishAsk checks a person's answer to BeginAsk and gives the passkey that
// answered, with its new counter. A counter that does not go on is a copy of a
// key and refused.
func (s Site) FinishAsk(challenge []byte, p Person, answer []byte) (alveary.Factor, error) {
	whole, err := s.partyOf(p)
	if err != nil {
		return alveary.Factor{}, err
	}
	if len(whole.credentials) == 0 {
		return alveary.Factor{}, refused(errors.New("no passkey was asked for"))
	}
	library, _, session, err := s.asking(challenge, &whole)
	if err != nil {
		return alveary.Factor{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return alveary.Factor{}, refused(err)
	}
	used, err := library.ValidateLogin(whole, *session, parsed)
	return counted(p.Passkeys, used, err)
}

// FinishAskAnyone is FinishAsk where whoever's passkey was asked for. It finds
// the passkey by its id; what find refuses is refused.
func (s Site) FinishAskAnyone(challenge, answer []byte, find func(alveary.FactorID) (alveary.Factor, error)) (alveary.Factor, error) {
	library, _, session, err := s.asking(challenge, nil)
	if err != nil {
		return alveary.Factor{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return alveary.Factor{}, refused(err)
	}
	found, err := find(PasskeyID(parsed.RawID))
	if err != nil {
		return alveary.Factor{}, err
	}
	if found.Kind != alveary.FactorPasskey {
		return alveary.Factor{}, refused(errors.New("no such passkey"))
	}
	whole, err := s.partyOf(Person{User: found.User, Passkeys: []alveary.Factor{found}})
	if err != nil {
		return alveary.Factor{}, err
	}
	_, used, err := library.ValidatePasskeyLogin(func(_, said []byte) (webauthn.User, error) {
		if user, ok := userOf(said); !ok || user != whole.User {
			return nil, errors.New("the passkey is another user's")
		}
		return whole, nil
	}, *session, parsed)
	return counted([]alveary.Factor{found}, used, err)
}

// counted is the passkey that was used, with its new counter.
func counted(passkeys []alveary.Factor, used *webauthn.Credential, err error) (alveary.Factor, error) {
	if err != nil {
		return alveary.Factor{}, refused(err)
	}
	if used.Authenticator.CloneWarning {
		return alveary.Factor{}, refused(errors.New("the counter went back"))
	}
	for _, f := range passkeys {
		if f.ID == PasskeyID(used.ID) {
			f.Step = int64(used.Authenticator.SignCount)
			return f, nil
		}
	}
	return alveary.Factor{}, refused(errors.New("no such passkey"))
}
