package simulator

import (
	"net/http"
	"time"
)

// similarWithin is how long a payment of the same customer and amount looks like
// a duplicate.
const similarWithin = 5 * time.Minute

// createPayment takes or holds money of a linked customer (Create Payment,
// Pre-authorize, Continuous Payment). A merchantPaymentId that was used before
// is answered with its payment.
func (s *Simulator) createPayment(q request, _ Fault, now time.Time) *answer {
	agreed := q.query.Get("agreeSimilarTransaction")
	if agreed != "" && agreed != "true" && agreed != "false" {
		return invalidParams("agreeSimilarTransaction: must be true or false")
	}
	f, refused := s.parseBody(q)
	if refused != nil {
		return refused
	}
	c := s.linkedOrder(f, now)
	scope := "direct_debit"
	switch q.op {
	case OpPreauthorize:
		scope = "preauth_capture_native"
		c.isAuthorization = true
		c.authorizationExpiry = s.holdEnd(f, "expiresAt", now)
	case OpContinuous:
		scope = "continuous_payments"
	default:
	}
	method, methodID := (*string)(nil), (*string)(nil)
	if q.op != OpContinuous {
		method, methodID = f.text("paymentMethodType"), f.text("paymentMethodId")
		f.product(s.cfg.ProductTypes)
	}
	if refused := f.done(); refused != nil {
		return refused
	}
	if p := s.payments[c.merchantPaymentID]; p != nil {
		if p.made != q.op {
			return refuse(http.StatusBadRequest, "INVALID_PARAMS", "00200004", "the merchantPaymentId was used for something else")
		}
		return success(s.cfg.PaymentHTTPStatus, p.data())
	}
	a, refused := s.linked(*c.userAuthorizationID, scope, now)
	if refused != nil {
		return refused
	}
	chosen, refused := a.wallet.choose(method, methodID)
	if refused != nil {
		return refused
	}
	if why := a.wallet.can(chosen, c.amount, c.amount, now); why != withinLimits {
		return beyond(why)
	}
	if q.op != OpContinuous && agreed != "true" && s.similar(a.wallet, c.amount, now) {
		return refuse(http.StatusBadRequest, "SUSPECTED_DUPLICATE_PAYMENT", "00200017", "the customer has paid the same amount a moment ago")
	}
	p := s.add(c, now)
	p.made, p.chosen, p.wallet = q.op, chosen, a.wallet
	if s.cfg.PaymentDelay > 0 {
		s.agenda.add(now.Add(s.cfg.PaymentDelay), func(at time.Time) { s.settlePayment(p, at) })
	} else {
		s.take(p, p.wallet, now)
	}
	return success(s.cfg.PaymentHTTPStatus, p.data())
}

// settlePayment decides about a payment that was answered CREATED.
func (s *Simulator) settlePayment(p *payment, at time.Time) {
	switch {
	case p.status != StatusCreated: // it was made to fail
	case p.wallet.can(p.chosen, p.amount, p.amount, at) != withinLimits:
		s.fail(p, at)
	default:
		s.take(p, p.wallet, at)
	}
}

// linkedOrder reads what the orders of linked customers have in common.
func (s *Simulator) linkedOrder(f *fields, now time.Time) createRequest {
	user := f.someText("userAuthorizationId")
	return createRequest{
		merchantPaymentID:   f.id("merchantPaymentId", invalidParams),
		userAuthorizationID: &user,
		amount:              f.money("amount"),
		requestedAt:         new(f.requestedAt(now)),
		storeID:             f.text("storeId"),
		terminalID:          f.text("terminalId"),
		orderReceiptNumber:  f.text("orderReceiptNumber"),
		orderDescription:    f.text("orderDescription"),
		orderItems:          f.items("orderItems"),
	}
}
