package ui

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.jp/reji/pos"
)

// doubling is a register with an unsettled sale of ¥150, which refuses another
// one until it is told to take it anyway.
func doubling() (*fake, *[]pos.Terms) {
	other := saleOf(pos.Live)
	other.ID, other.Number, other.Left = "R1-20261123-000122-abc", 122, true
	other.Totals.Total = 150
	f, did := inHand(other), &[]pos.Terms{}
	f.terms = func(o pos.Order, t pos.Terms) (pos.Sale, error) {
		*did = append(*did, t)
		if !t.Anyway {
			return pos.Sale{}, fmt.Errorf("sale 122: %w", pos.ErrSameAmount)
		}
		s := saleOf(pos.Requested)
		s.Order = o
		return s, nil
	}
	return f, did
}

func TestSale_sameAmountAsks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		keys []string
		want []pos.Terms
		then func(*testTill)
	}{
		{"Enter goes back to the order", []string{"f9", "enter"}, []pos.Terms{{}}, func(l *testTill) {
			onTop[sale](l)
			if len(lines(l)) != 1 {
				l.Error("the order is gone")
			}
		}},
		{"Esc too", []string{"f9", "esc"}, []pos.Terms{{}}, func(l *testTill) { onTop[sale](l) }},
		{"the other one is opened", []string{"f9", "o"}, []pos.Terms{{}}, func(l *testTill) {
			if p := onTop[payment](l); p.id() != "R1-20261123-000122-abc" {
				l.Errorf("opened %s", p.id())
			}
			l.press("esc")
			if len(lines(l)) != 1 {
				l.Error("the order is gone")
			}
		}},
		{"another customer", []string{"f9", "y"}, []pos.Terms{{}, {Anyway: true}}, func(l *testTill) { onTop[payment](l) }},
		{"another customer, held", []string{"f10", "y"}, []pos.Terms{{Hold: true}, {Hold: true, Anyway: true}}, func(l *testTill) { onTop[payment](l) }},
		{"a second F9 does not answer", []string{"f9", "f9", "f10"}, []pos.Terms{{}}, func(l *testTill) { onTop[sale](l) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, did := doubling()
			inTill(t, "ja", f, func(l *testTill) {
				l.text("001")
				l.press("enter")
				for _, k := range c.keys {
					l.press(k)
					if k == "f9" || k == "f10" {
						l.sees("000122")
						l.sees(commonJa().Waiting)
					}
					l.pass(unpressed)
				}
				c.then(l)
				if diff := cmp.Diff(c.want, *did); diff != "" {
					l.Error(diff)
				}
			})
		})
	}
}

func TestSale_sameAmountIsNotAnsweredByAScan(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"4901234567894", "yyyyyyyy", "oooooo"} {
		f, did := doubling()
		inTill(t, "ja", f, func(l *testTill) {
			l.text("001")
			l.press("enter", "f9")
			l.at(100*time.Millisecond, "y") // it is not armed yet
			l.pass(time.Second)
			l.scan(code, "enter")
			if s := l.saleScreen(); s.again == nil || len(*did) != 1 || len(l.stack) != 1 {
				l.Errorf("%s: charged %v", code, *did)
			}
		})
	}
}

func TestSale_sameAmountGolden(t *testing.T) {
	t.Parallel()
	f, _ := doubling()
	goldens(t, "Sale/same-amount", f, Production, func(e env) screen {
		s := newSale(e).put(salmon(1), "")
		return s.doubt(pos.Terms{})
	})
}

func TestSale_holdIsChargedByItsKey(t *testing.T) {
	t.Parallel()
	f := charging()
	var did []pos.Terms
	f.terms = func(_ pos.Order, t pos.Terms) (pos.Sale, error) {
		did = append(did, t)
		return saleOf(pos.Requested), nil
	}
	inTill(t, "ja", f, func(l *testTill) {
		l.press("f10")
		l.sees(saleJa().EmptyOrder)
		l.text("001")
		l.press("enter")
		l.text("480")
		l.press("f10")
		l.sees(saleJa().InputLeft)
		l.press("enter", "f10")
		if diff := cmp.Diff([]pos.Terms{{Hold: true}}, did); diff != "" {
			l.Error(diff)
		}
	})
}

// The sale of ¥1,280 was given up, and another one of that amount waits.
func TestPayment_newCodeForTheSameAmountAsks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		keys []string
		want []pos.Terms
		then func(*testTill)
	}{
		{"Enter asks for none", []string{"n", "enter"}, []pos.Terms{{}}, func(l *testTill) { onTop[payment](l) }},
		{"Esc too", []string{"n", "esc"}, []pos.Terms{{}}, func(l *testTill) { onTop[payment](l) }},
		{"nor does another n", []string{"n", "n"}, []pos.Terms{{}}, func(l *testTill) { onTop[payment](l) }},
		{"the other one is opened", []string{"n", "o"}, []pos.Terms{{}}, func(l *testTill) {
			if p := onTop[payment](l); p.id() != "R1-20261123-000122-abc" {
				l.Errorf("opened %s", p.id())
			}
		}},
		{"another customer", []string{"n", "y"}, []pos.Terms{{}, {Anyway: true}}, func(l *testTill) { onTop[payment](l) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			other := saleOf(pos.Live)
			other.ID, other.Number, other.Left = "R1-20261123-000122-abc", 122, true
			old := saleOf(pos.Closed)
			f := inHand(old)
			f.sales = append(f.sales, inHand(other).sales...)
			f.unfinished = old.ID
			var did []pos.Terms
			f.renew = func(_ pos.SaleID, t pos.Terms) error {
				did = append(did, t)
				if !t.Anyway {
					return fmt.Errorf("sale 122: %w", pos.ErrSameAmount)
				}
				return nil
			}
			inTill(t, "ja", f, func(l *testTill) {
				l.pass(unpressed)
				for _, k := range c.keys {
					l.press(k)
					l.pass(unpressed)
				}
				if diff := cmp.Diff(c.want, did); diff != "" {
					l.Errorf("-want +got\n%s\n%s", diff, l.View())
				}
				c.then(l)
			})
		})
	}
}
