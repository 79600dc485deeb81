package simulator

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

// maxMoney is the most that one purse can begin with, so that no sum of several
// overflows.
const maxMoney = 1_000_000_000_000_000

// Customer is somebody who pays. The first of [Config.Customers] scans the
// codes, unless another is named.
type Customer struct {
	ID           string `json:"id"`           // 1 to 64 of a-z A-Z 0-9 - _
	Phone        string `json:"phone"`        // digits; PayPay shows the last four
	Balance      int64  `json:"balance"`      // yen
	MaxBalance   int64  `json:"maxBalance"`   // yen the wallet can hold; 0 is any
	DailyLimit   int64  `json:"dailyLimit"`   // yen that may be paid in a day in Japan; 0 is any
	MonthlyLimit int64  `json:"monthlyLimit"` // yen that may be paid in a month in Japan; 0 is any

	Means []Means `json:"means,omitempty"` // besides the balance
}

// anyone is the customer of a simulator that was not told of any.
var anyone = Customer{ID: "customer", Phone: "08000001234", Balance: 1_000_000_000_000}

// Account is whether a customer can use PayPay.
type Account string

// The states of an account.
const (
	AccountActive    Account = "active"
	AccountSuspended Account = "suspended" // USER_STATE_IS_NOT_ACTIVE
	AccountClosed    Account = "closed"    // CANCELED_USER
)

// wallet is a customer's money.
type wallet struct {
	Customer

	account Account
	balance int64            // yen, without what is held
	means   []*Means         // likewise
	chosen  *Means           // what codes are paid with; nil is the wallet
	spent   map[string]int64 // yen by day and by month in Japan
}

func (c Customer) check() error {
	switch {
	case !plainID(c.ID):
		return errors.New("id: must be 1 to 64 of a-z A-Z 0-9 - _")
	case len(c.Phone) > 15 || !digits(c.Phone):
		return errors.New("phone: must be at most 15 digits")
	case c.Balance > maxMoney:
		return fmt.Errorf("balance: must be at most %d", int64(maxMoney))
	case c.Balance < 0 || c.MaxBalance < 0 || c.DailyLimit < 0 || c.MonthlyLimit < 0:
		return errors.New("yen must not be negative")
	case c.MaxBalance > 0 && c.Balance > c.MaxBalance:
		return errors.New("balance: must not be above maxBalance")
	}
	for i, m := range c.Means {
		if err := m.check(); err != nil {
			return fmt.Errorf("means[%d].%w", i, err)
		}
		if slices.ContainsFunc(c.Means[:i], func(other Means) bool { return other.ID == m.ID }) {
			return fmt.Errorf("means[%d].id: stands twice", i)
		}
	}
	return nil
}

