package simulator

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"time"
)

// State is what the simulator knows, whatever it has answered: the truth for
// checks. Times are by the simulator's clock.
type State struct {
	Now      time.Time `json:"now"`
	Taken    int64     `json:"taken"`    // yen the merchant has and has not given back
	Payments []Payment `json:"payments"` // in the order of creation

	// WaitingCancels are the merchantPaymentIds that were cancelled and never
	// seen otherwise, sorted.
	WaitingCancels []string `json:"waitingCancels"`

	// Calls are the creates, deletes and cancels in the order in which they came
	// in: those that were signed rightly, and those that a fault kept from being
	// looked at. Reads counts the calls that only look something up.
	Calls []Call `json:"calls"`
	Reads int    `json:"reads"`
}

// Payment is a code and what became of it.
type Payment struct {
	MerchantPaymentID string `json:"merchantPaymentId"`
	CodeID            string `json:"codeId"`
	PaymentID         string `json:"paymentId"` // empty until somebody tries to pay
	URL               string `json:"url"`
	Amount            int64  `json:"amount"` // yen
	Status            Status `json:"status"`
	Stage             Stage  `json:"stage"`
	Deleted           bool   `json:"deleted"`
	CancelAccepted    bool   `json:"cancelAccepted"` // for the payment, or lying in wait for one

	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt"`         // of the code
	PaidAt    time.Time `json:"paidAt,omitzero"`   // zero unless paid at some time
	FailedAt  time.Time `json:"failedAt,omitzero"` // when it failed, or a cancel took effect
}

// Call is a call that could change something.
type Call struct {
	At                time.Time `json:"at"`
	Operation         Operation `json:"operation"`
	MerchantPaymentID string    `json:"merchantPaymentId"` // empty where the call does not lead to one
	CodeID            string    `json:"codeId,omitempty"`  // of a delete
	BodyHash          string    `json:"bodyHash"`          // SHA-256 of the body's bytes, in hex
	Result            string    `json:"result,omitempty"`  // the code that was decided; empty when a fault kept the call out
	Fault             Kind      `json:"fault,omitempty"`   // what was done to the call, if anything
}

// State copies what the simulator knows now.
func (s *Simulator) State() State {
	now := s.lock()
	defer s.mu.Unlock()
	st := State{
		Now:            now,
		Payments:       make([]Payment, len(s.order)),
		WaitingCancels: slices.AppendSeq([]string{}, maps.Keys(s.waiting)),
		Calls:          append([]Call{}, s.calls...),
		Reads:          s.reads,
	}
	slices.Sort(st.WaitingCancels)
	for i, p := range s.order {
		s.taken -= p.settle(now)
		st.Payments[i] = p.public()
	}
	st.Taken = s.taken
	return st
}

func (p *payment) public() Payment {
	v := Payment{
		MerchantPaymentID: p.merchantPaymentID,
		CodeID:            p.codeID,
		URL:               p.url,
		Amount:            p.amount,
		Status:            p.status,
		Stage:             p.stage(),
		Deleted:           p.deleted,
		CancelAccepted:    p.cancelWait || !p.cancelDue.IsZero(),
		CreatedAt:         p.createdAt,
		ExpiresAt:         p.expiresAt,
		PaidAt:            p.paidAt,
		FailedAt:          p.failedAt,
	}
	if p.status != StatusCreated {
		v.PaymentID = p.paymentID
	}
	return v
}

// record keeps a call for [State]. The caller holds the lock.
func (s *Simulator) record(q request, fault Kind, result string, now time.Time) {
	if q.op == OpCodePayment || q.op == OpPayment {
		s.reads++
		return
	}
	hash := sha256.Sum256(q.body)
	c := Call{
		At:                now,
		Operation:         q.op,
		MerchantPaymentID: s.paymentOf(q),
		BodyHash:          hex.EncodeToString(hash[:]),
		Result:            result,
		Fault:             fault,
	}
	if q.op == OpDeleteCode {
		c.CodeID = q.id
	}
	s.calls = append(s.calls, c)
}

// paymentOf is the merchantPaymentId that a request is about, as far as it can
// be read. The caller holds the lock.
func (s *Simulator) paymentOf(q request) string {
	switch {
	case q.op == OpCreateCode:
		object, err := parseObject(q.body)
		if err != nil {
			return ""
		}
		f := fields{object: object}
		if id := f.id("merchantPaymentId"); f.refused == nil {
			return id
		}
		return ""
	case q.op == OpDeleteCode:
		if p := s.codes[q.id]; p != nil {
			return p.merchantPaymentID
		}
		return ""
	case !plainID(q.id):
		return ""
	}
	return q.id
}
