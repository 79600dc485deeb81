package pos_test

import (
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.jp/reji/pos"
)

// What accountants' examples come to, prices without tax and with it.
func TestOrder_taxVectors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		excluded bool
		rounding pos.Rounding
		rate     pos.Rate
		prices   []pos.Yen
		tax      pos.Yen
	}{
		"excluded 8 % down":                     {true, pos.Down, pos.Reduced, []pos.Yen{27_060}, 2_164},
		"excluded 10 % down":                    {true, pos.Down, pos.Standard, []pos.Yen{28_158}, 2_815},
		"included 8 % down":                     {false, pos.Down, pos.Reduced, []pos.Yen{29_223}, 2_164},
		"included 10 % down":                    {false, pos.Down, pos.Standard, []pos.Yen{30_972}, 2_815},
		"excluded 10 % down, three lines":       {true, pos.Down, pos.Standard, []pos.Yen{105, 105, 105}, 31},
		"included 10 % down, two lines":         {false, pos.Down, pos.Standard, []pos.Yen{13_582, 13_582}, 2_469},
		"included 10 % half up, two lines":      {false, pos.HalfUp, pos.Standard, []pos.Yen{13_582, 13_582}, 2_469},
		"included 8 % down, ten lines":          {false, pos.Down, pos.Reduced, []pos.Yen{98, 98, 98, 98, 98, 98, 98, 98, 98, 98}, 72},
		"excluded 10 % half up, half a yen":     {true, pos.HalfUp, pos.Standard, []pos.Yen{105}, 11},
		"excluded 10 % up, a tenth of a yen":    {true, pos.Up, pos.Standard, []pos.Yen{101}, 11},
		"excluded 10 % down, nine tenths":       {true, pos.Down, pos.Standard, []pos.Yen{109}, 10},
		"included 8 % up, nothing to round":     {false, pos.Up, pos.Reduced, []pos.Yen{108}, 8},
		"excluded exempt":                       {true, pos.Up, pos.Exempt, []pos.Yen{1_000}, 0},
		"included 10 %, the largest amount":     {false, pos.Down, pos.Standard, []pos.Yen{pos.MaxYen}, 9_090_909_090},
		"included 8 % half up, less than a yen": {false, pos.HalfUp, pos.Reduced, []pos.Yen{1}, 0},
	} {
		o := pos.NewOrder()
		o.Tax.Excluded, o.Tax.Rounding = c.excluded, c.rounding
		var sum pos.Yen
		for _, p := range c.prices {
			o.Lines = append(o.Lines, pos.Line{Unit: p, Quantity: 1, Rate: c.rate})
			sum += p
		}
		if c.excluded {
			sum += c.tax
		}
		got, err := o.Totals()
		if err != nil || got.Rates[0].Tax != c.tax || got.Total != sum || got.Rates[0].Total != sum {
			t.Errorf("%s: %+v, %v; want %d of tax in %d", name, got, err, c.tax, sum)
		}
	}
}

func TestOrder_discountIsSplitOverTheRates(t *testing.T) {
	t.Parallel()
	o := pos.NewOrder(
		pos.Line{Unit: 3_300, Quantity: 1, Rate: pos.Standard}, pos.Line{Unit: 2_160, Quantity: 1, Rate: pos.Reduced},
	)
	o, err := o.Discounted(pos.Discount{Yen: 1_000})
	if err != nil {
		t.Fatal(err)
	}
	got, err := o.Totals()
	if err != nil {
		t.Fatal(err)
	}
	s, r := got.Rates[0], got.Rates[1]
	if got.Total != 4_460 || got.Off != 1_000 || s.Total != 2_696 || s.Tax != 245 || r.Total != 1_764 || r.Tax != 130 || s.Off != 604 || r.Off != 396 {
		t.Errorf("%+v", got)
	}
}

