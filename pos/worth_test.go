package pos_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"example.jp/reji/pos"
)

// However goods come back, all of them are worth what was paid.
func TestSale_worthAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := pos.NewOrder()
		o.Tax.Excluded, o.Off = rapid.Bool().Draw(t, "excluded"), anyDiscount(t, "off")
		for range rapid.IntRange(1, 6).Draw(t, "lines") {
			o.Lines = append(o.Lines, pos.Line{
				Unit: pos.Yen(rapid.Int64Range(1, 5_000).Draw(t, "unit")), Quantity: rapid.Int64Range(1, 5).Draw(t, "quantity"),
				Rate: rapid.SampledFrom(pos.Rates()).Draw(t, "rate"), Off: anyDiscount(t, "line off"),
			})
		}
		totals, err := o.Totals()
		if err != nil {
			t.Fatal(err)
		}
		s := pos.Sale{Order: o, Totals: totals}
		left := make([]int64, len(o.Lines))
		for i, l := range o.Lines {
			left[i] = l.Quantity
		}
		var back []pos.Goods
		var sum pos.Yen
		for i := range left {
			for left[i] > 0 {
				n := rapid.Int64Range(1, left[i]).Draw(t, "back")
				worth, err := s.Worth([]pos.Goods{{Line: i, Quantity: n}}, back)
				if err != nil || worth < 0 {
					t.Fatalf("%d of line %d: %d, %v", n, i, worth, err)
				}
				left[i] -= n
				back = append(back, pos.Goods{Line: i, Quantity: n})
				sum += worth
			}
		}
		if sum != totals.Total {
			t.Fatalf("what came back in parts is worth %d, and %d was paid", sum, totals.Total)
		}
		if _, err := s.Worth([]pos.Goods{{Line: 0, Quantity: 1}}, back); !errors.Is(err, pos.ErrQuantity) {
			t.Fatalf("one more came back: %v", err)
		}
	})
}
