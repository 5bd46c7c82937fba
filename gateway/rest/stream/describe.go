package stream

import "github.com/danielgtaylor/huma/v2"

// Query describes a parameter of the query.
func Query(name, kind, doc string) *huma.Param {
	return &huma.Param{Name: name, In: "query", Description: doc, Schema: &huma.Schema{Type: kind}}
}

// Header describes a header of the request.
func Header(name, doc string) *huma.Param {
	return &huma.Param{Name: name, In: "header", Description: doc, Schema: &huma.Schema{Type: "string"}}
}

// Required says that a parameter must be there.
func Required(p *huma.Param) *huma.Param {
	p.Required = true
	return p
}

// Bytes describes an answer of bytes.
func Bytes(doc string) *huma.Response {
	return &huma.Response{Description: doc, Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}},
	}}
}

// Empty describes an answer without a body, and its headers.
func Empty(doc string, headers ...string) *huma.Response {
	r := &huma.Response{Description: doc, Headers: map[string]*huma.Param{}}
	for _, h := range headers {
		r.Headers[h] = &huma.Param{Schema: &huma.Schema{Type: "string"}}
	}
	return r
}
