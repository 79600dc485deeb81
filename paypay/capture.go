package paypay

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"
)

// CaptureRequest asks PayPay to take an amount that is held.
type CaptureRequest struct {
	MerchantPaymentID string `json:"merchantPaymentId"`
	Amount            Money  `json:"amount"`      // up to what is held, or with the customer's approval more
	RequestedAt       int64  `json:"requestedAt"` // epoch seconds; 0 is now
	OrderDescription  string `json:"orderDescription"`

	// NewID makes the id of each try: 1 to 64 of a-z A-Z 0-9 - _, and never the
	// same twice. PayPay wants another one for each try and still captures an
	// order only once, so write down each before it is returned.
	NewID func() string `json:"-"`
}

// CaptureStatus is how far a capture has come. New values are kept as they came.
type CaptureStatus string

// The states of a capture.
const (
	CaptureRequested CaptureStatus = "USER_REQUESTED" // the customer has yet to approve
	CaptureCompleted CaptureStatus = "COMPLETED"
)

// Capture is one capture in a [Payment].
type Capture struct {
	AcceptedAt        int64         `json:"acceptedAt"` // epoch seconds; 0 before it is completed
	MerchantCaptureID string        `json:"merchantCaptureId"`
	Amount            Money         `json:"amount"`
	OrderDescription  string        `json:"orderDescription"`
	RequestedAt       int64         `json:"requestedAt"` // epoch seconds
	ExpiresAt         int64         `json:"expiresAt"`   // epoch seconds, until when the customer may approve; 0 when there is nothing to
	Status            CaptureStatus `json:"status"`
}

// Capture takes an amount that is held (Capture a Payment Authorization, time
// limit 30 s).
//
// Up to the amount held it is done at once, and the rest is released. For more
// than that, even 1 yen, PayPay asks the customer for 6 hours: the result then
// waits, and Payment or CodePayment tells how that ended. The order stays
// [StatusAuthorized] if the customer does not approve.
//
// After a time-out nobody knows whether it was done, and it is repeated under a new
// id of r.NewID, as PayPay asks. [AlreadyCaptured], class [State], then says that an
// earlier try worked; look the order up. Do the same after an error of class
// [Unknown] before capturing again.
func (c *Client) Capture(ctx context.Context, r CaptureRequest) (Consent[Payment], error) {
	e := endpoint{
		op: OpCapture, method: http.MethodPost, path: "/v2/payments/capture", limit: 30 * time.Second,
		takes: ConfirmationRequired, repeatable: true,
	}
	r.RequestedAt = orNow(r.RequestedAt)
	if err := r.check(); err != nil {
		return Consent[Payment]{}, e.wrong(err)
	}
	var ids []string
	e.fresh = func() (any, error) {
		id := r.NewID()
		if slices.Contains(ids, id) {
			return nil, errors.New("merchantCaptureId is the same as that of an earlier try")
		}
		ids = append(ids, id)
		return struct {
			CaptureRequest
			MerchantCaptureID string `json:"merchantCaptureId"`
		}{r, id}, checkID("merchantCaptureId", id)
	}
	p, a, err := call[Payment](ctx, c, e, nil)
	if err != nil {
		return Consent[Payment]{}, err
	}
	if a.info.Code == ConfirmationRequired {
		return Consent[Payment]{page: ConsentPage{RequestID: a.requestID}}, nil
	}
	if err := p.checkCapture(r, ids[len(ids)-1]); err != nil {
		return Consent[Payment]{}, e.unbelievable(a, err)
	}
	p.RequestID, p.Raw = a.requestID, compact(a.data)
	return Consent[Payment]{done: &p}, nil
}

func (r CaptureRequest) check() error {
	switch {
	case r.NewID == nil:
		return errors.New("nothing makes the merchantCaptureId")
	case r.OrderDescription == "":
		return errors.New("no orderDescription") // the one text that PayPay requires
	}
	return cmp.Or(
		checkID("merchantPaymentId", r.MerchantPaymentID),
		r.Amount.check(),
		checkText("orderDescription", r.OrderDescription),
		checkEpoch("requestedAt", r.RequestedAt),
	)
}

// checkCapture refuses an answer that says done and speaks of something else.
func (p Payment) checkCapture(r CaptureRequest, id string) error {
	if err := p.checkAgainst(r.MerchantPaymentID); err != nil {
		return err
	}
	if p.Status != StatusCompleted {
		return mismatch("not completed")
	}
	if len(p.Captures.Data) == 0 {
		return nil
	}
	for _, done := range p.Captures.Data {
		if done.MerchantCaptureID != id {
			continue
		}
		if done.Amount != r.Amount {
			return mismatch("another amount or currency")
		}
		return nil
	}
	return mismatch("another merchantCaptureId")
}

// RevertRequest asks PayPay to release an amount that is held.
type RevertRequest struct {
	MerchantRevertID string `json:"merchantRevertId"` // our id of this: 1 to 64 of a-z A-Z 0-9 - _
	PaymentID        string `json:"paymentId"`        // PayPay's number of the payment, never our id
	RequestedAt      int64  `json:"requestedAt"`      // epoch seconds; 0 is now
	Reason           string `json:"reason,omitempty"` // at most 255 characters
}

// Revert is the release of an amount that was held.
type Revert struct {
	Status           Status `json:"status"` // StatusCanceled
	AcceptedAt       int64  `json:"acceptedAt"`
	MerchantRevertID string `json:"merchantRevertId"`
	PaymentID        string `json:"paymentId"`
	RequestedAt      int64  `json:"requestedAt"` // epoch seconds
	Reason           string `json:"reason"`

	RequestID string `json:"-"` // X-REQUEST-ID of the answer
}

// Revert releases the whole of an amount that is held, and the customer is told
// so (Revert a Payment Authorization, time limit 30 s).
//
// It is not repeated after an outcome that is not known. After a time-out, or
// another error of class [Unknown], look the order up: [StatusCanceled] says that it was released, and while it is
// [StatusAuthorized] Revert may be called again. An order in another state is
// refused with class [State].
func (c *Client) Revert(ctx context.Context, r RevertRequest) (Revert, error) {
	e := endpoint{op: OpRevert, method: http.MethodPost, path: "/v2/payments/preauthorize/revert", limit: 30 * time.Second}
	r.RequestedAt = orNow(r.RequestedAt)
	if err := cmp.Or(
		checkID("merchantRevertId", r.MerchantRevertID),
		checkID("paymentId", r.PaymentID),
		checkEpoch("requestedAt", r.RequestedAt),
		checkText("reason", r.Reason),
	); err != nil {
		return Revert{}, e.wrong(err)
	}
	v, a, err := call[Revert](ctx, c, e, r)
	if err != nil {
		return Revert{}, err
	}
	switch {
	case v.PaymentID != r.PaymentID:
		return Revert{}, e.unbelievable(a, mismatch("another paymentId"))
	case v.MerchantRevertID != "" && v.MerchantRevertID != r.MerchantRevertID:
		return Revert{}, e.unbelievable(a, mismatch("another merchantRevertId"))
	case v.Status != StatusCanceled:
		return Revert{}, e.unbelievable(a, mismatch("not released"))
	}
	if err := checkEpochs(v.AcceptedAt, v.RequestedAt); err != nil {
		return Revert{}, e.unbelievable(a, err)
	}
	v.RequestID = a.requestID
	return v, nil
}
