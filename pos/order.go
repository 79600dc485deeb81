package pos

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
)

// Limits of an order. They are far above what a counter sells at once, and
// low enough that a held key or a runaway scanner cannot fill the memory.
const (
	MaxLines    = 200
	MaxQuantity = 9_999
)

// Line is one line of an order.
type Line struct {
	Code     string `json:"code,omitempty"` // item code; empty when only a price was typed
	Name     string `json:"name,omitempty"` // empty when only a price was typed
	NameEn   string `json:"nameEn,omitempty"`
	Unit     Yen    `json:"unit"` // price of one, tax included
	Quantity int64  `json:"quantity"`
	Rate     Rate   `json:"rate"`
}

// Total is the line's price, or ErrAmount when it is too large.
func (l Line) Total() (Yen, error) { return l.Unit.Times(l.Quantity) }

// Order is what the customer is buying now. It is a value: each change gives
// a new order and leaves the old one as it was.
type Order struct {
	ID    string `json:"id"` // made by NewOrder; charging the same order twice makes one sale
	Lines []Line `json:"lines"`
}

// NewOrder is an empty order, or one with the lines of an earlier one.
func NewOrder(lines ...Line) Order {
	return Order{ID: strings.ToLower(rand.Text()), Lines: slices.Clone(lines)}
}

// Add puts an item on the order and returns the index of its line. The same
// item at the same price goes onto the line it already has; a bare price gets
// a line of its own each time.
func (o Order) Add(l Line) (Order, int, error) {
	i := -1
	if l.Code != "" {
		i = slices.IndexFunc(o.Lines, func(m Line) bool {
			return m.Code == l.Code && m.Unit == l.Unit && m.Rate == l.Rate
		})
	}
	next := o.clone()
	if i >= 0 {
		next.Lines[i].Quantity += l.Quantity
	} else {
		if len(o.Lines) >= MaxLines {
			return o, -1, ErrTooManyLines
		}
		i = len(next.Lines)
		next.Lines = append(next.Lines, l)
	}
	if err := next.check(); err != nil {
		return o, -1, err
	}
	return next, i, nil
}

// SetQuantity gives a line another quantity; zero takes the line out.
func (o Order) SetQuantity(i int, n int64) (Order, error) {
	if i < 0 || i >= len(o.Lines) {
		return o, ErrNoLine
	}
	next := o.clone()
	if n == 0 {
		next.Lines = slices.Delete(next.Lines, i, i+1)
		return next, nil
	}
	next.Lines[i].Quantity = n
	if err := next.check(); err != nil {
		return o, err
	}
	return next, nil
}

// Remove takes a line out.
func (o Order) Remove(i int) (Order, error) { return o.SetQuantity(i, 0) }

// Totals adds the order up: tax-inclusive totals for each rate, and the tax
// inside each, rounded down once per rate.
func (o Order) Totals() (Totals, error) {
	var t Totals
	byRate := map[Rate]Yen{}
	for _, l := range o.Lines {
		line, err := l.Total()
		if err != nil {
			return Totals{}, err
		}
		if byRate[l.Rate], err = byRate[l.Rate].Add(line); err != nil {
			return Totals{}, err
		}
		if t.Total, err = t.Total.Add(line); err != nil {
			return Totals{}, err
		}
		t.Count += l.Quantity
	}
	for _, r := range Rates() {
		total, sold := byRate[r]
		if !sold {
			continue
		}
		percent, err := r.Percent()
		if err != nil {
			return Totals{}, err
		}
		t.Rates = append(t.Rates, RateTotal{Rate: r, Total: total, Tax: includedTax(total, percent)})
	}
	return t, nil
}

func (o Order) clone() Order {
	return Order{ID: o.ID, Lines: slices.Clone(o.Lines)}
}

func (o Order) check() error {
	for _, l := range o.Lines {
		if l.Quantity < 1 || l.Quantity > MaxQuantity {
			return fmt.Errorf("quantity %d: %w", l.Quantity, ErrQuantity)
		}
		if l.Unit < 1 {
			return fmt.Errorf("price %d: %w", l.Unit, ErrAmount)
		}
		if _, err := l.Rate.Percent(); err != nil {
			return err
		}
	}
	_, err := o.Totals()
	return err
}
