package ui

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"example.jp/reji/pos"
	"example.jp/reji/ui/escpos"
)

// The width of receipts in columns on the screen, and the least that the
// longest label needs, which is what paper of 58 mm takes.
const (
	receiptWidth = 40
	receiptLeast = 32
)

// receipt is what a customer gets for a payment, as lines of at most so many
// cells, but receiptLeast at least. Only a receipt of the production mode
// stands for money; every other says so at its top and at its end.
func receipt(w *words, shop Shop, s pos.Sale, a pos.Attempt, width int) []string {
	r := newPaper(w, shop, width)
	r.receipt(s, a, pos.Paper{Kind: pos.ReceiptPaper, Copy: 1})
	return r.screen()
}

// receiptNumber is a receipt's number as it is printed and shown.
func receiptNumber(n int64) string { return fmt.Sprintf("%06d", n) }

// paper is a receipt that is being written.
type paper struct {
	words    receiptWords
	common   commonWords
	shop     Shop
	width    int
	forPaper bool // it is for a printer, which draws some characters wider than a terminal
	plain    bool // nothing is of twice the size: it is only looked at
	lines    []escpos.Line
}

func newPaper(w *words, shop Shop, width int) *paper {
	return &paper{words: w.Receipt, common: w.Common, shop: shop, width: max(width, receiptLeast)}
}

// receipt writes the receipt for what an attempt brought, or the 領収書 with an
// addressee. Both list the goods, so that either is a simplified qualified
// invoice of its own; and both say that PayPay paid, because a receipt for cash
// would need a revenue stamp.
func (r *paper) receipt(s pos.Sale, a pos.Attempt, p pos.Paper) {
	r.practice()
	if p.Kind == pos.AddressedPaper {
		r.addressed(a, p)
	}
	r.issuer(r.words.Invoice)
	r.again(p)
	r.rule()
	r.pair(a.PaidAt.In(r.shop.Zone).Format(r.words.Time), fmt.Sprintf(r.words.Register, pos.Clean(r.shop.Register, 20)))
	r.pair(r.words.Number, receiptNumber(s.Number))
	r.rule()
	for _, l := range s.Order.Lines {
		r.item(s.Order, l)
	}
	if s.Order.EatIn {
		r.text(r.words.EatIn)
	}
	r.rule()
	r.totals(s, a.Taken)
	r.rule()
	r.pair(r.words.PaidBy, yen(a.Taken))
	r.pair(r.words.PaymentID, pos.Clean(a.PaymentID, 64))
	r.pair(r.words.OurID, pos.Clean(a.ID, 64))
	r.rule()
	r.centre(r.words.Thanks)
	r.code(s)
	r.practice()
}

// addressed is the head of a 領収書. An addressee that was not named is written
// by hand.
func (r *paper) addressed(a pos.Attempt, p pos.Paper) {
	heading := r.words.Addressed
	if r.shop.Mode != Production {
		heading += " (" + r.common.mode(r.shop.Mode) + ")"
	}
	r.large(heading)
	name := pos.Clean(p.Addressee, 60)
	if name == "" {
		name = strings.Repeat("_", r.width/2)
	}
	r.text(r.words.addressee(name))
	r.large(fmt.Sprintf(r.words.Sum, yen(a.Taken)))
	purpose := pos.Clean(p.Purpose, 60)
	if purpose == "" {
		purpose = r.words.Goods
	}
	r.text(fmt.Sprintf(r.words.Purpose, purpose))
	r.text(r.words.Received)
	if back := a.Returned(); back > 0 {
		r.pair(r.words.Back, yen(back))
	}
	r.rule()
}

// addressee is a name as it is addressed: as it is when that is polite already,
// and as a company when it is called one.
func (w receiptWords) addressee(name string) string {
	polite := []string{"様", "御中", "殿", "先生"}
	companies := []string{"会社", "(株)", "(有)", "（株）", "（有）", "㈱", "㈲", "法人", "組合", "銀行", "大学", "学校", "病院", "事務所", "商店", "協会", "役所"}
	has := func(all []string, in func(string, string) bool) bool {
		return slices.ContainsFunc(all, func(s string) bool { return in(name, s) })
	}
	switch {
	case has(polite, strings.HasSuffix):
		return fmt.Sprintf(w.To, name)
	case has(companies, strings.Contains):
		return fmt.Sprintf(w.Company, name)
	}
	return fmt.Sprintf(w.Mister, name)
}