func digits(text string) bool {
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

func newWallet(c Customer) *wallet {
	w := &wallet{Customer: c, account: AccountActive, balance: c.Balance, spent: map[string]int64{}}
	for _, m := range c.Means {
		m.Status = cmp.Or(m.Status, usable)
		w.means = append(w.means, &m)
	}
	return w
}

// addCustomers makes the wallets. The error names the customer.
func (s *Simulator) addCustomers(customers []Customer) error {
	for i, c := range customers {
		if err := c.check(); err != nil {
			return fmt.Errorf("simulator: Customers[%d].%w", i, err)
		}
		if s.wallet(c.ID) != nil {
			return fmt.Errorf("simulator: Customers[%d].id: stands twice", i)
		}
		s.wallets = append(s.wallets, newWallet(c))
	}
	return nil
}

// wallet finds a customer's wallet; an empty id is the first customer's.
func (s *Simulator) wallet(customerID string) *wallet {
	for _, w := range s.wallets {
		if w.ID == customerID || customerID == "" {
			return w
		}
	}
	return nil
}

// SetAccount changes whether a customer can use PayPay. The error is
// [ErrUnknownCustomer], or names an unknown state.
func (s *Simulator) SetAccount(customerID string, a Account) error {
	if a != AccountActive && a != AccountSuspended && a != AccountClosed {
		return fmt.Errorf("simulator: account: %q is unknown", a)
	}
	s.lock()
	defer s.mu.Unlock()
	w := s.wallet(customerID)
	if w == nil || customerID == "" {
		return fmt.Errorf("simulator: account: %w", ErrUnknownCustomer)
	}
	w.account = a
	return nil
}

// limit is why a wallet cannot pay so much more, or empty.
type limit string

const (
	notActive    limit = "USER_STATE_IS_NOT_ACTIVE"
	closed       limit = "CANCELED_USER"
	overPayment  limit = "LIMIT_EXCEEDED"
	overDay      limit = "USER_DEFINED_DAILY_LIMIT_EXCEEDED"
	overMonth    limit = "USER_DEFINED_MONTHLY_LIMIT_EXCEEDED"
	overBalance  limit = "NO_SUFFICIENT_FUND"
	overCard     limit = "CC_LIMIT_EXCEEDED"
	overLater    limit = "PPC_LIMIT_EXCEEDED"
	laterExpired limit = "PPC_EXPIRED"
	invalidated  limit = "PAY_METHOD_INVALIDATED"
	withinLimits limit = ""
)

// can checks a payment by chosen means that comes to total yen, of which more are
// new.
func (w *wallet) can(chosen *Means, total, more int64, at time.Time) limit {
	day, month := days(at)
	switch {
	case w.account == AccountClosed:
		return closed
	case w.account == AccountSuspended:
		return notActive
	case total > payLimit:
		return overPayment
	case w.DailyLimit > 0 && w.spent[day]+more > w.DailyLimit:
		return overDay
	case w.MonthlyLimit > 0 && w.spent[month]+more > w.MonthlyLimit:
		return overMonth
	}
	_, why := w.plan(chosen, more)
	return why
}

// days names a moment's day and month in Japan.
func days(at time.Time) (day, month string) {
	day = at.In(jst).Format(time.DateOnly)
	return day, day[:len("2006-01")]
}

// hold sets yen of the customer's aside for a payment, which [wallet.can] allows.
func (s *Simulator) hold(p *payment, yen int64, at time.Time) {
	day, month := days(at)
	p.wallet.spent[day] += yen
	p.wallet.spent[month] += yen
	parts, _ := p.wallet.plan(p.chosen, yen)
	for _, more := range parts {
		p.wallet.move(more.from, -more.yen)
		if n := len(p.parts); n > 0 && p.parts[n-1].from == more.from {
			p.parts[n-1].yen += more.yen
		} else {
			p.parts = append(p.parts, more)
		}
	}
	p.held += yen
	s.held += yen
}

// release gives held yen back to the customer, those held last first. A payment
// of which nothing is left still says what it was held with.
func (s *Simulator) release(p *payment, yen int64) {
	for _, t := range last(p.parts, yen, 0) {
		p.wallet.move(t.from, t.yen)
	}
	if yen < p.held {
		p.parts = first(p.parts, p.held-yen)
	}
	p.held -= yen
	s.held -= yen
}

// collect takes what is held into the merchant's hands.
func (s *Simulator) collect(p *payment) {
	s.held -= p.held
	s.taken += p.held
	p.held = 0
}

// giveBack returns yen that the merchant has to where they came from, and says
// where that was.
func (s *Simulator) giveBack(p *payment, yen int64) []part {
	parts := last(p.parts, yen, p.back)
	for _, t := range parts {
		p.wallet.move(t.from, t.yen)
	}
	p.back += yen
	s.taken -= yen
	return parts
}

// backToBalance is how much of a refund would go to the customer's balance.
func (p *payment) backToBalance(yen int64) int64 {
	sum := int64(0)
	for _, t := range last(p.parts, yen, p.amount-p.rest()) {
		if t.from == nil {
			sum += t.yen
		}
	}
	return sum
}
