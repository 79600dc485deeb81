package ui

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.jp/reji/pos"
)

// longSale has a line of every kind: of each rate, of several pieces, without
// a name, and with a name that needs two lines.
func longSale() pos.Sale {
	s := saleOf(pos.Paid)
	s.Order.Lines = []pos.Line{
		{Code: "001", Name: "おにぎり 鮭", NameEn: "onigiri salmon", Unit: 150, Quantity: 2, Rate: pos.Reduced},
		{Code: "006", Name: "カフェラテ", NameEn: "caffe latte", Unit: 420, Quantity: 1, Rate: pos.Reduced},
		{Unit: 1500, Quantity: 1, Rate: pos.Standard},
		{
			Code: "900", Name: "数量限定 北海道産小豆のどら焼き詰め合わせ 贈答用 十二個入り", NameEn: "dorayaki with beans of Hokkaido, twelve in a box, for a gift",
			Unit: 12_800, Quantity: 3, Rate: pos.Reduced,
		},
		{Code: "950", Name: "ギフト券", NameEn: "gift voucher", Unit: 1000, Quantity: 1, Rate: pos.Exempt},
	}
	totals, err := s.Order.Totals()
	if err != nil {
		panic(err)
	}
	s.Totals = totals
	s.Attempts[0].Amount, s.Attempts[0].Taken = totals.Total, totals.Total
	return s
}

func TestReceipt_golden(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		e := testEnv(t, lang, &fake{})
		for _, c := range []struct {
			name  string
			mode  Mode
			width int
		}{
			{"production-40", Production, 40},
			{"production-32", Production, 32},
			{"training-40", Training, 40},
		} {
			t.Run(c.name+"-"+lang, func(t *testing.T) {
				t.Parallel()
				shop := e.shop
				shop.Mode = c.mode
				s := longSale()
				golden(t, "Receipt/"+c.name+"-"+lang, c.width, 80, strings.Join(receipt(e.words, shop, s, s.Last(), c.width), "\n"))
			})
		}
	}
}

func TestReceipt_practiceIsMarkedAtBothEnds(t *testing.T) {
	t.Parallel()
	e := testEnv(t, "ja", &fake{})
	s := longSale()
	for _, m := range []Mode{Training, Sandbox, Staging, Production} {
		e.shop.Mode = m
		lines := receipt(e.words, e.shop, s, s.Last(), 40)
		for _, l := range []string{lines[0], lines[len(lines)-1]} {
			if marked := strings.Contains(l, e.words.Common.mode(m)+": 入金なし"); marked != (m != Production) {
				t.Errorf("%s: %q", m, l)
			}
		}
	}
}

func TestReceipt_saysWhatIsOwed(t *testing.T) {
	t.Parallel()
	e := testEnv(t, "ja", &fake{})
	s := longSale()
	text := strings.Join(receipt(e.words, e.shop, s, s.Last(), 40), "\n")
	for _, want := range []string{
		"2026年11月23日 11:59", "¥41,620", "¥1,500", "(内消費税 ¥136)", "¥39,120", "(内消費税 ¥2,897)", "¥1,000",
		"02345678901234567890", "R1-20261123-000123-abc-1", "* は軽減税率(8%)対象",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	// A shop without a registration number must not look as if it had one.
	if strings.Contains(text, "適格") || strings.Contains(text, "簡易") {
		t.Error(text)
	}
	s.Order.Lines = []pos.Line{price(500, pos.Standard)}
	s.Totals, _ = s.Order.Totals()
	if text := strings.Join(receipt(e.words, e.shop, s, s.Last(), 40), "\n"); strings.Contains(text, "軽減") {
		t.Errorf("nothing is reduced in\n%s", text)
	}
}

func TestReceipt_neverWiderThanItsPaper(t *testing.T) {
	t.Parallel()
	envs := map[string]env{}
	for _, lang := range []string{"ja", "en"} {
		envs[lang] = testEnv(t, lang, &fake{})
	}
	rapid.Check(t, func(t *rapid.T) {
		e := envs[rapid.SampledFrom([]string{"ja", "en"}).Draw(t, "lang")]
		e.shop.Name = rapid.String().Draw(t, "name")
		e.shop.Address = rapid.StringMatching(`[a-zぁ-ん千代田 0-9-]{0,120}`).Draw(t, "address")
		e.shop.Phone = rapid.StringN(0, 40, -1).Draw(t, "phone")
		e.shop.Register = rapid.StringN(0, 8, -1).Draw(t, "register")
		e.shop.Mode = rapid.SampledFrom([]Mode{Training, Production}).Draw(t, "mode")
		s := saleOf(pos.Paid)
		s.Number = rapid.Int64Range(1, 99_999_999_999).Draw(t, "number")
		s.Order.Lines = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) pos.Line {
			return pos.Line{
				Code: "1", Name: rapid.String().Draw(t, "item"), Unit: pos.Yen(rapid.Int64Range(1, int64(pos.MaxYen)).Draw(t, "unit")),
				Quantity: rapid.Int64Range(1, pos.MaxQuantity).Draw(t, "quantity"), Rate: rapid.SampledFrom(pos.Rates()).Draw(t, "rate"),
			}
		}), 1, 5).Draw(t, "lines")
		a := s.Last()
		a.PaymentID = rapid.String().Draw(t, "payment")
		width := rapid.IntRange(-5, 60).Draw(t, "width")
		for _, l := range receipt(e.words, e.shop, s, a, width) {
			if w := cells(l); w > max(width, receiptLeast) || strings.ContainsAny(l, "\n\x1b") {
				t.Fatalf("%d cells in %d: %q", w, width, l)
			}
		}
	})
}

// What no money stands behind says so on one line, on the narrowest paper too.
func TestReceipt_practiceFitsItsLine(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"ja", "en"} {
		w := newWords(lang)
		for _, m := range []Mode{Training, Sandbox, Staging} {
			r := newPaper(w, Shop{Mode: m}, receiptLeast)
			if r.practice(); len(r.lines) != 1 {
				t.Errorf("%s %s: %q", lang, m, r.screen())
			}
		}
	}
}
