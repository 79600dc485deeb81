package simulator

import (
	"slices"
	"time"
)

// Status is a payment's status as PayPay gives it.
type Status string

// The statuses of a payment. An instant one goes from CREATED to COMPLETED when
// the customer pays or FAILED when that fails, from COMPLETED to REFUNDED, and
// to FAILED when it is cancelled. One that is captured later is AUTHORIZED
// first; from there it is captured, perhaps by way of REAUTHORIZING, or ends as
// EXPIRED by the clock, CANCELED by a revert, or FAILED by a cancel.
const (
	StatusCreated       Status = "CREATED"
	StatusAuthorized    Status = "AUTHORIZED"
	StatusReauthorizing Status = "REAUTHORIZING"
	StatusCompleted     Status = "COMPLETED"
	StatusRefunded      Status = "REFUNDED"
	StatusFailed        Status = "FAILED"
	StatusCanceled      Status = "CANCELED"
	StatusExpired       Status = "EXPIRED"
)

// Stage is where a code and its payment really are. It says more than [Status],
// which is CREATED for a code that nobody can pay any more.
type Stage string

// The stages. Only the first three can lead to a payment.
const (
	StageWaiting    Stage = "waiting"    // for a customer to scan, or to pay what is asked of them
	StageConfirming Stage = "confirming" // the customer sees the confirm screen; the code may be deleted meanwhile
	StageDeciding   Stage = "deciding"   // asked for without the customer, and not decided yet
	StageHeld       Stage = "held"       // the amount is held for a capture
	StageRaising    Stage = "raising"    // the customer has agreed to a higher capture, which is being processed
	StagePaid       Stage = "paid"       // captured, where it was held before
	StageRefunded   Stage = "refunded"
	StageFailed     Stage = "failed"    // the customer tried to pay
	StageCancelled  Stage = "cancelled" // paid or held, then cancelled
	StageReverted   Stage = "reverted"  // held, then let go by the shop; or asked for and withdrawn
	StageLapsed     Stage = "lapsed"    // held until the time to capture was over
	StageDeleted    Stage = "deleted"
	StageExpired    Stage = "expired"
)

// payment is an order and the one payment that can come of it.
type payment struct {
	createRequest // its amount is what is in force, after a capture or a change

	codeID    string // empty where there is no code
	paymentID string
	url       string
	createdAt time.Time
	expiresAt time.Time // of the code, in whole seconds, as told; zero where there is none

	status     Status
	scanned    bool // the confirm screen is open
	deleted    bool
	expired    bool
	again      bool      // it failed, and the code can still be paid
	cancelWait bool      // a cancel lies in wait for the payment
	cancelDue  time.Time // zero unless a cancel was accepted for the payment
	acceptedAt time.Time // when it became COMPLETED, or AUTHORIZED where it is captured later
	paidAt     time.Time
	failedAt   time.Time

	wallet     *wallet        // of the customer who paid
	chosen     *Means         // what they chose to pay with; nil is the wallet
	parts      []part         // what they paid with
	back       int64          // yen of it that were given back
	made       Operation      // that made the order
	asked      *authorization // whose customer is to pay what is pending
	held       int64          // yen
	holdEnds   time.Time
	captures   []*capture
	captureIDs map[string]bool
	changes    map[string]bool // requestIds of changes of the amount
	question   *question       // what the customer is asked to agree to
	reverted   *revertData
	refunds    []*refund
	history    []event
}

// event is a change of a payment's state, for the files and the notifications.
type event struct {
	at     time.Time
	status Status
	amount int64
	id     string // the merchant's, of what was done
	parts  []part // what moved
}

// undone reports whether a cancel was accepted, after which a held amount can
// neither be captured nor changed.
func (p *payment) undone() bool { return !p.cancelDue.IsZero() }

