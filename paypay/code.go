package paypay

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
)

// CodeRequest asks for a code that a customer can scan to pay one order.
// Fields that PayPay has marked obsolete or removed do not exist here. Texts
// have at most 255 characters each, and no control characters such as line ends.
type CodeRequest struct {
	MerchantPaymentID string `json:"merchantPaymentId"` // our id, unique for ever: 1 to 64 of a-z A-Z 0-9 - _
	Amount            Money  `json:"amount"`
	OrderDescription  string `json:"orderDescription,omitempty"` // shown to the customer in the app
	StoreInfo         string `json:"storeInfo,omitempty"`
	StoreID           string `json:"storeId,omitempty"`    // comes back in reports
	TerminalID        string `json:"terminalId,omitempty"` // register number; comes back in reports
	RequestedAt       int64  `json:"requestedAt"`          // epoch seconds; 0 is now

	// With IsAuthorization the amount is only held when the customer approves,
	// until Capture takes it. It needs a contract for that.
	IsAuthorization     bool  `json:"isAuthorization,omitempty"`
	AuthorizationExpiry int64 `json:"authorizationExpiry,omitempty"` // epoch seconds; 0 is what the contract says

	ProductType ProductType `json:"productType,omitempty"` // only where the contract says so
	IPAddress   string      `json:"ipAddress,omitempty"`   // of the customer's device; changes no answer

	// For web pages and apps. A counter leaves these out.
	RedirectURL  string       `json:"redirectUrl,omitempty"`
	RedirectType RedirectType `json:"redirectType,omitempty"`
	UserAgent    string       `json:"userAgent,omitempty"`
}

// ProductType is a kind of payment that needs a contract of its own.
type ProductType string

// The kinds that PayPay names.
const (
	BonusInvestment ProductType = "VIRTUAL_BONUS_INVESTMENT"
	PayLaterPayment ProductType = "PAY_LATER_REPAYMENT"
	RealInvestment  ProductType = "REAL_INVESTMENT"
	UtilityBill     ProductType = "UTILITY_BILL"
)

// RedirectType is how the customer comes back to the merchant from PayPay.
type RedirectType string

// The ways back.
const (
	RedirectWeb     RedirectType = "WEB_LINK"
	RedirectApp     RedirectType = "APP_DEEP_LINK"
	RedirectWebView RedirectType = "WEBVIEW_IN_PAYPAY"
)

// Code is a payment code that PayPay made.
type Code struct {
	CodeID            string `json:"codeId"`
	URL               string `json:"url"`        // an http or https address, for the QR picture as it is; never built, never taken apart
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

	IsAuthorization     bool         `json:"isAuthorization"`
	AuthorizationExpiry int64        `json:"authorizationExpiry"` // epoch seconds; 0 when there is none
	ProductType         ProductType  `json:"productType"`
	RedirectURL         string       `json:"redirectUrl"`
	RedirectType        RedirectType `json:"redirectType"`
	OrderItems          []CodeItem   `json:"orderItems"` // obsolete: only where somebody still sends them

	RequestID string `json:"-"` // X-REQUEST-ID of the answer
}

// CodeItem is an [OrderItem] in an answer to CreateCode, where PayPay spells the
// price in another way.
type CodeItem struct {
	Name      string `json:"name"`
	Category  string `json:"category"`
	Quantity  int64  `json:"quantity"`
	ProductID string `json:"productId"`
	UnitPrice Money  `json:"unit_price"`
}

// CreateCode makes a code for one order (Create a QR Code, time limit 30 s).
//
// A code that it returns is for the id, the amount and the currency that were
// asked for. After a time-out, or another error of class [Unknown], the code may exist, but nobody
// has seen it, and PayPay does not show it again: a second request with the same
// id is refused with [DuplicateCode], class [State]. Ask for a new code under a
// new id, and send CancelPayment for the old one to be safe. It is never repeated
// after an outcome that is not known. A DuplicateCode for an id that was not asked
// for before is another matter: the id is another order's, perhaps a paid one, and
// must not be cancelled.
func (c *Client) CreateCode(ctx context.Context, r CodeRequest) (Code, error) {
	e := endpoint{op: OpCreateCode, method: http.MethodPost, path: "/v2/codes", limit: 30 * time.Second}
	r.RequestedAt = orNow(r.RequestedAt)
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
// Whatever it returns, CodePayment has the last word, and not at once: while it says
// [StatusCreated], a customer whose confirm screen was open may still pay, until the
// code's ExpiryDate. Ask until it says [StatusCompleted] or [PaymentNotFound]; where it
// never says either, the ExpiryDate and a minute tell that nobody will. The error of a code that is no more has the code
// [CodeNotFound] or [CodeAlreadyPaid] and class [State]. After a time-out it is
// repeated, and then says CodeNotFound of a code that the first try deleted.
func (c *Client) DeleteCode(ctx context.Context, codeID string) error {
	e := endpoint{op: OpDeleteCode, method: http.MethodDelete, path: "/v2/codes/" + codeID, limit: 15 * time.Second, repeatable: true}
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

// CodePayment looks up what became of a code (Get Code Payment Details, time limit
// 15 s).
//
// It returns a payment of the id that was asked for; whether it is of the right
// amount is for the caller to see. Before anybody has paid, the status is
// [StatusCreated]. After a code has gone unpaid the error has the code
// [PaymentNotFound] and class [Failed]. Before the code was deleted or its time was
// over, the same error only means that PayPay is late, and one alone may be wrong at
// any time: believe two in a row. [StatusFailed] is a try that failed; the code may be
// paid by another until it ends. A time-out says nothing, and asking again hurts
// nobody.
func (c *Client) CodePayment(ctx context.Context, merchantPaymentID string) (Payment, error) {
	e := endpoint{
		op:     OpCodePayment,
		method: http.MethodGet,
		path:   "/v2/codes/payments/" + merchantPaymentID,
		limit:  15 * time.Second,
	}
	return c.payment(ctx, e, merchantPaymentID)
}

// check says what is wrong with a request before PayPay has to.
func (r CodeRequest) check() error {
	if r.AuthorizationExpiry != 0 && !r.IsAuthorization {
		return errors.New("authorizationExpiry without isAuthorization")
	}
	return cmp.Or(
		checkID("merchantPaymentId", r.MerchantPaymentID),
		r.Amount.check(),
		checkText("orderDescription", r.OrderDescription),
		checkText("storeInfo", r.StoreInfo),
		checkText("storeId", r.StoreID),
		checkText("terminalId", r.TerminalID),
		checkEpoch("requestedAt", r.RequestedAt),
		checkEpoch("authorizationExpiry", r.AuthorizationExpiry),
		checkText("productType", string(r.ProductType)),
		checkIP(r.IPAddress),
		checkText("redirectUrl", r.RedirectURL),
		checkText("redirectType", string(r.RedirectType)),
		checkText("userAgent", r.UserAgent),
	)
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
	case !isWebPage(c.URL):
		return mismatch("no proper url")
	case strings.ContainsFunc(c.Deeplink, unicode.IsControl):
		return mismatch("no proper deeplink")
	case c.IsAuthorization != r.IsAuthorization:
		return mismatch("another isAuthorization")
	case c.ExpiryDate < year1985:
		return mismatch("no proper expiryDate")
	}
	return checkEpochs(c.ExpiryDate, c.RequestedAt, c.AuthorizationExpiry)
}

// year1985 is in epoch seconds. Before it no code has ended: a smaller number
// would be a span of time.
const year1985 = 500_000_000

// isWebPage reports whether a text is the address of a page, as it stands in a
// code.
func isWebPage(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && isToken(address)
}
