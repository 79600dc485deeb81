package pos

import (
	"fmt"
	"maps"
	"slices"
)

// Worth is what goods of a sale that come back are worth: what was paid for
// them, tax and discounts reckoned in. What is taken off the whole order and
// the tax are divided over the lines by largest remainder, so that all goods
// together are worth exactly what was paid, in whatever parts they come back:
// before is what has come back already; what was given back twice came back once,
// so that of a line it is no more than was sold. It is ErrQuantity when more would
// come back than that.
func (s Sale) Worth(goods, before []Goods) (Yen, error) {
	prices, err := s.linePrices()
	if err != nil {
		return 0, err
	}
	back := make([]int64, len(prices))
	for _, g := range before {
		if g.Line < 0 || g.Line >= len(back) || g.Quantity < 0 {
			return 0, fmt.Errorf("%d pieces of line %d: %w", g.Quantity, g.Line+1, ErrQuantity)
		}
		back[g.Line] += min(g.Quantity, s.Order.Lines[g.Line].Quantity-back[g.Line])
	}
	worth := func() (sum Yen) {
		for i, n := range back {
			if n > 0 {
				sum += share(prices[i], n, s.Order.Lines[i].Quantity, Down)
			}
		}
		return sum
	}
	already := worth()
	for _, g := range goods {
		if g.Line < 0 || g.Line >= len(back) || g.Quantity < 0 || g.Quantity > s.Order.Lines[g.Line].Quantity-back[g.Line] {
			return 0, fmt.Errorf("%d pieces of line %d: %w", g.Quantity, g.Line+1, ErrQuantity)
		}
		back[g.Line] += g.Quantity
	}
	return worth() - already, nil
}

// linePrices is what was paid for each line.
func (s Sale) linePrices() ([]Yen, error) {
	prices := make([]Yen, len(s.Order.Lines))
	for _, r := range s.Totals.Rates {
		var lines []int
		var weights []Yen
		var whole Yen
		for i, l := range s.Order.Lines {
			if s.Order.Rate(l) != r.Rate || l.Void != "" {
				continue
			}
			price, err := l.Total()
			if err != nil {
				return nil, err
			}
			lines, weights, whole = append(lines, i), append(weights, price), whole+price
		}
		if whole == 0 {
			continue
		}
		for n, part := range split(r.Total, weights) {
			prices[lines[n]] = part
		}
	}
	return prices, nil
}

// BroughtBack is what has come back of the sale's goods, also what PayPay is
// still being asked to give the money back for, and what a person has settled in
// another way. What it was asked for twice came
// back once.
func (a Attempt) BroughtBack() []Goods {
	var all []Goods
	for _, c := range a.claims() {
		came := map[int]int64{}
		for _, m := range c {
			if m.State == Denied && !m.Dropped {
				continue
			}
			try := map[int]int64{}
			for _, g := range m.Goods {
				try[g.Line] += g.Quantity
			}
			for line, n := range try {
				came[line] = max(came[line], n)
			}
		}
		for _, line := range slices.Sorted(maps.Keys(came)) {
			all = append(all, Goods{Line: line, Quantity: came[line]})
		}
	}
	return all
}
