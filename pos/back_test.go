package pos_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"example.jp/reji/pos"
)

// soldAt is a sale of ¥1,100 at 10 % and ¥2,160 at 8 %.
func soldAt(t *testing.T) pos.Sale {
	t.Helper()
	o := pos.NewOrder(
		pos.Line{Unit: 550, Quantity: 2, Rate: pos.Standard},
		pos.Line{Unit: 1080, Quantity: 2, Rate: pos.Reduced},
	)
	totals, err := o.Totals()
	if err != nil {
		t.Fatal(err)
	}
	return pos.Sale{Order: o, Totals: totals}
}

func TestReturnedAt(t *testing.T) {
	t.Parallel()
	standard := func(total, tax pos.Yen) pos.RateTotal {
		return pos.RateTotal{Rate: pos.Standard, Percent: 10, Total: total, Tax: tax}
	}
	reduced := func(total, tax pos.Yen) pos.RateTotal {
		return pos.RateTotal{Rate: pos.Reduced, Percent: 8, Total: total, Tax: tax}
	}
	refund := func(amount pos.Yen, goods ...pos.Goods) pos.Modification {
		return pos.Modification{Way: pos.WayRefund, State: pos.Carried, Amount: amount, Goods: goods}
	}
	for name, c := range map[string]struct {
		all  []pos.Modification
		want []pos.RateTotal // of the last
	}{
		"one piece of the goods at 8 %":      {[]pos.Modification{refund(1080, pos.Goods{Line: 1, Quantity: 1})}, []pos.RateTotal{reduced(1080, 80)}},
		"an amount is of all rates":          {[]pos.Modification{refund(1630)}, []pos.RateTotal{standard(550, 50), reduced(1080, 80)}},
		"goods, and something beside":        {[]pos.Modification{refund(1000, pos.Goods{Line: 0, Quantity: 1})}, []pos.RateTotal{standard(641, 58), reduced(359, 26)}},
		"goods for less than they are worth": {[]pos.Modification{refund(100, pos.Goods{Line: 0, Quantity: 1})}, []pos.RateTotal{standard(100, 9)}},
		"all, after a part": {
			[]pos.Modification{refund(1080, pos.Goods{Line: 1, Quantity: 1}), refund(2180)},
			[]pos.RateTotal{standard(1100, 100), reduced(1080, 80)},
		},
		"what was denied gave nothing": {
			[]pos.Modification{{ID: "denied", Way: pos.WayRefund, State: pos.Denied, Amount: 1100, Goods: []pos.Goods{{Line: 0, Quantity: 2}}}, refund(550, pos.Goods{Line: 0, Quantity: 1})},
			[]pos.RateTotal{standard(550, 50)},
		},
		"a cancel gives all": {
			[]pos.Modification{{Way: pos.WayCancel, State: pos.Carried, Amount: 3260}},
			[]pos.RateTotal{standard(1100, 100), reduced(2160, 160)},
		},
		"letting go gives nothing back": {[]pos.Modification{{Way: pos.WayRevert, State: pos.Carried, Amount: 3260}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := soldAt(t)
			last := len(c.all) - 1
			c.all[last].ID = "last"
			a := pos.Attempt{State: pos.Paid, Taken: s.Totals.Total, Modifications: c.all}
			if d := cmp.Diff(c.want, s.ReturnedAt(a, "last")); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

// Whatever comes back in whatever parts, in the end it is what was paid at each
// rate, to the yen, and its tax.
func TestReturnedAt_addsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := pos.NewOrder()
		o.Tax.Excluded, o.Off = rapid.Bool().Draw(t, "excluded"), anyDiscount(t, "off")
		o.Tax.Rounding = rapid.SampledFrom([]pos.Rounding{pos.Down, pos.HalfUp, pos.Up}).Draw(t, "rounding")
		for range rapid.IntRange(1, 5).Draw(t, "lines") {
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
		a := pos.Attempt{State: pos.Paid, Taken: totals.Total}
		if rapid.Bool().Draw(t, "another amount was taken") {
			a.Taken = pos.Yen(rapid.Int64Range(1, 2*int64(totals.Total)+1).Draw(t, "taken"))
		}
		paid := map[pos.Rate]pos.RateTotal{}
		var whole pos.Yen
		for _, r := range s.RatesOf(a.Taken) {
			r.Off = 0
			paid[r.Rate] = r
			whole += r.Total
		}
		if totals.Total > 0 && whole != a.Taken {
			t.Fatalf("the rates come to %d, and %d was taken", whole, a.Taken)
		}
		pieces := make([]int64, len(o.Lines))
		for i, l := range o.Lines {
			pieces[i] = l.Quantity
		}
		for n := range 6 {
			left := a.Taken - sumOf(a.Modifications)
			if left == 0 || totals.Total == 0 {
				break
			}
			m := pos.Modification{ID: string(rune('a' + n)), Way: pos.WayRefund, State: pos.Carried, Amount: left}
			if n < 5 {
				m.Amount = pos.Yen(rapid.Int64Range(1, int64(left)).Draw(t, "amount"))
			}
			if i := rapid.IntRange(0, len(pieces)-1).Draw(t, "line"); pieces[i] > 0 && rapid.Bool().Draw(t, "goods") {
				m.Goods = []pos.Goods{{Line: i, Quantity: rapid.Int64Range(1, pieces[i]).Draw(t, "pieces")}}
				pieces[i] -= m.Goods[0].Quantity
			}
			a.Modifications = append(a.Modifications, m)
		}
		for _, m := range a.Modifications {
			var sum pos.Yen
			for _, r := range s.ReturnedAt(a, m.ID) {
				if r.Total <= 0 || r.Tax < 0 || r.Tax > r.Total {
					t.Fatalf("%+v came back", r)
				}
				sum += r.Total
				p := paid[r.Rate]
				p.Total -= r.Total
				p.Tax -= r.Tax
				paid[r.Rate] = p
			}
			if sum != m.Amount {
				t.Fatalf("at the rates %d came back, and %d in all", sum, m.Amount)
			}
		}
		if sumOf(a.Modifications) == a.Taken {
			for r, left := range paid {
				if left.Total != 0 || left.Tax != 0 {
					t.Fatalf("of %s are left %+v", r, left)
				}
			}
		}
	})
}

func sumOf(all []pos.Modification) (sum pos.Yen) {
	for _, m := range all {
		sum += m.Amount
	}
	return sum
}
