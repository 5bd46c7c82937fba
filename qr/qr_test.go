package qr

import (
	"strings"
	"testing"
)

func TestRows(t *testing.T) {
	rows, err := Rows("https://files.example.org/s/4l7w2vq3m5n6c7x8")
	if err != nil {
		t.Fatal(err)
	}
	finder := "1111111"
	for y, row := range rows {
		if len(row) != len(rows) || strings.Trim(row, "01") != "" {
			t.Fatalf("row %d is %q", y, row)
		}
	}
	last := rows[len(rows)-1]
	if len(rows) < 21 || !strings.HasPrefix(rows[0], finder+"0") || !strings.HasSuffix(rows[0], "0"+finder) || !strings.HasPrefix(last, finder+"0") {
		t.Errorf("no finder patterns in\n%s", strings.Join(rows, "\n"))
	}
	if _, err := Rows(strings.Repeat("x", 10_000)); err == nil {
		t.Error("a text that fits no picture was drawn")
	}
}
