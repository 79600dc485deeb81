package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// Parked is an order that waits for its customer.
type Parked struct {
	ID   string // the order's
	At   time.Time
	Name string
	Body json.RawMessage // the order
	Open bool            // it still waits
}

// Parked are the orders that wait, the one parked first in front.
func (db *DB) Parked(ctx context.Context) ([]Parked, error) {
	ctx, cancel := deadline(ctx, patience)
	defer cancel()
	var all []Parked
	err := db.reading(func(readers *sql.DB) error {
		scan := func(rows *sql.Rows) (Parked, error) {
			p := Parked{Open: true}
			var at int64
			var body []byte
			err := rows.Scan(&p.ID, &at, &p.Name, &body)
			p.At, p.Body = time.UnixMilli(at).UTC(), body
			return p, err
		}
		var err error
		all, err = since(query(ctx, readers, scan, "select id, parked_at, name, body from parked where open = 1 order by parked_at, id"))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the parked orders: %w", err)
	}
	return all, nil
}
