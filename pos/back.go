package pos

import "slices"

// RatesOf is what the shop took for the sale at each rate, tax included, and
// the tax inside. It is Totals.Rates, unless another amount was taken than the
// goods cost, as of a hold: then the difference is divided over the rates by
// largest remainder, and the tax of each is rounded once.
func (s Sale) RatesOf(taken Yen) []RateTotal {
	if taken == s.Totals.Total || s.Totals.Total <= 0 || taken < 0 {
		return slices.Clone(s.Totals.Rates)
	}
	rates := slices.Clone(s.Totals.Rates)
	for i, part := range split(taken, totalsOf(rates)) {
		r := &rates[i]
		r.Total, r.Tax = part, share(part, r.Percent, 100+r.Percent, s.Order.Tax.rounding())
	}
	return rates
}

// ReturnedAt is what a modification of the attempt gave back at each rate of
// the sale, tax included, and the tax inside: what the goods that came back
// were worth, and for an amount without goods a part of every rate, by largest
// remainder. All returns of a payment add up to what was paid at each rate, and
// to its tax. Rates of which nothing came back are left out; nil is for a
// modification that gave no money back.
func (s Sale) ReturnedAt(a Attempt, modification string) []RateTotal {
	paid := s.RatesOf(a.Taken)
	back := make([]Yen, len(paid)) // before the modification, at each rate
	var goods []Goods
	for _, m := range a.Modifications {
		gives := (m.Way == WayRefund || m.Way == WayCancel) && (m.State == Accepted || m.State == Carried)
		if !gives {
			if m.State != Denied {
				goods = append(goods, m.Goods...)
			}
			continue
		}
		parts := s.returned(m, paid, back, goods)
		if m.ID == modification {
			return returnedRates(paid, back, parts)
		}
		for i, p := range parts {
			back[i] += p
		}
		goods = append(goods, m.Goods...)
	}
	return nil
}

// returned divides the amount of a modification over the rates.
func (s Sale) returned(m Modification, paid []RateTotal, back []Yen, before []Goods) []Yen {
	parts, rest := make([]Yen, len(paid)), m.Amount
	for i, r := range paid {
		worth := s.worthAt(r.Rate, m.Goods, before)
		parts[i] = min(worth, rest, r.Total-back[i])
		rest -= parts[i]
	}
	left := make([]Yen, len(paid))
	var all Yen
	for i, r := range paid {
		left[i] = max(r.Total-back[i]-parts[i], 0)
		all += left[i]
	}
	if all == 0 {
		return parts
	}
	for i, p := range split(min(rest, all), left) {
		parts[i] += p
	}
	return parts
}

// worthAt is what goods of one rate are worth that come back; nothing when
// more would come back than was sold.
func (s Sale) worthAt(r Rate, goods, before []Goods) Yen {
	goods = slices.DeleteFunc(slices.Clone(goods), func(g Goods) bool {
		return g.Line < 0 || g.Line >= len(s.Order.Lines) || s.Order.Rate(s.Order.Lines[g.Line]) != r
	})
	worth, err := s.Worth(goods, before)
	if err != nil {
		return 0
	}
	return worth
}

// returnedRates are the parts with the tax inside each: the tax on all that has
// come back so far, less what was said before, so that in the end it is exactly
// the tax that was paid.
func returnedRates(paid []RateTotal, back, parts []Yen) []RateTotal {
	var rates []RateTotal
	for i, r := range paid {
		if parts[i] == 0 {
			continue
		}
		inside := func(back Yen) Yen { return share(back, int64(r.Tax), int64(r.Total), Down) }
		tax := inside(back[i]+parts[i]) - inside(back[i])
		rates = append(rates, RateTotal{Rate: r.Rate, Percent: r.Percent, Total: parts[i], Tax: tax})
	}
	return rates
}

func totalsOf(rates []RateTotal) []Yen {
	all := make([]Yen, len(rates))
	for i, r := range rates {
		all[i] = r.Total
	}
	return all
}

// rounding is the way to round, of an order from before it was kept as well.
func (t Tax) rounding() Rounding {
	if t.Rounding == "" {
		return Down
	}
	return t.Rounding
}
