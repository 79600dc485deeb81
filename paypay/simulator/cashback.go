package simulator

import (
	"fmt"
	"net/http"
	"time"
)

// cashbackDelay is from an accepted cashback or reversal to its end.
const cashbackDelay = time.Second

// cashback is money that the merchant gives to a customer.
type cashback struct {
	id          string // PayPay's
	merchantID  string
	user        *authorization
	amount      int64
	requestedAt int64
	description *string
	walletType  *string
	expiryDate  *string
	status      string
	acceptedAt  time.Time
	taken       int64 // back by reversals, with those that are under way
	reversals   map[string]*reversal
	notEnough   bool
}

// reversal takes a cashback back.
type reversal struct {
	id          string // PayPay's
	merchantID  string
	amount      int64
	requestedAt int64
	reason      *string
	status      string
	acceptedAt  time.Time
}

// giveCashback accepts a cashback (Give Cashback). Whether the merchant's budget
// is enough is found out later.
func (s *Simulator) giveCashback(q request, _ Fault, now time.Time) *answer {
	f, refused := s.parseBody(q)
	if refused != nil {
		return refused
	}
	user := f.someText("userAuthorizationId")
	c := &cashback{
		merchantID:  f.id("merchantCashbackId", invalidParams),
		amount:      f.money("amount"),
		requestedAt: f.requestedAt(now),
		description: f.text("orderDescription"),
		walletType:  f.text("walletType"),
		expiryDate:  f.text("expiryDate"),
		status:      "ACCEPTED", reversals: map[string]*reversal{},
	}
	if t := c.walletType; t != nil && *t != "PREPAID" && *t != "CASHBACK" {
		f.refuse(invalidParams("walletType: is unknown"))
	}
	if e := c.expiryDate; e != nil {
		if _, err := time.Parse(time.DateOnly, *e); err != nil {
			f.refuse(invalidParams("expiryDate: must be YYYY-MM-DD"))
		}
	}
	if refused := f.done(); refused != nil {
		return refused
	}
	if s.cashbacks[c.merchantID] != nil {
		return refuse(http.StatusBadRequest, "VALIDATION_FAILED_EXCEPTION", "", "the merchantCashbackId was used before")
	}
	a, refused := s.linked(user, "cashback", now)
	if refused != nil {
		return refused
	}
	if a.wallet.full(c.amount) {
		return refuse(http.StatusBadRequest, "BALANCE_OUT_OF_LIMIT", "", "the customer's wallet cannot take so much")
	}
	c.user, c.id = a, s.newID("cashback")
	s.cashbacks[c.merchantID] = c
	s.agenda.add(now.Add(cashbackDelay), func(at time.Time) {
		switch {
		case c.amount > s.budget:
			c.status, c.notEnough = "FAILURE", true
		case a.wallet.full(c.amount) || a.wallet.account != AccountActive:
			c.status = "FAILURE"
		default:
			s.budget -= c.amount
			a.wallet.balance += c.amount
			c.status, c.acceptedAt = "SUCCESS", at
			s.extend(a, at)
		}
	})
	return accepted()
}

// full reports whether a wallet cannot take so much more.
func (w *wallet) full(yen int64) bool { return w.MaxBalance > 0 && w.balance+yen > w.MaxBalance }

// cashbackDetails tells of a cashback (Check Cashback Details).
func (s *Simulator) cashbackDetails(q request, _ Fault, _ time.Time) *answer {
	c := s.cashbacks[q.id]
	if c == nil {
		return noTransaction()
	}
	a := success(http.StatusOK, &cashbackData{
		Status: c.status, AcceptedAt: epoch(c.acceptedAt), CashbackID: c.id, MerchantAlias: s.cfg.MerchantID,
		MerchantCashbackID: c.merchantID, UserAuthorizationID: c.user.id, Amount: money{c.amount, "JPY"},
		RequestedAt: c.requestedAt, OrderDescription: c.description, WalletType: c.walletType, ExpiryDate: c.expiryDate,
	})
	if c.notEnough {
		a.code, a.codeID, a.message = "NOT_ENOUGH_MONEY", "WAL_500017", "the merchant's budget is not enough"
	}
	return a
}

func noTransaction() *answer {
	return refuse(http.StatusBadRequest, "TRANSACTION_NOT_FOUND", "", "there is no such cashback")
}

