package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"
	"testing"

	"modernc.org/sqlite"
)

// watched is a SQLite that has a second connection open as soon as the
// journal's id is written: closing the first one then leaves the write-ahead
// log as it is, without a word, as it does when the disk fails or is full.
type watched struct {
	driver.Connector
	path string
	t    *testing.T
}

func (w watched) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := w.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := conn.(sqliteConn)
	if !ok {
		return nil, errors.Join(errors.New("the connection lacks a method"), conn.Close())
	}
	return watchedConn{full, w}, nil
}

type watchedConn struct {
	sqliteConn
	by watched
}

func (c watchedConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	result, err := c.sqliteConn.ExecContext(ctx, text, args)
	if err == nil && strings.HasPrefix(text, "insert into meta") {
		var other *sql.DB
		if other, err = sql.Open("sqlite", dsn(c.by.path+".new", "rw", nil, nil)); err == nil {
			c.by.t.Cleanup(func() { _ = other.Close() })
			var n int
			err = other.QueryRowContext(ctx, "select count(*) from meta").Scan(&n)
		}
	}
	return result, err
}

func TestOpen_newJournalNeedsNoLogOfItsDraft(t *testing.T) {
	t.Parallel()
	path := journalPath(t)
	db, err := openWith(t.Context(), path, func(dsn string) (driver.Connector, error) {
		c, err := sqlite.NewConnector(dsn)
		return watched{c, path, t}, err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, mustOpen(t, path), saleChange(1))
}
