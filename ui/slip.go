package ui

import (
	"fmt"
	"slices"

	"example.jp/reji/pos"
)

// slip is what a customer gets for money that was given back, as lines of at
// most so many cells, but receiptLeast at least. It is the paper of one
// modification of an attempt of the sale; hasSlip says whether there is one.
func slip(w *words, shop Shop, s pos.Sale, a pos.Attempt, m pos.Modification, width int) []string {
	r := newPaper(w, shop, width)
	r.slip(w.Slip, s, a, m, pos.Paper{Kind: pos.SlipPaper, Copy: 1})
	return r.screen()
}

func (r *paper) slip(w slipWords, s pos.Sale, a pos.Attempt, m pos.Modification, p pos.Paper) {
	r.words.Practice = w.Practice
	when := m.DoneAt
	if when.IsZero() {
		when = m.AskedAt
	}
	legal := r.words.Return
	if m.Way == pos.WayRevert { // nothing was sold
		legal = ""
	}
	r.practice()
	r.issuer(legal)
	r.again(p)
	r.rule()
	r.strong(w.heading(m.Way))
	r.pair(when.In(r.shop.Zone).Format(r.words.Time), fmt.Sprintf(r.words.Register, pos.Clean(r.shop.Register, 20)))
	r.rule()
	r.pair(w.Original, receiptNumber(s.Number))
	if !a.PaidAt.IsZero() {
		r.pair(w.when(m.Way), a.PaidAt.In(r.shop.Zone).Format(r.words.Time))
	}
	r.rule()
	r.returned(w, s, a, m)
	r.amount(w.amount(m.Way), yen(m.Amount))
	r.rates(s.ReturnedAt(a, m.ID), false)
	r.pair(w.Way, w.way(m.Way))
	if m.Way != pos.WayRevert {
		r.pair(w.Left, yen(leftAfter(a, m)))
	}
	r.rule()
	r.pair(r.words.PaymentID, pos.Clean(a.PaymentID, 64))
	if m.Way == pos.WayRefund {
		r.pair(w.RefundID, pos.Clean(m.ID, 64))
	}
	r.pair(r.words.OurID, pos.Clean(a.ID, 64))
	r.rule()
	r.text(w.hint(m))
	r.code(s)
	r.practice()
}

// returned is what came back: the goods at what was paid for them, tax and
// discounts reckoned in, or an amount of all of them.
func (r *paper) returned(w slipWords, s pos.Sale, a pos.Attempt, m pos.Modification) {
	if m.Way == pos.WayRevert {
		return
	}
	goods := goodsReturned(s, m)
	if len(goods) == 0 {
		r.text(w.Part)
		r.rule()
		return
	}
	r.text(w.Goods)
	var before []pos.Goods
	for _, n := range a.Modifications {
		if n.ID == m.ID {
			break
		}
		if n.State != pos.Denied {
			before = append(before, n.Goods...)
		}
	}
	var sum pos.Yen
	for _, g := range goods {
		l, price := s.Order.Lines[g.Line], "-"
		if worth, err := s.Worth([]pos.Goods{g}, before); err == nil {
			sum += worth
			price = yen(worth)
		}
		before = append(before, g)
		name := r.marked(s.Order, l)
		if g.Quantity == 1 {
			r.pair(name, price)
			continue
		}
		r.text(name)
		r.pair("  x "+digits(g.Quantity), price)
	}
	if d := m.Amount - sum; d != 0 {
		sign := "+"
		if d < 0 {
			sign, d = "-", -d
		}
		r.pair(w.Adjusted, sign+yen(d))
	}
	r.rule()
}

// hasSlip reports whether a customer gets a slip for a modification: PayPay has
// given the money back, or has said that it will.
func hasSlip(m pos.Modification) bool {
	gives := m.Way == pos.WayRefund || m.Way == pos.WayCancel || m.Way == pos.WayRevert
	return gives && (m.State == pos.Accepted || m.State == pos.Carried)
}

// goodsReturned are the goods that came back with a modification, when that was
// said. With a cancel it is all of them.
func goodsReturned(s pos.Sale, m pos.Modification) []pos.Goods {
	var goods []pos.Goods
	if m.Way == pos.WayCancel && len(m.Goods) == 0 {
		for i, l := range s.Order.Lines {
			goods = append(goods, pos.Goods{Line: i, Quantity: l.Quantity})
		}
	}
	return slices.DeleteFunc(append(goods, m.Goods...), func(g pos.Goods) bool {
		return g.Line < 0 || g.Line >= len(s.Order.Lines) || g.Quantity <= 0 || s.Order.Lines[g.Line].Void != ""
	})
}

