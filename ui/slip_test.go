package ui

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.jp/reji/pos"
)

// returnedSale is a sale of ¥1,280 of which first goods were given back, and
// then a part by amount.
func returnedSale() pos.Sale {
	return with(saleOf(pos.Paid), func(a *pos.Attempt) {
		a.Modifications = []pos.Modification{
			{
				ID: a.ID + "-r1", Way: pos.WayRefund, Amount: 420, State: pos.Carried, AskedAt: noon.Add(time.Minute), DoneAt: noon.Add(2 * time.Minute),
				Reason: "broken", Goods: []pos.Goods{{Line: 0, Quantity: 1}},
			},
			{ID: a.ID + "-r2", Way: pos.WayRefund, Amount: 100, State: pos.Accepted, AskedAt: noon.Add(time.Hour)},
		}
	})
}

// undone is a sale that was cancelled.
func undone() pos.Sale {
	return with(saleOf(pos.Cancelled), func(a *pos.Attempt) {
		a.Modifications = []pos.Modification{{ID: a.ID + "-x1", Way: pos.WayCancel, Amount: a.Taken, State: pos.Carried, AskedAt: noon, DoneAt: noon}}
	})
}

// letGo is a hold that was reverted.
func letGo() pos.Sale {
	return with(saleOf(pos.Reverted), func(a *pos.Attempt) {
		a.Modifications = []pos.Modification{{ID: a.ID + "-r1", Way: pos.WayRevert, Amount: a.Amount, State: pos.Carried, AskedAt: noon, DoneAt: noon}}
	})
}

func TestSlip_golden(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		e := testEnv(t, lang, &fake{})
		for _, c := range []struct {
			name  string
			sale  pos.Sale
			which int
			mode  Mode
			width int
		}{
			{"goods-40", returnedSale(), 0, Production, 40},
			{"amount-32", returnedSale(), 1, Production, 32},
			{"cancel-40", undone(), 0, Production, 40},
			{"release-40", letGo(), 0, Production, 40},
			{"training-40", returnedSale(), 0, Training, 40},
		} {
			t.Run(c.name+"-"+lang, func(t *testing.T) {
				t.Parallel()
				shop := e.shop
				shop.Mode = c.mode
				a := c.sale.Last()
				golden(t, "Slip/"+c.name+"-"+lang, c.width, 80, strings.Join(slip(e.words, shop, c.sale, a, a.Modifications[c.which], c.width), "\n"))
			})
		}
	}
}

func TestSlip_saysTheSameWhenItIsPrintedAgain(t *testing.T) {
	t.Parallel()
	e := testEnv(t, "ja", &fake{})
	s := returnedSale()
	before := s.Last()
	before.Modifications = before.Modifications[:1]
	first := slip(e.words, e.shop, s, before, before.Modifications[0], 40)
	again := slip(e.words, e.shop, s, s.Last(), s.Last().Modifications[0], 40)
	if a, b := strings.Join(first, "\n"), strings.Join(again, "\n"); a != b {
		t.Errorf("first\n%s\nand then\n%s", a, b)
	}
	for _, want := range []string{"¥420", "¥860", "R1-20261123-000123-abc-1-r1", "02345678901234567890", "000123", "カフェラテ"} {
		if text := strings.Join(again, "\n"); !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if text := strings.Join(slip(e.words, e.shop, s, s.Last(), s.Last().Modifications[1], 40), "\n"); !strings.Contains(text, "¥760") {
		t.Errorf("not what is left after the second:\n%s", text)
	}
}

func TestHasSlip_onlyWhatPayPayGivesBack(t *testing.T) {
	t.Parallel()
	for _, w := range []pos.Way{pos.WayRefund, pos.WayCancel, pos.WayRevert, pos.WayCapture, pos.WayDelete} {
		for _, p := range []pos.Progress{pos.Asked, pos.Accepted, pos.Consenting, pos.Carried, pos.Denied} {
			want := (p == pos.Accepted || p == pos.Carried) && w != pos.WayCapture && w != pos.WayDelete
			if got := hasSlip(pos.Modification{Way: w, State: p}); got != want {
				t.Errorf("%s %s: %v", w, p, got)
			}
		}
	}
}

// Of a hold another amount may be taken than the goods cost.
func TestReceipt_saysWhatWasTakenOfAHold(t *testing.T) {
	t.Parallel()
	for taken, want := range map[pos.Yen][]string{
		1000: {"¥1,000", "-¥280", "仮押さえのあとで"},
		1500: {"¥1,500", "+¥220", "仮押さえのあとで"},
	} {
		e := testEnv(t, "ja", &fake{})
		s := with(saleOf(pos.Paid), func(a *pos.Attempt) { a.Hold, a.Taken = true, taken })
		text := strings.Join(receipt(e.words, e.shop, s, s.Last(), 40), "\n")
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("no %q in\n%s", w, text)
			}
		}
	}
	e := testEnv(t, "ja", &fake{})
	s := saleOf(pos.Paid)
	if text := strings.Join(receipt(e.words, e.shop, s, s.Last(), 40), "\n"); strings.Contains(text, "合計との差") {
		t.Errorf("nothing differs in\n%s", text)
	}
}

func TestSlip_neverWiderThanItsPaper(t *testing.T) {
	t.Parallel()
	e := testEnv(t, "en", &fake{})
	rapid.Check(t, func(t *rapid.T) {
		s := returnedSale()
		s.Order.Lines[0].NameEn = rapid.String().Draw(t, "name")
		a := s.Last()
		m := a.Modifications[0]
		m.ID, m.Amount = rapid.String().Draw(t, "id"), pos.Yen(rapid.Int64Range(1, int64(pos.MaxYen)).Draw(t, "amount"))
		m.Goods = []pos.Goods{{Line: rapid.IntRange(-2, 5).Draw(t, "line"), Quantity: rapid.Int64Range(-1, 9999).Draw(t, "quantity")}}
		width := rapid.IntRange(-5, 60).Draw(t, "width")
		for _, l := range slip(e.words, e.shop, s, a, m, width) {
			if w := cells(l); w > max(width, receiptLeast) || strings.ContainsAny(l, "\n\x1b") {
				t.Fatalf("%d cells in %d: %q", w, width, l)
			}
		}
	})
}
