package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"time"

	"modernc.org/sqlite"
)

// Restore puts a verified copy of the backup at from in the place of the
// journal at path, and reports what it holds and what it may lack, which the
// next till to open it is told by DB.Restored. No till may have the journal
// open. What was there before is kept beside it, under a name that ends with
// the time, UTC. A restoring that was cut short is repeated.
//
// The backup of another journal than the one that is there is refused, as
// OtherTill, unless other says that it is meant.
func Restore(ctx context.Context, from, path string, other bool) (Report, error) {
	return restore(ctx, from, path, other, exchange.steps)
}

func restore(ctx context.Context, from, path string, other bool, steps func(exchange) []func() error) (Report, error) {
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
	marked := anchor{journal: report.JournalID, at: link{report.Entries, report.Head}}
	if err := marked.same(ctx, from, path); err != nil && !other {
		return report, errors.Join(err, lock.restore())
	}
	marked.restored = lacks(path, marked, report.Last, lock.unclean(), func(l link) bool {
		hash, err := backup.hashAt(ctx, l.seq)
		return err == nil && hash == l.hash
	})
	if report.Restored = marked.restored; report.Restored != nil {
		marked.gaps = report.Restored.Gaps
	}
	if err := (exchange{path, marked}).run(ctx, backup, steps); err != nil {
		return report, errors.Join(refuse(path, err), lock.restore())
	}
	return report, lock.release(true)
}

// Extent is how far a journal has come.
type Extent struct {
	JournalID string
	Entries   int64
	Last      time.Time // when the last entry was written; zero when there is none
}

// Ahead says how far the journal at path and the backup at from have come, when
// the journal can be read and has entries that the backup lacks, and how many:
// also when the journal has gone on from an older copy, while the backup is of
// what came after that. It says nothing while a till has the journal open or
// where they are different journals, which Restore refuses.
func Ahead(ctx context.Context, from, path string) (journal, backup Extent, lacks int64) {
	if path, err := filepath.EvalSymlinks(path); err != nil || held(path) {
		return Extent{}, Extent{}, 0
	}
	there, err := Inspect(ctx, path)
	if err != nil {
		return Extent{}, Extent{}, 0
	}
	defer there.Close() //nolint:errcheck,contextcheck // only read
	copied, err := Inspect(ctx, from)
	if err != nil {
		return Extent{}, Extent{}, 0
	}
	defer copied.Close() //nolint:errcheck,contextcheck // only read
	if copied.journal != there.journal {
		return Extent{}, Extent{}, 0
	}
	if journal, err = there.extent(ctx); err == nil {
		backup, err = copied.extent(ctx)
	}
	if err != nil {
		return Extent{}, Extent{}, 0
	}
	common, err := agreed(ctx, there, copied, min(journal.Entries, backup.Entries))
	if err != nil {
		return Extent{}, Extent{}, 0
	}
	return journal, backup, journal.Entries - common
}

func (db *DB) extent(ctx context.Context) (Extent, error) {
	e := Extent{JournalID: db.journal}
	err := db.checking(ctx, func(ctx context.Context, i inspection) error {
		last, err := head(ctx, i.db, db.journal)
		if err == nil {
			e.Entries = last.seq
			e.Last, err = lastAt(ctx, i.db)
		}
		return err
	})
	return e, err
}

// agreed is how many entries of two copies of a journal are the same, of so many
// at most. As each hash is made of the one before it, they are the first ones.
func agreed(ctx context.Context, a, b *DB, most int64) (int64, error) {
	var failed error
	n := sort.Search(int(most), func(i int) bool {
		x, err := a.hashAt(ctx, int64(i)+1)
		if err == nil {
			var y [32]byte
			y, err = b.hashAt(ctx, int64(i)+1)
			if err == nil {
				return x != y
			}
		}
		failed = err
		return true
	})
	return int64(n), failed
}

// hashAt is the hash of the entry with that number.
func (db *DB) hashAt(ctx context.Context, seq int64) (hash [32]byte, err error) {
	err = db.checking(ctx, func(ctx context.Context, i inspection) error {
		var b []byte
		err := i.db.QueryRowContext(ctx, "select hash from entry where seq = ?", seq).Scan(&b)
		copy(hash[:], b)
		return err
	})
	return hash, err
}

