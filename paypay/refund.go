package paypay

import (
	"cmp"
	"context"
	"net/http"
	"time"
)

// RefundRequest asks PayPay to give back a payment or a part of it.
type RefundRequest struct {
	// Our id of this refund: 1 to 64 of a-z A-Z 0-9 - _. The same id again is the
	// same refund; another id is another refund, also for the same payment.
	MerchantRefundID string `json:"merchantRefundId"`
	PaymentID        string `json:"paymentId"` // PayPay's number of the payment, never our id
	Amount           Money  `json:"amount"`
	RequestedAt      int64  `json:"requestedAt"`      // epoch seconds; 0 is now
	Reason           string `json:"reason,omitempty"` // at most 255 characters; the customer does not see it
}

// RefundStatus is how far a refund has come. New values are kept as they came.
type RefundStatus string

// The states of a refund.
const (
	RefundCreated RefundStatus = "CREATED"       // taken; PayPay carries it out, so this is success
	RefundDone    RefundStatus = "REFUNDED"      // the customer has the money
	RefundFailed  RefundStatus = "REFUND_FAILED" // no longer documented, and not to be expected
)

// Refund is a refund that PayPay has taken.
type Refund struct {
	Status           RefundStatus `json:"status"`
	AcceptedAt       int64        `json:"acceptedAt"` // epoch seconds, when it was carried out; 0 before
	MerchantRefundID string       `json:"merchantRefundId"`
	PaymentID        string       `json:"paymentId"`
	Amount           Money        `json:"amount"`
	RequestedAt      int64        `json:"requestedAt"` // epoch seconds
	Reason           string       `json:"reason"`
	AssumeMerchant   string       `json:"assumeMerchant"` // only for agents

	RequestID string `json:"-"` // X-REQUEST-ID of the answer
}

// Refund gives a payment back, or a part of it (Refund a Payment, time limit
// 30 s).
//
// A refund without an error will reach the customer: [RefundCreated] is success.
// It may be asked for until 23:59:59 JST of the 365th day after the payment, up
// to 20 times for one payment where the contract allows more than one.
//
// After a time-out nobody knows whether it was taken. It is then repeated with the
// same id, which cannot give the money back twice. If the error is still of class
// [Unknown], call Refund again with the same request, RequestedAt included, or ask
// RefundDetails; never take a new id before one of the two has answered. An id that
// was used with another amount is [ErrMismatch]: that is not to be repeated, and
// RefundDetails then tells of the earlier refund. With our id in the place of PayPay's
// PaymentID, PayPay may answer as if it were out of order, for ever.
func (c *Client) Refund(ctx context.Context, r RefundRequest) (Refund, error) {
	e := endpoint{op: OpRefund, method: http.MethodPost, path: "/v2/refunds", limit: 30 * time.Second, repeatable: true}
	r.RequestedAt = orNow(r.RequestedAt)
	if err := cmp.Or(
		checkID("merchantRefundId", r.MerchantRefundID),
		checkID("paymentId", r.PaymentID),
		r.Amount.check(),
		checkEpoch("requestedAt", r.RequestedAt),
		checkText("reason", r.Reason),
	); err != nil {
		return Refund{}, e.wrong(err)
	}
	refund, a, err := refundOf(ctx, c, e, r.MerchantRefundID, r.PaymentID, r)
	if err != nil {
		return Refund{}, err
	}
	if refund.Amount != r.Amount {
		return Refund{}, e.unbelievable(a, mismatch("another amount or currency"))
	}
	return refund, nil
}

// RefundDetails looks up a refund by our id and PayPay's number of the payment
// (Get Refund Details, time limit 15 s).
//
// The same id may stand for refunds of different payments, so both are needed. The
// amount is for the caller to compare.
// When PayPay knows no such refund, the error has the code [NoSuchRefund] and
// class [State]: after a Refund that was not answered, call Refund again with the
// same id. A time-out says nothing, and asking again hurts nobody.
func (c *Client) RefundDetails(ctx context.Context, merchantRefundID, paymentID string) (Refund, error) {
	e := endpoint{
		op:     OpRefundDetails,
		method: http.MethodGet,
		path:   "/v2/refunds/" + merchantRefundID + "?paymentId=" + paymentID,
		limit:  15 * time.Second,

		repeatable: true,
	}
	if err := cmp.Or(checkID("merchantRefundId", merchantRefundID), checkID("paymentId", paymentID)); err != nil {
		return Refund{}, e.wrong(err)
	}
	refund, _, err := refundOf(ctx, c, e, merchantRefundID, paymentID, nil)
	return refund, err
}

// refundOf makes a call that is answered with one refund of one payment.
func refundOf(ctx context.Context, c *Client, e endpoint, merchantRefundID, paymentID string, body any) (Refund, answer, error) {
	refund, a, err := call[Refund](ctx, c, e, body)
	if err != nil {
		return Refund{}, a, err
	}
	if err := refund.checkAgainst(merchantRefundID, paymentID); err != nil {
		return Refund{}, a, e.unbelievable(a, err)
	}
	refund.RequestID = a.requestID
	return refund, a, nil
}

func (r Refund) checkAgainst(merchantRefundID, paymentID string) error {
	switch {
	case r.MerchantRefundID != merchantRefundID:
		return mismatch("another merchantRefundId")
	case r.PaymentID != paymentID:
		return mismatch("another paymentId")
	case !isToken(string(r.Status)):
		return mismatch("no proper status")
	case r.Amount.check() != nil:
		return mismatch("no proper amount")
	}
	return checkEpochs(r.AcceptedAt, r.RequestedAt)
}
