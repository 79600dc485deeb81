package simulator

import (
	"fmt"
	"net/http"
	"slices"
)

// Means is what a customer can pay with besides the balance.
type Means struct {
	ID     string `json:"id"`     // 1 to 64 of a-z A-Z 0-9 - _, and not "wallet"
	Type   string `json:"type"`   // GIFT_VOUCHER, POINT, CREDIT_CARD or PAY_LATER_CC
	Yen    int64  `json:"yen"`    // that can be paid with it
	Status string `json:"status"` // as PayPay names it, such as EXPIRED; ACTIVATED if empty
}

// The types of means, as PayPay names them.
const (
	balanceType = "WALLET"
	voucherType = "GIFT_VOUCHER"
	pointType   = "POINT"
	cardType    = "CREDIT_CARD"
	laterType   = "PAY_LATER_CC"
)

// walletMethod is the id of a customer's wallet as a means to pay.
const walletMethod = "wallet"

// words name what a customer pays with.
func (p part) words() words {
	switch p.method().Type {
	case voucherType:
		return words{"商品券", "Gift voucher"}
	case pointType:
		return words{"ポイント", "Points"}
	case cardType:
		return words{"クレジットカード", "Credit card"}
	case laterType:
		return words{"PayPayクレジット", "PayPay credit"}
	}
	return words{"残高", "Balance"}
}

// usable is the status of means that can be paid with.
const usable = "ACTIVATED"

var (
	meansTypes    = []string{voucherType, pointType, cardType, laterType}
	meansStatuses = []string{usable, "MAINTENANCE", "OFF", "APPLYING", "SUSPENDED", "EXPIRED"}
)

func (m Means) check() error {
	switch {
	case !plainID(m.ID) || m.ID == walletMethod:
		return fmt.Errorf("id: must be 1 to 64 of a-z A-Z 0-9 - _ and not %s", walletMethod)
	case !slices.Contains(meansTypes, m.Type):
		return fmt.Errorf("type: must be one of %v", meansTypes)
	case m.Yen < 0 || m.Yen > maxMoney:
		return fmt.Errorf("yen: must be from 0 to %d", int64(maxMoney))
	case m.Status != "" && !slices.Contains(meansStatuses, m.Status):
		return fmt.Errorf("status: must be one of %v", meansStatuses)
	}
	return nil
}

// part is yen of a payment that came from one means; nil is the balance.
type part struct {
	from *Means
	yen  int64
}

func (p part) method() paymentMethod {
	m := paymentMethod{Amount: money{p.yen, "JPY"}, Type: balanceType}
	if p.from != nil {
		m.Type = p.from.Type
	}
	if m.Type == pointType {
		m.Breakdown = &breakdown{[]points{{p.yen, "REGULAR"}}}
	}
	return m
}

// methods are parts as the details tell them.
func methods(parts []part) []paymentMethod {
	var all []paymentMethod
	for _, p := range parts {
		all = append(all, p.method())
	}
	return all
}

// byID finds one of a customer's means; nil is the wallet.
func (w *wallet) byID(id string) (m *Means, ok bool) {
	if id == "" || id == walletMethod {
		return nil, true
	}
	i := slices.IndexFunc(w.means, func(m *Means) bool { return m.ID == id })
	if i < 0 {
		return nil, false
	}
	return w.means[i], true
}

// choose finds the means that a shop asks for, by type, id or both.
func (w *wallet) choose(kind, id *string) (*Means, *answer) {
	if kind != nil && *kind != balanceType && !slices.Contains(meansTypes, *kind) {
		return nil, refuse(http.StatusBadRequest, "UNSUPPORTED_PAYMENT_METHOD", "", "the customer cannot pay by this method")
	}
	if id != nil {
		m, ok := w.byID(*id)
		if !ok || kind != nil && *kind != (part{from: m}).method().Type {
			return nil, refuse(http.StatusNotFound, "PAYMENT_METHOD_NOT_FOUND", "", "the customer has no such method")
		}
		return m, nil
	}
	if kind == nil || *kind == balanceType {
		return nil, nil
	}
	for _, m := range w.means {
		if m.Type == *kind {
			return m, nil
		}
	}
	return nil, refuse(http.StatusNotFound, "NO_VALID_PAYMENT_METHOD", "", "the customer has no method of this type")
}

// plan is what so many yen would be paid with. Where nothing was chosen, gift
// vouchers go first, then points, and the balance pays the rest.
func (w *wallet) plan(chosen *Means, yen int64) ([]part, limit) {
	if chosen != nil {
		switch {
		case chosen.Status != usable && chosen.Status == "EXPIRED" && chosen.Type == laterType:
			return nil, laterExpired
		case chosen.Status != usable:
			return nil, invalidated
		case yen <= chosen.Yen:
			return []part{{chosen, yen}}, withinLimits
		case chosen.Type == cardType:
			return nil, overCard
		case chosen.Type == laterType:
			return nil, overLater
		}
		return nil, overBalance
	}
	var parts []part
	for _, kind := range []string{voucherType, pointType} {
		for _, m := range w.means {
			if n := min(yen, m.Yen); m.Type == kind && m.Status == usable && n > 0 {
				parts = append(parts, part{m, n})
				yen -= n
			}
		}
	}
	if yen > w.balance {
		return nil, overBalance
	}
	if yen > 0 {
		parts = append(parts, part{nil, yen})
	}
	return parts, withinLimits
}

// move adds yen to one of the customer's means, or takes them when negative.
func (w *wallet) move(m *Means, yen int64) {
	if m == nil {
		w.balance += yen
	} else {
		m.Yen += yen
	}
}

// last are the last yen of parts, the newest first, after some that are left out.
func last(parts []part, yen, after int64) []part {
	var out []part
	for _, p := range slices.Backward(parts) {
		n := min(after, p.yen)
		after -= n
		if n = min(yen, p.yen-n); n > 0 {
			out = append(out, part{p.from, n})
			yen -= n
		}
	}
	return out
}

// first are the first yen of parts.
func first(parts []part, yen int64) []part {
	var out []part
	for _, p := range parts {
		if n := min(yen, p.yen); n > 0 {
			out = append(out, part{p.from, n})
			yen -= n
		}
	}
	return out
}

// credit reports whether a payment was made on credit.
func (p *payment) credit() bool {
	return slices.ContainsFunc(p.parts, func(t part) bool {
		return t.from != nil && (t.from.Type == cardType || t.from.Type == laterType)
	})
}

// AddCustomer adds a customer. The error names the field that cannot be used.
func (s *Simulator) AddCustomer(c Customer) error {
	s.lock()
	defer s.mu.Unlock()
	if err := c.check(); err != nil {
		return fmt.Errorf("simulator: customer: %w", err)
	}
	if s.wallet(c.ID) != nil {
		return fmt.Errorf("simulator: customer: id: %s is there already", c.ID)
	}
	s.wallets = append(s.wallets, newWallet(c))
	return nil
}

// PayWith chooses what a customer pays with from now on, codes and what is
// pending: one of [Customer.Means], or the wallet, which is "wallet" or empty and
// in which gift vouchers go first, then points, then the balance. The error is
// [ErrUnknownCustomer] or [ErrUnknownMeans].
func (s *Simulator) PayWith(customerID, meansID string) error {
	s.lock()
	defer s.mu.Unlock()
	w := s.wallet(customerID)
	if w == nil {
		return fmt.Errorf("simulator: means: %w", ErrUnknownCustomer)
	}
	m, ok := w.byID(meansID)
	if !ok {
		return fmt.Errorf("simulator: means: %w", ErrUnknownMeans)
	}
	w.chosen = m
	return nil
}
