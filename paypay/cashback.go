package paypay

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"
)

// CashbackRequest gives a customer money from the merchant's budget.
type CashbackRequest struct {
	MerchantCashbackID  string     `json:"merchantCashbackId"` // our id of it: 1 to 64 of a-z A-Z 0-9 - _
	UserAuthorizationID string     `json:"userAuthorizationId"`
	Amount              Money      `json:"amount"`
	RequestedAt         int64      `json:"requestedAt"` // epoch seconds; 0 is now
	OrderDescription    string     `json:"orderDescription,omitempty"`
	WalletType          WalletType `json:"walletType,omitempty"`
	ExpiryDate          Day        `json:"expiryDate,omitempty"` // until when it can be spent
}

// Day is a day in Japan, YYYY-MM-DD. In an answer it is what PayPay sent, which is
// also kept where that is a number: others say that it is one.
type Day string

// UnmarshalJSON takes a text, a number and null.
func (d *Day) UnmarshalJSON(b []byte) error { return (*looseText)(d).UnmarshalJSON(b) }

// WalletType is the part of a customer's wallet that cashback goes to.
type WalletType string

// The parts of a wallet.
const (
	WalletPrepaid  WalletType = "PREPAID"
	WalletCashback WalletType = "CASHBACK"
)

// CashbackStatus is what became of cashback or of its reversal. New values are
// kept as they came; only CashbackSuccess is one.
type CashbackStatus string

// The states of cashback.
const (
	CashbackSuccess  CashbackStatus = "SUCCESS"
	CashbackFailure  CashbackStatus = "FAILURE"
	CashbackAccepted CashbackStatus = "ACCEPTED" // not decided yet
)

// Cashback is what PayPay knows of one cashback.
type Cashback struct {
	Status              CashbackStatus `json:"status"`
	AcceptedAt          int64          `json:"acceptedAt"` // epoch seconds
	MerchantAlias       string         `json:"merchantAlias"`
	CashbackID          string         `json:"cashbackId"` // PayPay's number
	MerchantCashbackID  string         `json:"merchantCashbackId"`
	UserAuthorizationID string         `json:"userAuthorizationId"`
	Amount              Money          `json:"amount"`
	RequestedAt         int64          `json:"requestedAt"` // epoch seconds
	OrderDescription    string         `json:"orderDescription"`
	WalletType          WalletType     `json:"walletType"`
	ExpiryDate          Day            `json:"expiryDate"` // "" when the request named none

	RequestID string `json:"-"` // X-REQUEST-ID of the answer
}

// GiveCashback asks PayPay to give a customer money (Give cashback, time limit
// 30 s).
//
// No error means that PayPay has taken it, not that the customer has the money:
// ask Cashback until it says. After a time-out ask the same; it is never repeated by
// itself, because PayPay refuses an id that it has seen with
// VALIDATION_FAILED_EXCEPTION, class [State].
func (c *Client) GiveCashback(ctx context.Context, r CashbackRequest) error {
	e := endpoint{op: OpGiveCashback, method: http.MethodPost, path: "/v2/cashback", limit: 30 * time.Second, takes: RequestAccepted}
	r.RequestedAt = orNow(r.RequestedAt)
	if err := r.check(); err != nil {
		return e.wrong(err)
	}
	_, err := c.do(ctx, e, r)
	return err
}

func (r CashbackRequest) check() error {
	if r.ExpiryDate != "" {
		if _, err := time.Parse(time.DateOnly, string(r.ExpiryDate)); err != nil {
			return errors.New("expiryDate is not a date like 2026-04-01")
		}
	}
	return cmp.Or(
		checkID("merchantCashbackId", r.MerchantCashbackID),
		checkID("userAuthorizationId", r.UserAuthorizationID),
		r.Amount.check(),
		checkEpoch("requestedAt", r.RequestedAt),
		checkText("orderDescription", r.OrderDescription),
		checkText("walletType", string(r.WalletType)),
	)
}

// Cashback looks up what became of a cashback (Check cashback details, time limit
// 15 s).
//
// When the merchant's budget was too small the error has the code
// [NotEnoughBudget] and class [Failed]. One that PayPay does not know is an error of
// class [State]: right after GiveCashback ask again before believing it. A time-out
// says nothing, and asking again hurts nobody.
func (c *Client) Cashback(ctx context.Context, merchantCashbackID string) (Cashback, error) {
	e := lookUp(OpCashback, "/v2/cashback/"+merchantCashbackID, 15*time.Second)
	if err := checkID("merchantCashbackId", merchantCashbackID); err != nil {
		return Cashback{}, e.wrong(err)
	}
	v, a, err := call[Cashback](ctx, c, e, nil)
	if err != nil {
		return Cashback{}, err
	}
	switch {
	case v.MerchantCashbackID != merchantCashbackID:
		return Cashback{}, e.unbelievable(a, mismatch("another merchantCashbackId"))
	case !isToken(string(v.Status)):
		return Cashback{}, e.unbelievable(a, mismatch("no proper status"))
	}
	v.RequestID = a.requestID
	return v, nil
}

// CashbackReversalRequest takes cashback, or a part of it, back.
type CashbackReversalRequest struct {
	MerchantCashbackReversalID string `json:"merchantCashbackReversalId"` // our id of it: 1 to 64 of a-z A-Z 0-9 - _
	MerchantCashbackID         string `json:"merchantCashbackId"`
	Amount                     Money  `json:"amount"`
	RequestedAt                int64  `json:"requestedAt"`      // epoch seconds; 0 is now
	Reason                     string `json:"reason,omitempty"` // at most 255 characters
}

