package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"modernc.org/sqlite"
)

// DB is an open journal. It is safe for use by many goroutines at once.
type DB struct {
	path    string
	connect connect
	lock    *lock // nil beside a running till, which has it

	// turn is held by who writes, or opens and closes: one at a time, and
	// waiting for it ends with the waiter's context.
	turn    chan struct{}
	writer  *writer // nil when open for inspection
	trouble error   // why nothing may be written until Reopen

	// mu is read-locked during each read, so that Reopen and Close find no
	// reader's connection in use.
	mu      sync.RWMutex
	readers *sql.DB
	journal string      // its id
	file    os.FileInfo // the file that is open, to notice another in its place
	begun   bool        // it has been open before

	restored atomic.Pointer[Restored] // how it came to be an older copy; nil when it did not, or that was written down
	closed   bool

	live context.Context //nolint:containedctx // ends long checks before the connections close
	end  context.CancelFunc
}

// Open opens the journal at path, making it when there is none yet, with its
// folder. The error is a *Refusal when the journal must not be used as it is;
// it is then left unchanged to the byte.
//
// At most the journal's last 1,000 entries are verified, so that opening takes
// milliseconds however long the shop has been in business; Verify reads all.
func Open(ctx context.Context, path string) (*DB, error) {
	return openWith(ctx, path, sqlite.NewConnector)
}

// Inspect opens a journal for reading only, also a damaged one that Open
// refuses, as far as SQLite can read it at all. It changes nothing. Beside a
// running till it reads as SQLite's readers do, and sales go on; else no till
// can start while it is open. Where no till would start, on a stick, say, that
// anybody may write to or nobody, it needs no lock.
func Inspect(ctx context.Context, path string) (*DB, error) {
	db, err := begin(ctx, path, sqlite.NewConnector, (*DB).inspect)
	r, ok := errors.AsType[*Refusal](err)
	if !ok {
		return db, err
	}
	switch r.Reason {
	case Locked:
		return beside(ctx, path, sqlite.NewConnector)
	case Unprotected, Unwritable:
		return apart(ctx, path, sqlite.NewConnector, r)
	case NotAJournal, Foreign, OtherTill, Newer, Damaged, Emptied, Taken, PragmaDenied:
	}
	return nil, err
}

// apart opens a journal for reading where the lock cannot be had, or does not
// help, and that is refused therefore. One that a till holds all the same stays
// refused: only the lock would keep the till from changing what is read.
func apart(ctx context.Context, path string, c connect, refused *Refusal) (*DB, error) {
	ctx, cancel := deadline(ctx, patience)
	defer cancel()
	path, err := filepath.Abs(path)
	if err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil || held(path) {
		return nil, refused
	}
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return nil, refused
	}
	if err := prepareSQLite(path); err != nil {
		return nil, err
	}
	db := &DB{path: path, connect: c, turn: make(chan struct{}, 1)}
	if err := db.inspect(ctx); err != nil {
		return nil, errors.Join(refuse(path, err), db.disconnect())
	}
	return db, nil
}

// beside opens the journal of a running till for reading. SQLite alone opens
// the file, so that nobody's locks are dropped.
func beside(ctx context.Context, path string, c connect) (*DB, error) {
	ctx, cancel := deadline(ctx, patience)
	defer cancel()
	path, err := place(path)
	if err != nil {
		return nil, err
	}
	db := &DB{path: path, connect: c, turn: make(chan struct{}, 1)}
	if db.readers, err = openReaders(c, path); err != nil {
		return nil, refuse(path, err)
	}
	if db.journal, err = journalID(ctx, db.readers); err == nil {
		db.file, err = os.Stat(path)
	}
	if err != nil {
		return nil, errors.Join(refuse(path, err), db.disconnect())
	}
	db.live, db.end = context.WithCancel(context.Background())
	return db, nil
}

func openWith(ctx context.Context, path string, c connect) (*DB, error) {
	return begin(ctx, path, c, (*DB).start)
}

