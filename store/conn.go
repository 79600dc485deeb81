package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"modernc.org/sqlite"
)

// connect makes the driver's connector. It is sqlite.NewConnector, except in
// tests that make the disk fail.
type connect func(dsn string) (driver.Connector, error)

// queryer is what both a pool and a connection can do.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// patience is how long a call may take whose caller set no limit. SQLite
// itself waits for a lock half as long.
const (
	patience    = 10 * time.Second
	busyTimeout = 5000 // ms
)

// A check of the whole file reads every page of it, on a cold disk.
const checkPatience = 10 * time.Minute

// deadline gives ctx an end if it has none. Without one SQLite would wait for
// a lock by sleeping, deaf to everything else.
func deadline(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, d)
}

// setting is a pragma and the value it must have on every connection.
type setting struct{ pragma, want string }

// walPages is how long the write-ahead log may grow (8 MB) before a commit
// has to empty it. Checkpoint does so earlier, when the till is idle; this is
// for a till that never is.
const walPages = 2000

// The settings are asked for in the DSN, so that each connection has them from
// its first statement on, and read back by checked.
var (
	common = []setting{
		{"busy_timeout", strconv.Itoa(busyTimeout)},
		{"temp_store", "2"}, // memory: a full or missing /tmp must not stop a sale
		{"trusted_schema", "0"},
		{"cell_size_check", "1"},
		{"foreign_keys", "1"},
		// Without this INSERT OR REPLACE removes rows past the triggers that
		// forbid it.
		{"recursive_triggers", "1"},
	}
	writing = append(slices.Clip(common),
		setting{"journal_mode", "wal"},
		setting{"synchronous", "2"}, // FULL: NORMAL loses acknowledged commits in a power cut
		setting{"fullfsync", "1"},   // macOS: plain fsync stops short of the platter
		setting{"checkpoint_fullfsync", "1"},
		setting{"wal_autocheckpoint", strconv.Itoa(walPages)},
	)
	reading = append(slices.Clip(common),
		setting{"query_only", "1"},
	)
	viewing = append(slices.Clip(reading),
		// With this SQLite keeps its index of the write-ahead log in memory
		// and makes no -shm file.
		setting{"locking_mode", "exclusive"},
	)
)

// dsn is the name SQLite opens path by. The path goes through net/url, so that
// a folder may be called anything.
func dsn(path, mode string, settings []setting, extra url.Values) string {
	q := url.Values{
		"mode":       {mode},
		"_txlock":    {"immediate"},
		"_defensive": {"1"}, // no statement may damage the file on purpose
		"_dqs":       {"0"}, // "text" in double quotes is a mistake, not a string
	}
	for _, s := range settings {
		q.Add("_pragma", s.pragma+"="+s.want)
	}
	maps.Copy(q, extra)
	return (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String()
}

// memoryDSN is an empty database of its own, gone with its connection.
const memoryDSN = "file::memory:?_defensive=1"

// checked is a connector that hands out no connection on which SQLite did not
// take a setting: a pragma that is misspelt or impossible is otherwise ignored
// without a word.
type checked struct {
	driver.Connector
	path     string
	settings []setting
	keepLog  bool // closing the last connection leaves the write-ahead log where it is
}

// Connect opens one connection.
func (c checked) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.check(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

func (c checked) check(ctx context.Context, conn driver.Conn) error {
	if c.keepLog {
		control, ok := conn.(sqlite.FileControl)
		if !ok {
			return fmt.Errorf("the driver's %T cannot keep the write-ahead log", conn)
		}
		if _, err := control.FileControlPersistWAL("main", 1); err != nil {
			return err
		}
	}
	q, ok := conn.(driver.QueryerContext)
	if !ok {
		return fmt.Errorf("the driver's %T cannot query", conn)
	}
	for _, s := range c.settings {
		got, err := pragma(ctx, q, s.pragma)
		if err != nil {
			return err
		}
		if got != s.want {
			return &Refusal{Reason: PragmaDenied, Path: c.path, Detail: fmt.Sprintf("%s is %s, not %s", s.pragma, got, s.want)}
		}
	}
	// Defensive mode has no pragma to read; what shows it is that it ignores
	// this one.
	if _, err := pragma(ctx, q, "writable_schema=1"); err != nil {
		return err
	}
	got, err := pragma(ctx, q, "writable_schema")
	if err == nil && got != "0" {
		err = &Refusal{Reason: PragmaDenied, Path: c.path, Detail: "defensive mode is off"}
	}
	return err
}

// pragma reads one setting back through the bare driver connection.
func pragma(ctx context.Context, q driver.QueryerContext, name string) (string, error) {
	rows, err := q.QueryContext(ctx, "pragma "+name, nil)
	if err != nil {
		return "", err
	}
	defer rows.Close() //nolint:errcheck // the value is there or not
	value := make([]driver.Value, len(rows.Columns()))
	switch err := rows.Next(value); {
	case errors.Is(err, io.EOF):
		return "nothing", nil
	case err != nil:
		return "", err
	}
	return strings.ToLower(fmt.Sprint(value[0])), nil
}

// open makes a pool of at most n connections that all have the settings.
func open(connect connect, dsn string, n int, check checked) (*sql.DB, error) {
	var err error
	if check.Connector, err = connect(dsn); err != nil {
		return nil, err
	}
	pool := sql.OpenDB(check)
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	return pool, nil
}

// openWriter is the one connection that writes. It never makes the file: that
// is create's work.
func openWriter(connect connect, path string) (*sql.DB, error) {
	return open(connect, dsn(path, "rw", writing, nil), 1, checked{path: path, settings: writing})
}

// readerCount is enough for a screen, a report and a check at the same time.
const readerCount = 4

func openReaders(connect connect, path string) (*sql.DB, error) {
	return open(connect, dsn(path, "ro", reading, nil), readerCount, checked{path: path, settings: reading})
}

// openView opens the journal as it lies there, the write-ahead log included,
// and changes not one byte of it: no lock is taken, no -shm is made, and the
// log is neither emptied nor removed when the view is closed. That is what a
// file is judged by before SQLite may write to it. The instance lock must be
// held, since SQLite's own locks are not.
func openView(connect connect, path string) (*sql.DB, error) {
	info, err := os.Stat(path + "-wal")
	switch {
	case err == nil && info.Size() > 0:
		// unix-none is SQLite's own VFS without locks.
		name := dsn(path, "ro", viewing, url.Values{"vfs": {"unix-none"}})
		return open(connect, name, 1, checked{path: path, settings: viewing, keepLog: true})
	case err == nil || errors.Is(err, os.ErrNotExist):
		// With nothing in the log there is no need to look for one, which
		// would make it.
		name := dsn(path, "ro", reading, url.Values{"immutable": {"1"}})
		return open(connect, name, 1, checked{path: path, settings: reading})
	default:
		return nil, err
	}
}