// CashbackReversal is what PayPay knows of cashback that was taken back.
type CashbackReversal struct {
	Status                     CashbackStatus `json:"status"`
	AcceptedAt                 int64          `json:"acceptedAt"` // epoch seconds
	MerchantAlias              string         `json:"merchantAlias"`
	CashbackReversalID         string         `json:"cashbackReversalId"` // PayPay's number
	MerchantCashbackReversalID string         `json:"merchantCashbackReversalId"`
	MerchantCashbackID         string         `json:"merchantCashbackId"`
	Amount                     Money          `json:"amount"`
	RequestedAt                int64          `json:"requestedAt"` // epoch seconds
	Reason                     string         `json:"reason"`

	RequestID string `json:"-"` // X-REQUEST-ID of the answer
}

// ReverseCashback asks PayPay to take cashback back (Reverse cashback, time limit
// 30 s). No error means that PayPay has taken the request: ask CashbackReversal
// until it says what came of it, and after a time-out too. It is never repeated by
// itself.
func (c *Client) ReverseCashback(ctx context.Context, r CashbackReversalRequest) error {
	e := endpoint{
		op: OpReverseCashback, method: http.MethodPost, path: "/v2/cashback_reversal", limit: 30 * time.Second,
		takes: RequestAccepted,
	}
	r.RequestedAt = orNow(r.RequestedAt)
	if err := cmp.Or(
		checkID("merchantCashbackReversalId", r.MerchantCashbackReversalID),
		checkID("merchantCashbackId", r.MerchantCashbackID),
		r.Amount.check(),
		checkEpoch("requestedAt", r.RequestedAt),
		checkText("reason", r.Reason),
	); err != nil {
		return e.wrong(err)
	}
	_, err := c.do(ctx, e, r)
	return err
}

// CashbackReversal looks up what became of a reversal, by our ids of it and of the
// cashback (Check cashback reversal details, time limit 15 s). For what its errors
// mean, see [Client.Cashback].
func (c *Client) CashbackReversal(ctx context.Context, merchantCashbackReversalID, merchantCashbackID string) (CashbackReversal, error) {
	e := lookUp(OpCashbackReversal, "/v2/cashback_reversal/"+merchantCashbackReversalID+"/"+merchantCashbackID, 15*time.Second)
	if err := cmp.Or(
		checkID("merchantCashbackReversalId", merchantCashbackReversalID),
		checkID("merchantCashbackId", merchantCashbackID),
	); err != nil {
		return CashbackReversal{}, e.wrong(err)
	}
	v, a, err := call[CashbackReversal](ctx, c, e, nil)
	if err != nil {
		return CashbackReversal{}, err
	}
	switch {
	case v.MerchantCashbackReversalID != merchantCashbackReversalID:
		return CashbackReversal{}, e.unbelievable(a, mismatch("another merchantCashbackReversalId"))
	case v.MerchantCashbackID != "" && v.MerchantCashbackID != merchantCashbackID:
		return CashbackReversal{}, e.unbelievable(a, mismatch("another merchantCashbackId"))
	case !isToken(string(v.Status)):
		return CashbackReversal{}, e.unbelievable(a, mismatch("no proper status"))
	}
	v.RequestID = a.requestID
	return v, nil
}

// ExpectedCashbackRequest asks what a customer would get back for a payment.
type ExpectedCashbackRequest struct {
	RequestID           string      `json:"requestId"` // our id of this question: 1 to 64 of a-z A-Z 0-9 - _
	MerchantPaymentID   string      `json:"merchantPaymentId,omitempty"`
	UserAuthorizationID string      `json:"userAuthorizationId"`
	Amount              Money       `json:"amount"`
	RequestedAt         int64       `json:"requestedAt"` // epoch seconds; 0 is now
	StoreID             string      `json:"storeId,omitempty"`
	OrderItems          []OrderItem `json:"orderItems,omitempty"`
	ProductType         ProductType `json:"productType,omitempty"`

	English bool `json:"-"` // the language of the answer, which is Japanese otherwise
}

// ExpectedCashback is what a customer would get back, in words to be shown.
type ExpectedCashback struct {
	CampaignMessage string `json:"campaignMessage"`

	RequestID string `json:"-"` // X-REQUEST-ID of the answer
}

// ExpectedCashback asks what a customer would get back for a payment (Consult
// expected cashback, time limit 15 s). PayPay's own documents of it could not be
// had; its fields are those that other clients send. It changes nothing: a time-out
// says nothing, and asking again hurts nobody.
func (c *Client) ExpectedCashback(ctx context.Context, r ExpectedCashbackRequest) (ExpectedCashback, error) {
	e := endpoint{
		op: OpExpectedCashback, method: http.MethodPost, path: "/v1/payments/cashback/expected", limit: 15 * time.Second,
		repeatable: true, lang: "JA",
	}
	if r.English {
		e.lang = "EN"
	}
	r.RequestedAt = orNow(r.RequestedAt)
	if r.MerchantPaymentID != "" {
		if err := checkID("merchantPaymentId", r.MerchantPaymentID); err != nil {
			return ExpectedCashback{}, e.wrong(err)
		}
	}
	if err := cmp.Or(
		checkID("requestId", r.RequestID),
		checkID("userAuthorizationId", r.UserAuthorizationID),
		r.Amount.check(),
		checkEpoch("requestedAt", r.RequestedAt),
		checkText("storeId", r.StoreID),
		checkItems(r.OrderItems),
		checkText("productType", string(r.ProductType)),
	); err != nil {
		return ExpectedCashback{}, e.wrong(err)
	}
	v, a, err := call[ExpectedCashback](ctx, c, e, r)
	if err != nil {
		return ExpectedCashback{}, err
	}
	v.RequestID = a.requestID
	return v, nil
}