// stage is where a payment is.
func (p *payment) stage() Stage {
	switch p.status {
	case StatusAuthorized:
		return StageHeld
	case StatusReauthorizing:
		return StageRaising
	case StatusCompleted:
		return StagePaid
	case StatusRefunded:
		return StageRefunded
	case StatusCanceled:
		return StageReverted
	case StatusExpired:
		return StageLapsed
	case StatusFailed:
		if !p.acceptedAt.IsZero() {
			return StageCancelled
		}
		if !p.again {
			return StageFailed
		}
	case StatusCreated:
		if p.atOnce() {
			return StageDeciding
		}
	}
	switch {
	case p.expired:
		return StageExpired
	case p.scanned:
		return StageConfirming
	case p.deleted:
		return StageDeleted
	}
	return StageWaiting
}

// payable reports whether a payment can still come.
func (p *payment) payable() bool {
	stage := p.stage()
	return stage == StageWaiting || stage == StageConfirming
}

// atOnce reports whether the customer has no part in the payment, so that it is
// tried as soon as it is asked for.
func (p *payment) atOnce() bool {
	return p.made == OpCreatePayment || p.made == OpPreauthorize || p.made == OpContinuous
}

// tried reports whether a customer has paid or tried to, so that PayPay has a
// number for the payment.
func (p *payment) tried() bool {
	return p.atOnce() || p.status != StatusCreated && (p.made != OpCreatePending || !p.acceptedAt.IsZero())
}

// expire shuts a code whose time is over.
func (p *payment) expire() {
	if p.payable() {
		p.expired, p.scanned = !p.deleted, false
	}
}

// data is the payment as the details tell it.
func (p *payment) data() *paymentData {
	d := &paymentData{
		Status:              p.status,
		MerchantPaymentID:   p.merchantPaymentID,
		UserAuthorizationID: p.userAuthorizationID,
		Amount:              money{p.amount, "JPY"},
		StoreID:             p.storeID,
		TerminalID:          p.terminalID,
		OrderReceiptNumber:  p.orderReceiptNumber,
		OrderDescription:    p.orderDescription,
		OrderItems:          p.orderItems,
	}
	if !p.tried() {
		return d
	}
	d.PaymentID = &p.paymentID
	d.RequestedAt = p.createdAt.Unix()
	if p.requestedAt != nil {
		d.RequestedAt = *p.requestedAt
	}
	if !p.acceptedAt.IsZero() {
		d.AcceptedAt = p.acceptedAt.Unix()
		d.PaymentMethods = methods(p.parts)
	}
	if !p.holdEnds.IsZero() {
		d.ExpiresAt = new(p.holdEnds.Unix())
	}
	if p.status == StatusFailed {
		d.CanceledAt = new(p.failedAt.Unix())
	}
	d.Revert = p.reverted
	if len(p.refunds) > 0 {
		d.Refunds = &list[refundData]{}
		for _, r := range p.refunds {
			d.Refunds.Data = append(d.Refunds.Data, r.data())
		}
	}
	if len(p.captures) > 0 {
		d.Captures = &list[captureData]{}
		for _, c := range p.captures {
			d.Captures.Data = append(d.Captures.Data, c.data())
		}
	}
	return d
}

// paymentByNumber finds a payment by PayPay's number for it, once it has one.
func (s *Simulator) paymentByNumber(paymentID string) *payment {
	p := s.numbers[paymentID]
	if p == nil || !p.tried() {
		return nil
	}
	return p
}

// become changes a payment's status. Nothing else does, so that [State] tells of
// every step.
func (s *Simulator) become(p *payment, to Status, at time.Time) {
	s.changes = append(s.changes, Change{at, p.merchantPaymentID, p.status, to})
	p.status = to
}

// turn changes a payment's status, and tells who is to be told. The id is the
// merchant's, of what led to it.
func (s *Simulator) turn(p *payment, to Status, id string, at time.Time) {
	s.become(p, to, at)
	p.history = append(p.history, event{at, to, p.amount, id, slices.Clone(p.parts)})
	reauthID := ""
	if to == StatusAuthorized && id != p.merchantPaymentID {
		reauthID = id
	}
	if to == StatusFailed && !p.acceptedAt.IsZero() || to == StatusCanceled && p.reverted == nil {
		return // nobody is told of a cancel, nor of what was asked for and withdrawn
	}
	s.notifyPayment(p, reauthID, "")
}
