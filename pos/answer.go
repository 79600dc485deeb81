package pos

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"example.jp/reji/paypay"
)

// matches reports whether an answer is about the amount that was asked for. An
// answer that takes no money need not name any.
func matches(p paypay.Payment, a Attempt) bool {
	took := took(p.Status, true)
	if a.Hold && (a.State == Held || p.Status == paypay.StatusCompleted || p.Status == paypay.StatusRefunded) {
		return p.Amount.Amount > 0 || !took // what is held may be changed, and a part of it be taken
	}
	return p.Amount.Amount == int64(a.Amount) || p.Amount == paypay.Money{} && !took
}

// tells reports whether an answer about money that was taken says whether that
// still stands.
func (a Attempt) tells(n Answer) bool {
	canceling := slices.ContainsFunc(a.Modifications, func(m Modification) bool { return m.Way == WayCancel && !m.State.ended() })
	return took(n.Status, false) || n.Status == NotFound || n.Status == paypay.StatusFailed && (n.CanceledAt > 0 || canceling)
}

// notFound reports whether PayPay says that it knows no such payment.
func notFound(err error) bool {
	code := paypay.CodeOf(err)
	return code == paypay.PaymentNotFound || code == paypay.ResourceNotFound || code == paypay.OrderTooOld
}

// unsaid reports whether an error says nothing about the code or payment that
// was asked about: no answer, not now, or not with these keys.
func unsaid(err error) bool {
	e, ok := errors.AsType[*paypay.Error](err)
	if !ok || e.Code == paypay.Unauthorized {
		return true
	}
	switch e.Class {
	case paypay.Unknown, paypay.Retry, paypay.Unsent:
		return true
	case paypay.State, paypay.Failed, paypay.Bug:
		return false
	}
	return true
}

func retryAfter(err error) time.Duration {
	e, ok := errors.AsType[*paypay.Error](err)
	if !ok {
		return 0
	}
	return e.RetryAfter
}

func answer(p paypay.Payment) *Answer {
	n := &Answer{
		Status: p.Status, PaymentID: p.PaymentID, AcceptedAt: p.AcceptedAt,
		Amount: p.Amount.Amount, RequestID: p.RequestID,
		ExpiresAt: p.ExpiresAt, CanceledAt: p.CanceledAt, Reverted: p.Revert != nil,
	}
	for _, r := range p.Refunds.Data {
		n.Refunds = append(n.Refunds, RefundAnswer{ID: r.MerchantRefundID, Status: string(r.Status), Amount: r.Amount.Amount, RequestedAt: r.RequestedAt, AcceptedAt: r.AcceptedAt})
	}
	for _, c := range p.Captures.Data {
		n.Captures = append(n.Captures, CaptureAnswer{
			ID: c.MerchantCaptureID, Status: string(c.Status), Amount: c.Amount.Amount, AcceptedAt: c.AcceptedAt, ExpiresAt: c.ExpiresAt,
		})
	}
	if json.Valid(p.Raw) {
		n.Raw = p.Raw
	}
	return n
}

// refusal is what PayPay said no with; nil when it said nothing.
func refusal(err error) *Answer {
	e, ok := errors.AsType[*paypay.Error](err)
	if !ok {
		return nil
	}
	return &Answer{Class: e.Class.String(), Code: e.Code, CodeID: e.CodeID, HTTP: e.Status, RequestID: e.RequestID}
}

func note(err error) string {
	if err == nil {
		return ""
	}
	return Clean(err.Error(), 300)
}
