package rest

import "github.com/danielgtaylor/huma/v2"

func nodeResponse(doc string) *huma.Response {
	return &huma.Response{Description: doc, Content: map[string]*huma.MediaType{
		"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/Node"}},
	}}
}
