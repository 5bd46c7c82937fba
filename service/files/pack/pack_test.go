package pack

import "testing"

func TestNamesMeanNoPlaceAndAreTakenOnce(t *testing.T) {
	names := Names{}
	for _, c := range [][2]string{
		{"a.txt", "a.txt"},
		{"a.txt", "2-a.txt"},
		{"a.txt", "3-a.txt"},
		{`..\..\x`, ".._.._x"},
		{"C:x", "C_x"},
		{"C_x", "2-C_x"},
		{"line\nbreak", "line_break"},
	} {
		if got := names.Take(c[0]); got != c[1] {
			t.Errorf("%q goes in as %q, want %q", c[0], got, c[1])
		}
	}
}

func TestWhatIsCompressedAlready(t *testing.T) {
	for mime, want := range map[string]bool{
		"video/mp4": true, "audio/mpeg": true, "audio/wav": false, "image/png": true, "image/svg+xml": false,
		"application/zip": true, "application/pdf": true, "text/plain; charset=utf-8": false, "": false,
		"application/vnd.oasis.opendocument.text": true,
	} {
		if compressed(mime) != want {
			t.Errorf("%q is compressed: %v, want %v", mime, !want, want)
		}
	}
}
