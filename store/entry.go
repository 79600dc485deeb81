package store

import (
	"encoding/json"
	"time"
)

// Entry is one line of the journal: something the till was about to do, or
// something it saw. Entries are never changed and never removed.
type Entry struct {
	Seq     int64           // 1, 2, 3 ... without a gap; given by Append
	At      time.Time       // the till's clock, to the millisecond, UTC
	Kind    string          // what kind of event Body holds
	Sale    string          // sale it belongs to; empty for the till's own events
	Attempt string          // merchantPaymentId it belongs to; may be empty
	Actor   string          // who: a cashier, or "till" for what the till does by itself
	Body    json.RawMessage // the event as compact JSON; never a secret
	Hash    [32]byte        // SHA-256 over the entry before and this one's contents; given by Append
}

// Sale is the current state of one sale, for the screens that list sales.
type Sale struct {
	ID       string
	Number   int64     // receipt number, unique in the journal
	Day      string    // business day, 2026-11-23
	State    string    // in pos's words
	Total    int64     // yen
	OpenedAt time.Time // to the millisecond, UTC
	Payment  string    // PayPay's payment number, empty before payment
	Search   string    // everything the list can be searched by, in one text
	Pending  bool      // still has something to be done at start: unsettled, watched, or not yet left by the cashier
}

// Attempt is the current state of one try to be paid.
type Attempt struct {
	ID      string // merchantPaymentId, unique for ever
	Sale    string
	Number  int // 1, 2, 3 ... within the sale
	State   string
	Amount  int64  // yen
	Open    bool   // at most one of a sale's attempts may be
	Code    string // PayPay's codeId
	Payment string // PayPay's paymentId
}

// Change is one step of the journal: an entry, and the rows as they are after
// it. All of it is written, or nothing.
type Change struct {
	Entry    Entry // Seq and Hash are given by Append
	Sale     *Sale // nil when the entry belongs to no sale
	Attempts []Attempt

	Parked   *Parked   // nil when no order was parked or taken up
	Print    *Print    // nil when no paper is to be printed or was
	Gap      *Gap      // nil when nothing was found to be lost, or accounted for
	Movement *Movement // nil when no money came or went; Seq is given by Append
}

// Query selects sales for a list. Zero fields select everything.
type Query struct {
	Day    string   // business day
	States []string // any of these
	Search string   // every word of it must occur in Sale.Search, letter case ignored
	Before int64    // only receipt numbers below this one, for the next page
	Limit  int      // at most so many; 0 means 200
}
