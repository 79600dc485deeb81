package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Backup writes a verified copy of the journal as it is now to a new file,
// while the till goes on. The copy is one file, complete by itself, and is
// there whole or not at all; a file that is already there is not touched.
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
			return fmt.Errorf("%q belongs to the journal itself", filepath.Base(to))
		}
	}
	return nil
}

// Restore puts a verified copy of the backup at from in the place of the
// journal at path, and reports what it holds and what it may lack, which the
// next till to open it is told by DB.Restored. No till may have the journal
// open. What was there before is kept beside it, under a name that ends with
// the time, UTC.
//
// The backup of another journal than the one that is there is refused, as
// OtherTill, unless other says that it is meant.
func Restore(ctx context.Context, from, path string, other bool) (Report, error) {
	ctx, cancel := deadline(ctx, checkPatience)
	defer cancel()
	backup, err := Inspect(ctx, from)
	if err != nil {
		return Report{}, err
	}
	defer backup.Close() //nolint:errcheck,contextcheck // only read
	report, err := backup.Verify(ctx)
	if err != nil {
		return Report{}, err
	}
	if report.Problem != "" {
		return report, &Refusal{Reason: Damaged, Path: from, Detail: report.Problem}
	}
	if path, err = place(path); err != nil {
		return report, err
	}
	lock, err := take(path)
	if err != nil {
		return report, err
	}
	marked := anchor{report.JournalID, link{report.Entries, report.Head}, nil}
	if err := marked.same(from, path); err != nil && !other {
		return report, errors.Join(err, lock.restore())
	}
	marked.restored = lacks(path, marked, report.Last, lock.unclean())
	report.Restored = marked.restored
	if err := replace(ctx, backup, path, marked); err != nil {
		return report, errors.Join(refuse(path, err), lock.restore())
	}
	return report, lock.release(true)
}

// same refuses a backup of another journal than the one at path, as far as that
// one's anchor can tell.
func (a anchor) same(from, path string) error {
	there, err := readAnchor(path)
	if err != nil || there == nil || there.journal == a.journal {
		return nil //nolint:nilerr // nobody knows what was there
	}
	return &Refusal{Reason: OtherTill, Path: from, Detail: fmt.Sprintf("it is of journal %s, and the one there is %s", a.journal, there.journal)}
}

// lacks is what a backup may lack of what the journal at path held; nil when
// that ended cleanly where the backup does.
func lacks(path string, backup anchor, last time.Time, unclean bool) *Restored {
	r := &Restored{At: time.UnixMilli(time.Now().UnixMilli()).UTC(), Last: last}
	before, err := readAnchor(path)
	if err != nil || before == nil || before.journal != backup.journal {
		return r // nobody knows
	}
	if before.at == backup.at && !unclean {
		return before.restored
	}
	r.Missing = max(before.at.seq-backup.at.seq, 0)
	return r
}

// replace changes the journal at path for the backup. The anchor comes first:
// wherever a crash cuts this short, what is opened next says that entries may
// be lacking, or is refused as Emptied.
func replace(ctx context.Context, backup *DB, path string, marked anchor) error {
	draft := path + ".restored"
	if err := os.Remove(draft); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err := backup.checking(ctx, func(ctx context.Context, i inspection) error {
		return i.copyTo(ctx, draft, backup.journal)
	})
	if err != nil {
		return err
	}
	if err := marked.write(path); err != nil {
		return err
	}
	aside := path + ".before-" + time.Now().UTC().Format("20060102T150405.000Z")
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Rename(path+suffix, aside+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.Rename(draft, path); err != nil {
		return err
	}
	return syncNames(path)
}

// copyTo writes the journal to a new file through SQLite, and reads it again
// before it gets its name.
func (i inspection) copyTo(ctx context.Context, to, id string) error {
	draft := to + ".new"
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
