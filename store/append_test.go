package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"modernc.org/sqlite"
)

// disk is a SQLite whose COMMIT can be made to fail, before or after it has
// reached the file.
type disk struct {
	fault atomic.Int32
}

// The faults of a disk.
const (
	sound        = iota
	commitLost   // COMMIT fails and nothing is written
	commitKept   // COMMIT fails, but it is in the file
	beginFails   // not even BEGIN works
	rollbackLost // a statement fails, and so does the ROLLBACK
)

var errDisk = errors.New("input/output error")

func (d *disk) connect(dsn string) (driver.Connector, error) {
	c, err := sqlite.NewConnector(dsn)
	return diskConnector{c, d}, err
}

type diskConnector struct {
	driver.Connector
	disk *disk
}

func (c diskConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := conn.(sqliteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("%T lacks a method", conn), conn.Close())
	}
	return diskConn{full, c.disk}, nil
}

// sqliteConn is what the driver's connections can do, as far as we use it.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
	sqlite.FileControl
}

type diskConn struct {
	sqliteConn
	disk *disk
}

func (c diskConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	fault := c.disk.fault.Load()
	switch {
	case text == "begin immediate" && fault == beginFails,
		text == "rollback" && fault == rollbackLost:
		return nil, errDisk
	case text == "commit" && fault == commitLost:
		_, err := c.sqliteConn.ExecContext(ctx, "rollback", nil)
		return nil, errors.Join(errDisk, err)
	case text == "commit" && fault == commitKept:
		_, err := c.sqliteConn.ExecContext(ctx, "commit", nil)
		return nil, errors.Join(errDisk, err)
	}
	return c.sqliteConn.ExecContext(ctx, text, args)
}

// onDisk opens a journal on a disk that can fail.
func onDisk(t *testing.T, d *disk) (*DB, string) {
	t.Helper()
	path := journalPath(t)
	db, err := openWith(t.Context(), path, d.connect)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return db, path
}

