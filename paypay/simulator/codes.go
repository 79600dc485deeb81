package simulator

import (
	"cmp"
	"encoding/json"
	"math"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// createRequest is the body of a create, checked.
type createRequest struct {
	merchantPaymentID   string
	userAuthorizationID *string // nil for a code
	amount              int64
	orderDescription    *string
	orderReceiptNumber  *string
	orderItems          json.RawMessage
	productType         *string
	storeInfo           *string
	storeID             *string
	terminalID          *string
	redirectURL         *string
	redirectType        *string
	requestedAt         *int64
	isAuthorization     bool // the amount is held and captured later
	authorizationExpiry *int64
}

// parseCreate reads the body of a create. Fields that PayPay has removed are
// refused like unknown ones.
func (s *Simulator) parseCreate(q request, now time.Time) (createRequest, *answer) {
	f, refused := s.parseBody(q)
	if refused != nil {
		return createRequest{}, refused
	}
	c := createRequest{
		merchantPaymentID: f.id("merchantPaymentId", s.badID),
		amount:            f.money("amount"),
		orderDescription:  f.text("orderDescription"),
		storeInfo:         f.text("storeInfo"),
		storeID:           f.text("storeId"),
		terminalID:        f.text("terminalId"),
		redirectURL:       f.text("redirectUrl"),
		redirectType:      f.redirectType("redirectType", "WEBVIEW_IN_PAYPAY"),
		orderItems:        f.items("orderItems"), // obsolete, and still taken
		productType:       f.product(s.cfg.ProductTypes),
	}
	f.constant("codeType", "ORDER_QR")
	f.text("userAgent")
	if a := f.text("ipAddress"); a != nil {
		if ip, err := netip.ParseAddr(*a); err != nil || ip.Zone() != "" {
			f.refuse(invalidParams("ipAddress: is not an address"))
		}
	}
	if f.has("requestedAt") {
		c.requestedAt = new(f.requestedAt(now))
	}
	if c.isAuthorization = f.flag("isAuthorization"); c.isAuthorization {
		f.refuse(s.needsCapture())
		c.authorizationExpiry = s.holdEnd(f, "authorizationExpiry", now)
	}
	return c, f.done()
}

// needsCapture is why the merchant cannot hold money, or nil.
func (s *Simulator) needsCapture() *answer {
	switch s.cfg.Capture {
	case CaptureAllowed:
		return nil
	case CaptureUnsupported400:
		return refuse(http.StatusBadRequest, "PRE_AUTH_CAPTURE_UNSUPPORTED_MERCHANT", "00400060", "the merchant cannot hold money")
	case CaptureOutOfScope401:
	}
	return refuse(http.StatusUnauthorized, "OP_OUT_OF_SCOPE", "08100023", "isAuthorization needs the capture contract")
}

// holdEnd reads when a hold is to end, which may be left out.
func (s *Simulator) holdEnd(f *fields, name string, now time.Time) *int64 {
	if !f.has(name) {
		return nil
	}
	at := f.integer(name, 0, math.MaxInt64)
	if f.refused == nil && (at <= now.Unix() || at > now.Add(s.cfg.AuthorizationLimit).Unix()) {
		f.refuse(refuse(http.StatusBadRequest, "PRE_AUTH_CAPTURE_INVALID_EXPIRY_DATE", "00400061", name+": is not within the contract"))
	}
	return &at
}

// createCode makes a code (Create a QR Code).
func (s *Simulator) createCode(q request, _ Fault, now time.Time) *answer {
	c, refused := s.parseCreate(q, now)
	if refused != nil {
		return refused
	}
	if s.payments[c.merchantPaymentID] != nil {
		return refuse(http.StatusBadRequest, "DUPLICATE_DYNAMIC_QR_REQUEST", "01652073", "the merchantPaymentId was used before")
	}
	p := s.addCode(c, s.publicURL(q.http), now)
	return success(http.StatusCreated, &codeData{
		CodeID:            p.codeID,
		URL:               p.url,
		Deeplink:          "paypay://payment?link_key=" + url.QueryEscape(p.url),
		ExpiryDate:        p.expiresAt.Unix(),
		MerchantPaymentID: p.merchantPaymentID,
		Amount:            money{p.amount, "JPY"},
		OrderDescription:  p.orderDescription,
		CodeType:          "ORDER_QR",
		OrderItems:        codeItems(p.orderItems),
		ProductType:       p.productType,
		StoreInfo:         p.storeInfo,
		StoreID:           p.storeID,
		TerminalID:        p.terminalID,
		RequestedAt:       p.requestedAt,
		RedirectURL:       p.redirectURL,
		RedirectType:      p.redirectType,

		IsAuthorization:     p.isAuthorization,
		AuthorizationExpiry: p.authorizationExpiry,
	})
}

// codeItems are items as the answer to a create has them, which spells the price
// in another way than everything else.
func codeItems(items json.RawMessage) []map[string]json.RawMessage {
	var each []map[string]json.RawMessage
	if json.Unmarshal(items, &each) != nil {
		return nil // none were sent
	}
	for _, item := range each {
		item["unit_price"] = item["unitPrice"]
		delete(item, "unitPrice")
	}
	return each
}

// addCode puts a code into the books, and arranges its end.
func (s *Simulator) addCode(c createRequest, base string, now time.Time) *payment {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	p := s.add(c, now)
	p.made = OpCreateCode
	p.codeID = "04-" + pick(s.derive("code", c.merchantPaymentID), letters, 16)
	p.expiresAt = time.Unix(now.Add(s.cfg.CodeLifetime).Unix(), 0)
	p.url = base + "/pay/" + p.codeID
	s.codes[p.codeID] = p
	s.agenda.add(p.expiresAt, func(time.Time) { p.expire() })
	return p
}

// add puts an order into the books.
func (s *Simulator) add(c createRequest, now time.Time) *payment {
	p := &payment{
		createRequest: c,
		// It begins with a zero, so that who reads it as a number is found out.
		paymentID:  "04" + pick(s.derive("payment", c.merchantPaymentID), "0123456789", 18),
		createdAt:  now,
		cancelWait: s.waiting[c.merchantPaymentID],
		captureIDs: map[string]bool{},
		changes:    map[string]bool{},
	}
	s.become(p, StatusCreated, now)
	delete(s.waiting, c.merchantPaymentID)
	s.payments[c.merchantPaymentID] = p
	s.numbers[p.paymentID] = p
	s.order = append(s.order, p)
	return p
}

// deleteCode shuts a code (Delete a QR Code).
func (s *Simulator) deleteCode(q request, f Fault, now time.Time) *answer {
	if !plainID(q.id) {
		return s.badID("codeId: must be 1 to 64 of a-z A-Z 0-9 - _")
	}
	notFound := refuse(http.StatusNotFound, "DYNAMIC_QR_NOT_FOUND", "01652072", "the code does not exist, or no longer")
	p := s.codes[q.id]
	switch {
	case p == nil:
		return notFound
	case (p.status == StatusCompleted || p.status == StatusAuthorized) && s.cfg.PaidDelete == AlreadyPaid400:
		return refuse(http.StatusBadRequest, "DYNAMIC_QR_ALREADY_PAID", "01652074", "the code was paid")
	case !p.payable() || p.deleted:
		return notFound
	}
	if f.Kind == PayDuring {
		p.scanned = true
	}
	p.deleted = true
	if s.cfg.DeleteRace == DeleteWins {
		p.scanned = false
	}
	if f.Kind == PayDuring && p.payable() {
		_ = s.pay(p, s.wallets[0], now) // a code's payment fails or succeeds
	}
	return success(http.StatusOK, &deletedData{"DELETED"})
}

// codePayment tells what became of a code (Get Code Payment Details).
func (s *Simulator) codePayment(q request, _ Fault, now time.Time) *answer {
	if !plainID(q.id) {
		return s.badID("merchantPaymentId: must be 1 to 64 of a-z A-Z 0-9 - _")
	}
	p := s.payments[q.id]
	if p == nil || p.codeID == "" || p.status == StatusCreated && !p.payable() && s.cfg.GoneAnswer != Created200 {
		return s.noCodePayment()
	}
	if p.tried() && tooOld(p, now) {
		return noLongerAvailable()
	}
	return success(http.StatusOK, p.data())
}

func (s *Simulator) noCodePayment() *answer {
	status := http.StatusBadRequest
	if s.cfg.GoneAnswer == NotFound404 {
		status = http.StatusNotFound
	}
	return refuse(status, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075", "there is no payment, and none can follow")
}

// paymentDetails tells of a payment, but not of a code that nobody has paid
// (Get Payment Details).
func (s *Simulator) paymentDetails(q request, _ Fault, now time.Time) *answer {
	if !plainID(q.id) {
		return invalidParams("merchantPaymentId: must be 1 to 64 of a-z A-Z 0-9 - _")
	}
	p := s.payments[q.id]
	if p == nil || !p.tried() {
		return noPayment()
	}
	if tooOld(p, now) {
		return noLongerAvailable()
	}
	return success(http.StatusOK, p.data())
}

func noPayment() *answer {
	return refuse(http.StatusNotFound, "RESOURCE_NOT_FOUND", "00200001", "there is no payment by this id")
}

// publicURL is where customers find the pages.
func (s *Simulator) publicURL(r *http.Request) string {
	if s.cfg.PublicURL != "" {
		return s.cfg.PublicURL
	}
	host := cmp.Or(r.Host, r.URL.Host)
	if !plainHost(host) {
		host = "localhost" // it goes onto a screen and into a code
	}
	return "http://" + host
}

// plainHost reports whether a host is a name or an address, with a port or not.
func plainHost(host string) bool {
	return host != "" && len(host) <= 255 && strings.Trim(host,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-:[]") == ""
}
