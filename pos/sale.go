package pos

import (
	"slices"
	"time"

	"example.jp/reji/paypay"
)

// SaleID names a sale for ever.
type SaleID string

// Sale is an order that was charged, with everything the journal says about
// how it was paid. It is a value, made by applying the journal's events in
// order; nothing else changes it.
type Sale struct {
	ID       SaleID
	Number   int64 // receipt number
	Day      Day
	OpenedAt time.Time
	Order    Order
	Totals   Totals
	Attempts []Attempt // oldest first
	Left     bool      // the cashier has turned to the next customer
}

// Attempt is one try to be paid: one merchantPaymentId, one code.
type Attempt struct {
	ID          string // merchantPaymentId
	Number      int    // 1, 2, 3 ... within the sale
	Amount      Yen
	Hold        bool // PayPay is to hold the amount until it is captured
	Found       bool // it was found at PayPay after the journal was restored
	State       State
	RequestedAt time.Time

	// What PayPay made of the request, when it was live.
	CodeID    string
	URL       string    // goes into the QR picture as it is
	ExpiresAt time.Time // by PayPay's clock

	// How it was shut, when it was.
	Cause     Cause
	ShutAt    time.Time // by PayPay's clock: when that was decided, and then when PayPay answered the deletion
	Deletion  Deletion
	Cancel    Cancellation
	Watched   bool      // PayPay is still asked about it although it has ended
	WatchedTo time.Time // until then, by PayPay's clock
	Confirmed bool      // PayPay has said once after that time that nothing came

	// What PayPay said.
	Seen      paypay.Status // the last status that was news
	Code      paypay.ResultCode
	CodeNo    string    // PayPay's codeId for support, of a refusal
	PaymentID string    // PayPay's payment number
	PaidAt    time.Time // when PayPay took the amount, or before that, when it held it
	Late      bool      // paid, or held, after it had ended here
	Attached  bool      // a person has decided that this late payment pays the sale
	Mismatch  bool      // PayPay's answer spoke of another amount or order
	Unread    bool      // PayPay knows, or may know, more about the money than is written down yet

	// The money.
	Taken         Yen            // what PayPay took, whatever was given back since
	OnHold        Yen            // what PayPay holds
	Offered       Yen            // another amount that PayPay named, once, as held
	OfferedAt     time.Time      // and when
	EndSeen       time.Time      // when PayPay first said, with Seen, that the hold has ended; it has to say so twice
	HoldEnds      time.Time      // by PayPay's clock, when what is held is let go; zero when PayPay has not said
	Modifications []Modification // oldest first
}

// State is where an attempt stands.
type State string

// The states of an attempt.
const (
	Requested State = "requested" // about to ask PayPay for a code, or asking
	Unknown   State = "unknown"   // PayPay was asked and gave no usable answer; only its answer ends this
	Live      State = "live"      // the code can be paid
	Closing   State = "closing"   // the code is being shut: deleted, then looked up
	Lost      State = "lost"      // may exist at PayPay, was never shown and never will be

	Held State = "held" // PayPay holds the amount, and nothing is taken

	Paid      State = "paid"
	Refunded  State = "refunded"  // paid, and all of it given back by refunds
	Cancelled State = "cancelled" // paid or held, and undone by a cancel
	Reverted  State = "reverted"  // held, and let go
	Lapsed    State = "lapsed"    // held, and let go by time
	Failed    State = "failed"    // PayPay says that the payment failed
	Closed    State = "closed"    // shut without payment
	Expired   State = "expired"   // timed out without payment
	Refused   State = "refused"   // PayPay made no code, or was not reached
)

// States are all states.
func States() []State {
	return []State{
		Requested, Unknown, Live, Closing, Lost, Held, Paid, Refunded, Cancelled, Reverted, Lapsed, Failed, Closed, Expired, Refused,
	}
}

// Open reports whether the attempt may still be paid or is not known to have
// ended. A sale never has two of these.
func (s State) Open() bool {
	switch s {
	case Requested, Unknown, Live, Closing:
		return true
	case Lost, Held, Paid, Refunded, Cancelled, Reverted, Lapsed, Failed, Closed, Expired, Refused:
		return false
	}
	return true // a state this program does not know must not look settled
}

