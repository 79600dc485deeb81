package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// writer is the one connection that writes, with its statements prepared. It
// speaks BEGIN and COMMIT itself: database/sql would end a transaction by
// itself when the context ends, and not say how.
type writer struct {
	pool    *sql.DB
	conn    *sql.Conn
	last    *sql.Stmt
	entry   *sql.Stmt
	sale    *sql.Stmt
	attempt *sql.Stmt
	move    *sql.Stmt
	park    *sql.Stmt
	print   *sql.Stmt
	gap     *sql.Stmt
}

func newWriter(ctx context.Context, pool *sql.DB) (*writer, error) {
	w := &writer{pool: pool}
	err := w.prepare(ctx)
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

func (w *writer) prepare(ctx context.Context) error {
	var err error
	if w.conn, err = w.pool.Conn(ctx); err != nil {
		return err
	}
	if err := migrate(ctx, w.conn, migrations, latest); err != nil {
		return err
	}
	for _, s := range []struct {
		stmt **sql.Stmt
		text string
	}{
		{&w.last, lastEntry},
		{&w.entry, `insert into entry (seq, at, kind, sale, attempt, actor, body, prev, hash)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&w.sale, `insert into sale (id, number, day, state, total, opened_at, payment, search, folded, pending)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			on conflict (id) do update set number = excluded.number, day = excluded.day, state = excluded.state,
				total = excluded.total, opened_at = excluded.opened_at, payment = excluded.payment,
				search = excluded.search, folded = excluded.folded, pending = excluded.pending`},
		// An id that another sale or another try has used is left alone, which
		// shows in the number of rows changed.
		{&w.attempt, `insert into attempt (id, sale, number, state, amount, open, code, payment)
			values (?, ?, ?, ?, ?, ?, ?, ?)
			on conflict (id) do update set state = excluded.state, amount = excluded.amount, open = excluded.open,
				code = excluded.code, payment = excluded.payment
			where sale = excluded.sale and number = excluded.number`},
		{&w.move, "insert into movement (" + movementColumns + ") values (?, ?, ?, ?, ?, ?)"},
		{&w.park, `insert into parked (id, parked_at, name, body, open) values (?, ?, ?, ?, ?)
			on conflict (id) do update set parked_at = excluded.parked_at, name = excluded.name, body = excluded.body, open = excluded.open`},
		{&w.print, `insert into print (id, sale, asked_at, body, open) values (?, ?, ?, ?, ?)
			on conflict (id) do update set open = excluded.open where sale = excluded.sale`},
		{&w.gap, `insert into gap (ended_at, began_at, first_day, last_day, missing, number, entries, lost, below, again, open) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			on conflict (ended_at) do update set below = excluded.below, again = excluded.again, open = excluded.open`},
	} {
		if *s.stmt, err = w.conn.PrepareContext(ctx, s.text); err != nil { //nolint:sqlclosecheck // close does, with the writer
			return err
		}
	}
	return nil
}

func (w *writer) close() error {
	var errs []error
	for _, stmt := range []*sql.Stmt{w.last, w.entry, w.sale, w.attempt, w.move, w.park, w.print, w.gap} {
		if stmt != nil {
			errs = append(errs, stmt.Close())
		}
	}
	if w.conn != nil {
		errs = append(errs, w.conn.Close())
	}
	return errors.Join(append(errs, w.pool.Close())...)
}

// unknownError is a failure after which nobody can say what is in the file.
type unknownError struct{ err error }

func (u *unknownError) Error() string { return u.err.Error() }
func (u *unknownError) Unwrap() error { return u.err }

// Append writes one change durably and returns the entry as written: At cut to
// the millisecond, in UTC, with its number and hash, just as reading it later
// gives it. An attempt that the change closes may stand in any order with the
// one it opens.
//
// When the error is ErrTrouble the outcome is unknown and the journal takes
// nothing more until Reopen. After any other error nothing of the change is in
// the file, and the next Append may succeed: ErrDuplicate when a rule of
// uniqueness refused it, the context's error when time was over before
// anything could be written. Without a deadline of the caller's it ends after
// ten seconds.
func (db *DB) Append(ctx context.Context, c Change) (Entry, error) {
	if err := c.valid(); err != nil {
		return Entry{}, fmt.Errorf("append %s: %w", c.Entry.Kind, err)
	}
	var written Entry
	err := db.writing(ctx, "append "+c.Entry.Kind, func(ctx context.Context, w *writer) error {
		var err error
		written, err = w.write(ctx, db.journal, c)
		if r := db.restored.Load(); err == nil && c.Gap != nil && r != nil && r.At.Equal(c.Gap.To) {
			db.restored.Store(nil)
		}
		return err
	})
	if err != nil {
		return Entry{}, err
	}
	return written, nil
}

// valid finds the mistakes of a caller before they reach the file.
func (c Change) valid() error {
	if c.Entry.Kind == "" {
		return errors.New("an entry needs a kind")
	}
	if len(c.Entry.Body) > 0 && !json.Valid(c.Entry.Body) {
		return errors.New("the body is not JSON")
	}
	if c.Sale != nil && c.Sale.ID != c.Entry.Sale {
		return fmt.Errorf("the entry is of sale %q, the row of %q", c.Entry.Sale, c.Sale.ID)
	}
	for _, a := range c.Attempts {
		if a.Sale != c.Entry.Sale {
			return fmt.Errorf("the entry is of sale %q, attempt %q of %q", c.Entry.Sale, a.ID, a.Sale)
		}
	}
	if p := c.Print; p != nil && p.Sale != c.Entry.Sale {
		return fmt.Errorf("the entry is of sale %q, the print of %q", c.Entry.Sale, p.Sale)
	}
	if m := c.Movement; m != nil && (m.Sale != c.Entry.Sale || m.Attempt != c.Entry.Attempt) {
		return fmt.Errorf("the entry is of attempt %q, the movement of %q", c.Entry.Attempt, m.Attempt)
	}
	return nil
}

// write is one transaction. Its errors are *unknownError unless it is certain that
// nothing was written, and that is only so when no COMMIT was sent and the
// transaction is known to be gone.
func (w *writer) write(ctx context.Context, journal string, c Change) (Entry, error) {
	if _, err := w.conn.ExecContext(ctx, "begin immediate"); err != nil {
		// The transaction may have begun just as the time was over.
		if lost := rollback(ctx, w.conn); lost != nil || !ended(err) && primary(err) != sqlite3.SQLITE_BUSY {
			return Entry{}, &unknownError{errors.Join(err, lost)}
		}
		return Entry{}, err
	}
	written, err := w.rows(ctx, journal, c)
	if err != nil {
		lost := rollback(ctx, w.conn)
		switch {
		case lost != nil:
			return Entry{}, &unknownError{errors.Join(err, lost)}
		case ended(err), errors.Is(err, ErrDuplicate):
			return Entry{}, err
		}
		switch code(err) {
		case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
			return Entry{}, fmt.Errorf("%w: %w", ErrDuplicate, err)
		case sqlite3.SQLITE_CONSTRAINT_CHECK, sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
			return Entry{}, err
		}
		return Entry{}, &unknownError{err}
	}
	// From here on the caller's time no longer counts: a COMMIT that is cut
	// short is one that nobody knows the end of.
	if _, err := w.conn.ExecContext(context.WithoutCancel(ctx), "commit"); err != nil {
		return Entry{}, &unknownError{errors.Join(err, rollback(ctx, w.conn))}
	}
	return written, nil
}

// rollback ends the transaction on conn, if there is one, whatever the time.
func rollback(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(context.WithoutCancel(ctx), "rollback")
	if code(err) == sqlite3.SQLITE_ERROR {
		return nil // no transaction is active
	}
	return err
}

// rows writes the entry and what it changes.
func (w *writer) rows(ctx context.Context, journal string, c Change) (Entry, error) {
	prev, err := scanLink(w.last.QueryRowContext(ctx), journal)
	if err != nil {
		return Entry{}, err
	}
	e := c.Entry
	e.Seq = prev.seq + 1
	e.At = time.UnixMilli(e.At.UnixMilli()).UTC()
	e.Body = bytes.Clone(e.Body)
	if len(e.Body) == 0 {
		e.Body = nil
	}
	e.Hash = hashOf(prev.hash, e)
	if _, err := w.entry.ExecContext(ctx, e.Seq, e.At.UnixMilli(), e.Kind, e.Sale, e.Attempt, e.Actor,
		string(e.Body), prev.hash[:], e.Hash[:]); err != nil {
		return Entry{}, err
	}
	if s := c.Sale; s != nil {
		if _, err := w.sale.ExecContext(ctx, s.ID, s.Number, s.Day, s.State, s.Total, s.OpenedAt.UnixMilli(),
			s.Payment, s.Search, strings.ToLower(s.Search), s.Pending); err != nil {
			return Entry{}, err
		}
	}
	// Those that are closed go first, to make room for the one that opens.
	for _, open := range []bool{false, true} {
		for _, a := range c.Attempts {
			if a.Open != open {
				continue
			}
			if err := w.try(ctx, a); err != nil {
				return Entry{}, err
			}
		}
	}
	if p := c.Parked; p != nil {
		if _, err := w.park.ExecContext(ctx, p.ID, p.At.UnixMilli(), p.Name, string(p.Body), p.Open); err != nil {
			return Entry{}, err
		}
	}
	if p := c.Print; p != nil {
		if _, err := w.print.ExecContext(ctx, p.ID, p.Sale, p.At.UnixMilli(), string(p.Body), p.Open); err != nil {
			return Entry{}, err
		}
	}
	if g := c.Gap; g != nil {
		if _, err := w.gap.ExecContext(ctx, g.To.UnixMilli(), g.From.UnixMilli(), g.FirstDay, g.LastDay,
			g.Missing, g.Number, g.Entries, g.Lost, g.Below, g.Again, g.Open); err != nil {
			return Entry{}, err
		}
	}
	if m := c.Movement; m != nil {
		if _, err := w.move.ExecContext(ctx, e.Seq, m.Day, m.Sale, m.Attempt, m.Kind, m.Amount); err != nil {
			return Entry{}, err
		}
	}
	return e, nil
}

func (w *writer) try(ctx context.Context, a Attempt) error {
	result, err := w.attempt.ExecContext(ctx, a.ID, a.Sale, a.Number, a.State, a.Amount, a.Open, a.Code, a.Payment)
	if err != nil {
		return err
	}
	switch n, err := result.RowsAffected(); {
	case err != nil:
		return err
	case n == 0:
		return fmt.Errorf("%w: attempt %q is another sale's or another try's", ErrDuplicate, a.ID)
	}
	return nil
}
