package rest

import (
	"encoding/hex"

	"github.com/danielgtaylor/huma/v2"
)

func decodeHex(text string) ([]byte, error) { return hex.DecodeString(text) }

// The pieces that routes which stream describe themselves with.

func query(name, kind, doc string) *huma.Param {
	return &huma.Param{Name: name, In: "query", Description: doc, Schema: &huma.Schema{Type: kind}}
}

func header(name, doc string) *huma.Param {
	return &huma.Param{Name: name, In: "header", Description: doc, Schema: &huma.Schema{Type: "string"}}
}

func required(p *huma.Param) *huma.Param {
	p.Required = true
	return p
}

func bytesResponse(doc string) *huma.Response {
	return &huma.Response{Description: doc, Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}},
	}}
}

func nodeResponse(doc string) *huma.Response {
	return &huma.Response{Description: doc, Content: map[string]*huma.MediaType{
		"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/Node"}},
	}}
}

func emptyResponse(doc string, headers ...string) *huma.Response {
	r := &huma.Response{Description: doc, Headers: map[string]*huma.Param{}}
	for _, h := range headers {
		r.Headers[h] = &huma.Param{Schema: &huma.Schema{Type: "string"}}
	}
	return r
}