// reverseCashback accepts to take a cashback back, or a part of it (Reverse
// Cashback). Whether the customer still has the money is found out later.
func (s *Simulator) reverseCashback(q request, _ Fault, now time.Time) *answer {
	f, refused := s.parseBody(q)
	if refused != nil {
		return refused
	}
	merchantCashbackID := f.id("merchantCashbackId", invalidParams)
	r := &reversal{
		merchantID:  f.id("merchantCashbackReversalId", invalidParams),
		amount:      f.money("amount"),
		requestedAt: f.requestedAt(now),
		reason:      f.text("reason"),
		status:      "ACCEPTED",
	}
	if refused := f.done(); refused != nil {
		return refused
	}
	c := s.cashbacks[merchantCashbackID]
	switch {
	case c == nil:
		return noTransaction()
	case c.reversals[r.merchantID] != nil:
		return refuse(http.StatusBadRequest, "VALIDATION_FAILED_EXCEPTION", "", "the merchantCashbackReversalId was used before")
	case c.status != "SUCCESS" || c.taken+r.amount > c.amount:
		return refuse(http.StatusBadRequest, "FAILURE", "", "there is not so much to take back")
	}
	r.id = s.newID("reversal")
	c.reversals[r.merchantID] = r
	c.taken += r.amount
	s.agenda.add(now.Add(cashbackDelay), func(at time.Time) {
		if w := c.user.wallet; r.amount <= w.balance {
			w.balance -= r.amount
			s.budget += r.amount
			r.status, r.acceptedAt = "SUCCESS", at
		} else {
			c.taken -= r.amount
			r.status = "FAILURE"
		}
	})
	return accepted()
}

// reversalDetails tells of a reversal (Check Cashback Reversal Details).
func (s *Simulator) reversalDetails(q request, _ Fault, _ time.Time) *answer {
	c := s.cashbacks[q.id2]
	if c == nil || c.reversals[q.id] == nil {
		return noTransaction()
	}
	r := c.reversals[q.id]
	return success(http.StatusOK, &reversalData{
		Status: r.status, AcceptedAt: epoch(r.acceptedAt), CashbackReversalID: r.id, MerchantAlias: s.cfg.MerchantID,
		MerchantCashbackReversalID: r.merchantID, MerchantCashbackID: c.merchantID,
		Amount: money{r.amount, "JPY"}, RequestedAt: r.requestedAt, Reason: r.reason,
	})
}

// expectedCashback tells in words what a payment would bring the customer, and
// changes nothing (Consult Expected Cashback). PayPay's documents of it could not
// be had: no scope is known that it needs, so that any link will do.
func (s *Simulator) expectedCashback(q request, _ Fault, now time.Time) *answer {
	say := "このお支払いで%d円相当が戻る予定です。"
	switch lang := q.http.Header.Values("Lang"); {
	case len(lang) == 0 || len(lang) == 1 && lang[0] == "JA":
	case len(lang) == 1 && lang[0] == "EN":
		say = "You would get %d yen back for this payment."
	default:
		return invalidParams("Lang: must be EN or JA")
	}
	f, refused := s.parseBody(q)
	if refused != nil {
		return refused
	}
	f.id("requestId", invalidParams)
	user := f.someText("userAuthorizationId")
	yen := f.money("amount")
	f.requestedAt(now)
	if f.has("merchantPaymentId") {
		f.id("merchantPaymentId", invalidParams)
	}
	f.text("storeId")
	f.items("orderItems")
	f.product(s.cfg.ProductTypes)
	if refused := f.done(); refused != nil {
		return refused
	}
	if _, refused := s.linked(user, "", now); refused != nil {
		return refused
	}
	return success(http.StatusOK, &expectedData{fmt.Sprintf(say, yen/cashbackShare)})
}

// cashbackShare is the part of a payment that comes back: one in so many yen.
const cashbackShare = 200

type expectedData struct {
	CampaignMessage string `json:"campaignMessage"`
}

// epoch is a time in seconds; 0 where there was none.
func epoch(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

type cashbackData struct {
	Status              string  `json:"status"`
	AcceptedAt          int64   `json:"acceptedAt"`
	MerchantAlias       string  `json:"merchantAlias"`
	CashbackID          string  `json:"cashbackId"`
	MerchantCashbackID  string  `json:"merchantCashbackId"`
	UserAuthorizationID string  `json:"userAuthorizationId"`
	Amount              money   `json:"amount"`
	RequestedAt         int64   `json:"requestedAt"`
	OrderDescription    *string `json:"orderDescription"`
	WalletType          *string `json:"walletType"`
	ExpiryDate          *string `json:"expiryDate"`
}

type reversalData struct {
	Status                     string  `json:"status"`
	AcceptedAt                 int64   `json:"acceptedAt"`
	MerchantAlias              string  `json:"merchantAlias"`
	CashbackReversalID         string  `json:"cashbackReversalId"`
	MerchantCashbackReversalID string  `json:"merchantCashbackReversalId"`
	MerchantCashbackID         string  `json:"merchantCashbackId"`
	Amount                     money   `json:"amount"`
	RequestedAt                int64   `json:"requestedAt"`
	Reason                     *string `json:"reason"`
}
