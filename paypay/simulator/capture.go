package simulator

import (
	"net/http"
	"time"
)

// consentLifetime is how long a customer has to agree to a higher amount.
const consentLifetime = 6 * time.Hour

// maxChanges is how many times the amount of one payment may be changed.
const maxChanges = 10

// capture is the one that took the money, or asks for the customer's consent.
type capture struct {
	merchantCaptureID string
	amount            int64
	description       *string
	requestedAt       int64
	expiresAt         time.Time // zero where no consent was needed
	doneAt            time.Time // zero until the money is taken
}

func (c *capture) data() captureData {
	d := captureData{
		MerchantCaptureID: c.merchantCaptureID, Amount: money{c.amount, "JPY"}, OrderDescription: c.description,
		RequestedAt: c.requestedAt, Status: "USER_REQUESTED",
	}
	if !c.expiresAt.IsZero() {
		d.ExpiresAt = new(c.expiresAt.Unix())
	}
	if !c.doneAt.IsZero() {
		d.Status, d.AcceptedAt = string(StatusCompleted), new(c.doneAt.Unix())
	}
	return d
}

// question is what a customer is asked to agree to: a higher amount, to be
// captured or to be held.
type question struct {
	amount    int64
	expiresAt time.Time
	capture   *capture // nil for a change of the held amount
	requestID string   // of such a change
}

// withdraw takes the question back, unanswered.
func (p *payment) withdraw() {
	if p.question != nil && p.question.capture != nil {
		p.captures = nil
	}
	p.question = nil
}

// capturePayment takes held money (Capture a Payment Authorization). A higher
// amount needs the customer's consent first.
func (s *Simulator) capturePayment(q request, _ Fault, now time.Time) *answer {
	f, refused := s.parseBody(q)
	if refused != nil {
		return refused
	}
	merchantPaymentID := f.id("merchantPaymentId", invalidParams)
	c := &capture{
		merchantCaptureID: f.id("merchantCaptureId", invalidParams),
		amount:            f.money("amount"),
		requestedAt:       f.requestedAt(now),
		description:       new(f.someText("orderDescription")),
	}
	if refused := f.done(); refused != nil {
		return refused
	}
	p := s.payments[merchantPaymentID]
	if p == nil || !p.tried() {
		return noPayment()
	}
	if refused := s.capturable(p, c, now); refused != nil {
		return refused
	}
	p.captureIDs[c.merchantCaptureID] = true
	p.captures = []*capture{c}
	if c.amount > p.amount {
		c.expiresAt = now.Add(consentLifetime)
		s.ask(p, &question{amount: c.amount, expiresAt: c.expiresAt, capture: c})
		return &answer{
			status: http.StatusAccepted, code: "USER_CONFIRMATION_REQUIRED", codeID: "08300103",
			message: "the customer is asked to agree",
		}
	}
	s.completeCapture(p, c, now)
	return success(http.StatusOK, p.data())
}

