package pos

import (
	"encoding/json"
	"fmt"
	"time"

	"example.jp/reji/paypay"
	"example.jp/reji/store"
)

// Kind is what an event is: what the till was about to do, or what it saw.
// Each is true, or harmless, even if it comes to light only after a crash.
type Kind string

// The kinds of event of a sale.
const (
	Charged    Kind = "charged"    // intent: a sale, and its first code to be asked for
	Recharged  Kind = "recharged"  // intent: another code for the same sale
	Coded      Kind = "coded"      // PayPay made the code
	Declined   Kind = "declined"   // PayPay made no code, or was not reached: nothing exists
	Unanswered Kind = "unanswered" // PayPay was asked for a code and gave no usable answer
	Looked     Kind = "looked"     // PayPay's answer to a look-up, when it was news
	Mismatched Kind = "mismatched" // PayPay's answer was about another amount or order
	Shut       Kind = "shut"       // intent: the code is to be deleted, and looked up then
	DeleteDone Kind = "deleted"    // PayPay's answer to the deletion
	CancelSent Kind = "cancel"     // intent: a lost attempt is to be cancelled
	CancelDone Kind = "cancelled"  // PayPay's answer to that
	Moved      Kind = "moved on"   // the cashier turned to the next customer
	ModAsked   Kind = "asked"      // intent: PayPay is to give back, take or let go
	ModTried   Kind = "tried"      // intent: a capture is to be asked for under another id
	ModDone    Kind = "answered"   // PayPay's answer to a modification
	Attached   Kind = "attached"   // a person decided that a late payment pays the sale
	Dropped    Kind = "dropped"    // a person settled in another way what PayPay had denied, or given back twice

	// Of papers. They change nothing of the sale.
	PrintAsked   Kind = "print"       // intent: a paper is to be printed
	Printed      Kind = "printed"     // the printer has taken it
	PrintDropped Kind = "not printed" // a person gave it up
)

// The kinds of event of the till itself, which belong to no sale.
const (
	Started Kind = "started"
	Stopped Kind = "stopped"
	Mended  Kind = "mended" // the journal can be written again

	Restored  Kind = "restored"  // the journal is an older copy of itself
	Reviewed  Kind = "reviewed"  // what that copy believes was looked up again, so far
	Accounted Kind = "accounted" // a person compared the books about what is lost

	Parked    Kind = "parked"    // an order waits for its customer
	Discarded Kind = "discarded" // a parked order was given up
)

// Who caused an event.
const (
	Cashier = "cashier"
	Till    = "till"
)

// NotFound is the status of an answer that says PayPay knows no such payment.
const NotFound paypay.Status = "NOT_FOUND"

// Event is one entry of the journal. Which fields are set depends on Kind.
type Event struct {
	Kind    Kind          `json:"-"`
	Sale    SaleID        `json:"-"`
	Attempt string        `json:"-"`
	Actor   string        `json:"-"`
	At      time.Time     `json:"-"`              // by our clock
	Skew    time.Duration `json:"skew,omitempty"` // PayPay's clock minus ours, the least that it could be then

	Day     Day                 `json:"day,omitempty"`     // business day of At, when money came or went
	Charge  *Charge             `json:"charge,omitempty"`  // Charged
	Request *paypay.CodeRequest `json:"request,omitempty"` // Charged, Recharged: what is about to be sent
	Found   bool                `json:"found,omitempty"`   // Recharged: PayPay had it already, and the journal has lost that
	Code    *NewCode            `json:"code,omitempty"`    // Coded
	Answer  *Answer             `json:"answer,omitempty"`  // what PayPay said, where it said something
	Took    time.Duration       `json:"took,omitempty"`    // Looked: how long before At the question was sent
	First   bool                `json:"first,omitempty"`   // Looked: of two entries about one answer, the one that tells only of the money that came
	Cause   Cause               `json:"cause,omitempty"`   // Shut
	Done    string              `json:"done,omitempty"`    // DeleteDone, CancelDone, ModDone: a Deletion, a Cancellation, a Progress
	Doubt   bool                `json:"doubt,omitempty"`   // ModDone: of a try before nothing was known; of one that is denied, PayPay may yet carry that out
	Try     int                 `json:"try,omitempty"`     // ModTried: the number of the id

	Parked       *ParkedOrder  `json:"parked,omitempty"`       // Parked, Discarded
	Gap          *Gap          `json:"gap,omitempty"`          // Restored, Reviewed, Accounted: as it is from now on
	Print        *Print        `json:"print,omitempty"`        // PrintAsked, Printed, PrintDropped
	Modification *Modification `json:"modification,omitempty"` // what is asked for; later only which one it is

	Note string `json:"note,omitempty"` // for a person who reads the journal
}