// begin takes what every way to open needs, the place and the lock, and gives
// them back when start fails.
func begin(ctx context.Context, path string, c connect, start func(*DB, context.Context) error) (*DB, error) {
	ctx, cancel := deadline(ctx, patience)
	defer cancel()
	path, err := place(path)
	if err != nil {
		return nil, err
	}
	if err := prepareSQLite(path); err != nil {
		return nil, err
	}
	lock, err := take(path)
	if err != nil {
		return nil, err
	}
	db := &DB{path: path, connect: c, lock: lock, turn: make(chan struct{}, 1)}
	if err := start(db, ctx); err != nil {
		return nil, errors.Join(refuse(path, err), db.disconnect(), lock.restore())
	}
	return db, nil
}

// prepareSQLite sets what SQLite has for the whole process. It must come
// before the process's first connection, and saying it again does no harm.
func prepareSQLite(path string) error {
	sqlite.StrictPragmas(true)
	// Other systems than Linux have no such locks. There the instance lock and
	// never opening the live file must do.
	if _, err := sqlite.OFDLocking(true); err != nil && !errors.Is(err, sqlite.ErrOFDLockingUnavailable) {
		return &Refusal{Reason: PragmaDenied, Path: path, Detail: "OFD locks", Err: err}
	}
	return nil
}

// start makes the journal if there is none, judges it and connects to it. Also
// Reopen's work.
func (db *DB) start(ctx context.Context) error {
	marked, err := readAnchor(db.path)
	if err != nil {
		return err
	}
	exists, err := header(db.path, marked != nil)
	if err != nil {
		return err
	}
	if !exists {
		if db.file != nil {
			return &Refusal{Reason: Emptied, Path: db.path, Detail: "it was removed while it was open"}
		}
		if err := mayCreate(db.path, marked); err != nil {
			return err
		}
		if err := create(ctx, db.connect, db.path); err != nil {
			return err
		}
	}
	if marked == nil {
		// It was made or brought here just now, or a crash came before the
		// anchor. A power cut must not find the sales gone with their folder.
		if err := syncNames(db.path); err != nil {
			return err
		}
	}
	if err := db.judge(ctx, marked); err != nil {
		return err
	}
	_, err = os.Stat(db.path + "-wal") // before there is a new one
	logLost := errors.Is(err, fs.ErrNotExist) && marked != nil && db.lock.wrote()
	if !logLost {
		db.lock.taken() // we empty it when we end, however that is
	}
	if err := db.attach(ctx); err != nil {
		return err
	}
	at, err := head(ctx, db.readers, db.journal)
	if err != nil {
		return err
	}
	if err := db.recall(ctx, marked, logLost); err != nil {
		return err
	}
	if marked == nil {
		return db.mark(ctx)
	}
	if marked.at != at {
		_ = db.mark(ctx) // it is marked again soon; a full disk must not keep the till from opening
	}
	return nil
}

// judge looks at everything that can be wrong with the journal through a view
// that changes nothing.
func (db *DB) judge(ctx context.Context, marked *anchor) error {
	before, err := os.Stat(db.path)
	if err != nil {
		return err
	}
	if err := writable(db.path); err != nil {
		return err
	}
	if info, err := os.Stat(db.path + "-journal"); err == nil && info.Size() > 0 {
		// We never leave one. SQLite would play it back into the journal.
		return &Refusal{Reason: Damaged, Path: db.path, Detail: "a rollback journal of another program lies beside it"}
	}
	view, err := openView(db.connect, db.path)
	if err != nil {
		return err
	}
	id, err := inspection{db.path, db.connect, view}.quick(ctx, marked)
	if err = errors.Join(err, view.Close()); err != nil {
		return err
	}
	if db.journal != "" && db.journal != id {
		return &Refusal{Reason: Emptied, Path: db.path, Detail: "another journal was put in its place while it was open"}
	}
	db.journal, db.file = id, before
	return nil
}

