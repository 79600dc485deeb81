package paypay

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
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
	PaymentID           string          `json:"paymentId"` // PayPay's number; empty before payment
	Status              Status          `json:"status"`
	AcceptedAt          int64           `json:"acceptedAt"`   // epoch seconds, when it was paid or the amount held; 0 before
	AuthorizedAt        int64           `json:"authorizedAt"` // epoch seconds; 0 where PayPay does not say
	MerchantPaymentID   string          `json:"merchantPaymentId"`
	UserAuthorizationID string          `json:"userAuthorizationId"` // of a payment without a code
	Amount              Money           `json:"amount"`
	RequestedAt         int64           `json:"requestedAt"` // epoch seconds
	ExpiresAt           int64           `json:"expiresAt"`   // epoch seconds, when a held amount is released; not a code's end
	CanceledAt          int64           `json:"canceledAt"`  // epoch seconds; 0 when it was not cancelled
	StoreID             string          `json:"storeId"`
	TerminalID          string          `json:"terminalId"`
	OrderReceiptNumber  string          `json:"orderReceiptNumber"`
	OrderDescription    string          `json:"orderDescription"`
	OrderItems          []OrderItem     `json:"orderItems"`
	PaymentMethods      []PaymentMethod `json:"paymentMethods"`
	AssumeMerchant      string          `json:"assumeMerchant"` // only for agents

	// What became of it after it was paid. The status alone does not tell a
	// refund of a part from none; see Refunded.
	Refunds  Refunds  `json:"refunds"`
	Captures Captures `json:"captures"`
	Revert   *Revert  `json:"revert"` // nil when it was not reverted

	RequestID string          `json:"-"` // X-REQUEST-ID of the answer
	Raw       json.RawMessage `json:"-"` // the answer's data as it came, for a journal
}

// Refunds are the refunds of a payment, as they come in its answer.
type Refunds struct {
	Data []Refund `json:"data"`
}

// Captures are the captures of a payment, as they come in its answer.
type Captures struct {
	Data []Capture `json:"data"`
}

// Refunded is how much of a payment its refunds give back, in yen. PayPay carries
// out every refund that it has taken, so those under way count too.
func (p Payment) Refunded() int64 {
	var sum int64
	for _, r := range p.Refunds.Data {
		if r.Status != RefundFailed {
			sum += r.Amount.Amount
		}
	}
	return sum
}

// OrderItem is one line of an order. PayPay does not check the sum.
type OrderItem struct {
	Name      string `json:"name"`
	Category  string `json:"category,omitempty"`
	Quantity  int64  `json:"quantity"` // from 1
	ProductID string `json:"productId,omitempty"`
	UnitPrice Money  `json:"unitPrice"`
}

// PaymentMethod is one means the customer used for a part of a payment.
type PaymentMethod struct {
	Amount    Money     `json:"amount"`
	Type      string    `json:"type"` // WALLET, POINT, CREDIT_CARD and others; unknown ones are kept
	Breakdown Breakdown `json:"breakdown"`
}

// Breakdown says which points a part of a payment was made of.
type Breakdown struct {
	Points []Points `json:"points"`
}

// Points are points of one kind.
type Points struct {
	Amount int64  `json:"amount"` // yen
	Type   string `json:"type"`   // REGULAR; unknown ones are kept
}

// Payment looks up a payment by our id, whether it was made with a code or not
// (Get Payment Details, time limit 15 s).
//
// A code that nobody has paid is not a payment yet: the error has the code
// [ResourceNotFound] and class [State]. To follow a code, ask CodePayment. Right
// after a payment that was not answered, ask again before believing a not found.
// A time-out says nothing, and asking again hurts nobody.
func (c *Client) Payment(ctx context.Context, merchantPaymentID string) (Payment, error) {
	e := endpoint{
		op:     OpPayment,
		method: http.MethodGet,
		path:   "/v2/payments/" + merchantPaymentID,
		limit:  15 * time.Second,
	}
	return c.payment(ctx, e, merchantPaymentID)
}

