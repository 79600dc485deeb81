package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Restored says that the journal is an older copy of itself, put in place by
// Restore or by hand: what was written after the copy was made is not in it.
type Restored struct {
	At      time.Time `json:"at"`                // when it was put in place, or found to have been; to the millisecond, UTC
	Last    time.Time `json:"last"`              // the copy's last entry
	Missing int64     `json:"missing,omitempty"` // entries that it lacks at least, as far as the anchor knew; 0 when nobody knows
}

// Gap is a time of which the journal has lost its entries.
type Gap struct {
	From, To          time.Time // Restored.Last and Restored.At, which names the gap
	FirstDay, LastDay string    // business days of both
	Missing           int64     // as Restored.Missing
	Number            int64     // receipt numbers up to this one are not given any more
	Below             int64     // sales with this receipt number or a higher one were looked up again
	Open              bool      // nobody has accounted for it yet
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
		if !last.IsZero() {
			r = &Restored{At: time.UnixMilli(time.Now().UnixMilli()).UTC(), Last: last}
		}
	}
	db.restored.Store(r)
	db.begun = true
	return nil
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
			err = rows.Scan(&to, &from, &g.FirstDay, &g.LastDay, &g.Missing, &g.Number, &g.Below, &g.Open)
			g.From, g.To = time.UnixMilli(from).UTC(), time.UnixMilli(to).UTC()
			return g, err
		}
		var err error
		all, err = since(query(ctx, readers, scan,
			"select ended_at, began_at, first_day, last_day, missing, number, below, open from gap order by ended_at"))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the gaps: %w", err)
	}
	return all, nil
}