func (r *paper) practice() {
	if r.shop.Mode == Production {
		return
	}
	text := fmt.Sprintf(r.words.Practice, r.common.mode(r.shop.Mode))
	for _, l := range wrap(r.fold(text), r.width-4) {
		r.lines = append(r.lines, escpos.Line{Text: "**" + middle(l, r.width-4) + "**", Bold: true})
	}
}

// qualified reports whether the shop issues qualified invoices. Practice is
// none, whoever practises. A number with a wrong check digit is the shop's
// business: it was told at the start.
func (s Shop) qualified() bool {
	err := pos.CheckInvoiceNumber(s.Invoice)
	return s.Mode == Production && (err == nil || errors.Is(err, pos.ErrCheckDigit))
}

// issuer is who gives the paper, and what the law calls it when the shop is
// registered. A shop without a number must not look as if it had one.
func (r *paper) issuer(legal string) {
	for _, text := range []string{r.shop.Name, r.shop.Address} {
		if text != "" {
			r.centre(pos.Clean(text, 100))
		}
	}
	if r.shop.Phone != "" {
		r.centre(fmt.Sprintf(r.words.Phone, pos.Clean(r.shop.Phone, 30)))
	}
	if r.shop.qualified() && legal != "" {
		r.centre(fmt.Sprintf(r.words.Registered, r.shop.Invoice))
		r.centre(legal)
	}
}

// again says that a paper is not the first of its kind, or perhaps not.
func (r *paper) again(p pos.Paper) {
	if p.Copy > 1 {
		r.strong(fmt.Sprintf(r.words.Again, digits(int64(p.Copy))))
	}
	if p.Doubt {
		r.text(r.words.Doubt)
	}
}

// item is one line of the order. What was taken back is left out.
func (r *paper) item(o pos.Order, l pos.Line) {
	if l.Void != "" {
		return
	}
	price, off := "-", pos.Yen(0) // an order that cannot be added up is never charged
	if whole, err := l.Unit.Times(l.Quantity); err == nil {
		if total, err := l.Total(); err == nil {
			price, off = yen(whole), whole-total
		}
	}
	name := r.marked(o, l)
	if l.Quantity == 1 {
		r.pair(name, price)
	} else {
		r.text(name)
		r.pair(fmt.Sprintf("  %s x %s", yen(l.Unit), digits(l.Quantity)), price)
	}
	if off > 0 {
		r.pair("  "+r.words.off(l.Off), "-"+yen(off))
	}
}

// marked is a line's name, with the mark of the reduced rate.
//
// The mark is an asterisk, on paper as on the screen. The law leaves the sign to
// the shop and asks for a legend. The usual ※ is one column wide on some
// terminals and two on others, so that it is cut or pushes the price away; on
// paper it is two columns, and only there in a printer's Japanese font.
func (r *paper) marked(o pos.Order, l pos.Line) string {
	name := r.common.itemName(l)
	if o.Rate(l) == pos.Reduced {
		name += " " + r.common.ReducedMark
	}
	return name
}

func (r *paper) totals(s pos.Sale, taken pos.Yen) {
	t := s.Totals
	if t.Off > 0 {
		r.pair(r.words.Subtotal, yen(t.Goods))
		r.pair(r.words.off(s.Order.Off), "-"+yen(t.Off))
		for _, rate := range t.Rates {
			if rate.Off > 0 {
				r.pair("  "+r.words.rate(rate, ""), "-"+yen(rate.Off))
			}
		}
	}
	r.amount(r.words.Total.of(t.Count), yen(t.Total))
	if d := taken - t.Total; d != 0 { // of a hold less was taken, or more
		sign := "+"
		if d < 0 {
			sign, d = "-", -d
		}
		r.pair(r.words.Differs, sign+yen(d))
		r.text(r.words.Captured)
	}
	r.rates(s.RatesOf(taken), s.Order.Tax.Excluded && taken == t.Total)
	if s.Order.Tax.Excluded {
		r.text(r.words.Excluded)
	}
}

