package operation

// List is an answer that is a list.
type List[T any] struct {
	Body struct {
		Items []T `json:"items"`
	}
}

// Items answers with a list, never with null.
func Items[T any](list []T, err error) (*List[T], error) {
	if err != nil {
		return nil, err
	}
	out := &List[T]{}
	if out.Body.Items = list; list == nil {
		out.Body.Items = []T{}
	}
	return out, nil
}

// One is an answer that is one document.
type One[T any] struct{ Body T }

// Body answers with a document.
func Body[T any](document T, err error) (*One[T], error) {
	if err != nil {
		return nil, err
	}
	return &One[T]{document}, nil
}

// IDIn names anything in the path of a request. It is exported because huma
// looks into exported embedded fields alone.
type IDIn struct {
	ID string `path:"id"`
}
