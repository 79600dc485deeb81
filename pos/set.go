package pos

import (
	"errors"
	"fmt"
	"math"
)

// Part says of a line that it was sold as a part of a set. The zero Part is of
// none.
type Part struct {
	Set    int    `json:"set"`            // which of the order's sets, from 1
	Name   string `json:"name,omitempty"` // of the set
	Off    Yen    `json:"off"`            // what one set is cheaper by
	Lines  int    `json:"lines"`          // how many lines the set has
	Pieces int64  `json:"pieces"`         // how many of this line's goods are in one set
}

// AddSet puts so many sets on the order: goods that are sold together, each set
// for so much less, and returns the index of the last line. The lines are those
// of one set. Each bears its part of what is taken off, in proportion to its
// price, by largest remainder: the parts add up to it exactly, so that the tax
// of each rate is right. With something off each gets a line of its own, because
// a line's discount is the whole line's, and its Part: a set is cheaper only
// while it is whole.
func (o Order) AddSet(name string, off Yen, sets int64, lines ...Line) (Order, int, error) {
	if sets < 1 || sets > MaxQuantity {
		return o, -1, fmt.Errorf("%d sets: %w", sets, ErrQuantity)
	}
	next, i := o, -1
	if off == 0 {
		for _, l := range lines {
			var err error
			l.Quantity *= sets
			if next, i, err = next.Add(l); err != nil {
				return o, -1, err
			}
		}
		return next, i, nil
	}
	switch {
	case len(lines) == 0:
		return o, -1, fmt.Errorf("%d off a set of nothing: %w", off, ErrDiscount)
	case len(o.Lines)+len(lines) > MaxLines:
		return o, -1, ErrTooManyLines
	}
	next = o.clone()
	part := Part{Set: 1, Name: name, Off: off, Lines: len(lines)}
	for _, l := range o.Lines {
		part.Set = max(part.Set, l.Part.Set+1)
	}
	for _, l := range lines {
		part.Pieces = l.Quantity
		l.Part = part
		l.Quantity *= sets
		next.Lines = append(next.Lines, l)
	}
	if err := errors.Join(next.divide(part.Set), next.check()); err != nil {
		return o, -1, err
	}
	return next, len(next.Lines) - 1, nil
}

// WholeSets is how many of one of the order's sets are whole: none when one of
// its lines is gone or was taken back.
func (o Order) WholeSets(set int) int64 {
	parts := o.parts(set)
	if len(parts) == 0 || len(parts) != parts[0].Part.Lines {
		return 0
	}
	n := int64(math.MaxInt64)
	for _, l := range parts {
		if l.Void != "" || l.Part.Pieces < 1 {
			return 0
		}
		n = min(n, l.Quantity/l.Part.Pieces)
	}
	return n
}

// parts are the lines of one of the order's sets.
func (o Order) parts(set int) []*Line {
	var parts []*Line
	for i := range o.Lines {
		if l := &o.Lines[i]; set > 0 && l.Part.Set == set {
			parts = append(parts, l)
		}
	}
	return parts
}

// divide gives each line of a set its part of what the whole ones are cheaper
// by. The order is the caller's own.
func (o Order) divide(set int) error {
	parts, n := o.parts(set), o.WholeSets(set)
	var off, whole Yen
	var weights []Yen
	for _, l := range parts {
		price, err := l.Unit.Times(l.Part.Pieces * n)
		if err == nil {
			whole, err = whole.Add(price)
		}
		if err == nil {
			off, err = l.Part.Off.Times(n)
		}
		if err != nil || n > 0 && price < 1 {
			return fmt.Errorf("set with a line of %d: %w", price, ErrAmount)
		}
		weights = append(weights, price)
	}
	if off < 0 || off > whole {
		return fmt.Errorf("%d off a set of %d: %w", off, whole, ErrDiscount)
	}
	for _, l := range parts {
		l.Off = Discount{}
	}
	if n == 0 || len(parts) == 0 {
		return nil
	}
	for i, part := range split(off, weights) {
		parts[i].Off = Discount{Yen: part, Why: parts[i].Part.Name}
	}
	return nil
}

// settle makes a line's set right after the line was another. With another
// price, or a discount of its own, it is the set's no more, and the set none.
func (o Order) settle(i int, was Line) error {
	l := &o.Lines[i]
	if l.Unit == was.Unit && l.Off == was.Off {
		return o.divide(was.Part.Set)
	}
	for _, part := range o.parts(was.Part.Set) {
		if part != l || l.Off == was.Off {
			part.Off = Discount{}
		}
		part.Part = Part{}
	}
	return nil
}