func TestAppend_outcomeUnknown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault int32
		after int // entries in the file once it was read again
	}{
		"commit lost":            {commitLost, 1},
		"commit surfaces later":  {commitKept, 2},
		"begin fails":            {beginFails, 1},
		"rollback fails as well": {rollbackLost, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &disk{}
			db, path := onDisk(t, d)
			mustAppend(t, db, saleChange(1))
			change := saleChange(2)
			if c.fault == rollbackLost {
				change = saleChange(1) // a duplicate, so that there is something to roll back
				change.Sale.ID, change.Entry.Sale, change.Attempts[0].Sale = "other", "other", "other"
			}
			d.fault.Store(c.fault)
			if _, err := db.Append(t.Context(), change); !errors.Is(err, ErrTrouble) || !errors.Is(err, errDisk) {
				t.Fatalf("append: %v, want ErrTrouble for %v", err, errDisk)
			}
			d.fault.Store(sound)
			for name, write := range map[string]func() error{
				"append":     func() error { _, err := db.Append(t.Context(), saleChange(3)); return err },
				"checkpoint": func() error { return db.Checkpoint(t.Context()) },
				"anchor":     func() error { return db.MarkAnchor(t.Context()) },
			} {
				if err := write(); !errors.Is(err, ErrTrouble) {
					t.Errorf("%s in trouble: %v", name, err)
				}
			}
			if err := db.Reopen(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := len(all(t, db)); got != c.after {
				t.Errorf("%d entries after reopening, want %d", got, c.after)
			}
			e := mustAppend(t, db, saleChange(3))
			if e.Seq != int64(c.after)+1 {
				t.Errorf("the next entry has number %d", e.Seq)
			}
			report, err := db.Verify(t.Context())
			if err != nil || report.Problem != "" {
				t.Errorf("Verify = %+v, %v", report, err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if mustOpen(t, path).Unclean() {
				t.Error("unclean although reopened and closed")
			}
		})
	}
}

func TestClose_inTroubleLeavesTheMarks(t *testing.T) {
	t.Parallel()
	d := &disk{}
	db, path := onDisk(t, d)
	mustAppend(t, db, saleChange(1))
	d.fault.Store(commitKept)
	if _, err := db.Append(t.Context(), saleChange(2)); !errors.Is(err, ErrTrouble) {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = mustOpen(t, path)
	if !db.Unclean() {
		t.Error("the trouble is forgotten")
	}
	if got := len(all(t, db)); got != 2 {
		t.Errorf("%d entries, want 2: the failed commit was in the file", got)
	}
}

func TestAppend_diskFull(t *testing.T) {
	t.Parallel()
	db, _ := onDisk(t, &disk{})
	mustAppend(t, db, saleChange(1))
	if _, err := db.writer.conn.ExecContext(t.Context(), "pragma max_page_count = 1"); err != nil {
		t.Fatal(err)
	}
	var err error
	appended := 1
	for err == nil {
		change := saleChange(int64(appended + 1))
		change.Entry.Body = json.RawMessage(`"` + strings.Repeat("x", 9000) + `"`)
		if _, err = db.Append(t.Context(), change); err == nil {
			appended++
		}
	}
	if !errors.Is(err, ErrTrouble) || primary(err) != 13 {
		t.Fatalf("append: %v, want ErrTrouble for SQLITE_FULL", err)
	}
	if got := len(all(t, db)); got != appended {
		t.Errorf("%d entries are readable, want %d", got, appended)
	}
	if err := db.Reopen(t.Context()); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, db, saleChange(int64(appended+1)))
}

func TestAppend_duplicates(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Change){
		"second open attempt": func(c *Change) {
			c.Sale = nil
			c.Attempts = []Attempt{{ID: "b", Sale: saleID(1), Number: 2, Open: true}}
		},
		"receipt number": func(c *Change) {
			c.Sale.ID, c.Entry.Sale = "other", "other"
			c.Attempts = nil
		},
		"attempt of another sale": func(c *Change) {
			other := saleChange(2)
			other.Attempts[0].ID = c.Attempts[0].ID
			*c = other
		},
		"attempt of another try": func(c *Change) { c.Attempts[0].Number = 2 },
		"number of the try": func(c *Change) {
			c.Attempts = []Attempt{{ID: "b", Sale: saleID(1), Number: 1}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := mustOpen(t, journalPath(t))
			first := mustAppend(t, db, saleChange(1))
			c := saleChange(1)
			change(&c)
			if _, err := db.Append(t.Context(), c); !errors.Is(err, ErrDuplicate) || errors.Is(err, ErrTrouble) {
				t.Fatalf("append: %v, want ErrDuplicate", err)
			}
			if diff := cmp.Diff([]Entry{first}, all(t, db)); diff != "" {
				t.Errorf("a refused change left something:\n%s", diff)
			}
			mustAppend(t, db, saleChange(3))
		})
	}
}

func TestAppend_closesOneAttemptAndOpensTheNext(t *testing.T) {
	t.Parallel()
	db := mustOpen(t, journalPath(t))
	c := saleChange(1)
	mustAppend(t, db, c)
	first := c.Attempts[0]
	first.Open, first.State = false, "lost"
	second := Attempt{ID: "second", Sale: saleID(1), Number: 2, State: "requested", Amount: 100, Open: true}
	c.Attempts = []Attempt{second, first}
	mustAppend(t, db, c)
	_, attempts, _, err := db.Sale(t.Context(), saleID(1))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Attempt{first, second}, attempts); diff != "" {
		t.Error(diff)
	}
}

