package simulator

import (
	"encoding/json"
	"math"
	"net/http"
	"time"
)

// pendingLifetime is how long a customer has to pay, unless the shop says.
const pendingLifetime = 6 * time.Hour

// createPending asks a linked customer to pay (Create Pending Payment).
func (s *Simulator) createPending(q request, _ Fault, now time.Time) *answer {
	f, refused := s.parseBody(q)
	if refused != nil {
		return refused
	}
	c := s.linkedOrder(f, now)
	ends := now.Add(pendingLifetime).Unix()
	if f.has("expiryDate") {
		ends = f.integer("expiryDate", now.Unix()+1, math.MaxInt32)
	}
	c.productType = f.product(s.cfg.ProductTypes)
	if refused := f.done(); refused != nil {
		return refused
	}
	if s.payments[c.merchantPaymentID] != nil {
		return refuse(http.StatusBadRequest, "DUPLICATE_REQUEST_ORDER", "", "the merchantPaymentId was used before")
	}
	a, refused := s.linked(*c.userAuthorizationID, "pending_payments", now)
	if refused != nil {
		return refused
	}
	for _, p := range s.order {
		if p.made == OpCreatePending && p.asked == a && p.amount == c.amount && p.payable() && now.Sub(p.createdAt) < similarWithin {
			return refuse(http.StatusBadRequest, "SUSPECTED_DUPLICATE_ORDER", "", "the customer was asked for the same amount a moment ago")
		}
	}
	p := s.add(c, now)
	p.made, p.asked = q.op, a
	p.expiresAt = time.Unix(ends, 0)
	s.agenda.add(p.expiresAt, func(time.Time) { p.expire() })
	return success(http.StatusCreated, p.pendingData())
}

// pendingPayment tells of a pending payment (Get Pending Payment). What one says
// whose time is over is not documented.
func (s *Simulator) pendingPayment(q request, _ Fault, _ time.Time) *answer {
	p := s.payments[q.id]
	if p == nil || p.made != OpCreatePending {
		return noPending()
	}
	d := p.pendingData()
	if p.expired && s.cfg.ExpiredCanceled {
		d.Status = StatusCanceled
	}
	return success(http.StatusOK, d)
}

func noPending() *answer {
	return refuse(http.StatusBadRequest, "REQUEST_ORDER_NOT_FOUND", "08300005", "there is no such pending payment")
}

// cancelPending withdraws a pending payment (Cancel Pending Payment).
func (s *Simulator) cancelPending(q request, _ Fault, now time.Time) *answer {
	p := s.payments[q.id]
	switch {
	case p == nil || p.made != OpCreatePending:
		return refuse(http.StatusNotFound, "REQUEST_ORDER_NOT_FOUND", "08300005", "there is no such pending payment")
	case !p.payable():
		return refuse(http.StatusConflict, "INVALID_REQUEST_ORDER_STATE", "", "the pending payment is paid, withdrawn or expired")
	}
	p.scanned = false
	s.turn(p, StatusCanceled, p.merchantPaymentID, now)
	return accepted()
}

// pendingData is what a pending payment says of itself.
type pendingData struct {
	MerchantPaymentID   string            `json:"merchantPaymentId"`
	UserAuthorizationID *string           `json:"userAuthorizationId"`
	Amount              money             `json:"amount"`
	RequestedAt         *int64            `json:"requestedAt"`
	ExpiryDate          int64             `json:"expiryDate"`
	StoreID             *string           `json:"storeId"`
	TerminalID          *string           `json:"terminalId"`
	OrderReceiptNumber  *string           `json:"orderReceiptNumber"`
	OrderDescription    *string           `json:"orderDescription"`
	OrderItems          json.RawMessage   `json:"orderItems"`
	ProductType         *string           `json:"productType"`
	Status              Status            `json:"status"`
	PaymentID           *string           `json:"paymentId"`
	AcceptedAt          int64             `json:"acceptedAt"`
	Refunds             *list[refundData] `json:"refunds"`
}

func (p *payment) pendingData() *pendingData {
	d := p.data()
	return &pendingData{
		MerchantPaymentID: p.merchantPaymentID, UserAuthorizationID: p.userAuthorizationID, Amount: d.Amount,
		RequestedAt: p.requestedAt, ExpiryDate: p.expiresAt.Unix(), StoreID: p.storeID, TerminalID: p.terminalID,
		OrderReceiptNumber: p.orderReceiptNumber, OrderDescription: p.orderDescription, OrderItems: p.orderItems, ProductType: p.productType,
		Status: p.status, PaymentID: d.PaymentID, AcceptedAt: d.AcceptedAt, Refunds: d.Refunds,
	}
}
