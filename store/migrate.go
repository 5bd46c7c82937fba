package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing/fstest"

	"github.com/pressly/goose/v3"

	"alveary"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to date, one server at a time.
func (s *Store) migrate(ctx context.Context) error {
	files, newest, err := s.migrationFiles()
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(s.dialect.goose, s.writer, files)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	have, err := provider.GetDBVersion(ctx)
	if err != nil {
		return failed(ctx, "read the version of the schema", err)
	}
	if have > newest {
		return &alveary.Error{
			Kind: alveary.KindConflict, Op: "open the database", Code: "newer-schema",
			Message: fmt.Sprintf("the data were written by a newer version of Alveary (schema %d, this program knows %d): "+
				"start that version, or restore a backup made before the upgrade; nothing was changed", have, newest),
		}
	}
	if _, err := provider.Up(ctx); err != nil {
		return s.migrateFailed(ctx, provider, newest, err)
	}
	return nil
}

// migrateFailed forgives a failure that another server's success explains:
// both began the same migration, and the other one made it.
func (s *Store) migrateFailed(ctx context.Context, p *goose.Provider, newest int64, cause error) error {
	if have, err := p.GetDBVersion(ctx); err == nil && have == newest {
		return nil
	}
	return failed(ctx, "bring the schema up to date", cause)
}

// migrationFiles fills in the type words of the dialect.
func (s *Store) migrationFiles() (fs.FS, int64, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, 0, err
	}
	slices.Sort(names)
	out, newest := fstest.MapFS{}, int64(0)
	for _, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, 0, err
		}
		base := path.Base(name)
		number, _, found := strings.Cut(base, "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if !found || err != nil {
			return nil, 0, errors.Join(fmt.Errorf("the migration %s does not begin with a number", base), err)
		}
		newest = max(newest, n)
		sql := "-- +goose Up\n" + s.dialect.types.Replace(string(text))
		out[base] = &fstest.MapFile{Data: []byte(sql), Mode: 0o400}
	}
	return out, newest, nil
}
