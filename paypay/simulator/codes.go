package simulator

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// lateCreate is a create that was never answered and has yet to take effect.
type lateCreate struct {
	due     time.Time
	request createRequest
	base    string
}

// createCode makes a code (Create a QR Code).
func (s *Simulator) createCode(q request, f Fault, now time.Time) *answer {
	if !jsonContent(q.http.Header.Get("Content-Type")) {
		return invalidParams("the content type must be application/json in UTF-8")
	}
	c, refused := parseCreate(q.body, now)
	if refused != nil {
		return refused
	}
	if s.payments[c.merchantPaymentID] != nil {
		return refuse(http.StatusBadRequest, "DUPLICATE_DYNAMIC_QR_REQUEST", "01652073", "the merchantPaymentId was used before")
	}
	base := s.publicURL(q.http)
	if f.Kind == LateCreate {
		s.late = append(s.late, lateCreate{now.Add(f.Delay), c, base})
		return success(http.StatusCreated, nil)
	}
	p := s.add(c, base, now)
	return success(http.StatusCreated, &codeData{
		CodeID:            p.codeID,
		URL:               p.url,
		Deeplink:          "paypay://payment?link_key=" + url.QueryEscape(p.url),
		ExpiryDate:        p.expiresAt.Unix(),
		MerchantPaymentID: p.merchantPaymentID,
		Amount:            money{p.amount, "JPY"},
		OrderDescription:  p.orderDescription,
		CodeType:          "ORDER_QR",
		StoreInfo:         p.storeInfo,
		StoreID:           p.storeID,
		TerminalID:        p.terminalID,
		RequestedAt:       p.requestedAt,
		RedirectURL:       p.redirectURL,
		RedirectType:      p.redirectType,
	})
}

// add puts a code into the books.
func (s *Simulator) add(c createRequest, base string, now time.Time) *payment {
	const digits = "0123456789"
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" + digits
	p := &payment{
		createRequest: c,
		codeID:        "04-" + pick(s.derive("code", c.merchantPaymentID), letters, 16),
		// It begins with a zero, so that who reads it as a number is found out.
		paymentID:  "04" + pick(s.derive("payment", c.merchantPaymentID), digits, 18),
		createdAt:  now,
		expiresAt:  time.Unix(now.Add(s.cfg.CodeLifetime).Unix(), 0),
		status:     StatusCreated,
		cancelWait: s.waiting[c.merchantPaymentID],
	}
	p.url = base + "/pay/" + p.codeID
	delete(s.waiting, c.merchantPaymentID)
	s.payments[c.merchantPaymentID] = p
	s.codes[p.codeID] = p
	s.order = append(s.order, p)
	return p
}

// settleLate lets the creates take effect that were held back until now. Of two
// with one id the first wins, as it does when they arrive in time.
func (s *Simulator) settleLate(now time.Time) {
	if len(s.late) == 0 {
		return
	}
	slices.SortStableFunc(s.late, func(a, b lateCreate) int { return a.due.Compare(b.due) })
	for len(s.late) > 0 && !now.Before(s.late[0].due) {
		l := s.late[0]
		s.late = s.late[1:]
		if s.payments[l.request.merchantPaymentID] == nil {
			s.add(l.request, l.base, l.due)
		}
	}
}

// deleteCode shuts a code (Delete a QR Code).
func (s *Simulator) deleteCode(codeID string, f Fault, now time.Time) *answer {
	if !plainID(codeID) {
		return badCodeRequest("codeId: must be 1 to 64 of a-z A-Z 0-9 - _")
	}
	notFound := refuse(http.StatusNotFound, "DYNAMIC_QR_NOT_FOUND", "01652072", "the code does not exist, or no longer")
	p := s.find(s.codes, codeID, now)
	switch {
	case p == nil:
		return notFound
	case p.status == StatusCompleted && s.cfg.PaidDelete == AlreadyPaid400:
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
		s.take(p, now)
	}
	return success(http.StatusOK, &deletedData{"DELETED"})
}

// codePayment tells what became of a code (Get Code Payment Details).
func (s *Simulator) codePayment(merchantPaymentID string, now time.Time) *answer {
	if !plainID(merchantPaymentID) {
		return badCodeRequest("merchantPaymentId: must be 1 to 64 of a-z A-Z 0-9 - _")
	}
	p := s.find(s.payments, merchantPaymentID, now)
	if p == nil || p.status == StatusCreated && !p.payable() && s.cfg.GoneAnswer != Created200 {
		status := http.StatusBadRequest
		if s.cfg.GoneAnswer == NotFound404 {
			status = http.StatusNotFound
		}
		return refuse(status, "DYNAMIC_QR_PAYMENT_NOT_FOUND", "01652075", "there is no payment, and none can follow")
	}
	return success(http.StatusOK, p.data())
}

// paymentDetails tells of a payment, but not of a code that nobody has paid
// (Get Payment Details).
func (s *Simulator) paymentDetails(merchantPaymentID string, now time.Time) *answer {
	if !plainID(merchantPaymentID) {
		return invalidParams("merchantPaymentId: must be 1 to 64 of a-z A-Z 0-9 - _")
	}
	p := s.find(s.payments, merchantPaymentID, now)
	if p == nil || p.status == StatusCreated {
		return noPayment()
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
