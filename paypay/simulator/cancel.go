package simulator

import (
	"net/http"
	"time"
)

// jst is the zone of PayPay's days. It has no summer time.
var jst = time.FixedZone("JST", 9*60*60)

// cancelPayment accepts a cancel (Cancel Payment). What was paid turns FAILED a
// little later. Where nothing was paid yet, or no such code exists, the cancel
// lies in wait and does the same to a payment that comes after it.
func (s *Simulator) cancelPayment(merchantPaymentID string, now time.Time) *answer {
	if !plainID(merchantPaymentID) {
		return invalidParams("merchantPaymentId: must be 1 to 64 of a-z A-Z 0-9 - _")
	}
	accepted := &answer{
		status: http.StatusAccepted, code: "REQUEST_ACCEPTED", codeID: "08100001", message: "Request accepted",
	}
	p := s.find(s.payments, merchantPaymentID, now)
	switch {
	case p == nil:
		s.waiting[merchantPaymentID] = true
	case p.status == StatusCreated:
		p.cancelWait = true
	case p.paidAt.IsZero():
		// It failed by itself: there is nothing to give back.
	case !now.Before(cancelDeadline(p.paidAt)):
		return refuse(http.StatusBadRequest, "ORDER_NOT_REVERSIBLE", "00200044", "the time to cancel is over")
	case p.cancelDue.IsZero():
		p.cancelDue = now.Add(s.cfg.CancelDelay)
	}
	return accepted
}

// cancelDeadline is the first moment at which a payment can no longer be
// cancelled: 00:15 JST of the day after it was paid.
func cancelDeadline(paidAt time.Time) time.Time {
	y, m, d := paidAt.In(jst).Date()
	return time.Date(y, m, d+1, 0, 15, 0, 0, jst)
}
