package rest

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"alveary/gateway"
)

//go:embed reference.html
var referenceHTML string

// referenceRoutes serves the OpenAPI document and the page made from it. Both
// are made when they are first asked for, since few ask and a server starts at
// once, and then kept: they do not change while it runs.
func (a *API) referenceRoutes() {
	const why = "the description of the interface is the same for all and holds no data"
	a.gate.Routes.Handle(gateway.Route{Method: http.MethodGet, Pattern: "/api/openapi.json", Operation: "openapi", Open: why, Document: true}, still("application/json", a.Document))
	a.gate.Routes.Handle(gateway.Route{Method: http.MethodGet, Pattern: "/api/{$}", Operation: "reference", Open: why, Document: true}, still("text/html; charset=utf-8", a.referencePage))
}

// still serves bytes that do not change.
func still(kind string, describe func() ([]byte, error)) http.Handler {
	made := sync.OnceValues(describe)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, err := made()
		if err != nil {
			gateway.WriteProblem(w, r, err)
			return
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(content) // the client is gone; there is nobody to tell
	})
}

// chapter is the operations of one tag.
type chapter struct {
	Name       string
	Operations []line
}

// line is one operation as the page shows it.
type line struct {
	Method, Path string
	*huma.Operation
	Body    string // name of the schema of the request's body
	Answers []answer
}

type answer struct{ Status, Description, Schema string }

// shape is one schema as the page shows it.
type shape struct {
	Name   string
	Fields []field
}

type field struct{ Name, Kind, Doc string }

func (a *API) referencePage() ([]byte, error) {
	t, err := template.New("reference").Parse(referenceHTML)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, map[string]any{
		"Info": a.door.Huma.OpenAPI().Info, "Prefix": Prefix, "Chapters": a.chapters(), "Shapes": a.shapes(),
	})
	return out.Bytes(), err
}

func (a *API) chapters() []chapter {
	byTag := map[string][]line{}
	paths := a.door.Huma.OpenAPI().Paths
	for path, item := range paths {
		for _, op := range []*huma.Operation{item.Get, item.Head, item.Post, item.Put, item.Patch, item.Delete, item.Options} {
			if op != nil {
				byTag[op.Tags[0]] = append(byTag[op.Tags[0]], toLine(path, op))
			}
		}
	}
	var chapters []chapter
	for tag, lines := range byTag {
		slices.SortFunc(lines, func(a, b line) int {
			return strings.Compare(a.Path+" "+a.Method, b.Path+" "+b.Method)
		})
		chapters = append(chapters, chapter{tag, lines})
	}
	slices.SortFunc(chapters, func(a, b chapter) int { return strings.Compare(a.Name, b.Name) })
	return chapters
}

func toLine(path string, op *huma.Operation) line {
	l := line{Method: op.Method, Path: path, Operation: op}
	if op.RequestBody != nil {
		for kind, media := range op.RequestBody.Content {
			l.Body = schemaName(media.Schema, kind)
		}
	}
	for status, r := range op.Responses {
		got := answer{Status: status, Description: r.Description}
		for kind, media := range r.Content {
			got.Schema = schemaName(media.Schema, kind)
		}
		l.Answers = append(l.Answers, got)
	}
	slices.SortFunc(l.Answers, func(a, b answer) int { return strings.Compare(a.Status, b.Status) })
	return l
}

func schemaName(s *huma.Schema, otherwise string) string {
	if s != nil && s.Ref != "" {
		return s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
	}
	return otherwise
}

func (a *API) shapes() []shape {
	var shapes []shape
	for name, s := range a.door.Huma.OpenAPI().Components.Schemas.Map() {
		sh := shape{Name: name}
		for property, p := range s.Properties {
			sh.Fields = append(sh.Fields, field{property, kindOf(p), p.Description})
		}
		slices.SortFunc(sh.Fields, func(a, b field) int { return strings.Compare(a.Name, b.Name) })
		shapes = append(shapes, sh)
	}
	slices.SortFunc(shapes, func(a, b shape) int { return strings.Compare(a.Name, b.Name) })
	return shapes
}

// kindOf words the type of a field.
func kindOf(s *huma.Schema) string {
	switch {
	case s.Ref != "":
		return schemaName(s, "")
	case s.Items != nil:
		return "list of " + kindOf(s.Items)
	case s.Format != "":
		return s.Type + ", " + s.Format
	}
	return s.Type
}
