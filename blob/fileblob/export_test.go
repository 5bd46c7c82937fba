package fileblob

import "os"

// The flushes that OpenLeavingOut can leave out.
const (
	FlushBytes   = string(flushBytes)
	FlushName    = string(flushName)
	FlushPartial = string(flushPartial)
	FlushFolder  = string(flushFolder)
)

// OpenLeavingOut is Open for a bucket that forgets a flush where skip says so,
// by what it is for and the path of the file or folder.
func OpenLeavingOut(dir string, skip func(what, path string) bool) (*Bucket, error) {
	return open(dir, func(what flush, f *os.File) error {
		if skip(string(what), f.Name()) {
			return nil
		}
		return f.Sync()
	})
}
