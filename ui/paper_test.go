package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"example.jp/reji/pos"
	"example.jp/reji/ui/escpos"
	"example.jp/reji/ui/escpos/emulator"
)

// tNumber is a registration number whose check digit is right.
const tNumber = "T7000012050002"

// saleOfOrder is a paid sale of an order.
func saleOfOrder(o pos.Order) pos.Sale {
	s := saleOf(pos.Paid)
	totals, err := o.Totals()
	if err != nil {
		panic(err)
	}
	s.Order, s.Totals = o, totals
	return with(s, func(a *pos.Attempt) { a.Amount, a.Taken = totals.Total, totals.Total })
}

// discounted is a sale with everything that a receipt has to show: three rates,
// several pieces, something taken off a line and off the whole, a line that was
// taken back, and characters that printers draw wider than terminals.
func discounted() pos.Sale {
	s := longSale()
	o := s.Order
	o.Lines[1].Off = pos.Discount{Percent: 10}
	o.Lines = append(o.Lines,
		pos.Line{Code: "960", Name: "コーラ×6 ①", NameEn: "cola ×6 ①", Unit: 980, Quantity: 1, Rate: pos.Reduced, Off: pos.Discount{Yen: 80}},
		pos.Line{Code: "970", Name: "取り消した品", NameEn: "taken back", Unit: 5000, Quantity: 1, Rate: pos.Standard, Void: "mistyped"},
	)
	o.Off = pos.Discount{Yen: 1000, Why: "opening"}
	return saleOfOrder(o)
}

// without is a sale of prices without tax, eaten in the shop.
func without() pos.Sale {
	s := saleOf(pos.Paid)
	o := s.Order
	o.Tax.Excluded, o.EatIn = true, true
	o.Lines = append(o.Lines, pos.Line{Code: "950", Name: "新聞", NameEn: "newspaper", Unit: 150, Quantity: 1, Rate: pos.Exempt})
	return saleOfOrder(o)
}

// untaxedFood is a sale after a law has made the reduced rate 0 %.
func untaxedFood() pos.Sale {
	s := discounted()
	taxes := pos.Taxes{Changes: []pos.TaxChange{{From: "2026-11-23", Standard: 10, Reduced: 0}}}
	s.Order.Tax = taxes.At(noon, tokyo)
	return saleOfOrder(s.Order)
}

// printCase is a paper that goldens and lint look at.
type printCase struct {
	name  string
	sale  pos.Sale
	paper pos.Paper
	shop  func(*Shop)
}

func printCases() []printCase {
	const attempt = "R1-20261123-000123-abc-1"
	receipt := pos.Paper{Kind: pos.ReceiptPaper, Attempt: attempt, Copy: 1}
	addressed := pos.Paper{Kind: pos.AddressedPaper, Attempt: attempt, Copy: 1, Addressee: "株式会社むーん商事", Purpose: "会議用飲食代として"}
	slip := func(n string) pos.Paper {
		return pos.Paper{Kind: pos.SlipPaper, Attempt: attempt, Modification: attempt + n, Copy: 1}
	}
	again, blank, doubt := receipt, addressed, receipt
	again.Copy, blank.Copy, blank.Addressee, blank.Purpose, doubt.Doubt = 2, 2, "", "", true
	with := func(s *Shop) { s.Invoice = tNumber }
	unregistered := func(*Shop) {}
	return []printCase{
		{"sale", discounted(), receipt, with},
		{"sale-unregistered", discounted(), receipt, unregistered},
		{"sale-without-tax", without(), receipt, with},
		{"reprint", saleOf(pos.Paid), again, with},
		{"doubt", saleOf(pos.Paid), doubt, with},
		{"addressed", saleOf(pos.Paid), addressed, with},
		{"addressed-blank", saleOf(pos.Paid), blank, with},
		{"refund-goods", returnedSale(), slip("-r1"), with},
		{"refund-amount", returnedSale(), slip("-r2"), with},
		{"refund-unregistered", returnedSale(), slip("-r1"), unregistered},
		{"cancel", undone(), slip("-x1"), with},
		{"release", letGo(), slip("-r1"), with},
		{"hold", held(), pos.Paper{Kind: pos.HoldPaper, Attempt: attempt, Copy: 1}, with},
		{"captured", takenSale(1000), receipt, with},
		{"untaxed-food", untaxedFood(), receipt, with},
		{"untaxed-refund", after(untaxedFood(), pos.Modification{
			ID: attempt + "-r1", Way: pos.WayRefund, Amount: 293, State: pos.Carried, AskedAt: noon, DoneAt: noon, Goods: []pos.Goods{{Line: 0, Quantity: 2}},
		}), slip("-r1"), with},
		{"training", saleOf(pos.Paid), receipt, func(s *Shop) { s.Mode, s.Invoice = Training, tNumber }},
		{"training-addressed", saleOf(pos.Paid), addressed, func(s *Shop) { s.Mode, s.Invoice = Training, tNumber }},
		{"training-refund", returnedSale(), slip("-r1"), func(s *Shop) { s.Mode, s.Invoice = Training, tNumber }},
	}
}