// same refuses a backup of another journal than the one at path, as far as that
// one's anchor can tell, or without one the journal itself.
func (a anchor) same(ctx context.Context, from, path string) error {
	var id string
	if there, err := readAnchor(path); err == nil && there != nil {
		id = there.journal
	} else if view, err := openView(sqlite.NewConnector, path); err == nil {
		id, _ = journalID(ctx, view) // nobody knows what was there
		_ = view.Close()             // only read
	}
	if id == "" || id == a.journal {
		return nil
	}
	return &Refusal{Reason: OtherTill, Path: from, Detail: fmt.Sprintf("it is of journal %s, and the one there is %s", a.journal, id)}
}

// lacks is what a backup may lack of what the journal at path held; nil when
// that ended cleanly where the backup does. What an older copy there lacks
// already, and does not say yet, is lacking still. Where the backup does not have
// the last entry that the anchor knows, the two have gone different ways.
func lacks(path string, backup anchor, last time.Time, unclean bool, has func(link) bool) *Restored {
	r := &Restored{At: time.UnixMilli(time.Now().UnixMilli()).UTC(), Last: last, Entries: backup.at.seq}
	before, err := readAnchor(path)
	if err != nil || before == nil || before.journal != backup.journal {
		return r // nobody knows
	}
	if before.at == backup.at && !unclean {
		return before.restored
	}
	r.Gaps = before.gaps
	held := before.at.seq
	if before.restored != nil {
		held += before.restored.Missing
	}
	r.Missing = max(held-backup.at.seq, 0)
	if before.at.seq > 0 && before.at.seq <= backup.at.seq && !has(before.at) {
		r.Missing = max(r.Missing, 1)
	}
	return r
}

// exchange changes the journal at path for a backup that ends at marked.
//
// It can be cut short after any of its steps, and those are on the disk in
// their order. The anchor comes first: what is opened next says that entries
// may be lacking, or is refused as Emptied. The journal goes before the log that
// belongs to it, since alone the log is no journal that a till would open, and
// the anchor remembers where to, so that the log follows it there when the
// restoring is repeated.
type exchange struct {
	path   string
	marked anchor
}

func (x exchange) run(ctx context.Context, backup *DB, steps func(exchange) []func() error) error {
	draft := x.path + ".restored"
	if err := os.Remove(draft); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err := backup.checking(ctx, func(ctx context.Context, i inspection) error {
		return i.copyTo(ctx, draft, backup.journal)
	})
	if err != nil {
		return err
	}
	for _, step := range steps(x) {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// steps are what there is to do once the draft lies beside the journal.
func (x exchange) steps() []func() error {
	aside := x.aside()
	move := func(from, to string) func() error {
		return func() error {
			if err := os.Rename(from, to); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			return syncNames(x.path)
		}
	}
	begun := x.marked
	begun.aside = aside
	steps := []func() error{func() error { return begun.write(x.path) }}
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		steps = append(steps, move(x.path+suffix, aside+suffix))
	}
	return append(steps,
		move(x.path+".restored", x.path),
		func() error { return x.marked.write(x.path) })
}

// aside is the name under which the old journal is kept: where a restoring that
// was cut short had begun to move it, else a new one. Nothing is ever put in the
// place of what is kept already.
func (x exchange) aside() string {
	if before, err := readAnchor(x.path); err == nil && before != nil && before.aside != "" && !there(x.path) {
		free := true
		for _, suffix := range []string{"-wal", "-shm", "-journal"} {
			free = free && (!there(x.path+suffix) || !there(before.aside+suffix))
		}
		if free {
			return before.aside
		}
	}
	name := x.path + ".before-" + time.Now().UTC().Format("20060102T150405.000Z")
	for n, next := 2, name; ; n++ {
		if !there(next) && !there(next+"-wal") {
			return next
		}
		next = fmt.Sprintf("%s-%d", name, n)
	}
}

// there reports whether a name is taken.
func there(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}
