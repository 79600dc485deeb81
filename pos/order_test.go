package pos_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"example.jp/reji/pos"
)

func line(code string, unit pos.Yen, quantity int64, rate pos.Rate) pos.Line {
	return pos.Line{Code: code, Name: code, Unit: unit, Quantity: quantity, Rate: rate}
}

func TestOrder_totals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines []pos.Line
		want  pos.Totals
	}{
		"nothing": {nil, pos.Totals{}},
		"reduced alone": {
			[]pos.Line{line("", 29_223, 1, pos.Reduced)},
			pos.Totals{Goods: 29_223, Total: 29_223, Count: 1, Rates: []pos.RateTotal{{Rate: pos.Reduced, Percent: 8, Total: 29_223, Tax: 2_164}}},
		},
		"standard alone": {
			[]pos.Line{line("", 30_972, 1, pos.Standard)},
			pos.Totals{Goods: 30_972, Total: 30_972, Count: 1, Rates: []pos.RateTotal{{Rate: pos.Standard, Percent: 10, Total: 30_972, Tax: 2_815}}},
		},
		// Rounded once for the rate: line by line it would be 70.
		"ten lines of 98 at 8 %": {
			[]pos.Line{line("", 98, 10, pos.Reduced)},
			pos.Totals{Goods: 980, Total: 980, Count: 10, Rates: []pos.RateTotal{{Rate: pos.Reduced, Percent: 8, Total: 980, Tax: 72}}},
		},
		"two lines of 13,582 at 10 %": {
			[]pos.Line{line("", 13_582, 1, pos.Standard), line("", 13_582, 1, pos.Standard)},
			pos.Totals{Goods: 27_164, Total: 27_164, Count: 2, Rates: []pos.RateTotal{{Rate: pos.Standard, Percent: 10, Total: 27_164, Tax: 2_469}}},
		},
		"all three rates": {
			[]pos.Line{line("039", 1_000, 1, pos.Exempt), line("001", 150, 2, pos.Reduced), line("020", 3, 1, pos.Standard)},
			pos.Totals{Goods: 1_303, Total: 1_303, Count: 4, Rates: []pos.RateTotal{
				{Rate: pos.Standard, Percent: 10, Total: 3, Tax: 0}, {Rate: pos.Reduced, Percent: 8, Total: 300, Tax: 22}, {Rate: pos.Exempt, Total: 1_000},
			}},
		},
	} {
		got, err := pos.NewOrder(c.lines...).Totals()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: -want +got\n%s", name, d)
		}
	}
}