func TestOrder_eatIn(t *testing.T) {
	t.Parallel()
	o := pos.NewOrder(pos.Line{Unit: 540, Quantity: 2, Rate: pos.Reduced}, pos.Line{Unit: 1_000, Quantity: 1, Rate: pos.Exempt})
	o.EatIn = true
	got, err := o.Totals()
	if err != nil || len(got.Rates) != 2 || got.Rates[0].Rate != pos.Standard || got.Rates[0].Tax != 98 || got.Rates[1].Rate != pos.Exempt {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTaxes_changeAtMidnightOfTheirDay(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("JST", 9*60*60)
	taxes := pos.Taxes{Rounding: pos.HalfUp, Changes: []pos.TaxChange{{From: "2027-04-01", Standard: 10}}}
	for at, reduced := range map[string]int64{"2027-03-31T23:59:59+09:00": 8, "2027-04-01T00:00:00+09:00": 0, "2027-03-31T15:00:00Z": 0} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := taxes.At(now, zone); got.Reduced != reduced || got.Standard != 10 || got.Rounding != pos.HalfUp {
			t.Errorf("%s: %+v", at, got)
		}
	}
}

func anyDiscount(t *rapid.T, label string) pos.Discount {
	switch rapid.IntRange(0, 3).Draw(t, label) {
	case 0:
		return pos.Discount{Yen: pos.Yen(rapid.Int64Range(0, 5_000).Draw(t, label+" yen"))}
	case 1:
		return pos.Discount{Percent: rapid.Int64Range(0, 100).Draw(t, label+" percent")}
	}
	return pos.Discount{}
}

// Any order adds up as an accountant with exact fractions has it.
func TestOrder_totalsAreExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := pos.NewOrder()
		o.Tax = pos.Tax{
			Standard: rapid.SampledFrom([]int64{10, 12, 5}).Draw(t, "standard"), Reduced: rapid.SampledFrom([]int64{8, 0}).Draw(t, "reduced"),
			Excluded: rapid.Bool().Draw(t, "excluded"),
			Rounding: rapid.SampledFrom([]pos.Rounding{pos.Down, pos.HalfUp, pos.Up}).Draw(t, "rounding"),
		}
		o.EatIn, o.Off = rapid.Bool().Draw(t, "eat in"), anyDiscount(t, "off")
		for range rapid.IntRange(1, 12).Draw(t, "lines") {
			l := pos.Line{
				Unit: pos.Yen(rapid.Int64Range(1, 99_999).Draw(t, "unit")), Quantity: rapid.Int64Range(1, 99).Draw(t, "quantity"),
				Rate: rapid.SampledFrom(pos.Rates()).Draw(t, "rate"), Off: anyDiscount(t, "line off"),
			}
			if rapid.IntRange(0, 9).Draw(t, "void") == 0 {
				l.Void = "mistake"
			}
			o.Lines = append(o.Lines, l)
		}
		got, err := o.Totals()
		if err != nil {
			t.Fatal(err)
		}
		checkTotals(t, o, got)
	})
}

// checkTotals reckons with exact fractions what an order comes to, in another
// way than the till does.
func checkTotals(t *rapid.T, o pos.Order, got pos.Totals) {
	ratio := func(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }
	floor := func(x *big.Rat) int64 { return new(big.Int).Quo(x.Num(), x.Denom()).Int64() }
	off := func(d pos.Discount, of int64) int64 {
		if d.Percent > 0 {
			return floor(new(big.Rat).Mul(ratio(of), big.NewRat(d.Percent, 100)))
		}
		return min(int64(d.Yen), of)
	}
	sold, goods, count := map[pos.Rate]int64{}, int64(0), int64(0)
	for _, l := range o.Lines {
		if l.Void != "" {
			continue
		}
		price := int64(l.Unit) * l.Quantity
		price -= off(l.Off, price)
		rate := l.Rate
		if o.EatIn && rate == pos.Reduced {
			rate = pos.Standard
		}
		sold[rate] += price
		goods += price
		count += l.Quantity
	}
	taken := off(o.Off, goods)
	if int64(got.Goods) != goods || int64(got.Off) != taken || got.Count != count {
		t.Fatalf("goods %d, off %d, %d pieces; want %d, %d, %d", got.Goods, got.Off, got.Count, goods, taken, count)
	}
	var total, parts int64
	for _, r := range got.Rates {
		if r.Off < 0 || int64(r.Off) > sold[r.Rate] {
			t.Fatalf("%d of %d is taken off at %s", r.Off, sold[r.Rate], r.Rate)
		}
		if goods > 0 {
			exact := new(big.Rat).Mul(ratio(taken), big.NewRat(sold[r.Rate], goods))
			if d := new(big.Rat).Sub(exact, ratio(int64(r.Off))); d.Abs(d).Cmp(ratio(1)) >= 0 {
				t.Fatalf("%d is taken off at %s, exactly it is %s", r.Off, r.Rate, exact.FloatString(3))
			}
		}
		base := sold[r.Rate] - int64(r.Off)
		percent := map[pos.Rate]int64{pos.Standard: o.Tax.Standard, pos.Reduced: o.Tax.Reduced}[r.Rate]
		exact := new(big.Rat).Mul(ratio(base), big.NewRat(percent, 100))
		if !o.Tax.Excluded {
			exact = new(big.Rat).Mul(ratio(base), big.NewRat(percent, 100+percent))
		}
		tax := floor(exact)
		rest := new(big.Rat).Sub(exact, ratio(tax))
		if o.Tax.Rounding == pos.Up && rest.Sign() > 0 || o.Tax.Rounding == pos.HalfUp && rest.Cmp(big.NewRat(1, 2)) >= 0 {
			tax++
		}
		want := base
		if o.Tax.Excluded {
			want += tax
		}
		if int64(r.Tax) != tax || int64(r.Total) != want || r.Percent != percent {
			t.Fatalf("%+v; want %d of tax in %d", r, tax, want)
		}
		delete(sold, r.Rate)
		total += want
		parts += int64(r.Off)
	}
	if int64(got.Total) != total || parts != taken || len(sold) != 0 {
		t.Fatalf("total %d, %d taken off in parts; want %d, %d; left out %v", got.Total, parts, total, taken, sold)
	}
}
