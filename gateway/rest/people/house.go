package people

import (
	"context"
	"errors"
	"time"

	"alveary"
	"alveary/gateway/rest/operation"
	"alveary/service/mail"
)

// lock is an account or an address of which more than a password is asked.
type lock struct {
	ID       string     `json:"id"`
	Kind     string     `json:"kind" enum:"account,address"`
	Login    string     `json:"login,omitempty" doc:"Of an account"`
	User     string     `json:"userId,omitempty"`
	Address  string     `json:"address,omitempty" doc:"Of an address; of an account, from where it last failed"`
	Failures int64      `json:"failures"`
	Last     time.Time  `json:"last" doc:"Failure"`
	Until    *time.Time `json:"until,omitempty" doc:"Nobody gets in before; missing where one need not wait"`
	Captcha  bool       `json:"captcha" doc:"A proof of work is asked for"`
}

func (d *door) locks(ctx context.Context, _ *struct{}) (*operation.List[lock], error) {
	locks, err := d.limits.Locks(ctx)
	out := make([]lock, len(locks))
	for i, l := range locks {
		out[i] = lock{ID: l.ID, Kind: l.Kind, Login: l.Login, Address: l.Address, Failures: l.Failures, Last: l.Last, Captcha: l.Captcha}
		if l.User != 0 {
			out[i].User = alveary.NodeID(l.User).String()
		}
		if !l.Until.IsZero() {
			out[i].Until = &l.Until
		}
	}
	return operation.Items(out, err)
}

func (d *door) liftLock(ctx context.Context, in *operation.IDIn) (*struct{}, error) {
	_, err := d.limits.Lift(ctx, operation.Asker(ctx), in.ID)
	return nil, err
}

func (d *door) organisation(ctx context.Context, _ *struct{}) (*operation.One[alveary.Organisation], error) {
	return operation.Body(d.settings.Organisation(ctx))
}

type organisationIn struct{ Body alveary.Organisation }

func (d *door) setOrganisation(ctx context.Context, in *organisationIn) (*operation.One[alveary.Organisation], error) {
	return operation.Body(d.settings.SetOrganisation(ctx, operation.Asker(ctx), in.Body))
}

func (d *door) signIn(ctx context.Context, _ *struct{}) (*operation.One[alveary.SignInRules], error) {
	return operation.Body(d.settings.SignIn(ctx))
}

type signInIn struct{ Body alveary.SignInRules }

func (d *door) setSignIn(ctx context.Context, in *signInIn) (*operation.One[alveary.SignInRules], error) {
	return operation.Body(d.settings.SetSignIn(ctx, operation.Asker(ctx), in.Body))
}

// mailServer is the mail server as it comes out.
type mailServer struct {
	Host        string `json:"host" doc:"Empty: no mail is sent, and links are shown to administrators"`
	Port        int    `json:"port"`
	Security    string `json:"security" enum:"tls,starttls,none,"`
	User        string `json:"user"`
	From        string `json:"from"`
	PasswordSet bool   `json:"passwordSet"`
	Waiting     int64  `json:"waiting" doc:"Mails that were not sent yet"`
	Failure     string `json:"failure,omitempty" doc:"Why the one that waits longest was not sent"`
	Warning     string `json:"warning,omitempty" doc:"What is unsafe about this server"`
	Links       bool   `json:"links" doc:"The server knows its public address (--public-url), which links in mails need"`
}

// MailServerIn is a mail server as it is given; exported like operation.IDIn.
type MailServerIn struct {
	Host     string  `json:"host" maxLength:"254"`
	Port     int     `json:"port,omitempty" minimum:"0" maximum:"65535" doc:"That usual with the security if missing"`
	Security string  `json:"security,omitempty" enum:"tls,starttls,none" doc:"starttls if missing"`
	User     string  `json:"user,omitempty" maxLength:"254"`
	From     string  `json:"from,omitempty" maxLength:"254"`
	Password *string `json:"password,omitempty" maxLength:"1024" doc:"If missing, the one that was given for this server before"`
}

func (m MailServerIn) server() alveary.MailServer {
	return alveary.MailServer{Host: m.Host, Port: m.Port, Security: m.Security, User: m.User, From: m.From}
}

func (d *door) mailServer(ctx context.Context, _ *struct{}) (*operation.One[mailServer], error) {
	m, err := d.settings.Mail(ctx, operation.Asker(ctx))
	return operation.Body(mailServer{m.Host, m.Port, m.Security, m.User, m.From, m.PasswordSet, m.Waiting, m.Failure, mail.Warning(m.MailServer), d.links}, err)
}

type setMailServerIn struct{ Body MailServerIn }

func (d *door) setMailServer(ctx context.Context, in *setMailServerIn) (*operation.One[mailServer], error) {
	if err := d.settings.SetMail(ctx, operation.Asker(ctx), in.Body.server(), in.Body.Password); err != nil {
		return nil, err
	}
	return d.mailServer(ctx, nil)
}

type testMailIn struct {
	Body struct {
		To     string        `json:"to" maxLength:"254" doc:"Mail address"`
		Server *MailServerIn `json:"server,omitempty" doc:"To be tried before it is kept; the stored one if missing"`
	}
}

type tested struct {
	OK      bool   `json:"ok"`
	Failure string `json:"failure,omitempty" doc:"What the server said, or why it was not reached"`
}

func (d *door) testMail(ctx context.Context, in *testMailIn) (*operation.One[tested], error) {
	var server *alveary.MailServer // nil: the stored one
	if given := in.Body.Server; given != nil {
		try := given.server()
		if given.Password != nil {
			try.Password = *given.Password
		}
		server = &try
	}
	err := d.mail.Test(ctx, operation.Asker(ctx), server, in.Body.To)
	var failed *alveary.Error
	if errors.As(err, &failed) && failed.Code == "mail-failed" {
		return operation.Body(tested{Failure: failed.Message}, nil)
	}
	return operation.Body(tested{OK: err == nil}, err)
}
