package rest_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"alveary"
	"alveary/blob"
	"alveary/blob/fileblob"
	"alveary/blob/memblob"
	"alveary/testkit/world"
)

// A full disk is 507, whichever way the bytes come, and the old file is whole;
// when there is room again all goes on where it stood.
func TestFullDisk(t *testing.T) {
	const room = 512 << 10
	for name, driver := range map[string]func(*testing.T) blob.Driver{
		"memory": func(t *testing.T) blob.Driver {
			w := world.New(t, world.Options{})
			return memblob.New(w.Now, room)
		},
		"a disk": func(t *testing.T) blob.Driver { return tinyDisk(t, room) },
	} {
		t.Run(name, func(t *testing.T) {
			g := newGarden(t, world.Options{Driver: driver(t)})
			old := g.File("common/area/x", strings.Repeat("o", room/4))
			large := strings.Repeat("n", room)
			at := g.begin(g.ann, room/2, "parent", g.area.String(), "name", "up")
			want(t, g.piece(g.ann, at, 0, large[:room/8]), http.StatusNoContent)
			g.unchanged("a full disk", func() {
				want(t, g.put(g.ann, g.area, "name=new", large), http.StatusInsufficientStorage, "no-space")
				want(t, g.put(g.ann, g.area, "name=x&conflict=replace", large), http.StatusInsufficientStorage, "no-space")
				want(t, g.ann.Do("PUT", fmt.Sprintf("/nodes/%s/content", old), world.Reader(large), "Content-Type", octets), http.StatusInsufficientStorage, "no-space")
			})
			filler := want(t, g.put(g.ann, g.area, "name=filler", large[:room/2]), http.StatusCreated)
			var n node
			filler.Into(t, &n)
			want(t, g.piece(g.ann, at, room/8, large[:room/2-room/8]), http.StatusInsufficientStorage, "no-space")
			if offset, _ := g.stands(g.ann, at); offset != fmt.Sprint(room/8) {
				t.Errorf("it stands at %s", offset)
			}
			if got := want(t, g.ann.Do("GET", fmt.Sprintf("/nodes/%s/content", old), nil), http.StatusOK); string(got.Body) != strings.Repeat("o", room/4) {
				t.Error("the old file is not whole")
			}
			want(t, g.ann.Do("DELETE", "/nodes/"+n.ID, nil), http.StatusNoContent)
			want(t, g.piece(g.ann, at, room/8, large[:room/2-room/8]), http.StatusNoContent)
			if got := g.Content(g.At("common/area/up")); got != large[:room/2] {
				t.Errorf("%d bytes came", len(got))
			}
		})
	}
}

// tinyDisk is a real file system with little room.
func tinyDisk(t *testing.T, room int) blob.Driver {
	t.Helper()
	dir := t.TempDir()
	err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", room+(64<<10)))
	if errors.Is(err, syscall.EPERM) {
		t.Skip("only root may mount the tiny disk that this test fills")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	bucket, err := fileblob.Open(filepath.Join(dir, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := bucket.Close(); err != nil {
			t.Error(err)
		}
	})
	return bucket
}

// What the disk lost is said to be lost, not served as something else.
func TestLostObject(t *testing.T) {
	g := newGarden(t, world.Options{})
	id := g.File("common/area/x", "here today")
	if err := g.Driver.Remove(g.Node(id).Blob, false); err != nil {
		t.Fatal(err)
	}
	a := want(t, g.ann.Do("GET", fmt.Sprintf("/nodes/%s/content", id), nil), http.StatusInternalServerError)
	if strings.Contains(string(a.Body), string(g.Node(id).Blob)) {
		t.Errorf("told %s", a.Body)
	}
	zipped, err := http.DefaultTransport.RoundTrip(g.ann.Request("POST", "/archive", world.Reader("nodes="+g.area.String()), "Content-Type", "application/x-www-form-urlencoded"))
	if err == nil {
		_, err = io.Copy(io.Discard, zipped.Body)
		zipped.Body.Close()
	}
	if err == nil {
		t.Error("an archive without the file looks whole")
	}
	if n := g.Node(id); n.ID == 0 || n.Type != alveary.Leaf {
		t.Error("the node is gone too")
	}
}