// takenSale is a sale of which another amount was taken than it cost.
func takenSale(taken pos.Yen) pos.Sale {
	return with(saleOf(pos.Paid), func(a *pos.Attempt) { a.Hold, a.Taken = true, taken })
}

func (c printCase) printer(t *testing.T, lang string, columns int) Printer {
	t.Helper()
	shop := testEnv(t, lang, &fake{}).shop
	c.shop(&shop)
	return Printer{Lang: lang, Shop: shop, Columns: columns, Drawer: true}
}

// Each paper as text, and what an emulated printer makes of its bytes: the same.
func TestPrinter_golden(t *testing.T) {
	t.Parallel()
	for _, c := range printCases() {
		for _, lang := range []string{"ja", "en"} {
			for _, columns := range []int{escpos.Columns58, escpos.Columns80} {
				name := fmt.Sprintf("%s-%d-%s", c.name, columns, lang)
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					p := c.printer(t, lang, columns)
					preview, err := p.Preview(c.sale, c.paper)
					if err != nil {
						t.Fatal(err)
					}
					goldenText(t, "Print/"+name, strings.Join(preview, "\n")+"\n")
					var out emulator.Printed
					p.Port = func(_ context.Context, data []byte) error {
						out, err = emulator.Print(columns, data)
						return err
					}
					if err := p.Print(t.Context(), c.sale, c.paper); err != nil {
						t.Fatal(err)
					}
					if d := cmp.Diff(preview, out.Text()); d != "" {
						t.Errorf("-preview +paper\n%s", d)
					}
					pulses := 0
					if c.paper.Copy == 1 && !c.paper.Doubt {
						pulses = 1
					}
					picture(t, name, columns, out)
					if out.Cuts != 1 || out.Pulses != pulses {
						t.Errorf("%d cuts, %d pulses", out.Cuts, out.Pulses)
					}
					if d := cmp.Diff([]string{string(c.sale.ID)}, out.QR); d != "" {
						t.Error(d)
					}
					if strings.HasPrefix(c.name, "addressed") && !out.Lines[0].Large {
						t.Errorf("a small heading: %+v", out.Lines[0])
					}
				})
			}
		}
	}
}