// Charge is what was charged.
type Charge struct {
	Number int64  `json:"number"`
	Day    Day    `json:"day"`
	Order  Order  `json:"order"`
	Totals Totals `json:"totals"`
}

// NewCode is a code that PayPay made.
type NewCode struct {
	CodeID    string `json:"codeId"`
	URL       string `json:"url"`
	ExpiresAt int64  `json:"expiresAt"` // epoch seconds by PayPay's clock
}

// Answer is what PayPay said.
type Answer struct {
	Status     paypay.Status     `json:"status,omitempty"`
	PaymentID  string            `json:"paymentId,omitempty"`
	AcceptedAt int64             `json:"acceptedAt,omitempty"` // epoch seconds
	Amount     int64             `json:"amount,omitempty"`     // yen
	Class      string            `json:"class,omitempty"`      // of a refusal
	Code       paypay.ResultCode `json:"resultCode,omitempty"`
	CodeID     string            `json:"resultCodeId,omitempty"`
	HTTP       int               `json:"http,omitempty"`
	RequestID  string            `json:"requestId,omitempty"`

	ExpiresAt  int64           `json:"expiresAt,omitempty"`  // epoch seconds: when a hold ends, or a customer's time to agree
	CanceledAt int64           `json:"canceledAt,omitempty"` // epoch seconds
	Reverted   bool            `json:"reverted,omitempty"`   // PayPay names a revert
	Refunds    []RefundAnswer  `json:"refunds,omitempty"`
	Captures   []CaptureAnswer `json:"captures,omitempty"`

	Raw json.RawMessage `json:"raw,omitempty"`
}

// RefundAnswer is what PayPay said about one refund.
type RefundAnswer struct {
	ID          string `json:"id"`
	Status      string `json:"status"`
	Amount      int64  `json:"amount"`                // yen
	RequestedAt int64  `json:"requestedAt,omitempty"` // epoch seconds
	AcceptedAt  int64  `json:"acceptedAt,omitempty"`  // epoch seconds, when it was carried out
}

// CaptureAnswer is what PayPay said about one capture.
type CaptureAnswer struct {
	ID         string `json:"id"`
	Status     string `json:"status"`
	Amount     int64  `json:"amount"`               // yen
	AcceptedAt int64  `json:"acceptedAt,omitempty"` // epoch seconds
	ExpiresAt  int64  `json:"expiresAt,omitempty"`  // epoch seconds, until when the customer may agree
}

// payPayTime is the moment of the event by PayPay's clock.
func (e Event) payPayTime() time.Time { return e.At.Add(e.Skew) }

// asked is the moment, by PayPay's clock, as of which an answer can be relied
// on: an answer that took long may be as old as its question.
func (e Event) asked() time.Time { return e.payPayTime().Add(-e.Took) }

// entry is the event as the journal keeps it.
func (e Event) entry() (store.Entry, error) {
	body, err := json.Marshal(e)
	if err != nil {
		return store.Entry{}, fmt.Errorf("event %s: %w", e.Kind, err)
	}
	return store.Entry{
		At: e.At, Kind: string(e.Kind), Sale: string(e.Sale), Attempt: e.Attempt, Actor: e.Actor, Body: body,
	}, nil
}

// eventOf is the event that an entry keeps.
func eventOf(n store.Entry) (Event, error) {
	var e Event
	if err := json.Unmarshal(n.Body, &e); err != nil {
		return Event{}, fmt.Errorf("journal entry %d (%s): %w", n.Seq, n.Kind, err)
	}
	e.Kind, e.Sale, e.Attempt, e.Actor, e.At = Kind(n.Kind), SaleID(n.Sale), n.Attempt, n.Actor, n.At
	return e, nil
}
