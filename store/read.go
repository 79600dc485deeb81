package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

const entryColumns = "seq, at, kind, sale, attempt, actor, body, prev, hash"

// row is an entry with the hash it says it follows.
type row struct {
	Entry
	prev [32]byte
}

func scanEntry(rows *sql.Rows) (row, error) {
	var r row
	var at int64
	var body, prev, hash []byte
	err := rows.Scan(&r.Seq, &at, &r.Kind, &r.Sale, &r.Attempt, &r.Actor, &body, &prev, &hash)
	if err != nil {
		return row{}, err
	}
	r.At = time.UnixMilli(at).UTC()
	if len(body) > 0 {
		r.Body = json.RawMessage(body)
	}
	copy(r.prev[:], prev)
	copy(r.Hash[:], hash)
	return r, nil
}

// query yields what scan makes of each row.
func query[T any](ctx context.Context, db queryer, scan func(*sql.Rows) (T, error), text string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		rows, err := db.QueryContext(ctx, text, args...)
		if err != nil {
			yield(none, err)
			return
		}
		defer rows.Close() //nolint:errcheck // rows.Err below tells
		for rows.Next() {
			v, err := scan(rows)
			if !yield(v, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(none, err)
		}
	}
}

// collect gathers all, up to the first error.
func collect[T any](all iter.Seq2[T, error]) ([]T, error) {
	var got []T
	for v, err := range all {
		if err != nil {
			return nil, err
		}
		got = append(got, v)
	}
	return got, nil
}

// since is what collect gathers from a table that a migration made: nothing
// where the journal is only looked at and older than that.
func since[T any](all iter.Seq2[T, error]) ([]T, error) {
	got, err := collect(all)
	if primary(err) == sqlite3.SQLITE_ERROR && strings.Contains(err.Error(), "no such table") {
		return nil, nil
	}
	return got, err
}

// chainAfter is the next page of the chain.
func chainAfter(ctx context.Context, db queryer, after int64) iter.Seq2[row, error] {
	return query(ctx, db, scanEntry, "select "+entryColumns+" from entry where seq > ? order by seq limit ?", after, page)
}

const lastEntry = "select seq, hash from entry order by seq desc limit 1"

// head is the last entry's place in the chain, the genesis when there is none.
func head(ctx context.Context, db queryer, journal string) (link, error) {
	return scanLink(db.QueryRowContext(ctx, lastEntry), journal)
}

func scanLink(r *sql.Row, journal string) (link, error) {
	var l link
	var hash []byte
	err := r.Scan(&l.seq, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return genesis(journal), nil
	}
	copy(l.hash[:], hash)
	return l, err
}

func journalID(ctx context.Context, db queryer) (string, error) {
	var id string
	err := db.QueryRowContext(ctx, "select value from meta where key = 'journal'").Scan(&id)
	return id, err
}

// Entries are the entries of one sale in order.
func (db *DB) Entries(ctx context.Context, sale string) ([]Entry, error) {
	entries, err := db.entries(ctx, "from entry where sale = ? order by seq", sale)
	if err != nil {
		return nil, fmt.Errorf("read the entries of sale %s: %w", sale, err)
	}
	return entries, nil
}

func (db *DB) entries(ctx context.Context, which string, args ...any) ([]Entry, error) {
	ctx, cancel := deadline(ctx, patience)
	defer cancel()
	scan := func(rows *sql.Rows) (Entry, error) {
		r, err := scanEntry(rows)
		return r.Entry, err
	}
	var entries []Entry
	err := db.reading(func(readers *sql.DB) error {
		var err error
		entries, err = collect(query(ctx, readers, scan, "select "+entryColumns+" "+which, args...))
		return err
	})
	return entries, err
}

// All are the entries after a number, in order. It reads them page by page and
// holds nothing between, so the journal may be written to meanwhile, also by
// the loop that ranges over it; what is written before the end is reached is
// read too. An error is the last thing it yields. Each page has its own time
// limit unless ctx has one.
func (db *DB) All(ctx context.Context, after int64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for {
			rows, err := db.pageAfter(ctx, after)
			if err != nil {
				yield(Entry{}, fmt.Errorf("read the entries after %d: %w", after, err))
				return
			}
			for _, r := range rows {
				if !yield(r.Entry, nil) {
					return
				}
				after = r.Seq
			}
			if len(rows) < page {
				return
			}
		}
	}
}

func (db *DB) pageAfter(ctx context.Context, after int64) (rows []row, err error) {
	ctx, cancel := deadline(ctx, patience)
	defer cancel()
	err = db.reading(func(readers *sql.DB) error {
		rows, err = collect(chainAfter(ctx, readers, after))
		return err
	})
	return rows, err
}

