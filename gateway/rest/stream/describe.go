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

// Bytes describes an answer of bytes, of any type where none is named.
func Bytes(doc string, types ...string) *huma.Response {
	return &huma.Response{Description: doc, Content: binary(types)}
}

// Pictures describes an answer that is a picture.
func Pictures(doc string) *huma.Response { return Bytes(doc, "image/jpeg", "image/png") }

// Body describes a request whose body is the content of a file, and the digest
// that it may declare.
func Body(op *huma.Operation) {
	op.Parameters = append(op.Parameters, Header("Content-Digest", "sha-256=:BASE64: of the body; another body is refused"))
	op.RequestBody = &huma.RequestBody{Required: true, Content: binary(nil)}
}

func binary(types []string) map[string]*huma.MediaType {
	if len(types) == 0 {
		types = []string{"application/octet-stream"}
	}
	content := make(map[string]*huma.MediaType, len(types))
	for _, t := range types {
		content[t] = &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	}
	return content
}

// Empty describes an answer without a body, and its headers.
func Empty(doc string, headers ...string) *huma.Response {
	r := &huma.Response{Description: doc, Headers: map[string]*huma.Param{}}
	for _, h := range headers {
		r.Headers[h] = &huma.Param{Schema: &huma.Schema{Type: "string"}}
	}
	return r
}
