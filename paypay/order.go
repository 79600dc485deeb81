package paypay

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// OrderRequest asks for a payment from a customer who has linked an account, so
// that no code is needed. Texts have at most 255 characters each, and no control
// characters such as line ends.
type OrderRequest struct {
	MerchantPaymentID   string `json:"merchantPaymentId"`   // our id, unique for ever: 1 to 64 of a-z A-Z 0-9 - _
	UserAuthorizationID string `json:"userAuthorizationId"` // PayPay's number of the link
	Amount              Money  `json:"amount"`
	RequestedAt         int64  `json:"requestedAt"` // epoch seconds; 0 is now

	StoreID            string      `json:"storeId,omitempty"`
	TerminalID         string      `json:"terminalId,omitempty"`
	OrderReceiptNumber string      `json:"orderReceiptNumber,omitempty"`
	OrderDescription   string      `json:"orderDescription,omitempty"`
	OrderItems         []OrderItem `json:"orderItems,omitempty"`
}

// PaymentChoice says from what the customer pays, where the contract lets the
// merchant say so. Its zero value leaves that to PayPay.
type PaymentChoice struct {
	ProductType       ProductType `json:"productType,omitempty"`
	PaymentMethodType string      `json:"paymentMethodType,omitempty"` // as PaymentMethods gives it
	PaymentMethodID   string      `json:"paymentMethodId,omitempty"`   // as PaymentMethods gives it
}

// PayRequest asks for a payment at once, for [Client.Pay].
type PayRequest struct {
	OrderRequest
	PaymentChoice

	// AgreeSimilar lets a second payment of the same customer and amount within
	// 5 minutes through. Without it PayPay refuses one with [SuspectedDuplicate],
	// class [State]; a person has to decide before it is asked for again.
	AgreeSimilar bool `json:"-"`
}

// PreauthorizeRequest asks to hold an amount, for [Client.Preauthorize].
type PreauthorizeRequest struct {
	PayRequest
	ExpiresAt int64 `json:"expiresAt,omitempty"` // epoch seconds, when it is released; 0 is what the contract says
}

// Pay takes a payment from a customer who has linked an account (Create a
// payment, time limit 30 s).
//
// It is paid only if the result is [StatusCompleted]. [StatusCreated] is not yet
// decided: look it up with Payment until it is.
//
// After a time-out nobody knows whether it was paid, and it is never repeated by
// itself. Look it up with Payment; start anew, with a new id, only when that says
// failed or, more than once, not found. Or send CancelPayment until it is taken.
// To call Pay again with the same id gives the result of the first call.
func (c *Client) Pay(ctx context.Context, r PayRequest) (Payment, error) {
	e := endpoint{op: OpPay, method: http.MethodPost, path: "/v2/payments?" + r.agreement(), limit: 30 * time.Second}
	r.RequestedAt = orNow(r.RequestedAt)
	if err := r.check(); err != nil {
		return Payment{}, e.wrong(err)
	}
	return c.order(ctx, e, r.OrderRequest, r)
}

// Preauthorize holds an amount of a customer who has linked an account, until
// Capture takes it or Revert releases it (Create a payment authorization, time
// limit 30 s).
//
// It is held only if the result is [StatusAuthorized]. For the rest, and for what
// a time-out means, see [Client.Pay].
func (c *Client) Preauthorize(ctx context.Context, r PreauthorizeRequest) (Payment, error) {
	e := endpoint{
		op: OpPreauthorize, method: http.MethodPost, path: "/v2/payments/preauthorize?" + r.agreement(), limit: 30 * time.Second,
	}
	r.RequestedAt = orNow(r.RequestedAt)
	if err := cmp.Or(r.check(), checkEpoch("expiresAt", r.ExpiresAt)); err != nil {
		return Payment{}, e.wrong(err)
	}
	return c.order(ctx, e, r.OrderRequest, r)
}

// PayContinuous takes one payment of a series that the customer has agreed to
// (Create a continuous payment, time limit 30 s). For its result, and for what a
// time-out means, see [Client.Pay].
func (c *Client) PayContinuous(ctx context.Context, r OrderRequest) (Payment, error) {
	e := endpoint{op: OpPayContinuous, method: http.MethodPost, path: "/v1/subscription/payments", limit: 30 * time.Second}
	r.RequestedAt = orNow(r.RequestedAt)
	if err := r.check(); err != nil {
		return Payment{}, e.wrong(err)
	}
	return c.order(ctx, e, r, r)
}

// order makes a call that is answered with the payment of an order.
func (c *Client) order(ctx context.Context, e endpoint, r OrderRequest, body any) (Payment, error) {
	p, a, err := paymentOf(ctx, c, e, r.MerchantPaymentID, body)
	if err != nil {
		return Payment{}, err
	}
	if err := r.checkAnswer(p.Amount, p.UserAuthorizationID); err != nil {
		return Payment{}, e.unbelievable(a, err)
	}
	return p, nil
}

// checkAnswer refuses an answer about another amount, or about another customer
// where it names one.
func (r OrderRequest) checkAnswer(amount Money, userAuthorizationID string) error {
	switch {
	case amount != r.Amount:
		return mismatch("another amount or currency")
	case userAuthorizationID != "" && userAuthorizationID != r.UserAuthorizationID:
		return mismatch("another userAuthorizationId")
	}
	return nil
}

func (r PayRequest) agreement() string {
	return "agreeSimilarTransaction=" + strconv.FormatBool(r.AgreeSimilar)
}

func (r PayRequest) check() error {
	return cmp.Or(
		r.OrderRequest.check(),
		checkText("productType", string(r.ProductType)),
		checkText("paymentMethodType", r.PaymentMethodType),
		checkText("paymentMethodId", r.PaymentMethodID),
	)
}

func (r OrderRequest) check() error {
	return cmp.Or(
		checkID("merchantPaymentId", r.MerchantPaymentID),
		checkID("userAuthorizationId", r.UserAuthorizationID),
		r.Amount.check(),
		checkEpoch("requestedAt", r.RequestedAt),
		checkText("storeId", r.StoreID),
		checkText("terminalId", r.TerminalID),
		checkText("orderReceiptNumber", r.OrderReceiptNumber),
		checkText("orderDescription", r.OrderDescription),
		checkItems(r.OrderItems),
	)
}

func checkItems(items []OrderItem) error {
	for n, i := range items {
		if err := i.check(); err != nil {
			return fmt.Errorf("orderItems[%d]: %w", n, err)
		}
	}
	return nil
}

func (i OrderItem) check() error {
	switch {
	case i.Name == "":
		return errors.New("no name")
	case i.Quantity < 1:
		return errors.New("no quantity")
	}
	return cmp.Or(
		checkText("name", i.Name),
		checkText("category", i.Category),
		checkText("productId", i.ProductID),
		i.UnitPrice.check(),
	)
}
