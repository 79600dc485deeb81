package paypay

// Consent is what became of a request that the customer may have to approve in
// the app. Nothing in it can be taken for done by mistake: what was done is only
// to be had from Done, which says so.
type Consent[T any] struct {
	done *T
	page ConsentPage
}

// ConsentPage is where a customer approves.
type ConsentPage struct {
	URL       string `json:"url"`       // "" when the app asks by itself
	ExpiresAt int64  `json:"expiresAt"` // epoch seconds; 0 when PayPay does not say

	RequestID string `json:"-"` // X-REQUEST-ID of the answer
}

// Done is what PayPay did, and false while it waits for the customer: then
// nothing has changed yet.
func (c Consent[T]) Done() (T, bool) {
	if c.done == nil {
		var none T
		return none, false
	}
	return *c.done, true
}

// Waits is where the customer approves, and false when no approval is needed any
// more. While it waits, look the order up until it says how that ended.
func (c Consent[T]) Waits() (ConsentPage, bool) {
	return c.page, c.done == nil
}