func TestPrinter_saysWhetherSomethingCameOut(t *testing.T) {
	t.Parallel()
	c := printCases()[0]
	p := c.printer(t, "ja", 32)
	for _, err := range []error{escpos.ErrNotReached, errors.New("reset")} {
		p.Port = func(context.Context, []byte) error { return err }
		got := p.Print(t.Context(), c.sale, c.paper)
		if !errors.Is(got, err) || errors.Is(got, pos.ErrNotPrinted) != errors.Is(err, escpos.ErrNotReached) {
			t.Errorf("%v: %v", err, got)
		}
	}
	for _, bad := range []pos.Paper{
		{Kind: pos.ReceiptPaper, Attempt: "none"},
		{Kind: "poster", Attempt: c.paper.Attempt},
		{Kind: pos.SlipPaper, Attempt: c.paper.Attempt, Modification: "none"},
	} {
		if err := p.Print(t.Context(), c.sale, bad); !errors.Is(err, pos.ErrNotPrinted) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// Whatever is sold to whomever, the printer prints what the preview says.
func TestPrinter_ofAnything(t *testing.T) {
	t.Parallel()
	shop := testEnv(t, "ja", &fake{}).shop
	rapid.Check(t, func(t *rapid.T) {
		shop := shop
		shop.Name, shop.Address = rapid.String().Draw(t, "shop"), rapid.String().Draw(t, "address")
		shop.Invoice = rapid.SampledFrom([]string{"", tNumber}).Draw(t, "number")
		o := pos.NewOrder()
		o.Tax.Excluded, o.EatIn = rapid.Bool().Draw(t, "excluded"), rapid.Bool().Draw(t, "eat in")
		o.Off = pos.Discount{Percent: rapid.Int64Range(0, 99).Draw(t, "off")}
		o.Lines = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) pos.Line {
			return pos.Line{
				Name: rapid.OneOf(rapid.String(), rapid.StringMatching(`[ぁ-んー①-⑳×※α-ωｱ-ﾝ \\~-]{0,40}`)).Draw(t, "name"),
				Unit: pos.Yen(rapid.Int64Range(1, 9_999_999).Draw(t, "unit")), Quantity: rapid.Int64Range(1, 999).Draw(t, "quantity"),
				Rate: rapid.SampledFrom(pos.Rates()).Draw(t, "rate"),
			}
		}), 1, 5).Draw(t, "lines")
		s := saleOfOrder(o)
		a := s.Last()
		paper := pos.Paper{
			Kind: rapid.SampledFrom([]pos.PaperKind{pos.ReceiptPaper, pos.AddressedPaper}).Draw(t, "kind"), Attempt: a.ID,
			Addressee: rapid.String().Draw(t, "to"), Purpose: rapid.String().Draw(t, "for"), Copy: rapid.IntRange(1, 3).Draw(t, "copy"),
		}
		columns := rapid.SampledFrom([]int{32, 48}).Draw(t, "columns")
		p := Printer{Lang: rapid.SampledFrom([]string{"ja", "en"}).Draw(t, "lang"), Shop: shop, Columns: columns}
		var out emulator.Printed
		p.Port = func(_ context.Context, data []byte) (err error) {
			out, err = emulator.Print(columns, data)
			return err
		}
		preview, err := p.Preview(s, paper)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Print(t.Context(), s, paper); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(preview, out.Text()); d != "" {
			t.Fatalf("-preview +paper\n%s", d)
		}
	})
}

func TestAddressee(t *testing.T) {
	t.Parallel()
	w := receiptJa()
	for name, want := range map[string]string{
		"山田": "山田 様", "山田様": "山田様", "むーん株式会社": "むーん株式会社 御中", "(株)むーん 御中": "(株)むーん 御中", "上野動物園商店": "上野動物園商店 御中",
	} {
		if got := w.addressee(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := receiptEn().addressee("Moon Ltd"); got != "To: Moon Ltd" {
		t.Error(got)
	}
}

func TestReceipt_legalWordsOnlyWithANumber(t *testing.T) {
	t.Parallel()
	for _, c := range printCases() {
		for _, number := range []string{"", "T1", tNumber, "T1000012050002"} {
			shop := testEnv(t, "ja", &fake{}).shop
			c.shop(&shop)
			shop.Invoice = number
			text, err := Printer{Lang: "ja", Shop: shop, Columns: 32}.Preview(c.sale, c.paper)
			if err != nil {
				t.Fatal(err)
			}
			all := strings.Join(text, "\n")
			// A wrong check digit is the shop's business; the form is not.
			want := len(number) == 14 && shop.Mode == Production && c.name != "release" && c.name != "hold"
			has := strings.Contains(all, "登録番号") && strings.Contains(all, "適格") && strings.Contains(all, number)
			none := !strings.Contains(all, "登録番号") && !strings.Contains(all, "適格")
			if want && !has || !want && !none {
				t.Errorf("%s with %q:\n%s", c.name, number, all)
			}
		}
	}
}
