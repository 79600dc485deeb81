package paypay

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// LinkSessionRequest asks for a code, or a page, where a customer links a PayPay
// account to the merchant. Texts have at most 255 characters each, and no control
// characters.
type LinkSessionRequest struct {
	Scopes       []string     `json:"scopes"`      // what the merchant will be allowed to do, such as ScopePay
	Nonce        string       `json:"nonce"`       // random; the response token repeats it
	RedirectURL  string       `json:"redirectUrl"` // https, of a domain that PayPay has registered
	ReferenceID  string       `json:"referenceId"` // our name for the customer; the response token repeats it
	RedirectType RedirectType `json:"redirectType,omitempty"`
	PhoneNumber  string       `json:"phoneNumber,omitempty"` // of the customer, to fill in the page
	DeviceID     string       `json:"deviceId,omitempty"`    // of the customer, to save an SMS
	UserAgent    string       `json:"userAgent,omitempty"`
}

// The scopes of the operations here: what a customer lets a merchant do. Each needs
// a contract.
const (
	ScopePay          = "direct_debit"
	ScopeContinuous   = "continuous_payments"
	ScopePending      = "pending_payments"
	ScopePreauthorize = "preauth_capture_native"
	ScopeBalance      = "get_balance"
	ScopeCashback     = "cashback"
	ScopeProfile      = "user_profile"
)

// LinkSession is where a customer links an account.
type LinkSession struct {
	URL string `json:"linkQRCodeURL"` // goes into the QR picture, or is opened, unchanged

	RequestID string `json:"-"` // X-REQUEST-ID of the answer
}

// CreateLinkSession makes a code or page for linking an account (Create an account
// link QR code, time limit 10 s). The customer comes back to RedirectURL with a
// response token, which has to be verified.
//
// After a time-out there may be a session that nobody has seen, which does no harm.
// Ask for another one, with a new nonce.
func (c *Client) CreateLinkSession(ctx context.Context, r LinkSessionRequest) (LinkSession, error) {
	e := endpoint{op: OpCreateLinkSession, method: http.MethodPost, path: "/v1/qr/sessions", limit: 10 * time.Second}
	if err := r.check(); err != nil {
		return LinkSession{}, e.wrong(err)
	}
	s, a, err := call[LinkSession](ctx, c, e, r)
	if err != nil {
		return LinkSession{}, err
	}
	if !isWebPage(s.URL) {
		return LinkSession{}, e.unbelievable(a, mismatch("no proper linkQRCodeURL"))
	}
	s.RequestID = a.requestID
	return s, nil
}

func (r LinkSessionRequest) check() error {
	u, err := url.Parse(r.RedirectURL)
	switch {
	case len(r.Scopes) == 0:
		return errors.New("no scopes")
	case r.Nonce == "":
		return errors.New("no nonce")
	case r.ReferenceID == "":
		return errors.New("no referenceId")
	case err != nil || u.Host == "" || u.Scheme != "https" && r.RedirectType != RedirectApp:
		return errors.New("redirectUrl is not an https address")
	}
	for i, scope := range r.Scopes {
		if !isToken(scope) {
			return fmt.Errorf("scopes[%d] is empty or has a character that no scope has", i)
		}
	}
	return cmp.Or(
		checkText("nonce", r.Nonce),
		checkText("redirectUrl", r.RedirectURL),
		checkText("referenceId", r.ReferenceID),
		checkText("redirectType", string(r.RedirectType)),
		checkText("phoneNumber", r.PhoneNumber),
		checkText("deviceId", r.DeviceID),
		checkText("userAgent", r.UserAgent),
	)
}

// AuthorizationStatus says whether an account is linked. New values are kept as
// they came; only AuthorizationActive is one.
type AuthorizationStatus string

// The states of a link.
const (
	AuthorizationActive   AuthorizationStatus = "ACTIVE"
	AuthorizationInactive AuthorizationStatus = "INACTIVE"
)

