package simulator

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"slices"
	"time"
)

// State is what the simulator knows, whatever it has answered: the truth for
// checks. Times are by the simulator's clock.
type State struct {
	Now      time.Time `json:"now"`
	Taken    int64     `json:"taken"`    // yen the merchant has and has not given back
	Held     int64     `json:"held"`     // yen set aside for captures
	Budget   int64     `json:"budget"`   // yen the merchant can still give as cashback
	Wallets  []Wallet  `json:"wallets"`  // of the customers, in the order of the configuration
	Payments []Payment `json:"payments"` // in the order of creation

	// Faults are those that are armed, in the order in which they are met.
	Faults []ArmedFault `json:"faults"`

	// WaitingCancels are the merchantPaymentIds that were cancelled and never
	// seen otherwise, sorted.
	WaitingCancels []string `json:"waitingCancels"`

	// Calls are those that can change something, in the order in which they
	// came in: those that were signed rightly, and those that a fault kept from being
	// looked at. Reads counts the calls that only look something up.
	Calls []Call `json:"calls"`
	Reads int    `json:"reads"`

	// Changes are those of the payments' statuses, in the order in which they came
	// about, each a single step.
	Changes []Change `json:"changes"`
}

// Change is one step of a payment from a status to another, or to the same one
// where what is held was changed.
type Change struct {
	At                time.Time `json:"at"`
	MerchantPaymentID string    `json:"merchantPaymentId"`
	From              Status    `json:"from"` // empty where it was created
	To                Status    `json:"to"`
}

// ArmedFault is a fault that calls will meet.
type ArmedFault struct {
	Fault Fault `json:"fault"`
	Left  int   `json:"left"` // calls that will meet it; 0 is until it is cleared
}

// Wallet is a customer's money.
type Wallet struct {
	CustomerID string  `json:"customerId"`
	Account    Account `json:"account"`
	Balance    int64   `json:"balance"` // yen, without what is held
	Means      []Means `json:"means,omitempty"`
}

// Payment is an order and what became of it.
type Payment struct {
	MerchantPaymentID string `json:"merchantPaymentId"`
	CodeID            string `json:"codeId"`
	PaymentID         string `json:"paymentId"` // empty until somebody tries to pay
	URL               string `json:"url"`
	Amount            int64  `json:"amount"` // yen; what was captured, once that is done
	Held              int64  `json:"held,omitempty"`
	Refunded          int64  `json:"refunded,omitempty"`    // yen that the customer has back by refunds
	Refunding         int64  `json:"refunding,omitempty"`   // yen of refunds accepted and not done
	AskedAmount       int64  `json:"askedAmount,omitempty"` // yen that the customer is asked to agree to
	Status            Status `json:"status"`
	Stage             Stage  `json:"stage"`
	Deleted           bool   `json:"deleted"`
	CancelAccepted    bool   `json:"cancelAccepted"` // for the payment, or lying in wait for one

	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt"`       // of the code
	HeldAt    time.Time `json:"heldAt,omitzero"` // zero unless held at some time
	HoldEnds  time.Time `json:"holdEnds,omitzero"`
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
		Taken:          s.taken,
		Held:           s.held,
		Budget:         s.budget,
		Payments:       make([]Payment, len(s.order)),
		Faults:         []ArmedFault{},
		WaitingCancels: slices.AppendSeq([]string{}, maps.Keys(s.waiting)),
		Calls:          append([]Call{}, s.calls...),
		Reads:          s.reads,
		Changes:        append([]Change{}, s.changes...),
	}
	slices.Sort(st.WaitingCancels)
	for _, a := range s.faults {
		st.Faults = append(st.Faults, ArmedFault{a.Fault, a.left})
	}
	for _, w := range s.wallets {
		v := Wallet{CustomerID: w.ID, Account: w.account, Balance: w.balance}
		for _, m := range w.means {
			v.Means = append(v.Means, *m)
		}
		st.Wallets = append(st.Wallets, v)
	}
	for i, p := range s.order {
		st.Payments[i] = p.public()
	}
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
		Held:              p.held,
		Refunded:          p.refunded(),
		HoldEnds:          p.holdEnds,
		CancelAccepted:    p.cancelWait || p.undone(),
		CreatedAt:         p.createdAt,
		ExpiresAt:         p.expiresAt,
		PaidAt:            p.paidAt,
		FailedAt:          p.failedAt,
	}
	v.Refunding = p.amount - p.rest() - v.Refunded
	if p.question != nil {
		v.AskedAmount = p.question.amount
	}
	if p.isAuthorization {
		v.HeldAt = p.acceptedAt
	}
	if p.tried() {
		v.PaymentID = p.paymentID
	}
	return v
}

// record keeps a call for [State]. The caller holds the lock.
func (s *Simulator) record(q request, fault Kind, result string, now time.Time) {
	if q.method == http.MethodGet || q.op == OpExpectedCashback {
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
	case q.method == http.MethodPost:
		object, err := parseObject(q.body)
		if err != nil {
			return ""
		}
		f := fields{object: object}
		if f.has("paymentId") {
			return s.merchantID(f.id("paymentId", invalidParams))
		}
		if id := f.id("merchantPaymentId", invalidParams); f.refused == nil {
			return id
		}
		return ""
	case q.op == OpDeleteCode:
		if p := s.codes[q.id]; p != nil {
			return p.merchantPaymentID
		}
		return ""
	case q.op == OpRefund:
		return s.merchantID(q.http.URL.Query().Get("paymentId"))
	case plainID(q.id) && slices.Contains([]Operation{OpCodePayment, OpPayment, OpCancelPayment, OpPending, OpCancelPending}, q.op):
		return q.id
	}
	return ""
}

// merchantID is the merchant's id of the payment that PayPay's number names.
func (s *Simulator) merchantID(paymentID string) string {
	if p := s.numbers[paymentID]; p != nil {
		return p.merchantPaymentID
	}
	return ""
}
