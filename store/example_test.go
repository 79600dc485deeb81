package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"example.jp/reji/store"
)

// A sale is charged: the intent is durable before the request leaves.
func Example() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "reji")
	if err != nil {
		log.Fatal(err)
	}
	db, err := store.Open(ctx, filepath.Join(folder, "journal.db"))
	if err != nil {
		log.Fatal(err)
	}

	now := time.Date(2026, 11, 23, 10, 30, 0, 0, time.UTC)
	_, err = db.Append(ctx, store.Change{
		Entry: store.Entry{
			At: now, Kind: "code requested", Sale: "s1", Attempt: "a1", Actor: "佐藤",
			Body: json.RawMessage(`{"amount":1200}`),
		},
		Sale: &store.Sale{
			ID: "s1", Number: 1, Day: "2026-11-23", State: "waiting", Total: 1200, OpenedAt: now,
			Search: "onigiri 1200", Pending: true,
		},
		Attempts: []store.Attempt{{ID: "a1", Sale: "s1", Number: 1, State: "requested", Amount: 1200, Open: true}},
	})
	if err != nil {
		log.Fatal(err)
	}

	sales, err := db.Sales(ctx, store.Query{Day: "2026-11-23", Search: "Onigiri"})
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range sales {
		fmt.Println(s.Number, s.State, s.Total)
	}
	if err := errors.Join(db.Close(), os.RemoveAll(folder)); err != nil {
		log.Fatal(err)
	}
	// Output: 1 waiting 1200
}
