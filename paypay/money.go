package paypay

import "fmt"

// JPY is the one currency of the API.
const JPY = "JPY"

// maxAmount is the most that PayPay's 11 digits can say.
const maxAmount = 99_999_999_999 // yen

// Money is an amount on the wire: whole yen, as a JSON integer.
type Money struct {
	Amount   int64  `json:"amount"` // yen
	Currency string `json:"currency"`
}

// Yen is an amount of so many yen.
func Yen(amount int64) Money { return Money{Amount: amount, Currency: JPY} }

// isPart reports whether an answer may name an amount as a part of another: that of
// a refund, say. A part may be of nothing.
func (m Money) isPart() bool {
	return m.Amount >= 0 && m.Amount <= maxAmount && m.Currency == JPY
}

// check refuses an amount that nobody can be asked to pay.
func (m Money) check() error {
	if m.Amount <= 0 || m.Amount > maxAmount {
		return fmt.Errorf("amount %d is not from 1 to %d yen", m.Amount, int64(maxAmount))
	}
	if m.Currency != JPY {
		return fmt.Errorf("currency %.10q is not JPY", m.Currency)
	}
	return nil
}