func TestAppend_refusesACallersMistakes(t *testing.T) {
	t.Parallel()
	db := mustOpen(t, journalPath(t))
	for name, change := range map[string]func(*Change){
		"no kind":               func(c *Change) { c.Entry.Kind = "" },
		"body is not JSON":      func(c *Change) { c.Entry.Body = json.RawMessage(`{"amount":`) },
		"row of another sale":   func(c *Change) { c.Sale.ID = "other" },
		"attempt of another":    func(c *Change) { c.Attempts[0].Sale = "other" },
		"no receipt number":     func(c *Change) { c.Sale.Number = 0 },
		"attempt without sale":  func(c *Change) { c.Sale = nil },
		"attempt without an id": func(c *Change) { c.Attempts[0].ID = "" },
	} {
		c := saleChange(1)
		change(&c)
		if _, err := db.Append(t.Context(), c); err == nil || errors.Is(err, ErrTrouble) || errors.Is(err, ErrDuplicate) {
			t.Errorf("%s: %v, want a plain error", name, err)
		}
	}
	if got := len(all(t, db)); got != 0 {
		t.Errorf("%d entries, want none", got)
	}
	mustAppend(t, db, saleChange(1))
}

func TestAppend_doesNotKeepTheCallersBytes(t *testing.T) {
	t.Parallel()
	db := mustOpen(t, journalPath(t))
	c := saleChange(1)
	e := mustAppend(t, db, c)
	c.Entry.Body[2] = 'X'
	if diff := cmp.Diff([]Entry{e}, all(t, db)); diff != "" {
		t.Error(diff)
	}
}

func TestEntry_neverChangedNorRemoved(t *testing.T) {
	t.Parallel()
	db := mustOpen(t, journalPath(t))
	for i := range int64(3) {
		mustAppend(t, db, saleChange(i+1))
	}
	before := all(t, db)
	const values = "(seq, at, kind, sale, attempt, actor, body, prev, hash) values (%d, 0, 'x', '', '', '', '', zeroblob(32), zeroblob(32))"
	for _, statement := range []string{
		"update entry set body = '{}' where seq = 2",
		"update entry set seq = 9 where seq = 3",
		"update or replace entry set seq = 1 where seq = 3",
		"delete from entry where seq = 3",
		"delete from entry",
		"insert or replace into entry " + fmt.Sprintf(values, 2),
		"replace into entry " + fmt.Sprintf(values, 3),
		"insert into entry " + fmt.Sprintf(values, 5),
		"insert into entry " + fmt.Sprintf(values, 0),
		"insert into entry " + fmt.Sprintf(values, 4), // does not follow the last
		"delete from sale",
		"delete from attempt",
		"insert or replace into sale (id, number, day, state, total, opened_at, payment, search, folded, pending)" +
			" values ('thief', 1, '', '', 0, 0, '', '', '', 0)",
		"insert into entry (seq, at, kind, sale, attempt, actor, body, prev, hash)" +
			" select 4, 'noon', kind, sale, attempt, actor, body, hash, hash from entry where seq = 3",
	} {
		if _, err := db.writer.conn.ExecContext(t.Context(), statement); err == nil {
			t.Errorf("%s: accepted", statement)
		}
	}
	if diff := cmp.Diff(before, all(t, db)); diff != "" {
		t.Errorf("changed:\n%s", diff)
	}
}

