package paypay

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// PendingPaymentRequest asks a customer who has linked an account to pay in the
// app, when it suits.
type PendingPaymentRequest struct {
	OrderRequest
	ExpiryDate  int64       `json:"expiryDate,omitempty"` // epoch seconds, until when it can be paid; 0 leaves it to PayPay
	ProductType ProductType `json:"productType,omitempty"`
}

// PendingPayment is a payment that a customer was asked for.
type PendingPayment struct {
	MerchantPaymentID   string      `json:"merchantPaymentId"`
	UserAuthorizationID string      `json:"userAuthorizationId"`
	Amount              Money       `json:"amount"`
	RequestedAt         int64       `json:"requestedAt"` // epoch seconds
	ExpiryDate          int64       `json:"expiryDate"`  // epoch seconds, until when it can be paid
	StoreID             string      `json:"storeId"`
	TerminalID          string      `json:"terminalId"`
	OrderReceiptNumber  string      `json:"orderReceiptNumber"`
	OrderDescription    string      `json:"orderDescription"`
	OrderItems          []OrderItem `json:"orderItems"`
	ProductType         ProductType `json:"productType"`

	// What PendingPayment adds. CreatePendingPayment leaves these empty.
	Status     Status  `json:"status"`     // StatusCreated, StatusCompleted or StatusCanceled; others are kept
	PaymentID  string  `json:"paymentId"`  // PayPay's number, for a refund; empty before payment
	AcceptedAt int64   `json:"acceptedAt"` // epoch seconds; 0 before payment
	Refunds    Refunds `json:"refunds"`

	RequestID string          `json:"-"` // X-REQUEST-ID of the answer
	Raw       json.RawMessage `json:"-"` // the answer's data as it came, for a journal
}

// CreatePendingPayment asks a customer for a payment (Create a pending payment,
// time limit 30 s). Nothing is paid by it: PendingPayment tells what became of it.
//
// After a time-out nobody knows whether the customer was asked, and it is never
// repeated by itself. Before asking under another id, look it up with PendingPayment
// until that says what became of it or, more than once, [PendingNotFound]; or send
// CancelPendingPayment until it is taken. The same id again is refused with class
// [State].
func (c *Client) CreatePendingPayment(ctx context.Context, r PendingPaymentRequest) (PendingPayment, error) {
	e := endpoint{op: OpCreatePendingPayment, method: http.MethodPost, path: "/v1/requestOrder", limit: 30 * time.Second}
	r.RequestedAt = orNow(r.RequestedAt)
	if err := cmp.Or(r.check(), checkEpoch("expiryDate", r.ExpiryDate), checkText("productType", string(r.ProductType))); err != nil {
		return PendingPayment{}, e.wrong(err)
	}
	p, a, err := pendingOf(ctx, c, e, r.MerchantPaymentID, r)
	if err != nil {
		return PendingPayment{}, err
	}
	if err := r.checkAnswer(p.Amount, p.UserAuthorizationID); err != nil {
		return PendingPayment{}, e.unbelievable(a, err)
	}
	return p, nil
}

// PendingPayment looks up what became of a payment that a customer was asked for
// (Get requested order details, time limit 15 s).
//
// It is paid only if its status is [StatusCompleted]. An id that PayPay does not
// know has the code [PendingNotFound] and class [State]: a request that was not
// answered may be there only later, so believe it more than once. A time-out says
// nothing, and asking again hurts nobody. To give it back, use Refund with its
// PaymentID.
func (c *Client) PendingPayment(ctx context.Context, merchantPaymentID string) (PendingPayment, error) {
	e := endpoint{
		op: OpPendingPayment, method: http.MethodGet, path: "/v1/requestOrder/" + merchantPaymentID, limit: 15 * time.Second,
		repeatable: true,
	}
	if err := checkID("merchantPaymentId", merchantPaymentID); err != nil {
		return PendingPayment{}, e.wrong(err)
	}
	p, a, err := pendingOf(ctx, c, e, merchantPaymentID, nil)
	if err != nil {
		return PendingPayment{}, err
	}
	switch {
	case !isToken(string(p.Status)):
		return PendingPayment{}, e.unbelievable(a, mismatch("no proper status"))
	case p.PaymentID != "" && !isToken(p.PaymentID):
		return PendingPayment{}, e.unbelievable(a, mismatch("no proper paymentId"))
	case p.Status == StatusCompleted && p.PaymentID == "":
		return PendingPayment{}, e.unbelievable(a, mismatch("completed without a paymentId"))
	}
	return p, nil
}

// CancelPendingPayment takes back what a customer was asked for (Cancel a pending
// payment, time limit 15 s).
//
// No error means that PayPay has taken the cancel: look it up until it says
// [StatusCanceled], for the customer may have been faster. One that is paid or over
// is refused with class [State]. So is one that PayPay does not know, with the code
// [PendingNotFound]: after a request that was not answered it may be there only
// later, so that this alone stops nothing. After a time-out nobody knows whether it
// was taken, and it is not repeated by itself: look it up, and cancel again while it
// is [StatusCreated].
func (c *Client) CancelPendingPayment(ctx context.Context, merchantPaymentID string) error {
	e := endpoint{
		op: OpCancelPendingPayment, method: http.MethodDelete, path: "/v1/requestOrder/" + merchantPaymentID, limit: 15 * time.Second,
		takes: RequestAccepted,
	}
	if err := checkID("merchantPaymentId", merchantPaymentID); err != nil {
		return e.wrong(err)
	}
	_, err := c.do(ctx, e, nil)
	return err
}

// pendingOf makes a call that is answered with the pending payment of an id.
func pendingOf(ctx context.Context, c *Client, e endpoint, merchantPaymentID string, body any) (PendingPayment, answer, error) {
	p, a, err := call[PendingPayment](ctx, c, e, body)
	if err != nil {
		return PendingPayment{}, a, err
	}
	switch {
	case p.MerchantPaymentID != merchantPaymentID:
		return PendingPayment{}, a, e.unbelievable(a, mismatch("another merchantPaymentId"))
	case p.Amount.check() != nil:
		return PendingPayment{}, a, e.unbelievable(a, mismatch("no proper amount"))
	}
	if err := cmp.Or(p.Refunds.checkAgainst(p.Amount.Amount), checkEpochs(p.RequestedAt, p.ExpiryDate, p.AcceptedAt)); err != nil {
		return PendingPayment{}, a, e.unbelievable(a, err)
	}
	p.RequestID, p.Raw = a.requestID, compact(a.data)
	return p, a, nil
}