// attach opens the connections that the till works with. What can still go
// wrong here is the disk or SQLite's own settings, not the journal: closing
// again may then move commits from the log into the file, and loses none.
func (db *DB) attach(ctx context.Context) error {
	pool, err := openWriter(db.connect, db.path)
	if err != nil {
		return err
	}
	if db.writer, err = newWriter(ctx, pool); err != nil {
		return err
	}
	if db.readers, err = openReaders(db.connect, db.path); err != nil {
		return err
	}
	if err := db.readers.PingContext(ctx); err != nil {
		return err
	}
	db.live, db.end = context.WithCancel(context.Background())
	if err := db.moved(); err != nil {
		return err
	}
	// Who finds no log although the lock speaks of one knows that it was lost,
	// so its name must be there for good before.
	if err := syncFolder(filepath.Dir(db.path)); err != nil {
		return err
	}
	return db.lock.log(true)
}

// disconnect closes every connection: the readers first, so that the writer is
// the last and empties the write-ahead log.
func (db *DB) disconnect() error {
	var errs []error
	if db.readers != nil {
		errs = append(errs, db.readers.Close())
		db.readers = nil
	}
	if db.writer != nil {
		errs = append(errs, db.lock.log(false), db.writer.close())
		db.writer = nil
	}
	return errors.Join(errs...)
}

// inspect opens the view alone.
func (db *DB) inspect(ctx context.Context) error {
	marked, err := readAnchor(db.path)
	if err != nil {
		return err
	}
	exists, err := header(db.path, marked != nil)
	switch {
	case err != nil:
		return err
	case !exists && marked != nil:
		return mayCreate(db.path, marked)
	case !exists:
		return &Refusal{Reason: NotAJournal, Path: db.path, Detail: "there is nothing there"}
	}
	if db.file, err = os.Stat(db.path); err != nil {
		return err
	}
	if db.readers, err = openView(db.connect, db.path); err != nil {
		return err
	}
	db.live, db.end = context.WithCancel(context.Background())
	if marked != nil {
		db.restored.Store(marked.restored) // no till has noted it down yet, or only just
	}
	// A journal without its id cannot be verified but still be read.
	db.journal, err = journalID(ctx, db.readers)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return err
}

