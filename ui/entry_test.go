package ui

import (
	"testing"

	"example.jp/reji/pos"
)

func TestSale_taxThatChangedMeanwhileIsSaidBeforeTheCharge(t *testing.T) {
	t.Parallel()
	f := charging()
	charge := f.charge
	f.charge = func(o pos.Order) (pos.Sale, error) {
		if o.Tax != f.Tax() {
			return pos.Sale{}, pos.ErrTax
		}
		return charge(o)
	}
	inTill(t, "ja", f, func(l *testTill) {
		l.text("001")
		l.press("enter")
		f.tax = pos.Tax{Standard: 10, Reduced: 0, Rounding: pos.HalfUp}
		l.press("f9")
		l.sees(entryJa().TaxChanged)
		if got := l.order().Tax; got != f.tax {
			l.Errorf("the order is taxed by %+v", got)
		}
		l.press("f9")
		onTop[payment](l)
	})
}

func TestSale_ordersAreTaxedAsTheRegisterSays(t *testing.T) {
	t.Parallel()
	f := charging()
	f.tax = pos.Tax{Standard: 10, Excluded: true, Rounding: pos.Up}
	inTill(t, "ja", f, func(l *testTill) {
		if got := l.order().Tax; got != f.tax {
			l.Errorf("the first order is taxed by %+v", got)
		}
		l.send(homeMsg{}, resumeMsg{order: pos.NewOrder(salmon(1))})
		if got := l.order().Tax; got != f.tax {
			l.Errorf("an order that came back is taxed by %+v", got)
		}
	})
}
