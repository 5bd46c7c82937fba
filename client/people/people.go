// Package people speaks to a server about people: users, groups, roles, teams,
// one's own account, locks and the settings of the house.
//
// It exists beside package client because that one is about files, and most
// programs want nothing else. Every call is made by a client.Client, with its
// care and its errors; this package knows paths and forms. Values are plain
// data with the names that the API has. A People is safe for concurrent use.
//
// Read this file first, then users.go.
package people

import (
	"context"
	"net/http"
	"net/url"

	"alveary/client"
)

// People is the part of the API that is about people.
type People struct{ *client.Client }

// At gives the people of the server that a client speaks to, as whom it speaks.
func At(c *client.Client) People { return People{c} }

func get[T any](ctx context.Context, p People, op, subject, path string, query url.Values) (out T, err error) {
	err = p.Ask(ctx, client.Request{Op: op, Subject: subject, Method: http.MethodGet, Path: path, Query: query}, nil, &out)
	return out, err
}

func list[T any](ctx context.Context, p People, op, subject, path string, query url.Values) ([]T, error) {
	out, err := get[struct {
		Items []T `json:"items"`
	}](ctx, p, op, subject, path, query)
	return out.Items, err
}

func send[T any](ctx context.Context, p People, op, subject, method, path string, in any) (out T, err error) {
	err = p.Ask(ctx, client.Request{Op: op, Subject: subject, Method: method, Path: path}, in, &out)
	return out, err
}

func (p People) do(ctx context.Context, op, subject, method, path string, in any) error {
	return p.Ask(ctx, client.Request{Op: op, Subject: subject, Method: method, Path: path}, in, nil)
}

func (p People) remove(ctx context.Context, op, subject, path string, query url.Values) error {
	return p.Ask(ctx, client.Request{Op: op, Subject: subject, Method: http.MethodDelete, Path: path, Query: query}, nil, nil)
}

// at is a path beneath a collection.
func at(collection, id, beneath string) string {
	return collection + "/" + url.PathEscape(id) + beneath
}
