package rest

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"alveary/gateway"
	"alveary/gateway/rest/account"
	"alveary/gateway/rest/operation"
	"alveary/gateway/rest/people"
	"alveary/gateway/rest/share"
	"alveary/service/files"
	"alveary/service/govern"
	"alveary/service/login"
	"alveary/service/login/limit"
	"alveary/service/mail"
	"alveary/service/notice"
	keepers "alveary/service/people"
	"alveary/service/settings"
	sharing "alveary/service/share"
	"alveary/service/share/ask"
	"alveary/service/share/visit"
)

// Prefix is where the API lives.
const Prefix = operation.Prefix

// Config is what the door is built from.
type Config struct {
	Gateway  *gateway.Gateway
	Files    *files.Service
	Login    *login.Service
	Limits   *limit.Limits
	Govern   *govern.Service
	People   *keepers.Service
	Settings *settings.Service
	Mail     *mail.Service
	Share    *sharing.Service
	Requests *ask.Service
	Visits   *visit.Service
	Notices  *notice.Service
	Now      func() time.Time
	Public   string // the address by which people come; may be empty
	Version  string // of the program
}

// API is the REST door.
type API struct {
	gate   *gateway.Gateway
	files  *files.Service
	govern *govern.Service
	door   *operation.Door
}

// Mount builds the door and registers its routes with the gateway.
func Mount(c Config) *API {
	operation.InstallErrors()
	a := &API{gate: c.Gateway, files: c.Files, govern: c.Govern}
	config := huma.DefaultConfig("Alveary", c.Version)
	config.Info.Description = "The REST interface of Alveary, a self-hosted document-sharing server. " +
		"Ids are decimal numbers as text; times are RFC 3339; errors are problem documents (RFC 9457) whose detail is a sentence to show."
	config.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	config.Servers = []*huma.Server{{URL: Prefix}}
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil // no $schema property in answers
	config.Transformers = nil
	config.RejectUnknownQueryParameters = true
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: "__Host-alveary", Description: "Set by signing in"},
		"token":   {Type: "http", Scheme: "bearer", Description: "A personal access token, alv_…"},
	}
	a.door = &operation.Door{Gateway: c.Gateway, Huma: humago.NewWithPrefix(c.Gateway.Routes, Prefix, config)}
	account.Mount(account.Config{Door: a.door, Login: c.Login, Files: c.Files, People: c.People, Settings: c.Settings, Version: c.Version})
	people.Mount(people.Config{Door: a.door, Login: c.Login, Files: c.Files, People: c.People, Settings: c.Settings, Mail: c.Mail, Limits: c.Limits, Links: c.Public != ""})
	share.Mount(share.Config{Door: a.door, Files: c.Files, Share: c.Share, Requests: c.Requests, Visits: c.Visits, Notices: c.Notices, PublicURL: c.Public, Now: c.Now})
	a.jsonRoutes()
	a.consoleRoutes()
	a.byteRoutes()
	a.referenceRoutes()
	return a
}

// Document is the OpenAPI document, indented.
func (a *API) Document() ([]byte, error) {
	text, err := json.MarshalIndent(a.door.Huma.OpenAPI(), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the OpenAPI document: %w", err)
	}
	return append(text, '\n'), nil
}
