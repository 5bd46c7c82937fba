package sqldb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"testing/fstest"

	"github.com/pressly/goose/v3"

	"alveary"
)

// Migrate brings the schema up to date with the migrations, one server at a
// time: files 0001_name.sql and so on, in which the words of the dialect stand
// for types.
func (db *DB) Migrate(ctx context.Context, migrations fs.FS) error {
	files, newest, err := db.migrationFiles(migrations)
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(db.dialect.goose, db.Writer, files)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	for {
		now, err := provider.GetDBVersion(ctx)
		switch {
		case err != nil:
			return Failed(ctx, "read the version of the schema", err)
		case now > newest:
			return newerSchema(now, newest)
		}
		if _, err = provider.Up(ctx); err == nil {
			return nil
		}
		// A failure that another server's success explains is forgiven: both
		// began the same migration, and the other one made it.
		reached, unknown := provider.GetDBVersion(ctx)
		if unknown == nil && reached == newest {
			return nil
		}
		if unknown != nil || reached <= now {
			return Failed(ctx, "bring the schema up to date", err)
		}
	}
}

func newerSchema(have, newest int64) error {
	return &alveary.Error{
		Kind: alveary.KindConflict, Op: "open the database", Code: "newer-schema",
		Message: fmt.Sprintf("the data were written by a newer version of Alveary (schema %d, this program knows %d): "+
			"start that version, or restore a backup made before the upgrade; nothing was changed", have, newest),
	}
}

// migrationFiles fills in the type words of the dialect.
func (db *DB) migrationFiles(migrations fs.FS) (fs.FS, int64, error) {
	names, err := fs.Glob(migrations, "*.sql")
	if err != nil {
		return nil, 0, err
	}
	slices.Sort(names)
	out, newest := fstest.MapFS{}, int64(0)
	for _, name := range names {
		text, err := fs.ReadFile(migrations, name)
		if err != nil {
			return nil, 0, err
		}
		number, _, found := strings.Cut(name, "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if !found || err != nil {
			return nil, 0, errors.Join(fmt.Errorf("the migration %s does not begin with a number", name), err)
		}
		newest = max(newest, n)
		sql := "-- +goose Up\n" + db.dialect.types.Replace(string(text))
		out[name] = &fstest.MapFile{Data: []byte(sql), Mode: 0o400}
	}
	return out, newest, nil
}
