package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// mayCreate refuses to begin a new journal where there was one.
func mayCreate(path string, marked *anchor) error {
	if marked != nil {
		return &Refusal{Reason: Emptied, Path: path, Detail: fmt.Sprintf("it is missing or empty, and held %d entries or more", marked.at.seq)}
	}
	if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 0 {
		return &Refusal{Reason: Emptied, Path: path, Detail: "it is missing or empty, but its write-ahead log is still there"}
	}
	return nil
}

// create makes a new journal under another name and gives it its own when it
// is complete, so that a crash leaves a journal or none. Its name is not
// durable yet.
func create(ctx context.Context, c connect, path string) error {
	draft := path + ".new"
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(draft + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	// The mode is set before the first byte, whatever the umask; SQLite gives
	// its own files the same.
	f, err := os.OpenFile(draft, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) //nolint:forbidigo // not yet the journal, and before SQLite
	if err != nil {
		return err
	}
	if err := errors.Join(f.Chmod(0o600), f.Close()); err != nil {
		return err
	}
	if err := errors.Join(fill(ctx, c, draft), syncFile(draft)); err != nil {
		return err
	}
	return os.Rename(draft, path)
}

// fill writes the schema and the journal's id.
func fill(ctx context.Context, c connect, path string) error {
	pool, err := openWriter(c, path)
	if err != nil {
		return err
	}
	defer pool.Close() //nolint:errcheck // closed below when it matters
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	if err := migrate(ctx, conn, migrations, latest); err != nil {
		return errors.Join(err, conn.Close())
	}
	_, err = conn.ExecContext(ctx, "insert into meta (key, value) values ('journal', ?)", rand.Text())
	if err == nil {
		err = foldIn(ctx, conn)
	}
	return errors.Join(err, conn.Close(), pool.Close())
}

// foldIn moves everything into the one file. The last connection's end would
// do so too, but not say when it could not.
func foldIn(ctx context.Context, conn *sql.Conn) error {
	var busy, log, moved int
	err := conn.QueryRowContext(ctx, "pragma wal_checkpoint(truncate)").Scan(&busy, &log, &moved)
	if err == nil && busy != 0 {
		err = errors.New("another program holds the new journal")
	}
	return err
}

func syncFile(name string) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0) //nolint:forbidigo // not yet the journal, and SQLite is done with it
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
