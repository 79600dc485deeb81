package pos

import (
	"fmt"
	"math/bits"
	"slices"
	"time"
)

// Rate is a consumption tax rate by the name the law gives it.
type Rate string

// The rates.
const (
	Standard Rate = "standard"
	Reduced  Rate = "reduced" // food and drink to take home, newspapers by subscription
	Exempt   Rate = "exempt"  // no consumption tax: gift vouchers
)

// Rates are all rates in the order they stand on a receipt.
func Rates() []Rate { return []Rate{Standard, Reduced, Exempt} }

// check is ErrRate for a name that is none.
func (r Rate) check() error {
	if !slices.Contains(Rates(), r) {
		return fmt.Errorf("tax rate %q: %w", Clean(string(r), 20), ErrRate)
	}
	return nil
}

// Rounding is what becomes of a part of a yen in a tax. The law leaves it to
// the shop, and allows it once for each rate on a receipt.
type Rounding string

// The ways to round.
const (
	Down   Rounding = "down"
	HalfUp Rounding = "half-up"
	Up     Rounding = "up"
)

// Tax is how an order is taxed: the rates of its day, in percent, and the ways
// of the shop. It is kept with the order, so that a sale is taxed for ever as
// on the day it was made.
type Tax struct {
	Standard int64    `json:"standard"`
	Reduced  int64    `json:"reduced"`
	Excluded bool     `json:"excluded,omitempty"` // prices are without tax
	Rounding Rounding `json:"rounding"`
}

// JapanTax is the tax since October 2019, with prices that contain it and
// parts of a yen left out.
func JapanTax() Tax { return Tax{Standard: 10, Reduced: 8, Rounding: Down} }

// Percent is a rate in percent.
func (t Tax) Percent(r Rate) int64 {
	switch r {
	case Standard:
		return t.Standard
	case Reduced:
		return t.Reduced
	case Exempt:
	}
	return 0
}

func (t Tax) check() error {
	bad := t.Standard < 0 || t.Standard > 100 || t.Reduced < 0 || t.Reduced > 100
	if bad || t.Rounding != Down && t.Rounding != HalfUp && t.Rounding != Up {
		return fmt.Errorf("tax %+v: %w", t, ErrRate)
	}
	return nil
}

// on is an amount as the receipt has it, tax included, and the tax inside.
func (t Tax) on(amount Yen, r Rate) (total, tax Yen) {
	percent := t.Percent(r)
	if t.Excluded {
		tax = share(amount, percent, 100, t.Rounding)
		return amount + tax, tax
	}
	return amount, share(amount, percent, 100+percent, t.Rounding)
}

// share is amount * part / whole, rounded. The amount is not negative and the
// part is not more than the whole.
func share(amount Yen, part, whole int64, r Rounding) Yen {
	hi, lo := bits.Mul64(uint64(amount), uint64(part))                              //nolint:gosec // not negative
	q, rest := bits.Div64(hi, lo, uint64(whole))                                    //nolint:gosec // not negative
	if up := r == Up && rest > 0 || r == HalfUp && rest >= uint64(whole)-rest; up { //nolint:gosec // not negative
		q++
	}
	return Yen(q) //nolint:gosec // at most the amount
}

// split divides an amount in proportion to the weights, by largest remainder:
// the parts add up to the amount, and none is more than a yen from its exact
// share. Of equal remainders the first comes first. The sum of the weights is
// not zero.
func split(amount Yen, weights []Yen) []Yen {
	var whole, given Yen
	for _, w := range weights {
		whole += w
	}
	parts, rests := make([]Yen, len(weights)), make([]uint64, len(weights))
	order := make([]int, len(weights))
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(amount), uint64(w)) //nolint:gosec // not negative
		q, rest := bits.Div64(hi, lo, uint64(whole))
		parts[i], rests[i], order[i] = Yen(q), rest, i //nolint:gosec // at most the amount
		given += parts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if rests[a] > rests[b] {
			return -1
		}
		if rests[a] < rests[b] {
			return 1
		}
		return 0
	})
	for _, i := range order {
		if given == amount {
			break
		}
		parts[i]++
		given++
	}
	return parts
}

// Taxes are the rates that were, are and will be, oldest first, and the ways
// of the shop.
type Taxes struct {
	Excluded bool
	Rounding Rounding
	Changes  []TaxChange // after JapanTax
}

// TaxChange is a law that changes the rates from a calendar day on.
type TaxChange struct {
	From     Day
	Standard int64
	Reduced  int64
}

// At is the tax at a moment. A tax changes at midnight, whenever the shop's
// own day begins.
func (t Taxes) At(now time.Time, zone *time.Location) Tax {
	today := Day(now.In(zone).Format(time.DateOnly))
	tax := JapanTax()
	tax.Excluded = t.Excluded
	if t.Rounding != "" {
		tax.Rounding = t.Rounding
	}
	for _, c := range t.Changes {
		if c.From <= today {
			tax.Standard, tax.Reduced = c.Standard, c.Reduced
		}
	}
	return tax
}

// RateTotal is what was sold at one rate.
type RateTotal struct {
	Rate    Rate  `json:"rate"`
	Percent int64 `json:"percent"`
	Off     Yen   `json:"off,omitempty"` // its part of what was taken off the whole order
	Total   Yen   `json:"total"`         // tax included
	Tax     Yen   `json:"tax"`           // the tax inside Total
}

// Totals are the sums of an order.
type Totals struct {
	Goods Yen         `json:"goods"`         // the lines as they are priced, before what is taken off the whole order
	Off   Yen         `json:"off,omitempty"` // that
	Total Yen         `json:"total"`         // what the customer pays, tax included
	Count int64       `json:"count"`         // pieces
	Rates []RateTotal `json:"rates"`         // only rates that occur, in the order of Rates
}