// Head is the last entry's number and hash: printed outside the machine, it is
// a witness of everything up to there. An empty journal gives 0 and the hash
// that its first entry will follow.
func (db *DB) Head(ctx context.Context) (seq int64, hash [32]byte, err error) {
	ctx, cancel := deadline(ctx, patience)
	defer cancel()
	var at link
	err = db.reading(func(readers *sql.DB) error {
		at, err = head(ctx, readers, db.journal)
		return err
	})
	if err != nil {
		return 0, [32]byte{}, fmt.Errorf("read the head of the journal: %w", err)
	}
	return at.seq, at.hash, nil
}

// Pending are the entries of the sales marked Pending, the oldest sale first
// and each in order.
func (db *DB) Pending(ctx context.Context) ([]Entry, error) {
	entries, err := db.entries(ctx, "from sale join entry on entry.sale = sale.id where pending = 1 order by number, sale, seq")
	if err != nil {
		return nil, fmt.Errorf("read the pending sales: %w", err)
	}
	return entries, nil
}

const saleColumns = "id, number, day, state, total, opened_at, payment, search, pending"

func scanSale(rows *sql.Rows) (Sale, error) {
	var s Sale
	var opened int64
	err := rows.Scan(&s.ID, &s.Number, &s.Day, &s.State, &s.Total, &opened, &s.Payment, &s.Search, &s.Pending)
	s.OpenedAt = time.UnixMilli(opened).UTC()
	return s, err
}

// defaultLimit is how many sales a Query without a limit gives at most.
const defaultLimit = 200

// where is the query's condition and its arguments. Words are looked for as
// they are, so % and _ mean nothing special.
func (q Query) where() (string, []any) {
	terms := []string{"true"}
	var args []any
	add := func(term string, values ...any) {
		terms = append(terms, term)
		args = append(args, values...)
	}
	if q.Day != "" {
		add("day = ?", q.Day)
	}
	if len(q.States) > 0 {
		marks := strings.Join(slices.Repeat([]string{"?"}, len(q.States)), ", ")
		states := make([]any, len(q.States))
		for i, s := range q.States {
			states[i] = s
		}
		add("state in ("+marks+")", states...)
	}
	for word := range strings.FieldsSeq(strings.ToLower(q.Search)) {
		add("instr(folded, ?) > 0", word)
	}
	if q.Before > 0 {
		add("number < ?", q.Before)
	}
	return strings.Join(terms, " and "), args
}

// Sales are the sales a query selects, newest first: the highest receipt
// number first.
func (db *DB) Sales(ctx context.Context, q Query) ([]Sale, error) {
	ctx, cancel := deadline(ctx, patience)
	defer cancel()
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	where, args := q.where()
	var sales []Sale
	err := db.reading(func(readers *sql.DB) error {
		var err error
		text := "select " + saleColumns + " from sale where " + where + " order by number desc limit ?"
		sales, err = collect(query(ctx, readers, scanSale, text, append(args, limit)...))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the sales: %w", err)
	}
	return sales, nil
}

// Sale is one sale's current row with its attempts, the first try first; false
// when there is none.
func (db *DB) Sale(ctx context.Context, id string) (Sale, []Attempt, bool, error) {
	ctx, cancel := deadline(ctx, patience)
	defer cancel()
	var sales []Sale
	var attempts []Attempt
	err := db.reading(func(readers *sql.DB) error {
		// One transaction, so that the sale and its attempts are of one moment.
		tx, err := readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // nothing was written
		if sales, err = collect(query(ctx, tx, scanSale, "select "+saleColumns+" from sale where id = ?", id)); err != nil {
			return err
		}
		attempts, err = collect(query(ctx, tx, scanAttempt,
			"select id, sale, number, state, amount, open, code, payment from attempt where sale = ? order by number", id))
		return err
	})
	if err != nil {
		return Sale{}, nil, false, fmt.Errorf("read sale %s: %w", id, err)
	}
	if len(sales) == 0 {
		return Sale{}, nil, false, nil
	}
	return sales[0], attempts, true, nil
}

func scanAttempt(rows *sql.Rows) (Attempt, error) {
	var a Attempt
	err := rows.Scan(&a.ID, &a.Sale, &a.Number, &a.State, &a.Amount, &a.Open, &a.Code, &a.Payment)
	return a, err
}

// LastNumber is the highest receipt number given so far, 0 before the first.
func (db *DB) LastNumber(ctx context.Context) (int64, error) {
	ctx, cancel := deadline(ctx, patience)
	defer cancel()
	var n int64
	err := db.reading(func(readers *sql.DB) error {
		return readers.QueryRowContext(ctx, "select coalesce(max(number), 0) from sale").Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("read the last receipt number: %w", err)
	}
	return n, nil
}
