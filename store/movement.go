package store

import (
	"context"
	"database/sql"
	"fmt"
)

// Movement is money that came or went.
type Movement struct {
	Seq     int64  // of the entry that says so; given by Append
	Day     string // business day of that entry
	Sale    string
	Attempt string
	Kind    string // in pos's words
	Amount  int64  // yen; negative when it went
}

const movementColumns = "seq, day, sale, attempt, kind, amount"

func scanMovement(rows *sql.Rows) (Movement, error) {
	var m Movement
	err := rows.Scan(&m.Seq, &m.Day, &m.Sale, &m.Attempt, &m.Kind, &m.Amount)
	return m, err
}

// Movements are the movements of one sale, in order.
func (db *DB) Movements(ctx context.Context, sale string) ([]Movement, error) {
	ctx, cancel := deadline(ctx, patience)
	defer cancel()
	var all []Movement
	err := db.reading(func(readers *sql.DB) error {
		var err error
		all, err = since(query(ctx, readers, scanMovement, "select "+movementColumns+" from movement where sale = ? order by seq", sale))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the movements of sale %s: %w", sale, err)
	}
	return all, nil
}

// Sum is what the movements of one kind come to.
type Sum struct {
	Kind   string
	Count  int64
	Amount int64 // yen
}

// Sums are what the movements of a business day come to, by kind.
func (db *DB) Sums(ctx context.Context, day string) ([]Sum, error) {
	ctx, cancel := deadline(ctx, patience)
	defer cancel()
	var all []Sum
	err := db.reading(func(readers *sql.DB) error {
		scan := func(rows *sql.Rows) (s Sum, err error) { return s, rows.Scan(&s.Kind, &s.Count, &s.Amount) }
		var err error
		all, err = since(query(ctx, readers, scan,
			"select kind, count(*), sum(amount) from movement where day = ? group by kind order by kind", day))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("add up %s: %w", day, err)
	}
	return all, nil
}
