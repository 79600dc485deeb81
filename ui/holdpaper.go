package ui

import (
	"cmp"
	"fmt"
	"time"

	"example.jp/reji/pos"
)

// held writes what a customer gets for an amount that PayPay holds. It is no
// receipt and no invoice, because nothing has been paid: it has neither tax nor
// prices nor the shop's registration number, and says so. What it says stays
// true after the amount was taken, because it may be printed only then.
func (r *paper) held(w holdPaperWords, s pos.Sale, a pos.Attempt, p pos.Paper) {
	r.practice()
	r.issuer("")
	r.again(p)
	r.rule()
	r.strong(w.Title)
	r.pair(heldSince(a).In(r.shop.Zone).Format(r.words.Time), fmt.Sprintf(r.words.Register, pos.Clean(r.shop.Register, 20)))
	r.pair(w.Number, receiptNumber(s.Number))
	r.rule()
	for _, l := range s.Order.Sold() {
		r.pair(r.common.itemName(l), "x "+digits(l.Quantity))
	}
	r.rule()
	r.amount(w.Amount, yen(heldAmount(a)))
	if !a.HoldEnds.IsZero() {
		r.pair(w.Until, a.HoldEnds.In(r.shop.Zone).Format(r.words.Time))
	}
	r.rule()
	r.pair(r.words.PaymentID, pos.Clean(a.PaymentID, 64))
	r.pair(r.words.OurID, pos.Clean(a.ID, 64))
	r.rule()
	r.text(w.NotPaid)
	r.text(w.NoReceipt)
	r.code(s)
	r.practice()
}

// heldSince is when an amount was held, and once it was taken when it was asked
// for.
func heldSince(a pos.Attempt) time.Time {
	if a.State == pos.Held && !a.PaidAt.IsZero() {
		return a.PaidAt
	}
	return a.RequestedAt
}

// heldAmount is what is held of an attempt, or was.
func heldAmount(a pos.Attempt) pos.Yen { return cmp.Or(a.OnHold, a.Amount) }

type holdPaperWords struct {
	Title, Number, Amount, Until, NotPaid, NoReceipt string
}

func holdPaperJa() holdPaperWords {
	return holdPaperWords{
		Title: "仮 押 さ え 控 え", Number: "受付番号", Amount: "仮押さえ額", Until: "期限",
		NotPaid:   "仮押さえの時点では、代金をいただいていません。",
		NoReceipt: "この控えは領収書・請求書ではありません。お支払いの確定後にレシートをお渡しします。",
	}
}

func holdPaperEn() holdPaperWords {
	return holdPaperWords{
		Title: "AMOUNT HELD", Number: "Number", Amount: "Held", Until: "Until",
		NotPaid:   "Nothing was paid when this was held.",
		NoReceipt: "This is neither a receipt nor an invoice. A receipt follows when the payment is settled.",
	}
}
