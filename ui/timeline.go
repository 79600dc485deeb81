package ui

import (
	"fmt"
	"strconv"
	"strings"

	"example.jp/reji/paypay"
	"example.jp/reji/pos"
)

// who is whose word an event is: PayPay's where it tells an answer.
func (w detailWords) who(e pos.Event) string {
	switch e.Kind {
	case pos.Coded, pos.Declined, pos.Looked, pos.Mismatched, pos.DeleteDone, pos.CancelDone:
		return w.PayPay
	case pos.Charged, pos.Recharged, pos.Unanswered, pos.Shut, pos.CancelSent, pos.Moved,
		pos.Started, pos.Stopped, pos.Mended:
	}
	switch e.Actor {
	case pos.Cashier:
		return w.Cashier
	case pos.Till:
		return w.Till
	}
	return pos.Clean(e.Actor, 20)
}

// event is what happened, and the numbers that go with it.
func (w detailWords) event(e pos.Event) (what, numbers string) {
	switch e.Kind {
	case pos.Charged:
		what = w.Charged
	case pos.Recharged:
		what = w.Recharged
	case pos.Coded:
		what = w.Coded
	case pos.Declined:
		what = w.Declined
	case pos.Unanswered:
		what = w.Unanswered
	case pos.Looked:
		what = w.looked(e.Answer)
	case pos.Mismatched:
		what = w.Mismatched
	case pos.Shut:
		what = w.shut(e.Cause)
	case pos.DeleteDone:
		what = w.deletion(pos.Deletion(e.Done))
	case pos.CancelSent:
		what = w.CancelSent
	case pos.CancelDone:
		what = w.cancellation(pos.Cancellation(e.Done))
	case pos.Moved:
		what = w.Moved
	case pos.Started, pos.Stopped, pos.Mended: // the till's own, which belong to no sale
	}
	if what == "" {
		what = fmt.Sprintf(w.Other, pos.Clean(string(e.Kind), 40))
	}
	return what, numbersOf(e)
}

func (w detailWords) looked(n *pos.Answer) string {
	if n == nil {
		return ""
	}
	switch n.Status {
	case paypay.StatusCreated:
		return w.Created
	case paypay.StatusCompleted:
		return w.Completed
	case paypay.StatusFailed:
		return w.Failed
	case paypay.StatusCanceled:
		return w.Canceled
	case paypay.StatusExpired:
		return w.Expired
	case paypay.StatusRefunded:
		return w.Refunded
	case pos.NotFound:
		return w.NotFound
	case paypay.StatusAuthorized, paypay.StatusReauthorizing, paypay.StatusRecordRefundFailed:
	}
	return fmt.Sprintf(w.Status, pos.Clean(string(n.Status), 40))
}

func (w detailWords) shut(c pos.Cause) string {
	switch c {
	case pos.ByCashier:
		return w.ShutCashier
	case pos.ByNewCode:
		return w.ShutNewCode
	case pos.ByExpiry:
		return w.ShutExpiry
	case pos.ByFailure:
		return w.ShutFailure
	case pos.ByPayment:
		return w.ShutPayment
	}
	return ""
}

func (w detailWords) deletion(d pos.Deletion) string {
	switch d {
	case pos.Deleted:
		return w.Deleted
	case pos.DeleteNotFound:
		return w.DeleteNotFound
	case pos.DeleteTooLate:
		return w.DeleteTooLate
	case pos.DeleteRefused:
		return w.DeleteRefused
	}
	return ""
}

func (w detailWords) cancellation(c pos.Cancellation) string {
	switch c {
	case pos.CancelAsked:
		return w.CancelSent
	case pos.CancelAccepted:
		return w.CancelAccepted
	case pos.CancelNotFound:
		return w.CancelNotFound
	case pos.CancelRefused:
		return w.CancelRefused
	}
	return ""
}

// numbersOf is what PayPay's support asks for about an event.
func numbersOf(e pos.Event) string {
	var parts []string
	add := func(s string) {
		if s != "" {
			parts = append(parts, pos.Clean(s, 64))
		}
	}
	if e.Code != nil {
		add(e.Code.CodeID)
	}
	if n := e.Answer; n != nil {
		add(n.PaymentID)
		add(n.CodeID)
		add(string(n.Code))
		if n.HTTP != 0 {
			add("HTTP " + strconv.Itoa(n.HTTP))
		}
		add(n.RequestID)
	}
	return strings.Join(parts, " / ")
}
