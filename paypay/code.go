package paypay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
	"unicode/utf8"
)

// CodeRequest asks for a code that a customer can scan to pay one order.
// Fields that PayPay has marked obsolete or removed do not exist here. Texts
// have at most 255 characters each.
type CodeRequest struct {
	MerchantPaymentID string `json:"merchantPaymentId"` // our id, unique for ever: 1 to 64 of a-z A-Z 0-9 - _
	Amount            Money  `json:"amount"`
	OrderDescription  string `json:"orderDescription,omitempty"` // shown to the customer in the app
	StoreInfo         string `json:"storeInfo,omitempty"`
	StoreID           string `json:"storeId,omitempty"`    // comes back in reports
	TerminalID        string `json:"terminalId,omitempty"` // register number; comes back in reports
	RequestedAt       int64  `json:"requestedAt"`          // epoch seconds; 0 is now
}

// Code is a payment code that PayPay made.
type Code struct {
	CodeID            string `json:"codeId"`
	URL               string `json:"url"`        // goes into the QR picture unchanged; never built or parsed
	Deeplink          string `json:"deeplink"`   // opens the app on the customer's own device
	ExpiryDate        int64  `json:"expiryDate"` // epoch seconds by PayPay's clock
	MerchantPaymentID string `json:"merchantPaymentId"`
	Amount            Money  `json:"amount"`
	OrderDescription  string `json:"orderDescription"`
	CodeType          string `json:"codeType"`
	StoreInfo         string `json:"storeInfo"`
	StoreID           string `json:"storeId"`
	TerminalID        string `json:"terminalId"`
	RequestedAt       int64  `json:"requestedAt"` // epoch seconds

	RequestID string `json:"-"` // X-REQUEST-ID of the answer
}

// CreateCode makes a code for one order (Create a QR Code, time limit 30 s).
//
// A code that it returns is for the id, the amount and the currency that were
// asked for. After an error of class [Unknown] the code may exist, but nobody
// has seen it, and PayPay does not show it again: a second request with the same
// id is refused with [DuplicateCode], class [State].
func (c *Client) CreateCode(ctx context.Context, r CodeRequest) (Code, error) {
	e := endpoint{op: OpCreateCode, method: http.MethodPost, path: "/v2/codes", limit: 30 * time.Second}
	if r.RequestedAt == 0 {
		r.RequestedAt = time.Now().Unix()
	}
	if err := r.check(); err != nil {
		return Code{}, e.wrong(err)
	}
	code, a, err := call[Code](ctx, c, e, struct {
		CodeRequest
		CodeType string `json:"codeType"`
	}{r, "ORDER_QR"})
	if err != nil {
		return Code{}, err
	}
	if err := code.checkAgainst(r); err != nil {
		return Code{}, e.unbelievable(a, err)
	}
	code.RequestID = a.requestID
	return code, nil
}

// DeleteCode shuts a code (Delete a QR Code, time limit 15 s).
//
// Whatever it returns, CodePayment has the last word: a payment that was already
// on its way may still arrive. The error of a code that is no more has the code
// [CodeNotFound] or [CodeAlreadyPaid] and class [State].
func (c *Client) DeleteCode(ctx context.Context, codeID string) error {
	e := endpoint{op: OpDeleteCode, method: http.MethodDelete, path: "/v2/codes/" + codeID, limit: 15 * time.Second}
	if err := checkID("codeId", codeID); err != nil {
		return e.wrong(err)
	}
	deleted, a, err := call[struct {
		QRStatus string `json:"qrStatus"`
	}](ctx, c, e, nil)
	if err != nil {
		return err
	}
	if s := deleted.QRStatus; s != "" && s != "DELETED" {
		return e.unbelievable(a, mismatch("the code was not deleted"))
	}
	return nil
}

// CodePayment looks up what became of a code (Get Code Payment Details, 15 s).
//
// It returns a payment of the id that was asked for; whether it is of the right
// amount is for the caller to see. Before anybody has paid, the status is
// [StatusCreated]. After a code has gone unpaid the error has the code
// [PaymentNotFound] and class [Failed]; just after CreateCode the same error may
// only mean that PayPay is late.
func (c *Client) CodePayment(ctx context.Context, merchantPaymentID string) (Payment, error) {
	e := endpoint{
		op:     OpCodePayment,
		method: http.MethodGet,
		path:   "/v2/codes/payments/" + merchantPaymentID,
		limit:  15 * time.Second,
	}
	if err := checkID("merchantPaymentId", merchantPaymentID); err != nil {
		return Payment{}, e.wrong(err)
	}
	p, a, err := call[Payment](ctx, c, e, nil)
	if err != nil {
		return Payment{}, err
	}
	if err := p.checkAgainst(merchantPaymentID); err != nil {
		return Payment{}, e.unbelievable(a, err)
	}
	p.RequestID = a.requestID
	p.Raw = compact(a.data)
	return p, nil
}

// check says what is wrong with a request before PayPay has to.
func (r CodeRequest) check() error {
	if err := checkID("merchantPaymentId", r.MerchantPaymentID); err != nil {
		return err
	}
	if err := r.Amount.check(); err != nil {
		return err
	}
	for _, s := range [...]string{r.OrderDescription, r.StoreInfo, r.StoreID, r.TerminalID} {
		if !utf8.ValidString(s) || utf8.RuneCountInString(s) > 255 {
			return errors.New("a text is longer than 255 characters or is not UTF-8")
		}
	}
	// Milliseconds would be some 3000 years later than that.
	if year5138 := int64(1e11); r.RequestedAt < 0 || r.RequestedAt >= year5138 {
		return fmt.Errorf("requestedAt %d is not in epoch seconds", r.RequestedAt)
	}
	return nil
}

// checkAgainst refuses a code that is not the one asked for, or that could not
// be shown, timed or deleted.
func (c Code) checkAgainst(r CodeRequest) error {
	switch {
	case c.MerchantPaymentID != r.MerchantPaymentID:
		return mismatch("another merchantPaymentId")
	case c.Amount != r.Amount:
		return mismatch("another amount or currency")
	case checkID("codeId", c.CodeID) != nil:
		return mismatch("no proper codeId")
	case c.URL == "":
		return mismatch("no url")
	case c.ExpiryDate <= 0:
		return mismatch("no expiryDate")
	}
	return nil
}

// checkID refuses an id that PayPay would not take, or that would need escaping
// in a path.
func checkID(name, id string) error {
	if len(id) < 1 || len(id) > 64 {
		return fmt.Errorf("%s has %d characters, not 1 to 64", name, len(id))
	}
	for _, r := range []byte(id) {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '-', r == '_':
		default:
			return fmt.Errorf("%s has a character other than a-z A-Z 0-9 - _", name)
		}
	}
	return nil
}
