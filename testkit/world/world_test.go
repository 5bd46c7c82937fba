package world_test

import (
	"net/http"
	"testing"

	"alveary/testkit/world"
)

// A world holds what it was told to hold, and its server knows its people.
func TestWorld(t *testing.T) {
	world.OnEach(t, func(t *testing.T, w *world.World) {
		w.User("ann")
		id := w.File("common/a/b.txt", "hello")
		if w.Content(id) != "hello" || w.At("common/a/b.txt") != id || w.At("common/b.txt") != 0 {
			t.Fatalf("the tree is\n%s", w.Picture())
		}
		if answer := w.Nobody().Do("GET", "/session", nil); answer.Status != http.StatusUnauthorized {
			t.Errorf("nobody: %d", answer.Status)
		}
		for _, c := range []*world.Client{w.Client("ann"), w.Browser("ann")} {
			before := c.Do("GET", "/session", nil)
			w.Restart()
			after := c.Do("GET", "/session", nil)
			if before.Status != http.StatusOK || after.Status != http.StatusOK {
				t.Errorf("ann: %d, after a restart %d", before.Status, after.Status)
			}
		}
	})
}