func TestAppend_many(t *testing.T) {
	t.Parallel()
	const writers, each = 4, 25
	path := journalPath(t)
	db := mustOpen(t, path)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				if _, err := db.Append(t.Context(), saleChange(int64(w*each+i+1))); err != nil {
					t.Errorf("append: %v", err)
				}
				if i%10 == 0 {
					if err := errors.Join(db.Checkpoint(t.Context()), db.MarkAnchor(t.Context())); err != nil {
						t.Error(err)
					}
				}
			}
		})
		wg.Go(func() {
			for range each {
				if _, err := db.Sales(t.Context(), Query{Day: "2026-11-23", Search: "onigiri"}); err != nil {
					t.Errorf("sales: %v", err)
				}
				if err := db.StillThere(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Go(func() {
		for range 3 {
			if err := db.Reopen(t.Context()); err != nil {
				t.Errorf("reopen: %v", err)
			}
			report, err := db.Verify(t.Context())
			if err != nil && !errors.Is(err, errInterrupted) || report.Problem != "" {
				t.Errorf("Verify = %+v, %v", report, err)
			}
		}
	})
	wg.Wait()
	report, err := db.Verify(t.Context())
	if err != nil || report.Problem != "" || report.Entries != writers*each {
		t.Errorf("Verify = %+v, %v, want %d entries", report, err, writers*each)
	}
}

func TestAppend_timeOver(t *testing.T) {
	t.Parallel()
	path := journalPath(t)
	synctest.Test(t, func(t *testing.T) {
		db, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		}()
		mustAppend(t, db, saleChange(1))

		// Another program writes: our BEGIN has to wait for its end.
		other, err := sql.Open("sqlite", dsn(path, "rw", nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close() //nolint:errcheck // a test's own
		tx, err := other.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}

		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		if _, err := db.Append(ctx, saleChange(2)); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrTrouble) {
			t.Errorf("append: %v, want the end of its time and no trouble", err)
		}
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("it took %v", took)
		}
		if _, err := db.Append(t.Context(), saleChange(2)); err == nil || errors.Is(err, ErrTrouble) {
			t.Errorf("append without a deadline: %v, want busy and no trouble", err)
		}
		if took := time.Since(start); took > 3*time.Second+patience {
			t.Errorf("it took %v", took)
		}

		// While one waits for the file, the next waits for its turn.
		var wg sync.WaitGroup
		for number := range int64(3) {
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				if _, err := db.Append(ctx, saleChange(number+2)); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("append: %v", err)
				}
			})
		}
		wg.Wait()

		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
		if got := mustAppend(t, db, saleChange(2)).Seq; got != 2 {
			t.Errorf("the next entry has number %d, want 2", got)
		}
	})
}

func TestAppend_cancelledAtAnyMoment(t *testing.T) {
	t.Parallel()
	db := mustOpen(t, journalPath(t))
	var written []Entry
	for i := range int64(60) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*20*time.Microsecond)
		e, err := db.Append(ctx, saleChange(i+1))
		cancel()
		switch {
		case err == nil:
			written = append(written, e)
		case errors.Is(err, ErrTrouble) || !ended(err):
			t.Errorf("append: %v", err)
		}
	}
	if diff := cmp.Diff(written, all(t, db)); diff != "" {
		t.Errorf("what was acknowledged is not what is there:\n%s", diff)
	}
}

func TestMigrate_interrupted(t *testing.T) {
	t.Parallel()
	path := filled(t, 2)
	pool, err := sql.Open("sqlite", dsn(path, "rw", nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close() //nolint:errcheck // a test's own
	pool.SetMaxOpenConns(1)
	conn, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // a test's own
	before, err := schema(t.Context(), conn)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, "migrations"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"0001_journal.sql": "-- as released", "0002_movement.sql": "-- as released", "0003_parked.sql": "-- as released", "0004_print.sql": "-- as released",
		"0005_gap.sql":       "-- as released",
		"0006_gap_again.sql": "-- as released",
		"0007_tip.sql":       "create table tip (id text primary key) strict; insert into tip values (1, 2)",
	} {
		if err := os.WriteFile(filepath.Join(folder, "migrations", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := migrate(t.Context(), conn, os.DirFS(folder), latest); err == nil {
		t.Fatal("the broken migration succeeded")
	}
	after, err := schema(t.Context(), conn)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("half a migration is in the file:\n%s", diff)
	}
	if err := os.WriteFile(filepath.Join(folder, "migrations", "0007_tip.sql"), []byte("create table tip (id text primary key) strict;"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := migrate(t.Context(), conn, os.DirFS(folder), latest); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(conn.Close(), pool.Close()); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, path, Newer, "version 7", "knows 6")
}

func TestScripts_namedInOrder(t *testing.T) {
	t.Parallel()
	if all, err := scripts(migrations); err != nil || len(all) == 0 {
		t.Errorf("%d scripts, %v", len(all), err)
	}
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, "migrations"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "migrations", "0002_late.sql"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := scripts(os.DirFS(folder)); err == nil {
		t.Error("a gap in the numbers is accepted")
	}
}