// rates are total and tax of each rate, with the legend of the mark. Total and
// tax are apart where prices are without tax.
func (r *paper) rates(all []pos.RateTotal, apart bool) {
	for _, t := range all {
		if t.Rate == pos.Exempt {
			r.pair(r.words.Exempt, yen(t.Total))
			continue
		}
		if apart {
			r.pair(r.words.rate(t, r.words.Without), yen(t.Total-t.Tax))
			r.pair("  "+r.words.TaxApart, yen(t.Tax))
			continue
		}
		r.pair(r.words.rate(t, r.words.With), yen(t.Total))
		r.right(fmt.Sprintf(r.words.TaxInside, yen(t.Tax)))
	}
	for _, t := range all {
		if t.Rate == pos.Reduced {
			r.text(fmt.Sprintf(r.words.Legend, t.Percent))
		}
	}
}

// code is a code of the sale's id for the scanner, on paper, with room around
// it: next to ink scanners do not find it.
func (r *paper) code(s pos.Sale) {
	if !r.forPaper {
		return
	}
	r.lines = append(r.lines, escpos.Line{}, escpos.Line{QR: pos.Clean(string(s.ID), 64)})
	if r.shop.Mode != Production {
		r.add("")
	}
}

// fold makes the width of a text on the screen that on paper.
func (r *paper) fold(s string) string {
	if !r.forPaper {
		return s
	}
	return escpos.Fold(s, func(c rune) bool { return cells(string(c)) < 2 })
}

func (r *paper) add(text string) { r.lines = append(r.lines, escpos.Line{Text: text}) }

// rule is a line across the paper. That of practice says so, so that no piece
// that is torn off can be taken for a receipt.
func (r *paper) rule() {
	if r.shop.Mode == Production {
		r.lines = append(r.lines, escpos.Line{Rule: true})
		return
	}
	word := "- " + r.fold(r.common.mode(r.shop.Mode)) + " "
	n := r.width / cells(word)
	r.add(strings.Repeat(word, n) + strings.Repeat("-", r.width-n*cells(word)))
}

func (r *paper) text(text string) {
	for _, l := range wrap(r.fold(text), r.width) {
		r.add(strings.TrimRight(l, " "))
	}
}

func (r *paper) centre(text string) {
	for _, l := range wrap(r.fold(text), r.width) {
		r.add(strings.TrimRight(middle(l, r.width), " "))
	}
}

func (r *paper) strong(text string) {
	from := len(r.lines)
	r.centre(text)
	for i := range r.lines[from:] {
		r.lines[from+i].Bold = true
	}
}

// large is a text in the middle, of twice the size where there is one.
func (r *paper) large(text string) {
	half := r.width / 2
	if text = r.fold(text); !r.forPaper || r.plain || cells(text) > half {
		r.strong(text)
		return
	}
	r.lines = append(r.lines, escpos.Line{Text: strings.TrimRight(middle(text, half), " "), Large: true})
}

// amount is the sum that everybody looks for.
func (r *paper) amount(label, value string) {
	half := r.width / 2
	l, v := r.fold(label), r.fold(value)
	if r.forPaper && !r.plain && cells(l)+1+cells(v) <= half {
		r.lines = append(r.lines, escpos.Line{Text: between(l, v, half), Large: true})
		return
	}
	from := len(r.lines)
	r.pair(label, value)
	for i := range r.lines[from:] {
		r.lines[from+i].Bold = true
	}
}

func (r *paper) right(text string) { r.add(right(r.fold(text), r.width)) }

// pair is a label and its value on one line, or on several where one is too
// short for both: an amount or an id is never cut.
func (r *paper) pair(label, value string) {
	label, value = r.fold(label), r.fold(value)
	if cells(label)+1+cells(value) <= r.width {
		r.add(strings.TrimRight(between(label, value, r.width), " "))
		return
	}
	for _, l := range wrap(label, r.width) {
		r.add(l)
	}
	for _, l := range wrap(value, r.width) {
		r.add(right(l, r.width))
	}
}

// screen is the paper as lines of the screen.
func (r *paper) screen() []string {
	lines := make([]string, len(r.lines))
	for i, l := range r.lines {
		lines[i] = l.Text
		if l.Rule {
			lines[i] = strings.Repeat("─", r.width)
		}
	}
	return lines
}

