package pos

import "fmt"

// Rate is a consumption tax rate by the name the law gives it.
type Rate string

// The rates. Prices contain the tax already.
const (
	Standard Rate = "standard" // 10 %
	Reduced  Rate = "reduced"  // 8 %: food and drink to take home, newspapers by subscription
	Exempt   Rate = "exempt"   // no consumption tax: gift vouchers
)

// Rates are all rates in the order they stand on a receipt.
func Rates() []Rate { return []Rate{Standard, Reduced, Exempt} }

// Percent is the rate in percent, or ErrRate for a name that is none.
func (r Rate) Percent() (int64, error) {
	switch r {
	case Standard:
		return 10, nil
	case Reduced:
		return 8, nil
	case Exempt:
		return 0, nil
	}
	return 0, fmt.Errorf("tax rate %q: %w", Clean(string(r), 20), ErrRate)
}

// RateTotal is what was sold at one rate.
type RateTotal struct {
	Rate  Rate `json:"rate"`
	Total Yen  `json:"total"` // tax included
	Tax   Yen  `json:"tax"`   // the tax inside Total
}

// Totals are the sums of an order.
type Totals struct {
	Total Yen         `json:"total"` // what the customer pays, tax included
	Count int64       `json:"count"` // pieces
	Rates []RateTotal `json:"rates"` // only rates that occur, in the order of Rates
}

// includedTax is the tax inside a tax-included amount, rounded down: the law
// allows one rounding for each rate on a receipt, so this is called once for
// a rate's total and never for a line.
func includedTax(total Yen, percent int64) Yen {
	return Yen(int64(total) * percent / (100 + percent))
}