// payment makes a call that looks up a payment.
func (c *Client) payment(ctx context.Context, e endpoint, merchantPaymentID string) (Payment, error) {
	if err := checkID("merchantPaymentId", merchantPaymentID); err != nil {
		return Payment{}, e.wrong(err)
	}
	e.repeatable = true
	p, _, err := paymentOf(ctx, c, e, merchantPaymentID, nil)
	return p, err
}

// paymentOf makes a call that is answered with the payment of an id.
func paymentOf(ctx context.Context, c *Client, e endpoint, merchantPaymentID string, body any) (Payment, answer, error) {
	p, a, err := call[Payment](ctx, c, e, body)
	if err != nil {
		return Payment{}, a, err
	}
	if err := p.checkAgainst(merchantPaymentID); err != nil {
		return Payment{}, a, e.unbelievable(a, err)
	}
	p.RequestID = a.requestID
	p.Raw = compact(a.data)
	return p, a, nil
}

// CancelPayment asks PayPay to undo a payment whose outcome is not known
// (Cancel a Payment, time limit 15 s).
//
// No error means that PayPay has taken the cancel, not that it is done. A paid order
// becomes [StatusFailed]; until then it may still read [StatusCompleted], which is not
// "paid" any more. An order that nobody has paid stays [StatusCreated], so do not wait
// for that: the cancel lies in wait and undoes a later payment. Its id is used up.
// Never cancel an id because of [DuplicateCode] unless its own CreateCode was not
// answered: it may be another order's. Until 00:14:59 JST of the day
// after the payment it may be repeated until it is taken; after that, or when
// the order's state does not allow it, the error has the code
// [OrderNotReversible] and class [State]. After a time-out nobody knows whether it
// was taken, and it is repeated: that does no harm.
func (c *Client) CancelPayment(ctx context.Context, merchantPaymentID string) error {
	e := endpoint{
		op:     OpCancelPayment,
		method: http.MethodDelete,
		path:   "/v2/payments/" + merchantPaymentID,
		limit:  15 * time.Second,

		takes:      RequestAccepted,
		repeatable: true,
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
	case !isToken(string(p.Status)):
		return mismatch("no proper status")
	case p.PaymentID != "" && !isToken(p.PaymentID):
		return mismatch("no proper paymentId")
	case p.Amount != Money{} && p.Amount.Currency != JPY:
		return mismatch("another currency")
	case p.Amount.Amount < 0 || p.Amount.Amount > maxAmount:
		return mismatch("no proper amount")
	case p.Status == StatusCompleted && p.PaymentID == "":
		return mismatch("completed without a paymentId")
	}
	for _, m := range p.PaymentMethods {
		if !m.Amount.isPart() {
			return mismatch("a part of no proper amount")
		}
	}
	for _, done := range p.Captures.Data {
		if !done.Amount.isPart() {
			return mismatch("a capture of no proper amount")
		}
	}
	if err := p.Refunds.checkAgainst(p.Amount.Amount); err != nil {
		return err
	}
	return checkEpochs(p.AcceptedAt, p.AuthorizedAt, p.RequestedAt, p.ExpiresAt, p.CanceledAt)
}

// checkAgainst refuses refunds that cannot be those of a payment of so many yen, or
// of one whose amount is not told.
func (r Refunds) checkAgainst(paid int64) error {
	var sum int64
	for i, one := range r.Data {
		switch {
		case !one.Amount.isPart():
			return mismatch("a refund of no proper amount")
		case one.MerchantRefundID != "" && slices.ContainsFunc(r.Data[:i], func(other Refund) bool { return other.MerchantRefundID == one.MerchantRefundID }):
			return mismatch("the same refund twice")
		}
		if one.Status != RefundFailed {
			sum += one.Amount.Amount
		}
		if paid > 0 && sum > paid {
			return mismatch("more was refunded than paid")
		}
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
