package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// Print is a paper that is to be printed.
type Print struct {
	ID   string // unique for ever
	Sale string
	At   time.Time
	Body json.RawMessage // which paper
	Open bool            // it is not printed yet
}

// Prints are the papers that are not printed yet, the one asked for first in
// front.
func (db *DB) Prints(ctx context.Context) ([]Print, error) {
	ctx, cancel := deadline(ctx, patience)
	defer cancel()
	var all []Print
	err := db.reading(func(readers *sql.DB) error {
		scan := func(rows *sql.Rows) (Print, error) {
			p := Print{Open: true}
			var at int64
			var body []byte
			err := rows.Scan(&p.ID, &p.Sale, &at, &body)
			p.At, p.Body = time.UnixMilli(at).UTC(), body
			return p, err
		}
		var err error
		all, err = since(query(ctx, readers, scan, "select id, sale, asked_at, body from print where open = 1 order by asked_at, id"))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what is to be printed: %w", err)
	}
	return all, nil
}
