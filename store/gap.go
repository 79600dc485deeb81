package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Restored says that the journal is an older copy of itself, put in place by
// Restore or by hand: what was written after the copy was made is not in it.
type Restored struct {
	At      time.Time `json:"at"`                // when it was put in place, or found to have been; to the millisecond, UTC
	Last    time.Time `json:"last"`              // the copy's last entry
	Entries int64     `json:"entries"`           // so many the copy has
	Missing int64     `json:"missing,omitempty"` // entries that it lacks at least, as far as the anchor knew; 0 when nobody knows
	Gaps    []int64   `json:"gaps,omitempty"`    // numbers of the gaps that were noted down until then, as far as the anchor knew
}

// Gap is a time of which the journal has lost its entries.
type Gap struct {
	From, To          time.Time // Restored.Last and Restored.At, which names the gap
	FirstDay, LastDay string    // business days of both
	Missing           int64     // as Restored.Missing
	Number            int64     // receipt numbers up to this one are not given any more
	Entries           int64     // as Restored.Entries
	Lost              Numbers   // of the gaps that were noted down in what is lost
	Below             int64     // sales with this receipt number or a higher one were looked up again
	Again             bool      // Below is about the second time that this is done
	Open              bool      // nobody has accounted for it yet
}

// Numbers are numbers as a column holds them, with spaces between.
type Numbers string

// NumbersOf are those numbers.
func NumbersOf(numbers ...int64) Numbers {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.FormatInt(n, 10)
	}
	return Numbers(strings.Join(texts, " "))
}

// All are the numbers, in their order. What is none is left out.
func (n Numbers) All() []int64 {
	var all []int64
	for text := range strings.FieldsSeq(string(n)) {
		if number, err := strconv.ParseInt(text, 10, 64); err == nil {
			all = append(all, number)
		}
	}
	return all
}

// Restored is how the journal came to be an older copy of itself, until a Gap
// of that time is appended; nil when it did not. Of a journal that is only
// looked at it is what its anchor says.
func (db *DB) Restored() *Restored { return db.restored.Load() }

// recall takes over what the anchor says about a copy, unless a gap for it is
// in the journal already. A journal that came here without an anchor, and with
// entries, is a copy too, and so is one that lacks the log of a crash.
func (db *DB) recall(ctx context.Context, marked *anchor, logLost bool) error {
	var r *Restored
	if marked != nil {
		r = marked.restored
	}
	if r != nil {
		var known bool
		err := db.readers.QueryRowContext(ctx, "select count(*) from gap where ended_at = ?", r.At.UnixMilli()).Scan(&known)
		if err != nil {
			return err
		}
		if known {
			r = nil
		}
	}
	if r == nil && !db.begun && (marked == nil || logLost) { // once begun, it is our own anchor or log that is gone
		last, err := lastAt(ctx, db.readers)
		if err != nil {
			return err
		}
		at, err := head(ctx, db.readers, db.journal)
		if err != nil {
			return err
		}
		if !last.IsZero() {
			r = &Restored{At: time.UnixMilli(time.Now().UnixMilli()).UTC(), Last: last, Entries: at.seq}
			if marked != nil {
				r.Gaps = marked.gaps
			}
		}
	}
	db.restored.Store(r)
	db.begun = true
	return nil
}

// gapNumbers are the numbers of all gaps that the journal knows of, also of those
// that it has lost.
func gapNumbers(ctx context.Context, db *sql.DB) ([]int64, error) {
	rows, err := db.QueryContext(ctx, "select number, lost from gap order by ended_at")
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err below tells
	var all []int64
	for rows.Next() {
		var number int64
		var lost Numbers
		if err := rows.Scan(&number, &lost); err != nil {
			return nil, err
		}
		all = append(append(all, lost.All()...), number)
	}
	return all, rows.Err()
}

// lastAt is when the last entry was written; zero when there is none.
func lastAt(ctx context.Context, db queryer) (time.Time, error) {
	var at int64
	err := db.QueryRowContext(ctx, "select at from entry order by seq desc limit 1").Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return time.UnixMilli(at).UTC(), err
}

// Gaps are all gaps, the oldest first.
func (db *DB) Gaps(ctx context.Context) ([]Gap, error) {
	ctx, cancel := deadline(ctx, patience)
	defer cancel()
	var all []Gap
	err := db.reading(func(readers *sql.DB) error {
		scan := func(rows *sql.Rows) (g Gap, err error) {
			var from, to int64
			err = rows.Scan(&to, &from, &g.FirstDay, &g.LastDay, &g.Missing, &g.Number, &g.Entries, &g.Lost, &g.Below, &g.Again, &g.Open)
			g.From, g.To = time.UnixMilli(from).UTC(), time.UnixMilli(to).UTC()
			return g, err
		}
		var err error
		all, err = since(query(ctx, readers, scan,
			"select ended_at, began_at, first_day, last_day, missing, number, entries, lost, below, again, open from gap order by ended_at"))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the gaps: %w", err)
	}
	return all, nil
}
