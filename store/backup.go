package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup writes a verified copy of the journal as it is now to a new file,
// while the till goes on. The copy is one file, complete by itself, and is
// there whole or not at all; a file that is already there is not touched, and is
// a *Refusal, as is a place that cannot be written.
func (db *DB) Backup(ctx context.Context, to string) error {
	to, err := filepath.Abs(to)
	if err == nil {
		if _, err = os.Lstat(to); err == nil {
			err = fs.ErrExist
		} else if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	if err == nil {
		err = db.aside(to)
	}
	if err == nil {
		err = db.checking(ctx, func(ctx context.Context, i inspection) error {
			return i.copyTo(ctx, to, db.journal)
		})
	}
	if errors.Is(err, fs.ErrExist) {
		return &Refusal{Reason: Taken, Path: to, Err: err}
	}
	if r, ok := errors.AsType[*Refusal](refuse(to, err)); ok && r.Err != nil && r.Reason == Unwritable {
		return r
	}
	if err != nil {
		return fmt.Errorf("back up the journal to %q: %w", to, err)
	}
	return nil
}

// aside refuses a name that SQLite or the till would take for the journal's own.
func (db *DB) aside(to string) error {
	folder, err := filepath.EvalSymlinks(filepath.Dir(to))
	if err != nil {
		return err
	}
	for _, suffix := range []string{"-journal", "-wal", "-shm", ".lock", ".anchor", ".new", ".restored"} {
		if filepath.Join(folder, filepath.Base(to)) == db.path+suffix {
			return &Refusal{Reason: Taken, Path: to, Detail: "it belongs to the journal itself"}
		}
	}
	return nil
}

// copyTo writes the journal to a new file through SQLite, and reads it again
// before it gets its name.
func (i inspection) copyTo(ctx context.Context, to, id string) (err error) {
	draft := to + ".new"
	defer func() {
		if err != nil { // on a disk that is full, it is in the way
			_ = os.Remove(draft)
		}
	}()
	if err := os.Remove(draft); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// An empty file of ours, so that the copy has its mode from the first byte.
	if err := writeDurably(draft, nil); err != nil {
		return err
	}
	if err := i.vacuumInto(ctx, draft); err != nil {
		return err
	}
	if err := syncFile(draft); err != nil {
		return err
	}
	view, err := openView(i.connect, draft)
	if err != nil {
		return err
	}
	report, err := inspection{draft, i.connect, view}.full(ctx, id, nil)
	if err == nil && report.Problem != "" {
		err = &Refusal{Reason: Damaged, Path: draft, Detail: report.Problem}
	}
	if err := errors.Join(err, view.Close()); err != nil {
		return err
	}
	if err := os.Rename(draft, to); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(to))
}

// vacuumInto has SQLite write a copy. query_only would forbid that too, so it
// is lifted meanwhile; the connection can still only read the journal.
func (i inspection) vacuumInto(ctx context.Context, to string) error {
	conn, err := i.db.Conn(ctx)
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "pragma query_only = 0")
	if err == nil {
		_, err = conn.ExecContext(ctx, "vacuum into ?", to)
	}
	_, again := conn.ExecContext(context.WithoutCancel(ctx), "pragma query_only = 1")
	return errors.Join(err, again, conn.Close())
}