// leftAfter is how much the shop still has of an attempt after a modification:
// a slip that is printed again later says the same.
func leftAfter(a pos.Attempt, m pos.Modification) pos.Yen {
	if m.Way == pos.WayCancel {
		return 0
	}
	i := slices.IndexFunc(a.Modifications, func(n pos.Modification) bool { return n.ID == m.ID })
	a.Modifications = a.Modifications[:i+1]
	return a.Kept()
}

type slipWords struct {
	Key      string
	Practice string // with the mode

	Refund, Cancel, Revert                   string // what the paper is
	Original, PaidOn, HeldOn                 string
	Goods, Part, Adjusted                    string
	Amount, Released                         string
	Way, WayRefund, WayCancel, WayRevert     string
	Left                                     string
	RefundID                                 string
	HintSoon, HintDone, HintCancel, HintFree string
}

func (w slipWords) heading(y pos.Way) string {
	switch y {
	case pos.WayCancel:
		return w.Cancel
	case pos.WayRevert:
		return w.Revert
	case pos.WayRefund, pos.WayDelete, pos.WayCapture:
	}
	return w.Refund
}

func (w slipWords) when(y pos.Way) string {
	if y == pos.WayRevert {
		return w.HeldOn
	}
	return w.PaidOn
}

func (w slipWords) amount(y pos.Way) string {
	if y == pos.WayRevert {
		return w.Released
	}
	return w.Amount
}

func (w slipWords) way(y pos.Way) string {
	switch y {
	case pos.WayCancel:
		return w.WayCancel
	case pos.WayRevert:
		return w.WayRevert
	case pos.WayRefund, pos.WayDelete, pos.WayCapture:
	}
	return w.WayRefund
}

// hint is what the customer can expect to see.
func (w slipWords) hint(m pos.Modification) string {
	switch {
	case m.Way == pos.WayRevert:
		return w.HintFree
	case m.Way == pos.WayCancel:
		return w.HintCancel
	case m.State == pos.Carried:
		return w.HintDone
	}
	return w.HintSoon
}

func slipJa() slipWords {
	return slipWords{
		Key: "返金票", Practice: "%s: 返金なし",
		Refund: "返 金 票", Cancel: "取 消 票", Revert: "仮 押 さ え 解 除 票",
		Original: "元のレシート番号", PaidOn: "お支払い", HeldOn: "仮押さえ",
		Goods: "返品された商品(税込)", Part: "ご購入代金の一部の返金", Adjusted: "返金額の調整",
		Amount: "返金額", Released: "解除した額",
		Way: "方法", WayRefund: "PayPayへ返金", WayCancel: "PayPayの支払い取消", WayRevert: "仮押さえの解除",
		Left:       "返金後のお支払い額",
		RefundID:   "返金番号",
		HintSoon:   "PayPayが返金を受け付けました。反映まで時間がかかることがあります。",
		HintDone:   "お支払いに使われた方法へ返金しました。PayPayアプリの取引履歴でご確認ください。",
		HintCancel: "お支払いを取り消しました。PayPayアプリの取引履歴でご確認ください。",
		HintFree:   "代金はいただいていません。PayPayアプリの取引履歴でご確認ください。",
	}
}

func slipEn() slipWords {
	return slipWords{
		Key: "refund slip", Practice: "%s: nothing was refunded",
		Refund: "REFUND", Cancel: "PAYMENT CANCELLED", Revert: "HOLD RELEASED",
		Original: "Receipt", PaidOn: "Paid", HeldOn: "Held",
		Goods: "Goods returned, with tax", Part: "A part of what was paid", Adjusted: "Adjustment",
		Amount: "Given back", Released: "Released",
		Way: "How", WayRefund: "refund to PayPay", WayCancel: "payment cancelled", WayRevert: "hold released",
		Left:       "Still paid after this",
		RefundID:   "Refund",
		HintSoon:   "PayPay has accepted the refund. It may take a while to arrive.",
		HintDone:   "Refunded to the means of payment that was used. See the history in the PayPay app.",
		HintCancel: "The payment was cancelled. See the history in the PayPay app.",
		HintFree:   "Nothing was charged. See the history in the PayPay app.",
	}
}