type receiptWords struct {
	Practice string // with the mode
	Phone    string // with the number
	Time     string // a layout of package time
	Register string // with the register's id
	Number   string

	// What the law calls the paper of a registered shop.
	Registered string // with the number
	Invoice    string
	Return     string

	Subtotal  string
	Off       string
	Percent   string // with a percentage: of what was taken off
	Total     plural // with the pieces
	Rate      string // with the percentage, and With, Without or nothing
	With      string
	Without   string
	Exempt    string
	TaxInside string // with the tax
	TaxApart  string
	Excluded  string // prices are without tax
	Legend    string // with the percentage
	EatIn     string
	PaidBy    string
	Differs   string // what was taken of a hold is not the total
	Captured  string
	PaymentID string
	OurID     string
	Thanks    string

	Again string // with the number of the paper
	Doubt string

	// The 領収書.
	Addressed string
	Anyone    string // whom it is for when nobody is named
	To        string // with a name that is polite already
	Mister    string // with a name
	Company   string // with a name
	Sum       string // with the amount
	Purpose   string // with what it was for
	Goods     string
	Received  string
	Back      string // what has been given back since
}

// off is what was taken off, in percent where it was so.
func (w receiptWords) off(d pos.Discount) string {
	if d.Percent > 0 {
		return w.Off + fmt.Sprintf(w.Percent, d.Percent)
	}
	return w.Off
}

func (w receiptWords) rate(t pos.RateTotal, tax string) string {
	if t.Rate == pos.Exempt {
		return w.Exempt
	}
	return fmt.Sprintf(w.Rate, t.Percent, tax)
}

func receiptJa() receiptWords {
	return receiptWords{
		Practice:   "%s: 入金なし",
		Phone:      "電話 %s",
		Time:       "2006年1月2日 15:04",
		Register:   "レジ %s",
		Number:     "レシート番号",
		Registered: "登録番号 %s",
		Invoice:    "適格簡易請求書",
		Return:     "適格返還請求書",
		Subtotal:   "小計",
		Off:        "値引",
		Percent:    " %d%%",
		Total:      plural{"合計 %s点", "合計 %s点"},
		Rate:       "税率%2d%%対象%s",
		With:       "(税込)",
		Without:    "(税抜)",
		Exempt:     "非課税対象",
		TaxInside:  "(内消費税 %s)",
		TaxApart:   "消費税(外税)",
		Excluded:   "商品の価格は税抜です",
		Legend:     "* は軽減税率(%d%%)対象",
		EatIn:      "店内でのお召し上がり",
		PaidBy:     "PayPay支払い",
		Differs:    "合計との差",
		Captured:   "仮押さえのあとで確定した金額です。",
		PaymentID:  "PayPay決済番号",
		OurID:      "照会番号",
		Thanks:     "ありがとうございました",
		Again:      "再発行 %s枚目",
		Doubt:      "印刷を確かめられなかったため、もう一度印刷しました。",
		Addressed:  "領収書", Anyone: "上様", To: "%s", Mister: "%s 様", Company: "%s 御中",
		Sum: "%s-", Purpose: "但し %s", Goods: "お品代として",
		Received: "上記正に領収いたしました(PayPay)",
		Back:     "うち返金済み",
	}
}

func receiptEn() receiptWords {
	return receiptWords{
		Practice:   "%s: no money has moved",
		Phone:      "Phone %s",
		Time:       "2 January 2006 15:04",
		Register:   "Register %s",
		Number:     "Receipt",
		Registered: "Registration number %s",
		Invoice:    "Simplified qualified invoice",
		Return:     "Qualified return invoice",
		Subtotal:   "Subtotal",
		Off:        "Discount",
		Percent:    " %d%%",
		Total:      plural{"Total (%s pc)", "Total (%s pcs)"},
		Rate:       "Goods at %2d%%%s",
		With:       " with tax",
		Without:    " without tax",
		Exempt:     "Goods without tax",
		TaxInside:  "(tax included %s)",
		TaxApart:   "Tax",
		Excluded:   "Prices of goods are without tax.",
		Legend:     "* reduced tax rate (%d%%)",
		EatIn:      "Eaten here",
		PaidBy:     "Paid by PayPay",
		Differs:    "Difference to the total",
		Captured:   "The amount was settled after it had been held.",
		PaymentID:  "PayPay payment",
		OurID:      "Reference",
		Thanks:     "Thank you",
		Again:      "REISSUED, copy %s",
		Doubt:      "Printed again, because it was not certain that it had been printed.",
		Addressed:  "RECEIPT", Anyone: "Customer", To: "To: %s", Mister: "To: %s", Company: "To: %s",
		Sum: "%s", Purpose: "For: %s", Goods: "goods",
		Received: "Received by PayPay, with thanks.",
		Back:     "Given back since",
	}
}