// Cause is why a code is being shut.
type Cause string

// The causes.
const (
	ByCashier Cause = "cashier" // given up
	ByNewCode Cause = "new code"
	ByExpiry  Cause = "expiry"
	ByFailure Cause = "failure" // PayPay says it failed; the code might still be paid by a second try
	ByPayment Cause = "payment" // an earlier code of the sale turned out paid
)

// Deletion is what PayPay answered to the deletion of a code.
type Deletion string

// The answers. The empty one is: none yet.
const (
	Deleted        Deletion = "deleted"
	DeleteNotFound Deletion = "not found" // gone already
	DeleteTooLate  Deletion = "too late"  // paid already, says PayPay; only a look-up makes it so
	DeleteRefused  Deletion = "refused"
)

// Cancellation is what PayPay answered to the cancelling of a lost attempt.
type Cancellation string

// The answers. The empty one is: not asked yet.
const (
	CancelAsked    Cancellation = "asked"
	CancelAccepted Cancellation = "accepted"
	CancelNotFound Cancellation = "not found"
	CancelRefused  Cancellation = "refused"
)

// Attempt is the attempt with an id, and false when the sale has none such.
func (s Sale) Attempt(id string) (Attempt, bool) {
	i := s.index(id)
	if i < 0 {
		return Attempt{}, false
	}
	return s.Attempts[i], true
}

// Last is the newest attempt. A sale always has one.
func (s Sale) Last() Attempt {
	if len(s.Attempts) == 0 {
		return Attempt{}
	}
	return s.Attempts[len(s.Attempts)-1]
}

// Standing is what a list says about a sale in one word.
type Standing string

// The standings.
const (
	Waiting      Standing = "waiting"  // a code is being asked for, shown or shut
	Unclear      Standing = "unknown"  // only PayPay's answer can tell
	Changing     Standing = "changing" // PayPay is being asked to give back, take or let go
	HeldOpen     Standing = "held"     // the amount is held, and neither taken nor let go
	Settled      Standing = "paid"     // paid, once
	PartReturned Standing = "part"     // paid, and a part of it given back
	LatePaid     Standing = "late"     // paid after it had ended here, or paid twice: a person must decide
	Unpaid       Standing = "unpaid"   // every attempt ended without payment
	Returned     Standing = "refunded" // paid, and all of it given back
	Released     Standing = "released" // held, and let go
)

// Standings are all standings.
func Standings() []Standing {
	return []Standing{Waiting, Unclear, Changing, HeldOpen, Settled, PartReturned, LatePaid, Unpaid, Returned, Released}
}

// Standing is what the sale's attempts come to.
func (s Sale) Standing() Standing {
	var n struct{ taken, held, returned, released int }
	late, part, changing := false, false, false
	var open Standing
	others := slices.ContainsFunc(s.Attempts, func(a Attempt) bool { return a.kept() && !a.evened() })
	for _, a := range s.Attempts {
		switch a.State {
		case Paid:
			if a.evened() && (others || n.taken > 0 || a.Late && !a.Attached) {
				n.returned++ // what should not have come
				break
			}
			n.taken++
			part = part || a.Returned() > 0
		case Held:
			n.held++
		case Refunded, Cancelled:
			n.returned++
		case Reverted, Lapsed:
			n.released++
		case Unknown:
			open = Unclear
		case Requested, Live, Closing:
			if open = Waiting; a.Mismatch {
				open = Unclear
			}
		case Lost, Failed, Closed, Expired, Refused:
		}
		late = late || a.undecided()
		changing = changing || a.changing()
	}
	switch {
	case open != "" && n.taken+n.held < 2: // what came twice is more than what may come
		return open
	case changing:
		return Changing
	case late || n.taken+n.held > 1:
		return LatePaid
	case n.held == 1:
		return HeldOpen
	case n.taken == 1 && part:
		return PartReturned
	case n.taken == 1:
		return Settled
	case n.returned > 0:
		return Returned
	case n.released > 0:
		return Released
	}
	return Unpaid
}