// Authorization is what PayPay knows of a customer's link to the merchant.
type Authorization struct {
	UserAuthorizationID string              `json:"userAuthorizationId"`
	ReferenceIDs        []string            `json:"referenceIds"` // our names for the customer
	Status              AuthorizationStatus `json:"status"`
	Scopes              []string            `json:"scopes"`
	ExpireAt            int64               `json:"expireAt"` // epoch seconds
	IssuedAt            int64               `json:"issuedAt"` // epoch seconds

	RequestID string `json:"-"` // X-REQUEST-ID of the answer
}

// Authorization looks up a customer's link (Get user authorization status, time
// limit 15 s).
//
// A link that PayPay does not know has the code [AuthorizationInvalid], one that ran
// out [AuthorizationExpired]: the customer has to link again. A time-out says
// nothing, and asking again hurts nobody.
func (c *Client) Authorization(ctx context.Context, userAuthorizationID string) (Authorization, error) {
	e := lookUp(OpAuthorization, "/v2/user/authorizations?userAuthorizationId="+userAuthorizationID, 15*time.Second)
	if err := checkID("userAuthorizationId", userAuthorizationID); err != nil {
		return Authorization{}, e.wrong(err)
	}
	v, a, err := call[Authorization](ctx, c, e, nil)
	if err != nil {
		return Authorization{}, err
	}
	switch {
	case v.UserAuthorizationID != userAuthorizationID:
		return Authorization{}, e.unbelievable(a, mismatch("another userAuthorizationId"))
	case !isToken(string(v.Status)):
		return Authorization{}, e.unbelievable(a, mismatch("no proper status"))
	}
	v.RequestID = a.requestID
	return v, nil
}

// Unlink ends a customer's link (Unlink user, time limit 15 s).
//
// After a time-out ask Authorization: it is ended when that says
// [AuthorizationInactive] or does not know the link any more. It is not repeated by
// itself.
func (c *Client) Unlink(ctx context.Context, userAuthorizationID string) error {
	const path = "/v2/user/authorizations/"
	e := endpoint{
		op: OpUnlink, method: http.MethodDelete, path: path + userAuthorizationID, limit: 15 * time.Second,
		takes: RequestAccepted, shown: path + "...",
	}
	if err := checkID("userAuthorizationId", userAuthorizationID); err != nil {
		return e.wrong(err)
	}
	_, err := c.do(ctx, e, nil)
	return err
}

// Profile is what PayPay tells of a customer.
type Profile struct {
	PhoneNumber string `json:"phoneNumber"` // masked up to the last 4 digits

	RequestID string `json:"-"` // X-REQUEST-ID of the answer
}

// Profile looks up a customer's masked telephone number (Get masked user profile,
// time limit 15 s). A time-out says nothing, and asking again hurts nobody.
func (c *Client) Profile(ctx context.Context, userAuthorizationID string) (Profile, error) {
	e := lookUp(OpProfile, "/v2/user/profile/secure?userAuthorizationId="+userAuthorizationID, 15*time.Second)
	if err := checkID("userAuthorizationId", userAuthorizationID); err != nil {
		return Profile{}, e.wrong(err)
	}
	p, a, err := call[Profile](ctx, c, e, nil)
	if err != nil {
		return Profile{}, err
	}
	p.RequestID = a.requestID
	return p, nil
}

// lookUp is a call that changes nothing.
func lookUp(op Op, path string, limit time.Duration) endpoint {
	return endpoint{op: op, method: http.MethodGet, path: path, limit: limit, repeatable: true}
}

// WalletQuery asks about the wallet of a customer.
type WalletQuery struct {
	UserAuthorizationID string
	ProductType         ProductType // "" is none
}

func (q WalletQuery) check() error {
	if q.ProductType == "" {
		return checkID("userAuthorizationId", q.UserAuthorizationID)
	}
	return cmp.Or(
		checkID("userAuthorizationId", q.UserAuthorizationID),
		checkID("productType", string(q.ProductType)), // it stands in a query
	)
}

// query is the query of a path, with more of it after the customer.
func (q WalletQuery) query(more string) string {
	s := "?userAuthorizationId=" + q.UserAuthorizationID + more
	if q.ProductType != "" {
		s += "&productType=" + string(q.ProductType)
	}
	return s
}
