package simulator

import "time"

// Status is a payment's status as PayPay gives it.
type Status string

// The statuses that a payment by code goes through here: from CREATED to
// COMPLETED when the customer pays or FAILED when that fails, and from COMPLETED
// to FAILED when the payment is cancelled.
const (
	StatusCreated   Status = "CREATED"
	StatusCompleted Status = "COMPLETED"
	StatusFailed    Status = "FAILED"
)

// Stage is where a code and its payment really are. It says more than [Status],
// which is CREATED for a code that nobody can pay any more.
type Stage string

// The stages. Only the first two can lead to a payment.
const (
	StageWaiting    Stage = "waiting"    // for a customer to scan
	StageConfirming Stage = "confirming" // the customer sees the confirm screen; the code may be deleted meanwhile
	StagePaid       Stage = "paid"
	StageFailed     Stage = "failed"    // the customer tried to pay
	StageCancelled  Stage = "cancelled" // paid, then cancelled
	StageDeleted    Stage = "deleted"
	StageExpired    Stage = "expired"
)

// payment is a code and the one payment that can come of it.
type payment struct {
	createRequest

	codeID    string
	paymentID string
	url       string
	createdAt time.Time
	expiresAt time.Time // in whole seconds, as told

	status     Status
	scanned    bool // the confirm screen is open
	deleted    bool
	expired    bool
	cancelWait bool      // a cancel lies in wait for the payment
	cancelDue  time.Time // zero unless a cancel was accepted for the payment
	paidAt     time.Time
	failedAt   time.Time
}

// settle brings a payment up to a time, and returns the yen that are given back
// by that. Expiry is kept as a fact, so that no code comes back to life when the
// clock below is set back.
func (p *payment) settle(now time.Time) (back int64) {
	switch {
	case p.payable() && !now.Before(p.expiresAt):
		p.expired, p.scanned = !p.deleted, false
	case p.status == StatusCompleted && !p.cancelDue.IsZero() && !now.Before(p.cancelDue):
		p.status, p.failedAt = StatusFailed, p.cancelDue
		return p.amount
	}
	return 0
}

// stage is where a settled payment is.
func (p *payment) stage() Stage {
	switch {
	case p.status == StatusCompleted:
		return StagePaid
	case p.status == StatusFailed && !p.paidAt.IsZero():
		return StageCancelled
	case p.status == StatusFailed:
		return StageFailed
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

// data is the payment as the details tell it.
func (p *payment) data() *paymentData {
	d := &paymentData{
		Status:            p.status,
		MerchantPaymentID: p.merchantPaymentID,
		Amount:            money{p.amount, "JPY"},
		StoreID:           p.storeID,
		TerminalID:        p.terminalID,
		OrderDescription:  p.orderDescription,
	}
	if p.status == StatusCreated {
		return d
	}
	d.PaymentID = &p.paymentID
	d.RequestedAt = p.createdAt.Unix()
	if p.requestedAt != nil {
		d.RequestedAt = *p.requestedAt
	}
	if !p.paidAt.IsZero() {
		d.AcceptedAt = p.paidAt.Unix()
		d.PaymentMethods = []paymentMethod{{d.Amount, "WALLET"}}
	}
	if p.status == StatusFailed {
		at := p.failedAt.Unix()
		d.CanceledAt = &at
	}
	return d
}

// find returns a payment, brought up to now. The caller holds the lock.
func (s *Simulator) find(in map[string]*payment, id string, now time.Time) *payment {
	p := in[id]
	if p != nil {
		s.taken -= p.settle(now)
	}
	return p
}
