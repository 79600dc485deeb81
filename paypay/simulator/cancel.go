package simulator

import (
	"net/http"
	"time"
)

// jst is the zone of PayPay's days. It has no summer time.
var jst = time.FixedZone("JST", 9*60*60)

// cancelPayment accepts a cancel (Cancel Payment). What was paid or is held
// turns FAILED a little later. Where nothing was paid yet, or no such code
// exists, the cancel lies in wait and does the same to a payment that comes
// after it.
func (s *Simulator) cancelPayment(q request, _ Fault, now time.Time) *answer {
	if !plainID(q.id) {
		return invalidParams("merchantPaymentId: must be 1 to 64 of a-z A-Z 0-9 - _")
	}
	p := s.payments[q.id]
	switch {
	case p == nil:
		s.waiting[q.id] = true
		return accepted()
	case tooOld(p, now):
		return noLongerAvailable()
	}
	switch p.status {
	case StatusCreated:
		p.cancelWait = true
	case StatusFailed:
		p.cancelWait = p.cancelWait || p.again
		// It failed by itself, or was cancelled: there is nothing to give back.
		if !p.acceptedAt.IsZero() && !now.Before(cancelDeadline(p.acceptedAt)) {
			return notReversible("the time to cancel is over")
		}
	case StatusAuthorized, StatusCompleted:
		switch {
		case p.isAuthorization && p.status == StatusCompleted:
			return notReversible("the payment is captured")
		case len(p.refunds) > 0:
			return notReversible("a refund was made")
		case !now.Before(cancelDeadline(p.acceptedAt)):
			return notReversible("the time to cancel is over")
		case !p.undone():
			s.undo(p, now)
		}
	default:
		return notReversible("the payment is " + string(p.status))
	}
	return accepted()
}

// undo accepts a cancel for a payment: its money goes back a little later.
func (s *Simulator) undo(p *payment, now time.Time) {
	p.cancelDue = now.Add(s.cfg.CancelDelay)
	p.withdraw()
	s.agenda.add(p.cancelDue, func(at time.Time) {
		switch p.status {
		case StatusCompleted:
			s.giveBack(p, p.amount)
		case StatusAuthorized:
			s.release(p, p.held)
		default:
			return // the money has gone back already
		}
		p.failedAt = at
		s.turn(p, StatusFailed, p.merchantPaymentID, at)
	})
}

func accepted() *answer {
	return &answer{status: http.StatusAccepted, code: "REQUEST_ACCEPTED", codeID: "08100001", message: "Request accepted"}
}

func notReversible(message string) *answer {
	return refuse(http.StatusBadRequest, "ORDER_NOT_REVERSIBLE", "00200044", message)
}

// cancelDeadline is the first moment at which a payment can no longer be
// cancelled: 00:15 JST of the day after it was paid.
func cancelDeadline(paidAt time.Time) time.Time {
	y, m, d := paidAt.In(jst).Date()
	return time.Date(y, m, d+1, 0, 15, 0, 0, jst)
}

// tooOld reports whether PayPay has put an order away, which it does later where
// it was paid on credit.
func tooOld(p *payment, now time.Time) bool {
	days := 525
	if p.credit() {
		days = 921
	}
	return !now.Before(p.createdAt.AddDate(0, 0, days))
}

func noLongerAvailable() *answer {
	return refuse(http.StatusBadRequest, "ORDER_NO_LONGER_AVAILABLE", "", "the order is too old")
}