// capturable is why a capture cannot be made, or nil.
func (s *Simulator) capturable(p *payment, c *capture, now time.Time) *answer {
	no := func(code, codeID, message string) *answer {
		return refuse(http.StatusBadRequest, code, codeID, message)
	}
	switch {
	case tooOld(p, now):
		return noLongerAvailable()
	case p.status == StatusExpired:
		return no("ORDER_EXPIRED", "00200043", "the hold has ended")
	case p.isAuthorization && !p.paidAt.IsZero():
		return no("ALREADY_CAPTURED", "00200039", "the payment is captured")
	case p.status == StatusReauthorizing || p.status == StatusAuthorized && p.question != nil:
		return no("REAUTHORIZATION_IN_PROGRESS", "00200038", "the customer is being asked")
	case p.status != StatusAuthorized || p.undone():
		return no("ORDER_NOT_CAPTURABLE", "00200035", "nothing is held")
	case p.captureIDs[c.merchantCaptureID]:
		return invalidParams("merchantCaptureId: was used before")
	case p.wallet.account == AccountClosed:
		return no(string(closed), "01103027", "the customer has closed the account")
	case p.wallet.account == AccountSuspended:
		return no("UNACCEPTABLE_OP", "00400035", "the customer's account is suspended")
	case c.amount <= p.amount:
		return nil
	case s.cfg.NoHigherCapture:
		return no("HIGHER_CAPTURE_NOT_PERMITTED", "00400062", "the amount is above the hold")
	case s.closeToEnd(p, now):
		return no("TOO_CLOSE_TO_EXPIRY", "00400064", "the hold ends too soon to raise the amount")
	}
	switch why := p.wallet.can(p.chosen, c.amount, c.amount-p.held, now); why {
	case withinLimits:
		return nil
	case overCard, overLater:
		return no(string(overPayment), "", "the customer's card does not allow the amount")
	case laterExpired, invalidated:
		return no("UNACCEPTABLE_OP", "00400035", "the customer's means of payment cannot be used")
	default:
		return no(string(why), "", "the customer's limits do not allow the amount")
	}
}

func (s *Simulator) closeToEnd(p *payment, now time.Time) bool {
	return p.holdEnds.Sub(now) < s.cfg.TooCloseToExpiry
}

// completeCapture takes the amount of a capture and lets go of the rest.
func (s *Simulator) completeCapture(p *payment, c *capture, at time.Time) {
	s.release(p, p.held-c.amount)
	s.collect(p)
	p.amount, c.doneAt, p.paidAt = c.amount, at, at
	s.turn(p, StatusCompleted, c.merchantCaptureID, at)
}

// ask puts a question to the customer, who has some hours to answer it.
func (s *Simulator) ask(p *payment, q *question) {
	p.question = q
	s.wakeUp()
	s.agenda.add(q.expiresAt, func(at time.Time) {
		if p.question == q {
			p.withdraw()
			s.notifyPayment(p, q.requestID, at.UTC().Format(time.RFC3339))
		}
	})
}

// consent is the customer's yes. A higher capture is processed for a while
// after it; a higher hold is in force at once.
func (s *Simulator) consent(p *payment, now time.Time) error {
	q := p.question
	if why := p.wallet.can(p.chosen, q.amount, q.amount-p.held, now); why != withinLimits {
		return ErrLimit
	}
	p.question = nil
	s.hold(p, q.amount-p.held, now)
	if q.capture == nil {
		p.amount = q.amount
		s.turn(p, StatusAuthorized, q.requestID, now)
		return nil
	}
	s.become(p, StatusReauthorizing, now)
	s.agenda.add(now.Add(s.cfg.CaptureDelay), func(at time.Time) {
		if p.status == StatusReauthorizing {
			s.completeCapture(p, q.capture, at)
		}
	})
	return nil
}

// authorizeHold sets the customer's money aside until it is captured, reverted,
// cancelled, or the hold ends.
func (s *Simulator) authorizeHold(p *payment, now time.Time) {
	p.acceptedAt = now
	if p.authorizationExpiry != nil {
		p.holdEnds = time.Unix(*p.authorizationExpiry, 0)
	} else {
		p.holdEnds = time.Unix(now.Add(s.cfg.AuthorizationLimit).Unix(), 0)
	}
	s.hold(p, p.amount, now)
	s.turn(p, StatusAuthorized, p.merchantPaymentID, now)
	s.agenda.add(p.holdEnds, func(at time.Time) {
		if p.status == StatusAuthorized {
			p.withdraw()
			s.release(p, p.held)
			s.turn(p, StatusExpired, p.merchantPaymentID, at)
		}
	})
}

