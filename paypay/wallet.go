package paypay

import (
	"context"
	"strconv"
	"time"
)

// HasBalance asks whether a customer has enough to pay an amount (Check user
// wallet balance, time limit 15 s).
//
// It promises nothing for the payment that follows. A time-out says nothing, and
// asking again hurts nobody.
func (c *Client) HasBalance(ctx context.Context, q WalletQuery, amount Money) (bool, error) {
	more := "&amount=" + strconv.FormatInt(amount.Amount, 10) + "&currency=" + amount.Currency
	e := lookUp(OpCheckBalance, "/v2/wallet/check_balance"+q.query(more), 15*time.Second)
	if err := q.check(); err != nil {
		return false, e.wrong(err)
	}
	if err := amount.check(); err != nil {
		return false, e.wrong(err)
	}
	v, a, err := call[struct {
		HasEnoughBalance *bool `json:"hasEnoughBalance"`
	}](ctx, c, e, nil)
	if err != nil {
		return false, err
	}
	if v.HasEnoughBalance == nil {
		return false, e.unbelievable(a, mismatch("no hasEnoughBalance"))
	}
	return *v.HasEnoughBalance, nil
}

// Wallet is what a customer has in PayPay.
type Wallet struct {
	UserAuthorizationID string           `json:"userAuthorizationId"`
	TotalBalance        Money            `json:"totalBalance"`
	Preference          WalletPreference `json:"preference"`

	RequestID string `json:"-"` // X-REQUEST-ID of the answer
}

// WalletPreference is what a customer has chosen for the points of a wallet.
type WalletPreference struct {
	UseCashback            bool `json:"useCashback"`
	CashbackAutoInvestment bool `json:"cashbackAutoInvestment"`
}

// Wallet looks up what a customer has in PayPay (Get user wallet balance, time
// limit 15 s). A time-out says nothing, and asking again hurts nobody.
func (c *Client) Wallet(ctx context.Context, q WalletQuery) (Wallet, error) {
	e := lookUp(OpWalletBalance, "/v6/wallet/balance"+q.query("&currency="+JPY), 15*time.Second)
	if err := q.check(); err != nil {
		return Wallet{}, e.wrong(err)
	}
	w, a, err := call[Wallet](ctx, c, e, nil)
	if err != nil {
		return Wallet{}, err
	}
	if err := w.checkAgainst(q); err != nil {
		return Wallet{}, e.unbelievable(a, err)
	}
	w.RequestID = a.requestID
	return w, nil
}

func (w Wallet) checkAgainst(q WalletQuery) error {
	switch {
	case w.UserAuthorizationID != q.UserAuthorizationID:
		return mismatch("another userAuthorizationId")
	case w.TotalBalance.Currency != JPY || w.TotalBalance.Amount < 0:
		return mismatch("no proper totalBalance")
	}
	return nil
}

// PaymentMethods are the means that a customer can pay with.
type PaymentMethods struct {
	Wallet  Wallet        `json:"walletInfo"`
	Methods []UserPayment `json:"paymentMethods"`

	RequestID string `json:"-"` // X-REQUEST-ID of the answer
}

// UserPayment is one means that a customer can pay with.
type UserPayment struct {
	Type             string `json:"paymentMethodType"` // for PaymentChoice.PaymentMethodType
	ID               string `json:"id"`                // for PaymentChoice.PaymentMethodID
	IssuerName       string `json:"issuerName"`
	AccountNo        string `json:"accountNo"`
	LogoURL          string `json:"logoUrl"`
	Disabled         bool   `json:"disabled"`
	UnderMaintenance bool   `json:"underMaintenance"`
	Authenticated    bool   `json:"authenticated"`
	Limited          bool   `json:"limited"`
	Status           string `json:"paymentMethodStatus"` // ACTIVATED, OFF, MAINTENANCE and others; unknown ones are kept
}

// PaymentMethods looks up what a customer can pay with (Get user payment methods,
// time limit 30 s). A time-out says nothing, and asking again hurts nobody.
func (c *Client) PaymentMethods(ctx context.Context, q WalletQuery) (PaymentMethods, error) {
	e := lookUp(OpPaymentMethods, "/v4/paymentMethods"+q.query(""), 30*time.Second)
	if err := q.check(); err != nil {
		return PaymentMethods{}, e.wrong(err)
	}
	m, a, err := call[PaymentMethods](ctx, c, e, nil)
	if err != nil {
		return PaymentMethods{}, err
	}
	if err := m.Wallet.checkAgainst(q); err != nil {
		return PaymentMethods{}, e.unbelievable(a, err)
	}
	m.RequestID = a.requestID
	return m, nil
}