func TestOrder_sameItemGoesOnItsLine(t *testing.T) {
	t.Parallel()
	o := pos.NewOrder()
	add := func(l pos.Line) int {
		t.Helper()
		next, i, err := o.Add(l)
		if err != nil {
			t.Fatal(err)
		}
		o = next
		return i
	}
	if i := add(line("001", 150, 1, pos.Reduced)); i != 0 {
		t.Errorf("first item is on line %d", i)
	}
	add(line("", 300, 1, pos.Standard))
	if i := add(line("001", 150, 2, pos.Reduced)); i != 0 {
		t.Errorf("the same item is on line %d, not the one it has", i)
	}
	add(line("", 300, 1, pos.Standard))
	add(line("001", 140, 1, pos.Reduced)) // another price is another line
	want := []pos.Line{
		line("001", 150, 3, pos.Reduced), line("", 300, 1, pos.Standard), line("", 300, 1, pos.Standard), line("001", 140, 1, pos.Reduced),
	}
	if d := cmp.Diff(want, o.Lines); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

func TestOrder_refuses(t *testing.T) {
	t.Parallel()
	full := pos.NewOrder()
	for range pos.MaxLines {
		full.Lines = append(full.Lines, line("", 1, 1, pos.Standard))
	}
	for name, c := range map[string]struct {
		order pos.Order
		line  pos.Line
		want  error
	}{
		"nothing of it":     {pos.NewOrder(), line("001", 150, 0, pos.Reduced), pos.ErrQuantity},
		"less than nothing": {pos.NewOrder(), line("001", 150, -1, pos.Reduced), pos.ErrQuantity},
		"ten thousand":      {pos.NewOrder(line("001", 150, 9_999, pos.Reduced)), line("001", 150, 1, pos.Reduced), pos.ErrQuantity},
		"free":              {pos.NewOrder(), line("001", 0, 1, pos.Reduced), pos.ErrAmount},
		"negative":          {pos.NewOrder(), line("001", -150, 1, pos.Reduced), pos.ErrAmount},
		"too dear":          {pos.NewOrder(), line("001", pos.MaxYen, 2, pos.Reduced), pos.ErrAmount},
		"too dear together": {pos.NewOrder(line("", pos.MaxYen, 1, pos.Standard)), line("", 1, 1, pos.Reduced), pos.ErrAmount},
		"no rate":           {pos.NewOrder(), line("001", 150, 1, "luxury"), pos.ErrRate},
		"full":              {full, line("", 1, 1, pos.Standard), pos.ErrTooManyLines},
	} {
		before := pos.NewOrder(c.order.Lines...).Lines
		got, _, err := c.order.Add(c.line)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if d := cmp.Diff(before, got.Lines); d != "" {
			t.Errorf("%s: the refused line changed the order\n%s", name, d)
		}
	}
	if _, err := pos.NewOrder().Remove(0); !errors.Is(err, pos.ErrNoLine) {
		t.Errorf("removing from an empty order: %v", err)
	}
}

// Whatever is done to an order, its totals are the sum of its lines, the rates
// add up to the total, and the order it was made from is as it was.
func TestOrder_alwaysAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := pos.NewOrder()
		for range rapid.IntRange(0, 30).Draw(t, "steps") {
			before := pos.NewOrder(o.Lines...).Lines
			var next pos.Order
			var err error
			if len(o.Lines) == 0 || rapid.Bool().Draw(t, "add") {
				next, _, err = o.Add(pos.Line{
					Code:     rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "code"),
					Unit:     pos.Yen(rapid.OneOf(rapid.Int64Range(1, 5_000), rapid.Int64()).Draw(t, "unit")),
					Quantity: rapid.OneOf(rapid.Int64Range(1, 5), rapid.Int64()).Draw(t, "quantity"),
					Rate:     rapid.SampledFrom([]pos.Rate{pos.Standard, pos.Reduced, pos.Exempt, "?"}).Draw(t, "rate"),
				})
			} else {
				next, err = o.SetQuantity(rapid.IntRange(-1, len(o.Lines)).Draw(t, "line"), rapid.Int64Range(-1, 10_001).Draw(t, "n"))
			}
			if d := cmp.Diff(before, o.Lines, cmp.Transformer("none", func(l []pos.Line) []pos.Line { return append([]pos.Line{}, l...) })); d != "" {
				t.Fatalf("the earlier order changed\n%s", d)
			}
			if err == nil {
				o = next
			}
			totals, err := o.Totals()
			if err != nil {
				t.Fatalf("an order that was accepted does not add up: %v", err)
			}
			var sum, rates pos.Yen
			var count int64
			for _, l := range o.Lines {
				sum += l.Unit * pos.Yen(l.Quantity)
				count += l.Quantity
			}
			for _, r := range totals.Rates {
				rates += r.Total
				percent := o.Tax.Percent(r.Rate)
				net := r.Total - r.Tax
				// The tax inside is the largest whole one that the rate gives.
				if int64(r.Tax)*(100+percent) > int64(r.Total)*percent || int64(r.Tax+1)*(100+percent) <= int64(r.Total)*percent || net < 0 {
					t.Fatalf("tax %d inside %d at %d %%", r.Tax, r.Total, percent)
				}
			}
			if totals.Total != sum || rates != sum || totals.Count != count {
				t.Fatalf("totals %+v of lines that come to %d yen, %d pieces", totals, sum, count)
			}
		}
	})
}

func TestOrder_goodsLeaveOutWhatWasTakenBack(t *testing.T) {
	t.Parallel()
	o := pos.Order{Lines: []pos.Line{
		{Name: "latte", Unit: 420, Quantity: 2}, {Name: "dorayaki", Unit: 220, Quantity: 1, Void: "typed wrong"}, {Unit: 100, Quantity: 1},
	}}
	if got, want := o.Goods(), "latte x2, ¥100"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := len(o.Lines); got != 3 {
		t.Errorf("%d lines are left of the order", got)
	}
}
