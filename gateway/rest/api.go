package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"alveary"
	"alveary/gateway"
	"alveary/service/files"
	"alveary/service/govern"
	"alveary/service/login"
	"alveary/service/people"
)

// Prefix is where the API lives.
const Prefix = "/api/v1"

// Config is what the door is built from.
type Config struct {
	Gateway *gateway.Gateway
	Files   *files.Service
	Login   *login.Service
	Govern  *govern.Service
	People  *people.Service
	Version string // of the program
}

// API is the REST door.
type API struct {
	gate    *gateway.Gateway
	files   *files.Service
	login   *login.Service
	govern  *govern.Service
	people  *people.Service
	version string
	huma    huma.API
}

// Mount builds the door and registers its routes with the gateway.
func Mount(c Config) (*API, error) {
	installErrors()
	a := &API{gate: c.Gateway, files: c.Files, login: c.Login, govern: c.Govern, people: c.People, version: c.Version}
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
	a.huma = humago.NewWithPrefix(c.Gateway.Routes, Prefix, config)
	a.jsonRoutes()
	a.consoleRoutes()
	a.byteRoutes()
	return a, a.referenceRoutes()
}

// Document is the OpenAPI document, indented.
func (a *API) Document() ([]byte, error) {
	text, err := json.MarshalIndent(a.huma.OpenAPI(), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the OpenAPI document: %w", err)
	}
	return append(text, '\n'), nil
}

// asker is who asks: nobody on an open route, and nobody holds no role.
func asker(ctx context.Context) alveary.Subject {
	s, _ := gateway.Subject(ctx)
	return s
}

// route says what stands before an operation.
type route struct {
	method, path, id, summary string
	decision                  string // what is asked at the gate
	open                      string // why nobody has to be signed in
	tag                       string
	status                    int
	errors                    []int
	stream                    bool  // the body of the request is bytes of any size
	body                      int64 // bytes that it may have at the least; 0: what is configured
}

func (r route) operation() huma.Operation {
	op := huma.Operation{
		OperationID: r.id, Method: r.method, Path: r.path, Summary: r.summary, Tags: []string{r.tag},
		DefaultStatus: r.status, Errors: r.errors, MaxBodyBytes: r.body,
	}
	if r.open != "" {
		op.Description = "Open to all: " + r.open + "."
		op.Security = []map[string][]string{}
		return op
	}
	op.Description = "Decided by: " + r.decision + "."
	op.Security = []map[string][]string{{"session": {}}, {"token": {}}}
	op.Errors = append([]int{http.StatusUnauthorized}, r.errors...)
	return op
}

func (r route) declared() gateway.Route {
	return gateway.Route{
		Method: r.method, Pattern: Prefix + r.path, Operation: r.id, Decision: r.decision, Open: r.open, Stream: r.stream, Body: r.body,
	}
}

// handle registers a JSON operation with its decision.
func handle[I, O any](a *API, r route, h func(context.Context, *I) (*O, error)) {
	declared := r.declared()
	declared.Document = true
	a.gate.Routes.Declare(declared)
	huma.Register(a.huma, r.operation(), h)
}

// bytes registers an operation that streams, and describes it beside huma's.
func (a *API) bytes(r route, describe func(*huma.Operation), h http.HandlerFunc) {
	op := r.operation()
	op.Responses = map[string]*huma.Response{}
	describe(&op)
	for _, status := range op.Errors {
		op.Responses[fmt.Sprint(status)] = problemResponse(status)
	}
	op.Parameters = append(pathParameters(r.path), op.Parameters...)
	a.huma.OpenAPI().AddOperation(&op)
	a.gate.Routes.Handle(r.declared(), h)
}

func problemResponse(status int) *huma.Response {
	return &huma.Response{
		Description: http.StatusText(status),
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}}},
	}
}

func pathParameters(path string) []*huma.Param {
	var params []*huma.Param
	for part := range strings.SplitSeq(path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			params = append(params, &huma.Param{
				Name: strings.TrimSuffix(name, "}"), In: "path", Required: true, Schema: &huma.Schema{Type: "string"},
			})
		}
	}
	return params
}

// installErrors makes huma answer with the house's problems. It is huma's own
// global, so it is set once for the process.
func installErrors() {
	once.Do(func() { huma.NewError, huma.NewErrorWithContext = plainError, contextError })
}

var once sync.Once

func plainError(status int, msg string, errs ...error) huma.StatusError {
	return problemOf(context.Background(), status, msg, errs)
}

func contextError(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
	if ctx == nil {
		return plainError(status, msg, errs...)
	}
	p := problemOf(ctx.Context(), status, msg, errs)
	header := http.Header{}
	p.SetHeaders(header)
	for name, values := range header {
		ctx.SetHeader(name, values[0])
	}
	return p
}

// problemOf words what went wrong in huma, or in a handler. What huma found in
// the input is 400 with the places; the values that were sent are not repeated,
// since a password may be among them.
func problemOf(ctx context.Context, status int, msg string, errs []error) *gateway.Problem {
	var own *alveary.Error
	joined := errors.Join(errs...)
	if errors.As(joined, &own) || status >= 500 {
		return gateway.NewProblem(ctx, joined)
	}
	var tooLarge *http.MaxBytesError
	if errors.As(joined, &tooLarge) {
		return gateway.NewProblem(ctx, joined)
	}
	p := gateway.NewProblem(ctx, &alveary.Error{Kind: alveary.KindInvalid, Op: "read the request", Code: "invalid", Message: msg})
	if status == http.StatusUnprocessableEntity {
		status = http.StatusBadRequest
	}
	p.Status, p.Title = status, http.StatusText(status)
	if status == http.StatusRequestEntityTooLarge {
		p.Code = "too-large"
	}
	describeInput(p, errs)
	return p
}

func describeInput(p *gateway.Problem, errs []error) {
	var unknown, other []string
	for _, err := range errs {
		var at huma.ErrorDetailer
		if !errors.As(err, &at) {
			continue
		}
		d := at.ErrorDetail()
		p.Errors = append(p.Errors, gateway.FieldError{Location: d.Location, Message: d.Message})
		if strings.Contains(d.Message, "unexpected property") || strings.Contains(d.Message, "unknown query") {
			unknown = append(unknown, d.Location)
		} else {
			other = append(other, d.Location+": "+d.Message)
		}
	}
	slices.Sort(unknown)
	switch {
	case len(unknown) > 0:
		p.Code, p.Detail = "unknown-fields", "the request has fields that are not known here: "+strings.Join(unknown, ", ")
	case len(other) > 0:
		p.Detail = "the request is not as it must be: " + strings.Join(other, "; ")
	}
}