// undecided reports whether the attempt brought money after it had ended here,
// and nobody has decided yet whether the sale is paid by it, or given it back.
func (a Attempt) undecided() bool {
	return a.Late && !a.Attached && (a.State == Paid || a.State == Held) && !a.evened()
}

// kept reports whether the attempt has brought money that is still there.
func (a Attempt) kept() bool { return a.State == Paid || a.State == Held }

// brought reports whether the attempt has ever brought money, also if it is
// gone again.
func (a Attempt) brought() bool {
	switch a.State {
	case Held, Paid, Refunded, Cancelled, Reverted, Lapsed:
		return true
	case Requested, Unknown, Live, Closing, Lost, Failed, Closed, Expired, Refused:
	}
	return false
}

// brought reports whether one of the sale's attempts has ever brought money.
// The sale gets no other code then: what a customer buys after that is another
// sale.
func (s Sale) brought() bool {
	return slices.ContainsFunc(s.Attempts, func(a Attempt) bool { return a.brought() })
}

// undone reports whether all the money that the sale has brought is gone again.
func (s Sale) undone() bool {
	return s.brought() && !slices.ContainsFunc(s.Attempts, func(a Attempt) bool { return a.kept() })
}

// PaidBy is the attempt that paid the sale, the first one if several did; rather
// one that was not given back in another way.
func (s Sale) PaidBy() (Attempt, bool) {
	i := slices.IndexFunc(s.Attempts, func(a Attempt) bool { return a.State == Paid && !a.evened() })
	if i < 0 {
		i = slices.IndexFunc(s.Attempts, func(a Attempt) bool { return a.State == Paid })
	}
	if i < 0 {
		return Attempt{}, false
	}
	return s.Attempts[i], true
}

// Amount is what the sale came to: what was taken for it, also when it was given
// back since, and of a hold perhaps not what the order comes to; before that it
// is what the order comes to. A sale that was paid twice counts once.
func (s Sale) Amount() Yen {
	i := slices.IndexFunc(s.Attempts, func(a Attempt) bool { return a.Taken > 0 })
	if i < 0 {
		return s.Totals.Total
	}
	return s.Attempts[i].Taken
}

// Held is the attempt of which PayPay holds the amount, the first one if
// there are several.
func (s Sale) Held() (Attempt, bool) {
	i := slices.IndexFunc(s.Attempts, func(a Attempt) bool { return a.State == Held })
	if i < 0 {
		return Attempt{}, false
	}
	return s.Attempts[i], true
}

// Pending reports whether a start of the till has to take the sale up again:
// it is not settled, still watched, waits for a person's decision, or the
// cashier has not turned away from it.
func (s Sale) Pending() bool {
	return !s.Left || len(s.tasks()) > 0 || slices.ContainsFunc(s.Attempts, func(a Attempt) bool { return a.unsettled() })
}

// unsettled reports whether a watcher has work to do on the attempt.
func (a Attempt) unsettled() bool {
	_, working := a.Working()
	return a.State.Open() || a.State == Lost || a.State == Held || a.Watched || working || a.denied() || a.watching() || a.unfit() || a.unread()
}

// unfit reports whether PayPay's last answer about money that it has taken did
// not fit: it is asked until one does.
func (a Attempt) unfit() bool { return a.Mismatch && (a.State == Paid || a.State == Refunded) }

// unread reports whether PayPay is asked once more about the money: the till was
// ended between two entries about what came and went in one answer, or nobody
// knew for a while what became of a return.
func (a Attempt) unread() bool { return a.Unread && (a.State == Paid || a.State == Refunded) }

func (s Sale) index(id string) int {
	return slices.IndexFunc(s.Attempts, func(a Attempt) bool { return a.ID == id })
}

// unsettled reports whether PayPay has yet to say what became of something
// that was asked for.
func (s Sale) unsettled() bool {
	return s.open() || slices.ContainsFunc(s.Attempts, func(a Attempt) bool { return a.changing() })
}

// open reports whether one of the sale's codes may still be paid.
func (s Sale) open() bool {
	return slices.ContainsFunc(s.Attempts, func(a Attempt) bool { return a.State.Open() })
}
