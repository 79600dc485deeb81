package ui

import (
	"fmt"
	"strings"

	"example.jp/reji/pos"
)

// The width of receipts in columns: what paper of 58 mm takes, and the least
// that the longest label needs.
const (
	receiptWidth = 40
	receiptLeast = 32
)

// receipt is what a customer gets for a payment, as lines of at most so many
// cells, but receiptLeast at least. Only a receipt of the production mode
// stands for money; every other says so at its top and at its end.
func receipt(w *words, shop Shop, s pos.Sale, a pos.Attempt, width int) []string {
	r := paper{words: w.Receipt, common: w.Common, width: max(width, receiptLeast)}
	r.practice(shop.Mode)
	r.shop(shop)
	r.rule()
	r.pair(a.PaidAt.In(shop.Zone).Format(r.words.Time), fmt.Sprintf(r.words.Register, pos.Clean(shop.Register, 20)))
	r.pair(r.words.Number, receiptNumber(s.Number))
	r.rule()
	for _, l := range s.Order.Lines {
		r.item(l)
	}
	r.rule()
	r.totals(s.Totals)
	r.rule()
	r.pair(r.words.PaidBy, yen(a.Taken))
	if d := a.Taken - s.Totals.Total; d != 0 { // of a hold less was taken, or more
		sign := "+"
		if d < 0 {
			sign, d = "-", -d
		}
		r.pair(r.words.Differs, sign+yen(d))
		r.lines = append(r.lines, wrap(r.words.Captured, r.width)...)
	}
	r.pair(r.words.PaymentID, pos.Clean(a.PaymentID, 64))
	r.pair(r.words.OurID, pos.Clean(a.ID, 64))
	r.rule()
	r.centre(r.words.Thanks)
	r.practice(shop.Mode)
	return r.lines
}

// receiptNumber is a receipt's number as it is printed and shown.
func receiptNumber(n int64) string { return fmt.Sprintf("%06d", n) }

// paper is a receipt that is being written.
type paper struct {
	words  receiptWords
	common commonWords
	width  int
	lines  []string
}

func (r *paper) practice(m Mode) {
	if m == Production {
		return
	}
	text := fmt.Sprintf(r.words.Practice, r.common.mode(m))
	for _, l := range wrap(text, r.width-4) {
		r.lines = append(r.lines, "**"+middle(l, r.width-4)+"**")
	}
}

func (r *paper) shop(s Shop) {
	for _, text := range []string{s.Name, s.Address} {
		if text != "" {
			r.centre(pos.Clean(text, 100))
		}
	}
	if s.Phone != "" {
		r.centre(fmt.Sprintf(r.words.Phone, pos.Clean(s.Phone, 30)))
	}
}

func (r *paper) item(l pos.Line) {
	name := r.common.itemName(l)
	if l.Rate == pos.Reduced {
		name += " " + r.common.ReducedMark
	}
	price := "-" // an order that cannot be added up is never charged
	if total, err := l.Total(); err == nil {
		price = yen(total)
	}
	if l.Quantity == 1 {
		r.pair(name, price)
		return
	}
	for _, line := range wrap(name, r.width) {
		r.lines = append(r.lines, strings.TrimRight(line, " "))
	}
	r.pair(fmt.Sprintf("  %s x %s", yen(l.Unit), digits(l.Quantity)), price)
}

func (r *paper) totals(t pos.Totals) {
	r.pair(r.words.Total.of(t.Count), yen(t.Total))
	reduced := false
	for _, rate := range t.Rates {
		switch rate.Rate {
		case pos.Standard:
			r.pair(r.words.Standard, yen(rate.Total))
		case pos.Reduced:
			r.pair(r.words.Reduced, yen(rate.Total))
			reduced = true
		case pos.Exempt:
			r.pair(r.words.Exempt, yen(rate.Total))
			continue
		}
		r.right(fmt.Sprintf(r.words.TaxInside, yen(rate.Tax)))
	}
	if reduced {
		r.lines = append(r.lines, cut(r.words.Legend, r.width))
	}
}

func (r *paper) rule() { r.lines = append(r.lines, strings.Repeat("─", r.width)) }

func (r *paper) centre(text string) {
	for _, l := range wrap(text, r.width) {
		r.lines = append(r.lines, strings.TrimRight(middle(l, r.width), " "))
	}
}

func (r *paper) right(text string) { r.lines = append(r.lines, right(text, r.width)) }

// pair is a label and its value on one line, or on several where one is too
// short for both: an amount or an id is never cut.
func (r *paper) pair(label, value string) {
	if cells(label)+1+cells(value) <= r.width {
		r.lines = append(r.lines, between(label, value, r.width))
		return
	}
	r.lines = append(r.lines, wrap(label, r.width)...)
	for _, l := range wrap(value, r.width) {
		r.right(l)
	}
}

type receiptWords struct {
	Practice  string // with the mode
	Phone     string // with the number
	Time      string // a layout of package time
	Register  string // with the register's id
	Number    string
	Total     plural // with the pieces
	Standard  string
	Reduced   string
	Exempt    string
	TaxInside string // with the tax
	Legend    string
	PaidBy    string
	Differs   string // what was taken of a hold is not the total
	Captured  string
	PaymentID string
	OurID     string
	Thanks    string
}

func receiptJa() receiptWords {
	return receiptWords{
		Practice:  "%s: 入金なし",
		Phone:     "電話 %s",
		Time:      "2006年1月2日 15:04",
		Register:  "レジ %s",
		Number:    "レシート番号",
		Total:     plural{"合計 %s点", "合計 %s点"},
		Standard:  "税率10%対象",
		Reduced:   "税率 8%対象",
		Exempt:    "非課税対象",
		TaxInside: "(内消費税 %s)",
		Legend:    "* は軽減税率(8%)対象",
		PaidBy:    "PayPay支払い",
		Differs:   "合計との差",
		Captured:  "仮押さえのあとで確定した金額です。",
		PaymentID: "PayPay決済番号",
		OurID:     "照会番号",
		Thanks:    "ありがとうございました",
	}
}

func receiptEn() receiptWords {
	return receiptWords{
		Practice:  "%s: no money has moved",
		Phone:     "Phone %s",
		Time:      "2 January 2006 15:04",
		Register:  "Register %s",
		Number:    "Receipt",
		Total:     plural{"Total (%s pc)", "Total (%s pcs)"},
		Standard:  "Goods at 10%",
		Reduced:   "Goods at 8%",
		Exempt:    "Goods without tax",
		TaxInside: "(tax included %s)",
		Legend:    "* reduced tax rate (8%)",
		PaidBy:    "Paid by PayPay",
		Differs:   "Difference to the total",
		Captured:  "The amount was settled after it had been held.",
		PaymentID: "PayPay payment",
		OurID:     "Reference",
		Thanks:    "Thank you",
	}
}
