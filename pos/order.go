package pos

import (
	"crypto/rand"
	"errors"
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
	Code     string   `json:"code,omitempty"` // item code; empty when only a price was typed
	Name     string   `json:"name,omitempty"` // empty when only a price was typed
	NameEn   string   `json:"nameEn,omitempty"`
	Unit     Yen      `json:"unit"` // price of one, with the tax or without as the order's Tax says
	Quantity int64    `json:"quantity"`
	Rate     Rate     `json:"rate"`
	Listed   Yen      `json:"listed,omitempty"` // the item's own price, when another was set
	Why      string   `json:"why,omitempty"`    // of that
	Off      Discount `json:"off,omitzero"`
	Note     string   `json:"note,omitempty"`
	Age      int      `json:"age,omitempty"`  // in years, of the youngest who may buy it
	Void     string   `json:"void,omitempty"` // why it was taken back; it stays to be seen, and costs nothing
	Part     Part     `json:"part,omitzero"`  // of a set
}

// Discount is what is taken off a line or an order: yen, or a percentage.
type Discount struct {
	Yen     Yen    `json:"yen,omitempty"`
	Percent int64  `json:"percent,omitempty"`
	Why     string `json:"why,omitempty"`
}

// of is what the discount takes off an amount: never more than that, and of a
// percentage no part of a yen.
func (d Discount) of(amount Yen) Yen {
	if d.Percent > 0 {
		return share(amount, d.Percent, 100, Down)
	}
	return min(d.Yen, amount)
}

func (d Discount) check() error {
	if d.Yen < 0 || d.Yen > MaxYen || d.Percent < 0 || d.Percent > 100 || d.Yen > 0 && d.Percent > 0 {
		return fmt.Errorf("%d yen and %d %% off: %w", d.Yen, d.Percent, ErrDiscount)
	}
	return nil
}

// Total is the line's price after its discount, or ErrAmount when it is too
// large.
func (l Line) Total() (Yen, error) {
	if l.Void != "" {
		return 0, nil
	}
	whole, err := l.Unit.Times(l.Quantity)
	if err != nil {
		return 0, err
	}
	return whole - l.Off.of(whole), nil
}

// Order is what the customer is buying now. It is a value: each change gives
// a new order and leaves the old one as it was.
type Order struct {
	ID    string   `json:"id"` // made by NewOrder; charging the same order twice makes one sale
	Lines []Line   `json:"lines"`
	Tax   Tax      `json:"tax"`
	Off   Discount `json:"off,omitzero"`
	EatIn bool     `json:"eatIn,omitempty"` // food and drink are consumed here, at the standard rate
}

// NewOrder is an empty order, or one with the lines of an earlier one. It is
// taxed by JapanTax until its Tax is set.
func NewOrder(lines ...Line) Order {
	return Order{ID: strings.ToLower(rand.Text()), Lines: slices.Clone(lines), Tax: JapanTax()}
}

// Rate is the rate that a line of the order is taxed at.
func (o Order) Rate(l Line) Rate {
	if o.EatIn && l.Rate == Reduced {
		return Standard
	}
	return l.Rate
}

// Sold are the lines that were not taken back.
func (o Order) Sold() []Line {
	return slices.DeleteFunc(slices.Clone(o.Lines), func(l Line) bool { return l.Void != "" })
}

// Add puts an item on the order and returns the index of its line. The same
// item at the same price goes onto the line it already has; a bare price gets
// a line of its own each time.
func (o Order) Add(l Line) (Order, int, error) {
	i := -1
	if l.Code != "" {
		i = slices.IndexFunc(o.Lines, func(m Line) bool {
			n := l
			n.Quantity = m.Quantity
			return m == n
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

// Change puts another line in the place of one: with a discount, a note,
// another price, or taken back. What a set is cheaper by goes with its parts:
// it stands for as many sets as are whole, and no more once one of its lines has
// another price or a discount of its own.
func (o Order) Change(i int, change func(*Line)) (Order, error) {
	if i < 0 || i >= len(o.Lines) {
		return o, ErrNoLine
	}
	next := o.clone()
	change(&next.Lines[i])
	if err := errors.Join(next.settle(i, o.Lines[i]), next.check()); err != nil {
		return o, err
	}
	return next, nil
}

// Discounted takes something off the whole order.
func (o Order) Discounted(d Discount) (Order, error) {
	next := o.clone()
	next.Off = d
	if err := next.check(); err != nil {
		return o, err
	}
	return next, nil
}

// SetQuantity gives a line another quantity; zero takes the line out. A set is
// cheaper only for as many as are whole then.
func (o Order) SetQuantity(i int, n int64) (Order, error) {
	if i < 0 || i >= len(o.Lines) {
		return o, ErrNoLine
	}
	next := o.clone()
	if n == 0 {
		next.Lines = slices.Delete(next.Lines, i, i+1)
	} else {
		next.Lines[i].Quantity = n
	}
	if err := errors.Join(next.divide(o.Lines[i].Part.Set), next.check()); err != nil {
		return o, err
	}
	return next, nil
}

// Remove takes a line out.
func (o Order) Remove(i int) (Order, error) { return o.SetQuantity(i, 0) }

// Totals adds the order up. What is taken off the whole order is divided over
// the rates in proportion to what was sold at each, by largest remainder, and
// the tax of each rate is rounded once.
func (o Order) Totals() (Totals, error) {
	var t Totals
	byRate := map[Rate]Yen{}
	for _, l := range o.Lines {
		if l.Void != "" {
			continue
		}
		line, err := l.Total()
		if err != nil {
			return Totals{}, err
		}
		r := o.Rate(l)
		if byRate[r], err = byRate[r].Add(line); err != nil {
			return Totals{}, err
		}
		if t.Goods, err = t.Goods.Add(line); err != nil {
			return Totals{}, err
		}
		t.Count += l.Quantity
	}
	t.Off = o.Off.of(t.Goods)
	var weights []Yen
	for _, r := range Rates() {
		if _, sold := byRate[r]; sold {
			t.Rates = append(t.Rates, RateTotal{Rate: r, Percent: o.Tax.Percent(r)})
			weights = append(weights, byRate[r])
		}
	}
	if t.Off > 0 {
		for i, part := range split(t.Off, weights) {
			t.Rates[i].Off = part
		}
	}
	for i := range t.Rates {
		r := &t.Rates[i]
		r.Total, r.Tax = o.Tax.on(weights[i]-r.Off, r.Rate)
		var err error
		if t.Total, err = t.Total.Add(r.Total); err != nil {
			return Totals{}, err
		}
	}
	return t, nil
}

// equal reports whether another order says the same, also as the journal keeps it.
func (o Order) equal(p Order) bool {
	return slices.Equal(o.Lines, p.Lines) && o.Tax == p.Tax && o.Off == p.Off && o.EatIn == p.EatIn
}

func (o Order) clone() Order {
	o.Lines = slices.Clone(o.Lines)
	return o
}

func (o Order) check() error {
	for _, l := range o.Lines {
		if l.Quantity < 1 || l.Quantity > MaxQuantity {
			return fmt.Errorf("quantity %d: %w", l.Quantity, ErrQuantity)
		}
		if l.Unit < 1 {
			return fmt.Errorf("price %d: %w", l.Unit, ErrAmount)
		}
		if err := errors.Join(l.Rate.check(), l.Off.check()); err != nil {
			return err
		}
	}
	if err := errors.Join(o.Tax.check(), o.Off.check()); err != nil {
		return err
	}
	_, err := o.Totals()
	return err
}
