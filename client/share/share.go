// Package share speaks to a server about sharing: Cells, links, the rules of the
// house for both, requests for rights and notices; and it opens links as a
// visitor does, who has no account.
//
// It exists beside package client for the reason that client/people does: that
// one is about files, and most programs want nothing else. Every call is made by
// a client.Client, with its care and its errors; this package knows paths and
// forms. Values are plain data with the names that the API has. A Sharing is
// safe for concurrent use. Passwords go into requests and are in no answer.
//
// Read this file first, then cells.go; visit.go is the visitor's side.
package share

import (
	"context"
	"net/http"
	"net/url"

	"alveary/client"
)

// Sharing is the part of the API that is about sharing.
type Sharing struct{ *client.Client }

// At gives the sharing of the server that a client speaks to, as whom it speaks.
func At(c *client.Client) Sharing { return Sharing{c} }

func get[T any](ctx context.Context, c *client.Client, op, subject, path string, query url.Values) (out T, err error) {
	err = c.Ask(ctx, client.Request{Op: op, Subject: subject, Method: http.MethodGet, Path: path, Query: query}, nil, &out)
	return out, err
}

func list[T any](ctx context.Context, c *client.Client, op, path string) ([]T, error) {
	out, err := get[struct {
		Items []T `json:"items"`
	}](ctx, c, op, "", path, nil)
	return out.Items, err
}

func send[T any](ctx context.Context, c *client.Client, op, subject, method, path string, in any) (out T, err error) {
	err = c.Ask(ctx, client.Request{Op: op, Subject: subject, Method: method, Path: path}, in, &out)
	return out, err
}

func do(ctx context.Context, c *client.Client, op, subject, method, path string, in any) error {
	return c.Ask(ctx, client.Request{Op: op, Subject: subject, Method: method, Path: path}, in, nil)
}

// at is a path beneath a collection.
func at(collection, id, beneath string) string {
	return collection + "/" + url.PathEscape(id) + beneath
}

// query is a query of those values that are not empty.
func query(values map[string]string) url.Values {
	q := url.Values{}
	for name, value := range values {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}