// acquire waits for the turn to write.
func (db *DB) acquire(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case db.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (db *DB) yield() { <-db.turn }

// reading runs f on the readers.
func (db *DB) reading(f func(*sql.DB) error) error {
	db.mu.RLock()
	defer db.mu.RUnlock()
	switch {
	case db.closed:
		return ErrClosed
	case db.readers == nil:
		// A Reopen that failed has left nothing to read from.
		return ErrTrouble
	}
	return f(db.readers)
}

// Close ends the journal cleanly: it empties the write-ahead log, writes the
// anchor and lets the next till in. After trouble that no Reopen has ended, it
// leaves the marks of an unclean end. Closing again does nothing.
func (db *DB) Close() error {
	db.turn <- struct{}{}
	defer db.yield()
	db.end()
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.closed {
		return nil
	}
	db.closed = true
	if db.lock == nil {
		return db.disconnect()
	}
	if db.writer == nil && db.trouble == nil {
		return errors.Join(db.disconnect(), db.lock.restore())
	}
	if db.trouble != nil {
		return errors.Join(db.disconnect(), db.lock.release(false))
	}
	ctx, cancel := deadline(context.Background(), patience)
	defer cancel()
	if err := errors.Join(db.mark(ctx), db.disconnect()); err != nil {
		return fmt.Errorf("close the journal: %w", errors.Join(err, db.lock.release(false)))
	}
	return db.lock.release(true)
}

// Reopen closes and opens the file again after ErrTrouble. When it succeeds,
// what the file holds is known again and may be written to; callers then read
// again what they knew. When it fails, the trouble stays.
func (db *DB) Reopen(ctx context.Context) error {
	ctx, cancel := deadline(ctx, patience)
	defer cancel()
	if err := db.acquire(ctx); err != nil {
		return fmt.Errorf("reopen the journal: %w", err)
	}
	defer db.yield()
	db.end()
	db.mu.Lock()
	defer db.mu.Unlock()
	switch {
	case db.closed:
		return ErrClosed
	case db.writer == nil && db.trouble == nil:
		return ErrReadOnly
	}
	// The old connections may fail to close for the reason that we are here.
	closing := db.disconnect()
	if err := db.start(ctx); err != nil {
		db.trouble = errors.Join(refuse(db.path, err), closing)
		return fmt.Errorf("reopen the journal: %w", errors.Join(db.trouble, db.disconnect()))
	}
	db.trouble = nil
	return nil
}

// Unclean tells whether the journal was found as a crash or a power cut leaves
// it. What was acknowledged is there all the same; Check is due.
func (db *DB) Unclean() bool { return db.lock != nil && db.lock.unclean() }

// StillThere tells by the names alone whether the open journal is still the
// file at its path: deleting or replacing it under a running till goes
// unnoticed by SQLite. The error is a *Refusal.
func (db *DB) StillThere() error {
	db.mu.RLock()
	defer db.mu.RUnlock()
	if db.closed {
		return ErrClosed
	}
	return db.moved()
}

func (db *DB) moved() error {
	info, err := os.Stat(db.path)
	if err != nil {
		return &Refusal{Reason: Emptied, Path: db.path, Detail: "the file was removed while it was open", Err: err}
	}
	if !os.SameFile(info, db.file) {
		return &Refusal{Reason: Emptied, Path: db.path, Detail: "another file was put in its place while it was open"}
	}
	if db.lock == nil {
		return nil
	}
	// Without its name the lock keeps nobody out.
	return db.lock.moved(db.path)
}

// Checkpoint moves what it can of the write-ahead log into the journal, so
// that no sale has to wait for it. It is for moments when nothing else is to
// be done, and returns at once when there is nothing to move.
func (db *DB) Checkpoint(ctx context.Context) error {
	return db.writing(ctx, "checkpoint the journal", func(ctx context.Context, w *writer) error {
		var busy, log, moved int
		err := w.conn.QueryRowContext(ctx, "pragma wal_checkpoint(passive)").Scan(&busy, &log, &moved)
		if err == nil || ended(err) {
			return err
		}
		return &unknownError{err}
	})
}

// MarkAnchor writes down outside the journal how far it has come, so that a
// journal that later holds less is noticed.
func (db *DB) MarkAnchor(ctx context.Context) error {
	return db.writing(ctx, "mark the anchor", func(ctx context.Context, _ *writer) error {
		return db.mark(ctx)
	})
}

func (db *DB) mark(ctx context.Context) error {
	at, err := head(ctx, db.readers, db.journal)
	if err != nil {
		return err
	}
	a := anchor{journal: db.journal, at: at, restored: db.restored.Load()}
	if a.gaps, err = gapNumbers(ctx, db.readers); err != nil {
		return err
	}
	if a.restored != nil {
		a.gaps = append(a.gaps, a.restored.Gaps...) // of which the journal may not know yet
	}
	slices.Sort(a.gaps)
	a.gaps = slices.Compact(a.gaps)
	return a.write(db.path)
}

// writing runs f when it is its turn, unless the journal is in trouble, and
// puts it into trouble when f does not know what it did.
func (db *DB) writing(ctx context.Context, what string, f func(context.Context, *writer) error) error {
	ctx, cancel := deadline(ctx, patience)
	defer cancel()
	if err := db.acquire(ctx); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	defer db.yield()
	switch {
	case db.closed:
		return fmt.Errorf("%s: %w", what, ErrClosed)
	case db.trouble != nil:
		return fmt.Errorf("%s: %w: reopen it first: %w", what, ErrTrouble, db.trouble)
	case db.writer == nil:
		return fmt.Errorf("%s: %w", what, ErrReadOnly)
	}
	err := f(ctx, db.writer)
	if err == nil {
		return nil
	}
	if u, ok := errors.AsType[*unknownError](err); ok {
		db.trouble = u.err
		return fmt.Errorf("%s: %w: %w", what, ErrTrouble, u.err)
	}
	return fmt.Errorf("%s: %w", what, err)
}