// revertPayment lets the whole of a held amount go (Revert a Payment
// Authorization).
func (s *Simulator) revertPayment(q request, _ Fault, now time.Time) *answer {
	f, refused := s.parseBody(q)
	if refused != nil {
		return refused
	}
	paymentID := f.id("paymentId", invalidParams)
	r := &revertData{
		AcceptedAt:       now.Unix(),
		MerchantRevertID: f.id("merchantRevertId", invalidParams),
		RequestedAt:      f.requestedAt(now),
		Reason:           f.text("reason"),
	}
	if refused := f.done(); refused != nil {
		return refused
	}
	p := s.paymentByNumber(paymentID)
	switch {
	case p == nil:
		return noPayment()
	case tooOld(p, now):
		return noLongerAvailable()
	case p.status != StatusAuthorized || p.undone():
		return refuse(http.StatusBadRequest, "ORDER_NOT_CANCELABLE", "00200042", "nothing is held")
	}
	p.withdraw()
	s.release(p, p.held)
	p.reverted = r
	s.turn(p, StatusCanceled, r.MerchantRevertID, now)
	return success(http.StatusOK, &revertedData{
		Status: p.status, AcceptedAt: r.AcceptedAt, PaymentID: p.paymentID, RequestedAt: r.RequestedAt, Reason: r.Reason,
	})
}

// changeAmount changes what is held (Reauthorize). A higher amount needs the
// customer's consent.
func (s *Simulator) changeAmount(q request, _ Fault, now time.Time) *answer {
	f, refused := s.parseBody(q)
	if refused != nil {
		return refused
	}
	requestID := f.longID("requestId")
	paymentID := f.id("paymentId", invalidParams)
	amount := f.money("updatedAmount")
	at := now.Unix()
	if f.has("requestedAt") {
		at = f.requestedAt(now)
	}
	f.text("merchantComment")
	f.text("redirectUrl")
	f.redirectType("redirectType")
	f.text("userAgent")
	if refused := f.done(); refused != nil {
		return refused
	}
	no := func(code, message string) *answer { return refuse(http.StatusBadRequest, code, "", message) }
	p := s.paymentByNumber(paymentID)
	switch {
	case p == nil:
		return noPayment()
	case tooOld(p, now):
		return noLongerAvailable()
	case p.status != StatusAuthorized || p.undone() || p.question != nil:
		return no("REAUTHORIZE_REJECTED", "nothing is held, or the customer is being asked")
	case p.changes[requestID]:
		return no("REAUTHORIZE_REJECTED", "the requestId was used before")
	case amount == p.amount:
		return no("REAUTH_AMOUNT_UNCHANGED", "this amount is held already")
	case len(p.changes) >= maxChanges:
		return no("REAUTH_MAX_LIMIT_EXCEEDED", "the amount was changed 10 times")
	case amount > p.amount && (s.cfg.NoHigherCapture || s.closeToEnd(p, now)):
		return no("REAUTHORIZE_REJECTED", "the amount cannot be raised")
	case amount > p.amount && p.wallet.can(p.chosen, amount, amount-p.held, now) != withinLimits:
		return no("PAY_METHOD_INVALIDATED", "the customer's wallet does not allow the amount")
	}
	p.changes[requestID] = true
	if amount > p.amount {
		s.ask(p, &question{amount: amount, expiresAt: now.Add(consentLifetime), requestID: requestID})
		return &answer{
			status: http.StatusCreated, code: "USER_CONFIRMATION_REQUIRED", codeID: "08300104",
			message: "the customer is asked to agree",
			data:    &confirmData{s.publicURL(q.http) + "/payments/" + p.merchantPaymentID, now.Add(consentLifetime).Unix()},
		}
	}
	s.release(p, p.held-amount)
	p.amount = amount
	s.turn(p, StatusAuthorized, requestID, now)
	return success(http.StatusOK, &changeData{
		RequestID: requestID, PaymentID: p.paymentID, UpdatedAmount: money{amount, "JPY"},
		RequestedAt: at, AcceptedAt: now.Unix(), ExpiresAt: p.holdEnds.Unix(),
		PaymentMethods: methods(p.parts),
	})
}
