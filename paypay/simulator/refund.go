package simulator

import (
	"net/http"
	"time"
)

// maxRefunds is how many refunds one payment may have.
const maxRefunds = 20

// refundPause is how long the next refund of a payment has to wait.
const refundPause = time.Minute

// refund is money that goes back to the customer.
type refund struct {
	merchantRefundID string
	paymentID        string
	amount           int64
	requestedAt      int64
	reason           *string
	madeAt           time.Time
	doneAt           time.Time // zero until the customer has the money
}

func (r *refund) data() refundData {
	d := refundData{
		Status: StatusCreated, MerchantRefundID: r.merchantRefundID, PaymentID: r.paymentID,
		Amount: money{r.amount, "JPY"}, RequestedAt: r.requestedAt, Reason: r.reason,
	}
	if !r.doneAt.IsZero() {
		d.Status, d.AcceptedAt = StatusRefunded, r.doneAt.Unix()
	}
	return d
}

// rest is what of a payment has not been refunded, with or without effect yet.
func (p *payment) rest() int64 {
	rest := p.amount
	for _, r := range p.refunds {
		rest -= r.amount
	}
	return rest
}

// refunded is what the customer has back by refunds.
func (p *payment) refunded() int64 {
	sum := int64(0)
	for _, r := range p.refunds {
		if !r.doneAt.IsZero() {
			sum += r.amount
		}
	}
	return sum
}

func (p *payment) refund(merchantRefundID string) *refund {
	for _, r := range p.refunds {
		if r.merchantRefundID == merchantRefundID {
			return r
		}
	}
	return nil
}

// createRefund accepts a refund (Refund a Payment). The same merchantRefundId
// for the same payment is answered with the refund that exists.
func (s *Simulator) createRefund(q request, _ Fault, now time.Time) *answer {
	f, refused := s.parseBody(q)
	if refused != nil {
		return refused
	}
	r := &refund{
		merchantRefundID: f.id("merchantRefundId", invalidParams),
		paymentID:        f.id("paymentId", invalidParams),
		amount:           f.money("amount"),
		reason:           f.text("reason"),
		madeAt:           now,
	}
	p := s.paymentByNumber(r.paymentID)
	if p != nil && p.refund(r.merchantRefundID) != nil {
		f.window = time.Duration(now.Unix()) * time.Second // asked for again, whenever that is
	}
	r.requestedAt = f.requestedAt(now)
	if refused := f.done(); refused != nil {
		return refused
	}
	if p == nil && s.payments[r.paymentID] != nil {
		// What PayPay says to a merchantPaymentId in the place of a paymentId.
		return refuse(http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "08101000", "something went wrong")
	}
	if p == nil {
		return noPayment()
	}
	if tooOld(p, now) {
		return noLongerAvailable()
	}
	if earlier := p.refund(r.merchantRefundID); earlier != nil {
		return success(s.cfg.RefundHTTPStatus, new(earlier.data()))
	}
	if refused := s.refundable(p, r, now); refused != nil {
		return refused
	}
	p.refunds = append(p.refunds, r)
	if s.cfg.RefundAtOnce {
		s.settleRefund(p, r, now)
	} else {
		s.agenda.add(now.Add(s.cfg.RefundDelay), func(at time.Time) { s.settleRefund(p, r, at) })
	}
	return success(s.cfg.RefundHTTPStatus, new(r.data()))
}

// refundable is why a payment cannot be refunded so, or nil.
func (s *Simulator) refundable(p *payment, r *refund, now time.Time) *answer {
	switch {
	case p.status != StatusCompleted && p.status != StatusRefunded || p.undone():
		return refuse(http.StatusBadRequest, "UNACCEPTABLE_OP", "00200013", "the payment cannot be refunded in its state")
	case !now.Before(refundDeadline(p.paidAt)):
		return refuse(http.StatusBadRequest, "REFUND_WINDOW_EXCEED", "", "the time to refund is over")
	case s.cfg.SingleRefund && len(p.refunds) > 0:
		return refuse(http.StatusForbidden, "MERCHANT_MULTIPLE_REFUND_REJECTED", "", "the merchant may refund a payment once")
	case len(p.refunds) >= maxRefunds:
		return refuse(http.StatusBadRequest, "REFUND_LIMIT_EXCEEDED", "", "the payment has been refunded 20 times")
	case r.amount > p.rest():
		return refuse(http.StatusBadRequest, "INVALID_PARAMS", "00200015", "the amount is above what is left")
	case len(p.refunds) > 0 && now.Sub(p.refunds[len(p.refunds)-1].madeAt) < refundPause:
		return refuse(http.StatusBadRequest, "THROTTLED_MULTIPLE_REFUND_REJECTED", "", "the last refund was made less than a minute ago")
	case p.wallet.account == AccountClosed:
		return refuse(http.StatusBadRequest, string(closed), "01103027", "the customer has closed the account")
	case p.wallet.account == AccountSuspended:
		return refuse(http.StatusUnauthorized, string(notActive), "", "the customer's account is suspended")
	case p.wallet.full(p.backToBalance(r.amount)):
		return refuse(http.StatusInternalServerError, "TRANSACTION_FAILED", "00800017", "the customer's wallet cannot take so much")
	}
	return nil
}

// settleRefund gives a refund to the customer.
func (s *Simulator) settleRefund(p *payment, r *refund, at time.Time) {
	r.doneAt = at
	p.history = append(p.history, event{at, StatusRefunded, r.amount, r.merchantRefundID, s.giveBack(p, r.amount)})
	if p.status != StatusRefunded && (p.refunded() == p.amount || s.cfg.PartialRefund == PartialRefunded) {
		s.become(p, StatusRefunded, at)
	}
}

// refundDeadline is the first moment at which a payment can no longer be
// refunded: the end, in Japan, of the 365th day after it was paid.
func refundDeadline(paidAt time.Time) time.Time {
	y, m, d := paidAt.In(jst).Date()
	return time.Date(y, m, d+366, 0, 0, 0, 0, jst)
}

// refundDetails tells of a refund (Get Refund Details).
func (s *Simulator) refundDetails(q request, _ Fault, now time.Time) *answer {
	if !plainID(q.id) {
		return invalidParams("merchantRefundId: must be 1 to 64 of a-z A-Z 0-9 - _")
	}
	paymentID := q.query.Get("paymentId")
	if paymentID == "" {
		return refuse(http.StatusBadRequest, "INVALID_PARAMS", "", "paymentId: is missing in the query")
	}
	p := s.paymentByNumber(paymentID)
	if p == nil {
		return noRefund()
	}
	if tooOld(p, now) {
		return noLongerAvailable()
	}
	r := p.refund(q.id)
	if r == nil {
		return noRefund()
	}
	return success(http.StatusOK, new(r.data()))
}

func noRefund() *answer {
	return refuse(http.StatusNotFound, "NO_SUCH_REFUND_ORDER", "00200018", "there is no such refund of this payment")
}
