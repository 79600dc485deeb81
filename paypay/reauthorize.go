package paypay

import (
	"cmp"
	"context"
	"net/http"
	"time"
)

// ReauthorizeRequest asks PayPay to hold another amount than it does.
type ReauthorizeRequest struct {
	RequestID       string `json:"requestId"` // our id of this: 1 to 255 of a-z A-Z 0-9 - _
	PaymentID       string `json:"paymentId"` // PayPay's number of the payment, never our id
	UpdatedAmount   Money  `json:"updatedAmount"`
	RequestedAt     int64  `json:"requestedAt"`               // epoch seconds; 0 is now
	MerchantComment string `json:"merchantComment,omitempty"` // shown to the customer; at most 255 characters

	// For a higher amount: where the customer goes after approving it.
	RedirectURL  string       `json:"redirectUrl,omitempty"`
	RedirectType RedirectType `json:"redirectType,omitempty"`
	UserAgent    string       `json:"userAgent,omitempty"`
}

// Reauthorization is a change of the amount held that PayPay has made.
type Reauthorization struct {
	ReauthorizeID  string          `json:"requestId"` // our id of the request
	PaymentID      string          `json:"paymentId"`
	UpdatedAmount  Money           `json:"updatedAmount"`
	RequestedAt    int64           `json:"requestedAt"` // epoch seconds
	AcceptedAt     int64           `json:"acceptedAt"`  // epoch seconds
	ExpiresAt      int64           `json:"expiresAt"`   // epoch seconds, when the amount is released
	PaymentMethods []PaymentMethod `json:"paymentMethods"`

	RequestID string `json:"-"` // X-REQUEST-ID of the answer
}

// Reauthorize changes the amount that is held (Change the authorised amount, time
// limit 30 s).
//
// A lower amount is done at once. For a higher one the result waits: the customer
// has to approve it on the page it names. One order can be changed 10 times.
//
// It is not repeated after an outcome that is not known, because PayPay refuses the
// same request a second time (REAUTHORIZE_REJECTED, class [State]). After a time-out,
// or another error of class [Unknown], look the order up.
func (c *Client) Reauthorize(ctx context.Context, r ReauthorizeRequest) (Consent[Reauthorization], error) {
	e := endpoint{
		op: OpReauthorize, method: http.MethodPost, path: "/v2/payments/reauthorize", limit: 30 * time.Second,
		takes: ConfirmationRequired,
	}
	none := Consent[Reauthorization]{}
	r.RequestedAt = orNow(r.RequestedAt)
	if err := cmp.Or(
		checkLongID("requestId", r.RequestID, 255),
		checkID("paymentId", r.PaymentID),
		r.UpdatedAmount.check(),
		checkEpoch("requestedAt", r.RequestedAt),
		checkText("merchantComment", r.MerchantComment),
		checkText("redirectUrl", r.RedirectURL),
		checkText("redirectType", string(r.RedirectType)),
		checkText("userAgent", r.UserAgent),
	); err != nil {
		return none, e.wrong(err)
	}
	a, err := c.do(ctx, e, r)
	if err != nil {
		return none, err
	}
	if a.info.Code == ConfirmationRequired {
		page, err := decodeData[ConsentPage](a)
		if err != nil {
			return none, e.unbelievable(a, err)
		}
		page.RequestID = a.requestID
		return Consent[Reauthorization]{page: page}, nil
	}
	v, err := decodeData[Reauthorization](a)
	if err != nil {
		return none, e.unbelievable(a, err)
	}
	switch {
	case v.ReauthorizeID != r.RequestID:
		return none, e.unbelievable(a, mismatch("another requestId"))
	case v.PaymentID != r.PaymentID:
		return none, e.unbelievable(a, mismatch("another paymentId"))
	case v.UpdatedAmount != r.UpdatedAmount:
		return none, e.unbelievable(a, mismatch("another amount or currency"))
	}
	if err := checkEpochs(v.RequestedAt, v.AcceptedAt, v.ExpiresAt); err != nil {
		return none, e.unbelievable(a, err)
	}
	v.RequestID = a.requestID
	return Consent[Reauthorization]{done: &v}, nil
}
