// Package operation is what one operation of the REST interface is made of:
// its line in the table of routes, its description in the OpenAPI document, and
// how what goes wrong in it is worded.
//
// It exists so that the parts of the REST door (files, people, the console)
// can each have a room of their own and still register in one way: with the
// decision that stands before the operation, or the reason why none does.
//
// Read this file first.
package operation

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"alveary"
	"alveary/gateway"
)

// Prefix is where the API lives.
const Prefix = "/api/v1"

// Door is where operations register: the table of routes and the document.
type Door struct {
	Gateway *gateway.Gateway
	Huma    huma.API
}

// Asker is who asks: nobody on an open route, and nobody holds no role.
func Asker(ctx context.Context) alveary.Subject {
	s, _ := gateway.Subject(ctx)
	return s
}

// Route says what stands before an operation.
type Route struct {
	Method, Path, ID, Summary string
	Decision                  string // what is asked at the gate
	Open                      string // why nobody has to be signed in
	Tag                       string
	Status                    int
	Errors                    []int
	Stream                    bool  // the body of the request is bytes of any size
	Body                      int64 // bytes that it may have at the least; 0: what is configured
	Fresh                     bool  // a browser session must have been proved lately
	Session                   bool  // for browser sessions alone, never for tokens
	Guest                     bool  // open, and whoever is signed in to the browser may say so
}

func (r Route) operation() huma.Operation {
	op := huma.Operation{
		OperationID: r.ID, Method: r.Method, Path: r.Path, Summary: r.Summary, Tags: []string{r.Tag},
		DefaultStatus: r.Status, Errors: r.Errors, MaxBodyBytes: r.Body,
	}
	if r.Open != "" {
		op.Description = "Open to all: " + r.Open + "."
		op.Security = []map[string][]string{}
		return op
	}
	op.Description = "Decided by: " + r.Decision + "."
	switch {
	case r.Session && r.Fresh:
		op.Description += " For browser sessions alone, and only where who asks has proved lately who he is."
	case r.Session:
		op.Description += " For browser sessions alone."
	case r.Fresh:
		op.Description += " A browser session must have been proved lately."
	}
	op.Security = []map[string][]string{{"session": {}}, {"token": {}}}
	op.Errors = append([]int{http.StatusUnauthorized}, r.Errors...)
	return op
}

func (r Route) declared() gateway.Route {
	return gateway.Route{
		Method: r.Method, Pattern: Prefix + r.Path, Operation: r.ID, Decision: r.Decision, Open: r.Open, Stream: r.Stream, Body: r.Body,
		Fresh: r.Fresh, Session: r.Session, Guest: r.Guest,
	}
}

// Handle registers a JSON operation with its decision.
func Handle[I, O any](d *Door, r Route, h func(context.Context, *I) (*O, error)) {
	declared := r.declared()
	declared.Document = true
	d.Gateway.Routes.Declare(declared)
	huma.Register(d.Huma, r.operation(), h)
}

// Bytes registers an operation that streams, and describes it beside huma's.
func (d *Door) Bytes(r Route, describe func(*huma.Operation), h http.HandlerFunc) {
	op := r.operation()
	op.Responses = map[string]*huma.Response{}
	describe(&op)
	for _, status := range op.Errors {
		op.Responses[fmt.Sprint(status)] = problemResponse(status)
	}
	op.Parameters = append(pathParameters(r.Path), op.Parameters...)
	d.Huma.OpenAPI().AddOperation(&op)
	d.Gateway.Routes.Handle(r.declared(), h)
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
