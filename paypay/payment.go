package paypay

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// Status is what PayPay says about a payment. New values appear over time:
// an unknown one is kept as it came.
type Status string

// The states of a payment.
const (
	StatusCreated       Status = "CREATED"       // the code exists, nobody has paid
	StatusAuthorized    Status = "AUTHORIZED"    // the amount is held
	StatusReauthorizing Status = "REAUTHORIZING" // a higher capture is being processed
	StatusCompleted     Status = "COMPLETED"     // paid
	StatusRefunded      Status = "REFUNDED"      // given back by a refund
	StatusFailed        Status = "FAILED"        // failed, or cancelled with CancelPayment
	StatusCanceled      Status = "CANCELED"      // a held amount was released by us
	StatusExpired       Status = "EXPIRED"       // a held amount was released by time; says nothing of a code's age
)

// Payment is what PayPay knows about one order.
type Payment struct {
	PaymentID         string          `json:"paymentId"` // PayPay's number; empty before payment
	Status            Status          `json:"status"`
	AcceptedAt        int64           `json:"acceptedAt"` // epoch seconds; 0 before payment
	MerchantPaymentID string          `json:"merchantPaymentId"`
	Amount            Money           `json:"amount"`
	RequestedAt       int64           `json:"requestedAt"` // epoch seconds
	CanceledAt        int64           `json:"canceledAt"`  // epoch seconds; 0 when it was not cancelled
	StoreID           string          `json:"storeId"`
	TerminalID        string          `json:"terminalId"`
	OrderDescription  string          `json:"orderDescription"`
	PaymentMethods    []PaymentMethod `json:"paymentMethods"`

	RequestID string          `json:"-"` // X-REQUEST-ID of the answer
	Raw       json.RawMessage `json:"-"` // the answer's data as it came, for a journal
}

// PaymentMethod is one means the customer used for a part of a payment.
type PaymentMethod struct {
	Amount Money  `json:"amount"`
	Type   string `json:"type"` // WALLET, POINT, CREDIT_CARD and others; unknown ones are kept
}

// CancelPayment asks PayPay to undo a payment whose outcome is not known
// (Cancel a Payment, time limit 15 s).
//
// No error means that PayPay has taken the cancel, not that it is done: look the
// order up until it says [StatusFailed]. A cancel of an order that nobody has
// paid lies in wait and undoes a later payment. Until 00:14:59 JST of the day
// after the payment it may be repeated until it is taken; after that, or when
// the order's state does not allow it, the error has the code
// [OrderNotReversible] and class [State].
func (c *Client) CancelPayment(ctx context.Context, merchantPaymentID string) error {
	e := endpoint{
		op:     OpCancelPayment,
		method: http.MethodDelete,
		path:   "/v2/payments/" + merchantPaymentID,
		limit:  15 * time.Second,
	}
	if err := checkID("merchantPaymentId", merchantPaymentID); err != nil {
		return e.wrong(err)
	}
	_, err := c.do(ctx, e, nil)
	return err
}

// checkAgainst refuses a payment that is not the one asked for, or that says two
// things at once.
func (p Payment) checkAgainst(merchantPaymentID string) error {
	switch {
	case p.MerchantPaymentID != merchantPaymentID:
		return mismatch("another merchantPaymentId")
	case p.Status == "":
		return mismatch("no status")
	case p.Amount != Money{} && p.Amount.Currency != JPY:
		return mismatch("another currency")
	case p.Amount.Amount < 0:
		return mismatch("a negative amount")
	case p.Status == StatusCompleted && p.PaymentID == "":
		return mismatch("completed without a paymentId")
	}
	return nil
}

// compact is valid JSON without the space between its parts.
func compact(doc json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if err := json.Compact(&b, doc); err != nil {
		return doc // Not reached: the document was decoded before.
	}
	return b.Bytes()
}
